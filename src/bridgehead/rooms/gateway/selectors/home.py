"""The first page: one sentence on what passed, the pace of the targets, the ports."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Figure, Standing
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names, ports, targets
from bridgehead.rooms.gateway.selectors.capacities import assumed
from bridgehead.rooms.gateway.selectors.throughput import Point, latest, points, rows


@dataclass(frozen=True, slots=True)
class Headline:
    """What the page says first.

    Attributes
    ----------
    phrases : tuple of str
        The heading, to be broken between phrases only.
    lead : str
        One or two sentences that go on from it.
    figure : Figure or None
        The figure the heading rests on, with source and date.
    year : int or None
        Its year.
    """

    phrases: tuple[str, ...]
    lead: str
    figure: Figure | None
    year: int | None


@kept
def headline(loaded: Loaded) -> Headline:
    """Return the first sentence: the last full year's freight of the region, or what the facts have instead."""
    open_land = sum(names.is_open(row) and names.is_land(row) for row in rows(loaded, "ports"))
    ports = ngettext("%(count)s个陆路口岸", "%(count)s个陆路口岸", open_land) % {"count": words.count(open_land)}
    first = prose.capital(ports) + _("，")
    total = latest(points(loaded, names.whole(loaded)), full_year=True)
    if total is not None:
        second = _("一年通过 %(freight)s") % {"freight": prose.amount(total.figure)}
        return Headline((first, prose.tidy(second)), prose.tidy(_lead(loaded, total)), total.figure, total.year)
    return (
        _of_ports(loaded, first)
        or _of_model(loaded, first)
        or Headline((prose.capital(ports),), _("没有查到公布的货运量。"), None, None)
    )


def _lead(loaded: Loaded, total: Point) -> str:
    """Return growth and the state of the target of the same year."""
    said = []
    if total.yoy_pct is not None:
        growth = wording.number(abs(total.yoy_pct), language())
        more = (
            _("%(year)s 年货运量比上年多 %(growth)s%%")
            if total.yoy_pct >= 0
            else _("%(year)s 年货运量比上年少 %(growth)s%%")
        )
        said.append(more % {"year": total.year, "growth": growth})
    else:
        said.append(_("这是 %(year)s 年的数") % {"year": total.year})
    for target in targets.targets(loaded, total.subject):
        if (
            target.year == total.year
            and target.metric == total.metric
            and not target.stretch
            and target.share is not None
        ):
            aim = prose.mass(target.figure.value or 0.0)
            share = wording.percent(target.share, language())
            state = _("年度目标 %(aim)s已完成") if target.reached else _("完成年度目标 %(aim)s的 %(share)s")
            said.append(state % {"aim": aim, "share": share})
            break
    return (_("%(growth)s，%(target)s。") if len(said) > 1 else "%(growth)s" + _("。")) % {
        "growth": said[0],
        "target": said[-1],
    }


def _of_ports(loaded: Loaded, first: str) -> Headline | None:
    """Return the sentence for a region without a total: the port with most freight in the last year of any port."""
    found = []
    for row in rows(loaded, "ports"):
        point = latest(points(loaded, str(row["id"])), full_year=True)
        if point is not None and point.figure.value is not None:
            found.append(point)
    if not found:
        return None
    year = max(point.year for point in found)
    of_year = [point for point in found if point.year == year]
    most = max(of_year, key=lambda point: point.figure.value or 0.0)
    second = _("%(port)s一年通过 %(freight)s") % {
        "port": names.short(loaded, most.subject),
        "freight": prose.amount(most.figure),
    }
    lead = _("全区合计没有查到；%(year)s 年有全年数字的口岸共 %(count)s个，这是其中最大的。") % {
        "year": year,
        "count": words.count(len(of_year)),
    }
    return Headline((first, prose.tidy(second)), lead, most.figure, year)


def _of_model(loaded: Loaded, first: str) -> Headline | None:
    """Return the sentence for a region without any report: what the model sends over the border."""
    tonnes = modelled.total_t(loaded)
    if not tonnes:
        return None
    year = loaded.region.settings.base_year
    second = _("模型一年通过 %(freight)s") % {"freight": prose.mass(tonnes)}
    lead = _("没有查到公布的货运量；这是 %(year)s 年需求放到路网上的结果。") % {"year": year}
    return Headline((first, second), lead, Figure(tonnes, "t", Standing.MODEL), year)


@dataclass(frozen=True, slots=True)
class PaceLine:
    """One target with its words.

    ``done`` and ``aim`` are the amounts as they are printed; ``left`` and ``right`` the words below the bar.
    """

    target: targets.Target
    name: str
    href: str
    done: str
    aim: str
    unit: str
    left: str
    right: str


def pace_line(loaded: Loaded, target: targets.Target, whole_name: bool = True) -> PaceLine:
    """Return a target in words; with ``whole_name`` the name of the port stands before what is counted."""
    code = language()
    counted = names.metric(loaded, target.metric)
    subject = "" if target.subject == names.whole(loaded) or not whole_name else names.short(loaded, target.subject)
    label = _("%(port)s%(metric)s") % {"port": subject, "metric": counted} if subject else counted
    if target.stretch:
        label += _("（争取目标）")
    value, counted_in = target.figure.value, target.figure.unit
    aim = wording.mass(value, code) if counted_in == "t" else wording.measured(value, counted_in, code)[0]
    done = wording.amount(target.done.figure, code) if target.done else ""
    unit = wording.amount_unit(target.figure, code)
    left, right = _pace_words(target)
    return PaceLine(target, prose.capital(label), names.href(target.subject, loaded), done, aim, unit, left, right)


def _pace_words(target: targets.Target) -> tuple[str, str]:
    code = language()
    if target.done is None:
        return _("没有公布数字，不计完成率"), ""
    end = target.done.figure.period_to
    right = _("全年") if target.done.full_year else wording.period(target.done.figure.period_from, end, code)
    share = wording.percent(target.share, code)
    if target.reached and target.days_left:
        early = ngettext("已完成，提前 %(days)s 天", "已完成，提前 %(days)s 天", target.days_left)
        return early % {"days": target.days_left}, right
    if target.reached:
        return _("已完成，%(share)s") % {"share": share}, right
    if target.done.full_year:
        return _("未完成，%(share)s") % {"share": share}, right
    return _("%(share)s，全年过去 %(gone)s") % {"share": share, "gone": wording.percent(target.gone, code)}, right


@dataclass(frozen=True, slots=True)
class PaceBlock:
    """The targets of one year."""

    year: int | None
    lines: tuple[PaceLine, ...]


@kept
def pace(loaded: Loaded) -> PaceBlock:
    """Return the targets of the newest year that has figures."""
    year, listed = targets.pace(loaded)
    return PaceBlock(year, tuple(pace_line(loaded, target) for target in listed))


@dataclass(frozen=True, slots=True)
class Method:
    """How the freight on the map came about, in numbers: links whose capacity somebody published, and all with one."""

    year: int
    served_t: float
    overloads: int
    sourced: int
    with_capacity: int


@kept
def method(loaded: Loaded) -> Method:
    """Return what the reader of the map has to know about it."""
    flows = loaded.flows
    used = {use.link: use.capacity_basis for use in flows.utilisation}
    sourced = sum(not assumed(basis) for basis in used.values())
    return Method(flows.year, flows.totals.served_t, len(modelled.overloads(loaded)), sourced, len(used))


@kept
def spark_years(loaded: Loaded) -> tuple[int, int] | None:
    """Return the first and last year of the small lines in the tables of ports, or None without any figure."""
    every = [p.year for one in ports.all_lines(loaded) for p in one.series]
    every += [p.year for one in ports.sites(loaded) for p in one.series]
    if not every:
        return None
    last = max(every)
    return max(min(every), last - ports.SPARK_YEARS + 1), last


@kept
def without_figure(loaded: Loaded) -> tuple[str, ...]:
    """Return the names of the open land ports of which no freight of the base year was found."""
    return tuple(one.short for one in ports.sites(loaded) if one.point is None)
