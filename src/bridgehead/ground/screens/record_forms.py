"""Forms that change records: sent once, by the version they were filled in with, and shown again with what was typed.

A page says which forms it offers; `taken`, or `taken_of` where they follow from a record, carries out the one that was
sent. What was refused is told beside its field; where somebody else changed the record meanwhile, the new state stands
beside what was typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import TypeVar

from django.http import HttpRequest

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.addresses import own_address
from bridgehead.ground.files.kept import KeptFile, keep, kept
from bridgehead.ground.files.uploads import Received, chosen, receive, uploaded
from bridgehead.ground.journal.entries import was_done
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import organisation_of
from bridgehead.ground.screens.filling import Filling, filled
from bridgehead.kernel.cells import CellFault, parse_decimal
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

Page = TypeVar("Page")

LONGEST_KEY = 64
CHANGED = "action.changed_meanwhile"
REPEATED = "action.repeated"
_NOT_HERE = ("action.not_allowed", "action.not_signed_in", "action.mandate_over", "action.no_such_record")
"""What no other filling in would mend: these go on to the page that says so."""


class Sent:
    """A form that was sent: its fields are read one by one, and `check` raises all that cannot be read at once."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._post = request.POST
        self.form = self._post.get("form", "")
        self.once = self._post.get("once", "")
        self._faults: list[Fault] = []
        self._files: dict[str, Received | None] = {}

    @property
    def version(self) -> int:
        """The version of the record the form was filled in with."""
        given = self._post.get("version", "")
        if not given.isascii() or not given.isdigit() or len(given) > 9:
            raise BridgeheadError("request.form_expired")
        return int(given)

    @property
    def address(self) -> str:
        """The platform's own address, for links in mails; empty where it is not known, and the mail does without."""
        try:
            return own_address(self._request)
        except BridgeheadError:
            return ""

    def text(self, name: str, needed: bool = False) -> str:
        """Return a text, without what no database takes."""
        found = self._post.get(name, "").replace("\x00", "").strip()
        if needed and not found:
            self.refuse("form.missing", name)
        return found

    def texts(self, name: str) -> tuple[str, ...]:
        """Return every value of a field that takes several."""
        return tuple(self._post.getlist(name))

    def number(self, name: str, needed: bool = False) -> int | None:
        """Return a number out of a list; None for nothing."""
        found = self.text(name, needed)
        if not found:
            return None
        if not found.isascii() or not found.isdigit() or len(found) > 18:
            self.refuse("form.no_such_choice", name, value=found)
            return None
        return int(found)

    def day(self, name: str, needed: bool = False) -> date | None:
        """Return a day; None for nothing."""
        found = self.text(name, needed)
        if not found:
            return None
        try:
            return date.fromisoformat(found)
        except ValueError:
            self.refuse("form.not_a_date", name, value=found)
            return None

    def clock(self, name: str, needed: bool = False) -> time | None:
        """Return a time of the day; None for nothing."""
        found = self.text(name, needed)
        if not found:
            return None
        try:
            return time.fromisoformat(found).replace(tzinfo=None)
        except ValueError:
            self.refuse("form.not_a_time", name, value=found[:40])
            return None

    def decimal(self, name: str, needed: bool = False) -> Decimal | None:
        """Return an exact number, written with a point and no separators; None for nothing."""
        found = self.text(name, needed)
        if not found:
            return None
        try:
            value = parse_decimal(found)
        except CellFault:
            self.refuse("form.not_a_number", name, value=found)
            return None
        return value

    def file(self, name: str = "file", needed: bool = False) -> Received | None:
        """Return a file: the one that was chosen, else the one the form still had; None for none.

        What is wrong with it is noted beside its field.
        """
        if name not in self._files:
            self._files[name] = None
            try:
                self._files[name] = self._received(name)
            except BridgeheadError as refused:
                self._faults += [Fault(one.code, one.parameters, Place(field=name)) for one in refused.faults]
                return None
        if needed and self._files[name] is None:
            self.refuse("file.none_chosen", name)
        return self._files[name]

    def _received(self, name: str) -> Received | None:
        if chosen(self._request, name):
            return receive(*uploaded(self._request, name))
        word = self._post.get(f"{name}-kept", "")
        if not word or self._post.get(f"{name}-dropped"):
            return None
        return kept(word, self._request.viewer.person_id)  # type: ignore[attr-defined]

    def still_has(self, names: Iterable[str]) -> dict[str, KeptFile]:
        """Return the files that a refused form goes on having, for who is signed in."""
        person = self._request.viewer.person_id  # type: ignore[attr-defined]
        found = {name: self.file(name) for name in names} if person is not None else {}
        return {name: keep(file, person) for name, file in found.items() if file is not None}

    def refuse(self, code: str, name: str, **parameters: object) -> None:
        """Note a fault of a field."""
        self._faults.append(Fault(code, parameters, Place(field=name)))

    @property
    def unread(self) -> tuple[Fault, ...]:
        """What could not be read, for an action that tells it with everything else that is wrong."""
        return tuple(self._faults)

    def organisation(self, viewer: Viewer, able: list[Organisation], name: str = "organisation") -> Organisation:
        """Return the organisation that was chosen; note where none of those there are was, and stand in the first.

        Raises
        ------
        BridgeheadError
            ``action.mandate_over``; ``import.no_organisation`` where there is none to choose.
        """
        try:
            return organisation_of(viewer, self.text(name), able)
        except BridgeheadError as refused:
            if not able or refused.code in _NOT_HERE:
                raise
            self._faults += refused.faults
            return able[0]

    def check(self) -> None:
        """Raise every fault noted so far."""
        if self._faults:
            raise BridgeheadError.of(self._faults)


@dataclass(frozen=True, slots=True)
class Offer:
    """A form a page offers.

    Attributes
    ----------
    name : str
        Its name on the page.
    do : callable
        Carries it out.
    values : mapping
        What stands in it at first, by field.
    version : int or None
        Version of the record it changes.
    files : tuple of str
        Its fields that take a file; a form that is refused keeps what was sent in them.
    """

    name: str
    do: Callable[[Sent], object]
    values: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormState:
    """A form as it is shown: what is in it, a key that lets it be sent once, what a record says by now, its files."""

    name: str
    filling: Filling
    once: str
    version: int | None = None
    now: Mapping[str, str] = field(default_factory=dict)
    kept: Mapping[str, KeptFile] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        """Whether it was refused, so that it must not be folded away."""
        return self.filling.faulty


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of the forms of a page: what was done, or how each is shown."""

    states: Mapping[str, FormState]
    status: int = 200
    done: str = ""
    refused: FormState | None = None


def taken(request: HttpRequest, offered: Callable[[], Iterable[Offer]]) -> Answer:
    """Carry out the form that was sent, if one was, and return how the forms of the page are shown.

    Parameters
    ----------
    request : HttpRequest
        The request.
    offered : callable
        Gives the forms of the page; asked again after a refusal, for the records as they are then.

    Raises
    ------
    BridgeheadError
        ``request.sign_in_first`` or ``request.not_offered`` for a form the page does not offer, ``action.repeated``
        where it did until this very form was carried out,
        ``request.form_expired`` for one without its key, and what no other filling in would mend.
    """
    if request.method != "POST":
        return Answer({one.name: _fresh(request, one) for one in offered()})
    sent = Sent(request)
    offer = next((one for one in offered() if one.name == sent.form), None)
    if offer is None:
        if not request.viewer.signed_in:  # type: ignore[attr-defined]
            raise BridgeheadError("request.sign_in_first")
        if sent.once and was_done(sent.once):  # the record is past it: a switch that is off offers to be switched on
            raise BridgeheadError(REPEATED, {"action": sent.form})
        raise BridgeheadError("request.not_offered")
    if not 8 <= len(sent.once) <= LONGEST_KEY or not sent.once.isascii():
        raise BridgeheadError("request.form_expired")
    try:
        offer.do(sent)
    except BridgeheadError as refused:
        if refused.code in _NOT_HERE or refused.code.startswith("request."):
            raise
        states = {one.name: _fresh(request, one) for one in offered()}
        again = next((one for one in offered() if one.name == sent.form), Offer(sent.form, offer.do, offer.values))
        states[sent.form] = _refused(request, again, refused, sent)
        return Answer(states, _status(refused), refused=states[sent.form])
    return Answer({}, done=sent.form)


def taken_of(
    request: HttpRequest, read: Callable[[], Page], offers: Callable[[Page], Iterable[Offer]]
) -> tuple[Page, Answer]:
    """Carry out the form that was sent on the page of a record, and return the page as it was read last.

    Parameters
    ----------
    read : callable
        Reads the page; again after a refusal.
    offers : callable
        Gives the forms a page offers.

    Raises
    ------
    BridgeheadError
        What reading the page raises, and what `taken` does.
    """
    pages: list[Page] = []

    def offered() -> Iterable[Offer]:
        pages.append(read())
        return offers(pages[-1])

    answer = taken(request, offered)
    return pages[-1], answer


def fresh(request: HttpRequest, offers: Iterable[Offer]) -> dict[str, FormState]:
    """Return forms as they are at first, for a page that shows what one of them found."""
    return {one.name: _fresh(request, one) for one in offers}


def _fresh(request: HttpRequest, offer: Offer) -> FormState:
    """Return a form as it is at first, or with what was typed into it before a session ended."""
    held = getattr(request, "held", None)
    filling = Filling(dict(offer.values))
    if held is not None and held.fields.get("form") == [offer.name]:
        held.read.add("form")
        filling = filled(offer.values, offer.values)
    return FormState(offer.name, filling, secrets.token_urlsafe(16), offer.version)


def _refused(request: HttpRequest, offer: Offer, refused: BridgeheadError, sent: Sent) -> FormState:
    files = {} if refused.code == REPEATED else sent.still_has(offer.files)
    typed = {name: "\n".join(request.POST.getlist(name)) for name in offer.values}
    if refused.code == REPEATED:  # it is saved: what was typed must not be sent anew by accident
        typed = dict(offer.values)
    now: dict[str, str] = {}
    if refused.code == CHANGED:
        now = {name: value for name, value in offer.values.items() if value != typed[name]}
    filling = filled(typed, offer.values, refused, emptied=offer.files)
    return FormState(offer.name, filling, secrets.token_urlsafe(16), offer.version, now, files)


def _status(refused: BridgeheadError) -> int:
    if refused.code in (CHANGED, REPEATED, "action.conflict"):
        return 409
    return 503 if refused.code.startswith(("database.", "clock.")) else 422
