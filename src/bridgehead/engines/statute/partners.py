"""Who takes part in what a clause says: the lists behind 会同 and 与."""

from __future__ import annotations

import re

from bridgehead.engines.statute.clauses import Clause, Sign
from bridgehead.engines.statute.phrases import opening, touches

_NAMING = ("主管", "分管", "监管", "主办", "承办")
# What may tell who takes part in what a modal word says, and the modal words up to which that is looked for.
_TAKING_PART = re.compile("[KLPMN]")


def _in_name(signs: list[Sign], at: int) -> bool:
    """Whether a verb and what follows it name a body or say which it is (主管部门, 设立的机构)."""
    return signs[at + 1][2] == "D" or (signs[at + 1][2] == "S" and signs[at][3] in _NAMING)


def _made(signs: list[Sign], at: int) -> bool:
    """Whether the verb after a body only tells what it made (与上级部门下达的限额相适应)."""
    at += 2 if touches(signs, at, at + 1) and signs[at + 1][2] == "A" else 1
    return touches(signs, at, at + 1) and signs[at][2] in "VW" and signs[at + 1][2] == "D"


def list_after(clause: Clause, at: int) -> tuple[int, int] | None:
    """Return where the list of actors after a word such as 会同 begins and ends."""
    signs = clause.signs
    for index in range(at + 1, len(signs)):
        end, kind = signs[index][1], signs[index][2]
        if kind == "S":
            if end == clause.end or (touches(signs, index, index + 1) and signs[index + 1][2] in "VWPAMNKGJ"):
                return None if _made(signs, index) else (signs[at][1], end)
        elif kind in "PMNKG" or (kind == "V" and not (touches(signs, index, index + 1) and _in_name(signs, index))):
            return None
    return None


def joined_partner(clause: Clause) -> tuple[int, int] | None:
    """Return with whom the subject before a clause does what it says (…，并与各类企业开展合作); none for 与 alone."""
    if clause.kinds.lstrip("JA")[:1] not in ("L", "P"):
        return None
    at, start = opening(clause)
    signs = clause.signs
    if at + 1 >= len(signs) or signs[at][0] != start or signs[at][3] not in ("与", "同"):
        return None
    if signs[at + 1][2] not in "SOW":
        return None
    # Without 并 it may say what others do, whom the subject only helps.
    place = list_after(clause, at) if at else None
    return place or ((start, start) if signs[at + 1][2] in "SO" else None)


def with_before(clause: Clause, begin: int, limit: int) -> tuple[int, int] | None:
    """Return the list after 会同 and its like between two signs."""
    if "K" not in clause.kinds or (at := clause.kinds.find("K", begin, limit)) < 0:
        return None
    # 协同 in the middle of other words is part of a noun.
    signs = clause.signs
    opens = signs[at][0] == clause.start or (touches(signs, at - 1, at) and signs[at - 1][2] in "SAJLEM")
    return list_after(clause, at) if opens else None


def with_after(clause: Clause, index: int, *, named: bool) -> tuple[int, int] | None:
    """Return the list of those who take part according to the words after a modal word."""
    signs = clause.signs
    for sign in _TAKING_PART.finditer(clause.kinds, index + 1):
        at, kind = sign.start(), sign[0]
        if kind == "K":
            if signs[at][3] == "商" and not touches(signs, at - 1, at):
                continue
            return None if signs[at - 1][3] in ("其", "经") else list_after(clause, at)
        if kind in "LP" and signs[at][3] in ("与", "同"):
            if signs[index][2] == "N" or not named:
                return None
            return list_after(clause, at) if all(sign[2] in "AJ" for sign in signs[index + 1 : at]) else None
        if kind in "MN":
            return None
    return None
