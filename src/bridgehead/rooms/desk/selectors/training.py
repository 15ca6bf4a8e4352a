"""Training as it is shown: what comes, one session, the places of a firm, certificates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.render.icalendar import Entry
from bridgehead.rooms.desk.models import TrainingPlace, TrainingSession
from bridgehead.rooms.desk.texts import said
from bridgehead.rooms.desk.who import OFFER, firms

AHEAD, BACK = timedelta(days=400), timedelta(days=90)
LONGEST_CERTIFICATE = 20
State = TrainingSession.State
Place = TrainingPlace.State


@dataclass(frozen=True, slots=True)
class Session:
    """A session in words; ``taken`` and ``waiting`` count its places."""

    record: TrainingSession
    taken: int = 0
    waiting: int = 0

    @property
    def title(self) -> str:
        """What it is called."""
        return said(self.record.texts, "title")

    @property
    def gist(self) -> str:
        """What it is about."""
        return said(self.record.texts, "gist")

    @property
    def place(self) -> str:
        """Where it is: a place, or online."""
        there = said(self.record.texts, "place")
        return there or pgettext("training", "线上")

    @property
    def free(self) -> int:
        """How many seats are left."""
        return max(self.record.seats - self.taken, 0)

    @property
    def office(self) -> str:
        """Who holds it."""
        return self.record.owner.name(language())

    @property
    def open(self) -> bool:
        """Whether somebody can still sign up."""
        return self.record.state == State.PLANNED and self.record.starts_at > timezone.now()

    @property
    def word(self) -> str:
        """How far it is, in a word."""
        if self.record.state == State.CANCELLED:
            return pgettext("training", "已取消")
        if self.record.ends_at <= timezone.now():
            return pgettext("training", "已结束")
        if not self.open:
            return pgettext("training", "进行中")
        if not self.free:
            return pgettext("training", "满员，可候补")
        return npgettext("training", "还有 %(n)s 个座位", "还有 %(n)s 个座位", self.free) % {"n": self.free}


@dataclass(frozen=True, slots=True)
class Calendar:
    """What comes, by month; and the places of somebody's firms."""

    says: str
    months: Sequence[tuple[date, Sequence[Session]]]
    mine: Sequence[TrainingPlace] = ()
    count: int = 0


def calendar(viewer: Viewer) -> Calendar:
    """Return the sessions that come, by month, and the places of somebody's firms in them.

    Articles: 48, 51
    """
    now = timezone.now()
    rows = sessions(TrainingSession.objects.filter(is_open=True, ends_at__gte=now, starts_at__lt=now + AHEAD))
    coming = sum(one.record.state == State.PLANNED for one in rows)
    said_first = npgettext("training", "接下来有 %(n)s 场培训", "接下来有 %(n)s 场培训", coming) % {"n": coming}
    if not coming:
        said_first = pgettext("training", "近期没有排培训")
    months = [(month, list(found)) for month, found in groupby(rows, key=lambda one: _month(one.record.starts_at))]
    return Calendar(said_first, months, my_places(viewer), coming)


def _month(at: datetime) -> date:
    return timezone.localtime(at).date().replace(day=1)


def sessions(rows: QuerySet[TrainingSession]) -> list[Session]:
    """Return sessions with how many places of each are taken and waited for; the counts name nobody."""
    with as_system("counting places in training"):
        counted = rows.select_related("owner").annotate(
            taken_places=Count("places", filter=Q(places__state=Place.TAKEN)),
            waiting_places=Count("places", filter=Q(places__state=Place.WAITING)),
        )
        return [Session(one, one.taken_places, one.waiting_places) for one in counted]  # type: ignore[attr-defined]


def session_of(place: TrainingPlace) -> Session:
    """Return the session of a place with its seats counted, for whoever holds the place."""
    return sessions(TrainingSession.objects.filter(pk=place.session_id))[0]


def my_places(viewer: Viewer, session: int | None = None) -> list[TrainingPlace]:
    """Return the places of somebody's firms that are not given up, of sessions that are not long past."""
    able = [one.pk for one in firms(viewer)]
    if not able:
        return []
    rows = visible(TrainingPlace, viewer).filter(owner__in=able).exclude(state=Place.GIVEN_UP)
    rows = rows.filter(session=session) if session else rows.filter(session__ends_at__gte=timezone.now() - BACK)
    return list(rows.select_related("session").order_by("session__starts_at", "pk"))


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session; whether whoever looks keeps it, their firms' places, and, for its office, everybody's."""

    session: Session
    keeps: bool
    mine: Sequence[TrainingPlace]
    places: Sequence[TrainingPlace] = field(default_factory=tuple)

    @property
    def link(self) -> str:
        """The link of the session, for those with a place and for its office."""
        has = self.keeps or any(one.state == Place.TAKEN for one in self.mine)
        return self.session.record.link if has else ""


def session_page(viewer: Viewer, session: int) -> SessionPage:
    """Return one session.

    Raises
    ------
    BridgeheadError
        ``training.no_such_session``.

    Articles: 48, 51
    """
    found = sessions(visible(TrainingSession, viewer).filter(pk=session))
    if not found:
        raise BridgeheadError("training.no_such_session")
    one = found[0]
    keeps = viewer.grant_for(OFFER, one.record.owner_id) is not None
    rows = visible(TrainingPlace, viewer).filter(session=session).order_by("state", "signed_at") if keeps else ()
    return SessionPage(one, keeps, my_places(viewer, session), list(rows))


@dataclass(frozen=True, slots=True)
class Desk:
    """The sessions of the offices somebody keeps training for: those to come, and those whose attendance is missing."""

    coming: Sequence[Session]
    to_record: Sequence[Session]
    past: Sequence[Session]


def training_desk(viewer: Viewer) -> Desk:
    """Return the sessions somebody looks after.

    Articles: 51
    """
    able = [one.pk for one in able_in(viewer, OFFER)]
    now = timezone.now()
    since = now - AHEAD
    rows = sessions(visible(TrainingSession, viewer).filter(owner__in=able, starts_at__gte=since)) if able else []
    coming = [one for one in rows if one.open]
    waits = [one for one in rows if one.record.state == State.PLANNED and not one.open]
    rest = [one for one in rows if one.record.state != State.PLANNED]
    return Desk(coming, waits, rest[::-1])


def state_word(place: TrainingPlace) -> str:
    """Return how a place stands."""
    words = {
        Place.TAKEN: pgettext("training place", "有座位"),
        Place.WAITING: pgettext("training place", "候补"),
        Place.GIVEN_UP: pgettext("training place", "已取消"),
    }
    return words[Place(place.state)]


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says, for whoever has its number."""

    place: TrainingPlace
    session: Session


def certificate(number: str) -> Certificate:
    """Return the certificate of a number; read as the platform, and only that one.

    Raises
    ------
    BridgeheadError
        ``certificate.unknown``.

    Articles: 51
    """
    told = "".join(number.split()).upper()[:LONGEST_CERTIFICATE]
    with as_system("looking up a certificate by its number"):
        rows = TrainingPlace.objects.select_related("session__owner").filter(certificate=told)
        row = rows.first() if told and told.isascii() else None
    if row is None:
        raise BridgeheadError("certificate.unknown", {"number": told})
    return Certificate(row, Session(row.session))


def certificate_of(viewer: Viewer, place: int) -> Certificate:
    """Return the certificate of a place somebody may see.

    Raises
    ------
    BridgeheadError
        ``certificate.no_such_paper``.
    """
    row = visible(TrainingPlace, viewer).select_related("session__owner").filter(pk=place).first()
    if row is None or row.certificate is None:
        raise BridgeheadError("certificate.no_such_paper")
    return Certificate(row, Session(row.session))


def entries(found: Iterable[Session], addresses: Mapping[int, str]) -> list[Entry]:
    """Return sessions as entries of a calendar others take over; never with their links."""
    return [
        Entry(
            title=one.title,
            on=timezone.localtime(one.record.starts_at).date(),
            key=f"training {one.record.pk}",
            at=one.record.starts_at,
            until=one.record.ends_at,
            description="\n".join(filter(None, (one.gist, addresses.get(one.record.pk, "")))),
            category=one.office,
            place=one.place,
        )
        for one in found
        if one.record.state != State.CANCELLED
    ]
