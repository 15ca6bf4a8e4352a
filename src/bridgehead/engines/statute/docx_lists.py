"""Automatic numbers of a .docx: 第%1条 made by a list is in no run of text and has to be counted."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from bridgehead.engines.statute.numerals import full_width, han

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HAN = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "chineseLegalSimplified",
        "ideographDigital",
        "japaneseCounting",
        "japaneseDigitalTenThousand",
        "koreanDigital",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    )
)
_SILENT = frozenset(("none", "bullet"))
_HOLE = re.compile(r"%([1-9])")
_BLANK = {"tab": "\t", "space": " ", "nothing": ""}


@dataclass(frozen=True)
class Level:
    """One level of a list."""

    start: int = 1
    form: str = "decimal"
    pattern: str = ""
    blank: str = "\t"
    style: str = ""
    restarts_after: int | None = None

    def goes_on(self, above: int) -> bool:
        """Whether it goes on counting when a level above it counts: articles through all chapters."""
        return self.restarts_after is not None and above >= self.restarts_after


@dataclass
class Lists:
    """The lists of a document and how far each has counted."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    pattern_of: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, dict[int, int]] = field(default_factory=dict)
    styles: dict[str, tuple[str | None, int | None]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, number: str | None, level: int | None, style: str) -> str:
        """Count one paragraph and return the label it gets, empty where it is in no list."""
        from_style = self.styles.get(style, (None, None))
        number = number if number is not None else from_style[0]
        if number is None or number == "0":
            return ""
        depth = level if level is not None else (from_style[1] or 0)
        pattern = self.pattern_of.get(number, "")
        levels = self.levels.get(pattern, {})
        if depth not in levels:
            return ""
        counts = self.counts.setdefault(pattern, {})
        start = self.restarts.get(number, {}).get(depth)
        if start is not None and (number, depth) not in self.begun:
            counts[depth] = start
        else:
            counts[depth] = counts[depth] + 1 if depth in counts else levels[depth].start
        self.begun.add((number, depth))
        for deeper in [other for other in counts if other > depth]:
            if not (deeper in levels and levels[deeper].goes_on(depth)):
                del counts[deeper]
        return _written(levels, counts, depth)


def _written(levels: dict[int, Level], counts: dict[int, int], depth: int) -> str:
    own = levels[depth]
    if own.form in _SILENT:
        return ""

    def put(hole: re.Match[str]) -> str:
        at = int(hole[1]) - 1
        level = levels.get(at, own)
        return _number(counts.get(at, level.start), level.form)

    label = _HOLE.sub(put, own.pattern)
    return label + own.blank if label else ""


def _number(value: int, form: str) -> str:
    if form in _HAN and 0 <= value <= 9999:
        return han(value)
    if form == "decimalFullWidth":
        return full_width(value)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= value <= 20:
        return chr(0x245F + value)
    if form in ("lowerLetter", "upperLetter") and 1 <= value <= 26:
        return chr((0x60 if form == "lowerLetter" else 0x40) + value)
    return str(value)


def lists_of(numbering: bytes, styles: bytes) -> Lists:
    """Return the lists that the parts of a .docx describe."""
    lists = Lists()
    if numbering:
        root = fromstring(numbering, forbid_dtd=True)
        for abstract in root.iter(f"{W}abstractNum"):
            levels = {_whole(level, "ilvl"): _level(level) for level in abstract.iter(f"{W}lvl")}
            lists.levels[abstract.get(f"{W}abstractNumId", "")] = levels
        for number in root.iter(f"{W}num"):
            _read_number(lists, number)
    if styles:
        _read_styles(lists, fromstring(styles, forbid_dtd=True))
    return lists


def _read_number(lists: Lists, number: Element) -> None:
    name = number.get(f"{W}numId", "")
    target = number.find(f"{W}abstractNumId")
    lists.pattern_of[name] = target.get(f"{W}val", "") if target is not None else ""
    for override in number.iter(f"{W}lvlOverride"):
        start = override.find(f"{W}startOverride")
        if start is not None:
            lists.restarts.setdefault(name, {})[_whole(override, "ilvl")] = _whole(start, "val", 1)
    for depth, level in lists.levels.get(lists.pattern_of[name], {}).items():
        if level.style:
            lists.styles.setdefault(level.style, (name, depth))


def _level(level: Element) -> Level:
    def value(tag: str, otherwise: str) -> str:
        found = level.find(f"{W}{tag}")
        return otherwise if found is None else found.get(f"{W}val", otherwise)

    start, restart = level.find(f"{W}start"), level.find(f"{W}lvlRestart")
    return Level(
        1 if start is None else _whole(start, "val", 1),
        value("numFmt", "decimal"),
        value("lvlText", ""),
        _BLANK.get(value("suff", "tab"), "\t"),
        value("pStyle", ""),
        None if restart is None else _whole(restart, "val"),
    )


def _read_styles(lists: Lists, root: Element) -> None:
    above: dict[str, str] = {}
    for style in root.iter(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        based = style.find(f"{W}basedOn")
        if based is not None:
            above[name] = based.get(f"{W}val", "")
        number = style.find(f"{W}pPr/{W}numPr/{W}numId")
        if number is not None:
            level = style.find(f"{W}pPr/{W}numPr/{W}ilvl")
            depth = None if level is None else _whole(level, "val")
            known = lists.styles.get(name, (None, None))[1]
            lists.styles[name] = (number.get(f"{W}val"), depth if depth is not None else known)
    for name in above:
        seen = {name}
        parent = above.get(name, "")
        while parent and parent not in seen and name not in lists.styles:
            seen.add(parent)
            if parent in lists.styles:
                lists.styles[name] = lists.styles[parent]
            parent = above.get(parent, "")


def _whole(element: Element, attribute: str, otherwise: int = 0) -> int:
    text = element.get(f"{W}{attribute}", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else otherwise
