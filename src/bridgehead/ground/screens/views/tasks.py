"""The page of background work."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.filling import show
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.ground.tasks import selectors
from bridgehead.ground.tasks.actions import cancel_task, retry_task


def tasks(request: HttpRequest) -> HttpResponse:
    """Show what is being done in the background; cancel a task, or have it tried again."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def cancel(sent: Sent) -> None:
        cancel_task(by=viewer, task=sent.number("task", needed=True) or 0, once=sent.once)

    def retry(sent: Sent) -> None:
        retry_task(by=viewer, task=sent.number("task", needed=True) or 0, once=sent.once)

    def offered() -> Iterable[Offer]:
        return Offer("cancel", cancel), Offer("retry", retry)

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(request.get_full_path())
    found = selectors.listing(viewer, request.GET.get("state", ""), request.GET.get("before", ""))
    told = {"found": found, "forms": answer.states, "refused": answer.refused}
    return show(request, "ground/tasks.html", told, answer.status)
