"""The runner: takes tasks up, does them, and goes on whatever happens to them, to it or to the database."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, InterfaceError, OperationalError, connection
from django.utils import timezone

from bridgehead.ground import database
from bridgehead.ground.tasks import table
from bridgehead.ground.tasks.handlers import (
    Assignment,
    Cancelled,
    Handler,
    LeaseLost,
    Stopping,
    Work,
    handlers,
)
from bridgehead.ground.tasks.wake import bell
from bridgehead.kernel.errors import BridgeheadError, Fault

_log = logging.getLogger("bridgehead.tasks")

POLL_S = 1.0
"""How often an idle runner looks for tasks that other processes left."""
HEARTBEAT_S = 10.0
REPORT_S = 0.5
"""How often progress is written at most."""
GRACE_S = 10.0
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(hours=1)
LONGEST_TROUBLE_S = 10.0
"""Longest pause while the database is away."""
SAME_TRANSACTION_AGAIN = 4
_IN_EACH_OTHERS_WAY = ("40001", "40P01")
_PASSING = ("database", "clock", "server", "jobs")
"""Areas of faults that pass by themselves; all others come from what was asked, and asking again changes nothing."""
_SHORT_OF = ("database.locked", "database.full", "database.read_only")
_OF_THE_MACHINE = ("database.unavailable", *_SHORT_OF, "clock.set_back")


class Runner:
    """Does tasks in threads of this process until it is told to stop.

    Several runners, in one process or in many, on one computer or on many, share one table.

    Parameters
    ----------
    threads : int
        How many tasks it does at once.
    kinds : mapping of str to Handler, optional
        What it can do; every handler of the platform by default.
    clock : callable
        Tells the time.
    """

    def __init__(
        self,
        threads: int = 1,
        kinds: dict[str, Handler] | None = None,
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        self.kinds = dict(kinds if kinds is not None else handlers())
        self.clock = clock
        self.troubled = ""
        self._ending = threading.Event()
        self._at_work: dict[str, Work] = {}
        self._reported: dict[str, float] = {}
        self._counted: set[str] = set()
        self._threads = [
            threading.Thread(target=self._go_on, name=f"task runner {number + 1}", daemon=True)
            for number in range(threads)
        ]
        self._heart = threading.Thread(target=self._beat, name="heartbeat of the task runner", daemon=True)

    # In threads

    def start(self) -> None:
        """Begin."""
        for thread in (*self._threads, self._heart):
            thread.start()

    def stop(self, grace_s: float = GRACE_S) -> None:
        """Take up nothing more; what is at work may end, or is given back when it next tells how far it is."""
        self._ending.set()
        bell.set()
        for work in list(self._at_work.values()):
            work.stopping.set()
        until = time.monotonic() + grace_s
        for thread in (*self._threads, self._heart):
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))

    def _go_on(self) -> None:
        pause = 0.5
        while not self._ending.is_set():
            bell.clear()
            try:
                busy = self.run_one()
                pause, self.troubled = 0.5, ""
            except Exception as reason:  # the database is away, or not prepared yet: wait for it
                self._tell_trouble(reason)
                connection.close()
                self._ending.wait(pause)
                pause = min(2 * pause, LONGEST_TROUBLE_S)
                continue
            if not busy:
                bell.wait(POLL_S)
        connection.close()

    def _beat(self) -> None:
        while not self._ending.wait(HEARTBEAT_S):
            try:
                self.beat()
            except Exception as reason:
                self._tell_trouble(reason)
                connection.close()
        connection.close()

    def _tell_trouble(self, reason: Exception) -> None:
        """Log trouble once, not at every try."""
        told = f"{type(reason).__name__}: {reason}"
        if told != self.troubled:
            _log.warning("background work waits: %s", told)
            self.troubled = told

    def beat(self) -> None:
        """Renew the leases of everything at work; what was lost or cancelled is told so."""
        for work in list(self._at_work.values()):
            try:
                if table.renew(work.assignment, now=self.clock()):
                    work.cancelled.set()
            except LeaseLost:
                work.lost.set()

    # One task

    def run_one(self) -> bool:
        """Take up one task and do it; return whether there was one.

        Raises
        ------
        Error, BridgeheadError
            If the table cannot be read.
        """
        assignment = table.claim(tuple(self.kinds), now=self.clock())
        if assignment is None:
            return False
        self._do(assignment, self.kinds[assignment.kind])
        return True

    def _do(self, assignment: Assignment, handler: Handler) -> None:
        work = Work(assignment, self._report)
        if self._ending.is_set():
            work.stopping.set()
        self._at_work[assignment.lease] = work
        try:
            self._attempt(work, handler)
        except LeaseLost:
            _log.warning("task %s went to another runner", assignment.task_id)
        except Cancelled:
            self._insist(lambda: table.cancel(assignment, now=self.clock()))
        except Stopping:
            self._insist(lambda: table.give_back(assignment, now=self.clock(), at=self.clock()))
        except Exception as reason:
            self._put_off(assignment, handler, reason)
        finally:
            del self._at_work[assignment.lease]
            self._reported.pop(assignment.lease, None)
            self._counted.discard(assignment.lease)

    def _attempt(self, work: Work, handler: Handler) -> None:
        work.check()
        computed = handler.compute(work) if handler.compute else None
        if work.lost.is_set():
            raise LeaseLost(work.assignment.key)
        self._insist(lambda: self._finish(work.assignment, handler, computed))

    def _finish(self, assignment: Assignment, handler: Handler, computed: Any) -> None:
        for attempt in range(SAME_TRANSACTION_AGAIN):
            try:
                table.finish(assignment, handler, computed, now=self.clock())
                return
            except Error as reason:
                if _state(reason) not in _IN_EACH_OTHERS_WAY or attempt == SAME_TRANSACTION_AGAIN - 1:
                    raise
                time.sleep(0.01 * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 - no secret

    def _insist(self, step: Callable[[], None]) -> None:
        """Take a step of the table; while the database is away or the clock wrong, wait and take it again.

        A step is fenced by the lease, so one that was taken although its answer was lost is not taken twice.

        Raises
        ------
        Stopping
            If the runner is to end meanwhile: the lease is left to whoever finds its holder dead.
        """
        pause = 0.2
        while True:
            try:
                step()
                return
            except (Error, BridgeheadError) as reason:
                if not _of_the_machine(reason):
                    raise
                self._tell_trouble(reason)
                _drop_broken_connection()
            if self._ending.wait(pause):
                raise Stopping
            pause = min(2 * pause, LONGEST_TROUBLE_S)

    def _put_off(self, assignment: Assignment, handler: Handler, reason: Exception) -> None:
        """Note what went wrong, and try again later if that can help."""
        now = self.clock()
        if _of_the_machine(reason):  # not the task's own fault: the attempt does not count
            _log.warning("task %s was put off: %s", assignment.task_id, reason)
            self._insist(lambda: table.give_back(assignment, now=now, at=now + FIRST_PAUSE))
            return
        faults, again = _judged(reason, handler.passing)
        if not isinstance(reason, BridgeheadError):
            _log.error("task %s (%s) broke off", assignment.task_id, assignment.kind, exc_info=reason)
        at = now + pause_after(assignment.attempt) if again and assignment.attempt < assignment.most_attempts else None
        self._insist(lambda: table.fail(assignment, faults, now=now, again_at=at))

    def _report(self, assignment: Assignment, done: int, total: int, message: str) -> bool:
        """Write progress, at most twice a second and always at the end."""
        now = time.monotonic()
        if done < total and now - self._reported.get(assignment.lease, -REPORT_S) < REPORT_S:
            return False
        self._reported[assignment.lease] = now
        at = self.clock()
        told: dict[str, Any] = {"done": max(0, done), "total": max(0, done, total), "message": message[:200]}
        if done > 0 and assignment.lease not in self._counted:  # what came before was preparation, and tells no pace
            told |= {"counted_from": done, "counted_at": at}
            self._counted.add(assignment.lease)
        try:
            return table.renew(assignment, now=at, **told)
        except (Error, BridgeheadError) as reason:
            if not _of_the_machine(reason):
                raise
            _drop_broken_connection()  # how far it is can wait; the work goes on
            return False


def pause_after(attempt: int, chance: Callable[[float, float], float] = random.uniform) -> timedelta:
    """Return how long to wait after a failed attempt: doubled each time, an hour at most, give or take a half."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempt - 1, 20), LONGEST_PAUSE)
    return pause * chance(0.5, 1.5)


def _judged(reason: Exception, passing: Collection[str]) -> tuple[Collection[Fault], bool]:
    """Return the faults of what was raised, and whether trying again can help."""
    if isinstance(reason, BridgeheadError):
        codes = [fault.code for fault in reason.faults]
        return reason.faults, all(code in passing or code.partition(".")[0] in _PASSING for code in codes)
    return (Fault("task.went_wrong", {"reason": type(reason).__name__}),), True


def _of_the_machine(reason: Exception) -> bool:
    """Tell whether the database or the clock is in trouble, which no task can help."""
    if isinstance(reason, BridgeheadError):
        return reason.code in _OF_THE_MACHINE
    if not isinstance(reason, Error):
        return False
    code = database.fault_of(reason).code
    if code in _SHORT_OF:
        return True
    wrong_statement = getattr(reason.__cause__, "sqlite_errorname", "") == "SQLITE_ERROR"
    away = isinstance(reason, OperationalError | InterfaceError) and not wrong_statement
    return away and code == "database.unavailable"


def _drop_broken_connection() -> None:
    """Let the next statement find a new connection if this one is of no more use."""
    with suppress(Error):
        if connection.vendor == "sqlite" or not connection.is_usable():
            connection.close()


def _state(reason: Exception) -> str:
    return str(getattr(reason.__cause__, "sqlstate", None) or "")
