"""How far each article of the regulation is carried out, in a few numbers: one pass over duties and spells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import add

from django.db.models import Count, Q

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.models import Spell, Task
from bridgehead.rooms.ledger.selectors.duties_then import duties_on
from bridgehead.rooms.ledger.selectors.tasks_then import late_on


@dataclass(frozen=True, slots=True)
class Counted:
    """How far an article is carried out on a day of a year.

    Attributes
    ----------
    duties : int
        Duties of the ledger that held or were changed by that day.
    tasked : int
        Those of them for which a task was given by that day.
    owed : int
        Tasks not done yet, whatever year they are due in; `late` are those of them that are past their day.
    late : int
        Tasks somebody must act on.
    done : int
        Tasks done that were due, or became done, in the year.
    evidenced : int
        Tasks among owed and done that have progress, which comes from accepted evidence alone.
    """

    duties: int = 0
    tasked: int = 0
    owed: int = 0
    late: int = 0
    done: int = 0
    evidenced: int = 0

    @property
    def tasks(self) -> int:
        """Tasks that count in the year."""
        return self.owed + self.done

    def __add__(self, other: Counted) -> Counted:
        """Return both together."""
        return Counted(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


NOTHING = Counted()


def counted(viewer: Viewer, year: int, on: date, articles: Iterable[int] | None = None) -> Mapping[int, Counted]:
    """Return the numbers of each article that has any.

    Parameters
    ----------
    viewer : Viewer
        Who reads: what they may not see is not counted.
    year, on : int, date
        The year, and the day of it as of which it speaks.
    articles : iterable of int, optional
        Which articles; all by default.

    Articles: 6, 79
    """
    if articles is not None:
        articles = frozenset(articles)
    wanted = Q(article__isnull=False) if articles is None else Q(article__in=articles)
    held = {one.pk: one.article for one in duties_on(viewer, on, articles)}
    found = {article: Counted(duties=n) for article, n in Counter(held.values()).items()}
    tasks = visible(Task, viewer).filter(wanted, duty__isnull=False, given_on__lte=on)
    for duty in set(tasks.order_by().values_list("duty", flat=True).distinct()) & set(held):
        number = held[duty]
        found[number] = replace(found[number], tasked=found[number].tasked + 1)
    counts = Q(owed=True) | Q(share__gte=1, due_on__year=year) | Q(share__gte=1, done_on__year=year)
    spells = visible(Spell, viewer).filter(wanted, counts, from_on__lte=on, until_on__gt=on)
    rows = (
        spells.order_by()
        .values("article")
        .annotate(
            owed_n=Count("id", filter=Q(owed=True)),
            late_n=Count("id", filter=Q(owed=True) & late_on(on)),
            done_n=Count("id", filter=Q(owed=False)),
            evidenced_n=Count("id", filter=Q(share__gt=0)),
        )
    )
    for row in rows:
        before = found.get(row["article"], NOTHING)
        found[row["article"]] = replace(
            before, owed=row["owed_n"], late=row["late_n"], done=row["done_n"], evidenced=row["evidenced_n"]
        )
    return found


def together(numbers: Iterable[Counted]) -> Counted:
    """Return the numbers of several articles together."""
    return reduce(add, numbers, NOTHING)
