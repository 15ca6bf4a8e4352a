"""The form of a scenario: its edits as numbered groups of fields, which work without a script.

The fields of the second edit are called ``edit-2-link``, ``edit-2-factor`` and so on; ``edit-2-edit`` is its kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from bridgehead.engines.network.components import MODES
from bridgehead.engines.network.edits import DIRECTIONS, KINDS, field_names
from bridgehead.engines.network.scenario_reading import MOST_EDITS, type_of
from bridgehead.ground import words
from bridgehead.ground.region import Loaded
from bridgehead.kernel.cells import CellFault, parse_number
from bridgehead.rooms.gateway.actions import field_of
from bridgehead.rooms.gateway.scenario_words import field_word, kind_word, link_name
from bridgehead.rooms.gateway.selectors import names
from bridgehead.rooms.gateway.selectors.scenarios import Seen

_NAME = re.compile(r"edit-([1-9]\d{0,2})-([a-z_]{2,20})")
_PRESSED = re.compile(r"(up|down|remove)-([1-9]\d{0,2})")
_PLACES = ("port", "place", "origin", "destination")


@dataclass(frozen=True, slots=True)
class Draft:
    """A scenario while it is written: texts as they stand in the form. Each edit has its kind under ``edit``."""

    title: str
    reason: str
    organisation: str
    year: str
    edits: tuple[Mapping[str, str], ...]

    def values(self) -> dict[str, str]:
        """Return what stands in every field of the form."""
        told = {"title": self.title, "reason": self.reason, "organisation": self.organisation, "year": self.year}
        for number, edit in enumerate(self.edits, 1):
            told[field_of(number, "edit")] = edit["edit"]
            told |= {field_of(number, name): edit.get(name, "") for name in field_names(KINDS[edit["edit"]])}
        return told


@dataclass(frozen=True, slots=True)
class Input:
    """A field of an edit as the form shows it; ``list`` names its suggestions, ``hint`` says its unit or form."""

    name: str
    label: str
    type: str
    options: Sequence[tuple[str, str]]
    list: str
    hint: str


@dataclass(frozen=True, slots=True)
class Group:
    """The fields of one edit."""

    number: int
    kind: str
    called: str
    kind_field: str
    inputs: tuple[Input, ...]
    first: bool
    last: bool


def of(loaded: Loaded, basis: Seen | None) -> Draft:
    """Return the form at first: that of another scenario, or an empty one of the base year."""
    if basis is None:
        return Draft("", "", "", str(loaded.region.settings.base_year), ())
    edits = basis.plain["edits"]
    assert isinstance(edits, list)
    told = tuple({name: _typed(value) for name, value in one.items()} for one in edits)
    return Draft(basis.line.title, basis.line.reason, "", str(basis.line.year), told)


def sent(post: QueryDict) -> Draft:
    """Return the form as it was sent; edits of no known kind are left out."""
    found: dict[int, dict[str, str]] = {}
    for name, value in post.items():
        at = _NAME.fullmatch(name)
        if at:
            found.setdefault(int(at[1]), {})[at[2]] = str(value).replace("\x00", "").strip()
    edits = [found[number] for number in sorted(found) if found[number].get("edit") in KINDS]
    title, reason, organisation, year = (post.get(name, "") for name in ("title", "reason", "organisation", "year"))
    return Draft(title, reason, organisation, year, tuple(edits[:MOST_EDITS]))


def pressed(draft: Draft, button: str, kind: str) -> Draft:
    """Return the form after one of its buttons: an edit more or less, or in another place."""
    edits = list(draft.edits)
    at = _PRESSED.fullmatch(button)
    if at and int(at[2]) <= len(edits):
        index = int(at[2]) - 1
        one = edits.pop(index)
        if at[1] != "remove":
            edits.insert(max(index - 1, 0) if at[1] == "up" else index + 1, one)
    elif button == "add" and kind in KINDS and len(edits) < MOST_EDITS:
        edits.append({"edit": kind})
    return Draft(draft.title, draft.reason, draft.organisation, draft.year, tuple(edits))


def plain(loaded: Loaded, draft: Draft) -> dict[str, object]:
    """Return the scenario as the engine reads it; what is no number stays a text, which the engine refuses."""
    edits = []
    for edit in draft.edits:
        named = {name: edit[name] for name in field_names(KINDS[edit["edit"]]) if edit.get(name)}
        edits.append({"edit": edit["edit"], **{name: _read(loaded, name, text) for name, text in named.items()}})
    return {"year": _number(draft.year), "edits": edits}


def context(loaded: Loaded, draft: Draft) -> dict[str, Any]:
    """Return what the template shows: the groups of fields, the kinds to add, the suggestions that fields have."""
    groups = [_group(loaded, number, edit["edit"], len(draft.edits)) for number, edit in enumerate(draft.edits, 1)]
    lists = {one.list for group in groups for one in group.inputs if one.list}
    first, last = loaded.components.horizon
    return {
        "groups": groups,
        "kinds": [(kind, kind_word(kind)) for kind in KINDS],
        "suggestions": [(name, _suggestions(loaded, name)) for name in sorted(lists)],
        "years": [(str(year), str(year)) for year in range(first, last + 1)],
    }


def _group(loaded: Loaded, number: int, kind: str, count: int) -> Group:
    fields = field_names(KINDS[kind])
    inputs = tuple(_input(loaded, kind, number, name) for name in fields)
    kind_field = field_of(number, "edit")
    return Group(number, kind, kind_word(kind), kind_field, inputs, number == 1, number == count)


def _input(loaded: Loaded, kind: str, number: int, name: str) -> Input:
    options = _options(loaded, name)
    shown = {"link": "links", "parameter": "parameters", "port": "ports"}.get(name, "places" if name in _PLACES else "")
    if kind == "gauge_change_capacity" and name == "place":
        shown = "stations"
    type_ = "date" if type_of(name) == "day" else "text"
    hint = _hint(kind, name)
    return Input(field_of(number, name), field_word(name), type_, options, "" if options else shown, hint)


def _hint(kind: str, name: str) -> str:
    if name == "value":
        return {
            "capacity": _("单位同线路表"),
            "parameter": _("单位同参数表"),
            "gauge_change_capacity": words.unit("Mt/yr"),
            "background": _("每个方向一天的列数或辆次；按年计能力的线路同其单位"),
        }[kind]
    if name in {"from", "to"}:
        return _("全年关闭就空着")
    return _("铁路才填；两种轨距写作 1520/1435") if name == "gauges_mm" else ""


def _options(loaded: Loaded, name: str) -> list[tuple[str, str]]:
    tables = loaded.components
    if name == "commodity":
        return [("", _("全部货物")), *((one.id, names.name(loaded, one.id)) for one in tables.commodities)]
    if name == "direction":
        return [("", _("不限")), *((one, words.word("scenario_direction", one)) for one in DIRECTIONS)]
    if name == "mode":
        return [("", _("不限")), *((one, words.word("mode", one)) for one in MODES)]
    if name == "quantity":
        known = sorted({row.quantity for row in tables.parameters})
        return [("", _("不限")), *((one, words.word("quantity", one)) for one in known)]
    if name == "country":
        known = sorted(set(tables.countries.values()))
        return [("", _("不限")), *((one, words.country(one)) for one in known)]
    if name == "capacity_unit":
        known = sorted({link.capacity_unit for link in tables.links if link.capacity_unit})
        return [("", "—"), *((one, words.unit(one)) for one in known)]
    return []


def _suggestions(loaded: Loaded, name: str) -> list[tuple[str, str]]:
    tables = loaded.components
    if name == "links":
        return [(one.id, link_name(loaded, one.id)) for one in tables.links]
    if name == "parameters":
        return [(one.id, words.word("quantity", one.quantity)) for one in tables.parameters]
    if name == "ports":
        return [(one.id, names.name(loaded, one.id)) for one in tables.ports]
    if name == "stations":
        ends = {end for link in tables.links if len(link.gauges_mm) > 1 for end in (link.origin, link.destination)}
        return [(one, names.name(loaded, one)) for one in sorted(ends)]
    return [(one, names.name(loaded, one)) for one in tables.countries]


def _read(loaded: Loaded, name: str, text: str) -> object:
    kind = type_of(name)
    if kind in {"number", "integer"}:
        return _number(text)
    if kind == "integers":
        return [_number(part) for part in re.split(r"[/;,，、\s]+", text) if part]
    if name in _PLACES:
        return loaded.region.place_id(text)
    return loaded.region.commodity_id(text) if name == "commodity" else text


def _number(text: str) -> object:
    try:
        return parse_number(text)
    except CellFault:
        return text


def _typed(value: object) -> str:
    if isinstance(value, list | tuple):
        return "/".join(_typed(one) for one in value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)
