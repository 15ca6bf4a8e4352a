"""What the gateway can be searched for: ports, places, corridors, commodities, projects and the tables themselves."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.kernel.tables import Row
from bridgehead.regions.load import Region
from bridgehead.regions.scenarios import shipped_scenarios


def _rows(region: Region, table: str) -> tuple[Row, ...]:
    return region.rows(table) if table in region.tables else ()


def _lines(row: Row, *columns: str) -> str:
    return "\n".join(row.text(name) for name in columns if name in row and row.text(name))


def _document(
    record: str, title_zh: str, title_en: str, page: str, *, text: str = "", query: str = "", **kwargs: str
) -> Document:
    """Return what is known of a thing that goes by its id too, with the page of this room that shows it."""
    return Document(
        record=record,
        title_zh=title_zh,
        title_en=title_en,
        page=f"gateway:{page}",
        kwargs=kwargs,
        query=query,
        names=(record,),
        text=text,
    )


def _of_row(row: Row, page: str, *, text: str = "", query: str = "", **kwargs: str) -> Document:
    names = (row.text("id"), row.text("name_zh"), row.text("name_en"))
    return _document(*names, page, text=text, query=query, **kwargs)


def _ports(region: Region) -> Iterable[Document]:
    columns = (
        *("counterpart_port_zh", "counterpart_port_en", "league_city", "banner_county"),
        *("main_imports", "main_exports", "transshipment"),
    )
    for row in _rows(region, "ports"):
        yield _of_row(row, "port", text=_lines(row, *columns), port=row.text("id"))


def _places(region: Region) -> Iterable[Document]:
    for row in _rows(region, "places"):
        yield _of_row(row, "place", place=row.text("id"))


def _corridors(region: Region) -> Iterable[Document]:
    places: dict[str, list[str]] = {}
    rows = _rows(region, "corridors")
    for row in rows:
        places.setdefault(row.text("id"), []).append(row.text("place"))
    first = {row.text("id"): row for row in reversed(rows)}
    for id_, passed in places.items():
        text = "\n".join(", ".join(region.name(place, code) for place in passed) for code in ("zh", "en"))
        yield _of_row(first[id_], "corridor", text=text, corridor=id_)


def _scenarios(region: Region) -> Iterable[Document]:
    for one in shipped_scenarios(region):
        text = f"{one.reason_zh}\n{one.reason_en}"
        yield _document(one.id, one.name_zh, one.name_en, "scenario", text=text, scenario=one.id)


def _of_table(region: Region, table: str, *columns: str) -> Iterable[Document]:
    """Give rows that have no page of their own: they are shown in their table."""
    for row in _rows(region, table):
        query = urlencode({"q": row.text("id")})
        yield _of_row(row, "table", text=_lines(row, *columns), query=query, table=table)


def _commodities(region: Region) -> Iterable[Document]:
    return _of_table(region, "commodities", "hs_chapters")


def _projects(region: Region) -> Iterable[Document]:
    return _of_table(region, "projects", "note")


def _tables(region: Region) -> Iterable[Document]:
    for table in region.tables.values():
        one = table.schema
        text = f"{one.description_zh}\n{one.description_en}"
        yield _document(one.name, one.title_zh, one.title_en, "table", text=text, table=one.name)


def register_searchables() -> None:
    """Register what the gateway has."""
    for order, (kind, title_zh, title_en, documents) in enumerate(
        (
            ("port", "口岸", "Ports", _ports),
            ("place", "地点", "Places", _places),
            ("corridor", "通道", "Corridors", _corridors),
            ("commodity", "货类", "Commodities", _commodities),
            ("project", "项目", "Projects", _projects),
            ("scenario", "方案", "Scenarios", _scenarios),
            ("table", "数据表", "Tables", _tables),
        )
    ):
        register(
            Searchable(
                kind=kind,
                title_zh=title_zh,
                title_en=title_en,
                of_region=documents,
                order=10 + order if kind != "table" else 80,
            )
        )
