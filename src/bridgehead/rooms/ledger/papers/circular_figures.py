"""What the comparison of a half-year says of indicators: each beside the same half of the year before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground import wording
from bridgehead.ground.language import language, speak
from bridgehead.kernel.periods import Frequency, Period
from bridgehead.kernel.source import Qualifier, Standing
from bridgehead.rooms.ledger.circular_parts import Block, PartAsked
from bridgehead.rooms.ledger.figure_words import period_words
from bridgehead.rooms.ledger.indicators import Definition, indicators
from bridgehead.rooms.ledger.selectors.figures import Reckoner
from bridgehead.rooms.ledger.selectors.figures_told import Reckoned

Values = Callable[[str, Period], Reckoned]

_WIDTHS_CM = (5, 2.6, 2.6, 2.4, 1.9, 7)
_NUMBERS = (1, 2, 3, 4)


@dataclass(frozen=True, slots=True)
class _Pair:
    """An indicator in a period and in the same one of the year before; either may have no value."""

    definition: Definition
    now: Reckoned
    before: Reckoned


def figures_block(asked: PartAsked) -> Block | None:
    """Return the indicators of a half-year beside the same half of the year before; None for a month.

    Articles: 79, 81
    """
    if asked.before is None:
        return None
    listed = indicators().listed
    reckoner = Reckoner.of(asked.viewer, [one.id for one in listed], {asked.period.last.year, asked.before.last.year})
    reported = [one for one in listed if reckoner.reported(one.id)]  # of the rest there is nothing to reckon
    pairs = [pair for one in reported if (pair := _pair(one, asked.period, asked.before, reckoner.value)) is not None]
    silent = len(listed) - len(pairs)
    gap = _("没有登记指标。")
    if listed:
        words = ngettext("%(n)s 项指标两个半年都没有数，没有列出。", "%(n)s 项指标两个半年都没有数，没有列出。", silent)
        gap = words % {"n": wording.number(silent, language())} if silent else ""
    heads = (
        pgettext("ledger", "指标"),
        pgettext("coordination", "本期"),
        pgettext("coordination", "上年同期"),
        pgettext("coordination", "增减"),
        pgettext("ledger figures", "增减率"),
        _("来源、日期和成色"),
    )
    return Block(_("指标与上年同期相比"), heads, [_row(one, asked.period) for one in pairs], gap, _NUMBERS, _WIDTHS_CM)


def _since_january(half: Period) -> Period:
    return Period(date(half.first.year, 1, 1), half.last)


def _first_half(half: Period) -> Period:
    return Period.of(Frequency.HALF, date(half.first.year, 1, 1))


def _last_of(half: Period) -> tuple[Period, ...]:
    """Return the periods at the end of a half-year whose value stands for it where values do not add up."""
    return tuple(Period.of(length, half.last) for length in (Frequency.QUARTER, Frequency.MONTH))


def _pair(definition: Definition, now: Period, before: Period, values: Values) -> _Pair | None:
    """Return the two values that can be compared: of the half-years, else of the same month or quarter at their end."""
    found = _Pair(definition, _of(definition, now, values), _of(definition, before, values))
    if not definition.adds and None in (found.now.value, found.before.value):
        for one, other in zip(_last_of(now), _last_of(before), strict=True):
            at_end = _Pair(definition, values(definition.id, one), values(definition.id, other))
            if _known(at_end) > _known(found):
                found = at_end
    return found if _known(found) else None


def _known(pair: _Pair) -> int:
    return sum(one.value is not None for one in (pair.now, pair.before))


def _of(definition: Definition, half: Period, values: Values) -> Reckoned:
    """Return the value of a half-year; of a second half also what the year brought beyond the first."""
    told = values(definition.id, half)
    if told.value is not None or not definition.adds or half == _first_half(half):
        return told
    whole, first = values(definition.id, _since_january(half)), values(definition.id, _first_half(half))
    if whole.value is None or first.value is None:
        return told
    exact = whole.qualifier is first.qualifier is Qualifier.EXACT
    return replace(
        told,
        value=whole.value - first.value,
        unit=whole.unit,
        standing=Standing.DERIVED,
        qualifier=Qualifier.EXACT if exact else Qualifier.ABOUT,
        source=" | ".join(dict.fromkeys(filter(None, (whole.source, first.source)))),
        source_date=max(whole.source_date, first.source_date),
        missing=(),
    )


def _row(pair: _Pair, half: Period) -> tuple[str, ...]:
    now, before = pair.now, pair.before
    name = pair.definition.name
    unit = wording.spelt(None, now.unit or pair.definition.unit, language())[1]
    if unit:
        name += speak(language(), f"（{unit}）", f" ({unit})")
    if now.period != half:
        name += f"\n{period_words(now.period)}"
    change, rate = _change(pair)
    told = [(pgettext("coordination", "本期"), now), (pgettext("coordination", "上年同期"), before)]
    sources = [f"{word}{speak(language(), '：', ': ')}{_source(one)}" for word, one in told if one.value is not None]
    return (name, _value(now), _value(before), change, rate, "\n".join(sources))


def _value(one: Reckoned) -> str:
    shown, _unit = wording.spelt(one.value, one.unit, language())
    return wording.qualifier_sign(one.qualifier, language()) + shown if one.value is not None else shown


def _source(one: Reckoned) -> str:
    standing = wording.standing_label(one.standing, language()) if one.standing else ""
    said = " ".join(filter(None, (standing, one.by, one.source, one.source_date)))
    return said + (speak(language(), "（各方说法不同）", " (reports differ)") if one.differs else "")


def _change(pair: _Pair) -> tuple[str, str]:
    """Return the difference in the unit of the indicator and in per cent; dashes where the two do not compare."""
    now, before = pair.now.value, pair.before.value
    if now is None or before is None or pair.now.unit != pair.before.unit:
        return "—", "—"
    change = now - before
    shown, _unit = wording.spelt(change, pair.now.unit, language())
    rate = "—"
    if before > 0 and pair.now.unit != "%":  # a share of a share misleads: its difference is in points
        share = change / before
        rate = _plus(wording.percent(share, language(), 1), share)
    return _plus(shown, change), rate


def _plus(shown: str, value: Decimal) -> str:
    return f"+{shown}" if value > 0 else shown
