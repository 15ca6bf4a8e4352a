"""Work of the model beside a page: asking for it, seeing how far it is, cancelling it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.models import Task
from bridgehead.ground.screens.record_forms import Answer, Offer, Sent, taken
from bridgehead.ground.tasks.actions import cancel_task
from bridgehead.ground.tasks.handlers import handlers
from bridgehead.ground.tasks.selectors import Line, may_change


@dataclass(frozen=True, slots=True)
class Run:
    """The latest work under a key, if somebody asked for it, and what came of the form that was sent."""

    line: Line | None
    answer: Answer

    @property
    def context(self) -> dict[str, object]:
        """What the template ``gateway/run.html`` takes."""
        return {
            "line": self.line,
            "live": self.line is not None and (self.line.running or self.line.waiting),
            "forms": self.answer.states,
            "filling": self.answer.refused.filling if self.answer.refused else None,
        }


def run_of(
    request: HttpRequest,
    kind: str,
    key: str,
    ask: Callable[[Sent], object] | None,
    more: Callable[[], Iterable[Offer]] = tuple,
) -> Run:
    """Return how far the work under a key is; carry out the form that was sent.

    Parameters
    ----------
    request : HttpRequest
        The request.
    kind, key : str
        The kind of task, and what its key begins with.
    ask : callable or None
        Asks for the work; None where there is nothing to ask for, and nothing is offered.
    more : callable
        Gives what else the page offers.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    line = task_line(viewer, kind, key) if ask is not None else None
    return Run(line, taken(request, lambda: [*_offers(viewer, line, ask), *more()]))


def task_line(viewer: Viewer, kind: str, key: str) -> Line | None:
    """Return the latest task under a key; of what others asked for, how far it is."""
    with as_system("telling how far a computation is"):
        row = Task.objects.filter(kind=kind, key__startswith=f"{key}-").order_by("-pk").first()
    if row is None:
        return None
    return Line(row, handlers().get(kind), "", "", may_change(viewer, row), timezone.now())


def _offers(viewer: Viewer, line: Line | None, ask: Callable[[Sent], object] | None) -> Iterable[Offer]:
    def cancel(sent: Sent) -> None:
        assert line is not None
        cancel_task(by=viewer, task=line.task.pk, once=sent.once)

    if ask is not None:
        yield Offer("run", ask)  # asked for while it runs it is the same work
    if line is not None and line.cancellable:
        yield Offer("cancel", cancel)
