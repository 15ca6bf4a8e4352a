"""Port roles: measures against numpy, sources of tonnes, costs over each port, hinterlands and the proposal by hand."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.flows import port_division as division
from bridgehead.engines.flows import port_profiles as profiles
from bridgehead.engines.flows.all_or_nothing import assign, flow_paths
from bridgehead.engines.flows.hinterlands import great_circle_km, hinterlands, nearby
from bridgehead.engines.flows.port_costs import BEYOND, PortCosts, port_costs
from bridgehead.engines.flows.port_division import Room, Rules, divide
from bridgehead.engines.flows.port_profiles import Reported, Tonnage
from bridgehead.engines.flows.port_rivalry import rivals
from bridgehead.engines.flows.port_roles import port_roles
from bridgehead.engines.network.components import Place
from bridgehead.regions.load import load_region
from tests.engines.small import PLACES, RAILWAY, ROADS, demand, link, tables

PORT_IDS, GOODS = ("a", "b", "c", "d"), ("coal", "ore", "timber")
freight = st.lists(
    st.builds(
        Tonnage,
        st.sampled_from(PORT_IDS),
        st.sampled_from(("import", "export")),
        st.sampled_from(GOODS),
        st.just("FF"),
        st.floats(1e-3, 1e8),
        st.sampled_from(profiles.BASES),
    ),
    min_size=1,
    max_size=30,
)


def as_matrix(found, lines):
    return np.array([[one.shares.get(line, 0.0) * one.tonnes for line in lines] for one in found])


@pytest.mark.article(13)
@given(freight)
def test_the_measures_are_those_of_the_books(rows):
    found = profiles.profiles(rows)
    lines = sorted({(row.direction, row.commodity) for row in rows})
    tonnes = as_matrix(found, lines)
    assert tonnes.sum() == pytest.approx(sum(row.tonnes for row in rows))
    shares = tonnes / tonnes.sum(axis=1, keepdims=True)
    region = tonnes.sum(axis=0) / tonnes.sum()
    quotients = shares / region
    weights = tonnes.sum(axis=1) / tonnes.sum()
    assert weights @ quotients == pytest.approx(np.ones(len(lines)))
    for i, one in enumerate(found):
        assert math.fsum(one.shares.values()) == pytest.approx(1.0)
        told = {(line.direction, line.commodity): line.quotient for line in one.lines}
        assert [told.get(line, 0.0) for line in lines] == pytest.approx(quotients[i])
        assert one.herfindahl == pytest.approx((shares[i] ** 2).sum())
        assert 1 / len(lines) <= one.herfindahl * (1 + 1e-12)
        rest = tonnes.sum(axis=0) - tonnes[i]
        if len(found) > 1 and rest.sum() > 1e-6 * tonnes.sum():
            assert one.krugman == pytest.approx(np.abs(shares[i] - rest / rest.sum()).sum(), abs=1e-5)
        assert one.import_t + one.export_t == pytest.approx(one.tonnes)
        assert math.fsum(amount for _, amount in one.basis_t) == pytest.approx(one.tonnes)
    same = np.array(profiles.sameness(found))
    by_hand = np.minimum(shares[:, None, :], shares[None, :, :]).sum(axis=2)
    assert same == pytest.approx(by_hand)
    assert (same == same.T).all()
    assert (np.diag(same) == 1.0).all()
    # Krugman's index of two ports is what similarity leaves of two.
    for i in range(len(found)):
        assert profiles.krugman(found[0].shares, found[i].shares) == pytest.approx(2 * (1 - same[0, i]), abs=1e-9)


def test_tonnes_come_from_reports_then_from_marks_then_from_the_model():
    rows = (
        demand("abroad", "inland", 300.0, calibration_port="port"),
        demand("abroad", "inland", 100.0, "boxes", calibration_port="port"),
        demand("inland", "abroad", 50.0, calibration_port="port"),
        demand("inland", "abroad", 7.0),
    )
    net = tables(links=RAILWAY, demand=rows)
    both = Reported("port", "import", frozenset({"coal", "boxes"}), 800.0)
    found = profiles.tonnages(net, rows, flow_paths(net), [both])
    assert {(row.direction, row.commodity): (row.tonnes, row.basis) for row in found} == {
        ("import", "coal"): (600.0, "apportioned"),
        ("import", "boxes"): (200.0, "apportioned"),
        ("export", "coal"): (50.0, "demand"),
    }
    narrow = Reported("port", "import", frozenset({"coal"}), 310.0)
    found = profiles.tonnages(net, rows, flow_paths(net), [both, narrow])
    assert [(row.commodity, row.tonnes, row.basis) for row in found if row.direction == "import"] == [
        ("boxes", 100.0, "demand"),
        ("coal", 310.0, "reported"),
    ]
    only_coal = profiles.tonnages(net, rows[:1], (), [both])
    assert [(row.commodity, row.tonnes, row.basis) for row in only_coal] == [("coal", 800.0, "apportioned")]
    unmarked = (demand("inland", "abroad", 7.0),)
    net = tables(links=RAILWAY, demand=unmarked)
    (row,) = profiles.tonnages(net, unmarked, flow_paths(net))
    assert (row.port, row.tonnes, row.partner, row.basis) == ("port", 7.0, "FF", "model")


def test_a_report_alone_makes_a_line_and_one_that_cannot_be_split_makes_none():
    net = tables(links=RAILWAY)
    alone = Reported("gate", "import", frozenset({"coal"}), 5.0)
    assert profiles.tonnages(net, (), (), [alone]) == (Tonnage("gate", "import", "coal", "FF", 5.0, "reported"),)
    assert profiles.tonnages(net, (), (), [replace(alone, commodities=frozenset({"coal", "boxes"}))]) == ()


def test_the_cost_over_a_port_is_that_of_a_network_with_no_other_port():
    rows = (demand("inland", "abroad", 10.0), demand("abroad", "inland", 4.0, "boxes"))
    net = tables(links=RAILWAY + ROADS, demand=rows)
    for flow in port_costs(net):
        assert [port for port, _ in flow.usd_per_t] == sorted(("gate", "port"), key=dict(flow.usd_per_t).__getitem__)
        for port, links in (("port", RAILWAY), ("gate", ROADS)):
            (alone,) = [one for one in port_costs(replace(net, links=links)) if one.commodity == flow.commodity]
            assert alone.usd_per_t == ((port, dict(flow.usd_per_t)[port]),)


def test_a_flow_nobody_can_serve_has_no_costs_and_one_at_home_no_record():
    rows = (demand("inland", "abroad", 10.0), demand("inland", "inland2", 3.0))
    net = tables(links=RAILWAY[:1], demand=rows, places=(*PLACES, Place("inland2", "HH", "city", 41.0, 111.0)))
    (flow,) = port_costs(net)
    assert flow.usd_per_t == ()


def test_partners_are_neighbours_or_beyond():
    far = (*PLACES, Place("far", "GG", "city", 50.0, 60.0))
    rows = (demand("inland", "far", 10.0), demand("inland", "abroad", 1.0))
    net = tables(links=(*RAILWAY, link("abroad", "far", 50.0, gauges=(1520,))), demand=rows, places=far)
    assert {flow.destination: flow.partner for flow in port_costs(net)} == {"far": BEYOND, "abroad": "FF"}


def test_a_hinterland_worked_out_by_hand():
    places = (
        *PLACES,
        Place("park", "HH", "processing park", 43.0, 112.0),
        Place("town", "HH", "city", 43.5, 112.0),
    )
    rows = (
        demand("abroad", "inland", 60.0, calibration_port="port"),
        demand("abroad", "park", 30.0, calibration_port="port"),
        demand("abroad", "town", 10.0, calibration_port="port"),
    )
    net = tables(
        places=places,
        demand=rows,
        links=(*RAILWAY, link("park", "inland", 50.0, gauges=(1435,)), link("town", "port", 20.0, gauges=(1435,))),
    )
    (found,) = hinterlands(net, rows, flow_paths(net), {"park": "league", "inland": "league"})
    assert [(area.id, area.tonnes) for area in found.home] == [("league", 90.0), ("HH", 10.0)]
    assert [(area.id, area.share) for area in found.abroad] == [("FF", 1.0)]
    assert found.home_concentration == pytest.approx(0.9**2 + 0.1**2)
    assert found.home_km == pytest.approx((60 * 100 + 30 * 150 + 10 * 20) / 100)
    assert found.abroad_km == pytest.approx(210.0)
    near = {one.port: one for one in nearby(net, rows, (), 100.0)}["port"]
    assert (near.import_t, near.processed_t, near.other_near_t, near.onward_t) == (100.0, 30.0, 10.0, 60.0)
    assert near.sites[0].km == pytest.approx(0.7 * math.pi / 180 * 6371.0088)
    (unseen,) = hinterlands(net, rows, (), {})
    assert (unseen.basis, unseen.home_km, unseen.tonnes) == ("demand", None, 100.0)


def test_what_is_not_known_of_processing_is_none():
    net = tables(ports=(replace(tables().ports[0], lat=None), tables().ports[1]))
    lost, idle = (one for one in sorted(nearby(net, (), (), 100.0), key=lambda one: one.port == "gate"))
    assert (lost.processed_t, lost.processed_share, lost.onward_t) == (None, None, None)
    assert (idle.import_t, idle.processed_share) == (0.0, None)


def test_great_circles_of_known_length():
    assert great_circle_km(0, 0, 90, 77) == pytest.approx(6371.0088 * math.pi / 2)
    assert great_circle_km(10, 20, 10, 20) == 0.0
    assert great_circle_km(0, 0, 0, 180) == pytest.approx(6371.0088 * math.pi)


FLOW = PortCosts("abroad", "inland", "coal", 100.0, "port", "import", "FF", (("port", 50.0), ("gate", 52.0)))


def test_rivals_are_counted_from_the_port_that_has_the_freight():
    dear = replace(FLOW, tonnes=300.0, usd_per_t=(("port", 50.0), ("gate", 60.0)))
    found = {(one.port, one.other): one for one in rivals([FLOW, dear], {0: ["port"], 1: ["port"]}, (), 0.05)}
    assert found["port", "gate"].contestable_share == pytest.approx(0.25)
    assert found["port", "gate"].gap_usd_per_t == pytest.approx((2 * 100 + 10 * 300) / 400)
    assert ("gate", "port") not in found


def proposal(freight, costs, rooms=(), rules=None):
    return divide(tables(), freight, profiles.profiles(freight), costs, rooms=rooms, rules=rules or Rules())


@pytest.mark.article(11, 12, 13)
def test_a_proposal_gives_every_test_with_its_number():
    rows = [
        Tonnage("port", "import", "coal", "FF", 90.0, "reported"),
        Tonnage("gate", "import", "coal", "FF", 10.0, "demand"),
        Tonnage("gate", "import", "boxes", "FF", 90.0, "demand"),
    ]
    rooms = (Room("port", "import", 90.0, 100.0, "class assumption"),)
    boxes, coal = sorted(proposal(rows, [FLOW], rooms), key=lambda one: one.commodity)
    assert (coal.leader, coal.tonnes, coal.firm_share, coal.weak, coal.tied) == ("port", 100.0, 0.9, False, ())
    lead, other = coal.parts
    assert [(reason.test, reason.passed) for reason in lead.reasons] == [
        ("carries", True),
        ("specialised", True),
        ("cheapest", True),
        ("room", False),
        ("mode", True),
    ]
    assert lead.reason("carries").value == pytest.approx(0.9)
    assert lead.reason("specialised").value == pytest.approx(1.0 / (100 / 190))
    assert (lead.reason("cheapest").value, lead.reason("cheapest").gap_usd_per_t) == (1.0, -2.0)
    assert (other.port, other.role, other.passed) == ("gate", "leaves", 0)
    assert other.reason("cheapest").value == 0.0
    assert other.reason("cheapest").other == "port"
    assert other.reason("room").passed is None
    # Of the boxes no flow is known, so that nothing can be said of costs; the word is not known, not failed.
    assert boxes.weak
    assert boxes.parts[0].reason("cheapest").passed is None


def test_a_tie_is_told_and_decided_by_tonnes():
    rows = [Tonnage(port, "import", "coal", "FF", t, "demand") for port, t in (("port", 40.0), ("gate", 60.0))]
    near = replace(FLOW, usd_per_t=(("gate", 50.0), ("port", 50.5)))
    rooms = (Room("gate", "import", 1.0, 100.0, ""),)
    (found,) = proposal(rows, [near], rooms)
    # port: carries, cheapest, rail; gate: carries, cheapest, room.
    assert [part.passed for part in found.parts] == [3, 3]
    assert (found.leader, found.tied) == ("gate", ("port",))


def test_a_port_that_carries_nothing_may_support_but_not_lead():
    rows = [Tonnage("gate", "import", "coal", "FF", 60.0, "demand")]
    rooms = (Room("port", "import", 1.0, 100.0, ""),)
    (found,) = proposal(rows, [FLOW], rooms)
    assert [(part.port, part.role, part.tonnes) for part in found.parts] == [
        ("gate", "leads", 60.0),
        ("port", "supports", 0.0),
    ]


@pytest.mark.article(13)
@given(freight, st.randoms(use_true_random=False))
def test_the_proposal_does_not_depend_on_the_order_of_the_rows(rows, order):
    rows = [replace(row, port={"a": "port", "b": "gate"}.get(row.port, "port")) for row in rows]
    merged: dict[tuple[str, str, str], Tonnage] = {}
    for row in rows:
        merged.setdefault((row.port, row.direction, row.commodity), row)
    listed = list(merged.values())
    mixed = list(listed)
    order.shuffle(mixed)
    one, other = proposal(listed, [FLOW]), proposal(mixed, [FLOW])
    assert [(a.direction, a.commodity, a.leader, [p.role for p in a.parts]) for a in one] == [
        (a.direction, a.commodity, a.leader, [p.role for p in a.parts]) for a in other
    ]
    for market in one:
        assert [part.role for part in market.parts].count(division.LEADS) == 1
        assert math.fsum(part.share for part in market.parts) == pytest.approx(1.0)
        assert all(len(part.reasons) == len(division.TESTS) for part in market.parts)


@pytest.fixture(scope="module")
def shipped():
    net = load_region().network()
    paths = flow_paths(net)
    return net, paths, port_costs(net), assign(net)


def test_in_the_shipped_region_the_model_takes_the_cheapest_port(shipped):
    _, paths, costs, _ = shipped
    way = {(path.origin, path.destination, path.commodity, path.tonnes): path.ports for path in paths}
    for flow in costs:
        best = flow.usd_per_t[0][1]
        cheapest = {port for port, cost in flow.usd_per_t if cost <= best * (1 + 1e-9)}
        assert cheapest & set(way[flow.origin, flow.destination, flow.commodity, flow.tonnes])


@pytest.mark.article(11, 12, 13)
def test_the_shipped_region_gets_a_whole_proposal(shipped):
    net, paths, costs, flows = shipped
    found = port_roles(net, flows, paths, costs)
    mixed = list(costs)
    random.Random(1).shuffle(mixed)
    again = port_roles(net, flows, paths, mixed)
    assert [(a.commodity, a.leader) for a in again.assignments] == [(a.commodity, a.leader) for a in found.assignments]
    assert math.fsum(one.tonnes for one in found.profiles) == pytest.approx(math.fsum(r.tonnes for r in net.demand))
    assert math.fsum(one.tonnes for one in found.assignments) == pytest.approx(
        math.fsum(one.tonnes for one in found.profiles)
    )
    leaders = {(a.direction, a.commodity, a.partner): a.leader for a in found.assignments}
    assert leaders["import", "coking-coal", "MN"] == "ganqimaodu"
    assert leaders["import", "thermal-coal", "RU"] == "manzhouli-rail"
    one, other, value = found.pairs()[0]
    assert {one, other} == {"ganqimaodu", "ceke"}
    assert value == dict(found.alike("ceke"))["ganqimaodu"]
    assert {room.port for room in found.rooms} <= net.ports_by_id.keys()
    assert all(room.share >= 0 and room.capacity_t > 0 for room in found.rooms)
    assert "wuliji" in found.without
