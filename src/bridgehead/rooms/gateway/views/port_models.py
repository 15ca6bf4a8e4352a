"""The page of a port's model, its file, and the form that makes a variant of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from bridgehead.engines.simulation.staffing.evidence import FEWEST_REPORTED
from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.screens.attachments import choices
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent, taken
from bridgehead.kernel.errors import BridgeheadError, Fault
from bridgehead.rooms.gateway import port_model_form
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import port_run_words as said
from bridgehead.rooms.gateway.actions import SAVE, run_port_model, save_port_run
from bridgehead.rooms.gateway.drawings import port_models as drawings
from bridgehead.rooms.gateway.selectors import names, port_runs
from bridgehead.rooms.gateway.selectors import port_models as selectors
from bridgehead.rooms.gateway.views.bodies import body_of
from bridgehead.rooms.gateway.views.port_runs import work_key

FORM = "save"


def models(request: HttpRequest) -> HttpResponse:
    """Show every port model of the region: checked against reports, others, and those that only illustrate."""
    loaded = current()
    lines = selectors.model_lines(loaded)
    context = {
        "headline": selectors.models_sentence(lines),
        "groups": selectors.model_groups(lines),
        "least": FEWEST_REPORTED,
    }
    return render(request, "gateway/port_models.html", context)


def model(request: HttpRequest, port: str) -> HttpResponse:
    """Show a port's model: what it is, its flow, its figures, its loads; to officers its runs."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    known = selectors.known(loaded, port)
    officer = viewer.may(SAVE)
    context = {
        "body": body_of(request, loaded, "port_simulation", port, lambda: _model(loaded, port)),
        "port": port,
        "port_name": names.name(loaded, port),
        "title": told.title(known.model),
        "sentence": selectors.sentence(known),
        "illustrative": known.illustrative,
        "officer": officer,
        "runs": port_runs.saved(loaded, viewer, port) if officer else [],
        "page_title": told.title(known.model),
    }
    return render(request, "gateway/port_simulation.html", context)


def _model(loaded: Loaded, port: str) -> dict[str, object]:
    known = selectors.known(loaded, port)
    return {
        "port": port,
        "flow": drawings.flow(loaded, port),
        "most_drawn": drawings.most_drawn(loaded, port),
        "figures": selectors.figure_lines(loaded, known.model),
        "loads": selectors.load_lines(known.model),
        "warnings": said.warnings(known.model, known.warnings),
    }


def model_yaml(request: HttpRequest, port: str) -> HttpResponse:
    """Send the file of a port's model as it comes with the region."""
    known = selectors.known(current(), port)
    answer = HttpResponse(known.text.encode(), content_type="application/yaml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{port}.yaml"'
    return answer


def variant(request: HttpRequest, port: str) -> HttpResponse:
    """Change figures of a port's model, from those of the region or of a run, and have it run."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    known = selectors.known(loaded, port)
    able = able_in(viewer, SAVE)
    given = request.GET.get("from", port_runs.BASE)
    basis = port_runs.seen(loaded, viewer, port, given)
    made: list[int] = []

    def save(form: Sent) -> None:
        at = form.organisation(viewer, able)
        changed, unread = port_model_form.sent_values(form, known.model)
        run, wrong = port_model_form.sent_run(form)
        faults = [*form.unread, *unread, *wrong]
        description, unfit = _described(known, changed)
        noted = {one.place.field for one in faults}
        faults += [fault for fault in unfit if fault.place.field not in noted]
        record = save_port_run(
            by=viewer,
            once=form.once,
            unread=tuple(faults),
            organisation=at.pk,
            port=port,
            title=form.text("title"),
            changed=changed,
            description=description,
            run=run,
        )
        made.append(record.pk)

    first = port_model_form.values(known.model, basis.changed, basis.question)
    answer = taken(request, lambda: [Offer(FORM, save, first)])
    if made:
        _start(loaded, viewer, port, str(made[0]))
        return HttpResponseRedirect(reverse("gateway:port-run", args=[port, made[0]]))
    state = answer.states[FORM]
    context = {
        "port": port,
        "port_name": names.name(loaded, port),
        "title": told.title(known.model),
        "basis": basis,
        "form": state,
        "filling": state.filling,
        "organisations": choices(able),
        "inputs": port_model_form.inputs(known.model),
        "illustrative": known.illustrative,
    }
    return drawn(request, "gateway/port_variant.html", context, answer.status)


def _described(known: selectors.Known, changed: Mapping[str, Any]) -> tuple[Mapping[str, Any], tuple[Fault, ...]]:
    """Return the model with other figures, or as it comes with the region and what is wrong with them."""
    try:
        return port_model_form.variant(known, changed), ()
    except BridgeheadError as error:
        return known.description, error.faults


def _start(loaded: Loaded, viewer: Viewer, port: str, id_: str) -> None:
    """Have a run computed, unless the same question was answered before."""
    run = port_runs.seen(loaded, viewer, port, id_)
    if port_runs.report(loaded, run) is None:
        run_port_model(by=viewer, port=port, key=work_key(run), question=run.question.as_plain())
