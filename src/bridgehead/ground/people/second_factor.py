"""The second factor: a code of an app by the time (RFC 6238), and recovery codes for the day the phone is gone."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import segno
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from bridgehead.ground import database
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Person
from bridgehead.ground.people.accounts import knows_password, told_by_mail
from bridgehead.kernel.errors import BridgeheadError

SECOND_FACTOR = "second_factor"
"""Key of a session whose beginning a second factor proved; its value says which."""

RECOVERY_CODES = 10
RECOVERY_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
RECOVERY_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What somebody needs to add the platform to their app: the drawing, and the key for typing."""

    svg: str
    key: str


def compulsory_roles() -> frozenset[str]:
    """Return the roles nobody exercises without a second factor.

    Raises
    ------
    BridgeheadError
        ``server.unknown_role`` if the operator names one there is none of.
    """
    told = frozenset(filter(None, (part.strip() for part in settings.BRIDGEHEAD_SECOND_FACTOR.split(","))))
    unknown = sorted(told - roles().roles.keys())
    if unknown:
        raise BridgeheadError("server.unknown_role", {"roles": unknown, "known": sorted(roles().roles)})
    return told


def device_of(person: Person | int) -> TOTPDevice | None:
    """Return somebody's confirmed device, or None."""
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=person, confirmed=True).order_by("id").first()
    return found


def with_devices(people: Iterable[int]) -> frozenset[int]:
    """Return which of some people have a confirmed device."""
    return frozenset(TOTPDevice.objects.filter(user__in=set(people), confirmed=True).values_list("user_id", flat=True))


def codes_left(person: Person) -> int:
    """Return how many recovery codes somebody has left."""
    return int(StaticToken.objects.filter(device__user=person).count())


@action("person.begin_second_factor")
def begin_enrolment(deed: Deed) -> TOTPDevice:
    """Give oneself a key for an app; it counts once a code of it was entered.

    Raises
    ------
    BridgeheadError
        ``person.second_factor_there``.
    """
    person = _oneself(deed)
    if device_of(person) is not None:
        deed.refuse("person.second_factor_there")
    deed.check()
    TOTPDevice.objects.filter(user=person, confirmed=False).delete()
    device = TOTPDevice.objects.create(user=person, name=person.login, confirmed=False)
    deed.note("person", person.pk, told={"second_factor": "begun"})
    return device


def enrolment(person: Person) -> Enrolment | None:
    """Return the key somebody has begun with, to be shown until it is confirmed; None if there is none."""
    device = TOTPDevice.objects.filter(user=person, confirmed=False).order_by("-id").first()
    if device is None:
        return None
    drawn = segno.make(device.config_url, error="m", micro=False)
    key = base64.b32encode(device.bin_key).decode().rstrip("=")
    svg = drawn.svg_inline(scale=5, border=4, light="#fff", dark="#000", omitsize=False)
    return Enrolment(svg, " ".join(key[i : i + 4] for i in range(0, len(key), 4)))


@action("person.confirm_second_factor")
def confirm_enrolment(deed: Deed, *, code: str) -> tuple[TOTPDevice, tuple[str, ...]]:
    """Confirm the key by a code of the app; returns the device and the recovery codes, which are shown once.

    Raises
    ------
    BridgeheadError
        ``person.no_enrolment``, ``person.wrong_code``.
    """
    person = _oneself(deed)
    device = TOTPDevice.objects.select_for_update().filter(user=person, confirmed=False).order_by("-id").first()
    if device is None:
        raise BridgeheadError("person.no_enrolment")
    if not device.verify_token(_digits(code)):
        deed.refuse("person.wrong_code", {}, "code")
    deed.check()
    device.confirmed = True
    device.save()
    deed.note("person", person.pk, told={"second_factor": "confirmed"})
    return device, _new_codes(person)


@action("person.renew_recovery_codes")
def renew_codes(deed: Deed, *, password: str) -> tuple[str, ...]:
    """Replace the recovery codes by new ones, which are shown once; the old ones are no good any more."""
    person = _oneself(deed)
    _knows(deed, person, password)
    if device_of(person) is None:
        deed.refuse("person.no_second_factor")
    deed.check()
    deed.note("person", person.pk, told={"second_factor": "codes renewed"})
    return _new_codes(person)


@action("person.remove_second_factor")
def remove_second_factor(deed: Deed, *, password: str, address: str = "") -> Person:
    """Go on without a second factor; every session that rests on it ends.

    Raises
    ------
    BridgeheadError
        ``person.wrong_password``.
    """
    person = _oneself(deed)
    _knows(deed, person, password)
    deed.check()
    _forget(deed, person, "removed")
    deed.enqueue("mail.send", told_by_mail("second_factor_gone", person.pk, address))
    return deed.change(person, sign_outs=person.sign_outs + 1)


@action("person.clear_second_factor", permission="account.manage")
def clear_second_factor(deed: Deed, *, person: int, address: str = "") -> Person:
    """Take the second factor from somebody who has lost both app and codes, as an administrator who knows them.

    Raises
    ------
    BridgeheadError
        ``person.not_for_oneself``, ``person.no_second_factor``.
    """
    found = deed.lock(Person, person)
    if found.pk == deed.by.person_id:
        raise BridgeheadError("person.not_for_oneself")
    if device_of(found) is None:
        deed.refuse("person.no_second_factor")
    deed.check()
    _forget(deed, found, "cleared by an administrator")
    deed.enqueue("mail.send", told_by_mail("second_factor_gone", found.pk, address))
    return deed.change(found, sign_outs=found.sign_outs + 1)


def verify(person: Person, typed: str) -> TOTPDevice | StaticDevice | None:
    """Return the device whose code somebody entered, of the app or for recovery; None if it is wrong.

    A code is good once. After a wrong one the next is heard only after a while that doubles each time.

    Raises
    ------
    BridgeheadError
        ``request.too_often`` while it is not heard.
    """
    digits = _digits(typed)
    model = TOTPDevice if digits.isdecimal() and len(digits) <= 8 else StaticDevice
    # The count of a wrong code has to stay, so nothing is raised inside the transaction.
    with database.writing(), transaction.atomic():
        devices = model.objects.select_for_update().filter(user=person, confirmed=True)
        device: TOTPDevice | StaticDevice | None = devices.order_by("id").first()
        if device is None:
            return None
        allowed, why = device.verify_is_allowed()
        right = allowed and device.verify_token(digits if model is TOTPDevice else _kept(person.pk, typed))
    if not allowed:
        until = (why or {}).get("locked_until")
        seconds = _seconds_until(until)
        raise BridgeheadError("request.too_often", {"seconds": seconds})
    return device if right else None


def hold_back(viewer: Viewer, verified: bool) -> Viewer:
    """Return the viewer without the roles that need a second factor this session did not have."""
    needed = compulsory_roles()
    if verified or not needed or not any(grant.role in needed for grant in viewer.grants):
        return viewer
    return replace(viewer, grants=tuple(grant for grant in viewer.grants if grant.role not in needed))


def _seconds_until(until: object) -> int:
    return max(1, int((until - timezone.now()).total_seconds()) + 1) if isinstance(until, datetime) else 1


def _digits(typed: str) -> str:
    return "".join(typed.split())


def _kept(person: int, typed: str) -> str:
    """Return what is kept of a recovery code: a digest as long as the column."""
    code = "".join(letter for letter in typed.lower() if letter.isalnum())
    digest = hashlib.sha256(f"bridgehead recovery {person} {code}".encode()).digest()
    return base64.b32encode(digest).decode()[:16].lower()


def _new_codes(person: Person) -> tuple[str, ...]:
    StaticDevice.objects.filter(user=person).delete()
    device = StaticDevice.objects.create(user=person, name="recovery", confirmed=True)
    codes = []
    for _ in range(RECOVERY_CODES):
        code = "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH))
        StaticToken.objects.create(device=device, token=_kept(person.pk, code))
        codes.append("-".join(code[i : i + 4] for i in range(0, RECOVERY_LENGTH, 4)))
    return tuple(codes)


def _forget(deed: Deed, person: Person, how: str) -> None:
    TOTPDevice.objects.filter(user=person).delete()
    StaticDevice.objects.filter(user=person).delete()
    deed.note("person", person.pk, told={"second_factor": how})


def _knows(deed: Deed, person: Person, password: str) -> None:
    if person.has_usable_password() and not knows_password(person, password):
        deed.refuse("person.wrong_password", {}, "password")


def _oneself(deed: Deed) -> Person:
    if deed.by.person_id is None:
        raise BridgeheadError("action.not_signed_in")
    return deed.lock(Person, deed.by.person_id)
