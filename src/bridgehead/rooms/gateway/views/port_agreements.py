"""The page on which the freight of the region and a port's model are brought to agreement, and its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bridgehead.engines.planning.freight_ports import freight_classes
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response, json_response
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Sent
from bridgehead.kernel.errors import sentence
from bridgehead.rooms.gateway import port_agreement_words as said
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway.actions import AGREE, run_port_agreement
from bridgehead.rooms.gateway.drawings import port_agreements as drawings
from bridgehead.rooms.gateway.selectors import names, port_runs
from bridgehead.rooms.gateway.selectors import port_agreements as selectors
from bridgehead.rooms.gateway.selectors.port_agreements import Asked
from bridgehead.rooms.gateway.views.runs import run_of

HEAD = (
    "part", "number", "load_per_day", "reckoned_min", "simulated_min", "low_min", "high_min", "difference_min",
    "tolerated_min", "agrees", "standing", "replications", "seed", "key",
)  # fmt: skip


def asked(request: HttpRequest, loaded: Loaded, port: str) -> Asked:
    """Return the question in the address of a page or file."""
    given = request.GET
    return selectors.asked(
        loaded,
        request.viewer,  # type: ignore[attr-defined]
        port,
        run=given.get("run") or port_runs.BASE,
        direction=given.get("direction", ""),
        classes=given.getlist("class"),
        tolerance=given.get("tolerance", ""),
    )


def agreement(request: HttpRequest, port: str) -> HttpResponse:
    """Show what the loop came to, or how far it is; choose what it is about, start it, cancel it, go on with it.

    Articles: 9, 12, 25
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    one = asked(request, loaded, port)
    found = selectors.answer(loaded, one) if one.ready else None
    whole = found is not None and found["complete"]
    key = selectors.key(loaded, one)

    def ask(sent: Sent) -> None:
        run_port_agreement(by=viewer, port=port, key=key, question=one.question.as_plain(), once=sent.once)

    work = run_of(request, AGREE, key, ask if one.ready and not whole else None)
    if work.answer.done:
        return HttpResponseRedirect(request.get_full_path())
    context: dict[str, object] = {
        **_form(loaded, viewer, one),
        "about": said.about(one) if one.ready else "",
        "against": said.against(one),
        "possible": one.possible,
        "ready": one.ready,
        "illustrative": one.run.known.illustrative,
        "query": request.GET.urlencode(),
        "rounds": said.rounds(found) if found else [],
        **work.context,
    }
    if found is not None and whole:
        context |= _shown(one, found)
    sent_empty = one.unchosen if "direction" in request.GET else None
    if sent_empty is not None:
        context["unchosen"] = sentence(sent_empty.faults[0], language())
    status = work.answer.status if sent_empty is None else 422
    return drawn(request, "gateway/port_agreement.html", context, status)


def _form(loaded: Loaded, viewer: Viewer, one: Asked) -> dict[str, object]:
    """Return what there is to choose, and what is chosen."""
    port = one.question.port
    base = port_runs.seen(loaded, viewer, port, port_runs.BASE)
    queued = selectors.queued_directions(loaded)
    return {
        "port": port,
        "port_name": names.name(loaded, port),
        "title": told.title(one.model),
        "run": one.run,
        "runs": [base, *port_runs.saved(loaded, viewer, port)],
        "ports": [(id_, names.name(loaded, id_)) for id_ in queued if id_ != port],
        "directions": [(id_, words) for id_, words in said.directions() if id_ in one.directions],
        "direction": one.question.direction,
        "choices": said.choices(one),
        "model_tells": bool(freight_classes(one.model, one.question.direction)),
        "tolerances": [(value, said.tolerance_words(value)) for value in _tolerances(one)],
        "tolerance": one.question.tolerance,
    }


def _tolerances(one: Asked) -> list[float]:
    return sorted({*selectors.TOLERANCES, one.question.tolerance})


def _shown(one: Asked, found: Mapping[str, Any]) -> dict[str, object]:
    last = found["rounds"][-1]
    return {
        "headline": said.headline(one.model, found),
        "why_not": said.why_not(found),
        "doubt": said.doubt(found),
        "last": said.rounds(found)[-1],
        "points": said.points(found),
        "year": found["year"],
        "by_round": drawings.difference_by_round(found["rounds"]),
        "curve": drawings.stay_against_load(found),
        "beyond": last["load_per_day"] > found["curve"][-1]["load_per_day"],
    }


def _answered(request: HttpRequest, port: str) -> tuple[str, Mapping[str, Any]]:
    loaded = current()
    one = asked(request, loaded, port)
    if one.unchosen is not None:
        raise one.unchosen
    found = selectors.answer(loaded, one)
    whole = found if found is not None and found["complete"] else None
    return selectors.key(loaded, one), port_runs.computed(whole, one.run.title)


def agreement_csv(request: HttpRequest, port: str) -> HttpResponse:
    """Send the rounds and the points of the curve as CSV."""
    key, found = _answered(request, port)
    tail = (found["standing"], found["run"]["replications"], found["run"]["seed"], key)
    return csv_response(f"{port}-agreement", HEAD, ((*line, *tail) for line in _lines(found)))


def _lines(found: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    for number, one in enumerate(found["rounds"], 1):
        stay = one["simulated_min"]
        yield (
            "round", number, one["load_per_day"], one["reckoned_min"], stay["mean"], stay["low"], stay["high"],
            one["difference_min"], one["tolerated_min"], int(one["agrees"]),
        )  # fmt: skip
    for number, one in enumerate(found["curve"], 1):
        stay = one["stay_min"]
        yield (
            "curve", number, one["load_per_day"], one["reckoned_min"], stay["mean"], stay["low"], stay["high"],
            None, None, None,
        )  # fmt: skip


def agreement_json(request: HttpRequest, port: str) -> HttpResponse:
    """Send the whole answer as JSON."""
    key, found = _answered(request, port)
    return json_response(f"{port}-agreement", {**found, "key": key})
