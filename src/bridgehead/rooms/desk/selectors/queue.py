"""The queue of an office: what is urgent first, then what is late, then what is due, then what waits for the firms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.models import Case, Turn
from bridgehead.rooms.desk.selectors.case_lists import CaseLine, is_late, lines_of, with_bodies
from bridgehead.rooms.desk.selectors.ratings import Rated, ratings_of
from bridgehead.rooms.desk.services import service_name, services
from bridgehead.rooms.desk.who import offices

A_PAGE = 50
SOON = timedelta(hours=24)
LATE, DUE_SOON, WAITING, ENDED, ELSEWHERE = "late", "soon", "waiting", "ended", "elsewhere"
VIEWS = ("", LATE, DUE_SOON, WAITING, ELSEWHERE, ENDED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a queue is asked for: an office, a service, which cases, and the page."""

    office: int = 0
    service: str = ""
    state: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits in some offices: in a sentence, in numbers, and one page of the cases.

    What ended cases were rated stands on the first page of all that is not done, and on no other.
    """

    says: str
    asked: Asked
    offices: Sequence[Organisation]
    services: Sequence[tuple[str, str]]
    counts: Mapping[str, int]
    lines: Sequence[CaseLine]
    found: int
    pages: int
    rated: Sequence[Rated] = ()

    @property
    def page(self) -> int:
        """Which page it is."""
        return self.asked.page

    @property
    def more(self) -> bool:
        """Whether there is a page after it."""
        return self.page < self.pages


def queue(viewer: Viewer, asked: Asked) -> Queue:
    """Return what waits for somebody's offices; whoever sees several chooses one of them or has all.

    Articles: 50, 51, 81
    """
    now = timezone.now()
    seen = _offices(viewer)
    chosen = [one for one in seen if one.pk == asked.office] or seen
    rows = visible(Case, viewer).filter(office__in=chosen) if chosen else Case.objects.none()
    if asked.service:
        rows = rows.filter(service=asked.service)
    running = rows.filter(turn__in=(Turn.OFFICE, Turn.TRADER))
    counts = running.order_by().aggregate(
        late=Count("pk", filter=is_late(now)),
        soon=Count("pk", filter=Q(turn=Turn.OFFICE, late_at__gt=now, due_at__lte=now + SOON)),
        office=Count("pk", filter=Q(turn=Turn.OFFICE)),
        waiting=Count("pk", filter=Q(turn=Turn.TRADER)),
    )
    shown = _shown(viewer, rows, chosen, asked, now)
    known = {"": counts["office"] + counts["waiting"], **{one: counts[one] for one in (LATE, DUE_SOON, WAITING)}}
    found = known[asked.state] if asked.state in known else shown.order_by().count()
    pages = max(1, -(-found // A_PAGE))
    page = min(max(1, asked.page), pages)
    cut = with_bodies(shown[(page - 1) * A_PAGE : page * A_PAGE])
    return Queue(
        _says(counts),
        Asked(asked.office if len(chosen) < len(seen) else 0, asked.service, asked.state, page),
        seen,
        [(id, service_name(one)) for id, one in services().items()],
        counts,
        lines_of(cut, now),
        found,
        pages,
        () if asked.state or page > 1 else ratings_of(chosen),
    )


def _offices(viewer: Viewer) -> list[Organisation]:
    """Return the offices whose cases somebody works on, their own before those below them."""
    own = offices(viewer)
    below = viewer.offices_in("cases") - {one.pk for one in own}
    rows = visible(Organisation, viewer).filter(pk__in=below, closed_on=None) if below else ()
    return [*own, *sorted(rows, key=lambda one: one.name(language()))]


def _shown(
    viewer: Viewer, rows: QuerySet[Case], chosen: Sequence[Organisation], asked: Asked, now: datetime
) -> QuerySet[Case]:
    """Return the cases a queue shows, in their order."""
    if asked.state == ENDED:
        # What ended is not urgent: the column is there so that the index of the queue is read backwards.
        return rows.filter(turn=Turn.NOBODY).order_by("-turn", "urgent", "-act_by", "-id")
    if asked.state == ELSEWHERE:
        rows = visible(Case, viewer).filter(lead__in=chosen).exclude(office__in=chosen)
    narrowed = {
        LATE: is_late(now),
        DUE_SOON: Q(turn=Turn.OFFICE, late_at__gt=now, due_at__lte=now + SOON),
        WAITING: Q(turn=Turn.TRADER),
    }.get(asked.state, Q(turn__in=(Turn.OFFICE, Turn.TRADER)))
    return rows.filter(narrowed).order_by("turn", "-urgent", "act_by", "id")


def _says(counts: Mapping[str, int]) -> str:
    if counts["late"]:
        return ngettext("%(n)s 件已经超时", "%(n)s 件已经超时", counts["late"]) % {"n": counts["late"]}
    if counts["soon"]:
        return ngettext("没有超时的，%(n)s 件一天内到期", "没有超时的，%(n)s 件一天内到期", counts["soon"]) % {
            "n": counts["soon"]
        }
    if counts["office"]:
        return ngettext("没有超时的，%(n)s 件正在办", "没有超时的，%(n)s 件正在办", counts["office"]) % {
            "n": counts["office"]
        }
    return pgettext("desk queue", "没有等着办的办件")


def view_word(state: str) -> str:
    """Return what a choice of cases is called."""
    words = {
        "": pgettext("desk queue", "没办完的"),
        LATE: pgettext("desk queue", "已超时"),
        DUE_SOON: pgettext("desk queue", "一天内到期"),
        WAITING: pgettext("desk queue", "等申请人"),
        ELSEWHERE: pgettext("desk queue", "受理后转出的"),
        ENDED: pgettext("desk queue", "已办结"),
    }
    return words[state]
