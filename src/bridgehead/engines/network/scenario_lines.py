"""Where in a text the edits of a scenario stand, so that what is wrong with one is told with its line."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator

Lines = Callable[[int | None, str | None], int | None]
"""The line of a field of an edit by its number from 1, or of the scenario itself where the number is None."""

_HEADER = re.compile(r"\s*\[\[\s*(?:edits|\"edits\"|'edits')\s*\]\]")
_KEY = re.compile(r"\s*(?:([A-Za-z0-9_-]+)|\"([^\"\\]*)\"|'([^']*)')\s*=")
_BLANK = re.compile(r"\s*")
_JSON = json.JSONDecoder()


def json_lines(text: str) -> Lines:
    """Return what finds lines in a scenario that is sound JSON; that of a field that is not there is the edit's."""
    top = {key: (begin, value) for key, begin, value in _members(text, _skip(text, 0))}
    edits = [value for _, _, value in _members(text, top["edits"][1])] if "edits" in top else []
    fields = [{key: begin for key, begin, _ in _members(text, value)} for value in edits]

    def line_of(edit: int | None, field: str | None) -> int | None:
        at = top.get(field, (None,))[0] if edit is None else fields[edit - 1].get(field, edits[edit - 1])
        return None if at is None else text.count("\n", 0, at) + 1

    return line_of


def _members(text: str, at: int) -> Iterator[tuple[str | None, int, int]]:
    """Yield what the object or array at a position holds: its key, where that begins, and where its value does."""
    closing = {"{": "}", "[": "]"}.get(text[at])
    at = _skip(text, at + 1)
    while closing and text[at] != closing:
        key, begin = None, at
        if closing == "}":
            key, at = _JSON.raw_decode(text, at)
            at = _skip(text, _skip(text, at) + 1)
        yield key, begin, at
        at = _skip(text, _JSON.raw_decode(text, at)[1])
        at = _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


def toml_lines(text: str) -> Lines:
    """Return what finds lines in a scenario that is sound TOML.

    The line of a field that is not there is that of the edit's header, and None where edits are not tables of their
    own (``edits = [{...}]``).
    """
    lines = text.split("\n")
    starts = _starts(lines)

    def line_of(edit: int | None, field: str | None) -> int | None:
        if edit is None:
            begin, end, default = 0, starts[0] if starts else len(lines), None
        elif edit <= len(starts):
            begin = starts[edit - 1] + 1
            end, default = starts[edit] if edit < len(starts) else len(lines), begin
        else:
            return None
        return next((i + 1 for i in range(begin, end) if field is not None and _key(lines[i]) == field), default)

    return line_of


def _starts(lines: list[str]) -> list[int]:
    """Return where the headers of the edits stand, from 0; what looks like one within a text is none."""
    found: list[int] = []
    for i in (i for i, line in enumerate(lines) if _HEADER.match(line)):
        try:
            edits = tomllib.loads("\n".join(lines[: i + 1])).get("edits", [])
        except tomllib.TOMLDecodeError:
            continue
        if len(edits) == len(found) + 1:
            found.append(i)
    return found


def _key(line: str) -> str | None:
    found = _KEY.match(line)
    return None if found is None else next(group for group in found.groups() if group is not None)
