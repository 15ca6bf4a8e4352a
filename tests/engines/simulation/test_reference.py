"""The compiled kernel against a second engine in plain Python, draw for draw on random ports."""

import math

import pytest
from hypothesis import HealthCheck, given, settings

from bridgehead.engines.simulation import layout
from bridgehead.engines.simulation.compiling import compile_model
from bridgehead.engines.simulation.reference.deadlocks import Standstill
from bridgehead.engines.simulation.reference.engine import simulate_reference
from bridgehead.engines.simulation.running import simulate
from bridgehead.kernel.errors import BridgeheadError
from tests.engines.simulation.random_ports import ports, runs

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def differences(compiled, run):
    """What two engines count otherwise, in words; both may find the same deadlock."""
    try:
        tally = simulate(compiled, run)
    except BridgeheadError as error:
        (fault,) = error.faults
        assert fault.code == "simulation.deadlock"
        with pytest.raises(Standstill) as found:
            simulate_reference(compiled, run)
        told = fault.parameters
        if round(found.value.at_min, 1) != told["minute"] or not set(told["stations"]) <= found.value.knot:
            return [f"deadlock {told} and {found.value}"]
        return []
    return compared(tally, simulate_reference(compiled, run))


def compared(tally, reference):
    found = []

    def same(where, mine, other):
        if isinstance(mine, float) or isinstance(other, float):
            right = math.isclose(mine, other, rel_tol=1e-9, abs_tol=1e-7)
        else:
            right = mine == other
        if not right:
            found.append(f"{where}: kernel {mine}, reference {other}")

    def records(where, row, counts):
        for name, value in counts.plain().items():
            same(f"{where}.{name}", row[name].item(), value)

    def histogram(where, number, counts):
        cells = tally.histograms[number]
        same(where, {int(cell): int(cells[cell]) for cell in cells.nonzero()[0]}, dict(counts))

    def course(where, values, counts):
        for at, value in enumerate(values):
            same(f"{where}[{at}]", value.item(), counts.get(at, 0))

    parts, types = tally.compiled.parts, tally.compiled.types
    same("events", tally.events, reference.events)
    same("in_system", tally.in_system, reference.in_system)
    same("system_area", tally.system_area, reference.system_area)
    for at, part in enumerate(parts):
        counts = reference.nodes[at]
        if tally.nodes["servers"][at] < 0:  # there is no number of idle ones
            counts.idle_area = float(tally.nodes["idle_area"][at])
        records(part.name, tally.nodes[at], counts)
        course(f"{part.name}.bins", tally.bins[at], reference.bins[at])
        for kind in range(len(types)):
            where = f"{part.name}/{types[kind].unit_class.id}/{types[kind].band}"
            row, counts = tally.pairs[at, kind], reference.pairs[at][kind]
            records(where, row, counts)
            histogram(f"{where}.waits", row["wait_histogram"], counts.waits)
    course("system.bins", tally.bins[-1], reference.bins[-1])
    for kind, one in enumerate(types):
        where, row, counts = f"{one.unit_class.id}/{one.band}", tally.types[kind], reference.types[kind]
        records(where, row, counts)
        histogram(f"{where}.stays", row["stay_histogram"], counts.stays)
        histogram(f"{where}.waits", row["wait_histogram"], counts.waits)
        course(f"{where}.arrived", tally.counts[0, kind], reference.arrived[kind])
        course(f"{where}.done", tally.counts[1, kind], reference.done[kind])
    for at, area in enumerate(reference.pools):
        same(f"pool {at}", tally.pools["area"][at].item(), area)
    same("log", [tuple(row[name].item() for name in layout.LOGGED.names) for row in tally.log], reference.log)
    return found


@pytest.mark.article(12)
@QUICK
@given(ports(), runs())
def test_kernel_and_reference_agree_on_random_ports(model, run):
    assert differences(compile_model(model), run) == []


@pytest.mark.slow
@settings(QUICK, max_examples=600)
@given(ports(), runs())
def test_kernel_and_reference_agree_on_many_random_ports(model, run):
    assert differences(compile_model(model), run) == []
