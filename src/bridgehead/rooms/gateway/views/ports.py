"""The home page, the list of ports and the page of one port."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bridgehead.ground.downloads import csv_response
from bridgehead.ground.region import Loaded, current
from bridgehead.rooms.gateway.drawings import charts
from bridgehead.rooms.gateway.drawings import maps as drawings
from bridgehead.rooms.gateway.drawings import port as port_drawings
from bridgehead.rooms.gateway.drawings import port_roles as role_drawings
from bridgehead.rooms.gateway.selectors import (
    demand,
    disagreements,
    division,
    hinterland,
    names,
    port_head,
    port_models,
    port_roles,
    questions,
)
from bridgehead.rooms.gateway.selectors import home as home_selectors
from bridgehead.rooms.gateway.selectors import port as port_facts
from bridgehead.rooms.gateway.selectors import port_sections as sections
from bridgehead.rooms.gateway.selectors import ports as port_selectors
from bridgehead.rooms.gateway.selectors.border_use import absent
from bridgehead.rooms.gateway.selectors.comparison import comparison
from bridgehead.rooms.gateway.selectors.throughput import Point, by_metric
from bridgehead.rooms.gateway.views.bodies import body_of


def _with_lines(loaded: Loaded, lines: Iterable[port_selectors.PortLine]) -> list[dict[str, object]]:
    """Return rows of ports with their sparklines on one axis."""
    listed = list(lines)
    every = [p.year for one in listed for p in one.series]
    last = max(every, default=loaded.region.settings.base_year)
    first = max(min(every, default=last), last - port_selectors.SPARK_YEARS + 1)
    return [{"port": one, "spark": charts.sparkline(loaded, one.series, first, last, one.short)} for one in listed]


def home(request: HttpRequest) -> HttpResponse:
    """Show the year in one sentence, the pace of the targets, the map and the open land ports."""
    loaded = current()
    sort = port_selectors.sort_of(request.GET)
    body = body_of(request, loaded, "home", sort, lambda: _home(loaded, sort))
    return render(request, "gateway/home.html", {"body": body})


def _home(loaded: Loaded, sort: str) -> dict[str, object]:
    lines = port_selectors.ordered(port_selectors.sites(loaded), sort)
    pace = home_selectors.pace(loaded)
    return {
        "headline": home_selectors.headline(loaded),
        "pace": pace,
        "pace_lines": [(line, charts.pace_bar(line.target, line.name)) for line in pace.lines],
        "map": drawings.gateway_map(loaded),
        "legend": drawings.gateway_legend(loaded),
        "lines": _with_lines(loaded, lines),
        "years": home_selectors.spark_years(loaded),
        "without": home_selectors.without_figure(loaded),
        "base_year": loaded.region.settings.base_year,
        "method": home_selectors.method(loaded),
        "all_ports": len(names.index(loaded).ports),
        "sort": sort,
    }


def ports(request: HttpRequest) -> HttpResponse:
    """Show every port, narrowed by mode, state and class."""
    loaded = current()
    every = port_selectors.all_lines(loaded)
    options = port_selectors.options(every)
    filters, sort = port_selectors.question_of(options, request.GET)
    body = body_of(request, loaded, "ports", (filters, sort), lambda: _ports(loaded, options, filters, sort))
    return render(request, "gateway/ports.html", {"body": body})


def _ports(
    loaded: Loaded, options: port_selectors.Options, filters: port_selectors.Filters, sort: str
) -> dict[str, object]:
    every = port_selectors.all_lines(loaded)
    held = [one for one in every if filters.holds(one)]
    return {
        "lines": _with_lines(loaded, port_selectors.ordered(held, sort)),
        "found": len(held),
        "every": len(every),
        "statement": port_selectors.statement(loaded),
        "options": options,
        "filters": filters,
        "sort": sort,
        "base_year": loaded.region.settings.base_year,
        "years": home_selectors.spark_years(loaded),
        "in_force": {"mode": filters.mode, "status": filters.status, "class": filters.port_class},
    }


def ports_csv(request: HttpRequest) -> HttpResponse:
    """Send the table of ports with the figure of the base year and what the model says.

    A figure that is only known for several ports together stands in a column of its own, so that the column of the
    ports can be summed.
    """
    loaded = current()
    head = (
        "id", "name_zh", "name_en", "mode", "status", "class", "class_kind", "class_standing", "counterpart_country",
        "year", "cargo_tonnes", "counted_together_as", "counted_together_tonnes", "qualifier", "standing", "period_to",
        "source", "source_date",        "modelled_tonnes", "modelled_border_utilisation",
    )  # fmt: skip
    return csv_response("ports", head, (_port_cells(one, loaded) for one in port_selectors.all_lines(loaded)))


def _port_cells(one: port_selectors.PortLine, loaded: Loaded) -> tuple[object, ...]:
    figure = one.point.figure if one.point else None
    return (
        one.id, one.name_zh, one.name_en, one.mode, one.status, one.port_class.word, one.port_class.kind,
        str(one.port_class.standing) if one.port_class.kind else "", one.counterpart_country,
        loaded.region.settings.base_year, one.value, one.point_of, figure.value if figure and one.point_of else None,
        str(figure.qualifier) if figure else "", str(figure.standing) if figure else "",
        figure.period_to if figure else "",
        figure.source if figure else "", figure.source_date if figure else "", one.modelled_t, one.utilisation,
    )  # fmt: skip


def port(request: HttpRequest, port: str) -> HttpResponse:
    """Show everything about one port; printed, its essentials stand on one A4."""
    loaded = current()
    head = port_head.head(loaded, port)
    body = body_of(request, loaded, "port", port, lambda: _port(loaded, port))
    return render(request, "gateway/port.html", {"head": head, "body": body, "page_title": names.name(loaded, port)})


def _port(loaded: Loaded, port: str) -> dict[str, object]:
    figures = sections.throughput(loaded, port)
    clear = sections.clearance(loaded, port)
    return {
        "head": port_head.head(loaded, port),
        "has_model": port_models.has_model(loaded, port),
        "throughput": [
            (one, names.name(loaded, one.subject), port_drawings.freight_chart(loaded, port, one.subject))
            for one in figures
        ],
        "class_facts": port_facts.class_facts(loaded, port),
        "capacity_facts": port_facts.capacity_facts(loaded, port),
        "capacity_source": port_facts.source(loaded, port),
        "goods_in": port_selectors.goods(loaded, port, "import"),
        "goods_out": port_selectors.goods(loaded, port, "export"),
        "goods_sources": sections.goods_sources(loaded, port),
        "comparison": comparison(loaded, port),
        "modelled_goods": hinterland.modelled_goods(loaded, port),
        "hinterland": hinterland.hinterland(loaded, port),
        "absent": absent(names.port_row(loaded, port), loaded.region.settings.base_year),
        "not_open_then": not names.opened_by(names.port_row(loaded, port), loaded.region.settings.base_year),
        "demand_words": demand.foundation(loaded),
        "hinterland_map": drawings.hinterland_map(loaded, port),
        "hinterland_words": hinterland.hinterland_words(loaded, port),
        "hinterland_home": port_drawings.hinterland_bars(loaded, port, home=True),
        "hinterland_abroad": port_drawings.hinterland_bars(loaded, port, home=False),
        "role": port_roles.role_line(loaded, port),
        "role_bars": role_drawings.profile_bars(loaded, port),
        "role_year": port_roles.roles(loaded).year,
        "work_words": division.work_words(loaded, port),
        "clearance": clear,
        "clearance_first": clear[: sections.FIRST_POINTS],
        "clearance_more": clear[sections.FIRST_POINTS :],
        "series": sections.other_series(loaded, port),
        "projects": sections.projects(loaded, port),
        "targets": [(line, charts.pace_bar(line.target, line.name)) for line in port_drawings.pace_lines(loaded, port)],
        "policies": sections.policies(loaded, port),
        "neighbours": sections.neighbours(loaded, port),
        "disagreements": [(one, names.name(loaded, one.subject)) for one in disagreements.disagreements(loaded, port)],
        "questions": questions.questions(loaded, port),
        "question_count": questions.question_count(loaded, port),
        "base_year": loaded.region.settings.base_year,
    }


def port_csv(request: HttpRequest, port: str) -> HttpResponse:
    """Send every point reported for a port and the groups it is counted in."""
    loaded = current()
    names.port_row(loaded, port)
    head = (
        "port_id", "metric", "year", "period_from", "period_to", "full_year", "value", "unit", "qualifier", "yoy_pct",
        "standing", "confidence", "source", "source_date", "note",
    )  # fmt: skip
    subjects = (port, *(group.id for group in names.groups_of(loaded, port)))
    return csv_response(
        f"{port}-throughput",
        head,
        (_point_cells(p) for s in subjects for listed in by_metric(loaded, s).values() for p in listed),
    )


def _point_cells(point: Point) -> tuple[object, ...]:
    figure = point.figure
    return (
        point.subject, point.metric, point.year, figure.period_from, figure.period_to, int(point.full_year),
        figure.value, figure.unit, str(figure.qualifier), point.yoy_pct, str(figure.standing), figure.confidence,
        figure.source, figure.source_date, figure.note,
    )  # fmt: skip
