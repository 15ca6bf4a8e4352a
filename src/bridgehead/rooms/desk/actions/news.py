"""Actions on trade news: writing, a second person's release, withdrawing; and subscriptions of firms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.told import give_reason, needed, today
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.models import Case, NewsItem, NewsSubscription
from bridgehead.rooms.desk.notices import notify
from bridgehead.rooms.desk.tags import country_match, country_of, goods_match, goods_of, read_countries, read_goods
from bridgehead.rooms.desk.texts import Texts, checked
from bridgehead.rooms.desk.who import ASK, OFFER, RELEASE

LIMITS = {"title": 120, "text": 6_000}
LONGEST_SOURCE = 300
LONGEST_LIFE = timedelta(days=400)
MOST_SUBSCRIPTIONS = 50
TELL = "desk.tell_subscribers"
State = NewsItem.State


@dataclass(frozen=True, slots=True)
class NewsTold:
    """What somebody writes of an item; goods and countries as they are typed, separated by commas."""

    texts: Texts
    source: str
    source_on: date | None
    expires_on: date | None
    goods: str = ""
    countries: str = ""


@action("news.write", permission=OFFER)
def write_news(deed: Deed, *, owner: int, told: NewsTold) -> NewsItem:
    """Write an item as a draft.

    Raises
    ------
    BridgeheadError
        With all of ``form.missing``, ``form.text_too_long``, ``news.source_to_come``, ``news.expires_too_soon``,
        ``news.expires_too_late``, ``service.no_such_goods``, ``service.no_such_country``, ``service.too_many_tags``.

    Articles: 51
    """
    deed.require_in(owner)
    columns = _columns(deed, told)
    deed.check()
    by = deed.by.person_id
    return deed.create(NewsItem(owner_id=owner, written_by=by, writers=[by] if by else [], **columns))


@action("news.change", permission=OFFER)
def change_news(deed: Deed, *, news: int, version: int, told: NewsTold) -> NewsItem:
    """Change a draft.

    Raises
    ------
    BridgeheadError
        Those of `write_news`, ``news.not_a_draft``.

    Articles: 51
    """
    row = _draft(deed, news, version)
    columns = _columns(deed, told)
    deed.check()
    by = deed.by.person_id
    writers = sorted({*row.writers, by} - {None})
    return deed.change(row, **columns, writers=writers, written_by=by, returned="")


@action("news.release", permission=RELEASE)
def release_news(deed: Deed, *, news: int, version: int) -> NewsItem:
    """Release an item others wrote: everybody reads it, and firms that subscribed to it are told.

    Raises
    ------
    BridgeheadError
        With all of ``news.not_a_draft``, ``news.own_work``, ``news.expires_too_soon``.

    Articles: 51
    """
    row = _draft(deed, news, version)
    _refuse_own_work(deed, row)
    if row.expires_on < today(deed):
        deed.refuse("news.expires_too_soon", {"day": str(row.expires_on)}, "expires_on")
    deed.check()
    row = deed.change(row, **_released(deed), returned="")
    _tell(deed, row)
    return row


def item_of(deed: Deed, case: Case, told: NewsTold, editor: int | None) -> dict[str, object]:
    """Return what is kept of an item made of what a firm handed in, which somebody edited and another one releases.

    Notes the faults of `write_news`, and ``news.own_work`` where nobody but who releases it worked on it.

    Raises
    ------
    BridgeheadError
        ``action.not_allowed`` for somebody who releases no news of the office that has the case.
    """
    deed.require(RELEASE, case.office_id)
    if editor is None:
        deed.refuse("news.own_work", {})
    return {**_columns(deed, told), "owner_id": case.office_id, "written_by": editor, "writers": [editor]}


def release_item(deed: Deed, case: Case, item: dict[str, object]) -> NewsItem:
    """Release an item made of what a firm handed in."""
    row = deed.create(NewsItem(case=case, **item, **_released(deed)))
    _tell(deed, row)
    return row


def _released(deed: Deed) -> dict[str, object]:
    return {"state": State.RELEASED, "is_open": True, "released_by": deed.by.person_id, "released_at": deed.at}


def _tell(deed: Deed, row: NewsItem) -> None:
    deed.enqueue(TELL, {"news": row.pk}, key=f"tell-news-{row.pk}", owner_id=row.owner_id)


@action("news.return", permission=RELEASE)
def return_news(deed: Deed, *, news: int, version: int) -> NewsItem:
    """Send a draft back to whoever wrote it, with a reason.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``news.not_a_draft``, ``news.own_work``.
    """
    row = _draft(deed, news, version)
    reason = give_reason(deed)
    _refuse_own_work(deed, row)
    deed.check()
    return deed.change(row, returned=reason)


@action("news.withdraw", permission=RELEASE)
def withdraw_news(deed: Deed, *, news: int, version: int) -> NewsItem:
    """Withdraw an item, with a reason: nobody outside its office reads it any more.

    Raises
    ------
    BridgeheadError
        ``form.missing`` without a reason, ``news.not_released``.
    """
    row = deed.lock(NewsItem, news, version)
    deed.require_in(row.owner_id)
    reason = give_reason(deed)
    if row.state != State.RELEASED:
        deed.refuse("news.not_released", {})
    deed.check()
    return deed.change(row, state=State.WITHDRAWN, is_open=False, reason=reason)


@action("news.subscribe", permission=ASK)
def subscribe(deed: Deed, *, firm: int, goods: str = "", country: str = "") -> NewsSubscription:
    """Have a firm told of news about goods, a country, or both; with neither, of all.

    Raises
    ------
    BridgeheadError
        With all of ``service.no_such_goods``, ``service.no_such_country``, ``news.too_many_subscriptions``,
        ``news.subscribed``.

    Articles: 51
    """
    deed.require_in(firm)
    about = {}
    for field, text, read in (("goods", goods, goods_of), ("country", country, country_of)):
        try:
            about[field] = read(text) if text.strip() else ""
        except BridgeheadError as refused:
            deed.refuse(refused.code, refused.parameters, field)
    deed.check()
    mine = NewsSubscription.objects.filter(owner=firm)
    if mine.filter(**about).exists():
        deed.refuse("news.subscribed", {}, "goods")
    elif mine.count() >= MOST_SUBSCRIPTIONS:
        deed.refuse("news.too_many_subscriptions", {"most": MOST_SUBSCRIPTIONS})
    deed.check()
    return deed.create(NewsSubscription(owner_id=firm, **about))


@action("news.unsubscribe", permission=ASK)
def unsubscribe(deed: Deed, *, subscription: int) -> None:
    """End a subscription of a firm."""
    row = deed.lock(NewsSubscription, subscription)
    deed.require_in(row.owner_id)
    deed.remove(row)


def tell_subscribers(deed: Deed, news: int) -> int:
    """Tell every firm whose subscription an item concerns, once; return how many were told."""
    with as_system("telling firms of news they subscribed to"):
        row = NewsItem.objects.get(pk=news)
        if row.state != State.RELEASED:
            return 0
        rows = NewsSubscription.objects.filter(owner__closed_on=None)
        firms = {
            one.owner_id
            for one in rows
            if goods_match(one.goods, row.goods) and country_match(one.country, row.countries)
        }
        for firm in sorted(firms):
            words = {"title": row.texts["title"]}
            notify(deed, firm=firm, kind="news", about=("desk:news-item", {"news": row.pk}), words=words)
    return len(firms)


def _draft(deed: Deed, news: int, version: int) -> NewsItem:
    row = deed.lock(NewsItem, news, version)
    deed.require_in(row.owner_id)
    if row.state != State.DRAFT:
        deed.refuse("news.not_a_draft", {})
    return row


def _refuse_own_work(deed: Deed, row: NewsItem) -> None:
    if deed.by.person_id is not None and deed.by.person_id in row.writers:
        deed.refuse("news.own_work", {})


def _columns(deed: Deed, told: NewsTold) -> dict[str, object]:
    texts = checked(deed, told.texts, LIMITS, must=("title", "text"))
    source = needed(deed, told.source, "source", LONGEST_SOURCE)
    day = today(deed)
    for field, value in (("source_on", told.source_on), ("expires_on", told.expires_on)):
        if value is None:
            deed.refuse("form.missing", {}, field)
    if told.source_on is not None and told.source_on > day:
        deed.refuse("news.source_to_come", {"day": str(told.source_on)}, "source_on")
    if told.expires_on is not None and told.expires_on <= day:
        deed.refuse("news.expires_too_soon", {"day": str(told.expires_on)}, "expires_on")
    elif told.expires_on is not None and told.expires_on > day + LONGEST_LIFE:
        deed.refuse("news.expires_too_late", {"days": LONGEST_LIFE.days}, "expires_on")
    return {
        "texts": texts,
        "source": source,
        "source_on": told.source_on,
        "expires_on": told.expires_on,
        "goods": read_goods(deed, told.goods),
        "countries": read_countries(deed, told.countries),
    }
