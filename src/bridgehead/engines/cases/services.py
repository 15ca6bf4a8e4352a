"""A service to traders: its words in four languages, who owns it, what is promised, its machine and its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum

from bridgehead.engines.cases.escalation import Ladder
from bridgehead.engines.cases.machine import Machine, Move
from bridgehead.kernel.office_hours import Promise

OWNER = "owner"
"""What a state names as its office to give the case back to the organisation that owns the service."""


@dataclass(frozen=True, slots=True)
class Words:
    """The same in the four languages of the corridor.

    Parameters
    ----------
    zh, en, ru, mn : str
        Chinese, English, Russian, Mongolian (Cyrillic).
    """

    zh: str
    en: str
    ru: str
    mn: str

    def of(self, language: str) -> str:
        """Return the words of a language, such as ``ru`` or ``zh-hans``; Chinese for any other."""
        match language.replace("_", "-").partition("-")[0].lower():
            case "en":
                return self.en
            case "ru":
                return self.ru
            case "mn":
                return self.mn
            case _:
                return self.zh


YES, NO = "yes", "no"
"""How the answers to a question of yes or no are written."""


class FieldType(StrEnum):
    """What is filled into a field."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    CHOICE = "choice"
    DATE = "date"
    MONEY = "money"
    NUMBER = "number"
    COUNTRY = "country"
    PRODUCT = "product"
    PLACE = "place"
    YES_NO = "yes_no"
    FILE = "file"


NUMERIC = frozenset({FieldType.MONEY, FieldType.NUMBER})
ANSWERED = frozenset({FieldType.YES_NO, FieldType.CHOICE})
"""Where one of a few answers is given, so that a move can be for one of them."""
WRITTEN = frozenset({FieldType.TEXT, FieldType.LONG_TEXT, FieldType.PRODUCT})


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a trader can choose."""

    id: str
    name: Words


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form.

    Parameters
    ----------
    id : str
        Its id.
    type : FieldType
        What is filled in.
    required : bool
        Whether it must be.
    sensitive : bool
        Whether only those who work on the case see it.
    name, hint : Words
        What it is called, and what to fill in; a hint may be empty.
    choices : tuple of Choice
        Values of a choice.
    unit : str
        Unit of a number, currency of an amount.
    minimum, maximum : float, optional
        Bounds of a number or amount.
    longest : int, optional
        Most characters of a text.
    """

    id: str
    type: FieldType
    required: bool
    sensitive: bool
    name: Words
    hint: Words
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    longest: int | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """What can be answered where a move can be for one answer; nothing in any other field."""
        if self.type is FieldType.YES_NO:
            return (YES, NO)
        return tuple(one.id for one in self.choices)


@dataclass(frozen=True)
class Service:
    """One service to traders.

    Parameters
    ----------
    id, kind : str
        Its id, and which of the services it is one of.
    name, about : Words
        What it is called, and what is done in one sentence.
    owner : str
        Organisation that owns it.
    local : tuple of str
        Levels and ids of the local organisations that own what lies with them.
    promise, first_answer : Promise or None
        For the whole case, and for the first answer.
    urgent_field : str
        The field whose yes makes a case urgent; empty where none is.
    urgent_first_answer : Promise or None
        For the first answer to an urgent case.
    machine : Machine
        States and moves of its cases.
    state_names : mapping
        State to name.
    move_names : mapping
        Id of a move and the state it leads to, to name.
    offices : mapping
        State to the organisation the case goes to with it, or `OWNER`; none for a state with which it stays.
    fields : tuple of Field
        The form.
    ladder : Ladder
        Whom to tell when time runs out.
    articles : tuple of int
        Articles that concern it.
    confidence, source : str
        Standing of what is promised, and what it rests on.
    routes : mapping
        Field and choice to the organisation the case goes to instead of the one that owns the service.
    """

    id: str
    kind: str
    name: Words
    about: Words
    owner: str
    local: tuple[str, ...]
    promise: Promise | None
    first_answer: Promise | None
    urgent_field: str
    urgent_first_answer: Promise | None
    machine: Machine
    state_names: Mapping[str, Words]
    move_names: Mapping[tuple[str, str], Words]
    offices: Mapping[str, str]
    fields: tuple[Field, ...]
    ladder: Ladder
    articles: tuple[int, ...]
    confidence: str
    source: str
    routes: Mapping[tuple[str, str], str] = dataclass_field(default_factory=dict)

    def routed(self, form: Mapping[str, object]) -> str:
        """Return the organisation a choice in a form decides, empty where none of them does.

        Of several choices that do, the one that stands first in the form.
        """
        chosen = ((one.id, str(form.get(one.id, ""))) for one in self.fields)
        return next((self.routes[one] for one in chosen if one in self.routes), "")

    def is_urgent(self, form: Mapping[str, object]) -> bool:
        """Return whether what was filled in makes a case urgent."""
        return bool(self.urgent_field) and form.get(self.urgent_field) is True

    def first_answer_for(self, form: Mapping[str, object]) -> Promise | None:
        """Return what is promised for the first answer to a case by what was filled in."""
        return self.urgent_first_answer if self.is_urgent(form) else self.first_answer

    def move_name(self, move: Move) -> Words:
        """Return what a move is called."""
        return self.move_names[move.id, move.to]

    def office_after(self, state: str, owner: str) -> str:
        """Return the organisation a case goes to with a state, empty where it stays.

        Parameters
        ----------
        state : str
            The state it enters.
        owner : str
            The organisation that owns the case.
        """
        office = self.offices.get(state, "")
        return owner if office == OWNER else office
