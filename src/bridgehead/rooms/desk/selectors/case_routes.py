"""The routes of a logistics request: what the model finds, what an office offered, what the firm chose."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bridgehead.engines.cases.machine import Need, Role
from bridgehead.ground.language import alphabetical, language, list_mark
from bridgehead.ground.region import current
from bridgehead.kernel.errors import Fault, Sentence, sentence
from bridgehead.rooms.desk.logistics import FIELDS, Form, RouteOffer, changed_since, routes_for
from bridgehead.rooms.desk.models import Case, CaseEvent, Turn
from bridgehead.rooms.desk.route_words import RouteLine, change_words, route_line, route_lines
from bridgehead.rooms.desk.selectors.case_page import CasePage
from bridgehead.rooms.desk.services import Service, service_of

KEPT = "routes"
"""Where the routes of a move stand among what it came with."""


@dataclass(frozen=True, slots=True)
class RouteTable:
    """Routes to look at or choose from.

    Attributes
    ----------
    lines : sequence of RouteLine
        The routes.
    offered : bool
        Whether an office offered them; else they are what the model finds now.
    faults : sequence of (str, Sentence)
        What is wrong with the consignment, each with the name of its field.
    commodity : str
        Whose tariffs are used, empty where none was recognised.
    commodities : sequence of (str, str)
        Those there are.
    unmodelled : bool
        Whether the goods ask for something the model does not know: dangerous ones, a temperature.
    """

    lines: Sequence[RouteLine]
    offered: bool
    faults: Sequence[tuple[str, Sentence]]
    commodity: str
    commodities: Sequence[tuple[str, str]]
    unmodelled: bool

    @property
    def commodity_name(self) -> str:
        """Name of the commodity whose tariffs are used."""
        return dict(self.commodities).get(self.commodity, "")


@dataclass(frozen=True, slots=True)
class ChosenRoute:
    """The route a firm chose, as it was, and what became of it since."""

    line: RouteLine
    change: str

    @property
    def kept_on(self) -> str:
        """The day it was chosen."""
        return self.line.offer.kept_on

    @property
    def as_lines(self) -> list[RouteLine]:
        """The route as a list of one."""
        return [self.line]


@dataclass(frozen=True, slots=True)
class CaseRoutes:
    """What a case page tells of routes.

    Attributes
    ----------
    table : RouteTable or None
        Routes to look at or choose from; none once one is chosen or the case has ended.
    pick : str
        ``checkbox`` for an office that offers several, ``radio`` for a firm that chooses one, empty to look at.
    chosen : ChosenRoute or None
        The one the firm chose.
    """

    table: RouteTable | None
    pick: str
    chosen: ChosenRoute | None


def case_routes(page: CasePage, commodity: str = "") -> CaseRoutes | None:
    """Return what the page of a case tells of routes, None where it is not about a consignment.

    Articles: 51
    """
    case = page.case
    if not has_routes(page.service):
        return None
    events = [one.event for one in page.events]
    chosen = chosen_route(case, events)
    if chosen is not None or case.turn == Turn.NOBODY:
        return CaseRoutes(None, "", chosen)
    machine = page.service.machine
    asked = [one for one in machine.moves_from(case.state) if Need.OFFER in one.needs]
    to_choose = any(Role.TRADER in one.who for one in asked)
    mine = any(Need.OFFER in one.move.needs for one in page.moves)
    pick = ("radio" if to_choose else "checkbox") if mine else ""
    return CaseRoutes(route_table(case, commodity, offered_routes(events) if to_choose else ()), pick, None)


def has_routes(service: Service) -> bool:
    """Tell whether cases of a service are about a consignment with routes."""
    ids = {one.id for one in service.fields}
    return {FIELDS[one] for one in ("origin", "destination", "tonnes", "date")} <= ids


def route_table(case: Case, commodity: str = "", offered: Sequence[RouteOffer] = ()) -> RouteTable | None:
    """Return the routes of a case, None where it is not about a consignment.

    Parameters
    ----------
    case : Case
        The case.
    commodity : str
        Whose tariffs to use, if not those the form names.
    offered : sequence of RouteOffer
        What to show in place of what the model finds now.

    Articles: 51
    """
    service = service_of(case.service)
    if not has_routes(service):
        return None
    listed = commodity_options()
    unmodelled = bool(case.form.get("dangerous") or case.form.get("temperature"))
    if offered:
        return RouteTable(route_lines(offered, _arrive_by(case.form)), True, (), "", listed, unmodelled)
    found = routes_for(case.form, commodity)
    names = {one.id: one.name.of(language()) for one in service.fields}
    faults = [(names.get(one.place.field or "", ""), _worded(one)) for one in found.faults]
    lines = route_lines(found.routes, _arrive_by(case.form))
    return RouteTable(lines, False, faults, found.commodity, listed, unmodelled)


def _arrive_by(form: Form) -> date | None:
    day = form.get("arrive_by")
    return date.fromisoformat(str(day)) if day else None


def _worded(fault: Fault) -> Sentence:
    """Return what a fault says, with places and goods by their names."""
    region, told = current().region, dict(fault.parameters)
    for name in ("origin", "destination"):
        if name in told:
            told[name] = region.name(str(told[name]), language())
    if told.get("close"):
        told["close"] = list_mark(language()).join(region.name(id, language()) for id in str(told["close"]).split(", "))
    return sentence(replace(fault, parameters=told), language())


def commodity_options() -> list[tuple[str, str]]:
    """Return the commodities by name."""
    loaded = current()
    found = [(id, loaded.region.name(id, language())) for id in loaded.components.commodities_by_id]
    return sorted(found, key=lambda pair: alphabetical(pair[1]))


def offered_routes(events: Iterable[CaseEvent]) -> list[RouteOffer]:
    """Return the routes the office offered last, as they were; none where it offered none.

    Parameters
    ----------
    events : iterable of CaseEvent
        What happened, the newest first.
    """
    found = _last(events, lambda one: one.role != Role.TRADER)
    return [RouteOffer.of(one) for one in found]


def chosen_route(case: Case, events: Iterable[CaseEvent]) -> ChosenRoute | None:
    """Return the route the firm chose, None where it chose none or the office seeks another one since.

    Articles: 51
    """
    machine = service_of(case.service).machine
    seeks = {one.id for one in machine.states if any(Need.OFFER in move.needs for move in machine.moves_from(one.id))}
    kept = _last(events, lambda one: one.role == Role.TRADER, until=seeks)
    if not kept:
        return None
    offer = RouteOffer.of(kept[0])
    return ChosenRoute(route_line(offer, arrive_by=_arrive_by(case.form)), change_words(changed_since(offer)))


def _last(
    events: Iterable[CaseEvent], made: Callable[[CaseEvent], bool], until: Collection[str] = ()
) -> Sequence[Mapping[str, Any]]:
    """Return the routes of the last move with an offer, if it was made by whom is asked for and nothing undid it."""
    for one in events:
        if Need.OFFER in one.given:
            return one.given.get(KEPT, ()) if made(one) else ()
        if one.to_state in until:
            break
    return ()
