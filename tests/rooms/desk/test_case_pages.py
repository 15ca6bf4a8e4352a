"""Pages of services and cases, as those who ask and those who answer use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import JournalEntry, Mandate, Organisation, Person
from bridgehead.ground.tasks.runner import Runner
from bridgehead.rooms.desk.actions.case_talk import rate, write
from bridgehead.rooms.desk.actions.cases import lodge
from bridgehead.rooms.desk.models import Case, CaseDraft, CaseEvent, CaseFile, Notice
from bridgehead.rooms.desk.selectors.queue import Asked, queue
from tests.desk.cases import BASIS, QUESTION, RELIEF, CaseWorld, Now, answered, at, lodged, moved
from tests.ground.world import mandate, member, organisation
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reading_all() -> Iterator[None]:
    """Let the tests themselves read every row, on PostgreSQL, too; requests and actions read as who they are."""
    with as_system("tests"):
        yield


def seen(client: Client, who: Person | None, address: str) -> str:
    client.logout()
    if who is not None:
        client.force_login(who)
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def sent(client: Client, who: Person, address: str, form: str, case: Case | None = None, **fields: Any) -> HttpResponse:
    client.logout()
    client.force_login(who)
    version = {"version": str(case.version)} if case is not None else {}
    sent.count += 1  # type: ignore[attr-defined]
    told = {"form": form, "once": f"once-{sent.count:08d}", **version, **fields}  # type: ignore[attr-defined]
    return client.post(address, told)  # type: ignore[return-value]


sent.count = 0  # type: ignore[attr-defined]


def address_of(case: Case) -> str:
    return f"/desk/cases/{case.pk}/"


def test_made_up_cases_are_measured_apart_from_real_ones_and_marked(there: CaseWorld, client: Client, now: Now) -> None:
    with as_system("tests"):
        Organisation.objects.filter(pk=there.firm.pk).update(demo=True)
    for _ in range(5):
        case = lodged(there)
        now.pass_by(hours=1)
        answered(there, case)
    assert '<span class="demo">示意</span>' in seen(client, None, "/services/policy_question/")
    (told,) = (one for one in client.get("/api/services").json()["services"] if one["service"] == "policy_question")
    assert (told["cases"], told["measured_on_made_up_cases"]) == (5, True)
    with as_system("tests"):
        Case.objects.filter(pk=case.pk).update(owner=organisation("real", "enterprise", "真企业"))
    (told,) = (one for one in client.get("/api/services").json()["services"] if one["service"] == "policy_question")
    assert (told["cases"], told["enough"], told["measured_on_made_up_cases"]) == (1, False, False)


@pytest.mark.article(51)
def test_the_directory_tells_promises_and_measured_times_once_there_are_five(
    there: CaseWorld, client: Client, now: Now
) -> None:
    html = seen(client, None, "/services/")
    assert "政策问答" in html
    assert "16 个工作小时" in html
    assert "办结的还不够多" in html
    for hours in (1, 1, 2, 3, 30):
        now.set("2026-03-02 09:30")
        case = lodged(there)
        now.moment = at("2026-03-02 09:30")
        now.pass_by(hours=hours) if hours < 30 else now.set("2026-03-05 09:30")
        answered(there, case)
    told = {one["service"]: one for one in client.get("/api/services").json()["services"]}["policy_question"]
    # Working hours after half past nine on Monday: 1, 1, 2, 2.5 (a lunch break from noon), 19.5.
    assert (told["cases"], told["median_min"], told["ninth_decile_min"]) == (5, 120, 1170)
    assert (told["promised"], told["in_time_share"]) == (5, 0.8)
    # An officer first moved after 60, 60, 120, 150 and 1170 minutes; 240 are promised.
    assert (told["first_answer"], told["first_promised"], told["first_in_time_share"]) == ("4wh", 5, 0.8)
    html = seen(client, None, "/services/")
    assert "一半在 2 个工作小时以内" in html
    assert html.count("5 件里 4 件按时") == 2
    assert "第一次答复 80" in html
    assert "急件第一次答复 1 个工作小时" in html
    assert 'class="demo"' not in html
    assert seen(client, None, "/ru/services/")
    assert "Вопрос о мерах поддержки" in seen(client, None, "/ru/services/policy_question/")


@pytest.mark.article(77)
def test_satisfaction_is_summed_from_five_ratings_on(there: CaseWorld, client: Client, now: Now) -> None:
    def told() -> tuple[int, float | None, bool]:
        listed = client.get("/api/services").json()["services"]
        one = next(one for one in listed if one["service"] == "policy_question")
        return one["ratings"], one["rating_average"], one["rated_on_made_up_cases"]

    def rated(stars: int, by: Person = there.trader, firm: Organisation = there.firm) -> Case:
        case = lodge(by=seen_as(by), firm=firm.pk, service="policy_question", form=QUESTION, title="问")
        now.pass_by(hours=1)
        case = answered(there, case)
        return rate(by=seen_as(by), case=case.pk, version=case.version, rating=stars)

    for stars in (5, 4, 4, 4):
        rated(stars)
    assert told() == (4, None, False)
    assert "评价还不够多" in seen(client, None, "/services/policy_question/")
    answered(there, lodged(there))
    rated(5)
    assert told() == (5, 4.4, False)
    assert "满意度 4.4 / 5，5 份评价" in seen(client, None, "/services/")
    assert "满意度 4.4 / 5，5 份评价" in seen(client, None, "/services/policy_question/")
    assert "оценка 4,4 из 5" in seen(client, None, "/ru/services/")
    assert "rated 4.4 of 5, 5 ratings" in seen(client, None, "/en/services/")
    # An office sees its own, another sees nothing of them.
    assert "满意度 4.4 / 5，5 份评价" in seen(client, there.officer, "/desk/queue/")
    assert client.get("/api/queue").json()["rated"][0]["ratings"] == 5
    assert client.get("/api/queue?state=ended").json()["rated"] == []
    assert "份评价" not in seen(client, there.financier, "/desk/queue/")
    # Made-up cases count only where no real one was rated.
    Organisation.objects.filter(pk=there.firm.pk).update(demo=True)
    assert told() == (5, 4.4, True)
    assert 'class="demo"' in seen(client, there.officer, "/desk/queue/").partition("怎么评")[2]
    rated(1, there.competitor, there.rival)
    assert told() == (1, None, False)
    now.pass_by(days=400)
    assert told() == (0, None, False)


def test_a_service_says_which_choice_goes_to_which_office(client: Client, there: CaseWorld) -> None:
    told = seen(client, None, "/services/policy_question/")
    assert "<dt>选“税费”</dt>" in told
    assert "归国家税务总局内蒙古自治区税务局" in told
    assert "选“通关”" not in told, "it stays with the owner"
    assert "goes to State Taxation Administration, Inner Mongolia" in seen(
        client, None, "/en/services/policy_question/"
    )
    services = {one["service"]: one for one in client.get("/api/services").json()["services"]}
    assert {"field": "topic", "choice": "tax", "office": "nm-tax"} in services["policy_question"]["routes"]
    assert services["complaint"]["routes"] == []


def test_a_visitor_reads_of_a_service_and_is_led_to_sign_in(there: CaseWorld, client: Client) -> None:
    html = seen(client, None, "/services/relief/")
    assert "登录" in html
    assert 'name="title"' not in html
    assert 'name="title"' not in seen(client, there.officer, "/services/relief/")
    assert client.get("/services/fortune/").status_code == 404


def test_a_form_is_lodged_and_leads_to_its_case(there: CaseWorld, client: Client) -> None:
    html = seen(client, there.trader, "/services/relief/")
    assert "呼伦贝尔" in html
    assert "买家违约" in html
    paper = SimpleUploadedFile("contract.txt", b"contract\n", "text/plain")
    told = {"title": "买家不付款", "firm": there.firm.pk, **RELIEF, "attachment": paper}
    answer = sent(client, there.trader, "/services/relief/", "lodge", **told)
    case = Case.objects.get()
    assert answer["Location"] == f"{address_of(case)}?done=lodge"
    html = seen(client, there.trader, address_of(case))
    assert "呼伦贝尔市" in html
    assert "contract.txt" in html
    assert "120,000" in html
    file = CaseFile.objects.get()
    for who, status in ((there.trader, 200), (there.city_officer, 200), (there.competitor, 404), (there.officer, 404)):
        client.force_login(who)
        assert client.get(f"/desk/cases/{case.pk}/files/{file.pk}").status_code == status
    with as_system("tests"):
        reads = JournalEntry.objects.filter(action="read.record", owner_id=there.firm.pk)
        assert set(reads.values_list("record_kind", flat=True)) == {"case_file"}


def test_a_refused_form_is_kept_as_a_draft_with_its_files(there: CaseWorld, client: Client) -> None:
    paper = SimpleUploadedFile("good.txt", b"good\n", "text/plain")
    told = {"title": "买家不付款", "firm": there.firm.pk, **RELIEF, "loss_amount": "很多", "attachment": paper}
    answer = sent(client, there.trader, "/services/relief/", "lodge", **told)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "“很多”" in html
    assert 'value="买家不付款"' in html
    draft = CaseDraft.objects.get()
    assert draft.form["trouble_told"] == RELIEF["trouble_told"]
    assert "good.txt" in html
    told = {"title": "买家不付款", "firm": there.firm.pk, **RELIEF, "draft": draft.pk}
    sent(client, there.trader, "/services/relief/", "lodge", **told)
    with as_system("tests"):
        assert CaseFile.objects.get().case == Case.objects.get()
        assert not CaseDraft.objects.exists()


def test_too_large_a_file_is_one_error_and_what_was_typed_stays(
    there: CaseWorld, client: Client, settings: Any
) -> None:
    settings.BRIDGEHEAD_FILE_MB = 0.01
    large = SimpleUploadedFile("large.txt", b"x" * 200_000, "text/plain")
    told = {"title": "税", "firm": there.firm.pk, **QUESTION, "attachment": large}
    answer = sent(client, there.trader, "/services/policy_question/", "lodge", **told)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count('class="says"') == 1
    assert QUESTION["question"] in html
    assert not Case.objects.exists()
    assert CaseDraft.objects.get().form["question"] == QUESTION["question"]


def test_a_draft_is_kept_taken_up_and_dropped(there: CaseWorld, client: Client) -> None:
    told = {"title": "", "firm": there.firm.pk, "question": "还没写完", "keep": "yes"}
    answer = sent(client, there.trader, "/services/policy_question/", "lodge", **told)
    draft = CaseDraft.objects.get()
    assert answer["Location"] == f"/services/policy_question/?draft={draft.pk}&done=keep"
    assert "还没写完" in seen(client, there.trader, "/services/policy_question/")
    assert "政策问答" in seen(client, there.trader, "/desk/cases/")
    client.force_login(there.competitor)
    assert client.get(f"/services/policy_question/?draft={draft.pk}").status_code == 404
    sent(client, there.trader, "/services/policy_question/", "drop", draft=draft.pk)
    assert not CaseDraft.objects.exists()


def kept_in(html: str) -> dict[str, str]:
    """Return the draft and its version that a page's form goes on with."""
    return {name: re.findall(rf'name="{name}" value="(\d+)"', html)[0] for name in ("draft", "version")}


ASK, QUESTIONS = "lodge", "/services/policy_question/"


@pytest.mark.parametrize("keeps", [True, False])
def test_two_at_once_on_a_draft_lose_nothing(there: CaseWorld, client: Client, keeps: bool) -> None:
    told = {"title": "甲", "firm": there.firm.pk}
    sent(client, there.trader, QUESTIONS, ASK, **told, question="起头", keep="yes")
    begun = kept_in(seen(client, there.trader, QUESTIONS))
    sent(client, there.trader, QUESTIONS, ASK, **told, **begun, question="第一个人写的", keep="yes")
    paper = SimpleUploadedFile("second.txt", b"second\n", "text/plain")
    keep = {"keep": "yes"} if keeps else {}
    said = {**told, **begun, **keep, "question": "第二个人写的", "attachment": paper}
    answer = sent(client, there.trader, QUESTIONS, ASK, **said)
    newer, older = CaseDraft.objects.order_by("-id")
    assert (older.form["question"], newer.form["question"]) == ("第一个人写的", "第二个人写的")
    assert CaseFile.objects.get().draft == newer
    assert not Case.objects.exists()
    if keeps:
        assert answer["Location"] == f"{QUESTIONS}?draft={newer.pk}&done=keep"
        return
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "action.changed_meanwhile" in html
    assert kept_in(html) == {"draft": str(newer.pk), "version": str(newer.version)}


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("ends", ["lodge", "drop"])
def test_a_draft_that_ended_in_another_window_loses_nothing(
    there: CaseWorld, client: Client, ends: str, keeps: bool
) -> None:
    told = {"title": "甲", "firm": there.firm.pk}
    sent(client, there.trader, QUESTIONS, ASK, **told, **QUESTION, keep="yes")
    begun = kept_in(seen(client, there.trader, QUESTIONS))
    sent(client, there.trader, QUESTIONS, ends, **told, **begun, **QUESTION)
    keep = {"keep": "yes"} if keeps else {}
    answer = sent(client, there.trader, QUESTIONS, ASK, **told, **begun, **keep, question="又写了很多")
    draft = CaseDraft.objects.get()
    assert draft.form["question"] == "又写了很多"
    assert Case.objects.count() == (1 if ends == "lodge" else 0)
    if keeps:
        assert answer["Location"] == f"{QUESTIONS}?draft={draft.pk}&done=keep"
        return
    html = answer.content.decode()
    assert answer.status_code == 409
    assert html.count("<code>case.draft_gone</code>") == 1
    assert "又写了很多" in html
    again = sent(client, there.trader, QUESTIONS, ASK, **{**told, **QUESTION, **kept_in(html)})
    assert again.status_code == 302
    assert not CaseDraft.objects.exists()


@pytest.mark.parametrize("keeps", [True, False])
def test_a_broker_goes_from_the_draft_of_one_firm_to_another_firm(
    there: CaseWorld, client: Client, keeps: bool
) -> None:
    for firm in (there.firm, there.rival):
        mandate(firm, there.broker, "cases")
    sent(client, there.agent, QUESTIONS, ASK, firm=there.rival.pk, title="乙", question="乙的", keep="yes")
    theirs = CaseDraft.objects.get()
    assert "乙的" not in seen(client, there.agent, QUESTIONS), "a draft is offered for the firm in the form"
    begun = kept_in(seen(client, there.agent, f"{QUESTIONS}?draft={theirs.pk}"))
    keep = {"keep": "yes"} if keeps else {}
    told = {"firm": there.firm.pk, "title": "甲", **QUESTION, **begun, **keep}
    assert sent(client, there.agent, QUESTIONS, ASK, **told).status_code == 302
    if keeps:
        assert CaseDraft.objects.exclude(pk=theirs.pk).get().owner == there.firm
    else:
        assert Case.objects.get().owner == there.firm
    left = CaseDraft.objects.get(owner=there.rival)
    assert (left.form, left.version) == (theirs.form, theirs.version)


def test_an_answer_to_a_move_that_is_past_is_shown_to_be_copied(there: CaseWorld, client: Client) -> None:
    case = lodged(there)
    stale = {"form": "move-submit", "version": str(case.version), "answer": "写了半天<b>\n第二行"}
    answered(there, case)
    client.force_login(there.officer)
    answer = client.post(address_of(case), {**stale, "once": "once-past-1"})
    html = answer.content.decode()
    assert answer.status_code == 403
    assert "<code>request.not_offered</code>" in html
    assert "写了半天&lt;b&gt;<br>第二行" in html
    assert "小微企业要交多少税" in html, "on the page as it is now"
    assert "once-past-1" not in html
    nothing = client.post(address_of(case), {**stale, "once": "once-past-2", "answer": " "})
    assert nothing.status_code == 403
    assert "小微企业要交多少税" not in nothing.content.decode()


@pytest.mark.article(50)
def test_a_firm_follows_its_cases_with_their_clocks(there: CaseWorld, client: Client, now: Now) -> None:
    case = lodged(there)
    now.pass_by(hours=2)
    html = seen(client, there.trader, "/desk/cases/")
    assert "1 件正在办" in html
    assert "第一次答复已用 2 个工作小时，承诺 4 个工作小时" in html
    assert "2026 年 3 月 2 日 16:00 到期" in html
    html = seen(client, there.trader, address_of(case))
    assert "已用 2 个工作小时，承诺 16 个工作小时" in html
    assert "承诺 4 个工作小时，2026 年 3 月 2 日 16:00 到期" in html
    assert client.get(f"/api/cases/{case.pk}").json()["of_first_answer"] is True
    case = moved(case, there.officer, "ask_details", reason="请说明规模")
    html = seen(client, there.trader, "/desk/cases/")
    assert "1 件等您补充" in html
    assert "最晚 2026 年 3 月 16 日 17:30" in html
    html = seen(client, there.trader, address_of(case))
    assert "请说明规模" in html
    now.set("2026-03-03 09:30")
    answer = sent(client, there.trader, address_of(case), "move-give_details", case, answer="二十人")
    assert answer.status_code == 302
    html = seen(client, there.trader, address_of(case))
    assert "其中承办单位 2 个工作小时，等申请人 4 个工作小时 30 分" in html
    told = client.get(f"/api/cases/{case.pk}").json()
    assert (told["gross_min"], told["net_min"]) == (390, 120)
    assert "2026 年 3 月 2 日 11:30，承诺 4 个工作小时，按时" in html
    first = told["first_answer"]
    assert (first["promise"], first["late"], told["of_first_answer"]) == ("4wh", False, False)
    moments = [datetime.fromisoformat(first[name]) for name in ("given_at", "due_at")]
    assert moments == [at("2026-03-02 11:30"), at("2026-03-02 16:00")]


def test_both_sides_do_on_the_page_what_they_can(there: CaseWorld, client: Client, now: Now) -> None:
    case = lodged(there)
    page = address_of(case)
    assert sent(client, there.officer, page, "move-draft", case).status_code == 302
    case.refresh_from_db()
    assert sent(client, there.officer, page, "note", text="内部意见：从宽").status_code == 302
    assert sent(client, there.officer, page, "write", text="已在起草").status_code == 302
    html = seen(client, there.trader, page)
    assert "已在起草" in html
    assert "从宽" not in html
    assert "move-submit" not in html
    assert "从宽" in seen(client, there.second_officer, page)
    refused = sent(client, there.officer, page, "move-submit", case, answer=" ")
    assert refused.status_code == 422
    assert 'id="move-submit-answer-says"' in refused.content.decode()
    assert sent(client, there.officer, page, "move-submit", case, answer="免税").status_code == 302
    case.refresh_from_db()
    html = seen(client, there.head, page)
    assert "延长时限" in html
    assert BASIS in html, "a refusal can rest on an article of the regulation"
    assert sent(client, there.head, page, "move-answer", case, answer="免税").status_code == 302
    case.refresh_from_db()
    twice = sent(client, there.head, page, "move-answer", case, answer="再答")
    assert twice.status_code == 409 or "request.not_offered" in twice.content.decode()
    assert sent(client, there.trader, page, "rate", case, rating="5", words="快").status_code == 302
    assert "5 / 5" in seen(client, there.officer, page)


def test_the_step_by_which_a_case_goes_on_is_open_and_every_other_is_folded(there: CaseWorld, client: Client) -> None:
    case, answer = lodged(there), {"answer": "免税"}
    for who, move, name, given, other in (
        (there.officer, "draft", "开始起草答复", {}, "请企业补充说明"),
        (there.officer, "submit", "送审", answer, "请企业补充说明"),
        (there.head, "answer", "审定并答复", answer, "退回修改"),
    ):
        html = seen(client, who, address_of(case))
        folded = re.findall(r"<summary>([^<]+)</summary>", html)
        assert other in folded
        assert name not in folded
        assert f'<button class="btn">{name}</button>' in html, "it comes first, also where it ends the case"
        case = moved(case, who, move, **given)


def test_whoever_approves_an_answer_finds_it_in_the_field_and_neither_side_finds_what_the_other_wrote(
    there: CaseWorld, client: Client
) -> None:
    case = moved(lodged(there), there.officer, "ask_details", reason="请说明规模")
    case = moved(case, there.trader, "give_details", answer="二十人")
    field = 'id="move-{}-answer" name="answer" rows="4"'
    html = seen(client, there.officer, address_of(case))
    assert "二十人</textarea>" not in html
    assert field.format("submit") in html
    case = moved(case, there.officer, "submit", answer="按第一条免税")
    html = seen(client, there.head, address_of(case))
    assert "按第一条免税</textarea>" in html.partition(field.format("answer"))[2]
    case = moved(case, there.head, "send_back", reason="写明文号")
    assert "按第一条免税</textarea>" in seen(client, there.officer, address_of(case)), "it is mended, not typed again"
    case = moved(case, there.officer, "ask_details", reason="还差一项")
    html = seen(client, there.trader, address_of(case))
    assert field.format("give_details") in html
    assert "免税</textarea>" not in html, "nor does the firm find what the office wrote"


def test_a_refusal_without_a_basis_is_told_at_its_field_and_one_with_it_names_it(
    there: CaseWorld, client: Client
) -> None:
    case = lodged(there)
    page = address_of(case)
    refused = sent(client, there.head, page, "move-decline", case, reason="不属于本项服务", basis="")
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "法律依据" in html
    assert "不属于本项服务" in html
    assert sent(client, there.head, page, "move-decline", case, reason="不属于", basis=BASIS).status_code == 302
    html = seen(client, there.trader, page)
    assert "第 45 条" in html
    assert "不予办理" in html


def test_an_officer_whose_case_moved_meanwhile_is_told(there: CaseWorld, client: Client) -> None:
    case = lodged(there)
    moved(case, there.officer, "draft")
    stale = Case(pk=case.pk, version=1)
    answer = sent(client, there.second_officer, address_of(case), "move-ask_details", stale, reason="要补规模")
    assert answer.status_code == 409
    assert "要补规模" in answer.content.decode()


@pytest.mark.article(81)
def test_the_queue_lists_what_is_late_before_what_is_due_before_what_waits(
    there: CaseWorld, client: Client, now: Now
) -> None:
    late = lodged(there, title="最早的")
    waiting = moved(lodged(there, title="等材料"), there.officer, "ask_details", reason="规模")
    now.set("2026-03-09 09:30")
    lodged(there, title="刚提交的")
    other = lodged(there, service="trade_finance", form=FINANCE, title="别家的")
    html = seen(client, there.officer, "/desk/queue/")
    assert "1 件已经超时" in html
    assert html.index("最早的") < html.index("刚提交的") < html.index("等材料")
    assert "别家的" not in html
    told = client.get("/api/queue?state=late").json()
    assert [one["id"] for one in told["cases"]] == [late.pk]
    assert [one["id"] for one in client.get("/api/queue?state=waiting").json()["cases"]] == [waiting.pk]
    assert client.get("/api/queue?service=relief").json()["found"] == 0
    assert client.get("/api/queue?page=99").json()["page"] == 1
    told = client.get(f"/api/queue?office={there.finance.pk}").json()
    assert other.pk not in [one["id"] for one in told["cases"]], "not an office of theirs"
    html = seen(client, there.trader, "/desk/cases/?state=late")
    assert "最早的" in html
    assert not {"刚提交的", "等材料"} & set(html.split())
    told = client.get("/api/cases?state=late").json()
    assert (told["counts"]["late"], [one["id"] for one in told["cases"]]) == (1, [late.pk])
    assert "1 件等您补充" in seen(client, there.trader, "/desk/cases/"), "what they can do comes first"
    assert "别家的" in seen(client, there.financier, "/desk/queue/")
    head = member(there.region, "head")
    html = seen(client, head, f"/desk/queue/?office={there.finance.pk}")
    assert "别家的" in html
    assert "最早的" not in html


ADVICE = {"project_abroad": "乌兰巴托仓库", "advice_on": "safety", "advice_question": "有人围堵", "urgent": "yes"}


def test_what_is_urgent_comes_first_in_the_queue_and_says_so(there: CaseWorld, client: Client, now: Now) -> None:
    moved(lodged(there, title="等材料"), there.officer, "ask_details", reason="规模")
    lodged(there, title="早就超时的")
    now.set("2026-03-09 09:30")
    case = lodged(there, service="outbound_consultation", form=ADVICE, title="仓库被围")
    html = seen(client, there.officer, "/desk/queue/")
    assert html.index("急件</b>") < html.index("仓库被围") < html.index("早就超时的") < html.index("等材料")
    assert html.count("急件</b>") == 1
    told = client.get("/api/queue").json()["cases"]
    assert [one["urgent"] for one in told] == [True, False, False]
    for who, code, word in (
        (there.officer, "", "急件"),
        (there.trader, "", "急件"),
        (there.trader, "/ru", "Срочно"),
        (there.trader, "/mn", "Яаралтай"),
    ):
        assert f'<b class="alarm">{word}</b>' in seen(client, who, f"{code}{address_of(case)}")
    assert "急件" in seen(client, there.trader, "/desk/cases/")
    now.set("2026-03-09 10:30")
    assert "承诺 1 个工作小时" in seen(client, there.trader, address_of(case))
    case = moved(case, there.officer, "consult")
    moved(case, there.officer, "answer", answer="先撤离")
    calm = moved(lodged(there, title="撤回的"), there.trader, "withdraw")
    told = client.get("/api/queue?state=ended").json()
    seen(client, there.officer, "/desk/queue/?state=ended")
    told = client.get("/api/queue?state=ended").json()["cases"]
    assert [(one["id"], one["urgent"]) for one in told] == [(calm.pk, False), (case.pk, False)]
    assert '<b class="alarm">急件</b>' not in seen(client, there.trader, address_of(case))


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads the plan as SQLite writes it")
@pytest.mark.parametrize("asked", [Asked(), Asked(state="ended"), Asked(state="late")], ids=lambda one: one.state)
def test_the_queue_is_read_in_the_order_of_an_index(there: CaseWorld, asked: Asked) -> None:
    answered(there, lodged(there))
    lodged(there, service="outbound_consultation", form=ADVICE, title="仓库被围")
    with viewing(seen_as(there.officer)) as viewer, CaptureQueriesContext(connection) as asking:
        queue(viewer, asked)
    listing = [one["sql"] for one in asking.captured_queries if "ORDER BY" in one["sql"] and "act_by" in one["sql"]]
    assert len(listing) == 1
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + listing[0].replace("%", "%%"))
        plan = [row[-1] for row in cursor.fetchall()]
    assert any("cases_of_an_office" in one for one in plan)
    assert not any("TEMP B-TREE" in one for one in plan), "a sort of every case"


def test_what_is_late_by_its_first_answer_is_late_in_the_queue(there: CaseWorld, client: Client, now: Now) -> None:
    case = lodged(there, title="没人理的")
    now.set("2026-03-02 16:31")
    while Runner().run_one():
        pass
    seen(client, there.officer, "/desk/queue/")
    told = client.get("/api/queue?state=late").json()
    assert [(one["id"], one["late"], one["of_first_answer"]) for one in told["cases"]] == [(case.pk, True, True)]
    html = seen(client, there.trader, address_of(case))
    assert "超时 31 分钟" in html
    assert "第一次答复：" in seen(client, there.officer, address_of(case)), "the rungs of its ladder"
    case.refresh_from_db()
    moved(case, there.officer, "draft")
    seen(client, there.officer, "/desk/queue/")
    assert client.get("/api/queue?state=late").json()["cases"] == []
    html = seen(client, there.trader, address_of(case))
    assert "2026 年 3 月 2 日 16:31，承诺 4 个工作小时" in html
    assert "超时 31 分钟" in html, "it stays known that it was late"


FINANCE = {"finance_purpose": "export_order", "finance_amount": "1000000", "finance_months": "6"}


def test_an_officer_who_hands_on_what_they_did_not_take_in_is_led_back_to_the_queue(
    there: CaseWorld, client: Client
) -> None:
    case = lodged(there)
    told = {"office": there.finance.pk, "reason": "归口"}
    assert sent(client, there.officer, address_of(case), "hand-over", case, **told).status_code == 302
    case.refresh_from_db()
    told = {"office": there.city.pk, "reason": "归口"}
    answer = sent(client, there.financier, address_of(case), "hand-over", case, **told)
    assert answer["Location"] == "/desk/queue/?done=hand-over"
    client.force_login(there.officer)
    assert [one["id"] for one in client.get("/api/queue?state=elsewhere").json()["cases"]] == [case.pk]


def test_strangers_see_nothing_and_a_broker_sees_why(there: CaseWorld, client: Client, now: Now) -> None:
    case = lodged(there)
    congress = organisation("congress", "congress")
    strangers = [there.competitor, there.financier, there.agent, member(congress, "deputy"), there.coordinator]
    for who in (*strangers, member(there.region, "administrator")):
        client.force_login(who)
        for address in (address_of(case), f"/api/cases/{case.pk}"):
            assert client.get(address).status_code == 404, who.login
    client.logout()
    assert client.get(address_of(case)).status_code in (302, 401, 403)
    given = mandate(there.firm, there.broker, "cases")
    assert "小微企业要交多少税" in seen(client, there.agent, "/desk/cases/")
    assert "小微企业要交多少税" in seen(client, there.agent, address_of(case))
    with as_system("tests"):
        Mandate.objects.filter(pk=given.pk).update(ends_on=at("2026-03-01 00:00").date())
    client.force_login(there.agent)
    answer = client.get(address_of(case))
    assert answer.status_code == 403
    assert "action.mandate_over" in answer.content.decode()


def test_what_is_sensitive_is_read_by_those_who_work_on_it_alone(there: CaseWorld, client: Client) -> None:
    case = lodged(there, service="relief", form={**RELIEF, "buyer": "秘密买家"}, title="违约")
    auditor = member(there.region, "auditor")
    for who, reads in ((there.trader, True), (there.city_officer, True), (auditor, False)):
        html = seen(client, who, address_of(case))
        assert ("秘密买家" in html) == reads, who.login
        assert ("只给承办人员看" in html) != reads
    with as_system("tests"):
        assert not JournalEntry.objects.filter(after__contains="秘密买家").exists()


def test_reads_by_offices_are_in_the_journal_of_the_firm(there: CaseWorld, client: Client) -> None:
    case = lodged(there)
    seen(client, there.trader, address_of(case))
    seen(client, there.officer, address_of(case))
    with as_system("tests"):
        reads = JournalEntry.objects.filter(action="read.record", record_kind="case", record_id=str(case.pk))
        assert list(reads.values_list("actor_id", "owner_id")) == [(there.officer.pk, there.firm.pk)]


def test_an_investment_project_shows_a_clock_on_every_step(there: CaseWorld, client: Client, now: Now) -> None:
    form = {"project_name": "肉类加工", "project_about": "建厂", "industry": "食品", "investor_country": "MN"}
    form |= {"investment": "50000000", "district": "150700"}
    case = lodged(there, service="investment_project", form=form, title="肉类加工")
    now.set("2026-03-04 09:30")
    case = moved(case, there.city_officer, "sign", decision="可以")
    now.set("2026-03-06 09:30")
    html = seen(client, there.trader, address_of(case))
    assert "洽谈" in html
    assert "已用 2 个工作日，承诺 10 个工作日" in html
    assert "已用 2 个工作日，承诺 20 个工作日" in html
    told = client.get(f"/api/cases/{case.pk}").json()
    assert [(one["stage"], one["lasts"]) for one in told["stages"]] == [("lead", False), ("signing", True)]
    assert [one["offices"] for one in told["stages"]] == [[there.city.name_zh]] * 2
    to_come = [("选址供地", "30"), ("审批", "40"), ("建设", "250"), ("投产", "20")]
    assert [(one["name"], one["promise"].split()[0]) for one in told["stages_to_come"]] == to_come
    assert "还没到，承诺 30 个工作日" in html
    now.set("2026-03-09 09:30")
    paper = receive(b"signed\n", "contract.txt", "text/plain")
    case = moved(case, there.city_officer, "find_site", files=[paper], date="2026-03-09")
    client.force_login(there.trader)  # it is another day, and a session lasts for hours
    (site,) = (one for one in client.get(f"/api/cases/{case.pk}").json()["stages"] if one["stage"] == "site")
    assert site["offices"] == ["内蒙古自治区自然资源厅"], (
        "whoever has the step is named, and stays named when it is over"
    )


def test_a_case_reads_in_four_languages(there: CaseWorld, client: Client) -> None:
    case = moved(lodged(there), there.officer, "ask_details", reason="请说明")
    for code, words in (("en", "Waiting for your details"), ("ru", "Ждём ваших уточнений"), ("mn", "Таны тодруулгыг")):
        assert words in seen(client, there.trader, f"/{code}{address_of(case)}")
        seen(client, there.trader, f"/{code}/services/relief/")
        seen(client, there.trader, f"/{code}/desk/cases/")


def test_notices_lead_to_the_case(there: CaseWorld, client: Client) -> None:
    case = moved(lodged(there), there.officer, "ask_details", reason="请说明")
    assert f'href="{address_of(case)}"' in seen(client, there.trader, "/desk/notices/")
    assert f'href="{address_of(case)}"' in seen(client, there.officer, "/desk/notices/")
    write(by=seen_as(there.officer), case=case.pk, text="另外请附表")
    with as_system("tests"):
        assert list(Notice.objects.filter(owner=there.firm).values_list("kind", flat=True)) == [
            "case_message",
            "case_waits",
        ]


def test_each_rung_tells_whom_it_names_without_what_the_case_is_about(
    there: CaseWorld, client: Client, now: Now
) -> None:
    case = lodged(there, title="机密的问题")
    now.set("2026-03-11 09:30")
    while Runner().run_one():
        pass
    told = (
        (there.officer, ("时限快用完了：政策问答", "时限用完了：政策问答")),
        (member(there.region, "officer"), ("超过时限，报到了上一级：政策问答",)),
        (there.coordinator, ("超过时限还没有办结，提请督查：政策问答",)),
    )
    for who, sentences in told:
        html = seen(client, who, "/desk/notices/")
        assert [sentence for sentence in sentences if sentence not in html] == []
        assert "机密" not in html, who.login
        assert (f'href="{address_of(case)}"' in html) == (who == there.officer), "nobody is led to what they cannot see"


def test_a_case_no_table_allows_any_more_takes_no_list_down(there: CaseWorld, client: Client) -> None:
    odd, sound = lodged(there, title="旧流程"), lodged(there, title="新流程")
    with as_system("tests"):
        CaseEvent.objects.filter(case=odd).update(kind="moved", move="no_such_move", to_state="gone")
        Case.objects.filter(pk=odd.pk).update(state="gone")
    for who, address in ((there.trader, "/desk/cases/"), (there.officer, "/desk/queue/")):
        html = seen(client, who, address)
        assert "按现行的流程推算不出时限" in html
        assert "新流程" in html
    assert {one["id"]: one["used"] for one in client.get("/api/queue").json()["cases"]}[odd.pk] is None
    client.force_login(there.officer)
    assert client.get(address_of(odd)).status_code == 422, "its own page says what is wrong"
    assert sound.pk != odd.pk
