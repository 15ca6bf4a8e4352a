"""``bridgehead search``: find anything from the command line, and build the index anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from bridgehead.cli.terminal import AsJson, DataFolder, Language, RegionFolder, console, print_json, say, start_django

if TYPE_CHECKING:
    from bridgehead.ground.search.find import Found

REBUILD = "rebuild"


def search(  # noqa: PLR0917 - typer passes options by name
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="WORDS",
            help=say(
                "要找的词，都要出现；加引号只找原词。rebuild [种类] 重建索引",
                "words that must all occur, in quotation marks as they are; `rebuild [KIND]` builds the index anew",
            ),
        ),
    ],
    kind: Annotated[
        str, typer.Option(help=say("只找这一种，如 port、article", "only this kind, such as port or article"))
    ] = "",
    page: Annotated[int, typer.Option(min=1, help=say("第几页，与 --kind 同用", "page, together with --kind"))] = 1,
    json: AsJson = False,
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Search everything everybody may see, or build the index anew."""
    assert lang is not None
    start_django()
    if words[0] == REBUILD and len(words) <= 2:
        _rebuild("".join(words[1:]), json, lang)
        return
    from django.utils.translation import override

    from bridgehead.ground.access.viewer import ANONYMOUS
    from bridgehead.ground.language import django_code
    from bridgehead.ground.region import current
    from bridgehead.ground.screens.api.search import as_json
    from bridgehead.ground.search.find import find

    with override(django_code(lang)):
        found = find(current(), ANONYMOUS, " ".join(words), kind, page)
        if json:
            print_json(as_json(found))
        else:
            _show(found, lang)


def _show(found: Found, lang: str) -> None:
    out = console()
    for group in found.groups:
        out.print(f"{group.kind.title(lang)} {group.found}", style="bold")
        for hit in group.hits:
            title = say(hit.title_zh or hit.title_en, hit.title_en or hit.title_zh, lang)
            out.print(f"  {title}  {hit.address}")
            if hit.snippet.text:
                out.print(f"    {hit.snippet.text}", style="dim")
    out.print(say(f"找到 {found.found} 项", f"{found.found} found", lang), style="bold")


def _rebuild(kind: str, json: bool, lang: str) -> None:
    from bridgehead.cli.run import data_folder, writable
    from bridgehead.ground import database
    from bridgehead.ground.search.index import rebuild

    writable(data_folder())
    database.bring_up_to_date()
    with database.worded():
        done = rebuild(kind)
    if json:
        print_json({"kinds": [{"kind": one.kind, "written": one.written, "removed": one.removed} for one in done]})
        return
    out = console()
    for one in done:
        counts = (one.kind, one.written, one.removed)
        out.print(say("{}：写入 {}，删去 {}".format(*counts), "{}: written {}, removed {}".format(*counts), lang))
