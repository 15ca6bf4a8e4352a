"""What the commands share: the language of the terminal, the options, and how errors and tables are printed."""

from __future__ import annotations

import gc
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from bridgehead.jobs.store import Store
    from bridgehead.kernel.errors import BridgeheadError, Fault

LANGUAGES = ("zh", "en")
EXIT_REFUSED = 2
SHOWN_ALIKE = 3
"""So many faults of one kind in one column are listed on a terminal, the rest is counted; ``--json`` gives all."""

MOST_ALIKE = 20
"""So many faults of one kind are listed whose paths differ only in their indices, as in ``cases[3].model``."""

NARROWEST = 12
"""Characters a column of words keeps on a narrow terminal."""


def language_of(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """Return the language of the terminal: ``--lang``, else the locale; English unless the locale is Chinese."""
    for position, word in enumerate(arguments):
        chosen = word.partition("=")[2] if word.startswith("--lang=") else ""
        if word == "--lang" and position + 1 < len(arguments):
            chosen = arguments[position + 1]
        if chosen in LANGUAGES:
            return chosen
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return "zh" if environment[name].lower().startswith("zh") else "en"
    return "en"


LANGUAGE = language_of(sys.argv[1:], os.environ)


def say(zh: str, en: str, language: str | None = None) -> str:
    """Return the words in the language of the terminal."""
    return zh if (language or LANGUAGE) == "zh" else en


def _language_option(value: str | None) -> str:
    """Return the language of a command; the option wins over the locale."""
    if value is None:
        return LANGUAGE
    if value not in LANGUAGES:
        raise typer.BadParameter(say("只有 zh 和 en", "zh or en"))
    return value


def folder_named(text: str) -> Path:
    """Return the folder somebody named; an empty name would silently mean the current folder and is refused."""
    if not text.strip():
        raise typer.BadParameter(
            say(
                "文件夹的名字是空的；要用默认的，就不写这一项",
                "the name is empty; leave it out to use the default folder",
            )
        )
    return Path(text)


def _folder_option(name: str) -> Any:
    """Return a callback that hands a folder on to the settings through the environment."""

    def hand_on(value: Path | None) -> Path | None:
        if value is not None:
            os.environ[name] = str(value.absolute())
        return value

    return hand_on


Language = Annotated[
    str | None,
    typer.Option(
        "--lang",
        callback=_language_option,
        help=say("输出语言：zh 或 en；默认随终端", "language of the output, zh or en; that of the terminal by default"),
    ),
]
RegionFolder = Annotated[
    Path | None,
    typer.Option(
        "--region",
        parser=folder_named,
        metavar="DIR",
        callback=_folder_option("BRIDGEHEAD_REGION"),
        help=say(
            "区域数据所在文件夹（环境变量 BRIDGEHEAD_REGION）；默认为随平台提供的区域",
            "folder of the region's tables (BRIDGEHEAD_REGION); by default the region the platform ships with",
        ),
    ),
]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data",
        parser=folder_named,
        metavar="DIR",
        callback=_folder_option("BRIDGEHEAD_DATA"),
        help=say(
            "数据库与计算结果所在文件夹（环境变量 BRIDGEHEAD_DATA）；默认为当前文件夹下的 data",
            "folder of the database and of results (BRIDGEHEAD_DATA); by default data in the current folder",
        ),
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help=say("输出 JSON", "print JSON"))]


def console(stderr: bool = False) -> Console:
    """Return a console that neither colours ids nor reads data as markup."""
    from rich.console import Console

    # rich keeps the environment of its import, and so a width that may hold no more
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, _environ=os.environ)


def print_table(out: Console, table: Table) -> None:
    """Print a table; where the terminal is too narrow for its figures it wraps the lines, and no figure is shortened.

    A column that may not wrap keeps its longest cell; the others keep `NARROWEST` characters at least.
    """
    out.width = max(out.width, narrowest(table))
    out.print(table)


def narrowest(table: Table) -> int:
    """Return the width below which a table would lose part of a figure, or words would be folded to nothing."""
    from rich.cells import cell_len
    from rich.text import Text

    def wide(cell: Any) -> int:
        return max(map(cell_len, (cell.plain if isinstance(cell, Text) else str(cell)).split("\n")))

    needed = 0
    for column in table.columns:
        longest = max(wide(cell) for cell in (column.header, *column.cells))
        needed += longest if column.no_wrap else min(longest, NARROWEST)
    _, right, _, left = table.padding
    return needed + (left + right) * (len(table.columns) - (0 if table.pad_edge else 1))


def print_json(value: Any) -> None:
    """Print a value as JSON, Chinese as it is read."""
    print(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False, default=str))


def print_warning(code: str, parameters: Mapping[str, object], language: str) -> None:
    """Print one sentence and its cure on standard error; the command goes on."""
    from bridgehead.kernel.errors import Fault, sentence

    words = sentence(Fault(code, parameters, severity="warning"), language)
    out = console(stderr=True)
    out.print(f"bridgehead: {words.message}", style="bold", soft_wrap=True)
    out.print(f"  {words.cure}", soft_wrap=True)
    out.print(f"  {code}", style="dim", soft_wrap=True)


def print_results_not_kept(store: Store | None, language: str) -> None:
    """Say so if results could not be written: they are computed again at every start."""
    if store is not None and store.trouble:
        reason = store.trouble[0].strerror or str(store.trouble[0])
        print_warning("server.results_not_kept", {"folder": str(store.folder), "reason": reason}, language)


def print_error(error: BridgeheadError, language: str, as_json_too: bool) -> None:
    """Print an error: as JSON on standard output if asked for, else one message, or several faults as a table."""
    from bridgehead.kernel.errors import as_json, sentence

    if as_json_too:
        print_json(as_json(error, language))
        return
    out = console(stderr=True)
    if len(error.faults) == 1:
        words = sentence(error.faults[0], language)
        place = place_text(error.faults[0])
        out.print(f"bridgehead: {words.message}", style="bold", soft_wrap=True)
        out.print(f"  {words.cure}", soft_wrap=True)
        out.print(f"  {error.code}" + (f" · {place}" if place else ""), style="dim", soft_wrap=True)
        return
    count = len(error.faults)
    out.print(say(f"bridgehead：{count} 处错误", f"bridgehead: {count} faults", language), style="bold")
    out.print(fault_table(error.faults, language))


def usage_fault(error: Exception) -> BridgeheadError | None:
    """Return the fault of a command line typer cannot read, or None for any other exception."""
    from bridgehead.kernel.errors import BridgeheadError, Place

    # typer's own errors of usage are told by what they can do: it changes the package they come from.
    if not hasattr(error, "format_message") or getattr(error, "exit_code", None) != EXIT_REFUSED:
        return None
    of = getattr(error, "param", None)
    field = getattr(of, "name", None) or getattr(error, "option_name", None) or getattr(error, "param_hint", None)
    reason = str(getattr(error, "message", "") or error.format_message()).rstrip(".。")
    given = {"usage": reason, **({"field": str(field)} if field else {})}
    return BridgeheadError("request.invalid_field", given, Place(field=str(field) if field else None))


def place_text(fault: Fault) -> str:
    """Return where a fault lies: ``ports.csv:14:lat``, ``cases.json:cases[3].model`` or the name of a field."""
    place = fault.place
    return ":".join(str(part) for part in (place.file, place.row, place.column or place.field) if part is not None)


def fault_table(faults: Sequence[Fault], language: str) -> Any:
    """Return the faults as a table: the place, and beside it sentence, cure and code."""
    from rich.table import Table
    from rich.text import Text

    from bridgehead.kernel.errors import sentence

    table = Table(box=None, pad_edge=False, show_edge=False, header_style="bold")
    table.add_column(say("位置", "place", language), overflow="fold", max_width=34)
    table.add_column(say("问题和改法", "what is wrong, and how to mend it", language), overflow="fold", ratio=1)
    alike: dict[object, int] = {}
    rest = 0
    for fault in faults:
        kind, most = _folded(fault)
        alike[kind] = alike.get(kind, 0) + 1
        if alike[kind] > most:
            rest += 1
            continue
        words = sentence(fault, language)
        mark = "" if fault.severity == "error" else say("提示：", "warning: ", language)
        text = Text.assemble((mark + words.message, "bold"), f"\n{words.cure}\n", (fault.code, "dim"))
        table.add_row(place_text(fault), text)
    if rest:
        words_rest = f"另有 {rest} 处同类问题，见 --json", f"and {rest} more of the same kinds, see --json"
        table.add_row("…", say(*words_rest, language))
    return table


def _folded(fault: Fault) -> tuple[object, int]:
    """Return with what a fault counts as alike, and how many such are listed: every path is another thing to mend."""
    place = fault.place
    of_a_row = place.row is not None and place.file is None
    if place.column is not None or place.field is None or of_a_row:
        return (fault.code, place.file, place.column or place.field), SHOWN_ALIKE
    return (fault.code, place.file, re.sub(r"\[[0-9]+\]", "[]", place.field)), MOST_ALIKE


@contextmanager
def uncollected() -> Iterator[None]:
    """Keep the collector off while what stays is loaded: it would look through all of it again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.enable()


def start_django() -> None:
    """Set Django up with the settings of the site; call after the options were handed on."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
    with uncollected():
        import django

        django.setup()
