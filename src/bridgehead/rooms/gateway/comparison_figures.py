"""The figures of a comparison in the order in which page, memo, files and command line show them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.utils.translation import gettext as _

from bridgehead.engines.flows.scenario_comparison import Comparison, Pair
from bridgehead.ground import wording
from bridgehead.ground.language import language, speak
from bridgehead.rooms.gateway.comparison_words import signed

KG_PER_T = 1000.0
REROUTED, WAITED = "rerouted", "waits"


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of base and scenario; ``name`` stays the same in every language, ``unit`` is that of the pair.

    ``factor`` turns it into what is shown, in ``shown_unit`` with so many decimals.
    """

    name: str
    label: str
    unit: str
    pair: Pair
    shown_unit: str
    factor: float = 1.0
    digits: int | None = None

    def words(self, value: float) -> str:
        """Return a figure as it is shown."""
        return wording.number(value * self.factor, language(), self.digits)

    @property
    def change(self) -> str:
        """The change as it is shown, with its sign."""
        if self.name in {REROUTED, WAITED}:  # are changes themselves
            return ""
        return signed(self.pair.change * self.factor, self.digits) if self.pair.told else "0"

    @property
    def head(self) -> str:
        """Label and unit."""
        return f"{self.label}{speak(language(), '，', ', ')}{self.shown_unit}"


def measures(found: Comparison) -> tuple[Measure, ...]:
    """Return the figures of a comparison."""
    sums, zh = found.sums, language() == "zh"
    cost = ("万美元", 1e-4, 0) if zh else ("USD million", 1e-6, 1)
    co2e = ("万吨 CO₂e", 1e-4, 1) if zh else ("kt CO₂e", 1e-3, 1)
    hours = _("小时")
    return (
        _mass("demand", _("要运的货"), sums.demand_t),
        _mass("not_sent", _("不运的货"), sums.unsent_t, 2 if zh else 4),
        _mass(REROUTED, _("改走别的口岸"), Pair(0.0, found.rerouted_t)),
        _mass(WAITED, _("等口岸重开"), Pair(0.0, found.waited_t)),
        Measure("shippers_cost", _("货主的费用"), "USD", sums.perceived_usd, *cost),
        Measure("money_per_t", _("每吨运费"), "USD/t", sums.per_tonne(sums.money_usd), _("美元/吨"), digits=2),
        Measure("hours_per_t", _("每吨时间"), "h", sums.per_tonne(sums.tonne_hours), hours, digits=1),
        Measure("wait_per_t", _("其中排队"), "h", sums.per_tonne(sums.wait_tonne_hours), hours, digits=1),
        Measure("kg_co2e_per_t", _("每吨排放"), "kg/t", sums.per_tonne(sums.t_co2e, KG_PER_T), "kg CO₂e", digits=2),
        Measure("co2e", _("排放"), "t", sums.t_co2e, *co2e),
        Measure("rail_share", _("过境走铁路"), "share", rail_share(found), "%", 100.0, 1),
        Measure("longest_wait", _("最长的排队"), "h", _longest(found), hours, digits=1),
        Measure("vehicles_waiting", _("排队的车列"), "1", _vehicles(found), _("列或辆"), digits=0),
    )


def _mass(name: str, label: str, pair: Pair, digits: int | None = None) -> Measure:
    factor = 1e-4 if language() == "zh" else 1e-6
    return Measure(name, label, "t", pair, wording.mass_unit(language()), factor, digits)


def rail_share(found: Comparison) -> Pair:
    """Return the share of the freight over the home border that crosses it by rail."""
    rail = next((one.amount for one in found.border_modes if one.name == "rail"), Pair(0.0, 0.0))
    total = [math.fsum(getattr(one.amount, side) for one in found.border_modes) for side in ("base", "scenario")]
    return Pair(
        *(part / whole if whole else 0.0 for part, whole in zip((rail.base, rail.scenario), total, strict=True))
    )


def _longest(found: Comparison) -> Pair:
    return Pair(
        *(max((getattr(one.wait_h, side) for one in found.queues), default=0.0) for side in ("base", "scenario"))
    )


def _vehicles(found: Comparison) -> Pair:
    waiting = [one.vehicles for one in found.queues if one.vehicles is not None]
    return Pair(*(math.fsum(getattr(one, side) for one in waiting) for side in ("base", "scenario")))
