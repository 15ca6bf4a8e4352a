"""Look up the numbers of the cost model: the most specific row wins, nothing is assumed silently.

Rules
-----
1. A row fits when each of its filled selectors fits the question; a blank selector fits everything.
2. Of the rows that fit, the one with more filled selectors wins; between equally many, the first of place, country,
   link class, gauge, freight class, mode that only one of them fills decides. Where a question names two places or
   two classes and both have a row, the one named first wins.
3. When no row fits, `parameter.missing` names the question. There is no default in code.
4. Two rows of one quantity with the same selectors are `parameter.ambiguous`.
"""

from __future__ import annotations

import difflib
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence

from bridgehead.engines.network.components import Parameter
from bridgehead.engines.network.quantities import BASE_CURRENCY, QUANTITIES, currency_of, shape_of
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

SELECTORS = ("place", "country", "link_class", "gauge_mm", "freight_class", "mode")
"""Selector columns, the most telling first."""

TABLE = "parameters.csv"
NONE = "–"
"""Stands in a fault for a selector that a question does not have."""

_Key = tuple[str | int | None, ...]


def selectors_of(row: Parameter) -> _Key:
    """Return the selector values of a row in the order of `SELECTORS`, with None for blank ones."""
    return (
        row.place or None,
        row.country or None,
        row.link_class or None,
        row.gauge_mm,
        row.freight_class or None,
        row.mode or None,
    )


def rank(row: Parameter) -> tuple[int, tuple[bool, ...]]:
    """Return how specific a row is; the greater rank wins."""
    filled = tuple(value is not None for value in selectors_of(row))
    return sum(filled), filled


class ParameterBook:
    """All parameters of a region, indexed for most-specific-wins lookups.

    Parameters
    ----------
    rows : iterable of Parameter
        The whole table.

    Raises
    ------
    BridgeheadError
        With every fault that `check_parameters` finds.
    """

    def __init__(self, rows: Iterable[Parameter]) -> None:
        self.rows = tuple(rows)
        faults = [fault for fault in check_parameters(self.rows) if fault.severity == "error"]
        if faults:
            raise BridgeheadError.of(faults)
        self.by_id = {row.id: row for row in self.rows}
        self._rows_of: dict[str, list[Parameter]] = defaultdict(list)
        for row in self.rows:
            self._rows_of[row.quantity].append(row)
        for listed in self._rows_of.values():
            listed.sort(key=lambda row: (rank(row), row.id), reverse=True)
        self._named: dict[tuple[str, ...], tuple[frozenset[str | int | None], ...]] = {}
        self._found: dict[tuple[object, ...], Parameter | None] = {}
        self._asked: dict[tuple[object, ...], Parameter] = {}
        self._rates = {row.unit.partition("/")[0]: row for row in self._rows_of["exchange_rate"]}

    def find(
        self,
        *quantities: str,
        mode: str = "",
        country: str = "",
        gauge_mm: int | None = None,
        link_class: str = "",
        freight_classes: Sequence[str] = (),
        places: Sequence[str] = (),
    ) -> Parameter:
        """Return the row that fits best among one or several alternative quantities.

        Parameters
        ----------
        *quantities : str
            Names of quantities of which one is wanted, for instance a rate with and a rate without border costs.
        mode, country, gauge_mm, link_class : str or int
            What is asked about.
        freight_classes : sequence of str
            Classes of the goods; a row fits when its freight class is one of them.
        places : sequence of str
            Places concerned; a row fits when its place is one of them.

        Raises
        ------
        BridgeheadError
            `parameter.missing` when no row fits; `parameter.ambiguous` when rows of two quantities fit equally well.
        """
        asked = (quantities, mode, country, gauge_mm, link_class, tuple(freight_classes), tuple(places))
        known_row = self._asked.get(asked)
        if known_row is not None:
            return known_row
        question: tuple[tuple[str | int | None, ...], ...] = (
            tuple(places),
            (country,),
            (link_class,),
            (gauge_mm,),
            tuple(freight_classes),
            (mode,),
        )
        named = self._named.get(quantities) or self._name(quantities)
        key = (
            quantities,
            *(tuple(v for v in values if v in known) for values, known in zip(question, named, strict=True)),
        )
        if key not in self._found:
            self._found[key] = self._search(quantities, question)
        row = self._found[key]
        if row is None:
            raise BridgeheadError(
                "parameter.missing",
                {
                    "quantity": " | ".join(quantities),
                    "mode": mode or NONE,
                    "country": country or NONE,
                    "gauge_mm": NONE if gauge_mm is None else gauge_mm,
                    "link_class": link_class or NONE,
                    "freight_class": " | ".join(freight_classes) or NONE,
                    "place": " | ".join(places) or NONE,
                },
                Place(file=TABLE),
            )
        self._asked[asked] = row
        return row

    def register(self, quantity: str) -> tuple[Parameter, ...]:
        """Return all rows of a register such as `customs_union`."""
        return tuple(self._rows_of.get(quantity, ()))

    def exchange(self, currency: str) -> Parameter | None:
        """Return the exchange rate row of a currency, or None for the base currency.

        Raises
        ------
        BridgeheadError
            `parameter.missing` when the currency has no rate.
        """
        if currency == BASE_CURRENCY:
            return None
        row = self._rates.get(currency)
        if row is None:
            raise BridgeheadError(
                "parameter.missing",
                {"quantity": f"exchange_rate {currency}/{BASE_CURRENCY}"} | dict.fromkeys(SELECTORS, NONE),
                Place(file=TABLE),
            )
        return row

    def _name(self, quantities: tuple[str, ...]) -> tuple[frozenset[str | int | None], ...]:
        rows = [selectors_of(row) for quantity in quantities for row in self._rows_of.get(quantity, ())]
        named = tuple(frozenset(row[i] for row in rows if row[i] is not None) for i in range(len(SELECTORS)))
        self._named[quantities] = named
        return named

    def _search(
        self, quantities: tuple[str, ...], question: tuple[tuple[str | int | None, ...], ...]
    ) -> Parameter | None:
        best = []
        for quantity in quantities:
            fits = [
                row
                for row in self._rows_of.get(quantity, ())
                if all(
                    value is None or value in given for value, given in zip(selectors_of(row), question, strict=True)
                )
            ]
            if fits:
                level = rank(fits[0])
                best.append(min((row for row in fits if rank(row) == level), key=lambda row: _turn(row, question)))
        if not best:
            return None
        best.sort(key=rank, reverse=True)
        if len(best) > 1 and rank(best[0]) == rank(best[1]):
            raise BridgeheadError(
                "parameter.ambiguous",
                {"quantity": " | ".join(quantities), "first": best[0].id, "second": best[1].id},
                Place(file=TABLE),
            )
        return best[0]


def _turn(row: Parameter, question: tuple[tuple[str | int | None, ...], ...]) -> tuple[int, ...]:
    """Position of each selector value in the question, for rows of equal rank."""
    pairs = zip(selectors_of(row), question, strict=True)
    return tuple(-1 if value is None else given.index(value) for value, given in pairs)


def check_parameters(rows: Sequence[Parameter]) -> tuple[Fault, ...]:
    """Return every fault of a parameter table: unknown quantity or unit, unused selector, bad value, duplicates.

    The rows come without line numbers; `parameters["id"]` of a fault names the row.
    """
    faults: list[Fault] = []
    seen: dict[tuple[object, ...], str] = {}
    currencies = {row.unit.partition("/")[0] for row in rows if row.quantity == "exchange_rate"} | {BASE_CURRENCY}
    for row in rows:
        faults += _row_faults(row, currencies)
        key = (row.quantity, row.unit if row.quantity == "exchange_rate" else "", *selectors_of(row))
        if key in seen:
            faults.append(
                Fault(
                    "parameter.ambiguous",
                    {"quantity": row.quantity, "first": seen[key], "second": row.id},
                    Place(file=TABLE),
                )
            )
        seen.setdefault(key, row.id)
    return tuple(faults)


def _row_faults(row: Parameter, currencies: set[str]) -> list[Fault]:
    known = QUANTITIES.get(row.quantity)
    if known is None:
        close = difflib.get_close_matches(row.quantity, QUANTITIES, n=3)
        detail = {"id": row.id, "quantity": row.quantity, "close": ", ".join(close)}
        return [Fault("parameter.unknown_quantity", detail, Place(file=TABLE, column="quantity"))]
    faults = []
    if shape_of(row.unit) not in known.units:
        units = ", ".join(known.units)
        detail = {"id": row.id, "quantity": row.quantity, "unit": row.unit, "units": units}
        faults.append(Fault("parameter.bad_unit", detail, Place(file=TABLE, column="unit")))
    elif (currency := currency_of(row.unit)) and currency not in currencies:
        detail = {"id": row.id, "currency": currency}
        faults.append(Fault("parameter.no_exchange_rate", detail, Place(file=TABLE, column="unit")))
    for name, value in zip(SELECTORS, selectors_of(row), strict=True):
        if value is not None and name not in known.selectors:
            detail = {"id": row.id, "quantity": row.quantity, "selector": name, "selectors": ", ".join(known.selectors)}
            faults.append(Fault("parameter.unused_selector", detail, Place(file=TABLE, column=name)))
    positive = row.quantity in _POSITIVE
    signed = row.quantity in _SIGNED
    if not math.isfinite(row.value) or (row.value < 0 and not signed) or (positive and row.value == 0):
        given: dict[str, object] = {"id": row.id, "quantity": row.quantity, "value": row.value}
        faults.append(Fault("parameter.bad_value", given, Place(file=TABLE, column="value")))
    return faults


_POSITIVE = frozenset(
    {
        "haul_speed",
        "load_unit",
        "vehicle_payload",
        "tonnes_per_teu",
        "exchange_rate",
        "operating_days",
        "gauge_change_capacity",
        "queue_servers",
    }
)
"""Quantities that divide something and so may not be zero."""
_SIGNED = frozenset({"choice_constant"})
"""Quantities that may be negative."""
