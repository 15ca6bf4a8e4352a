"""Names and text of the XML: namespaces, elements, and characters XML cannot hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

AKN = "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"
OURS = "urn:bridgehead:statute:1"
"""Namespace of what Akoma Ntoso has no word for: duties, numbers, where the text came from."""

CHARACTER = "character"
"""Name of the inline element that stands for a character XML cannot hold."""

ET.register_namespace("", AKN)
ET.register_namespace("bh", OURS)

_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORDED = frozenset(("p", "num", "heading", "docTitle", "docDate", "inline"))


def akn(name: str) -> str:
    """Return the full name of an element of Akoma Ntoso."""
    return f"{{{AKN}}}{name}"


def ours(name: str) -> str:
    """Return the full name of an element or attribute of our own."""
    return f"{{{OURS}}}{name}"


def child(parent: ET.Element, name: str, attributes: Mapping[str, object] | None = None) -> ET.Element:
    """Append an element of Akoma Ntoso; attributes without a value are left out."""
    return ET.SubElement(parent, akn(name), _given(attributes or {}))


def own_child(parent: ET.Element, name: str, attributes: Mapping[str, object] | None = None) -> ET.Element:
    """Append an element of our own."""
    return ET.SubElement(parent, ours(name), _given(attributes or {}))


def _given(attributes: Mapping[str, object]) -> dict[str, str]:
    return {name: printable(_written(value)) for name, value in attributes.items() if value not in (None, "")}


def _written(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def printable(text: str) -> str:
    """Return a text with a mark in place of what XML cannot hold; for attributes, where nothing else can stand."""
    return _FORBIDDEN.sub("\ufffd", text)


def put(element: ET.Element, text: str) -> ET.Element:
    """Append text to an element; a character XML cannot hold becomes an inline element that names it."""
    start = 0
    for found in _FORBIDDEN.finditer(text):
        _append(element, text[start : found.start()])
        code = f"{ord(found[0]):04X}"
        child(element, "inline", {"name": CHARACTER, ours("code"): code})
        start = found.end()
    _append(element, text[start:])
    return element


def _append(element: ET.Element, text: str) -> None:
    if not text:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def taken(element: ET.Element | None) -> str:
    """Return the text of an element as `put` was given it."""
    if element is None:
        return ""
    parts = [element.text or ""]
    for inner in element:
        code = inner.get(ours("code"))
        parts.append(chr(int(code, 16)) if code else taken(inner))
        parts.append(inner.tail or "")
    return "".join(parts)


def written(root: ET.Element) -> bytes:
    """Return a document, indented where that adds no white space to any words."""
    _indent(root, "\n")
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()


def _indent(element: ET.Element, gap: str) -> None:
    name = element.tag.rpartition("}")[2]
    if not len(element) or (name in _WORDED and element.tag.startswith(f"{{{AKN}}}")):
        return
    element.text = gap + "  "
    for inner in element:
        _indent(inner, gap + "  ")
        inner.tail = gap + "  "
    element[-1].tail = gap
