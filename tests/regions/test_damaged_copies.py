"""Copies of the shipped region with several faults each: every planted fault is named, none is invented.

The copies are what people do to tables: a spreadsheet that turned figures into dates, a file saved in the wrong
encoding, rows pasted twice, a port forgotten, ids mistyped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.regions.damage import Copy

from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import load_region

WULIJI = ("region.no_border_link", "ports.csv", 15, "id")


def spreadsheet(copy: Copy) -> None:
    """Pass some tables through a spreadsheet with the wrong locale."""
    copy.set("links", 5, "length_km", "116,5", "table.decimal_comma")
    copy.set("links", 9, "length_km", "9-May", "table.number_is_date")
    copy.set("demand", 2, "tonnes_per_year", "14,600,000", "table.thousands_separator")
    copy.set("demand", 10, "tonnes_per_year", "#VALUE!", "table.not_finite")
    copy.set("port_throughput", 4, "period_from", "01/01/2011", "table.bad_date")
    copy.set("commodities", 3, "typical_value_usd_per_t", "USD 60", "table.bad_number")
    path = copy.path / "sources.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    copy.expect(*WULIJI)


def encodings(copy: Copy) -> None:
    """Save two tables in other encodings; what refers to them is not blamed."""
    for table, encoding, row in (("aggregates", "gb18030", 2), ("orgs", "utf-16", None)):
        path = copy.path / f"{table}.csv"
        path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
        copy.expect("table.wrong_encoding", f"{table}.csv", row)
    copy.set("places", 6, "lon", "1220.3", "table.coordinate_outside_globe")
    copy.expect(*WULIJI)


def columns(copy: Copy) -> None:
    """Lose, add and misspell columns."""
    copy.drop_column("links", "link_class")
    copy.expect("table.missing_column", "links.csv", 1, "link_class")
    copy.header("demand", lambda names: ["commodities" if name == "commodity" else name for name in names])
    copy.expect("table.missing_column", "demand.csv", 1, "commodity")
    copy.expect("table.extra_column", "demand.csv", 1, "commodities")
    rows = copy.rows("places")
    copy.write("places", [[*rows[0], "population"], *([*row, "1"] for row in rows[1:])])
    copy.expect("table.extra_column", "places.csv", 1, "population")
    copy.expect(*WULIJI)


def mistyped_ids(copy: Copy) -> None:
    """Mistype ids at both ends of links, in demand and in lists; nothing becomes unreachable for that."""
    for table, row, column, value in (
        ("links", copy.find("links", **{"from": "shiwei", "to": "olochi"}), "to", "olochy"),
        (
            "links",
            copy.find("links", **{"from": "tongliao", "to": "tongliao-ldp", "mode": "rail"}),
            "to",
            "tongliao-lpd",
        ),
        (
            "links",
            copy.find("links", **{"from": "tongliao", "to": "tongliao-ldp", "mode": "road"}),
            "to",
            "tongliao-lpd",
        ),
        ("demand", 20, "destination", "wuhaii"),
        ("projects", 4, "place_id", "ganqimaoduu"),
        ("place_districts", 3, "district", "150299"),
        ("corridors", copy.find("corridors", id="cre-east", place="chita"), "place", "tchita"),
    ):
        copy.set(table, row, column, value, "table.unknown_id")
    copy.expect(*WULIJI)


def pasted_twice(copy: Copy) -> None:
    """Paste rows twice, once the other way round; a report of another source is no duplicate."""
    copy.expect("table.duplicate_key", "places.csv", copy.repeat("places", 7), "id")
    copy.expect("table.duplicate_key", "links.csv", copy.repeat("links", 40))
    row = copy.rows("links")[39]
    copy.expect("region.link_twice", "links.csv", copy.repeat("links", 40, **{"from": row[1], "to": row[0]}), "from")
    copy.expect("table.duplicate_key", "port_throughput.csv", copy.repeat("port_throughput", 9))
    copy.repeat("port_throughput", 9, source="Another newspaper; https://example.org", value="1")
    copy.repeat("clearance", 9, source="Another report; https://example.org", value="1")
    copy.expect(*WULIJI)


def negative(copy: Copy) -> None:
    """Turn signs and swap coordinates."""
    copy.set("links", 12, "length_km", "-245.3", "table.negative_length")
    copy.set("links_reported", 3, "length_km", "-366.9", "table.negative_length")
    copy.set("demand", 30, "tonnes_per_year", "-1", "table.below_minimum")
    lat, lon = copy.get("ports", 2, "lat"), copy.get("ports", 2, "lon")
    copy.set("ports", 2, "lat", lon, "table.coordinate_outside_globe")
    copy.set("ports", 2, "lon", lat)
    copy.set("places", 4, "lon", "-200", "table.coordinate_outside_globe")
    copy.expect(*WULIJI)


def formulas(copy: Copy) -> None:
    """Hide formulas among signed numbers and bare dashes, which are none."""
    copy.set("places", 20, "note", "=cmd|' /C calc'!A0", "table.formula")
    copy.set("ports", 8, "note", "@SUM(A1)", "table.formula")
    copy.set("projects", 5, "name_en", "\t=1+1", "table.formula")
    copy.set("orgs", 9, "note", "+A1*2", "table.formula")
    copy.set("links", 6, "length_km", "=114.4", "table.formula")
    copy.set("costs", 5, "note", "-")
    copy.set("clearance", 5, "note", "-12.5")
    copy.set("port_throughput", 5, "yoy_pct", "-0.5")
    copy.expect(*WULIJI)


def cut_off(copy: Copy) -> None:
    """Close the only roads to two ports and put a flow where nothing leads."""
    for port in ("shiwei", "arxan"):
        copy.remove("corridors", lambda row, port=port: port in row["id"])
        copy.remove("links", lambda row, port=port: port in (row["from"], row["to"]))
        copy.expect("region.place_without_link", "ports.csv", copy.find("ports", id=port), "id")
        copy.expect("region.no_border_link", "ports.csv", copy.find("ports", id=port), "id")
    for number, row in enumerate(copy.rows("demand")[1:], start=2):
        if {"shiwei", "arxan"} & {row[0], row[1]}:
            copy.expect("region.demand_without_path", "demand.csv", number, "destination")
    new = copy.repeat("demand", 2, destination="shiwei")
    copy.expect("region.demand_without_path", "demand.csv", new, "destination")
    copy.remove("map_places", lambda row: row["place"] in {"shiwei", "arxan"})
    copy.expect(*WULIJI)


def half_broken_settings(copy: Copy) -> None:
    """Break settings and classes."""
    copy.replace("region.toml", 'currency = "CNY"', 'currency = "yuan"')
    copy.expect("region.bad_setting", "region.toml", None, "region.currency")
    copy.replace("region.toml", "parallels = [41.0, 50.0]", 'parallels = [41.0, "north"]')
    copy.expect("region.bad_setting", "region.toml", None, "map.parallels")
    copy.replace("region.toml", "articles = 86", "articles = 0")
    copy.expect("region.bad_setting", "region.toml", None, "statute.articles")
    copy.set("ports", 5, "statutory_class", "key", "table.not_allowed")
    copy.set("ports", 6, "statutory_class", "key_specialised")
    copy.set("ports", 6, "statutory_class_standing", "reported")
    copy.expect("region.class_without_source", "ports.csv", 6, "statutory_class_source")
    copy.expect(*WULIJI)


def ragged(copy: Copy) -> None:
    """Lose commas and quotes in the middle of files; the rows around are read."""
    for table, row in (("places", 30), ("links", 300), ("demand", 200)):
        rows = copy.rows(table)
        rows[row - 1] = rows[row - 1][:-3]
        copy.write(table, rows)
        copy.expect("table.ragged_row", f"{table}.csv", row)
    copy.set("links", 310, "mode", "", "table.empty_cell")
    copy.set("demand", 210, "commodity", "", "table.empty_cell")
    copy.expect(*WULIJI)


def missing_parts(copy: Copy) -> None:
    """Forget required and cited files; the rest is still checked."""
    (copy.path / "links.csv").unlink()
    copy.expect("table.missing_file", "links.csv")
    (copy.path / "commodities.csv").unlink()
    copy.expect("table.missing_file", "commodities.csv")
    (copy.path / "region.toml").unlink()
    copy.expect("table.missing_file", "region.toml")
    copy.set("places", 3, "country", "china", "table.bad_country")


def model(copy: Copy) -> None:
    """Change what the model reads: parameters, classes, corridors."""
    row = copy.find("parameters", id="rail-cn-tariff-5-running")
    copy.set("parameters", row, "value", "0.2", "region.copy_differs")
    row = copy.find("parameters", id="rail-cn-tariff-6-running")
    copy.set("parameters", row, "unit", "CNY/mile", "parameter.bad_unit")
    copy.set("parameters", copy.find("parameters", id="exchange-cny"), "basis", "guessed", "table.not_allowed")
    copy.remove("freight_classes", lambda row: row["commodity"] == "fluorspar")
    copy.expect("region.no_freight_class", "commodities.csv", copy.find("commodities", id="fluorspar"), "id")
    row = copy.find("corridors", id="mandula-baotou", place="bailingmiao")
    copy.set("corridors", row, "mode", "rail", "region.corridor_without_link")
    copy.expect(*WULIJI)


@pytest.mark.parametrize(
    "damage",
    [
        spreadsheet,
        encodings,
        columns,
        mistyped_ids,
        pasted_twice,
        negative,
        formulas,
        cut_off,
        half_broken_settings,
        ragged,
        missing_parts,
        model,
    ],
    ids=lambda damage: damage.__name__,
)
def test_every_planted_fault_is_named_and_none_invented(tmp_path: Path, damage: Callable[[Copy], None]) -> None:
    copy = Copy(tmp_path / "copy")
    damage(copy)
    planted, found = copy.verdict()
    assert found - planted == Counter(), "invented"
    assert planted - found == Counter(), "not named"
    with pytest.raises(BridgeheadError) as caught:
        load_region(copy.path)
    errors = Counter(
        (fault.code, fault.place.file, fault.place.row, fault.place.column) for fault in caught.value.faults
    )
    assert errors == Counter({key: count for key, count in planted.items() if key[0] != "region.no_border_link"})
