"""Actions on what a programme consists of besides: its parties, and the items its kind records one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bridgehead.engines.programmes.kinds import Stored
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.programmes_held import held, note_all, short
from bridgehead.rooms.ledger.models import Programme, ProgrammeItem, ProgrammeParty
from bridgehead.rooms.ledger.programme_kinds import kind_of
from bridgehead.rooms.ledger.who import RUN


@action("programme.add_party", permission=RUN)
def add_party(
    deed: Deed, *, programme: int, role: str, organisation: int | None = None, name: str = ""
) -> ProgrammeParty:
    """Name somebody who has a part in a programme.

    Raises
    ------
    BridgeheadError
        ``programme.unknown_role``, ``programme.party_unnamed``, ``programme.unknown_party``,
        ``programme.party_doubled``, ``programme.too_long``.
    """
    record = held(deed, programme)
    told = short(deed, "name", name, limit=200)
    body = visible(Organisation, deed.by).filter(pk=organisation).first() if organisation else None
    if role not in ProgrammeParty.Role.values:
        deed.refuse("programme.unknown_role", {"role": role[:40]}, "role")
    if organisation and body is None:
        deed.refuse("programme.unknown_party", {"party": organisation}, "organisation")
    elif body is None and not told:
        deed.refuse("programme.party_unnamed", None, "name")
    there = ProgrammeParty.objects.filter(programme=record, role=role, left_on=None)
    if (there.filter(organisation=body) if body else there.filter(organisation=None, name=told)).exists():
        deed.refuse("programme.party_doubled", {"name": body.name(language()) if body else told}, "name")
    deed.check()
    return deed.create(
        ProgrammeParty(
            programme=record,
            owner=record.owner,
            office=record.office,
            organisation=body,
            name="" if body else told,
            role=role,
        )
    )


@action("programme.let_party_go", permission=RUN)
def let_party_go(deed: Deed, *, party: int, version: int) -> ProgrammeParty:
    """Say that somebody has no part in a programme any more; that they had stays on record.

    Raises
    ------
    BridgeheadError
        ``programme.party_left`` if they had left before.
    """
    found = deed.lock(ProgrammeParty, party, version)
    held(deed, found.programme_id)
    if found.left_on is not None:
        deed.refuse("programme.party_left")
    deed.check()
    return deed.change(found, left_on=today())


@action("programme.add_item", permission=RUN)
def add_item(
    deed: Deed,
    *,
    programme: int,
    title: str,
    on: date | None,
    source: str,
    fields: Mapping[str, str],
    note: str = "",
) -> ProgrammeItem:
    """Record one deal, meeting, visit or whatever the kind of a programme records one by one.

    Raises
    ------
    BridgeheadError
        ``programme.no_items`` for a kind that records none, ``form.missing``, ``programme.day_to_come``, and what is
        wrong with its fields.

    Articles: 30, 46
    """
    record = held(deed, programme)
    told = _told(deed, record, title=title, on=on, source=source, fields=fields, note=note)
    return deed.create(ProgrammeItem(programme=record, owner=record.owner, office=record.office, **told))


@action("programme.change_item", permission=RUN)
def change_item(
    deed: Deed,
    *,
    item: int,
    version: int,
    title: str,
    on: date | None,
    source: str,
    fields: Mapping[str, str],
    note: str = "",
) -> ProgrammeItem:
    """Change what an item says, as when more of a deal was fulfilled; what it said before stays in the journal.

    Raises
    ------
    BridgeheadError
        What `add_item` raises; ``action.changed_meanwhile``.
    """
    found = deed.lock(ProgrammeItem, item, version)
    record = held(deed, found.programme_id)
    return deed.change(found, **_told(deed, record, title=title, on=on, source=source, fields=fields, note=note))


def _told(
    deed: Deed,
    record: Programme,
    *,
    title: str,
    on: date | None,
    source: str,
    fields: Mapping[str, str],
    note: str,
) -> dict[str, object]:
    """Return what an item says; raise everything that is wrong with it."""
    kind = kind_of(record.kind)
    if not kind.item:
        raise BridgeheadError("programme.no_items", {"kind": kind.id})
    told: dict[str, object] = {
        "title": short(deed, "title", title, needed=True, limit=200),
        "source": short(deed, "source", source, needed=True),
        "note": short(deed, "note", note, limit=500),
        "on": on,
    }
    if on is None:
        deed.refuse("form.missing", None, "on")
    elif on > today():
        deed.refuse("programme.day_to_come", {"day": on.isoformat()}, "on")
    typed: dict[str, Stored] = {}
    try:
        typed = kind.read(fields, item=True)
    except BridgeheadError as refused:
        note_all(deed, refused)
    deed.check()
    return {**told, "fields": typed}
