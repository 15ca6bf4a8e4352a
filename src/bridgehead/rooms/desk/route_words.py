"""Routes of a logistics request in words and drawings: course, legs, strips in time, what became of a kept one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from math import ceil

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import ngettext, pgettext

from bridgehead.ground import wording, words
from bridgehead.ground.language import language, list_mark, speak
from bridgehead.ground.routing import HOURS_PER_DAY
from bridgehead.kernel.source import Standing
from bridgehead.render.charts import Piece, Size, Words, route_strip
from bridgehead.rooms.desk.explaining import unit_name
from bridgehead.rooms.desk.logistics import CRITERIA, Change, OfferedLeg, RouteOffer, UsedParameter

STRIP_WIDE, STRIP_NARROW = Size(470, 34), Size(340, 34, narrow=True)


def mode_word(mode: str) -> str:
    """Return what a mode is called."""
    said = {
        "rail": pgettext("desk route", "铁路"),
        "road": pgettext("desk route", "公路"),
        "sea": pgettext("desk route", "海运"),
        "air": pgettext("desk route", "航空"),
        "water": pgettext("desk route", "水运"),
    }
    return said.get(mode, mode)


def best_word(criterion: str) -> str:
    """Return what a route is that is the best by a criterion."""
    said = {
        "cost": pgettext("desk route", "最省"),
        "time": pgettext("desk route", "最快"),
        "co2e": pgettext("desk route", "排放最少"),
    }
    return said[criterion]


def leg_words(leg: OfferedLeg) -> str:
    """Return what happens on a leg."""
    said = {
        "load": pgettext("desk route", "装车"),
        "unload": pgettext("desk route", "卸车"),
        "transfer": pgettext("desk route", "换装"),
        "border_exit": pgettext("desk route", "出境通关"),
        "border_entry": pgettext("desk route", "入境通关"),
    }
    if leg.kind == "gauge_change":
        gauges = {"old": leg.gauge_mm, "new": leg.new_gauge_mm}
        return pgettext("desk route", "换轨 %(old)s → %(new)s") % gauges
    if leg.kind != "haul":
        return said.get(leg.kind, leg.kind)
    if leg.border:
        return pgettext("desk route", "%(mode)s，过境") % {"mode": mode_word(leg.mode)}
    return mode_word(leg.mode)


def joined(items: Iterable[str]) -> str:
    """Return several words as a list."""
    return list_mark(language()).join(items)


@dataclass(frozen=True, slots=True)
class LegLine:
    """One leg in words."""

    leg: OfferedLeg
    what: str
    course: str


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A parameter in words."""

    parameter: UsedParameter
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A route in words; ``strip`` draws it in time on the scale of those beside it."""

    offer: RouteOffer
    strip: SafeString
    arrive_by: date | None = None

    def name(self, id: str) -> str:
        """Return what a place, port or commodity of the route is called."""
        return speak(language(), *self.offer.names.get(id, (id, id)))

    @property
    def title(self) -> str:
        """Where the border is crossed."""
        if not self.offer.ports:
            return pgettext("desk route", "不经本地区口岸")
        return pgettext("desk route", "经%(ports)s") % {"ports": joined(self.name(one) for one in self.offer.ports)}

    @property
    def means(self) -> str:
        """The modes in the order of the way."""
        hauls = [leg.mode for leg in self.offer.legs if leg.kind == "haul"]
        return " → ".join(mode_word(mode) for mode, _ in groupby(hauls))

    @property
    def best(self) -> str:
        """By what no other is better, empty for nothing."""
        return joined(best_word(one) for one in CRITERIA if one in self.offer.best)

    @property
    def ends(self) -> str:
        """From where to where, and what."""
        asked = self.offer.asked
        origin, destination, goods = (self.name(asked[one]) for one in ("origin", "destination", "commodity"))
        return f"{origin} → {destination}{list_mark(language())}{goods} {self.amount}"

    @property
    def amount(self) -> str:
        """How much."""
        if self.offer.teu is not None:
            boxes = {"n": wording.number(self.offer.teu, language())}
            return pgettext("desk route", "%(n)s 标箱") % boxes
        return pgettext("desk route", "%(n)s 吨") % {"n": wording.number(self.offer.tonnes, language())}

    @property
    def days(self) -> str:
        """Days from door to door."""
        return wording.number(self.offer.hours / HOURS_PER_DAY, language(), 1)

    @property
    def usd(self) -> str:
        """Price of the consignment in US dollars."""
        return wording.number(Decimal(self.offer.usd), language(), 0)

    @property
    def local(self) -> str:
        """Price of the consignment in the region's currency, empty without a rate."""
        return wording.number(Decimal(self.offer.local), language(), 0) if self.offer.local else ""

    @property
    def currency(self) -> str:
        """What the region's currency is called; its code where the tables have no name for it."""
        name, code = unit_name(self.offer.currency), self.offer.currency
        return code if name == code.lower() else name

    @property
    def line(self) -> str:
        """The route in one line, as it is kept with the move of a case."""
        said = {"title": self.title, "means": self.means, "days": self.days, "usd": self.usd}
        return pgettext("desk route", "%(title)s（%(means)s），约 %(days)s 天、%(usd)s 美元（模型，不是报价）") % said

    @property
    def arrival(self) -> str:
        """Whether it arrives by the day that is wanted, empty where none is."""
        start = self.offer.asked.get("date")
        if self.arrive_by is None or not start:
            return ""
        late = (date.fromisoformat(start) + timedelta(ceil(self.offer.hours / HOURS_PER_DAY)) - self.arrive_by).days
        if late <= 0:
            return pgettext("desk route", "按模型赶得上最晚到达日期")
        return ngettext("按模型晚到 %(n)s 天", "按模型晚到 %(n)s 天", late) % {"n": late}

    @property
    def legs(self) -> list[LegLine]:
        """Its legs."""
        return [
            LegLine(one, leg_words(one), " → ".join(self.name(id) for id in dict.fromkeys(one.places)))
            for one in self.offer.legs
        ]

    @property
    def parameters(self) -> list[ParameterLine]:
        """The parameters it rests on."""
        return [
            ParameterLine(
                one,
                words.word("quantity", one.quantity),
                wording.measured_words(one.value, one.unit, language()),
            )
            for one in self.offer.parameters
        ]

    @property
    def foundation(self) -> str:
        """How many parameters it rests on, by standing."""
        by = {one: sum(row.standing == one for row in self.offer.parameters) for one in Standing}
        told = joined(f"{wording.standing_label(one, language())} {n}" for one, n in by.items() if n)
        count = len(self.offer.parameters)
        return ngettext("%(n)s 个参数：%(told)s", "%(n)s 个参数：%(told)s", count) % {"n": count, "told": told}


def route_line(offer: RouteOffer, longest_h: float = 0.0, arrive_by: date | None = None) -> RouteLine:
    """Return a route in words, its strip on a scale up to ``longest_h``, its own time by default."""
    plain = RouteLine(offer, SafeString(""), arrive_by)
    pieces = [
        Piece(
            kind,
            sum(one.leg.hours for one in legs),
            "",
            "\n".join(f"{one.what} {wording.hours(one.leg.hours, language())}" for one in legs),
        )
        for kind, found in groupby((one for one in plain.legs if one.leg.hours > 0), key=lambda one: one.leg.drawn)
        for legs in [list(found)]
    ]
    total = pgettext("desk route", "%(days)s 天") % {"days": plain.days}
    said = Words(pgettext("desk route", "%(way)s的时间构成") % {"way": plain.title}, plain.means)
    longest = longest_h or offer.hours
    drawn = "".join(route_strip(pieces, longest, total, said, size) for size in (STRIP_WIDE, STRIP_NARROW))
    return RouteLine(offer, mark_safe(drawn), arrive_by)  # noqa: S308 - drawn by render, which cleans every word


def route_lines(offers: Iterable[RouteOffer], arrive_by: date | None = None) -> list[RouteLine]:
    """Return routes side by side, all strips on one scale."""
    found = list(offers)
    longest = max((one.hours for one in found), default=0.0)
    return [route_line(one, longest, arrive_by) for one in found]


def change_words(change: Change | None) -> str:
    """Return what became of a kept route since; empty where the network is the same."""
    if change is None:
        return ""
    if change.now is None:
        return pgettext("desk route", "选定以后路网数据变了，这条走法不在现在的结果里。")
    if change.same:
        return pgettext("desk route", "选定以后路网数据变了，这条走法的时间和费用没有变。")
    now = route_line(change.now)
    said = {"days": now.days, "usd": now.usd}
    return pgettext("desk route", "选定以后路网数据变了，现在算出来是 %(days)s 天、%(usd)s 美元。") % said
