"""One cell of a table: from its text to a typed value, or the code that says what is wrong with it.

A parser takes the text of a cell and returns the value, or raises `CellFault` with a code and parameters. Parsers are
strict: a number that a spreadsheet has turned into a date, a thousands separator or "NaN" is a fault, never a guess.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

LONGEST_NUMBER = 40
"""Characters; nothing measured needs more, and huge digit strings cost quadratic time."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
_INTEGER = re.compile(r"[+-]?[0-9]+(?:\.0*)?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)|#n/a|#div/0!|#num!|#value!", re.IGNORECASE)
_THOUSANDS = re.compile(r"[+-]?[0-9]{1,3}(?:[, '\u00a0\u202f_，][0-9]{3})+(?:\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_DATE_LIKE = re.compile(r"[0-9]{1,4}[-/.年][0-9]{1,2}(?:[-/.月][0-9]{1,4}日?)?|[0-9]{1,2}-[A-Za-z]{3}(?:-[0-9]{2,4})?")
_FULL_WIDTH = re.compile(r"[０-９．，－＋]")
_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_RANGE = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?")

FORMULA_STARTS = "=+-@＝＋－＠"
"""Spreadsheets take the full-width forms for the plain ones when the locale is Chinese or Japanese."""
FORMULA_SUSPECTS = frozenset(FORMULA_STARTS + "\t\r\n \u00a0\u3000\u200b\ufeff")
_SIGNED_NUMBER = re.compile(
    r"[+-](?:(?:[0-9]+(?:,[0-9]{3})*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?[ ]?[%‰°]?|nan|inf|infinity)",
    re.IGNORECASE,
)
_BLANKS = " \u00a0\u3000\u200b\ufeff"

Value = str | int | float | Decimal | date | bool | tuple[str, ...] | tuple[int, ...] | None


class CellFault(Exception):  # noqa: N818 - it is a finding, raised and caught inside the reader only
    """What is wrong with one cell: a code of the message files and its parameters."""

    def __init__(self, code: str, **parameters: object) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


def is_formula(text: str) -> bool:
    """Say whether a spreadsheet would run the cell as a formula.

    A cell that begins with ``=``, ``@``, ``+``, ``-`` or their full-width forms runs, also after leading blanks, and
    so does one that begins with a tab or a line break. A signed number (a western longitude, a loss in percent) and a
    cell of dashes only are no formulas.
    """
    if not text or text[0] not in FORMULA_SUSPECTS:
        return False
    if text[0] in "\t\r\n":
        return True
    bare = text.strip(_BLANKS)
    if not bare or bare[0] not in FORMULA_STARTS:
        return bool(bare) and bare[0] in "\t\r\n"
    if not bare.strip("-－") or bare in "+＋":
        return False
    return _SIGNED_NUMBER.fullmatch(bare.replace("＋", "+").replace("－", "-")) is None


def parse_text(text: str) -> str:
    """Return the text as it stands."""
    return text


def parse_id(text: str) -> str:
    """Return an identifier: Latin letters, digits, and ``.``, ``_``, ``-`` inside."""
    if _ID.fullmatch(text) is None:
        raise CellFault("table.bad_id", value=text)
    return text


def parse_country(text: str) -> str:
    """Return a country as two capital letters of ISO 3166."""
    if len(text) == 2 and text.isascii() and text.isalpha() and text.isupper():
        return text
    raise CellFault("table.bad_country", value=text)


def parse_number(text: str) -> float:
    """Return a finite number written with a decimal point and without thousands separators."""
    if len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text):
        value = float(text)
        if math.isfinite(value):
            return value
        raise CellFault("table.not_finite", value=text)
    raise _number_fault(text)


def parse_decimal(text: str) -> Decimal:
    """Return an exact decimal number; money is kept this way."""
    if len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return Decimal(text)
    raise _number_fault(text)


def parse_integer(text: str) -> int:
    """Return a whole number; ``3.0`` counts as one, ``3.5`` does not."""
    if len(text) <= LONGEST_NUMBER and _INTEGER.fullmatch(text):
        return int(text.partition(".")[0])
    if len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text):
        value = Decimal(text)
        if value == value.to_integral_value() and abs(value) < Decimal("1e18"):
            return int(value)
        raise CellFault("table.not_integer", value=text)
    raise _number_fault(text)


def parse_boolean(text: str) -> bool:
    """Return a yes or no written as ``1``/``0``, ``y``/``n``, ``yes``/``no`` or ``true``/``false``."""
    word = text.lower()
    if word in {"1", "y", "yes", "true"}:
        return True
    if word in {"0", "n", "no", "false"}:
        return False
    raise CellFault("table.bad_boolean", value=text)


def parse_date(text: str) -> date:
    """Return a day written as ``2023-07-31``."""
    match = _PARTIAL_DATE.fullmatch(text)
    if match is None or match.group(3) is None:
        raise CellFault("table.bad_date", value=text)
    return _day(text, match)


def parse_partial_date(text: str) -> str:
    """Return a date known to the year, month or day, as it is written: ``2023``, ``2023-07`` or ``2023-07-31``."""
    match = _PARTIAL_DATE.fullmatch(text)
    if match is None:
        raise CellFault("table.bad_date", value=text)
    _day(text, match)
    return text


def parse_texts(text: str) -> tuple[str, ...]:
    """Return the parts of a list separated by ``;`` or ``；``."""
    return tuple(part.strip() for part in text.replace("；", ";").split(";") if part.strip())


def parse_integers(text: str) -> tuple[int, ...]:
    """Return whole numbers separated by ``/`` or ``;``, for instance two gauges ``1520/1435``."""
    return tuple(parse_integer(part.strip()) for part in re.split(r"[/;]", text))


def parse_ranges(text: str) -> tuple[int, ...]:
    """Return the numbers of a list of ranges such as ``9-13,15,17-23``, in the order written.

    A remark in round brackets is allowed and left out.
    """
    found: list[int] = []
    for part in re.split(r"[,;]", re.sub(r"[(（][^()（）]*[)）]", "", text)):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise CellFault("table.bad_range", value=text)
        first = int(match.group(1))
        last = int(match.group(2) or first)
        if last < first or last - first > 10_000:
            raise CellFault("table.bad_range", value=text)
        found.extend(range(first, last + 1))
    return tuple(found)


def _day(text: str, match: re.Match[str]) -> date:
    try:
        return date(int(match.group(1)), int(match.group(2) or 1), int(match.group(3) or 1))
    except ValueError:
        raise CellFault("table.bad_date", value=text) from None


def _number_fault(text: str) -> CellFault:
    """Name the likeliest reason why a text is no number, because each one has a cure of its own."""
    if _NOT_FINITE.fullmatch(text):
        return CellFault("table.not_finite", value=text)
    if _FULL_WIDTH.search(text):
        return CellFault("table.full_width_number", value=text)
    if _THOUSANDS.fullmatch(text):
        return CellFault("table.thousands_separator", value=text)
    if _DECIMAL_COMMA.fullmatch(text):
        return CellFault("table.decimal_comma", value=text)
    if _DATE_LIKE.fullmatch(text):
        return CellFault("table.number_is_date", value=text)
    return CellFault("table.bad_number", value=text)


PARSERS: Mapping[str, Callable[[str], Value]] = {
    "text": parse_text,
    "id": parse_id,
    "country": parse_country,
    "integer": parse_integer,
    "year": parse_integer,
    "number": parse_number,
    "length": parse_number,
    "latitude": parse_number,
    "longitude": parse_number,
    "decimal": parse_decimal,
    "boolean": parse_boolean,
    "date": parse_date,
    "partial_date": parse_partial_date,
    "texts": parse_texts,
    "ids": parse_texts,
    "integers": parse_integers,
    "ranges": parse_ranges,
}
"""The column types a schema may name."""

BOUNDS: Mapping[str, tuple[float, float, str]] = {
    "latitude": (-90.0, 90.0, "table.coordinate_outside_globe"),
    "longitude": (-180.0, 180.0, "table.coordinate_outside_globe"),
    "length": (0.0, math.inf, "table.negative_length"),
    "year": (1000.0, 9999.0, "table.bad_year"),
}
"""Bounds that belong to a type, with the code of the fault outside them."""
