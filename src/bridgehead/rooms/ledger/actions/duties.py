"""Actions on duties: taking them over from a statute, looking again at a new text, and who answers for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import language
from bridgehead.ground.told import fitting, today
from bridgehead.rooms.ledger.actions.common import body
from bridgehead.rooms.ledger.actions.duty_places import places
from bridgehead.rooms.ledger.models import Duty, Part, Responsibility
from bridgehead.rooms.ledger.who import KEEP
from bridgehead.rooms.statute.public import HeldDuty, held_duties


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the text that holds came to: how many duties were new, moved, changed or are gone."""

    taken: int = 0
    moved: int = 0
    changed: int = 0
    gone: int = 0
    back: int = 0


@action("ledger_duty.take_over", permission=KEEP)
def take_over(deed: Deed, *, owner: int, work: int | None = None, eids: Sequence[str] | None = None) -> Looked:
    """Take over the duties of a law as it holds today; those that were taken over before stay as they are.

    Parameters
    ----------
    deed : Deed
        Who takes them over.
    owner : int
        The body that keeps the ledger.
    work : int, optional
        The law; the region's own regulation by default.
    eids : sequence of str, optional
        Which duties; all by default.

    Raises
    ------
    BridgeheadError
        ``ledger.no_duties`` where the text was not imported or has none of them.

    Articles: 6
    """
    deed.require_in(owner)
    held = [one for one in held_duties(deed.by, work) if eids is None or one.eid in set(eids)]
    if not held:
        deed.refuse("ledger.no_duties", {})
    deed.check()
    rows = Duty.objects.filter(owner=owner, work=held[0].work)
    # A duty that only stands elsewhere by now is no new one: looking again moves it.
    there = rows.exclude(state=Duty.State.GONE)
    known, words = set(there.values_list("eid", flat=True)), set(rows.values_list("anchor", flat=True))
    new = [one for one in held if one.eid not in known and one.anchor not in words]
    for one in new:
        deed.create(Duty(owner_id=owner, work=one.work, eid=one.eid, taken_over_at=deed.at, **_said(one)))
    return Looked(taken=len(new))


@action("ledger_duty.look_again", permission=KEEP)
def look_again(deed: Deed, *, owner: int, work: int | None = None) -> Looked:
    """Hold the duties that were taken over against the text that holds today.

    A duty whose words stand elsewhere is moved; one whose words changed keeps its own and shows the new ones until a
    person says they hold; one that is gone is marked. Tasks and evidence stay with their duty.

    Raises
    ------
    BridgeheadError
        ``ledger.no_duties`` where the text was not imported.

    Articles: 6
    """
    deed.require_in(owner)
    held = held_duties(deed.by, work)
    if not held:
        deed.refuse("ledger.no_duties", {})
    deed.check()
    rows = list(Duty.objects.filter(owner=owner, work=held[0].work).select_for_update())
    counts: Counter[str] = Counter()
    placed = places(rows, held)
    # Numbers are freed before they are taken: by what is gone, and by what moves.
    moving = [row.pk for row, there in placed if there is not None and there.eid != row.eid]
    Duty.objects.filter(pk__in=moving).update(eid=Concat(Value("~"), Cast("pk", CharField())))
    for row, there in sorted(placed, key=lambda place: place[1] is not None):
        counts[_lay(deed, row, there)] += 1
    return Looked(**{name: counts[name] for name in ("moved", "changed", "gone", "back")})


@action("ledger_duty.agree", permission=KEEP)
def agree(deed: Deed, *, duty: int, version: int) -> Duty:
    """Take the new words of a duty over, in place of those it was taken over with; the journal keeps the old ones.

    Raises
    ------
    BridgeheadError
        ``ledger.duty_unchanged``.
    """
    row = deed.lock(Duty, duty, version)
    deed.require_in(row.owner_id)
    if row.state != Duty.State.CHANGED:
        deed.refuse("ledger.duty_unchanged", {})
    deed.check()
    return deed.change(row, state=Duty.State.HOLDS, now={}, **row.now)


@action("responsibility.set", permission=KEEP)
def set_responsibility(
    deed: Deed, *, duty: int, organisation: int | None, part: str, from_on: date | None = None, note: str = ""
) -> Responsibility:
    """Say that an organisation answers for a duty from a day on; another lead takes over from the one there is.

    Raises
    ------
    BridgeheadError
        ``ledger.unknown_body``, ``ledger.unknown_part``, ``ledger.vertical_supervised``, ``ledger.part_doubled``,
        ``form.text_too_long``.

    Articles: 6
    """
    row = deed.lock(Duty, duty)
    deed.require_in(row.owner_id)
    one = body(deed, organisation, "body")
    said = fitting(deed, note, "note")
    begins = from_on or today(deed)
    if part not in (Part.LEAD, Part.JOINT, Part.SUPERVISED):
        deed.refuse("ledger.unknown_part", {"part": part}, "part")
    if one is not None and one.kind == "vertical" and part == Part.SUPERVISED:
        deed.refuse("ledger.vertical_supervised", {"body": one.name(language())}, "part")
    kept = Part.VERTICAL if one is not None and one.kind == "vertical" and part == Part.JOINT else part
    standing = list(row.responsibilities.filter(until_on=None))
    mine = next((held for held in standing if one is not None and held.office_id == one.pk), None)
    if mine is not None and mine.part == kept:
        deed.refuse("ledger.part_doubled", {"body": one.name(language()) if one else ""}, "organisation")
    deed.check()
    assert one is not None
    for held in standing:
        if held is mine or (kept == Part.LEAD and held.part == Part.LEAD):
            deed.change(held, until_on=max(begins, held.from_on))
    return deed.create(
        Responsibility(duty=row, owner_id=row.owner_id, office=one, part=kept, note=said, from_on=begins)
    )


@action("responsibility.end", permission=KEEP)
def end_responsibility(deed: Deed, *, responsibility: int, version: int) -> Responsibility:
    """Say that an organisation answers for a duty no more, from today on."""
    row = deed.lock(Responsibility, responsibility, version)
    deed.require_in(row.owner_id)
    return deed.change(row, until_on=max(today(deed), row.from_on))


def _lay(deed: Deed, row: Duty, there: HeldDuty | None) -> str:
    """Lay the text that holds over a duty, and say what became of it."""
    if there is None:
        deed.change(row, state=Duty.State.GONE, now={})
        return "gone"
    said = _said(there)
    if there.anchor != row.anchor:
        deed.change(row, state=Duty.State.CHANGED, now=said, eid=there.eid)
        return "changed"
    was = row.state
    moved = there.eid != row.eid
    deed.change(row, state=Duty.State.HOLDS, now={}, eid=there.eid, **said)
    return "moved" if moved else "back" if was == Duty.State.GONE else "same"


def _said(one: HeldDuty) -> dict[str, Any]:
    """Return what a duty of the ledger keeps of one of the statute room."""
    return {
        "statute": one.statute,
        "title": one.title,
        "anchor": one.anchor,
        "article": one.article,
        "label": one.label,
        "modality": one.modality,
        "what": one.what,
        "organs": [list(pair) for pair in one.organs],
        "deadline": one.deadline,
        "frequency": one.frequency,
    }
