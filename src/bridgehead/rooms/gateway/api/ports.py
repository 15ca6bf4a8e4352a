"""Operations beside the first page and the pages of the ports."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Query, Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded, current
from bridgehead.kernel.source import Figure, Standing
from bridgehead.rooms.gateway.schemas import ports as out
from bridgehead.rooms.gateway.selectors import disagreements, hinterland, names, port_head, ports, questions
from bridgehead.rooms.gateway.selectors import home as home_selectors
from bridgehead.rooms.gateway.selectors import port as port_facts
from bridgehead.rooms.gateway.selectors import port_sections as sections
from bridgehead.rooms.gateway.selectors.comparison import Comparison, comparison
from bridgehead.rooms.gateway.selectors.throughput import FREIGHT, by_metric

router = Router(tags=["gateway"])


def named_out(loaded: Loaded, id_: str) -> out.Named:
    """Return id and name of a thing."""
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
        subject=named_out(loaded, target.subject),
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
@audience("public")
def home(request: HttpRequest) -> out.HomeOut:
    """Freight of the last full year, the pace of the targets, and the open land ports."""
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


@router.get("/ports", response=out.PortsOut, summary="Ports")
@audience("public")
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
    asked = {"mode": mode, "status": status, "class": port_class, "sort": sort}
    filters, order = ports.question_of(ports.options(every), asked)
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


def project_out(one: sections.Project) -> out.ProjectOut:
    """Return a project."""
    return out.ProjectOut(
        id=one.id,
        name=speak(language(), one.name_zh, one.name_en),
        kind=one.kind,
        status=one.state,
        capacity=one.capacity or None,
        cost=one.cost or None,
        start=one.start or None,
        finish=one.finish or None,
        standing=str(one.standing),
        source=one.source,
        source_date=one.source_date,
        note=one.note,
    )


def policy_out(one: sections.Policy) -> out.PolicyOut:
    """Return a reported target, plan or figure."""
    shown = out.figure(one.figure)
    assert shown is not None
    return out.PolicyOut(
        kind=one.kind, label=one.label, subject=one.subject, year=one.year, words=one.words, figure=shown
    )


def _comparison(found: Comparison) -> out.ComparisonOut:
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


def _conflict(one: disagreements.Disagreement) -> out.ConflictOut:
    figures = ((stated.when, out.figure(stated.figure)) for stated in one.stated)
    stated = [out.StatedOut(when=when, figure=shown) for when, shown in figures if shown is not None]
    return out.ConflictOut(kind=one.kind, metric=one.metric, label=one.label, subject=one.subject, stated=stated)


@router.get("/ports/{port}", response=out.PortPageOut, summary="One port")
@audience("public")
def show_port(request: HttpRequest, port: str) -> out.PortPageOut:
    """Everything about one port: class, capacity, freight, model, hinterland, projects, open questions."""
    loaded = current()
    head = port_head.head(loaded, port)
    figures = [point for one in sections.throughput(loaded, port) for point in one.in_time]
    others = [p for metric, listed in by_metric(loaded, port).items() if metric != FREIGHT for p in listed]
    ends = hinterland.hinterland(loaded, port)
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
        comparison=_comparison(comparison(loaded, port)),
        modelled_goods=[
            out.GoodsOut(id=one.id, name=one.name, import_t=one.import_t, export_t=one.export_t)
            for one in hinterland.modelled_goods(loaded, port)
        ],
        hinterland_home=[out.EndOut(id=end.id, name=end.name, tonnes=end.tonnes) for end in ends.home],
        hinterland_abroad=[out.EndOut(id=end.id, name=end.name, tonnes=end.tonnes) for end in ends.abroad],
        clearance=[_clearance(one) for one in sections.clearance(loaded, port)],
        projects=[project_out(one) for one in sections.projects(loaded, port)],
        targets=[
            _target(loaded, home_selectors.pace_line(loaded, target, whole_name=False))
            for target in sections.port_targets(loaded, port)
        ],
        same_class=[named_out(loaded, one.id) for one in sections.neighbours(loaded, port) if one.id != port],
        conflicts=[_conflict(one) for one in disagreements.disagreements(loaded, port)],
        questions=[
            out.QuestionOut(text=one.text, table=one.table, column=one.column)
            for one in questions.questions(loaded, port)
        ],
        policies=[policy_out(one) for one in sections.policies(loaded, port)],
    )
