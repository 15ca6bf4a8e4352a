"""The head of a statute: its title, the events that made it, its preamble."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bridgehead.engines.statute.dates import DAY, events_of
from bridgehead.engines.statute.lines import CONTENTS, NAME, NOISE, PLAIN, Line
from bridgehead.engines.statute.model import Event, Part, Passage, Span

_LAW_WORDS = (
    r"(?:法典?|条例|规定|办法|细则|决定|规则|章程|通则|准则|规程|决议|解释|规范|制度|标准|意见|通知|方案|公约|纲要)"
)
_SUFFIX = r"(?:[\s\u3000]*+[（(〔\[][^（()）]{1,20}[）)〕\]])?"
_TITLE = re.compile(rf"[^。；;！？!?]{{1,90}}{_LAW_WORDS}{_SUFFIX}$")
_TITLE_AND_EVENT = re.compile(rf"([^。；;！？!?（(]{{2,90}}?{_LAW_WORDS})[\s\u3000]*+(?=[（(][^）)]*{DAY.pattern})")
_ORDER = re.compile(
    r"(?:.{0,40}(?:令|公告|公报)$|.{0,40}(?:令|公告)?[\s\u3000]*+[（(〔\[]?第?[\s\u3000]*+[〔\[（(]?[\d０-９一二三四五六七八九十百〇零○\s\u3000]{1,12}[）\]〕)]?[\s\u3000]*+号[）)]?$"
    r"|.{2,20}[〔\[（(]\d{4}[〕\])）]\d{1,5}号$)"
)
_EVENT_WORDS = re.compile(r"通过|批准|修[正订改]|公布|发布|颁布|施行|实施")
_TELLS = re.compile(r"已[经由于]|现予|予以?公布|现将|通过，|公布施行")
_IN_FORCE = re.compile(r"^[（(]?(?:自|从)?[^。；]{0,16}(?:起施行|之日施行|起实施|起生效)[。）)]?$")
_PREAMBLE = ("序言", "前言", "引言", "序")
_MOST_CONTINUED = 8
_NEXT_LINE = 8
_BODIES = re.compile(r"(?:委员会|人民政府|国务院|代表大会|法院|检察院|办公厅|部|局|会)$")


@dataclass
class Head:
    """What the head of a text says."""

    title: str = ""
    title_span: Span | None = None
    events: list[Event] = field(default_factory=list)
    preamble: Passage = field(default_factory=Passage)
    strays: list[Line] = field(default_factory=list)
    spilled: list[Line] = field(default_factory=list)


def read_head(lines: Sequence[Line]) -> Head:
    """Read the lines before the first heading or provision."""
    head = Head()
    told = [line for line in lines if line.kind not in (NOISE, CONTENTS, NAME)]
    named = _find_title(told, head)
    preamble: list[Passage] = []
    index = 0
    rest = [line for line in told if line not in named]
    while index < len(rest):
        line = rest[index]
        following = rest[index + 1 :]
        if "".join(line.text.split()) in _PREAMBLE:
            # What a constitution tells before its first article names days, too; they are no events of its own.
            for told_before in rest[index:]:
                told_before.becomes(Part.PREAMBLE)
            preamble.extend(told_before.passage() for told_before in following)
            break
        if _is_event(line):
            index += _take_event(head, line, following)
        elif _ORDER.fullmatch(line.text) or _IN_FORCE.match(line.text):
            line.becomes(Part.EVENT)
        elif len(line.whole) > 12 and not (line.is_open and len(line.whole) < 40):
            line.becomes(Part.PREAMBLE)
            preamble.append(line.passage())
        elif head.title and "".join(line.whole.split()) == head.title:
            line.becomes(Part.TITLE)
        else:
            line.becomes(Part.STRAY)
            head.strays.append(line)
        index += 1
    head.preamble = Passage.joined(preamble)
    return head


def _is_event(line: Line) -> bool:
    text = line.whole
    if DAY.search(text) is None:
        return False
    if text[-1] == "。" and text[0] not in "（(":
        return _TELLS.search(text) is not None
    return True


def _take_event(head: Head, line: Line, following: Sequence[Line]) -> int:
    """Read the events of a line and of those that end what it says; return how many more lines were read."""
    lines = [line]
    text = line.whole
    for after in following[:_MOST_CONTINUED]:
        if not _goes_on(text, after):
            break
        # What stands behind a blank line or a comment was torn off; a line right below was only wrapped.
        if after.start - lines[-1].end > _NEXT_LINE:
            head.spilled.append(after)
        text += after.whole
        lines.append(after)
    head.events.extend(events_of(Passage.joined(part.passage() for part in lines)))
    for part in lines:
        part.becomes(Part.EVENT)
    return len(lines) - 1


def _goes_on(text: str, after: Line) -> bool:
    """Whether a line of the head ends what an event before it began to say."""
    if after.kind is not PLAIN or len(after.text) > 120 or text[-1] == "。":
        return False
    unclosed = text.count("（") + text.count("(") > text.count("）") + text.count(")")
    if unclosed:
        return True
    last = text[max((found.end() for found in DAY.finditer(text)), default=0) :]
    complete = not last.strip() or _EVENT_WORDS.search(last) is not None
    starts_anew = DAY.match(after.text.lstrip("（(")) is not None
    return not complete and not starts_anew and _EVENT_WORDS.search(after.text) is not None


def _find_title(told: Sequence[Line], head: Head) -> list[Line]:
    """Find the title and note it; return the lines it stands on."""
    for at, line in enumerate(told):
        text = line.whole
        if both := _TITLE_AND_EVENT.match(text):
            passage = line.passage()
            _note(head, [both[1]], passage.span(0, both.end(1)))
            head.events.extend(events_of(passage, both.end()))
            line.becomes(Part.TITLE)
            return [line]
        if line.level == 1 or (_is_title(line) and not _is_event(line)):
            group = _with_lines_above(told, at) if line.level != 1 else [line]
            _note(head, [part.whole for part in group], Span(group[0].at, group[-1].end))
            for part in group:
                part.becomes(Part.TITLE)
            return group
    for line in told:
        if not _is_event(line) and not _ORDER.fullmatch(line.text) and line.is_open and len(line.text) <= 60:
            group = [line]
            _note(head, [line.whole], Span(line.at, line.end))
            line.becomes(Part.TITLE)
            return group
    return []


def _note(head: Head, words: Sequence[str], span: Span) -> None:
    head.title = "".join("".join(words).split())
    head.title_span = span


def _is_title(line: Line) -> bool:
    text = line.whole
    return _TITLE.fullmatch(text) is not None and _ORDER.fullmatch(text) is None and text[0] != "《"


def _with_lines_above(told: Sequence[Line], at: int) -> list[Line]:
    """Return the lines of a title broken over several; they stand right above each other."""
    group = [told[at]]
    while at > 0:
        above = told[at - 1]
        if above.stop != group[0].start or _is_event(above) or _ORDER.fullmatch(above.text):
            break
        if not above.is_open or _BODIES.search(above.text) or len(above.text) > 60 or _is_title(above):
            break
        group.insert(0, above)
        at -= 1
    return group
