"""Operations beside the pages on ports, corridors, places and routes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.engines.network.routes import Route
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded, current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.kernel.source import Figure, Standing
from bridgehead.rooms.gateway import route_words, words
from bridgehead.rooms.gateway import schemas as out
from bridgehead.rooms.gateway.selectors import corridors as corridor_selectors
from bridgehead.rooms.gateway.selectors import home as home_selectors
from bridgehead.rooms.gateway.selectors import names, ports, routes
from bridgehead.rooms.gateway.selectors import places as place_selectors
from bridgehead.rooms.gateway.selectors import port as port_facts
from bridgehead.rooms.gateway.selectors import port_sections as sections
from bridgehead.rooms.gateway.selectors.throughput import FREIGHT, by_metric

router = Router(tags=["gateway"])


def _named(loaded: Loaded, id_: str) -> out.Named:
    return out.Named(id=id_, name=names.name(loaded, id_))


def _modelled(tonnes: float | None) -> out.FigureOut | None:
    return None if tonnes is None else out.figure(Figure(tonnes, "t", Standing.MODEL))


def _class(found: ports.PortClass) -> out.ClassOut:
    standing = str(found.standing) if found.kind else None
    return out.ClassOut(kind=found.kind, word=found.word, label=found.label, standing=standing, source=found.source)


def _port(loaded: Loaded, one: ports.PortLine) -> out.PortOut:
    return out.PortOut(
        id=one.id,
        name=speak(language(), one.name_zh, one.name_en),
        name_zh=one.name_zh,
        name_en=one.name_en,
        mode=one.mode,
        status=one.status,
        counterpart=one.counterpart,
        counterpart_country=one.counterpart_country,
        port_class=_class(one.port_class),
        imports=list(one.imports),
        exports=list(one.exports),
        year=loaded.region.settings.base_year,
        reported=out.figure(one.point.figure) if one.point else None,
        reported_of=one.point_of or None,
        modelled=_modelled(one.modelled_t),
        modelled_border_utilisation=one.utilisation,
        series=[out.point(point) for point in one.series],
        members=[member.id for member in one.members],
    )


def _target(loaded: Loaded, line: home_selectors.PaceLine) -> out.TargetOut:
    target = line.target
    aim = out.figure(target.figure)
    assert aim is not None
    return out.TargetOut(
        subject=_named(loaded, target.subject),
        metric=target.metric,
        label=line.name,
        year=target.year,
        stretch=target.stretch,
        target=aim,
        reached=out.figure(target.done.figure) if target.done else None,
        share=target.share,
        share_of_year=target.gone,
        words=line.left,
    )


@router.get("/home", response=out.HomeOut, summary="The first page")
def home(request: HttpRequest) -> out.HomeOut:
    """What passed in the last full year, the pace of the targets, and the open land ports."""
    loaded = current()
    headline, pace, method = (
        home_selectors.headline(loaded),
        home_selectors.pace(loaded),
        home_selectors.method(loaded),
    )
    return out.HomeOut(
        headline="".join(headline.phrases),
        lead=headline.lead,
        year=headline.year,
        figure=out.figure(headline.figure),
        target_year=pace.year,
        targets=[_target(loaded, line) for line in pace.lines],
        ports=[_port(loaded, one) for one in ports.ordered(ports.sites(loaded), "freight")],
        base_year=method.year,
        modelled_t=method.served_t,
        links_with_capacity=method.with_capacity,
        links_with_sourced_capacity=method.sourced,
        overloads=method.overloads,
    )


def _one_of(field: str, value: str, known: Iterable[str]) -> str:
    """Return a parameter that is empty or one of the known words; ``request.invalid_field`` for another."""
    listed = sorted(set(known))
    if value and value not in listed:
        raise BridgeheadError(
            "request.invalid_field", {"field": field, "reason": ", ".join(listed)}, Place(field=field)
        )
    return value


@router.get("/ports", response=out.PortsOut, summary="Ports")
def list_ports(
    request: HttpRequest,
    mode: str = Query("", description="rail, road, water or air"),
    status: str = Query("", description="open, under_construction, planned or not_open"),
    port_class: str = Query("", alias="class", description="word of the class, or none"),
    sort: str = Query("freight", description="freight, use, name, counterpart, class or model; a minus sign reverses"),
) -> out.PortsOut:
    """Every port of the region, open or not, narrowed and sorted as on the page."""
    loaded = current()
    every = ports.all_lines(loaded)
    choices = ports.options(every)
    filters = ports.Filters(
        mode=_one_of("mode", mode, (one.value for one in choices.modes)),
        status=_one_of("status", status, (one.value for one in choices.statuses)),
        port_class=_one_of("class", port_class, (one.value for one in choices.classes)),
    )
    order = _one_of("sort", sort, (sign + key for key in ports.SORTS for sign in ("", "-"))) or "freight"
    held = [one for one in every if filters.holds(one)]
    return out.PortsOut(
        found=len(held),
        every=len(every),
        base_year=loaded.region.settings.base_year,
        ports=[_port(loaded, one) for one in ports.ordered(held, order)],
    )


def _fact(fact: port_facts.Fact) -> out.FactOut:
    return out.FactOut(
        label=fact.label,
        text=fact.text or None,
        standing=str(fact.standing) if fact.standing else None,
        source=fact.source,
        source_date=fact.source_date,
        note=fact.note,
    )


def _project(one: sections.Project) -> out.ProjectOut:
    return out.ProjectOut(
        id=one.id,
        name=speak(language(), one.name_zh, one.name_en),
        kind=one.kind,
        status=one.status,
        capacity=one.capacity or None,
        cost=one.cost or None,
        start=one.start or None,
        finish=one.finish or None,
        standing=str(one.standing),
        source=one.source,
        source_date=one.source_date,
        note=one.note,
    )


def _policy(one: sections.Policy) -> out.PolicyOut:
    shown = out.figure(one.figure)
    assert shown is not None
    return out.PolicyOut(
        kind=one.kind, label=one.label, subject=one.subject, year=one.year, words=one.words, figure=shown
    )


def _comparison(found: port_facts.Comparison) -> out.ComparisonOut:
    return out.ComparisonOut(
        year=found.year,
        reported=out.figure(found.reported.figure) if found.reported else None,
        reported_of=found.reported_of or None,
        modelled=_modelled(found.modelled_t),
        difference_t=found.difference_t,
        ratio=found.ratio,
        reasons=list(found.reasons),
    )


def _clearance(one: sections.Clearance) -> out.ClearanceOut:
    shown = out.figure(one.figure)
    assert shown is not None
    return out.ClearanceOut(label=one.label, direction=one.direction, year=one.year, figure=shown)


@router.get("/ports/{port}", response=out.PortPageOut, summary="One port")
def show_port(request: HttpRequest, port: str) -> out.PortPageOut:
    """Everything about one port: class, capacity, freight, model beside report, hinterland, projects, open questions."""
    loaded = current()
    head = port_facts.head(loaded, port)
    figures = [point for one in sections.throughput(loaded, port) for point in one.in_time]
    others = [p for metric, listed in by_metric(loaded, port).items() if metric != FREIGHT for p in listed]
    ends = sections.hinterland(loaded, port)
    return out.PortPageOut(
        id=port,
        name=names.name(loaded, port),
        name_zh=head.name_zh,
        name_en=head.name_en,
        mode=head.mode,
        status=head.status,
        answer=list(head.answer),
        port_class=_class(head.port_class),
        class_facts=[_fact(fact) for fact in port_facts.class_facts(loaded, port)],
        capacity_facts=[_fact(fact) for fact in port_facts.capacity_facts(loaded, port)],
        imports=list(ports.goods(loaded, port, "import")),
        exports=list(ports.goods(loaded, port, "export")),
        throughput=[out.point(point) for point in figures],
        other_metrics=[out.point(point) for point in others],
        comparison=_comparison(port_facts.comparison(loaded, port)),
        modelled_goods=[
            out.GoodsOut(id=one.id, name=one.name, import_t=one.import_t, export_t=one.export_t)
            for one in sections.modelled_goods(loaded, port)
        ],
        hinterland_home=[out.EndOut(id=end.id, name=end.name, tonnes=end.tonnes) for end in ends.home],
        hinterland_abroad=[out.EndOut(id=end.id, name=end.name, tonnes=end.tonnes) for end in ends.abroad],
        clearance=[_clearance(one) for one in sections.clearance(loaded, port)],
        projects=[_project(one) for one in sections.projects(loaded, port)],
        targets=[
            _target(loaded, home_selectors.pace_line(loaded, target, whole_name=False))
            for target in sections.port_targets(loaded, port)
        ],
        same_class=[_named(loaded, one.id) for one in sections.neighbours(loaded, port) if one.id != port],
        conflicts=[
            out.ConflictOut(
                kind=one.conflict.kind,
                metric=one.conflict.metric,
                label=one.label,
                subject=one.subject,
                points=[out.point(point) for point in one.conflict.points],
            )
            for one in sections.disagreements(loaded, port)
        ],
        questions=[
            out.QuestionOut(text=one.text, table=one.table, column=one.column)
            for one in port_facts.questions(loaded, port)
        ],
        policies=[_policy(one) for one in sections.policies(loaded, port)],
    )


def _corridor_fields(loaded: Loaded, one: corridor_selectors.Corridor) -> dict[str, object]:
    fullest = one.fullest
    return {
        "id": one.id,
        "name": one.name,
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "origin": _named(loaded, one.places[0]),
        "destination": _named(loaded, one.places[-1]),
        "ports": [_named(loaded, place) for place in one.places if place in names.index(loaded).ports],
        "modes": list(one.modes),
        "length_km": one.length_km,
        "legs_without_link": one.missing,
        "most_t": one.most_t,
        "fullest_share": fullest.use.share if fullest is not None and fullest.use is not None else None,
        "standing": str(one.standing),
    }


def _leg(loaded: Loaded, leg: corridor_selectors.CorridorLeg) -> out.LegOut:
    link = leg.link
    directions = leg.use.directions if leg.use is not None else ()
    return out.LegOut(
        origin=_named(loaded, leg.origin),
        destination=_named(loaded, leg.destination),
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
            out.LinkFlowOut(
                origin=way.origin,
                destination=way.destination,
                tonnes=way.tonnes,
                utilisation=way.use.share if way.use else None,
            )
            for way in directions
        ],
    )


@router.get("/corridors", response=out.CorridorsOut, summary="Corridors")
def list_corridors(request: HttpRequest) -> out.CorridorsOut:
    """Every corridor with its course, length, freight and the fullest stretch."""
    loaded = current()
    return out.CorridorsOut(
        statement=corridor_selectors.statement(loaded),
        base_year=loaded.region.settings.base_year,
        corridors=[out.CorridorOut(**_corridor_fields(loaded, one)) for one in corridor_selectors.corridors(loaded)],
    )


@router.get("/corridors/{corridor}", response=out.CorridorPageOut, summary="One corridor")
def show_corridor(request: HttpRequest, corridor: str) -> out.CorridorPageOut:
    """A corridor leg by leg, and what a stated consignment takes and costs over the whole of it."""
    loaded = current()
    one = corridor_selectors.corridor(loaded, corridor)
    passage = corridor_selectors.passage(loaded, corridor)
    per_t = route_words.money(loaded, passage.route)[1] if passage.route else None
    return out.CorridorPageOut(
        **_corridor_fields(loaded, one),
        legs=[_leg(loaded, leg) for leg in one.legs],
        passage=out.PassageOut(
            consignment=passage.amount,
            scenario=passage.scenario,
            hours=passage.route.hours if passage.route else None,
            usd_per_t=passage.route.usd_per_t if passage.route else None,
            local_per_t=float(per_t.local) if per_t is not None and per_t.local is not None else None,
            currency=loaded.region.settings.currency,
            kg_co2e=passage.route.kg_co2e if passage.route else None,
        ),
        notes=list(one.notes),
    )


@router.get("/places", response=out.PlacesOut, summary="Places")
def list_places(request: HttpRequest) -> out.PlacesOut:
    """Every place with the demand that begins and ends there."""
    loaded = current()
    return out.PlacesOut(
        base_year=loaded.region.settings.base_year,
        places=[
            out.PlaceOut(
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
            )
            for one in place_selectors.lines(loaded)
        ],
    )


@router.get("/places/{place}", response=out.PlacePageOut, summary="One place")
def show_place(request: HttpRequest, place: str) -> out.PlacePageOut:
    """What a place is, its links and freight, the ports its freight uses, its corridors and projects."""
    loaded = current()
    found = place_selectors.place(loaded, place)
    return out.PlacePageOut(
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
            out.DemandOut(
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
            out.PlaceLinkOut(
                id=one.link.id,
                other=out.Named(id=one.id, name=one.name),
                mode=one.link.mode,
                status=one.link.status,
                length_km=one.link.length_km,
                modelled_t=one.use.tonnes if one.use else 0.0,
                utilisation=one.use.share if one.use else None,
            )
            for one in found.links
        ],
        ports=[out.PortShareOut(port=out.Named(id=i, name=n), tonnes=t) for i, n, t in found.ports],
        passing_t=found.passing_t,
        corridors=[out.Named(id=one.id, name=one.name) for one in corridor_selectors.through(loaded, place)],
        projects=[_project(one) for one in sections.projects(loaded, place)],
        policies=[_policy(one) for one in sections.policies(loaded, place)],
    )


def _money(found: routes.Money) -> out.MoneyOut:
    def text(amount: Decimal | None) -> str | None:
        return None if amount is None else str(amount)

    return out.MoneyOut(
        usd=str(found.usd),
        local=text(found.local),
        currency=found.currency,
        rate=found.rate.value if found.rate else None,
        rate_standing=str(found.rate_standing) if found.rate_standing else None,
    )


def _way(loaded: Loaded, route: Route, by: str) -> out.WayOut:
    total, per_t = route_words.money(loaded, route)
    return out.WayOut(
        course=route_words.course(loaded, route),
        by=by,
        money=_money(total),
        money_per_t=_money(per_t),
        route=route.as_json(),
    )


@router.get("/route", response=out.RouteOut, summary="The cheapest and the fastest way")
def find_ways(
    request: HttpRequest,
    origin: str = Query("", description="id or name of a place or port"),
    destination: str = Query("", description="id or name of a place or port"),
    commodity: str = Query("", description="id of a commodity"),
    tonnes: str = Query("", description="tonnes of the consignment; either these or TEU"),
    teu: str = Query("", description="containers of the consignment"),
    year: str = Query("", description="year of the network; the base year if absent"),
    by: str = Query("", description="cost or time: which way counts first"),
) -> out.RouteOut:
    """Two ways between two places with legs, totals and every parameter used; all faults of a question at once."""
    loaded = current()
    given = {"origin": origin, "destination": destination, "commodity": commodity, "tonnes": tonnes, "teu": teu,
             "year": year, "by": by}  # fmt: skip
    asked = routes.question(loaded, given)
    if not asked.asked:
        examples = [
            out.ExampleOut(
                origin=one.origin,
                destination=one.destination,
                commodity=one.commodity,
                tonnes=one.tonnes,
                teu=one.teu,
                query=one.query,
            )
            for one in routes.examples(loaded)
        ]
        return out.RouteOut(statement="", same=False, cheapest=None, fastest=None, parameters=[], examples=examples)
    found = routes.answer(loaded, asked)
    ids = tuple(dict.fromkeys((*found.cheapest.parameters, *found.fastest.parameters)))
    used = routes.parameters(loaded, ids, (found.cheapest, found.fastest))
    return out.RouteOut(
        statement=route_words.statement(loaded, found),
        same=found.same,
        cheapest=_way(loaded, found.cheapest, "cost"),
        fastest=_way(loaded, found.fastest, "time"),
        parameters=[
            out.ParameterOut(
                id=use.parameter.id,
                quantity=use.parameter.quantity,
                label=words.word("quantity", use.parameter.quantity),
                scope=route_words.scope(use.parameter),
                value=use.parameter.value,
                unit=use.parameter.unit,
                standing=str(use.standing),
                basis=use.parameter.basis,
                source=use.parameter.source,
                year=use.parameter.year,
                cost_key=use.cost_key,
                note=use.parameter.note,
            )
            for use in used
        ],
    )
