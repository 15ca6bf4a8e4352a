"""Actions on programmes: entering one, changing what it says, setting its next step, ending it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count

from django.db.models import Max

from bridgehead.engines.programmes.kinds import Kind, Stored
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation, StoredFile
from bridgehead.ground.people.organisations import CODE
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.programmes_held import held, note_all, running, short
from bridgehead.rooms.ledger.actions.programmes_held import next_step as step_and_day
from bridgehead.rooms.ledger.actions.programmes_money import lock_above, move_totals
from bridgehead.rooms.ledger.models import (
    Programme,
    ProgrammeArticle,
    ProgrammeItem,
    ProgrammeMoney,
    ProgrammeParty,
    ProgrammeTotal,
    StageMove,
)
from bridgehead.rooms.ledger.programme_kinds import kind_of
from bridgehead.rooms.ledger.who import RUN

LONGEST_CODE = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What somebody says of a programme, as it was typed; its kind tells which `fields` it must have.

    Attributes
    ----------
    name_zh, name_en : str
        What it is called.
    office : int or None
        The body that leads it.
    place : str
        Id or name of a place or port of the region; empty for none.
    parent : int or None
        The programme it is a part of.
    next_step, next_due_on
        What comes next, and by when: of whatever goes on both, and no day that is over.
    source, source_on
        What this rests on, and of which day.
    plan_line : str
        Id of a line of the five-year plan in the region's table; empty for none.
    project : str
        Id of a project of the region's table.
    articles : sequence of int or None
        Articles it serves; those of its kind by default.
    fields : mapping
        Field id to what was typed.
    """

    name_zh: str
    name_en: str = ""
    office: int | None = None
    place: str = ""
    parent: int | None = None
    next_step: str = ""
    next_due_on: date | None = None
    source: str = ""
    source_on: date | None = None
    plan_line: str = ""
    project: str = ""
    articles: Sequence[int] | None = None
    fields: Mapping[str, str]


@action("programme.open", permission=RUN)
def open_programme(
    deed: Deed,
    *,
    organisation: int,
    kind: str,
    said: Said,
    code: str = "",
    stage: str = "",
    stage_on: date | None = None,
) -> Programme:
    """Enter a programme in the register.

    Parameters
    ----------
    deed : Deed
        Who enters it.
    organisation : int
        The organisation that keeps it.
    kind : str
        Its kind.
    said : Said
        What it says.
    code : str
        Its code; one is made up where none is given.
    stage, stage_on
        Where it stands already, and since when; the first stage, today, by default.

    Raises
    ------
    BridgeheadError
        ``programme.unknown_kind``, ``programme.unknown_stage``, ``programme.bad_code``, ``programme.code_taken``, and
        whatever is wrong with what it says, all at once.

    Articles: 9, 74
    """
    deed.require_in(organisation)
    declared = kind_of(kind)
    owner = deed.lock(Organisation, organisation)
    told = _told(deed, declared, said, owner, None)
    known = _code(deed, declared, code.strip())
    began = stage or declared.stages[0].id
    if began not in declared.places:
        deed.refuse("programme.unknown_stage", {"stage": began[:60], "known": list(declared.places)}, "stage")
    if stage_on is not None and stage_on > today():
        deed.refuse("programme.day_to_come", {"day": stage_on.isoformat()}, "stage_on")
    deed.check()
    record = deed.create(
        Programme(owner=owner, kind=kind, code=known, stage=began, stage_on=stage_on or today(), **told)
    )
    _lay_articles(record)
    with as_system("adding up the money of a programme"):
        ProgrammeTotal.objects.create(programme=record, owner=record.owner, office=record.office)
    return record


@action("programme.change", permission=RUN)
def change_programme(deed: Deed, *, programme: int, version: int, said: Said) -> Programme:
    """Change what a programme says; its kind, its code and its stage are not changed by this.

    Raises
    ------
    BridgeheadError
        ``programme.parent_cycle`` and what `open_programme` raises; ``action.changed_meanwhile``.
    """
    record = held(deed, programme, version)
    told = _told(deed, kind_of(record.kind), said, record.owner, record)
    deed.check()
    before, office = record.parent_id, record.office_id
    parent = told["parent"]
    if before != (parent.pk if isinstance(parent, Programme) else None):
        move_money(record, parent if isinstance(parent, Programme) else None)
    deed.change(record, **told)
    _lay_articles(record)
    if record.office_id != office:
        _hand_over(deed, record)
    return record


@action("programme.set_next_step", permission=RUN)
def set_next_step(
    deed: Deed, *, programme: int, version: int, next_step: str, next_due_on: date | None, note: str = ""
) -> Programme:
    """Say what comes next in a programme, and by when.

    Raises
    ------
    BridgeheadError
        ``form.missing``, ``programme.not_running``, ``programme.too_long``, ``programme.due_before_today``.
    """
    record = held(deed, programme, version)
    running(deed, record)
    told = step_and_day(deed, next_step, next_due_on)
    deed.check()
    return deed.change(record, **told)


@action("programme.end", permission=RUN)
def end_programme(deed: Deed, *, programme: int, version: int, state: str, why: str) -> Programme:
    """Say that a programme is done, was stopped, or goes on again, and why.

    Raises
    ------
    BridgeheadError
        ``programme.unknown_state``, ``form.missing`` without a reason, ``programme.not_at_its_end`` for one that is
        not at its last stage and yet to be done, ``programme.children_run`` while parts of it go on,
        ``programme.resumed_without_step`` for one that says no next step.
    """
    record = held(deed, programme, version)
    reason = short(deed, "reason", why, needed=True)
    if state not in Programme.State.values or state == record.state:
        deed.refuse("programme.unknown_state", {"state": state[:20]}, "state")
    elif state == Programme.State.DONE and (following := kind_of(record.kind).next(record.stage)):
        deed.refuse("programme.not_at_its_end", {"stage": record.stage, "next": following.id}, "state")
    with as_system("looking for parts that go on"):
        parts = Programme.objects.filter(parent=record, state=Programme.State.RUNNING).count()
    if state in (Programme.State.DONE, Programme.State.STOPPED) and parts:
        deed.refuse("programme.children_run", {"count": parts}, "state")
    if state == Programme.State.RUNNING and not (record.next_step and record.next_due_on):
        deed.refuse("programme.resumed_without_step", {"code": record.code}, "state")
    deed.check()
    return deed.change(record, state=state, state_reason=reason)


def _told(deed: Deed, kind: Kind, said: Said, owner: Organisation, record: Programme | None) -> dict[str, object]:
    """Return the fields of a programme; note everything that is wrong with what was said."""
    names = ("name_zh", "name_en", "source")
    told: dict[str, object] = {
        name: short(deed, name, getattr(said, name), needed=name in ("name_zh", "source")) for name in names
    }
    if said.source_on is None:
        deed.refuse("form.missing", None, "source_on")
    elif said.source_on > today():
        deed.refuse("programme.day_to_come", {"day": said.source_on.isoformat()}, "source_on")
    return {
        **told,
        **step_and_day(deed, said.next_step, said.next_due_on, record),
        "source_on": said.source_on,
        "office": _office(deed, said.office, owner),
        "parent": _parent(deed, said.parent, record),
        "place_id": _place(deed, said.place.strip()),
        "project": _project(deed, said.project.strip()),
        "plan_line": _plan_line(deed, said.plan_line.strip()),
        "articles": _articles(deed, kind, said.articles),
        "fields": _fields(deed, kind, said.fields),
    }


def _office(deed: Deed, pk: int | None, owner: Organisation) -> Organisation:
    """Return the body that leads a programme: one that is open and public; who keeps it where none is named."""
    if pk is None or pk == owner.pk:
        return owner
    rows = visible(Organisation, deed.by).filter(kind__in=sorted(roles().public_kinds), closed_on__isnull=True)
    found = rows.filter(pk=pk).first()
    if found is None:
        deed.refuse("ledger.unknown_body", {"body": pk}, "office")
    return found or owner


def _parent(deed: Deed, pk: int | None, record: Programme | None) -> Programme | None:
    """Return the programme this is a part of; note where that would be a part of this one."""
    if pk is None:
        return None
    found = visible(Programme, deed.by).filter(pk=pk).first()
    if found is None:
        deed.refuse("programme.unknown_parent", {"programme": pk}, "parent")
        return None
    if record is not None and (found.pk == record.pk or record.pk in above(found)):
        deed.refuse("programme.parent_cycle", {"code": found.code}, "parent")
    return found


def above(record: Programme) -> list[int]:
    """Return the programmes a programme is a part of, the nearest first."""
    found: list[int] = []
    with as_system("looking for what a programme is a part of"):
        pk = record.parent_id
        while pk is not None and pk not in found:
            found.append(pk)
            pk = Programme.objects.filter(pk=pk).values_list("parent_id", flat=True).first()
    return found


def _place(deed: Deed, word: str) -> str:
    region = current().region
    known = region.place_id(word) if word else ""
    if known and region.kind_of(known) not in ("ports", "places", "aggregates"):
        deed.refuse("programme.unknown_place", {"place": word[:60]}, "place")
    return known


def _project(deed: Deed, id: str) -> str:
    if id and current().region.find("projects", id) is None:
        deed.refuse("programme.unknown_project", {"project": id[:60]}, "project")
    return id


def _plan_line(deed: Deed, id: str) -> str:
    if id and current().region.find("plan_lines", id) is None:
        deed.refuse("programme.unknown_plan_line", {"plan_line": id[:60]}, "plan_line")
    return id


def _articles(deed: Deed, kind: Kind, given: Sequence[int] | None) -> list[int]:
    """Return the articles of a programme, each once and in order; those of its kind where none were given."""
    statute = current().region.settings.statute
    last = statute.articles if statute else 0
    found = sorted(set(kind.articles if given is None or not list(given) else given))
    if unknown := [one for one in found if not 1 <= one <= last]:
        deed.refuse("programme.unknown_article", {"articles": unknown, "last": last}, "articles")
    return found


def _fields(deed: Deed, kind: Kind, typed: Mapping[str, str]) -> dict[str, Stored]:
    try:
        return kind.read(typed)
    except BridgeheadError as refused:
        note_all(deed, refused)
        return {}


def _code(deed: Deed, kind: Kind, given: str) -> str:
    """Return the code of a new programme: the one that was given, or the next of its kind."""
    with as_system("looking for a code"):
        if not given:
            last = Programme.objects.aggregate(last=Max("pk"))["last"] or 0
            numbered = (f"{kind.id}-{number:04d}"[-LONGEST_CODE:] for number in count(last + 1))
            # Somebody may have given by hand the one that is next.
            return next(one for one in numbered if not Programme.objects.filter(code=one).exists())
        taken = Programme.objects.filter(code=given).exists()
    if not CODE.fullmatch(given) or len(given) > LONGEST_CODE:
        deed.refuse("programme.bad_code", {"code": given[:60], "limit": LONGEST_CODE}, "code")
    elif taken:
        deed.refuse("programme.code_taken", {"code": given}, "code")
    return given


def _lay_articles(record: Programme) -> None:
    """Write the rows by which programmes are found by article."""
    with as_system("finding programmes by article"):
        ProgrammeArticle.objects.filter(programme=record).exclude(article__in=record.articles).delete()
        there = set(ProgrammeArticle.objects.filter(programme=record).values_list("article", flat=True))
        ProgrammeArticle.objects.bulk_create(
            ProgrammeArticle(programme=record, owner_id=record.owner_id, office_id=record.office_id, article=one)
            for one in record.articles
            if one not in there
        )


def move_money(record: Programme, parent: Programme | None) -> None:
    """Take the money of a programme out of what it was a part of, and add it to what it is a part of now."""
    with as_system("adding up the money of programmes"):
        own = ProgrammeTotal.objects.get(programme=record)
        sums = {year: {name: Decimal(text) for name, text in one.items()} for year, one in own.years.items()}
        before = above(record)
        after = [] if parent is None else [parent.pk, *above(parent)]
        lock_above({*before, *after})
        move_totals(before, {year: {name: -value for name, value in one.items()} for year, one in sums.items()})
        move_totals(after, sums)


def _hand_over(deed: Deed, record: Programme) -> None:
    """Let the office that leads a programme from now on see all that belongs to it, files included."""
    with as_system("handing a programme over"):
        for model in (ProgrammeArticle, ProgrammeTotal):  # derived: the records they follow from are journalled
            model.objects.filter(programme=record).update(office_id=record.office_id)
        for records in (ProgrammeParty, StageMove, ProgrammeMoney, ProgrammeItem):
            for one in records.objects.filter(programme=record).order_by("pk"):
                deed.change(one, office_id=record.office_id)
        for file in StoredFile.objects.filter(pk__in=StageMove.objects.filter(programme=record).values("file")):
            other = record.office_id if record.office_id != record.owner_id else None
            deed.change(file, owner_id=record.owner_id, office_id=other)
