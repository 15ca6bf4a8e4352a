"""Circulars: those that were issued, and the draft of one that is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.rooms.ledger.models import Circular, CircularCopy
from bridgehead.rooms.ledger.selectors.circular_content import content_of
from bridgehead.rooms.ledger.selectors.circular_words import Table, headline, lead, tables, title_of
from bridgehead.rooms.ledger.selectors.coordination import (
    Paged,
    as_participant,
    named,
    paged,
    taking_part,
    today,
)
from bridgehead.rooms.ledger.who import KEEP, names_of

_COPIES = (CircularCopy, "circular")
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CircularLine:
    """One circular that was issued."""

    record: Circular
    title: str
    issuer: str
    headline: str


@dataclass(frozen=True, slots=True)
class ToDraft:
    """A period of which an office may draft a circular."""

    organisation: Organisation
    period: str
    title: str
    over: bool

    @property
    def body(self) -> str:
        """Its office, by name."""
        return named(self.organisation)


@dataclass(frozen=True, slots=True)
class CircularList:
    """The circulars somebody issued or was sent, and what they may draft."""

    found: Paged[CircularLine]
    to_draft: Sequence[ToDraft]

    @property
    def owed(self) -> int:
        """How many periods are over and not told yet."""
        return sum(1 for one in self.to_draft if one.over)


@dataclass(frozen=True, slots=True)
class Seen:
    """A circular in words: a draft, or as it was issued.

    ``record`` is None for a draft; ``bodies`` those it was sent to, or those a draft speaks of.
    """

    title: str
    headline: str
    lead: str
    tables: Sequence[Table]
    content: Mapping[str, Any]
    issuer: str
    record: Circular | None
    by: str
    bodies: Sequence[tuple[int, str]]
    organisation: int

    @property
    def over(self) -> bool:
        """Whether its period is over, so that it can be issued."""
        return date.fromisoformat(self.content["last"]) < today()


def read_period(text: str) -> Period:
    """Return the month or the half-year a text stands for.

    Raises
    ------
    BridgeheadError
        ``circular.no_such_period`` for anything else, and ``circular.not_begun`` for one that is still to come.
    """
    try:
        period = Period.read(text)
    except BridgeheadError:
        raise BridgeheadError("circular.no_such_period", {"period": text}) from None
    if period.frequency not in (Frequency.MONTH, Frequency.HALF):
        raise BridgeheadError("circular.no_such_period", {"period": text})
    if period.first > today():
        raise BridgeheadError("circular.not_begun", {"period": text, "day": period.first.isoformat()})
    return period


def circular_list(viewer: Viewer, page: int = 1) -> CircularList:
    """Return the circulars somebody may read, the latest first, and those that are still to be issued.

    Articles: 5
    """
    mine = taking_part(viewer, Circular, _COPIES)
    with as_participant():
        found = paged(Circular.objects.filter(mine).select_related("owner"), page)
    lines = [
        CircularLine(one, title_of(one.kind, one.period), named(one.owner), headline(one.content)) for one in found.rows
    ]
    return CircularList(Paged(lines, found.total, found.page, found.pages), to_draft(viewer))


def to_draft(viewer: Viewer) -> list[ToDraft]:
    """Return the last month and half-year that are over and not told yet, and the month that runs, of each office."""
    day = today()
    able = able_in(viewer, KEEP)
    running = Period.of(Frequency.MONTH, day)
    last = [Period.of(one, Period.of(one, day).first - _DAY) for one in (Frequency.MONTH, Frequency.HALF)]
    told = set(visible(Circular, viewer).filter(owner__in=able).values_list("owner_id", "period")) if able else set()
    return [
        ToDraft(at, str(period), title_of("half" if period.frequency is Frequency.HALF else "month", str(period)), over)
        for at in able
        for period, over in ((last[0], True), (last[1], True), (running, False))
        if (at.pk, str(period)) not in told
    ]


def circular_page(viewer: Viewer, circular: int) -> Seen:
    """Return a circular as it was issued.

    Raises
    ------
    BridgeheadError
        ``circular.no_such_circular``.

    Articles: 5
    """
    mine = taking_part(viewer, Circular, _COPIES)
    with as_participant():
        record = Circular.objects.filter(mine, pk=circular).select_related("owner").first()
        if record is None:
            raise BridgeheadError("circular.no_such_circular")
        copies = CircularCopy.objects.filter(circular=record).select_related("office").order_by("office__code")
        sent_to = [(int(one.office_id), named(one.office)) for one in copies]
    by = names_of({record.issued_by}).get(record.issued_by or 0, "")
    return _seen(record.content, record.owner, record, by, sent_to)


def draft(viewer: Viewer, period: str, organisation: int = 0) -> Seen:
    """Return what a circular of a period would say now.

    Parameters
    ----------
    viewer : Viewer
        Who drafts.
    period : str
        ``2026-10`` or ``2026H1``.
    organisation : int
        For which office; the first they keep the ledger for by default.

    Raises
    ------
    BridgeheadError
        ``circular.no_such_period``, ``circular.not_begun``, ``circular.no_office``.

    Articles: 5, 79
    """
    asked = read_period(period)
    able = able_in(viewer, KEEP)
    at = next((one for one in able if not organisation or one.pk == organisation), None)
    if at is None:
        raise BridgeheadError("circular.no_office")
    content = content_of(viewer, at.pk, asked, min(asked.last, today()), (language(),))
    bodies = [(one["office"], named_as(one)) for one in content["offices"]]
    return _seen(content, at, None, "", bodies)


def issued_of(viewer: Viewer, organisation: int, period: str) -> Circular | None:
    """Return the circular an office issued of a period, None where there is none."""
    return visible(Circular, viewer).filter(owner=organisation, period=period).first()


def named_as(one: Mapping[str, Any]) -> str:
    """Return the name of a body as it stands in a content, in the language of the request."""
    return speak(language(), one["zh"], one["en"] or one["zh"])


def _seen(
    content: Mapping[str, Any],
    owner: Organisation,
    record: Circular | None,
    by: str,
    bodies: Sequence[tuple[int, str]],
) -> Seen:
    return Seen(
        title=title_of(content["kind"], content["period"]),
        headline=headline(content),
        lead=lead(content),
        tables=tables(content),
        content=content,
        issuer=named(owner),
        record=record,
        by=by,
        bodies=bodies,
        organisation=int(owner.pk),
    )
