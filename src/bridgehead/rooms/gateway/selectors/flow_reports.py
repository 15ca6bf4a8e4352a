"""The loading beside what was reported: ports, modes, and the parameters everything rests on."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.engines.flows.results import PortTotal
from bridgehead.ground import words
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Qualifier, Standing
from bridgehead.rooms.gateway import parameter_words, prose
from bridgehead.rooms.gateway.selectors import modelled, names, ports, routes
from bridgehead.rooms.gateway.selectors.kept import kept
from bridgehead.rooms.gateway.selectors.throughput import FREIGHT, Point, best, points

LARGE = 0.1
"""Relative difference between model and report from which the page says what is known about it."""
_MOVED = 0.005


@dataclass(frozen=True, slots=True)
class PortCheck:
    """Model beside report for a port, or for ports that are reported together.

    ``members`` are the ids the modelled tonnes are summed over; ``remarks`` say what is known about a large difference.
    """

    id: str
    name_zh: str
    name_en: str
    href: str
    reported: Point | None
    reported_of: str
    modelled_t: float | None
    members: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The short name in the language of the page."""
        return speak(language(), self.name_zh, self.name_en)

    @property
    def reported_t(self) -> float | None:
        """The reported tonnes."""
        return self.reported.figure.value if self.reported is not None else None

    @property
    def difference_t(self) -> float | None:
        """Model minus report in tonnes."""
        if self.reported_t is None or self.modelled_t is None:
            return None
        return self.modelled_t - self.reported_t

    @property
    def ratio(self) -> float | None:
        """The difference as a share of the report."""
        difference = self.difference_t
        return difference / self.reported_t if difference is not None and self.reported_t else None

    @property
    def large(self) -> bool:
        """Whether model and report are far apart."""
        return self.ratio is not None and abs(self.ratio) >= LARGE


def _remarks(loaded: Loaded, check: PortCheck) -> tuple[str, ...]:
    """Return what is known about a large difference."""
    found: list[str] = []
    point = check.reported
    if point is None or not check.large:
        return ()
    if not point.full_year:
        found.append(_("报告只%(until)s，模型是全年。") % {"until": prose.until(point.figure.period_to)})
    if point.figure.qualifier in (Qualifier.AT_LEAST, Qualifier.ABOUT):
        found.append(_("报告本身是“%(amount)s”，不是准数。") % {"amount": prose.amount(point.figure)})
    totals = [total for total in (modelled.port_total(loaded, port) for port in check.members) if total is not None]
    marked, sent = sum(one.marked_t for one in totals), sum(one.modelled_t for one in totals)
    told = {"marked": prose.mass(marked), "moved": prose.mass(abs(sent - marked))}
    if marked and sent - marked > _MOVED * marked:
        found.append(_("需求标定 %(marked)s，另有 %(moved)s 从别的口岸改走这里，因为综合费用更低。") % told)
    elif marked and marked - sent > _MOVED * marked:
        found.append(_("需求标定 %(marked)s，其中 %(moved)s 改走别的口岸，因为综合费用更低。") % told)
    found += _between_members(loaded, totals)
    return tuple(prose.tidy(one) for one in found)


def _between_members(loaded: Loaded, totals: list[PortTotal]) -> list[str]:
    """Return how the model divides the freight of ports counted together, where it differs from the demand."""
    moved = [one for one in totals if abs(one.modelled_t - one.marked_t) > _MOVED * max(one.marked_t, 1.0)]
    if len(totals) < 2 or not moved:
        return []
    rows = names.index(loaded).ports
    parts = [
        _("%(mode)s标定 %(marked)s、模型 %(sent)s")
        % {
            "mode": words.word("mode", str(rows[one.port]["mode"])),
            "marked": prose.mass(one.marked_t),
            "sent": prose.mass(one.modelled_t),
        }
        for one in totals
    ]
    return [prose.capital(_("；").join(parts)) + _("。")]


def _check(loaded: Loaded, one: ports.PortLine) -> PortCheck:
    members = tuple(member.id for member in one.members) or (one.id,)
    if one.point_of:
        members = names.index(loaded).groups[one.point_of].members
    sent = [tonnes for tonnes in (modelled.port_total_t(loaded, port) for port in members) if tonnes is not None]
    check = PortCheck(
        id=one.id,
        name_zh=one.short_zh,
        name_en=one.short_en,
        href=one.href,
        reported=one.point,
        reported_of=one.point_of,
        modelled_t=sum(sent) if sent else None,
        members=members,
    )
    return PortCheck(**{**_fields(check), "remarks": _remarks(loaded, check)})  # type: ignore[arg-type]


def _fields(check: PortCheck) -> dict[str, object]:
    return {name: getattr(check, name) for name in PortCheck.__dataclass_fields__}


@kept
def port_checks(loaded: Loaded) -> tuple[PortCheck, ...]:
    """Return model beside report for every open land port, the largest first, those counted together as one."""
    found = [_check(loaded, one) for one in ports.sites(loaded)]
    found.sort(key=lambda one: one.name_en.casefold())
    return tuple(sorted(found, key=lambda one: -max(one.reported_t or 0.0, one.modelled_t or 0.0)))


@kept
def whole_check(loaded: Loaded) -> PortCheck | None:
    """Return model beside report for all ports of the region together; None where nobody reported a sum."""
    subject = names.whole(loaded)
    reported = best(points(loaded, subject), loaded.region.settings.base_year) if subject else None
    if reported is None:
        return None
    zh, en = names.both(loaded, subject)
    return PortCheck(subject, zh, en, "", reported, "", modelled.total_t(loaded), ())


@dataclass(frozen=True, slots=True)
class ModeCheck:
    """Freight over the home border by one mode: reported and modelled, each with its share of all modes named."""

    mode: str
    reported: Point | None
    reported_share: float | None
    modelled_t: float
    modelled_share: float | None


@kept
def modal_split(loaded: Loaded) -> tuple[ModeCheck, ...]:
    """Return modelled and reported freight over the border by mode; empty where nothing was reported by mode.

    A report by mode is the metric ``<mode>_cargo_tonnes`` of the whole region in the base year.
    """
    subject, year = names.whole(loaded), loaded.region.settings.base_year
    sent = mode_tonnes(loaded)
    listed = sorted({*sent, *names.LAND}, key=lambda mode: names.MODE_ORDER.get(mode, 9))
    told = {mode: best(points(loaded, subject, f"{mode}_{FREIGHT}"), year) for mode in listed} if subject else {}
    reported_t = sum(point.figure.value or 0.0 for point in told.values() if point is not None)
    if not reported_t:
        return ()
    whole_t = sum(sent.values())
    found = []
    for mode in listed:
        point, tonnes = told.get(mode), sent.get(mode, 0.0)
        if point is None and not tonnes:
            continue
        reported_share = (point.figure.value or 0.0) / reported_t if point is not None else None
        found.append(ModeCheck(mode, point, reported_share, tonnes, tonnes / whole_t if whole_t else None))
    return tuple(found)


def mode_tonnes(loaded: Loaded) -> dict[str, float]:
    """Return the modelled tonnes over the home border at the region's ports, by the mode of the border link."""
    uses = modelled.link_uses(loaded)
    found: Counter[str] = Counter()
    for port in names.index(loaded).ports:
        for link in modelled.border_links(loaded, port):
            if link.id in uses and modelled.port_total_t(loaded, port):
                found[link.mode] += uses[link.id].tonnes  # type: ignore[assignment]
    return dict(found)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters behind the loading: rows in words, and how many there are of each standing."""

    lines: tuple[parameter_words.ParameterLine, ...]
    counts: tuple[tuple[Standing, int], ...]

    @property
    def estimates(self) -> int:
        """How many are judged or assumed."""
        return dict(self.counts).get(Standing.ESTIMATE, 0)


@kept
def parameters(loaded: Loaded) -> Parameters:
    """Return the parameters used, those of one quantity together."""
    used = routes.parameters(loaded, loaded.flows.parameters)
    counted = Counter(use.standing for use in used)
    listed = sorted(used, key=lambda use: (use.parameter.quantity, use.parameter.id))
    counts = tuple((standing, counted[standing]) for standing in Standing if counted[standing])
    return Parameters(parameter_words.parameter_lines(loaded, listed), counts)
