"""Pages of duties: the matrix, the organs, the review queue and one duty."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.ground.screens.attachments import choices, organisation_of
from bridgehead.ground.screens.forms import drawn, number
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.rooms.statute.actions import REVIEW, answer_duty, reject_duty, withdraw_answer
from bridgehead.rooms.statute.derived import FLAGS, TERMS
from bridgehead.rooms.statute.models import Answer, Bearer
from bridgehead.rooms.statute.selectors.duties import MODALITIES, flag_word, modality_word, part_word
from bridgehead.rooms.statute.selectors.matrix import matrix as matrix_of
from bridgehead.rooms.statute.selectors.matrix import page_of
from bridgehead.rooms.statute.selectors.organs import organ_page, organs
from bridgehead.rooms.statute.selectors.review import DutyPage, duty_page, queue, reviewers
from bridgehead.rooms.statute.selectors.statutes import law_of

SPARE_ROWS = 3
"""Empty rows for bearers below those that are there."""


def matrix(request: HttpRequest, work: int) -> HttpResponse:
    """Show who owes what in which article of a statute.

    Articles: 6
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    asked = request.GET
    law = law_of(viewer, work, asked.get("version", ""), asked.get("day", ""))
    chosen = {name: asked.get(name, "").strip() for name in ("modality", "kind", "chapter", "q")}
    whole = matrix_of(viewer, law, **chosen)
    context = {"seen": page_of(whole, number(asked.get("part", "1")) or 1), "organs": len(whole.rows), "law": law}
    return render(request, "statute/matrix.html", {**context, "asked": _asked_again(request)})


def _asked_again(request: HttpRequest) -> str:
    """Return what was asked for of a matrix, without the part of it, for a link to another part."""
    asked = request.GET.copy()
    asked.pop("part", None)
    return asked.urlencode()


def organ_list(request: HttpRequest) -> HttpResponse:
    """Show the organs that owe something, by kind.

    Articles: 6
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "statute/organs.html", {"groups": organs(viewer)})


def organ(request: HttpRequest, organ: str) -> HttpResponse:
    """Show everything an organ owes.

    Articles: 6
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return render(request, "statute/organ.html", {"seen": organ_page(viewer, organ)})


def review(request: HttpRequest) -> HttpResponse:
    """Show the duties that wait for a person, and take a confirmation as it was read."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = reviewers(viewer)

    def offered() -> list[Offer]:
        return [Offer("confirm", confirm)]

    def confirm(sent: Sent) -> None:
        duty = sent.number("duty", needed=True)
        sent.check()
        page = duty_page(viewer, duty or 0)
        answer_duty(
            by=viewer,
            duty=duty or 0,
            organisation=organisation_of(viewer, sent.text("organisation"), able).pk,
            bearers=_as_shown(page),
            open_list=page.line.row.open_list,
            seen=sent.text("seen"),
            once=sent.once,
        )

    answer = taken(request, offered)
    here = f"{reverse('statute:review')}?{request.GET.urlencode()}"
    if answer.done:
        return HttpResponseRedirect(here)
    context = {
        "queue": queue(viewer, request.GET.get("statute", ""), number(request.GET.get("page", "1")) or 1),
        "form": answer.states["confirm"],
        "organisations": choices(able),
        "filling": answer.states["confirm"].filling,
    }
    return drawn(request, "statute/review.html", context, answer.status)


def duty(request: HttpRequest, duty: int) -> HttpResponse:
    """Show one duty in its article; let it be confirmed, corrected or rejected, or an answer be taken back."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    able = reviewers(viewer)
    page = duty_page(viewer, duty)

    def offered() -> list[Offer]:
        if not able:
            return []
        found = [Offer("answer", partial(_answer_it, viewer, duty, able), _shown(page))]
        standing = page.standing
        if standing is not None and viewer.grant_for(REVIEW, standing.owner_id, to_write=True):
            found.append(Offer("withdraw", partial(_take_back, viewer, standing.pk), {}, standing.version))
        return found

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("statute:duty", args=[duty]))
    context: dict[str, Any] = {
        "seen": page,
        "forms": answer.states,
        "organisations": choices(able),
        "bearers": _rows(request, page),
        "parts": [(one, part_word(one)) for one in Bearer.Part.values],
        "modalities": [(one, modality_word(one)) for one in MODALITIES],
        "flags": [(one, flag_word(one)) for one in FLAGS],
        "filling": (answer.refused or answer.states["answer"]).filling if answer.states else None,
    }
    return drawn(request, "statute/duty.html", context, answer.status)


def _answer_it(viewer: Viewer, duty: int, able: list[Organisation], sent: Sent) -> None:
    """Carry out the form of a duty: the button pressed says whether it is one."""
    given: dict[str, Any] = {
        "duty": duty,
        "organisation": organisation_of(viewer, sent.text("organisation"), able).pk,
        "comment": sent.text("comment"),
        "seen": sent.text("seen"),
    }
    if sent.text("verdict") == Answer.Verdict.REJECTED:
        reject_duty(by=viewer, once=sent.once, **given)
        return
    asks: dict[str, str | bool] = {name: sent.text(name) for name in ("modality", *TERMS)}
    asks |= {name: bool(sent.text(name)) for name in FLAGS}
    answer_duty(
        by=viewer,
        bearers=_filled_in(sent),
        open_list=bool(sent.text("open_list")),
        asks=asks,
        once=sent.once,
        **given,
    )


def _take_back(viewer: Viewer, answer: int, sent: Sent) -> None:
    withdraw_answer(by=viewer, answer=answer, version=sent.version, once=sent.once)


def _as_shown(page: DutyPage) -> list[dict[str, str]]:
    """Return who bears a duty now; of what a person says is none, who the rules read bears it."""
    if page.line.rejected:
        return [{name: one[name] for name in ("organ", "name", "part")} for one in page.line.row.read["bearers"]]
    return [{"organ": one.organ, "name": one.name, "part": one.part} for one in page.line.row.bearers.all()]


def _shown(page: DutyPage) -> dict[str, str]:
    """Return what stands in the form at first: the duty as it holds now."""
    row = page.line.row
    marked = {name: "on" if getattr(row, name) else "" for name in ("open_list", *FLAGS)}
    return {"organisation": "", "comment": "", "modality": row.modality, **marked} | {
        name: getattr(row, name) for name in TERMS
    }


def _filled_in(sent: Sent) -> list[dict[str, str]]:
    """Return the bearers of a form: rows of ``organ`` and ``part``; an empty row is none."""
    rows = zip(sent.texts("organ"), sent.texts("part"), strict=False)
    found = [(organ.replace("\x00", "").strip(), part) for organ, part in rows]
    return [{"organ": organ, "name": organ, "part": part} for organ, part in found if organ]


def _rows(request: HttpRequest, page: DutyPage) -> list[tuple[str, str]]:
    """Return the rows of the form: what was typed, else who bears the duty now, and some empty ones."""
    if request.method == "POST" and request.POST.get("form") == "answer":
        typed = list(zip(request.POST.getlist("organ"), request.POST.getlist("part"), strict=False))
        return [*(one for one in typed if one[0].strip()), *[("", "actor")] * SPARE_ROWS]
    shown = [(one["organ"], one["part"]) for one in _as_shown(page)]
    return [*shown, *[("", "actor")] * SPARE_ROWS]
