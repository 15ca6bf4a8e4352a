"""Trade news as it is read: what is current, one item, subscriptions, what waits for its release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import alphabetical, language
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Case, NewsItem, NewsSubscription
from bridgehead.rooms.desk.tags import about, country_name, goods_name, listed
from bridgehead.rooms.desk.texts import said
from bridgehead.rooms.desk.who import OFFER, RELEASE, firms

A_PAGE = 20
IN_A_FEED = 50
State = NewsItem.State


@dataclass(frozen=True, slots=True)
class Item:
    """An item in words."""

    record: NewsItem

    @property
    def title(self) -> str:
        """Its title."""
        return said(self.record.texts, "title")

    @property
    def text(self) -> str:
        """What it says."""
        return said(self.record.texts, "text")

    @property
    def gist(self) -> str:
        """Its first paragraph."""
        return self.text.strip().partition("\n")[0]

    @property
    def goods(self) -> list[str]:
        """The goods it is about, in words."""
        return [goods_name(one) for one in listed(self.record.goods)]

    @property
    def countries(self) -> list[str]:
        """The countries it is about, in words."""
        return [country_name(one) for one in listed(self.record.countries)]

    @property
    def office(self) -> str:
        """Who is responsible for it."""
        return self.record.owner.name(language())

    @property
    def current(self) -> bool:
        """Whether it is news today."""
        return self.record.is_open and self.record.expires_on >= timezone.localdate()


@dataclass(frozen=True, slots=True)
class News:
    """The list: what it says in a sentence, its items, and what it can be narrowed to."""

    says: str
    items: Sequence[Item]
    page: int
    more: bool
    total: int
    goods: str
    country: str
    goods_options: Sequence[tuple[str, str]]
    country_options: Sequence[tuple[str, str]]


def _current(on: date) -> QuerySet[NewsItem]:
    return NewsItem.objects.filter(is_open=True, expires_on__gte=on)


def news(goods: str = "", country: str = "", page: int = 1) -> News:
    """Return the current news, the newest first; what has expired is not among it.

    Parameters
    ----------
    goods, country : str
        A chapter or heading and the code of a country; what names none concerns all.
    page : int
        Which page of the list.

    Articles: 51
    """
    on, at = timezone.localdate(), max(page, 1)
    rows = _current(on).filter(about(goods, country)).select_related("owner")
    total = rows.count()
    found = [Item(one) for one in rows[(at - 1) * A_PAGE : at * A_PAGE]]
    says = npgettext("news", "%(n)s 条资讯现在有效", "%(n)s 条资讯现在有效", total) % {"n": total}
    if not total:
        says = pgettext("news", "现在没有这样的资讯") if goods or country else pgettext("news", "现在没有资讯")
    tags = list(_current(on).values_list("goods", "countries"))
    chapters = sorted({one[:2] for row, _ in tags for one in listed(row)} | ({goods} if goods else set()))
    there = {one for _, row in tags for one in listed(row)} | ({country} if country else set())
    countries = sorted(((one, country_name(one)) for one in there), key=lambda pair: alphabetical(pair[1]))
    options = [(one, goods_name(one)) for one in chapters]
    return News(says, found, at, total > at * A_PAGE, total, goods, country, options, countries)


def feed(goods: str = "", country: str = "") -> list[Item]:
    """Return the newest current items for a feed.

    Articles: 51
    """
    rows = _current(timezone.localdate()).filter(about(goods, country)).select_related("owner")
    return [Item(one) for one in rows[:IN_A_FEED]]


@dataclass(frozen=True, slots=True)
class NewsPage:
    """One item; whether whoever looks writes or releases for its office; the case it was made of, if they see that."""

    item: Item
    keeps: bool
    releases: bool
    case: Case | None = None


def news_page(viewer: Viewer, news: int) -> NewsPage:
    """Return one item.

    Raises
    ------
    BridgeheadError
        ``news.no_such_item``.

    Articles: 51
    """
    row = visible(NewsItem, viewer).filter(pk=news).select_related("owner").first()
    if row is None:
        raise BridgeheadError("news.no_such_item")
    keeps, releases = (viewer.grant_for(one, row.owner_id) is not None for one in (OFFER, RELEASE))
    # Deputies and the coordination office see the rows of public bodies: a draft is not for them all the same.
    if not (row.is_open or keeps or releases or viewer.wholly(NewsItem.VISIBILITY.scope)):
        raise BridgeheadError("news.no_such_item")
    case = visible(Case, viewer).filter(pk=row.case_id).first() if row.case_id is not None else None
    return NewsPage(Item(row), keeps, releases, case)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A subscription in words."""

    record: NewsSubscription

    @property
    def goods(self) -> str:
        """The goods; all where none are named."""
        return goods_name(self.record.goods) if self.record.goods else pgettext("news", "所有商品")

    @property
    def country(self) -> str:
        """The country; all where none is named."""
        return country_name(self.record.country) if self.record.country else pgettext("news", "所有国家")


def subscriptions(viewer: Viewer) -> list[tuple[Organisation, list[Subscription]]]:
    """Return what somebody's firms subscribed to.

    Articles: 51
    """
    able = firms(viewer)
    rows = list(visible(NewsSubscription, viewer).filter(owner__in=[one.pk for one in able]))
    return [(firm, [Subscription(one) for one in rows if one.owner_id == firm.pk]) for firm in able]


@dataclass(frozen=True, slots=True)
class NewsDesk:
    """The news of the offices somebody writes for: drafts, what is current, and what is over."""

    drafts: Sequence[Item]
    current: Sequence[Item]
    over: Sequence[Item]


def news_desk(viewer: Viewer) -> NewsDesk:
    """Return the news somebody looks after, the drafts first.

    Articles: 51
    """
    able = [one.pk for one in able_in(viewer, OFFER)]
    rows = visible(NewsItem, viewer).filter(owner__in=able).select_related("owner").order_by("-id")[:200]
    found = [Item(one) for one in rows] if able else []
    drafts = [one for one in found if one.record.state == State.DRAFT]
    current = [one for one in found if one.current]
    return NewsDesk(drafts, current, [one for one in found if one not in drafts and one not in current])


def state_word(item: Item) -> str:
    """Return how far an item is."""
    if item.record.state == State.DRAFT:
        return pgettext("news", "草稿，等另一个人发布")
    if item.record.state == State.WITHDRAWN:
        return pgettext("news", "已撤回")
    return pgettext("news", "已发布") if item.current else pgettext("news", "已过期")
