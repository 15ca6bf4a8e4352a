"""Actions on accounts: people, their passwords, the first administrator."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.models import Membership, Organisation, Person
from bridgehead.kernel.errors import BridgeheadError

LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@+-]{1,62}[A-Za-z0-9])")


@action("person.register", permission="member.manage")
def register_person(
    deed: Deed, *, login: str, name: str, email: str = "", language: str = "zh", demo: bool = False
) -> Person:
    """Add somebody who can be appointed; they choose their password by a link.

    Raises
    ------
    BridgeheadError
        ``person.bad_login``, ``person.login_taken``, ``person.no_name``, ``person.bad_email``,
        ``person.bad_language``.
    """
    person = Person(login=login.strip(), created_at=timezone.now(), demo=demo)
    if not LOGIN.fullmatch(person.login):
        deed.refuse("person.bad_login", {"login": person.login}, "login")
    elif Person.objects.filter(login__iexact=person.login).exists():
        deed.refuse("person.login_taken", {"login": person.login}, "login")
    _particulars(deed, person, name, email, language)
    deed.check()
    person.set_unusable_password()
    return deed.create(person)


def _particulars(deed: Deed, person: Person, name: str, email: str, language: str) -> None:
    person.name, person.email, person.language = name.strip(), email.strip(), language
    if not person.name or len(person.name) > 100:
        deed.refuse("person.no_name", {}, "name")
    if person.email:
        try:
            validate_email(person.email)
        except ValidationError:
            deed.refuse("person.bad_email", {"email": person.email}, "email")
    if language not in LANGUAGES:
        deed.refuse("person.bad_language", {"language": language, "known": list(LANGUAGES)}, "language")


@action("person.edit_profile")
def edit_profile(deed: Deed, *, version: int, name: str, email: str = "", language: str = "zh") -> Person:
    """Change one's own name, address and language."""
    person = _oneself(deed, version)
    probe = Person()
    _particulars(deed, probe, name, email, language)
    deed.check()
    return deed.change(person, name=probe.name, email=probe.email, language=probe.language)


@action("person.change_password")
def change_password(deed: Deed, *, old: str, new: str) -> Person:
    """Change one's own password, knowing the old one.

    Raises
    ------
    BridgeheadError
        ``person.wrong_password``, ``person.weak_password``.
    """
    person = _oneself(deed, None)
    if not person.check_password(old):
        deed.refuse("person.wrong_password", {}, "old")
    set_password(deed, person, new)
    return person


@action("person.reset_password")
def reset_password(deed: Deed, *, person: int, new: str) -> Person:
    """Set the password of somebody who holds a link sent to them; the page has checked the link."""
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "link"})
    found = deed.lock(Person, person)
    set_password(deed, found, new)
    return found


def set_password(deed: Deed, person: Person, new: str) -> None:
    """Set a password that the validators of the settings accept.

    Raises
    ------
    BridgeheadError
        ``person.weak_password`` with the reasons.
    """
    try:
        validate_password(new, person)
    except ValidationError as reason:
        for message in reason.messages:
            deed.refuse("person.weak_password", {"reason": message}, "new")
    deed.check()
    person.set_password(new)
    hashed, person.password = person.password, ""
    deed.change(person, password=hashed)


@action("person.deactivate", permission="account.manage")
def deactivate_person(deed: Deed, *, person: int, version: int) -> Person:
    """Let somebody sign in no more, at once.

    Raises
    ------
    BridgeheadError
        ``person.oneself`` if it were oneself: another administrator must do it.
    """
    found = deed.lock(Person, person, version)
    if found.pk == deed.by.person_id:
        deed.refuse("person.oneself", {})
    deed.check()
    return deed.change(found, is_active=False)


@action("person.reactivate", permission="account.manage")
def reactivate_person(deed: Deed, *, person: int, version: int) -> Person:
    """Let somebody sign in again."""
    return deed.change(deed.lock(Person, person, version), is_active=True)


@action("person.claim_administration")
def claim_administration(deed: Deed, *, login: str, name: str, password: str, email: str = "") -> Person:
    """Make the first administrator, by the link the first start printed; the page has checked the link.

    Raises
    ------
    BridgeheadError
        ``person.administrator_there`` once there is one.
    """
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "link"})
    if has_administrator():
        raise BridgeheadError("person.administrator_there")
    person = register_person(by=deed, login=login, name=name, email=email)
    set_password(deed, person, password)
    deed.create(Membership(person=person, organisation=seat(deed), role="administrator", starts_on=today()))
    return person


def has_administrator() -> bool:
    """Tell whether the platform has an administrator who can sign in."""
    return Membership.objects.filter(role="administrator", ends_on__isnull=True, person__is_active=True).exists()


def seat(deed: Deed) -> Organisation:
    """Return the organisation administrators sit in: the region's government, or one made for them without it."""
    there = Organisation.objects.filter(kind="government", parent__isnull=True).order_by("id").first()
    if there is not None:
        return there
    made = Organisation.objects.filter(code="operator").first()
    if made is not None:
        return made
    return deed.create(
        Organisation(code="operator", name_zh="平台运行单位", name_en="Operator", kind="government", is_public=True)
    )


def _oneself(deed: Deed, version: int | None) -> Person:
    if deed.by.person_id is None:
        raise BridgeheadError("action.not_signed_in")
    return deed.lock(Person, deed.by.person_id, version)
