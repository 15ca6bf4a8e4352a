"""What clearance costs by a run of a port's model, in words: the cost of a unit (TFI2), the charges behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bridgehead.engines.simulation.model import Model
from bridgehead.ground import wording, words
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.kernel.source import Standing
from bridgehead.rooms.gateway import port_model_words as told
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors.facilitation import Reported, reported
from bridgehead.rooms.gateway.selectors.port_models import STANDINGS, source_words

MEASURE = "tfi2_usd"


@dataclass(frozen=True, slots=True)
class ChargeRow:
    """A charge of a model in a table."""

    who: str
    where: str
    amount: str
    money: str
    standing: Standing
    assumed: bool
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What clearance costs a unit in one money, with its interval; in words."""

    head: str
    value: str
    interval: str


def money_words(currency: str, year: int | str) -> str:
    """Return a currency with the year of its prices."""
    return _("%(currency)s（%(year)s 年价）") % {"currency": words.word("currency", currency), "year": year}


def each_words(unit: str) -> str:
    """Return what a cost is for: one unit of a kind."""
    return {
        "truck": _("每辆货车"),
        "car": _("每辆小客车"),
        "bus": _("每辆大客车"),
        "train": _("每列列车"),
        "wagon": _("每节车辆"),
        "container": _("每个集装箱"),
    }.get(unit) or _("每单位")


def amount_words(amount: str | Decimal) -> str:
    """Return an amount with two decimals."""
    return wording.number(Decimal(amount).quantize(Decimal("0.01")), language(), 2)


def costs(report: Mapping[str, Any]) -> list[Cost]:
    """Return the cost of clearing a main unit by currency and year; where no charge is known that is said, not zero.

    Nothing where others than the main units pay: then it is told class by class.
    """
    if not report["clearance"]["classes"]:
        return [Cost(_("通关费用（TFI2）"), _("没有已知的收费"), "")]
    found = []
    for key, shown in (report["whole"]["clearance_cost"] or {}).items():
        currency, year = key.split(" ")
        named = {"each": each_words(report["whole"]["unit"]), "money": money_words(currency, year)}
        head = prose.tidy(_("%(each)s通关费用（TFI2），%(money)s") % named)
        ends = [shown["low"], shown["high"]]
        between = "" if None in ends else told.interval(shown, lambda end: amount_words(str(end)))
        found.append(Cost(head, amount_words(shown["mean"]), between))
    return found


def class_cost(one: Mapping[str, Any]) -> str:
    """Return what clearance costs a unit of a class, and what such a unit is; nothing where no charge is known."""
    each = each_words(one["unit"])
    told_amounts = []
    for key, shown in (one["clearance_cost"] or {}).items():
        money = {"amount": amount_words(shown["mean"]), "currency": money_words(*key.split(" "))}
        told_amounts.append(_("%(each)s %(amount)s %(currency)s") % {"each": each, **money})
    return prose.tidy(_("；").join(told_amounts))


def charges(loaded: Loaded, model: Model, report: Mapping[str, Any]) -> list[ChargeRow]:
    """Return the charges of a model with their money, standing and source."""
    return [
        ChargeRow(
            who=_("各类") if one["class"] == "*" else told.class_words(model, one["class"]),
            where=told.node_words(model, one["station"]) if one["station"] else _("离开时"),
            amount=amount_words(one["amount"]),
            money=money_words(one["currency"], one["year"]),
            standing=STANDINGS.get(one["standing"], Standing.ESTIMATE),
            assumed=one["standing"] == "assumption",
            source=source_words(loaded, one["source"] or ""),
            date=one["date"] or "",
        )
        for one in report["clearance"]["charges"]
    ]


def left_out(model: Model, report: Mapping[str, Any]) -> str:
    """Return whose cost is not known, in a sentence; empty where everybody's is, or nobody's."""
    found = report["clearance"]
    if not found["charges"] or not found["no_charge_known"]:
        return ""
    listed = prose.listed(prose.inside(told.class_words(model, one)) for one in found["no_charge_known"])
    return prose.tidy(_("%(classes)s没有已知的收费，不计在内，不当作零。") % {"classes": listed})


def national(loaded: Loaded, port: str) -> list[Reported]:
    """Return the mean cost at the border points of the two countries of a port as CAREC reports it."""
    row = next((one for one in loaded.region.rows("ports") if one.text("id") == port), None)
    if row is None:
        return []
    countries = (loaded.components.home_country, row.text("counterpart_country"))
    found = (reported(loaded).get((MEASURE, row.text("mode"), country)) for country in countries)
    return [one for one in found if one is not None]
