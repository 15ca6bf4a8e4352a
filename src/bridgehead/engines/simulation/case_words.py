"""A model in the words of the case format, turned into the native form; where its words leave room, all are taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bridgehead.engines.simulation.assembling import RESERVED
from bridgehead.engines.simulation.case_distributions import batch, distribution
from bridgehead.engines.simulation.case_nodes import priority_of, put_calendar, put_nodes
from bridgehead.engines.simulation.case_routes import put_routes
from bridgehead.engines.simulation.case_spelling import REMARKS, is_off, name_of, respelled, words
from bridgehead.engines.simulation.native_form import NativeForm
from bridgehead.engines.simulation.quantities import quoted

NATIVE = "bridgehead-port-model/1"
"""A case may also bring its model in the native form, which can say more."""
_MODEL: Mapping[str, tuple[str, ...]] = {
    "nodes": ("stations",),
    "routes": ("routing",),
    "discipline": ("queue_discipline", "service_discipline"),
    "preempt": ("preemptive", "preemption"),
}
_SECTIONS = {"classes", "nodes", "sources", "routes", "population", "calendars", "pools", "preempt", "id", "name"}
_CLASS: Mapping[str, tuple[str, ...]] = {"preempt": ("preemptive", "preemption")}
_SOURCE: Mapping[str, tuple[str, ...]] = {
    "node": ("station",),
    "class": ("unit_class",),
    "interarrival": ("interarrival_time", "inter_arrival", "arrival"),
    "batch": ("batch_size", "size"),
}
_POPULATION: Mapping[str, tuple[str, ...]] = {
    "node": ("station",),
    "class": ("unit_class",),
    "count": ("n", "number", "size", "units"),
}
_BOOKED = ("count", "per_day", "slot", "lateness")


def native_form(model: Mapping[str, Any]) -> NativeForm:
    """Return the native form of a model of a case."""
    form = NativeForm()
    if model.get("schema") == NATIVE:
        form.native = dict(model)
        return form
    told, written = respelled(model, _MODEL)
    form.native = {name: value for name, value in told.items() if name not in _SECTIONS}
    form.origins = {(name,): (other,) for name, other in written.items() if name != other}
    form.origins["stations",] = (written.get("nodes", "nodes"),)
    classes = _entries(told.get("classes"), "classes", "classes", form)
    form.native["classes"] = classes
    _preempting(told.get("preempt"), classes, form)
    _calendars(told.get("calendars"), form)
    if "pools" in told:
        form.native["pools"] = told["pools"]
    nodes = _entries(told.get("nodes"), form.origins["stations",][0], "stations", form)
    put_nodes(nodes, classes, form)
    form.native["sources"] = list(_listed(told.get("sources"), "sources", _SOURCE, form))
    form.native["population"] = list(_listed(_fleets(told.get("population"), form), "population", _POPULATION, form))
    put_routes(told.get("routes"), classes, form)
    return form


def _entries(given: object, section: str | int, native: str, form: NativeForm) -> dict[str, dict[str, Any]]:
    """Return the entries of a list by their ids, or of a mapping, without remarks."""
    found: dict[str, dict[str, Any]] = {}
    if isinstance(given, dict):
        pairs: list[tuple[str | int, object, object]] = [(name, name, one) for name, one in given.items()]
    elif isinstance(given, list):
        pairs = [(i, _id_of(one), one) for i, one in enumerate(given)]
    else:
        if given is not None:
            form.note((native,), "model.not_list", value=quoted(given)[:80])
        return found
    names = {name for _, name, _ in pairs if isinstance(name, str)}
    for place, name, one in pairs:
        key = name if isinstance(name, str) else f"#{place}"
        if native == "stations" and key in RESERVED:
            form.inner[key] = key = _free(key, names)
        if key in found:
            form.origins[(native, f"{key}#{place}")] = (section, place)
            form.note((native, f"{key}#{place}", "id"), "model.named_twice", name=key)
            continue
        form.origins[(native, key)] = (section, place)
        if not isinstance(name, str):
            form.note((native, key, "id"), "model.missing", name="id")
        inside = one if isinstance(one, dict) else {}
        found[key] = {field: item for field, item in inside.items() if field not in {"id", "name"} | REMARKS}
    return found


def _id_of(entry: object) -> object:
    if not isinstance(entry, dict):
        return name_of(entry)
    return name_of(entry["id"] if entry.get("id") is not None else entry.get("name"))


def _free(name: str, taken: set[str]) -> str:
    """Return a name like this one that nobody has."""
    free = f"{name}_"
    while free in taken:
        free += "_"
    return free


def _preempting(common: object, classes: Mapping[str, dict[str, Any]], form: NativeForm) -> None:
    """Take interruption from the model or its classes to the stations, where all who could interrupt do."""
    told = {name: not _quiet(one.pop("preempt")) for name, one in _respelled_classes(classes) if "preempt" in one}
    everywhere = common is not None and not _quiet(common)
    if any(told.values()):
        numbers = {name: priority_of(one) for name, one in classes.items()}
        last = max(numbers.values(), default=0.0)
        unlike = [name for name, number in numbers.items() if number < last and not told.get(name)]
        for name in unlike:
            form.note(("classes", name, "preempt"), "model.not_one_of", value="false", options=["true"])
        everywhere = not unlike
    form.native["preempting"] = everywhere


def _respelled_classes(classes: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, one in classes.items():
        told, _ = respelled(one, _CLASS)
        one.clear()
        one.update(told)
        yield name, one


def _quiet(value: object) -> bool:
    return is_off(value) or (isinstance(value, str) and words(value).startswith("non"))


def _calendars(given: object, form: NativeForm) -> None:
    """Take calendars that have names, of a mapping or a list."""
    form.native["calendars"] = {}
    if given is not None and not isinstance(given, dict | list):
        form.native["calendars"] = given
        return
    if isinstance(given, dict):
        pairs: list[tuple[str | int, object, object]] = [(name, name, one) for name, one in given.items()]
    else:
        pairs = [(place, _id_of(one), one) for place, one in enumerate(given or ())]
    for place, name, one in pairs:
        if not isinstance(name, str):
            form.origins["calendars", f"#{place}"] = ("calendars", place)
            form.note(("calendars", f"#{place}", "id"), "model.missing", name="id")
            continue
        inside = (
            {field: item for field, item in one.items() if field not in {"id", "name"}}
            if isinstance(one, dict)
            else one
        )
        put_calendar(name, inside, ("calendars", place), form)


def _fleets(given: object, form: NativeForm) -> object:
    """Return who is there at time 0 as a list, also of a mapping of nodes to numbers."""
    nodes = {*form.native["stations"], *form.inner}
    if isinstance(given, dict) and given and set(given) <= nodes:
        return [{"node": node, "count": count} for node, count in given.items()]
    return given


def _listed(
    given: object, section: str, other: Mapping[str, tuple[str, ...]], form: NativeForm
) -> Iterator[dict[str, Any] | Any]:
    """Yield sources, or closed fleets, in the words of the format; one alone needs no list around it."""
    if isinstance(given, dict) and ("node" in given or len(form.native["stations"]) == 1):
        form.origins[section, 0] = (section,)
        given = [given]
    if not isinstance(given, list):
        if given is not None:
            form.note((section,), "model.not_list", value=quoted(given)[:80])
        return
    at = 0
    for place, one in enumerate(given):
        if not isinstance(one, dict):
            yield one
            at += 1
            continue
        told, written = respelled(one, other)
        if section == "population" and told.get("count") == 0:
            continue
        here = form.origins.setdefault((section, at), (section, place))
        form.origins |= {(section, at, name): (*here, as_written) for name, as_written in written.items()}
        yield _entry(told, form)
        at += 1


def _entry(told: dict[str, Any], form: NativeForm) -> dict[str, Any]:
    """Return one entry; a class, or a node, that is the only one need not be said."""
    for field, section in (("class", "classes"), ("node", "stations")):
        if told.get(field) is None and len(form.native[section]) == 1:
            told[field] = next(iter(form.native[section]))
    told["node"] = form.node(told.get("node"))
    told["class"] = name_of(told.get("class"))
    if told.get("start") == 0:
        del told["start"]
    for field in {"interarrival", "lateness"} & told.keys():
        told[field] = distribution(told[field])
    if "batch" in told:
        told["batch"] = batch(told["batch"])
    booked = told.get("appointments")
    if isinstance(booked, dict):
        told["appointments"] = {
            field: distribution(item) if field in _BOOKED else item
            for field, item in booked.items()
            if field not in REMARKS
        }
    return {field: item for field, item in told.items() if item is not None}
