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
REROUTED = "rerouted"


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
        if self.name == REROUTED:  # is a change itself
            return ""
        return signed(self.pair.change * self.factor, self.digits) if self.pair.told else "0"

    @property
    def head(self) -> str:
        """Label and unit."""
        return f"{self.label}{speak(language(), '，', ', ')}{self.shown_unit}"


def measures(found: Comparison) -> tuple[Measure, ...]:
    """Return the figures of a comparison."""
    sums = found.sums
    mass = speak(language(), "万吨", "Mt"), speak(language(), 1e-4, 1e-6)
    money = speak(language(), "万美元", "USD million"), speak(language(), 1e-4, 1e-6)
    tonnes = {"unit": "t", "shown_unit": mass[0], "factor": mass[1]}
    perceived = sums.perceived_usd
    return (
        Measure("demand", _("要运的货"), pair=sums.demand_t, **tonnes),
        Measure("not_sent", _("不运的货"), pair=sums.unsent_t, digits=speak(language(), 2, 4), **tonnes),
        Measure(REROUTED, _("改走别的口岸"), pair=Pair(0.0, found.rerouted_t), **tonnes),
        Measure("shippers_cost", _("货主的费用"), "USD", perceived, money[0], money[1], 0 if language() == "zh" else 1),
        Measure("money_per_t", _("每吨运费"), "USD/t", sums.per_tonne(sums.money_usd), _("美元/吨"), digits=2),
        Measure("hours_per_t", _("每吨时间"), "h", sums.per_tonne(sums.tonne_hours), _("小时"), digits=1),
        Measure("wait_per_t", _("其中排队"), "h", sums.per_tonne(sums.wait_tonne_hours), _("小时"), digits=1),
        Measure("kg_co2e_per_t", _("每吨排放"), "kg/t", sums.per_tonne(sums.t_co2e, KG_PER_T), "kg CO₂e", digits=2),
        Measure(
            "co2e",
            _("排放"),
            "t",
            sums.t_co2e,
            speak(language(), "万吨 CO₂e", "kt CO₂e"),
            speak(language(), 1e-4, 1e-3),
            1,
        ),
        Measure("rail_share", _("过境走铁路"), "share", rail_share(found), "%", 100.0, 1),
        Measure("longest_wait", _("最长的排队"), "h", _longest(found), _("小时"), digits=1),
        Measure("vehicles_waiting", _("排队的车列"), "1", _vehicles(found), _("列或辆"), digits=0),
    )


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
