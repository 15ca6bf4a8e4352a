"""Who takes part in training: signing up with an account or without one, by the office, giving a place up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.codes import digest_of_code, new_code, new_number
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.mail import KIND as MAIL
from bridgehead.ground.models import Organisation
from bridgehead.ground.told import choice, fitting, in_one_line, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Case, TrainingPlace, TrainingSession
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.training_codes import CODES, LETTER, held_by
from bridgehead.rooms.desk.who import ASK

LONGEST_NAME = 100
LONGEST_FIRM = 200
MOST_NAMES = 20
State = TrainingPlace.State


@dataclass(frozen=True, slots=True)
class Taken:
    """A partner's place: its number, the code that is shown this once, and whether there is a seat."""

    number: str
    code: str
    waits: bool


@dataclass(frozen=True, slots=True)
class PlacesTold:
    """Whom an office gives places: in which session, and the people, one a line."""

    session: int | None = None
    names: str = ""


@action("training_place.take", permission=ASK)
def sign_up(deed: Deed, *, session: int, firm: int, name: str) -> TrainingPlace:
    """Sign up somebody of a firm for a session; where every seat is taken, they wait for one.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``training.not_planned``, ``training.begun``,
        ``training.signed_up_already``.

    Articles: 48, 51
    """
    deed.require_in(firm)
    said = needed(deed, in_one_line(name), "name", LONGEST_NAME)
    row = _open_session(deed, session)
    with as_system("signing up for training"):
        mine = row.places.filter(owner=firm, name=said).exclude(state=State.GIVEN_UP)
        if mine.exists():
            deed.refuse("training.signed_up_already", {"name": said}, "name")
        deed.check()
        there = Organisation.objects.get(pk=firm)
        place = TrainingPlace(owner=there, person_id=deed.by.person_id, name=said, firm_name=there.name_zh)
        return _take(deed, row, place)


@action("training_place.take_as_partner")
def sign_up_as_partner(deed: Deed, *, session: int, name: str, firm_name: str, email: str, language: str) -> Taken:
    """Sign up somebody without an account; number and code find the place again.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``form.no_such_choice``, ``training.bad_email``,
        ``training.not_planned``, ``training.begun``, ``training.signed_up_already``.

    Articles: 48, 51
    """
    said = needed(deed, in_one_line(name), "name", LONGEST_NAME)
    of = needed(deed, in_one_line(firm_name), "firm_name", LONGEST_FIRM)
    to = needed(deed, email, "email", LONGEST_FIRM)
    choice(deed, language, LANGUAGES, "language")
    try:
        validate_email(to or "nobody@example.org")
    except ValidationError:
        deed.refuse("training.bad_email", {}, "email")
    row = _open_session(deed, session)
    with as_system("signing up for training"):
        if to and row.places.filter(email__iexact=to).exclude(state=State.GIVEN_UP).exists():
            deed.refuse("training.signed_up_already", {"name": to}, "email")
        deed.check()
        code = new_code()
        place = _take(deed, row, TrainingPlace(name=said, firm_name=of, email=to, language=language), code)
        _mail(deed, place, "signed_up")
    return Taken(place.number, code, place.state == State.WAITING)


@action("training_place.give_up", permission=ASK)
def give_up(deed: Deed, *, place: int, version: int) -> TrainingPlace:
    """Give up a place of a firm; it goes to who waits longest.

    Raises
    ------
    BridgeheadError
        ``training.given_up``, ``training.begun``.

    Articles: 51
    """
    row = deed.lock(TrainingPlace, place, version)
    if row.owner_id is None:
        raise BridgeheadError("action.no_such_record", {"kind": row.RECORD, "id": str(place)})
    deed.require_in(row.owner_id)
    with as_system("giving a place in training up"):
        return _give_up(deed, row)


@action("training_place.give_up_by_code")
def give_up_by_code(deed: Deed, *, number: str, code: str) -> TrainingPlace:
    """Give up a partner's place by number and code; it goes to who waits longest.

    Raises
    ------
    BridgeheadError
        ``training.unknown`` for a wrong number or code, ``training.given_up``, ``training.begun``.

    Articles: 51
    """
    with as_system("giving a place in training up"):
        return _give_up(deed, held_by(number, code, to_change=True))


def find_seats(deed: Deed, firm: int, told: PlacesTold) -> tuple[TrainingSession | None, list[str]]:
    """Return the session in which an office gives people of a firm places, held, and their names.

    Notes, in the fields ``session`` and ``names``, all of ``form.missing``, ``form.text_too_long``,
    ``training.too_many_names``, ``training.no_such_session``, ``training.not_planned``, ``training.begun``,
    ``training.full``, ``training.signed_up_already``: a place given by an office is a seat, nobody waits for one.
    """
    names = list(dict.fromkeys(filter(None, (in_one_line(one) for one in told.names.splitlines()))))
    if not names:
        deed.refuse("form.missing", {}, "names")
    elif len(names) > MOST_NAMES:
        deed.refuse("training.too_many_names", {"most": MOST_NAMES}, "names")
    for one in names:
        fitting(deed, one, "names", LONGEST_NAME)
    if told.session is None:
        deed.refuse("form.missing", {}, "session")
        return None, names
    try:
        row = _open_session(deed, told.session, "session")
    except BridgeheadError as refused:
        if refused.code != "action.no_such_record":
            raise
        deed.refuse("training.no_such_session", {}, "session")
        return None, names
    with as_system("looking for seats in a session"):
        free = max(row.seats - row.places.filter(state=State.TAKEN).count(), 0)
        if len(names) > free:
            deed.refuse("training.full", {"free": free, "asked": len(names)}, "session")
        mine = row.places.filter(owner=firm, name__in=names).exclude(state=State.GIVEN_UP)
        for there in mine.values_list("name", flat=True):
            deed.refuse("training.signed_up_already", {"name": there}, "names")
    return row, names


def give_seats(deed: Deed, case: Case, session: TrainingSession, names: Iterable[str]) -> list[TrainingPlace]:
    """Give people of the firm of a case the seats that were found, as the answer to it."""
    with as_system("giving people of a firm places in training"):
        there = Organisation.objects.get(pk=case.owner_id)
        told = {"owner": there, "firm_name": there.name_zh, "case": case}
        return [_take(deed, session, TrainingPlace(name=one, **told)) for one in names]


def fill_up(deed: Deed, session: TrainingSession) -> None:
    """Give free seats to those who wait, in the order of their signing up, and tell them."""
    with as_system("filling the seats of a session"):
        free = session.seats - session.places.filter(state=State.TAKEN).count()
        for one in session.places.select_for_update().filter(state=State.WAITING)[: max(free, 0)]:
            deed.change(one, state=State.TAKEN)
            tell_places(deed, session, "training_seat", only=one)


def tell_places(
    deed: Deed, session: TrainingSession, kind: str, *, waiting: bool = False, only: TrainingPlace | None = None
) -> None:
    """Tell those who have a place, or a single one: a firm by a notice, a partner by e-mail."""
    with as_system("telling those who take part in training"):
        states = (State.TAKEN, State.WAITING) if waiting else (State.TAKEN,)
        places = [only] if only is not None else list(session.places.filter(state__in=states))
        for one in places:
            words = {"title": session.texts["title"], "name": one.name, "at": session.starts_at}
            if one.owner_id is None:
                _mail(deed, one, kind)
            else:
                about = ("desk:training-session", {"session": session.pk})
                notify(deed, firm=one.owner_id, kind=kind, about=about, words=words)


def _mail(deed: Deed, place: TrainingPlace, kind: str) -> None:
    deed.enqueue(MAIL, {"words": LETTER, "place": place.pk, "kind": kind})


def _open_session(deed: Deed, session: int, field: str | None = None) -> TrainingSession:
    """Return a session that can still be signed up for, held; note why it cannot."""
    row = deed.lock(TrainingSession, session)
    if row.state != TrainingSession.State.PLANNED:
        deed.refuse("training.not_planned", {"state": row.state}, field)
    elif row.starts_at <= deed.at:
        deed.refuse("training.begun", {}, field)
    return row


def _take(deed: Deed, session: TrainingSession, place: TrainingPlace, code: str = "") -> TrainingPlace:
    taken = session.places.filter(state=State.TAKEN).count()
    place.session, place.office_id, place.signed_at = session, session.owner_id, deed.at
    place.language = place.language or session.language
    place.state = State.TAKEN if taken < session.seats else State.WAITING
    beginning = f"T{today(deed).year}"
    place.number = new_number(beginning, lambda one: TrainingPlace.objects.filter(number=one).exists())
    place.code_hash = digest_of_code(CODES, place.number, code) if code else ""
    return deed.create(place)


def _give_up(deed: Deed, row: TrainingPlace) -> TrainingPlace:
    session = deed.lock(TrainingSession, row.session_id)
    if row.state == State.GIVEN_UP:
        deed.refuse("training.given_up", {})
    elif session.starts_at <= deed.at:
        deed.refuse("training.begun", {})
    deed.check()
    row = deed.change(row, state=State.GIVEN_UP, email="")
    if session.state == TrainingSession.State.PLANNED:
        fill_up(deed, session)
    return row
