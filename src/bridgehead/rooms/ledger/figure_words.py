"""Periods and numbers of figures in words."""

from __future__ import annotations

from decimal import Decimal

from bridgehead.ground import wording
from bridgehead.ground.language import language, speak
from bridgehead.kernel.periods import Frequency, Period

_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def period_words(period: Period) -> str:
    """Return a period as it is said in the language of the request."""
    year, first, last = period.first.year, period.first.month, period.last.month
    match period.frequency:
        case Frequency.DAY:
            return wording.day(period.first, language())
        case Frequency.YEAR:
            return speak(language(), f"{year} 年", f"{year}")
        case Frequency.HALF:
            return speak(language(), f"{year} 年{'上' if first == 1 else '下'}半年", f"H{1 + first // 7} {year}")
        case Frequency.QUARTER:
            quarter = (first + 2) // 3
            return speak(language(), f"{year} 年第 {quarter} 季度", f"Q{quarter} {year}")
        case Frequency.MONTH:
            return speak(language(), f"{year} 年 {first} 月", f"{_MONTHS_EN[first - 1]} {year}")
        case _:
            said = f"{_MONTHS_EN[first - 1]}–{_MONTHS_EN[last - 1]} {year}"
            return speak(language(), f"{year} 年 {first}–{last} 月", said)


def plain(value: Decimal) -> Decimal:
    """Return a number without the zeros the database adds behind it."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
