"""Cases on their way: lodged, moved, handed over, paused, refused, closed, and the clock they keep."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import as_system, system, viewing
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import JournalEntry, Mandate, Organisation, Person, Task
from bridgehead.ground.tasks.runner import Runner
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.desk.actions.case_moves import extend, hand_over, tick_case
from bridgehead.rooms.desk.actions.case_talk import note, rate, write
from bridgehead.rooms.desk.actions.cases import drop_draft, lodge, save_draft
from bridgehead.rooms.desk.checks import amiss
from bridgehead.rooms.desk.courses import differing, stand
from bridgehead.rooms.desk.models import Case, CaseDraft, CaseEvent, CaseFile, Notice, Turn
from tests.desk.cases import BASIS, QUESTION, RELIEF, CaseWorld, Now, answered, at, lodged, moved, of_region
from tests.ground.world import mandate, member, organisation
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> list[str]:
    return sorted(f"{one.code}@{one.place.field}" for one in refused.value.faults)


def events(case: Case) -> list[str]:
    with as_system("tests"):
        return list(CaseEvent.objects.filter(case=case).order_by("number").values_list("kind", flat=True))


def settled(case: Case) -> Case:
    """Return a case as it is kept, which must be what follows from its events."""
    with as_system("tests"):
        row = Case.objects.get(pk=case.pk)
        _, told = stand(row, timezone.now())
        assert differing(row, told) == []
    return row


@pytest.mark.article(51)
def test_a_lodged_case_is_with_the_office_that_owns_the_service_and_its_clock_runs(there: CaseWorld) -> None:
    case = settled(lodged(there))
    assert (case.lead_id, case.office_id, case.turn) == (there.commerce.pk, there.commerce.pk, Turn.OFFICE)
    assert case.number == f"2026-{case.pk:06d}"
    # The first answer is promised within 4 working hours: 2.5 on Monday morning and 1.5 after half past two.
    assert (case.due_at, case.act_by, case.late_at) == (*[at("2026-03-02 16:00")] * 2, at("2026-03-02 16:01"))
    # 80 percent of them, 192 minutes, are told first.
    assert case.wakes_at == at("2026-03-02 15:12")
    case = settled(moved(case, there.officer, "draft"))
    # 16 working hours: 2.5 and 3 on Monday, 3.5 and 3 on Tuesday, 3.5 on Wednesday morning, and half an hour.
    assert case.due_at == at("2026-03-04 15:00")
    assert case.wakes_at == at("2026-03-04 09:18")


def test_what_lies_in_a_city_is_taken_in_there(there: CaseWorld) -> None:
    case = lodged(there, service="relief", form=RELIEF, title="买家违约")
    assert case.lead_id == there.city.pk


def test_an_office_that_is_not_on_the_platform_is_named(there: CaseWorld) -> None:
    with as_system("tests"):
        Organisation.objects.filter(pk=there.city.pk).update(closed_on="2026-01-01")
    with pytest.raises(BridgeheadError) as refused:
        lodged(there, service="relief", form=RELIEF)
    assert refused.value.code == "case.no_office"
    assert "呼伦贝尔" in str(refused.value.faults[0].parameters["office"])


@pytest.mark.article(50)
def test_every_fault_of_a_form_stands_beside_its_field(there: CaseWorld) -> None:
    form = {
        "trouble": "bad luck",
        "trouble_on": "yesterday",
        "district": "Atlantis",
        "loss_amount": "-3",
        "people": "many",
        "help_wanted": "x" * 2001,
        "country_about": "XX",
    }
    with pytest.raises(BridgeheadError) as refused:
        lodged(there, service="relief", form=form, title=" ")
    assert codes(refused) == [
        "form.missing@title",
        "form.missing@trouble_told",
        "form.no_such_choice@country_about",
        "form.no_such_choice@district",
        "form.no_such_choice@trouble",
        "form.not_a_date@trouble_on",
        "form.not_a_number@people",
        "form.text_too_long@help_wanted",
        "form.too_small@loss_amount",
    ]
    with pytest.raises(BridgeheadError) as refused:
        lodged(there, service="approval", form={"approval_item": "a"}, title="a")
    assert "file.none_chosen@attachment_required" in codes(refused)
    with pytest.raises(BridgeheadError) as refused:
        lodged(there, service="fortune")
    assert codes(refused) == ["case.unknown_service@service"]


def test_a_question_goes_to_the_office_its_topic_decides(there: CaseWorld) -> None:
    tax = of_region("nm-tax")
    case = lodged(there, form=QUESTION | {"topic": "tax"})
    assert (case.lead_id, case.office_id) == (tax.pk, tax.pk)
    with as_system("tests"):
        assert CaseEvent.objects.get(case=case, kind="lodged").to_office_id == tax.pk
    assert lodged(there, form=QUESTION | {"topic": "other"}).office_id == there.commerce.pk
    with as_system("tests"):
        Organisation.objects.filter(code="nm-ccpit").update(closed_on="2026-02-01")
    with pytest.raises(BridgeheadError) as refused:
        lodged(there, form=QUESTION | {"topic": "origin"})
    assert codes(refused) == ["case.no_office@None"], "it is told who would answer, not given to somebody else"


def test_a_draft_is_kept_as_it_is_until_it_is_lodged_with_its_files(there: CaseWorld) -> None:
    by, paper = seen_as(there.trader), receive(b"one\n", "one.txt", "text/plain")
    told = {"by": by, "firm": there.firm.pk, "service": "policy_question"}
    draft = save_draft(form={"question": "半句"}, files={"attachment": paper}, **told)
    newer = receive(b"two\n", "two.txt", "text/plain")
    draft = save_draft(form=QUESTION, title="全句", draft=draft.pk, files={"attachment": newer}, **told)
    case = lodge(form=QUESTION, title="全句", draft=draft.pk, **told)
    with as_system("tests"):
        assert not CaseDraft.objects.exists()
        kept = CaseFile.objects.get()
    assert (kept.case_id, kept.name, kept.office_id) == (case.pk, "two.txt", there.commerce.pk)
    other = save_draft(form={}, files={"attachment": paper}, **told)
    drop_draft(by=by, draft=other.pk)
    with as_system("tests"):
        assert CaseFile.objects.get() == kept


def test_nobody_else_takes_up_a_draft(there: CaseWorld) -> None:
    draft = save_draft(by=seen_as(there.trader), firm=there.firm.pk, service="policy_question", form={})
    for who in (there.competitor, there.officer):
        with pytest.raises(BridgeheadError, match=r"action\.(no_such_record|not_allowed)"):
            drop_draft(by=seen_as(who), draft=draft.pk)
    told = {"firm": there.firm.pk, "service": "relief", "form": {}, "draft": draft.pk}
    with pytest.raises(BridgeheadError, match=r"action\.no_such_record"):
        save_draft(by=seen_as(there.trader), **told)


@pytest.mark.article(50)
def test_a_case_goes_through_its_moves_and_ends_with_what_it_took(there: CaseWorld, now: Now) -> None:
    case = lodged(there)
    now.pass_by(hours=1)
    case = settled(moved(case, there.officer, "draft"))
    now.pass_by(hours=24)
    case = moved(case, there.officer, "submit", answer="按第一条")
    case = settled(moved(case, there.head, "answer", answer="按第一条"))
    assert (case.outcome, case.turn, case.in_time) == ("answered", Turn.NOBODY, True)
    # One hour and a day of six and a half.
    assert (case.gross_min, case.net_min, case.ended_at) == (450, 450, at("2026-03-03 10:30"))
    assert case.wakes_at is None


def test_a_case_closed_twice_is_one_clear_error(there: CaseWorld) -> None:
    case = answered(there, lodged(there))
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.head, "answer", answer="再答")
    assert codes(refused) == ["case.ended@move"]
    assert refused.value.parameters["state"] == "已答复"
    assert refused.value.parameters["known"] == ["要求重新办理"]


def test_two_officers_at_once_do_not_overwrite_each_other(there: CaseWorld) -> None:
    case = lodged(there)
    moved(case, there.officer, "draft")
    stale = Case(pk=case.pk, version=1)
    with pytest.raises(BridgeheadError, match=r"action\.changed_meanwhile"):
        moved(stale, there.second_officer, "ask_details", reason="要补")


@pytest.mark.article(77)
def test_a_refusal_needs_a_legal_basis_that_there_is(there: CaseWorld) -> None:
    case = lodged(there)
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.head, "decline", reason="不属于")
    assert codes(refused) == ["case.lacks@basis"]
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.head, "decline")
    assert codes(refused) == ["case.lacks@basis", "case.lacks@reason"]
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.head, "decline", reason="不属于", basis="regulation:987")
    assert codes(refused) == ["case.unknown_basis@basis"]
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.officer, "decline", reason="不属于", basis=BASIS)
    assert codes(refused) == ["case.wrong_role@by"]
    case = settled(moved(case, there.head, "decline", reason="不属于", basis=BASIS))
    assert case.outcome == "refused"
    assert case.basis is not None
    assert case.basis["id"] == BASIS
    assert "第 45 条" in case.basis["label"]
    with as_system("tests"):
        assert Task.objects.filter(kind="case.refused", arguments={"case": case.pk}).count() == 1


def test_a_pause_stops_the_clock_and_the_reply_starts_it(there: CaseWorld, now: Now) -> None:
    case = lodged(there)
    case = settled(moved(case, there.officer, "ask_details", reason="请说明规模"))
    assert (case.turn, case.due_at, case.late_at) == (Turn.TRADER, None, None)
    assert case.next_limit_at == case.act_by == case.wakes_at == at("2026-03-16 17:30")
    now.set("2026-03-09 09:30")
    case = settled(moved(case, there.trader, "give_details", answer="二十人"))
    # The sixteen hours begin again where they stood: at their beginning, a week later.
    assert case.due_at == at("2026-03-11 15:00")


def test_a_move_takes_papers_that_must_be_there(there: CaseWorld) -> None:
    case = lodged(there, service="relief", form=RELIEF, title="违约")
    case = moved(case, there.city_officer, "ask_evidence", reason="请补合同")
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.trader, "give_evidence")
    assert codes(refused) == ["case.lacks@papers"]
    paper = receive(b"contract\n", "contract.txt", "text/plain")
    case = moved(case, there.trader, "give_evidence", files=[paper])
    with as_system("tests"):
        assert CaseFile.objects.get().event.move == "give_evidence"


INSURANCE = {"free_policy": "yes", "export_value": "1000", "payment_terms": "open_account"}


def test_a_number_and_a_day_are_read_beside_what_is_lacking(there: CaseWorld) -> None:
    case = lodged(there, service="export_credit_insurance", form=INSURANCE, title="投保")
    case = moved(case, there.officer, "check")
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.officer, "issue_free", date="soon")
    assert codes(refused) == ["case.lacks@decision", "form.not_a_date@date"]


def test_what_the_trader_did_not_hand_in_by_the_limit_lapses_by_the_clock(there: CaseWorld, now: Now) -> None:
    case = moved(lodged(there), there.officer, "ask_details", reason="请说明规模")
    now.set("2026-03-16 17:31")
    with pytest.raises(BridgeheadError) as refused:
        moved(case, there.trader, "give_details", answer="二十人")
    assert codes(refused) == ["case.limit_run_out@at"]
    now.set("2026-03-17 09:00")
    assert Runner().run_one()
    case = settled(case)
    # It is dated when it was due, whenever the clock looked.
    assert (case.outcome, case.ended_at) == ("lapsed", at("2026-03-16 17:30"))
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        tick_case(by=seen_as(there.head), case=case.pk)


@pytest.mark.article(81)
def test_a_broken_promise_is_recorded_once_and_left_for_the_ledger(there: CaseWorld, now: Now) -> None:
    case = moved(lodged(there), there.officer, "draft")
    now.set("2026-03-10 09:00")
    while Runner().run_one():
        pass
    case = settled(case)
    assert case.overdue_at == at("2026-03-04 15:00")
    assert case.rung == "long_over"
    assert events(case) == ["lodged", "moved", "rung", "rung", "rung", "rung", "overdue"]
    with as_system("tests"):
        assert Task.objects.filter(kind="case.overdue", arguments={"case": case.pk}).count() == 1
        tick_case(by=system("tests"), case=case.pk)
    assert len(events(case)) == 7
    case = moved(settled(case), there.officer, "submit", answer="按政策第一条。")
    case = moved(case, there.head, "answer", answer="按政策第一条。")
    assert (case.in_time, case.first_in_time) == (False, True)


def watched_events(case: Case) -> list[tuple[str, str, str, datetime]]:
    with as_system("tests"):
        rows = CaseEvent.objects.filter(case=case, kind__in=("rung", "overdue")).order_by("number")
        return list(rows.values_list("kind", "rung", "stage", "at"))


@pytest.mark.article(81)
def test_a_late_first_answer_climbs_the_ladder_until_it_is_given(there: CaseWorld, now: Now) -> None:
    case = lodged(there, title="机密的问题")
    now.set("2026-03-02 16:30")
    while Runner().run_one():
        pass
    case = settled(case)
    near, due = at("2026-03-02 15:12"), at("2026-03-02 16:00")
    climbed = [("rung", "near", "first_answer", near), ("rung", "due", "first_answer", due)]
    assert watched_events(case) == climbed
    assert (case.overdue_at, case.rung, case.act_by) == (None, "due", due)
    with as_system("tests"):
        assert amiss([case], timezone.now()) == [], "the doctor finds nothing to mend"
    # A working day after the Monday it was due is over with Tuesday.
    assert case.wakes_at == at("2026-03-03 17:30")
    with as_system("tests"):
        told = list(Notice.objects.filter(owner=there.commerce).order_by("id").values_list("kind", "words__title__zh"))
        assert not Task.objects.filter(kind="case.overdue").exists(), "the case itself can still be in time"
    first = "政策问答（第一次答复）"
    assert told == [("case_new", "政策问答"), ("case_near", first), ("case_due", first)]
    case = settled(moved(case, there.officer, "draft"))
    # Nobody is late any more, and the ladder begins with the promise for the whole case.
    assert (case.overdue_at, case.rung, case.due_at) == (None, "", at("2026-03-04 15:00"))
    assert case.wakes_at == at("2026-03-04 09:18")
    now.set("2026-03-03 17:45")
    while Runner().run_one():
        pass
    assert len(watched_events(case)) == 2, "an answer that was given is escalated no further"
    case = moved(settled(case), there.officer, "submit", answer="按第一条")
    case = settled(moved(case, there.head, "answer", answer="按第一条"))
    assert (case.in_time, case.first_in_time) == (True, False)


def test_whoever_waits_for_a_first_answer_is_escalated_by_both_promises(there: CaseWorld, now: Now) -> None:
    case = lodged(there)
    now.set("2026-03-10 09:00")
    while Runner().run_one():
        pass
    case = settled(case)
    moments = {
        # Four hours from Monday 9:30, sixteen hours from there; then one and three working days after the day.
        "first_answer": ["2026-03-02 15:12", "2026-03-02 16:00", "2026-03-03 17:30", "2026-03-05 17:30"],
        "": ["2026-03-04 09:18", "2026-03-04 15:00", "2026-03-05 17:30", "2026-03-09 17:30"],
    }
    rungs = ("near", "due", "over", "long_over")
    expected = {
        (stage, rung, at(moment)) for stage, row in moments.items() for rung, moment in zip(rungs, row, strict=True)
    }
    found = [one for one in watched_events(case) if one[0] == "rung"]
    assert {(stage, rung, moment) for _, rung, stage, moment in found} == expected
    assert [one[3] for one in found] == sorted(one[3] for one in found)
    assert (case.rung, case.overdue_at, case.wakes_at) == ("long_over", at("2026-03-04 15:00"), None)


PROJECT = {
    **{"project_name": "屠宰厂", "project_about": "牛羊屠宰", "industry": "食品", "investor_country": "MN"},
    **{"investment": "9000000", "district": "150700"},
}


def test_the_clock_wakes_for_every_promise_that_can_still_be_broken(there: CaseWorld, now: Now) -> None:
    # No promise for the whole, one for the stage; the first answer is late long before it.
    case = settled(lodged(there, service="investment_project", form=PROJECT))
    while case.wakes_at is not None:
        assert case.wakes_at < at("2026-06-01 00:00")
        now.moment = case.wakes_at
        tick_case(by=system("tests"), case=case.pk)
        case = settled(case)
    assert case.overdue_at is not None
    with as_system("tests"):
        assert amiss([case], case.overdue_at + timedelta(days=30)) == []


def test_a_case_withdrawn_before_an_answer_has_none_that_is_measured(there: CaseWorld, now: Now) -> None:
    case = settled(moved(lodged(there), there.trader, "withdraw"))
    assert (case.first_in_time, case.overdue_at) == (None, None)
    late = lodged(there)
    now.set("2026-03-02 17:00")
    late = settled(moved(late, there.trader, "withdraw"))
    assert (late.first_in_time, late.overdue_at, late.rung) == (None, None, "")


ADVICE = {"project_abroad": "乌兰巴托仓库", "advice_on": "safety", "advice_question": "有人围堵", "urgent": "yes"}


@pytest.mark.article(48)
def test_an_urgent_case_is_promised_an_answer_sooner_and_its_office_is_told_at_once(there: CaseWorld, now: Now) -> None:
    with as_system("tests"):
        for person in (there.head, there.officer, there.financier):
            Person.objects.filter(pk=person.pk).update(email=f"{person.login}@example.org")
    asked = {"service": "outbound_consultation", "title": "机密的项目"}
    calm = settled(lodged(there, form={**ADVICE, "urgent": "no"}, **asked))
    # Eight working hours: 5.5 on Monday from 9:30, 2.5 on Tuesday from 8:30.
    assert (calm.urgent, calm.due_at) == (False, at("2026-03-03 11:00"))
    case = settled(lodged(there, form=ADVICE, **asked))
    # One working hour, of which 48 minutes are four fifths.
    assert (case.urgent, case.due_at, case.wakes_at) == (True, at("2026-03-02 10:30"), at("2026-03-02 10:18"))
    with as_system("tests"):
        told = Notice.objects.filter(owner=there.commerce, kwargs__case=case.pk).get()
        assert (told.kind, told.words["title"]["zh"]) == ("case_urgent", "境外投资咨询")
        assert "机密" not in str(told.words)
        mailed = Task.objects.filter(kind="mail.send", key__startswith=f"notice-{told.pk}-")
        assert {one.arguments["person"] for one in mailed} == {there.head.pk, there.officer.pk}
        assert not Task.objects.filter(kind="mail.send").exclude(pk__in=mailed).exists(), "a calm one is not mailed"
    case = hand_over(
        by=seen_as(there.officer), case=case.pk, version=case.version, office=there.finance.pk, reason="归口"
    )
    with as_system("tests"):
        assert Notice.objects.get(owner=there.finance).kind == "case_urgent"
    now.set("2026-03-02 10:31")
    case = settled(moved(case, there.financier, "consult"))
    # Answered a minute late; what is urgent stays so until it ends, and the whole case has the usual ten days.
    assert (case.urgent, case.overdue_at, case.due_at) == (True, None, at("2026-03-16 17:30"))
    case = settled(moved(case, there.financier, "answer", answer="先撤离"))
    assert (case.urgent, case.in_time, case.first_in_time) == (False, True, False)


def test_a_hand_over_keeps_the_clock_and_who_sees_the_case_changes(there: CaseWorld, now: Now) -> None:
    case = lodged(there)
    told = {"case": case.pk, "version": case.version}
    with pytest.raises(BridgeheadError) as refused:
        hand_over(by=seen_as(there.officer), office=None, **told)
    assert codes(refused) == ["case.unknown_office@office", "form.missing@reason"]
    with pytest.raises(BridgeheadError, match=r"case\.same_office"):
        hand_over(by=seen_as(there.officer), office=there.commerce.pk, reason="移交", **told)
    with pytest.raises(BridgeheadError, match=r"action\.no_such_record"):
        hand_over(by=seen_as(there.financier), office=there.finance.pk, reason="移交", **told)
    now.pass_by(hours=2)
    case = settled(hand_over(by=seen_as(there.officer), office=there.finance.pk, reason="涉及融资", **told))
    assert (case.lead_id, case.office_id) == (there.commerce.pk, there.finance.pk)
    assert case.due_at == at("2026-03-02 16:00"), "whoever has it still owes the first answer"
    note(by=seen_as(there.financier), case=case.pk, text="收到")
    # From there it goes on to one that neither took it in nor had it before.
    case = hand_over(
        by=seen_as(there.financier), case=case.pk, version=case.version, office=there.city.pk, reason="归口"
    )
    with viewing(seen_as(there.city_officer)) as viewer:
        assert visible(Case, viewer).get() == case
        assert visible(CaseEvent, viewer).count() == len(events(case))
    with viewing(seen_as(there.financier)) as viewer:
        assert not visible(Case, viewer).exists()
        assert not visible(CaseEvent, viewer).exists()


def test_a_promise_is_made_longer_by_the_head_before_it_ran_out(there: CaseWorld, now: Now) -> None:
    case = moved(lodged(there), there.officer, "draft")
    told = {"case": case.pk, "version": case.version, "reason": "要会商"}
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        extend(by=seen_as(there.officer), longer="8wh", **told)
    with pytest.raises(BridgeheadError) as refused:
        extend(by=seen_as(there.head), longer="soon", **told)
    assert codes(refused) == ["clock.bad_promise@longer"]
    with pytest.raises(BridgeheadError, match=r"case\.extension_measure"):
        extend(by=seen_as(there.head), longer="3wd", **told)
    case = settled(extend(by=seen_as(there.head), longer="6wh", **told))
    assert case.due_at == at("2026-03-05 12:00")
    with pytest.raises(BridgeheadError, match=r"case\.too_many_extensions"):
        extend(by=seen_as(there.head), longer="6wh", **{**told, "version": case.version})


def test_a_broker_acts_for_the_firm_while_its_mandate_holds(there: CaseWorld, now: Now) -> None:
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        lodged(there, there.agent)
    given = mandate(there.firm, there.broker, "cases")
    case = lodged(there, there.agent)
    with as_system("tests"):
        assert CaseEvent.objects.get(case=case).body_id == there.broker.pk
        Mandate.objects.filter(pk=given.pk).update(ends_on=at("2026-03-01 00:00").date())
    for act in (
        lambda: lodged(there, there.agent),
        lambda: moved(case, there.agent, "withdraw"),
        lambda: write(by=seen_as(there.agent), case=case.pk, text="还在吗"),
    ):
        with pytest.raises(BridgeheadError, match=r"action\.mandate_over"):
            act()


def test_a_mandate_for_files_lets_nobody_touch_cases(there: CaseWorld) -> None:
    mandate(there.firm, there.broker, "files")
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        lodged(there, there.agent)


def test_what_offices_note_is_never_seen_by_the_firm(there: CaseWorld) -> None:
    case = lodged(there)
    paper = receive(b"inside\n", "inside.txt", "text/plain")
    note(by=seen_as(there.officer), case=case.pk, text="怀疑材料不实", files=[paper])
    write(by=seen_as(there.officer), case=case.pk, text="请放心")
    write(by=seen_as(there.trader), case=case.pk, text="谢谢")
    kinds = {}
    for who in (there.trader, there.officer, there.financier):
        with viewing(seen_as(who)) as viewer:
            kinds[who.login] = list(visible(CaseEvent, viewer).values_list("kind", flat=True))
            assert visible(CaseFile, viewer).exists() == (who == there.officer)
            assert visible(JournalEntry, viewer).filter(after__contains="怀疑").exists() == (who == there.officer)
    assert kinds == {
        "trader": ["lodged", "message", "message"],
        "officer": ["lodged", "note", "message", "message"],
        "financier": [],
    }
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        note(by=seen_as(there.trader), case=case.pk, text="我也记")


def test_a_case_is_rated_once_and_after_its_end(there: CaseWorld) -> None:
    case = lodged(there)
    by = seen_as(there.trader)
    with pytest.raises(BridgeheadError) as refused:
        rate(by=by, case=case.pk, version=case.version, rating=9)
    assert codes(refused) == ["case.not_ended@None", "form.no_such_choice@rating"]
    case = answered(there, case)
    case = rate(by=by, case=case.pk, version=case.version, rating=4, words="答得清楚")
    assert case.rating == 4
    with pytest.raises(BridgeheadError, match=r"case\.rated"):
        rate(by=by, case=case.pk, version=case.version, rating=1)
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        rate(by=seen_as(there.officer), case=case.pk, version=case.version, rating=5)


def test_administrators_and_deputies_see_no_case(there: CaseWorld) -> None:
    lodged(there)
    congress = organisation("congress", "congress")
    people = [member(there.region, "administrator"), member(congress, "deputy"), there.coordinator, there.competitor]
    auditor = member(there.region, "auditor")
    for who in (*people, auditor):
        with viewing(viewer_of(who)) as viewer:
            assert visible(Case, viewer).exists() == (who == auditor), who.login


def test_an_investment_project_goes_from_office_to_office_with_a_clock_on_every_step(
    there: CaseWorld, now: Now
) -> None:
    land = of_region("nm-zrzyt")
    surveyor = member(land, "officer")
    form = {"project_name": "肉类加工", "project_about": "建厂", "industry": "食品", "investor_country": "MN"}
    form |= {"investment": "50000000", "district": "150700"}
    case = settled(lodged(there, service="investment_project", form=form, title="肉类加工"))
    # The first answer within eight working hours: 5.5 on Monday, 2.5 on Tuesday; the first step is to take ten days.
    assert (case.office_id, case.due_at) == (there.city.pk, at("2026-03-03 11:00"))
    with as_system("tests"):
        assert stand(case, timezone.now())[0].clock.promise is None
    case = moved(case, there.city_officer, "sign", decision="可以")
    paper = receive(b"contract\n", "contract.txt", "text/plain")
    case = settled(moved(case, there.city_officer, "find_site", date="2026-03-02", files=[paper]))
    assert (case.lead_id, case.office_id) == (there.city.pk, land.pk)
    case = settled(moved(case, surveyor, "to_approvals", decision="供地"))
    assert case.office_id == of_region("nm-zwfwj").pk
