"""Actions on what is late: taking the rungs of the ladder, one after the other."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from bridgehead.engines.obligations.escalation import Ladder, Rung, follows_on, reached
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import fitting, today
from bridgehead.rooms.ledger.actions.common import body
from bridgehead.rooms.ledger.models import Escalation, Task
from bridgehead.rooms.ledger.region import DISCIPLINE, calendar, ladder_of, rung_name, rung_words
from bridgehead.rooms.ledger.who import HASTEN, KEEP

LONGEST_NAME = 200


@action("ledger_task.escalate", permission=KEEP)
def take_rung(
    deed: Deed, *, task: int, rung: str, to: int | None = None, to_text: str = "", note: str = "", early_why: str = ""
) -> Escalation:
    """Take a rung of the ladder that holds for the due day of a task, by a paper with a number.

    Parameters
    ----------
    deed : Deed
        Who takes it.
    task : int
        What is late.
    rung : str
        Which rung; milder ones come first, and the term of the one before has run.
    to : int, optional
        Whom it is addressed to, where that is not who leads the task; the discipline body of a hand-over.
    to_text : str
        The discipline body in words, where the register of organisations has none.
    note : str
        What is asked for.
    early_why : str
        Why it is taken before the term of the rung before has run; for holders of ``ledger.hasten``.

    Raises
    ------
    BridgeheadError
        ``ledger.nothing_owed``, ``ledger.waits_for_acceptance``, ``ledger.no_ladder``, ``ledger.unknown_rung``,
        ``ledger.rung_not_reached``, ``ledger.rung_taken``, ``ledger.rung_out_of_order``, ``ledger.rung_too_early``,
        ``ledger.rung_not_hastened``, ``ledger.unknown_body``, ``ledger.no_discipline_body``,
        ``ledger.discipline_body_known``, ``form.missing``, ``form.text_too_long``.

    Articles: 5, 79, 85
    """
    record = deed.lock(Task, task)
    deed.require(KEEP, record.owner_id)
    said, why = fitting(deed, note, "note"), fitting(deed, early_why, "early_why")
    if record.state == Task.State.ENDED or record.done_on is not None:
        deed.refuse("ledger.nothing_owed", {"title": record.title})
    elif record.met_on is not None and record.met_on <= record.due_on:
        deed.refuse("ledger.waits_for_acceptance", {"title": record.title, "on": str(record.met_on)})
    ladder = ladder_of(record.due_on, record.office.kind == "vertical")
    if ladder is None:
        deed.refuse("ledger.no_ladder", {"due": str(record.due_on)}, "rung")
    deed.check()
    assert ladder is not None
    wanted = _wanted(deed, ladder, rung)
    taken = dict(record.escalations.filter(due_on=record.due_on).values_list("rung", "taken_on"))
    _check_turn(deed, record, ladder, wanted, taken)
    since = None if rung in taken else follows_on(ladder, wanted, taken, calendar())
    early = since is not None and since > today(deed)
    if early:
        told = {"rung": rung_name(ladder.version, rung), "on": str(since), "days": wanted.wait_wd}
        _check_early(deed, record, told, why)
    words = rung_words(ladder.version, rung)
    outside = words is not None and words.to_discipline
    addressed, in_words = _outside(deed, to, to_text) if outside else (body(deed, to or record.office_id, "to"), "")
    deed.check()
    year = today(deed).year
    return deed.create(
        Escalation(
            task=record,
            owner_id=record.owner_id,
            office_id=record.office_id,
            ladder=ladder.version,
            rung=rung,
            due_on=record.due_on,
            taken_on=today(deed),
            to=addressed,
            to_text=in_words,
            note=said,
            early_why=why if early else "",
            year=year,
            number=_number(deed, record.owner_id, rung, year),
        )
    )


def _wanted(deed: Deed, ladder: Ladder, rung: str) -> Rung:
    ids = [one.id for one in ladder.rungs]
    if rung not in ids:
        known = [rung_name(ladder.version, one) for one in ids]
        deed.refuse("ledger.unknown_rung", {"rung": rung, "known": known}, "rung")
        deed.check()
    return ladder.rungs[ids.index(rung)]


def _check_turn(deed: Deed, record: Task, ladder: Ladder, wanted: Rung, taken: dict[str, date]) -> None:
    """Note a rung that is not reached yet, was taken for this term, or comes after one that was not."""
    name = rung_name(ladder.version, wanted.id)
    there = [one.rung.id for one in reached(ladder, record.due_on, today(deed), calendar())]
    if wanted.id not in there:
        on = wanted.on(record.due_on, calendar())
        deed.refuse("ledger.rung_not_reached", {"rung": name, "on": str(on)}, "rung")
    if wanted.id in taken:
        deed.refuse("ledger.rung_taken", {"rung": name, "due": str(record.due_on)}, "rung")
    # A reminder sent before the due day may have been left out; what follows being late may not.
    before = [one.id for one in ladder.rungs if 0 <= one.after_wd < wanted.after_wd and one.id not in taken]
    if before:
        deed.refuse("ledger.rung_out_of_order", {"rung": name, "before": rung_name(ladder.version, before[0])}, "rung")


def _check_early(deed: Deed, record: Task, told: dict[str, object], why: str) -> None:
    """Note that the term of the rung before has still to run, where nobody who may says why it is not waited for."""
    if not why:
        deed.refuse("ledger.rung_too_early", told, "early_why")
    elif not deed.by.system and deed.by.grant_for(HASTEN, record.owner_id, to_write=True) is None:
        deed.refuse("ledger.rung_not_hastened", {"on": told["on"]}, "early_why")


def _outside(deed: Deed, to: int | None, to_text: str) -> tuple[Organisation | None, str]:
    """Return the discipline body a hand-over is addressed to: one of the register, in words where it has none."""
    said = fitting(deed, to_text, "to_text", LONGEST_NAME)
    if to is not None:
        found = body(deed, to, "to")
        if found is not None and found.kind != DISCIPLINE:
            deed.refuse("ledger.no_discipline_body", {"body": found.name(language())}, "to")
        return found, ""
    with as_system("looking for discipline bodies"):
        known = Organisation.objects.filter(kind=DISCIPLINE, closed_on=None).exists()
    if known:
        deed.refuse("ledger.discipline_body_known" if said else "form.missing", {}, "to")
    elif not said:
        deed.refuse("form.missing", {}, "to_text")
    return None, said


def _number(deed: Deed, owner: int, rung: str, year: int) -> int:
    """Return the next number of the papers of a rung in a year; the body is held, so that none is given twice."""
    deed.lock(Organisation, owner)
    with as_system("counting the papers of a rung"):
        last = Escalation.objects.filter(owner=owner, rung=rung, year=year).aggregate(last=Max("number"))["last"]
    return int(last or 0) + 1
