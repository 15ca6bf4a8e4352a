"""Products of finance and insurance: what is known of them with its source, and that the rest was not found."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.products import change_product, list_product, withdraw_product
from bridgehead.rooms.desk.models import Product
from bridgehead.rooms.desk.selectors.products import ProductSeen, catalogue
from tests.desk.products import DAY, listed, make, product_told
from tests.desk.services import ServiceWorld, service_world
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> ServiceWorld:
    return service_world()


@pytest.mark.article(51)
@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"kind": "small_firms"}, {"form.no_such_choice"}),
        ({"service": "lottery", "kind": "loan"}, {"form.no_such_choice"}),
        ({"standing": "measured"}, {"form.no_such_choice"}),
        ({"least_cny": Decimal(5), "most_cny": Decimal(4)}, {"product.amounts_out_of_order"}),
        ({"least_cny": Decimal(-1)}, {"product.bad_amount"}),
        ({"most_cny": Decimal(10) ** 13}, {"product.bad_amount"}),
        ({"valid_until": today() - DAY, "source_on": today() + 9 * DAY}, {"product.ended", "product.source_to_come"}),
        ({"source": "", "source_on": None}, {"form.missing"}),
        ({"texts": {"title": {"zh": "没有机构"}}}, {"form.missing"}),
    ],
)
def test_whatever_is_wrong_with_a_product_is_told_at_once(
    world: ServiceWorld, changed: dict[str, Any], codes: set[str]
) -> None:
    with pytest.raises(BridgeheadError) as refused:
        listed(world, **changed)
    assert {one.code for one in refused.value.faults} == codes


def test_amounts_are_kept_to_the_fen(world: ServiceWorld) -> None:
    row = listed(world, least_cny=Decimal(0), most_cny=Decimal("1000000.01"))
    row.refresh_from_db()
    assert (row.least_cny, row.most_cny) == (Decimal(0), Decimal("1000000.01"))


def test_an_office_lists_for_itself_alone(world: ServiceWorld) -> None:
    for person in (world.trader, world.stranger):
        with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
            list_product(by=seen_as(person), owner=world.office.pk, told=product_told())


def test_what_is_not_known_says_so_and_is_no_zero(world: ServiceWorld, client: Client) -> None:
    make(world)
    with as_system("tests"):
        policy = Product.objects.get(service="insurance")
    html = client.get(f"/products/{policy.pk}/").content.decode()
    assert html.count("未查到") == 5  # for whom, how much, papers, how to apply, until when
    assert "企业不用付保费" in html
    told = client.get(f"/api/products/{policy.pk}").json()
    assert (told["most_cny"], told["rate"], told["documents"], told["available"]) == (None, None, None, True)
    assert "未查到" in client.get("/finance/").content.decode(), "the loan has no rate"
    assert "0 元" not in html


@pytest.mark.parametrize(
    ("least", "most", "zh", "en"),
    [
        (None, "3000000", "最多 3,000,000 元", "up to CNY 3,000,000"),
        ("50000", None, "最少 50,000 元", "from CNY 50,000"),
        ("50000", "3000000", "50,000–3,000,000 元", "CNY 50,000–3,000,000"),
        (None, None, "", ""),
    ],
)
def test_amounts_are_said_as_far_as_they_are_known(least: str | None, most: str | None, zh: str, en: str) -> None:
    one = Product(least_cny=least and Decimal(least), most_cny=most and Decimal(most))
    assert ProductSeen(one).amounts == zh
    with override("en"):
        assert ProductSeen(one).amounts == en


def test_what_has_ended_or_was_withdrawn_is_not_on_the_list(world: ServiceWorld, client: Client) -> None:
    row, other = listed(world), listed(world, texts={"title": {"zh": "另一种"}, "provider": {"zh": "银行"}})
    assert catalogue("finance").count == 2
    assert catalogue("insurance").count == 0
    with as_system("tests"):
        Product.objects.filter(pk=row.pk).update(valid_until=today() - DAY)
    assert [one.title for _, rows in catalogue("finance").kinds for one in rows] == ["另一种"]
    assert "已停办" in client.get(f"/products/{row.pk}/").content.decode()
    assert client.get(f"/api/products/{row.pk}").json()["available"] is False
    for words, found in (("外贸订单贷", False), ("另一种", True)):
        told = client.get(f"/api/search?q={words}").json()
        assert (words in str({**told, "q": ""})) is found
    by = seen_as(world.officer)
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        withdraw_product(by=by, product=other.pk, version=other.version)
    other = withdraw_product(by=by, product=other.pk, version=other.version, reason="银行停办")
    assert client.get("/api/finance").json()["products"] == []
    assert client.get(f"/products/{other.pk}/").status_code == 404
    with pytest.raises(BridgeheadError, match=r"product\.withdrawn"):
        change_product(by=by, product=other.pk, version=other.version, told=product_told())


@pytest.mark.article(51)
def test_carriage_and_relief_have_lists_of_their_own(world: ServiceWorld, client: Client) -> None:
    texts = {"title": {"zh": "每周班列"}, "provider": {"zh": "班列公司"}}
    train = listed(world, service="logistics", kind="train", texts=texts, most_cny=None)
    aid = listed(world, service="relief", kind="legal", texts=texts | {"title": {"zh": "追偿援助"}}, most_cny=None)
    assert "1 项物流服务可以预订" in client.get("/logistics-services/").content.decode()
    assert "Measures" in client.get("/en/relief-measures/").content.decode()
    assert [one["product"] for one in client.get("/api/logistics-services").json()["products"]] == [train.pk]
    assert [one["product"] for one in client.get("/api/relief-measures").json()["products"]] == [aid.pk]
    assert 'href="/logistics-services/"' in client.get(f"/products/{train.pk}/").content.decode()
    with pytest.raises(BridgeheadError, match=r"form\.no_such_choice"):
        listed(world, service="relief", kind="train")


@pytest.mark.parametrize(
    ("service", "page"), [("logistics_request", "/logistics-services/"), ("relief", "/relief-measures/")]
)
def test_a_service_leads_to_what_there_is_of_it(service: str, page: str, client: Client) -> None:
    assert f'href="{page}"' in client.get(f"/services/{service}/").content.decode()


def test_an_office_lists_a_product_on_its_page(world: ServiceWorld, client: Client) -> None:
    client.force_login(world.officer)
    fields = {"kind": "guarantee", "source": "公告", "source_on": today(), "standing": "reported", "most_cny": "五百万"}
    texts = {"title_zh": "外贸担保", "provider_zh": "担保公司", "documents_zh": "合同\n报关单"}
    wrong = client.post("/desk/products/new/", {"form": "product", "once": "a" * 16, **fields, **texts})
    assert wrong.status_code == 422
    assert "外贸担保" in wrong.content.decode()
    fields["most_cny"] = "5000000"
    sent = client.post("/desk/products/new/", {"form": "product", "once": "b" * 16, **fields, **texts})
    assert sent.status_code == 302
    with as_system("tests"):
        row = Product.objects.get()
    assert (row.service, row.most_cny) == ("finance", 5_000_000)
    html = client.get(f"/products/{row.pk}/").content.decode()
    assert "<p>报关单</p>" in html
    client.force_login(world.stranger)
    assert "<form" not in client.get(sent["Location"]).content.decode().partition("<main")[2]
