"""Routes of a logistics request: what the engine finds, what is offered and chosen, what is kept of it unchanged."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date
from time import perf_counter
from typing import Any

import pytest
from django.test import Client

from bridgehead.engines.network.journey import Consignment
from bridgehead.engines.network.routes import find_route
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk import logistics
from bridgehead.rooms.desk.logistics import RouteOffer, changed_since, routes_for
from bridgehead.rooms.desk.models import Case, CaseEvent
from bridgehead.rooms.desk.selectors.case_routes import KEPT
from tests.desk.cases import CONSIGNMENT, CaseWorld, lodged, moved
from tests.rooms.desk.test_case_pages import address_of, seen, sent

FORM: dict[str, Any] = {**CONSIGNMENT, "dangerous": False}


def asked(by: str, **told: Any) -> Any:
    """Return what the engine itself answers for the consignment of the form."""
    day = date(2026, 3, 9)
    given = {"tonnes": 40.0, **told}
    consignment = Consignment("hohhot", "ulaanbaatar", "machinery", year=2026, date=day, **given)
    return find_route(current().components, consignment, by)  # type: ignore[arg-type]


def now_of(case: Case) -> Case:
    """Return a case as it is kept by now."""
    with as_system("tests"):
        return Case.objects.get(pk=case.pk)


@pytest.mark.article(51)
def test_the_routes_hold_the_best_by_each_criterion_as_the_engine_gives_it() -> None:
    found = routes_for(FORM)
    assert found.faults == ()
    assert len({one.key for one in found.routes}) == len(found.routes) > 2
    for by in logistics.CRITERIA:
        (best,) = [one for one in found.routes if by in one.best]
        route = asked(by)
        assert (best.usd, best.ports) == (str(route.money_usd), route.ports)
        assert best.hours == pytest.approx(route.hours)
        assert best.kg_co2e == pytest.approx(route.kg_co2e)
    assert [float(one.usd) for one in found.routes] == sorted(float(one.usd) for one in found.routes)
    for one in found.routes:
        assert math.fsum(leg.hours for leg in one.legs) == pytest.approx(one.hours)
        assert math.fsum(leg.usd_per_t for leg in one.legs) * 40 == pytest.approx(float(one.usd), abs=0.05)
        assert one.parameters
        assert all(row.standing for row in one.parameters)
        assert one.data == current().components.content_hash


def test_containers_are_asked_for_as_containers_and_loose_goods_by_weight() -> None:
    boxed = routes_for({**FORM, "packing": "container_40", "teu": "4"})
    cheapest = next(one for one in boxed.routes if "cost" in one.best)
    assert (cheapest.teu, cheapest.usd) == (4.0, str(asked("cost", tonnes=None, teu=4.0).money_usd))
    assert routes_for({**FORM, "teu": "4"}).routes[0].teu is None


@pytest.mark.parametrize(
    ("goods", "product", "commodity"),
    [
        ("炼焦煤", "", "coking-coal"),
        ("蒙古炼焦煤 2 万吨", "", "coking-coal"),
        ("挖掘机", "8429520000", "machinery"),
        ("春小麦", "1001", "grain-oilseed"),
        ("Timber boards", "", "timber"),
        ("羊绒衫", "", ""),
        ("2024 年订单 123 号", "", ""),
    ],
)
def test_goods_are_recognised_by_their_name_or_their_code(goods: str, product: str, commodity: str) -> None:
    assert logistics.commodity_of(current(), {"goods_name": goods, "product_about": product}) == commodity


def test_whoever_reads_the_request_may_say_which_goods_they_are() -> None:
    unknown = routes_for({**FORM, "goods_name": "羊绒衫"})
    assert [(one.code, one.place.field) for one in unknown.faults] == [("route.unknown_commodity", "goods_name")]
    known = routes_for({**FORM, "goods_name": "羊绒衫"}, "consumer-goods")
    assert known.commodity == "consumer-goods"
    assert {one.key.rpartition("-")[0] for one in known.routes} == {"consumer-goods"}


def test_every_fault_stands_at_its_field() -> None:
    wrong = {
        "from_place": "火星",
        "to_place": "二连浩",
        "goods_name": "麻糬",
        "weight_t": "0",
        "ready_on": "2099-01-01",
    }
    found = routes_for({**FORM, **wrong})
    assert sorted((one.code, one.place.field) for one in found.faults) == [
        ("route.bad_consignment", "weight_t"),
        ("route.unknown_commodity", "goods_name"),
        ("route.unknown_place", "from_place"),
        ("route.unknown_place", "to_place"),
        ("route.year_outside_data", "ready_on"),
    ]
    same = routes_for({**FORM, "to_place": "hohhot"})
    assert [(one.code, one.place.field) for one in same.faults] == [("route.same_place", "to_place")]


def test_a_place_without_a_way_is_told_at_the_destination() -> None:
    closed = next(one.id for one in current().components.ports if one.status == "not_open")
    found = routes_for({**FORM, "to_place": closed})
    assert [(one.code, one.place.field) for one in found.faults] == [("route.no_path", "to_place")]


def test_an_answer_comes_well_within_a_second_and_is_remembered() -> None:
    routes_for(FORM)
    begun = perf_counter()
    found = routes_for({**FORM, "to_place": "莫斯科", "goods_name": "木材"})
    assert found.routes
    assert perf_counter() - begun < 0.5
    assert routes_for(FORM).routes is routes_for(dict(FORM)).routes


def test_what_is_kept_shows_the_same_again_and_tells_a_changed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    offer = routes_for(FORM).routes[0]
    kept = json.loads(json.dumps(offer.kept(date(2026, 3, 2))))
    again = RouteOffer.of(kept)
    assert again == replace(offer, kept_on="2026-03-02", asked=again.asked)
    assert dict(again.asked) == dict(offer.asked)
    assert changed_since(again) is None
    other = replace(again, data="0" * 64)
    change = changed_since(other)
    assert change is not None
    assert change.same
    dearer = changed_since(replace(other, usd="1.00"))
    assert dearer is not None
    assert (dearer.same, dearer.now) == (False, offer)
    lost = changed_since(replace(other, key="machinery-0"))
    assert lost is not None
    assert lost.now is None


@pytest.mark.django_db
@pytest.mark.article(51)
def test_an_office_offers_routes_and_the_firm_chooses_one_that_is_kept(there: CaseWorld, client: Client) -> None:
    case = lodged(there, service="logistics_request", form=CONSIGNMENT, title="机械设备到乌兰巴托")
    html = seen(client, there.trader, address_of(case))
    assert "不是承运人的报价" in html
    assert 'name="routes"' not in html, "the office has not offered any yet"
    case = moved(case, there.officer, "match")
    one, two, *rest = routes_for(case.form).routes
    html = seen(client, there.officer, address_of(case))
    assert html.count('type="checkbox" name="routes"') == 2 + len(rest)
    offering = {"routes": [one.key, two.key], "offer": ""}
    assert sent(client, there.officer, address_of(case), "move-offer", case, **offering).status_code == 302
    case = now_of(case)
    html = seen(client, there.trader, address_of(case))
    assert html.count('type="radio" name="routes"') == 2
    choosing = {"routes": two.key, "offer": ""}
    assert sent(client, there.trader, address_of(case), "move-choose", case, **choosing).status_code == 302
    html = seen(client, there.trader, address_of(case))
    assert "选定的线路" in html
    assert 'name="routes"' not in html
    told = client.get(f"/api/cases/{case.pk}").json()
    assert told["chosen_route"]["key"] == two.key
    assert (told["chosen_route"]["standing"], told["chosen_route"]["kept_on"]) == ("model", "2026-03-02")
    with as_system("tests"):
        kept = CaseEvent.objects.get(case=case, move="choose").given
    assert [one["key"] for one in kept[KEPT]] == [two.key]
    assert "模型，不是报价" in kept["offer"]
    case = moved(now_of(case), there.officer, "fall_through", reason="车皮没有了")
    html = seen(client, there.officer, address_of(case))
    assert "选定的线路" not in html
    assert 'type="checkbox" name="routes"' in html


@pytest.mark.django_db
def test_a_firm_chooses_among_what_was_offered_even_after_the_network_changed(there: CaseWorld) -> None:
    case = lodged(there, service="logistics_request", form=CONSIGNMENT, title="机械设备到乌兰巴托")
    one, two, *_ = routes_for(case.form).routes
    case = moved(
        moved(case, there.officer, "match"), there.officer, "offer", routes=[one.key], offer="某公司 2,000 美元"
    )
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.trader, "choose", routes=[two.key])
    assert "case.unknown_route" in [fault.code for fault in refused.value.faults]
    with as_system("tests"):
        event = CaseEvent.objects.get(case=case, move="offer")
        event.given = {**event.given, KEPT: [{**event.given[KEPT][0], "usd": "1.00", "data": "0" * 64}]}
        event.save()
    moved(case, there.trader, "choose", routes=[one.key])
    with as_system("tests"):
        chosen = CaseEvent.objects.get(case=case, move="choose").given[KEPT]
    assert [row["usd"] for row in chosen] == ["1.00"], "what was offered, not what would be found today"


@pytest.mark.django_db
def test_an_unknown_route_and_an_offer_without_any_are_refused(there: CaseWorld) -> None:
    case = moved(lodged(there, service="logistics_request", form=CONSIGNMENT, title="货"), there.officer, "match")
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.officer, "offer", routes=["machinery-0000"])
    assert ("case.unknown_route", "offer") in [(one.code, one.place.field) for one in refused.value.faults]
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.officer, "offer")
    assert [one.code for one in refused.value.faults] == ["case.lacks"]


@pytest.mark.django_db
def test_the_page_reads_in_four_languages_and_asks_for_the_kind_of_goods(there: CaseWorld, client: Client) -> None:
    form = {**CONSIGNMENT, "goods_name": "羊绒衫", "arrive_by": "2026-03-11", "dangerous": "yes"}
    case = lodged(there, service="logistics_request", form=form, title="羊绒衫")
    html = seen(client, there.trader, address_of(case))
    assert "没有货物“羊绒衫”" in html
    assert 'name="goods"' in html
    for code in ("", "/en", "/ru", "/mn"):
        html = seen(client, there.trader, f"{code}{address_of(case)}?goods=consumer-goods")
        assert "<svg" in html
    html = seen(client, there.trader, f"{address_of(case)}?goods=consumer-goods")
    assert "晚到" in html
    assert "危险货物和温度要求没有算进去" in html
