"""What one move of goods costs: money, hours and emissions of an arc, with the parameters each number came from.

Money is what a shipper pays per tonne. Hours are door to door. The generalised cost that the loading of demand minimises is

    money + value of time x hours + standing cost of vehicles at borders and changes of gauge

with a value of time of cargo value x daily share / 24 (Hummels, D. and Schaur, G. (2013), Time as a trade barrier, American Economic
Review 103(7), 2935-2959, is the reference for pricing time as a share of value per day).

Two kinds of double counting are ruled out here rather than left to the person who fills the table:

* a rate that already contains the border costs of its country (`freight_rate_including_border`) switches off that country's border
  fee, cargo swap at the border and standing cost;
* a border time that was measured with the change of gauge (`border_entry_time_including_gauge_change`) switches off the hours, not
  the money, of a change of gauge made there.

Line-haul speed never contains border delay, so the hours of a border are counted once, by its own parameters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from bridgehead.engines.network.components import RAIL, Commodity, Parameter
from bridgehead.engines.network.parameters import ParameterBook
from bridgehead.engines.network.quantities import currency_of, shape_of
from bridgehead.engines.network.topology import Kind, Signature

CONTAINER = "container"
"""Freight class under which boxed goods of any kind are priced first."""

TEU_PER_FEU = 2.0
HOURS_PER_DAY = 24.0
RATES = ("freight_rate", "freight_rate_including_border")
ENTRY_TIMES = ("border_entry_time", "border_entry_time_including_gauge_change")
FEE_IN_RATE = "fee_in_rate"
TIME_IN_BORDER = "gauge_time_in_border_time"


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

    `standing_usd_per_t` counts in the generalised cost only. `left_out` names amounts not added because another number
    already contains them.
    """

    usd_per_t: float = 0.0
    usd_per_tkm: float = 0.0
    hours: float = 0.0
    hours_per_km: float = 0.0
    kg_per_t: float = 0.0
    kg_per_tkm: float = 0.0
    standing_usd_per_t: float = 0.0
    uses: tuple[Use, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(slots=True)
class _Sheet:
    """A charge while it is being worked out."""

    values: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    uses: list[Use] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def add(self, name: str, value: float) -> None:
        self.values[name] += value

    def close(self) -> Charge:
        return Charge(**self.values, uses=tuple(dict.fromkeys(self.uses)), left_out=tuple(dict.fromkeys(self.left_out)))


class CostModel:
    """Prices signatures for goods; holds the parameters and knows which rates occur in which country.

    Parameters
    ----------
    book : ParameterBook
        Parameters of the region.
    signatures : sequence of Signature
        All signatures of the network, from which the rates in use are read.
    """

    def __init__(self, book: ParameterBook, signatures: Sequence[Signature]) -> None:
        self.book = book
        self._hauls: dict[tuple[str, str], set[Signature]] = defaultdict(set)
        for signature in signatures:
            if signature.kind is Kind.HAUL:
                for country in signature.countries:
                    self._hauls[signature.mode, country].add(signature)
        self._contained: dict[tuple[str, str, tuple[str, ...]], bool] = {}
        self._charges: dict[tuple[str, ...], tuple[Charge, ...]] = {}
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
        sheet = _Sheet()
        work = {
            Kind.HAUL: self._haul,
            Kind.LOAD: self._handle,
            Kind.UNLOAD: self._handle,
            Kind.TRANSFER: self._handle,
            Kind.GAUGE_CHANGE: self._gauge,
            Kind.BORDER_EXIT: self._border,
            Kind.BORDER_ENTRY: self._border,
        }
        work[signature.kind](sheet, signature, goods)
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
        return self._ask(signature, goods, signature.countries[0], "vehicle_payload")

    def rate_contains_border(self, mode: str, country: str, goods: Goods) -> bool:
        """Whether any line-haul rate that the goods can meet in a country by a mode already contains its border costs."""
        key = (mode, country, goods.classes)
        if key not in self._contained:
            found = (self._ask(signature, goods, country, *RATES) for signature in self._hauls[mode, country])
            self._contained[key] = any(row.quantity == RATES[1] for row in found)
        return self._contained[key]

    def _ask(self, signature: Signature, goods: Goods, country: str, *quantities: str) -> Parameter:
        return self.book.find(
            *quantities,
            mode=signature.mode,
            country=country,
            gauge_mm=signature.gauge_mm,
            link_class=signature.link_class,
            freight_classes=goods.classes,
            places=signature.places,
        )

    def _per_tonne(self, sheet: _Sheet, row: Parameter, signature: Signature, goods: Goods, country: str, item: str) -> float:
        """Turn a row stated per TEU, FEU, crossing or tonne, in any currency, into USD (or its own amount) per tonne."""
        sheet.uses.append(Use(item, row.id))
        value = row.value
        currency = currency_of(row.unit)
        if currency is not None and shape_of(row.unit) != row.unit:
            rate = self.book.exchange(currency)
            if rate is not None:
                sheet.uses.append(Use(item, rate.id))
                value /= rate.value
        basis = row.unit.partition("/")[2].removesuffix("-km")
        if basis in {"TEU", "FEU"}:
            boxed = self.tonnes_per_teu(goods, signature.mode)
            sheet.uses.append(Use(item, boxed.id))
            return value / boxed.value / (TEU_PER_FEU if basis == "FEU" else 1.0)
        if basis in {"crossing", "vehicle-h"}:
            unit = self._ask(signature, goods, country, "load_unit" if basis == "crossing" else "vehicle_payload")
            sheet.uses.append(Use(item, unit.id))
            return value / unit.value
        return value

    def _haul(self, sheet: _Sheet, signature: Signature, goods: Goods) -> None:
        share = 1.0 / len(signature.countries)
        for country in signature.countries:
            rate = self._ask(signature, goods, country, *RATES)
            sheet.add("usd_per_tkm", share * self._per_tonne(sheet, rate, signature, goods, country, "rate"))
            speed = self._ask(signature, goods, country, "haul_speed")
            stops = self._ask(signature, goods, country, "haul_stop_share")
            sheet.uses += [Use("speed", speed.id), Use("stops", stops.id)]
            kmh = min(speed.value, signature.speed_kmh) if signature.speed_kmh else speed.value
            sheet.add("hours_per_km", share * (1.0 + stops.value) / kmh)
            co2e = self._ask(signature, goods, country, "co2e_haul")
            sheet.add("kg_per_tkm", share * self._per_tonne(sheet, co2e, signature, goods, country, "co2e") / 1000.0)
        if signature.into:
            self._terminal(sheet, signature, goods)

    def _terminal(self, sheet: _Sheet, signature: Signature, goods: Goods) -> None:
        row = self._ask(signature, goods, signature.into, "terminal_charge")
        sheet.add("usd_per_t", self._per_tonne(sheet, row, signature, goods, signature.into, "terminal"))

    def _handle(self, sheet: _Sheet, signature: Signature, goods: Goods) -> None:
        name = {Kind.LOAD: "loading", Kind.UNLOAD: "unloading", Kind.TRANSFER: "transfer"}[signature.kind]
        country = signature.countries[0]
        price = self._ask(signature, goods, country, f"{name}_cost")
        time = self._ask(signature, goods, country, f"{name}_time")
        sheet.add("usd_per_t", self._per_tonne(sheet, price, signature, goods, country, "handling"))
        sheet.add("hours", time.value)
        sheet.uses.append(Use("handling_time", time.id))
        if signature.kind is not Kind.UNLOAD:
            wait = self._ask(signature, goods, country, "departure_wait")
            sheet.add("hours", wait.value)
            sheet.uses.append(Use("departure_wait", wait.id))
            self._terminal(sheet, signature, goods)
        self._handling_emissions(sheet, signature, goods)

    def _handling_emissions(self, sheet: _Sheet, signature: Signature, goods: Goods) -> None:
        country = signature.countries[0]
        row = self._ask(signature, goods, country, "co2e_handling")
        sheet.add("kg_per_t", self._per_tonne(sheet, row, signature, goods, country, "co2e"))

    def _gauge(self, sheet: _Sheet, signature: Signature, goods: Goods) -> None:
        country = signature.countries[0]
        price = self._ask(signature, goods, country, "gauge_change_cost")
        sheet.add("usd_per_t", self._per_tonne(sheet, price, signature, goods, country, "gauge_change"))
        contained = signature.customs and self._ask(signature, goods, country, *ENTRY_TIMES)
        if contained and contained.quantity == ENTRY_TIMES[1]:
            sheet.left_out.append(TIME_IN_BORDER)
        else:
            time = self._ask(signature, goods, country, "gauge_change_time")
            sheet.add("hours", time.value)
            sheet.uses.append(Use("gauge_change_time", time.id))
            self._standing(sheet, signature, goods, time.value)
        self._handling_emissions(sheet, signature, goods)

    def _border(self, sheet: _Sheet, signature: Signature, goods: Goods) -> None:
        country = signature.countries[0]
        leaving = signature.kind is Kind.BORDER_EXIT
        time = self._ask(signature, goods, country, *(("border_exit_time",) if leaving else ENTRY_TIMES))
        sheet.add("hours", time.value)
        sheet.uses.append(Use("border_time", time.id))
        if self.rate_contains_border(signature.mode, country, goods):
            sheet.left_out.append(FEE_IN_RATE)
            return
        names = ("border_exit_fee",) if leaving else ("border_entry_fee", "border_transshipment_cost")
        for name in names:
            if name == "border_transshipment_cost" and signature.mode == RAIL:
                continue
            row = self._ask(signature, goods, country, name)
            sheet.add("usd_per_t", self._per_tonne(sheet, row, signature, goods, country, "border_fee"))
        self._standing(sheet, signature, goods, time.value)

    def _standing(self, sheet: _Sheet, signature: Signature, goods: Goods, hours: float) -> None:
        country = signature.countries[0]
        row = self._ask(signature, goods, country, "waiting_cost")
        sheet.add("standing_usd_per_t", hours * self._per_tonne(sheet, row, signature, goods, country, "standing"))
