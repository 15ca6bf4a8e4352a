"""Pages of circulars: those that were issued, a draft, one circular."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.ledger.actions.circulars import issue_circular
from bridgehead.rooms.ledger.models import Circular
from bridgehead.rooms.ledger.papers.circulars import circular_paper
from bridgehead.rooms.ledger.selectors.circulars import Seen, circular_list, circular_page, draft, issued_of
from bridgehead.rooms.ledger.views.coordination_forms import InLanguage, as_docx, body_groups, listed, numbers_in


def circulars(request: HttpRequest) -> HttpResponse:
    """Show the circulars one may read, and those that are still to be issued.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = circular_list(viewer, number(request.GET.get("page", "1")) or 1)
    return render(request, "ledger/circulars.html", {"seen": seen})


def circular(request: HttpRequest, circular: int) -> HttpResponse:
    """Show a circular as it was issued.

    Articles: 5, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "ledger/circular.html", {"seen": circular_page(viewer, circular)})


def circular_draft(request: HttpRequest, period: str) -> HttpResponse:
    """Show what a circular of a period would say now, and issue it once the period is over.

    Articles: 5, 79
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at = number(request.GET.get("organisation", ""))
    seen = draft(viewer, period, at)
    issued = issued_of(viewer, seen.organisation, seen.content["period"])
    made: list[Circular] = []

    def offered() -> list[Offer]:
        if not seen.over or (issued is not None and request.method != "POST"):
            return []
        sent_to = listed(sorted(pk for pk, _ in seen.bodies))
        values = {"foreword": "", "addressees": sent_to, "period": ""}
        return [Offer("issue", partial(_issue, viewer, seen, made), values)]

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:circular", args=[made[0].pk]))
    context = {
        "seen": seen,
        "issued": issued,
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
        "groups": body_groups(viewer) if answer.states else (),
    }
    return drawn(request, "ledger/circular.html", context, answer.status)


def _issue(viewer: Viewer, seen: Seen, made: list[Circular], sent: Sent) -> None:
    told = {"addressees": numbers_in(sent, "addressees"), "foreword": sent.text("foreword")}
    told |= {"organisation": seen.organisation, "period": str(seen.content["period"])}
    made.append(issue_circular(by=viewer, once=sent.once, unread=sent.unread, **told))


def circular_docx(request: HttpRequest, circular: int) -> HttpResponse:
    """Send a circular as a Word document.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    with InLanguage(request):
        return as_docx(circular_paper(circular_page(viewer, circular)), f"circular-{circular}")


def circular_draft_docx(request: HttpRequest, period: str) -> HttpResponse:
    """Send the draft of a circular as a Word document.

    Articles: 5
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    with InLanguage(request):
        seen = draft(viewer, period, number(request.GET.get("organisation", "")))
        return as_docx(circular_paper(seen), f"circular-draft-{seen.content['period']}")
