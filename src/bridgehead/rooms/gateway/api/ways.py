"""Operations beside the pages of the corridors, the places and the routes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from bridgehead.engines.network.journey import Route
from bridgehead.engines.network.report import route_report
from bridgehead.ground.access.audience import audience
from bridgehead.ground.region import Loaded, current
from bridgehead.ground.routing import Money
from bridgehead.rooms.gateway import parameter_words, route_answer, route_words
from bridgehead.rooms.gateway.api.ports import named_out, policy_out, project_out
from bridgehead.rooms.gateway.schemas import ports as out
from bridgehead.rooms.gateway.schemas import ways as way
from bridgehead.rooms.gateway.selectors import corridors as corridor_selectors
from bridgehead.rooms.gateway.selectors import facilitation, names, route_question, routes
from bridgehead.rooms.gateway.selectors import places as place_selectors
from bridgehead.rooms.gateway.selectors import port_sections as sections

router = Router(tags=["gateway"])


def _corridor_fields(loaded: Loaded, one: corridor_selectors.Corridor) -> dict[str, Any]:
    fullest = one.fullest
    return {
        "id": one.id,
        "name": one.name,
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "origin": named_out(loaded, one.places[0]),
        "destination": named_out(loaded, one.places[-1]),
        "ports": [named_out(loaded, place) for place in one.places if place in names.index(loaded).ports],
        "modes": list(one.modes),
        "length_km": one.length_km,
        "legs_without_link": one.missing,
        "most_t": one.most_t,
        "fullest_share": fullest.use.share if fullest is not None and fullest.use is not None else None,
        "standing": str(one.standing),
    }


def _leg(loaded: Loaded, leg: corridor_selectors.CorridorLeg) -> way.LegOut:
    link = leg.link
    directions = leg.use.directions if leg.use is not None else ()
    return way.LegOut(
        origin=named_out(loaded, leg.origin),
        destination=named_out(loaded, leg.destination),
        mode=leg.mode,
        link=link.id if link else None,
        status=link.status if link else None,
        length_km=link.length_km if link else None,
        gauges_mm=list(link.gauges_mm) if link else [],
        speed_kmh=link.speed_kmh if link else None,
        capacity=link.capacity if link else None,
        capacity_unit=link.capacity_unit if link else None,
        capacity_standing=str(leg.capacity_standing) if link and link.capacity else None,
        capacity_basis=link.capacity_basis if link else None,
        border=leg.border,
        gauge_change=bool(leg.gauge_change),
        modelled=[
            way.LinkFlowOut(
                origin=one.origin,
                destination=one.destination,
                tonnes=one.tonnes,
                utilisation=one.use.share if one.use else None,
            )
            for one in directions
        ],
    )


@router.get("/corridors", response=way.CorridorsOut, summary="Corridors")
@audience("public")
def list_corridors(request: HttpRequest) -> way.CorridorsOut:
    """Every corridor with its course, length, freight and the fullest stretch."""
    loaded = current()
    return way.CorridorsOut(
        statement=corridor_selectors.statement(loaded),
        base_year=loaded.region.settings.base_year,
        corridors=[way.CorridorOut(**_corridor_fields(loaded, one)) for one in corridor_selectors.corridors(loaded)],
    )


@router.get("/corridors/{corridor}", response=way.CorridorPageOut, summary="One corridor")
@audience("public")
def show_corridor(request: HttpRequest, corridor: str) -> way.CorridorPageOut:
    """One corridor leg by leg, and what a stated consignment takes and costs over the whole of it."""
    loaded = current()
    one = corridor_selectors.corridor(loaded, corridor)
    passage = corridor_selectors.passage(loaded, corridor)
    per_t = route_words.money(loaded, passage.route)[1] if passage.route else None
    return way.CorridorPageOut(
        **_corridor_fields(loaded, one),
        legs=[_leg(loaded, leg) for leg in one.legs],
        passage=way.PassageOut(
            consignment=passage.amount,
            scenario=passage.scenario,
            hours=passage.route.hours if passage.route else None,
            usd_per_t=passage.route.usd_per_t if passage.route else None,
            local_per_t=float(per_t.local) if per_t is not None and per_t.local is not None else None,
            currency=loaded.region.settings.currency,
            kg_co2e=passage.route.kg_co2e if passage.route else None,
        ),
        indicators=[
            way.IndicatorOut(
                **{name: getattr(line, name) for name in ("mode", "measure", "value", "in_rate", "circular")},
                reported=[
                    way.ReportedIndicatorOut(
                        country=said.country,
                        value=said.value,
                        year=said.year,
                        standing=str(said.standing),
                        source=said.source,
                    )
                    for said in line.reported
                ],
            )
            for line in (facilitation.indicators(loaded, passage.route) if passage.route else ())
        ],
        notes=list(one.notes),
    )


@router.get("/places", response=way.PlacesOut, summary="Places")
@audience("public")
def list_places(request: HttpRequest) -> way.PlacesOut:
    """Every place with the demand that begins and ends there."""
    loaded = current()
    return way.PlacesOut(
        base_year=loaded.region.settings.base_year,
        places=[
            way.PlaceOut(
                id=one.id,
                name=names.name(loaded, one.id),
                name_zh=one.name_zh,
                name_en=one.name_en,
                kind=one.kind,
                country=one.country,
                district=one.district or None,
                out_t=one.out_t,
                in_t=one.in_t,
                links=one.links,
                standing=str(one.standing) if one.standing else None,
            )
            for one in place_selectors.lines(loaded)
        ],
    )


@router.get("/places/{place}", response=way.PlacePageOut, summary="One place")
@audience("public")
def show_place(request: HttpRequest, place: str) -> way.PlacePageOut:
    """One place: what it is, its links and freight, the ports its freight uses, its corridors and projects."""
    loaded = current()
    found = place_selectors.place(loaded, place)
    return way.PlacePageOut(
        id=place,
        name=names.name(loaded, place),
        name_zh=found.name_zh,
        name_en=found.name_en,
        kind=found.kind,
        country=found.country,
        district=found.district or None,
        lat=found.position[0],
        lon=found.position[1],
        standing=str(found.standing),
        source=found.source,
        answer=list(found.answer),
        demand=[
            way.DemandOut(
                direction=one.direction,
                other=out.Named(id=one.other, name=one.other_name),
                commodity=one.commodity,
                tonnes=one.tonnes,
                standing=str(one.standing),
                confidence=one.confidence,
            )
            for one in found.demand
        ],
        links=[
            way.PlaceLinkOut(
                id=one.link.id,
                other=out.Named(id=one.id, name=one.name),
                mode=one.link.mode,
                status=one.link.status,
                length_km=one.link.length_km,
                modelled_t=one.reading.tonnes,
                utilisation=one.reading.share,
            )
            for one in found.links
        ],
        ports=[way.PortShareOut(port=out.Named(id=i, name=n), tonnes=t) for i, n, t in found.ports],
        passing_t=found.passing_t,
        corridors=[out.Named(id=one.id, name=one.name) for one in corridor_selectors.through(loaded, place)],
        projects=[project_out(one) for one in sections.projects(loaded, place)],
        policies=[policy_out(one) for one in sections.policies(loaded, place)],
    )


def _money(found: Money) -> way.MoneyOut:
    def text(amount: Decimal | None) -> str | None:
        return None if amount is None else str(amount)

    return way.MoneyOut(
        usd=str(found.usd),
        local=text(found.local),
        currency=found.currency,
        rate=found.rate.value if found.rate else None,
        rate_standing=str(found.rate_standing) if found.rate_standing else None,
    )


def _way(loaded: Loaded, route: Route, by: str) -> way.WayOut:
    total, per_t = route_words.money(loaded, route)
    return way.WayOut(
        course=route_words.course(loaded, route),
        by=by,
        money=_money(total),
        money_per_t=_money(per_t),
        route=route_report(route),
    )


def _alternatives(loaded: Loaded, found: routes.Answer) -> way.AlternativesOut:
    listed = found.routes
    return way.AlternativesOut(
        asked=listed.asked,
        found=len(listed.routes),
        most_in_common=listed.limit,
        exhausted=listed.exhausted,
        routes=[
            way.AlternativeOut(
                **_way(loaded, one.route, found.by).dict(),
                common=list(one.common),
                differs=list(one.differs),
                more=one.more,
            )
            for one in listed.routes
        ],
    )


class Asked(Schema):
    """The question of a route; every field as it was typed, so that all faults can be told at once."""

    origin: str = Query("", description="id or name of a place or port")
    destination: str = Query("", description="id or name of a place or port")
    commodity: str = Query("", description="id of a commodity")
    tonnes: str = Query("", description="tonnes of the consignment; either these or TEU")
    teu: str = Query("", description="containers of the consignment")
    year: str = Query("", description="year of the network; the base year if absent")
    date: str = Query("", description="day of sending, year-month-day; ports that do not work in that month are closed")
    by: str = Query("", description="cost, time, co2e or mix: which way counts first")
    via: str = Query("", description="port where alone the home border may be crossed; any if absent")
    avoid: str = Query("", description="ports where the home border may not be crossed, parted by commas")
    modes: str = Query("", description="modes to use, parted by commas; all but air if absent")
    k: str = Query("", description="how many routes that differ, 1 to 20; 5 if absent")
    most_in_common: str = Query("", description="share a route may have in common with a better one; 0.6 if absent")
    value_of_time: str = Query("", description="mix: USD an hour of the whole consignment is worth")
    value_of_carbon: str = Query("", description="mix: USD a kilogram of CO2e is worth; 0 if absent")


@router.get("/route", response=way.RouteOut, summary="The cheapest, the fastest and the routes that differ")
@audience("public")
def find_ways(request: HttpRequest, given: Query[Asked]) -> way.RouteOut:
    """Ways between two places with legs, totals and every parameter used; all faults of a question at once."""
    loaded = current()
    fields = given.dict(exclude_unset=True)
    asked = route_question.question(loaded, fields)
    # A refinement alone is a question without its ends here; on the page it is a form with a choice made.
    if asked.begun or not any(fields.values()):
        examples = [
            way.ExampleOut(
                origin=one.origin,
                destination=one.destination,
                commodity=one.commodity,
                tonnes=one.tonnes,
                teu=one.teu,
                query=one.query,
            )
            for one in routes.examples(loaded)
        ]
        return way.RouteOut(statement="", same=False, cheapest=None, fastest=None, parameters=[], examples=examples)
    found = routes.answer(loaded, asked)
    told = found.told
    ids = tuple(dict.fromkeys(id_ for route in told for id_ in route.parameters))
    used = routes.parameters(loaded, ids, told)
    return way.RouteOut(
        statement=route_answer.statement(loaded, found),
        same=found.same,
        cheapest=_way(loaded, found.cheapest, "cost"),
        fastest=_way(loaded, found.fastest, "time"),
        alternatives=_alternatives(loaded, found),
        train=None if found.train is None else _way(loaded, found.train, found.by),
        pareto=way.ParetoOut(
            complete=found.pareto.complete,
            routes=[
                way.ParetoWayOut(
                    **_way(loaded, one.route, "cost").dict(), least=list(one.least), differs=list(one.differs)
                )
                for one in found.pareto.routes
            ],
        ),
        parameters=[way.ParameterOut(**parameter_words.record(loaded, use), cost_key=use.cost_key) for use in used],
    )
