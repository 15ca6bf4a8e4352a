"""``bridgehead backup``, ``restore`` and ``doctor``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bridgehead.cli.run import Stop, alone, data_folder, writable
from bridgehead.cli.terminal import (
    AsJson,
    DataFolder,
    Language,
    console,
    print_json,
    print_warning,
    say,
    start_django,
)

if TYPE_CHECKING:
    from bridgehead.ground.backup.restoring import Restored


def backup(
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help=say("备份文件；默认以日期时间命名，放在当前文件夹", "the archive; by default named by the time, here"),
            show_default=False,
        ),
    ] = None,
    json: AsJson = False,
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Write a backup while people work."""
    assert lang is not None
    Stop()
    start_django()
    from django.utils import timezone
    from rich.progress import Progress

    from bridgehead.ground import database
    from bridgehead.ground.backup.saving import save
    from bridgehead.ground.journal.seal import seal_pending

    file = file or Path(f"bridgehead-{timezone.localtime():%Y%m%d-%H%M%S}.tar.gz")
    database.refuse_nothing_there()
    out = console(stderr=True)
    with Progress(console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task(say("备份", "backing up", lang))
        with database.worded():
            seal_pending()
        saved = save(file, lambda what, done, total: bar.update(task, description=what, completed=done, total=total))
    if json:
        told = {"file": str(saved.file), "tables": saved.tables, "rows": saved.rows, "files": saved.files}
        lacking = {"missing": list(saved.missing), "damaged": list(saved.damaged)}
        print_json({**told, **lacking, "size_b": saved.size_b, "journal": saved.position})
    else:
        words = (saved.file, saved.tables, saved.rows, saved.files, saved.size_b / 1e6, saved.position)
        console().print(
            say(
                "{}：{} 张表，{} 行，{} 个文件，{:.1f} MB，日志到第 {} 位。".format(*words),
                "{}: {} tables, {} rows, {} files, {:.1f} MB, journal up to position {}.".format(*words),
                lang,
            ),
            soft_wrap=True,
        )
    if saved.missing or saved.damaged:
        print_warning("backup.files_not_whole", _lacking(saved.missing, saved.damaged), lang)
        raise typer.Exit(1)


def _lacking(missing: Sequence[str], damaged: Sequence[str]) -> dict[str, object]:
    return {"missing": len(missing), "damaged": len(damaged), "files": [*missing, *damaged]}


def restore(
    file: Annotated[Path, typer.Argument(help=say("备份文件", "the archive"))],
    json: AsJson = False,
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Restore a backup into an empty platform."""
    assert lang is not None
    if not file.is_file():  # nothing is made for a mistyped name
        from bridgehead.kernel.errors import BridgeheadError

        raise BridgeheadError("backup.no_such_file", {"file": str(file)})
    Stop()
    folder = data_folder()
    writable(folder)
    with alone(folder):
        start_django()
        from bridgehead.ground.backup.restoring import restore as take_back

        found = take_back(file)
    if json:
        told = {"tables": found.tables, "rows": found.rows, "files": found.files}
        lacking = {"missing": list(found.missing), "damaged": list(found.damaged)}
        print_json({**told, **lacking, "journal": found.position, "begun": found.begun})
    else:
        _print_restored(found, lang)
    if found.missing or found.damaged:
        print_warning("backup.restored_without_files", _lacking(found.missing, found.damaged), lang)


def _print_restored(found: Restored, lang: str) -> None:
    words = (found.tables, found.rows, found.files, found.position, found.begun)
    console().print(
        say(
            "已恢复：{} 张表，{} 行，{} 个文件；日志到第 {} 位，核对无误；备份开始于 {}。".format(*words),
            "Restored: {} tables, {} rows, {} files; journal up to position {}, verified; backup begun {}.".format(
                *words
            ),
            lang,
        )
    )


def doctor(
    full: Annotated[
        bool, typer.Option("--full", help=say("核对整本日志和每个文件", "verify the whole journal and every file"))
    ] = False,
    json: AsJson = False,
    data: DataFolder = None,
    lang: Language = None,
) -> None:
    """Examine the platform; exit code 1 if something is wrong."""
    start_django()
    from bridgehead.ground import database
    from bridgehead.ground.doctor.checks import examine, findings_json, headline

    assert lang is not None
    database.refuse_nothing_there()
    found = examine(full=full)
    if json:
        print_json(findings_json(found, lang))
    else:
        out = console()
        for one in found:
            if one.severity != "ok" or one.cure(lang):
                out.print(f"{one.mark(lang)}  {one.title(lang)}: {one.said(lang)}", soft_wrap=True)
                if one.cure(lang):
                    out.print(f"    {one.cure(lang)}", style="dim", soft_wrap=True)
        out.print(headline(found, lang))
    if any(one.severity == "error" for one in found):
        raise typer.Exit(1)
