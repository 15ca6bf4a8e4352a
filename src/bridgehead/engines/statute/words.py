"""Words to one pattern: a scan that finds the longest word of many at each place."""

from __future__ import annotations

import re
from collections.abc import Iterable

_END = ""

Tree = dict[str, "Tree"]
"""Words by their letters, one below the other."""


def pattern_of(words: Iterable[str]) -> str:
    """Return a regular expression that matches the longest of the words at a place."""
    root: Tree = {}
    for word in words:
        node = root
        for letter in word:
            node = node.setdefault(letter, {})
        node[_END] = {}
    return _written(root)


def _written(node: Tree) -> str:
    """Write a tree of letters as a pattern; single letters that end a word become one class."""
    leaves: list[str] = []
    branches: list[str] = []
    for letter, below in sorted(node.items()):
        if letter == _END:
            continue
        if set(below) == {_END}:
            leaves.append(re.escape(letter))
        else:
            branches.append(re.escape(letter) + _written(below))
    if leaves:
        branches.append(leaves[0] if len(leaves) == 1 else "[" + "".join(leaves) + "]")
    written = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
    if _END in node and branches:
        return "(?:" + written + ")?"
    return written
