"""Actions on training sessions: announcing, changing and cancelling them, and keeping who attended."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.codes import CODE_LENGTH, LETTERS
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.told import choice, give_reason, today
from bridgehead.rooms.desk.actions.training_places import fill_up, tell_places
from bridgehead.rooms.desk.models import TrainingPlace, TrainingSession
from bridgehead.rooms.desk.texts import Texts, checked
from bridgehead.rooms.desk.who import OFFER

LIMITS = {"title": 120, "gist": 1_000, "place": 200}
MOST_SEATS = 5_000
LONGEST_LINK = 300
State = TrainingSession.State
Place = TrainingPlace.State


@dataclass(frozen=True, slots=True)
class SessionTold:
    """What an office says of a session; see `TrainingSession`."""

    texts: Texts
    starts_at: datetime
    ends_at: datetime
    seats: int
    language: str = "zh"
    link: str = ""


@action("training_session.announce", permission=OFFER)
def announce(deed: Deed, *, owner: int, told: SessionTold) -> TrainingSession:
    """Announce a session: everybody sees it from now on and can sign up.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``form.no_such_choice``, ``training.ends_too_soon``,
        ``training.begun``, ``training.bad_seats``, ``training.bad_link``, ``training.nowhere``.

    Articles: 48, 51
    """
    deed.require_in(owner)
    columns = _columns(deed, told)
    if told.starts_at <= deed.at:
        deed.refuse("training.begun", {}, "day")
    deed.check()
    return deed.create(TrainingSession(owner_id=owner, **columns))


@action("training_session.change", permission=OFFER)
def change_session(deed: Deed, *, session: int, version: int, told: SessionTold) -> TrainingSession:
    """Change a session; where the time, the place or the link changes, everybody with a place is told.

    More seats go to those who wait, in the order of their signing up.

    Raises
    ------
    BridgeheadError
        Those of `announce`, ``training.not_planned``, ``training.fewer_seats``.

    Articles: 48, 51
    """
    row = _planned(deed, session, version)
    columns = _columns(deed, told)
    taken = row.places.filter(state=Place.TAKEN).count()
    if told.seats < taken:
        deed.refuse("training.fewer_seats", {"taken": taken}, "seats")
    deed.check()
    before = (row.starts_at, row.ends_at, row.link, row.texts.get("place"))
    row = deed.change(row, **columns)
    if (row.starts_at, row.ends_at, row.link, row.texts.get("place")) != before:
        tell_places(deed, row, "training_changed")
    fill_up(deed, row)
    return row


@action("training_session.cancel", permission=OFFER)
def cancel_session(deed: Deed, *, session: int, version: int) -> TrainingSession:
    """Cancel a session, with a reason; everybody with a place or waiting for one is told.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``training.not_planned``.

    Articles: 51
    """
    row = _planned(deed, session, version)
    reason = give_reason(deed)
    deed.check()
    row = deed.change(row, state=State.CANCELLED, reason=reason)
    tell_places(deed, row, "training_cancelled", waiting=True)
    return row


@action("training_session.hold", permission=OFFER)
def record_attendance(deed: Deed, *, session: int, version: int, attended: Collection[int]) -> TrainingSession:
    """Keep who attended: they get a certificate, everybody else none; how to reach partners is erased.

    Done again it mends the list: a certificate given by mistake is not known any more.

    Raises
    ------
    BridgeheadError
        ``training.not_over``, ``training.not_planned``, ``training.no_such_place``.

    Articles: 48, 51
    """
    row = deed.lock(TrainingSession, session, version)
    deed.require_in(row.owner_id)
    if row.state == State.CANCELLED:
        deed.refuse("training.not_planned", {"state": row.state})
    elif row.starts_at > deed.at:
        deed.refuse("training.not_over", {})
    places = list(row.places.select_for_update().filter(state=Place.TAKEN))
    strange = set(attended) - {one.pk for one in places}
    if strange:
        deed.refuse("training.no_such_place", {}, "attended")
    deed.check()
    for one in places:
        _attend(deed, one, one.pk in attended)
    for one in row.places.exclude(email="").exclude(state=Place.TAKEN):
        deed.change(one, email="")
    return deed.change(row, state=State.HELD)


def _attend(deed: Deed, place: TrainingPlace, was_there: bool) -> None:
    new = was_there and place.certificate is None
    number = _certificate_number(today(deed)) if new else place.certificate if was_there else None
    on = today(deed) if new else place.certified_on if was_there else None
    deed.change(place, attended=was_there, certificate=number, certified_on=on, email="")
    if new and place.owner_id is not None:
        tell_places(deed, place.session, "training_certificate", only=place)


def _certificate_number(on: date) -> str:
    while True:
        number = f"{on.year}-{''.join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))}"
        with as_system("looking whether a certificate has this number"):
            if not TrainingPlace.objects.filter(certificate=number).exists():
                return number


def _planned(deed: Deed, session: int, version: int) -> TrainingSession:
    row = deed.lock(TrainingSession, session, version)
    deed.require_in(row.owner_id)
    if row.state != State.PLANNED:
        deed.refuse("training.not_planned", {"state": row.state})
    return row


def _columns(deed: Deed, told: SessionTold) -> dict[str, object]:
    texts = checked(deed, told.texts, LIMITS)
    link = told.link.strip()
    choice(deed, told.language, LANGUAGES, "language")
    if told.ends_at <= told.starts_at:
        deed.refuse("training.ends_too_soon", {}, "until")
    if not 1 <= told.seats <= MOST_SEATS:
        deed.refuse("training.bad_seats", {"most": MOST_SEATS}, "seats")
    if link and (urlsplit(link).scheme not in ("http", "https") or len(link) > LONGEST_LINK):
        deed.refuse("training.bad_link", {}, "link")
    if not link and "place" not in texts:
        deed.refuse("training.nowhere", {}, "place_zh")
    return {
        "texts": texts,
        "starts_at": told.starts_at,
        "ends_at": told.ends_at,
        "seats": told.seats,
        "language": told.language,
        "link": link,
    }
