"""Random small ports that use every feature, for engines that have to agree on what happens."""

from __future__ import annotations

from hypothesis import strategies as st

from bridgehead.engines.simulation.model import (
    Ageing,
    AppointmentArrivals,
    Balking,
    Breakdown,
    Combine,
    Distribution,
    ExtraLanes,
    Full,
    ListedArrivals,
    Match,
    MatchInput,
    Model,
    OpeningHours,
    Pool,
    Population,
    RateArrivals,
    RenewalArrivals,
    Route,
    Share,
    Source,
    Split,
    Station,
    UnitClass,
)
from bridgehead.engines.simulation.running import Run

HORIZON_MIN = 500.0
NODES = ("n0", "n1", "n2", "n3", "n4", "n5")


def distribution(kind, *numbers, parts=()):
    return Distribution(kind, tuple(float(one) for one in numbers), tuple(parts))


def maybe(strategy, *, often=1):
    """None, or `often` times as likely something."""
    return st.one_of(st.none(), *[strategy] * often)


def times(mean):
    """Distributions of times about so long; many on a grid, so that events coincide."""
    return st.sampled_from(
        [
            distribution("det", mean),
            distribution("det", mean),
            distribution("exp", mean),
            distribution("erlang", 3, mean),
            distribution("uniform", 0.5 * mean, 1.5 * mean),
            distribution("normal", mean, 0.6 * mean),
            distribution("lognormal", mean, 0.7),
            distribution("gamma", mean, 0.5),
            distribution("gamma", mean, 1.6),
            distribution("weibull", 1.7, mean),
            distribution("triangular", 0, mean, 2 * mean),
            distribution("empirical", mean, 2 * mean, 0.5 * mean),
            distribution("quantiles", 0, 0.2 * mean, 0.5, mean, 1, 3 * mean),
            distribution("poisson", mean),
            distribution("mix", 0.3, 0.7, parts=[distribution("exp", mean), distribution("det", mean)]),
        ]
    )


def some_time(*means):
    return st.sampled_from(means).flatmap(times)


@st.composite
def unit_classes(draw, count):
    found = []
    for at in range(count):
        ages = accrues = None
        growth = draw(st.sampled_from(["none", "none", "ages", "accrues"]))
        if growth == "ages":
            ages = (Ageing(5.0, 0.5), Ageing(20.0, draw(st.sampled_from([0.0, -1.0]))))
        elif growth == "accrues":
            accrues = draw(st.sampled_from([0.05, 0.5]))
        risk = draw(st.sampled_from([{}, {}, {"low": 0.7, "high": 0.3}]))
        priority = float(draw(st.integers(0, 2)))
        found.append(UnitClass("abc"[at], priority, ages or (), accrues or 0.0, risk))
    return tuple(found)


@st.composite
def hours(draw, name):
    period = draw(st.sampled_from([40.0, 60.0, 100.0]))
    begin, end = draw(st.sampled_from([(0.0, 0.7), (0.2, 0.8), (0.5, 1.0), (0.1, 0.3)]))
    return OpeningHours(
        name,
        period,
        ((begin * period, end * period),),
        {},
        draw(st.sampled_from(["finish", "pause", "empty"])),
        draw(st.sampled_from(["wait", "wait", "turn_away"])),
    )


@st.composite
def full(draw, capacity, others):
    kind = draw(st.sampled_from(["block", "block", "lose", "divert"]))
    if capacity is None or (kind == "divert" and not others):
        return Full()
    return Full(kind, draw(st.sampled_from(others)) if kind == "divert" else None)


def amounts(pools, most):
    if not pools:
        return st.just({})
    return st.one_of(st.just({}), st.dictionaries(st.sampled_from(sorted(pools)), st.integers(1, most), max_size=2))


@st.composite
def station(draw, name, others, pools, calendars):
    calendar = draw(maybe(st.sampled_from(calendars))) if calendars else None
    shifts = draw(st.sampled_from([(), (), ((0.0, 1), (30.0, 3), (90.0, 0), (100.0, 2), (200.0, 1))]))
    servers = max(level for _, level in shifts) if shifts else draw(st.sampled_from([1, 1, 2, 3, None]))
    capacity = draw(st.sampled_from([None, None, 0, 1, 2, 5]))
    patience = draw(st.sampled_from([{}, {}, {"*": 8.0}, {"a": 3.0}]))
    preempt = breakdown = lanes = None
    if servers is not None:
        preempt = draw(st.sampled_from([False, False, True]))
        if draw(st.integers(0, 2)) == 0:
            mode = draw(st.sampled_from(["resume", "repeat", "rejoin"]))
            breakdown = Breakdown(draw(some_time(20.0, 50.0)), draw(some_time(5.0)), draw(st.booleans()), mode)
        if not shifts and draw(st.integers(0, 3)) == 0:
            close_when = draw(st.integers(0, 2))
            opened = draw(st.integers(1, 3))
            lanes = ExtraLanes(
                draw(st.integers(1, 2)), close_when + opened, close_when, draw(st.sampled_from([0.0, 7.0]))
            )
    balking = None
    if draw(st.integers(0, 3)) == 0:
        chance = draw(st.sampled_from([0.5, 1.0]))
        balking = Balking(draw(st.integers(0, 3)), chance, draw(maybe(st.sampled_from(others))) if others else None)
    take, give = draw(amounts(pools, 1)), draw(amounts(pools, 2))
    need = draw(amounts(pools, 2))
    for pool, size in pools.items():
        if need.get(pool, 0) + take.get(pool, 0) > size:
            need = {one: amount for one, amount in need.items() if one != pool}
    return Station(
        id=name,
        servers=servers,
        service={"*": draw(some_time(2.0, 5.0, 12.0)), **({"a": draw(some_time(3.0))} if draw(st.booleans()) else {})},
        shifts=shifts,
        calendar=calendar,
        queue_capacity=capacity,
        full=draw(full(capacity, others)),
        balking=balking,
        patience={one: draw(times(mean)) for one, mean in patience.items()},
        gives_up_to=draw(maybe(st.sampled_from(others))) if patience and others else None,
        breakdown=breakdown,
        lanes=lanes,
        preempt=bool(preempt),
        needs=need,
        takes=take,
        returns=give,
    )


@st.composite
def node(draw, name, kind, others, pools, calendars, classes):
    one = st.sampled_from(classes)
    if kind == "match":
        sides = []
        for unit_class in classes:
            capacity = draw(st.sampled_from([None, 0, 1, 3]))
            sides.append(MatchInput(unit_class, capacity, draw(full(capacity, others))))
        return Match(name, tuple(sides), draw(maybe(one)))
    if kind == "split":
        return Split(name, {draw(one): draw(st.integers(1, 2)), draw(one): 1})
    if kind == "combine":
        after = draw(st.sampled_from([None, 0.0, 10.0, 25.0]))
        return Combine(name, draw(one), draw(st.integers(1, 3)), draw(one), after)
    return draw(station(name, others, pools, calendars))


@st.composite
def route(draw, node, later, earlier, stations, unit_class):
    if stations and draw(st.integers(0, 4)) == 0:
        size = min(2, len(stations))
        return Route(node, unit_class, (), tuple(draw(st.permutations(stations))[:size]))
    ways = []
    if later:
        ways.append((draw(st.sampled_from(later)), 0.6))
    if earlier and draw(st.booleans()):
        ways.append((draw(st.sampled_from(earlier)), 0.3))
    shares = [Share(to, {"*": share, "high": share / 2} if draw(st.booleans()) else {"*": share}) for to, share in ways]
    if len(shares) == 1 and draw(st.booleans()):
        shares = [Share(shares[0].to, {"*": 1.0})]
    return Route(node, unit_class, tuple(shares))


@st.composite
def source(draw, at, nodes, classes, calendars):
    name, where, one = f"s{at}", draw(st.sampled_from(nodes)), draw(st.sampled_from(classes))
    kind = draw(st.sampled_from(["renewal", "renewal", "rate", "booked", "timetable", "listed"]))
    if kind == "renewal":
        batch = draw(st.sampled_from([None, None, distribution("poisson", 1.2), distribution("det", 3)]))
        return Source(name, where, one, RenewalArrivals(draw(some_time(4.0, 8.0, 15.0)), batch))
    if kind == "rate":
        return Source(name, where, one, RateArrivals(60.0, ((0.0, 0.3), (20.0, 0.0), (30.0, 0.1))))
    lateness = draw(st.sampled_from([None, distribution("normal", -2, 9), distribution("uniform", -30, 5)]))
    missing = draw(st.sampled_from([0.0, 0.3]))
    if kind == "booked":
        calendar = draw(maybe(st.sampled_from(calendars))) if calendars else None
        slot = distribution("uniform", 0, 60)
        count = draw(st.sampled_from([distribution("det", 6), distribution("poisson", 5)]))
        return Source(name, where, one, AppointmentArrivals(60.0, count, slot, lateness, missing, calendar))
    if kind == "timetable":
        slots = (5.0, 30.0, 30.0)
        return Source(name, where, one, AppointmentArrivals(50.0, distribution("det", 3), slots, lateness, missing))
    return Source(name, where, one, ListedArrivals((0.0, 5.0, 5.0, 10.0, 50.0, 100.0)))


@st.composite
def ports(draw):
    classes = draw(unit_classes(draw(st.integers(1, 3))))
    names = [one.id for one in classes]
    pools = {f"p{at}": draw(st.integers(1, 3)) for at in range(draw(st.integers(0, 2)))}
    returning = {one: draw(maybe(some_time(3.0, 6.0))) for one in pools}
    calendars = [draw(hours(f"c{at}")) for at in range(draw(st.integers(0, 2)))]
    calendar_names = [one.id for one in calendars]
    ids = NODES[: draw(st.integers(2, len(NODES)))]
    kinds = ["station"] * 5 + ["split", "combine"] + (["match"] if len(classes) == 2 else [])
    kind = {one: draw(st.sampled_from(kinds)) for one in ids}
    splits = set(kind.values()) != {"station"}  # then nobody goes back, or units would breed or go round for ever
    aside = {one: [other for other in ids if other > one or (other < one and not splits)] for one in ids}
    nodes = tuple(draw(node(one, kind[one], aside[one], pools, calendar_names, names)) for one in ids)
    stations = [one.id for one in nodes if isinstance(one, Station)]
    routes = []
    for at, one in enumerate(nodes):
        earlier = list(ids[: at + 1]) if isinstance(one, Station) and not splits else []
        around = isinstance(one, Station) and not splits and draw(st.booleans())
        towards = [name for name in stations if around or name > one.id]
        for unit_class in ["*", *draw(st.sampled_from([[], names[:1]]))]:
            routes.append(draw(route(one.id, list(ids[at + 1 :]), earlier, towards, unit_class)))
    sources = tuple(draw(source(at, ids, names, calendar_names)) for at in range(draw(st.integers(1, 3))))
    population = ()
    if draw(st.integers(0, 2)) == 0:
        population = (Population(draw(st.sampled_from(ids)), names[0], draw(st.integers(1, 4))),)
    return Model(
        classes=classes,
        nodes=nodes,
        sources=sources,
        routes=tuple(routes),
        calendars=tuple(calendars),
        pools=tuple(Pool(one, size, returning[one]) for one, size in pools.items()),
        population=population,
    )


def runs(*, log=True):
    return st.builds(
        Run,
        horizon_min=st.just(HORIZON_MIN),
        warmup_min=st.sampled_from([0.0, 0.0, 50.0]),
        seed=st.integers(1, 2**40),
        replication=st.integers(0, 3),
        bin_min=st.sampled_from([0.0, 60.0, 7.0]),
        log=st.just(log),
    )
