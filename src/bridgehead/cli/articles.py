"""``bridgehead article`` and ``bridgehead coverage``: from the article of law to what serves it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bridgehead.cli.terminal import AsJson, Language, RegionFolder, console, print_json, print_table, say

if TYPE_CHECKING:
    from bridgehead.regions.trace import ArticleSheet

_STOP = re.compile(r"[。；]|[.;]\s")


def article(
    number: Annotated[int, typer.Argument(metavar="N", min=1, max=9999, help=say("第几条", "number of the article"))],
    json: AsJson = False,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Show what an article asks, in our own words, and the pages, operations, tests and documents that serve it."""
    from bridgehead.regions.load import load_region
    from bridgehead.regions.trace import article_sheet

    assert lang is not None
    sheet = article_sheet(load_region(region), number)
    if json:
        print_json(sheet.as_json(lang))
        return
    _print_sheet(sheet, lang)


def _print_sheet(sheet: ArticleSheet, lang: str) -> None:
    from bridgehead.regions.trace import status_word

    out = console()
    one, entry = sheet.article, sheet.trace
    head = say(f"第 {one.number} 条  {one.title('zh')}", f"Article {one.number}  {one.title('en')}", lang)
    out.print(head, style="bold", soft_wrap=True)
    out.print(f"{sheet.chapter.number}  {sheet.chapter.title(lang)}", style="dim")
    out.print(one.gist(lang), soft_wrap=True)
    lines: list[tuple[str, str]] = [
        (say("语气", "strength", lang), ", ".join(one.strength(lang))),
        (say("点名", "bodies", lang), ", ".join(one.actors(lang))),
        (say("系统", "systems", lang), ", ".join(one.systems(lang))),
        (say("期限", "deadline", lang), one.deadline(lang)),
        (say("状态", "status", lang), status_word(entry.status if entry else None, lang)),
    ]
    if entry:
        lines += [
            (say("尚缺", "missing", lang), entry.missing.say(lang)),
            (say("理由", "reason", lang), entry.reason.say(lang)),
            (say("已有", "built", lang), ", ".join(f"{f.name.say(lang)} ({f.id})" for f in sheet.built)),
            (say("计划", "planned", lang), ", ".join(f"{f.name.say(lang)} ({f.id})" for f in sheet.planned)),
            *((name, "\n".join(getattr(entry, name))) for name in ("engine", "pages", "api", "tests", "docs")),
        ]
    out.print(_pairs(lines))


def _pairs(lines: list[tuple[str, str]]) -> Any:
    """Return names and values in two columns; empty values are left out."""
    from rich.table import Table

    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in lines:
        if value:
            table.add_row(name, value)
    return table


Full = Annotated[
    bool,
    typer.Option("--full", help=say("写全还缺什么，并列出页面", "say what is missing in full, and name the pages")),
]


def coverage(full: Full = False, json: AsJson = False, region: RegionFolder = None, lang: Language = None) -> None:
    """Print the table of all articles: their room and status, and what is not built yet; `full` with their pages."""
    from bridgehead.regions.load import load_region
    from bridgehead.regions.trace import coverage as coverage_of
    from bridgehead.regions.trace import coverage_json, status_word

    assert lang is not None
    loaded = load_region(region)
    if json:
        print_json(coverage_json(loaded, lang))
        return
    found = coverage_of(loaded)
    out = console()
    if not found.rows:
        out.print(say("这个区域没有收录条例。", "This region has no regulation.", lang))
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(say("条", "art.", lang), justify="right", no_wrap=True)
    table.add_column(say("标题", "title", lang), overflow="fold")
    table.add_column(say("房间", "room", lang), no_wrap=True)
    table.add_column(say("状态", "status", lang), no_wrap=True)
    table.add_column(say("还缺什么", "missing", lang), overflow="fold")
    if full:
        table.add_column(say("页面", "pages", lang), overflow="fold", style="dim")
    for row in found.rows:
        cells = [str(row.article.number), row.article.title(lang), row.room(lang), row.status(lang)]
        entry = row.trace
        missing = entry.missing.say(lang) if entry else ""
        if full:
            why = entry.reason.say(lang) if entry else ""
            table.add_row(*cells, missing or why, " ".join(entry.pages) if entry else "")
        else:
            table.add_row(*cells, _short(missing))
    print_table(out, table)
    counts = ", ".join(f"{status_word(status, lang)} {count}" for status, count in found.by_status.items())
    out.print(say(f"{len(found.rows)} 条：{counts}", f"{len(found.rows)} articles: {counts}", lang), style="bold")


def _short(missing: str) -> str:
    """Return what an article lacks: its sentence begins with what there is, and ends with what there is not."""
    return _STOP.split(missing.rstrip("。."))[-1]
