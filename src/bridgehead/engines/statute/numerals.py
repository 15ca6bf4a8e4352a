"""Numbers as statutes write them: 第二十一, 第21, 第２１, 二〇二三; both ways."""

from __future__ import annotations

import re
from functools import lru_cache

HAN_DIGITS = "零一二三四五六七八九"
NUMBER = r"[零〇○一二三四五六七八九十百千两\d０-９](?:[ \t\u3000]{0,4}[零〇○一二三四五六七八九十百千两\d０-９]){0,8}"
"""Pattern of a number in a label, blanks inside it included."""

_VALUES = {mark: value for value, mark in enumerate(HAN_DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_VALUES |= {chr(ord("０") + value): value for value in range(10)} | {str(value): value for value in range(10)}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BLANKS = re.compile(r"\s+")


@lru_cache(maxsize=2048)
def number_of(text: str) -> int | None:
    """Return the number a label writes, None where it writes none.

    Parameters
    ----------
    text : str
        ``二十一``, ``21``, ``２１``, ``二〇二三``; blanks inside are passed over.
    """
    marks = _BLANKS.sub("", text)
    if not marks or len(marks) > 9:
        return None
    if not any(mark in _UNITS for mark in marks):
        return _digit_by_digit(marks)
    total = 0
    digit: int | None = None
    for mark in marks:
        if mark in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[mark]
            digit = None
        elif mark in _VALUES:
            # 二百〇一: the zero only keeps a place.
            digit = _VALUES[mark] if not digit else None
            if digit is None:
                return None
        else:
            return None
    return total + (digit or 0)


def _digit_by_digit(marks: str) -> int | None:
    total = 0
    for mark in marks:
        if mark not in _VALUES:
            return None
        total = total * 10 + _VALUES[mark]
    return total


@lru_cache(maxsize=2048)
def han(number: int) -> str:
    """Return a number from 0 to 9999 as statutes write it: 21 as 二十一, 201 as 二百零一."""
    if not 0 <= number <= 9999:
        raise ValueError(f"no statute numbers a provision {number}")
    if number == 0:
        return HAN_DIGITS[0]
    written = ""
    gap = False
    for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            written += (HAN_DIGITS[0] if gap and written else "") + HAN_DIGITS[digit] + mark
        gap = not digit and bool(written)
    return written.removeprefix("一") if 10 <= number < 20 else written


def full_width(number: int) -> str:
    """Return a number in full-width digits: 21 as ２１."""
    return "".join(chr(ord("０") + int(digit)) for digit in str(number))
