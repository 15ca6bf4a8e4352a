"""Series the ledger counts from its own records, so that nobody reports them: tasks due, and those done in time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.source import Qualifier, Standing
from bridgehead.rooms.ledger.models import Spell
from bridgehead.rooms.ledger.selectors.figures_told import Report

COUNTED = {
    "tasks_due": Q(owed=True) | Q(share__gte=1),
    "tasks_on_time": Q(share__gte=1),
}
"""What is counted of the tasks whose term is a day, as they stood on that day; those that were ended are none."""


def counted(
    viewer: Viewer, series: Mapping[str, str], years: Iterable[int], before: date
) -> Iterator[tuple[str, tuple[date, date], Report]]:
    """Yield the months of some years that were over before a day, of series the ledger counts: all read in one query.

    Only for who sees the tasks of every body: of a part of them the number would be another. A year in which no task
    was due tells nothing.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    series : mapping of str to str
        Id of each series to the name in `COUNTED` of what is counted.
    years : iterable of int
        Which years.
    before : date
        The day.

    Articles: 79, 81
    """
    wanted = set(years)
    if not wanted:
        return
    span = (date(min(wanted), 1, 1), min(date(max(wanted), 12, 31), before))
    within = Q(due_on__range=span, from_on__lte=F("due_on"), until_on__gt=F("due_on"))
    rows = visible(Spell, viewer).filter(within).order_by().values("due_on")
    sums: dict[tuple[str, Period], int] = {}
    for row in rows.annotate(**{f"n_{name}": Count("id", filter=told) for name, told in COUNTED.items()}):
        for month in Period.of(Frequency.YEAR, row["due_on"]).parts(Frequency.MONTH):
            if month.last < before and month.first.year in wanted:
                for id, name in series.items():
                    more = row[f"n_{name}"] if month.first <= row["due_on"] <= month.last else 0
                    sums[id, month] = sums.get((id, month), 0) + more
    for (id, month), number in sums.items():
        told = (Decimal(number), Standing.DERIVED, Qualifier.EXACT, _("平台台账：任务到期当天的状态"))
        yield id, (month.first, month.last), Report(*told, month.last.isoformat())
