"""Checks of what the tables say, apart from the network: ids, classes, periods, consignments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bridgehead.kernel.bigrams import key
from bridgehead.kernel.errors import Fault
from bridgehead.regions.checks.common import finding, readable, sound, texts, word
from bridgehead.regions.folder import Folder


def region_has_places_and_ports(folder: Folder) -> Iterator[Fault]:
    """Check that a region has at least one place and one port."""
    for name in ("places", "ports"):
        table = folder.tables[name]
        if table.complete and not table.rows:
            yield finding(table, None, None, "region.no_rows")


def ids_are_of_one_table(folder: Folder) -> Iterator[Fault]:
    """Check that an id names a place, a port or an aggregate, never two of them."""
    first: dict[str, str] = {}
    for name in ("places", "ports", "aggregates"):
        table = folder.tables[name]
        if not readable(folder, name, "id"):
            continue
        for row in table.rows:
            id_ = word(row, "id")
            other = first.setdefault(id_, table.file) if id_ else table.file
            if other != table.file:
                yield finding(table, row, "id", "region.id_in_two_tables", value=id_, other=other)


def demand_of_base_year(folder: Folder) -> Iterator[Fault]:
    """Check that demand rows are of the base year of the region."""
    table = folder.tables["demand"]
    year = folder.settings.base_year
    if not year or not readable(folder, "demand", "year") or not table.rows:
        return
    if any(not sound(row, "year") or row["year"] == year for row in table.rows):
        return
    yield finding(table, None, "year", "region.no_demand_of_base_year", "warning", year=year)


def commodities_have_a_freight_class(folder: Folder) -> Iterator[Fault]:
    """Check that every commodity has a freight class."""
    if not (readable(folder, "commodities", "id") and readable(folder, "freight_classes", "commodity")):
        return
    known = folder.tables["freight_classes"].texts("commodity")
    # A row whose commodity cannot be read may be the one that is missed.
    if any(not word(row, "commodity") for row in folder.tables["freight_classes"].rows):
        return
    table = folder.tables["commodities"]
    for row in table.rows:
        if word(row, "id") and row.text("id") not in known:
            yield finding(table, row, "id", "region.no_freight_class", value=row.text("id"))


def statutory_class_has_a_source(folder: Folder) -> Iterator[Fault]:
    """Check that a port with a statutory class says which document assigns it and of what standing that is."""
    columns = ("statutory_class", "statutory_class_source", "statutory_class_standing")
    table = folder.tables["ports"]
    if not readable(folder, "ports", *columns):
        return
    for row in table.rows:
        if not sound(row, *columns) or not row["statutory_class"]:
            continue
        for column in columns[1:]:
            if not row[column]:
                yield finding(table, row, column, "region.class_without_source", port=word(row, "id"))


def periods_run_forward(folder: Folder) -> Iterator[Fault]:
    """Check that a period ends after it begins, in the year of the row, as `full_year` says."""
    table = folder.tables["port_throughput"]
    for row in table.rows:
        if not sound(row, "period_from", "period_to"):
            continue
        first, last = row["period_from"], row["period_to"]
        if not isinstance(first, date) or not isinstance(last, date):
            continue
        if first > last:
            yield finding(table, row, "period_from", "region.period_backwards", first=str(first), last=str(last))
            continue
        if sound(row, "year") and row["year"] is not None and row["year"] != last.year:
            yield finding(table, row, "year", "region.period_of_another_year", value=row["year"], last=str(last))
        whole = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year
        if sound(row, "full_year") and row["full_year"] is not None and row["full_year"] != whole:
            yield finding(
                table, row, "full_year", "region.full_year_differs", "warning", first=str(first), last=str(last)
            )


def districts_are_at_home(folder: Folder) -> Iterator[Fault]:
    """Check that a place that belongs to a district of the region lies in the home country."""
    table = folder.tables["place_districts"]
    countries = {word(row, "id"): word(row, "country") for row in folder.tables["places"].rows}
    home = folder.settings.country
    for row in table.rows:
        country = countries.get(word(row, "place"))
        if home and country and country != home:
            yield finding(table, row, "place", "region.district_abroad", place=row.text("place"), country=country)


def translations_say_something(folder: Folder) -> Iterator[Fault]:
    """Check that a translation says something in a language, and that some table holds its text."""
    table = folder.tables["translations"]
    if not readable(folder, "translations", "text", "text_zh", "text_en") or not table.rows:
        return
    cells = "\n".join(
        row.text(column.name)
        for other in folder.tables.values()
        if other is not table
        for row in other.rows
        for column in other.schema.columns
        if column.type == "text"
    )
    unused = [row for row in table.rows if word(row, "text") not in cells]
    for row in table.rows:
        if not (word(row, "text_zh") or word(row, "text_en")):
            yield finding(table, row, "text_zh", "region.translation_empty")
    absent = [other.file for other in folder.tables.values() if not other.present and other.schema.optional]
    if absent and len(unused) > 1:
        # They may all be of a table that somebody forgot: that is one thing to say, not one a row.
        given = {"count": len(unused), "tables": absent}
        yield finding(table, None, "text", "region.translations_of_absent_table", "warning", **given)
        return
    for row in unused:
        if word(row, "text_zh") or word(row, "text_en"):
            yield finding(table, row, "text", "region.translation_unused", "warning")


def synonyms_are_groups(folder: Folder) -> Iterator[Fault]:
    """Check that a group of synonyms has two words or more that can be searched for, none of them in two groups."""
    table = folder.tables["synonyms"]
    if not readable(folder, "synonyms", "words_zh", "words_en"):
        return
    first: dict[str, int] = {}
    for row in table.rows:
        if not sound(row, "words_zh", "words_en"):
            continue
        found = [(column, one) for column in ("words_zh", "words_en") for one in texts(row, column)]
        for column, one in found:
            known = key(one)
            if len(known) < 2:
                yield finding(table, row, column, "region.synonym_unsearchable", word=one)
            elif first.setdefault(known, row.line) != row.line:
                yield finding(table, row, column, "region.synonym_twice", word=one, first=first[known])
        if len({key(one) for _, one in found}) < 2:
            yield finding(table, row, "words_zh", "region.synonym_alone", count=len(found))


def consignments_are_clear(folder: Folder) -> Iterator[Fault]:
    """Check that a published route states its consignment in one way and joins two different places."""
    table = folder.tables["published_routes"]
    if not readable(folder, "published_routes", "tonnes", "teu", "origin", "destination"):
        return
    for row in table.rows:
        if sound(row, "tonnes", "teu") and (row["tonnes"] is None) == (row["teu"] is None):
            yield finding(table, row, "tonnes", "region.consignment_unclear", id=word(row, "id"))
        if word(row, "origin") and row.text("origin") == word(row, "destination"):
            yield finding(table, row, "destination", "region.joined_to_itself", place=row.text("origin"))
