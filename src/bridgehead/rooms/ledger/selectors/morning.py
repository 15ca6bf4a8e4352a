"""My morning: what the bodies of somebody owe, what waits for them, and what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.ground.access.gate import condition, visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.matters import Asking, Matter, matters
from bridgehead.rooms.ledger.models import KEPT, Evidence, Spell, Task
from bridgehead.rooms.ledger.selectors.begun import as_revised
from bridgehead.rooms.ledger.selectors.board import owed_by_all
from bridgehead.rooms.ledger.selectors.calendar import Coming, coming
from bridgehead.rooms.ledger.selectors.tasks import EvidenceLine, TaskLine, evidence_lines, lines, taking_part
from bridgehead.rooms.ledger.selectors.tasks_then import due_within, late_on
from bridgehead.rooms.ledger.selectors.written import wrote
from bridgehead.rooms.ledger.who import DECIDE, HAND_IN, KEEP
from bridgehead.rooms.ledger.wording import soon

MOST = 20
DAY = timedelta(days=1)
NEXT = 8


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some of many things, and how many there are."""

    shown: Sequence[TaskLine]
    total: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.shown)


@dataclass(frozen=True, slots=True)
class Morning:
    """What waits for somebody.

    Attributes
    ----------
    on : date
        Today.
    bodies : tuple of str
        For which bodies.
    keeps : bool
        Whether somebody keeps the ledger, and therefore sees what others owe.
    late, today, soon : Shelf
        Tasks their bodies lead or take part in; of whoever keeps the ledger all tasks that body gave.
    waiting : sequence of EvidenceLine
        Evidence they may decide on, oldest first; `waits` counts all of it.
    returned : sequence of EvidenceLine
        Evidence of their bodies that was returned.
    drafts : sequence of EvidenceLine
        What they began and did not hand in.
    matters : sequence of Matter
        What other subjects of the ledger say waits.
    coming : sequence of Coming
        What comes next in the calendar.
    """

    on: date
    bodies: tuple[str, ...]
    keeps: bool
    late: Shelf
    today: Shelf
    soon: Shelf
    waiting: Sequence[EvidenceLine]
    waits: int
    returned: Sequence[EvidenceLine]
    drafts: Sequence[EvidenceLine]
    matters: Sequence[Matter]
    coming: Sequence[Coming]

    @property
    def late_matters(self) -> list[Matter]:
        """What other subjects say is late."""
        return [one for one in self.matters if one.due_on is not None and one.due_on < self.on]

    @property
    def late_count(self) -> int:
        """How many things are late."""
        return self.late.total + len(self.late_matters)

    @property
    def other_matters(self) -> list[Matter]:
        """What they say waits and is not late."""
        return [one for one in self.matters if one.due_on is None or one.due_on >= self.on]

    @property
    def sentence(self) -> str:
        """What is most pressing, in one sentence."""
        late, due, waits = self.late_count, self.today.total, self.waits
        said = []
        if late:
            said.append(ngettext("%(n)s 件事已过期", "%(n)s 件事已过期", late) % {"n": late})
        if due:
            said.append(ngettext("%(n)s 件今天到期", "%(n)s 件今天到期", due) % {"n": due})
        if waits:
            said.append(ngettext("%(n)s 份证据等你核对", "%(n)s 份证据等你核对", waits) % {"n": waits})
        if not said:
            return _("没有过期的事，今天也没有到期的")
        return speak(language(), "，", ", ").join(said)


def morning(viewer: Viewer) -> Morning:
    """Return what waits for somebody today.

    Articles: 5, 6, 79
    """
    on = timezone.localdate()
    mine = sorted(viewer.organisations | {grant.organisation_id for grant in viewer.grants if grant.delegation_id})
    kept = [pk for pk in mine if viewer.grant_for(KEEP, pk, to_write=True)]
    names = Organisation.objects.in_bulk(mine)
    asking = Asking(viewer, tuple(mine), on)
    able = [pk for pk in mine if viewer.grant_for(DECIDE, pk, to_write=True)]
    handing = [pk for pk in mine if viewer.grant_for(HAND_IN, pk, to_write=True)]
    waiting = visible(Evidence, viewer).filter(owner__in=able, state=Evidence.State.HANDED_IN)
    if viewer.person_id is not None:
        waiting = waiting.exclude(wrote(viewer.person_id))
    own = visible(Evidence, viewer).filter(office__in=handing)
    late, due, near = _shelves(viewer, mine, kept, on)
    return Morning(
        on,
        tuple(names[pk].name(language()) for pk in mine if pk in names),
        bool(kept),
        late,
        due,
        near,
        _evidence(viewer, waiting.order_by("handed_in_at"), MOST),
        waiting.count(),
        _evidence(viewer, own.filter(state=Evidence.State.RETURNED).order_by("-decided_at"), NEXT),
        _evidence(viewer, own.filter(state=Evidence.State.DRAFT, author_id=viewer.person_id).order_by("-id"), NEXT),
        matters(asking),
        coming(viewer, on, NEXT),
    )


def _shelves(viewer: Viewer, mine: Sequence[int], kept: Sequence[int], on: date) -> list[Shelf]:
    """Return what is late, due today and due soon of the tasks that concern some bodies."""
    spells = owed_by_all(on).filter(_concerning(viewer, mine, kept))
    terms = {"late": late_on(on), "today": due_within(on, on), "soon": due_within(on + DAY, soon(on))}
    # Who takes part in a task need not see its spells; which ones are read was asked of the parts.
    with as_system("reading tasks of somebody's bodies"):
        counted = spells.aggregate(**{name: Count("pk", filter=term) for name, term in terms.items()})
        return [_shelf(spells.filter(terms[name]), on, counted[name]) for name in terms]


def _concerning(viewer: Viewer, mine: Sequence[int], kept: Sequence[int]) -> Q:
    """Return the filter for spells of tasks that some bodies lead, take part in, or gave as keepers of the ledger."""
    seen = Q() if viewer.wholly(KEPT.scope) else condition(KEPT, viewer)
    theirs = seen & (Q(owner__in=kept) | Q(office__in=mine) if kept else Q(office__in=mine))
    joined = taking_part(viewer)
    return theirs | Q(task__in=joined) if joined else theirs


def _shelf(spells: QuerySet[Spell], on: date, total: int) -> Shelf:
    """Return the first tasks of some spells."""
    if not total:
        return Shelf([], 0)
    ids = list(spells.order_by("due_on", "task").values_list("task", flat=True)[:MOST])
    found = Task.objects.select_related("office").in_bulk(ids)
    return Shelf(lines([found[pk] for pk in ids], on), total)


def _evidence(viewer: Viewer, rows: QuerySet[Evidence], most: int) -> list[EvidenceLine]:
    """Return the first pieces of evidence, each with its task, which somebody who hands in need not see otherwise."""
    ids = list(rows.values_list("pk", flat=True)[:most])
    with as_system("reading the tasks of evidence that is shown"):
        found = Evidence.objects.select_related("office", "milestone", "target", "task").in_bulk(ids)
        shown = as_revised(viewer, [found[pk] for pk in ids])
    return evidence_lines(shown)
