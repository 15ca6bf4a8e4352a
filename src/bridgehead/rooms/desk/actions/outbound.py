"""Actions of a firm on its projects abroad: the register, the checklist, which office may see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import choice, fitting, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.checklist import ANSWERS, rows
from bridgehead.rooms.desk.models import OutboundProject, OutboundSignal
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.tags import country_of
from bridgehead.rooms.desk.who import ABROAD

LIMITS = {"name": 200, "place": 200, "contact_there": 200, "note": 1_000}
LONGEST_NOTE = 300
MOST_PEOPLE = 100_000


@dataclass(frozen=True, slots=True)
class ProjectTold:
    """What a firm says of a project abroad; see `OutboundProject`."""

    name: str
    country: str
    place: str
    people: int | None
    contact_there: str
    starts_on: date | None
    ends_on: date | None = None
    note: str = ""


@action("outbound_project.register", permission=ABROAD)
def register_project(deed: Deed, *, firm: int, told: ProjectTold) -> OutboundProject:
    """Register a project abroad; nobody but the firm sees it until the firm names an office.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``service.no_such_country``, ``outbound.bad_people``,
        ``outbound.ends_too_soon``, ``outbound.at_home``.

    Articles: 47, 48
    """
    deed.require_in(firm)
    columns = _columns(deed, told)
    deed.check()
    return deed.create(OutboundProject(owner_id=firm, **columns))


@action("outbound_project.change", permission=ABROAD)
def change_project(deed: Deed, *, project: int, version: int, told: ProjectTold) -> OutboundProject:
    """Change what is told of a project abroad; with a last day it is over after it.

    Raises
    ------
    BridgeheadError
        Those of `register_project`.

    Articles: 47, 48
    """
    row = _own(deed, project, version)
    columns = _columns(deed, told)
    deed.check()
    return deed.change(row, **columns)


@action("outbound_project.answer", permission=ABROAD)
def answer_checklist(
    deed: Deed, *, project: int, version: int, answers: Mapping[str, tuple[str, str]]
) -> OutboundProject:
    """Answer items of the checklist: each with ``yes``, ``no`` or ``not_needed``, and a note.

    Raises
    ------
    BridgeheadError
        With all of ``form.no_such_choice``, ``form.text_too_long``, ``outbound.say_why``.

    Articles: 48
    """
    row = _own(deed, project, version)
    known = {one.text("id") for one in rows()}
    kept, day = dict(row.answers), today(deed).isoformat()
    for item, (answer, note) in answers.items():
        choice(deed, item, known, item)
        said = fitting(deed, note, f"note_{item}", LONGEST_NOTE)
        if not answer:
            kept.pop(item, None)
            continue
        choice(deed, answer, ANSWERS, item)
        if answer == "not_needed" and not said:
            deed.refuse("outbound.say_why", {}, f"note_{item}")
        before = row.answers.get(item, {})
        same = (before.get("answer"), before.get("note", "")) == (answer, said)
        kept[item] = before if same else {"answer": answer, "note": said, "on": day}
    deed.check()
    return deed.change(row, answers=dict(sorted(kept.items())))


@action("outbound_project.consent", permission=ABROAD)
def consent_office(deed: Deed, *, project: int, version: int, office: int | None) -> OutboundProject:
    """Let one office see a project, or none any more; what it wrote of its visits stays with it.

    Raises
    ------
    BridgeheadError
        ``form.no_such_choice`` for what is no office.

    Articles: 47, 48
    """
    row = _own(deed, project, version)
    with as_system("looking for an office"):
        there = Organisation.objects.filter(pk=office, is_public=True, closed_on=None).first() if office else None
        if office and there is None:
            deed.refuse("form.no_such_choice", {"value": office}, "office")
        deed.check()
        new = there is not None and there.pk != row.office_id
        row = deed.change(row, office=there, consents_on=today(deed) if new else row.consents_on if there else None)
        for signal in OutboundSignal.objects.select_for_update().filter(project=row):
            deed.change(signal, office=there)
        if there is not None and new:
            about = ("desk:outbound-care-project", {"project": row.pk})
            notify(deed, firm=there.pk, kind="outbound_named", about=about, words={})
    return row


def _own(deed: Deed, project: int, version: int) -> OutboundProject:
    row = deed.lock(OutboundProject, project, version)
    deed.require_in(row.owner_id)
    return row


def _columns(deed: Deed, told: ProjectTold) -> dict[str, object]:
    columns: dict[str, object] = {}
    for field, most in LIMITS.items():
        text = getattr(told, field)
        columns[field] = fitting(deed, text, field, most) if field == "note" else needed(deed, text, field, most)
    columns["country"] = ""
    try:
        columns["country"] = country_of(needed(deed, told.country, "country", 60) or "MN")
    except BridgeheadError as refused:
        deed.refuse(refused.code, refused.parameters, "country")
    if columns["country"] == "CN":
        deed.refuse("outbound.at_home", {}, "country")
    if told.people is None:
        deed.refuse("form.missing", {}, "people")
    elif told.people > MOST_PEOPLE:
        deed.refuse("outbound.bad_people", {"most": MOST_PEOPLE}, "people")
    if told.starts_on is None:
        deed.refuse("form.missing", {}, "starts_on")
    elif told.ends_on is not None and told.ends_on < told.starts_on:
        deed.refuse("outbound.ends_too_soon", {}, "ends_on")
    return {**columns, "people": told.people, "starts_on": told.starts_on, "ends_on": told.ends_on}
