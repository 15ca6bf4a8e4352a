"""The kinds of programmes the region declares, and what they are called in the language of the request."""

from __future__ import annotations

from django.utils.translation import pgettext

from bridgehead.engines.programmes.kinds import Field, Indicator, Kind, Stage, Type
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.ground.wording import unit_label
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.regions.programmes import kinds_of


def kinds() -> dict[str, Kind]:
    """Return the kinds of programmes by id, in the order of the region's table; none for a region without it."""
    found: dict[str, Kind] = current().remember("ledger.programme_kinds", lambda: kinds_of(current().region))
    return found


def kind_of(id: str) -> Kind:
    """Return a kind.

    Raises
    ------
    BridgeheadError
        ``programme.unknown_kind``.
    """
    found = kinds().get(id)
    if found is None:
        known = list(kinds()) or "—"
        raise BridgeheadError("programme.unknown_kind", {"kind": id[:60], "known": known}, Place(field="kind"))
    return found


def called(thing: Kind | Stage | Field | Indicator) -> str:
    """Return what a kind or a part of it is called in the language of the request."""
    return speak(language(), thing.name_zh, thing.name_en)


def kind_name(id: str) -> str:
    """Return what a kind is called; its id where the region no longer has it."""
    found = kinds().get(id)
    return called(found) if found else id


def stage_name(kind: str, stage: str) -> str:
    """Return what a stage is called; its id where the kind no longer has it."""
    found = kinds().get(kind)
    at = found.places.get(stage) if found else None
    return called(found.stages[at]) if found is not None and at is not None else stage


def evidence_of(stage: Stage) -> str:
    """Return what proves that a stage was reached."""
    return speak(language(), stage.evidence_zh, stage.evidence_en)


def item_name(kind: Kind) -> str:
    """Return what an item of a kind is called, empty where it has none."""
    return speak(language(), kind.item_zh, kind.item_en)


def choice_name(field: Field, value: str) -> str:
    """Return what a value of a choice is called."""
    return next((speak(language(), one.name_zh, one.name_en) for one in field.choices if one.id == value), value)


def as_typed(field: Field, value: object) -> str:
    """Return a kept value as it stands in a form."""
    if value is None:
        return ""
    if field.type is Type.BOOLEAN:
        return "true" if value else "false"
    return str(value)


def bracketed(text: str) -> str:
    """Return a text in the brackets of the language of the request, as units stand behind a name."""
    return pgettext("programme", "（{text}）").format(text=text)


def unit_of(thing: Field | Indicator) -> str:
    """Return the unit of a field or an indicator in the language of the request."""
    return unit_label(thing.unit, language())
