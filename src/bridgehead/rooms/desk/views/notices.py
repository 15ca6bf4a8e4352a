"""The page of notices."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.desk.actions.firms import say_claim
from bridgehead.rooms.desk.actions.notices import choose_mails, mark_all_read, mark_read
from bridgehead.rooms.desk.selectors.notices import NoticePage, notice_page


def notices(request: HttpRequest) -> HttpResponse:
    """Show what somebody's firms and offices were told; let them mark it as read and choose what is mailed.

    Articles: 51
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    seen = notice_page(viewer, number(request.GET.get("page", "1")) or 1)
    offers = [
        Offer("read", partial(_read, viewer), {"notice": ""}),
        Offer("all", partial(_all, viewer), {}),
        Offer("claim", partial(_claim, viewer), {"notice": "", "firm": "", "policy": "", "state": ""}),
        Offer("mails", partial(_mails, viewer, seen), {"mailed": ""}),
    ]
    answer = taken(request, lambda: offers)
    if answer.done:
        return HttpResponseRedirect(reverse("desk:notices"))
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused}
    return drawn(request, "desk/notices.html", context, answer.status)


def _read(viewer: Viewer, sent: Sent) -> None:
    notice = sent.number("notice", needed=True) or 0
    mark_read(by=viewer, notice=notice, once=sent.once, unread=sent.unread)


def _claim(viewer: Viewer, sent: Sent) -> None:
    firm, policy = sent.number("firm", needed=True) or 0, sent.number("policy", needed=True) or 0
    say_claim(by=viewer, firm=firm, policy=policy, state=sent.text("state"), once=sent.once, unread=sent.unread)


def _all(viewer: Viewer, sent: Sent) -> None:
    mark_all_read(by=viewer, once=sent.once)


def _mails(viewer: Viewer, seen: NoticePage, sent: Sent) -> None:
    shown = [one.kind.name for one in seen.choices]
    choose_mails(by=viewer, shown=shown, wanted=sent.texts("mailed"), once=sent.once)
