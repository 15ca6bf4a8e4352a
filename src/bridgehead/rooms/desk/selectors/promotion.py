"""Promotion as it is shown: fairs, firms that present themselves, enquiries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language, named
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Enquiry, Fair, FairEntry, FirmCard
from bridgehead.rooms.desk.tags import about, country_name, goods_name, goods_options, listed
from bridgehead.rooms.desk.texts import said
from bridgehead.rooms.desk.who import OFFER, firms, has_closed

A_PAGE = 30
Entry = FairEntry.State


@dataclass(frozen=True, slots=True)
class FairSeen:
    """A fair in words; ``taken`` and ``waiting`` count the firms."""

    record: Fair
    taken: int = 0
    waiting: int = 0

    def __getattr__(self, kind: str) -> str:
        """Return one of its texts: ``title``, ``gist``, ``place``, ``organiser`` or ``cost``."""
        if kind in ("title", "gist", "place", "organiser", "cost"):
            return said(self.record.texts, kind)
        raise AttributeError(kind)

    @property
    def country(self) -> str:
        """Where it is."""
        return country_name(self.record.country)

    @property
    def goods(self) -> list[str]:
        """What it is about."""
        return [goods_name(one) for one in listed(self.record.goods)]

    @property
    def office(self) -> str:
        """Who takes firms there."""
        return self.record.owner.name(language())

    @property
    def open(self) -> bool:
        """Whether a firm can still sign up."""
        return self.record.state == Fair.State.PLANNED and self.record.deadline >= timezone.localdate()

    @property
    def word(self) -> str:
        """Whether there is room, in a few words."""
        if self.record.state == Fair.State.CANCELLED:
            return pgettext("fair", "已取消")
        if not self.open:
            return pgettext("fair", "报名已截止")
        if self.record.capacity is None:
            return pgettext("fair", "名额不限")
        free = max(self.record.capacity - self.taken, 0)
        if not free:
            return pgettext("fair", "满员，可候补")
        return npgettext("fair", "还有 %(n)s 个名额", "还有 %(n)s 个名额", free) % {"n": free}


def fairs_of(rows: QuerySet[Fair]) -> list[FairSeen]:
    """Return fairs with how many firms go there and wait; the counts name nobody."""
    with as_system("counting firms that go to a fair"):
        counted = rows.select_related("owner").annotate(
            going=Count("entries", filter=Q(entries__state=Entry.TAKEN)),
            waits=Count("entries", filter=Q(entries__state=Entry.WAITING)),
        )
        return [FairSeen(one, one.going, one.waits) for one in counted]  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Fairs:
    """What comes: a sentence, the fairs, and those somebody's firms go to."""

    says: str
    fairs: Sequence[FairSeen]
    mine: Sequence[FairEntry]


def fairs(viewer: Viewer) -> Fairs:
    """Return the fairs that come.

    Articles: 51
    """
    found = fairs_of(Fair.objects.filter(is_open=True, ends_on__gte=timezone.localdate()))
    open_ones = sum(one.open for one in found)
    says = npgettext("fair", "%(n)s 个展会可以报名", "%(n)s 个展会可以报名", open_ones) % {"n": open_ones}
    return Fairs(says if open_ones else pgettext("fair", "近期没有可以报名的展会"), found, my_entries(viewer))


def my_entries(viewer: Viewer, fair: int | None = None) -> list[FairEntry]:
    """Return the entries of somebody's firms that are not given up, of fairs that are not over."""
    able = [one.pk for one in firms(viewer)]
    if not able:
        return []
    rows = visible(FairEntry, viewer).filter(owner__in=able).exclude(state=Entry.GIVEN_UP)
    rows = rows.filter(fair=fair) if fair else rows.filter(fair__ends_on__gte=timezone.localdate())
    return list(rows.select_related("fair", "owner").order_by("fair__starts_on"))


@dataclass(frozen=True, slots=True)
class FairPage:
    """One fair; whether whoever looks keeps it, their firms' entries, and, for its office, all."""

    fair: FairSeen
    keeps: bool
    mine: Sequence[FairEntry]
    entries: Sequence[FairEntry]


def fair_page(viewer: Viewer, fair: int) -> FairPage:
    """Return one fair.

    Raises
    ------
    BridgeheadError
        ``promotion.no_such_fair``.

    Articles: 51
    """
    found = fairs_of(visible(Fair, viewer).filter(pk=fair))
    if not found:
        raise BridgeheadError("promotion.no_such_fair")
    keeps = viewer.grant_for(OFFER, found[0].record.owner_id) is not None
    entries: list[FairEntry] = []
    if keeps:
        with as_system("naming the firms that go to a fair to its office"):
            entries = list(found[0].record.entries.exclude(state=Entry.GIVEN_UP).select_related("owner"))
    return FairPage(found[0], keeps, my_entries(viewer, fair), entries)


def fair_desk(viewer: Viewer) -> list[FairSeen]:
    """Return the fairs of the offices somebody keeps, those to come first.

    Articles: 51
    """
    able = [one.pk for one in able_in(viewer, OFFER)]
    return fairs_of(visible(Fair, viewer).filter(owner__in=able).order_by("-starts_on"))[:100] if able else []


def entry_word(entry: FairEntry) -> str:
    """Return how an entry stands."""
    words = {
        Entry.TAKEN: pgettext("fair entry", "已报名"),
        Entry.WAITING: pgettext("fair entry", "候补"),
        Entry.GIVEN_UP: pgettext("fair entry", "已取消"),
    }
    return words[Entry(entry.state)]


@dataclass(frozen=True, slots=True)
class Card:
    """What a firm says of itself, in words."""

    record: FirmCard

    def __getattr__(self, kind: str) -> str:
        """Return one of its texts: ``title``, ``makes``, ``buys`` or ``gist``."""
        if kind in ("title", "makes", "buys", "gist"):
            return said(self.record.texts, kind)
        raise AttributeError(kind)

    @property
    def goods(self) -> list[str]:
        """The goods it trades in."""
        return [goods_name(one) for one in listed(self.record.goods)]

    @property
    def countries(self) -> list[str]:
        """The countries it trades with."""
        return [country_name(one) for one in listed(self.record.countries)]


@dataclass(frozen=True, slots=True)
class Cards:
    """The firms that present themselves: a sentence, a page of them, and what they can be narrowed to."""

    says: str
    cards: Sequence[Card]
    goods: str
    country: str
    goods_options: Sequence[tuple[str, str]]
    country_options: Sequence[tuple[str, str]]
    page: int
    more: bool


def cards(goods: str = "", country: str = "", page: int = 1) -> Cards:
    """Return the firms that present themselves in public, those about goods and a country.

    Articles: 51
    """
    at = max(page, 1)
    with as_system("reading what firms made public"):  # whether a firm is closed is not for everybody to read
        rows = FirmCard.objects.filter(is_open=True, owner__closed_on=None)
        there = {one for tags in rows.values_list("countries", flat=True) for one in listed(tags)}
        found = rows.filter(about(goods, country, silent=False))
        total = found.count()
        shown = [Card(one) for one in found[(at - 1) * A_PAGE : at * A_PAGE]]
    there |= {country} if country else set()
    says = npgettext("promotion", "%(n)s 家企业公开了名片", "%(n)s 家企业公开了名片", total) % {"n": total}
    if not total:
        says = pgettext("promotion", "没有这样的企业公开名片")
    options = sorted((one, country_name(one)) for one in there)
    return Cards(says, shown, goods, country, goods_options(), options, at, total > at * A_PAGE)


def card_page(viewer: Viewer, card: int) -> Card:
    """Return what a firm says of itself.

    Raises
    ------
    BridgeheadError
        ``promotion.no_such_firm``.

    Articles: 51
    """
    row = visible(FirmCard, viewer).filter(pk=card).first()
    if row is None or has_closed(row.owner_id):
        raise BridgeheadError("promotion.no_such_firm")
    return Card(row)


def own_card(viewer: Viewer, firm: int) -> FirmCard | None:
    """Return what one of somebody's firms says of itself, None where it says nothing yet."""
    return visible(FirmCard, viewer).filter(owner=firm).first()


@dataclass(frozen=True, slots=True)
class EnquirySeen:
    """An enquiry as one side sees it: the other firm, and how to reach it once it was accepted."""

    record: Enquiry
    other: str
    contact: str
    mine: bool

    @property
    def word(self) -> str:
        """What became of it."""
        words = {
            Enquiry.State.SENT: pgettext("enquiry", "等答复"),
            Enquiry.State.ACCEPTED: pgettext("enquiry", "已接受"),
            Enquiry.State.DECLINED: pgettext("enquiry", "已婉拒"),
        }
        return words[Enquiry.State(self.record.state)]


@dataclass(frozen=True, slots=True)
class Enquiries:
    """The enquiries to and from somebody's firms."""

    says: str
    received: Sequence[EnquirySeen]
    sent: Sequence[EnquirySeen]


def enquiries(viewer: Viewer) -> Enquiries:
    """Return the enquiries to and from somebody's firms; the other side's contact only of those accepted.

    Articles: 51
    """
    able = {one.pk for one in firms(viewer)}
    rows = list(visible(Enquiry, viewer).filter(Q(owner__in=able) | Q(to__in=able))[:200])
    with as_system("naming firms that ask each other"):
        wanted = {one for row in rows for one in (row.owner_id, row.to_id)}
        names = {one.pk: named(one) for one in Organisation.objects.filter(pk__in=wanted)}
    received, sent = [], []
    for row in rows:
        accepted = row.state == Enquiry.State.ACCEPTED
        if row.to_id in able:
            received.append(EnquirySeen(row, names[row.owner_id], row.contact if accepted else "", mine=False))
        else:
            sent.append(EnquirySeen(row, names[row.to_id], row.contact_there if accepted else "", mine=True))
    waits = sum(one.record.state == Enquiry.State.SENT for one in received)
    says = npgettext("enquiry", "%(n)s 个询盘等您答复", "%(n)s 个询盘等您答复", waits) % {"n": waits}
    return Enquiries(says if waits else pgettext("enquiry", "没有等您答复的询盘"), received, sent)
