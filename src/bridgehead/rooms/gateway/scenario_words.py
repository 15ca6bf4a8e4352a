"""The edits of a scenario in words: what each does, what it does it to, and what that was before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.network.applied import Applied, Change
from bridgehead.engines.network.components import Demand, Link, Parameter
from bridgehead.ground import wording, words
from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway import parameter_words, prose
from bridgehead.rooms.gateway.selectors import names

Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class EditLine:
    """One edit in words: its kind, what it is made on, and what it changes."""

    position: int
    kind: str
    on: str
    effect: str
    plain: Plain


def kind_word(kind: str) -> str:
    """Return what an edit does."""
    return words.word("scenario_edit", kind)


def field_word(field: str) -> str:
    """Return what a field of an edit is called."""
    return words.word("scenario_field", field)


def edit_lines(loaded: Loaded, edits: Sequence[Plain], applied: Applied | None) -> list[EditLine]:
    """Return the edits of a scenario in words; what they change only where they could be made."""
    found = []
    for position, edit in enumerate(edits, 1):
        kind = str(edit.get("edit", ""))
        on = _ON[kind](loaded, edit) if kind in _ON else kind
        effect = "" if applied is None else _effect(loaded, edit, applied, position)
        found.append(EditLine(position, kind_word(kind), on, effect, edit))
    return found


def span(edit: Plain) -> str:
    """Return the days of a closure in words, with their number; the whole year where none are given."""
    if not edit.get("from"):
        return _("全年")
    first, last = (date.fromisoformat(str(edit[name])) for name in ("from", "to"))
    days = (last - first).days + 1
    told = {"from": wording.day(first, language()), "to": wording.day(last, language()), "n": days}
    return ngettext("%(from)s至%(to)s，共 %(n)s 天", "%(from)s至%(to)s，共 %(n)s 天", days) % told


def link_name(loaded: Loaded, id_: str) -> str:
    """Return a link as its ends and mode; an id that is none stands as it is."""
    link = loaded.components.links_by_id.get(id_)
    ends = (link.origin, link.destination, link.mode) if link else tuple(id_.split("--"))
    return _between(loaded, *ends) if len(ends) == 3 else id_


def _between(loaded: Loaded, origin: str, destination: str, mode: str) -> str:
    ends = f"{names.distinct(loaded, origin)} – {names.distinct(loaded, destination)}"
    return _("%(what)s（%(mode)s）") % {"what": ends, "mode": words.word("mode", mode)}


def _on_link(loaded: Loaded, edit: Plain) -> str:
    return link_name(loaded, str(edit.get("link", "")))


def _on_new_link(loaded: Loaded, edit: Plain) -> str:
    origin, destination, mode = (str(edit.get(name, "")) for name in ("origin", "destination", "mode"))
    return _between(loaded, origin, destination, mode)


def _on_port(loaded: Loaded, edit: Plain) -> str:
    return names.name(loaded, str(edit.get("port", "")))


def _on_place(loaded: Loaded, edit: Plain) -> str:
    return names.distinct(loaded, str(edit.get("place", "")))


def _on_parameter(loaded: Loaded, edit: Plain) -> str:
    row = next((one for one in loaded.components.parameters if one.id == edit.get("parameter")), None)
    if row is not None:
        scope = parameter_words.scope(loaded, row)
        return f"{parameter_words.label(row)} · {scope}" if scope else parameter_words.label(row)
    if edit.get("parameter"):
        return str(edit["parameter"])
    given = [
        words.word("mode", edit["mode"]) if edit.get("mode") else "",
        words.country(edit.get("country")),
        str(edit.get("gauge_mm", "")),
        str(edit.get("link_class", "")),
        words.word("freight_class", edit["freight_class"]) if edit.get("freight_class") else "",
        names.short(loaded, str(edit["place"])) if edit.get("place") else "",
    ]
    quantity = prose.capital(words.word("quantity", str(edit.get("quantity", ""))))
    return " · ".join(filter(None, [quantity, *given]))


def _on_demand(loaded: Loaded, edit: Plain) -> str:
    given = [
        names.name(loaded, str(edit["commodity"])) if edit.get("commodity") else _("全部货物"),
        _("起点在%(country)s") % {"country": words.country(edit["country"])} if edit.get("country") else "",
        words.word("scenario_direction", edit["direction"]) if edit.get("direction") else "",
        names.name(loaded, str(edit["port"])) if edit.get("port") else "",
    ]
    return " · ".join(filter(None, given))


_ON: Mapping[str, Callable[[Loaded, Plain], str]] = MappingProxyType(
    {
        "open_link": _on_link,
        "add_link": _on_new_link,
        "close_link": _on_link,
        "close_port": _on_port,
        "capacity": _on_link,
        "parameter": _on_parameter,
        "gauge_change_capacity": _on_place,
        "demand": _on_demand,
        "background": _on_link,
    }
)


def _effect(loaded: Loaded, edit: Plain, applied: Applied, position: int) -> str:
    changes = [one for one in applied.changes if one.edit == position]
    kind = edit.get("edit")
    if kind in {"close_link", "close_port"}:
        return span(edit)
    if kind == "background":
        one = applied.background[str(edit["link"])]
        return _("每个方向 %(amount)s") % {"amount": wording.measured_words(one.value, one.unit, language())}
    if kind == "demand":
        return _demand_effect(changes)
    if kind == "add_link":
        return _new_link_effect(edit)
    return (_row_effect(changes[0]) if changes else "") + _others(changes)


def _others(changes: Sequence[Change]) -> str:
    rows = [one for one in changes[1:] if isinstance(one.after, Parameter)]
    if not rows:
        return ""
    return ngettext("，另有 %(n)s 行", "，另有 %(n)s 行", len(rows)) % {"n": len(rows)}


def _row_effect(change: Change) -> str:
    before, after = change.before, change.after
    if isinstance(after, Parameter):
        old = before.value if isinstance(before, Parameter) else None
        new = wording.measured_words(after.value, after.unit, language())
        return new if old is None else _arrow(wording.measured(old, after.unit, language())[0], new)
    if isinstance(after, Link) and isinstance(before, Link):
        if before.capacity != after.capacity:
            new = wording.measured_words(after.capacity, after.capacity_unit, language())
            return _arrow(wording.measured(before.capacity, after.capacity_unit, language())[0], new)
        return _arrow(words.word("link_status", before.status), words.word("link_status", after.status))
    return ""


def _arrow(before: str, after: str) -> str:
    return f"{before} → {after}"


def _new_link_effect(edit: Plain) -> str:
    km = wording.measured_words(float(edit["length_km"]), "km", language())
    if not edit.get("capacity"):
        return km
    able = wording.measured_words(float(edit["capacity"]), str(edit["capacity_unit"]), language())
    return prose.listed([km, able])


def _demand_effect(changes: Sequence[Change]) -> str:
    before = sum(one.before.tonnes for one in changes if isinstance(one.before, Demand))
    after = sum(one.after.tonnes for one in changes if isinstance(one.after, Demand))
    return _arrow(prose.mass(before), prose.mass(after))
