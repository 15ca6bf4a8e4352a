"""What the pages say of the model, against the flows themselves and against sums made here."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import pytest

from bridgehead.engines.flows.all_or_nothing import flow_paths
from bridgehead.ground.region import current, serving
from bridgehead.kernel.source import Standing
from bridgehead.rooms.gateway.selectors import corridors, demand, hinterland, modelled, places, port_head
from bridgehead.rooms.gateway.selectors import port as port_facts
from tests.rooms.gateway.reading import table


def test_the_ways_of_the_flows_add_up_to_the_flows() -> None:
    loaded = current()
    ways = modelled.paths(loaded)
    links: dict[tuple[str, str, str], float] = defaultdict(float)
    ports: dict[str, float] = defaultdict(float)
    for way in ways:
        for step in way.steps:
            links[step.link, step.origin, step.destination] += way.tonnes
        for port in way.ports:
            ports[port] += way.tonnes
    served = loaded.flows.totals.served_t
    # A share of a flow below 1e-9 of it is no way, so the sums may differ by as much.
    assert sum(way.tonnes for way in ways) == pytest.approx(served)
    for key in set(links) | set(loaded.flows.link_tonnes):
        assert links[key] == pytest.approx(loaded.flows.link_tonnes.get(key, 0.0), abs=1e-6 * served), key
    for total in loaded.flows.port_totals:
        assert ports[total.port] == pytest.approx(total.modelled_t, abs=1e-6 * served), total.port


def test_every_way_runs_from_its_origin_to_its_destination_without_a_gap() -> None:
    for way in modelled.paths(current()):
        at = way.origin
        for step in way.steps:
            assert step.origin == at, way
            at = step.destination
        assert at == way.destination


def test_the_hauls_of_a_way_cost_no_more_than_the_whole() -> None:
    for way in modelled.paths(current()):
        for name in ("usd_per_t", "hours", "kg_co2e_per_t"):
            hauls = sum(getattr(step, name) for step in way.steps)
            assert 0.0 <= hauls <= getattr(way, name) * (1 + 1e-5), (way, name)


def test_no_way_is_made_up_where_there_is_no_demand() -> None:
    loaded = current()
    first, _last = loaded.components.horizon
    demand = {(r["origin"], r["destination"], r["commodity"]) for r in table("demand")}
    assert {(w.origin, w.destination, w.commodity) for w in flow_paths(loaded.components, first)} <= demand


def test_the_use_of_a_border_is_load_over_capacity_of_its_fullest_direction() -> None:
    loaded = current()
    for row in table("ports"):
        shares = [
            use.share
            for use in loaded.flows.utilisation
            if row["id"] in (use.origin, use.destination)
            and loaded.components.countries[use.origin] != loaded.components.countries[use.destination]
        ]
        found = modelled.border_utilisation(loaded, row["id"])
        assert (found or 0.0) == pytest.approx(max(shares, default=0.0)), row["id"]


def test_the_hinterland_of_a_port_has_two_ends_for_every_tonne() -> None:
    loaded = current()
    for row in table("ports"):
        found = hinterland.hinterland(loaded, row["id"])
        total = modelled.port_total_t(loaded, row["id"]) or 0.0
        assert found.total_t == pytest.approx(total)
        ends = sum(end.tonnes for end in (*found.home, *found.abroad))
        assert ends == pytest.approx(2 * total)


def test_like_stands_beside_like_where_only_a_group_was_counted() -> None:
    loaded = current()
    seen = 0
    for row in table("ports"):
        found = port_facts.comparison(loaded, row["id"])
        if found.reported_of:
            members = next(r["members"].split(";") for r in table("aggregates") if r["id"] == found.reported_of)
            together = sum(t.modelled_t for t in loaded.flows.port_totals if t.port in members)
            assert found.modelled_t == pytest.approx(together)
            seen += 1
        if found.difference_t is not None:
            assert found.reported is not None
            assert found.reported.figure.value is not None
            assert found.modelled_t == pytest.approx(found.reported.figure.value + found.difference_t)
    assert seen


def test_the_length_of_a_corridor_is_the_sum_of_its_links() -> None:
    loaded = current()
    lengths = {frozenset((r["from"], r["to"], r["mode"])): float(r["length_km"]) for r in table("links")}
    wanted: dict[str, float] = defaultdict(float)
    before: dict[str, str] = {}
    for row in sorted(table("corridors"), key=lambda r: (r["id"], int(r["sequence"]))):
        if row["id"] in before:
            wanted[row["id"]] += lengths.get(frozenset((before[row["id"]], row["place"], row["mode"])), 0.0)
        before[row["id"]] = row["place"]
    found = {one.id: one for one in corridors.corridors(loaded)}
    assert set(found) == set(wanted)
    for id_, km in wanted.items():
        assert found[id_].length_km == pytest.approx(km), id_


def test_a_passage_runs_over_the_links_of_its_corridor_only() -> None:
    loaded = current()
    priced = 0
    for one in corridors.corridors(loaded):
        passage = corridors.passage(loaded, one.id)
        if passage.route is None:
            continue
        own = {leg.link.id for leg in one.legs if leg.link is not None}
        assert {link for leg in passage.route.legs for link in leg.links} <= own
        assert passage.route.km <= one.length_km + 1e-6
        assert passage.scenario == bool({leg.link.id for leg in one.unfinished if leg.link} & {
            link for leg in passage.route.legs for link in leg.links
        })  # fmt: skip
        priced += 1
    assert priced >= 10


def test_the_demand_of_a_place_is_that_of_the_file() -> None:
    loaded = current()
    out: dict[str, float] = defaultdict(float)
    into: dict[str, float] = defaultdict(float)
    for row in table("demand"):
        if row["year"] == str(loaded.region.settings.base_year):
            out[row["origin"]] += float(row["tonnes_per_year"])
            into[row["destination"]] += float(row["tonnes_per_year"])
    for line in places.lines(loaded):
        assert line.out_t == pytest.approx(out[line.id])
        assert line.in_t == pytest.approx(into[line.id])


def _with_rows(path: Path, target: Path, *rows: dict[str, str]) -> Path:
    """Copy a region and add rows to its demand."""
    shutil.copytree(path, target)
    with (target / "demand.csv").open(encoding="utf-8", newline="") as stream:
        listed = list(csv.DictReader(stream))
    with (target / "demand.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, listed[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows([*listed, *({**listed[0], **row} for row in rows)])
    return target


def test_the_demand_of_another_year_is_not_that_of_the_base_year(second_region: Path, tmp_path: Path) -> None:
    with serving(second_region) as loaded:
        before = {line.id: (line.out_t, line.in_t) for line in places.lines(loaded)}
        year = loaded.region.settings.base_year
        first = loaded.region.rows("demand")[0]
    more = {"year": str(year - 3), "tonnes_per_year": "777777"}
    with serving(_with_rows(second_region, tmp_path / "more", more)) as loaded:
        assert {line.id: (line.out_t, line.in_t) for line in places.lines(loaded)} == before
        found = places.place(loaded, str(first["origin"]))
        assert found.out_t == before[str(first["origin"])][0]
        assert sum(one.tonnes for one in found.demand if one.direction == "out") == found.out_t


def test_a_sum_of_demand_has_the_standing_of_its_weakest_row() -> None:
    loaded = current()
    rank = {"derived": 0, "assumption": 1}
    worst: dict[str, int] = {}
    sums: dict[tuple[str, str, str], int] = {}
    for row in table("demand"):
        for end in (row["origin"], row["destination"]):
            worst[end] = max(worst.get(end, 0), rank[row["confidence"]])
        key = (row["origin"], row["destination"], row["commodity"])
        sums[key] = max(sums.get(key, 0), rank[row["confidence"]])
    said = [Standing.DERIVED, Standing.ESTIMATE]
    assert {line.id: line.standing for line in places.lines(loaded) if line.standing} == {
        end: said[number] for end, number in worst.items()
    }
    assert len(set(worst.values())) == 2
    names_of = {row["id"]: row["name_zh"] for row in table("commodities")}
    for origin in {key[0] for key in sums}:
        for one in places.place(loaded, origin).demand:
            if one.direction == "out":
                wanted = max(
                    n for (a, b, c), n in sums.items() if (a, b, names_of[c]) == (origin, one.other, one.commodity)
                )
                assert one.standing is said[wanted], (origin, one)


def test_a_link_without_freight_is_nought_only_where_it_was_open() -> None:
    loaded = current()
    carried = {row.link for row in loaded.flows.links}
    seen = set()
    for row in table("links"):
        id_ = f"{row['from']}--{row['to']}--{row['mode']}"
        found = modelled.reading(loaded, loaded.components.links_by_id[id_])
        if id_ in carried:
            assert (found.tonnes or 0.0) > 0
        elif row["status"] in ("planned", "under construction") and not row["status_year"]:
            assert (found.tonnes, found.share, found.open_then) == (None, None, False)
            seen.add("planned")
        elif row["status"] == "open" and found.open_then:
            assert found.tonnes == 0.0
            assert found.share == (0.0 if row["capacity"] else None)
            seen.add("open with" if row["capacity"] else "open without")
    assert "planned" in seen
    assert "open with" in seen


def test_a_corridor_with_freight_but_no_capacity_is_not_called_empty() -> None:
    loaded = current()
    one = max(corridors.corridors(loaded), key=lambda found: found.most_t or 0.0)
    bare = tuple(replace(leg, use=replace(leg.use, directions=tuple(
        replace(way, use=None) for way in leg.use.directions)) if leg.use else None) for leg in one.legs)  # fmt: skip
    said = "".join(corridors.lead(replace(one, legs=bare)))
    assert "没有在它的任何一段上放货" not in said
    assert "没有能力数字" in said
    empty = replace(one, legs=tuple(replace(leg, use=None) for leg in one.legs))
    assert "模型没有在它的任何一段上放货" in "".join(corridors.lead(empty))


def test_the_foundation_of_the_demand_counts_the_rows_of_the_file() -> None:
    rows = [row["confidence"] for row in table("demand") if row["year"] == "2023"]
    said = demand.foundation(current())
    assert f"共 {len(rows)} 行" in said
    assert f"推算 {rows.count('derived')} 行" in said
    assert f"估计 {rows.count('assumption')} 行" in said
    here = [row for row in table("demand") if "chita" in (row["origin"], row["destination"])]
    assert f"与这里有关的 {len(here)} 行" in demand.foundation(current(), "chita")


@pytest.mark.parametrize(
    ("share", "words"), [(None, ""), (0.0, "0%"), (0.0018, "<0.5%"), (0.0049, "<0.5%"), (0.006, "1%"), (1.51, "151%")]
)
def test_a_little_use_never_reads_nought(share: float | None, words: str) -> None:
    assert modelled.Reading(1.0, share, True).share_words == words


def test_no_freight_is_not_put_down_to_cheaper_ports_without_demand(second_region: Path, tmp_path: Path) -> None:
    target = tmp_path / "empty"
    shutil.copytree(second_region, target)
    head = (target / "demand.csv").read_text(encoding="utf-8").splitlines()[0]
    (target / "demand.csv").write_text(head + "\n", encoding="utf-8")
    with serving(target) as loaded:
        assert loaded.flows.totals.demand_t == 0
        for row in loaded.region.rows("ports"):
            assert "别的口岸更省" not in "".join(port_head.head(loaded, str(row["id"])).answer)
