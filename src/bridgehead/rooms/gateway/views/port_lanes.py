"""Lanes against stay, and the lanes that keep a promise of service: asked for, computed beside the pages, as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from bridgehead.engines.simulation.unit_stays import main_unit
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response, json_response
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.screens.filling import filled
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import FormState, Sent
from bridgehead.kernel.errors import BridgeheadError, sentence
from bridgehead.rooms.gateway import port_lane_words as lane_words
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import port_run_words as run_words
from bridgehead.rooms.gateway import port_staffing_words as staff_words
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.actions import LANES, STAFF, run_port_lanes, run_port_staffing
from bridgehead.rooms.gateway.drawings import port_lanes as drawings
from bridgehead.rooms.gateway.selectors import names, port_runs
from bridgehead.rooms.gateway.selectors import port_lanes as lane_selectors
from bridgehead.rooms.gateway.selectors import port_staffing as staff_selectors
from bridgehead.rooms.gateway.selectors.port_lanes import Basis, LanesAsked
from bridgehead.rooms.gateway.selectors.port_runs import Seen
from bridgehead.rooms.gateway.selectors.port_staffing import StaffingAsked
from bridgehead.rooms.gateway.views.runs import run_of

FORM = "ask"
LANES_HEAD = ("lanes", "lane_hours_a_week", "figure", "unit", "mean", "low", "high", "growing", "standing",
              "station", "present", "replications", "seed", "key")  # fmt: skip
STAFF_HEAD = ("lanes", "station", "present", "advised", "least", "most", "hours_a_week_per_lane", "promise", "outcome",
              "sure", "standing", "runs", "seed", "key")  # fmt: skip


def _basis(request: HttpRequest, port: str, run: str) -> tuple[Loaded, Basis]:
    loaded = current()
    return loaded, lane_selectors.basis(loaded, request.viewer, port, run)  # type: ignore[attr-defined]


def _open_basis(request: HttpRequest, port: str, run: str) -> tuple[Loaded, Basis]:
    """Return what a file goes on from; raise why there is none, where the page says it."""
    loaded, basis = _basis(request, port, run)
    if basis.refused is not None:
        raise basis.refused
    return loaded, basis


def _context(loaded: Loaded, basis: Basis) -> dict[str, object]:
    """Return what every page on the lanes of a run shows."""
    run, model = basis.run, basis.model
    places = lane_selectors.lane_places(model)
    return {
        "run": run,
        "port": run.port,
        "port_name": names.name(loaded, run.port),
        "title": told.title(model),
        "refused": None if basis.refused is None else sentence(basis.refused.faults[0], language()),
        "missing": [told.label(one.label, one.id) for one in lane_selectors.not_reported(run.known.model)],
        "places": places,
        "lanes": [(one.id, f"{one.name} ({one.now})") for one in places],
        "classes": [(one.id, told.class_words(model, one.id)) for one in lane_selectors.classes(model)],
        "main_units": told.units_words(main_unit(model)),
        "asked": run_words.question_words(run.question),
    }


def _fields(request: HttpRequest, first: Mapping[str, str], error: BridgeheadError | None) -> FormState:
    """Return the form of a question that stands in the address, as it was typed, with its faults."""
    values = {name: request.GET.get(name, "") or value for name, value in first.items()}
    return FormState(FORM, filled(values, first, error), "")


def lanes(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Show how long units stay with each number of lanes at a place, or how far that is; start it, cancel it."""
    loaded, basis = _basis(request, port, run)
    context = _context(loaded, basis)
    if basis.refused is not None:
        return drawn(request, "gateway/port_lanes.html", context, 200)
    try:
        asked = lane_selectors.lanes_asked(basis.run, basis.model, request.GET.dict())
    except BridgeheadError as error:
        blank = {"lane": "", "least": "", "most": "", "within": "", "units": ""}
        return drawn(request, "gateway/port_lanes.html", context | _faulty(request, blank, error), 422)
    question = asked.question
    first = {
        "lane": asked.place.id,
        "least": str(question.counts[0]),
        "most": str(question.counts[-1]),
        "within": "" if asked.within_h is None else f"{asked.within_h:g}",
        "units": question.units,
    }
    found = lane_selectors.curve(loaded, question)
    context |= {"form": _fields(request, first, None), "place": asked.place, "counts": question.counts}
    context["whose"] = told.class_words(basis.model, question.units) if question.units else ""
    context |= {"met": asked.met, "aside": lane_words.aside(basis.model, asked)}

    def ask(viewer: Viewer, once: str) -> None:
        run_port_lanes(by=viewer, port=port, key=question.key, question=question.as_plain(), once=once)

    shown = _lanes_shown(basis.run, asked, found) if found and asked.met else {}
    work = ask if asked.met and not found else None
    return _answered(request, "gateway/port_lanes.html", context | shown, (LANES, question.key), work)


def _faulty(request: HttpRequest, blank: Mapping[str, str], error: BridgeheadError) -> dict[str, object]:
    form = _fields(request, blank, error)
    return {"form": form, "filling": form.filling, "faulty": True}


def _answered(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    work: tuple[str, str],
    ask: Callable[[Viewer, str], None] | None,
) -> HttpResponse:
    """Return a page whose answer is there, or else is asked for and waited for; `work` is kind and key of the task."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]

    def sent(form: Sent) -> None:
        assert ask is not None
        ask(viewer, form.once)

    found = run_of(request, *work, None if ask is None else sent)
    if found.answer.done:
        return HttpResponseRedirect(request.get_full_path())
    more = {"query": request.GET.urlencode(), **found.context}
    return drawn(request, template, {**context, **more}, found.answer.status)


def _lanes_shown(run: Seen, asked: LanesAsked, curve: Mapping[str, Any]) -> dict[str, object]:
    return {
        "headline": lane_words.lane_sentence(asked.place, curve, asked.within_h),
        "drawing": drawings.lane_curve(asked.place, curve, asked.within_h),
        "lines": lane_words.lane_rows(curve, asked.within_h),
        "within": None if asked.within_h is None else told.hours(asked.within_h),
        "source": _source(run, lane_words.lane_source(curve)),
    }


def _source(run: Seen, how: str) -> str:
    """Return what an answer rests on: how it was run, and what is assumed besides the port as it is."""
    return prose.joined(one for one in (how, run_words.assumed_words(run)) if one)


def _curve_asked(request: HttpRequest, port: str, run: str) -> tuple[LanesAsked, Mapping[str, Any]]:
    loaded, basis = _open_basis(request, port, run)
    asked = lane_selectors.lanes_asked(basis.run, basis.model, request.GET.dict())
    found = lane_selectors.curve(loaded, asked.question)
    return asked, port_runs.computed(found, f"{basis.run.title} · {asked.place.name}")


def lanes_csv(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Send lanes against stay as CSV, one line for each figure of each number of lanes."""
    asked, curve = _curve_asked(request, port, run)
    return csv_response(f"{port}-{run}-{asked.place.id.replace(':', '')}-lanes", LANES_HEAD, _lane_lines(asked, curve))


def _lane_lines(asked: LanesAsked, curve: Mapping[str, Any]) -> Iterator[tuple[object, ...]]:
    run = curve["run"]
    tail = ("model", curve["lanes"], curve["present"], run["replications"], run["seed"], asked.question.key)
    for point in curve["points"]:
        for figure in ("stay_mean_min", "stay_p50_min", "stay_p90_min", "stay_mean_change_min"):
            one = point[figure] or {"mean": None, "low": None, "high": None}
            ends = (one["mean"], one["low"], one["high"])
            yield point["lanes"], point["lane_hours_a_week"], figure, "min", *ends, point["growing"], *tail


def lanes_json(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Send lanes against stay as JSON."""
    asked, curve = _curve_asked(request, port, run)
    return json_response(f"{port}-{run}-lanes", {**curve, "key": asked.question.key})


def staff(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Show the fewest lane-hours that keep a promise of service, or how far the search is; start it, cancel it."""
    loaded, basis = _basis(request, port, run)
    context = _context(loaded, basis)
    context |= {"at": request.GET.getlist("at"), "statistics": staff_words.statistics()}
    if basis.refused is not None:
        return drawn(request, "gateway/port_staffing.html", context, 200)
    first = {
        "statistic": staff_selectors.USUAL,
        "hours": staff_selectors.HOURS,
        "promise": "",
        "more": str(staff_selectors.MORE),
        "budget": str(staff_selectors.BUDGET),
        "units": "",
        "at": "",
    }
    try:
        asked = _staffing_asked(request, basis)
    except BridgeheadError as error:
        return drawn(request, "gateway/port_staffing.html", context | _faulty(request, first, error), 422)
    question = asked.question
    found = staff_selectors.advice(loaded, question)
    context |= {
        "form": _fields(request, first, None),
        "promised": staff_words.asked_words(basis.model, asked.promise),
        "decided": asked.places,
    }

    def ask(viewer: Viewer, once: str) -> None:
        run_port_staffing(by=viewer, port=port, key=question.key, question=question.as_plain(), once=once)

    shown = _staffing_shown(basis, found) if found is not None else {}
    key = (STAFF, question.key)
    return _answered(request, "gateway/port_staffing.html", context | shown, key, None if found else ask)


def _staffing_asked(request: HttpRequest, basis: Basis) -> StaffingAsked:
    return staff_selectors.staffing_asked(basis.run, basis.model, request.GET.dict(), request.GET.getlist("at"))


def _staffing_shown(basis: Basis, advice: Mapping[str, Any]) -> dict[str, object]:
    model = basis.model
    return {
        "headline": staff_words.staffing_sentence(model, advice),
        "sure": staff_words.sure_words(advice),
        "remarks": staff_words.remarks(model, advice),
        "lines": staff_words.staff_rows(model, advice),
        "total": staff_words.total_row(advice),
        "clauses": staff_words.clause_rows(model, advice),
        "lost": staff_words.lost_row(advice),
        "neighbours": staff_words.neighbour_rows(model, advice),
        "undecided": staff_words.undecided_rows(model, advice),
        "found": advice["outcome"] == "found",
        "source": _source(basis.run, staff_words.staffing_source(advice)),
    }


def _advice_asked(request: HttpRequest, port: str, run: str) -> tuple[StaffingAsked, Mapping[str, Any]]:
    loaded, basis = _open_basis(request, port, run)
    asked = _staffing_asked(request, basis)
    found = staff_selectors.advice(loaded, asked.question)
    return asked, port_runs.computed(found, f"{basis.run.title} · {asked.promise.text}")


def staff_csv(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Send the lanes of a staffing as CSV, now and as advised."""
    asked, advice = _advice_asked(request, port, run)
    tail = (advice["promise"], advice["outcome"], advice["sure"], "model", advice["run"]["runs"], advice["run"]["seed"])
    now, advised = advice["present"]["servers"], advice["chosen"]["servers"]
    lines = (
        (one["id"], one["station"], now[one["id"]], advised[one["id"]], one["least"], one["most"],
         one["hours_a_week"], *tail, asked.question.key)
        for one in advice["lanes"]
    )  # fmt: skip
    return csv_response(f"{port}-{run}-staffing", STAFF_HEAD, lines)


def staff_json(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Send the whole answer of a search for a staffing as JSON, as the command line gives it."""
    asked, advice = _advice_asked(request, port, run)
    return json_response(f"{port}-{run}-staffing", {**advice, "key": asked.question.key})
