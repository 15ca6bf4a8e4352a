"""Terms that reach into a year whose days off are not announced yet, and what becomes of them once they are."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import ANONYMOUS, as_system, system
from bridgehead.ground.models import JournalEntry
from bridgehead.kernel.calendars import Calendar, Term
from bridgehead.rooms.ledger import checks
from bridgehead.rooms.ledger.actions import questions, tasks, terms
from bridgehead.rooms.ledger.actions.questions import ask
from bridgehead.rooms.ledger.models import PublicQuestion, Task
from tests.ledger import LedgerWorld, seen_as

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def _known(monkeypatch: pytest.MonkeyPatch, calendar: Calendar) -> None:
    for module in (questions, tasks, terms):
        monkeypatch.setattr(module, "calendar", lambda: calendar)


def _given(world: LedgerWorld, **told: Any) -> Task:
    kept = {"owner": world.office.pk, "lead": world.commerce.pk, "title": "任务", "given_on": today()}
    return tasks.give_task(by=seen_as(world.coordinator), **(kept | told))


@pytest.mark.article(6, 7)
def test_a_provisional_term_is_counted_again_when_the_days_off_are_announced(
    world: LedgerWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Calendar(announced_until=today() - DAY)
    _known(monkeypatch, before)
    counted, named = _given(world, term="3wd"), _given(world, due_on=before.due(today(), Term.read("5wd")).day)
    whole = _given(world, due_on=date(2040, 3, 1))
    tight = _given(world, parent=whole.pk, term="3wd")
    ask(by=ANONYMOUS, kind="question", article=None, text="几点开门？", contact="")
    assert all(one.provisional for one in (counted, named, tight, *PublicQuestion.objects.all()))
    with as_system("tests"):
        assert terms.unsettled() == [], "nothing was announced yet"
        assert checks.terms_are_counted_by_announced_days(full=False).severity == "ok"
        Task.objects.filter(pk=whole.pk).update(due_on=tight.due_on, provisional=False)

    off = [counted.due_on, named.due_on]
    after = Calendar(off=off, announced_until=today() + 400 * DAY)
    _known(monkeypatch, after)
    [question] = PublicQuestion.objects.all()
    with as_system("tests"):
        found = checks.terms_are_counted_by_announced_days(full=False)
        assert (found.severity, found.en[:7]) == ("warning", "4 terms")
        settled, left = terms.settle(system("tests"))
        again = {one.pk: one for one in Task.objects.all()}
    assert left == [f"ledger_task {tight.pk}: ledger.subtask_after_parent"], "somebody has to set it"
    assert settled == [
        *(f"ledger_task {one.pk}" for one in (counted, named)),
        f"public_question {question.pk}",
    ]
    assert again[counted.pk].due_on == before.due(today(), Term.read("4wd")).day
    assert again[named.pk].due_on == after.on_or_after(named.due_on) > named.due_on
    assert again[tight.pk].due_on == tight.due_on
    due = PublicQuestion.objects.get().due_on
    assert due == before.due(today(), Term.read("17wd")).day
    entries = JournalEntry.objects.filter(action__endswith=".settle_term")
    assert {one.record_id for one in entries} >= {str(counted.pk), str(named.pk), str(question.pk)}
    with as_system("tests"):
        assert [one.pk for one in terms.unsettled()] == [tight.pk]
