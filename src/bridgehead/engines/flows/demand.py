"""Which demand a year has, gathered into groups that one search of the network serves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bridgehead.engines.network.components import ComponentTables, Demand
from bridgehead.engines.network.costing import Goods
from bridgehead.engines.network.virtual import Network, goods_of


@dataclass(frozen=True)
class Group:
    """What rows of demand share that one shortest-path tree serves: goods, origin and the links closed to them."""

    goods: Goods
    origin: str
    closed: frozenset[str]


def demand_of(tables: ComponentTables, year: int) -> tuple[int, tuple[Demand, ...]]:
    """Return the latest demand year not after a year, and its rows; the year itself and no rows where there is none."""
    years = sorted({row.year for row in tables.demand if row.year <= year})
    if not years:
        return year, ()
    return years[-1], tuple(row for row in tables.demand if row.year == years[-1])


def groups_of(tables: ComponentTables, network: Network, rows: Iterable[Demand]) -> Mapping[Group, list[Demand]]:
    """Gather demand into groups, in an order that does not depend on the order of the rows."""
    found: dict[Group, list[Demand]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.commodity, bool(row.teu), row.origin, row.destination, row.tonnes)):
        goods = goods_of(tables, row.commodity, boxed=bool(row.teu))
        ends = frozenset({tables.countries[row.origin], tables.countries[row.destination]})
        found[Group(goods, row.origin, network.topology.closed_to(ends))].append(row)
    return found
