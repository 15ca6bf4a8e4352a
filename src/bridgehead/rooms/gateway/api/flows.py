"""Operations beside the pages of the flows and of the published routes."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.engines.flows.freight_flows import Quality
from bridgehead.engines.network.comparison import PLAUSIBLE
from bridgehead.ground.access.audience import audience
from bridgehead.ground.region import Loaded, current
from bridgehead.kernel.source import Figure, Standing
from bridgehead.rooms.gateway import parameter_words
from bridgehead.rooms.gateway.api.ports import named_out
from bridgehead.rooms.gateway.schemas import flows as out
from bridgehead.rooms.gateway.schemas.ports import FigureOut, figure, point
from bridgehead.rooms.gateway.selectors import flow_reports as reports
from bridgehead.rooms.gateway.selectors import flows, published, queues, through

router = Router(tags=["flows"])


def _shown(value: Figure) -> FigureOut:
    shown = figure(value)
    assert shown is not None
    return shown


def _model(value: float, unit: str = "t") -> FigureOut:
    return _shown(Figure(value, unit, Standing.MODEL))


def _link(loaded: Loaded, line: flows.LinkLine) -> out.LinkOut:
    capacity, waits = None, through.waits(loaded)
    if line.busiest is not None:
        basis = line.link.capacity_basis
        capacity = _shown(Figure(line.link.capacity, line.link.capacity_unit, line.capacity_standing, source=basis))
    return out.LinkOut(
        link=line.link.id,
        mode=line.link.mode,
        length_km=line.link.length_km,
        origin=named_out(loaded, line.start),
        destination=named_out(loaded, line.end),
        directions=[
            out.LinkWayOut(
                origin=way.origin,
                destination=way.destination,
                tonnes=way.tonnes,
                load=way.use.load if way.use else None,
                capacity=way.use.capacity if way.use else None,
                unit=way.use.unit if way.use else None,
                utilisation=way.use.share if way.use else None,
                wait_h=waits.get((line.link.id, way.origin)),
            )
            for way in line.use.directions
        ],
        utilisation=line.share,
        commodities=dict(line.use.commodities),
        capacity=capacity,
    )


def _check(one: reports.PortCheck) -> out.PortCheckOut:
    return out.PortCheckOut(
        id=one.id,
        name=one.name,
        reported=point(one.reported) if one.reported else None,
        reported_of=one.reported_of or None,
        modelled=None if one.modelled_t is None else _model(one.modelled_t),
        difference_t=one.difference_t,
        ratio=one.ratio,
        members=list(one.members),
        remarks=list(one.remarks),
    )


def _mode(one: reports.ModeCheck) -> out.ModeOut:
    return out.ModeOut(
        mode=one.mode,
        reported=point(one.reported) if one.reported else None,
        reported_share=one.reported_share,
        modelled=_model(one.modelled_t),
        modelled_share=one.modelled_share,
    )


def _queue(line: queues.QueueLine) -> out.QueueOut:
    one = line.queue
    return out.QueueOut(
        link=one.link or None,
        place=one.place or None,
        origin=one.origin,
        destination=one.destination,
        load=one.load,
        background=one.background,
        unit=one.unit,
        utilisation=one.share,
        wait_h=one.wait_h,
        capacity=_shown(Figure(one.capacity, one.unit, line.standing, source=line.basis)),
    )


def _not_sent(loaded: Loaded) -> list[out.NotSentOut]:
    return [
        out.NotSentOut(
            origin=named_out(loaded, row.origin),
            destination=named_out(loaded, row.destination),
            commodity=named_out(loaded, row.commodity),
            tonnes=row.tonnes,
            reason=row.reason,
        )
        for row in loaded.flows.unserved
    ]


def _quality(one: Quality) -> out.QualityOut:
    return out.QualityOut(
        relative_gap=one.relative_gap,
        reached=one.reached,
        average_excess_cost=one.average_excess_cost,
        conservation_error=one.conservation_error,
        iterations=one.iterations,
        passes=one.passes,
    )


def _totals(numbers: flows.Summary) -> out.TotalsOut:
    totals = numbers.totals
    return out.TotalsOut(
        demand_rows=numbers.rows,
        demand_t=totals.demand_t,
        demand_standing=str(numbers.demand_standing),
        served_t=totals.served_t,
        unserved_t=totals.unserved_t,
        import_t=numbers.import_t,
        export_t=numbers.export_t,
        tonne_km=totals.tonne_km,
        money_usd=totals.money_usd,
        t_co2e=totals.t_co2e,
        conservation_error=numbers.flows.conservation_error,
    )


@router.get("/flows", response=out.FlowsOut, summary="Flows of the base year")
@audience("public")
def show_flows(
    request: HttpRequest,
    mode: str = Query("", description="only links of this mode: rail, road, sea or air"),
    over: str = Query("", description="only links used beyond this percentage of their capacity, 0 to 1000"),
    sort: str = Query("", description="use (default), wait, tonnes, back, name or km; a minus sign reverses"),
    page: str = Query("", description="page of 50 links, from 1; all links without it"),
) -> out.FlowsOut:
    """Give the freight in equilibrium: totals, queues, what is not sent, model beside report, links, parameters."""
    loaded = current()
    asked = flows.question_of(loaded, {"mode": mode, "over": over, "sort": sort, "page": page}, page=0)
    numbers, found, whole = flows.summary(loaded), flows.listing(loaded, asked), reports.whole_check(loaded)
    result = numbers.flows
    return out.FlowsOut(
        statement=flows.statement(loaded),
        method=result.method,
        year=result.year,
        demand_year=result.demand_year,
        crossings=result.crossings,
        input_hash=result.input_hash,
        totals=_totals(numbers),
        quality=_quality(numbers.quality),
        queues=[_queue(line) for line in queues.lines(loaded)],
        unserved=_not_sent(loaded),
        overloads=[_link(loaded, line) for line in flows.overloads(loaded)],
        ports=[_check(one) for one in reports.port_checks(loaded)],
        region=_check(whole) if whole else None,
        modes=[_mode(one) for one in reports.modal_split(loaded)],
        links_with_freight=numbers.links,
        links_with_capacity=numbers.with_capacity,
        links_with_sourced_capacity=numbers.sourced,
        found=found.found,
        page=found.page,
        pages=found.pages,
        links=[_link(loaded, line) for line in found.lines],
        parameters_by_standing={str(standing): n for standing, n in reports.parameters(loaded).counts},
        parameters=[
            out.FlowParameterOut(**parameter_words.record(loaded, line.use))
            for line in reports.parameters(loaded).lines
        ],
    )


def _route(loaded: Loaded, line: published.Line) -> out.PublishedOut:
    row, one = line.row, line.comparison
    told = Figure(
        row.value,
        row.unit,
        line.standing,
        confidence=row.confidence,
        source=row.source,
        source_date=row.source_date,
        note=row.note,
    )
    return out.PublishedOut(
        id=row.id,
        origin=named_out(loaded, row.origin),
        destination=named_out(loaded, row.destination),
        commodity=named_out(loaded, row.commodity),
        tonnes=row.tonnes,
        teu=row.teu,
        by=row.by,
        modes=list(row.modes),
        via=row.via or None,
        ports=list(one.route.ports),
        crossings=[list(pair) for pair in one.route.crossings],
        over_ports=dict(one.over_ports),
        metric=row.metric,
        metric_name=line.metric,
        meaning=line.meaning,
        published=_shown(told),
        ours=_model(one.ours, row.unit),
        ratio=one.ratio,
        plausible=one.plausible,
        circular=list(one.circular),
        explanation=row.explanation or None,
    )


@router.get("/published-routes", response=out.PublishedRoutesOut, summary="Published times and prices beside ours")
@audience("public")
def list_published_routes(request: HttpRequest) -> out.PublishedRoutesOut:
    """List every published time and price with our figure, the ratio, and the reason where it is far off."""
    loaded = current()
    numbers = published.counts(loaded)
    return out.PublishedRoutesOut(
        statement=published.statement(loaded),
        low=PLAUSIBLE[0],
        high=PLAUSIBLE[1],
        every=numbers.every,
        near=numbers.near,
        circular=numbers.circular,
        explained=numbers.explained,
        unexplained=numbers.open,
        routes=[_route(loaded, line) for line in published.lines(loaded)],
    )
