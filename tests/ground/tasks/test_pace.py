"""From when the pace of a task can be told: since something of it was done, at every attempt anew."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Task
from bridgehead.ground.tasks.handlers import Assignment, Handler, Work
from bridgehead.ground.tasks.runner import REPORT_S, Runner
from tests.ground.world import BY

pytestmark = pytest.mark.django_db

KIND = "tests.pace"


@action("test.ask_for_pace")
def ask(deed: Deed) -> int:
    return int(deed.enqueue(KIND, {}).pk)


def _nothing(deed: Deed, assignment: Assignment, computed: Any) -> None:
    pass


def test_from_when_a_pace_can_be_told_is_noted_once_and_anew_at_every_attempt() -> None:
    seen: list[tuple[int, datetime | None]] = []

    def counts(work: Work) -> None:
        for done in (0, 2, 10):
            work.progress(done, 10)
            with as_system("tests"):
                row = Task.objects.get(pk=work.assignment.task_id)
            seen.append((row.counted_from, row.counted_at))
            time.sleep(REPORT_S)

    pk = ask(by=BY)
    runner = Runner(0, {KIND: Handler(KIND, "测试", "Test", _nothing, counts)})
    for _ in range(2):
        with as_system("tests"):
            Task.objects.filter(pk=pk).update(state=Task.State.WAITING, run_after=timezone.now())
        assert runner.run_one()
    nothing_done, first, later = seen[:3]
    assert nothing_done == (0, None)
    assert first == later
    assert first[0] == 2
    assert first[1] is not None
    assert seen[3] == (0, None), "an attempt begins anew"
