"""What somebody may see of their own account."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.models import JournalEntry, Organisation, Person
from bridgehead.ground.people.second_factor import codes_left, device_of
from bridgehead.kernel.errors import BridgeheadError

MOST_SIGN_INS = 20


@dataclass(frozen=True, slots=True)
class HeldRole:
    """One role somebody holds today: where, until when, on what it rests, and whether it waits for a second factor."""

    role: str
    organisation_zh: str
    organisation_en: str
    until: date | None
    rests_on: str
    waits: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody holds today, and how their account is secured."""

    roles: tuple[HeldRole, ...]
    second_factor: bool
    codes_left: int

    @property
    def waits(self) -> bool:
        """Whether a role waits for a second factor."""
        return any(one.waits for one in self.roles)


@dataclass(frozen=True, slots=True)
class SignIn:
    """One time somebody came in, or was refused."""

    at: datetime
    let_in: bool
    how: str
    address: str
    second_factor: bool


def account_of(viewer: Viewer) -> Person:
    """Return the person who reads.

    Raises
    ------
    BridgeheadError
        ``action.not_signed_in``.
    """
    person: Person | None = Person.objects.filter(pk=viewer.person_id).first() if viewer.signed_in else None
    if person is None:
        raise BridgeheadError("action.not_signed_in")
    return person


def standing_of(person: Person, viewer: Viewer) -> Standing:
    """Return what somebody holds today; a role that this session may not use is marked."""
    whole = viewer_of(person)
    with as_system("reading one's own account"):
        ids = {grant.organisation_id for grant in whole.grants}
        places = Organisation.objects.in_bulk(ids)
    held = tuple(
        HeldRole(
            grant.meaning.word.in_language(language()),
            places[grant.organisation_id].name_zh,
            places[grant.organisation_id].name_en,
            grant.until,
            "mandate" if grant.mandate_id else ("delegation" if grant.delegation_id else "membership"),
            grant not in viewer.grants,
        )
        for grant in whole.grants
    )
    secured = device_of(person) is not None
    return Standing(held, secured, codes_left(person) if secured else 0)


def last_sign_ins(viewer: Viewer) -> tuple[SignIn, ...]:
    """Return the last times somebody signed in or was refused, as the journal has them; only of the one who reads."""
    with as_system("reading one's own account"):
        rows = JournalEntry.objects.filter(
            record_kind="person",
            record_id=str(viewer.person_id),
            action__in=("session.begin", "session.refuse"),
        ).order_by("-id")[:MOST_SIGN_INS]
        return tuple(_sign_in(row) for row in rows)


def _sign_in(row: JournalEntry) -> SignIn:
    told = json.loads(row.after or "{}")
    return SignIn(
        row.recorded_at,
        row.action == "session.begin",
        str(told.get("how", "")),
        str(told.get("address", "")),
        bool(told.get("second_factor")),
    )
