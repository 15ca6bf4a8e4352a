"""The routes a move of a case comes with: those an office offers, the one of them a firm chooses."""

from __future__ import annotations

from collections.abc import Sequence

from bridgehead.engines.cases.machine import Need, Role
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed
from bridgehead.rooms.desk.logistics import RouteOffer, routes_for
from bridgehead.rooms.desk.models import Case, CaseEvent
from bridgehead.rooms.desk.selectors.case_routes import has_routes, offered_routes
from bridgehead.rooms.desk.services import service_of

MOST_ROUTES = 10


def routes_of(deed: Deed, case: Case, role: Role, keys: Sequence[str]) -> list[RouteOffer]:
    """Return the routes of some keys, noting ``case.unknown_route`` where there is none: the network may have changed.

    A firm chooses one of those its office offered, as they were then; an office offers what the model finds now.
    """
    wanted = list(dict.fromkeys(one for one in keys if one))[:MOST_ROUTES]
    if not wanted or not has_routes(service_of(case.service)):
        return []
    found = [_route(case, one) for one in wanted] if role is not Role.TRADER else _offered(case, wanted[:1])
    if None in found:
        deed.refuse("case.unknown_route", {}, Need.OFFER)
    return [one for one in found if one is not None]


def _route(case: Case, key: str) -> RouteOffer | None:
    return routes_for(case.form, key.rpartition("-")[0]).get(key)


def _offered(case: Case, keys: Sequence[str]) -> list[RouteOffer | None]:
    with as_system("reading what an office offered for a case"):
        events = CaseEvent.objects.filter(case=case, kind=CaseEvent.Kind.MOVED).order_by("-number")
        there = {one.key: one for one in offered_routes(events)}
    return [there.get(one) for one in keys]
