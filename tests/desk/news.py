"""Items of trade news for tests."""

from __future__ import annotations

from datetime import timedelta

from bridgehead.ground.access.grants import today
from bridgehead.rooms.desk.actions.news import NewsTold, release_news, subscribe, write_news
from bridgehead.rooms.desk.models import NewsItem
from tests.desk.services import ServiceWorld
from tests.ledger import seen_as

DAY = timedelta(days=1)
TEXTS = {
    "title": {"zh": "俄罗斯调整原木出口", "en": "Russia changes log exports"},
    "text": {"zh": "从下月起要先登记。\n登记在网上办。", "en": "Exports need registration from next month."},
}


def news_told(**changed: object) -> NewsTold:
    """Return what somebody writes of an item."""
    kept = {
        "texts": TEXTS,
        "source": "海关公告 https://customs.example/1",
        "source_on": today() - DAY,
        "expires_on": today() + 30 * DAY,
        "goods": "44",
        "countries": "俄罗斯",
    }
    return NewsTold(**{**kept, **changed})  # type: ignore[arg-type]


def drafted(world: ServiceWorld, **told: object) -> NewsItem:
    """Return a draft of the officer."""
    return write_news(by=seen_as(world.officer), owner=world.office.pk, told=news_told(**told))


def released(world: ServiceWorld, **told: object) -> NewsItem:
    """Return an item the officer wrote and the head released."""
    row = drafted(world, **told)
    return release_news(by=seen_as(world.head), news=row.pk, version=row.version)


def make(world: ServiceWorld) -> None:
    """Release an item and write another; the firm subscribed to it."""
    subscribe(by=seen_as(world.trader), firm=world.firm.pk, goods="4403", country="RU")
    released(world)
    drafted(world, texts={"title": {"zh": "草稿里的消息"}, "text": {"zh": "还没有核实"}})
