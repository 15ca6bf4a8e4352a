"""A route with everything that is told about it, as JSON types."""

from __future__ import annotations

from typing import Any

from bridgehead.engines.network.journey import Route
from bridgehead.engines.network.profile import profile
from bridgehead.engines.network.trade_facilitation import trade_facilitation


def route_report(route: Route) -> dict[str, Any]:
    """Return a route with its running sums against distance and the CAREC indicators of its modes."""
    return route.as_json() | {
        "profile": [point.as_json() for point in profile(route)],
        "trade_facilitation": [one.as_json() for one in trade_facilitation(route)],
    }
