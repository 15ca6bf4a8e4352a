"""The page of the validation report and its file: read the store, ask a selector, fill a template."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.engines.flows.validation import TARGET, Validation
from bridgehead.ground import wording
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Sent
from bridgehead.jobs.model_validation import key as validation_key
from bridgehead.render.charts import PairedBar, Size, Words, paired_bars
from bridgehead.rooms.gateway.actions import VALIDATE, run_validation
from bridgehead.rooms.gateway.drawings import charts
from bridgehead.rooms.gateway.drawings.maps import both
from bridgehead.rooms.gateway.selectors import validation as selectors
from bridgehead.rooms.gateway.views.runs import run_of

CHART_WIDE, CHART_NARROW = Size(470, 400), Size(358, 400, narrow=True)
HEAD = (
    "kind", "subject", "key", "year", "unit", "reported", "qualifier", "standing", "period_from", "period_to",
    "modelled", "modelled_standing", "error", "error_share", "naive", "model_nearer", "before", "before_standing",
    "source", "source_date", "note", "input_hash",
)  # fmt: skip


def validation(request: HttpRequest) -> HttpResponse:
    """Show how far the calibrated model is from reports, or how far that computation is; start it and cancel it."""
    loaded = current()
    found = selectors.report(loaded)
    possible = found is None and selectors.possible(loaded)
    key = validation_key(loaded.region)

    def ask(sent: Sent) -> None:
        run_validation(by=request.viewer, key=key, once=sent.once)  # type: ignore[attr-defined]

    run = run_of(request, VALIDATE, key, ask if possible else None)
    if run.answer.done:
        return HttpResponseRedirect(request.get_full_path())
    context: dict[str, object] = {
        "found": found,
        "statement": selectors.statement(loaded, found),
        "possible": possible,
        "background": selectors.background(loaded),
        **run.context,
    }
    if found is not None:
        context |= _shown(loaded, found)
    return drawn(request, "gateway/validation.html", context, run.answer.status)


def _shown(loaded: Loaded, found: Validation) -> dict[str, object]:
    sections = selectors.sections(loaded, found)
    return {
        "lead": selectors.lead(loaded, found),
        "targets": next((one for one in sections if one.kind == TARGET), None),
        "sections": [one for one in sections if one.kind != TARGET],
        "chart": port_chart(found, sections),
        "constants": selectors.constants(loaded, found),
        "growth": [(year, factor - 1.0) for year, factor in sorted(found.growth.items())],
    }


def port_chart(found: Validation, sections: Iterable[selectors.Section]) -> SafeString:
    """Return reported and modelled freight of the ports that were targeted, as pairs of bars."""
    code = language()
    listed = [
        PairedBar(
            name=row.name,
            reported=charts.shown(row.line.reported, "t"),
            modelled=charts.shown(row.line.modelled, "t"),
            reported_label=wording.amount(row.line.figure, code),
            modelled_label=row.modelled,
            standing=row.line.standing,
            href=row.href,
        )
        for section in sections
        if section.kind == TARGET
        for row in section.rows
    ]
    said = Words(_("%(year)s 年标定用过的口岸：报告与模型") % {"year": found.year}, unit=charts.shown_unit("t"))
    return both(lambda size: paired_bars(listed, (_("报告"), _("模型")), said, size), CHART_WIDE, CHART_NARROW)


def validation_csv(request: HttpRequest) -> HttpResponse:
    """Send every line of the report; only the head where it has not been computed."""
    found = selectors.report(current())
    lines = [] if found is None else [
        (
            one.kind, one.subject, one.key, one.year, one.unit, one.reported, one.qualifier, one.standing,
            one.period_from, one.period_to, one.modelled, "model", one.error, one.error_share, one.naive, one.better,
            one.before, one.before_standing, one.source, one.source_date, one.note, found.input_hash,
        )
        for one in found.lines
    ]  # fmt: skip
    return csv_response("validation", HEAD, lines)
