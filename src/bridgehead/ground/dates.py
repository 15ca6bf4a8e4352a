"""How dates and periods are put into words, in each language."""

from __future__ import annotations

import re
from datetime import date

from bridgehead.ground.language import speak

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_RUSSIAN_MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_IN_RUSSIAN = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)


def day(value: date | str | None, language: str) -> str:
    """Return a date in words: ``2025 年 12 月 9 日``, ``9 December 2025``, ``9 декабря 2025 г.``, ``2025 оны …``.

    A text may be a year or a year and month as in the tables (``2025``, ``2025-12``); anything else stands as it is.
    """
    if value is None or value == "":
        return ""
    parts = value.isoformat() if isinstance(value, date) else value
    found = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", parts)
    if not found or (found[2] and not 1 <= int(found[2]) <= 12):
        return parts
    return _DAYS[language](found[1], int(found[2] or 0), int(found[3] or 0))


def _chinese_day(year: str, month: int, in_month: int) -> str:
    return f"{year} 年" + (f" {month} 月" if month else "") + (f" {in_month} 日" if in_month else "")


def _english_day(year: str, month: int, in_month: int) -> str:
    return " ".join([*([str(in_month)] if in_month else []), *([_MONTHS[month - 1]] if month else []), year])


def _russian_day(year: str, month: int, in_month: int) -> str:
    words = [str(in_month), _IN_RUSSIAN[month - 1]] if in_month else [_RUSSIAN_MONTHS[month - 1]] if month else []
    return " ".join([*words, f"{year} г."])


def _mongolian_day(year: str, month: int, in_month: int) -> str:
    if not month:
        return f"{year} он"
    return f"{year} оны {_mongolian_month(month)} сар" + (f"ын {in_month}" if in_month else "")


def _mongolian_month(month: int) -> str:
    """Return the ordinal of a month; its ending follows the vowels of the number."""
    return f"{month} {'дүгээр' if month in (1, 4, 9, 11) else 'дугаар'}"


_DAYS = {"zh": _chinese_day, "en": _english_day, "ru": _russian_day, "mn": _mongolian_day}


def period(period_from: date | None, period_to: date | None, language: str) -> str:
    """Return the words for a period that is not one whole year: ``至 11 月 20 日``; empty for a whole year or none.

    Several whole years are told by their first and last: ``2021 至 2025 年``.
    """
    if period_to is None:
        return ""
    starts_year = period_from is None or (period_from.month, period_from.day) == (1, 1)
    if starts_year and (period_to.month, period_to.day) == (12, 31):
        if period_from is None or period_from.year == period_to.year:
            return ""
        first, last = period_from.year, period_to.year
        return speak(
            language, f"{first} 至 {last} 年", f"{first} to {last}", f"{first}–{last} гг.", f"{first}–{last} он"
        )
    if starts_year and (period_from is None or period_from.year == period_to.year):
        month, on = period_to.month, period_to.day
        return speak(
            language,
            f"至 {month} 月 {on} 日",
            f"to {on} {_MONTHS[month - 1]}",
            f"по {on} {_IN_RUSSIAN[month - 1]}",
            f"{_mongolian_month(month)} сарын {on} хүртэл",
        )
    assert period_from is not None
    first_day, last_day = day(period_from, language), day(period_to, language)
    return speak(
        language,
        f"{first_day}至{last_day}",
        f"{first_day} to {last_day}",
        f"с {first_day} по {last_day}",
        f"{first_day} – {last_day}",
    )
