"""Which ports compete: how much of a port's freight another could take at about the same cost, and common ground."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bridgehead.engines.flows.hinterlands import Hinterland
from bridgehead.engines.flows.port_costs import PortCosts
from bridgehead.engines.flows.port_profiles import similarity


@dataclass(frozen=True, slots=True)
class Rival:
    """What another port could take of a port's freight.

    `contestable_share` is the share of the port's tonnes that the other serves at a generalised cost not above that
    over the port by more than the margin. `gap_usd_per_t` is the mean cost over the other minus that over the port,
    over the flows both can serve; None where there are none. `common_hinterland` is the Finger-Kreinin similarity of
    the pairs of areas that the two serve, None where one of them has no known hinterland.
    """

    port: str
    other: str
    contestable_share: float
    gap_usd_per_t: float | None
    common_hinterland: float | None


def rivals(
    costs: Sequence[PortCosts],
    users: Mapping[int, Iterable[str]],
    hinterlands: Iterable[Hinterland],
    margin: float,
) -> tuple[Rival, ...]:
    """Return the rivalry of every ordered pair of ports, by port and then by what the other could take.

    Parameters
    ----------
    costs : sequence of PortCosts
        Every flow with its cost over each port.
    users : mapping
        Index of a flow in `costs` to the ports whose freight it is.
    hinterlands : iterable of Hinterland
        Hinterlands of the ports.
    margin : float
        How much dearer the other may be, as a share of the cost over the port.
    """
    whole: dict[str, float] = defaultdict(float)
    near: dict[tuple[str, str], float] = defaultdict(float)
    gaps: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for index, flow in enumerate(costs):
        over = dict(flow.usd_per_t)
        for port in users.get(index, ()):
            if port not in over:
                continue
            whole[port] += flow.tonnes
            for other, cost in over.items():
                if other == port:
                    continue
                gap = gaps[port, other]
                gap[0] += (cost - over[port]) * flow.tonnes
                gap[1] += flow.tonnes
                if cost <= over[port] * (1.0 + margin):
                    near[port, other] += flow.tonnes
    pairs = {one.port: dict(one.pairs) for one in hinterlands}
    ports = sorted({*whole, *pairs, *(other for _, other in gaps)})
    found = []
    for port in ports:
        for other in ports:
            if other == port or not (whole.get(port) or port in pairs):
                continue
            taken, tonnes = gaps.get((port, other), (0.0, 0.0))
            found.append(
                Rival(
                    port,
                    other,
                    near.get((port, other), 0.0) / whole[port] if whole.get(port) else 0.0,
                    taken / tonnes if tonnes else None,
                    similarity(pairs[port], pairs[other]) if port in pairs and other in pairs else None,
                )
            )
    return tuple(sorted(found, key=lambda one: (one.port, -one.contestable_share, one.other)))
