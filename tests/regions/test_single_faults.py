"""Every fault the check can name, planted alone in a copy of the shipped region: it is named, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.regions.damage import Copy

from bridgehead.kernel import decoding
from bridgehead.kernel.errors import messages
from bridgehead.kernel.tables import LONGEST_CELL
from bridgehead.regions.check import check_region

Plant = Callable[[Copy], None]
WULIJI = ("region.no_border_link", "ports.csv", 15, "id")
"""The one warning of the undamaged region."""


def cell(code: str, table: str, row: int, column: str, value: str) -> tuple[str, Plant]:
    return code, lambda copy: copy.set(table, row, column, value, code)


def silence(copy: Copy) -> None:
    """Take back the expectation of the usual warning: after this damage nobody can know whether it holds."""
    copy.planted.remove(WULIJI)


def missing_file(copy: Copy) -> None:
    (copy.path / "costs.csv").rename(copy.path / "cost.csv")
    (copy.path / "costs.csv").symlink_to("gone.csv")
    copy.expect("table.missing_file", "costs.csv")


def missing_required_file(copy: Copy) -> None:
    (copy.path / "commodities.csv").unlink()
    copy.expect("table.missing_file", "commodities.csv")


def absent(*files: str, code: str = "table.missing_file") -> tuple[str, Plant]:
    """Remove files that others refer to; each is named once, and nobody who refers to it."""

    def plant(copy: Copy) -> None:
        for file in files:
            (copy.path / file).unlink()
            copy.expect(code, file)

    return code, plant


def forgotten_table_with_translations(copy: Copy) -> None:
    """A table that a region may do without, had nobody translated it."""
    (copy.path / "port_throughput.csv").unlink()
    copy.expect("region.translations_of_absent_table", "translations.csv", None, "text")


def id_that_is_a_formula(copy: Copy) -> None:
    """Rows that name the commodity by its right id are not blamed; a slip of the pen elsewhere still is."""
    copy.set("commodities", copy.find("commodities", id="timber"), "id", "=1+1", "table.formula")
    copy.set("demand", copy.find("demand", commodity="fluorspar"), "commodity", "fluorspat", "table.unknown_id")


def unreadable(copy: Copy) -> None:
    path = copy.path / "orgs.csv"
    path.unlink()
    path.symlink_to("orgs.csv")
    copy.expect("table.unreadable", "orgs.csv")


def not_a_file(copy: Copy) -> None:
    (copy.path / "places.csv").unlink()
    (copy.path / "places.csv").mkdir()
    copy.expect("table.not_a_file", "places.csv")
    silence(copy)


def too_large(copy: Copy) -> None:
    with (copy.path / "links.csv").open("ab") as stream:
        stream.truncate(decoding.LARGEST_FILE + 1)
    copy.expect("table.too_large", "links.csv")
    silence(copy)


def gbk(copy: Copy) -> None:
    path = copy.path / "commodities.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    copy.expect("table.wrong_encoding", "commodities.csv", 2)


def utf16(copy: Copy) -> None:
    path = copy.path / "ports.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    copy.expect("table.wrong_encoding", "ports.csv")
    silence(copy)


def workbook(copy: Copy) -> None:
    (copy.path / "demand.csv").write_bytes(b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xff\xff")
    copy.expect("table.not_text", "demand.csv", 1)


def empty_file(copy: Copy) -> None:
    (copy.path / "parameters.csv").write_bytes(b"")
    copy.expect("table.empty_file", "parameters.csv")


def semicolons(copy: Copy) -> None:
    rows = copy.rows("commodities")
    (copy.path / "commodities.csv").write_text("\n".join(";".join(row) for row in rows), encoding="utf-8")
    copy.expect("table.wrong_separator", "commodities.csv", 1)


def broken_quotes(copy: Copy) -> None:
    copy.replace("projects.csv", "\ngq-agv-channel,", '\n"gq-agv"-channel,')
    row = copy.path.joinpath("projects.csv").read_text(encoding="utf-8").split('\n"gq-agv"')[0].count("\n") + 2
    copy.expect("table.broken_quotes", "projects.csv", row)


def cell_too_long(copy: Copy) -> None:
    copy.set("sources", 10, "title", "x" * (LONGEST_CELL + 1))
    copy.expect("table.cell_too_long", "sources.csv", 10)


def missing_column(copy: Copy) -> None:
    copy.drop_column("clearance", "qualifier")
    copy.expect("table.missing_column", "clearance.csv", 1, "qualifier")


def misspelt_column(copy: Copy) -> None:
    copy.header("places", lambda names: ["latitude" if name == "lat" else name for name in names])
    copy.expect("table.missing_column", "places.csv", 1, "lat")
    copy.expect("table.extra_column", "places.csv", 1, "latitude")


def extra_column(copy: Copy) -> None:
    rows = copy.rows("demand")
    copy.write("demand", [[*rows[0], "remark"], *([*row, "x"] for row in rows[1:])])
    copy.expect("table.extra_column", "demand.csv", 1, "remark")


def duplicate_column(copy: Copy) -> None:
    rows = copy.rows("orgs")
    copy.write("orgs", [[*row, row[0]] for row in rows])
    copy.expect("table.duplicate_column", "orgs.csv", 1, "id")


def unnamed_column(copy: Copy) -> None:
    rows = copy.rows("orgs")
    copy.write("orgs", [["", *rows[0]], *(["x", *row] for row in rows[1:])])
    copy.expect("table.unnamed_column", "orgs.csv", 1)


def ragged_row(copy: Copy) -> None:
    rows = copy.rows("commodities")
    rows[5].append("one more")
    copy.write("commodities", rows)
    copy.expect("table.ragged_row", "commodities.csv", 6)


def only_link_mistyped(copy: Copy) -> None:
    """Lose the end of the only link of a place: the place itself is not called unreachable for that."""
    ends = [{row[0], row[1]} for row in copy.rows("links")[1:]]
    row = next(
        number
        for number, pair in enumerate(ends, start=2)
        if sum("chifeng-blc" in other for other in ends) == 1 and "chifeng-blc" in pair
    )
    copy.set("links", row, "to", "zzz", "table.unknown_id")


def unknown_id_in_list(copy: Copy) -> None:
    row = copy.find("aggregates", id="erenhot-all")
    copy.set("aggregates", row, "members", "erenhot-rail;erenhot-rode", "table.unknown_id")


def duplicate_key(copy: Copy) -> None:
    copy.expect("table.duplicate_key", "commodities.csv", copy.repeat("commodities", 4), "id")


def duplicate_composite_key(copy: Copy) -> None:
    copy.expect("table.duplicate_key", "clearance.csv", copy.repeat("clearance", 4))


def more_faults(copy: Copy) -> None:
    from bridgehead.kernel.tables import MOST_FAULTS_PER_TABLE

    rows = copy.rows("sources")
    for number in range(MOST_FAULTS_PER_TABLE + 5):
        rows.append([f"extra{number}", "", "", ""])
        if number < MOST_FAULTS_PER_TABLE:
            copy.expect("table.empty_cell", "sources.csv", len(rows), "title")
    copy.write("sources", rows)
    copy.expect("table.more_faults", "sources.csv")


def bad_toml(copy: Copy) -> None:
    copy.replace("region.toml", 'country = "CN"', 'country = "CN')
    line = copy.path.joinpath("region.toml").read_text(encoding="utf-8").split('country = "CN')[0].count("\n") + 1
    copy.expect("region.bad_toml", "region.toml", line)
    silence(copy)


def bad_trace_toml(copy: Copy) -> None:
    (copy.path / "trace.toml").write_text("[article.1\n", encoding="utf-8")
    copy.expect("region.bad_toml", "trace.toml", 1)


def missing_setting(copy: Copy) -> None:
    copy.replace("region.toml", 'name_en = "Inner Mongolia"\n', "")
    copy.expect("region.missing_setting", "region.toml", None, "region.name_en")


def bad_setting(copy: Copy) -> None:
    copy.replace("region.toml", "base_year = 2023", 'base_year = "2023"')
    copy.expect("region.bad_setting", "region.toml", None, "region.base_year")


def no_rows(copy: Copy) -> None:
    for table in ("port_commodities", "port_throughput", "clearance", "policies_reported", "projects", "plan_lines"):
        (copy.path / f"{table}.csv").unlink()
    for table in (
        "aggregates",
        "corridors",
        "map_places",
        "published_routes",
        "scenario_edits",
        "scenarios",
        "background_traffic",
        "calibration",
        "parameters",
        "demand",
        "links",
        "port_models/checks",
        "ports",
    ):
        copy.remove(table, lambda row: True)
    copy.expect("region.no_rows", "ports.csv")
    silence(copy)
    # Without links every place is alone; the first of them counts as the main network.
    first = min(row[0] for row in copy.rows("places")[1:])
    for number, row in enumerate(copy.rows("places")[1:], start=2):
        if row[0] != first:
            copy.expect("region.place_without_link", "places.csv", number, "id")


def id_in_two_tables(copy: Copy) -> None:
    row = copy.append("aggregates", id="hohhot", name_zh="某", name_en="Some", kind="average", standing="estimate")
    copy.expect("region.id_in_two_tables", "aggregates.csv", row, "id")


def no_demand_of_base_year(copy: Copy) -> None:
    copy.replace("region.toml", "base_year = 2023", "base_year = 2019")
    copy.expect("region.no_demand_of_base_year", "demand.csv", None, "year")


def no_freight_class(copy: Copy) -> None:
    copy.remove("freight_classes", lambda row: row["commodity"] == "timber")
    copy.expect("region.no_freight_class", "commodities.csv", copy.find("commodities", id="timber"), "id")


def class_without_source(copy: Copy) -> None:
    copy.set("ports", 2, "statutory_class", "hub")
    copy.set("ports", 3, "statutory_class", "ordinary")
    copy.set("ports", 3, "statutory_class_source", "a decision of 2026")
    copy.expect("region.class_without_source", "ports.csv", 2, "statutory_class_source")
    copy.expect("region.class_without_source", "ports.csv", 2, "statutory_class_standing")
    copy.expect("region.class_without_source", "ports.csv", 3, "statutory_class_standing")


def district_abroad(copy: Copy) -> None:
    row = copy.append("place_districts", place="moscow", district="150100", standing="assumption")
    copy.expect("region.district_abroad", "place_districts.csv", row, "place")


def consignment_unclear(copy: Copy) -> None:
    row = copy.append(
        "published_routes",
        **{"id": "made-up", "origin": "hohhot", "destination": "baotou", "commodity": "timber", "by": "cost"},
        **{"metric": "price", "value": "1", "unit": "USD/t", "source": "x", "source_date": "2024", "confidence": "low"},
    )
    copy.expect("region.consignment_unclear", "published_routes.csv", row, "tonnes")


def not_comparable(copy: Copy) -> None:
    code, find = "region.published_not_comparable", copy.find
    for id_, column, value in (
        ("dostyk-brest-rate", "unit", "USD/box"),  # a unit nobody knows
        ("dostyk-brest-time", "unit", "USD/FEU"),  # a time in money
        ("xian-moscow-price", "unit", "days"),  # a price in days
        ("erenhot-ulaanbaatar-box", "unit", "RUB/FEU"),  # a currency without a rate
        ("tavan-tolgoi-border-rail", "unit", "USD/TEU"),  # per box, of goods that are in none
        ("tavan-tolgoi-border-road", "value", "0"),
    ):
        copy.set("published_routes", find("published_routes", id=id_), column, value, code)


def published_without_answer(copy: Copy) -> None:
    row = copy.find("published_routes", id="dostyk-brest-rate")
    copy.set("published_routes", row, "modes", "sea")
    copy.expect("route.no_path", "published_routes.csv", row)


def scenario_without_edits(copy: Copy) -> None:
    copy.remove("scenario_edits", lambda row: row["scenario"] == "coal-down")
    copy.expect("scenario.no_edits", "scenarios.csv", copy.find("scenarios", id="coal-down"), "id")


def scenario_cannot_be_made(copy: Copy) -> None:
    row = copy.find("scenario_edits", scenario="erenhot-gauge")
    copy.set("scenario_edits", row, "place", "hohhot")
    copy.expect("scenario.no_gauge_change", "scenario_edits.csv", row, "place")


def background_off_the_network(copy: Copy) -> None:
    copy.set("background_traffic", 3, "unit", "Mt/yr", "region.background_unit")
    row = copy.find("links", capacity="")
    link = "--".join(copy.get("links", row, column) for column in ("from", "to", "mode"))
    copy.set("background_traffic", 4, "link", link)
    copy.expect("region.background_unit", "background_traffic.csv", 4, "unit")


def constant_without_room(copy: Copy) -> None:
    copy.set("calibration", 2, "lower", "0")
    copy.set("calibration", 2, "upper", "0", "calibration.bad_constant")


def month_names(copy: Copy) -> None:
    for row, text in ((3, "5-13"), (4, "May to October"), (5, "5-10-11")):
        copy.set("ports", row, "opening_months", text, "table.bad_months")
    copy.set("ports", 6, "opening_months", "11-3")


def counterpart_differs(copy: Copy) -> None:
    row = copy.find("ports", id="ceke")
    copy.set("ports", row, "counterpart_country", "RU", "region.counterpart_differs")


def gauge_meets_nothing(copy: Copy) -> None:
    """Turn the only railway to a terminal, and one in the middle of a line; neighbours are not blamed."""
    row = copy.find("links", **{"from": "tongliao", "to": "tongliao-ldp", "mode": "rail"})
    copy.set("links", row, "gauge_mm", "1520", "region.gauge_meets_nothing")
    row = copy.find("links", **{"from": "chita", "to": "ulan-ude", "mode": "rail"})
    copy.set("links", row, "gauge_mm", "1435", "region.gauge_meets_nothing")


def too_fast(copy: Copy) -> None:
    for mode, speed in (("rail", "800"), ("road", "600")):
        row = copy.find("links", mode=mode, speed_kmh="80")
        copy.set("links", row, "speed_kmh", speed, "region.speed_too_high")


def box_weight(copy: Copy) -> None:
    rows = [n for n, row in enumerate(copy.rows("demand")[1:], start=2) if float(row[4] or 0) > 0]
    tonnes = float(copy.get("demand", rows[0], "tonnes_per_year"))
    copy.set("demand", rows[0], "teu_per_year", str(tonnes / 31), "region.box_weight")
    copy.set("demand", rows[1], "tonnes_per_year", "1")
    copy.expect("region.box_weight", "demand.csv", rows[1], "teu_per_year")


def formula_differs(copy: Copy) -> None:
    for id_, value in (("rail-mn-exit-fee", "50"), ("rail-mn-rate", "0.44"), ("teu-any", "12.0")):
        row = copy.find("parameters", id=id_)
        copy.set("parameters", row, "value", value, "region.formula_differs")


def formula_of_unknown_series(copy: Copy) -> None:
    row = copy.find("indicators", id="landing_rate")
    copy.set("indicators", row, "formula", "100 * landed / resources_imported", "region.formula_of_unknown_series")


def formula_in_a_circle(copy: Copy) -> None:
    row = copy.find("indicators", id="trade_export")
    copy.set("indicators", row, "formula", "trade_total - trade_import", "region.formula_in_a_circle")
    total = copy.find("indicators", id="trade_total")
    copy.expect("region.formula_in_a_circle", "indicators.csv", total, "formula")


def indicators_that_cannot_be_reckoned_with(copy: Copy) -> None:
    """The unit, the formula and the period of indicators are what units, formulas and periods are elsewhere."""
    copy.set("indicators", copy.find("indicators", id="odi"), "unit", "10^8 stones", "unit.unknown")
    copy.set("indicators", copy.find("indicators", id="export_mech"), "formula", "growth(", "formula.unreadable")
    copy.set("indicator_values", 2, "period", "spring 2019", "period.unreadable")
    copy.set("indicator_values", 3, "unit", "trains", "unit.other_kind")


def link_to_itself(copy: Copy) -> None:
    row = copy.repeat("links", 2, to="harbin")
    copy.expect("region.joined_to_itself", "links.csv", row, "to")


def flow_to_itself(copy: Copy) -> None:
    row = copy.repeat("demand", 2, destination="tavan-tolgoi")
    copy.expect("region.joined_to_itself", "demand.csv", row, "destination")


def link_twice(copy: Copy) -> None:
    row = copy.repeat("links", 2, **{"from": "qiqihar", "to": "harbin"})
    copy.expect("region.link_twice", "links.csv", row, "from")


def rail_without_gauge(copy: Copy) -> None:
    copy.set("links", 2, "gauge_mm", "", "region.rail_without_gauge")


def length_below_great_circle(copy: Copy) -> None:
    copy.set("links", 3, "length_km", "100", "region.length_below_great_circle")


def length_of_half_the_great_circle(copy: Copy) -> None:
    """Less than half the way cannot be a rough figure: the region is refused."""
    copy.set("links", 3, "length_km", "50", "region.length_below_great_circle")
    (fault,) = [fault for fault in check_region(copy.path).faults if fault.code != WULIJI[0]]
    assert fault.severity == "error"


def length_in_metres(copy: Copy) -> None:
    copy.set("links", 3, "length_km", "164900", "region.length_far_above_great_circle")


def capacity_without_unit(copy: Copy) -> None:
    copy.set("links", 3, "capacity_unit", "", "region.capacity_without_unit")


def unknown_setting(copy: Copy) -> None:
    copy.replace("region.toml", "centre_lon = 112.0", "center_lon = 112.0")
    copy.replace("region.toml", "[map]", "[maps]\nwindow = 1\n\n[map]")
    copy.expect("region.unknown_setting", "region.toml", None, "map.center_lon")
    copy.expect("region.unknown_setting", "region.toml", None, "maps")


def map_beyond_the_poles(copy: Copy) -> None:
    copy.replace("region.toml", "100.4, 38.4, 121.2, 52.0", "38.4, 100.4, 52.0, 121.2")
    copy.replace("region.toml", "[41.0, 50.0]", "[112.0, 50.0]")
    copy.expect("region.bad_setting", "region.toml", None, "map.window")
    copy.expect("region.bad_setting", "region.toml", None, "map.parallels")


def port_without_position(copy: Copy) -> None:
    copy.set("ports", 2, "lat", "")
    copy.expect("region.port_without_position", "ports.csv", 2, "lat")


def port_without_counterpart(copy: Copy) -> None:
    copy.set("ports", 2, "counterpart_country", "", "region.port_without_counterpart")


def no_border_link(copy: Copy) -> None:
    copy.remove("corridors", lambda row: row["id"] == "shiwei-olochi")
    copy.remove("links", lambda row: {row["from"], row["to"]} == {"shiwei", "olochi"})
    copy.remove("translations", lambda row: "capacity of 20 trucks a day" in row["text"])
    copy.expect("region.no_border_link", "ports.csv", copy.find("ports", id="shiwei"), "id")


def unreachable_port(copy: Copy) -> None:
    copy.remove("links", lambda row: "wuliji" in (row["from"], row["to"]))
    row = copy.append("places", **dict.fromkeys(("id", "name_zh", "name_en"), "nowhere"), country="MN", kind="mine")
    for column, value in (("lat", "42"), ("lon", "105"), ("source", "x"), ("confidence", "estimate")):
        copy.set("places", row, column, value)
    link = copy.find("links", **{"from": "ceke", "to": "shivee-khuren"})
    copy.repeat("links", link, **{"from": "wuliji", "to": "nowhere", "length_km": "60"})
    copy.expect("region.unreachable_place", "ports.csv", copy.find("ports", id="wuliji"), "id")
    copy.expect("region.unreachable_place", "places.csv", row, "id")
    # The new link crosses the border, so that warning of the undamaged region goes.
    silence(copy)


def place_without_link(copy: Copy) -> None:
    row = copy.find("places", id="tongliao-ldp")
    copy.remove("links", lambda row: "tongliao-ldp" in (row["from"], row["to"]))
    copy.expect("region.place_without_link", "places.csv", row, "id")


def demand_without_path(copy: Copy) -> None:
    cut = {"tongliao-ldp", "tongliao"}
    for number, row in enumerate(copy.rows("links")[1:], start=2):
        if {row[0], row[1]} == cut:
            copy.set("links", number, "status", "planned")
    copy.expect("region.unreachable_place", "places.csv", copy.find("places", id="tongliao-ldp"), "id")
    row = copy.repeat("demand", 2, origin="tongliao-ldp")
    copy.expect("region.demand_without_path", "demand.csv", row, "destination")


def demand_over_a_closed_port(copy: Copy) -> None:
    """Plant a mine abroad that is joined to a port alone, and close that port."""
    mine = copy.append("places", **dict.fromkeys(("id", "name_zh", "name_en"), "lone-mine"), country="MN", kind="mine")
    for column, value in (("lat", "47.8"), ("lon", "118.3"), ("source", "x"), ("confidence", "estimate")):
        copy.set("places", mine, column, value)
    crossing = copy.find("links", mode="road")
    copy.repeat("links", crossing, **{"from": "ebuduge", "to": "lone-mine", "length_km": "60"})
    flow = copy.repeat("demand", 2, origin="lone-mine")
    copy.set("ports", copy.find("ports", id="ebuduge"), "status", "not_open")
    copy.expect("region.unreachable_place", "places.csv", mine, "id")
    copy.expect("region.demand_without_path", "demand.csv", flow, "destination")


def corridor_too_short(copy: Copy) -> None:
    names = {"name_zh": "短", "name_en": "Short", "standing": "assumption"}
    row = copy.append("corridors", id="short", sequence="1", place="hohhot", **names)
    copy.expect("region.corridor_too_short", "corridors.csv", row, "sequence")


def corridor_sequence(copy: Copy) -> None:
    row = copy.find("corridors", id="shiwei-olochi", place="olochi")
    copy.set("corridors", row, "sequence", "4", "region.corridor_sequence")


def corridor_sequence_with_a_gap(copy: Copy) -> None:
    """Lose a place in the middle: the gap is named, not the link that nobody meant."""
    row = copy.find("corridors", id="cre-east", place="chita")
    copy.write("corridors", [cells for n, cells in enumerate(copy.rows("corridors"), start=1) if n != row])
    copy.expect("region.corridor_sequence", "corridors.csv", row, "sequence")


def corridor_name_differs(copy: Copy) -> None:
    row = copy.find("corridors", id="shiwei-olochi", place="olochi")
    copy.set("corridors", row, "name_en", "Another name", "region.corridor_name_differs")


def corridor_without_mode(copy: Copy) -> None:
    row = copy.find("corridors", id="shiwei-olochi", place="olochi")
    copy.set("corridors", row, "mode", "", "region.corridor_without_mode")


def corridor_without_link(copy: Copy) -> None:
    row = copy.find("corridors", id="shiwei-olochi", place="olochi")
    copy.set("corridors", row, "place", "moscow", "region.corridor_without_link")
    row = copy.find("corridors", id="cre-east", place="karymskaya")
    copy.set("corridors", row, "mode", "road", "region.corridor_without_link")


def unknown_cost_key(copy: Copy) -> None:
    row = copy.find("parameters", id="rail-cn-tariff-4-running")
    key = copy.get("parameters", row, "cost_key")
    copy.set("parameters", row, "cost_key", key.replace("class 4", "class 44"), "region.unknown_cost_key")


def copy_without_key(copy: Copy) -> None:
    row = copy.find("parameters", id="rail-cn-tariff-4-running")
    copy.set("parameters", row, "cost_key", "", "region.copy_without_key")


def copy_differs(copy: Copy) -> None:
    row = copy.find("parameters", id="rail-cn-tariff-4-running")
    copy.set("parameters", row, "value", "0.99", "region.copy_differs")


def articles_missing(copy: Copy) -> None:
    copy.remove("statute/fingerprints", lambda row: row["article"] == "12")
    copy.expect("statute.articles_missing", "statute/fingerprints.csv", None, "article")


def organisation_above_itself(copy: Copy) -> None:
    copy.set("orgs", 2, "parent", "150000", "region.organisation_above_itself")


def no_such_article(copy: Copy) -> None:
    copy.set("orgs", 2, "articles", "9,87-90", "statute.no_such_article")
    row = copy.repeat("statute/articles", 87, article="87")
    copy.expect("statute.no_such_article", "statute/articles.csv", row, "article")


def synonym_twice(copy: Copy) -> None:
    """Case, blanks and punctuation make no other word."""
    row = copy.append("synonyms", id="again", words_zh="贸促会机构", words_en="single-WINDOW")
    copy.expect("region.synonym_twice", "synonyms.csv", row, "words_en")


def synonym_alone(copy: Copy) -> None:
    row = copy.append("synonyms", id="alone", words_zh="独一无二", words_en="")
    copy.expect("region.synonym_alone", "synonyms.csv", row, "words_zh")


def synonym_unsearchable(copy: Copy) -> None:
    row = copy.append("synonyms", id="short", words_zh="港;港埠;港湾", words_en="—;harbour")
    copy.expect("region.synonym_unsearchable", "synonyms.csv", row, "words_zh")
    copy.expect("region.synonym_unsearchable", "synonyms.csv", row, "words_en")


def fact_value_without_words(copy: Copy) -> None:
    copy.remove("policy_words", lambda row: (row["fact"], row["value"]) == ("trade.partner_country", "MNG"))
    copy.expect("region.policy_words_missing", "policy_words.csv", None, "fact")


def policy_without_title(copy: Copy) -> None:
    copy.remove("policy_titles", lambda row: row["policy"] == "cn-mn-apta")
    copy.expect("region.policy_words_missing", "policy_titles.csv", None, "policy")


def kind_of_policy_without_name(copy: Copy) -> None:
    copy.remove("policy_terms", lambda row: (row["list"], row["id"]) == ("kind", "negative"))
    copy.expect("region.policy_words_missing", "policy_terms.csv", None, "id")


def unit_that_is_a_group(copy: Copy) -> None:
    copy.set("policy_words", copy.find("policy_words", fact="staff.total"), "unit", "staff")
    copy.expect("region.policy_words_missing", "policy_terms.csv", None, "id")


def words_for_a_value_nobody_asks_for(copy: Copy) -> None:
    row = copy.repeat("policy_words", copy.find("policy_words", fact="location.city", value="Shenzhen"), value="Xiamen")
    copy.expect("region.policy_words_unknown", "policy_words.csv", row, "value")


def title_of_no_policy(copy: Copy) -> None:
    row = copy.repeat("policy_titles", copy.find("policy_titles", policy="cn-mn-apta"), policy="cn-ru-apta")
    copy.expect("region.policy_words_unknown", "policy_titles.csv", row, "policy")


def policy_words_partial(copy: Copy) -> None:
    row = copy.find("policy_words", fact="staff.total")
    copy.set("policy_words", row, "help_mn", "", "region.policy_words_partial")
    row = copy.find("policy_words", fact="export.sold")
    copy.set("policy_words", row, "question_ru", "", "region.policy_words_partial")


def policy_words_unfinished(copy: Copy) -> None:
    row = copy.find("policy_titles", policy="cn-mn-apta")
    copy.set("policy_titles", row, "gist_ru", "До {limit} юаней.", "region.policy_words_unfinished")


def policy_words_percent(copy: Copy) -> None:
    row = copy.find("policy_words", fact="staff.total")
    copy.set("policy_words", row, "asked_as", "percent", "region.policy_words_percent")


def service_without_form(copy: Copy) -> None:
    copy.remove("service_fields", lambda row: row["service"] == "relief")
    copy.expect("region.service_lacks", "services.csv", copy.find("services", id="relief"), "id")


def services_without_hours(copy: Copy) -> None:
    copy.remove("office_hours", lambda row: True)
    copy.remove("translations", lambda row: "after common hours of offices" in row["text"])
    copy.expect("region.services_without_hours", "services.csv")


ADVICE = "outbound_consultation"


def service_cell(code: str, table: str, column: str, value: str, where: str = "", **cells: str) -> tuple[str, Plant]:
    """Plant a value in the row with some cells; the fault lies in its column, or in another one of the row."""

    def plant(copy: Copy) -> None:
        row = copy.find(table, **cells)
        copy.set(table, row, column, value)
        copy.expect(code, f"{table}.csv", row, where or column)

    return code, plant


def office_hours_doubled(copy: Copy) -> None:
    again = copy.repeat("office_hours", copy.find("office_hours", id="region"), id="again", weekdays="5-6")
    copy.expect("region.office_hours_doubled", "office_hours.csv", again, "weekdays")


def programme_kind_without_indicator(copy: Copy) -> None:
    copy.remove("programme_indicators", lambda row: row["kind"] == "standards")
    row = copy.find("programme_kinds", id="standards")
    copy.expect("region.programme_kind_lacks", "programme_kinds.csv", row, "id")


def programme_kinds_alike(copy: Copy) -> None:
    """A kind with another name, field and indicator, and the stages of one that is there."""
    copy.repeat("programme_kinds", copy.find("programme_kinds", id="standards"), id="norms")
    header, *body = copy.rows("programme_stages")
    stages = [row for row in body if row[0] == "standards"]
    copy.write("programme_stages", [header, *body, *(["norms", *row[1:]] for row in stages)])
    field = copy.find("programme_fields", kind="standards", type="integer")
    copy.repeat("programme_fields", field, kind="norms", field="norms_made", order="1")
    indicator = copy.find("programme_indicators", kind="standards")
    copy.repeat("programme_indicators", indicator, kind="norms", formula="norms_made / count")
    copy.expect("region.programme_kinds_alike", "programme_stages.csv", len(body) + 2, "kind")


def programme_stage_order(copy: Copy) -> None:
    row = copy.find("programme_stages", kind="standards", stage="adopted-abroad")
    copy.set("programme_stages", row, "order", "9", "region.programme_stage_order")


def programme_stage_term(copy: Copy) -> None:
    row = copy.find("programme_stages", kind="standards", stage="committee-draft")
    copy.set("programme_stages", row, "term", "four months", "region.programme_stage_term")


def programme_field_choices(copy: Copy) -> None:
    row = copy.find("programme_fields", kind="standards", type="choice")
    copy.set("programme_fields", row, "allowed_en", "International")
    copy.expect("region.programme_field_choices", "programme_fields.csv", row, "allowed")


def programme_field_whole(copy: Copy) -> None:
    row = copy.find("programme_fields", kind="exhibition", field="fulfilled_value")
    copy.set("programme_fields", row, "at_most", "counterparty", "region.programme_field_whole")


def programme_field_of_other_unit(copy: Copy) -> None:
    row = copy.find("programme_fields", kind="cooperation-zone", field="developed_km2")
    copy.set("programme_fields", row, "at_most", "projects_signed", "region.programme_field_whole")


def programme_formula_names(copy: Copy) -> None:
    row = copy.find("programme_indicators", kind="standards")
    copy.set("programme_indicators", row, "formula", "firms_useing / count", "region.programme_formula_names")


def port_without_model(copy: Copy) -> None:
    copy.remove("port_models/checks", lambda row: row["port_id"] == "erenhot-road")
    (copy.path / "port_models" / "erenhot-road.yaml").unlink()
    copy.expect("region.port_without_model", "ports.csv", copy.find("ports", id="erenhot-road"), "id")


def model_without_port(copy: Copy) -> None:
    folder = copy.path / "port_models"
    (folder / "atlantis.yaml").write_bytes((folder / "wuliji.yaml").read_bytes())
    copy.expect("region.model_without_port", "port_models/atlantis.yaml")


def model_of_other_port(copy: Copy) -> None:
    copy.replace("port_models/wuliji.yaml", "port: wuliji", "port: arxan")
    copy.expect("region.model_of_other_port", "port_models/wuliji.yaml")


def model_of_unknown_source(copy: Copy) -> None:
    copy.replace("port_models/ceke.yaml", "source: xh2026", "source: hearsay")
    copy.expect("region.model_unknown_source", "port_models/ceke.yaml")


PLANTS: list[tuple[str, Plant]] = [
    ("table.missing_file", missing_file),
    ("table.missing_file", missing_required_file),
    absent("aggregates.csv"),
    absent("costs.csv"),
    absent("orgs.csv"),
    absent("trace.toml"),
    absent("statute/articles.csv"),
    absent("statute/chapters.csv", "statute/articles.csv", "statute/fingerprints.csv"),
    ("region.translations_of_absent_table", forgotten_table_with_translations),
    ("table.formula", id_that_is_a_formula),
    ("table.unreadable", unreadable),
    ("table.not_a_file", not_a_file),
    ("table.too_large", too_large),
    ("table.wrong_encoding", gbk),
    ("table.wrong_encoding", utf16),
    ("table.not_text", workbook),
    ("table.empty_file", empty_file),
    ("table.wrong_separator", semicolons),
    ("table.broken_quotes", broken_quotes),
    ("table.cell_too_long", cell_too_long),
    ("table.missing_column", missing_column),
    ("table.missing_column", misspelt_column),
    ("table.extra_column", extra_column),
    ("table.duplicate_column", duplicate_column),
    ("table.unnamed_column", unnamed_column),
    ("table.ragged_row", ragged_row),
    cell("table.empty_cell", "places", 5, "name_zh", ""),
    cell("table.bad_number", "links", 9, "length_km", "nine"),
    cell("table.bad_number", "demand", 9, "tonnes_per_year", "8.03 Mt"),
    cell("table.not_finite", "costs", 9, "value", "NaN"),
    cell("table.thousands_separator", "demand", 2, "tonnes_per_year", "14,600,000"),
    cell("table.decimal_comma", "places", 2, "lat", "40,8106"),
    cell("table.full_width_number", "links", 4, "speed_kmh", "８０"),
    cell("table.number_is_date", "clearance", 4, "value", "2020-03-05"),
    cell("table.not_integer", "ports", 6, "freight_lanes_in", "7.5"),
    cell("table.bad_boolean", "links", 2, "electrified", "maybe"),
    cell("table.bad_date", "port_throughput", 4, "period_to", "2014-06-31"),
    cell("table.bad_year", "demand", 3, "year", "202"),
    cell("table.bad_range", "orgs", 3, "articles", "83 and 84"),
    cell("table.bad_id", "sources", 3, "source_key", "two words"),
    cell("table.bad_country", "places", 3, "country", "China"),
    cell("table.not_allowed", "ports", 4, "mode", "railway"),
    cell("table.not_allowed", "published_routes", 4, "metric", "cost"),
    cell("table.empty_cell", "parameters", 20, "source", ""),
    ("table.bad_months", month_names),
    cell("table.below_minimum", "demand", 4, "tonnes_per_year", "-5"),
    cell("table.above_maximum", "ports", 4, "freight_lanes_in", "1000"),
    cell("table.negative_length", "links", 7, "length_km", "-187.4"),
    cell("table.coordinate_outside_globe", "places", 9, "lat", "111.65"),
    cell("table.coordinate_outside_globe", "ports", 9, "lon", "-190"),
    cell("table.unknown_id", "demand", 8, "origin", "tavan-tolgoy"),
    cell("table.unknown_id", "port_throughput", 8, "port_id", "all-ports"),
    cell("table.unknown_id", "links", 30, "to", "nowhere"),
    ("table.unknown_id", only_link_mistyped),
    ("table.unknown_id", unknown_id_in_list),
    ("table.duplicate_key", duplicate_key),
    ("table.duplicate_key", duplicate_composite_key),
    cell("table.formula", "places", 12, "note", '=HYPERLINK("http://x")'),
    cell("table.formula", "projects", 12, "note", "＝1+1"),
    cell("table.formula", "sources", 12, "title", "-2+3+cmd|' /C calc'!A0"),
    cell("table.control_character", "places", 12, "note", "a\x1b[2J"),
    ("table.more_faults", more_faults),
    ("region.bad_toml", bad_toml),
    ("region.bad_toml", bad_trace_toml),
    ("region.missing_setting", missing_setting),
    ("region.bad_setting", bad_setting),
    ("region.bad_setting", map_beyond_the_poles),
    ("region.unknown_setting", unknown_setting),
    ("region.no_rows", no_rows),
    ("region.id_in_two_tables", id_in_two_tables),
    ("region.no_demand_of_base_year", no_demand_of_base_year),
    ("region.no_freight_class", no_freight_class),
    ("region.class_without_source", class_without_source),
    cell("region.period_backwards", "port_throughput", 4, "period_from", "2029-01-01"),
    cell("region.period_of_another_year", "port_throughput", 2, "year", "1979"),
    cell("region.full_year_differs", "port_throughput", 2, "full_year", "0"),
    ("region.district_abroad", district_abroad),
    ("region.consignment_unclear", consignment_unclear),
    ("region.published_not_comparable", not_comparable),
    ("route.no_path", published_without_answer),
    ("scenario.no_edits", scenario_without_edits),
    ("scenario.no_gauge_change", scenario_cannot_be_made),
    cell("region.unknown_background_link", "background_traffic", 2, "link", "datong--qinhuangdao--railway"),
    ("region.background_unit", background_off_the_network),
    ("calibration.bad_constant", constant_without_room),
    cell("region.translation_empty", "translations", 5, "text_zh", ""),
    cell("region.translation_unused", "translations", 5, "text", "nobody wrote this"),
    ("region.synonym_alone", synonym_alone),
    ("region.synonym_twice", synonym_twice),
    ("region.synonym_unsearchable", synonym_unsearchable),
    ("region.joined_to_itself", link_to_itself),
    ("region.joined_to_itself", flow_to_itself),
    ("region.link_twice", link_twice),
    ("region.rail_without_gauge", rail_without_gauge),
    ("region.length_below_great_circle", length_below_great_circle),
    ("region.length_below_great_circle", length_of_half_the_great_circle),
    ("region.length_far_above_great_circle", length_in_metres),
    ("region.counterpart_differs", counterpart_differs),
    ("region.gauge_meets_nothing", gauge_meets_nothing),
    ("region.speed_too_high", too_fast),
    ("region.box_weight", box_weight),
    ("region.capacity_without_unit", capacity_without_unit),
    ("region.port_without_position", port_without_position),
    ("region.port_without_counterpart", port_without_counterpart),
    ("region.no_border_link", no_border_link),
    ("region.unreachable_place", unreachable_port),
    ("region.place_without_link", place_without_link),
    ("region.demand_without_path", demand_without_path),
    ("region.demand_without_path", demand_over_a_closed_port),
    ("region.corridor_too_short", corridor_too_short),
    ("region.corridor_sequence", corridor_sequence),
    ("region.corridor_sequence", corridor_sequence_with_a_gap),
    ("region.corridor_name_differs", corridor_name_differs),
    ("region.corridor_without_mode", corridor_without_mode),
    ("region.corridor_without_link", corridor_without_link),
    ("region.unknown_cost_key", unknown_cost_key),
    ("region.copy_without_key", copy_without_key),
    ("region.copy_differs", copy_differs),
    ("region.formula_differs", formula_differs),
    ("region.formula_of_unknown_series", formula_of_unknown_series),
    ("region.formula_in_a_circle", formula_in_a_circle),
    ("unit.unknown", indicators_that_cannot_be_reckoned_with),
    ("statute.articles_missing", articles_missing),
    ("region.organisation_above_itself", organisation_above_itself),
    ("statute.no_such_article", no_such_article),
    ("region.policy_words_missing", fact_value_without_words),
    ("region.policy_words_missing", policy_without_title),
    ("region.policy_words_missing", kind_of_policy_without_name),
    ("region.policy_words_missing", unit_that_is_a_group),
    ("region.policy_words_unknown", words_for_a_value_nobody_asks_for),
    ("region.policy_words_unknown", title_of_no_policy),
    ("region.policy_words_partial", policy_words_partial),
    ("region.policy_words_unfinished", policy_words_unfinished),
    ("region.policy_words_percent", policy_words_percent),
    ("region.programme_kind_lacks", programme_kind_without_indicator),
    ("region.programme_kinds_alike", programme_kinds_alike),
    ("region.programme_stage_order", programme_stage_order),
    ("region.programme_stage_term", programme_stage_term),
    ("region.programme_field_choices", programme_field_choices),
    ("region.programme_field_whole", programme_field_whole),
    ("region.programme_field_whole", programme_field_of_other_unit),
    ("region.programme_formula_names", programme_formula_names),
    ("region.service_lacks", service_without_form),
    ("region.services_without_hours", services_without_hours),
    service_cell("region.service_office", "service_states", "office", "nm-nobody", state="site"),
    service_cell("region.service_office", "services", "local", "league_city; village", id="relief"),
    service_cell("region.service_routing", "service_routing", "field", "question", choice="tax"),
    service_cell("region.service_routing", "service_routing", "field", "theme", choice="tax"),
    service_cell("region.service_routing", "service_routing", "choice", "taxes", choice="tax"),
    service_cell("table.unknown_id", "service_routing", "office", "nm-nobody", choice="tax"),
    service_cell("table.unknown_id", "service_routing", "service", "fortune", choice="tax"),
    service_cell(
        "region.service_field_choices", "service_fields", "choices_mn", "Бусад", "choices", field="complaint_about"
    ),
    service_cell("region.service_field_choices", "service_fields", "type", "text", "choices", field="topic"),
    service_cell("region.service_field_hint", "service_fields", "hint_ru", "", "hint_zh", field="question"),
    service_cell("region.service_field_bounds", "service_fields", "minimum", "121", "type", field="finance_months"),
    service_cell("region.service_field_bounds", "service_fields", "unit", "t", "type", field="goods_name"),
    service_cell("region.service_field_bounds", "service_fields", "longest", "9", "type", field="weight_t"),
    service_cell("region.service_urgent_field", "services", "urgent_field", "hurry", id=ADVICE),
    service_cell("region.service_urgent_field", "services", "urgent_field", "advice_on", id=ADVICE),
    *(
        service_cell("region.service_urgent_promise", "services", column, text, "urgent_first_answer", id=ADVICE)
        for column, text in (
            ("urgent_field", ""),
            ("urgent_first_answer", ""),
            ("urgent_first_answer", "8wh"),
            ("urgent_first_answer", "1wd"),
        )
    ),
    service_cell("region.service_move_answer", "service_moves", "only_if", "free=yes", move="issue_free"),
    service_cell("region.office_hours_days", "office_hours", "weekdays", "", id="region"),
    service_cell("region.office_hours_days", "office_hours", "season_to", "", "weekdays", id="region-summer"),
    service_cell("region.office_hours_days", "office_hours", "day", "2026-02-14", "weekdays", id="region"),
    ("region.office_hours_doubled", office_hours_doubled),
    ("region.port_without_model", port_without_model),
    ("region.model_without_port", model_without_port),
    ("region.model_of_other_port", model_of_other_port),
    ("region.model_unknown_source", model_of_unknown_source),
    cell("region.model_check_names", "port_models/checks", 2, "nodes", "gate"),
    cell("region.model_check_names", "port_models/checks", 2, "classes", "bicycle"),
    cell("region.model_check_range", "port_models/checks", 2, "low", "1401"),
]
ELSEWHERE = {
    # Not of a table or setting, but of the folder: test_hostile_folders.py
    "region.no_folder",
    "region.not_a_folder",
    "region.unreadable_folder",
    # Raised when somebody asks for a row: test_load.py
    "region.unknown_id",
    # Raised when somebody asks for a model: test_port_models.py
    "region.no_port_model",
}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    made = Copy(tmp_path / "copy")
    made.expect(*WULIJI)
    return made


@pytest.mark.parametrize(
    "plant", [pytest.param(plant, id=f"{number:02d}-{code}") for number, (code, plant) in enumerate(PLANTS)]
)
def test_it_is_named_and_nothing_else(copy: Copy, plant: Plant) -> None:
    plant(copy)
    planted, found = copy.verdict()
    assert found == planted


def test_every_code_of_a_check_is_planted() -> None:
    owned = {code for code in messages("zh") if code.startswith(("table.", "region.")) and ".trace_" not in code}
    assert owned - {code for code, _ in PLANTS} == ELSEWHERE
