"""Pages of the gateway room: read the address, ask a selector, fill a template."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Hashable, Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded, current
from bridgehead.kernel.errors import BridgeheadError, Fault, Sentence, sentence
from bridgehead.rooms.gateway import charts, drawings, parameter_words, port_drawings, prose, route_words
from bridgehead.rooms.gateway.editions import kept, recent
from bridgehead.rooms.gateway.selectors import corridors as corridor_selectors
from bridgehead.rooms.gateway.selectors import disagreements, hinterland, names, questions, route_question
from bridgehead.rooms.gateway.selectors import home as home_selectors
from bridgehead.rooms.gateway.selectors import places as place_selectors
from bridgehead.rooms.gateway.selectors import port as port_facts
from bridgehead.rooms.gateway.selectors import port_sections as sections
from bridgehead.rooms.gateway.selectors import ports as port_selectors
from bridgehead.rooms.gateway.selectors import routes as route_selectors
from bridgehead.rooms.gateway.selectors.throughput import Point, by_metric

PLACE_ROWS = 12
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, head: Sequence[str], lines: Iterable[Sequence[object]]) -> HttpResponse:
    """Return lines as a CSV file; a text that a spreadsheet would run as a formula gets an apostrophe in front."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    for line in lines:
        writer.writerow([_cell(value) for value in line])
    answer = HttpResponse(out.getvalue().encode(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value


def chosen(request: HttpRequest, name: str, known: Iterable[str], default: str = "") -> str:
    """Return a query parameter if it is one of the known words, else the default: a bad link still gives the page."""
    given = request.GET.get(name, "")
    return given if given in known else default


def _sorts() -> tuple[str, ...]:
    return tuple(sign + name for name in port_selectors.SORTS for sign in ("", "-"))


def _with_lines(loaded: Loaded, lines: Iterable[port_selectors.PortLine]) -> list[dict[str, object]]:
    """Return rows of ports with their sparklines on one axis."""
    listed = list(lines)
    every = [p.year for one in listed for p in one.series]
    last = max(every, default=loaded.region.settings.base_year)
    first = max(min(every, default=last), last - port_selectors.SPARK_YEARS + 1)
    return [{"port": one, "spark": charts.sparkline(loaded, one.series, first, last, one.short)} for one in listed]


def _body(
    request: HttpRequest, loaded: Loaded, name: str, key: Hashable, context: Callable[[], dict[str, object]]
) -> SafeString:
    """Return the body of a page, kept among the most recent ones: it changes with the region and the question only.

    What other rooms add (panels) stays outside of it.
    """

    def draw() -> SafeString:
        return render_to_string(f"gateway/{name}_body.html", context(), request)

    return recent(loaded, f"body {name}", key, draw)


def home(request: HttpRequest) -> HttpResponse:
    """Show the year in one sentence, the pace of the targets, the map and the open land ports."""
    loaded = current()
    sort = chosen(request, "sort", _sorts(), "freight")
    body = _body(request, loaded, "home", sort, lambda: _home(loaded, sort))
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
    filters = port_selectors.Filters(
        mode=chosen(request, "mode", (o.value for o in options.modes)),
        status=chosen(request, "status", (o.value for o in options.statuses)),
        port_class=chosen(request, "class", (o.value for o in options.classes)),
    )
    sort = chosen(request, "sort", _sorts(), "freight")
    body = _body(request, loaded, "ports", (filters, sort), lambda: _ports(loaded, options, filters, sort))
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
    """Send the table of ports with the figure of the base year and what the model says."""
    loaded = current()
    head = (
        "id", "name_zh", "name_en", "mode", "status", "class", "class_kind", "class_standing", "counterpart_country",
        "year", "cargo_tonnes", "qualifier", "standing", "period_to", "counted_together_as", "source", "source_date",
        "modelled_tonnes", "modelled_border_utilisation",
    )  # fmt: skip
    return csv_answer("ports", head, (_port_cells(one, loaded) for one in port_selectors.all_lines(loaded)))


def _port_cells(one: port_selectors.PortLine, loaded: Loaded) -> tuple[object, ...]:
    figure = one.point.figure if one.point else None
    return (
        one.id, one.name_zh, one.name_en, one.mode, one.status, one.port_class.word, one.port_class.kind,
        str(one.port_class.standing) if one.port_class.kind else "", one.counterpart_country,
        loaded.region.settings.base_year, figure.value if figure else None, str(figure.qualifier) if figure else "",
        str(figure.standing) if figure else "", figure.period_to if figure else "", one.point_of,
        figure.source if figure else "", figure.source_date if figure else "", one.modelled_t, one.utilisation,
    )  # fmt: skip


def port(request: HttpRequest, port: str) -> HttpResponse:
    """Show everything about one port; printed, its essentials stand on one A4."""
    loaded = current()
    head = port_facts.head(loaded, port)
    body = _body(request, loaded, "port", port, lambda: _port(loaded, port))
    return render(request, "gateway/port.html", {"head": head, "body": body, "page_title": names.name(loaded, port)})


def _port(loaded: Loaded, port: str) -> dict[str, object]:
    figures = sections.throughput(loaded, port)
    clear = sections.clearance(loaded, port)
    return {
        "head": port_facts.head(loaded, port),
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
        "comparison": port_facts.comparison(loaded, port),
        "modelled_goods": hinterland.modelled_goods(loaded, port),
        "hinterland": hinterland.hinterland(loaded, port),
        "hinterland_map": drawings.hinterland_map(loaded, port),
        "hinterland_words": hinterland.hinterland_words(loaded, port),
        "hinterland_home": port_drawings.hinterland_bars(loaded, port, home=True),
        "hinterland_abroad": port_drawings.hinterland_bars(loaded, port, home=False),
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
    return csv_answer(
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


def corridors(request: HttpRequest) -> HttpResponse:
    """Show every corridor: course, length, freight and the fullest stretch."""
    loaded = current()
    context = {
        "statement": corridor_selectors.statement(loaded),
        "corridors": [
            (one, names.short(loaded, one.places[0]), names.short(loaded, one.places[-1]), _border_ports(loaded, one))
            for one in corridor_selectors.corridors(loaded)
        ],
        "base_year": loaded.region.settings.base_year,
    }
    return render(request, "gateway/corridors.html", context)


def _border_ports(loaded: Loaded, one: corridor_selectors.Corridor) -> list[str]:
    known = names.index(loaded).ports
    return [names.distinct(loaded, place) for place in one.places if place in known]


def corridor(request: HttpRequest, corridor: str) -> HttpResponse:
    """Show one corridor leg by leg, on the map, and what the whole of it takes and costs."""
    loaded = current()
    one = corridor_selectors.corridor(loaded, corridor)
    body = _body(request, loaded, "corridor", corridor, lambda: _corridor(loaded, one))
    return render(request, "gateway/corridor.html", {"corridor": one, "body": body, "page_title": one.name})


def _corridor(loaded: Loaded, one: corridor_selectors.Corridor) -> dict[str, object]:
    passage = corridor_selectors.passage(loaded, one.id)
    return {
        "corridor": one,
        "from_name": names.name(loaded, one.places[0]),
        "to_name": names.name(loaded, one.places[-1]),
        "map": corridor_map(loaded, one.id),
        "passage": passage,
        "money": route_words.money(loaded, passage.route) if passage.route else None,
        "route_query": route_question.query_of(passage.consignment) if passage.consignment else "",
        "base_year": loaded.region.settings.base_year,
    }


@kept
def corridor_map(loaded: Loaded, corridor: str) -> SafeString:
    """Return the map of a corridor."""
    one = corridor_selectors.corridor(loaded, corridor)
    links = [leg.link.id for leg in one.legs if leg.link is not None]
    return drawings.way_map(loaded, one.name, one.places, links)


def places(request: HttpRequest) -> HttpResponse:
    """Show every place by kind, those with most freight first."""
    loaded = current()
    return render(
        request, "gateway/places.html", {"body": _body(request, loaded, "places", "", lambda: _places(loaded))}
    )


def _places(loaded: Loaded) -> dict[str, object]:
    every = place_selectors.lines(loaded)
    kinds: dict[str, list[place_selectors.PlaceLine]] = {}
    for one in every:
        kinds.setdefault(one.kind, []).append(one)
    return {
        "statement": place_selectors.statement(loaded),
        "kinds": list(kinds.items()),
        "base_year": loaded.region.settings.base_year,
    }


def place(request: HttpRequest, place: str) -> HttpResponse:
    """Show one place: links, freight in and out, ports used, projects, position."""
    loaded = current()
    found = place_selectors.place(loaded, place)
    context = {
        "place": found,
        "map": drawings.place_map(loaded, place),
        "corridors": corridor_selectors.through(loaded, place),
        "projects": sections.projects(loaded, place),
        "policies": sections.policies(loaded, place),
        "demand_first": found.demand[:PLACE_ROWS],
        "demand_more": found.demand[PLACE_ROWS:],
        "base_year": loaded.region.settings.base_year,
        "page_title": names.name(loaded, place),
    }
    return render(request, "gateway/place.html", context)


def route(request: HttpRequest) -> HttpResponse:
    """Ask for a way and show the cheapest and the fastest, leg by leg, with the origin of every number."""
    loaded = current()
    asked = route_question.question(loaded, request.GET)
    context: dict[str, object] = {
        "asked": asked,
        "given": asked.given,
        "by": asked.by if asked.by in route_question.CRITERIA else "cost",
        "places": route_selectors.place_choices(loaded),
        "commodities": route_selectors.commodity_choices(loaded),
        "horizon": loaded.components.horizon,
        "base_year": loaded.region.settings.base_year,
        "currency": loaded.region.settings.currency,
    }
    status = 200
    if not asked.asked:
        context["examples"] = route_selectors.examples(loaded)
    elif asked.consignment is None:
        context["faults"] = _worded(loaded, asked.faults)
        status = 422
    else:
        try:
            context["page_title"] = prose.joined(route_words.headline(loaded, asked.consignment))
            key = (tuple(asked.given.items()), asked.consignment)
            body = _body(request, loaded, "route", key, lambda: context | _ways(loaded, asked))
            return render(request, "gateway/route.html", {"body": body, "page_title": context["page_title"]})
        except BridgeheadError as error:
            if error.code != "route.no_path":
                raise
            context["faults"] = _worded(loaded, error.faults)
            status = 422
    body = render_to_string("gateway/route_body.html", context, request)
    page = render(request, "gateway/route.html", {"body": body}, status=status)
    # The form with its faults is the answer; the error page of the site would lose what was typed.
    page.in_shape = True  # type: ignore[attr-defined]
    return page


def _worded(loaded: Loaded, faults: Iterable[Fault]) -> dict[str, Sentence]:
    """Return the sentence of each fault by field, with places by their names."""
    found: dict[str, Sentence] = {}
    for fault in faults:
        named = {key: names.name(loaded, value) if key in ("origin", "destination") else value
                 for key, value in ((k, str(v)) for k, v in fault.parameters.items())}  # fmt: skip
        if "close" in named:
            named["close"] = prose.listed(names.name(loaded, id_) for id_ in named["close"].split(", "))
        if fault.code == "route.bad_criterion":
            named["known"] = ", ".join(route_question.CRITERIA)
        said = sentence(Fault(fault.code, named, fault.place), language())
        found.setdefault(fault.place.field or "origin", said)
    return found


def _ways(loaded: Loaded, asked: route_question.Question) -> dict[str, object]:
    found = route_selectors.answer(loaded, asked)
    ways, others = route_words.ways(loaded, found), route_words.others(loaded, found)
    ids = tuple(dict.fromkeys(id_ for way in ways for id_ in way.route.parameters))
    used = route_selectors.parameters(loaded, ids, tuple(way.route for way in ways))
    first = ways[0].route
    return {
        "headline": route_words.headline(loaded, first.consignment),
        "statement": route_words.statement(loaded, found),
        "ways": ways,
        "others": others,
        "key": route_words.key(loaded, (*ways, *others)),
        "limits": route_words.limits(loaded, asked),
        "free_query": route_question.query_of(first.consignment, asked.by),
        "map": drawings.way_map(
            loaded, ways[0].title, first.places, [link for leg in first.legs for link in leg.links]
        ),
        "time_chart": route_words.distance_chart(loaded, ways, cost=False),
        "cost_chart": route_words.distance_chart(loaded, ways, cost=True),
        "parameters": parameter_words.parameter_lines(loaded, used),
        "rate": route_selectors.exchange(loaded),
    }
