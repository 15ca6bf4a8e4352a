"""Pages of corridors, places and routes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bridgehead.engines.network.alternatives import DEFAULT_COMMON, DEFAULT_K
from bridgehead.engines.network.components import MODES, RAIL, ROAD, SEA
from bridgehead.engines.network.journey import Route
from bridgehead.engines.network.virtual import DEFAULT_MODES
from bridgehead.ground import words
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.kept import kept, recent
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.routing import exchange
from bridgehead.kernel.errors import BridgeheadError, Fault, Sentence, sentence
from bridgehead.rooms.gateway import parameter_words, prose, route_answer, route_words, simulated_route_words
from bridgehead.rooms.gateway.actions import SAVE
from bridgehead.rooms.gateway.drawings import maps as drawings
from bridgehead.rooms.gateway.selectors import corridors as corridor_selectors
from bridgehead.rooms.gateway.selectors import demand, facilitation, names, route_question
from bridgehead.rooms.gateway.selectors import places as place_selectors
from bridgehead.rooms.gateway.selectors import port_sections as sections
from bridgehead.rooms.gateway.selectors import routes as route_selectors
from bridgehead.rooms.gateway.views.bodies import body_of

REFINED = ("via", "avoid", "modes", "k", "most_in_common", "value_of_time", "value_of_carbon")
"""Fields that are folded away while none of them is used."""
PLACE_ROWS = 12
"""So many rows of demand stand on the page of a place; the others are folded away."""


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
    body = body_of(request, loaded, "corridor", corridor, lambda: _corridor(loaded, one))
    return render(request, "gateway/corridor.html", {"corridor": one, "body": body, "page_title": one.name})


def _corridor(loaded: Loaded, one: corridor_selectors.Corridor) -> dict[str, object]:
    passage = corridor_selectors.passage(loaded, one.id)
    return {
        "indicators": facilitation.indicators(loaded, passage.route) if passage.route else (),
        "definition": facilitation.DEFINITION,
        "corridor": one,
        "lead": corridor_selectors.lead(one),
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
        request, "gateway/places.html", {"body": body_of(request, loaded, "places", "", lambda: _places(loaded))}
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
        "demand_standing": demand.standing(demand.demand_rows(loaded)),
        "demand_words": demand.foundation(loaded),
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
        "demand_standing": found.demand_standing,
        "demand_words": demand.foundation(loaded, place),
        "base_year": loaded.region.settings.base_year,
        "page_title": names.name(loaded, place),
    }
    return render(request, "gateway/place.html", context)


def route(request: HttpRequest) -> HttpResponse:
    """Ask for a way and show the routes that differ, leg by leg, with the origin of every number."""
    loaded = current()
    typed = {name: ",".join(request.GET.getlist(name)) if name in route_question.LISTS else value
             for name, value in request.GET.items()}  # fmt: skip
    asked = route_question.question(loaded, typed)
    context: dict[str, object] = {
        "asked": asked,
        "given": asked.given,
        "refined": any(asked.given[name] for name in REFINED),
        "mode_choices": _mode_choices(asked.modes),
        "defaults": {"k": DEFAULT_K, "most_in_common": DEFAULT_COMMON},
        "places": route_selectors.place_choices(loaded),
        "ports": route_selectors.port_choices(loaded),
        "commodities": [
            (one.value, one.label, one.value == asked.given["commodity"])
            for one in route_selectors.commodity_choices(loaded)
        ],
        "criteria": [(one, said, one == asked.by) for one, said in _criteria().items()],
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
            body = body_of(request, loaded, "route", key, lambda: context | _ways(loaded, asked))
            shown = {"body": body, "page_title": context["page_title"], "simulated": _simulated(request, loaded, asked)}
            return render(request, "gateway/route.html", shown)
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


def _simulated(
    request: HttpRequest, loaded: Loaded, asked: route_question.Question
) -> simulated_route_words.Simulated | None:
    """Return what simulated ports change of the first way; runs are for officers, so it stays outside of the body."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.may(SAVE):
        return None
    key = (tuple(asked.given.items()), asked.consignment)
    first: Route = recent(loaded, "route first", key, lambda: route_selectors.answer(loaded, asked).ways[0][1])
    return simulated_route_words.simulated(loaded, viewer, first)


def _criteria() -> dict[str, str]:
    return {"cost": _("费用"), "time": _("时间"), "co2e": _("排放"), "mix": _("综合")}


def _mode_choices(chosen: tuple[str, ...]) -> list[tuple[str, str, bool]]:
    """Return the choices of modes: value, words, whether chosen; what was typed otherwise is one of them."""
    known = [DEFAULT_MODES, (RAIL,), (ROAD,), (RAIL, ROAD), (RAIL, SEA), MODES]
    listed = known if chosen in known else [*known, chosen]
    return [
        ("" if modes == DEFAULT_MODES else ",".join(modes),
         prose.capital(prose.listed(words.word("mode", mode) for mode in modes)), modes == chosen)
        for modes in listed
    ]  # fmt: skip


def _worded(loaded: Loaded, faults: Iterable[Fault]) -> dict[str, Sentence]:
    """Return the sentence of each fault by field, with places by their names."""
    found: dict[str, Sentence] = {}
    for fault in faults:
        named = {key: names.name(loaded, value) if key in ("origin", "destination") else value
                 for key, value in ((k, str(v)) for k, v in fault.parameters.items())}  # fmt: skip
        if named.get("close"):
            named["close"] = prose.listed(names.name(loaded, id_) for id_ in named["close"].split(", "))
        if fault.code == "route.bad_criterion":
            named["known"] = prose.listed(_criteria().values())
        said = sentence(Fault(fault.code, named, fault.place), language())
        found.setdefault(fault.place.field or "origin", said)
    return found


def _ways(loaded: Loaded, asked: route_question.Question) -> dict[str, object]:
    found = route_selectors.answer(loaded, asked)
    ways, others = route_answer.ways(loaded, found), route_answer.others(loaded, found)
    ids = tuple(dict.fromkeys(id_ for route in found.told for id_ in route.parameters))
    used = route_selectors.parameters(loaded, ids, found.told)
    first = ways[0].route
    charted = [(way.title, way.route) for way in (*ways, *others)]
    return {
        "headline": route_words.headline(loaded, first.consignment),
        "statement": route_answer.statement(loaded, found),
        "ways": ways,
        "others": others,
        "enough": route_answer.enough(found),
        "weights": route_answer.weights(found),
        "pareto": route_answer.pareto(loaded, found),
        "pareto_complete": found.pareto.complete,
        "key": route_words.key(loaded, found.told),
        "limits": route_answer.limits(loaded, asked),
        "free_query": route_question.query_of(replace(first.consignment, date=None), asked.by),
        "time_chart": route_words.distance_chart(loaded, charted, cost=False),
        "cost_chart": route_words.distance_chart(loaded, charted, cost=True),
        "indicators": facilitation.indicators(loaded, first),
        "definition": facilitation.DEFINITION,
        "parameters": parameter_words.parameter_lines(loaded, used),
        "rate": exchange(loaded),
    }
