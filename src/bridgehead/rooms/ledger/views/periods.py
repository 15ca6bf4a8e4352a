"""Closed periods."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.ledger.actions.periods import close_period, open_period
from bridgehead.rooms.ledger.selectors.periods import periods_seen
from bridgehead.rooms.ledger.who import KEEP


def periods(request: HttpRequest) -> HttpResponse:
    """Show the periods whose records were closed; close one, or open one again."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, KEEP)
    keys = {one.pk for one in able}

    def offered() -> list[Offer]:
        if not able:
            return []
        first = {"organisation": "", "period": "", "note": ""}
        there = (one.record for one in periods_seen(viewer))
        opening = [one for one in there if one.opened_on is None and one.owner_id in keys]
        return [
            Offer("close", partial(_close, viewer, able), first),
            *(Offer(f"open-{one.pk}", partial(_open, viewer, one.pk), {"reason": ""}, one.version) for one in opening),
        ]

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:periods"))
    context = {
        "periods": periods_seen(viewer),
        "forms": answer.states,
        "filling": (answer.refused or answer.states["close"]).filling if answer.states else None,
        "organisations": choices(able),
    }
    return drawn(request, "ledger/periods.html", context, answer.status)


def _close(viewer: Viewer, able: list[Organisation], sent: Sent) -> None:
    owner = sent.organisation(viewer, able)
    told = {"period": sent.text("period"), "note": sent.text("note")}
    close_period(by=viewer, owner=owner.pk, once=sent.once, unread=sent.unread, **told)


def _open(viewer: Viewer, period: int, sent: Sent) -> None:
    open_period(by=viewer, period=period, version=sent.version, reason=sent.text("reason"), once=sent.once)
