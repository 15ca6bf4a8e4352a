"""A kind of programme: the stages it goes through in order, and what its records and their items say.

A kind is data; two kinds differ by their stages and their fields, not by their names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from bridgehead.kernel.calendars import Term
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

LONGEST_TEXT = 500
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_YES, _NO = ("true", "on", "yes", "y", "1", "是"), ("false", "no", "n", "0", "否")

Stored = str | int | bool
"""How a value is kept: numbers with a fraction and money as text, so that nothing is lost."""


class Type(StrEnum):
    """What a field holds."""

    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    BOOLEAN = "boolean"


NUMERIC = frozenset((Type.NUMBER, Type.INTEGER, Type.MONEY))
"""Types that can be summed up."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value to choose from, and what it is called."""

    id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Field:
    """What a kind records.

    Parameters
    ----------
    id : str
        Its id, the name formulas use.
    type : Type
        What it holds.
    unit : str
        Unit of a number.
    required : bool
        Whether a record must have it.
    name_zh, name_en : str
        What it is called.
    choices : tuple of Choice
        What can be chosen, for a choice.
    at_most : str
        Id of the field of the same record it is a part of and cannot exceed; empty for none.
    """

    id: str
    type: Type
    unit: str
    required: bool
    name_zh: str
    name_en: str
    choices: tuple[Choice, ...] = ()
    at_most: str = ""

    def read(self, text: str) -> Stored:
        """Return what somebody typed as it is kept.

        Raises
        ------
        BridgeheadError
            ``programme.field_too_long``, ``programme.field_not_a_choice``, ``programme.field_not_a_number``,
            ``programme.field_not_whole``, ``programme.field_below_zero``, ``programme.field_not_a_day`` or
            ``programme.field_not_yes_or_no``.
        """
        match self.type:
            case Type.TEXT:
                if len(text) > LONGEST_TEXT:
                    raise self._refused("programme.field_too_long", limit=LONGEST_TEXT)
                return text
            case Type.CHOICE:
                return self._choice(text)
            case Type.DATE:
                return self._day(text)
            case Type.BOOLEAN:
                if text.lower() in _YES or text.lower() in _NO:
                    return text.lower() in _YES
                raise self._refused("programme.field_not_yes_or_no", value=text)
        return self._number(text)

    def _choice(self, text: str) -> str:
        for one in self.choices:
            if text in (one.id, one.name_zh, one.name_en):
                return one.id
        known = [one.id for one in self.choices]
        raise self._refused("programme.field_not_a_choice", value=text, known=known)

    def _day(self, text: str) -> str:
        try:
            if _DAY.fullmatch(text) is None:
                raise ValueError
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise self._refused("programme.field_not_a_day", value=text) from None

    def _number(self, text: str) -> Stored:
        bare = text.replace(",", "").replace("，", "")
        if _NUMBER.fullmatch(bare) is None:
            raise self._refused("programme.field_not_a_number", value=text)
        value = Decimal(bare)
        if self.type is Type.INTEGER and value != value.to_integral_value():
            raise self._refused("programme.field_not_whole", value=text)
        if self.type is not Type.NUMBER and value < 0:
            raise self._refused("programme.field_below_zero", value=text)
        return int(value) if self.type is Type.INTEGER else format(value, "f")

    def _refused(self, code: str, **parameters: object) -> BridgeheadError:
        return BridgeheadError(code, {"field": self.id, **parameters}, Place(field=f"field-{self.id}"))


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a kind: what proves that it was reached, and how long it usually takes to the next one."""

    id: str
    name_zh: str
    name_en: str
    evidence_zh: str
    evidence_en: str
    term: Term | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is computed from the records of a kind.

    Parameters
    ----------
    id : str
        Its id.
    name_zh, name_en : str
        What it is called.
    unit : str
        Its unit.
    rising : bool
        Whether more is better.
    formula : str
        Over fields, ``item_`` fields of items, ``yes_`` and ``item_yes_`` (how many say yes), ``reached_`` (how many
        came to a stage), ``count``, ``items`` and ``year_items`` (those of the year).
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    rising: bool
    formula: str


@dataclass(frozen=True)
class Kind:
    """One kind of programme.

    Parameters
    ----------
    id : str
        Its id.
    name_zh, name_en, description_zh, description_en : str
        What it is called, and what it is.
    articles : tuple of int
        Articles it serves.
    stages : tuple of Stage
        In order.
    fields : tuple of Field
        What a programme says.
    item : str
        What is recorded one by one, empty where nothing is.
    item_zh, item_en : str
        What an item is called.
    item_fields : tuple of Field
        What an item says.
    indicators : tuple of Indicator
        What is computed.
    confidence, source : str
        How far the declaration can be relied on, and what it rests on.
    """

    id: str
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    articles: tuple[int, ...]
    stages: tuple[Stage, ...]
    fields: tuple[Field, ...]
    item: str = ""
    item_zh: str = ""
    item_en: str = ""
    item_fields: tuple[Field, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    confidence: str = ""
    source: str = ""
    places: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Give each stage its place."""
        object.__setattr__(self, "places", {one.id: at for at, one in enumerate(self.stages)})

    def stage(self, id: str) -> Stage:
        """Return a stage.

        Raises
        ------
        BridgeheadError
            ``programme.unknown_stage``.
        """
        if id not in self.places:
            known = list(self.places)
            raise BridgeheadError("programme.unknown_stage", {"stage": id, "known": known}, Place(field="stage"))
        return self.stages[self.places[id]]

    def next(self, id: str) -> Stage | None:
        """Return the stage that follows, None after the last."""
        at = self.places[self.stage(id).id] + 1
        return self.stages[at] if at < len(self.stages) else None

    def back(self, now: str, to: str) -> bool:
        """Tell whether a move goes back; forward it goes to the next stage and no further.

        Raises
        ------
        BridgeheadError
            ``programme.unknown_stage``, ``programme.same_stage``, or ``programme.stage_skipped`` with what is next.
        """
        here, there = self.places[self.stage(now).id], self.places[self.stage(to).id]
        if there == here:
            raise BridgeheadError("programme.same_stage", {"stage": to}, Place(field="stage"))
        if there > here + 1:
            given = {"stage": to, "next": self.stages[here + 1].id}
            raise BridgeheadError("programme.stage_skipped", given, Place(field="stage"))
        return there < here

    def read(self, typed: Mapping[str, str], *, item: bool = False) -> dict[str, Stored]:
        """Return the typed fields of a programme, or of an item, as they are kept.

        Raises
        ------
        BridgeheadError
            With every fault at once: ``programme.field_missing``, ``programme.field_unknown``,
            ``programme.field_over_whole``, and those of `Field.read`. Each stands at the field ``field-<id>``.
        """
        fields: Sequence[Field] = self.item_fields if item else self.fields
        faults: list[Fault] = []
        found: dict[str, Stored] = {}
        for one in fields:
            text = str(typed.get(one.id, "")).strip()
            if not text and one.required:
                faults.append(Fault("programme.field_missing", {"field": one.id}, Place(field=f"field-{one.id}")))
            elif text:
                try:
                    found[one.id] = one.read(text)
                except BridgeheadError as refused:
                    faults.extend(refused.faults)
        faults.extend(_over_whole(fields, found))
        for name in sorted(set(typed) - {one.id for one in fields}):
            given = {"field": name[:60], "kind": self.id}
            faults.append(Fault("programme.field_unknown", given, Place(field=f"field-{name[:60]}")))
        if faults:
            raise BridgeheadError.of(faults)
        return found


def _over_whole(fields: Sequence[Field], found: Mapping[str, Stored]) -> list[Fault]:
    """Return a fault for each number that exceeds the one it is a part of."""
    return [
        Fault(
            "programme.field_over_whole",
            {"field": one.id, "value": str(found[one.id]), "whole": one.at_most, "most": str(found[one.at_most])},
            Place(field=f"field-{one.id}"),
        )
        for one in fields
        if one.at_most in found and one.id in found
        if Decimal(str(found[one.id])) > Decimal(str(found[one.at_most]))
    ]
