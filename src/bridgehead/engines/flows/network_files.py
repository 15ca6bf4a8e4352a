"""Networks for an assignment out of files in TNTP or GMNS: as much as can be read, and everything that is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bridgehead.engines.flows.opened import OpenedFile
from bridgehead.engines.network.directed import DirectedNetwork
from bridgehead.engines.network.formats import gmns
from bridgehead.engines.network.formats.tntp import try_network
from bridgehead.kernel.errors import BridgeheadError, Fault, Place


@dataclass(frozen=True)
class NetworkFile:
    """A network as a file has it.

    Parameters
    ----------
    network : DirectedNetwork or None
        None where faults leave open which nodes and links there are.
    zones : tuple of str or None
        What trip tables call its zones; None where it is not known.
    faults, warnings : tuple of Fault
        Everything that is wrong, and what is odd.
    limit : float64 array, shape (links,), optional
        Largest volume of each link, infinite where there is none.
    about_paths : mapping of str to object
        What a fault on a pair without a path needs besides.
    """

    network: DirectedNetwork | None
    zones: tuple[str, ...] | None
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    limit: npt.NDArray[np.float64] | None = None
    about_paths: Mapping[str, object] = field(default_factory=dict)


def of_tntp(file: OpenedFile) -> NetworkFile:
    """Return the network of a TNTP file; a power that is too large is a fault."""
    if file.text is None:
        return NetworkFile(None, None, file.faults)
    read = try_network(file.text, file.name)
    zones = None if read.zones is None else tuple(map(str, read.zones.tolist()))
    if read.network is None:
        return NetworkFile(None, zones, (*file.faults, *read.faults))
    network = read.network.directed()
    faults = (*file.faults, *read.faults, *_powers(network, file.name, read.rows))
    return NetworkFile(network, zones, faults, about_paths={"first_thru_node": read.network.first_thru_node})


def of_gmns(tables: Sequence[OpenedFile]) -> NetworkFile:
    """Return the network of GMNS tables, which go by the names of their files; a power too large is a fault."""
    unread = tuple(fault for file in tables for fault in file.faults)
    texts = {file.name: file.text for file in tables if file.text is not None}
    warnings: list[Fault] = []
    try:
        read = gmns.read_network(texts, warnings=warnings)
    except BridgeheadError as error:
        missing = {file.name for file in tables if file.text is None}  # said already
        rest = (fault for fault in error.faults if fault.place.file not in missing or fault.code != MISSING)
        return NetworkFile(None, None, (*unread, *rest))
    faults = (*unread, *_powers(read.directed, gmns.LINK_DELAY, read.delay_rows))
    return NetworkFile(read.directed, read.zone_ids, faults, tuple(warnings), read.limit)


MISSING = "network_file.missing_table"


def _powers(network: DirectedNetwork, file: str, rows: Sequence[int]) -> Iterator[Fault]:
    for fault in network.delays.faults():
        if "power" in fault.parameters:  # everything else is a fault of the file already
            link = int(str(fault.parameters["row"]))
            told = {**fault.parameters, "row": str(link + 1)}
            yield replace(fault, parameters=told, place=Place(file, rows[link], "power"))
