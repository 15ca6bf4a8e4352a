"""Promotion: fairs with room for some, firms that present themselves, enquiries with masked contacts."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import ANONYMOUS, as_system, viewing
from bridgehead.ground.models import JournalEntry, Organisation, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.fairs import cancel_fair, change_fair, give_up_fair
from bridgehead.rooms.desk.actions.firm_cards import answer_enquiry, send_enquiry
from bridgehead.rooms.desk.models import Enquiry, Fair, FairEntry, FirmCard, Notice
from bridgehead.rooms.desk.selectors.promotion import cards, enquiries
from tests.desk.promotion import DAY, asked, card, fair, fair_told, goes
from tests.desk.services import ServiceWorld, service_world
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db
State = FairEntry.State


@pytest.fixture
def world() -> ServiceWorld:
    return service_world()


def told() -> list[tuple[int, str]]:
    with as_system("tests"):
        return list(Notice.objects.order_by("pk").values_list("owner_id", "kind"))


def entry(row: FairEntry) -> FairEntry:
    with as_system("tests"):
        return FairEntry.objects.get(pk=row.pk)


def seen_by(person: Person) -> Any:
    viewer = seen_as(person)
    with viewing(viewer):
        return enquiries(viewer)


@pytest.mark.article(51)
@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"ends_on": today()}, {"promotion.days_out_of_order"}),
        ({"deadline": today() - DAY}, {"promotion.deadline_past"}),
        ({"capacity": 0, "country": "Atlantis"}, {"promotion.bad_capacity", "service.no_such_country"}),
        ({"source": "", "starts_on": None}, {"form.missing"}),
        ({"texts": {"title": {"zh": "只有名称"}}}, {"form.missing"}),
    ],
)
def test_whatever_is_wrong_with_a_fair_is_told_at_once(
    world: ServiceWorld, changed: dict[str, Any], codes: set[str]
) -> None:
    with pytest.raises(BridgeheadError) as refused:
        fair(world, **changed)
    assert {one.code for one in refused.value.faults} == codes


def test_firms_sign_up_while_there_is_room_and_wait_after(world: ServiceWorld) -> None:
    row = fair(world)
    first = goes(world.trader, world.firm, row)
    second = goes(world.rival, world.other_firm, row)
    assert (first.state, second.state) == (State.TAKEN, State.WAITING)
    with pytest.raises(BridgeheadError, match=r"promotion\.signed_up_already"):
        goes(world.colleague, world.firm, row)
    with pytest.raises(BridgeheadError, match=r"action\.no_such_record"):
        give_up_fair(by=seen_as(world.rival), entry=first.pk, version=first.version)
    give_up_fair(by=seen_as(world.trader), entry=first.pk, version=first.version)
    assert entry(second).state == State.TAKEN
    assert told() == [(world.other_firm.pk, "fair_room")]
    assert goes(world.trader, world.firm, row).state == State.WAITING
    without = fair_told(capacity=None)
    row = change_fair(by=seen_as(world.officer), fair=row.pk, version=row.version, told=without)
    assert told()[-1] == (world.firm.pk, "fair_room")
    with pytest.raises(BridgeheadError, match=r"promotion\.less_room"):
        change_fair(by=seen_as(world.officer), fair=row.pk, version=row.version, told=fair_told(capacity=1))


def test_a_change_of_days_and_a_cancellation_are_told(world: ServiceWorld) -> None:
    row = fair(world)
    goes(world.trader, world.firm, row)
    by = seen_as(world.officer)
    row = change_fair(by=by, fair=row.pk, version=row.version, told=fair_told(ends_on=today() + 50 * DAY))
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        cancel_fair(by=by, fair=row.pk, version=row.version)
    row = cancel_fair(by=by, fair=row.pk, version=row.version, reason="主办方取消")
    assert [kind for _, kind in told()] == ["fair_changed", "fair_cancelled"]
    with pytest.raises(BridgeheadError, match=r"promotion\.cancelled"):
        goes(world.rival, world.other_firm, row)


def test_nobody_signs_up_after_the_deadline(world: ServiceWorld) -> None:
    row = fair(world)
    with as_system("tests"):
        Fair.objects.filter(pk=row.pk).update(deadline=today() - DAY)
    with pytest.raises(BridgeheadError, match=r"promotion\.deadline_past"):
        goes(world.trader, world.firm, row)


def test_only_the_office_sees_who_goes_to_a_fair(world: ServiceWorld, client: Client) -> None:
    row = fair(world)
    goes(world.trader, world.firm, row, contact="电话 13800")
    for person, sees in ((world.officer, True), (world.stranger, False)):
        client.force_login(person)
        html = client.get(f"/desk/fairs/{row.pk}/").content.decode()
        assert ("电话 13800" in html) == ("甲公司" in html) == sees
    client.force_login(world.rival)
    html = client.get(f"/promotion/fairs/{row.pk}/").content.decode()
    assert "甲公司" not in html
    assert "满员，可候补" in html
    assert "未查到" in html, "a cost nobody told is not left out"
    assert "甲公司" not in client.get(f"/api/fairs/{row.pk}").content.decode()


def test_a_card_is_public_only_where_its_firm_says_so(world: ServiceWorld, client: Client) -> None:
    row = card(world.trader, world.firm, public=False)
    address = f"/promotion/firms/{row.pk}/"
    assert not cards().cards
    assert client.get(address).status_code == 404
    assert client.get(f"/api/firms/{row.pk}").status_code == 404
    for person, status in ((world.rival, 404), (world.officer, 404), (world.colleague, 200)):
        client.force_login(person)
        assert client.get(address).status_code == status, person.login
    row = card(world.trader, world.firm, version=row.version)
    client.logout()
    assert "锯材" in client.get(address).content.decode()
    assert "甲公司" in str(client.get("/api/search?q=锯材").json())
    row = card(world.trader, world.firm, version=row.version, public=False)
    assert client.get(address).status_code == 404
    assert "甲公司" not in str(client.get("/api/search?q=锯材").json())


def test_a_card_is_found_by_goods_and_country(world: ServiceWorld) -> None:
    card(world.trader, world.firm)
    asked = (("44",), ("4407", "MN"), ("4403",), ("", "KZ"), ("72", "RU"))
    with viewing(ANONYMOUS):
        assert [len(cards(*one).cards) for one in asked] == [1, 1, 0, 0, 0]


def test_a_card_says_something_before_it_is_public(world: ServiceWorld) -> None:
    for changed, code in (
        ({"texts": {"title": {"zh": "甲公司"}}}, "promotion.says_nothing"),
        ({"texts": {"makes": {"zh": "锯材"}}}, "form.missing"),
        ({"languages": ["fr"]}, "form.no_such_choice"),
        ({"goods": "77"}, "service.no_such_goods"),
    ):
        with pytest.raises(BridgeheadError) as refused:
            card(world.trader, world.firm, **changed)
        assert refused.value.code == code


def test_contacts_are_seen_once_an_enquiry_is_accepted_and_by_nobody_else(world: ServiceWorld, client: Client) -> None:
    row = asked(world.rival, world.other_firm, card(world.trader, world.firm))
    assert told() == [(world.firm.pk, "enquiry_new")]
    (received,) = seen_by(world.trader).received
    assert (received.other, received.contact) == ("乙公司", "")
    client.force_login(world.trader)
    assert "电话 138" not in client.get("/desk/enquiries/").content.decode()
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        answer_enquiry(by=seen_as(world.trader), enquiry=row.pk, version=row.version, accepts=True)
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        answer_enquiry(by=seen_as(world.rival), enquiry=row.pk, version=row.version, accepts=True, contact="x")
    sent = client.post(
        "/desk/enquiries/",
        {"form": f"answer-{row.pk}", "once": "k" * 16, "version": row.version, "accepts": "yes", "contact": "邮箱 9"},
    )
    assert sent.status_code == 302
    (received,), (mine,) = seen_by(world.trader).received, seen_by(world.rival).sent
    assert (received.contact, mine.contact) == ("电话 138", "邮箱 9")
    assert told()[-1] == (world.other_firm.pk, "enquiry_accepted")
    for person in (world.officer, world.stranger):
        assert not seen_by(person).received
        assert not seen_by(person).sent
    with as_system("tests"):
        kept = str(list(JournalEntry.objects.values_list("before", "after")))
    assert "电话 138" not in kept
    assert "邮箱 9" not in kept


def test_who_is_declined_never_sees_a_contact(world: ServiceWorld) -> None:
    row = asked(world.rival, world.other_firm, card(world.trader, world.firm))
    row = answer_enquiry(
        by=seen_as(world.trader), enquiry=row.pk, version=row.version, accepts=False, text="不做", contact="邮箱 9"
    )
    (mine,) = seen_by(world.rival).sent
    assert (mine.contact, mine.record.answer, row.contact_there) == ("", "不做", "")
    with pytest.raises(BridgeheadError, match=r"promotion\.answered"):
        answer_enquiry(by=seen_as(world.trader), enquiry=row.pk, version=row.version, accepts=True, contact="x")
    with pytest.raises(IntegrityError), transaction.atomic(), as_system("tests"):
        Enquiry.objects.filter(pk=row.pk).update(contact_there="邮箱 9")


def test_a_firm_is_not_pestered(world: ServiceWorld) -> None:
    of = card(world.trader, world.firm)
    asked(world.rival, world.other_firm, of)
    with pytest.raises(BridgeheadError, match=r"promotion\.asked_already"):
        asked(world.rival, world.other_firm, of)
    with pytest.raises(BridgeheadError, match=r"promotion\.own_card"):
        asked(world.trader, world.firm, of)
    hidden = card(world.rival, world.other_firm, public=False)
    with pytest.raises(BridgeheadError, match=r"promotion\.no_such_firm"):
        asked(world.trader, world.firm, hidden)


def test_a_firm_writes_its_card_on_its_page(world: ServiceWorld, client: Client) -> None:
    client.force_login(world.trader)
    html = client.get("/desk/card/").content.decode()
    assert 'value="甲公司"' in html
    fields = {"firm": world.firm.pk, "title_zh": "甲公司", "title_ru": "Компания А", "buys_zh": "原木", "goods": "77"}
    refused = client.post("/desk/card/", {"form": "card", "once": "a" * 16, "version": "0", **fields})
    assert refused.status_code == 422
    assert "Компания А" in refused.content.decode()
    told = {**fields, "goods": "44", "countries": "MN", "languages": ["zh", "mn"], "public": "yes"}
    assert client.post("/desk/card/", {"form": "card", "once": "b" * 16, "version": "0", **told}).status_code == 302
    with as_system("tests"):
        row = FirmCard.objects.get()
    assert (row.languages, row.goods, row.countries, row.is_open) == (["zh", "mn"], ",44,", ",MN,", True)
    client.logout()
    assert "Компания А" in client.get("/ru/promotion/firms/").content.decode()


def test_a_firm_that_closed_is_neither_shown_nor_asked(world: ServiceWorld, client: Client) -> None:
    there = card(world.rival, world.other_firm)
    assert client.get(f"/api/firms/{there.pk}").status_code == 200
    with as_system("tests"):
        Organisation.objects.filter(pk=world.other_firm.pk).update(closed_on=today() - DAY)
    assert client.get(f"/api/firms/{there.pk}").status_code == 404
    with pytest.raises(BridgeheadError, match=r"promotion\.no_such_firm"):
        send_enquiry(by=seen_as(world.trader), firm=world.firm.pk, card=there.pk, text="有货吗", contact="1")
