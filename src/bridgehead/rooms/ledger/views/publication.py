"""Pages of what is public: publishing a dossier and withdrawing it, and what everybody reads."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.ledger.actions.publication import publish_dossier, withdraw_publication
from bridgehead.rooms.ledger.models import Publication
from bridgehead.rooms.ledger.selectors.dossiers import When, when
from bridgehead.rooms.ledger.selectors.publication import copies_of, public_article, public_list
from bridgehead.rooms.ledger.selectors.publication_copy import choosable, copy_of, digest_of, only, whole_copy
from bridgehead.rooms.ledger.who import PUBLISH, offices


def publish(request: HttpRequest, article: int) -> HttpResponse:
    """Choose what the public sees of a dossier, look at exactly that, publish it; withdraw what was published.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = when(request.GET.get("year", ""))
    able = offices(viewer, PUBLISH)
    whole = whole_copy(viewer, able[0], article, asked) if able else None
    copies = copies_of(viewer, article)
    known = choosable(whole, language()) if whole else []
    keys = [key for key, _ in known]
    chosen = [key for key in request.GET.getlist("section") if key in keys] or keys

    def offered() -> list[Offer]:
        do = partial(_publish, viewer, able=able, article=article, asked=asked, chosen=chosen)
        found = [Offer("publish", do, {"organisation": "", "note": ""})] if able else []
        found += [
            Offer(f"withdraw-{one.pk}", partial(_withdraw, viewer, one), {"reason": ""}, one.version)
            for one in copies
            if one.withdrawn_on is None and viewer.grant_for(PUBLISH, one.owner_id, to_write=True)
        ]
        return found

    answer = taken(request, offered)
    if answer.done == "publish":
        return HttpResponseRedirect(reverse("ledger:public-article", args=[article]) + f"?year={asked.year}")
    if answer.done:
        return HttpResponseRedirect(reverse("ledger:publish", args=[article]))
    context = {
        "article": article,
        "here": request.get_full_path(),
        "when": asked,
        "known": known,
        "chosen": chosen,
        "forms": answer.states,
        "organisations": choices(able),
        "copies": [(one, answer.states.get(f"withdraw-{one.pk}")) for one in copies],
        "filling": (answer.refused or answer.states.get("publish")).filling if answer.states else None,  # type: ignore[union-attr]
    }
    if whole:
        content = only(whole, chosen)
        context |= {"preview": copy_of(content, language()), "seen": digest_of(content)}
    return drawn(request, "ledger/publish.html", context, answer.status)


def public(request: HttpRequest) -> HttpResponse:
    """Show what the region publishes of how the regulation is carried out, and answers to the public.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "ledger/public.html", {"seen": public_list(viewer)})


def public_one(request: HttpRequest, article: int) -> HttpResponse:
    """Show the public copy of an article, as it was frozen.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = public_article(viewer, article, request.GET.get("year", ""))
    shown = found.shown.record
    asked = When(shown.year, shown.as_of, over=False, years=())
    return render(request, "ledger/public_article.html", {"seen": found, "when": asked})


def _publish(
    viewer: Viewer, sent: Sent, *, able: list[Organisation], article: int, asked: When, chosen: list[str]
) -> None:
    publish_dossier(
        by=viewer,
        owner=sent.organisation(viewer, able).pk,
        article=article,
        year=asked.year,
        sections=chosen,
        note=sent.text("note"),
        seen=sent.text("seen"),
        once=sent.once,
        unread=sent.unread,
    )


def _withdraw(viewer: Viewer, one: Publication, sent: Sent) -> None:
    withdraw_publication(
        by=viewer, publication=one.pk, version=sent.version, reason=sent.text("reason"), once=sent.once
    )
