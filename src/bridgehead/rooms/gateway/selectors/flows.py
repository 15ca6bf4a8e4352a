"""The base year's freight on the network: what stands above the table of links, and the table itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.flows.demand import demand_of
from bridgehead.engines.flows.freight_flows import Quality
from bridgehead.engines.flows.results import Flows, Totals, Utilisation
from bridgehead.engines.network.components import Link
from bridgehead.ground import wording, words
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.source import Standing
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import demand, modelled, names, queues, through
from bridgehead.rooms.gateway.selectors.capacities import assumed, standing_of_capacity
from bridgehead.rooms.gateway.selectors.filters import choice, orders

PAGE_SIZE = 50
THRESHOLDS = (25, 50, 75, 90, 100)
"""Shares of capacity, in percent, that the form offers to filter by."""
MOST_PERCENT = 1000.0
_PERCENT = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)
_PAGE = re.compile(r"[1-9]\d{0,5}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Summary:
    """The loading in numbers.

    ``demand_standing`` is that of the weakest row of the demand. ``import_t`` and ``export_t`` count what passes the
    region's ports over the home border; ``rows`` are the flows of the demand table that were loaded, ``links`` the
    links that carry any of them, of which ``with_capacity`` have a capacity and ``sourced`` one that somebody
    published, and ``over`` carry more than their capacity in a direction.
    """

    flows: Flows
    rows: int
    demand_standing: Standing
    import_t: float
    export_t: float
    links: int
    with_capacity: int
    sourced: int
    over: int
    quality: Quality

    @property
    def gap(self) -> str:
        """The relative gap, as it is written."""
        return f"{self.quality.relative_gap:.0e}"

    @property
    def wanted_gap(self) -> str:
        """The relative gap that was to be reached, as it is written."""
        return f"{self.quality.parameters['gap']:.0e}"

    @property
    def totals(self) -> Totals:
        """Sums over all served demand."""
        return self.flows.totals

    @property
    def conservation(self) -> str:
        """The largest imbalance as a share of all demand, as it is written."""
        error = self.flows.conservation_error
        return "0" if error == 0 else f"{error:.0e}"


def summary(loaded: Loaded) -> Summary:
    """Return the loading in numbers."""
    found: Summary = loaded.remember("gateway.flows.summary", lambda: _summary(loaded))
    return found


def _summary(loaded: Loaded) -> Summary:
    flows = loaded.flows
    uses = modelled.link_uses(loaded).values()
    known = [use for use in uses if use.share is not None]
    return Summary(
        flows=flows,
        rows=len(demand_of(loaded.components, flows.year)[1]),
        demand_standing=demand.standing(demand.demand_rows(loaded)),
        import_t=sum(total.modelled_import_t for total in flows.port_totals),
        export_t=sum(total.modelled_export_t for total in flows.port_totals),
        links=len(uses),
        with_capacity=len(known),
        sourced=sum(not assumed(use.link.capacity_basis) for use in known),
        over=len(modelled.overloads(loaded)),
        quality=loaded.freight.quality,
    )


@kept
def statement(loaded: Loaded) -> str:
    """Return the answer in one sentence: at how many places vehicles wait, and where longest."""
    numbers = summary(loaded)
    if not numbers.links:
        return _("没有货可以放到路网上")
    if not numbers.with_capacity:
        said = ngettext(
            "%(count)s段线路有货，没有一段有能力可比", "%(count)s段线路有货，没有一段有能力可比", numbers.links
        )
        return prose.capital(prose.tidy(said % {"count": words.count(numbers.links)}))
    waiting, every = queues.waiting(loaded), queues.lines(loaded)
    told = {"count": words.count(len(waiting)), "weak": _weak(waiting)}
    if waiting:
        worst = waiting[0]
        said = ngettext(
            "%(count)s处要等一小时以上%(weak)s，最久的是%(name)s%(mode)s，平均等 %(hours)s 小时",
            "%(count)s处要等一小时以上%(weak)s，最久的是%(name)s%(mode)s，平均等 %(hours)s 小时",
            len(waiting),
        )
    else:
        worst = max(every, key=lambda line: line.queue.share)
        said = _("没有一处要等一小时，最满的是%(name)s%(mode)s，占用能力的 %(share)s")
    told |= {
        "name": worst.name,
        "mode": worst.mode,
        "hours": wording.number(worst.queue.wait_h, language(), 0),
        "share": wording.percent(worst.queue.share, language()),
    }
    return prose.capital(prose.tidy(said % told))


def _weak(waiting: Sequence[queues.QueueLine]) -> str:
    """Return the words on the queues before a capacity that nobody published as such; empty without any."""
    weak = sum(line.standing is not Standing.REPORTED for line in waiting)
    if not weak:
        return ""
    if weak == len(waiting):
        return _("（能力只是估计）")
    return _("（其中%(count)s处的能力只是估计）") % {"count": words.count(weak)}


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link with its freight, written from the end most of it comes from.

    ``forward_t`` goes from ``start`` to ``end``, ``back_t`` the other way. ``fuller_back`` tells that the way back is
    the fuller one nevertheless, counted in trains or vehicles. ``wait_h`` are the hours in the longer of its queues.
    """

    use: modelled.LinkUse
    start: str
    end: str
    start_name: str
    end_name: str
    start_href: str
    end_href: str
    forward_t: float
    back_t: float
    goods: tuple[str, ...]
    wait_h: float | None

    @property
    def through_href(self) -> str:
        """The address of who uses the link."""
        return through.address(link=self.link.id)

    @property
    def link(self) -> Link:
        """The link itself."""
        return self.use.link

    @property
    def busiest(self) -> Utilisation | None:
        """The fuller direction, or None where the link has no capacity."""
        return self.use.busiest

    @property
    def share(self) -> float | None:
        """Share of capacity in the fuller direction."""
        return self.use.share

    @property
    def full(self) -> bool:
        """Whether the fuller direction is at nine tenths or more."""
        return (self.share or 0.0) >= modelled.FULL

    @property
    def load_words(self) -> str:
        """The load of the fuller direction with its unit, empty without a capacity."""
        use = self.busiest
        return "" if use is None else wording.measured_words(use.load, use.unit, language())

    @property
    def capacity_words(self) -> str:
        """The capacity of the fuller direction with its unit, empty where there is none."""
        use = self.busiest
        return "" if use is None else wording.measured_words(use.capacity, use.unit, language())

    @property
    def fuller_back(self) -> bool:
        """Whether the fuller direction is the one with fewer tonnes."""
        return self.busiest is not None and self.busiest.origin != self.start

    @property
    def assumed(self) -> bool:
        """Whether the capacity is a placeholder of the link's class."""
        return assumed(self.link.capacity_basis)

    @property
    def capacity_standing(self) -> Standing:
        """Standing of the capacity."""
        return standing_of_capacity(self.link.capacity_basis)


def _line(loaded: Loaded, use: modelled.LinkUse) -> LinkLine:
    heavy = use.directions[0]
    start, end = heavy.origin, heavy.destination
    start_name, end_name = through.ends(loaded, start, end)
    return LinkLine(
        use=use,
        start=start,
        end=end,
        start_name=start_name,
        end_name=end_name,
        start_href=names.href(start, loaded),
        end_href=names.href(end, loaded),
        forward_t=heavy.tonnes,
        back_t=sum(way.tonnes for way in use.directions[1:]),
        goods=tuple(names.name(loaded, commodity) for commodity, _tonnes in use.commodities),
        wait_h=queues.link_waits(loaded).get(use.link.id),
    )


@kept
def lines(loaded: Loaded) -> tuple[LinkLine, ...]:
    """Return every link with freight, in the order of their ids."""
    uses = modelled.link_uses(loaded)
    return tuple(_line(loaded, uses[id_]) for id_ in sorted(uses))


@kept
def overloads(loaded: Loaded) -> tuple[LinkLine, ...]:
    """Return the links that carry more than they can, the fullest first."""
    return tuple(_line(loaded, use) for use in modelled.overloads(loaded))


SORTS: Mapping[str, tuple[Callable[[LinkLine], object], bool]] = {
    "use": (lambda one: one.share, True),
    "wait": (lambda one: one.wait_h, True),
    "tonnes": (lambda one: one.use.tonnes, True),
    "back": (lambda one: one.back_t, True),
    "name": (lambda one: (one.start_name.casefold(), one.end_name.casefold()), False),
    "km": (lambda one: one.link.length_km, True),
}
"""What the links can be sorted by, and whether the largest comes first."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the table of links: mode, share of capacity in percent to exceed, order, page (0: all rows)."""

    mode: str = ""
    over_pct: float | None = None
    sort: str = "use"
    page: int = 1

    @property
    def parameters(self) -> dict[str, str]:
        """The parameters of the address, without the page; empty ones drop out."""
        over = "" if self.over_pct is None else f"{self.over_pct:g}"
        values = {"mode": self.mode, "over": over, "sort": "" if self.sort == "use" else self.sort}
        return {key: value for key, value in values.items() if value}

    def query(self, page: int = 1) -> str:
        """Return the address of a page of the same question."""
        return "?" + urlencode({**self.parameters, **({"page": str(page)} if page > 1 else {})})


def modes(loaded: Loaded) -> tuple[str, ...]:
    """Return the modes a link may have, as the table of links allows them."""
    return loaded.region.tables["links"].schema.column("mode").allowed


def question_of(loaded: Loaded, given: Mapping[str, str], page: int = 1) -> Question:
    """Return the question in the parameters of an address; an empty one counts as absent.

    Parameters
    ----------
    loaded : Loaded
        The region in service.
    given : mapping of str to str
        The parameters ``mode``, ``over``, ``sort`` and ``page``; others are left alone.
    page : int
        The page where none is asked for; 0 is all rows.

    Raises
    ------
    BridgeheadError
        ``request.bad_filter`` and ``request.invalid_field``, all of them at once: a table that was narrowed in another
        way than asked would be read as the answer.
    """
    faults: list[Fault] = []
    mode = choice(faults, "mode", given.get("mode", ""), modes(loaded))
    sort = choice(faults, "sort", given.get("sort", ""), orders(SORTS))
    over, asked = given.get("over", "").strip(), given.get("page", "").strip()
    if over and (not _PERCENT.fullmatch(over) or float(over) > MOST_PERCENT):
        reason = speak(language(), "应为 0 到 1000 的百分数", "a percentage from 0 to 1000 is expected")
        faults.append(Fault("request.invalid_field", {"field": "over", "reason": reason}, Place(field="over")))
    if asked and not _PAGE.fullmatch(asked):
        reason = speak(language(), "应为正整数", "a positive whole number is expected")
        faults.append(Fault("request.invalid_field", {"field": "page", "reason": reason}, Place(field="page")))
    if faults:
        raise BridgeheadError.of(faults)
    return Question(mode, float(over) if over else None, sort or "use", int(asked) if asked else page)


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the table of links; ``found`` counts the links that the filters leave."""

    question: Question
    lines: tuple[LinkLine, ...]
    found: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """Number of the first row shown, from 1; 0 where none is."""
        return (self.page - 1) * PAGE_SIZE + 1 if self.lines else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return self.first + len(self.lines) - 1 if self.lines else 0


def listing(loaded: Loaded, question: Question) -> Listing:
    """Return the links a question asks for; beyond the last page the last one is given, and the answer says which."""
    held = [
        one
        for one in lines(loaded)
        if question.mode in ("", one.link.mode)
        and (question.over_pct is None or (one.share is not None and one.share * 100 > question.over_pct))
    ]
    key, down = SORTS[question.sort.removeprefix("-")]
    known = [one for one in held if key(one) is not None]
    known.sort(key=key, reverse=down ^ question.sort.startswith("-"))  # type: ignore[arg-type]
    ordered = known + [one for one in held if key(one) is None]
    if question.page == 0:
        return Listing(question, tuple(ordered), len(ordered), 1, 1)
    pages = max(1, -(-len(ordered) // PAGE_SIZE))
    page = min(question.page, pages)
    return Listing(question, tuple(ordered[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]), len(ordered), page, pages)
