"""What is known before a run: servers without which a queue grows without end, and a first guess of the number needed.

Only the first discards: a staffing under which some queue grows without end keeps no promise for long. The bound is
used only where it is one, that is where nobody can leave in front of the station and no overtime is worked. The guess
only says where a search begins.

Methods: traffic equations and loads as in `bridgehead.engines.simulation.loads`; delay in M/M/c by Erlang, A. K.
(1917); G/G/c by Allen, A. O. (1990), Probability, statistics and queueing theory, 2nd ed. (formula of Allen and
Cunneen); fluid queue with closed hours as in Newell, G. F. (1982), Applications of queueing theory.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bridgehead.engines.simulation.distributions import mean, squared_variation, variance
from bridgehead.engines.simulation.loads import StationLoad, mean_servers, station_loads, visits_per_min
from bridgehead.engines.simulation.model import (
    ListedArrivals,
    Model,
    OpeningHours,
    RateArrivals,
    RenewalArrivals,
    Station,
)
from bridgehead.engines.simulation.staffing.lanes import Lanes
from bridgehead.engines.simulation.staffing.promises import Clause, Promise

_SAME = 1e-9


def fewest_by_load(model: Model, lanes: Sequence[Lanes]) -> dict[str, int]:
    """Return for stations without shifts the fewest servers under which their queue does not grow without end."""
    if _somebody_may_leave(model):
        return {}
    loads = {one.node: one for one in station_loads(model)}
    calendars = {one.id: one for one in model.calendars}
    stations = {node.id: node for node in model.nodes if isinstance(node, Station)}
    found = {}
    for one in lanes:
        station, calendar = stations[one.station], calendars.get(stations[one.station].calendar or "")
        offered = loads[one.station].offered
        if one.shift is not None or not math.isfinite(offered) or (calendar and calendar.at_close == "empty"):
            continue
        each = _most_of_one_server(station, calendar)
        extra = station.lanes.extra if station.lanes else 0
        if each > 0.0:
            found[one.station] = max(0, math.ceil(offered / each - _SAME) - extra)
    return found


def _somebody_may_leave(model: Model) -> bool:
    """Say whether units may leave without having been served, or come only at listed times."""
    return may_lose(model) or any(isinstance(source.arrivals, ListedArrivals) for source in model.sources)


def may_lose(model: Model) -> bool:
    """Say whether units may leave without having been served: be lost, balk, give up or be turned away."""
    stations = [node for node in model.nodes if isinstance(node, Station)]
    limited = any(
        node.balking or node.patience or (node.queue_capacity is not None and node.full.kind != "block")
        for node in stations
    )
    turned = any(one.while_closed == "turn_away" for one in model.calendars)
    inputs = any(one.capacity is not None for node in model.nodes if hasattr(node, "inputs") for one in node.inputs)
    return limited or turned or inputs


def _most_of_one_server(station: Station, calendar: OpeningHours | None) -> float:
    """Return the share of time one server can work at most, the end of the last service after closing included."""
    alone = replace(station, servers=1, shifts=(), lanes=None)
    share = mean_servers(alone, calendar)
    if calendar is None or calendar.at_close != "finish":
        return share
    longest = 0.0
    for service in station.service.values():
        first = mean(service)
        longest = max(longest, (variance(service) + first * first) / first if first > 0.0 else 0.0)
    return min(1.0, share + len(calendar.open) * longest / calendar.period_min)


def erlang_c(servers: int, load: float) -> float:
    """Return the share of units that wait in M/M/c, one where the load is too much."""
    if load >= servers:
        return 1.0
    lost = 1.0
    for c in range(1, servers + 1):
        lost = load * lost / (c + load * lost)
    return lost / (1.0 - load / servers * (1.0 - lost))


def stationary_wait(servers: int, load: float, service_min: float, variation: float, q: float | None = None) -> float:
    """Return the mean wait in G/G/c, or its `q` quantile taken as exponential among those who wait, approximately.

    Parameters
    ----------
    servers : int
        How many.
    load : float
        Mean number needed.
    service_min : float
        Mean service.
    variation : float
        Mean of the squared coefficients of variation of the times between arrivals and of services.
    q : float, optional
        Of a quantile; the mean without.
    """
    if load >= servers:
        return math.inf
    waits = erlang_c(servers, load)
    of_waiting = variation * service_min / (servers - load)
    if q is None:
        return waits * of_waiting
    return max(0.0, math.log(waits / (1.0 - q)) * of_waiting) if waits > 0.0 else 0.0


def fluid_wait(servers: float, load: float, open_share: float, period_min: float) -> float:
    """Return the mean wait of a fluid queue that fills while closed and drains while open, without randomness.

    Parameters
    ----------
    servers : float
        While open.
    load : float
        Mean number needed, the same at all hours.
    open_share, period_min : float
        Share of the period that is open, in one piece.
    """
    closed = (1.0 - open_share) * period_min
    if load >= servers * open_share:
        return math.inf
    drains = load * closed / (servers - load)
    return closed / 2.0 * (closed + drains) / period_min


def likely_servers(model: Model, lanes: Sequence[Lanes], promise: Promise) -> tuple[int, ...]:
    """Return a guess of the servers each station needs by itself; a place to begin, no bound."""
    loads = {one.node: one for one in station_loads(model)}
    stations = {node.id: node for node in model.nodes if isinstance(node, Station)}
    calendars = {one.id: one for one in model.calendars}
    visits = visits_per_min(model)
    variation = _arrival_variation(model)
    found = []
    for one in lanes:
        station = stations[one.station]
        calendar = calendars.get(station.calendar or "")
        spread = (variation + _service_variation(station, visits)) / 2.0
        found.append(_guess(one, station, loads[one.station], calendar, spread=spread, promise=promise))
    return tuple(found)


def _guess(
    lanes: Lanes,
    station: Station,
    load: StationLoad,
    calendar: OpeningHours | None,
    *,
    spread: float,
    promise: Promise,
) -> int:
    offered, arrivals = load.offered, load.arrivals_per_min
    if not (offered > 0.0 and arrivals > 0.0 and math.isfinite(offered)):
        return lanes.least
    share = lanes.hours_a_week / 168.0 if lanes.shift is None else 1.0
    period = calendar.period_min if calendar else 1440.0
    service = offered / arrivals
    here = [one for one in promise.clauses if one.node in {None, station.id}]
    for servers in range(lanes.least, lanes.most):
        closed = fluid_wait(servers, offered, share, period) if share < 1.0 else 0.0
        waits = [
            stationary_wait(servers, offered, service, spread, one.share if one.statistic != "mean" else None)
            for one in here
        ]
        allowed = [_allowed_wait(one, service, arrivals) for one in here]
        if offered < servers * share and all(
            wait + closed <= limit for wait, limit in zip(waits, allowed, strict=True)
        ):
            return servers
    return lanes.most


def _allowed_wait(clause: Clause, service_min: float, arrivals_per_min: float) -> float:
    if clause.quantity == "queue":
        return clause.limit / arrivals_per_min
    if clause.quantity == "lost":
        return math.inf
    return max(0.0, clause.limit - (service_min if clause.quantity == "stay" else 0.0))


def _arrival_variation(model: Model) -> float:
    """Return the squared variation of times between arrivals, one unless all sources say otherwise."""
    found = [
        squared_variation(source.arrivals.interarrival_min)
        for source in model.sources
        if isinstance(source.arrivals, RenewalArrivals)
    ]
    return max(found) if found and not any(isinstance(one.arrivals, RateArrivals) for one in model.sources) else 1.0


def _service_variation(station: Station, visits: Mapping[tuple[str, str], float]) -> float:
    """Return the squared variation of services over all classes that come."""
    total = first = second = 0.0
    for (node, unit_class), rate in visits.items():
        service = station.service.get(unit_class) or station.service.get("*")
        if node == station.id and service is not None and math.isfinite(rate):
            m = mean(service)
            total, first, second = total + rate, first + rate * m, second + rate * (variance(service) + m * m)
    return second * total / first**2 - 1.0 if first > 0.0 else 1.0


def not_monotone(model: Model) -> tuple[str, ...]:
    """Return why one server more might hurt here: words for priorities, blocking, shared pools and the like.

    Without any, units are served first come, first served in a network without limits. One server more then lets every
    unit of a station begin earlier, and makes all departures of a network earlier in distribution; see Shanthikumar,
    J. G. and Yao, D. D. (1989), Stochastic monotonicity in general queueing networks, J. Appl. Prob. 26.
    """
    stations = [node for node in model.nodes if isinstance(node, Station)]
    one_class = {(one.priority, one.ages, one.accrues) for one in model.classes}
    reasons = {
        "priorities": len(one_class) > 1,
        "blocking": any(node.queue_capacity is not None for node in stations),
        "pools": bool(model.pools),
        "leaving": any(node.balking or node.patience for node in stations)
        or any(one.while_closed == "turn_away" for one in model.calendars),
        "matching": any(not isinstance(node, Station) for node in model.nodes),
        "closing": any(one.at_close == "empty" for one in model.calendars),
        "lanes_by_queue": any(node.lanes for node in stations),
        "shortest_queue": any(route.shortest for route in model.routes),
        "breakdowns": any(node.breakdown for node in stations),
    }
    return tuple(word for word, holds in reasons.items() if holds)
