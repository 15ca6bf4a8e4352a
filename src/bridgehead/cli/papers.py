"""Files that a command writes when asked: whole or not at all, refused before anything is worked out, and said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bridgehead.cli.terminal import console, print_json, say

Overwrite = Annotated[bool, typer.Option("--overwrite", help=say("覆盖已有的文件", "overwrite a file that exists"))]


def document(out: Path, made: Callable[[], bytes], overwrite: bool, json: bool, lang: str) -> None:
    """Write a Word document under a name that says it is one.

    Raises
    ------
    BridgeheadError
        ``ledger.paper_not_docx``, before anything is read; what `written` raises.
    """
    from bridgehead.kernel.errors import BridgeheadError

    if out.suffix.lower() != ".docx":
        raise BridgeheadError("ledger.paper_not_docx", {"file": str(out)})
    written(out, made, overwrite, json, lang)


def written(out: Path, made: Callable[[], bytes], overwrite: bool, json: bool, lang: str) -> None:
    """Write a file, whole or not at all, and say so.

    Raises
    ------
    BridgeheadError
        ``statute.output_exists``, before anything is read; ``statute.output_not_written``.
    """
    from bridgehead.cli.statute_files import refuse_existing, write_whole

    refuse_existing(out, overwrite=overwrite)
    content = made()
    write_whole(out, [content], overwrite=overwrite)
    if json:
        print_json({"file": str(out), "size_b": len(content)})
        return
    console().print(say(f"已写入 {out}", f"{out} written", lang), soft_wrap=True)
