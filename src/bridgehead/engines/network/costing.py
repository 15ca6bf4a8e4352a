"""What one move of goods costs: money, hours and emissions of an arc, with the parameters each number came from.

Money is what a shipper pays per tonne. Hours are door to door. The generalised cost that the loading of demand
minimises is

    money + value of time x hours + standing cost of vehicles at borders and changes of gauge

with a value of time of cargo value x daily share / 24 (Hummels, D. and Schaur, G. (2013), Time as a trade barrier,
American Economic Review 103(7), 2935-2959, is the reference for pricing time as a share of value per day).

Two kinds of double counting are ruled out here rather than left to the person who fills the table:

* a rate that already contains the border costs of its country (`freight_rate_including_border`) switches off that
  country's border fee, cargo swap at the border and standing cost;
* a border time that was measured with the change of gauge (`border_entry_time_including_gauge_change`) switches off
  the hours, not the money, of a change of gauge made there; where no gauge ends, its share is taken off that time.

Line-haul speed never contains border delay, so the hours of a border are counted once, by its own parameters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bridgehead.engines.network.components import RAIL, Commodity, Parameter
from bridgehead.engines.network.parameters import ParameterBook
from bridgehead.engines.network.quantities import currency_of
from bridgehead.engines.network.topology import Kind, Signature

CONTAINER = "container"
"""Freight class under which boxed goods of any kind are priced first."""

TEU_PER_FEU = 2.0
HOURS_PER_DAY = 24.0
G_PER_KG = 1000.0
RATES = ("freight_rate", "freight_rate_including_border")
ENTRY_TIMES = ("border_entry_time", "border_entry_time_including_gauge_change")
FEE_IN_RATE = "fee_in_rate"
TIME_IN_BORDER = "gauge_time_in_border_time"
_HANDLING = {Kind.LOAD: "loading", Kind.UNLOAD: "unloading", Kind.TRANSFER: "transfer"}


@dataclass(frozen=True)
class Goods:
    """What is moved: a commodity, in boxes or not; `classes` choose the parameters, the first named first."""

    commodity: Commodity
    boxed: bool

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Freight classes to look parameters up with."""
        own = (self.commodity.freight_class, self.commodity.rail_tariff_class)
        return tuple(dict.fromkeys(name for name in ((CONTAINER, *own) if self.boxed else own) if name))


@dataclass(frozen=True, slots=True)
class Use:
    """One parameter at work: which item of a leg it serves."""

    item: str
    parameter: str


@dataclass(frozen=True, slots=True)
class Charge:
    """Price, time and emissions of all arcs of one signature: a fixed part and a part per km, all per tonne of goods.

    `standing_usd_per_t` counts in the generalised cost only. `moving_hours_per_km` is `hours_per_km` without stops on
    the line. `left_out` names amounts not added because another number already contains them.
    """

    usd_per_t: float = 0.0
    usd_per_tkm: float = 0.0
    hours: float = 0.0
    hours_per_km: float = 0.0
    moving_hours_per_km: float = 0.0
    kg_per_t: float = 0.0
    kg_per_tkm: float = 0.0
    standing_usd_per_t: float = 0.0
    uses: tuple[Use, ...] = ()
    left_out: tuple[str, ...] = ()


class _Sheet:
    """A charge while it is being worked out: one signature, one kind of goods, and what has been added so far."""

    def __init__(self, book: ParameterBook, signature: Signature, goods: Goods) -> None:
        self.book = book
        self.signature = signature
        self.goods = goods
        self.country = signature.countries[0]
        self._values: dict[str, float] = defaultdict(float)
        self._uses: list[Use] = []
        self._left_out: list[str] = []

    def ask(self, *quantities: str) -> Parameter:
        """Return the row that fits the signature in the country at hand."""
        return ask(self.book, self.signature, self.goods, self.country, *quantities)

    def add(self, name: str, value: float) -> None:
        """Add an amount to a field of the charge."""
        self._values[name] += value

    def use(self, item: str, row: Parameter) -> float:
        """Note that a row serves an item, and return its value."""
        self._uses.append(Use(item, row.id))
        return row.value

    def leave_out(self, reason: str) -> None:
        """Note that an amount is not added because another number contains it."""
        self._left_out.append(reason)

    def per_tonne(self, item: str, *quantities: str) -> float:
        """Return what a row states per TEU, FEU, crossing, vehicle or tonne, in any currency, as an amount per tonne.

        Money comes back in USD, anything else (grams, kilograms) in its own unit.
        """
        row = self.ask(*quantities)
        value = self.use(item, row)
        currency = currency_of(row.unit)
        rate = self.book.exchange(currency) if currency else None
        if rate is not None:
            value /= self.use(item, rate)
        basis = row.unit.partition("/")[2].removesuffix("-km")
        if basis in {"TEU", "FEU"}:
            boxed = self.book.find("tonnes_per_teu", mode=self.signature.mode, freight_classes=self.goods.classes)
            return value / self.use(item, boxed) / (TEU_PER_FEU if basis == "FEU" else 1.0)
        if basis == "crossing":
            return value / self.use(item, self.ask("load_unit"))
        if basis == "vehicle-h":
            return value / self.use(item, self.ask("vehicle_payload"))
        return value

    def close(self) -> Charge:
        """Return the finished charge."""
        uses, left_out = tuple(dict.fromkeys(self._uses)), tuple(dict.fromkeys(self._left_out))
        return Charge(**self._values, uses=uses, left_out=left_out)


def ask(book: ParameterBook, signature: Signature, goods: Goods, country: str, *quantities: str) -> Parameter:
    """Return the parameter row that fits a signature and goods in a country best."""
    return book.find(
        *quantities,
        mode=signature.mode,
        country=country,
        gauge_mm=signature.gauge_mm,
        link_class=signature.link_class,
        freight_classes=goods.classes,
        places=signature.places,
    )


class CostModel:
    """Prices signatures for goods; holds the parameters and knows which rates occur in which country.

    Parameters
    ----------
    book : ParameterBook
        Parameters of the region.
    signatures : sequence of Signature
        All signatures of the network, from which the rates in use are read.
    like : CostModel, optional
        A model with the same book, whose charges are taken over where they are the same.
    """

    def __init__(self, book: ParameterBook, signatures: Sequence[Signature], like: CostModel | None = None) -> None:
        self.book = book
        self._hauls: dict[tuple[str, str], set[Signature]] = defaultdict(set)
        for signature in signatures:
            if signature.kind is Kind.HAUL:
                for country in signature.countries:
                    self._hauls[signature.mode, country].add(signature)
        self._contained: dict[tuple[str, str, tuple[str, ...]], bool] = {}
        self._charges: dict[tuple[str, ...], tuple[Charge, ...]] = {}
        self._made: dict[tuple[object, ...], Charge] = {} if like is None else like._made
        self.signatures = tuple(signatures)

    def charges(self, goods: Goods) -> tuple[Charge, ...]:
        """Return the charges of all signatures in order; goods of the same classes share one calculation."""
        if goods.classes not in self._charges:
            self._charges[goods.classes] = tuple(self.charge(signature, goods) for signature in self.signatures)
        return self._charges[goods.classes]

    def charge(self, signature: Signature, goods: Goods) -> Charge:
        """Return price, time and emissions of a signature for goods.

        Raises
        ------
        BridgeheadError
            `parameter.missing` or `parameter.ambiguous` from the lookup.
        """
        # Borders alone depend on more than signature and goods: on the rates that are met in their country.
        at_border = signature.kind in {Kind.BORDER_EXIT, Kind.BORDER_ENTRY}
        contained = at_border and self.rate_contains_border(signature.mode, signature.countries[0], goods)
        key = (signature, goods.classes, contained)
        if key not in self._made:
            self._made[key] = self._charge(signature, goods)
        return self._made[key]

    def _charge(self, signature: Signature, goods: Goods) -> Charge:
        sheet = _Sheet(self.book, signature, goods)
        if signature.kind is Kind.HAUL:
            self._haul(sheet)
        elif signature.kind is Kind.GAUGE_CHANGE:
            self._gauge(sheet)
        elif signature.kind in _HANDLING:
            self._handle(sheet, _HANDLING[signature.kind])
        else:
            self._border(sheet)
        return sheet.close()

    def value_of_time(self, goods: Goods) -> tuple[float, Parameter]:
        """Return the value of an hour in USD per tonne and the parameter it rests on."""
        row = self.book.find("value_of_time_share", freight_classes=goods.classes)
        return goods.commodity.value_usd_per_t * row.value / HOURS_PER_DAY, row

    def tonnes_per_teu(self, goods: Goods, mode: str = "") -> Parameter:
        """Return the parameter that says how many tonnes a TEU of the goods holds."""
        return self.book.find("tonnes_per_teu", mode=mode, freight_classes=goods.classes)

    def vehicle_payload(self, goods: Goods, signature: Signature) -> Parameter:
        """Return the parameter that says how many tonnes one truck or train carries."""
        return ask(self.book, signature, goods, signature.countries[0], "vehicle_payload")

    def rate_contains_border(self, mode: str, country: str, goods: Goods) -> bool:
        """Whether any line-haul rate the goods can meet in a country by a mode already contains its border costs."""
        key = (mode, country, goods.classes)
        if key not in self._contained:
            found = (ask(self.book, signature, goods, country, *RATES) for signature in self._hauls[mode, country])
            self._contained[key] = any(row.quantity == RATES[1] for row in found)
        return self._contained[key]

    def _haul(self, sheet: _Sheet) -> None:
        signature = sheet.signature
        share = 1.0 / len(signature.countries)
        for country in signature.countries:
            sheet.country = country
            sheet.add("usd_per_tkm", share * sheet.per_tonne("rate", *RATES))
            sheet.add("kg_per_tkm", share * sheet.per_tonne("co2e", "co2e_haul") / G_PER_KG)
            kmh = sheet.use("speed", sheet.ask("haul_speed"))
            stops = sheet.use("stops", sheet.ask("haul_stop_share"))
            kmh = min(kmh, signature.speed_kmh) if signature.speed_kmh else kmh
            sheet.add("moving_hours_per_km", share / kmh)
            sheet.add("hours_per_km", share * (1.0 + stops) / kmh)
        if signature.into:
            sheet.country = signature.into
            sheet.add("usd_per_t", sheet.per_tonne("terminal", "terminal_charge"))

    def _handle(self, sheet: _Sheet, name: str) -> None:
        sheet.add("usd_per_t", sheet.per_tonne("handling", f"{name}_cost"))
        sheet.add("hours", sheet.use("handling_time", sheet.ask(f"{name}_time")))
        sheet.add("kg_per_t", sheet.per_tonne("co2e", "co2e_handling"))
        if sheet.signature.into:
            sheet.add("hours", sheet.use("departure_wait", sheet.ask("departure_wait")))
            sheet.add("usd_per_t", sheet.per_tonne("terminal", "terminal_charge"))

    def _gauge(self, sheet: _Sheet) -> None:
        sheet.add("usd_per_t", sheet.per_tonne("gauge_change", "gauge_change_cost"))
        sheet.add("kg_per_t", sheet.per_tonne("co2e", "co2e_handling"))
        if sheet.signature.customs and sheet.ask(*ENTRY_TIMES).quantity == ENTRY_TIMES[1]:
            sheet.leave_out(TIME_IN_BORDER)
            return
        hours = sheet.use("gauge_change_time", sheet.ask("gauge_change_time"))
        sheet.add("hours", hours)
        sheet.add("standing_usd_per_t", hours * sheet.per_tonne("standing", "waiting_cost"))

    def _border(self, sheet: _Sheet) -> None:
        signature = sheet.signature
        leaving = signature.kind is Kind.BORDER_EXIT
        row = sheet.ask(*(("border_exit_time",) if leaving else ENTRY_TIMES))
        hours = sheet.use("border_time", row)
        if row.quantity == ENTRY_TIMES[1] and signature.mode == RAIL and not signature.break_of_gauge:
            hours = max(hours - sheet.use("border_time", sheet.ask("gauge_change_time")), 0.0)
        sheet.add("hours", hours)
        if not leaving and signature.mode != RAIL:
            # Handling, not standing: as with loading and transfer, its price covers the vehicles.
            sheet.add("hours", sheet.use("handling_time", sheet.ask("border_transshipment_time")))
        if self.rate_contains_border(signature.mode, sheet.country, sheet.goods):
            sheet.leave_out(FEE_IN_RATE)
            return
        sheet.add("usd_per_t", sheet.per_tonne("border_fee", "border_exit_fee" if leaving else "border_entry_fee"))
        if not leaving and signature.mode != RAIL:
            sheet.add("usd_per_t", sheet.per_tonne("border_fee", "border_transshipment_cost"))
        sheet.add("standing_usd_per_t", hours * sheet.per_tonne("standing", "waiting_cost"))
