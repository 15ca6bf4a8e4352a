"""Errors as part of the interface: a stable code, its parameters and the place; sentences live in message files.

Code anywhere in the platform raises ``BridgeheadError("area.reason", {...}, Place(...))`` and never writes a sentence.
What a person reads comes from ``messages/<language>.toml``, one table a code with ``message`` and ``cure``. An entry
may hold a second wording for the case that a parameter is given: ``cure_near`` is used where ``near`` has a value.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

Severity = Literal["error", "warning"]

MESSAGES_FOLDER = Path(__file__).parent / "messages"
SOURCE_LANGUAGE = "zh"
LONGEST_PARAMETER = 200
_LONGEST_INTEGER = 10_000
"""Bits of an integer among the parameters; Python itself writes out a few more."""
"""Longest text of one parameter in a sentence; a cell of a megabyte must not become a message of a megabyte."""

_HOLE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_FIELD_FIRST = re.compile(r"\{field\}(?:：|: )")
_LIST_MARK = {"zh": "、"}
_DECIMAL_MARK = {"ru": ",", "mn": ","}


@dataclass(frozen=True)
class Place:
    """Where a fault lies: a file with the row a spreadsheet shows (the header is row 1) and a column, or a field.

    Parameters
    ----------
    file : str, optional
        Name of the file inside its folder, for instance ``ports.csv``.
    row : int, optional
        Row as a spreadsheet counts it.
    column : str, optional
        Column name.
    field : str, optional
        Name of an input field of a form, an address or a command.
    """

    file: str | None = None
    row: int | None = None
    column: str | None = None
    field: str | None = None

    def as_json(self) -> dict[str, str | int | None]:
        """Return the place as a plain mapping with all four keys."""
        return {
            "file": None if self.file is None else visible(self.file),
            "row": self.row,
            "column": None if self.column is None else visible(self.column),
            "field": self.field,
        }


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: a code, the values its sentence needs, the place and how grave it is."""

    code: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    place: Place = Place()
    severity: Severity = "error"

    def __hash__(self) -> int:
        """Hash by code and place; the parameters may hold lists."""
        return hash((self.code, self.place, self.severity))


@dataclass(frozen=True)
class Sentence:
    """What a person reads about a fault: what is wrong, and what to do about it."""

    message: str
    cure: str


class BridgeheadError(Exception):
    """The one exception the platform raises for foreseeable trouble; it carries at least one fault.

    Parameters
    ----------
    code : str
        Dotted lower-case code, for instance ``route.unknown_place``.
    parameters : mapping, optional
        Values for the holes of the sentence.
    place : Place, optional
        Where it happened.
    """

    def __init__(self, code: str, parameters: Mapping[str, object] | None = None, place: Place | None = None) -> None:
        self.faults: tuple[Fault, ...] = (Fault(code, dict(parameters or {}), place or Place()),)
        super().__init__(code)

    @classmethod
    def of(cls, faults: Iterable[Fault]) -> BridgeheadError:
        """Build one error out of several faults; the first one with severity ``error`` leads.

        Raises
        ------
        ValueError
            If there is no fault at all.
        """
        ordered = sorted(faults, key=lambda fault: fault.severity != "error")
        if not ordered:
            raise ValueError("an error needs at least one fault")
        error = cls(ordered[0].code, ordered[0].parameters, ordered[0].place)
        error.faults = tuple(ordered)
        return error

    @property
    def code(self) -> str:
        """Code of the leading fault."""
        return self.faults[0].code

    @property
    def parameters(self) -> Mapping[str, object]:
        """Parameters of the leading fault."""
        return self.faults[0].parameters

    @property
    def place(self) -> Place:
        """Place of the leading fault."""
        return self.faults[0].place

    def __str__(self) -> str:
        """Return the English sentence of the leading fault, for logs and test output."""
        text = sentence(self.faults[0], "en")
        more = f" (+{len(self.faults) - 1})" if len(self.faults) > 1 else ""
        return f"{self.code}: {text.message}{more}"

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error cross a process border with all its faults."""
        return (BridgeheadError.of, (self.faults,))


@cache
def messages(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return all sentences of a language, code to ``message`` and ``cure``.

    Parameters
    ----------
    language : str
        One of `languages`; only the source language and English have a sentence for every code.
    """
    path = MESSAGES_FOLDER / f"{language}.toml"
    with path.open("rb") as stream:
        nested = tomllib.load(stream)
    return MappingProxyType({code: MappingProxyType(entry) for code, entry in _flatten(nested)})


def languages() -> tuple[str, ...]:
    """Return the languages that have a message file, the source language first."""
    found = sorted(path.stem for path in MESSAGES_FOLDER.glob("*.toml"))
    return tuple(sorted(found, key=lambda language: language != SOURCE_LANGUAGE))


def sentence(fault: Fault, language: str = SOURCE_LANGUAGE, *, at_field: bool = False) -> Sentence:
    """Return what a person reads about a fault.

    Parameters
    ----------
    fault : Fault
        The fault.
    language : str
        Language of the sentence; unknown languages fall back to Chinese, codes without a Russian or Mongolian sentence
        to English.
    at_field : bool
        Whether the sentence is read beside the field it is about, whose name it then does not begin with. Neither does
        that of a fault without a field.

    Returns
    -------
    Sentence
        Message and cure with the parameters filled in. A hole without a parameter stays visible as ``{hole}``; an
        unknown code gives the code itself (the test suite keeps that from happening in a release).
    """
    short = language.replace("_", "-").partition("-")[0].lower()
    short = short if short in languages() else SOURCE_LANGUAGE
    entry = messages(short).get(fault.code) or messages(short if short == SOURCE_LANGUAGE else "en").get(fault.code)
    if entry is None:
        values = ", ".join(f"{name}={as_text(value, short)}" for name, value in fault.parameters.items())
        return Sentence(f"{fault.code} ({values})" if values else fault.code, "")
    message, cure = (_variant(entry, part, fault) for part in ("message", "cure"))
    begin = _FIELD_FIRST.match(message) if at_field or fault.place.field is None else None
    if begin is None:
        return Sentence(_fill(message, fault, short), _fill(cure, fault, short))
    rest = _fill(message[begin.end() :], fault, short)
    return Sentence(rest[:1].upper() + rest[1:], _fill(cure, fault, short))


def as_json(error: BridgeheadError | Iterable[Fault], language: str = SOURCE_LANGUAGE) -> dict[str, Any]:
    """Return the one error shape of interface, command line and pages.

    Parameters
    ----------
    error : BridgeheadError or iterable of Fault
        What went wrong; at least one fault.
    language : str
        Language of the sentences.

    Returns
    -------
    dict
        ``{"error": {code, message, cure, place, parameters, faults: [...]}}``, made of JSON types only.
    """
    faults = (error if isinstance(error, BridgeheadError) else BridgeheadError.of(error)).faults
    listed = [fault_as_json(fault, language) for fault in faults]
    leading = {key: value for key, value in listed[0].items() if key != "severity"}
    return {"error": {**leading, "faults": listed}}


def fault_as_json(fault: Fault, language: str = SOURCE_LANGUAGE) -> dict[str, Any]:
    """Return one fault with its sentences as a mapping of JSON types."""
    text = sentence(fault, language)
    return {
        "code": fault.code,
        "severity": fault.severity,
        "message": text.message,
        "cure": text.cure,
        "place": fault.place.as_json(),
        "parameters": {name: _plain(value) for name, value in fault.parameters.items()},
    }


def visible(text: str, longest: int = LONGEST_PARAMETER) -> str:
    """Return a text fit for a screen: control characters and lone surrogates spelled out, the middle of long texts cut.

    A damaged file may hold terminal commands or half characters; neither may reach a terminal or a JSON encoder.
    """
    if len(text) > longest:
        half = (longest - 1) // 2
        text = f"{text[:half]}…{text[-half:]}"
    if text.isprintable():
        return text
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode("ascii") for mark in text)


def as_text(value: object, language: str = SOURCE_LANGUAGE) -> str:
    """Return a parameter as it stands in a sentence: lists joined, numbers short, long texts cut."""
    if isinstance(value, list | tuple | set | frozenset):
        items = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
        return _LIST_MARK.get(language, ", ").join(as_text(item, language) for item in items)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", _DECIMAL_MARK.get(language, "."))
    try:
        return visible(str(value))
    except ValueError:  # Python refuses to write out an integer of thousands of digits
        return "…"


def _variant(entry: Mapping[str, str], part: str, fault: Fault) -> str:
    """Return the wording for the parameters given: ``cure_near`` stands in for ``cure`` where ``near`` is known."""
    for name, value in fault.parameters.items():
        if value not in (None, "") and f"{part}_{name}" in entry:
            return entry[f"{part}_{name}"]
    return entry[part]


def _fill(template: str, fault: Fault, language: str) -> str:
    def put(hole: re.Match[str]) -> str:
        name = hole.group(1)
        if name in fault.parameters:
            return as_text(fault.parameters[name], language)
        given = getattr(fault.place, name, None) if name in {"file", "row", "column", "field"} else None
        return hole.group(0) if given is None else as_text(given, language)

    return _HOLE.sub(put, template)


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return value if value.bit_length() <= _LONGEST_INTEGER else "…"
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [_plain(item) for item in sorted(value, key=str)]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return as_text(value)


def _flatten(nested: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, dict[str, str]]]:
    """Yield code and entry out of ``[area.reason]`` tables, however deep the dots go."""
    for key, value in nested.items():
        code = f"{prefix}{key}"
        if isinstance(value, Mapping) and "message" in value:
            yield code, {name: str(text) for name, text in value.items() if not isinstance(text, Mapping)}
        if isinstance(value, Mapping):
            yield from _flatten({name: item for name, item in value.items() if isinstance(item, Mapping)}, f"{code}.")
