"""Duty, task, evidence: who may do what, and progress from accepted evidence alone, on any day."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import JournalEntry, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.duties import agree, look_again, set_responsibility, take_over
from bridgehead.rooms.ledger.actions.escalation import take_rung
from bridgehead.rooms.ledger.actions.evidence import (
    Told,
    accept_evidence,
    draft_evidence,
    return_evidence,
    revise_evidence,
    take_back_acceptance,
    withdraw_evidence,
)
from bridgehead.rooms.ledger.actions.goals import drop_milestone, set_milestone, set_target
from bridgehead.rooms.ledger.actions.periods import close_period, open_period
from bridgehead.rooms.ledger.actions.tasks import change_task, end_task, give_task, join_in
from bridgehead.rooms.ledger.models import FOREVER, Duty, Evidence, Responsibility, Spell, Task
from bridgehead.rooms.ledger.selectors.morning import morning
from bridgehead.rooms.ledger.spells import restate
from tests.ground.world import member
from tests.ledger import LedgerWorld, seen_as
from tests.site.forms import Forms
from tests.statutes import EARLIER, LATER, imported

DAY = timedelta(days=1)
PAPER = ("验收单".encode(), "report.txt")


def a_task(world: LedgerWorld, **told: Any) -> Task:
    """Give commerce a task that is due in a month, unless it is told otherwise."""
    kept = {
        "owner": world.office.pk,
        "lead": world.commerce.pk,
        "title": "开通新的查验场地",
        "due_on": today() + 30 * DAY,
    }
    return give_task(by=seen_as(world.coordinator), **(kept | told))


def handed_in(task: Task, by: Person, at: int, **told: Any) -> Evidence:
    """Hand in evidence of a task."""
    kept = {"claim": "已经办好", "issuer": "商务厅", "dated_on": today(), "completes": True}
    file = None if "value" in told else receive(*PAPER)
    return draft_evidence(
        by=seen_as(by), task=task.pk, organisation=at, told=Told(**(kept | told)), file=file, hand_in=True
    )


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    return {fault.code for fault in refused.value.faults}


@pytest.mark.article(6)
@pytest.mark.article(79)
def test_progress_is_what_was_accepted_and_nothing_else(world: LedgerWorld) -> None:
    task = a_task(world)
    assert (task.share, task.done_on, task.spells.get().owed) == (0, None, True)
    given = handed_in(task, world.commerce_officer, world.commerce.pk)
    task.refresh_from_db()
    assert task.share == 0, "handing in is no progress"
    accept_evidence(by=seen_as(world.coordinator), evidence=given.pk, version=given.version)
    task.refresh_from_db()
    assert (task.share, task.done_on, task.spells.get(until_on=FOREVER).owed) == (1, today(), False)
    given.refresh_from_db()
    take_back_acceptance(by=seen_as(world.coordinator), evidence=given.pk, version=given.version, reason="日期不对")
    task.refresh_from_db()
    assert (task.share, task.done_on, task.spells.get(until_on=FOREVER).owed) == (0, None, True)
    kept = JournalEntry.objects.filter(record_kind="evidence", record_id=str(given.pk)).values_list("action", flat=True)
    with as_system("tests"):
        assert list(kept.order_by("id")) == ["evidence.draft", "evidence.accept", "evidence.take_back"]


def test_nobody_decides_on_evidence_they_wrote(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    task = a_task(world, lead=world.office.pk)
    draft = draft_evidence(
        by=seen_as(world.coordinator),
        task=task.pk,
        organisation=world.office.pk,
        told=Told("已经办好", "办公室", today(), completes=True),
    )
    given = revise_evidence(
        by=seen_as(world.second_coordinator),
        evidence=draft.pk,
        version=draft.version,
        told=Told("已经办好", "办公室", today(), completes=True),
        file=receive(*PAPER),
        hand_in=True,
    )
    for one in (world.coordinator, world.second_coordinator):
        with pytest.raises(BridgeheadError) as refused:
            accept_evidence(by=seen_as(one), evidence=given.pk, version=given.version)
        assert codes(refused) == {"evidence.own"}
        offered = seen_by(one, morning)
        assert (offered.waits, offered.waiting) == (0, []), "nobody is offered what they may not decide"
    with as_system("tests"):
        third = member(world.office, "coordination", "third-coordinator", "周协调")
    assert [shown.row.pk for shown in seen_by(third, morning).waiting] == [given.pk]
    with pytest.raises(BridgeheadError) as refused:
        accept_evidence(by=seen_as(world.commerce_officer), evidence=given.pk, version=given.version)
    assert codes(refused) <= {"action.not_allowed", "action.no_such_record"}


def test_what_was_returned_keeps_what_it_said_and_is_handed_in_again(world: LedgerWorld) -> None:
    task = a_task(world)
    given = handed_in(task, world.commerce_officer, world.commerce.pk)
    with pytest.raises(BridgeheadError) as refused:
        return_evidence(by=seen_as(world.coordinator), evidence=given.pk, version=given.version)
    assert codes(refused) == {"form.missing"}
    back = return_evidence(
        by=seen_as(world.coordinator), evidence=given.pk, version=given.version, reason="没有出具单位的印章"
    )
    assert (back.state, back.reason, back.claim) == ("returned", "没有出具单位的印章", "已经办好")
    with pytest.raises(BridgeheadError) as refused:
        accept_evidence(by=seen_as(world.coordinator), evidence=back.pk, version=back.version)
    assert codes(refused) == {"evidence.not_handed_in"}
    again = revise_evidence(
        by=seen_as(world.commerce_head),
        evidence=back.pk,
        version=back.version,
        told=Told("已经办好，补了印章", "商务厅", today(), completes=True),
        hand_in=True,
    )
    assert (again.state, again.decided_by, again.file_id) == ("handed_in", None, given.file_id)
    gone = withdraw_evidence(by=seen_as(world.commerce_head), evidence=again.pk, version=again.version)
    assert gone.state == "withdrawn"


def test_milestones_targets_and_parts_make_the_share(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    task = a_task(world)
    opened = set_milestone(by=by, task=task.pk, title="开工")
    closed = set_milestone(by=by, task=task.pk, title="验收", weight=Decimal(2))
    part = a_task(world, lead=world.transport.pk, parent=task.pk, title="修路", due_on=task.due_on)
    assert part.article == task.article
    handed = handed_in(task, world.commerce_officer, world.commerce.pk, milestone=closed.pk, completes=False)
    accept_evidence(by=by, evidence=handed.pk, version=handed.version)
    task.refresh_from_db()
    assert task.share == Decimal("0.5"), "2 of 1 + 2 + 1"
    handed = handed_in(part, world.transport_officer, world.transport.pk)
    accept_evidence(by=by, evidence=handed.pk, version=handed.version)
    task.refresh_from_db()
    part.refresh_from_db()
    assert (task.share, part.done_on) == (Decimal("0.75"), today()), "a part counts once, with what it is part of"
    with pytest.raises(BridgeheadError) as refused:
        drop_milestone(by=by, milestone=closed.pk, version=closed.version, reason="不用了")
    assert codes(refused) == {"ledger.goal_has_evidence"}
    with pytest.raises(BridgeheadError) as refused:
        drop_milestone(by=by, milestone=opened.pk, version=opened.version)
    assert [(one.code, one.place.field) for one in refused.value.faults] == [("form.missing", "reason")]
    drop_milestone(by=by, milestone=opened.pk, version=opened.version, reason="并入验收")
    task.refresh_from_db()
    assert (task.share, task.done_on) == (1, today())


def test_who_joins_in_hands_in_and_who_is_supervised_does_not(world: LedgerWorld) -> None:
    task = a_task(world, joint=[world.customs.pk], supervised=[world.transport.pk])
    assert {one.office_id: one.part for one in task.parts.all()} == {
        world.customs.pk: "vertical",
        world.transport.pk: "supervised",
    }
    assert handed_in(task, world.customs_officer, world.customs.pk).state == "handed_in"
    with pytest.raises(BridgeheadError) as refused:
        handed_in(task, world.transport_officer, world.transport.pk)
    assert codes(refused) == {"ledger.not_taking_part"}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"lead": None}, {"ledger.task_without_lead"}),
        ({"lead": 99_999_999}, {"ledger.unknown_body"}),
        ({"title": " "}, {"form.missing"}),
        ({"due_on": None}, {"ledger.no_due_day"}),
        ({"due_on": None, "term": "soon"}, {"calendar.bad_term"}),
        ({"term": "3wd"}, {"ledger.due_twice"}),
        ({"due_on": date(2020, 1, 1)}, {"ledger.due_before_given"}),
        (
            {"period": "2025Q9", "lead": None, "title": ""},
            {"period.unreadable", "ledger.task_without_lead", "form.missing"},
        ),
        ({"joint": "commerce"}, {"ledger.part_doubled"}),
        ({"supervised": "customs"}, {"ledger.vertical_supervised"}),
        ({"weight": Decimal(0)}, {"task.bad_weight"}),
    ],
)
def test_a_task_is_refused_with_all_that_is_amiss(world: LedgerWorld, told: dict[str, Any], expected: set[str]) -> None:
    named = {name: [getattr(world, value).pk] for name, value in told.items() if name in ("joint", "supervised")}
    with pytest.raises(BridgeheadError) as refused:
        a_task(world, **(told | named))
    assert codes(refused) == expected
    assert not Task.objects.exists()


def test_terms_are_counted_in_working_days(world: LedgerWorld) -> None:
    task = a_task(world, due_on=None, term="10wd", given_on=date(2024, 9, 27))
    assert task.due_on == date(2024, 10, 16), "1 to 7 October off, 29 September and 12 October worked"


def test_a_task_is_no_part_of_its_own_part(world: LedgerWorld) -> None:
    task = a_task(world)
    part = a_task(world, parent=task.pk, due_on=task.due_on)
    with pytest.raises(BridgeheadError) as refused:
        change_task(
            by=seen_as(world.coordinator),
            task=task.pk,
            version=task.version,
            title=task.title,
            lead=task.office_id,
            due_on=task.due_on,
            parent=part.pk,
        )
    assert codes(refused) == {"task.cycle"}


def test_two_officers_at_one_task_and_a_moved_day_with_its_reason(world: LedgerWorld) -> None:
    task = a_task(world)
    told = {"task": task.pk, "title": task.title, "lead": task.office_id, "due_on": task.due_on + 10 * DAY}
    with pytest.raises(BridgeheadError) as refused:
        change_task(by=seen_as(world.coordinator), version=task.version, **told)
    assert codes(refused) == {"form.missing"}, "another day needs a reason"
    changed = change_task(by=seen_as(world.coordinator), version=task.version, reason="汛期停工", **told)
    assert changed.spells.get(until_on=FOREVER).due_on == changed.due_on >= told["due_on"]
    with pytest.raises(BridgeheadError) as refused:
        change_task(by=seen_as(world.second_coordinator), version=task.version, reason="另有安排", **told)
    assert codes(refused) == {"action.changed_meanwhile"}
    ended = end_task(by=seen_as(world.coordinator), task=task.pk, version=changed.version, reason="并入别的任务")
    assert not ended.spells.get(until_on=FOREVER).owed
    with pytest.raises(BridgeheadError) as refused:
        join_in(by=seen_as(world.coordinator), task=task.pk, organisation=world.commerce.pk, part="joint")
    assert codes(refused) == {"ledger.part_doubled"}


def test_a_lead_divides_its_task_and_nobody_else_does(world: LedgerWorld) -> None:
    task = a_task(world)
    part = give_task(
        by=seen_as(world.commerce_head),
        owner=world.commerce.pk,
        lead=world.transport.pk,
        title="报送数据",
        due_on=task.due_on,
        parent=task.pk,
    )
    assert part.parent_id == task.pk
    for one, at in ((world.commerce_officer, world.commerce), (world.transport_officer, world.transport)):
        with pytest.raises(BridgeheadError) as refused:
            give_task(by=seen_as(one), owner=at.pk, lead=at.pk, title="x", due_on=task.due_on, parent=task.pk)
        assert codes(refused) <= {"action.not_allowed", "action.no_such_record"}


@pytest.mark.article(5)
@pytest.mark.article(85)
def test_the_rungs_are_taken_one_after_the_other_and_anew_for_another_term(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    late = a_task(world, given_on=today() - 200 * DAY, due_on=today() - 100 * DAY)
    with pytest.raises(BridgeheadError) as refused:
        take_rung(by=by, task=late.pk, rung="supervise")
    assert codes(refused) == {"ledger.rung_out_of_order"}
    take_rung(by=by, task=late.pk, rung="circular", note="请说明原因")
    with pytest.raises(BridgeheadError) as refused:
        take_rung(by=by, task=late.pk, rung="supervise")
    assert codes(refused) == {"ledger.rung_too_early"}
    with pytest.raises(BridgeheadError) as refused:
        take_rung(by=by, task=late.pk, rung="circular")
    assert codes(refused) == {"ledger.rung_taken"}
    late.refresh_from_db()
    change_task(
        by=by,
        task=late.pk,
        version=late.version,
        title=late.title,
        lead=late.office_id,
        due_on=today() - 30 * DAY,
        reason="延期一次",
    )
    late.refresh_from_db()
    assert take_rung(by=by, task=late.pk, rung="circular").due_on == late.due_on > today() - 31 * DAY
    early = a_task(world)
    customs = a_task(world, lead=world.customs.pk, given_on=today() - 200 * DAY, due_on=today() - 100 * DAY)
    for task, rung, code in (
        (early, "circular", "ledger.rung_not_reached"),
        (early, "shout", "ledger.unknown_rung"),
        (customs, "circular", "ledger.unknown_rung"),
    ):
        with pytest.raises(BridgeheadError) as refused:
            take_rung(by=by, task=task.pk, rung=rung)
        assert codes(refused) == {code}
    assert take_rung(by=by, task=customs.pk, rung="prompt").to == world.customs, "a vertical unit is only reminded"


def test_a_closed_period_takes_nothing_until_it_is_opened(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    task = a_task(world, given_on=date(2025, 1, 6))
    waiting = handed_in(task, world.commerce_officer, world.commerce.pk, dated_on=date(2025, 3, 3))
    with pytest.raises(BridgeheadError) as refused:
        close_period(by=by, owner=world.office.pk, period=str(today().year))
    assert codes(refused) == {"ledger.period_not_over"}
    closed = close_period(by=by, owner=world.office.pk, period="2025Q1")
    with pytest.raises(BridgeheadError) as refused:
        handed_in(task, world.commerce_officer, world.commerce.pk, dated_on=date(2025, 3, 3))
    assert codes(refused) == {"ledger.period_closed"}
    with pytest.raises(BridgeheadError) as refused:
        accept_evidence(by=by, evidence=waiting.pk, version=waiting.version)
    assert codes(refused) == {"ledger.period_closed"}
    open_period(by=by, period=closed.pk, version=closed.version, reason="补报")
    assert accept_evidence(by=by, evidence=waiting.pk, version=waiting.version).state == "accepted"


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"claim": "", "issuer": ""}, {"form.missing"}),
        ({"dated_on": None}, {"form.missing"}),
        ({"dated_on": date(2999, 1, 1)}, {"evidence.in_the_future"}),
        ({"milestone": 424242}, {"evidence.unknown_part"}),
        ({"value": Decimal(3), "unit": "t", "as_of": date(2025, 1, 1)}, {"evidence.figure_without_target"}),
        ({"claim": "字" * 501}, {"form.text_too_long"}),
    ],
)
def test_evidence_is_refused_with_all_that_is_amiss(
    world: LedgerWorld, told: dict[str, Any], expected: set[str]
) -> None:
    task = a_task(world)
    with pytest.raises(BridgeheadError) as refused:
        handed_in(task, world.commerce_officer, world.commerce.pk, **told)
    assert codes(refused) == expected
    assert not Evidence.objects.exists()
    with pytest.raises(BridgeheadError) as refused:
        draft_evidence(
            by=seen_as(world.commerce_officer),
            task=task.pk,
            organisation=world.commerce.pk,
            told=Told("办好", "商务厅", today()),
            hand_in=True,
        )
    assert codes(refused) == {"evidence.nothing_handed_in"}


@pytest.mark.article(79)
def test_a_target_of_an_indicator_is_set_by_name_on_the_page(
    world: LedgerWorld, browser: Callable[[Person], Client]
) -> None:
    task = a_task(world)
    client = browser(world.coordinator)
    forms = Forms(client.get(f"/ledger/tasks/{task.pk}/").content.decode()).found
    [form] = [one for one in forms if "indicator" in one]
    told = {"indicator": "port_freight", "baseline": "0", "goal": "6500", "unit": "10^4 t", "weight": "1"}
    assert client.post(f"/ledger/tasks/{task.pk}/", form | told).status_code == 302
    assert [(one.indicator, one.goal) for one in task.targets.all()] == [("port_freight", Decimal(6500))]
    assert "口岸进出境货运量" in client.get(f"/ledger/tasks/{task.pk}/").content.decode()


def test_a_target_in_a_wrong_unit_is_told_once_with_all_else_and_what_was_typed_stays(
    world: LedgerWorld, browser: Callable[[Person], Client]
) -> None:
    task, client = a_task(world), browser(world.coordinator)
    address = f"/ledger/tasks/{task.pk}/"
    [form] = [one for one in Forms(client.get(address).content.decode()).found if "indicator" in one]
    told = {"indicator": "port_freight", "baseline": "many", "goal": "6500", "unit": "h", "weight": "1"}
    answer = client.post(address, form | told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert (page.count('class="says"'), page.count("量的不是一回事")) == (2, 1)
    [again] = [one for one in Forms(page).found if "indicator" in one]
    assert (again["baseline"], again["goal"]) == ("many", "6500")
    assert '<option value="h" selected>' in page
    numbers = {"baseline": Decimal(10) ** 14, "goal": Decimal(10) ** 14}
    with pytest.raises(BridgeheadError) as refused:
        set_target(by=seen_as(world.coordinator), task=task.pk, indicator="port_freight", unit="h", **numbers)
    assert [(one.code, one.place.field) for one in refused.value.faults] == [
        ("unit.other_kind", "unit"),
        ("ledger.number_too_large", "baseline"),
        ("ledger.number_too_large", "goal"),
    ]


def test_a_target_of_an_indicator_there_is_none_of_is_refused(world: LedgerWorld) -> None:
    with pytest.raises(BridgeheadError) as refused:
        set_target(
            by=seen_as(world.coordinator),
            task=a_task(world).pk,
            indicator="no-such-thing",
            baseline=Decimal(0),
            goal=Decimal(10),
            unit="parsecs",
        )
    assert codes(refused) == {"ledger.unknown_indicator", "unit.unknown"}


def test_a_target_is_kept_in_the_unit_of_its_indicator(world: LedgerWorld) -> None:
    told = {"indicator": "port_freight", "baseline": Decimal(132_000_000), "goal": Decimal(145_000_000), "unit": "t"}
    made = set_target(by=seen_as(world.coordinator), task=a_task(world).pk, **told)
    assert (made.baseline, made.goal, made.unit) == (Decimal(13_200), Decimal(14_500), "10^4 t")


@pytest.mark.article(6)
def test_duties_come_by_their_ids_and_a_new_text_shows_what_changed(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    with pytest.raises(BridgeheadError) as refused:
        take_over(by=by, owner=world.office.pk)
    assert codes(refused) == {"ledger.no_duties"}
    with as_system("tests"):
        work = imported(EARLIER)[0].work_id
    taken = take_over(by=by, owner=world.office.pk, work=work)
    assert taken.taken == Duty.objects.count() > 3
    assert take_over(by=by, owner=world.office.pk, work=work).taken == 0
    first = Duty.objects.first()
    assert first is not None
    task = a_task(world, duty=first.pk)
    assert task.article == first.article
    with as_system("tests"):
        imported(LATER)
    found = look_again(by=by, owner=world.office.pk, work=work)
    assert found.changed == Duty.objects.filter(state="changed").count() > 0
    assert found.gone == Duty.objects.filter(state="gone").count()
    changed = Duty.objects.filter(state="changed").first()
    assert changed is not None
    before, after = changed.anchor, changed.now["anchor"]
    agreed = agree(by=by, duty=changed.pk, version=changed.version)
    assert (agreed.state, agreed.now) == ("holds", {})
    assert before != after == agreed.anchor
    again = look_again(by=by, owner=world.office.pk, work=work)
    assert (again.moved, again.back) == (0, 0), "looking twice changes nothing more"
    assert Task.objects.get(pk=task.pk).duty_id == first.pk


@pytest.mark.article(6)
def test_one_lead_answers_for_a_duty_and_another_takes_over(world: LedgerWorld) -> None:
    by = seen_as(world.coordinator)
    with as_system("tests"):
        work = imported(EARLIER)[0].work_id
    take_over(by=by, owner=world.office.pk, work=work)
    duty = Duty.objects.first()
    assert duty is not None
    set_responsibility(by=by, duty=duty.pk, organisation=world.commerce.pk, part="lead", from_on=date(2026, 1, 1))
    set_responsibility(by=by, duty=duty.pk, organisation=world.customs.pk, part="joint")
    set_responsibility(by=by, duty=duty.pk, organisation=world.transport.pk, part="lead")
    standing = {one.office_id: one.part for one in Responsibility.objects.filter(until_on=None)}
    assert standing == {world.transport.pk: "lead", world.customs.pk: "vertical"}
    with pytest.raises(BridgeheadError) as refused:
        set_responsibility(by=by, duty=duty.pk, organisation=world.customs.pk, part="supervised")
    assert codes(refused) == {"ledger.vertical_supervised"}


def test_spells_cover_every_day_once(world: LedgerWorld) -> None:
    task = a_task(world, given_on=today() - 20 * DAY)
    with as_system("tests"):

        @settings(max_examples=25, deadline=None)
        @given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=6))
        def as_time_goes_by(steps: list[tuple[int, bool]]) -> None:
            Spell.objects.filter(task=task).delete()
            Task.objects.filter(pk=task.pk).update(state="open", due_on=task.due_on, done_on=None, share=0)
            on, said = task.given_on, {task.given_on: task.due_on}
            restate([task.pk], on)
            for days, moves in steps:
                on += days * DAY
                if moves:
                    due = task.due_on + len(said) * DAY
                    Task.objects.filter(pk=task.pk).update(due_on=due)
                    said[on] = due
                restate([task.pk], on)
            rows = list(Spell.objects.filter(task=task).order_by("from_on"))
            assert rows[0].from_on == task.given_on
            assert rows[-1].until_on == FOREVER
            assert all(one.until_on == other.from_on for one, other in itertools.pairwise(rows))
            for step in range((on - task.given_on).days + 2):
                day = task.given_on + step * DAY
                [row] = Spell.objects.filter(task=task, from_on__lte=day, until_on__gt=day)
                assert row.due_on == said[max(since for since in said if since <= day)]

        as_time_goes_by()


def test_a_reader_sees_what_they_have_a_part_in(world: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    task = a_task(world)
    from bridgehead.ground.access.gate import visible

    def tasks(viewer: Any) -> list[int]:
        return list(visible(Task, viewer).values_list("pk", flat=True))

    for one in (world.coordinator, world.commerce_officer, world.commerce_head, world.deputy):
        assert seen_by(one, tasks) == [task.pk]
    for one in (world.transport_officer, world.customs_officer):
        assert seen_by(one, tasks) == []


@pytest.mark.article(6)
@pytest.mark.parametrize("by_whom", ["customs_officer", "transport_officer"])
def test_who_joins_in_finds_the_task_in_the_morning_and_hands_evidence_in_on_its_page(
    world: LedgerWorld, browser: Callable[[Person], Client], by_whom: str
) -> None:
    joint = [world.customs.pk, world.transport.pk]
    task = a_task(world, joint=joint, given_on=today() - 40 * DAY, due_on=today() - 12 * DAY)
    client = browser(getattr(world, by_whom))
    assert f"/ledger/tasks/{task.pk}/" in client.get("/ledger/").content.decode()
    address = f"/ledger/tasks/{task.pk}/"
    shown = client.get(address)
    assert shown.status_code == 200
    [form] = [one for one in Forms(shown.content.decode()).found if "claim" in one]
    sent = form | {"claim": "配合的事已经办好", "issuer": "配合单位", "dated_on": today().isoformat()}
    sent.pop("do")
    answer = client.post(address, sent | {"file": SimpleUploadedFile("report.txt", PAPER[0])})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    given = Evidence.objects.get(task=task)
    assert (given.state, given.office.kind) == ("handed_in", getattr(world, by_whom.removesuffix("_officer")).kind)
    page = client.get(f"/ledger/evidence/{given.pk}/").content.decode()
    assert "配合的事已经办好" in page
    assert 'value="accept"' not in page
    accept_evidence(by=seen_as(world.coordinator), evidence=given.pk, version=given.version)
    assert Task.objects.get(pk=task.pk).share == 1
