"""The runner: attempts, pauses, progress, cancelling, and trouble that is not the task's own."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import Viewer, as_system, system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import JournalEntry, Organisation, Task
from bridgehead.ground.people.organisations import edit_organisation
from bridgehead.ground.tasks import runner as runners
from bridgehead.ground.tasks import table
from bridgehead.ground.tasks.actions import cancel_task, retry_task
from bridgehead.ground.tasks.handlers import MOST_TIMES_LOST, Assignment, Handler, Work, handlers
from bridgehead.ground.tasks.runner import Runner, pause_after
from bridgehead.ground.tasks.table import faults_of
from bridgehead.kernel.errors import BridgeheadError, sentence
from tests.ground.world import BY, member, organisation
from tests.jobs import functions

pytestmark = pytest.mark.django_db

KIND = "tests.work"
State = Task.State


class Clock:
    def __init__(self) -> None:
        self.now = timezone.now() + timedelta(seconds=1)

    def __call__(self) -> datetime:
        return self.now


@action("test.ask")
def ask(deed: Deed, **more: Any) -> int:
    return int(deed.enqueue(KIND, more.pop("arguments", {}), **more).pk)


def _noted(deed: Deed, assignment: Assignment, computed: Any) -> Any:
    deed.note("effect", assignment.task_id)
    return computed


def _runner(
    compute: Callable[[Work], Any] | None = None,
    effect: Callable[[Deed, Assignment, Any], Any] = _noted,
    **more: Any,
) -> tuple[Runner, Clock]:
    clock = Clock()
    handler = Handler(KIND, "测试", "Test", effect, compute, **more)
    return Runner(0, {KIND: handler}, clock), clock


def _row(pk: int) -> Task:
    with as_system("tests"):
        return Task.objects.get(pk=pk)


def _effects(pk: int) -> int:
    with as_system("tests"):
        return JournalEntry.objects.filter(record_kind="effect", record_id=str(pk)).count()


def test_a_task_is_computed_and_takes_effect_with_its_arguments() -> None:
    runner, _ = _runner(lambda work: work.arguments["a"] * 2)
    pk = ask(by=BY, arguments={"a": 21})
    assert runner.run_one() is True
    assert runner.run_one() is False
    row = _row(pk)
    assert (row.state, row.result, row.attempts, row.lease, row.done, row.total) == (State.DONE, 42, 1, "", 1, 1)
    assert _effects(pk) == 1


def test_a_task_that_is_not_due_or_that_nobody_handles_stays_where_it_is() -> None:
    runner, clock = _runner()
    later = ask(by=BY, run_after=clock.now + timedelta(minutes=1))
    runner.kinds["tests.other"] = runner.kinds.pop(KIND)
    assert runner.run_one() is False
    runner.kinds[KIND] = runner.kinds["tests.other"]
    assert runner.run_one() is False
    assert _row(later).state == State.WAITING
    clock.now += timedelta(minutes=1)
    assert runner.run_one() is True


def test_the_same_key_is_enqueued_once_whoever_asked_for_it_first() -> None:
    there = ask(by=BY, key="report-2026")
    assert ask(by=BY, key="report-2026") == there
    stranger = viewer_of(member(organisation("another", "enterprise"), "enterprise"))
    assert ask(by=stranger, key="report-2026") == there


def test_what_breaks_is_tried_again_later_and_later_and_fails_in_the_end(caplog: pytest.LogCaptureFixture) -> None:
    def breaks(work: Work) -> None:
        raise ZeroDivisionError("secret 4711")

    runner, clock = _runner(breaks)
    pk = ask(by=BY, most_attempts=3)
    for attempt in (1, 2, 3):
        with caplog.at_level(logging.ERROR, "bridgehead.tasks"):
            assert runner.run_one() is True
        row = _row(pk)
        assert row.attempts == attempt
        assert row.state == (State.FAILED if attempt == 3 else State.WAITING)
        wait = row.run_after - clock.now
        if attempt < 3:
            assert timedelta(seconds=2**attempt / 2) <= wait <= timedelta(seconds=2**attempt * 1.5)
            assert runner.run_one() is False
            clock.now = row.run_after
    (fault,) = faults_of(row)
    assert fault.code == "task.went_wrong"
    assert "ZeroDivisionError" in sentence(fault, "en").message
    assert "4711" not in str(row.fault)  # what a stranger's data says stays in the log
    assert "secret 4711" in caplog.text
    assert _effects(pk) == 0


def test_pauses_double_up_to_an_hour() -> None:
    seconds = [pause_after(n, lambda low, high: 1.0).total_seconds() for n in (1, 2, 3, 11, 12, 13, 500)]
    assert seconds == [2, 4, 8, 2048, 3600, 3600, 3600]
    assert {pause_after(1) for _ in range(5)} != {timedelta(seconds=2)}


@pytest.mark.parametrize(
    ("code", "passing", "state"),
    [
        ("import.has_refused_rows", (), State.FAILED),
        ("region.no_rows", (), State.FAILED),
        ("jobs.process_died", (), State.WAITING),
        ("mail.not_taken", (), State.FAILED),
        ("mail.not_taken", ("mail.not_taken",), State.WAITING),
    ],
)
def test_only_what_passes_by_itself_is_tried_again(code: str, passing: tuple[str, ...], state: str) -> None:
    def refuses(work: Work) -> None:
        raise BridgeheadError(code, {"count": 3, "reason": "x"})

    runner, _ = _runner(refuses, passing=passing)
    pk = ask(by=BY)
    runner.run_one()
    row = _row(pk)
    assert (row.state, row.attempts, faults_of(row)[0].code) == (state, 1, code)
    assert faults_of(row)[0].parameters["count"] == 3


def test_an_effect_that_fails_leaves_nothing_of_itself() -> None:
    def half(deed: Deed, assignment: Assignment, computed: Any) -> None:
        _noted(deed, assignment, computed)
        deed.create(Organisation(code="half", name_zh="半", kind="enterprise"))
        raise BridgeheadError("action.conflict", {"action": "tests", "reason": ""})

    runner, _ = _runner(effect=half)
    pk = ask(by=BY)
    runner.run_one()
    assert _row(pk).state == State.FAILED
    assert _effects(pk) == 0
    with as_system("tests"):
        assert not Organisation.objects.filter(code="half").exists()


def test_trouble_of_the_machine_does_not_count_as_an_attempt() -> None:
    def no_database(work: Work) -> None:
        raise OperationalError("unable to open database file")

    runner, _ = _runner(no_database)
    pk = ask(by=BY, most_attempts=1)
    runner.run_one()
    row = _row(pk)
    assert (row.state, row.attempts, row.fault) == (State.WAITING, 0, None)


def test_an_effect_waits_for_a_database_that_is_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    runner, _ = _runner()
    pk = ask(by=BY)
    real, refused = table.finish, []

    def locked(*given: Any, **more: Any) -> None:
        if len(refused) < 2:
            refused.append(1)
            raise OperationalError("database is locked")
        real(*given, **more)

    monkeypatch.setattr(table, "finish", locked)
    runner.run_one()
    assert (_row(pk).state, _effects(pk), len(refused)) == (State.DONE, 1, 2)


def test_progress_is_written_and_a_wish_to_cancel_is_heard() -> None:
    seen: list[tuple[int, int, str]] = []

    def counts(work: Work) -> None:
        work.progress(1, 10, "reading")
        row = _row(work.assignment.task_id)
        seen.append((row.done, row.total, row.message))
        cancel_task(by=BY, task=row.pk)
        for n in range(2, 11):
            work.progress(n, 10)
        raise AssertionError("it went on")

    runner, _ = _runner(counts)
    pk = ask(by=BY)
    runner.run_one()
    row = _row(pk)
    assert seen == [(1, 10, "reading")]
    assert (row.state, row.cancel_wanted, row.finished_at is not None) == (State.CANCELLED, True, True)
    assert _effects(pk) == 0


def test_a_wish_to_cancel_is_heard_by_the_heartbeat_and_before_the_effect() -> None:
    def tells_nothing(work: Work) -> str:
        cancel_task(by=BY, task=work.assignment.task_id)
        runner.beat()
        assert work.cancelled.is_set()
        return "computed"

    runner, _ = _runner(tells_nothing)
    pk = ask(by=BY)
    runner.run_one()
    assert (_row(pk).state, _effects(pk)) == (State.CANCELLED, 0)


def test_a_cancelled_task_tried_again_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    runner, clock = _runner()
    pk = ask(by=BY)
    cancel_task(by=BY, task=pk)
    assert runner.run_one() is False
    retry_task(by=BY, task=pk)
    clock.now = timezone.now()
    assert runner.run_one() is True
    assert (_row(pk).state, _effects(pk)) == (State.DONE, 1)
    with pytest.raises(BridgeheadError) as told:
        retry_task(by=BY, task=pk)
    assert told.value.code == "task.over"


def test_what_lost_its_lease_takes_no_effect_and_its_heart_tells_it() -> None:
    def is_slow(work: Work) -> None:
        clock.now += timedelta(minutes=2)
        assert table.claim((KIND,), now=clock.now) is not None  # another runner
        runner.beat()
        assert work.lost.is_set()

    runner, clock = _runner(is_slow)
    pk = ask(by=BY)
    runner.run_one()
    row = _row(pk)
    assert (row.state, row.attempts, row.times_lost, _effects(pk)) == (State.RUNNING, 1, 1, 0)


def test_a_process_that_ends_costs_the_task_no_attempt_but_not_for_ever() -> None:
    runner, clock = _runner(lambda work: None)
    pk = ask(by=BY, most_attempts=1)
    for times in range(MOST_TIMES_LOST):
        found = table.claim((KIND,), now=clock.now)
        assert found is not None
        row = _row(pk)
        assert (found.attempt, row.attempts, row.times_lost) == (1, 1, times)
        clock.now += timedelta(minutes=2)
    assert table.claim((KIND,), now=clock.now) is None
    row = _row(pk)
    (fault,) = faults_of(row)
    assert (row.state, row.times_lost, row.lease) == (State.FAILED, MOST_TIMES_LOST, "")
    assert (fault.code, fault.parameters) == ("task.broke_off", {"times": MOST_TIMES_LOST})
    retry_task(by=BY, task=pk)
    clock.now += timedelta(days=1)
    assert runner.run_one()
    assert (_row(pk).state, _row(pk).times_lost, _effects(pk)) == (State.DONE, 0, 1)


def test_a_task_whose_process_ended_is_still_tried_again_after_a_fault_that_passes() -> None:
    def fails(work: Work) -> None:
        raise ValueError

    runner, clock = _runner(fails)
    pk = ask(by=BY, most_attempts=2)
    for _ in range(3):
        assert table.claim((KIND,), now=clock.now) is not None
        clock.now += timedelta(minutes=2)
    runner.run_one()
    row = _row(pk)
    assert (row.state, row.attempts, row.times_lost) == (State.WAITING, 1, 3)
    clock.now += timedelta(hours=2)
    runner.run_one()
    row = _row(pk)
    assert (row.state, row.attempts, row.times_lost) == (State.FAILED, 2, 3)


def test_a_heart_that_beats_keeps_the_lease() -> None:
    def is_slow(work: Work) -> None:
        for _ in range(10):
            clock.now += timedelta(seconds=30)
            runner.beat()
            assert table.claim((KIND,), now=clock.now) is None

    runner, clock = _runner(is_slow)
    pk = ask(by=BY)
    runner.run_one()
    assert (_row(pk).state, _effects(pk)) == (State.DONE, 1)


def test_a_runner_that_ends_gives_back_what_it_is_at() -> None:
    def counts(work: Work) -> None:
        runner.stop(0)
        work.progress(1, 2)
        raise AssertionError("it went on")

    runner, _ = _runner(counts)
    pk = ask(by=BY)
    runner.run_one()
    row = _row(pk)
    assert (row.state, row.attempts, row.lease) == (State.WAITING, 0, "")


def test_an_effect_acts_as_the_platform_or_as_whoever_asked_with_what_they_may_do_then() -> None:
    at = organisation("alpha", "enterprise")
    person = member(at, "enterprise_admin")
    who: list[Viewer] = []

    def renames(deed: Deed, assignment: Assignment, computed: Any) -> None:
        who.append(deed.by)
        edit_organisation(by=deed, organisation=at.pk, version=1, name_zh="新名")

    pk = ask(by=viewer_of(person))
    runner, _ = _runner(effect=renames, acts_as="asker")
    runner.run_one()
    assert _row(pk).state == State.DONE
    assert (who[0].person_id, who[0].request) == (person.pk, f"task-{pk}")
    with as_system("tests"):
        entry = JournalEntry.objects.get(action="organisation.edit")
    assert (entry.actor_id, entry.on_behalf_of, entry.request) == (person.pk, at.pk, f"task-{pk}")

    stranger = member(organisation("bravo", "enterprise"), "enterprise_admin", "stranger")
    refused = ask(by=viewer_of(stranger))
    runner.run_one()
    assert [fault.code for fault in faults_of(_row(refused))] == ["action.no_such_record"]


def test_only_the_asker_and_those_who_look_after_tasks_cancel() -> None:
    at = organisation("alpha", "enterprise")
    asker, colleague = member(at, "enterprise_admin"), member(at, "enterprise", "colleague")
    administrator = member(organisation("gov", "government"), "administrator")
    pk, other = (ask(by=viewer_of(asker), owner_id=at.pk) for _ in range(2))
    with pytest.raises(BridgeheadError) as told:
        cancel_task(by=viewer_of(colleague), task=pk)
    assert told.value.code == "action.not_allowed"
    cancel_task(by=viewer_of(asker), task=pk)
    cancel_task(by=viewer_of(administrator), task=other, reason="doppelt")
    with as_system("tests"):
        entries = list(JournalEntry.objects.filter(action="task.cancel").order_by("id"))
    assert [entry.actor_id for entry in entries] == [asker.pk, administrator.pk]
    assert '"state":"waiting"' in entries[0].before
    assert '"state":"cancelled"' in entries[0].after
    assert "lease" not in entries[0].after


def test_a_function_in_a_process_of_its_own_ends_when_the_task_is_cancelled(tmp_path: Any) -> None:
    file = tmp_path / "pid"

    def computes(work: Work) -> None:
        work.in_process(functions.endless, str(file))

    def cancels(assignment: Assignment, done: int, total: int, message: str) -> bool:
        return True

    runner, _ = _runner(computes)
    runner._report = cancels  # type: ignore[method-assign]
    pk = ask(by=BY)
    runner.run_one()
    assert _row(pk).state == State.CANCELLED
    assert file.exists()


def test_every_handler_of_the_platform_has_its_names() -> None:
    found = handlers()
    assert "mail.send" in found
    for kind, handler in found.items():
        assert handler.kind == kind
        assert handler.title_zh
        assert handler.title_en
        assert len(kind) <= 64


def test_a_mail_is_sent_by_the_runner_and_bears_the_same_number_at_every_attempt() -> None:
    from django.conf import settings

    from bridgehead.ground.mail import FOLDER, _of_an_account
    from bridgehead.ground.people.accounts import told_by_mail

    person = member(organisation("gov", "government"), "officer")

    @action("test.mail")
    def mail(deed: Deed) -> int:
        told = told_by_mail("password_changed", person.pk, "http://localhost:8000", "someone@example.org")
        return int(deed.enqueue("mail.send", told).pk)

    pk = mail(by=system("tests"))
    runner = Runner(0, clock=Clock())
    assert runner.run_one() is True
    assert (_row(pk).state, _row(pk).result) == (State.DONE, "written")
    letters = list((settings.BRIDGEHEAD_DATA / FOLDER).glob("*.eml"))
    assert any(b"someone@example.org" in letter.read_bytes() for letter in letters)
    told = told_by_mail("password_changed", person.pk, "http://localhost", "a@example.org")
    with as_system("tests"):
        letters_of = [_of_an_account(told, key) for key in ("task-1", "task-1", "task-2")]
    first, again, other = (one["Message-ID"] for one in letters_of if one is not None)
    assert first == again != other


def test_only_the_machine_is_waited_for() -> None:
    wrong = OperationalError('near "x": syntax error')
    wrong.__cause__ = Exception()
    wrong.__cause__.sqlite_errorname = "SQLITE_ERROR"  # type: ignore[attr-defined]
    assert not runners._of_the_machine(wrong)
    assert not runners._of_the_machine(ValueError())
    assert runners._of_the_machine(OperationalError("database or disk is full"))
    assert runners._of_the_machine(BridgeheadError("clock.set_back", {"now": "", "latest": ""}))
