"""Model beside report, port by port: which report, which sum of the model, how far apart, and what is known why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.engines.flows.results import PortTotal
from bridgehead.ground import words
from bridgehead.ground.kept import kept
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Qualifier
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import modelled, names
from bridgehead.rooms.gateway.selectors.throughput import Point, best, points

LARGE = 0.1
"""Relative difference between model and report from which the pages say what is known about it."""
FAR = 0.25
"""Relative difference from which the modelled use of the border says little about the port."""
_MOVED = 0.005


def base_figure(loaded: Loaded, port: str, year: int) -> tuple[Point | None, str]:
    """Return the best freight figure of a port for a year, and the group it speaks of where the port has none."""
    own = best(points(loaded, port), year)
    if own is not None:
        return own, ""
    for group in names.groups_of(loaded, port):
        together = best(points(loaded, group.id), year)
        if together is not None:
            return together, group.id
    return None, ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Model beside report for a year.

    ``reported`` may speak of a group (``reported_of``); ``modelled_t`` is the sum over ``members``, so that like
    stands beside like. ``reasons`` say why the two may differ.
    """

    year: int
    reported: Point | None
    reported_of: str
    modelled_t: float | None
    members: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

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
    def share(self) -> float | None:
        """The model as a share of the report."""
        return None if self.ratio is None else 1 + self.ratio

    @property
    def large(self) -> bool:
        """Whether model and report are apart."""
        return self.ratio is not None and abs(self.ratio) >= LARGE

    @property
    def far(self) -> bool:
        """Whether they are so far apart that the modelled use of the border says little about the port."""
        return self.ratio is not None and abs(self.ratio) > FAR


def sum_t(loaded: Loaded, ports: Sequence[str]) -> float | None:
    """Return the modelled tonnes of several ports together; None where the model knows none of them."""
    known = [tonnes for tonnes in (modelled.port_total_t(loaded, port) for port in ports) if tonnes is not None]
    return sum(known) if known else None


@kept
def comparison(loaded: Loaded, port: str) -> Comparison:
    """Return model beside report for one port in the base year, with why they may differ."""
    year = loaded.region.settings.base_year
    point, group = base_figure(loaded, port, year)
    members = names.index(loaded).groups[group].members if group else (port,)
    return Comparison(year, point, group, sum_t(loaded, members), members, tuple(_reasons(loaded, port, point, group)))


def _reasons(loaded: Loaded, port: str, point: Point | None, group: str) -> list[str]:
    found = on_report(point)
    if group:
        found.append(_("报告只有%(group)s，模型也按这些口岸相加。") % {"group": names.name(loaded, group)})
    found += on_moved(loaded, (port,))
    use = modelled.border_use(loaded, port)
    if use is not None and (use.share or 0.0) > 1.0:
        found.append(_("线路超过能力：多出来的货在排队，等到别处更省才改走。"))
    if modelled.port_total(loaded, port) is not None and point is None:
        found.append(_("没有报告可比。"))
    found.append(_("一股货按费用分走几条路，排队也算在内。"))
    return [prose.tidy(reason) for reason in found]


def on_report(point: Point | None) -> list[str]:
    """Return what a report itself leaves open: a part of the year, or no exact number."""
    if point is None:
        return []
    found = []
    if not point.full_year:
        found.append(_("报告只%(until)s，模型是全年。") % {"until": prose.until(point.figure.period_to)})
    if point.figure.qualifier in (Qualifier.AT_LEAST, Qualifier.ABOUT):
        found.append(_("报告本身是“%(amount)s”，不是准数。") % {"amount": prose.amount(point.figure)})
    return found


def on_moved(loaded: Loaded, members: Sequence[str]) -> list[str]:
    """Return how much of the freight marked for some ports the model sends elsewhere, or draws to them."""
    totals = [total for total in (modelled.port_total(loaded, port) for port in members) if total is not None]
    marked, sent = sum(one.marked_t for one in totals), sum(one.modelled_t for one in totals)
    found = []
    if marked and abs(sent - marked) > _MOVED * marked:
        said = (
            _("需求按本口岸标定 %(marked)s，模型另把 %(moved)s 从别的口岸引来，因为综合费用更低。")
            if sent > marked
            else _("需求按本口岸标定 %(marked)s，模型把其中 %(moved)s 引到了别的口岸，因为综合费用更低。")
        )
        found.append(said % {"marked": prose.mass(marked), "moved": prose.mass(abs(sent - marked))})
    return found + _between_members(loaded, totals)


def _between_members(loaded: Loaded, totals: Sequence[PortTotal]) -> list[str]:
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
