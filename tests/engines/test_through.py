"""Who uses a link: worked by hand on a small store of ways, and sums that must hold on any."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridgehead.engines.flows.paths import FlowPath, Step
from bridgehead.engines.flows.through import PerTonne, through

MINE_GATE = Step("mine--gate", "mine", "gate", 2.0, 5.0, 1.0)
GATE_PORT = Step("gate--port", "gate", "port", 3.0, 1.0, 0.5)
PORT_MILL = Step("port--mill", "port", "mill", 7.0, 9.0, 4.0)
ROUND = Step("mine--mill", "mine", "mill", 20.0, 30.0, 9.0)
BACK = Step("gate--port", "port", "gate", 3.5, 1.5, 0.6)


def way(*steps: Step, tonnes: float, commodity: str = "coal", ports: tuple[str, ...] = ("p",)) -> FlowPath:
    start, end = steps[0].origin, steps[-1].destination
    return FlowPath(start, end, commodity, tonnes, "", steps, ports, 15.0, 20.0, 4.0, 6.0)


WAYS = (
    way(MINE_GATE, GATE_PORT, PORT_MILL, tonnes=60.0),
    way(ROUND, tonnes=30.0, ports=("q",)),
    way(GATE_PORT, tonnes=10.0, commodity="ore"),
    way(BACK, tonnes=5.0),
)


@pytest.mark.article(19)
def test_the_users_of_a_link_worked_by_hand() -> None:
    found = through(WAYS, [("gate--port", "gate", "port")], {("gate--port", "gate"): 3.0})
    assert found.tonnes == 70.0
    assert [(one.origin, one.destination, one.commodity, one.tonnes, one.sent_t) for one in found.users] == [
        ("mine", "mill", "coal", 60.0, 90.0),
        ("gate", "port", "ore", 10.0, 10.0),
    ]
    assert found.users[0].share == pytest.approx(2 / 3)
    assert [(part.of, part.share) for part in found.commodities] == [
        ("coal", pytest.approx(6 / 7)),
        ("ore", pytest.approx(1 / 7)),
    ]
    assert found.mean == PerTonne(15.0, 20.0, 4.0, 6.0)
    assert (found.here.usd, found.here.hours, found.here.wait_h, found.here.kg_co2e) == pytest.approx((3, 1, 3, 0.5))
    assert found.before.usd == pytest.approx(2.0 * 60 / 70)
    assert found.after.kg_co2e == pytest.approx(4.0 * 60 / 70)
    assert found.handling.wait_h == pytest.approx(1.0)
    assert [(one.link, one.tonnes) for one in found.links] == [("mine--gate", 60.0), ("port--mill", 60.0)]
    assert [(one.ports, one.tonnes, one.share) for one in found.beside] == [(("q",), 30.0, 0.3)]


def test_the_way_back_is_another_question() -> None:
    back = through(WAYS, [("gate--port", "port", "gate")])
    assert back.tonnes == 5.0
    assert [one.origin for one in back.users] == ["port"]
    both = through(WAYS, [("gate--port", "port", "gate"), ("gate--port", "gate", "port")])
    assert both.tonnes == 75.0


def test_a_link_nobody_uses_has_no_users() -> None:
    found = through(WAYS, [("nowhere", "a", "b")])
    assert found.tonnes == 0.0
    assert found.users == found.links == found.beside == ()
    assert found.mean == PerTonne()


STEPS = st.sampled_from([MINE_GATE, GATE_PORT, PORT_MILL, ROUND, BACK])
ANY = st.lists(
    st.builds(
        lambda steps, tonnes, goods, ports: way(*steps, tonnes=tonnes, commodity=goods, ports=ports),
        st.lists(STEPS, min_size=1, max_size=4),
        st.floats(0.0, 1e6),
        st.sampled_from(["coal", "ore"]),
        st.sampled_from([(), ("p",), ("q",), ("p", "q")]),
    ),
    max_size=12,
)


@given(ANY, st.sets(STEPS.map(lambda step: (step.link, step.origin, step.destination)), max_size=3))
def test_every_sum_is_the_freight_that_passes(paths: list[FlowPath], asked: set[tuple[str, str, str]]) -> None:
    found = through(paths, asked)
    passing = [p for p in paths if asked & {(s.link, s.origin, s.destination) for s in p.steps}]
    total = math.fsum(p.tonnes for p in passing)
    assert found.tonnes == pytest.approx(total)
    for parts in (found.users, found.origins, found.destinations, found.commodities):
        assert math.fsum(one.tonnes for one in parts) == pytest.approx(total)
    for name in ("usd", "hours", "wait_h", "kg_co2e"):
        legs = (found.before, found.here, found.after, found.handling)
        assert sum(getattr(leg, name) for leg in legs) == pytest.approx(getattr(found.mean, name), abs=1e-9)
    sent = {(u.origin, u.destination, u.commodity): u.sent_t for u in found.users}
    assert math.fsum(one.tonnes for one in found.beside) == pytest.approx(math.fsum(sent.values()) - total, abs=1e-3)
    assert all(one.tonnes <= total * (1 + 1e-12) for one in found.links)
    assert not asked & {(one.link, one.origin, one.destination) for one in found.links}
