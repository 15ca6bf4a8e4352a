"""Care for projects abroad: a firm's own register, an office by consent, visits, signals that find their projects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.outbound import answer_checklist, change_project
from bridgehead.rooms.desk.actions.outbound_care import close_visit, drop_visit, plan_visit, record_visit
from bridgehead.rooms.desk.checklist import items, rows
from bridgehead.rooms.desk.handlers import SIGNAL
from bridgehead.rooms.desk.models import Notice, OutboundProject, OutboundSignal, PatrolVisit
from bridgehead.rooms.desk.selectors.outbound import care_page, project_page
from tests.desk.outbound import DAY, project_told, registered, shown_to
from tests.desk.services import ServiceWorld, as_an_action, ran, service_world
from tests.ground.world import mandate, member, organisation
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> ServiceWorld:
    return service_world()


def told() -> list[tuple[int, str]]:
    with as_system("tests"):
        return list(Notice.objects.order_by("pk").values_list("owner_id", "kind"))


def read_by(person: Person, read: Callable[..., Any], *about: Any) -> Any:
    viewer = seen_as(person)
    with viewing(viewer):
        return read(viewer, *about)


def sees(person: Person, row: OutboundProject) -> bool:
    return bool(read_by(person, lambda viewer: visible(OutboundProject, viewer).filter(pk=row.pk).exists()))


def signals_of(person: Person) -> int:
    return int(read_by(person, lambda viewer: visible(OutboundSignal, viewer).count()))


@pytest.mark.article(47)
@pytest.mark.article(48)
def test_a_register_is_the_firms_own(world: ServiceWorld) -> None:
    row = registered(world.trader, world.firm)
    agent = organisation("broker", "broker", "报关行")
    broker = member(agent, "broker")
    mandate(world.firm, agent, "cases", "dossiers", "files")
    others = (
        *(world.rival, world.officer, world.head, world.stranger, broker),
        member(organisation("congress", "congress"), "deputy"),
        member(world.region, "administrator"),
        member(organisation("keeper", "coordination"), "coordination"),
    )
    assert sees(world.trader, row)
    assert sees(world.colleague, row)
    assert not [person.login for person in others if sees(person, row)]
    with pytest.raises(BridgeheadError, match=r"action\.no_such_record"):
        change_project(by=seen_as(broker), project=row.pk, version=row.version, told=project_told())
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        registered(broker, world.firm)
    with as_system("tests"):
        assert OutboundProject.objects.count() == 1, "a broker registers nothing for a firm that entrusted its cases"
    assert registered(broker, agent).owner_id == agent.pk, "nor is its own project anybody else's"
    with as_system("tests"):
        assert "巴图" not in str(list(JournalEntry.objects.values_list("after", flat=True)))


@pytest.mark.article(47)
def test_an_office_sees_a_project_while_its_firm_agrees(world: ServiceWorld) -> None:
    row = shown_to(world.trader, registered(world.trader, world.firm), world.office)
    assert row.consents_on == today()
    assert told() == [(world.office.pk, "outbound_named")]
    assert sees(world.officer, row)
    assert not sees(world.stranger, row)
    assert read_by(world.officer, care_page, row.pk).project.firm == "甲公司"
    row = shown_to(world.trader, row, world.office)
    assert told() == [(world.office.pk, "outbound_named")], "named again, it is not told again"
    row = shown_to(world.trader, row, None)
    assert (row.office_id, row.consents_on) == (None, None)
    assert not sees(world.officer, row)
    with pytest.raises(BridgeheadError, match=r"outbound\.no_such_project"):
        read_by(world.officer, care_page, row.pk)
    with pytest.raises(BridgeheadError, match=r"form\.no_such_choice"):
        shown_to(world.trader, row, world.other_firm)
    with pytest.raises(IntegrityError), transaction.atomic(), as_system("tests"):
        OutboundProject.objects.filter(pk=row.pk).update(office=world.office)


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({"country": "CN"}, {"outbound.at_home"}),
        ({"country": "Atlantis", "people": None}, {"service.no_such_country", "form.missing"}),
        ({"people": 100_001}, {"outbound.bad_people"}),
        ({"ends_on": today() - 200 * DAY}, {"outbound.ends_too_soon"}),
        ({"name": "", "place": " ", "starts_on": None}, {"form.missing"}),
        ({"note": "长" * 1_001}, {"form.text_too_long"}),
    ],
)
def test_whatever_is_wrong_with_a_project_is_told_at_once(
    world: ServiceWorld, changed: dict[str, Any], codes: set[str]
) -> None:
    with pytest.raises(BridgeheadError) as refused:
        registered(world.trader, world.firm, **changed)
    assert {one.code for one in refused.value.faults} == codes


def test_the_checklist_says_what_is_missing(world: ServiceWorld) -> None:
    assert len(rows()) >= 15
    assert all(row.text("source") for row in rows())
    row = registered(world.trader, world.firm)
    by = seen_as(world.trader)
    every = [one.id for one in items({})]
    answers = {every[0]: ("yes", ""), every[1]: ("no", "正在找人"), every[2]: ("not_needed", "当地没有冬天")}
    row = answer_checklist(by=by, project=row.pk, version=row.version, answers=answers)
    seen = read_by(world.trader, project_page, row.pk).project
    assert {one.id for one in seen.gaps} == set(every) - {every[0], every[2]}
    assert seen.gap_words == f"清单缺 {len(every) - 2} 项"
    for wrong, code in (
        ({every[0]: ("perhaps", "")}, "form.no_such_choice"),
        ({"helicopter": ("yes", "")}, "form.no_such_choice"),
        ({every[0]: ("not_needed", "")}, "outbound.say_why"),
        ({every[0]: ("yes", "长" * 301)}, "form.text_too_long"),
    ):
        with pytest.raises(BridgeheadError) as refused:
            answer_checklist(by=by, project=row.pk, version=row.version, answers=wrong)
        assert refused.value.code == code
    row = answer_checklist(by=by, project=row.pk, version=row.version, answers={every[1]: ("", "")})
    assert every[1] not in row.answers
    row = answer_checklist(by=by, project=row.pk, version=row.version, answers=dict.fromkeys(every, ("yes", "")))
    assert read_by(world.trader, project_page, row.pk).project.gap_words == "清单没有缺项"


def test_an_office_visits_a_project_and_follows_up(world: ServiceWorld) -> None:
    row = registered(world.trader, world.firm)
    by = seen_as(world.officer)
    with pytest.raises(BridgeheadError, match=r"action\.no_such_record"):
        plan_visit(by=by, project=row.pk, planned_on=today() + DAY, purpose="看食堂")
    row = shown_to(world.trader, row, world.office)
    with pytest.raises(BridgeheadError, match=r"outbound\.day_past"):
        plan_visit(by=by, project=row.pk, planned_on=today() - DAY, purpose="看食堂")
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        plan_visit(by=seen_as(world.trader), project=row.pk, planned_on=today(), purpose="看食堂")
    visit = plan_visit(by=by, project=row.pk, planned_on=today(), purpose="看食堂")
    told_of = {"visit": visit.pk, "version": visit.version, "findings": "消防通道堵了"}
    with pytest.raises(BridgeheadError, match=r"outbound\.day_to_come"):
        record_visit(by=by, visited_on=today() + DAY, **told_of)
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        record_visit(by=by, visited_on=today(), follow_up="清理", **told_of)
    visited_on = today() - DAY
    visit = record_visit(by=by, visited_on=visited_on, follow_up="清理", follow_up_by=today() + 9 * DAY, **told_of)
    with as_system("tests"):
        days = (
            Notice.objects.filter(kind__startswith="outbound_visit").order_by("pk").values_list("words__day", flat=True)
        )
        assert list(days) == [{"day": str(today())}, {"day": str(visited_on)}], (
            "planned for one day, visited on another"
        )
    assert visit.state == "open"
    (seen,) = read_by(world.trader, project_page, row.pk).visits
    assert seen.findings == "消防通道堵了"
    assert [kind for _, kind in told()][1:] == ["outbound_visit_planned", "outbound_visit_recorded"]
    visit = close_visit(by=by, visit=visit.pk, version=visit.version, outcome="已清理")
    with pytest.raises(BridgeheadError, match=r"outbound\.nothing_open"):
        close_visit(by=by, visit=visit.pk, version=visit.version, outcome="又一次")
    other = plan_visit(by=by, project=row.pk, planned_on=today(), purpose="再看")
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        drop_visit(by=by, visit=other.pk, version=other.version)
    assert drop_visit(by=by, visit=other.pk, version=other.version, reason="改期").state == "dropped"
    nothing = plan_visit(by=by, project=row.pk, planned_on=today(), purpose="再看")
    nothing = record_visit(by=by, visit=nothing.pk, version=nothing.version, visited_on=today(), findings="都好")
    assert nothing.state == "closed"
    with as_system("tests"):
        change_project(
            by=seen_as(world.trader),
            project=row.pk,
            version=row.version,
            told=project_told(ends_on=today() - DAY),
        )
    with pytest.raises(BridgeheadError, match=r"outbound\.over"):
        plan_visit(by=by, project=row.pk, planned_on=today(), purpose="再看")


SIGNAL_TOLD = {
    "reference": "test-2026-1",
    "country": "MN",
    "level": "warning",
    "title": {"zh": "南戈壁省有暴风雪", "en": "Snowstorm in South Gobi"},
    "text": {"zh": "三天内不要出车。"},
    "source": "made up for the tests",
    "raised_at": "2026-11-20T08:00:00+08:00",
}


def signalled(**changed: Any) -> Callable[[Any], Any]:
    return lambda deed: deed.enqueue(SIGNAL, {**SIGNAL_TOLD, **changed})


def test_a_project_that_is_not_shown_any_more_is_not_named_by_its_visits(world: ServiceWorld, client: Client) -> None:
    row = shown_to(world.trader, registered(world.trader, world.firm), world.office)
    plan_visit(by=seen_as(world.officer), project=row.pk, planned_on=today() + DAY, purpose="看食堂")
    client.force_login(world.officer)
    assert "看食堂" in client.get("/desk/outbound/care/").content.decode()
    row = shown_to(world.trader, row, None)
    html = client.get("/desk/outbound/care/").content.decode()
    assert row.name not in html
    assert "看食堂" not in html
    with as_system("tests"):
        assert not JournalEntry.objects.filter(after__contains=row.name).exists(), "the journal keeps no name of it"


def test_a_signal_finds_the_projects_in_its_country_once(world: ServiceWorld) -> None:
    mine = shown_to(world.trader, registered(world.trader, world.firm), world.office)
    hidden = registered(world.rival, world.other_firm, name="乌兰巴托仓库")
    elsewhere = registered(world.rival, world.other_firm, name="赤塔仓库", country="RU")
    over = registered(world.rival, world.other_firm, name="旧项目", ends_on=today() - DAY)
    before = len(told())
    with ran():
        as_an_action(signalled())
    with ran():
        as_an_action(signalled())  # the same again
    with as_system("tests"):
        reached = set(OutboundSignal.objects.values_list("project_id", flat=True))
    assert reached == {mine.pk, hidden.pk}
    assert not reached & {elsewhere.pk, over.pk}
    assert sorted(told()[before:]) == sorted(
        [
            (world.firm.pk, "outbound_signal"),
            (world.office.pk, "outbound_signal_office"),
            (world.other_firm.pk, "outbound_signal"),
        ]
    )
    assert [one.title for one in read_by(world.trader, project_page, mine.pk).signals] == ["南戈壁省有暴风雪"]
    assert [one.title for one in read_by(world.officer, care_page, mine.pk).signals] == ["南戈壁省有暴风雪"]
    assert signals_of(world.stranger) == 0
    shown_to(world.trader, mine, None)
    assert signals_of(world.officer) == 0


@pytest.mark.parametrize(
    "changed",
    [{"level": "panic"}, {"country": "Atlantis"}, {"title": {}}, {"raised_at": "yesterday"}, {"reference": ""}],
)
def test_a_signal_that_is_wrong_reaches_nobody(world: ServiceWorld, changed: dict[str, Any]) -> None:
    from bridgehead.rooms.desk.actions.outbound_care import receive_signal

    registered(world.trader, world.firm)
    with pytest.raises(BridgeheadError, match=r"outbound\.bad_signal"):
        as_an_action(lambda deed: receive_signal(deed, {**SIGNAL_TOLD, **changed}))
    assert told() == []


def test_a_firm_and_its_office_work_on_their_pages(world: ServiceWorld, client: Client) -> None:
    client.force_login(world.trader)
    fields = {
        "firm": world.firm.pk,
        "name": "南戈壁洗煤厂",
        "country": "蒙古",
        "place": "达兰扎德嘎德",
        "people": "24",
        "contact_there": "巴图",
        "starts_on": "2026-01-01",
    }
    wrong = client.post("/desk/outbound/", {"form": "project", "once": "a" * 16, **fields, "country": "Atlantis"})
    assert wrong.status_code == 422
    assert "南戈壁洗煤厂" in wrong.content.decode()
    sent = client.post("/desk/outbound/", {"form": "project", "once": "b" * 16, **fields})
    address = sent["Location"]
    with as_system("tests"):
        row = OutboundProject.objects.get()
    answers = {"embassy": "yes", "drill": "no", "note_drill": "下月演练"}
    told_of = {"form": "answers", "version": row.version, **answers}
    assert client.post(address, {**told_of, "once": "c" * 16}).status_code == 302
    html = client.get(f"/mn{address}").content.decode()
    assert "жилийн дотор дадлага" in html
    consent = {"form": "consent", "version": row.version + 1, "office": world.office.pk, "once": "d" * 16}
    assert client.post(address, consent).status_code == 302
    client.force_login(world.officer)
    assert "南戈壁洗煤厂" in client.get("/desk/outbound/care/").content.decode()
    care = f"/desk/outbound/care/{row.pk}/"
    assert "下月演练" in client.get(care).content.decode()
    day = timezone.localdate()
    client.post(care, {"form": "plan", "once": "e" * 16, "planned_on": day, "purpose": "看消防"})
    with as_system("tests"):
        visit = PatrolVisit.objects.get()
    record = {"form": f"record-{visit.pk}", "version": visit.version, "visited_on": day, "findings": "通道堵了"}
    client.post(care, {**record, "once": "f" * 16, "follow_up": "清理", "follow_up_by": day + 5 * DAY})
    assert "清理" in client.get("/desk/outbound/care/").content.decode()
    client.force_login(world.trader)
    assert "通道堵了" in client.get(address).content.decode()
    for person in (world.stranger, world.rival):
        client.force_login(person)
        assert client.get(care).status_code in (403, 404)
        assert client.get(address).status_code in (403, 404)
