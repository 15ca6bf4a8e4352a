"""Runs of port models: their results, their files, and two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from bridgehead.engines.simulation.reading import warnings_of
from bridgehead.engines.simulation.reports import WHOLE, are_paired, differences
from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.kept import recent
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Offer, Sent
from bridgehead.kernel.errors import Sentence
from bridgehead.rooms.gateway import clearance_words
from bridgehead.rooms.gateway import port_difference_words as apart_words
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import port_run_words as said
from bridgehead.rooms.gateway.actions import SAVE, SIMULATE, run_port_model, withdraw_port_run
from bridgehead.rooms.gateway.drawings import port_models as drawings
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors import port_runs as selectors
from bridgehead.rooms.gateway.selectors.port_runs import Seen
from bridgehead.rooms.gateway.views.runs import run_of


def work_key(run: Seen) -> str:
    """Return what names the computation of a run."""
    return run.question.key


def run(request: HttpRequest, port: str, run: str) -> HttpResponse:
    """Show what a run found, or how far it is; start it, cancel it, go on with it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    seen = selectors.seen(loaded, viewer, port, run)
    report = selectors.report(loaded, seen)

    def ask(sent: Sent) -> None:
        run_port_model(by=viewer, port=port, key=work_key(seen), question=seen.question.as_plain(), once=sent.once)

    work = run_of(
        request, SIMULATE, work_key(seen), ask if report is None else None, lambda: _withdrawing(loaded, viewer, seen)
    )
    if work.answer.done:
        return HttpResponseRedirect(request.get_full_path())
    context: dict[str, object] = {
        "run": seen,
        "port": port,
        "port_name": names.name(loaded, port),
        "title": told.title(seen.known.model),
        "asked": said.question_words(seen.question),
        "changes": said.changes(seen),
        "warnings": _warnings(loaded, seen),
        "illustrative": seen.known.illustrative,
        "language": language(),
        "withdrawn_at": seen.record.withdrawn_at if seen.record else None,
        **work.context,
    }
    if report is not None:
        context |= _shown(loaded, viewer, seen, report, request.GET.get("station", WHOLE))
    return drawn(request, "gateway/port_run.html", context, work.answer.status)


def _warnings(loaded: Loaded, seen: Seen) -> list[Sentence]:
    """Return what is odd about the model of a run with its own figures, in words."""
    model = selectors.model_of(loaded, seen)
    return said.warnings(model, warnings_of(model))


def _withdrawing(loaded: Loaded, viewer: Viewer, seen: Seen) -> list[Offer]:
    """Return the form by which those who may save for its owner withdraw a saved run, until it is withdrawn."""
    if seen.record is None:
        return []
    record = selectors.seen(loaded, viewer, seen.port, seen.id).record  # as it is now, after a refusal
    able = {one.pk for one in able_in(viewer, SAVE)}
    if record is None or record.withdrawn_at is not None or record.owner_id not in able:
        return []

    def withdraw(sent: Sent) -> None:
        told_why = {"version": sent.version, "reason": sent.text("reason")}
        withdraw_port_run(by=viewer, run=record.pk, once=sent.once, **told_why)

    return [Offer("withdraw", withdraw, {"reason": ""}, record.version)]


def _shown(loaded: Loaded, viewer: Viewer, seen: Seen, report: Mapping[str, Any], station: str) -> dict[str, object]:
    at = station if station in report["queues"] else WHOLE
    drawn_parts = recent(loaded, "port run", (seen.question.key, at), lambda: _made(loaded, seen, report, at))
    others = [one for one in selectors.saved(loaded, viewer, seen.port) if one.id != seen.id]
    if seen.id != selectors.BASE:
        others.insert(0, selectors.seen(loaded, viewer, seen.port, selectors.BASE))
    named = list(zip([one.id for one in others], selectors.apart(others), strict=True))
    return {**drawn_parts, "station": at, "others": named}


def _made(loaded: Loaded, seen: Seen, report: Mapping[str, Any], at: str) -> dict[str, object]:
    model = selectors.model_of(loaded, seen)
    where = told.node_words(model, at) if at else told.title(model)
    one = {"": report}
    return {
        "headline": told.report_sentence(model, report),
        "sums": said.sums(report),
        "mean_words": said.mean_words(report),
        "day": drawings.queue_over_day(one, at, where),
        "year": drawings.queue_over_year(one, at, where),
        "week": drawings.queue_over_week(model, report, at, where),
        "spent": drawings.time_spent(model, report),
        "activities": said.activities(model, report),
        "stations": said.stations(model, report),
        "unit": told.units_words(report["whole"]["unit"]),
        "groups": said.class_groups(model, report),
        "changes_units": told.becomes_others(report),
        "where": where,
        "choices": [(WHOLE, _("整个口岸")), *((node.id, told.node_words(model, node.id)) for node in model.nodes)],
        "source": said.source_words(report),
        "charges": clearance_words.charges(loaded, model, report),
        "left_out": clearance_words.left_out(model, report),
        "national": clearance_words.national(loaded, seen.port),
    }


def compared(request: HttpRequest, port: str) -> HttpResponse:
    """Show two runs of a port side by side with the interval of each difference."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    listed = [selectors.seen(loaded, viewer, port, selectors.BASE), *selectors.saved(loaded, viewer, port)]
    ids = _two(request, [one.id for one in listed])
    chosen = [selectors.seen(loaded, viewer, port, id_) for id_ in ids] if "b" in request.GET else []
    same = bool(chosen) and ids[0] == ids[1]
    if same:
        chosen, ids[1] = [], next((one.id for one in listed if one.id != ids[0]), "")
    reports = [selectors.report(loaded, one) for one in chosen]
    context: dict[str, object] = {
        "port": port,
        "port_name": names.name(loaded, port),
        "title": told.title(listed[0].known.model),
        "listed": list(zip([one.id for one in listed], selectors.apart(listed), strict=True)),
        "same": same,
        "chosen": chosen,
        "ids": ids,
        "missing": [one for one, report in zip(chosen, reports, strict=True) if report is None],
        "illustrative": listed[0].known.illustrative,
    }
    both = [report for report in reports if report is not None]
    if len(both) == 2:
        context |= _compared(loaded, chosen, both)
    return drawn(request, "gateway/port_runs_compared.html", context, 200)


def _compared(loaded: Loaded, chosen: list[Seen], reports: list[Mapping[str, Any]]) -> dict[str, object]:
    first, second = reports
    model = selectors.model_of(loaded, chosen[0])
    found = differences(first, second)
    titles = selectors.apart(chosen)
    named = dict(zip(titles, reports, strict=True))
    where = told.title(model)
    return {
        "headline": apart_words.difference_sentence(titles, found),
        "paired": are_paired(first, second),
        "rows": apart_words.difference_rows(model, found),
        "titles": titles,
        "day": drawings.queue_over_day(named, WHOLE, where),
        "year": drawings.queue_over_year(named, WHOLE, where),
        "asked": [said.question_words(one.question) for one in chosen],
        "changes": [said.changes(one) for one in chosen],
        "ready": True,
    }


def _two(request: HttpRequest, ids: list[str]) -> list[str]:
    """Return the runs that are to be compared; in the place of one nobody names, the first other one."""
    first, second = request.GET.get("a", ""), request.GET.get("b", "")
    first = first or next((one for one in ids if one != second), "")
    return [first, second or next((one for one in ids if one != first), "")]
