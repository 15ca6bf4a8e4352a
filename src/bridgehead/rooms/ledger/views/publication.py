"""Pages of what is public: publishing a dossier and withdrawing it, and what everybody reads."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
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
from bridgehead.rooms.ledger.selectors.publication_copy import copy_of, digest_of, whole_copy
from bridgehead.rooms.ledger.who import PUBLISH, named


def publish(request: HttpRequest, article: int) -> HttpResponse:
    """Show all of a dossier, tick what the public sees of it, publish that; withdraw what was published.

    At first what was published last is ticked, and nothing where nothing was.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = when(request.GET.get("year", ""))
    able = able_in(viewer, PUBLISH)
    whole = whole_copy(viewer, able[0], article, asked) if able else None
    copies = copies_of(viewer, article)

    def offered() -> list[Offer]:
        do = partial(_publish, viewer, able=able, article=article, asked=asked)
        last = next((one.sections for one in copies if one.owner in able), [])
        found = [Offer("publish", do, {"organisation": "", "note": "", "sections": "\n".join(last)})] if able else []
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
    form = answer.states.get("publish")
    context = {
        "article": article,
        "here": request.get_full_path(),
        "when": asked,
        "form": form,
        "chosen": form.filling.values["sections"].split("\n") if form else [],
        "organisations": choices(able),
        "copies": [(one, named(one.owner), answer.states.get(f"withdraw-{one.pk}")) for one in copies],
        "filling": (answer.refused or form).filling if answer.refused or form else None,  # type: ignore[union-attr]
    }
    if whole:
        context |= {"copy": copy_of(whole, language()), "seen": digest_of(whole)}
    return drawn(request, "ledger/publish.html", context, answer.status)


def public(request: HttpRequest) -> HttpResponse:
    """Show what the region publishes of how the regulation is carried out, and answers to the public.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "ledger/public.html", {"seen": public_list(viewer)})


def public_one(request: HttpRequest, article: int) -> HttpResponse:
    """Show the public copies of an article for a year, as each was frozen.

    Articles: 7
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = public_article(viewer, article, request.GET.get("year", ""))
    asked = When(found.year, found.shown[0].record.as_of, over=False, years=())
    context = {"seen": found, "when": asked, "several": len(found.shown) > 1}
    return render(request, "ledger/public_article.html", context)


def _publish(viewer: Viewer, sent: Sent, *, able: list[Organisation], article: int, asked: When) -> None:
    publish_dossier(
        by=viewer,
        owner=sent.organisation(viewer, able).pk,
        article=article,
        year=asked.year,
        sections=sent.texts("sections"),
        note=sent.text("note"),
        seen=sent.text("seen"),
        once=sent.once,
        unread=sent.unread,
    )


def _withdraw(viewer: Viewer, one: Publication, sent: Sent) -> None:
    withdraw_publication(
        by=viewer, publication=one.pk, version=sent.version, reason=sent.text("reason"), once=sent.once
    )
