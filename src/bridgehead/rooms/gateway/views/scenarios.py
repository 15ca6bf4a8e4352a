"""Pages of scenarios: the list, one scenario with its edits, and the editor."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.region import current
from bridgehead.ground.screens.attachments import choices, form_key
from bridgehead.ground.screens.filling import Filling
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import FormState, Offer, Sent, taken
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.gateway import scenario_form, scenario_words
from bridgehead.rooms.gateway.actions import SAVE, save_scenario, withdraw_scenario
from bridgehead.rooms.gateway.selectors import scenario_comparison
from bridgehead.rooms.gateway.selectors import scenarios as selectors
from bridgehead.rooms.gateway.selectors.scenarios import Seen

FORM = "save"


def scenarios(request: HttpRequest) -> HttpResponse:
    """Show the scenarios of the region and those that were saved."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    saved = selectors.saved(viewer)
    context = {
        "statement": selectors.statement(loaded, len(saved)),
        "shipped": selectors.shipped(loaded),
        "saved": saved,
        "may_save": bool(able_in(viewer, SAVE)),
        "most": scenario_comparison.MOST,
    }
    return render(request, "gateway/scenarios.html", context)


def scenario(request: HttpRequest, scenario: str) -> HttpResponse:
    """Show one scenario: why it is looked at, and its edits in words; withdraw a saved one."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    found = selectors.seen(loaded, viewer, scenario)
    able = {one.pk for one in able_in(viewer, SAVE)}

    def offered() -> list[Offer]:
        record = selectors.seen(loaded, viewer, scenario).record
        if record is None or record.withdrawn_at is not None or record.owner_id not in able:
            return []
        return [Offer("withdraw", partial(_withdraw, viewer, record.pk), {"reason": ""}, record.version)]

    answer = taken(request, offered)
    if answer.done:
        return HttpResponseRedirect(reverse("gateway:scenario", args=[scenario]))
    edits = found.plain["edits"]
    assert isinstance(edits, list)
    context = {
        "scenario": found,
        "lines": scenario_words.edit_lines(loaded, edits, found.applied),
        "page_title": found.line.title,
        "may_save": bool(able),
        "may_change": bool(answer.states) and found.later is None,
        "forms": answer.states,
        "filling": answer.refused.filling if answer.refused else None,
    }
    return drawn(request, "gateway/scenario.html", context, answer.status)


def _withdraw(viewer: Viewer, scenario: int, sent: Sent) -> None:
    told = {"version": sent.version, "reason": sent.text("reason")}
    withdraw_scenario(by=viewer, scenario=scenario, once=sent.once, **told)


def editor(request: HttpRequest) -> HttpResponse:
    """Write a scenario edit by edit, alone or on the basis of another; ``do`` says which button was pressed."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    able = able_in(viewer, SAVE)
    basis = _basis(request, viewer)
    before = basis.record if basis and request.GET.get("replaces") else None
    do = request.POST.get("do", FORM)
    made: list[int] = []
    draft = scenario_form.sent(request.POST) if request.method == "POST" else scenario_form.of(loaded, basis)

    def save(form: Sent) -> None:
        at = form.organisation(viewer, able)
        record = save_scenario(
            by=viewer,
            once=form.once,
            unread=form.unread,
            organisation=at.pk,
            title=form.text("title"),
            reason=form.text("reason"),
            plain=scenario_form.plain(loaded, draft),
            supersedes=before.pk if before else None,
            version=form.version if before else None,
        )
        made.append(record.pk)

    version = before.version if before else None
    if request.method == "POST" and do != FORM:
        draft = scenario_form.pressed(draft, do, request.POST.get("kind", ""))
        state, status = FormState(FORM, Filling(draft.values()), form_key(), version), 200
    else:
        answer = taken(request, lambda: [Offer(FORM, save, draft.values(), version)])
        if made:
            return HttpResponseRedirect(reverse("gateway:scenario", args=[made[0]]))
        state, status = answer.states[FORM], answer.status
    context = {
        "form": state,
        "filling": state.filling,
        "organisations": choices(able),
        "basis": basis,
        "before": before,
        **scenario_form.context(loaded, draft),
    }
    return drawn(request, "gateway/scenario_form.html", context, status)


def _basis(request: HttpRequest, viewer: Viewer) -> Seen | None:
    """Return the scenario the address names: one to go on from, or one to stand in the place of."""
    given = request.GET.get("replaces") or request.GET.get("from")
    if not given:
        return None
    found = selectors.seen(current(), viewer, given)
    if request.GET.get("replaces") and found.record is None:
        raise BridgeheadError("scenario.unknown_scenario", {"scenario": given}, Place(field="replaces"))
    return found
