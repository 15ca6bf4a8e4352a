"""Actions on organisations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bridgehead.ground.access.roles import roles
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import Region

LONGEST_NAME = 200


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
        ``organisation.bad_kind``, ``organisation.no_name``, ``organisation.code_taken``, ``organisation.uscc_taken``,
        ``organisation.bad_uscc``, ``organisation.unknown_parent``.
    """
    deed.require(deed.permission, parent)
    record = Organisation(code=code.strip(), kind=kind, demo=demo, level="", is_public=kind in roles().public_kinds)
    _names(deed, record, name_zh, name_en)
    if kind not in roles().kinds:
        deed.refuse("organisation.bad_kind", {"kind": kind, "known": sorted(roles().kinds)}, "kind")
    if not record.code or Organisation.objects.filter(code=record.code).exists():
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
        ``organisation.own_parent`` if it would stand above or below itself, and those of `create_organisation`.
    """
    record = deed.lock(Organisation, organisation, version)
    deed.require_in(record.pk)
    changed: dict[str, Any] = {}
    probe = Organisation()
    _names(deed, probe, name_zh, name_en)
    changed.update(name_zh=probe.name_zh, name_en=probe.name_en)
    changed["uscc"] = _uscc(deed, uscc, record)
    if parent != record.parent_id:
        deed.require("organisation.create")
        changed["parent"] = _existing(deed, parent, "parent")
        if parent is not None and _stands_below(parent, record.pk):
            deed.refuse("organisation.own_parent", {"organisation": record.name_zh}, "parent")
    if office != record.office_id:
        deed.require("organisation.create")
        changed["office"] = _existing(deed, office, "office")
    deed.check()
    return deed.change(record, **changed)


@action("organisation.close", permission="organisation.create")
def close_organisation(deed: Deed, *, organisation: int, version: int, on: date) -> Organisation:
    """Close an organisation from a day on: its people sign in no more for it; its records stay.

    Raises
    ------
    BridgeheadError
        ``organisation.has_children`` while others stand below it.
    """
    record = deed.lock(Organisation, organisation, version)
    below = record.children.filter(closed_on__isnull=True).values_list("name_zh", flat=True)[:5]
    if below:
        deed.refuse("organisation.has_children", {"organisation": record.name_zh, "children": list(below)})
    deed.check()
    return deed.change(record, closed_on=on)


@action("organisation.adopt")
def adopt_region(deed: Deed, *, region: Region) -> tuple[int, int]:
    """Take over the organisations of the region's table ``orgs``; return how many are new and how many changed.

    Nothing is removed: an organisation the table no longer names stays with all that hangs on it.
    """
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})
    known = {record.code: record for record in Organisation.objects.all()}
    new = changed = 0
    rows = {str(row["id"]): row for row in region.rows("orgs")}
    for code in rows:
        added, touched = _adopt(deed, code, rows, known)
        new, changed = new + added, changed + touched
    return new, changed


def _adopt(
    deed: Deed, code: str, rows: Mapping[str, Mapping[str, Any]], known: dict[str, Organisation]
) -> tuple[int, int]:
    """Take over one row, the row above it first."""
    row = rows[code]
    above = str(row["parent"] or "")
    new = changed = 0
    if above and above not in known:
        new, changed = _adopt(deed, above, rows, known)
    fields = {
        "name_zh": row["name_zh"],
        "name_en": row["name_en"] or "",
        "kind": row["kind"],
        "level": row["level"] or "",
        "parent": known.get(above),
        "is_public": row["kind"] in roles().public_kinds,
        "from_region": True,
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
    taken = Organisation.objects.filter(uscc=number)
    if record is not None:
        taken = taken.exclude(pk=record.pk)
    if taken.exists():
        deed.refuse("organisation.uscc_taken", {"uscc": number}, "uscc")
    return number


def _existing(deed: Deed, pk: int | None, field: str) -> Organisation | None:
    if pk is None:
        return None
    found = Organisation.objects.filter(pk=pk, closed_on__isnull=True).first()
    if found is None:
        deed.refuse("organisation.unknown_parent", {"id": pk}, field)
    return found


def _stands_below(candidate: int, top: int) -> bool:
    """Tell whether an organisation is another one or stands below it."""
    above = dict(Organisation.objects.values_list("id", "parent_id"))
    at: int | None = candidate
    while at is not None:
        if at == top:
            return True
        at = above.get(at)
    return False
