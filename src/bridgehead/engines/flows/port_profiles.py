"""What ports carry and how they differ: commodity profile, specialisation, sameness.

A *line* of a profile is one commodity in one direction. The measures are those of regional and trade statistics:

- location quotient of a line, the share of the line at the port over its share at all ports together (Hoover, "The
  location theory and the shoe and leather industries", 1936; Balassa, Manchester School 33, 1965, as revealed
  comparative advantage);
- Krugman's specialisation index, the sum of absolute differences between the shares of a port and those of all other
  ports together, 0 (alike) to 2 (nothing in common) (Krugman, "Geography and trade", 1991);
- Herfindahl-Hirschman index of the shares, and its inverse, the number of lines of equal size that would give it
  (Hirschman, 1964; Adelman, 1969);
- similarity of two ports, the sum over the lines of the smaller share, 0 to 1 (Finger and Kreinin, Economic Journal
  89, 1979).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bridgehead.engines.flows.paths import FlowPath
from bridgehead.engines.flows.port_costs import direction_of, partner_of
from bridgehead.engines.network.components import ComponentTables, Demand

REPORTED, APPORTIONED, DEMAND, MODEL = "reported", "apportioned", "demand", "model"
BASES = (REPORTED, APPORTIONED, DEMAND, MODEL)
"""What tonnes rest on, the firmest first.

`reported`: a report names them alone; `apportioned`: a report names several goods, or those of several partners,
together, split as the demand is; `demand`: rows of the demand that bear the port's mark; `model`: flows that the
loading sends over the port.
"""

Line = tuple[str, str]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Reported:
    """A reported yearly freight of a port in one direction, of one or several commodities together, in tonnes."""

    port: str
    direction: str
    commodities: frozenset[str]
    tonnes: float


@dataclass(frozen=True, slots=True)
class Tonnage:
    """Yearly tonnes of one commodity over a port in one direction with one partner, and what they rest on (`BASES`)."""

    port: str
    direction: str
    commodity: str
    partner: str
    tonnes: float
    basis: str


@dataclass(frozen=True, slots=True)
class LineShare:
    """A line of a port's profile: tonnes a year, share of the port's freight, location quotient, and its basis."""

    direction: str
    commodity: str
    tonnes: float
    share: float
    quotient: float
    basis: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a port carries in a year, the largest line first.

    `herfindahl` is the sum of squared shares, `effective_lines` its inverse. `krugman` compares with all other ports
    together and is None where there is no other freight. `basis_t` gives tonnes by what they rest on.
    """

    port: str
    tonnes: float
    import_t: float
    export_t: float
    lines: tuple[LineShare, ...]
    herfindahl: float
    effective_lines: float
    krugman: float | None
    basis_t: tuple[tuple[str, float], ...]

    @property
    def shares(self) -> Mapping[Line, float]:
        """Share of the port's freight by line."""
        return {(line.direction, line.commodity): line.share for line in self.lines}


def tonnages(
    tables: ComponentTables,
    rows: Iterable[Demand],
    paths: Iterable[FlowPath],
    reported: Iterable[Reported] = (),
) -> tuple[Tonnage, ...]:
    """Return the freight of every port by commodity, direction and partner, each from the firmest source there is.

    A report stands for the goods it names; where it names several goods, or the goods go to several partners, it is
    split as the demand with the port's mark is. Other freight is that demand; a port without any marked demand has
    what the loading sends over it. Of two reports that name the same goods, the narrower is taken. A report of several
    goods of which the port has no other freight cannot be split and is left out.

    Parameters
    ----------
    tables : ComponentTables
        The region.
    rows : iterable of Demand
        Demand of the year.
    paths : iterable of FlowPath
        Ways of that demand in the model.
    reported : iterable of Reported
        Reported freight of the year.
    """
    marked: dict[str, dict[tuple[str, str, str], float]] = defaultdict(lambda: defaultdict(float))
    for row in rows:
        if row.calibration_port in tables.ports_by_id and direction_of(tables, row.origin, row.destination):
            marked[row.calibration_port][_key(tables, row)] += row.tonnes
    modelled: dict[str, dict[tuple[str, str, str], float]] = defaultdict(lambda: defaultdict(float))
    for path in paths:
        for port in path.ports:
            if direction_of(tables, path.origin, path.destination):
                modelled[port][_key(tables, path)] += path.tonnes
    told: dict[str, list[Reported]] = defaultdict(list)
    for report in reported:
        told[report.port].append(report)
    found: list[Tonnage] = []
    for port in sorted({*marked, *modelled, *told} & tables.ports_by_id.keys()):
        base, basis = (marked[port], DEMAND) if port in marked else (modelled.get(port, {}), MODEL)
        found += _of_port(tables, port, base, basis, told.get(port, ()))
    return tuple(sorted((row for row in found if row.tonnes > 0), key=_order))


def _order(row: Tonnage) -> tuple[str, str, str, str]:
    return row.port, row.direction, row.commodity, row.partner


def _key(tables: ComponentTables, flow: Demand | FlowPath) -> tuple[str, str, str]:
    ends = flow.origin, flow.destination
    return direction_of(tables, *ends), flow.commodity, partner_of(tables, *ends)


def _of_port(
    tables: ComponentTables,
    port: str,
    base: Mapping[tuple[str, str, str], float],
    basis: str,
    reports: Iterable[Reported],
) -> list[Tonnage]:
    tonnes = dict(base)
    bases = dict.fromkeys(base, basis)
    fixed: set[Line] = set()
    for report in sorted(reports, key=lambda one: (len(one.commodities), sorted(one.commodities), one.direction)):
        named = {(report.direction, commodity) for commodity in report.commodities}
        if fixed & named:
            continue
        keys = [key for key in base if key[:2] in named and base[key] > 0]
        if not keys and len(named) == 1:
            keys = [(*next(iter(named)), tables.ports_by_id[port].counterpart_country)]
        whole = math.fsum(base.get(key, 0.0) for key in keys)
        for key in keys:
            tonnes[key] = report.tonnes * (base[key] / whole if whole else 1.0)
            bases[key] = REPORTED if len(keys) == len(named) == 1 else APPORTIONED
        fixed |= named if keys else set()
    return [Tonnage(port, *key, amount, bases[key]) for key, amount in tonnes.items()]


def shares_of(tonnes: Mapping[Key, float]) -> dict[Key, float]:
    """Return each amount as a share of their sum; nothing where the sum is zero."""
    whole = math.fsum(tonnes.values())
    return {key: amount / whole for key, amount in tonnes.items()} if whole > 0 else {}


def similarity(one: Mapping[Key, float], other: Mapping[Key, float]) -> float:
    """Return the Finger-Kreinin similarity of two sets of shares: the sum of the smaller share of each key, 0 to 1."""
    return min(1.0, math.fsum(min(share, other[key]) for key, share in sorted(one.items(), key=repr) if key in other))


def krugman(one: Mapping[Key, float], other: Mapping[Key, float]) -> float:
    """Return Krugman's index of two sets of shares: the sum of absolute differences, 0 to 2."""
    keys = sorted({*one, *other}, key=repr)
    return math.fsum(abs(one.get(key, 0.0) - other.get(key, 0.0)) for key in keys)


def herfindahl(shares: Iterable[float]) -> float:
    """Return the sum of squared shares, 1 where everything is in one of them."""
    return math.fsum(share * share for share in shares)


def profiles(freight: Iterable[Tonnage]) -> tuple[Profile, ...]:
    """Return the profile of every port with freight, the largest port first.

    The mean of the location quotients of a line, weighted with the ports' freight, is one.
    """
    by_port: dict[str, dict[Line, float]] = defaultdict(lambda: defaultdict(float))
    bases: dict[str, dict[Line, str]] = defaultdict(dict)
    basis_t: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for row in freight:
        line = (row.direction, row.commodity)
        by_port[row.port][line] += row.tonnes
        known = bases[row.port].get(line, REPORTED)
        bases[row.port][line] = max(known, row.basis, key=BASES.index)
        basis_t[row.port][row.basis] += row.tonnes
    every: dict[Line, float] = defaultdict(float)
    for lines in by_port.values():
        for line, tonnes in lines.items():
            every[line] += tonnes
    region = shares_of(every)
    found = [
        _profile(port, lines, (region, _rest(every, lines)), bases[port], basis_t[port])
        for port, lines in by_port.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.tonnes, one.port)))


def _rest(every: Mapping[Line, float], lines: Mapping[Line, float]) -> Mapping[Line, float]:
    """Return the shares at all other ports; a remainder below rounding is none."""
    left = {line: tonnes - lines.get(line, 0.0) for line, tonnes in every.items()}
    return shares_of({line: tonnes for line, tonnes in left.items() if tonnes > 1e-9 * every[line]})


def _profile(
    port: str,
    lines: Mapping[Line, float],
    beside: tuple[Mapping[Line, float], Mapping[Line, float]],
    bases: Mapping[Line, str],
    basis_t: Mapping[str, float],
) -> Profile:
    region, rest = beside
    shares = shares_of(lines)
    listed = [LineShare(*line, lines[line], share, share / region[line], bases[line]) for line, share in shares.items()]
    listed.sort(key=lambda one: (-one.tonnes, one.direction, one.commodity))
    concentration = herfindahl(shares.values())
    return Profile(
        port=port,
        tonnes=math.fsum(lines.values()),
        import_t=math.fsum(tonnes for line, tonnes in lines.items() if line[0] == "import"),
        export_t=math.fsum(tonnes for line, tonnes in lines.items() if line[0] == "export"),
        lines=tuple(listed),
        herfindahl=concentration,
        effective_lines=1.0 / concentration,
        krugman=krugman(shares, rest) if rest else None,
        basis_t=tuple((basis, basis_t[basis]) for basis in BASES if basis_t.get(basis)),
    )


def sameness(found: Sequence[Profile]) -> tuple[tuple[float, ...], ...]:
    """Return the similarity of every port with every other, rows and columns in the order of the profiles.

    The matrix is symmetric with ones on its diagonal.
    """
    shares = [profile.shares for profile in found]
    rows = [[1.0] * len(found) for _ in found]
    for i, one in enumerate(shares):
        for j in range(i):
            rows[i][j] = rows[j][i] = similarity(one, shares[j])
    return tuple(tuple(row) for row in rows)
