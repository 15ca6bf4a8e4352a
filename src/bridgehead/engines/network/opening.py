"""Which links carry freight in a year: open ones, those that have opened by then, and those a scenario names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bridgehead.engines.network.components import AIR, OPEN, ComponentTables, Link
from bridgehead.kernel.errors import BridgeheadError, Place


def open_links(
    tables: ComponentTables,
    year: int,
    include: Iterable[str] = (),
    modes: Sequence[str] | None = None,
    *,
    home_ports_only: bool = False,
) -> tuple[Link, ...]:
    """Return the links that carry freight in a year.

    Open links always do. A link of another status does from its `status_year` on if it is under construction or
    planned, and whenever its id is in `include`. Air links whose service is not verified also count when `modes`
    names air. An open link across the home border is closed while the port at its end is not open; a link that
    `include` or its year opens brings its port along.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    year : int
        Year looked at.
    include : iterable of str
        Ids of links opened for a scenario, whatever else would close them.
    modes : sequence of str, optional
        Modes to keep; all if not given.
    home_ports_only : bool
        Whether goods may leave and enter the home country at the ports of the region only, not at other places.

    Raises
    ------
    BridgeheadError
        `network.unknown_link` when `include` names a link that does not exist.
    """
    named = frozenset(include)
    if unknown := sorted(named - tables.links_by_id.keys()):
        raise BridgeheadError("network.unknown_link", {"link": ", ".join(unknown)}, Place(field="include"))
    closed = {port.id for port in tables.ports if port.status != OPEN}
    kept = []
    for link in tables.links:
        if link.id not in named:
            if (modes is not None and link.mode not in modes) or not _runs(link, year, modes):
                continue
            ends = {link.origin, link.destination}
            crossing = _crosses_home(link, tables)
            if crossing and link.status == OPEN and closed & ends:
                continue
            if crossing and home_ports_only and not tables.ports_by_id.keys() & ends:
                continue
        kept.append(link)
    return tuple(kept)


def _runs(link: Link, year: int, modes: Sequence[str] | None) -> bool:
    if link.status == OPEN:
        return True
    if link.mode == AIR:
        return modes is not None and AIR in modes
    building = link.status.replace("_", " ") in {"under construction", "planned"}
    return building and link.status_year is not None and link.status_year <= year


def _crosses_home(link: Link, tables: ComponentTables) -> bool:
    ends = {tables.countries[link.origin], tables.countries[link.destination]}
    return len(ends) == 2 and tables.home_country in ends
