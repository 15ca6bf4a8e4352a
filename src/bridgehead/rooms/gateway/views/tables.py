"""Pages and files that show the tables themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bridgehead.ground import wording
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.ground.templatetags.bridgehead import han, prose, standing
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.schemas import Column
from bridgehead.kernel.tables import Row
from bridgehead.rooms.gateway.selectors import tables as data

# Where a thing has a page of its own, for the links in cells.
_PAGE_OF_TABLE = {"ports": "gateway:port", "places": "gateway:place", "corridors": "gateway:corridor"}
Say = Callable[[str], SafeString]

_LONG_CELL = 160
LONGEST_TITLE = 20
_MARK = re.compile(r"[；，。：（(;,.:]")
_FOLDED_CELL = 60


def data_index(request: HttpRequest) -> HttpResponse:
    """Show every table with its number of rows and its files."""
    region = current().region
    tables = list(region.tables.values())
    return render(request, "gateway/data.html", {"tables": tables, "rows": sum(len(table) for table in tables)})


def table(request: HttpRequest, table: str) -> HttpResponse:
    """Show the rows of one table; with htmx only the rows are exchanged."""
    page = _positive(request.GET.get("page", "1"), "page")
    found = data.listing(current(), table, request.GET.get("q", ""), request.GET.get("sort", ""), page)
    context = {
        "found": found,
        "schema": found.table.schema,
        "heads": _heads(found),
        "lines": [_line(row, found.table.schema.columns) for row in found.rows],
        "earlier": _query(found, page=found.page - 1) if found.page > 1 else "",
        "later": _query(found, page=found.page + 1) if found.page < found.pages else "",
        "page_title": found.table.schema.title(language()),
    }
    partial = getattr(request, "htmx", False) and not request.htmx.boosted  # type: ignore[attr-defined]
    response = render(request, "gateway/table_rows.html" if partial else "gateway/table.html", context)
    response["Vary"] = "HX-Request"
    return response


def _positive(text: str, field: str) -> int:
    """Return a page number; what is none is said and not guessed."""
    if not text.isascii() or not text.isdigit() or len(text) > 9 or int(text) == 0:
        reason = speak(language(), "应为正整数", "a positive whole number is expected")
        raise BridgeheadError("request.invalid_field", {"field": field, "reason": reason}, Place(field=field))
    return int(text)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its declaration, its short title, the query that sorts by it, how it is sorted now."""

    column: Column
    title: str
    query: str
    sorted: str
    numeric: bool


def _heads(found: data.Listing) -> list[Head]:
    heads = []
    for column in found.table.schema.columns:
        ascending = found.sort == column.name
        now = "ascending" if ascending else "descending" if found.sort == f"-{column.name}" else ""
        query = _query(found, sort=f"-{column.name}" if ascending else column.name)
        heads.append(Head(column, _short_title(column), query, now, _numeric(column)))
    return heads


def _short_title(column: Column) -> str:
    """Return what a column is called: its description up to the first mark, if that is short enough for a head."""
    said = _MARK.split(column.description(language()), maxsplit=1)[0].strip()
    return said if len(said) <= _longest_title() else ""


def _longest_title() -> int:
    """Return how many letters a title in a head may have: Han characters are twice as wide."""
    return LONGEST_TITLE // 2 if language() == "zh" else LONGEST_TITLE


def _query(found: data.Listing, sort: str | None = None, page: int = 1) -> str:
    values = {"q": found.q, "sort": found.sort if sort is None else sort, "page": str(page) if page > 1 else ""}
    return "?" + urlencode({key: value for key, value in values.items() if value})


def _numeric(column: Column) -> bool:
    return column.type in ("number", "integer", "length", "decimal", "latitude", "longitude")


@lru_cache(maxsize=4096)
def _page_of(table: str, identity: str, code: str) -> str:
    """Return the address of the page of a thing, or an empty string while no room has one (`code` is the language)."""
    name = _PAGE_OF_TABLE.get(table)
    if name is None:
        return ""
    try:
        return reverse(name, args=[identity])
    except NoReverseMatch:
        return ""


def _line(row: Row, columns: Iterable[Column], say: Say = han) -> SafeString:
    """Return a row of the table: its number in the file, then the cells; `say` puts their text on the page."""
    head = f'<td class="r n fine">{row.line}</td>'
    return SafeString("".join((head, *(_cell(column, row, say) for column in columns))))


def _cell(column: Column, row: Row, say: Say) -> SafeString:
    """Return the cell of a row with its mark, links or nothing-found words."""
    text = row.text(column.name)
    value = row[column.name]
    if value is None or value == ():
        return SafeString('<td class="none"></td>')
    if data.is_standing(column.name):
        return format_html("<td>{}{}</td>", standing(text), format_html('<span class="fine">{}</span>', say(text)))
    if data.is_source(column.name):
        return _folded(wording.references(text)[0].title if text else "", _sources(text, say), len(text))
    if _numeric(column):
        return format_html('<td class="r n">{}</td>', _separated(text))
    for table, _ in column.references:
        if table in _PAGE_OF_TABLE and current().region.find(table, text) is not None:
            address = _page_of(table, text, language())
            if address:
                return format_html('<td><a href="{}">{}</a></td>', address, text)
    return _folded(text, say(text), len(text))


def _folded(beginning: str, whole: SafeString, length: int) -> SafeString:
    """Return a cell; a long one shows its beginning and opens on a click, so that rows stay rows."""
    if length <= _LONG_CELL:
        return format_html("<td>{}</td>", whole)
    cut = beginning if len(beginning) <= _FOLDED_CELL else beginning[:_FOLDED_CELL].rstrip() + "…"
    return format_html("<td><details><summary>{}</summary>{}</details></td>", han(cut or "…"), whole)


def _separated(text: str) -> str:
    """Return a number of the file with separated thousands and otherwise every digit it has."""
    sign = "\u2212" if text.startswith("-") else ""
    whole, dot, rest = text.lstrip("+-").partition(".")
    return f"{sign}{int(whole):,}{dot}{rest}" if whole.isdigit() else text


def _sources(text: str, say: Say) -> SafeString:
    """Return the sources of a cell, each address as a link."""
    parts = []
    for one in wording.references(text):
        link = format_html('<a href="{}" rel="noreferrer external">{}</a>', one.link, one.host) if one.link else ""
        parts.append(format_html("{} {}", say(one.title), link))
    return SafeString(" · ".join(parts))


def table_csv(request: HttpRequest, table: str) -> HttpResponse:
    """Send the table's file, byte for byte. The region's check has refused cells that would run as a formula."""
    region = current().region
    found = data.table_named(region, table)
    return _file(data.file_bytes(region, found), table)


def template_csv(request: HttpRequest, table: str) -> HttpResponse:
    """Send the header line of a table, to be filled in."""
    return _file(data.template_bytes(data.table_named(current().region, table)), f"{table}.template")


def schema_csv(request: HttpRequest, table: str) -> HttpResponse:
    """Send the schema of a table: what each column holds."""
    return _file(data.schema_bytes(data.table_named(current().region, table)), f"{table}.schema")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name.replace("/", "-")}.csv"'
    return response


def assumptions(request: HttpRequest) -> HttpResponse:
    """Show every row that is an assumption, table by table, and the columns that assume single values."""
    # The tables do not change while they are served, and neither does this page.
    context = current().remember(("data.assumptions", language()), _assumptions)
    return render(request, "gateway/assumptions.html", context)


def _assumptions() -> dict[str, Any]:
    region = current().region
    groups = []
    for group in data.assumed_rows(region):
        # What every row says is said once, above the table.
        told = [name for name in group.columns if any(row.text(name) != data.ASSUMPTION for row in group.rows)]
        columns = [group.table.schema.column(name) for name in told]
        lines = [_line(row, columns, prose) for row in group.rows]
        groups.append({"schema": group.table.schema, "columns": columns, "lines": lines})
    count = sum(len(group.rows) for group in data.assumed_rows(region))
    return {"groups": groups, "count": count, "columns": data.assumed_columns(region)}


def about(request: HttpRequest) -> HttpResponse:
    """Show what the platform is, its licences, and which edition of the region is in use."""
    return render(request, "gateway/about.html", {"use": data.in_use(current())})
