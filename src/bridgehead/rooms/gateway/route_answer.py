"""The answer to a question for a route: its sentence, the routes side by side, those that no other beats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.engines.network.alternatives import Alternative
from bridgehead.engines.network.components import RAIL
from bridgehead.engines.network.journey import Route
from bridgehead.engines.network.virtual import DEFAULT_MODES, Weights
from bridgehead.ground import routing, wording, words
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.ground.routing import HOURS_PER_DAY, Money
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.drawings import maps
from bridgehead.rooms.gateway.route_words import Rung, course, days, ladder, money, strip
from bridgehead.rooms.gateway.selectors import names, routes
from bridgehead.rooms.gateway.selectors.route_question import Question, query_of
from bridgehead.rooms.gateway.selectors.routes import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A route as a row of the comparison and as a ladder of legs, with its own map, large for the first.

    ``differs`` says in what it differs from the first, empty for those that are best by a criterion; ``query`` asks for
    the best routes over its port alone, or by rail alone.
    """

    anchor: str
    title: str
    note: str
    differs: str
    query: str
    route: Route
    strip: SafeString
    map: SafeString
    rungs: tuple[Rung, ...]
    total: Money
    per_t: Money
    per_teu: Money | None

    @property
    def days(self) -> float:
        """Days from door to door."""
        return self.route.hours / HOURS_PER_DAY

    @property
    def kg_per_t(self) -> float:
        """Emissions a tonne, kg of CO2 equivalents."""
        return self.route.kg_co2e_per_t


def best_by(keys: Sequence[str]) -> str:
    """Return by which criteria a route is the best, in words."""
    if set(keys) == {"cost", "time"}:
        return _("最省也最快")
    said = {"cost": _("最省"), "time": _("最快"), "co2e": _("排放最少"), "mix": _("综合最优")}
    return prose.capital(prose.listed(said[key] if i == 0 else said[key].lower() for i, key in enumerate(keys)))


def ways(loaded: Loaded, found: Answer) -> tuple[Way, ...]:
    """Return the routes that are best by some criterion, the one asked for first."""
    longest = _longest_h(found)
    return tuple(_way(loaded, route, longest, i, (best_by(keys), "")) for i, (keys, route) in enumerate(found.ways, 1))


def others(loaded: Loaded, found: Answer) -> tuple[Way, ...]:
    """Return the further routes that differ, best first."""
    longest, count = _longest_h(found), len(found.ways)
    listed = [
        _way(loaded, one.route, longest, i, (_title(loaded, one.route), _difference(one)), _through(found, one.route))
        for i, one in enumerate(found.others, count + 1)
    ]
    if found.train is not None:
        said = prose.capital(_("全程铁路")), _("只用铁路的最好一条")
        query = query_of(found.train.consignment, found.by, modes=(RAIL,))
        listed.append(_way(loaded, found.train, longest, count + len(listed) + 1, said, query))
    return tuple(listed)


def _through(found: Answer, route: Route) -> str:
    return query_of(route.consignment, found.by, via=route.ports[0]) if len(route.ports) == 1 else ""


def _longest_h(found: Answer) -> float:
    """Return the time of the slowest route of an answer: the strips share one scale."""
    return max(route.hours for route in found.told)


def _way(  # noqa: PLR0917 (one row of a table)
    loaded: Loaded, route: Route, longest: float, number: int, said: tuple[str, str], query: str = ""
) -> Way:
    title, differs = said
    total, per_t = money(loaded, route)
    links = [link for leg in route.legs for link in leg.links]
    return Way(
        anchor=f"way-{number}",
        title=title,
        note=prose.capital(course(loaded, route)),
        differs=differs,
        query=query,
        route=route,
        strip=strip(loaded, route, longest, title),
        map=maps.way_map(loaded, title, route.places, links, small=number > 1),
        rungs=ladder(loaded, route),
        total=total,
        per_t=per_t,
        per_teu=None if route.usd_per_teu is None else routing.money(loaded, route.usd_per_teu),
    )


def _title(loaded: Loaded, route: Route) -> str:
    if route.ports:
        said = _("经%(ports)s") % {"ports": prose.listed(names.distinct(loaded, port) for port in route.ports)}
    elif {leg.mode for leg in route.legs if leg.kind == "haul"} == {RAIL}:
        said = _("全程铁路")
    else:
        said = _("不经本地区口岸")
    return prose.capital(said)


def difference_words(codes: Sequence[str]) -> str:
    """Return in what a route differs from the best one, in words."""
    said = {
        "port": _("过境口岸"),
        "crossing": _("过境点"),
        "mode": _("运输方式"),
        "gauge_station": _("换轨站"),
        "transfer": _("换装地"),
        "course": _("走向"),
    }
    return prose.listed(said[code] for code in codes)


def _difference(one: Alternative) -> str:
    values = {
        "what": difference_words(one.differs),
        "share": wording.percent(one.common[0], language()),
        "more": wording.percent(one.more, language()),
    }
    return prose.capital(_("%(what)s与第一条不同，相同 %(share)s，多 %(more)s") % values)


def enough(found: Answer) -> str:
    """Return how many routes there are of those asked for, and what makes them differ."""
    listed = found.routes
    values = {
        "asked": listed.asked,
        "found": len(listed.routes),
        "share": wording.percent(listed.limit, language()),
    }
    if len(listed.routes) == listed.asked:
        said = _(
            "每条与更好的每一条相同不超过 %(share)s；相同按里程与过境点、换轨站各占一半算。"
            "最省、最快和全程铁路的总要列出，不受此限。"
        )
        return said % values
    if listed.exhausted:
        return _("要 %(asked)s 条，只有 %(found)s 条：再没有与它们相同不超过 %(share)s 的走法。") % values
    return _("找到 %(found)s 条后停止了搜索，可能还有别的。") % values


def weights(found: Answer) -> str:
    """Return the weights of a mix in words, empty where nothing is mixed."""
    used: Weights | None = found.first.weights
    if used is None:
        return ""
    values = {
        "hour": wording.number(used.usd_per_h, language(), 2),
        "kg": wording.number(used.usd_per_kg_co2e, language(), 3),
    }
    if used.parameter:
        return _("综合：整批货物每小时按 %(hour)s 美元（货物的时间价值参数），每公斤 CO₂e 按 %(kg)s 美元。") % values
    return _("综合：整批货物每小时按 %(hour)s 美元，每公斤 CO₂e 按 %(kg)s 美元。") % values


@dataclass(frozen=True, slots=True)
class ParetoLine:
    """A route that no other beats, as a row of a table."""

    least: str
    course: str
    route: Route

    @property
    def days(self) -> float:
        """Days from door to door."""
        return self.route.hours / HOURS_PER_DAY


def pareto(loaded: Loaded, found: Answer) -> tuple[ParetoLine, ...]:
    """Return the routes that no other beats in money, time and emissions at once, the cheapest first."""
    return tuple(
        ParetoLine(best_by(one.least) if one.least else "", prose.capital(course(loaded, one.route)), one.route)
        for one in found.pareto.routes
    )


def limits(loaded: Loaded, asked: Question) -> str:
    """Return what the question rules out, in words; empty where any port and every mode will do."""
    parts = [_("只经%(ports)s过境") % {"ports": names.distinct(loaded, asked.via)}] if asked.via else []
    if asked.avoid:
        avoided = prose.listed(names.distinct(loaded, port) for port in asked.avoid)
        parts.append(_("不经%(ports)s过境") % {"ports": avoided})
    if asked.modes != DEFAULT_MODES:
        parts.append(_("只用%(modes)s") % {"modes": prose.listed(words.word("mode", mode) for mode in asked.modes)})
    if asked.consignment is not None and asked.consignment.date is not None:
        parts.append(_("只走 %(month)s 月开放的口岸（月份没查到的算开放）") % {"month": asked.consignment.date.month})
    return prose.capital(_("，").join(parts))


def statement(loaded: Loaded, found: Answer) -> str:
    """Return the answer in sentences, first the way asked for: what it costs and takes, and what the other saves."""
    if found.by not in routes.EXTREMES:
        return _by_emissions_or_mix(loaded, found)
    cheap, fast = found.cheapest, found.fastest
    first, other = (cheap, fast) if found.by == "cost" else (fast, cheap)
    values = _values(loaded, first)
    if found.same:
        values["course"] = prose.capital(values["course"])
        return _("%(course)s，最省也最快：%(days)s 天，每吨 %(usd)s 美元。") % values
    more = {
        "course": course(loaded, other),
        "days": days(cheap.hours - fast.hours),
        "usd": wording.number(fast.usd_per_t - cheap.usd_per_t, language()),
    }
    if first is cheap:
        said = _("最省：%(course)s，%(days)s 天，每吨 %(usd)s 美元。") % values
        return prose.joined((said, _("最快：%(course)s，少 %(days)s 天，每吨多 %(usd)s 美元。") % more))
    said = _("最快：%(course)s，%(days)s 天，每吨 %(usd)s 美元。") % values
    return prose.joined((said, _("最省：%(course)s，多 %(days)s 天，每吨少 %(usd)s 美元。") % more))


def _by_emissions_or_mix(loaded: Loaded, found: Answer) -> str:
    values = _values(loaded, found.first)
    if found.by == "co2e":
        said = _("排放最少：%(course)s，每吨 %(kg)s 公斤 CO₂e，%(days)s 天，每吨 %(usd)s 美元。") % values
    else:
        said = _("综合最优：%(course)s，%(days)s 天，每吨 %(usd)s 美元、%(kg)s 公斤 CO₂e。") % values
    if found.first.legs == found.cheapest.legs:
        return prose.joined((said, _("它也最省。")))
    return prose.joined(
        (said, _("最省：%(course)s，%(days)s 天，每吨 %(usd)s 美元。") % _values(loaded, found.cheapest))
    )


def _values(loaded: Loaded, route: Route) -> dict[str, str]:
    return {
        "course": course(loaded, route),
        "days": days(route.hours),
        "usd": wording.number(route.usd_per_t, language()),
        "kg": wording.number(route.kg_co2e_per_t, language(), 1),
    }
