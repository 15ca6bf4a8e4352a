"""Meetings, decisions and requests: who may do what, what is refused, and who sees what of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import JournalEntry
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.decisions import (
    DecisionTold,
    edit_decision,
    give_decision,
    record_decision,
    settle_decision,
)
from bridgehead.rooms.ledger.actions.evidence import Told, accept_evidence, draft_evidence
from bridgehead.rooms.ledger.actions.inquiries import answer_inquiry, ask_bodies, close_inquiry, remind_bodies
from bridgehead.rooms.ledger.actions.meetings import (
    MeetingTold,
    cancel_meeting,
    edit_meeting,
    file_minutes,
    hold_meeting,
    plan_meeting,
)
from bridgehead.rooms.ledger.models import Attendance, DecisionPart, Meeting, Reply, TaskPart
from bridgehead.rooms.ledger.selectors.inquiries import inquiry_list, inquiry_page
from bridgehead.rooms.ledger.selectors.meetings import meeting_list, meeting_page
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY, a_decision, a_meeting, an_inquiry

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


def told(world: LedgerWorld, **changed: Any) -> MeetingTold:
    kept = {
        "title": "专题会议",
        "kind": "special",
        "planned_at": timezone.now() + DAY,
        "participants": (world.commerce.pk,),
    }
    return MeetingTold(**(kept | changed))


@pytest.mark.article(5)
def test_a_meeting_is_planned_held_and_filed_and_whoever_was_asked_reads_it(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    meeting = a_meeting(world, held=True)
    decision = a_decision(world, meeting)
    file = receive("会议纪要".encode(), "minutes.txt")
    by = seen_as(world.coordinator)
    meeting = file_minutes(by=by, meeting=meeting.pk, version=meeting.version, file=file)
    page = seen_by(world.transport_officer, meeting_page, meeting.pk)
    assert [(one.name, one.state) for one in page.seats] == [("商务厅", "attended"), ("交通厅", "absent")]
    assert [one.record.pk for one in page.decisions] == [decision.pk]
    assert page.record.minutes.name == "minutes.txt"
    assert not page.keeps
    assert seen_by(world.coordinator, meeting_page, meeting.pk).keeps
    assert seen_by(world.deputy, meeting_page, meeting.pk).came == 1, "the congress reads what public bodies keep"
    with pytest.raises(BridgeheadError, match=r"meeting\.no_such_meeting"):
        seen_by(world.customs_officer, meeting_page, meeting.pk)
    assert seen_by(world.customs_officer, meeting_list).found.total == 0


def test_who_owns_a_decision_without_having_been_asked_sees_that_one_alone(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    meeting = a_meeting(world, held=True)
    a_decision(world, meeting)
    mine = DecisionTold(text="调整查验班次", office=world.customs.pk, due_on=today() + DAY)
    record_decision(by=seen_as(world.coordinator), meeting=meeting.pk, told=mine)
    page = seen_by(world.customs_officer, meeting_page, meeting.pk)
    assert [one.record.text for one in page.decisions] == ["调整查验班次"]


@pytest.mark.article(79)
def test_a_decision_becomes_a_task_and_is_as_far_as_that(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    decision = a_decision(world)
    by = seen_as(world.coordinator)
    decision = give_decision(by=by, decision=decision.pk, version=decision.version)
    task = decision.task
    with as_system("tests"):
        assert (task.matter, task.office, task.article) == (f"decision {decision.pk}", world.commerce, 5)
        assert TaskPart.objects.get(task=task).office == world.transport
    assert seen_by(world.coordinator, meeting_list).to_give == 0
    [line] = seen_by(world.commerce_officer, meeting_page, decision.meeting_id).decisions
    assert (line.share, line.settled) == (0, False)
    given = draft_evidence(
        by=seen_as(world.commerce_officer),
        task=task.pk,
        organisation=world.commerce.pk,
        told=Told(claim="已开通", issuer="商务厅", dated_on=today(), completes=True),
        file=receive("验收单".encode(), "report.txt"),
        hand_in=True,
    )
    accept_evidence(by=by, evidence=given.pk, version=given.version)
    [line] = seen_by(world.transport_officer, meeting_page, decision.meeting_id).decisions
    assert (line.share, line.settled, line.done_on) == (1, True, today())
    with pytest.raises(BridgeheadError, match=r"decision\.not_open"):
        settle_decision(by=by, decision=decision.pk, version=decision.version, note="不用办")


@pytest.mark.article(5)
@pytest.mark.parametrize(
    ("changed", "code", "field"),
    [
        ({"office": None}, "ledger.decision_without_owner", "office"),
        ({"office": 987_654}, "ledger.unknown_body", "office"),
        ({"joint": "owner"}, "decision.owner_joins", "joint"),
        # The meeting was held an hour ago: after midnight that is yesterday.
        ({"due_on": today() - 2 * DAY}, "decision.due_before", "due_on"),
        ({"articles": (5, 999)}, "coordination.unknown_article", "articles"),
        ({"text": "  "}, "form.missing", "text"),
    ],
)
def test_a_decision_that_cannot_be_carried_out_is_refused(
    world: LedgerWorld, changed: dict[str, Any], code: str, field: str
) -> None:
    meeting = a_meeting(world, held=True)
    kept: dict[str, Any] = {"text": "开通", "office": world.commerce.pk, "due_on": today() + DAY}
    kept |= {"joint": (world.commerce.pk,)} if changed.get("joint") else changed
    with pytest.raises(BridgeheadError) as refused:
        record_decision(by=seen_as(world.coordinator), meeting=meeting.pk, told=DecisionTold(**kept))
    assert [(one.code, one.place.field) for one in refused.value.faults] == [(code, field)]


def test_two_officers_do_not_edit_one_meeting_and_a_change_of_who_is_asked_is_a_change(world: LedgerWorld) -> None:
    meeting = a_meeting(world)
    first, second = seen_as(world.coordinator), seen_as(world.second_coordinator)
    same = {"title": meeting.title, "kind": "plenary", "planned_at": meeting.planned_at, "place": meeting.place}
    same |= {"chair": meeting.chair, "agenda": tuple(meeting.agenda)}
    asked = (world.commerce.pk, world.customs.pk)
    edit_meeting(by=first, meeting=meeting.pk, version=meeting.version, told=MeetingTold(participants=asked, **same))
    with as_system("tests"):
        assert set(Attendance.objects.values_list("office", flat=True)) == set(asked)
    with pytest.raises(BridgeheadError) as refused:
        edit_meeting(by=second, meeting=meeting.pk, version=meeting.version, told=told(world))
    assert codes(refused) == {"action.changed_meanwhile"}
    assert refused.value.faults[0].parameters["by"] == "王协调"


def test_what_is_wrong_with_a_meeting_is_told_at_once(world: LedgerWorld) -> None:
    by, at = seen_as(world.coordinator), world.office.pk
    with pytest.raises(BridgeheadError) as refused:
        plan_meeting(by=by, organisation=at, told=told(world, title="", kind="tea", participants=()))
    assert codes(refused) == {"form.missing", "form.no_such_choice", "meeting.nobody_asked"}
    meeting = a_meeting(world)
    later = timezone.now() + timedelta(hours=2)
    with pytest.raises(BridgeheadError) as refused:
        hold_meeting(by=by, meeting=meeting.pk, version=1, held_at=later, attended=())
    assert codes(refused) == {"meeting.held_in_future", "meeting.nobody_came"}
    with pytest.raises(BridgeheadError, match=r"meeting\.not_held"):
        a_decision(world, meeting)
    meeting = cancel_meeting(by=by, meeting=meeting.pk, version=1, note="主持人出差")
    with pytest.raises(BridgeheadError, match=r"meeting\.not_planned"):
        edit_meeting(by=by, meeting=meeting.pk, version=meeting.version, told=told(world))
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        plan_meeting(by=seen_as(world.commerce_head), organisation=world.commerce.pk, told=told(world))
    with as_system("tests"):
        assert Meeting.objects.get().state == "cancelled"


def test_a_decision_is_changed_settled_or_dropped_and_given_out_while_there_is_time(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    decision = a_decision(world)
    told = DecisionTold(text="改为两处", office=world.transport.pk, due_on=today(), joint=(world.customs.pk,))
    with pytest.raises(BridgeheadError) as refused:
        edit_decision(by=by, decision=decision.pk, version=decision.version, told=told)
    assert [(one.code, one.place.field) for one in refused.value.faults] == [("form.missing", "reason")]
    decision = edit_decision(by=by, decision=decision.pk, version=decision.version, told=told, reason="提前开通")
    with as_system("tests"):
        assert DecisionPart.objects.get(decision=decision).office == world.customs
    with pytest.raises(BridgeheadError, match=r"form\.missing"):
        settle_decision(by=by, decision=decision.pk, version=decision.version, note=" ")
    with pytest.raises(BridgeheadError, match=r"coordination\.day_to_come"):
        settle_decision(by=by, decision=decision.pk, version=decision.version, note="办完", on=today() + DAY)
    settle_decision(by=by, decision=decision.pk, version=decision.version, note="会上已办完")
    with pytest.raises(BridgeheadError, match=r"decision\.not_open"):
        give_decision(by=by, decision=decision.pk, version=decision.version + 1)


@pytest.mark.article(7)
def test_who_has_not_answered_is_reminded_and_the_reminder_is_journalled(
    world: LedgerWorld, seen_by: Callable[..., Any]
) -> None:
    inquiry = an_inquiry(world)
    by = seen_as(world.coordinator)
    with as_system("tests"):
        mine = Reply.objects.get(office=world.commerce)
    assert seen_by(world.commerce_officer, inquiry_list).missing == 1
    answer_inquiry(by=seen_as(world.commerce_officer), reply=mine.pk, version=mine.version, text="同意")
    assert remind_bodies(by=by, inquiry=inquiry.pk, version=inquiry.version) == 1
    with pytest.raises(BridgeheadError, match=r"inquiry\.reminded_today"):
        remind_bodies(by=by, inquiry=inquiry.pk, version=inquiry.version)
    page = seen_by(world.coordinator, inquiry_page, inquiry.pk)
    assert [(one.body, one.record.reminders) for one in page.replies] == [("交通厅", 1), ("商务厅", 0)]
    assert (page.line.asked, page.line.silent) == (2, 1)
    theirs = seen_by(world.transport_officer, inquiry_page, inquiry.pk).replies
    assert [one.body for one in theirs] == ["交通厅"], "a body reads its own reply alone"
    with as_system("tests"):
        entry = JournalEntry.objects.get(action="inquiry.remind")
    assert (entry.record_kind, entry.office_id) == ("reply", world.transport.pk)
    with pytest.raises(BridgeheadError, match=r"inquiry\.closed_without_reason"):
        close_inquiry(by=by, inquiry=inquiry.pk, version=inquiry.version)
    close_inquiry(by=by, inquiry=inquiry.pk, version=inquiry.version, note="按时间推进")
    with as_system("tests"):
        late = Reply.objects.get(office=world.transport)
    with pytest.raises(BridgeheadError, match=r"inquiry\.closed"):
        answer_inquiry(by=seen_as(world.transport_officer), reply=late.pk, version=late.version, text="晚了")
    with pytest.raises(BridgeheadError, match=r"action\.no_such_record"):
        answer_inquiry(by=seen_as(world.customs_officer), reply=late.pk, version=late.version, text="不是我们的")


def test_a_request_to_nobody_or_due_before_it_is_made_is_refused(world: LedgerWorld) -> None:
    with pytest.raises(BridgeheadError) as refused:
        ask_bodies(
            by=seen_as(world.coordinator),
            organisation=world.office.pk,
            title="",
            question="",
            bodies=(),
            due_on=today() - DAY,
        )
    assert codes(refused) == {"inquiry.to_nobody", "inquiry.due_before", "form.missing"}
