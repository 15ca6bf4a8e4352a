"""A route with the simulated stay at its ports, in words and drawn: beside what the tables say, for officers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.engines.network.journey import Route
from bridgehead.engines.simulation.route_stays import (
    Crossing,
    Interval,
    SimulatedRoute,
    freight_classes,
    port_stay,
    simulated_route,
)
from bridgehead.ground import wording, words
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.regions.port_models import ports_with_models
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import prose, route_words
from bridgehead.rooms.gateway.selectors import names, port_runs


@dataclass(frozen=True, slots=True)
class Line:
    """A figure by the tables and by simulation, with its interval."""

    head: str
    tabled: str
    simulated: str
    interval: str


@dataclass(frozen=True, slots=True)
class Simulated:
    """What the simulated stay changes of a route; ``waiting`` are ports whose model was not run yet."""

    lines: tuple[Line, ...]
    chart: SafeString | str
    source: str
    runs: tuple[tuple[str, str], ...]
    waiting: tuple[tuple[str, str], ...]


def simulated(loaded: Loaded, viewer: Viewer, route: Route) -> Simulated | None:
    """Return a route with the stays of the ports whose model was run, None where none of its ports has a model.

    Articles: 12, 17
    """
    modelled = ports_with_models(loaded.region)
    stays, waiting = [], []
    for port in route.ports:
        if port not in modelled:
            continue
        seen = port_runs.seen(loaded, viewer, port, port_runs.BASE)
        report = port_runs.report(loaded, seen)
        if report is None:
            waiting.append((port, names.distinct(loaded, port)))
        elif report["whole"]["stay_mean_h"]["mean"] is not None:
            stays.append(port_stay(port, report, freight_classes(seen.known.model)))
    found = simulated_route(route, stays)
    if found is None:
        return Simulated((), "", "", (), tuple(waiting)) if waiting else None
    return Simulated(
        lines=tuple(_lines(loaded, found)),
        chart=route_words.distance_chart(loaded, [(_("仿真"), found.simulated), (_("按表"), found.tabled)], cost=False),
        source=_source(loaded, viewer, found),
        runs=tuple((one.stay.port, names.distinct(loaded, one.stay.port)) for one in found.crossings),
        waiting=tuple(waiting),
    )


def _lines(loaded: Loaded, found: SimulatedRoute) -> Iterator[Line]:
    for one in found.crossings:
        head = _("在%(port)s停留，小时") % {"port": names.distinct(loaded, one.stay.port)}
        yield _line(head, one.tabled_h, one.stay.hours)
    yield _line(_("全程，小时"), found.tabled.hours, found.hours)
    for speeds in found.speeds:
        if speeds.swd_kmh is None or speeds.swd_kmh.mean == speeds.tabled_swd_kmh:
            continue  # this mode passes no simulated port
        mode = words.word("mode", speeds.mode)
        if speeds.tabled_tfi1_h is not None and speeds.tfi1_h is not None:
            yield _line(_("每个过境点，小时（TFI1，%(mode)s）") % {"mode": mode}, speeds.tabled_tfi1_h, speeds.tfi1_h)
        if speeds.tabled_swd_kmh is not None:
            yield _line(
                _("含停留的速度，公里/小时（SWD，%(mode)s）") % {"mode": mode}, speeds.tabled_swd_kmh, speeds.swd_kmh
            )
        if speeds.swod_kmh is not None:
            same = Interval(speeds.swod_kmh, None, None)
            yield _line(_("不含停留的速度，公里/小时（SWOD，%(mode)s）") % {"mode": mode}, speeds.swod_kmh, same)


def _line(head: str, tabled: float, found: Interval) -> Line:
    between = ""
    if found.low is not None and found.high is not None:
        between = _("%(low)s 至 %(high)s") % {"low": _number(found.low), "high": _number(found.high)}
    return Line(prose.capital(head), _number(tabled), _number(found.mean), between)


def _number(value: float) -> str:
    return wording.number(value, language(), 2)


def _source(loaded: Loaded, viewer: Viewer, found: SimulatedRoute) -> str:
    return prose.joined(_run_words(loaded, viewer, one) for one in found.crossings)


def _run_words(loaded: Loaded, viewer: Viewer, one: Crossing) -> str:
    model = port_runs.seen(loaded, viewer, one.stay.port, port_runs.BASE).known.model
    named = (prose.inside(told.class_words(model, name)) for name in one.stay.classes)
    whose = prose.listed(named) or prose.inside(_("办成后离开口岸的主要单位"))
    values = {
        "port": names.distinct(loaded, one.stay.port),
        "n": told.plural_replications(one.stay.replications),
        "whose": whose,
    }
    return prose.tidy(_("%(port)s：%(n)s，%(whose)s的平均停留。") % values)
