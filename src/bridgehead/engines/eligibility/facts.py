"""Facts that policies may name: their types, the register of a folder, and given values made typed."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from bridgehead.kernel.errors import Fault, Place
from bridgehead.kernel.schemas import Guesses

Kind = Literal["bool", "int", "number", "money", "money_signed", "share", "enum", "text", "date"]
Value = bool | Decimal | str | date
"""A typed value; every number is a Decimal."""

FACTS_FILE = "policy_facts.csv"
NUMERIC: frozenset[str] = frozenset({"int", "number", "money", "money_signed", "share"})
ORDERED: frozenset[str] = NUMERIC | {"date"}
_PLAIN_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "bool": "bool",
        "int": "int",
        "number": "number",
        "money": "money",
        "money_signed": "money_signed",
        "share": "share",
        "text": "text",
        "date": "date",
    }
)

MOST_DIGITS = 400
"""Digits before and after the point that a number may have: any number of a file, and nothing that fills a memory."""

FACT_NAME = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WrongValueError(ValueError):
    """A value that is none of its fact's type."""


@dataclass(frozen=True, slots=True)
class FactType:
    """What values a fact may have.

    Parameters
    ----------
    kind : str
        ``bool``, ``int`` and ``number`` from 0 up, ``money`` from 0 up, ``money_signed``, ``share`` from 0 to 1,
        ``enum``, ``text``, ``date``.
    options : tuple of str
        The texts of an ``enum``.
    """

    kind: Kind
    options: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers."""
        return self.kind in NUMERIC

    @property
    def ordered(self) -> bool:
        """Whether one value can be above another."""
        return self.kind in ORDERED

    def value(self, given: object) -> Value:
        """Return a given value as a typed one.

        Parameters
        ----------
        given : object
            As YAML, JSON or Python have it. A float counts as its shortest written form; a truth value is no number.

        Raises
        ------
        WrongValueError
            If it is no value of this type. None is none of any: whoever calls decides what is unknown.
        """
        if self.kind == "bool":
            if isinstance(given, bool):
                return given
        elif self.kind == "date":
            return day_of(given)
        elif not self.numeric:
            if isinstance(given, str) and given and (self.kind == "text" or given in self.options):
                return given
        else:
            number = _decimal(given)
            if self.kind == "money_signed" or (number >= 0 and (self.kind != "share" or number <= 1)):
                return _whole(number) if self.kind == "int" else number
        raise WrongValueError

    def __str__(self) -> str:
        """Return the type as the register writes it."""
        return f"enum({'|'.join(self.options)})" if self.kind == "enum" else self.kind


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact a policy may name.

    Parameters
    ----------
    id : str
        Dotted name; that of a sum of money ends with its currency.
    type : FactType
        What values it may have.
    """

    id: str
    type: FactType


@dataclass(frozen=True)
class FactRegister:
    """Every fact that policies may name.

    Parameters
    ----------
    facts : mapping
        Fact id to fact, in the order of the file.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)

    def find(self, id: str) -> Fact | None:
        """Return a fact, None where it is not declared."""
        return self.facts.get(id)

    def typed(self, given: Mapping[str, object], *, case: object = "", guesses: Guesses | None = None) -> TypedFacts:
        """Check and convert what is given of a firm.

        Parameters
        ----------
        given : mapping
            Fact id to value; None is unknown and left out.
        case : object
            How faults call the firm or case.
        guesses : Guesses, optional
            Over the declared ids, to share among many firms.

        Returns
        -------
        TypedFacts
            The faults ``case.unknown_fact`` and ``case.wrong_value`` have the fact as field.
        """
        values: dict[str, Value] = {}
        faults: list[Fault] = []
        guesses = guesses or Guesses(self.facts)
        for id, value in given.items():
            fact = self.facts.get(id)
            if fact is None:
                told = {"case": case, "fact": id, **hint(guesses.of(str(id)))}
                faults.append(Fault("case.unknown_fact", told, Place(field=str(id))))
                continue
            if value is None:
                continue
            try:
                values[id] = fact.type.value(value)
            except WrongValueError:
                told = {"case": case, "fact": id, "value": shown(value), **expected(fact.type)}
                faults.append(Fault("case.wrong_value", told, Place(field=id)))
        return TypedFacts(values, tuple(faults))


@dataclass(frozen=True, slots=True)
class TypedFacts:
    """What is known of a firm: typed values, and what was wrong with those given."""

    values: Mapping[str, Value]
    faults: tuple[Fault, ...] = ()


def day_of(given: object) -> date:
    """Return a day given as a date or as a text ``YYYY-MM-DD``.

    Raises
    ------
    WrongValueError
        For anything else; a moment is no day.
    """
    if isinstance(given, date) and not isinstance(given, datetime):
        return given
    if isinstance(given, str) and _DAY.fullmatch(given):
        try:
            return date.fromisoformat(given)
        except ValueError:
            pass
    raise WrongValueError


def expected(type: FactType) -> dict[str, object]:
    """Return the parameter that chooses the cure for a value of the wrong type, with the type."""
    return {"type": str(type), type.kind: type.options or type.kind}


def hint(near: str) -> dict[str, object]:
    """Return the parameter with the nearest known word, none where nothing is near."""
    return {"near": near} if near else {}


def shown(value: object) -> str:
    """Return a value as sentences quote it: texts in quotation marks, so that a text is told from a number."""
    if isinstance(value, bool | str) or value is None:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, int) and value.bit_length() > 4 * MOST_DIGITS:
        return "…"  # Python itself refuses to write out what is much longer
    try:
        return str(value)
    except ValueError:  # such a number inside a list
        return "…"


def read_register(text: str, file: str = FACTS_FILE) -> tuple[FactRegister, tuple[Fault, ...]]:
    """Read the register of facts.

    Parameters
    ----------
    text : str
        CSV with the columns ``fact`` and ``types``; further columns are for people.
    file : str
        How faults call it.

    Returns
    -------
    FactRegister
        Every fact that could be read.
    tuple of Fault
        All faults: ``policy.facts_unreadable``, ``policy.facts_column``, ``policy.fact_name``, ``policy.fact_type``,
        ``policy.fact_twice``.
    """
    found: dict[str, Fact] = {}
    faults: list[Fault] = []
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        faults += [
            Fault("policy.facts_column", {"name": name}, Place(file, 1, name))
            for name in ("fact", "types")
            if name not in (reader.fieldnames or ())
        ]
        for row in reader if not faults else ():
            id, word, line = (row["fact"] or "").strip(), (row["types"] or "").strip(), reader.line_num
            type = _type_of(word)
            if not FACT_NAME.fullmatch(id):
                faults.append(Fault("policy.fact_name", {"name": id}, Place(file, line, "fact")))
            elif id in found:
                faults.append(Fault("policy.fact_twice", {"fact": id}, Place(file, line, "fact")))
            elif type is None:
                faults.append(Fault("policy.fact_type", {"fact": id, "type": word}, Place(file, line, "types")))
            else:
                found[id] = Fact(id, type)
    except csv.Error as reason:
        faults.append(Fault("policy.facts_unreadable", {"reason": str(reason)}, Place(file, max(reader.line_num, 1))))
    return FactRegister(MappingProxyType(found)), tuple(faults)


def _type_of(word: str) -> FactType | None:
    if word in _PLAIN_KINDS:
        return FactType(_PLAIN_KINDS[word])
    options = tuple(word[5:-1].split("|")) if word.startswith("enum(") and word.endswith(")") else ()
    sound = options and all(options) and len(set(options)) == len(options)
    return FactType("enum", options) if sound else None


def _decimal(given: object) -> Decimal:
    number: Decimal | None = None
    if isinstance(given, Decimal):
        number = given
    elif isinstance(given, float):
        number = Decimal(str(given)) if math.isfinite(given) else None
    elif isinstance(given, int) and not isinstance(given, bool) and given.bit_length() <= 4 * MOST_DIGITS:
        number = Decimal(given)
    if number is None or not number.is_finite():
        raise WrongValueError
    if not number:
        return Decimal()
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or number.adjusted() >= MOST_DIGITS or exponent < -MOST_DIGITS:
        raise WrongValueError
    return number


def _whole(number: Decimal) -> Decimal:
    if number != number.to_integral_value():
        raise WrongValueError
    return Decimal(int(number))
