"""The kinds of programmes a region declares, out of its four tables of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridgehead.engines.programmes.kinds import Choice, Field, Indicator, Kind, Stage, Type
from bridgehead.kernel.calendars import Term
from bridgehead.kernel.tables import Row

if TYPE_CHECKING:
    from bridgehead.regions.load import Region

TABLES = ("programme_kinds", "programme_stages", "programme_fields", "programme_indicators")


def kinds_of(region: Region) -> dict[str, Kind]:
    """Return the kinds of programmes of a region by id, in their order; none for a region without the tables."""
    stages, fields, indicators = (_by_kind(region.rows(name)) for name in TABLES[1:])
    ordered = sorted(region.rows("programme_kinds"), key=_order)
    return {
        row.text("id"): _kind(
            row,
            sorted(stages.get(row.text("id"), ()), key=_order),
            sorted(fields.get(row.text("id"), ()), key=_order),
            indicators.get(row.text("id"), []),
        )
        for row in ordered
    }


def _kind(row: Row, stages: list[Row], fields: list[Row], indicators: list[Row]) -> Kind:
    articles = row["articles"]
    return Kind(
        row.text("id"),
        row.text("name_zh"),
        row.text("name_en"),
        row.text("description_zh"),
        row.text("description_en"),
        tuple(int(str(one)) for one in articles) if isinstance(articles, tuple) else (),
        tuple(map(_stage, stages)),
        tuple(_field(one) for one in fields if one.text("of") == "programme"),
        row.text("item"),
        row.text("item_zh"),
        row.text("item_en"),
        tuple(_field(one) for one in fields if one.text("of") == "item"),
        tuple(map(_indicator, indicators)),
        row.text("confidence"),
        row.text("source"),
    )


def _stage(row: Row) -> Stage:
    term = Term.read(row.text("term")) if row.text("term") else None
    names = (row.text("name_zh"), row.text("name_en"))
    return Stage(row.text("stage"), *names, row.text("evidence_zh"), row.text("evidence_en"), term)


def _field(row: Row) -> Field:
    return Field(
        row.text("field"),
        Type(row.text("type")),
        row.text("unit"),
        bool(row["required"]),
        row.text("name_zh"),
        row.text("name_en"),
        tuple(Choice(*one) for one in zip(*(_texts(row, f"allowed{end}") for end in ("", "_zh", "_en")), strict=True)),
        row.text("at_most"),
    )


def _indicator(row: Row) -> Indicator:
    names = (row.text("name_zh"), row.text("name_en"))
    rising = row.text("direction") == "up"
    return Indicator(row.text("indicator"), *names, row.text("unit"), rising, row.text("formula"))


def _texts(row: Row, column: str) -> tuple[str, ...]:
    value = row[column]
    return tuple(str(part) for part in value) if isinstance(value, tuple) else ()


def _by_kind(rows: tuple[Row, ...]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.text("kind"), []).append(row)
    return found


def _order(row: Row) -> int:
    return int(row.text("order"))
