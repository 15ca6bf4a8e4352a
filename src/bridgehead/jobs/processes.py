"""Pure functions of the engines run in local processes, with progress, with an end from outside, surviving a kill.

A function must stand at the top of a module and take ``progress(done, total)`` as a keyword. A process that is killed,
for instance by a system short of memory, is noticed at once; what it was at is begun again by another one.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any

from bridgehead.kernel.errors import BridgeheadError

Progress = Callable[[int, int], None]
Check = Callable[[], None]

WHOLE = 1000
"""What one of several calls counts in their common progress."""
LOOK_S = 0.2
"""How often somebody is asked whether to go on."""
REPORT_S = 0.1
ATTEMPTS = 2
_spawn = multiprocessing.get_context("spawn")  # a fork would copy the locks of the server's threads


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments, all of which can be pickled."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


def run_one(call: Call, *, progress: Progress | None = None, check: Check | None = None) -> Any:
    """Run one call in a process of its own and return its result.

    Parameters
    ----------
    call : Call
        What to run.
    progress : callable, optional
        Called with (done, total) as the function tells them.
    check : callable, optional
        Called several times a second; what it raises ends the process and is raised.

    Raises
    ------
    BridgeheadError
        ``jobs.process_died`` if the process was killed; what the function raises.
    """
    return run_all([call], processes=1, progress=progress, check=check, attempts=1)[0]


def run_all(
    calls: Sequence[Call],
    *,
    processes: int | None = None,
    progress: Progress | None = None,
    check: Check | None = None,
    attempts: int = ATTEMPTS,
    workers: Workers | None = None,
) -> list[Any]:
    """Run calls in local processes and return their results in the order of the calls.

    Parameters
    ----------
    calls : sequence of Call
        What to run.
    processes : int, optional
        How many at once, one a core by default; 0 runs them here, one after the other.
    progress : callable, optional
        Called with (done, total): of one call its own numbers, of several thousandths of a call.
    check : callable, optional
        As for `run_one`.
    attempts : int
        How often a call may meet the death of its process before that is raised.
    workers : Workers, optional
        Processes that are there already, and stay; without, they begin and end with the calls.

    Raises
    ------
    BridgeheadError
        ``jobs.process_died``; what a function raises. The other processes are ended then.
    """
    kept = Workers() if workers is None else workers
    run = _Run(calls, progress or _nothing, check or _go_on, attempts, kept.workers)
    if processes == 0:
        return run.here()
    try:
        found = run.beside(min(processes or os.cpu_count() or 1, len(calls)))
    except BaseException:
        kept.end()
        raise
    if workers is None:
        kept.end()
    return found


def _nothing(done: int, total: int) -> None:
    pass


def _go_on() -> None:
    pass


@dataclass
class _Worker:
    """One process and the call it is at."""

    process: Any
    pipe: Connection
    at: int | None = None


@dataclass
class Workers:
    """Processes that stay from one call of `run_all` to the next, as beginning one takes a second.

    They begin when they are needed, and end with the ``with`` statement or when something was raised.
    """

    workers: list[_Worker] = field(default_factory=list)

    def __enter__(self) -> Workers:
        """Begin none yet."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """End all."""
        self.end()

    def end(self) -> None:
        """End every process; they hold nothing that a kill could spoil."""
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.process.join()
            worker.pipe.close()
            worker.process.close()
        self.workers.clear()


@dataclass
class _Run:
    """Calls on their way."""

    calls: Sequence[Call]
    progress: Progress
    check: Check
    attempts: int
    workers: list[_Worker]
    results: dict[int, Any] = field(default_factory=dict)
    shares: dict[int, tuple[int, int]] = field(default_factory=dict)
    tried: dict[int, int] = field(default_factory=dict)

    def here(self) -> list[Any]:
        """Run the calls in this process."""
        for at, call in enumerate(self.calls):
            self.check()

            def tell(done: int, total: int, at: int = at) -> None:
                self.check()
                self.told(at, done, total)

            self.results[at] = call.function(*call.arguments, progress=tell)
            self.finished(at)
        return [self.results[at] for at in range(len(self.calls))]

    def beside(self, processes: int) -> list[Any]:
        """Run the calls in processes."""
        waiting = deque(range(len(self.calls)))
        while len(self.results) < len(self.calls):
            self.check()
            while waiting and (worker := self._free(processes)) is not None:
                self._give(worker, waiting.popleft())
            for ready in wait([worker.pipe for worker in self.workers if worker.at is not None], LOOK_S):
                worker = next(one for one in self.workers if one.pipe is ready)
                lost = self._hear(worker)
                if lost is not None:
                    waiting.appendleft(lost)
        return [self.results[at] for at in range(len(self.calls))]

    def _free(self, processes: int) -> _Worker | None:
        for worker in self.workers:
            if worker.at is None:
                return worker
        if len(self.workers) >= processes:
            return None
        ours, theirs = _spawn.Pipe()
        process = _spawn.Process(target=_serve, args=(theirs,), name="bridgehead job")
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self.workers.append(worker)
        return worker

    def _give(self, worker: _Worker, at: int) -> None:
        worker.at = at
        self.tried[at] = self.tried.get(at, 0) + 1
        try:
            worker.pipe.send(self.calls[at])
        except (BrokenPipeError, ConnectionResetError):
            return  # it died before it began; its pipe tells so

    def _hear(self, worker: _Worker) -> int | None:
        """Take what a process says; return the call it was at if it died and the call is to be begun again."""
        assert worker.at is not None
        try:
            kind, *told = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            return self._bury(worker)
        if kind == "progress":
            self.told(worker.at, *told)
            return None
        at, worker.at = worker.at, None
        if kind == "raised":
            raise told[0]
        self.results[at] = told[0]
        self.finished(at)
        return None

    def _bury(self, worker: _Worker) -> int:
        at = worker.at
        assert at is not None
        worker.process.join()
        code = worker.process.exitcode
        self.workers.remove(worker)
        worker.pipe.close()
        worker.process.close()
        if self.tried[at] >= self.attempts:
            name = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
            function = self.calls[at].function
            raise BridgeheadError("jobs.process_died", {"function": function.__name__, "reason": name})
        self.shares.pop(at, None)
        return at

    def told(self, at: int, done: int, total: int) -> None:
        """Pass on how far everything is."""
        if len(self.calls) == 1:
            self.progress(done, total)
            return
        self.shares[at] = (done, max(total, 1))
        self.progress(sum(WHOLE * part // of for part, of in self.shares.values()), WHOLE * len(self.calls))

    def finished(self, at: int) -> None:
        """Pass on that a call is finished."""
        if len(self.calls) > 1:
            self.told(at, 1, 1)


# In the process beside


def _serve(pipe: Connection) -> None:
    """Run what comes through the pipe until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # ctrl-C is for the process that is asked to end
    threading.Thread(target=_end_with_the_parent, daemon=True).start()
    while True:
        try:
            call = pipe.recv()
        except EOFError:
            return
        except Exception as error:  # a function or argument that does not exist here
            pipe.send(("raised", _portable(error)))
            continue
        _answer(pipe, call)


def _answer(pipe: Connection, call: Call) -> None:
    last = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done >= total or now - last >= REPORT_S:
            last = now
            pipe.send(("progress", done, total))

    try:
        pipe.send(("result", call.function(*call.arguments, progress=tell)))
    except Exception as error:
        pipe.send(("raised", _portable(error)))


def _portable(error: Exception) -> Exception:
    """Return an exception that crosses the border with the place where it was raised."""
    told = "".join(traceback.format_exception(error))
    error.add_note(told)
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own exception
    except Exception:
        return RuntimeError(told)
    return error


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
