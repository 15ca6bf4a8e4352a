"""Words of two texts marked as equal, inserted or deleted, cut where a reader of Chinese would cut them.

Common beginnings and ends are taken off first, then whole clauses are matched, then the words of clauses that differ
(longest common blocks, Ratcliff and Obershelp 1988, as in `difflib`); what is left is tidied as Fraser describes it
("Diff Strategies", 2006): tiny equal islands are given up, and an edit slides to the border of a clause where it can.
Numbers with their unit, titles in 《》, Latin words and citations are one token each.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from bridgehead.engines.statute.versions.borders import Edit, Usage, joined, on_words
from bridgehead.engines.statute.versions.citations import Citation, citations
from bridgehead.engines.statute.versions.model import Cause, Mark, Piece
from bridgehead.engines.statute.versions.normal import ITEM_LABEL, key_of

_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_NUMERAL = r"[一二三四五六七八九十百千万亿零〇○两]"
_NUMBER = rf"(?:{_FIGURE}|{_NUMERAL}+|半)"
_UNIT = (
    r"(?:个?(?:工作日|交易日|自然日|年度|周岁|小时|季度|星期|月)|年度|周岁|周年|年|月|日|天|周|分钟|秒"
    r"|[万亿]?元|亩|公顷|平方公里|平方米|立方米|海里|公里|千米|厘米|毫米|米|吨|公斤|千克|克|个百分点|个|成|倍|次(?![性序])|人次?|名|家|户|辆|艘|件|份|级|期|届)"
)
_TOKEN = re.compile(
    r"《[^《》]{1,30}》"
    r"|[A-Za-z]+"
    rf"|(?:第(?:{_NUMERAL}+|\d+)(?:条(?:之{_NUMERAL}+)?|[编章节款项目届次期批]))+"
    rf"|(?:\d{{4}}|{_NUMERAL}{{4}})年(?:\d{{1,2}}|{_NUMERAL}{{1,2}})月(?:(?:\d{{1,2}}|{_NUMERAL}{{1,3}})日)?"
    rf"|(?:\d{{1,2}}|{_NUMERAL}{{1,2}})月(?:\d{{1,2}}|{_NUMERAL}{{1,3}})日"
    rf"|每{_NUMBER}?(?:个?(?:小时|工作日|季度|星期|月)|半?年|日|天|周|季|月)"
    rf"|{_NUMERAL}+分之{_NUMERAL}+(?:点{_NUMERAL}+)?"
    rf"|{_FIGURE}[百千万亿]*[%％‰]"
    rf"|(?:{_FIGURE}[百千万亿]+|{_NUMBER}){_UNIT}"
    rf"|{_FIGURE}[百千万亿]*|{_NUMERAL}{{2,}}"
    r"|.",
    re.DOTALL,
)
_ENDS = "。；，："
_BORDER = {"。": 5, "；": 4, ";": 4, "，": 3, ",": 3, "：": 3, ":": 3, "、": 2}
_LIMIT = 400_000
_ANCHOR = 6
"""So many tokens in a row have to agree before a long stretch is cut there."""


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch that is never cut: as it stands, what it is matched by, and the citation it is, if it is one."""

    raw: str
    key: str
    citation: Citation | None = None
    label: bool = False


Same = Callable[[Token, Token], bool]
"""Says whether two tokens with equal keys mean the same thing."""


def tokens_of(text: str, *, item: bool = False) -> list[Token]:
    """Return the tokens of a text; an item's label is a token of its own.

    White space belongs to the token before it, at the beginning to the one after it.
    """
    return list(_tokens(text, item))


@lru_cache(maxsize=2048)
def _tokens(text: str, item: bool) -> tuple[Token, ...]:
    tokens: list[Token] = []
    at = 0
    if item and (found := ITEM_LABEL.match(text)):
        tokens.append(Token(found.group(), "(#)", label=True))
        at = found.end()
    cited = {found.start: found for found in citations(text)}
    stops = [*(start for start in cited if start >= at), len(text)]
    for stop in stops:
        _plain(tokens, text[at:stop])
        if stop < len(text):
            named = cited[stop]
            shape = (named.chapter is None, named.article is None, named.paragraph is None, named.item is None)
            tokens.append(Token(text[stop : named.end], f"第#{shape}", named))
            at = named.end
    return tuple(tokens)


def _plain(tokens: list[Token], text: str) -> None:
    ahead = ""
    for raw in _TOKEN.findall(text):
        key = key_of(raw)
        if key:
            tokens.append(Token(ahead + raw, key))
            ahead = ""
        elif tokens and not ahead:
            last = tokens[-1]
            tokens[-1] = Token(last.raw + raw, last.key, last.citation, last.label)
        else:
            ahead += raw
    if ahead:
        tokens.append(Token(ahead, ""))


def on_lines(parts: Iterable[list[Token]]) -> list[Token]:
    """Return the tokens of several texts as those of one, each text on a line of its own."""
    joined: list[Token] = []
    for number, part in enumerate(parts):
        if number and joined:
            last = joined[-1]
            joined[-1] = Token(last.raw + "\n", last.key, last.citation, last.label)
        elif number:
            joined.append(Token("\n", ""))
        joined.extend(part)
    return joined


def pieces_of(old: Sequence[Token], new: Sequence[Token], same: Same, usage: Usage | None = None) -> tuple[Piece, ...]:
    """Return the pieces that turn one list of tokens into another.

    Parameters
    ----------
    old, new : sequence of Token
        The two sides.
    same : callable
        Whether two citations or labels that read differently name the same provision.
    usage : Usage, optional
        Tells words no table knows by the texts themselves.
    """
    keys_old, keys_new = [token.key for token in old], [token.key for token in new]
    if keys_old == keys_new:
        edits: list[Edit] = []
    else:
        edits = _edits(keys_old, keys_new)
        edits = [_slid(edit, keys_old, keys_new) for edit in _without_islands(edits, keys_old)]
        edits = on_words(edits, keys_old, keys_new, usage)
    return _emit(old, new, edits, same)


def _edits(old: list[str], new: list[str]) -> list[Edit]:
    start = 0
    shorter = min(len(old), len(new))
    while start < shorter and old[start] == new[start]:
        start += 1
    tail = 0
    while tail < shorter - start and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    old_end, new_end = len(old) - tail, len(new) - tail
    if start in (old_end, new_end):
        return [(start, old_end, start, new_end)]
    old_clauses, new_clauses = _clauses(old, start, old_end), _clauses(new, start, new_end)
    found: list[Edit] = []
    matcher = SequenceMatcher(None, [key for _, key in old_clauses], [key for _, key in new_clauses], autojunk=False)
    old_starts = [*(at for at, _ in old_clauses), old_end]
    new_starts = [*(at for at, _ in new_clauses), new_end]
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            found.extend(_inside(old, new, (old_starts[a], old_starts[b], new_starts[c], new_starts[d])))
    return joined(found)


def _clauses(keys: list[str], start: int, end: int) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    first = start
    for at in range(start, end):
        if keys[at] in "。；，：,;:" or at == end - 1:
            found.append((first, "\0".join(keys[first : at + 1])))
            first = at + 1
    return found


def _inside(old: list[str], new: list[str], edit: Edit) -> list[Edit]:
    a, b, c, d = edit
    if a == b or c == d:
        return [edit]
    if (b - a) * (d - c) > _LIMIT:
        parts = _at_anchors(old, new, edit)
        return [edit] if len(parts) < 2 else [found for part in parts for found in _inside(old, new, part)]
    matcher = SequenceMatcher(None, old[a:b], new[c:d], autojunk=False)
    if matcher.ratio() < 0.3:
        return [edit]
    return [(a + i, a + j, c + k, c + m) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]


def _at_anchors(old: list[str], new: list[str], edit: Edit) -> list[Edit]:
    """Cut a stretch at the runs of tokens that occur once on each side and in one order (patience, Cohen 2003)."""
    a, b, c, d = edit
    sides: list[dict[tuple[str, ...], int]] = []
    for keys, first, end in ((old, a, b), (new, c, d)):
        runs = [tuple(keys[at : at + _ANCHOR]) for at in range(first, end - _ANCHOR + 1)]
        often = Counter(runs)
        sides.append({run: first + at for at, run in enumerate(runs) if often[run] == 1})
    pairs = [(here, sides[1][run]) for run, here in sides[0].items() if run in sides[1]]
    parts: list[Edit] = []
    for here, there in _rising(pairs):
        if here >= a and there >= c:
            if here > a or there > c:
                parts.append((a, here, c, there))
            a, c = here + _ANCHOR, there + _ANCHOR
    return [*parts, (a, b, c, d)] if a < b or c < d else parts


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest run of pairs that rises on both sides; they rise on the first."""
    tops: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for at, (_, there) in enumerate(pairs):
        place = bisect_left(tops, there)
        before.append(last[place - 1] if place else -1)
        tops[place : place + 1], last[place : place + 1] = [there], [at]
    found: list[tuple[int, int]] = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(pairs[at])
        at = before[at]
    return found[::-1]


def _without_islands(edits: list[Edit], old: list[str]) -> list[Edit]:
    kept: list[Edit] = []
    for edit in edits:
        if kept:
            last = kept[-1]
            island = sum(map(len, old[last[1] : edit[0]]))
            before = max(last[1] - last[0], last[3] - last[2])
            after = max(edit[1] - edit[0], edit[3] - edit[2])
            lone = island == 1 and old[last[1]] not in _BORDER and before + after > 2
            if lone or island * 2 <= min(before, after):
                kept[-1] = (last[0], edit[1], last[2], edit[3])
                continue
        kept.append(edit)
    return kept


def _slid(edit: Edit, old: list[str], new: list[str]) -> Edit:
    a, b, c, d = edit
    if (a == b) == (c == d):
        return edit
    keys, first, end = (new, c, d) if a == b else (old, a, b)
    best, moved = _border(keys, first) + _border(keys, end), 0
    for direction in (-1, 1):
        shift = 0
        while _slides(keys, first + shift, end + shift, direction) and _in_step(edit, shift + direction, old, new):
            shift += direction
            score = _border(keys, first + shift) + _border(keys, end + shift)
            if score > best:
                best, moved = score, shift
    return a + moved, b + moved, c + moved, d + moved


def _slides(keys: list[str], first: int, end: int, direction: int) -> bool:
    if direction < 0:
        return first > 0 and keys[first - 1] == keys[end - 1]
    return end < len(keys) and keys[end] == keys[first]


def _in_step(edit: Edit, shift: int, old: list[str], new: list[str]) -> bool:
    # The stretch slid over has to be equal on both sides, or another edit lies there.
    a, b, c, d = edit
    if shift < 0:
        return min(a, c) + shift >= 0 and old[a + shift : a] == new[c + shift : c]
    return max(b + shift - len(old), d + shift - len(new)) <= 0 and old[b : b + shift] == new[d : d + shift]


def _border(keys: list[str], at: int) -> int:
    return 6 if at in (0, len(keys)) else _BORDER.get(keys[at - 1], 0)


def _emit(old: Sequence[Token], new: Sequence[Token], edits: list[Edit], same: Same) -> tuple[Piece, ...]:
    parts: list[Piece] = []
    at_old = at_new = 0
    for a, b, c, d in [*edits, (len(old), len(old), len(new), len(new))]:
        run: list[str] = []
        for token_old, token_new in zip(old[at_old:a], new[at_new:c], strict=True):
            if token_old.raw == token_new.raw:
                run.append(token_old.raw)
                continue
            parts.append(Piece(Mark.EQUAL, "".join(run)))
            run = []
            cause = _cause(token_old, token_new, same)
            parts += [Piece(Mark.DELETE, token_old.raw, cause), Piece(Mark.INSERT, token_new.raw, cause)]
        parts.append(Piece(Mark.EQUAL, "".join(run)))
        parts.append(Piece(Mark.DELETE, "".join(token.raw for token in old[a:b])))
        parts.append(Piece(Mark.INSERT, "".join(token.raw for token in new[c:d])))
        at_old, at_new = b, d
    return _merged(parts)


def _cause(old: Token, new: Token, same: Same) -> Cause:
    if old.citation is None and not old.label:
        return Cause.LAYOUT
    if key_of(old.raw) == key_of(new.raw):
        return Cause.LAYOUT
    return Cause.RENUMBERING if old.label or same(old, new) else Cause.WORDING


def _merged(parts: Iterable[Piece]) -> tuple[Piece, ...]:
    merged: list[Piece] = []
    for part in parts:
        if not part.text:
            continue
        last = merged[-1] if merged else None
        if last is not None and last.mark is part.mark and last.cause is part.cause:
            merged[-1] = Piece(part.mark, last.text + part.text, part.cause)
        else:
            merged.append(part)
    return tuple(merged)
