"""Trade news: two people stand for an item, it ends by itself, and who subscribed is told."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.news import (
    change_news,
    release_news,
    return_news,
    subscribe,
    unsubscribe,
    withdraw_news,
    write_news,
)
from bridgehead.rooms.desk.models import NewsItem, NewsSubscription, Notice
from bridgehead.rooms.desk.selectors.news import feed, news
from bridgehead.rooms.desk.tags import chapters, goods_of
from tests.desk.news import DAY, TEXTS, drafted, news_told, released
from tests.desk.services import ServiceWorld, ran, service_world
from tests.ground.world import member, organisation
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> ServiceWorld:
    return service_world()


def expired(row: NewsItem) -> NewsItem:
    with as_system("tests"):
        NewsItem.objects.filter(pk=row.pk).update(expires_on=today() - DAY)
        return NewsItem.objects.get(pk=row.pk)


def titles(*asked: str) -> list[str]:
    return [one.title for one in news(*asked).items]


def told() -> list[tuple[int, str]]:
    with as_system("tests"):
        return sorted(Notice.objects.filter(kind="news").values_list("owner_id", "words__title__zh"))


@pytest.mark.article(51)
@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"source": ""}, {"form.missing"}),
        ({"expires_on": None, "source_on": None}, {"form.missing"}),
        ({"expires_on": today()}, {"news.expires_too_soon"}),
        ({"expires_on": today() + 401 * DAY}, {"news.expires_too_late"}),
        ({"source_on": today() + 5 * DAY, "goods": "77"}, {"news.source_to_come", "service.no_such_goods"}),
        ({"goods": "木头疙瘩", "countries": "亚特兰蒂斯"}, {"service.no_such_goods", "service.no_such_country"}),
        ({"goods": ",".join(f"{one:02}" for one in range(1, 25))}, {"service.too_many_tags"}),
        ({"texts": {"title": TEXTS["title"]}}, {"form.missing"}),
    ],
)
def test_whatever_is_wrong_with_an_item_is_told_at_once(
    world: ServiceWorld, changed: dict[str, Any], codes: set[str]
) -> None:
    with pytest.raises(BridgeheadError) as refused:
        drafted(world, **changed)
    assert {one.code for one in refused.value.faults} == codes


def test_nobody_releases_what_they_wrote_and_no_officer_releases(world: ServiceWorld) -> None:
    by = seen_as(world.head)
    row = write_news(by=by, owner=world.office.pk, told=news_told())
    with pytest.raises(BridgeheadError, match=r"news\.own_work"):
        release_news(by=by, news=row.pk, version=row.version)
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        release_news(by=seen_as(world.officer), news=row.pk, version=row.version)
    row = change_news(by=seen_as(world.officer), news=row.pk, version=row.version, told=news_told(goods="72"))
    with pytest.raises(BridgeheadError, match=r"news\.own_work"):
        release_news(by=by, news=row.pk, version=row.version)
    with pytest.raises(IntegrityError), transaction.atomic(), as_system("tests"):
        NewsItem.objects.filter(pk=row.pk).update(released_by=row.written_by)
    other = seen_as(member(world.office, "head", "second-head"))
    assert release_news(by=other, news=row.pk, version=row.version).is_open


def test_a_draft_is_its_offices_own_and_goes_back_with_a_reason(world: ServiceWorld, client: Client) -> None:
    row = drafted(world)
    assert titles() == []
    address = f"/news/{row.pk}/"
    assert client.get(address).status_code == 404
    deputy = member(organisation("congress", "congress"), "deputy")
    keeper = member(organisation("keeper", "coordination"), "coordination")
    strangers = [(one, 404) for one in (world.stranger, world.trader, deputy, keeper)]
    for person, seen in ((world.officer, 200), *strangers):
        client.force_login(person)
        assert client.get(address).status_code == seen, person.login
    row = return_news(by=seen_as(world.head), news=row.pk, version=row.version, reason="来源打不开")
    client.force_login(world.officer)
    assert "来源打不开" in client.get(f"/desk/news/{row.pk}/").content.decode()
    row = change_news(by=seen_as(world.officer), news=row.pk, version=row.version, told=news_told())
    assert row.returned == ""


def test_news_ends_by_itself_and_by_withdrawal(world: ServiceWorld, client: Client) -> None:
    row, other = released(world), released(world, texts={"title": {"zh": "另一条"}, "text": {"zh": "正文"}})
    assert titles() == ["另一条", "俄罗斯调整原木出口"]
    assert client.get("/api/search?q=原木出口").json()["found"] >= 1
    expired(row)
    assert titles() == ["另一条"]
    assert [one.title for one in feed()] == ["另一条"]
    found = client.get("/api/search?q=原木出口").json()
    assert "俄罗斯调整原木出口" not in str(found | {"q": ""})
    html = client.get(f"/news/{row.pk}/").content.decode()
    assert "已过期" in html
    assert client.get(f"/api/news/{row.pk}").json()["current"] is False
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        withdraw_news(by=seen_as(world.head), news=other.pk, version=other.version)
    withdraw_news(by=seen_as(world.head), news=other.pk, version=other.version, reason="消息有误")
    assert titles() == []
    assert client.get(f"/news/{other.pk}/").status_code == 404


def test_a_list_is_narrowed_by_goods_and_country_and_what_names_none_concerns_all(world: ServiceWorld) -> None:
    def item(title: str, goods: str, countries: str) -> None:
        released(world, texts={"title": {"zh": title}, "text": {"zh": "正文"}}, goods=goods, countries=countries)

    item("章", "44", "RU")
    item("品目", "4403", "RU, MN")
    item("别的品目", "4407", "MN")
    item("所有商品", "", "MN")
    item("所有", "", "")
    assert set(titles("44")) == {"章", "品目", "别的品目", "所有商品", "所有"}
    assert set(titles("4403")) == {"章", "品目", "所有商品", "所有"}
    assert set(titles("4403", "RU")) == {"章", "品目", "所有"}
    assert set(titles("72", "KZ")) == {"所有"}


def test_firms_are_told_once_of_what_they_subscribed_to(world: ServiceWorld) -> None:
    by = seen_as(world.trader)
    subscribe(by=by, firm=world.firm.pk, goods="4403", country="")
    subscribe(by=by, firm=world.firm.pk, goods="", country="俄罗斯")
    subscribe(by=seen_as(world.rival), firm=world.other_firm.pk, goods="72")
    with ran():
        released(world)
    assert told() == [(world.firm.pk, "俄罗斯调整原木出口")]
    with ran():
        released(world, goods="", countries="", texts={"title": {"zh": "和谁都有关"}, "text": {"zh": "正文"}})
    assert told()[-1] == (world.other_firm.pk, "和谁都有关")
    assert len(told()) == 3
    with as_system("tests"):
        mine = NewsSubscription.objects.get(owner=world.other_firm)
    with pytest.raises(BridgeheadError, match=r"action\.no_such_record"):
        unsubscribe(by=by, subscription=mine.pk)
    unsubscribe(by=seen_as(world.rival), subscription=mine.pk)
    with ran():
        released(world, goods="72", countries="MN")
    assert len(told()) == 3


def test_news_that_is_withdrawn_before_it_is_told_is_not_told(world: ServiceWorld) -> None:
    subscribe(by=seen_as(world.trader), firm=world.firm.pk)
    with ran():
        row = released(world)
        withdraw_news(by=seen_as(world.head), news=row.pk, version=row.version, reason="消息有误")
    assert told() == []


def test_a_subscription_is_checked(world: ServiceWorld) -> None:
    by = seen_as(world.trader)
    with pytest.raises(BridgeheadError) as refused:
        subscribe(by=by, firm=world.firm.pk, goods="99999", country="QQ")
    assert {one.place.field for one in refused.value.faults} == {"goods", "country"}
    subscribe(by=by, firm=world.firm.pk, goods="木浆")
    with pytest.raises(BridgeheadError, match=r"news\.subscribed"):
        subscribe(by=by, firm=world.firm.pk, goods="47")
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        subscribe(by=seen_as(world.rival), firm=world.firm.pk)


def test_goods_are_read_by_digits_or_by_a_word() -> None:
    assert [goods_of(one) for one in ("44", "4403", "440310", "4403 原木", "羊绒", "cashmere", "Уголь, нефть")] == [
        *("44", "4403", "440310", "4403", "51", "51", "27"),
    ]
    for wrong in ("4", "443", "77", "99", "products", ""):
        with pytest.raises(BridgeheadError):
            goods_of(wrong)
    assert len(chapters()) == 96
    assert all(all(names) for names in chapters().values())


def test_the_feed_is_atom_in_the_language_asked_for(world: ServiceWorld, client: Client, settings: Any) -> None:
    settings.BRIDGEHEAD_ADDRESS = "https://desk.example"
    row = released(world)
    released(world, goods="72", texts={"title": {"zh": "钢"}, "text": {"zh": "正文"}})
    answer = client.get("/news.atom?lang=en&goods=44&country=RU")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    space = {"a": "http://www.w3.org/2005/Atom"}
    (entry,) = root.findall("a:entry", space)
    assert entry.findtext("a:title", namespaces=space) == "Russia changes log exports"
    assert entry.find("a:link", space).get("href") == f"https://desk.example/en/news/{row.pk}/"
    assert entry.findtext("a:updated", namespaces=space)
    assert len(ET.fromstring(client.get("/news.atom").content).findall("a:entry", space)) == 2


def test_an_office_writes_and_releases_on_its_pages_and_a_firm_subscribes(world: ServiceWorld, client: Client) -> None:
    client.force_login(world.officer)
    plain = {
        "source": "公告",
        "source_on": today(),
        "expires_on": today() + timedelta(days=9),
        "goods": "44",
        "countries": "MN",
    }
    texts = {"title_zh": "新公告", "text_zh": "第一段\n第二段"}
    wrong = client.post("/desk/news/new/", {"form": "news", "once": "a" * 16, **plain, **texts, "goods": "77"})
    assert wrong.status_code == 422
    assert "新公告" in wrong.content.decode()
    sent = client.post("/desk/news/new/", {"form": "news", "once": "b" * 16, **plain, **texts})
    with as_system("tests"):
        row = NewsItem.objects.get()
    assert sent["Location"] == f"/desk/news/{row.pk}/"
    client.force_login(world.trader)
    client.post("/desk/subscriptions/", {"form": "add", "once": "c" * 16, "firm": world.firm.pk, "goods": "4403"})
    assert "4403" in client.get("/desk/subscriptions/").content.decode()
    client.force_login(world.head)
    with ran():
        client.post(sent["Location"], {"form": "release", "once": "d" * 16, "version": row.version})
    client.force_login(world.trader)
    assert "您订阅的资讯：新公告" in client.get("/desk/notices/").content.decode()
    html = client.get(f"/news/{row.pk}/").content.decode()
    assert "<p>第一段</p>" in html
    assert "新公告" in client.get("/news/?goods=4403").content.decode()
    assert "新公告" not in client.get("/news/?goods=72").content.decode()


@pytest.mark.parametrize("bad", ["\x0b", "\x1b", "\ufffe", "\x00"])
def test_what_no_feed_can_carry_is_left_out_of_texts(world: ServiceWorld, client: Client, bad: str) -> None:
    released(world, texts={"title": {"zh": f"俄罗斯{bad}木材"}, "text": {"zh": "涨价"}})
    root = ET.fromstring(client.get("/news.atom?lang=%0b").content)
    assert root.findtext("{*}entry/{*}title") == "俄罗斯木材"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh"
