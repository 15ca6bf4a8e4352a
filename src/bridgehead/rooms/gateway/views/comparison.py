"""The page that holds scenarios against each other, and its files."""

from __future__ import annotations

import math
from collections.abc import Iterable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import override

from bridgehead.engines.flows.scenario_comparison import Pair
from bridgehead.engines.network.scenario_reading import scenario_as_plain
from bridgehead.ground import wording
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.kept import recent
from bridgehead.ground.language import OF_EVERY_PAGE, django_code, language
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.screens.attachments import attachment
from bridgehead.ground.screens.forms import drawn
from bridgehead.ground.screens.record_forms import Sent
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash
from bridgehead.rooms.gateway import comparison_words
from bridgehead.rooms.gateway.actions import RUN, run_scenarios
from bridgehead.rooms.gateway.comparison_figures import measures
from bridgehead.rooms.gateway.comparison_memo import comparison_memo
from bridgehead.rooms.gateway.drawings.differences import difference_map
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors import scenario_comparison as selectors
from bridgehead.rooms.gateway.selectors.scenario_comparison import Chosen, Column
from bridgehead.rooms.gateway.views.runs import run_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PORTS, MOVES, QUEUES = 8, 6, 5
HEAD = ("scenario", "days", "year", "measure", "unit", "base", "scenario_value", "change", "standing", "input_hash")


def comparison(request: HttpRequest) -> HttpResponse:
    """Show scenarios side by side, or how far their computation is; start it and cancel it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    loaded = current()
    picked = selectors.chosen(loaded, viewer, request.GET.getlist("scenario"))
    columns = selectors.columns(loaded, picked)

    def ask(sent: Sent) -> None:
        plain = [scenario_as_plain(one.applied.scenario) for one in picked.seen if one.applied]
        run_scenarios(by=viewer, ids=picked.ids, plain=plain, key=work_key(picked), once=sent.once)

    run = run_of(request, RUN, work_key(picked), ask if columns is None else None)
    if run.answer.done:
        return HttpResponseRedirect(request.get_full_path())
    context: dict[str, object] = {
        "picked": picked,
        "query": urlencode({"scenario": picked.ids}, doseq=True),
        "language": language(),
        **run.context,
    }
    if columns is not None:
        context |= _shown(loaded, columns)
    return drawn(request, "gateway/comparison.html", context, run.answer.status)


def work_key(picked: Chosen) -> str:
    """Return what names the computation of these scenarios."""
    return f"scenarios-{content_hash(sorted(picked.plan.key_of))[:32]}"


def _shown(loaded: Loaded, columns: tuple[Column, ...]) -> dict[str, object]:
    listed = [measures(one.found) for one in columns]
    return {
        "headline": comparison_words.headline(columns),
        "columns": columns,
        "rows": [
            (
                rows[0].head,
                [
                    (column.seen.line.title, one.words(one.pair.scenario), one.change)
                    for column, one in zip(columns, rows, strict=True)
                ],
            )
            for rows in zip(*listed, strict=True)
        ],
        "sections": [_section(loaded, one) for one in columns],
    }


def _section(loaded: Loaded, one: Column) -> dict[str, object]:
    key = (one.found.scenario.input_hash, one.seen.line.title)
    return recent(loaded, "comparison section", key, lambda: _made(loaded, one))


def _made(loaded: Loaded, one: Column) -> dict[str, object]:
    found, code = one.found, language()
    factor, digits = (1e-4, 0) if code == "zh" else (1e-6, 2)
    return {
        "line": one.seen.line,
        "days": comparison_words.days_words(found),
        "supposed": comparison_words.supposed(loaded, found),
        "findings": comparison_words.findings(loaded, found),
        "map": difference_map(loaded, _("%(name)s：货流的变化") % {"name": one.seen.line.title}, found),
        "ports": [
            (
                names.distinct(loaded, port.name),
                wording.mass_in_column(port.amount.base, code),
                wording.mass_in_column(port.amount.scenario, code),
                comparison_words.signed(port.amount.change * factor, digits),
            )
            for port in found.ports[:PORTS]
        ],
        "waits": [comparison_words.wait_words(loaded, wait) for wait in found.waited[:MOVES]],
        "moves": [comparison_words.move_words(loaded, move) for move in found.moves[:MOVES] if move.tonnes > 0.0],
        "queues": [
            (
                comparison_words.queue_name(loaded, queue),
                wording.percent(queue.share.base, code),
                wording.percent(queue.share.scenario, code),
                wording.number(queue.wait_h.base, code, 1),
                wording.number(queue.wait_h.scenario, code, 1),
            )
            for queue in found.queues[:QUEUES]
        ],
        "districts": _districts(loaded, one, factor, digits),
        "gap": f"{max(found.base.gap, found.scenario.gap):.0e}",
        "reached": found.base.reached and found.scenario.reached,
        "input_hash": found.scenario.input_hash,
    }


def _districts(loaded: Loaded, one: Column, factor: float, digits: int) -> list[tuple[str, str, str, str]]:
    said = {"gains": _("得利"), "loses": _("受损"), "same": _("不变")}
    return [
        (
            selectors.district_name(loaded, district.district),
            said[district.shippers],
            comparison_words.signed(district.perceived_usd.change / 1e6, 2),
            comparison_words.signed(district.ports_t.change * factor, digits),
        )
        for district in one.found.districts
        if district.perceived_usd.base or district.ports_t.base or district.ports_t.scenario
    ]


def _asked(request: HttpRequest) -> tuple[Loaded, tuple[Column, ...]]:
    loaded = current()
    picked = selectors.chosen(loaded, request.viewer, request.GET.getlist("scenario"))  # type: ignore[attr-defined]
    columns = selectors.columns(loaded, picked)
    if columns is None:
        raise BridgeheadError("scenario.not_computed", {"scenarios": ", ".join(picked.ids)})
    return loaded, columns


def comparison_csv(request: HttpRequest) -> HttpResponse:
    """Send the figures of a comparison as CSV, with ports, queues and districts below the sums."""
    _loaded, columns = _asked(request)
    return csv_response("scenarios", HEAD, (line for one in columns for line in _lines(one)))


def _lines(one: Column) -> Iterable[tuple[object, ...]]:
    found = one.found
    head, tail = (one.seen.line.id, found.days, found.scenario.year), ("model", found.scenario.input_hash)
    figures = [(row.name, row.unit, row.pair) for row in measures(found)]
    figures += [(f"port {row.port} {row.direction} {row.commodity}", "t", row.tonnes) for row in found.port_goods]
    figures += [(f"tonne_km {row.name}", "tkm", row.amount) for row in found.tonne_km]
    figures += [(f"link {row.link} {row.origin}", "t", row.tonnes) for row in found.links]
    figures += [(f"wait {row.link or row.place} {row.origin}", "h", row.wait_h) for row in found.queues]
    figures += [(f"waiting {row.link} {row.origin}", "t", Pair(0.0, row.tonnes)) for row in found.waited]
    figures += [
        (f"backlog_gone {row.link} {row.origin}", "d", Pair(0.0, row.clearing_days))
        for row in found.waited
        if math.isfinite(row.clearing_days)
    ]
    figures += [(f"use {row.link or row.place} {row.origin}", "share", row.share) for row in found.queues]
    figures += [(f"shippers_cost {row.district}", "USD", row.perceived_usd) for row in found.districts]
    figures += [(f"ports_of {row.district}", "t", row.ports_t) for row in found.districts]
    for name, unit, pair in figures:
        yield (*head, name, unit, pair.base, pair.scenario, pair.change, *tail)


def comparison_docx(request: HttpRequest) -> HttpResponse:
    """Send the memo on a comparison, in the language of ``lang``, else in that of the visitor."""
    wanted = request.GET.get("lang", "")
    with override(django_code(wanted if wanted in OF_EVERY_PAGE else language())):
        loaded, columns = _asked(request)
        return attachment(comparison_memo(loaded, columns), "scenarios.docx", DOCX)
