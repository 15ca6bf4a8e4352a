"""YAML and JSON as plain values with their lines: nothing is read for what it is not, and hostile files are bounded.

Numbers are decimal numbers only and texts stay texts: ``07:00`` is no number of base 60, ``012`` no octal one, ``no``
no truth value and ``2025-10-01`` no object. A key that stands twice is a fault.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import yaml  # type: ignore[import-untyped]

from bridgehead.engines.simulation.noting import Notes, Path
from bridgehead.kernel.errors import BridgeheadError, Place

DEEPEST = 40
"""How deep lists and mappings may nest; a model needs about ten levels."""
MOST_VALUES = 1_000_000
"""Values a file may have, those an alias repeats counted each time."""
LONGEST_DOCUMENT = 20_000_000
"""Characters."""

_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,400})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))(?:[eE][-+]?[0-9]{1,4})?")
_WORDS: Mapping[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", "+.inf", ".Inf"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN"), float("nan")),
}
_TAGS = frozenset({None, "!", *(f"tag:yaml.org,2002:{name}" for name in ("str", "seq", "map"))})
_EVENTS: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """What a file holds: plain values, the lines they begin at, and keys that stand twice."""

    value: object
    lines: Mapping[Path, int] = field(default_factory=dict)
    repeated: list[Path] = field(default_factory=list)


def read_document(source: str | bytes | Mapping[str, object], name: str) -> tuple[object, Notes]:
    """Return the plain values of a YAML or JSON text, or of a mapping, and the notes for what follows.

    Parameters
    ----------
    source : str, bytes or mapping
        The text, UTF-8 where it is bytes, or what was read elsewhere.
    name : str
        How faults call it.

    Raises
    ------
    BridgeheadError
        ``model.unreadable``, ``model.not_utf8``, ``model.too_deep``, ``model.too_many_values``, ``model.too_long``,
        ``model.several_documents`` or ``model.tag_not_allowed``. Keys that stand twice are noted, not raised.
    """
    document = _read(source, name)
    notes = Notes(name, document.lines)
    for path in document.repeated:
        notes.note(path, "model.repeated_key", name=str(path[-1]))
    return document.value, notes


def _read(source: str | bytes | Mapping[str, object], name: str) -> Document:
    if isinstance(source, Mapping):
        return Document(_plain(source, name, [0]))
    if len(source) > LONGEST_DOCUMENT:
        raise BridgeheadError("model.too_long", {"most": LONGEST_DOCUMENT}, Place(name))
    try:
        text = source if isinstance(source, str) else source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BridgeheadError("model.not_utf8", {}, Place(name)) from None
    text = text.removeprefix("\ufeff")
    if name.lower().endswith(".json"):
        return _read_json(text, name)
    if text.lstrip()[:1] in ("{", "["):
        try:
            return _read_json(text, name)
        except BridgeheadError as error:
            if error.code != "model.unreadable":
                raise
    return _read_yaml(text, name)


def _read_json(text: str, name: str) -> Document:
    document = Document(None)

    def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in pairs:
            if key in found:
                document.repeated.append((key,))
            else:
                found[key] = value
        return found

    try:
        document.value = _plain(json.loads(text, object_pairs_hook=once_each, parse_float=_finite), name, [0])
    except json.JSONDecodeError as error:
        raise BridgeheadError("model.unreadable", {"reason": error.msg}, Place(name, error.lineno)) from None
    except RecursionError:
        raise BridgeheadError("model.too_deep", {"most": DEEPEST}, Place(name)) from None
    except ValueError as error:
        raise BridgeheadError("model.unreadable", {"reason": str(error)}, Place(name)) from None
    return document


def _plain(value: object, name: str, count: list[int], depth: int = 0) -> object:
    """Return a copy made of dict, list and plain values only."""
    count[0] += 1
    if depth > DEEPEST:
        raise BridgeheadError("model.too_deep", {"most": DEEPEST}, Place(name))
    if count[0] > MOST_VALUES:
        raise BridgeheadError("model.too_many_values", {"most": MOST_VALUES}, Place(name))
    if isinstance(value, Mapping):
        return {str(key): _plain(item, name, count, depth + 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, name, count, depth + 1) for item in value]
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)


def _read_yaml(text: str, name: str) -> Document:
    try:
        return _Composer(name).document(yaml.parse(text, Loader=_EVENTS))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = {"reason": error.problem or error.context or "?"}
        raise BridgeheadError("model.unreadable", told, Place(name, mark.line + 1 if mark else None)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise BridgeheadError("model.unreadable", {"reason": str(error).split("\n")[0]}, Place(name)) from None


@dataclass(slots=True)
class _Built:
    """A finished value, how many values are in it and how many levels lie inside each other in it."""

    value: Any
    size: int = 1
    levels: int = 0


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read, and the key whose value comes next."""

    built: _Built
    path: Path
    anchor: str | None
    key: str | None = None
    twice: bool = False


class _Composer:
    """Makes plain values of the parser's events, without recursion, so that no depth can hurt."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.anchors: dict[str, _Built] = {}
        self.open: list[_Open] = []
        self.lines: dict[Path, int] = {}
        self.repeated: list[Path] = []

    def document(self, events: Iterator[Any]) -> Document:
        """Read the events of one document."""
        root: _Built | None = None
        for event in events:
            line = event.start_mark.line + 1
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._refuse("model.several_documents", line)
            done = self._event(event, line)
            if done is not None and self.open:
                self._put(done, line)
            elif done is not None:
                root = done
        return Document(root.value if root else None, self.lines, self.repeated)

    def _event(self, event: Any, line: int) -> _Built | None:
        """Return the value an event completes, None where it completes none."""
        if getattr(event, "tag", None) not in _TAGS:
            self._refuse("model.tag_not_allowed", line, tag=str(event.tag))
        if isinstance(event, yaml.ScalarEvent):
            texts = not event.implicit[0] or event.tag is not None
            return self._anchored(event.anchor, _Built(event.value if texts else _scalar(event.value)))
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            if len(self.open) >= DEEPEST:
                self._refuse("model.too_deep", line, most=DEEPEST)
            empty: Any = [] if isinstance(event, yaml.SequenceStartEvent) else {}
            self.open.append(_Open(_Built(empty, levels=1), self._here(), event.anchor))
            self.lines.setdefault(self.open[-1].path, line)
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            ended = self.open.pop()
            return self._anchored(ended.anchor, ended.built)
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                self._refuse("model.unreadable", line, reason=f"*{event.anchor}")
            return self.anchors[event.anchor]
        return None

    def _here(self) -> Path:
        """Return the path of the value that comes next."""
        if not self.open:
            return ()
        into = self.open[-1]
        last = len(into.built.value) if isinstance(into.built.value, list) else into.key
        return into.path if last is None else (*into.path, last)

    def _put(self, done: _Built, line: int) -> None:
        """Put a complete value where it belongs: into the list, or the mapping, that is open."""
        into = self.open[-1]
        into.built.size += done.size
        into.built.levels = max(into.built.levels, done.levels + 1)
        if len(self.open) + done.levels > DEEPEST:  # only what an alias repeats can be
            self._refuse("model.too_deep", line, most=DEEPEST)
        if into.built.size > MOST_VALUES:
            self._refuse("model.too_many_values", line, most=MOST_VALUES)
        if isinstance(into.built.value, list):
            self.lines.setdefault(self._here(), line)
            into.built.value.append(done.value)
        elif into.key is None:
            self._key(into, done.value, line)
        else:
            if not into.twice:
                into.built.value[into.key] = done.value
            into.key = None

    def _key(self, into: _Open, key: object, line: int) -> None:
        if isinstance(key, list | dict):
            self._refuse("model.key_not_text", line)
        into.key = key if isinstance(key, str) else json.dumps(key)
        into.twice = into.key in into.built.value
        if into.twice:
            self.repeated.append((*into.path, into.key))
        self.lines.setdefault((*into.path, into.key), line)

    def _anchored(self, name: str | None, built: _Built) -> _Built:
        if name is not None:
            self.anchors[name] = built
        return built

    def _refuse(self, code: str, line: int, **told: object) -> None:
        raise BridgeheadError(code, told, Place(self.name, line))


def _scalar(text: str) -> object:
    """Return what an unquoted value means."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return _finite(text)
    return text


def _finite(text: str) -> object:
    """Return a number, or the text as it stands where it is too large for one."""
    found = float(text)
    return found if math.isfinite(found) else text
