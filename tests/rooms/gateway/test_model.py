"""What the pages say of the model, against the flows themselves and against sums made here."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from bridgehead.engines.flows.paths import flow_paths, paths_from_json, paths_to_json
from bridgehead.ground.region import Loaded, current
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.gateway.selectors import corridors, hinterland, modelled, places
from bridgehead.rooms.gateway.selectors import port as port_facts
from tests.rooms.gateway.reading import table


def test_the_ways_of_the_flows_add_up_to_the_flows() -> None:
    loaded = current()
    ways = flow_paths(loaded.components)
    links: dict[tuple[str, str, str], float] = defaultdict(float)
    ports: dict[str, float] = defaultdict(float)
    for way in ways:
        for step in way.steps:
            links[step.link, step.origin, step.destination] += way.tonnes
        for port in way.ports:
            ports[port] += way.tonnes
    assert sum(way.tonnes for way in ways) == pytest.approx(loaded.flows.totals.served_t)
    assert set(links) == set(loaded.flows.link_tonnes)
    for key, tonnes in loaded.flows.link_tonnes.items():
        assert links[key] == pytest.approx(tonnes), key
    for total in loaded.flows.port_totals:
        assert ports[total.port] == pytest.approx(total.modelled_t), total.port


def test_every_way_runs_from_its_origin_to_its_destination_without_a_gap() -> None:
    for way in flow_paths(current().components):
        at = way.origin
        for step in way.steps:
            assert step.origin == at, way
            at = step.destination
        assert at == way.destination


def test_ways_are_read_back_as_they_were_written() -> None:
    ways = flow_paths(current().components)
    assert paths_from_json(paths_to_json(ways)) == ways
    assert paths_from_json(paths_to_json(())) == ()
    for damaged in ("", "[]", "{}", '{"format": 99, "paths": []}', '{"format": 1, "paths": [[1]]}', b"\xff"):
        with pytest.raises(BridgeheadError) as refused:
            paths_from_json(damaged)
        assert refused.value.code == "flows.unreadable"


def test_the_ways_are_kept_with_the_results_and_survive_a_damaged_file(tmp_path: Path) -> None:
    shipped = current()
    store = Store(tmp_path)
    first = Loaded(shipped.region, store)
    ways = modelled.paths(first)
    kept = next(tmp_path.glob("paths-*"))
    assert modelled.paths(Loaded(shipped.region, store)) == ways
    kept.write_bytes(b"damaged")
    assert modelled.paths(Loaded(shipped.region, store)) == ways
    store.write(kept.name.removesuffix(".result"), b'{"format": 0}')
    assert modelled.paths(Loaded(shipped.region, store)) == ways


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
        out[row["origin"]] += float(row["tonnes_per_year"])
        into[row["destination"]] += float(row["tonnes_per_year"])
    for line in places.lines(loaded):
        assert line.out_t == pytest.approx(out[line.id])
        assert line.in_t == pytest.approx(into[line.id])
