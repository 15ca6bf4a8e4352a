"""Supervision: a case step by step with clocks that stay, opinions, votes, longer terms, and everything refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, messages
from bridgehead.rooms.ledger.actions.supervision import open_case, take_step
from bridgehead.rooms.ledger.actions.supervision_answers import (
    answer_opinion,
    ask_extension,
    decide_extension,
    decide_opinion,
    take_back_step,
)
from bridgehead.rooms.ledger.models import CaseEvent, CaseExtension, Opinion, SupervisionCase
from bridgehead.rooms.ledger.selectors.supervision import overview
from bridgehead.rooms.ledger.selectors.supervision_case import case_page
from bridgehead.rooms.ledger.selectors.supervision_due import supervision_due
from bridgehead.rooms.ledger.supervision_checks import supervision_says_what_follows
from tests.ground.world import BEGAN, BY
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.supervision import COUNTED, opened, taken

pytestmark = pytest.mark.django_db
TO_THE_OPINIONS = (date(2025, 9, 1), date(2025, 9, 25), date(2025, 9, 30))
"""Report, deliberation and opinions of a special report; two months later is Sunday, 30 November."""
Read = Callable[..., Any]


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    found = {one.code for one in refused.value.faults}
    assert found <= set(messages("zh")), "a refusal without a sentence"
    return found


def handled(world: LedgerWorld) -> SupervisionCase:
    """Return a case whose opinions were issued, so that its handling is owed by 1 December 2025."""
    with as_system("tests"):
        case = opened(world, date(2025, 9, 1), "special-report")
        for on in TO_THE_OPINIONS:
            case = taken(world, case, on)
    return case


@pytest.mark.article(83)
def test_a_case_goes_from_the_report_to_the_vote_and_says_who_owes_what(world: LedgerWorld, seen_by: Read) -> None:
    case = handled(world)
    assert (case.waits, case.waits_for_id, case.due_on) == ("handling", world.office.pk, date(2025, 12, 1))
    page = seen_by(world.deputy, case_page, case.pk, date(2025, 12, 5))
    assert page.line.late_wd == 4
    assert page.answer == "协调机构“研究处理情况报告”逾期 4 个工作日；第 1 条审议意见还没有认可"
    assert [one.look for one in page.chain] == ["done", "done", "done", "now", "", "", ""]
    assert [one.late_wd for one in page.chain[:4]] == [0, 0, 0, 4]
    earlier = seen_by(world.deputy, case_page, case.pk, date(2025, 9, 27))
    assert earlier.answer == "人大常委会“印发审议意见”还有 4 个工作日"
    assert not earlier.opinions
    with as_system("tests"):
        for on in (date(2025, 12, 5), date(2025, 12, 19), date(2026, 1, 5), date(2026, 1, 20)):
            case = taken(world, case, on)
        assert (case.state, case.closed_on, case.waits, case.due_on) == ("closed", date(2026, 1, 20), "", None)
        vote = CaseEvent.objects.get(case=case, step="vote")
        assert vote.outcome == "satisfied"
        assert JournalEntry.objects.filter(action="supervision.step", record_kind="supervision_vote").count() == 1
    seen = seen_by(world.deputy, overview, timezone.localdate())
    assert [one.case.pk for one in seen.closed] == [case.pk]
    assert seen_by(world.deputy, overview, date(2025, 12, 4)).answer == "1 件监督已经逾期"


@pytest.mark.article(83)
def test_two_votes_that_do_not_satisfy_lead_to_self_criticism(world: LedgerWorld) -> None:
    against = {**COUNTED, "satisfied": 20, "not_satisfied": 25}
    case = handled(world)
    with as_system("tests"):
        for _ in range(2):
            for on in (date(2025, 12, 1), date(2025, 12, 2), date(2025, 12, 3)):
                case = taken(world, case, on + timedelta(days=30 * _))
            case = taken(world, case, date(2025, 12, 30) + timedelta(days=30 * _), votes=against)
    # a month from 29 January ends on 28 February 2026, a Saturday that is worked
    assert (case.waits, case.waits_for_id, case.due_on) == ("self-criticism", world.office.pk, date(2026, 2, 28))


def test_clocks_stay_as_they_were_when_the_table_changes(world: LedgerWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    with as_system("tests"):
        case = opened(world, date(2025, 9, 1), "special-report")
        monkeypatch.setitem(current().remembered, "ledger.supervision_templates", ())
        for on in TO_THE_OPINIONS:
            case = taken(world, case, on)
        assert case.due_on == date(2025, 12, 1)
        plain = opened(world, date(2025, 9, 1))
    assert (plain.template, len(plain.steps), plain.due_on) == ("plain", 4, None)


def test_everything_wrong_with_a_step_is_told_at_once(world: LedgerWorld) -> None:
    case = handled(world)
    coordinator = seen_as(world.coordinator)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(BridgeheadError) as refused:
        take_step(by=coordinator, case=case.pk, step="vote", on=date(2025, 9, 1))
    assert codes(refused) == {"procedure.out_of_order", "procedure.before_previous", "form.missing"}
    with pytest.raises(BridgeheadError) as refused:
        take_step(by=coordinator, case=case.pk, step="handling", on=tomorrow, outcome="satisfied")
    assert codes(refused) == {"supervision.not_yet", "procedure.unknown_outcome", "form.missing"}
    with pytest.raises(BridgeheadError) as refused:
        take_step(by=coordinator, case=case.pk, step="handling", on=tomorrow, summary="一", version=1)
    assert codes(refused) == {"action.changed_meanwhile"}
    with pytest.raises(BridgeheadError) as refused:  # the congress does not report in the place of the government
        take_step(by=seen_as(world.congress_clerk), case=case.pk, step="handling", on=date(2025, 11, 1), summary="一")
    assert codes(refused) == {"action.not_allowed"}
    with pytest.raises(BridgeheadError) as refused:
        take_step(by=seen_as(world.deputy), case=case.pk, step="handling", on=date(2025, 11, 1), summary="一")
    assert codes(refused) == {"action.not_allowed"}


def test_opinions_need_words_a_body_and_a_day_that_can_be_met(world: LedgerWorld) -> None:
    with as_system("tests"):
        case = opened(world, date(2025, 9, 1), "special-report")
        for on in TO_THE_OPINIONS[:2]:
            case = taken(world, case, on)
    clerk, on = seen_as(world.congress_clerk), date(2025, 9, 30)
    with pytest.raises(BridgeheadError) as refused:
        take_step(by=clerk, case=case.pk, step="opinions", on=on)
    assert codes(refused) == {"supervision.no_opinion"}
    wrong = [{"text": " ", "office": 10**9, "due_on": date(2025, 9, 1)}]
    with pytest.raises(BridgeheadError) as refused:
        take_step(by=clerk, case=case.pk, step="opinions", on=on, opinions=wrong)
    assert codes(refused) == {"form.missing", "ledger.unknown_body", "supervision.due_before"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"members": 50}, {"vote.too_many"}),
        ({"members": 0, "satisfied": -1}, {"vote.no_members", "vote.negative"}),
        ({"members": None, "abstained": None}, {"form.missing"}),
    ],
)
def test_votes_that_cannot_have_been_counted_are_refused(
    world: LedgerWorld, change: dict[str, int | None], expected: set[str]
) -> None:
    case = handled(world)
    with as_system("tests"):
        for on in (date(2025, 12, 1), date(2025, 12, 2), date(2025, 12, 3)):
            case = taken(world, case, on)
        with pytest.raises(BridgeheadError) as refused:
            taken(world, case, date(2025, 12, 30), votes={**COUNTED, **change})
    assert codes(refused) == expected


def test_a_case_is_opened_by_the_congress_with_all_it_needs(world: LedgerWorld) -> None:
    given: dict[str, Any] = {"organisation": world.congress.pk, "template": "special-report"}
    with pytest.raises(BridgeheadError) as refused:
        open_case(
            by=seen_as(world.congress_clerk),
            organisation=world.congress.pk,
            office=world.congress.pk,
            template="nothing",
            title=" ",
            articles=[999],
            opened_on=timezone.localdate() + timedelta(days=1),
        )
    assert codes(refused) == {
        "supervision.own_house",
        "supervision.unknown_template",
        "form.missing",
        "supervision.unknown_article",
        "supervision.not_yet",
    }
    with pytest.raises(BridgeheadError) as refused:
        open_case(
            by=seen_as(world.coordinator), office=world.office.pk, title="一", articles=[83], opened_on=BEGAN, **given
        )
    assert codes(refused) == {"action.not_allowed"}


def in_both(world: LedgerWorld) -> Person:
    """Return the congress's clerk, who works in the coordination office and in commerce as well."""
    for at in (world.office, world.commerce):
        appoint(by=BY, person=world.congress_clerk.pk, organisation=at.pk, role="officer", starts_on=BEGAN)
    return world.congress_clerk


@pytest.mark.article(83)
def test_an_opinion_is_answered_by_its_body_and_decided_by_somebody_else(world: LedgerWorld, seen_by: Read) -> None:
    handled(world)
    with as_system("tests"):
        opinion = Opinion.objects.get()
    officer, clerk = seen_as(world.commerce_officer), seen_as(world.congress_clerk)
    assert (opinion.office_id, opinion.due_on) == (world.commerce.pk, date(2025, 12, 1))
    owed = seen_by(world.commerce_officer, supervision_due, [world.commerce.pk], timezone.localdate())
    assert [(one.title, one.due_on) for one in owed] == [("口岸建设专项报告", date(2025, 12, 1))]
    with pytest.raises(BridgeheadError) as refused:
        decide_opinion(by=clerk, opinion=opinion.pk, accepted=True)
    assert codes(refused) == {"supervision.nothing_handed_in"}
    answer_opinion(by=officer, opinion=opinion.pk, answer="已建立会商机制。")
    with pytest.raises(BridgeheadError) as refused:
        decide_opinion(by=clerk, opinion=opinion.pk, accepted=False)
    assert codes(refused) == {"form.missing"}
    decide_opinion(by=clerk, opinion=opinion.pk, accepted=False, why="没有附件")
    answer_opinion(by=officer, opinion=opinion.pk, answer="已建立会商机制，附件见下。")
    with pytest.raises(BridgeheadError) as refused:
        answer_opinion(by=officer, opinion=opinion.pk, answer="再来一次")
    assert codes(refused) == {"supervision.nothing_asked"}
    with pytest.raises(BridgeheadError) as refused:
        decide_opinion(by=seen_as(world.transport_officer), opinion=opinion.pk, accepted=True)
    assert codes(refused) == {"action.not_allowed"}
    assert decide_opinion(by=clerk, opinion=opinion.pk, accepted=True).state == "accepted"
    assert not seen_by(world.commerce_officer, supervision_due, [world.commerce.pk], timezone.localdate())


def test_nobody_accepts_their_own_answer(world: LedgerWorld) -> None:
    handled(world)
    both = in_both(world)
    with as_system("tests"):
        opinion = Opinion.objects.get()
    answer_opinion(by=seen_as(both), opinion=opinion.pk, answer="已办。")
    with pytest.raises(BridgeheadError) as refused:
        decide_opinion(by=seen_as(both), opinion=opinion.pk, accepted=True)
    assert codes(refused) == {"supervision.own_evidence"}


def running(world: LedgerWorld) -> SupervisionCase:
    """Return a case whose handling is owed two months from today."""
    with as_system("tests"):
        case = opened(world, timezone.localdate(), "special-report")
        for _ in range(3):
            case = taken(world, case, timezone.localdate())
    return case


@pytest.mark.article(83)
def test_a_longer_term_is_asked_for_in_writing_and_moves_the_opinions_with_it(world: LedgerWorld) -> None:
    case = running(world)
    assert case.due_on is not None
    until = case.due_on + timedelta(days=30)
    coordinator, clerk = seen_as(world.coordinator), seen_as(world.congress_clerk)
    asked = ask_extension(by=coordinator, case=case.pk, until=until, why="要与邻国会商")
    with pytest.raises(BridgeheadError) as refused:
        ask_extension(by=coordinator, case=case.pk, until=until, why="再问一次")
    assert codes(refused) == {"supervision.extension_waits"}
    decide_extension(by=clerk, extension=asked.pk, granted=True)
    with as_system("tests"):
        later = SupervisionCase.objects.get(pk=case.pk).due_on
        assert later is not None
        assert until <= later <= until + timedelta(days=10)
        assert Opinion.objects.get(case=case).due_on == later
    with pytest.raises(BridgeheadError) as refused:
        ask_extension(by=coordinator, case=case.pk, until=later + timedelta(days=1), why="再延")
    assert codes(refused) == {"procedure.too_many_extensions"}
    with pytest.raises(BridgeheadError) as refused:
        decide_extension(by=clerk, extension=asked.pk, granted=False)
    assert codes(refused) == {"supervision.extension_decided", "form.missing"}


def test_a_term_is_not_made_longer_than_the_template_says_nor_after_it_ran_out(world: LedgerWorld) -> None:
    case = running(world)
    coordinator = seen_as(world.coordinator)
    assert case.due_on is not None
    with pytest.raises(BridgeheadError) as refused:
        ask_extension(by=coordinator, case=case.pk, until=case.due_on + timedelta(days=300), why="")
    assert codes(refused) == {"supervision.extension_too_long", "form.missing"}
    with pytest.raises(BridgeheadError) as refused:
        ask_extension(by=coordinator, case=case.pk, until=case.due_on, why="一")
    assert codes(refused) == {"supervision.extension_no_longer"}
    late = handled(world)
    with pytest.raises(BridgeheadError) as refused:
        ask_extension(by=coordinator, case=late.pk, until=date(2026, 1, 1), why="一")
    assert codes(refused) == {"supervision.extension_too_late"}
    with as_system("tests"):
        waiting = taken(world, late, date(2025, 12, 5))
    with pytest.raises(BridgeheadError) as refused:
        ask_extension(by=coordinator, case=waiting.pk, until=date(2026, 1, 1), why="一")
    assert codes(refused) == {"supervision.not_owed"}
    asked = ask_extension(by=seen_as(in_both(world)), case=case.pk, until=case.due_on + timedelta(days=9), why="一")
    with pytest.raises(BridgeheadError) as refused:
        decide_extension(by=seen_as(world.congress_clerk), extension=asked.pk, granted=True)
    assert codes(refused) == {"supervision.own_evidence"}
    with as_system("tests"):
        assert CaseExtension.objects.get().state == "asked"


def test_a_step_recorded_by_mistake_is_taken_back_and_stays_in_the_journal(world: LedgerWorld) -> None:
    case, clerk = handled(world), seen_as(world.congress_clerk)
    with pytest.raises(BridgeheadError) as refused:
        take_back_step(by=clerk, case=case.pk, why=" ")
    assert codes(refused) == {"form.missing"}
    with pytest.raises(BridgeheadError) as refused:
        take_back_step(by=seen_as(world.coordinator), case=case.pk, why="不是我记的")
    assert codes(refused) == {"action.not_allowed"}
    case = take_back_step(by=clerk, case=case.pk, why="日期记错了")
    assert (case.waits, case.waits_for_id, case.due_on) == ("opinions", world.congress.pk, date(2025, 10, 9))
    with as_system("tests"):
        assert not Opinion.objects.exists()
        kept = JournalEntry.objects.filter(action="supervision.take_back_step", record_kind="supervision_event").get()
        assert (kept.reason, "2025-09-30" in kept.before) == ("日期记错了", True)
        case = taken(world, case, date(2025, 10, 8))
        opinion = Opinion.objects.get(case=case)
    answer_opinion(by=seen_as(world.commerce_officer), opinion=opinion.pk, answer="已办。")
    with pytest.raises(BridgeheadError) as refused:
        take_back_step(by=clerk, case=case.pk, why="再记一次")
    assert codes(refused) == {"supervision.rests_on_it"}


def test_a_closed_case_runs_again_when_its_last_step_is_taken_back(world: LedgerWorld) -> None:
    case = handled(world)
    with as_system("tests"):
        for on in (date(2025, 12, 5), date(2025, 12, 19), date(2026, 1, 5), date(2026, 1, 20)):
            case = taken(world, case, on)
    case = take_back_step(by=seen_as(world.congress_clerk), case=case.pk, why="票数记错了")
    assert (case.state, case.closed_on, case.waits) == ("open", None, "vote")


def test_the_doctor_says_where_a_case_does_not_say_what_follows(world: LedgerWorld) -> None:
    case = handled(world)
    with as_system("tests"):
        assert supervision_says_what_follows(True).severity == "ok"
        SupervisionCase.objects.filter(pk=case.pk).update(due_on=date(2025, 12, 2))
        assert supervision_says_what_follows(True).severity == "warning"
