"""A model in the words of the case format, turned into the native form; where its words leave room, all are taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridgehead.engines.simulation.noting import Path
from bridgehead.engines.simulation.quantities import quoted
from bridgehead.engines.simulation.routing import OUT

_REMARKS = frozenset({"id", "about", "note", "notes", "comment", "description", "title", "label"})
"""Fields of an entry that say nothing about the system."""
NATIVE = "bridgehead-port-model/1"
"""A case may also bring its model in the native form, which can say more."""
_SECTIONS = {"classes", "nodes", "sources", "routes", "population", "calendars", "pools"}


@dataclass(slots=True)
class NativeForm:
    """A description in the native form, and where its parts stand in the case.

    Parameters
    ----------
    native : dict
        The description.
    origins : mapping
        Path in the native form to the path in the case, the longest that fits counts.
    flaws : list of (path, code, parameters)
        What could not be turned, by native path.
    """

    native: dict[str, Any] = field(default_factory=dict)
    origins: dict[Path, Path] = field(default_factory=dict)
    flaws: list[tuple[Path, str, Mapping[str, object]]] = field(default_factory=list)

    def renamed(self, path: Path) -> Path:
        """Return where a path of the native form stands in the case."""
        for size in range(len(path), 0, -1):
            if path[:size] in self.origins:
                return (*self.origins[path[:size]], *path[size:])
        return path

    def note(self, path: Path, code: str, **parameters: object) -> None:
        """Keep what could not be turned."""
        self.flaws.append((path, code, parameters))


def native_form(model: Mapping[str, Any]) -> NativeForm:
    """Return the native form of a model of a case."""
    form = NativeForm()
    if model.get("schema") == NATIVE:
        form.native = dict(model)
        return form
    form.native = {name: value for name, value in model.items() if name not in _SECTIONS | _REMARKS}
    form.origins[("stations",)] = ("nodes",)
    _classes(model.get("classes"), form)
    form.native["calendars"] = dict(model["calendars"]) if isinstance(model.get("calendars"), dict) else {}
    if "pools" in model:
        form.native["pools"] = model["pools"]
    _nodes(model.get("nodes"), form)
    form.native["sources"] = _with_queue_words(model.get("sources"))
    form.native["population"] = _with_queue_words(model.get("population"))
    _routes(model.get("routes"), form)
    return form


def _entries(given: object, section: str, native: str, form: NativeForm) -> dict[str, dict[str, Any]]:
    """Return the entries of a list by their ids, or of a mapping, without remarks."""
    found: dict[str, dict[str, Any]] = {}
    if isinstance(given, dict):
        pairs: list[tuple[str | int, object, object]] = [(name, name, one) for name, one in given.items()]
    elif isinstance(given, list):
        pairs = [(i, one.get("id") if isinstance(one, dict) else one, one) for i, one in enumerate(given)]
    else:
        if given is not None:
            form.note((native,), "model.not_list", value=quoted(given)[:80])
        return found
    for place, name, one in pairs:
        key = name if isinstance(name, str) else f"#{place}"
        if key in found:
            form.origins[(native, f"{key}#{place}")] = (section, place)
            form.note((native, f"{key}#{place}", "id"), "model.named_twice", name=key)
            continue
        form.origins[(native, key)] = (section, place)
        if not isinstance(name, str):
            form.note((native, key, "id"), "model.missing", name="id")
        inside = one if isinstance(one, dict) else {}
        found[key] = {field: value for field, value in inside.items() if field not in _REMARKS}
    return found


def _classes(given: object, form: NativeForm) -> None:
    form.native["classes"] = _entries(given, "classes", "classes", form)


def _nodes(given: object, form: NativeForm) -> None:
    stations = _entries(given, "nodes", "stations", form)
    for name, node in stations.items():
        if node.get("kind") == "match":
            _match(name, node, form)
            continue
        hours = node.get("calendar")
        if isinstance(hours, dict):
            form.native["calendars"][name] = {one: value for one, value in hours.items() if one not in _REMARKS}
            form.origins[("calendars", name)] = (*form.renamed(("stations", name)), "calendar")
            node["calendar"] = name
        if "capacity" in node and "queue_capacity" not in node:
            form.origins[("stations", name, "queue_capacity")] = (*form.renamed(("stations", name)), "capacity")
            form.note(("stations", name, "queue_capacity"), "model.which_capacity")
            del node["capacity"]
    form.native["stations"] = stations


def _match(name: str, node: dict[str, Any], form: NativeForm) -> None:
    """Bring the sides of a match into one form: a list with class, capacity and what happens when they are full."""
    key = next((one for one in ("inputs", "classes") if one in node), "inputs")
    given = node.pop(key, None)
    shared = {one: node.pop(one) for one in ("queue_capacity", "capacity", "on_full") if one in node}
    sides: list[Any] = []
    if isinstance(given, dict):
        pairs: list[tuple[str | int, Any]] = list(given.items())
        listed = [{"class": one, **(side if isinstance(side, dict) else {"capacity": side})} for one, side in pairs]
    elif isinstance(given, list):
        pairs = list(enumerate(given))
        listed = [dict(one) if isinstance(one, dict) else {"class": one} for one in given]
    else:
        node["inputs"] = {}
        return
    here = form.renamed(("stations", name))
    for index, ((place, _), side) in enumerate(zip(pairs, listed, strict=True)):
        form.origins[("stations", name, "inputs", index)] = (*here, key, place)
        sides.append(_side(side, shared))
    form.origins[("stations", name, "inputs")] = (*here, key)
    node["inputs"] = sides


def _side(side: dict[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return one side; what its node says of all sides, or of its class, counts where it says nothing itself."""
    found = {one: value for one, value in side.items() if one not in _REMARKS}
    if "class" not in found and isinstance(side.get("id"), str):
        found["class"] = side["id"]
    for name, value in shared.items():
        own = value.get(found.get("class")) if isinstance(value, dict) and "divert" not in value else value
        if (
            own is not None
            and name not in found
            and not (name != "on_full" and {"capacity", "queue_capacity"} & set(found))
        ):
            found[name] = own
    if "queue_capacity" in found and "capacity" not in found:
        found["capacity"] = found.pop("queue_capacity")
    return found


def _with_queue_words(given: object) -> object:
    """Return a list of entries without remarks; anything else is left to the reader to refuse."""
    if not isinstance(given, list):
        return given
    return [
        {name: value for name, value in one.items() if name == "id" or name not in _REMARKS}
        if isinstance(one, dict)
        else one
        for one in given
    ]


def _routes(given: object, form: NativeForm) -> None:
    if not isinstance(given, dict):
        form.native["routes"] = given
        return
    tables: dict[str, Any] = {}
    for unit_class, table in given.items():
        if not isinstance(table, dict):
            tables[unit_class] = table
            continue
        tables[unit_class] = {
            node: _ways(targets, ("routes", unit_class, node), form) for node, targets in table.items()
        }
    form.native["routes"] = tables


def _ways(targets: object, path: Path, form: NativeForm) -> object:
    """Return ``[[next, share], ...]`` as a mapping; a target of nothing leaves, one named twice has both shares."""
    if targets is None or targets == []:
        return OUT
    if not isinstance(targets, list):
        return targets
    if len(targets) == 2 and isinstance(targets[0], str) and not isinstance(targets[1], list):
        targets = [targets]
    found: dict[str, Any] = {}
    for index, target in enumerate(targets):
        pair = [target, 1.0] if isinstance(target, str) else target
        if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], str | None):
            form.note((*path, index), "model.route_form", value=quoted(pair)[:80])
            continue
        to, share = OUT if pair[0] is None else pair[0], pair[1]
        form.origins[(*path, to)] = (*path, index)
        both = isinstance(share, int | float) and isinstance(found.get(to), int | float)
        found[to] = found[to] + share if both else share
    return found
