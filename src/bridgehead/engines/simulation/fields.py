"""Types of the fields of a description: each reads what a person writes and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError, ValidationInfo, model_validator

from bridgehead.engines.simulation.distribution_reading import SHARE_TOLERANCE, by_class, read_distribution
from bridgehead.engines.simulation.hours import MOST_SERVERS, read_shifts
from bridgehead.engines.simulation.model import Ageing, Distribution, Full
from bridgehead.engines.simulation.noting import Flaw, Notes, Path, UnfitError, each_of, near_and_known
from bridgehead.engines.simulation.quantities import (
    Setting,
    between,
    listed,
    mapping,
    number,
    one_of,
    quoted,
    text,
    time_min,
    truth,
    whole,
)

MOST_UNITS = 1_000_000
"""Units of a pool, a population, a batch or a train."""
MOST_PLACES = 1_000_000_000
ENDLESS = "inf"


@dataclass(frozen=True, slots=True)
class Servers:
    """How many servers there are at most, None for as many as are needed, and how many from which minute on."""

    most: int | None
    shifts: tuple[tuple[float, int], ...] = ()


def _setting(info: ValidationInfo) -> Setting:
    return info.context if isinstance(info.context, Setting) else Setting()


def _with_setting(read: Callable[..., Any], **more: Any) -> PlainValidator:
    """Return a validator that reads a value with what the description says once for all."""

    def validate(value: object, info: ValidationInfo) -> Any:
        return read(value, _setting(info), **more)

    return PlainValidator(validate)


def _alone(read: Callable[..., Any], **more: Any) -> PlainValidator:
    """Return a validator that reads a value by itself."""
    return PlainValidator(partial(read, **more))


def endless(value: object) -> bool:
    """Say whether a value means no limit."""
    return value == ENDLESS or value == float("inf")


def read_servers(value: object, setting: Setting) -> Servers:
    """Return the servers of ``4``, ``inf``, or shifts."""
    if endless(value):
        return Servers(None)
    if isinstance(value, dict):
        inner = value.get("shifts") if set(value) == {"shifts"} else value
        try:
            shifts = read_shifts(mapping(inner), setting)
        except UnfitError as error:
            raise UnfitError.of(error.inside(*(("shifts",) if inner is not value else ()))) from None
        return Servers(max(count for _, count in shifts), shifts)
    return Servers(whole(value, 1, MOST_SERVERS))


def read_places(value: object) -> int | None:
    """Return a number of places, None for no limit."""
    return None if endless(value) else whole(value, 0, MOST_PLACES)


def read_full(value: object) -> Full:
    """Return what happens at a full node: ``lose``, ``block_upstream`` or ``{divert: node}``."""
    if isinstance(value, dict):
        if set(value) != {"divert"}:
            raise UnfitError("model.not_one_of", value=quoted(value)[:80], options=["{divert: …}"])
        return Full("divert", text(value["divert"]))
    word = one_of(value, ("lose", "block_upstream", "block"))
    return Full("lose" if word == "lose" else "block")


def read_amounts(value: object) -> dict[str, int]:
    """Return how much of which pools; a list of names means one of each."""
    if isinstance(value, list):
        return {text(name): 1 for name in value}
    return each_of(mapping(value).items(), lambda amount: whole(amount, 1, MOST_UNITS))


def read_words(value: object) -> dict[str, str]:
    """Return words by language; a text alone is that of Chinese and English."""
    if isinstance(value, str):
        return {"zh": text(value), "en": text(value)}
    return {language: text(word) for language, word in mapping(value).items()}


def read_ages(value: object, setting: Setting) -> tuple[Ageing, ...]:
    """Return the steps of ageing by rising time."""
    flaws: list[Flaw] = []
    found = []
    for index, step in enumerate(value if isinstance(value, list) else [value]):
        path = (index,) if isinstance(value, list) else ()
        try:
            if set(mapping(step)) != {"after", "to"}:
                raise UnfitError("model.unknown_field", name=", ".join(step), known=["after", "to"])
            found.append(Ageing(time_min(step["after"], setting), number(step["to"])))
        except UnfitError as error:
            flaws += error.inside(*path)
    if flaws:
        raise UnfitError.of(flaws)
    return tuple(sorted(found, key=lambda one: one.after_min))


def read_risk(value: object) -> dict[str, float]:
    """Return risk bands with their shares."""
    found = each_of(mapping(value).items(), lambda share: between(share, 0.0, 1.0))
    total = sum(found.values())
    if found and abs(total - 1.0) > SHARE_TOLERANCE:
        raise UnfitError("model.risk_sum", sum=round(total, 6))
    return found


def read_times(value: object, setting: Setting) -> tuple[float, ...]:
    """Return moments that do not run backwards."""
    given = listed(value)
    found = tuple(each_of(enumerate(given), lambda one: time_min(one, setting)).values())
    flaws = [
        Flaw((index,), "model.times_backwards", {"value": quoted(given[index])})
        for index in range(1, len(found))
        if found[index] < found[index - 1]
    ]
    if flaws:
        raise UnfitError.of(flaws)
    return found


def _positive_time(value: object, setting: Setting) -> float:
    found = time_min(value, setting)
    if found == 0.0:
        raise UnfitError("model.no_time_passes")
    return found


def _not_negative(value: object) -> float:
    found = number(value)
    if found < 0.0:
        raise UnfitError("model.negative_number", value=quoted(value))
    return found


def _warmup(value: object, setting: Setting) -> float | None:
    return None if value == "auto" else time_min(value, setting)


def _plain_mapping(value: object) -> dict[str, Any]:
    return dict(mapping(value))


def _sides(value: object) -> dict[str, Any] | list[Any]:
    return value if isinstance(value, list) else mapping(value)


Time = Annotated[float, _with_setting(time_min)]
NotNegative = Annotated[float, _alone(_not_negative)]
PositiveTime = Annotated[float, _with_setting(_positive_time)]
Warmup = Annotated[float | None, _with_setting(_warmup)]
Duration = Annotated[Distribution, _with_setting(read_distribution, use="duration")]
OffsetDraw = Annotated[Distribution, _with_setting(read_distribution, use="offset")]
CountDraw = Annotated[Distribution, _with_setting(read_distribution, use="count")]
Durations = Annotated[Mapping[str, Distribution], _with_setting(by_class)]
ServersField = Annotated[Servers, _with_setting(read_servers)]
Shifts = Annotated[
    tuple[tuple[float, int], ...], _with_setting(lambda value, setting: read_shifts(mapping(value), setting))
]
Places = Annotated[int | None, _alone(read_places)]
WhenFull = Annotated[Full, _alone(read_full)]
Amounts = Annotated[Mapping[str, int], _alone(read_amounts)]
Words = Annotated[Mapping[str, str], _alone(read_words)]
Ages = Annotated[tuple[Ageing, ...], _with_setting(read_ages)]
Risk = Annotated[Mapping[str, float], _alone(read_risk)]
Times = Annotated[tuple[float, ...], _with_setting(read_times)]
Text = Annotated[str, _alone(text)]
Truth = Annotated[bool, _alone(truth)]
Number = Annotated[float, _alone(number)]
Share = Annotated[float, _alone(between, least=0.0, most=1.0)]
Size = Annotated[int, _alone(whole, least=1, most=MOST_UNITS)]
QueueLength = Annotated[int, _alone(whole, least=0, most=MOST_PLACES)]
Listed = Annotated[list[Any], _alone(listed)]
Sides = Annotated[dict[str, Any] | list[Any], _alone(_sides)]
Mapped = Annotated[dict[str, Any], _alone(_plain_mapping)]


def word(*options: str) -> PlainValidator:
    """Return the validator of a field that holds one of some words."""
    return _alone(one_of, options=options)


class Part(BaseModel):
    """A part of a description: only fields it has, nothing converted that was not meant."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _only_known_fields(cls, value: Any) -> Any:
        """Say which fields there are where one is unknown; a field of nothing is one left out."""
        given = {name: item for name, item in mapping(value).items() if item is not None}
        known = cls.names()
        flaws = tuple(
            Flaw((name,), "model.unknown_field", near_and_known(name, known)) for name in given if name not in known
        )
        if flaws:
            raise UnfitError.of(flaws)
        return given

    @classmethod
    def names(cls) -> frozenset[str]:
        """Return the names of its fields as a description writes them."""
        return frozenset(field.alias or name for name, field in cls.model_fields.items())


P = TypeVar("P", bound=Part)


def read_part(kind: type[P], value: object, setting: Setting, notes: Notes, path: Path) -> P | None:
    """Return a part, with what is wrong with it noted; fields at fault are left out if it can do without them."""
    rest = dict(value) if isinstance(value, dict) else value
    while True:
        try:
            return kind.model_validate(rest, context=setting)
        except ValidationError as error:
            wrong = _note_errors(error, notes, path)
        if not isinstance(rest, dict) or not wrong & set(rest):
            return None
        rest = {name: item for name, item in rest.items() if name not in wrong}


def _note_errors(error: ValidationError, notes: Notes, path: Path) -> set[str]:
    """Note every error and return the fields of the part in which they lie."""
    wrong: set[str] = set()
    for one in error.errors(include_url=False, include_input=False):
        place = (*path, *one["loc"])
        raised = one.get("ctx", {}).get("error")
        if isinstance(raised, UnfitError):
            notes.note_flaws(place, raised)
            wrong |= {str(where[0]) for flaw in raised.flaws if (where := (*one["loc"], *flaw.path))}
        elif one["type"] == "missing":
            if not notes.faulty(*place):
                notes.note(place, "model.missing", name=str(one["loc"][-1]))
        else:
            notes.note(place, "model.not_mapping", value="")
            wrong.add(str(one["loc"][0]) if one["loc"] else "")
    return wrong
