"""What other rooms may know of the desk: the only module they import. No content of a case is told, and no firm."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.timezone import localdate

from bridgehead.engines.cases.machine import Outcome
from bridgehead.engines.cases.measure import ANSWERS
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.journal.clock import beginning
from bridgehead.rooms.desk.models import Case, CaseEvent
from bridgehead.rooms.desk.services import services
from bridgehead.rooms.desk.ticking import OVERDUE, REFUSED

__all__ = ["OVERDUE", "REFUSED", "CaseMatter", "OfficeCounts", "case_matter", "counts_by_office"]

EARLIEST, LATEST = date(1970, 1, 1), date(9998, 12, 31)
"""Days whose beginning is a time everywhere."""


@dataclass(frozen=True, slots=True)
class CaseMatter:
    """A case as somebody hears of it who is to see that it is dealt with.

    Attributes
    ----------
    number : str
        Its number.
    service : str
        The Chinese name of its service.
    office : int
        The office that has it.
    overdue_on, ended_on : date or None
        Since when it is overdue, and when it ended.
    basis : str
        What a refusal rests on.
    demo : bool
        Whether it belongs to the demonstration.
    """

    number: str
    service: str
    office: int
    overdue_on: date | None
    ended_on: date | None
    basis: str
    demo: bool


@dataclass(frozen=True, slots=True)
class OfficeCounts:
    """How an office dealt with cases in a period: answered, of these in time, refused; promises it broke."""

    office: int
    answered: int = 0
    promised: int = 0
    in_time: int = 0
    refused: int = 0
    overdue: int = 0


def case_matter(case: int) -> CaseMatter | None:
    """Return a case without its content, None where there is none of it any more."""
    with as_system("telling of a case without its content"):
        row = Case.objects.filter(pk=case).select_related("owner").first()
    if row is None:
        return None
    service = services().get(row.service)
    return CaseMatter(
        row.number,
        service.name.zh if service is not None else row.service,
        row.office_id,
        localdate(row.overdue_at) if row.overdue_at is not None else None,
        localdate(row.ended_at) if row.ended_at is not None else None,
        str(row.basis["label"]) if row.basis else "",
        row.owner.demo,
    )


def counts_by_office(first: date, last: date, offices: Iterable[int] | None = None) -> dict[int, OfficeCounts]:
    """Return how offices dealt with cases from one day up to and with another, by office.

    Parameters
    ----------
    first, last : date
        The period.
    offices : iterable of int, optional
        Only these; all by default. What an office handed over counts for the one that ended it; a broken promise for
        the one that had the case then.
    """
    span = [beginning(min(max(day, EARLIEST), LATEST)) for day in (first, min(last, LATEST) + timedelta(days=1))]
    wanted = None if offices is None else list(offices)
    with as_system("counting cases of offices"):
        ended = Case.objects.filter(ended_at__gte=span[0], ended_at__lt=span[1], outcome__in=sorted(ANSWERS))
        late = CaseEvent.objects.filter(kind=CaseEvent.Kind.OVERDUE, at__gte=span[0], at__lt=span[1])
        if wanted is not None:
            ended, late = ended.filter(office__in=wanted), late.filter(body__in=wanted)
        rows = (
            ended.order_by()
            .values("office")
            .annotate(
                answered=Count("pk"),
                promised=Count("pk", filter=Q(in_time__isnull=False)),
                in_time_of_them=Count("pk", filter=Q(in_time=True)),
                refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
            )
        )
        told = {row["office"]: row for row in rows}
        overdue = dict(late.order_by().values_list("body").annotate(count=Count("pk")))
    return {
        office: OfficeCounts(
            office,
            *(told.get(office, {}).get(name, 0) for name in ("answered", "promised", "in_time_of_them", "refused")),
            overdue=overdue.get(office, 0),
        )
        for office in {*told, *overdue}
    }
