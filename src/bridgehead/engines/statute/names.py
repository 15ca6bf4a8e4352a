"""A stretch of a sentence to the names of actors in it: 省、设区的市人民政府及其有关部门."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from bridgehead.engines.statute.clauses import Sign
from bridgehead.engines.statute.findings import Name
from bridgehead.engines.statute.rules import word_list

_OWN_CITY = "[\u4e00-\u9fff]{2,4}(?:省|市|自治区|自治州|盟)"
_LEVEL = re.compile(f"(?:各|本)?(?:{'|'.join(word_list('level'))}|{_OWN_CITY})(?:（[^）]*）)?级?")
_STEM = re.compile(f"(?:各|本)?(?:{'|'.join(word_list('stem'))}|市(?!场|政|容)|区(?!域))(?:（[^）]*）)?")
_NAMED = re.compile(_OWN_CITY)
_SITED = re.compile("所在地|所在(?=[省市县区旗盟州自])|沿线|辖区内")
_PLACE = re.compile(rf".*(?:{_SITED.pattern})的?(?=.{{2}}|[省市县区旗盟州]$)")
_NUMBERS = "一二两三四五六七八九十0123456789"
_COUNT = f"[{_NUMBERS}]+[名家](?:以上|以下)?的?"
_BEFORE = re.compile(f"(?:{'|'.join(word_list('before'))})(?!权|会议|人$)|所在(?=[省市区县盟旗自])|其(?!他)|{_COUNT}")
_BEGINS_BEFORE = frozenset(word[:2] for word in word_list("before"))
_ALONE_BEFORE = frozenset(word for word in word_list("before") if len(word) == 1) | frozenset("所其" + _NUMBERS)
_ABOVE = re.compile(r"^(?:.*人民政府|(?:自治区|省|市(?!场|政|容)|区(?!域)|县|旗|州|盟|设区的市|国务院)(?=.{2}))")
_SOME = word_list("some")
_REST = word_list("rest")
_CHARGES = ("负责", "主管", "承担")
_FUNCTIONS = word_list("function")
_LONGEST_NAME = 200
_STAFF = word_list("staff")
_BARE = ("主管部门", "主管机关")


@dataclass(slots=True)
class _Unit:
    """One member of a list: where it stands, after its last 的, and where 等 stands in it."""

    start: int
    end: int
    of: int = -1
    etc: int = -1
    level: str = ""


def listed(signs: list[Sign], text: str, start: int, end: int) -> tuple[list[Name], bool]:
    """Return the names in a list of actors, each with its place, and whether the list ends open."""
    first, last = bisect_left(signs, (start, 0, "", "")), bisect_left(signs, (end, 0, "", ""))
    if last and signs[last - 1][1] > end:
        last -= 1
    inside = signs[first:last]
    kinds = "".join([sign[2] for sign in inside])
    if "L" not in kinds and "D" not in kinds and "E" not in kinds:
        return _single(text, start, end), False
    names: list[Name] = []
    is_open = closed = False
    for unit in _units(inside, kinds, text, start, end):
        while unit.start < unit.end and text[unit.start].isspace():
            unit.start += 1
        if closed and text[unit.start : unit.end] in _REST:
            continue
        closed = unit.etc >= 0 or text.endswith(_SOME, unit.start, unit.end)
        if unit.of > 0 and text[unit.of : unit.end] in _BARE and unit.etc < 0:
            pass
        elif unit.of > 0 and (charge := _charge(unit, text)) >= 0:
            unit.start = charge
        else:
            is_open = _without_modifiers(unit, text) or is_open
        if unit.start < unit.end:
            names.append((unit.level + text[unit.start : unit.end], unit.start, unit.end))
    if len(names) < 2 and not (names and is_open):
        return names, is_open
    if text.find("部门", start, end) >= 0:
        bodies = {sign[1] for sign in inside if sign[2] == "S"}
        names = [name if name[2] in bodies or _LEVEL.fullmatch(name[0]) else _topic(name) for name in names]
    return _filled(names), is_open


def _single(text: str, start: int, end: int) -> list[Name]:
    """Return the one name in a stretch that holds no list and no modifier."""
    while start < end and text[start].isspace():
        start += 1
    start = _behind_words_before(text, start, end)
    return [(text[start:end], start, end)] if start < end else []


def _charge(unit: _Unit, text: str) -> int:
    """Return where the words begin that a department is named by (负责…工作的部门), or -1."""
    if text[unit.of : unit.end] not in _FUNCTIONS:
        return -1
    found = (text.find(word, unit.start, unit.of) for word in _CHARGES)
    return next((at for at in found if at >= 0 and not text.startswith(_BARE, at)), -1)


def _topic(name: Name) -> Name:
    """Leave government and level out of the topic of a department (市公安、消防等部门)."""
    text, start, end = name
    topic = _ABOVE.sub("", text)
    return (topic, start, end) if len(topic) > 1 else name


def _units(inside: list[Sign], kinds: str, text: str, start: int, end: int) -> list[_Unit]:
    """Cut a list at 、 and its like, but not inside a modifier that has a verb."""
    units = [_Unit(start, end)]
    final = inside[kinds.rfind("D")][0] if "D" in kinds else -1
    acts = joined = named = False
    ahead = covered = -1
    for at, (begin, stop, kind, _) in enumerate(inside):
        unit = units[-1]
        named = named or kind in "SOD"
        if kind == "V" or (kind == "W" and begin == unit.start and _opens_modifier(inside, at)):
            acts = True
        elif kind in "DS":
            acts = False
        elif kind == "L" and begin < final and at > ahead:
            joined, ahead = _of_staff(inside, at) if named else _of_things(inside, at)
        if kind == "L" and not (
            begin < final and (acts or (joined and (named or not _LEVEL.fullmatch(text, start, begin))))
        ):
            unit.end = begin
            units.append(_Unit(stop, end))
        elif kind == "D":
            unit.of = stop
            if covered < 0 <= unit.etc:
                covered = len(units) - 1
        elif kind == "E":
            unit.etc = begin
    # A、B等部门设立的X: only X acts.
    return units[max(covered, 0) :]


def _of_things(inside: list[Sign], at: int) -> tuple[bool, int]:
    """Whether things are joined that name who deals with them (产品和服务的提供者), and up to which sign that holds."""
    for index in range(at + 1, len(inside)):
        if inside[index][2] in "DSOEV":
            return inside[index][2] == "D", index
    return False, len(inside)


def _of_staff(inside: list[Sign], at: int) -> tuple[bool, int]:
    """Whether bodies are joined whose staff is meant (学校、医院的工作人员), and up to which sign that holds."""
    for index in range(at, len(inside) - 1):
        kind = inside[index][2]
        if kind == "D":
            return inside[index + 1][3] in _STAFF, index
        if kind not in "SOL" or inside[index][3] in ("以及", "及其"):
            return False, index
    return False, len(inside)


def _opens_modifier(inside: list[Sign], at: int) -> bool:
    """Whether a noun that is also a verb opens a modifier (生产、储存危险品的单位)."""
    return next((sign[2] for sign in inside[at + 1 :] if sign[2] in "DSE"), "") == "D"


def _without_modifiers(unit: _Unit, text: str) -> bool:
    """Leave out of a unit what is no name; return whether it ends the list open."""
    if unit.of > 0:
        if _LEVEL.fullmatch(text, unit.start, unit.of - 1):
            unit.level = text[unit.start : unit.of - 1]
        unit.start = unit.of
        if unit.etc < unit.of:
            unit.etc = -1
    is_open = unit.etc >= 0
    if is_open:
        unit.end = unit.etc
    unit.start = _behind_words_before(text, unit.start, unit.end)
    return is_open


def _behind_words_before(text: str, start: int, end: int) -> int:
    """Return where a name begins behind words such as 有关 and the place it is in."""
    while (
        start < end
        and (text[start : start + 2] in _BEGINS_BEFORE or text[start] in _ALONE_BEFORE)
        and (match := _BEFORE.match(text, start, end))
        and match.end() < end
    ):
        start = match.end()
    if _SITED.search(text, start, end) and (place := _PLACE.match(text[start:end])):
        start += place.end()
    return start


def _filled(names: list[Name]) -> list[Name]:
    """Give a bare level (省、设区的市人民政府) the head of the name after it."""
    filled: list[Name] = []
    head = ""
    tail: str | None = ""
    for name, start, end in reversed(names):
        if not _LEVEL.fullmatch(name):
            head, tail = name, None
            filled.append((name, start, end))
            continue
        if head.startswith(_CHARGES):
            # 设区的市级、县级人民政府承担…职责的部门
            continue
        if tail is None:
            tail = _without_level(head)
        filled.append((name + tail, start, end))
    filled.reverse()
    return filled


def _without_level(head: str) -> str:
    """Return a name without the level it begins with; empty where it begins with none, or is no name by its length."""
    if len(head) > _LONGEST_NAME:
        return ""
    if place := _PLACE.match(head):
        head = head[place.end() :]
    stem = _STEM.match(head) or _NAMED.match(head)
    return head[stem.end() :] if stem else ""
