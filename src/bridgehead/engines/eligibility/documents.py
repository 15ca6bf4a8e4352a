"""YAML and JSON as plain nodes that know their line: no objects, no silent doubles, and hostile files are bounded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import yaml  # type: ignore[import-untyped]

from bridgehead.kernel.errors import BridgeheadError, Place

DEEPEST = 60
"""How deep lists and mappings may nest; the shipped policies need nine levels."""
MOST_VALUES = 300_000
"""Values a file may have, those an alias repeats counted each time; the shipped policies have 3,000."""

_SCALARS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "timestamp", "str"))
_NUMBERS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("int", "float"))
_OTHER_NOTATION = re.compile(r"[-+]?0[0-9_xb]|.*:")
"""Numbers of YAML 1.1 that few mean: ``0150000`` would be octal, ``27:46:40`` a hundred thousand. They stay texts, and
whoever wants a number says what is wrong."""
_COLLECTIONS = frozenset({None, "!", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map"})
_EVENTS: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Node:
    """A value of a document.

    Parameters
    ----------
    value : object
        A mapping of text to node, a list of nodes, or a plain value.
    line : int or None
        Where it begins, from 1; None in JSON.
    repeated : list of (str, int or None)
        Keys that a mapping has again, with their lines; the first value stays.
    size : int
        How many values there are in it.
    levels : int
        How many lists and mappings lie inside each other in it, itself included.
    """

    value: object
    line: int | None = None
    repeated: list[tuple[str, int | None]] = field(default_factory=list)
    size: int = 1
    levels: int = 0

    @property
    def mapping(self) -> Mapping[str, Node] | None:
        """The node as a mapping, None where it is none."""
        return self.value if isinstance(self.value, dict) else None

    @property
    def items(self) -> list[Node] | None:
        """The node as a list, None where it is none."""
        return self.value if isinstance(self.value, list) else None

    @property
    def text(self) -> str | None:
        """The node as a text, None where it is none."""
        return self.value if isinstance(self.value, str) else None

    def plain(self) -> object:
        """Return it without nodes."""
        if isinstance(self.value, dict):
            return {key: node.plain() for key, node in self.value.items()}
        if isinstance(self.value, list):
            return [node.plain() for node in self.value]
        return self.value


def read_document(text: str, file: str, most: int = MOST_VALUES) -> Node:
    """Read a YAML or JSON document.

    Parameters
    ----------
    text : str
        One document.
    file : str
        How faults call it; ``.json`` at the end says that it is nothing else.
    most : int
        How many values it may have.

    Raises
    ------
    BridgeheadError
        ``eligibility.not_yaml``, ``eligibility.not_json``, ``eligibility.too_deep``, ``eligibility.too_many_values``,
        ``eligibility.several_documents`` or ``eligibility.tag_not_allowed``.
    """
    if file.lower().endswith(".json"):
        return _read_json(text, file)
    if text.lstrip()[:1] in ("[", "{"):
        with suppress(BridgeheadError):  # it may be YAML all the same, whose faults have lines
            return _read_json(text, file)
    return _read_yaml(text, file, most)


def _read_yaml(text: str, file: str, most: int) -> Node:
    try:
        return _Composer(file, most).document(yaml.parse(text, Loader=_EVENTS))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = {"reason": error.problem or error.context or "?"}
        raise BridgeheadError("eligibility.not_yaml", told, Place(file, mark.line + 1 if mark else None)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise BridgeheadError("eligibility.not_yaml", {"reason": str(error).split("\n")[0]}, Place(file)) from None


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read."""

    node: Node
    anchor: str | None
    key: Node | None = None


class _Composer:
    """Makes nodes of the parser's events, without recursion, so that no depth can hurt."""

    def __init__(self, file: str, most: int) -> None:
        self.file = file
        self.most = most
        self.resolver = yaml.SafeLoader("")
        self.anchors: dict[str, Node] = {}
        self.open: list[_Open] = []

    def document(self, events: Iterator[Any]) -> Node:
        """Read the events of one document."""
        root: Node | None = None
        for event in events:
            line = event.start_mark.line + 1 if event.start_mark else None
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._refuse("eligibility.several_documents", line)
            done = self._event(event, line)
            if done is not None and not self.open:
                root = done
            elif done is not None:
                self._put(done, line)
        return root or Node(None, 1)

    def _event(self, event: Any, line: int | None) -> Node | None:
        """Return the value an event completes, None where it completes none."""
        if isinstance(event, yaml.ScalarEvent):
            node = Node(self._scalar(event, line), line)
            self._anchor(event.anchor, node)
            return node
        if isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            if event.tag not in _COLLECTIONS:
                self._refuse("eligibility.tag_not_allowed", line, tag=event.tag)
            if len(self.open) >= DEEPEST:
                self._refuse("eligibility.too_deep", line, most=DEEPEST)
            empty: object = [] if isinstance(event, yaml.SequenceStartEvent) else {}
            self.open.append(_Open(Node(empty, line, levels=1), event.anchor))
        elif isinstance(event, yaml.SequenceEndEvent | yaml.MappingEndEvent):
            ended = self.open.pop()
            self._anchor(ended.anchor, ended.node)
            return ended.node
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self.anchors:
                self._refuse("eligibility.not_yaml", line, reason=f"*{event.anchor}")
            return self.anchors[event.anchor]
        return None

    def _put(self, node: Node, line: int | None) -> None:
        """Put a complete value where it belongs: into the list, or the mapping, that is open."""
        into = self.open[-1]
        into.node.size += node.size
        into.node.levels = max(into.node.levels, node.levels + 1)
        if len(self.open) + node.levels > DEEPEST:  # only what an alias repeats can be
            self._refuse("eligibility.too_deep", line, most=DEEPEST)
        if into.node.size > self.most:
            self._refuse("eligibility.too_many_values", line, most=self.most)
        if isinstance(into.node.value, list):
            into.node.value.append(node)
        elif into.key is None:
            into.key = node
        elif isinstance(into.node.value, dict):
            key = str(into.key.value)
            if isinstance(into.key.value, list | dict):
                self._refuse("eligibility.key_not_text", into.key.line)
            if key in into.node.value:
                into.node.repeated.append((key, into.key.line))
            else:
                into.node.value[key] = node
            into.key = None

    def _scalar(self, event: Any, line: int | None) -> object:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self.resolver.resolve(yaml.ScalarNode, event.value, event.implicit)
            if tag not in _SCALARS:
                return event.value  # `=` and `<<` have a meaning in YAML 1.1 that nobody means here
        if tag not in _SCALARS:
            self._refuse("eligibility.tag_not_allowed", line, tag=tag)
        if tag in _NUMBERS and _OTHER_NOTATION.match(event.value):
            return event.value
        try:
            return self.resolver.yaml_constructors[tag](self.resolver, yaml.ScalarNode(tag, event.value))
        except (ValueError, OverflowError, LookupError, AttributeError):
            return event.value  # such as 2026-02-30: whoever wants a day of it says what is wrong

    def _anchor(self, name: str | None, node: Node) -> None:
        if name is not None:
            self.anchors[name] = node

    def _refuse(self, code: str, line: int | None, **told: object) -> None:
        raise BridgeheadError(code, told, Place(self.file, line))


def _read_json(text: str, file: str) -> Node:
    def mapping(pairs: list[tuple[str, Any]]) -> Node:
        node = Node({})
        values: dict[str, Any] = {}
        for key, value in pairs:
            if key in values:
                node.repeated.append((key, None))
            else:
                values[key] = value
        node.value = values
        return node

    try:
        return _as_node(json.loads(text, object_pairs_hook=mapping), file)
    except json.JSONDecodeError as error:
        told = {"reason": error.msg, "at": error.colno}
        raise BridgeheadError("eligibility.not_json", told, Place(file, error.lineno)) from None
    except RecursionError:
        raise BridgeheadError("eligibility.too_deep", {"most": DEEPEST}, Place(file)) from None
    except ValueError as error:
        raise BridgeheadError("eligibility.not_json", {"reason": str(error), "at": 1}, Place(file)) from None


def _as_node(value: Any, file: str, depth: int = 0) -> Node:
    """Turn lists into nodes; mappings came as nodes already."""
    if depth > DEEPEST:
        raise BridgeheadError("eligibility.too_deep", {"most": DEEPEST}, Place(file))
    if isinstance(value, list):
        return Node([_as_node(item, file, depth + 1) for item in value])
    if isinstance(value, Node):
        inside: Any = value.value
        value.value = {key: _as_node(item, file, depth + 1) for key, item in inside.items()}
        return value
    return Node(value)
