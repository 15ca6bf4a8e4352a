"""Routes of a case: lists of next nodes with their probabilities, in any of the ways they are written down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bridgehead.engines.simulation.case_spelling import LEAVING, name_of, respelled, words
from bridgehead.engines.simulation.native_form import NativeForm
from bridgehead.engines.simulation.noting import Path
from bridgehead.engines.simulation.quantities import quoted
from bridgehead.engines.simulation.routing import OUT

_WAY: Mapping[str, tuple[str, ...]] = {
    "to": ("node", "next", "target"),
    "p": ("prob", "probability", "share"),
}
_SPECIAL = frozenset({"shortest"})


def put_routes(given: object, classes: Iterable[str], form: NativeForm) -> None:
    """Put routes into the native form; a table without classes is that of all."""
    if not isinstance(given, dict):
        form.native["routes"] = given
        return
    here: Path = ("routes",)
    known = {*form.native["stations"], *form.inner}
    if given and not {"*", *classes} & set(given) and set(given) <= known and not _by_class(given):
        form.origins["routes", "*"] = here
        given = {"*": given}
    tables: dict[str, Any] = {}
    for unit_class, table in given.items():
        if not isinstance(table, dict):
            tables[unit_class] = table
            continue
        tables[unit_class] = {}
        for told, targets in table.items():
            node = form.node(told)
            path: Path = ("routes", unit_class, node)
            if node != told:
                form.origins[path] = (*form.renamed(path[:2]), told)
            tables[unit_class][node] = _ways(targets, path, known, form)
    form.native["routes"] = tables


def _by_class(given: Mapping[str, Any]) -> bool:
    """Say whether tables of nodes lie under the names, as under names of classes."""
    return all(isinstance(one, dict) and all(isinstance(to, list) for to in one.values()) for one in given.values())


def _target(name: object, known: set[str], form: NativeForm) -> object:
    """Return a target in the native form: a node if one is called so, else out where the word says so."""
    told = name_of(name)
    if told is None or (isinstance(told, str) and told not in known and words(told) in LEAVING):
        return OUT
    return form.node(told)


def _ways(targets: object, path: Path, known: set[str], form: NativeForm) -> object:
    """Return ``[[next, share], ...]`` as a mapping; a target of nothing leaves, one named twice has both shares."""
    if targets is None or targets in ([], {}):
        return OUT
    if isinstance(targets, str | int) and not isinstance(targets, bool):
        return _target(targets, known, form)
    if isinstance(targets, dict):
        if _SPECIAL & set(targets) and not _SPECIAL & known:
            return {name: [form.node(one) for one in named] if isinstance(named, list) else named
                    for name, named in targets.items()}  # fmt: skip
        pairs = [targets] if "to" in respelled(targets, _WAY)[0] and not set(targets) <= known else None
        listed: list[Any] = pairs or [[to, share] for to, share in targets.items()]
        places: list[Path] = [()] if pairs else [(to,) for to in targets]
    elif isinstance(targets, list):
        one = len(targets) == 2 and not isinstance(targets[0], list | dict) and not isinstance(targets[1], list | str)
        listed = [targets] if one else targets
        places = [()] if one else [(index,) for index in range(len(targets))]
    else:
        return targets
    here = form.renamed(path)
    found: dict[str, Any] = {}
    for place, target in zip(places, listed, strict=True):
        pair = _pair(target)
        if pair is None:
            form.origins[(*path, *place)] = (*here, *place)
            form.note((*path, *place), "model.route_form", value=quoted(target)[:80])
            continue
        to, share = _target(pair[0], known, form), pair[1]
        if not isinstance(to, str):
            form.note((*path, *place), "model.route_form", value=quoted(target)[:80])
            continue
        form.origins[(*path, to)] = (*here, *place)
        both = isinstance(share, int | float) and isinstance(found.get(to), int | float)
        found[to] = found[to] + share if both else share
    return found


def _pair(target: object) -> list[Any] | None:
    """Return a target and its share."""
    if isinstance(target, dict):
        told, _ = respelled(target, _WAY)
        return [told["to"], told.get("p", 1.0)] if "to" in told and set(told) <= {"to", "p"} else None
    if isinstance(target, list):
        return target if len(target) == 2 else None
    return [target, 1.0]
