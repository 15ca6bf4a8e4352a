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


def _ports(region: Region) -> Iterable[Document]:
    for row in _rows(region, "ports"):
        yield Document(
            record=row.text("id"),
            title_zh=row.text("name_zh"),
            title_en=row.text("name_en"),
            names=(row.text("id"),),
            text=_lines(
                *(row, "counterpart_port_zh", "counterpart_port_en", "league_city", "banner_county"),
                *("main_imports", "main_exports", "transshipment"),
            ),
            page="gateway:port",
            kwargs={"port": row["id"]},
        )


def _places(region: Region) -> Iterable[Document]:
    for row in _rows(region, "places"):
        yield Document(
            record=row.text("id"),
            title_zh=row.text("name_zh"),
            title_en=row.text("name_en"),
            names=(row.text("id"),),
            page="gateway:place",
            kwargs={"place": row["id"]},
        )


def _corridors(region: Region) -> Iterable[Document]:
    places: dict[str, list[str]] = {}
    rows = _rows(region, "corridors")
    for row in rows:
        places.setdefault(row.text("id"), []).append(row.text("place"))
    first = {row.text("id"): row for row in reversed(rows)}
    for id_, passed in places.items():
        yield Document(
            record=id_,
            title_zh=first[id_].text("name_zh"),
            title_en=first[id_].text("name_en"),
            names=(id_,),
            text="\n".join(", ".join(region.name(place, code) for place in passed) for code in ("zh", "en")),
            page="gateway:corridor",
            kwargs={"corridor": id_},
        )


def _scenarios(region: Region) -> Iterable[Document]:
    for one in shipped_scenarios(region):
        yield Document(
            record=one.id,
            title_zh=one.name_zh,
            title_en=one.name_en,
            names=(one.id,),
            text=f"{one.reason_zh}\n{one.reason_en}",
            page="gateway:scenario",
            kwargs={"scenario": one.id},
        )


def _of_table(region: Region, table: str, *columns: str) -> Iterable[Document]:
    """Give rows that have no page of their own: they are shown in their table."""
    for row in _rows(region, table):
        yield Document(
            record=row.text("id"),
            title_zh=row.text("name_zh"),
            title_en=row.text("name_en"),
            names=(row.text("id"),),
            text=_lines(row, *columns),
            page="gateway:table",
            kwargs={"table": table},
            query=urlencode({"q": row.text("id")}),
        )


def _commodities(region: Region) -> Iterable[Document]:
    return _of_table(region, "commodities", "hs_chapters")


def _projects(region: Region) -> Iterable[Document]:
    return _of_table(region, "projects", "note")


def _tables(region: Region) -> Iterable[Document]:
    for table in region.tables.values():
        schema = table.schema
        yield Document(
            record=schema.name,
            title_zh=schema.title_zh,
            title_en=schema.title_en,
            names=(schema.name,),
            text=f"{schema.description_zh}\n{schema.description_en}",
            page="gateway:table",
            kwargs={"table": schema.name},
        )


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
