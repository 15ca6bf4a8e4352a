"""Actions on organisations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation
from bridgehead.ground.people.accounts import refuse_without_administrator
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.tables import Row
from bridgehead.regions.load import Region

LONGEST_NAME = 200
_TREE = 0x62686F7267
"""Key of the lock of the tree on PostgreSQL."""

CODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?")
"""What an organisation's code is made of: it stands in addresses."""


@action("organisation.create", permission="organisation.create")
def create_organisation(
    deed: Deed,
    *,
    code: str,
    name_zh: str,
    name_en: str = "",
    kind: str,
    parent: int | None = None,
    office: int | None = None,
    uscc: str | None = None,
    demo: bool = False,
) -> Organisation:
    """Add an organisation; an enterprise names the office that keeps it in its books.

    Raises
    ------
    BridgeheadError
        ``organisation.bad_kind``, ``organisation.no_name``, ``organisation.bad_code``, ``organisation.code_taken``,
        ``organisation.uscc_taken``, ``organisation.bad_uscc``, ``organisation.unknown_parent``.
    """
    if not deed.by.system and deed.permission not in deed.by.everywhere:
        deed.require(deed.permission, parent or 0)
    record = Organisation(code=code.strip(), kind=kind, demo=demo, level="", is_public=kind in roles().public_kinds)
    _names(deed, record, name_zh, name_en)
    if kind not in roles().kinds:
        deed.refuse("organisation.bad_kind", {"kind": kind, "known": sorted(roles().kinds)}, "kind")
    if not CODE.fullmatch(record.code):
        deed.refuse("organisation.bad_code", {"code": record.code}, "code")
    else:
        with as_system("looking for the code"):
            if Organisation.objects.filter(code=record.code).exists():
                deed.refuse("organisation.code_taken", {"code": record.code}, "code")
    record.uscc = _uscc(deed, uscc, None)
    record.parent = _existing(deed, parent, "parent")
    record.office = _existing(deed, office, "office")
    deed.check()
    return deed.create(record)


@action("organisation.edit", permission="organisation.edit")
def edit_organisation(
    deed: Deed,
    *,
    organisation: int,
    version: int,
    name_zh: str,
    name_en: str = "",
    parent: int | None = None,
    office: int | None = None,
    uscc: str | None = None,
) -> Organisation:
    """Change names, place in the tree, office and number of an organisation.

    Raises
    ------
    BridgeheadError
        ``organisation.own_parent`` if it would stand above or below itself; ``organisation.from_region`` for what the
        region's table says; and those of `create_organisation`.
    """
    _hold_tree()
    record = deed.lock(Organisation, organisation, version)
    deed.require_in(record.pk)
    changed: dict[str, Any] = {}
    probe = Organisation()
    _names(deed, probe, name_zh, name_en)
    changed.update(name_zh=probe.name_zh, name_en=probe.name_en)
    changed["uscc"] = _uscc(deed, uscc, record)
    if parent != record.parent_id:
        deed.require("organisation.create", record.pk)
        changed["parent"] = _existing(deed, parent, "parent")
        if parent is not None and _stands_below(parent, record.pk):
            deed.refuse("organisation.own_parent", {"organisation": record.name_zh}, "parent")
    if office != record.office_id:
        deed.require("organisation.create", record.pk)
        changed["office"] = _existing(deed, office, "office")
    if record.from_region:
        _leave_to_the_table(deed, record, changed)
    deed.check()
    return deed.change(record, **changed)


def _leave_to_the_table(deed: Deed, record: Organisation, changed: dict[str, Any]) -> None:
    """Refuse what the next start would take back: names and place of an organisation of the region's table."""
    for field in ("name_zh", "name_en", "parent"):
        if field in changed and changed[field] != getattr(record, field):
            deed.refuse("organisation.from_region", {"organisation": record.name_zh, "code": record.code}, field)


@action("organisation.close", permission="organisation.create")
def close_organisation(deed: Deed, *, organisation: int, version: int, on: date) -> Organisation:
    """Close an organisation from a day on: its people act for it no more; its records stay.

    Raises
    ------
    BridgeheadError
        ``organisation.has_children`` while others stand below it; ``organisation.closed`` if it is already;
        ``organisation.closed_in_the_past``; ``membership.last_administrator`` if only its administrators are left.
    """
    record = deed.lock(Organisation, organisation, version)
    deed.require_in(record.pk)
    if record.closed_on is not None and record.closed_on <= today():
        deed.refuse("organisation.closed", {"organisation": record.name_zh, "on": record.closed_on.isoformat()})
    elif on < today():
        deed.refuse("organisation.closed_in_the_past", {"on": on.isoformat()}, "on")
    with as_system("looking below"):
        below = list(record.children.filter(closed_on__isnull=True).values_list("name_zh", flat=True)[:5])
    if below:
        deed.refuse("organisation.has_children", {"organisation": record.name_zh, "children": below})
    refuse_without_administrator(deed, Q(organisation=record))
    deed.check()
    deed.holds_from(on)
    return deed.change(record, closed_on=on)


@action("organisation.adopt")
def adopt_region(deed: Deed, *, region: Region) -> tuple[int, int]:
    """Take over the organisations of the region's table ``orgs``; return how many are new and how many changed.

    Nothing is removed: an organisation the table no longer names stays with all that hangs on it.

    Raises
    ------
    BridgeheadError
        ``organisation.bad_kind`` with file and row for each kind the platform does not know;
        ``organisation.code_of_another`` for each id under which somebody registered an organisation by hand.
    """
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})
    rows = {str(row["id"]): row for row in region.rows("orgs")}
    _refuse_unknown_kinds(rows.values())
    if not rows:
        return 0, 0
    _hold_tree()
    known = {record.code: record for record in Organisation.objects.all()}
    _refuse_hand_made(rows, known)
    new = changed = 0
    for code in rows:
        added, touched = _adopt(deed, code, rows, known)
        new, changed = new + added, changed + touched
    return new, changed


def _refuse_unknown_kinds(rows: Iterable[Row]) -> None:
    unknown = [
        Fault(
            "organisation.bad_kind",
            {"kind": row["kind"], "known": sorted(roles().kinds)},
            Place("orgs.csv", row.line, "kind"),
        )
        for row in rows
        if row["kind"] not in roles().kinds
    ]
    if unknown:
        raise BridgeheadError.of(unknown)


def _refuse_hand_made(rows: Mapping[str, Row], known: Mapping[str, Organisation]) -> None:
    """Refuse to make an organisation somebody registered into one of the table: its people would act for another."""
    taken = [
        Fault(
            "organisation.code_of_another",
            {"code": code, "organisation": known[code].name_zh, "row": row["name_zh"]},
            Place("orgs.csv", row.line, "id"),
        )
        for code, row in rows.items()
        if code in known and not known[code].from_region
    ]
    if taken:
        raise BridgeheadError.of(taken)


def _adopt(deed: Deed, code: str, rows: Mapping[str, Row], known: dict[str, Organisation]) -> tuple[int, int]:
    """Take over one row, the rows above it first; the check of the region has seen that they form no ring."""
    row = rows[code]
    new = changed = 0
    above: dict[str, Organisation | None] = {"parent": None, "reports_to": None}
    for edge in above:
        other = row.text(edge)
        if other and other not in known:
            added, touched = _adopt(deed, other, rows, known)
            new, changed = new + added, changed + touched
        above[edge] = known.get(other)
    fields = {
        "name_zh": row["name_zh"],
        "name_en": row["name_en"] or "",
        "kind": row["kind"],
        "level": row["level"] or "",
        "is_public": row["kind"] in roles().public_kinds,
        "from_region": True,
        **above,
    }
    there = known.get(code)
    if there is None:
        known[code] = deed.create(Organisation(code=code, **fields))
        return new + 1, changed
    before = there.version
    deed.change(there, **fields)
    return new, changed + (there.version != before)


def _names(deed: Deed, record: Organisation, name_zh: str, name_en: str) -> None:
    record.name_zh, record.name_en = name_zh.strip(), name_en.strip()
    if not record.name_zh:
        deed.refuse("organisation.no_name", {}, "name_zh")
    for field in ("name_zh", "name_en"):
        if len(getattr(record, field)) > LONGEST_NAME:
            deed.refuse("organisation.name_too_long", {"most": LONGEST_NAME}, field)


def _uscc(deed: Deed, given: str | None, record: Organisation | None) -> str | None:
    """Return a unified social credit code (GB 32100-2015) in its compact form, or None where none is given."""
    if not (given or "").strip():
        return None
    from stdnum.cn import uscc as standard
    from stdnum.exceptions import ValidationError

    assert given is not None
    try:
        number = str(standard.validate(given))
    except ValidationError:
        deed.refuse("organisation.bad_uscc", {"uscc": given}, "uscc")
        return given[:18]
    with as_system("looking for the number"):
        taken = Organisation.objects.filter(uscc=number)
        if record is not None:
            taken = taken.exclude(pk=record.pk)
        if taken.exists():
            deed.refuse("organisation.uscc_taken", {"uscc": number}, "uscc")
    return number


def _existing(deed: Deed, pk: int | None, field: str) -> Organisation | None:
    if pk is None:
        return None
    with as_system("looking for the organisation"):
        found = Organisation.objects.filter(pk=pk, closed_on__isnull=True).first()
    if found is None:
        deed.refuse("organisation.unknown_parent", {"id": pk}, field)
    return found


def _hold_tree() -> None:
    """Let one transaction at a time change who stands below whom.

    Two moves that are each sound can form a ring together, and neither changes a row the other one holds.
    """
    if connection.vendor == "postgresql":  # SQLite has one writer at a time anyway
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TREE])


def _stands_below(candidate: int, top: int) -> bool:
    """Tell whether an organisation is another one or stands below it, by parent or by whom it reports to."""
    with as_system("walking up the tree"):
        above = {pk: edges for pk, *edges in Organisation.objects.values_list("id", "parent_id", "reports_to_id")}
    waiting, seen = [candidate], set()
    while waiting:
        at = waiting.pop()
        if at == top:
            return True
        if at not in seen:
            seen.add(at)
            waiting += filter(None, above.get(at, ()))
    return False
