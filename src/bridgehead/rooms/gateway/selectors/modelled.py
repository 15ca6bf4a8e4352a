"""What the model says: the reference flows of the base year by port and link, and the way of every flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridgehead.engines.flows.paths import FlowPath
from bridgehead.engines.flows.results import PortTotal, Utilisation
from bridgehead.engines.network.components import Link
from bridgehead.engines.network.opening import open_links
from bridgehead.ground import wording
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded

FULL = 0.9
"""Share of capacity from which a link counts as full."""
WAITING_H = 1.0
"""Hours in a queue from which a place counts as one where vehicles wait."""
NOTHING = 0.005
"""Share of capacity below which a link counts as all but empty, which 0 % would deny."""


def share_words(share: float) -> str:
    """Return a share in percent; one above nothing never reads 0 %."""
    return "<0.5%" if 0 < share < NOTHING else wording.percent(share, language())


@dataclass(frozen=True, slots=True)
class Direction:
    """Freight of a link in one direction, and how full that is; ``use`` is None without a capacity."""

    origin: str
    destination: str
    tonnes: float
    use: Utilisation | None


@dataclass(frozen=True, slots=True)
class LinkUse:
    """Freight of a link in both directions.

    ``commodities`` are tonnes by commodity, the largest first; ``border`` tells whether it joins two countries.
    """

    link: Link
    directions: tuple[Direction, ...]
    commodities: tuple[tuple[str, float], ...]
    border: bool

    @property
    def tonnes(self) -> float:
        """Both directions together."""
        return sum(one.tonnes for one in self.directions)

    @property
    def busiest(self) -> Utilisation | None:
        """The fuller direction, or None where the link has no capacity."""
        known = [one.use for one in self.directions if one.use is not None]
        return max(known, key=lambda use: use.share) if known else None

    @property
    def share(self) -> float | None:
        """Share of capacity in the fuller direction."""
        busiest = self.busiest
        return None if busiest is None else busiest.share


def _uses(loaded: Loaded) -> Mapping[str, LinkUse]:
    flows, tables = loaded.flows, loaded.components
    utilised = {(use.link, use.origin, use.destination): use for use in flows.utilisation}
    goods: dict[str, dict[str, float]] = {}
    for row in flows.links:
        of_link = goods.setdefault(row.link, {})
        of_link[row.commodity] = of_link.get(row.commodity, 0.0) + row.tonnes
    directions: dict[str, list[Direction]] = {}
    for (link, origin, destination), tonnes in flows.link_tonnes.items():
        use = utilised.get((link, origin, destination))
        directions.setdefault(link, []).append(Direction(origin, destination, tonnes, use))
    found = {}
    for id_, ways in directions.items():
        link = tables.links_by_id[id_]
        carried = tuple(sorted(goods[id_].items(), key=lambda item: (-item[1], item[0])))
        border = tables.countries[link.origin] != tables.countries[link.destination]
        ways.sort(key=lambda way: -way.tonnes)
        found[id_] = LinkUse(link, tuple(ways), carried, border)
    return found


def link_uses(loaded: Loaded) -> Mapping[str, LinkUse]:
    """Return the links with freight by id."""
    found: Mapping[str, LinkUse] = loaded.remember("gateway.link_uses", lambda: _uses(loaded))
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """What the model says of any link: ``tonnes`` both directions, ``share`` of capacity in the fuller one.

    Without freight both are 0 only where the link was open in the base year, the share only with a capacity; else they
    are None: the model says nothing. ``open_then`` tells which it is.
    """

    tonnes: float | None
    share: float | None
    open_then: bool

    @property
    def share_words(self) -> str:
        """The share in percent; one above nothing never reads 0 %. Empty where there is none."""
        return "" if self.share is None else share_words(self.share)


def _open_then(loaded: Loaded) -> frozenset[str]:
    return frozenset(link.id for link in open_links(loaded.components, loaded.region.settings.base_year))


def reading(loaded: Loaded, link: Link) -> Reading:
    """Return the modelled freight and use of a link, with or without freight on it."""
    use = link_uses(loaded).get(link.id)
    running: frozenset[str] = loaded.remember("gateway.open_links", lambda: _open_then(loaded))
    if use is not None:
        return Reading(use.tonnes, use.share, True)
    if link.id not in running:
        return Reading(None, None, False)
    return Reading(0.0, 0.0 if link.capacity else None, True)


def _border_links(loaded: Loaded) -> Mapping[str, tuple[Link, ...]]:
    tables = loaded.components
    found: dict[str, list[Link]] = {}
    for link in tables.links:
        if tables.countries[link.origin] == tables.countries[link.destination]:
            continue
        for end in (link.origin, link.destination):
            if end in tables.ports_by_id:
                found.setdefault(end, []).append(link)
    return {port: tuple(links) for port, links in found.items()}


def border_links(loaded: Loaded, port: str) -> tuple[Link, ...]:
    """Return the links of a port that cross the border, of any status."""
    index: Mapping[str, tuple[Link, ...]] = loaded.remember("gateway.border_links", lambda: _border_links(loaded))
    return index.get(port, ())


def border_use(loaded: Loaded, port: str) -> LinkUse | None:
    """Return the fullest border link of a port, or None where none carries freight."""
    uses = link_uses(loaded)
    found = [uses[link.id] for link in border_links(loaded, port) if link.id in uses]
    return max(found, key=lambda use: (use.share or 0.0, use.tonnes)) if found else None


def border_utilisation(loaded: Loaded, port: str) -> float | None:
    """Return the share of capacity that the fullest border link of a port uses; 0 where the model sends nothing.

    None where the port has no open border link with a capacity: the model then says nothing.
    """
    use = border_use(loaded, port)
    if use is not None:
        return use.share
    usable = [link for link in border_links(loaded, port) if link.status == "open" and link.capacity]
    return 0.0 if usable else None


def port_total(loaded: Loaded, port: str) -> PortTotal | None:
    """Return what the model sends through a port, or None where it knows no open way across the border there."""
    index: Mapping[str, PortTotal] = loaded.remember(
        "gateway.port_totals", lambda: {total.port: total for total in loaded.flows.port_totals}
    )
    total = index.get(port)
    if total is None or not (total.modelled_t or any(x.status == "open" for x in border_links(loaded, port))):
        return None
    return total


def port_total_t(loaded: Loaded, port: str) -> float | None:
    """Return the modelled tonnes of a port, both directions; see `port_total`."""
    total = port_total(loaded, port)
    return None if total is None else total.modelled_t


def total_t(loaded: Loaded) -> float:
    """Return the modelled tonnes over the home border at all ports of the region."""
    return sum(total.modelled_t for total in loaded.flows.port_totals)


def by_commodity(loaded: Loaded, port: str) -> tuple[tuple[str, float, float], ...]:
    """Return (commodity, import tonnes, export tonnes) of a port as modelled, the largest first."""
    sums: dict[str, list[float]] = {}
    for row in loaded.flows.ports:
        if row.port == port:
            sums.setdefault(row.commodity, [0.0, 0.0])[row.direction == "export"] += row.tonnes
    listed = [(commodity, inward, outward) for commodity, (inward, outward) in sums.items()]
    return tuple(sorted(listed, key=lambda item: (-(item[1] + item[2]), item[0])))


def paths(loaded: Loaded) -> tuple[FlowPath, ...]:
    """Return the ways of every flow of the base year, of which the reference flows are the sums."""
    return loaded.freight.paths


def paths_through(loaded: Loaded, port: str) -> tuple[FlowPath, ...]:
    """Return the flows that cross the border at a port."""
    return tuple(path for path in paths(loaded) if port in path.ports)


def overloads(loaded: Loaded) -> tuple[LinkUse, ...]:
    """Return the links that carry more than their capacity in a direction, the fullest first."""
    over = [use for use in link_uses(loaded).values() if (use.share or 0.0) > 1.0]
    return tuple(sorted(over, key=lambda use: (-(use.share or 0.0), use.link.id)))
