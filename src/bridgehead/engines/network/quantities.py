"""The quantities of the cost model: what each is called, in which units it may be stated, and what it means.

A parameter table may hold no other quantity and no other unit; `bridgehead.engines.network.parameters` checks that.
Money may be stated in any currency for which the table holds an exchange rate.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType

BASE_CURRENCY = "USD"


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity of the cost model.

    `units` are the units a row may use, with `$` standing for any currency. `selectors` are the columns that may
    narrow a row. A quantity that is a `register` is a list of facts (countries, places) without a fallback; every
    other quantity must resolve to one row wherever the model needs it.
    """

    name: str
    units: tuple[str, ...]
    selectors: tuple[str, ...]
    meaning: str
    register: bool = False


_HAUL = ("mode", "country", "gauge_mm", "link_class", "freight_class", "place")
_SPOT = ("mode", "country", "freight_class", "place")
_PER_T = ("$/t", "$/TEU", "$/FEU", "$/crossing")
_PER_TKM = ("$/tkm", "$/TEU-km", "$/FEU-km")

_ALL = (
    Quantity(
        "haul_speed",
        ("km/h",),
        _HAUL,
        "Line-haul speed on the move; a link's own speed caps it. Never a speed with border delay.",
    ),
    Quantity(
        "haul_stop_share",
        ("h/h",),
        _HAUL,
        "Hours stood on the line (yards, crews, rest) per hour on the move; borders excluded.",
    ),
    Quantity("freight_rate", _PER_TKM, _HAUL, "Line-haul price without any border cost."),
    Quantity(
        "freight_rate_including_border",
        _PER_TKM,
        _HAUL,
        "Line-haul price that already contains the border costs of its country: fees and vehicle waiting at that "
        "country's border are then not added.",
    ),
    Quantity(
        "terminal_charge",
        _PER_T,
        _SPOT,
        "Part of a tariff charged once for each journey on the tariff system of a country.",
    ),
    Quantity("loading_cost", _PER_T, _SPOT, "Putting goods onto the first vehicle."),
    Quantity(
        "loading_time", ("h",), _SPOT, "Time to put goods onto the first vehicle, without waiting for a departure."
    ),
    Quantity("unloading_cost", _PER_T, _SPOT, "Taking goods off the last vehicle."),
    Quantity("unloading_time", ("h",), _SPOT, "Time to take goods off the last vehicle."),
    Quantity("transfer_cost", _PER_T, _SPOT, "Moving goods from another mode onto this one."),
    Quantity(
        "transfer_time",
        ("h",),
        _SPOT,
        "Time to move goods from another mode onto this one, without waiting for a departure.",
    ),
    Quantity("departure_wait", ("h",), _SPOT, "Wait for a departure of this mode after loading or transfer."),
    Quantity("gauge_change_cost", _PER_T, _SPOT, "Bogie change or transshipment between two gauges."),
    Quantity("gauge_change_time", ("h",), _SPOT, "Time of a bogie change or transshipment between two gauges."),
    Quantity(
        "gauge_change_capacity",
        ("Mt/yr",),
        ("mode", "country", "place"),
        "What a station can move between two gauges in a year, both directions together.",
    ),
    Quantity("border_exit_time", ("h",), _SPOT, "Clearing out of a country at its border, gauge change not contained."),
    Quantity("border_entry_time", ("h",), _SPOT, "Clearing into a country at its border, gauge change not contained."),
    Quantity(
        "border_entry_time_including_gauge_change",
        ("h",),
        _SPOT,
        "Clearing into a country at its border, measured with a gauge change, whose time is then not added; where no "
        "gauge ends at the border it is taken off.",
    ),
    Quantity(
        "border_exit_fee", _PER_T, _SPOT, "Fees for leaving a country; not added where the rate contains border costs."
    ),
    Quantity(
        "border_entry_fee",
        _PER_T,
        _SPOT,
        "Fees for entering a country; not added where the rate contains border costs.",
    ),
    Quantity(
        "border_transshipment_cost", _PER_T, _SPOT, "Swap of cargo between the vehicles of two countries at a border."
    ),
    Quantity(
        "border_transshipment_time",
        ("h",),
        _SPOT,
        "Time of that swap; added on every entry but by rail, whether or not the rate contains its price.",
    ),
    Quantity(
        "load_unit",
        ("t",),
        _SPOT,
        "Tonnes on the unit (truck, wagon, 40-foot box) that a price per crossing is paid for.",
    ),
    Quantity(
        "vehicle_payload",
        ("t",),
        _HAUL,
        "Net tonnes on one truck or one train, for counting vehicles against capacity.",
    ),
    Quantity(
        "waiting_cost", ("$/vehicle-h",), _SPOT, "Standing cost of a loaded truck or train at a border or gauge change."
    ),
    Quantity(
        "value_of_time_share",
        ("share/day",),
        ("freight_class",),
        "Part of the cargo's value that a day under way costs its owner.",
    ),
    Quantity("tonnes_per_teu", ("t/TEU",), ("mode", "freight_class"), "Net tonnes in one TEU."),
    Quantity("co2e_haul", ("g/tkm", "g/TEU-km"), _HAUL, "Well-to-wheel emissions of line haul."),
    Quantity(
        "co2e_handling",
        ("kg/t", "kg/TEU", "kg/FEU"),
        _SPOT,
        "Emissions of one loading, unloading, transfer or gauge change.",
    ),
    Quantity("operating_days", ("days/yr",), ("mode", "place"), "Days a year over which yearly freight is spread."),
    Quantity(
        "queue_servers",
        ("servers",),
        ("mode", "place"),
        "Trains or trucks served at the same time where vehicles queue: on a link or at a change of gauge.",
    ),
    Quantity(
        "queue_variability",
        ("share",),
        ("mode", "place"),
        "Half the sum of the squared variations of arrivals and services: 1 for Poisson arrivals and exponential "
        "services, 0.5 for even services.",
    ),
    Quantity(
        "overflow_share",
        ("share",),
        ("freight_class",),
        "Generalised cost, in values of the cargo, above which it is not sent, or by another gateway or another time.",
    ),
    Quantity(
        "choice_constant",
        ("$/t",),
        _SPOT,
        "What speaks against a border port (for it, where negative) besides all that is priced; a calibrated constant.",
    ),
    Quantity(
        "choice_spread",
        ("$/t",),
        ("freight_class",),
        "Spread of what the cost table does not know: costs this far apart are chosen 2.7 to 1.",
    ),
    Quantity(
        "exchange_rate", ("$/USD",), (), "Units of a currency for one US dollar; the currency is that of the unit."
    ),
    Quantity(
        "customs_union",
        ("union",),
        ("country",),
        "Number of the customs union a country belongs to; links inside a union have no customs border.",
        register=True,
    ),
    Quantity(
        "closed_to_through_traffic",
        ("flag",),
        ("place",),
        "A value of 1 marks a place where goods may start or end, but through which none may pass.",
        register=True,
    ),
)

QUANTITIES: Mapping[str, Quantity] = MappingProxyType({quantity.name: quantity for quantity in _ALL})


def currency_of(unit: str) -> str | None:
    """Return the currency a unit begins with (`CNY/tkm` gives `CNY`), or None when it is no price."""
    head, slash, _ = unit.partition("/")
    return head if slash and len(head) == 3 and head != "TEU" and head.isalpha() and head.isupper() else None


def shape_of(unit: str) -> str:
    """Return the unit with its currency replaced by `$`: `CNY/tkm` gives `$/tkm`; other units come back unchanged."""
    currency = currency_of(unit)
    return unit if currency is None else "$" + unit[len(currency) :]


TIME_METRICS = ("time", "transit_time")
PRICE_METRICS = ("price", "haulage_price")
TIME_UNITS = ("days", "h")
PRICE_UNITS = ("$/t", "$/TEU", "$/FEU")


def why_not_comparable(metric: str, unit: str, *, boxed: bool, currencies: Collection[str]) -> str:
    """Say why a published figure cannot be held against the model: metric, unit, currency or teu; empty if it can.

    Parameters
    ----------
    metric, unit : str
        What was published, such as `price` in `USD/FEU`.
    boxed : bool
        Whether the consignment is stated in containers.
    currencies : collection of str
        Currencies that have an exchange rate; the base currency needs none.
    """
    if metric not in (*TIME_METRICS, *PRICE_METRICS):
        return "metric"
    shape = shape_of(unit)
    if shape not in (TIME_UNITS if metric in TIME_METRICS else PRICE_UNITS):
        return "unit"
    if (currency := currency_of(unit)) and currency != BASE_CURRENCY and currency not in currencies:
        return "currency"
    return "teu" if shape in PRICE_UNITS[1:] and not boxed else ""
