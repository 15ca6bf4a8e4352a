"""What a move does beyond its case: places in training and items of news, made with the move or not at all."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bridgehead.engines.cases.machine import Effect
from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.models import Organisation, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.news import NewsTold, subscribe, withdraw_news
from bridgehead.rooms.desk.actions.training import SessionTold, announce, cancel_session, record_attendance
from bridgehead.rooms.desk.actions.training_places import PlacesTold, give_up, sign_up
from bridgehead.rooms.desk.effects import EFFECTS
from bridgehead.rooms.desk.models import Case, CaseEvent, NewsItem, Notice, TrainingPlace, TrainingSession
from bridgehead.rooms.desk.selectors.news import news
from bridgehead.rooms.desk.selectors.training import calendar
from tests.desk.cases import CaseWorld, Now, lodged, moved, of_region
from tests.desk.services import ran
from tests.ground.world import member
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db

COURSE = {"course": "原产地规则", "participant": "冯外贸", "training_language": "zh"}
TEXTS = {"title": {"zh": "原产地规则培训", "en": "Rules of origin"}, "place": {"zh": "三楼会议室"}}
SUBMITTED = {
    **{"news_topic": "market", "news_text": "羊绒价格上涨。", "news_source": "交易所"},
    **{"news_expires": "2026-04-01", "country_about": "MN", "product_about": "5102 羊绒"},
}


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> list[str]:
    return sorted(f"{one.code}@{one.place.field}" for one in refused.value.faults)


@pytest.fixture
def school(there: CaseWorld) -> Organisation:
    return of_region("nm-ccpit")


@pytest.fixture
def teacher(school: Organisation) -> Person:
    with as_system("tests"):
        return member(school, "officer", "teacher", "孙经办")


def session(school: Organisation, teacher: Person, days: int = 10, seats: int = 2) -> TrainingSession:
    at = timezone.now() + timedelta(days=days)
    told = SessionTold(TEXTS, at, at + timedelta(hours=3), seats)
    return announce(by=seen_as(teacher), owner=school.pk, told=told)


def asked(there: CaseWorld) -> Case:
    return lodged(there, service="training", form=COURSE, title="报名")


def asking(row: TrainingSession | None, *names: str) -> PlacesTold:
    return PlacesTold(row.pk if row is not None else None, "\n".join(names or ("冯外贸",)))


def nothing_done(case: Case, places: int = 0) -> None:
    """Hold that neither the case nor anything beyond it was written."""
    with as_system("tests"):
        row = Case.objects.get(pk=case.pk)
        assert (row.version, row.state) == (case.version, case.state)
        assert TrainingPlace.objects.count() == places
        assert not NewsItem.objects.exists()
        assert not CaseEvent.objects.filter(case=case, move__in=("enrol", "place_next", "publish")).exists()


def test_every_effect_a_table_can_name_is_carried_out() -> None:
    assert set(EFFECTS) == set(Effect)


@pytest.mark.article(51)
@pytest.mark.parametrize(("move", "more"), [("enrol", {}), ("place_next", {"reason": "本期满员"})])
def test_whoever_is_enrolled_has_a_place_in_a_session(
    there: CaseWorld, school: Organisation, teacher: Person, move: str, more: dict[str, str], client: Client
) -> None:
    row = session(school, teacher)
    case = moved(asked(there), teacher, move, effect=asking(row), **more)
    with as_system("tests"):
        place = TrainingPlace.objects.get()
        event = CaseEvent.objects.get(case=case, move=move)
    assert (place.session_id, place.owner_id, place.name, place.case_id) == (row.pk, there.firm.pk, "冯外贸", case.pk)
    assert (place.state, place.office_id, place.language) == (TrainingPlace.State.TAKEN, school.pk, "zh")
    assert event.given["date"] == "2026-03-12", "the day of the session"
    assert case.ended_at is not None
    with viewing(seen_as(there.trader)) as viewer:
        assert [one.pk for one in calendar(viewer).mine] == [place.pk]
    for person in (there.trader, teacher):
        client.force_login(person)
        html = client.get(f"/desk/cases/{case.pk}/").content.decode()
        assert f'href="{reverse("desk:training-session", args=[row.pk])}"' in html
        assert "冯外贸 · 原产地规则培训" in html
        told = client.get(f"/api/cases/{case.pk}").json()["came_of"]
        assert [one["title"] for one in told] == ["冯外贸 · 原产地规则培训"]


def test_a_place_given_by_an_office_is_like_any_other(
    there: CaseWorld, school: Organisation, teacher: Person, now: Now
) -> None:
    row = session(school, teacher)
    moved(asked(there), teacher, "enrol", effect=asking(row, "冯外贸", "何外贸"))
    with as_system("tests"):
        mine, other = TrainingPlace.objects.order_by("pk")
    assert give_up(by=seen_as(there.trader), place=other.pk, version=other.version).state == "given_up"
    now.pass_by(days=11)
    row = record_attendance(by=seen_as(teacher), session=row.pk, version=row.version, attended=[mine.pk])
    with as_system("tests"):
        assert TrainingPlace.objects.get(pk=mine.pk).certificate


def test_what_is_wrong_with_a_place_is_told_and_the_case_waits(
    there: CaseWorld, school: Organisation, teacher: Person
) -> None:
    case, row = asked(there), session(school, teacher)
    for told, expected in (
        (None, ["form.missing@names", "form.missing@session"]),
        (PlacesTold(row.pk, "\n \n"), ["form.missing@names"]),
        (PlacesTold(None, "冯外贸"), ["form.missing@session"]),
        (PlacesTold(row.pk + 99, "冯外贸"), ["training.no_such_session@session"]),
        (PlacesTold(row.pk, "冯" * 101), ["form.text_too_long@names"]),
        (asking(row, "甲", "乙", "丙"), ["training.full@session"]),
        (asking(row, *(str(one) for one in range(21))), ["training.full@session", "training.too_many_names@names"]),
    ):
        with pytest.raises(BridgeheadError) as refused:
            moved(case, teacher, "enrol", effect=told)
        assert codes(refused) == expected
    with pytest.raises(BridgeheadError) as refused:
        moved(case, teacher, "place_next", effect=PlacesTold())
    assert codes(refused) == ["case.lacks@reason", "form.missing@names", "form.missing@session"]
    nothing_done(case)


def test_a_session_that_is_closed_or_full_takes_nobody(
    there: CaseWorld, school: Organisation, teacher: Person, now: Now
) -> None:
    case, cancelled, over = asked(there), session(school, teacher), session(school, teacher, days=1)
    full = session(school, teacher, seats=1, days=20)
    cancel_session(by=seen_as(teacher), session=cancelled.pk, version=cancelled.version, reason="讲师生病")
    sign_up(by=seen_as(there.competitor), session=full.pk, firm=there.rival.pk, name="陈外贸")
    now.pass_by(days=2)
    with as_system("tests"):
        case.refresh_from_db()
    for row, code in ((cancelled, "training.not_planned"), (over, "training.begun"), (full, "training.full")):
        with pytest.raises(BridgeheadError) as refused:
            moved(case, teacher, "enrol", effect=asking(row))
        assert codes(refused) == [f"{code}@session"]
    nothing_done(case, places=1)


def test_nobody_gets_the_same_place_twice(there: CaseWorld, school: Organisation, teacher: Person) -> None:
    row, case = session(school, teacher), asked(there)
    sign_up(by=seen_as(there.trader), session=row.pk, firm=there.firm.pk, name="冯外贸")
    with pytest.raises(BridgeheadError) as refused:
        moved(case, teacher, "enrol", effect=asking(row))
    assert codes(refused) == ["training.signed_up_already@names"]
    nothing_done(case, places=1)


def test_whose_move_it_is_not_makes_nothing(there: CaseWorld, school: Organisation, teacher: Person) -> None:
    row, case = session(school, teacher), asked(there)
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.trader, "enrol", effect=asking(row))
    assert codes(refused) == ["case.wrong_role@by"]
    nothing_done(case)


def test_the_page_offers_the_sessions_that_have_seats(
    there: CaseWorld, school: Organisation, teacher: Person, client: Client
) -> None:
    case, row, full = asked(there), session(school, teacher), session(school, teacher, seats=1, days=20)
    sign_up(by=seen_as(there.competitor), session=full.pk, firm=there.rival.pk, name="陈外贸")
    client.force_login(teacher)
    html = client.get(f"/desk/cases/{case.pk}/").content.decode()
    assert f'<option value="{row.pk}">' in html
    assert f'<option value="{full.pk}">' not in html
    assert 'name="date"' not in html
    told = {"form": "move-enrol", "once": "once-enrol-01", "version": case.version}
    answer = client.post(f"/desk/cases/{case.pk}/", {**told, "session": str(full.pk), "names": "冯外贸"})
    assert answer.status_code == 422
    assert "没有那么多座位" in answer.content.decode()
    nothing_done(case, places=1)
    told["once"] = "once-enrol-02"
    answer = client.post(f"/desk/cases/{case.pk}/", {**told, "session": str(row.pk), "names": "冯外贸\r\n何外贸"})
    assert answer.status_code == 302
    with as_system("tests"):
        assert set(TrainingPlace.objects.filter(case=case).values_list("name", flat=True)) == {"冯外贸", "何外贸"}


def item(**changed: Any) -> NewsTold:
    told: dict[str, Any] = {
        **{"texts": {"title": {"zh": "改过的标题"}}, "source": "改过的来源"},
        **{"source_on": date(2026, 3, 1), "expires_on": date(2026, 4, 1)},
        **{"goods": "5102", "countries": "蒙古国"},
    }
    return NewsTold(**{**told, **changed})


def submitted(there: CaseWorld) -> Case:
    case = lodged(there, service="trade_news", form=SUBMITTED, title="羊绒行情")
    return moved(case, there.officer, "edit")


@pytest.mark.article(51)
def test_what_is_published_is_an_item_of_news(there: CaseWorld, client: Client) -> None:
    subscribe(by=seen_as(there.competitor), firm=there.rival.pk, goods="51")
    case = submitted(there)
    with ran():
        case = moved(case, there.head, "publish", answer="已采用", effect=item())
    with as_system("tests"):
        row = NewsItem.objects.get()
        event = CaseEvent.objects.get(case=case, move="publish")
        assert Notice.objects.filter(kind="news", owner_id=there.rival.pk).exists()
    assert (row.case_id, row.owner_id, row.state, row.is_open) == (case.pk, there.commerce.pk, "released", True)
    assert (row.written_by, row.writers, row.released_by) == (there.officer.pk, [there.officer.pk], there.head.pk)
    assert (str(row.expires_on), event.given["date"]) == ("2026-04-01", "2026-04-01")
    assert [one.title for one in news().items] == ["羊绒行情"], "as the firm handed it in, whoever releases it"
    assert row.source == "交易所"
    client.force_login(there.trader)
    html = client.get(f"/desk/cases/{case.pk}/").content.decode()
    address = reverse("desk:news-item", args=[row.pk])
    assert f'href="{address}"' in html
    client.logout()
    public = client.get(address).content.decode()
    assert "羊绒价格上涨。" in public
    assert there.firm.name_zh not in public
    assert "/desk/cases/" not in public
    client.force_login(there.head)
    assert f'href="/desk/cases/{case.pk}/"' in client.get(reverse("desk:news-keep", args=[row.pk])).content.decode()


def test_the_page_is_filled_in_with_what_was_handed_in_and_asks_for_the_rest(there: CaseWorld, client: Client) -> None:
    case = submitted(there)
    client.force_login(there.head)
    html = client.get(f"/desk/cases/{case.pk}/").content.decode()
    assert 'name="expires_on" type="date"' in html
    for filled in (f'value="{one}"' for one in ("2026-04-01", "5102 羊绒", "蒙古国")):
        assert filled in html, filled
    assert 'name="title_zh"' not in html, "who releases it changes no word"
    assert 'name="date"' not in html
    told = {"form": "move-publish", "once": "once-news-001", "version": case.version, "answer": "已采用"}
    told |= {"expires_on": "2026-04-01"}
    answer = client.post(f"/desk/cases/{case.pk}/", {**told, "source_on": "yesterday"})
    assert answer.status_code == 422
    nothing_done(case)
    told |= {"once": "once-news-002", "source_on": "2026-03-01"}
    assert client.post(f"/desk/cases/{case.pk}/", told).status_code == 302
    with as_system("tests"):
        assert NewsItem.objects.get().case_id == case.pk


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            None,
            ["form.missing@expires_on", "form.missing@source_on"],
        ),
        (item(expires_on=date(2026, 3, 2)), ["news.expires_too_soon@expires_on"]),
        (item(expires_on=date(2026, 3, 1)), ["news.expires_too_soon@expires_on"]),
        (item(expires_on=date(2027, 12, 1)), ["news.expires_too_late@expires_on"]),
        (item(source_on=date(2026, 3, 9)), ["news.source_to_come@source_on"]),
        (item(goods="木头疙瘩"), ["service.no_such_goods@goods"]),
    ],
)
def test_what_is_wrong_with_an_item_is_told_and_the_case_waits(
    there: CaseWorld, told: NewsTold | None, expected: list[str]
) -> None:
    case = submitted(there)
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.head, "publish", answer="已采用", effect=told)
    assert codes(refused) == expected
    nothing_done(case)


def test_nobody_publishes_what_they_alone_edited(there: CaseWorld) -> None:
    case = lodged(there, service="trade_news", form=SUBMITTED, title="羊绒行情")
    case = moved(case, there.head, "edit")
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.head, "publish", answer="已采用", effect=item())
    assert codes(refused) == ["news.own_work@None"]
    nothing_done(case)


def test_an_officer_does_not_publish(there: CaseWorld) -> None:
    case = submitted(there)
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.second_officer, "publish", answer="已采用", effect=item())
    assert codes(refused) == ["case.wrong_role@by"]
    nothing_done(case)


def test_a_case_is_published_once(there: CaseWorld) -> None:
    case = submitted(there)
    done = moved(case, there.head, "publish", answer="已采用", effect=item())
    for version, code in ((case, r"action\.changed_meanwhile"), (done, r"case\.ended")):
        with pytest.raises(BridgeheadError, match=code):
            moved(version, there.head, "publish", answer="已采用", effect=item())
    with as_system("tests"):
        row = NewsItem.objects.get()
        row.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save(force_insert=True)


def test_an_item_that_was_withdrawn_is_told_without_a_way_to_it(there: CaseWorld, client: Client) -> None:
    case = moved(submitted(there), there.head, "publish", answer="已采用", effect=item())
    with as_system("tests"):
        row = NewsItem.objects.get()
    withdraw_news(by=seen_as(there.head), news=row.pk, version=row.version, reason="来源更正")
    client.force_login(there.trader)
    html = client.get(f"/desk/cases/{case.pk}/").content.decode()
    assert "已撤回" in html
    address = reverse("desk:news-item", args=[row.pk])
    assert f'href="{address}"' not in html
    assert client.get(address).status_code == 404
