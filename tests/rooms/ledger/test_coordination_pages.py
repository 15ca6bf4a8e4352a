"""Pages, papers and operations of meetings, problems, requests and circulars: the answer, the forms, strangers."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from django.test import Client

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.rooms.ledger.models import Circular, Decision, Inquiry, Meeting, Problem, Reply, Task
from tests.ledger import LedgerWorld
from tests.ledger.coordination import DAY, MONTH_BEFORE, a_decision, a_meeting, a_problem

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


def send(client: Client, address: str, form: str, **fields: object) -> object:
    """Fill in a form of a page as a browser does, with its key and version, and send it."""
    html = client.get(address).content.decode()
    shown = html[html.index(f'name="form" value="{form}"') :]
    once = shown.split('name="once" value="', 1)[1].split('"', 1)[0]
    sent = {"form": form, "once": once, **fields}
    head = shown.split("</form>", 1)[0]
    if 'name="version"' in head:
        sent.setdefault("version", head.split('name="version" value="', 1)[1].split('"', 1)[0])
    return client.post(address, sent)


def words(content: bytes) -> str:
    """Return everything a Word document says."""
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


@pytest.mark.article(5)
def test_the_day_of_a_decision_is_moved_with_a_reason_alone(world: LedgerWorld, browser: Browser) -> None:
    decision, client = a_decision(world), browser(world.coordinator)
    page, later = f"/decisions/{decision.pk}/", decision.due_on + 20 * DAY
    told = {"text": decision.text, "office": decision.office_id, "due_on": f"{later}", "joint": []}
    refused = send(client, page, "edit", **told)
    assert refused.status_code == 422
    assert 'id="edit-reason-says"' in refused.content.decode()
    assert send(client, page, "edit", reason="对方设备晚到", **told).status_code == 302
    with as_system("tests"):
        decision.refresh_from_db()
        entry = JournalEntry.objects.filter(record_kind=Decision.RECORD, record_id=str(decision.pk)).latest("id")
    assert (decision.due_on, entry.reason) == (later, "对方设备晚到")


@pytest.mark.article(5)
def test_a_meeting_from_the_plan_to_the_paper_with_its_decisions(world: LedgerWorld, browser: Browser) -> None:
    client = browser(world.coordinator)
    asked = [world.commerce.pk, world.transport.pk]
    fields = {"title": "第五次会议", "kind": "plenary", "day": f"{today() + DAY}", "time": "09:30", "place": "一楼"}
    done = send(client, "/meetings/new/", "plan", agenda="甲\n乙", participants=asked, **fields)
    with as_system("tests"):
        meeting = Meeting.objects.get()
    assert (done.status_code, done.url) == (302, f"/meetings/{meeting.pk}/")
    assert meeting.agenda == ["甲", "乙"]
    page = f"/meetings/{meeting.pk}/"
    refused = send(client, page, "hold", day=f"{today() + DAY}", time="9 点", attended=[])
    assert refused.status_code == 422
    assert "不是几点几分" in refused.content.decode()
    before = {"day": f"{today() - DAY}", "time": "10:00"}
    assert send(client, page, "hold", attended=[world.commerce.pk], **before).status_code == 302
    refused = send(client, page, "decide", text="扩建货场", office="", due_on=f"{today()}", joint=[], articles="5、14")
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "议定事项没有责任单位" in html
    assert "扩建货场" in html, "the draft is kept"
    told = {"text": "扩建货场", "office": world.commerce.pk, "due_on": f"{today()}", "articles": "5、14"}
    assert send(client, page, "decide", joint=[world.transport.pk], **told).status_code == 302
    with as_system("tests"):
        decision = Decision.objects.get()
    assert decision.articles == ",5,14,"
    assert send(client, f"/decisions/{decision.pk}/", "give").status_code == 302
    with as_system("tests"):
        assert Task.objects.get().matter == f"decision {decision.pk}"
    officer = browser(world.transport_officer)
    assert "议定 1 项，1 项没有办结" in officer.get(page).content.decode()
    assert officer.get(f"/api{page[:-1]}").json()["decisions"][0]["share"] == 0
    paper = words(officer.get(f"/meetings/{meeting.pk}.docx?lang=en").content)
    assert "扩建货场" in paper
    stranger = browser(world.customs_officer)
    for address in (page, f"/decisions/{decision.pk}/", f"/meetings/{meeting.pk}.docx", f"/api{page[:-1]}"):
        assert stranger.get(address).status_code == 404, address
    assert officer.get("/meetings/new/").status_code == 403


def test_two_officers_on_one_meeting_see_what_the_other_changed(world: LedgerWorld, browser: Browser) -> None:
    meeting = a_meeting(world)
    first, second = browser(world.coordinator), browser(world.second_coordinator)
    page = f"/meetings/{meeting.pk}/"
    fields = {"kind": "plenary", "day": f"{today() + DAY}", "time": "09:30", "participants": [world.commerce.pk]}
    assert send(first, page, "edit", title="改了名", **fields).status_code == 302
    refused = send(second, page, "edit", title="我的名", version=meeting.version, **fields)
    html = refused.content.decode()
    assert refused.status_code == 409
    assert "王协调" in html
    assert "我的名" in html
    assert "改了名" in html


@pytest.mark.article(79)
def test_a_problem_is_reported_as_mended_and_confirmed_on_its_page(world: LedgerWorld, browser: Browser) -> None:
    problem = a_problem(world)
    page = f"/problems/{problem.pk}/"
    officer, keeper = browser(world.commerce_officer), browser(world.coordinator)
    file = io.BytesIO("验收报告".encode())
    file.name = "report.txt"
    assert send(officer, page, "ask", result="已更换", file=file).status_code == 302
    assert "申请销号，等确认" in keeper.get(page).content.decode()
    assert send(keeper, page, "confirm", note="", verdict="returned").status_code == 422
    assert send(keeper, page, "confirm", note="看过现场").status_code == 302
    with as_system("tests"):
        assert Problem.objects.get().state == "closed"
    assert "没有待整改的问题" in keeper.get("/problems/").content.decode()
    listed = keeper.get("/problems.csv?state=all").content.decode("utf-8-sig").splitlines()
    assert listed[0].startswith("编号,问题,来源")
    assert "查验设备老化" in listed[1]
    assert "查验设备老化" in words(keeper.get("/problems.docx?state=all").content)
    assert keeper.get("/problems.csv").content.decode("utf-8-sig").count("\n") == 1
    assert [one["title"] for one in officer.get("/api/problems?state=closed").json()["problems"]] == ["查验设备老化"]
    assert browser(world.transport_officer).get(page).status_code == 404


@pytest.mark.article(7)
def test_a_request_is_answered_by_the_body_and_closed_by_who_asked(world: LedgerWorld, browser: Browser) -> None:
    keeper, officer = browser(world.coordinator), browser(world.commerce_officer)
    told = {"title": "征求意见", "question": "是否同意？", "due_on": f"{today() + DAY}", "articles": "5"}
    assert send(keeper, "/requests/new/", "ask", bodies=[], **told).status_code == 422
    assert send(keeper, "/requests/new/", "ask", bodies=[world.commerce.pk], **told).status_code == 302
    with as_system("tests"):
        inquiry, reply = Inquiry.objects.get(), Reply.objects.get()
    page = f"/requests/{inquiry.pk}/"
    assert "1 份答复没有交" in officer.get("/requests/").content.decode()
    assert send(keeper, page, "remind").status_code == 302
    assert send(officer, page, f"answer-{reply.pk}", text="同意").status_code == 302
    assert "都已答复" in keeper.get(page).content.decode()
    assert keeper.get(f"/api{page[:-1]}").json()["replies"][0]["reminders"] == 1
    assert send(keeper, page, "close", note="").status_code == 302
    assert 'name="form"' not in officer.get(page).content.decode().split("<main", 1)[1]


@pytest.mark.article(5)
def test_a_circular_is_drafted_issued_once_and_read(world: LedgerWorld, browser: Browser) -> None:
    keeper, officer = browser(world.coordinator), browser(world.commerce_officer)
    draft = f"/circulars/draft/{MONTH_BEFORE}/"
    assert "没有到期的任务" in keeper.get(draft).content.decode()
    assert "草稿，没有发出" in words(keeper.get(f"/circulars/draft/{MONTH_BEFORE}.docx").content)
    assert send(keeper, draft, "issue", foreword="请对照", addressees=[world.commerce.pk]).status_code == 302
    with as_system("tests"):
        circular = Circular.objects.get()
    page = f"/circulars/{circular.pk}/"
    assert "请对照" in officer.get(page).content.decode()
    assert f"{today().year} 年第 1 期" in words(officer.get(f"/circulars/{circular.pk}.docx").content)
    assert "issuer" in officer.get(f"/api{page[:-1]}").json()
    assert "已经发出" in keeper.get(draft).content.decode()
    assert officer.get(draft).status_code == 403
    assert browser(world.transport_officer).get(page).status_code == 404
    running = keeper.get(f"/circulars/draft/{today():%Y-%m}/").content.decode()
    assert "过完才能发出" in running
    assert 'name="form" value="issue"' not in running
    assert keeper.get("/circulars/draft/never/").status_code == 404


@pytest.mark.article(5)
def test_everything_wrong_with_a_decision_is_told_at_once_and_what_was_typed_stays(
    world: LedgerWorld, browser: Browser
) -> None:
    client, meeting = browser(world.coordinator), a_meeting(world, held=True)
    fields = {"text": "", "office": "", "due_on": "", "joint": [world.transport.pk], "articles": "五、9999"}
    refused = send(client, f"/meetings/{meeting.pk}/", "decide", **fields)
    html = refused.content.decode()
    assert refused.status_code == 422
    for field in ("text", "office", "due_on", "articles"):
        assert f'-{field}-says"' in html, field
    assert "议定事项没有责任单位" in html
    assert "五、9999" in html
    bad = {"title": "", "question": "", "due_on": "明天", "bodies": [], "articles": "x"}
    html = send(client, "/requests/new/", "ask", **bad).content.decode()
    assert "“明天”不是日期" in html
    for field in ("title", "question", "due_on", "bodies", "articles"):
        assert f'-{field}-says"' in html, field
    bad = {"title": "", "office": "", "origin": "", "severity": "x", "due_on": "x", "found_on": f"{today() + DAY}"}
    html = send(client, "/problems/new/", "enter", measures="换设备", **bad).content.decode()
    for field in ("title", "office", "origin", "severity", "due_on", "found_on"):
        assert f'-{field}-says"' in html, field
    assert "换设备" in html
    html = send(
        client, "/meetings/new/", "plan", title="", kind="", day="x", time="9 点", place="一楼"
    ).content.decode()
    for field in ("title", "kind", "day", "time", "participants"):
        assert f'-{field}-says"' in html, field
    with as_system("tests"):
        assert not Decision.objects.exists()
        assert not Problem.objects.exists()
        assert Meeting.objects.count() == 1
