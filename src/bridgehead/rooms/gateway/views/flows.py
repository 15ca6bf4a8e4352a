"""Pages of the flows and of the published routes: read the address, ask a selector, fill a template."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.engines.network.comparison import PLAUSIBLE
from bridgehead.ground import wording, words
from bridgehead.ground.downloads import csv_response
from bridgehead.ground.kept import kept, recent
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded, current
from bridgehead.render.charts import PairedBar, Size, Words, paired_bars
from bridgehead.render.ratios import ratio_strip
from bridgehead.rooms.gateway.drawings import charts, maps
from bridgehead.rooms.gateway.drawings.maps import both, drawn
from bridgehead.rooms.gateway.selectors import demand, published, queues, through
from bridgehead.rooms.gateway.selectors import flow_reports as reports
from bridgehead.rooms.gateway.selectors import flows as selectors

CHART_WIDE, CHART_NARROW = Size(470, 400), Size(358, 400, narrow=True)
LINK_HEAD = (
    "link", "mode", "origin", "destination", "year", "tonnes", "teu", "vehicles", "load", "capacity", "unit",
    "utilisation", "wait_h", "standing", "capacity_standing", "capacity_basis", "length_km", "input_hash",
)  # fmt: skip
QUEUE_HEAD = (
    "link", "place", "origin", "destination", "year", "load", "background", "capacity", "unit", "utilisation",
    "wait_h", "standing", "capacity_standing", "capacity_basis", "input_hash",
)  # fmt: skip
PORT_HEAD = ("port", "direction", "commodity", "year", "tonnes", "teu", "vehicles", "standing", "input_hash")


def flows(request: HttpRequest) -> HttpResponse:
    """Show the freight in equilibrium: map, queues, what is not sent, model beside report, links, parameters."""
    loaded = current()
    question = selectors.question_of(loaded, request.GET)

    def draw() -> SafeString:
        return render_to_string("gateway/flows_body.html", _flows(loaded, question), request)

    return render(request, "gateway/flows.html", {"body": recent(loaded, "body flows", question, draw)})


def _flows(loaded: Loaded, question: selectors.Question) -> dict[str, object]:
    found = selectors.listing(loaded, question)
    return {
        "statement": selectors.statement(loaded),
        "summary": selectors.summary(loaded),
        "demand_words": demand.foundation(loaded),
        "map": maps.gateway_map(loaded, users=True),
        "legend": maps.gateway_legend(loaded),
        "waiting": queues.waiting(loaded),
        "queues": queues.lines(loaded),
        "not_sent": queues.not_sent(loaded),
        "checks": reports.port_checks(loaded),
        "whole": reports.whole_check(loaded),
        "calibrated": reports.calibrated(loaded),
        "chart": port_chart(loaded),
        "split": reports.modal_split(loaded),
        "parameters": reports.parameters(loaded),
        "found": found,
        "sort": question.sort,
        "mode_options": _mode_options(loaded, question.mode),
        "over_options": _over_options(question.over_pct),
        "earlier": question.query(found.page - 1) if found.page > 1 else "",
        "later": question.query(found.page + 1) if found.page < found.pages else "",
        "base_year": loaded.region.settings.base_year,
        "in_force": question.parameters,
    }


def _mode_options(loaded: Loaded, chosen: str) -> list[tuple[str, str, bool]]:
    """Return the modes that carry freight, and the one asked for, with the number of links in the words of each."""
    numbers: dict[str, int] = {}
    for one in selectors.lines(loaded):
        numbers[one.link.mode] = numbers.get(one.link.mode, 0) + 1
    if chosen:
        numbers.setdefault(chosen, 0)
    order = selectors.modes(loaded)
    return [
        (mode, f"{words.word('mode', mode)} ({numbers[mode]})", mode == chosen)
        for mode in sorted(numbers, key=order.index)
    ]


def _over_options(chosen: float | None) -> list[tuple[str, str, bool]]:
    """Return the shares of capacity on offer, in percent, with the one asked for among them."""
    every = sorted({*map(float, selectors.THRESHOLDS), *([] if chosen is None else [chosen])})
    return [(f"{value:g}", f"{value:g}%", value == chosen) for value in every]


@kept
def port_chart(loaded: Loaded) -> SafeString:
    """Return reported and modelled freight of the ports as pairs of bars."""
    listed = [one for one in reports.port_checks(loaded) if one.reported_t or one.modelled_t]
    if not listed:
        return SafeString("")
    code = language()
    rows = [
        PairedBar(
            name=one.name,
            reported=None if one.reported_t is None else charts.shown(one.reported_t, "t"),
            modelled=None if one.modelled_t is None else charts.shown(one.modelled_t, "t"),
            reported_label=charts.amount(one.reported) if one.reported else wording.number(None, code),
            modelled_label=wording.mass(one.modelled_t, code),
            standing=str(one.reported.figure.standing) if one.reported else "reported",
            href=one.href,
        )
        for one in listed
    ]
    year = loaded.region.settings.base_year
    said = Words(_("%(year)s 年各口岸货运量：报告与模型") % {"year": year}, unit=charts.shown_unit("t"))
    heads = (_("报告"), _("模型"))
    return both(lambda size: paired_bars(rows, heads, said, size), CHART_WIDE, CHART_NARROW)


def flows_csv(request: HttpRequest) -> HttpResponse:
    """Send the freight of every link and direction with what its capacity rests on."""
    return csv_response("flows-links", LINK_HEAD, _link_rows(current()))


def _link_rows(loaded: Loaded) -> Iterator[tuple[object, ...]]:
    result, waits = loaded.flows, through.waits(loaded)
    boxes: dict[tuple[str, str], list[float]] = {}
    for row in result.links:
        total = boxes.setdefault((row.link, row.origin), [0.0, 0.0])
        total[0] += row.teu
        total[1] += row.vehicles
    for line in selectors.lines(loaded):
        for way in line.use.directions:
            use, (teu, vehicles) = way.use, boxes[line.link.id, way.origin]
            yield (
                line.link.id, line.link.mode, way.origin, way.destination, result.year, way.tonnes, teu, vehicles,
                use.load if use else None, use.capacity if use else None, use.unit if use else "",
                use.share if use else None, waits.get((line.link.id, way.origin)), "model",
                str(line.capacity_standing) if use else "", line.link.capacity_basis if use else "",
                line.link.length_km, result.input_hash,
            )  # fmt: skip


def queues_csv(request: HttpRequest) -> HttpResponse:
    """Send how full every queue is, how long vehicles wait in it, and what its capacity rests on."""
    loaded = current()
    found = loaded.flows
    rows = (
        (
            one.link, one.place, one.origin, one.destination, found.year, one.load, one.background, one.capacity,
            one.unit, one.share, one.wait_h, "model", str(line.standing), line.basis, found.input_hash,
        )
        for line in queues.lines(loaded)
        for one in (line.queue,)
    )  # fmt: skip
    return csv_response("flows-queues", QUEUE_HEAD, rows)


def port_flows_csv(request: HttpRequest) -> HttpResponse:
    """Send the freight over the home border by port, direction and commodity."""
    found = current().flows
    rows = (
        (
            row.port,
            row.direction,
            row.commodity,
            found.year,
            row.tonnes,
            row.teu,
            row.vehicles,
            "model",
            found.input_hash,
        )
        for row in found.ports
    )
    return csv_response("flows-ports", PORT_HEAD, rows)


def published_routes(request: HttpRequest) -> HttpResponse:
    """Show every published time and price with ours beside it."""
    loaded = current()
    context = {
        "statement": published.statement(loaded),
        "counts": published.counts(loaded),
        "lines": published_lines(loaded),
        "low": PLAUSIBLE[0],
        "high": PLAUSIBLE[1],
    }
    return render(request, "gateway/published_routes.html", context)


@kept
def published_lines(loaded: Loaded) -> tuple[tuple[published.Line, SafeString], ...]:
    """Return the published figures, each with its ratio on the scale all of them share."""
    return tuple(
        (one, drawn(ratio_strip(one.comparison.ratio, one.said, band=PLAUSIBLE))) for one in published.lines(loaded)
    )
