"""Published times and prices of routes with ours beside them, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.network.comparison import PLAUSIBLE, Comparison, Published
from bridgehead.engines.network.routes import Consignment
from bridgehead.engines.network.virtual import DEFAULT_MODES
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language
from bridgehead.ground.published import comparisons
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.route_question import query_of

TABLE = "published_routes"
MOST_OTHERS = 3
"""Ports of the region shown beside a way that passes all of them by."""


def found(loaded: Loaded) -> tuple[Comparison, ...]:
    """Return every published figure with ours, in the order of the table."""
    listed: tuple[Comparison, ...] = loaded.remember("gateway.published", lambda: comparisons(loaded.region))
    return listed


@dataclass(frozen=True, slots=True)
class Line:
    """A published figure with ours, in words.

    ``goods`` is what was sent, ``way`` the modes and the border crossings of our route, ``others`` our figures over
    the ports of the region where the source names no crossing and ours is elsewhere; ``meaning`` says what the metric
    counts; ``query`` asks the page of routes for the same consignment.
    """

    comparison: Comparison
    origin: str
    destination: str
    origin_href: str
    destination_href: str
    goods: str
    way: str
    others: str
    metric: str
    meaning: str
    unit: str
    standing: Standing
    query: str

    @property
    def row(self) -> Published:
        """The published row."""
        return self.comparison.published

    @property
    def said(self) -> str:
        """What the strip of the ratio says."""
        ratio = wording.number(self.comparison.ratio, language(), 2)
        return _("%(a)s到%(b)s：我们的数是公布值的 %(ratio)s 倍") % {
            "a": self.origin,
            "b": self.destination,
            "ratio": ratio,
        }


def _metrics() -> dict[str, tuple[str, str]]:
    """Return name and meaning of the metrics that can be compared."""
    return {
        "time": (_("全程时间"), _("从装车到卸完")),
        "transit_time": (_("在途时间"), _("发车到到达，不含装卸和等车")),
        "price": (_("全程价格"), _("货主付的全部")),
        "haulage_price": (_("线路运价"), _("只算干线")),
    }


def _goods(loaded: Loaded, row: Published) -> str:
    boxed = row.teu is not None
    return _("%(number)s %(unit)s%(goods)s") % {
        "number": wording.number(row.teu if boxed else row.tonnes, language()),
        "unit": words.unit("TEU" if boxed else "t"),
        "goods": prose.inside(names.name(loaded, row.commodity)),
    }


def _way(loaded: Loaded, one: Comparison) -> str:
    """Return the modes of our route and the places where it crosses borders, whether or not they are ports here."""
    said = prose.listed(
        words.word("mode", mode) for mode in dict.fromkeys(leg.mode for leg in one.route.legs if leg.mode)
    )
    pairs = ["–".join(names.short(loaded, place) for place in pair) for pair in one.route.crossings]
    if pairs:
        said += _("，过境处：%(places)s") % {"places": prose.listed(pairs)}
    return said


def _others(loaded: Loaded, one: Comparison) -> str:
    """Return our figures over the ports of the region, empty unless our way passes all of them by."""
    if not one.over_ports:
        return ""
    unit = words.unit(one.published.unit)
    said = prose.listed(
        f"{names.short(loaded, port)} {wording.number(ours, language())} {unit}"
        for port, ours in one.over_ports[:MOST_OTHERS]
    )
    return prose.tidy(_("来源没有写明从哪里过境；经本地区口岸是：%(ways)s") % {"ways": said})


def _query(row: Published) -> str:
    asked = Consignment(row.origin, row.destination, row.commodity, row.tonnes, row.teu)
    return query_of(asked, row.by, via=row.via, modes=row.modes or DEFAULT_MODES)


def _line(loaded: Loaded, one: Comparison) -> Line:
    row = one.published
    metric, meaning = _metrics()[row.metric]
    return Line(
        comparison=one,
        origin=names.short(loaded, row.origin),
        destination=names.short(loaded, row.destination),
        origin_href=names.href(row.origin, loaded),
        destination_href=names.href(row.destination, loaded),
        goods=prose.tidy(_goods(loaded, row)),
        way=_way(loaded, one),
        others=_others(loaded, one),
        metric=metric,
        meaning=meaning,
        unit=words.unit(row.unit),
        standing=standing_of(row.confidence),
        query=_query(row),
    )


@kept
def lines(loaded: Loaded) -> tuple[Line, ...]:
    """Return every published figure with ours, in words and in the order of the table."""
    return tuple(_line(loaded, one) for one in found(loaded))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many figures there are, how many of ours come near, and how many prove something.

    ``circular`` rest on the published figure itself; ``open`` are far off and nobody has said why.
    """

    every: int
    near: int
    circular: int
    explained: int
    open: int


def counts(loaded: Loaded) -> Counts:
    """Return the counts."""
    listed = found(loaded)
    far = [one for one in listed if not one.plausible]
    return Counts(
        every=len(listed),
        near=len(listed) - len(far),
        circular=sum(bool(one.circular) for one in listed),
        explained=sum(one.explained for one in far),
        open=sum(not one.explained for one in far),
    )


@kept
def statement(loaded: Loaded) -> str:
    """Return the answer in one sentence."""
    numbers = counts(loaded)
    if not numbers.every:
        return _("没有公布的时间或价格可对照")
    said = ngettext(
        "%(every)s条公布的数字，%(near)s条在 %(low)s 到 %(high)s 倍之间",
        "%(every)s条公布的数字，%(near)s条在 %(low)s 到 %(high)s 倍之间",
        numbers.every,
    )
    told = {
        "every": words.count(numbers.every),
        "near": words.count(numbers.near),
        "low": wording.number(PLAUSIBLE[0], language()),
        "high": wording.number(PLAUSIBLE[1], language()),
    }
    return prose.capital(prose.tidy(said % told))
