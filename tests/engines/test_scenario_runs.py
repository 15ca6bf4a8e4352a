"""A scenario is held against the base of the same days; changes add up, and what changes nothing is nothing."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from bridgehead.engines.flows.choice_sets import path_size
from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.freight import Settings, freight_problem
from bridgehead.engines.flows.freight_flows import equilibrate, solution
from bridgehead.engines.flows.perceived_cost import path_costs, perceived_cost
from bridgehead.engines.flows.scenario_comparison import DEMAND, Comparison, Pair, compare
from bridgehead.engines.flows.scenario_runs import (
    UNSENT,
    Outcome,
    Workbench,
    base_periods,
    run_base,
    run_scenario,
)
from bridgehead.engines.network.applied import Applied
from bridgehead.engines.network.components import ComponentTables
from bridgehead.engines.network.scenario_reading import scenario_from_plain
from bridgehead.engines.network.scenarios import apply
from bridgehead.engines.network.virtual import Network
from bridgehead.kernel.errors import BridgeheadError
from tests.engines import small

ROOM = {"rail": (20.0, "trains/day/direction"), "road": (2500.0, "vehicles/day/direction")}
TABLES = small.tables(
    links=tuple(
        replace(one, capacity=ROOM[one.mode][0], capacity_unit=ROOM[one.mode][1])
        for one in (*small.RAILWAY, *small.ROADS)
    ),
    demand=(
        small.demand("abroad", "inland", 4e6, calibration_port="port"),
        small.demand("inland", "abroad", 2e5, "boxes", teu=2e4, calibration_port="gate"),
    ),
    parameters=small.parameters(
        small.parameter("gauge_change_capacity", 6.0, "Mt/yr"),
        small.parameter("queue_servers", 1.0, "servers"),
        small.parameter("queue_variability", 1.0, "share"),
        small.parameter("overflow_share", 3.0, "share"),
        small.parameter("choice_constant", 0.0, "USD/t"),
        small.parameter("choice_spread", 5.0, "USD/t"),
    ),
)
MODES = {"port": "rail", "gate": "road"}
DISTRICTS = {"inland": "north", "port": "north", "gate": "south"}
BENCH = Workbench()
TEN_DAYS = {"from": "2023-07-01", "to": "2023-07-10"}


def made(*edits: Mapping[str, object], tables: ComponentTables = TABLES) -> Applied:
    return apply(scenario_from_plain({"year": 2023, "edits": list(edits)}, tables), tables)


def both(*edits: Mapping[str, object]) -> tuple[Outcome, Outcome]:
    applied = made(*edits)
    days = base_periods(applied.runs)
    return run_base(TABLES, 2023, days, workbench=BENCH), run_scenario(applied, workbench=BENCH)


def compared(*edits: Mapping[str, object]) -> Comparison:
    return compare(*both(*edits), MODES, DISTRICTS)


def changes(found: object) -> list[float]:
    """Every change in a comparison, wherever it stands."""
    if isinstance(found, Pair):
        return [found.change]
    if isinstance(found, tuple):
        return [value for one in found for value in changes(one)]
    names = getattr(found, "__dataclass_fields__", {})
    return [value for name in names if name not in {"base", "scenario"} for value in changes(getattr(found, name))]


CLOSED = {"edit": "close_port", "port": "port", **TEN_DAYS}
SCENARIOS = (
    CLOSED,
    {"edit": "capacity", "link": "port--station--rail", "factor": 0.4},
    {"edit": "demand", "commodity": "coal", "factor": 0.7},
    {"edit": "gauge_change_capacity", "place": "port", "factor": 0.5},
    {"edit": "parameter", "quantity": "border_entry_fee", "factor": 4.0},
    {"edit": "background", "link": "port--station--rail", "value": 8.0},
)


@pytest.mark.parametrize("edit", SCENARIOS, ids=lambda edit: edit["edit"])
def test_what_a_process_shares_changes_no_byte(edit: Mapping[str, object]) -> None:
    shared = run_scenario(made(edit), workbench=BENCH).to_json()
    assert run_scenario(made(edit)).to_json() == shared
    assert Outcome.from_json(shared).to_json() == shared


def test_a_scenario_without_effect_changes_nothing() -> None:
    found = compared({"edit": "capacity", "link": "port--station--rail", "factor": 1.0})
    assert set(changes(found)) == {0.0}
    assert found.moves == ()
    assert {(one.shippers, one.ports) for one in found.districts} == {("same", "same")}


@pytest.mark.parametrize("edit", SCENARIOS, ids=lambda edit: edit["edit"])
def test_swapped_every_change_turns_its_sign(edit: Mapping[str, object]) -> None:
    base, scenario = both(edit)
    there, back = compare(base, scenario, MODES, DISTRICTS), compare(scenario, base, MODES, DISTRICTS)
    for name in ("demand_t", "sent_t", "money_usd", "tonne_hours", "t_co2e", "perceived_usd"):
        assert getattr(there.sums, name).change == -getattr(back.sums, name).change
    assert {(m.commodity, m.before, m.after): pytest.approx(m.tonnes) for m in there.moves} == {
        (m.commodity, m.after, m.before): m.tonnes for m in back.moves
    }
    assert {one.name: one.amount.change for one in there.ports} == {one.name: -one.amount.change for one in back.ports}


@pytest.mark.parametrize("edit", SCENARIOS, ids=lambda edit: edit["edit"])
def test_tonnes_add_up(edit: Mapping[str, object]) -> None:
    found = compared(edit)
    sums = found.sums
    assert sums.sent_t.change + sums.unsent_t.change == pytest.approx(sums.demand_t.change, abs=1e-3)
    for one in found.ports:
        goods = [row.tonnes.change for row in found.port_goods if row.port == one.name]
        assert math.fsum(goods) == pytest.approx(one.amount.change, abs=1e-6)
        won = math.fsum(move.tonnes for move in found.moves if one.name in move.after)
        lost = math.fsum(move.tonnes for move in found.moves if one.name in move.before)
        assert won - lost == pytest.approx(one.amount.change, abs=2e-4 * sums.demand_t.base)
    assert math.fsum(one.amount.change for one in found.border_modes) == pytest.approx(
        math.fsum(one.amount.change for one in found.ports)
    )


def test_a_closure_is_run_on_its_own_days_alone() -> None:
    base, scenario = both(CLOSED)
    assert (base.days, scenario.days, base.days_in_year) == (10, 10, 365)
    year = run_base(TABLES, 2023, base_periods(made(SCENARIOS[1]).runs))
    assert year.days == 365
    # Ten days are ten days of the year: the same load a day, so the same waits and shares.
    assert math.fsum(one.tonnes for one in base.lanes) == pytest.approx(4.2e6 * 10 / 365)
    assert [one.share for one in base.queues] == pytest.approx([one.share for one in year.queues], rel=1e-3)
    found = compare(base, scenario, MODES, DISTRICTS)
    assert {(move.before, move.after) for move in found.moves} <= {(("port",), ("gate",)), (("port",), UNSENT)}
    assert [(one.link, one.origin) for one in found.waited] == [("port--station--rail", "station")]
    [there] = [one.amount for one in found.ports if one.name == "port"]
    assert found.waited_t == pytest.approx(there.scenario), "nothing passes a closed port but what waits for it"
    assert found.sums.perceived_usd.change > 0.0
    verdict = {one.district: (one.shippers, one.ports) for one in found.districts}
    assert verdict == {"north": ("loses", "loses"), "south": ("same", "gains")}


def closed_for(days: int, exact: bool = True) -> tuple[Outcome, Comparison]:
    applied = made({"edit": "close_port", "port": "port", "from": "2023-03-01", "to": f"2023-03-{days:02d}"})
    base = run_base(TABLES, 2023, base_periods(applied.runs), exact=exact, workbench=BENCH)
    scenario = run_scenario(applied, gap=1e-9, exact=exact, workbench=BENCH)
    return scenario, compare(base, scenario, MODES, DISTRICTS)


def waits_one_by_one(days: int, share: float) -> float:
    """Mean wait in days behind a closed link, arrivals let through one after the other at its capacity."""
    each, last, waits = 0.001, float(days), []
    for number in range(int(days / each)):
        come = (number + 0.5) * each
        last += share * each
        waits.append(last - come)
    return math.fsum(waits) / len(waits)


@pytest.mark.article(12)
@pytest.mark.parametrize("days", [4, 8, 11])
def test_a_closed_port_is_waited_for_as_long_as_the_queue_behind_it_says(days: int) -> None:
    scenario, found = closed_for(days)
    [coal] = found.waited
    share = coal.tonnes / days / 1000.0 / ROOM["rail"][0]
    assert coal.backlog_days == pytest.approx(share * days)
    assert coal.days == pytest.approx(waits_one_by_one(days, share), rel=1e-3)
    lane = next(one for one in scenario.lanes if (one.commodity, one.ports) == ("coal", ("port",)))
    assert lane.tonnes == pytest.approx(coal.tonnes)
    assert lane.wait_tonne_hours / lane.tonnes / 24.0 >= coal.days


def test_waiting_costs_what_the_other_way_costs_where_both_are_chosen() -> None:
    applied = made({"edit": "close_port", "port": "port", "from": "2023-03-01", "to": "2023-03-08"})
    network, [period] = Network(TABLES, 2023, home_ports_only=True), applied.runs
    rows = [row for row in TABLES.demand if row.commodity == "coal"]
    found = solution(freight_problem(network, rows, Settings.of_period(period, {})), 1e-10, exact=True)
    store, cost = found.equilibrium.paths, path_costs(found)
    used = np.flatnonzero((store.flow > 1.0) & ~store.is_overflow)
    assert len(used) == 2
    assert cost[used[0]] == pytest.approx(cost[used[1]], rel=1e-9)
    problem, waiting = found.freight.problem, found.freight.waiting_days > 0.0
    [over] = [path for path in used.tolist() if waiting[store.path(path)].any()]
    arcs = store.path(over)
    queues = problem.classes[0].value_of_time * np.append(found.equilibrium.time, 0.0)[problem.resource]
    others = queues[arcs][~waiting[arcs]].sum()
    open_cost = freight_problem(network, rows, Settings()).problem.classes[0].fixed[arcs].sum()
    price = TABLES.commodities_by_id["coal"].value_usd_per_t * 0.01
    share = store.flow[over] / period.days / 1000.0 / ROOM["rail"][0]
    assert cost[over] - open_cost - others == pytest.approx(price * waits_one_by_one(8, share), rel=1e-3)


def test_a_longer_closure_turns_more_freight_away_and_leaves_a_longer_backlog() -> None:
    rows = [closed_for(days)[1] for days in (2, 6, 20)]
    kept = [one.waited_t / one.sums.demand_t.base for one in rows]
    assert kept == sorted(kept, reverse=True)
    assert kept[0] > kept[-1]
    for one in rows:
        gone = math.fsum(move.tonnes for move in one.moves if move.before == ("port",))
        [there] = [port.amount for port in one.ports if port.name == "port"]
        assert one.waited_t + gone == pytest.approx(there.base, rel=1e-3)
        usual = {(queue.link, queue.origin): queue.share for queue in one.base.queues}
        for wait in one.waited:
            room = 1.0 - usual[wait.link, wait.origin]
            expected = wait.backlog_days / room if room > 0.0 else math.inf
            assert wait.clearing_days == pytest.approx(expected)


def test_less_demand_is_told_as_such() -> None:
    found = compared({"edit": "demand", "commodity": "coal", "factor": 0.7})
    assert found.sums.demand_t.change == pytest.approx(-0.3 * 4e6)
    gone = math.fsum(move.tonnes for move in found.moves if move.after == DEMAND)
    assert gone == pytest.approx(0.3 * 4e6, rel=0.01)
    assert {move.commodity for move in found.moves if move.after == DEMAND} == {"coal"}


def test_the_sums_are_those_of_the_equilibrium() -> None:
    days = base_periods(made(SCENARIOS[1]).runs)
    found, flows = run_base(TABLES, 2023, days), equilibrate(TABLES, 2023)
    totals = flows.flows.totals
    assert math.fsum(one.tonnes for one in found.lanes if one.sent) == pytest.approx(totals.served_t)
    assert math.fsum(one.money_usd for one in found.lanes) == pytest.approx(totals.money_usd)
    assert math.fsum(one.t_co2e for one in found.lanes) == pytest.approx(totals.t_co2e)
    waits = math.fsum(one.wait_tonne_hours for one in found.lanes)
    assert math.fsum(one.tonne_hours for one in found.lanes) - waits == pytest.approx(totals.tonne_hours)


def test_background_traffic_counts_in_the_unit_of_the_capacity() -> None:
    base, scenario = both({"edit": "background", "link": "port--station--rail", "value": 8.0})
    there = [one for one in scenario.queues if one.link == "port--station--rail"]
    assert {one.background for one in there} == {8.0}
    assert {one.background for one in base.queues} == {0.0}
    assert max(one.wait_h for one in there) > max(one.wait_h for one in base.queues if one.link == there[0].link)


@pytest.mark.parametrize("exact", [False, True])
def test_perceived_cost_is_that_of_every_way_in_use(exact: bool) -> None:
    network = Network(TABLES, 2023, home_ports_only=True)
    freight = freight_problem(network, demand_of(TABLES, 2023)[1], Settings())
    found = solution(freight, 1e-9, exact=exact)
    store, cost, perceived = found.equilibrium.paths, path_costs(found), perceived_cost(found)
    amount, size = freight.problem.pairs.amount, path_size(network.topology, store)
    seen = 0
    for path, pair in enumerate(store.pair_of_path.tolist()):
        share = store.flow[path] / amount[pair]
        if share > 1e-6:
            seen += 1
            told = 0.0 if found.spread is None else found.spread[pair] * math.log(share / size[path])
            assert cost[path] + told == pytest.approx(perceived[pair], rel=1e-4)
    assert seen >= 2


def test_runs_of_other_days_are_not_compared() -> None:
    base, scenario = both(CLOSED)
    with pytest.raises(BridgeheadError) as told:
        compare(replace(base, days=365), scenario, MODES)
    assert told.value.code == "scenario.not_comparable"
    with pytest.raises(BridgeheadError) as told:
        Outcome.from_json(b'{"format": 0}')
    assert told.value.code == "flows.unreadable"


def test_tables_travel_without_what_is_derived_from_them() -> None:
    assert TABLES.content_hash
    assert pickle.loads(pickle.dumps(TABLES)) == TABLES
