"""Pages of fairs for the office that takes firms there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken, taken_of
from bridgehead.rooms.desk.actions.fairs import LIMITS, FairTold, announce_fair, cancel_fair, change_fair
from bridgehead.rooms.desk.models import Fair
from bridgehead.rooms.desk.selectors.promotion import FairPage, fair_desk, fair_page
from bridgehead.rooms.desk.tags import country_name, goods_options, listed
from bridgehead.rooms.desk.texts import fields, sent_texts, values
from bridgehead.rooms.desk.who import OFFER

DAYS = ("starts_on", "ends_on", "deadline", "source_on")
PLAIN = (*DAYS, "country", "goods", "capacity", "source")


def desk(request: HttpRequest) -> HttpResponse:
    """Show the fairs an office looks after.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/office/fairs_desk.html", {"rows": fair_desk(viewer)})


def new(request: HttpRequest) -> HttpResponse:
    """Announce a fair.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = able_in(viewer, OFFER)
    made: list[Fair] = []

    def save(sent: Sent) -> None:
        owner = sent.organisation(viewer, able)
        made.append(announce_fair(by=viewer, owner=owner.pk, told=_told(sent), once=sent.once, unread=sent.unread))

    blank = dict.fromkeys((*fields(LIMITS), *PLAIN, "organisation"), "")
    answer = taken(request, lambda: [Offer("fair", save, blank)])
    if made:
        return HttpResponseRedirect(reverse("desk:fair-keep", args=[made[0].pk]))
    form = answer.states["fair"]
    context = {"form": form, "filling": form.filling, "organisations": choices(able), **_options()}
    return drawn(request, "desk/office/fair_write.html", context, answer.status)


def keep(request: HttpRequest, fair: int) -> HttpResponse:
    """Show a fair with the firms that go there; change it or cancel it.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def offers(page: FairPage) -> list[Offer]:
        row = page.fair.record
        if not page.keeps or row.state != Fair.State.PLANNED:
            return []
        return [
            Offer("fair", partial(_change, viewer, row), _values(row), row.version),
            Offer("cancel", partial(_cancel, viewer, row), {"reason": ""}, row.version),
        ]

    seen, answer = taken_of(request, lambda: fair_page(viewer, fair), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:fair-keep', args=[fair])}?done={answer.done}")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused, **_options()}
    return drawn(request, "desk/office/fair_keep.html", context, answer.status)


def _change(viewer: Viewer, row: Fair, sent: Sent) -> None:
    change_fair(by=viewer, fair=row.pk, version=sent.version, told=_told(sent), once=sent.once, unread=sent.unread)


def _cancel(viewer: Viewer, row: Fair, sent: Sent) -> None:
    cancel_fair(by=viewer, fair=row.pk, version=sent.version, reason=sent.text("reason"), once=sent.once)


def _told(sent: Sent) -> FairTold:
    days = {name: sent.day(name) for name in DAYS}
    plain = {name: sent.text(name) for name in ("country", "goods", "source")}
    return FairTold(sent_texts(sent, LIMITS), capacity=sent.number("capacity"), **days, **plain)  # type: ignore[arg-type]


def _values(row: Fair) -> Mapping[str, str]:
    days = {name: str(getattr(row, name)) for name in DAYS}
    plain = {
        "country": country_name(row.country),
        "goods": ", ".join(listed(row.goods)),
        "capacity": str(row.capacity or ""),
        "source": row.source,
    }
    return values(row.texts, LIMITS) | days | plain


def _options() -> dict[str, object]:
    return {"languages": LANGUAGES, "limits": LIMITS, "goods": goods_options()}
