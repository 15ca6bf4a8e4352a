"""What a person does to a task: cancel it, have it tried again."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Task
from bridgehead.ground.tasks.wake import wake

State = Task.State
CANCEL = "task.cancel"


@action("task.cancel")
def cancel_task(deed: Deed, *, task: int) -> Task:
    """Cancel a task: at once while it waits; one that runs ends when it next tells how far it is, without its effect.

    Raises
    ------
    BridgeheadError
        ``task.over`` if it has ended already; ``action.not_allowed`` for somebody who neither asked for it nor holds
        ``task.cancel``.
    """
    row = _theirs(deed, task)
    if row.state == State.RUNNING:
        return deed.change(row, cancel_wanted=True)
    if row.state != State.WAITING:
        deed.refuse("task.over")
    deed.check()
    return deed.change(row, state=State.CANCELLED, finished_at=deed.at)


@action("task.retry")
def retry_task(deed: Deed, *, task: int) -> Task:
    """Have a task that failed or was cancelled tried again from the beginning; its effect never happened.

    Raises
    ------
    BridgeheadError
        ``task.not_over`` while it waits or runs, ``task.over`` if it was done; ``action.not_allowed`` as in cancelling.
    """
    row = _theirs(deed, task)
    if row.state == State.DONE:
        deed.refuse("task.over")
    elif row.state not in (State.FAILED, State.CANCELLED):
        deed.refuse("task.not_over")
    deed.check()
    transaction.on_commit(wake)
    fresh: dict[str, Any] = {"fault": None, "started_at": None, "finished_at": None, "cancel_wanted": False}
    return deed.change(row, state=State.WAITING, attempts=0, times_lost=0, run_after=deed.at, **fresh)


def _theirs(deed: Deed, task: int) -> Task:
    """Return a task of whoever asks, or any to those who look after them."""
    row = deed.lock(Task, task)
    if deed.by.person_id is None or row.asked_by != deed.by.person_id:
        deed.require(CANCEL, row.owner_id)
    return row
