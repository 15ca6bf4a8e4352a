"""Actions on accounts: people, their passwords, the first administrator."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password, verify_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from bridgehead.ground.access.grants import in_force, today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.models import Membership, Organisation, Person
from bridgehead.kernel.errors import BridgeheadError

MOST_WITH_ONE_ADDRESS = 5
WEAK_PASSWORDS = {
    "password_too_short": "person.password_too_short",
    "password_too_common": "person.password_too_common",
    "password_too_similar": "person.password_too_similar",
    "password_entirely_numeric": "person.password_entirely_numeric",
}
"""Faults by what the validators call them."""

LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@+-]{1,62}[A-Za-z0-9])")


@action("person.register", permission="member.manage")
def register_person(
    deed: Deed,
    *,
    login: str,
    name: str,
    email: str = "",
    language: str = "zh",
    organisation: int | None = None,
    demo: bool = False,
) -> Person:
    """Add somebody who can be appointed; they choose their password by a link.

    Parameters
    ----------
    deed : Deed
        What is done.
    organisation : int, optional
        The organisation that keeps the account: its people see it and may appoint it. Without one only the platform's
        administrators do.

    Raises
    ------
    BridgeheadError
        ``person.bad_login``, ``person.login_taken``, ``person.no_name``, ``person.bad_email``,
        ``person.bad_language``.
    """
    if organisation is not None:
        organisation = int(deed.lock(Organisation, organisation).pk)
        deed.require_in(organisation)
    elif not deed.by.system and deed.permission not in deed.by.everywhere:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": deed.permission})
    person = Person(login=login.strip(), created_at=timezone.now(), home_id=organisation, demo=demo)
    with as_system("looking for the login"):
        taken = Person.objects.filter(login__iexact=person.login).exists()
    if not LOGIN.fullmatch(person.login):
        deed.refuse("person.bad_login", {"login": person.login}, "login")
    elif taken:
        deed.refuse("person.login_taken", {"login": person.login}, "login")
    _particulars(deed, person, name, email, language)
    deed.check()
    person.set_unusable_password()
    return deed.create(person)


def _particulars(deed: Deed, person: Person, name: str, email: str, language: str) -> None:
    person.name, person.email, person.language = name.strip(), email.strip(), language
    if not person.name or len(person.name) > 100:
        deed.refuse("person.no_name", {}, "name")
    if person.email and not is_address(person.email):
        deed.refuse("person.bad_email", {"email": person.email[:80]}, "email")
    if language not in LANGUAGES:
        deed.refuse("person.bad_language", {"language": language, "known": list(LANGUAGES)}, "language")


def is_address(text: str) -> bool:
    """Tell whether a text is an e-mail address, and none too long to be kept."""
    try:
        Person._meta.get_field("email").clean(text, None)
    except ValidationError:
        return False
    return True


@action("person.edit_profile")
def edit_profile(
    deed: Deed, *, version: int, name: str, email: str = "", language: str = "zh", password: str = "", address: str = ""
) -> Person:
    """Change one's own name, e-mail address and language.

    Another e-mail address needs the password, where there is one: whoever holds it can have a new password sent. The
    old one is told; ``address`` is the platform's own, for the link in that mail.

    Raises
    ------
    BridgeheadError
        ``person.wrong_password``, and those of `register_person`.
    """
    person = _oneself(deed, version)
    probe = Person()
    _particulars(deed, probe, name, email, language)
    moved = probe.email != person.email
    if moved and person.has_usable_password() and not knows_password(person, password):
        deed.refuse("person.wrong_password", {}, "password")
    deed.check()
    if moved and person.email:
        deed.enqueue("mail.send", told_by_mail("address_changed", person.pk, address, person.email))
    return deed.change(person, name=probe.name, email=probe.email, language=probe.language)


def told_by_mail(words: str, person: int | None, address: str, to: str = "") -> dict[str, Any]:
    """Return the arguments of the task that sends a mail; see `bridgehead.ground.mail.send_mail`.

    Parameters
    ----------
    words : str
        What it says, one of `bridgehead.ground.mail.WORDS`.
    person : int or None
        Whom it is about. For None nothing is sent: asking for a mail takes as long for nobody as for somebody.
    address : str
        Address of the platform, such as ``https://bridgehead.example``.
    to : str
        E-mail address, if it is not the one the person has when the mail is sent.
    """
    return {"words": words, "person": person, "address": address, "to": to}


def knows_password(person: Person, typed: str) -> bool:
    """Tell whether somebody's password was typed; nothing is written, whatever the hash is made with by now."""
    return bool(verify_password(typed, person.password)[0])


@action("person.renew_hash")
def renew_hash(deed: Deed, *, person: int, password: str) -> Person:
    """Hash a password anew with what hashes are made with by now; somebody has just signed in with it."""
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})
    found = deed.lock(Person, person)
    known, outdated = verify_password(password, found.password)
    if not known or not outdated:  # somebody else was here first
        return found
    return deed.change(found, password=make_password(password))


@action("person.change_password")
def change_password(deed: Deed, *, old: str, new: str, address: str = "") -> Person:
    """Change one's own password, knowing the old one; every other session ends.

    Raises
    ------
    BridgeheadError
        ``person.wrong_password``, ``person.weak_password``.
    """
    person = _oneself(deed, None)
    if not knows_password(person, old):
        deed.refuse("person.wrong_password", {}, "old")
    set_password(deed, person, new)
    deed.enqueue("mail.send", told_by_mail("password_changed", person.pk, address))
    return person


@action("person.ask_for_password")
def ask_for_password(deed: Deed, *, typed: str, address: str) -> None:
    """Have a link for a new password sent to whoever has a login or e-mail address; nobody hears whether one has.

    For nobody the same is written as for somebody: a line in the journal, which keeps no more than a digest of what
    was typed, and a task, which does nothing.
    """
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "link"})
    typed = typed.strip()
    rows = Person.objects.filter(Q(login__iexact=typed) | Q(email__iexact=typed), is_active=True).exclude(email="")
    found: list[int | None] = list(rows.order_by("id").values_list("id", flat=True)[:MOST_WITH_ONE_ADDRESS])
    for person in found or [None]:
        told = {} if person else {"login_digest": digest_of(typed)}
        deed.note("person", person or "unknown", told=told)
        deed.enqueue("mail.send", told_by_mail("new_password", person, address))


@action("person.reset_password")
def reset_password(deed: Deed, *, person: int, new: str, address: str = "") -> Person:
    """Set the password of somebody who holds a link sent to them; the page has checked the link."""
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "link"})
    found = deed.lock(Person, person)
    set_password(deed, found, new)
    deed.enqueue("mail.send", told_by_mail("password_changed", found.pk, address))
    return found


def set_password(deed: Deed, person: Person, new: str) -> None:
    """Set a password that the validators of the settings accept.

    Raises
    ------
    BridgeheadError
        ``person.password_too_short``, ``person.password_too_common``, ``person.password_too_similar``,
        ``person.password_entirely_numeric``; ``person.weak_password`` for what a validator of the operator's own says.
    """
    try:
        validate_password(new, person)
    except ValidationError as reason:
        for one in reason.error_list:
            if one.code in WEAK_PASSWORDS:
                deed.refuse(WEAK_PASSWORDS[one.code], {}, "new")
            else:
                deed.refuse("person.weak_password", {"reason": " ".join(one.messages)}, "new")
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
        ``person.oneself`` if it were oneself: another administrator must do it; ``membership.last_administrator``.
    """
    found = deed.lock(Person, person, version)
    if found.pk == deed.by.person_id:
        deed.refuse("person.oneself", {})
    refuse_without_administrator(deed, Q(person=found))
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
    at = deed.lock(Organisation, seat(deed).pk)  # two who hold the link wait for one another here
    if has_administrator():
        raise BridgeheadError("person.administrator_there")
    person = register_person(by=deed, login=login, name=name, email=email)
    set_password(deed, person, password)
    deed.create(Membership(person=person, organisation=at, role="administrator", starts_on=today()))
    return person


def has_administrator() -> bool:
    """Tell whether the platform has an administrator who can sign in."""
    with as_system("looking for an administrator"):
        return lasting_administrators().exists()


def lasting_administrators() -> QuerySet[Membership]:
    """Return the memberships of administrators who can sign in today and whose role has no end."""
    rows = Membership.objects.filter(in_force(today()), role="administrator", ends_on__isnull=True)
    return rows.filter(organisation__closed_on__isnull=True, person__is_active=True)


def refuse_without_administrator(deed: Deed, leaving: Q) -> None:
    """Refuse what would leave the platform without an administrator who stays.

    Parameters
    ----------
    deed : Deed
        What is done.
    leaving : Q
        The memberships that would go.
    """
    with as_system("counting administrators"):
        # All are held, so that two who take each other's role wait for one another.
        rows = Membership.objects.select_for_update(of=("self",)).filter(role="administrator").order_by("id")
        held = list(rows.values_list("pk", flat=True))
        if Membership.objects.filter(leaving, pk__in=held).filter(in_force(today())).exists() and not (
            lasting_administrators().exclude(leaving).exists()
        ):
            deed.refuse("membership.last_administrator", {})


def seat(deed: Deed) -> Organisation:
    """Return the organisation administrators sit in: the region's government, or one made for them without it."""
    there = Organisation.objects.filter(kind="government", parent__isnull=True, demo=False).order_by("id").first()
    if there is not None:
        return there
    made = Organisation.objects.filter(code="operator").first()
    if made is not None:
        return made
    return deed.create(
        Organisation(code="operator", name_zh="平台运行单位", name_en="Operator", kind="government", is_public=True)
    )


def digest_of(typed: str) -> str:
    """Return what is kept of a login nobody has: enough to see the same one tried again.

    It may be a password in the wrong field.
    """
    keyed = salted_hmac("bridgehead.unknown-login", typed.strip().casefold(), secret=settings.SECRET_KEY)
    return str(keyed.hexdigest()[:16])


def _oneself(deed: Deed, version: int | None) -> Person:
    if deed.by.person_id is None:
        raise BridgeheadError("action.not_signed_in")
    return deed.lock(Person, deed.by.person_id, version)
