"""A scenario is held against the base of the same days; changes add up, and what changes nothing is nothing."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping
from dataclasses import replace

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
    assert not any(row.port == "port" for row in scenario.ports)
    found = compare(base, scenario, MODES, DISTRICTS)
    assert {(move.before, move.after) for move in found.moves} <= {(("port",), ("gate",)), (("port",), UNSENT)}
    assert found.sums.perceived_usd.change > 0.0
    verdict = {one.district: (one.shippers, one.ports) for one in found.districts}
    assert verdict == {"north": ("loses", "loses"), "south": ("same", "gains")}


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
