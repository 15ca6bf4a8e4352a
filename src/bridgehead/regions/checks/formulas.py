"""Checks that the formula of a parameter gives its value, as far as it is plain arithmetic.

Formulas are written for people: ``440 USD / (500 km x 20 t)``. Numbers, brackets, ``x`` and ``/`` between blanks are
reckoned, words count as units, and what stands after a colon or in brackets without a figure is a remark. A formula
that is no such sum is left alone.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from bridgehead.kernel.errors import Fault
from bridgehead.regions.checks.common import finding, readable, sound, word
from bridgehead.regions.folder import Folder

ROUNDING = 0.005
"""Share by which a value may differ from its formula; parameters are stated with three or four figures."""
_QUOTED = re.compile(r"the value (\d+(?:\.\d+)?)(?!\S)")
_REMARK = re.compile(r":\s.*$|\((?:[^()\d]|(?<=\w)\d)*\)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_UNIT = re.compile(r"[^\W\d_][\w./%-]*|%")


def formulas_give_the_value(folder: Folder) -> Iterator[Fault]:
    """Check that a parameter has the value which its formula quotes or works out."""
    table = folder.tables["parameters"]
    if not readable(folder, "parameters", "formula", "value"):
        return
    for row in table.rows:
        formula, value = word(row, "formula"), row["value"]
        found = result(formula) if formula and sound(row, "value") else None
        if found is not None and isinstance(value, float) and not math.isclose(value, found, rel_tol=ROUNDING):
            given = {"id": word(row, "id"), "value": row.text("value"), "formula": formula, "found": found}
            yield finding(table, row, "value", "region.formula_differs", "error", **given)


def result(formula: str) -> float | None:
    """Return what a formula comes to, or None where it is no plain product or quotient of figures."""
    if quoted := _QUOTED.match(formula):
        return float(quoted[1])
    parts = re.findall(r"[()]|[^\s()]+", _REMARK.sub("", formula))
    tokens = [part for part in parts if part in "()x/" or not _UNIT.fullmatch(part)]
    if not all(part in "()x/" or _NUMBER.fullmatch(part) for part in tokens) or not tokens:
        return None
    try:
        found, rest = _product(tokens)
    except (IndexError, ValueError, ZeroDivisionError):
        return None
    return None if rest else found


def _product(tokens: list[str]) -> tuple[float, list[str]]:
    """Return the value of factors up to a closing bracket or the end, and the tokens after it."""
    found, tokens = _factor(tokens)
    while tokens and tokens[0] in "x/":
        sign = tokens[0]
        value, tokens = _factor(tokens[1:])
        found = found * value if sign == "x" else found / value
    return found, tokens


def _factor(tokens: list[str]) -> tuple[float, list[str]]:
    if tokens[0] != "(":
        return float(tokens[0]), tokens[1:]
    found, rest = _product(tokens[1:])
    if rest[0] != ")":
        raise ValueError("bracket")
    return found, rest[1:]
