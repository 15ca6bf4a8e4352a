"""Figures of the small world: two organisations that report differently, and a revision."""

from __future__ import annotations

from bridgehead.rooms.ledger.actions.figures import choose_figure, enter_figure, revise_figure
from bridgehead.rooms.ledger.indicators import indicators
from bridgehead.rooms.ledger.models import Figure
from tests.ledger import LedgerWorld, seen_as


def entered(world: LedgerWorld, period: str = "2025-01", value: str = "1100", **said: object) -> Figure:
    """Return a figure of the commerce department for the freight through the ports."""
    told = {"indicator": "port_freight", "unit": "10^4 t", "source": "口岸月报", **said}
    by = seen_as(world.commerce_officer)
    return enter_figure(by=by, organisation=world.commerce.pk, period=period, value=value, **told)  # type: ignore[arg-type]


def make(world: LedgerWorld) -> None:
    """Add figures for a month: of commerce, revised, and of customs beside it, of which one counts."""
    if indicators().latest("port_freight") is None:
        return  # a region without the tables has nothing to report
    first = entered(world, period="2026-01")
    revised = revise_figure(
        by=seen_as(world.commerce_officer),
        figure=first.pk,
        version=first.version,
        value="1120",
        unit="10^4 t",
        source="口岸月报",
    )
    enter_figure(
        by=seen_as(world.customs_officer),
        organisation=world.customs.pk,
        indicator="port_freight",
        period="2026-01",
        value="11150000",
        unit="t",
        source="海关统计",
    )
    coordinator = seen_as(world.coordinator)
    choose_figure(by=coordinator, figure=revised.pk, version=revised.version, reason="以口岸主管部门的月报为准")
