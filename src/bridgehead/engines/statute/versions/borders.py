"""Where an edit may begin and end: at the border of a word, so that no word, number or organ is cut in two.

Words are those of the tables of rules and the organs of the gazetteer; what no table knows is told by how often its
characters stand beside each other in the two versions themselves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise

from bridgehead.engines.statute import gazetteer
from bridgehead.engines.statute.rules import table

Edit = tuple[int, int, int, int]
"""First and end token of the old side, first and end token of the new side."""

_LONE = frozenset("的和与及或在由为对以等向从于并其将应可不是被把按经")
_TABLES = (
    ("modals", "word"),
    ("verbs", "word"),
    ("names", "word"),
    ("suffixes", "suffix"),
    ("adverbials", "word"),
    ("connectives", "word"),
    ("word_lists", "word"),
)
_LONGEST_WORD = 4
"""What is longer in the tables of rules is a phrase: a change inside it is the change of a word."""
_SEEN = 2
"""So often two characters have to stand beside each other before that says anything."""

_ROUNDS = 16
"""A word cut on one side may lead to one cut on the other; beyond so many the sides are out of step."""


class Usage:
    """How often characters stand beside each other in some texts: a hint where words begin and end."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._singles: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        for text in texts:
            self._singles.update(text)
            self._pairs.update(map("".join, pairwise(text)))

    def holds(self, left: str, right: str) -> float:
        """Return from 0 to 1 how firmly two characters belong together."""
        seen = self._pairs[left + right]
        return seen / min(self._singles[left], self._singles[right]) if seen >= _SEEN else 0.0


@cache
def _known() -> dict[str, tuple[str, ...]]:
    """Return the words that are never cut by their first character, the shortest first."""
    words = {row[column] for name, column in _TABLES for row in table(name) if len(row[column]) <= _LONGEST_WORD}
    words.update(gazetteer.shipped().organs)
    first: dict[str, list[str]] = {}
    for word in sorted(words, key=len):
        if len(word) > 1 and all(map(_is_han, word)):
            first.setdefault(word[0], []).append(word)
    return {mark: tuple(found) for mark, found in first.items()}


def _is_han(key: str) -> bool:
    return len(key) == 1 and "\u4e00" <= key <= "\u9fff"


def _bound(key: str) -> bool:
    return _is_han(key) and key not in _LONE


class _Words:
    """The words of one side, looked for where they are asked for.

    Parameters
    ----------
    keys : sequence of str
        The keys of its tokens.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        self.keys = keys
        self._places: dict[int, tuple[int, int]] = {}

    def around(self, at: int) -> tuple[int, int]:
        """Return where the word a border would cut begins and ends; twice the border where it cuts none."""
        if not 0 < at < len(self.keys) or not (_is_han(self.keys[at - 1]) and _is_han(self.keys[at])):
            return at, at
        if at not in self._places:
            self._cut(at)
        start, end = self._places[at]
        return (start, end) if start < at else (at, at)

    def ends_known(self, at: int) -> bool:
        """Whether a word some table knows ends at a border."""
        start, _ = self.around(at - 1)
        return start < at - 1

    def begins_known(self, at: int) -> bool:
        """Whether a word some table knows begins at a border."""
        _, end = self.around(at + 1)
        return end > at + 1

    def _cut(self, at: int) -> None:
        """Cut the stretch of characters around a place into as few words as there can be, long ones first."""
        start = end = at
        while start > 0 and _is_han(self.keys[start - 1]):
            start -= 1
        while end < len(self.keys) and _is_han(self.keys[end]):
            end += 1
        text = "".join(self.keys[start:end])
        known = _known()
        fewest = [0] * (len(text) + 1)
        length = [1] * len(text)
        for here in range(len(text) - 1, -1, -1):
            fewest[here] = fewest[here + 1] + 1
            for word in known.get(text[here], ()):
                if text.startswith(word, here) and fewest[here + len(word)] + 1 <= fewest[here]:
                    fewest[here], length[here] = fewest[here + len(word)] + 1, len(word)
        here = 0
        while here < len(text):
            place = start + here, start + here + length[here]
            self._places.update(dict.fromkeys(range(*place), place))
            here += length[here]


def on_words(edits: list[Edit], old: Sequence[str], new: Sequence[str], usage: Usage | None) -> list[Edit]:
    """Return edits widened until they begin and end with a word on both sides.

    Parameters
    ----------
    edits : list of Edit
        In order; what lies between two of them is equal.
    old, new : sequence of str
        The keys of the tokens.
    usage : Usage, optional
        Says more about words no table knows.
    """
    sides = _Words(old), _Words(new)
    edits = _widened(edits, sides)
    if usage is not None:
        edits = joined([_unknown(edit, sides, usage) for edit in edits])
    return _widened(edits, sides)


def joined(edits: Iterable[Edit]) -> list[Edit]:
    """Return edits with those as one that touch or lie over each other on both sides."""
    found: list[Edit] = []
    for edit in edits:
        if found and found[-1][1] >= edit[0] and found[-1][3] >= edit[2]:
            last = found.pop()
            edit = (last[0], max(last[1], edit[1]), last[2], max(last[3], edit[3]))  # noqa: PLW2901
        found.append(edit)
    return found


def _widened(edits: list[Edit], sides: tuple[_Words, _Words]) -> list[Edit]:
    old, new = sides
    for _ in range(_ROUNDS):
        wider: list[Edit] = []
        for at, (a, b, c, d) in enumerate(edits):
            room = a - edits[at - 1][1] if at else a
            left = min(room, max(a - old.around(a)[0], c - new.around(c)[0]))
            room = (edits[at + 1][0] if at + 1 < len(edits) else len(old.keys)) - b
            right = min(room, max(old.around(b)[1] - b, new.around(d)[1] - d))
            wider.append((a - left, b + right, c - left, d + right))
        wider = joined(wider)
        if wider == edits:
            break
        edits = wider
    return edits


def _unknown(edit: Edit, sides: tuple[_Words, _Words], usage: Usage) -> Edit:
    """Return an edit with one character more where that character seems to belong to it rather than to its word."""
    a, b, c, d = edit
    if a == b or c == d:
        return edit
    words, old, new = sides[0], sides[0].keys, sides[1].keys
    left = right = 0.0
    if min(a, c) > 0 and old[a - 1] == new[c - 1] and _bound(old[a - 1]) and not words.ends_known(a):
        left = max(usage.holds(old[a - 1], old[a]), usage.holds(new[c - 1], new[c]))
        if a > 1 and usage.holds(old[a - 2], old[a - 1]) >= left:
            left = 0.0
    if b < len(old) and d < len(new) and old[b] == new[d] and _bound(old[b]) and not words.begins_known(b):
        right = max(usage.holds(old[b - 1], old[b]), usage.holds(new[d - 1], new[d]))
        if b + 1 < len(old) and usage.holds(old[b], old[b + 1]) >= right:
            right = 0.0
    short = max(b - a, d - c) == 1
    enough = 0.15 if short and _bound(old[a]) and _bound(new[c]) else 0.75
    if max(left, right) < enough:
        return edit
    return (a - 1, b, c - 1, d) if left >= right else (a, b + 1, c, d + 1)
