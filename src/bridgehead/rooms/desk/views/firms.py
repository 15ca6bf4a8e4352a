"""A firm's own pages: what it told, the answers it kept; and for officers who is entitled and has not applied."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken_of
from bridgehead.rooms.desk.actions.firms import consent, say_claim, tell_facts
from bridgehead.rooms.desk.actions.telling import tell_firms
from bridgehead.rooms.desk.models import PolicyClaim
from bridgehead.rooms.desk.selectors.firms import EntitledPage, FirmPage, answer_page, entitled, firm_page
from bridgehead.rooms.desk.selectors.telling import tellings
from bridgehead.rooms.desk.who import KEEP, firms


def firm(request: HttpRequest) -> HttpResponse:
    """Show what the platform knows of somebody's firm; let it take facts back, consent, and say where it stands.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = number(request.GET.get("firm", "") or request.POST.get("firm", ""))

    def offers(page: FirmPage) -> list[Offer]:
        at = page.firm.pk
        return [
            Offer("forget", partial(_forget, viewer, at), {}),
            Offer("consent", partial(_consent, viewer, at), {}),
            Offer("claim", partial(_claim, viewer, at), {"policy": "", "state": ""}),
        ]

    seen, answer = taken_of(request, lambda: firm_page(viewer, asked), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:firm')}?firm={seen.firm.pk}&done={answer.done}")
    context = {
        "seen": seen,
        "forms": answer.states,
        "refused": answer.refused,
        "filling": answer.refused.filling if answer.refused else None,
        "firms": [(one.pk, one.name(language())) for one in firms(viewer)],
        "states": PolicyClaim.State.values,
    }
    return drawn(request, "desk/firm.html", context, answer.status)


def _forget(viewer: Viewer, firm: int, sent: Sent) -> None:
    tell_facts(by=viewer, firm=firm, version=None, facts=dict.fromkeys(sent.texts("fact")), once=sent.once)


def _consent(viewer: Viewer, firm: int, sent: Sent) -> None:
    consent(by=viewer, firm=firm, agrees=sent.text("agrees") == "yes", once=sent.once)


def _claim(viewer: Viewer, firm: int, sent: Sent) -> None:
    policy = sent.number("policy", needed=True) or 0
    say_claim(by=viewer, firm=firm, policy=policy, state=sent.text("state"), once=sent.once, unread=sent.unread)


def answer(request: HttpRequest, answer: int) -> HttpResponse:
    """Show what a firm was told on a day, why, and what has changed since.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "desk/answer.html", {"seen": answer_page(viewer, answer)})


def entitled_firms(request: HttpRequest, policy: str) -> HttpResponse:
    """Show which firms that consented a policy fits, and that have not applied for it; let whoever keeps it tell them.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def offers(page: EntitledPage) -> list[Offer]:
        keeps = viewer.grant_for(KEEP, page.policy.owner_id, to_write=True) is not None
        return [Offer("tell", partial(_tell, viewer, page), {})] if keeps and page.untold else []

    seen, answer = taken_of(request, lambda: entitled(policy, number(request.GET.get("page", "1")) or 1), offers)
    if answer.done:
        return HttpResponseRedirect(f"{reverse('desk:entitled', args=[policy])}?done=tell")
    context = {"seen": seen, "forms": answer.states, "refused": answer.refused}
    return drawn(request, "desk/entitled.html", context, answer.status)


def told_firms(request: HttpRequest, policy: str) -> HttpResponse:
    """Show what firms were told of a policy unasked, by which edition, and whether it works out the same today.

    Articles: 51, 76
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(
        request, "desk/office/told.html", {"seen": tellings(viewer, policy, number(request.GET.get("page", "1")) or 1)}
    )


def _tell(viewer: Viewer, page: EntitledPage, sent: Sent) -> None:
    tell_firms(by=viewer, policy=page.policy.pk, once=sent.once)
