"""Tasks as they stood on a day: by their spells of that day, in the words the journal has of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.models import FOREVER, Spell, Task
from bridgehead.rooms.ledger.selectors.as_of import as_said_on, known_on

A_READ = 800
"""So many numbers are asked for at once: a database takes only so many."""
IN_TIME = Q(met_on__lte=F("due_on"))
"""All it needs was handed in by its due day: one that is owed only waits for acceptance."""


def late_on(day: date) -> Q:
    """Return the filter for what is late on a day, of what is owed: past its day, and not handed in by then."""
    return Q(due_on__lt=day) & ~IN_TIME


def due_within(first: date, last: date) -> Q:
    """Return the filter for what is due between two days, of what is owed, and does not wait for acceptance."""
    return Q(due_on__gte=first, due_on__lte=last) & ~IN_TIME


def spells_on(day: date) -> QuerySet[Spell]:
    """Return the spells of a day, whoever sees them."""
    rows = Spell.objects.filter(from_on__lte=day)
    # What stands today stands until it is restated: that is found in an index at once.
    return rows.filter(until_on=FOREVER) if day >= timezone.localdate() else rows.filter(until_on__gt=day)


def tasks_on(tasks: Iterable[Task], day: date) -> list[Task]:
    """Return tasks as they stood at the end of a day, in the order given; those not given yet by then are left out.

    One that was entered later, as given on an earlier day, is shown as it was entered. That they may be seen must have
    been asked.
    """
    rows = list(tasks)
    if day >= timezone.localdate() or not rows:
        return rows
    with as_system("reading how tasks stood that somebody sees"):
        spells = {one.task_id: one for one in spells_on(day).filter(task__in=[one.pk for one in rows])}
        found = known_on([one for one in rows if one.pk in spells], day, as_entered=True)
        ids = {pk for one in spells.values() for pk in (one.office_id, one.owner_id)}
        bodies = Organisation.objects.in_bulk(ids)
    for one in found:
        spell = spells[one.pk]
        one.office, one.owner = bodies[spell.office_id], bodies[spell.owner_id]
        for name in ("parent_id", "article", "due_on", "done_on", "met_on", "share"):
            setattr(one, name, getattr(spell, name))
        if spell.owed:
            one.state, one.ended_on = Task.State.OPEN, None
    return found


def titles_on(tasks: Collection[int], day: date) -> dict[int, str]:
    """Return what tasks were called on a day that is past, of those that were changed at all."""
    found: dict[int, str] = {}
    if day >= timezone.localdate():
        return found
    for part in batched(tasks, A_READ):
        with as_system("naming tasks as they were called on a day"):
            rows = list(Task.objects.filter(pk__in=part, version__gt=1))
        found |= {one.pk: one.title for one in as_said_on(rows, day)}
    return found


def batched(numbers: Iterable[int], size: int) -> Iterator[list[int]]:
    """Yield numbers in parts of a size."""
    left = iter(numbers)
    while part := list(islice(left, size)):
        yield part
