"""The words of the fact tables in Chinese and English: modes, classes, metrics, units, goods.

The tables hold short English words (``cargo_tonnes``, ``under_construction``, ``coal``). ``words.csv`` says each of
them in Chinese and English. A word that is not in the list is shown as it stands, with its underscores opened, so
another region's tables never leave a gap on a page.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from bridgehead.ground.language import LANGUAGES, language, speak

_FILE = Path(__file__).with_name("words.csv")
_BRACKETS = {"zh": ("（", "）", "，"), "en": (" (", ")", ", ")}


@cache
def _entries() -> Mapping[tuple[str, str], tuple[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return {(row["kind"], row["word"]): (row["zh"], row["en"]) for row in csv.DictReader(stream)}


def known(kind: str, value: str) -> bool:
    """Tell whether the list has a word of a kind."""
    return (kind, value) in _entries()


def word(kind: str, value: str | None, code: str | None = None) -> str:
    """Return a word of the tables in a language, the one of the running request by default.

    Parameters
    ----------
    kind : str
        What the word names: ``mode``, ``port_status``, ``unit``, ``goods`` ...; see ``words.csv``.
    value : str or None
        The word as the table has it; nothing gives nothing.
    code : str, optional
        ``zh`` or ``en``.
    """
    if not value:
        return ""
    entry = _entries().get((kind, value))
    if entry is None:
        return value.replace("_", " ")
    return speak(code or language(), *entry)


def metric(name: str | None, place_name: Callable[[str], str] | None = None, code: str | None = None) -> str:
    """Return the name of a metric: the longest known beginning, and what follows it in brackets.

    Parameters
    ----------
    name : str or None
        Metric as the tables have it, for instance ``queue_length_high``.
    place_name : callable, optional
        Gives the name of a place, port or country for a part such as ``ulaanbaatar``, or an empty string.
    """
    if not name:
        return ""
    code = code or language()
    parts = name.split("_")
    for end in range(len(parts), 0, -1):
        start = "_".join(parts[:end])
        if known("metric", start):
            rest = _rest(parts[end:], place_name, code)
            left, right, _ = _BRACKETS["zh" if code == "zh" else "en"]
            return word("metric", start, code) + (f"{left}{rest}{right}" if rest else "")
    return name.replace("_", " ")


def _rest(parts: list[str], place_name: Callable[[str], str] | None, code: str) -> str:
    """Return the words of the parts behind a metric; the longest run that names a place becomes its name."""
    said: list[str] = []
    at = 0
    while at < len(parts):
        for end in range(len(parts), at, -1):
            run = parts[at:end]
            found = word("suffix", "_".join(run), code) if known("suffix", "_".join(run)) else ""
            if not found and place_name is not None:
                found = place_name("-".join(run))
            if found:
                said.append(found)
                at = end
                break
        else:
            said.append(parts[at])
            at += 1
    return ("" if code == "zh" else " ").join(said)


def unit(value: str | None, code: str | None = None) -> str:
    """Return a unit as it is written after a number.

    A unit that is not in the list is put together of its parts: ``TEU/year`` of ``TEU`` and the time ``year``, whose
    words (kind ``per``) are singular: 标箱/年, TEU a year; ``10^4 TEU`` of how many and of what: 万标箱, 10,000 TEU.
    """
    if not value or known("unit", value):
        return word("unit", value, code)
    code = code or language()
    size, _, counted = value.partition(" ")
    if counted and known("size", size):
        return word("size", size, code) + ("" if code == "zh" else " ") + unit(counted, code)
    if "/" not in value:
        return word("unit", value, code)
    first, *rest = value.split("/")
    said = word("unit", first, code)
    for part in rest:
        timed = known("per", part)
        said += (" " if timed and code != "zh" else "/") + word("per" if timed else "unit", part, code)
    return said


def country(value: str | None, code: str | None = None) -> str:
    """Return the name of a country by its ISO 3166 code; an unknown code is shown as it is."""
    entry = _countries().get((value or "").upper())
    return speak(code or language(), *entry) if entry else (value or "")


def countries(code: str) -> Mapping[str, str]:
    """Return the names of all countries in a language by their codes."""
    return {country: names[LANGUAGES.index(code)] for country, names in _countries().items()}


def country_codes() -> tuple[str, ...]:
    """Return the codes of the countries that have a name."""
    return tuple(_countries())


@cache
def _countries() -> Mapping[str, tuple[str, ...]]:
    with _FILE.with_name("countries.csv").open(encoding="utf-8", newline="") as stream:
        return {row["code"]: tuple(row[f"name_{one}"] for one in LANGUAGES) for row in csv.DictReader(stream)}


@cache
def country_code(name: str) -> str:
    """Return the code of a country by its English name in lower case with hyphens, or an empty string."""
    for code, names in _countries().items():
        if names[LANGUAGES.index("en")].lower().replace(" ", "-") == name:
            return code
    return ""


_DIGITS = "零一二三四五六七八九"


def count(number: int, code: str | None = None) -> str:
    """Return a small whole number as a word for a sentence: 十四, fourteen; from a hundred on as figures.

    Russian and Mongolian words change with what is counted, so that these languages have figures.
    """
    code = code or language()
    if not 0 <= number < 100 or code not in ("zh", "en"):
        return str(number)
    return _chinese(number) if code == "zh" else _english(number)


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return "两" if ones == 2 else _DIGITS[ones]
    head = "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


_TO_NINETEEN = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def _english(number: int) -> str:
    if number < 20:
        return _TO_NINETEEN[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens - 2] + (f"-{_TO_NINETEEN[ones]}" if ones else "")
