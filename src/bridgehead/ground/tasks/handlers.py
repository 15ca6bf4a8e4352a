"""Handlers: what each kind of task does.

A handler has an effect, and before it, where the work takes long, a phase that computes::

    def read_rows(work: Work) -> Rows:
        for number, row in enumerate(rows):
            work.progress(number, len(rows), "reading")
        return rows

    @handler("import.apply", title_zh="写入导入的数据", title_en="Write imported rows", compute=read_rows)
    def apply_rows(deed: Deed, assignment: Assignment, rows: Rows) -> dict[str, int]:
        ...

``compute`` runs outside any transaction and may run more than once: after a crash somebody else begins it anew. The
effect runs inside the transaction that also marks the task done, and only while its lease is held, so it happens
exactly once. What leaves the database, such as a letter, belongs into ``compute`` and happens at least once;
`Assignment.key` is the same at every attempt, for the other side to tell a repetition by.

Rooms and subjects of the ground declare theirs in a module ``handlers``.
"""

from __future__ import annotations

import pkgutil
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from django.conf import settings

from bridgehead.ground.language import speak

if TYPE_CHECKING:
    from bridgehead.ground.actions import Deed

T = TypeVar("T")
MOST_ATTEMPTS = 5
MOST_TIMES_LOST = 20
"""How often a process may end or fall silent in the midst of one task, whatever its handler says of attempts: mostly
the machine is to blame and not the task, but a task that kills every process it meets must come to an end."""


class Interrupted(Exception):  # noqa: N818 - nothing went wrong
    """Work that has to end now; a handler lets it pass."""


class Cancelled(Interrupted):
    """Somebody cancelled the task."""


class LeaseLost(Interrupted):
    """Somebody else has the task now: what was computed here counts for nothing."""


class Stopping(Interrupted):
    """The runner ends; the task goes back to the others."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One attempt at a task.

    Attributes
    ----------
    task_id : int
        The task.
    kind : str
        Its kind.
    arguments : mapping
        What it was enqueued with.
    attempt, most_attempts : int
        Which attempt this is, counted from 1, and how many there may be; one that ended with its process, and not
        by itself, is not counted.
    owner_id, asked_by : int or None
        Organisation whose work it is, and the person who asked for it.
    lease : str
        By what it is held.
    """

    task_id: int
    kind: str
    arguments: Mapping[str, Any]
    attempt: int
    most_attempts: int
    owner_id: int | None
    asked_by: int | None
    lease: str

    @property
    def key(self) -> str:
        """The same text at every attempt: what leaves the database carries it, so that a repetition can be told."""
        return f"task-{self.task_id}"


Report = Callable[[Assignment, int, int, str], bool]
"""Writes progress while the lease is held; tells whether somebody wants the task cancelled."""


@dataclass
class Work:
    """What a computing phase is given: its assignment, and the ways to tell how far it is.

    Attributes
    ----------
    assignment : Assignment
        The attempt.
    """

    assignment: Assignment
    _report: Report
    cancelled: threading.Event = field(default_factory=threading.Event)
    lost: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What the task was enqueued with."""
        return self.assignment.arguments

    def check(self) -> None:
        """Go on, or raise.

        Raises
        ------
        Interrupted
            `Cancelled`, `LeaseLost` or `Stopping`.
        """
        if self.lost.is_set():
            raise LeaseLost(self.assignment.key)
        if self.cancelled.is_set():
            raise Cancelled(self.assignment.key)
        if self.stopping.is_set():
            raise Stopping(self.assignment.key)

    def progress(self, done: int, total: int, message: str = "") -> None:
        """Tell how far it is, and hear whether to go on; may be called as often as one likes.

        Parameters
        ----------
        done, total : int
            So many of so many.
        message : str
            Name of a step the handler declares, or words.

        Raises
        ------
        Interrupted
            See `check`.
        """
        self.check()
        if self._report(self.assignment, done, total, message):
            self.cancelled.set()
            self.check()

    def in_process(self, function: Callable[..., T], *arguments: Any) -> T:
        """Run a pure function of an engine in a process of its own and return its result.

        The function takes ``progress(done, total)`` as a keyword. The process ends when the task is cancelled.

        Raises
        ------
        Interrupted
            See `check`.
        BridgeheadError
            ``jobs.process_died`` if the process was killed, and what the function raises.
        """
        from bridgehead.jobs.processes import Call, run_one

        return run_one(Call(function, arguments), progress=self.progress, check=self.check)


Effect = Callable[["Deed", Assignment, Any], Any]
Compute = Callable[[Work], Any]


@dataclass(frozen=True, slots=True)
class Handler:
    """How a kind of task is done.

    Attributes
    ----------
    kind : str
        ``subject.verb``; the name of its entries in the journal, too.
    title_zh, title_en : str
        What it is called on the screen.
    effect : callable
        Takes the deed, the assignment and what was computed; returns a result of JSON types.
    compute : callable or None
        The phase before it.
    most_attempts : int
        After so many that ended by themselves the task has failed; see `MOST_TIMES_LOST` for the others.
    acts_as : str
        ``platform``, or ``asker``: with what the person who asked may do at that time.
    steps : mapping of str to (str, str)
        Names of its steps in both languages.
    passing : tuple of str
        Codes of faults that pass by themselves, beside those of machine and database: they are tried again.
    """

    kind: str
    title_zh: str
    title_en: str
    effect: Effect
    compute: Compute | None = None
    most_attempts: int = MOST_ATTEMPTS
    acts_as: Literal["platform", "asker"] = "platform"
    steps: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    passing: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """Return its name in one of the languages."""
        return speak(language, self.title_zh, self.title_en)

    def step(self, name: str, language: str) -> str:
        """Return the words for a step; words are their own."""
        return speak(language, *self.steps[name]) if name in self.steps else name


_handlers: dict[str, Handler] = {}


def handler(
    kind: str,
    *,
    title_zh: str,
    title_en: str,
    compute: Compute | None = None,
    most_attempts: int = MOST_ATTEMPTS,
    acts_as: Literal["platform", "asker"] = "platform",
    steps: Mapping[str, tuple[str, str]] | None = None,
    passing: tuple[str, ...] = (),
) -> Callable[[Effect], Effect]:
    """Declare the decorated effect, and what goes before it, as the handler of a kind; see `Handler`.

    Raises
    ------
    ValueError
        If the kind has another handler.
    """

    def declare(effect: Effect) -> Effect:
        if kind in _handlers:
            raise ValueError(f"two handlers for tasks of the kind {kind!r}")
        _handlers[kind] = Handler(
            kind, title_zh, title_en, effect, compute, most_attempts, acts_as, dict(steps or {}), passing
        )
        return effect

    return declare


@cache
def _find() -> None:
    from bridgehead import ground

    subjects = [f"{ground.__name__}.{found.name}" for found in pkgutil.iter_modules(ground.__path__) if found.ispkg]
    for place in (*settings.BRIDGEHEAD_ROOMS, *subjects):
        if find_spec(f"{place}.handlers"):
            import_module(f"{place}.handlers")


def handlers() -> Mapping[str, Handler]:
    """Return the handlers of the platform by kind."""
    _find()
    return _handlers


def most_attempts(kind: str) -> int:
    """Return how often a task of a kind may be tried; kinds nobody handles here as often as most."""
    found = handlers().get(kind)
    return found.most_attempts if found else MOST_ATTEMPTS
