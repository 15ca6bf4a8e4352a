"""The importers the ground ships with: enterprises, and the members of an organisation."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.db.models import Q

from bridgehead.ground.access.gate import may_see, visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.actions import Deed
from bridgehead.ground.imports.registry import Change, Current, Importer, Key, Values, register
from bridgehead.ground.models import Membership, Organisation, Person
from bridgehead.ground.people.accounts import register_person
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.organisations import create_organisation, edit_organisation
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.schemas import read_schema

SCHEMAS = Path(__file__).with_name("schemas")
KINDS = ("enterprise", "broker", "carrier")


def current_enterprises(viewer: Viewer, organisation: int) -> Mapping[Key, Current]:
    """Return the enterprises, brokers and carriers there are, by their unified social credit code."""
    rows = visible(Organisation, viewer).filter(kind__in=KINDS, uscc__isnull=False, closed_on__isnull=True)
    return {
        (str(row.uscc),): Current(
            {
                "uscc": row.uscc,
                "name_zh": row.name_zh,
                "name_en": row.name_en or None,
                "kind": row.kind,
                "office": row.office.code if row.office else None,
            },
            row,
        )
        for row in rows.select_related("office")
    }


def tidy_enterprise(values: Values) -> Values:
    """Bring a unified social credit code into its compact form and check its digits (GB 32100-2015).

    Raises
    ------
    BridgeheadError
        ``organisation.bad_uscc``.
    """
    from stdnum.cn import uscc
    from stdnum.exceptions import ValidationError

    given = str(values["uscc"])
    try:
        return {**values, "uscc": str(uscc.validate(given))}
    except ValidationError as reason:
        raise BridgeheadError("organisation.bad_uscc", {"uscc": given}, Place(field="uscc")) from reason


def apply_enterprise(deed: Deed, organisation: int, change: Change) -> Organisation:
    """Add or change one enterprise; a new one has its unified social credit code as its code here."""
    values = {name: str(value or "") for name, value in change.values.items()}
    office = None
    if values["office"]:
        office = Organisation.objects.filter(code=values["office"], is_public=True, closed_on__isnull=True).first()
        if office is None:
            raise BridgeheadError("import.unknown_organisation", {"value": values["office"]}, Place(field="office"))
    told = {name: values[name] for name in ("name_zh", "name_en", "uscc")}
    office_id = office.pk if office else None
    if change.current is None:
        return create_organisation(by=deed, code=values["uscc"], kind=values["kind"], office=office_id, **told)
    record = change.current.record
    return edit_organisation(
        by=deed, organisation=record.pk, version=record.version, parent=record.parent_id, office=office_id, **told
    )


def current_members(viewer: Viewer, organisation: int) -> Mapping[Key, Current]:
    """Return the memberships of an organisation that have not ended and were not taken back, by login and role."""
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gte=today())
    rows = visible(Membership, viewer).filter(lasting, organisation=organisation, withdrawn_on__isnull=True)
    return {
        (row.person.login.lower(), row.role): Current(
            {
                "login": row.person.login.lower(),
                "name": row.person.name,
                "role": row.role,
                "email": row.person.email or None,
            },
            row,
        )
        for row in rows.select_related("person")
    }


def tidy_member(values: Values) -> Values:
    """Bring a login into small letters; logins differ by more than their case."""
    return {**values, "login": str(values["login"]).lower()}


def apply_member(deed: Deed, organisation: int, change: Change) -> Membership:
    """Appoint one person, adding them first where nobody has the login.

    Raises
    ------
    BridgeheadError
        ``import.another_person`` if the login belongs to somebody of another name or address or to an account the
        organisation does not keep; it does not name them.
    """
    values = {name: str(value or "") for name, value in change.values.items()}
    with as_system("looking for the login"):
        person = Person.objects.filter(login__iexact=values["login"]).first()
    if person is None:
        particulars = {name: values[name] for name in ("login", "name", "email")}
        person = register_person(by=deed, organisation=organisation, **particulars)
    elif not may_see(person, deed.by) or person.name != values["name"] or values["email"] not in ("", person.email):
        raise BridgeheadError("import.another_person", {"login": values["login"]}, Place(field="login"))
    return appoint(by=deed, person=int(person.pk), organisation=organisation, role=values["role"])


@cache
def register_all() -> None:
    """Register the importers of the ground; done once, when the program is ready."""
    register(
        Importer(
            kind="enterprises",
            schema=read_schema(SCHEMAS / "enterprises.csv"),
            permission="organisation.create",
            current=current_enterprises,
            apply=apply_enterprise,
            tidy=tidy_enterprise,
            fixed=frozenset(("kind",)),
        )
    )
    register(
        Importer(
            kind="members",
            schema=read_schema(SCHEMAS / "members.csv"),
            permission="member.manage",
            current=current_members,
            apply=apply_member,
            tidy=tidy_member,
            fixed=frozenset(("name", "email")),
        )
    )
