"""Declarations of the pages on ports, corridors, places, routes and flows, and of their files."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.pages import Download, Example, Page
from bridgehead.regions.load import Region

_PORT_VIEWS = "bridgehead.rooms.gateway.views.ports"
_WAY_VIEWS = "bridgehead.rooms.gateway.views.ways"
_FLOW_VIEWS = "bridgehead.rooms.gateway.views.flows"
_ROLE_VIEWS = "bridgehead.rooms.gateway.views.port_roles"
_THROUGH_VIEWS = "bridgehead.rooms.gateway.views.through"
_VALIDATION_VIEWS = "bridgehead.rooms.gateway.views.validation"


def _ports(region: Region) -> Iterable[Example]:
    for row in region.rows("ports"):
        yield Example({"port": row["id"]})


def _places(region: Region) -> Iterable[Example]:
    for row in region.rows("places"):
        yield Example({"place": row["id"]})


def _corridors(region: Region) -> Iterable[Example]:
    for id_ in dict.fromkeys(row["id"] for row in region.rows("corridors")):
        yield Example({"corridor": id_})


def _homes(region: Region) -> Iterable[Example]:
    yield Example()
    yield Example(query="sort=use")


def _lists(region: Region) -> Iterable[Example]:
    yield Example()
    yield Example(query="mode=rail&status=open&sort=-name")


def _routes(region: Region) -> Iterable[Example]:
    """Return the empty form, and the largest flow of the demand as a question."""
    yield Example()
    flows = sorted(region.rows("demand"), key=lambda row: -float(row["tonnes_per_year"] or 0))  # type: ignore[arg-type]
    for row in flows[:1]:
        ends = f"origin={row['origin']}&destination={row['destination']}&commodity={row['commodity']}"
        yield Example(query=f"{ends}&tonnes=5000")


def _through(region: Region) -> Iterable[Example]:
    """Return the empty form, an open port and a link."""
    yield Example()
    yield from _ports_used(region)


def _ports_used(region: Region) -> Iterable[Example]:
    for row in region.rows("ports")[:1]:
        yield Example(query=f"port={row['id']}")
    for row in region.rows("links")[:1]:
        yield Example(query=f"link={row['from']}--{row['to']}--{row['mode']}")


def _flows(region: Region) -> Iterable[Example]:
    yield Example()
    yield Example(query="mode=rail&sort=tonnes")


GATEWAY_PAGES = (
    Page(
        name="gateway:home",
        path="",
        view=f"{_PORT_VIEWS}.home",
        title_zh="总览",
        title_en="Overview",
        description_zh="一年过了多少货，目标完成到哪里，货从哪里来、走哪个口岸。",
        description_en="How much freight passed in a year, how far the targets are, where the freight comes from.",
        audience="public",
        articles=(8, 9, 11, 14, 31),
        nav=10,
        api="/home",
        examples=_homes,
    ),
    Page(
        name="gateway:ports",
        path="ports/",
        view=f"{_PORT_VIEWS}.ports",
        title_zh="口岸",
        title_en="Ports",
        description_zh="全部口岸并列：方式、状态、类别、对面、货量与模型占用。",
        description_en="All ports side by side: mode, state, class, counterpart, freight and modelled use.",
        audience="public",
        articles=(9, 11, 12, 13),
        nav=20,
        api="/ports",
        examples=_lists,
    ),
    Page(
        name="gateway:port-roles",
        path="ports/roles/",
        view=f"{_ROLE_VIEWS}.roles",
        title_zh="口岸分工",
        title_en="Port roles",
        description_zh="每个口岸运什么、和谁最像、服务哪里、就近加工多少，以及按规则提出的分工和理由。",
        description_en="What each port carries, whom it resembles, whom it serves, and a division of work.",
        audience="public",
        articles=(9, 11, 12, 13, 22, 23, 24),
        nav=25,
        api="/port-roles",
    ),
    Page(
        name="gateway:port",
        path="ports/<id:port>/",
        view=f"{_PORT_VIEWS}.port",
        title_zh="一口岸一策",
        title_en="One port, one page",
        description_zh="一个口岸的类别、功能、能力、货量、模型、腹地、项目、目标和还没查到的事。",
        description_en="Class, function, capacity, freight, model, hinterland, projects and open questions of a port.",
        audience="public",
        articles=(9, 10, 11, 12, 13, 14, 17, 23),
        api="/ports/{port}",
        examples=_ports,
    ),
    Page(
        name="gateway:corridors",
        path="corridors/",
        view=f"{_WAY_VIEWS}.corridors",
        title_zh="通道",
        title_en="Corridors",
        description_zh="经过本地区口岸的通道：走向、长度、货量和最满的一段。",
        description_en="The corridors through the region's ports: course, length, freight and the fullest stretch.",
        audience="public",
        articles=(8, 19),
        nav=30,
        api="/corridors",
    ),
    Page(
        name="gateway:corridor",
        path="corridors/<id:corridor>/",
        view=f"{_WAY_VIEWS}.corridor",
        title_zh="一条通道",
        title_en="One corridor",
        description_zh="一条通道逐段的里程、轨距、能力、货量与占用，以及走完全程的时间和费用。",
        description_en="A corridor leg by leg: length, gauge, capacity, freight, use, and time and cost of the whole.",
        audience="public",
        articles=(8, 12, 19, 31),
        api="/corridors/{corridor}",
        examples=_corridors,
    ),
    Page(
        name="gateway:route",
        path="route/",
        view=f"{_WAY_VIEWS}.route",
        title_zh="路线",
        title_en="Route",
        description_zh="两地之间确有不同的几条走法，逐段的时间、费用、排放，以及每个数从哪里来。",
        description_en="Routes between two places that really differ, leg by leg, with the origin of numbers.",
        audience="public",
        articles=(14, 16),
        nav=40,
        api="/route",
        examples=_routes,
    ),
    Page(
        name="gateway:published-routes",
        path="route/published/",
        view=f"{_FLOW_VIEWS}.published_routes",
        title_zh="与公布值对照",
        title_en="Beside published figures",
        description_zh="有公布时间或价格的线路，我们的结果排在旁边，差多少、为什么。",
        description_en="Routes with a published time or price, with our result beside it, the ratio and the reason.",
        audience="public",
        articles=(14, 16),
        api="/published-routes",
    ),
    Page(
        name="gateway:flows",
        path="flows/",
        view=f"{_FLOW_VIEWS}.flows",
        title_zh="流量",
        title_en="Flows",
        description_zh="基准年的货在路网上的均衡：哪里排队、等多久、口岸模型与报告之差、逐段货量与占用。",
        description_en="The base year's freight in equilibrium: where it queues, model beside report, freight by link.",
        audience="public",
        articles=(8, 11, 12, 16, 17, 19, 23),
        nav=50,
        api="/flows",
        examples=_flows,
    ),
    Page(
        name="gateway:select-link",
        path="flows/through/",
        view=f"{_THROUGH_VIEWS}.through",
        title_zh="谁在用",
        title_en="Who uses it",
        description_zh="一个口岸或一段线路上的货从哪里来、到哪里去、花多少钱和时间，还能走哪里。",
        description_en="Whose freight passes a port or a link, from where to where, at what cost, and by what else.",
        audience="public",
        articles=(8, 11, 12, 15, 17, 19, 23),
        api="/flows/through",
        examples=_through,
    ),
    Page(
        name="gateway:validation",
        path="flows/validation/",
        view=f"{_VALIDATION_VIEWS}.validation",
        title_zh="模型与实际",
        title_en="Model against reality",
        description_zh="标定过的模型与报告逐条对照：用过的、没有用过的、差多少，旁边放一个不用模型的猜测。",
        description_en="The calibrated model beside reports it was held to and others, with errors and a naive guess.",
        audience="public",
        posts=True,
        articles=(8, 11, 12, 14, 19),
        api="/validation",
    ),
    Page(
        name="gateway:places",
        path="places/",
        view=f"{_WAY_VIEWS}.places",
        title_zh="地点",
        title_en="Places",
        description_zh="城市、园区、矿山、海港和枢纽，按类型排列，附货量。",
        description_en="Cities, parks, mines, seaports and junctions by kind, with their freight.",
        audience="public",
        articles=(10, 31),
        nav=60,
        api="/places",
    ),
    Page(
        name="gateway:place",
        path="places/<id:place>/",
        view=f"{_WAY_VIEWS}.place",
        title_zh="一个地点",
        title_en="One place",
        description_zh="一个地点是什么、连着哪里、货从哪里来到哪里去、有哪些项目。",
        description_en="What a place is, what it is linked to, where its freight comes from and goes to, its projects.",
        audience="public",
        articles=(10, 23, 31),
        api="/places/{place}",
        examples=_places,
    ),
)

GATEWAY_DOWNLOADS = (
    Download(name="ports-csv", path="ports/ports.csv", view=f"{_PORT_VIEWS}.ports_csv", audience="public"),
    Download(
        name="port-csv",
        path="ports/<id:port>/throughput.csv",
        view=f"{_PORT_VIEWS}.port_csv",
        audience="public",
        examples=_ports,
    ),
    Download(
        name="division-csv", path="ports/roles/division.csv", view=f"{_ROLE_VIEWS}.division_csv", audience="public"
    ),
    Download(
        name="profiles-csv", path="ports/roles/profiles.csv", view=f"{_ROLE_VIEWS}.profiles_csv", audience="public"
    ),
    Download(
        name="sameness-csv", path="ports/roles/sameness.csv", view=f"{_ROLE_VIEWS}.sameness_csv", audience="public"
    ),
    Download(name="flows-csv", path="flows/links.csv", view=f"{_FLOW_VIEWS}.flows_csv", audience="public"),
    Download(
        name="validation-csv",
        path="flows/validation.csv",
        view=f"{_VALIDATION_VIEWS}.validation_csv",
        audience="public",
    ),
    Download(name="port-flows-csv", path="flows/ports.csv", view=f"{_FLOW_VIEWS}.port_flows_csv", audience="public"),
    Download(name="queues-csv", path="flows/queues.csv", view=f"{_FLOW_VIEWS}.queues_csv", audience="public"),
    Download(
        name="through-csv",
        path="flows/through.csv",
        view=f"{_THROUGH_VIEWS}.through_csv",
        audience="public",
        examples=_ports_used,
    ),
)
