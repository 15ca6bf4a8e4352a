"""The validation report in words: what the model was held to, what it says of the rest, and how far a guess gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.flows import validation as engine
from bridgehead.engines.flows.train_goods import TrainGoods
from bridgehead.engines.flows.validation import ConstantLine, Line, Validation
from bridgehead.ground import wording, words
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.jobs.model_validation import can_be_validated, stored_validation
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.regions.evidence import BACKGROUND_TABLE, CONSTANTS_TABLE
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.throughput import cell, rows


def report(loaded: Loaded) -> Validation | None:
    """Return the report if it has been computed; nobody waits for it."""
    known: Validation | None = loaded.remembered.get("gateway.validation")
    if known is None and (known := stored_validation(loaded.region, loaded.store)) is not None:
        loaded.remember("gateway.validation", lambda: known)
    return known


def possible(loaded: Loaded) -> bool:
    """Tell whether the region's tables allow a report."""
    return bool(loaded.remember("gateway.validation possible", lambda: can_be_validated(loaded.region)))


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report in words; numbers are in the unit of its section."""

    line: Line
    name: str
    href: str
    detail: str
    modelled: str
    naive: str
    error: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of one kind in one unit: what they are, and what stands beside the model."""

    kind: str
    title: str
    about: str
    naive_head: str
    unit: str
    rows: tuple[Row, ...]

    @property
    def nearer(self) -> int:
        """How many lines the model is nearer to than what stands beside it."""
        return sum(row.line.better for row in self.rows)


def _amount(value: float, unit: str) -> str:
    return wording.mass_in_column(value, language()) if unit == "t" else wording.number(round(value), language())


def _signed(value: float, unit: str) -> str:
    """Return a difference with its sign; freight to ten thousand tonnes, for no report is more exact."""
    shown = round(value / 1e4) * 1e4 if unit == "t" else value
    said = _amount(shown, unit)
    return said if shown <= 0 else f"+{said}"


def _name(loaded: Loaded, line: Line) -> str:
    if line.kind == engine.MODE:
        return str(prose.capital(words.word("mode", line.key)))
    if line.kind == engine.COUNTRY:
        return words.country(line.key)
    return names.distinct(loaded, line.subject)


def _detail(line: Line) -> str:
    """Return what a change began from: the same days of the base year."""
    if line.before is None:
        return ""
    said = _("%(year)s 年；基准年同期 %(before)s（%(standing)s）")
    told = {
        "year": line.year,
        "before": _amount(line.before, line.unit),
        "standing": wording.standing_label(Standing(line.before_standing), language()),
    }
    return prose.tidy(said % told)


def _row(loaded: Loaded, line: Line) -> Row:
    unit = line.unit
    return Row(
        line,
        _name(loaded, line),
        names.href(line.subject, loaded) if line.kind not in {engine.MODE, engine.COUNTRY} else "",
        _detail(line),
        _amount(line.modelled, unit),
        _amount(line.naive, unit),
        _signed(line.error, unit),
    )


def _texts() -> dict[tuple[str, str], tuple[str, str, str]]:
    """Return title, explanation and what stands beside the model, by kind and unit."""
    marks, growth = _("需求的标记"), _("各口岸同比例")
    return {
        (engine.TARGET, "t"): (
            _("标定用过的口岸货量"),
            _("常数就是按这些数调的，所以这里是复现，不是验证。"),
            _("标定前"),
        ),
        (engine.UNUSED, "t"): (_("没有用过的口岸报告"), _("同一口岸的合计用来标定，这一个没有用。"), marks),
        (engine.MODE, "t"): (_("公路与铁路"), _("按过境口岸的方式相加；标定没有用过这两个数。"), marks),
        (engine.COUNTRY, "t"): (_("与邻国的货量"), _("按口岸对面的国家相加；标定没有用过。"), marks),
        (engine.TRAINS, "trains"): (
            _("各口岸的中欧班列"),
            _("模型的班列数是集装箱货物除以一列的载重；标定没有用过。"),
            marks,
        ),
        (engine.CHANGE, "t"): (
            _("后来的年份，同一段日子"),
            _("需求只按全区合计放大，看各口岸变得对不对；对照是各口岸都按全区的比例变。"),
            growth,
        ),
        (engine.CHANGE, "trains"): (
            _("后来的年份，中欧班列"),
            _("同上；没有按班列自己的增长放大。"),
            growth,
        ),
        (engine.LEFT_OUT, "t"): (
            _("轮流留一个口岸不用"),
            _("不看这个口岸的报告，重新标定，再看它。对照的标记本来就是按报告定的，因此很难胜过。"),
            marks,
        ),
    }


def sections(loaded: Loaded, found: Validation) -> tuple[Section, ...]:
    """Return the lines in sections, those the model was held to first."""
    listed = []
    for (kind, unit), (title, about, naive) in _texts().items():
        lines = [line for line in found.of_kind(kind) if line.unit == unit]
        if lines:
            shown = wording.mass_unit(language()) if unit == "t" else words.unit(unit)
            why = [_short_of_trains(one) for one in found.train_goods if kind == engine.TRAINS]
            told = prose.joined([about, *why])
            listed.append(Section(kind, title, told, naive, shown, tuple(_row(loaded, line) for line in lines)))
    return tuple(listed)


def _short_of_trains(one: TrainGoods) -> str:
    """Return why the model has fewer trains than were counted, as far as figures tell."""
    told = {
        "reported": wording.number(one.reported, language(), 0),
        "most": wording.number(one.most, language(), 0),
        "demand": prose.mass(one.demand_t),
        "load": wording.number(one.t_per_train, language(), 0),
        "road": prose.mass(one.road_t),
    }
    return (
        _(
            "各口岸一共报告 %(reported)s 列；需求里这类货有 %(demand)s，每列 %(load)s 吨，"
            "全部上火车也只有 %(most)s 列，模型里还有 %(road)s 走公路口岸。"
            "口岸之间，铁路按计划分班列，模型只按费用和时间。"
        )
        % told
    )


def tested(found: Validation) -> tuple[Line, ...]:
    """Return the lines that were not used to calibrate."""
    return tuple(line for line in found.lines if line.kind != engine.TARGET)


def statement(loaded: Loaded, found: Validation | None) -> str:
    """Return the answer in one sentence."""
    if found is None:
        return _("模型还没有与报告对照过") if possible(loaded) else _("这个地区的表里没有可以标定的东西")
    lines = tested(found)
    said = ngettext(
        "%(count)s项没有用过的报告，模型比不用模型的猜测更近的有 %(near)s 项，误差的中位数 %(median)s",
        "%(count)s项没有用过的报告，模型比不用模型的猜测更近的有 %(near)s 项，误差的中位数 %(median)s",
        len(lines),
    )
    told = {
        "count": words.count(len(lines)),
        "near": wording.number(sum(line.better for line in lines), language()),
        "median": wording.percent(_median(lines), language()),
    }
    return prose.capital(prose.tidy(said % told))


def _median(lines: Iterable[Line]) -> float:
    sizes = sorted(abs(line.error_share) for line in lines if line.error_share is not None)
    return sizes[len(sizes) // 2] if sizes else 0.0


def lead(loaded: Loaded, found: Validation) -> str:
    """Return what the calibration reached, and where the model is furthest off, in two sentences."""
    targets = found.of_kind(engine.TARGET)
    worst = max(targets, key=lambda line: abs(line.error_share or 0.0))
    far = max(tested(found), key=lambda line: abs(line.error_share or 0.0), default=worst)
    said = _(
        "%(constants)s个常数在界限之内把 %(targets)s 个口岸货量调到了报告附近，差得最多的是%(worst)s（%(off)s）。"
        "没有用过的数里，差得最远的是%(far)s（%(kind)s，%(far_off)s）。"
    )
    told = {
        "constants": words.count(len(found.constants)),
        "targets": wording.number(len(targets), language()),
        "worst": _name(loaded, worst),
        "off": _share(worst),
        "far": _name(loaded, far),
        "kind": _texts()[far.kind, far.unit][0],
        "far_off": _share(far),
    }
    return prose.capital(prose.tidy(said % told))


def _share(line: Line) -> str:
    said = wording.percent(line.error_share, language())
    return said if (line.error_share or 0.0) <= 0.0 else f"+{said}"


@dataclass(frozen=True, slots=True)
class ConstantRow:
    """A constant with the ports it works on and why it may be adjusted."""

    line: ConstantLine
    ports: str
    reason: str
    value: str


def constants(loaded: Loaded, found: Validation) -> tuple[ConstantRow, ...]:
    """Return the calibrated constants with bounds and reasons."""
    reasons = {cell(row, "id"): row for row in rows(loaded, CONSTANTS_TABLE)}
    listed = []
    for one in found.constants:
        row = reasons.get(one.id)
        reason = speak(language(), cell(row, "reason_zh"), cell(row, "reason_en")) if row is not None else ""
        ports = prose.listed(names.distinct(loaded, port) for port in one.ports)
        value = wording.number(one.value, language(), 2)
        listed.append(ConstantRow(one, ports, reason, value if one.value <= 0 else f"+{value}"))
    return tuple(listed)


@dataclass(frozen=True, slots=True)
class BackgroundRow:
    """Traffic that is not in the demand, on one link."""

    link: str
    name: str
    value: float
    unit: str
    reason: str
    standing: Standing
    source: str
    source_date: str


def background(loaded: Loaded) -> tuple[BackgroundRow, ...]:
    """Return the background traffic that is supposed, link by link."""
    listed = []
    for row in rows(loaded, BACKGROUND_TABLE):
        link = cell(row, "link")
        ends = link.split("--")[:2]
        listed.append(
            BackgroundRow(
                link,
                " – ".join(names.short(loaded, end) for end in ends),
                float(row["value"] or 0.0),  # type: ignore[arg-type]
                words.unit(cell(row, "unit")),
                speak(language(), cell(row, "reason_zh"), cell(row, "reason_en")),
                standing_of(cell(row, "standing")),
                cell(row, "source"),
                cell(row, "source_date"),
            )
        )
    return tuple(listed)
