"""Stations and matches in the words of the case format, and in those others have for the same, turned into ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bridgehead.engines.simulation.case_distributions import distribution, kind_of
from bridgehead.engines.simulation.case_hours import hours, no_hours
from bridgehead.engines.simulation.case_spelling import is_endless, is_off, name_of, respelled, words
from bridgehead.engines.simulation.native_form import NativeForm
from bridgehead.engines.simulation.noting import Path
from bridgehead.engines.simulation.quantities import quoted

_PLACES = ("waiting_capacity", "waiting_places", "waiting_room", "places", "buffer", "max_queue", "queue_limit")
_STATION: Mapping[str, tuple[str, ...]] = {
    "servers": ("c", "server_count", "num_servers", "n_servers"),
    "service": ("service_time", "services"),
    "queue_capacity": _PLACES,
    "on_full": ("when_full", "if_full"),
    "patience": ("reneging", "abandonment"),
    "calendar": ("opening_hours", "schedule"),
    "breakdown": ("breakdowns", "failure", "failures"),
    "preempt": ("preemptive", "preemption"),
    "discipline": ("queue_discipline", "service_discipline"),
}
_MATCH: Mapping[str, tuple[str, ...]] = {
    "inputs": ("input", "sides", "classes", "pair", "pairs", "of"),
    "capacity": ("capacities", "queue_capacity", "queue_capacities", *_PLACES),
    "on_full": ("when_full", "if_full"),
    "as": ("output", "becomes", "out_class"),
}
_SIDE: Mapping[str, tuple[str, ...]] = {
    "class": ("id", "unit_class", "name"),
    "capacity": ("queue_capacity", *_PLACES),
    "on_full": ("when_full", "if_full"),
}
MOST_PRIORITY = 1e300
_TWO_SIDES = (("a", "b"), ("left", "right"), ("first", "second"))
_BREAKDOWN: Mapping[str, tuple[str, ...]] = {
    "up": ("mtbf", "mttf", "uptime", "time_to_failure"),
    "down": ("mttr", "downtime", "repair", "time_to_repair"),
    "while_idle": ("when_idle", "fails_idle"),
}
_ON_FULL: Mapping[str, tuple[str, ...]] = {
    "lose": ("loss", "lost", "drop", "reject", "leave", "turn_away", "balk"),
    "block_upstream": ("block", "blocking", "bas", "block_after_service", "blocking_after_service", "block_source"),
}
_MODES: Mapping[str, tuple[str, ...]] = {
    "resume": ("preemptive_resume", "preempt_resume", "continue"),
    "repeat": ("preemptive_repeat", "restart", "repeat_identical", "preemptive_repeat_identical"),
}
_KINDS: Mapping[str, tuple[str, ...]] = {
    "station": ("queue", "server", "servers"),
    "delay": ("infinite_server", "is", "think"),
    "match": ("matching", "sync", "synchronisation", "synchronization", "pairing"),
}
_BY_ORDER = ("fifo", "fcfs", "first_come_first_served", "first_in_first_out")
_BY_PRIORITY = ("priority", "non_preemptive", "nonpreemptive", "non_preemptive_priority", "hol", "head_of_line")
_PREEMPTING = ("preemptive", "preemptive_resume", "preemptive_priority", "priority_preemptive", "preempt")
_RESUMING = ("resume", "preemptive_resume", "preempt_resume", "yes", "true", "preemptive")


def _word(value: object, table: Mapping[str, tuple[str, ...]]) -> object:
    """Return the format's word for a choice."""
    if not isinstance(value, str):
        return value
    word = words(value)
    return next((name for name, others in table.items() if word in (name, *others)), value)


def put_nodes(stations: dict[str, dict[str, Any]], classes: Mapping[str, Mapping[str, Any]], form: NativeForm) -> None:
    """Put the nodes of a case into the native form; `stations` are those entries by their names there."""
    for name, node in stations.items():
        if "kind" in node:
            node["kind"] = _word(node["kind"], _KINDS)
        if node.get("kind") == "match":
            stations[name] = _match(name, node, classes, form)
        else:
            stations[name] = _station(name, node, classes, form)
    _settle_lines(stations, classes, form)
    form.native["stations"] = stations


def _moved(path: Path, written: Mapping[str, str], form: NativeForm) -> None:
    """Remember how the fields of an entry were written."""
    here = form.renamed(path)
    for field, as_written in written.items():
        if field != as_written:
            form.origins[(*path, field)] = (*here, as_written)


def _station(
    name: str, node: Mapping[str, Any], classes: Mapping[str, Mapping[str, Any]], form: NativeForm
) -> dict[str, Any]:
    path: Path = ("stations", name)
    found, written = respelled(node, _STATION)
    _moved(path, written, form)
    if "servers" in found and (found["servers"] is None or is_endless(found["servers"])):
        found["servers"] = "inf"
    reads: Mapping[str, Callable[[Any], Any]] = {
        "queue_capacity": _places,
        "on_full": lambda value: _full(value, form),
        "service": lambda value: by_class(value, classes),
        "patience": lambda value: _patience(value, classes),
        "breakdown": _breakdown,
        "preempt": _preempt,
        "gives_up_to": form.node,
        "balk": lambda value: {**value, "to": form.node(value["to"])} if _has(value, "to") else value,
    }
    for field in reads.keys() & found.keys():
        found[field] = reads[field](found[field])
    _room(found, path, form)
    _calendar(name, found, form)
    return {field: value for field, value in found.items() if value is not None}


def _has(value: object, field: str) -> bool:
    return isinstance(value, dict) and field in value


def _places(value: object) -> object:
    return None if value is None or is_endless(value) else value


def _full(value: object, form: NativeForm) -> object:
    if isinstance(value, dict) and set(value) == {"divert"}:
        return {"divert": form.node(value["divert"])}
    return _word(value, _ON_FULL)


def by_class(value: object, classes: Iterable[str]) -> object:
    """Return distributions by class in the words of the format; one without a distribution has that of all."""
    if isinstance(value, dict) and kind_of(value) is None and {"*", *classes} & set(value):
        return {name: distribution(one) for name, one in value.items() if one is not None}
    return distribution(value)


def _patience(value: object, classes: Mapping[str, Any]) -> object:
    """Return the patience of those classes that give up."""
    if _endless_patience(value):
        return None
    if not isinstance(value, dict) or kind_of(value) is not None or not {"*", *classes} & set(value):
        return distribution(value)
    patient = {name for name, one in value.items() if _endless_patience(one)}
    found = {name: distribution(one) for name, one in value.items() if name not in patient}
    if "*" in found and patient:
        every = found.pop("*")
        found = {**{name: every for name in classes if name not in patient}, **found}
    return found or None


def _endless_patience(value: object) -> bool:
    if isinstance(value, dict) and kind_of(value) is not None:
        inside = [one for name, one in value.items() if name in ("mean", "value")]
        return is_endless(kind_of(value)) or is_off(kind_of(value)) or any(map(is_endless, inside))
    return is_off(value) or is_endless(value)


def _breakdown(value: object) -> object:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if is_off(value):
        return None
    if not isinstance(value, dict):
        return value
    found, _ = respelled(value, _BREAKDOWN)
    for field in {"up", "down"} & found.keys():
        found[field] = distribution(found[field])
    if "mode" in found:
        found["mode"] = _word(found["mode"], _MODES)
    return found


def _preempt(value: object) -> object:
    if value is True or (isinstance(value, str) and words(value) in _RESUMING):
        return "resume"
    quiet = is_off(value) or (isinstance(value, str) and words(value) in ("false", *_BY_PRIORITY))
    return None if quiet else value


def _room(found: dict[str, Any], path: Path, form: NativeForm) -> None:
    """Read room that is told with the servers, and ask which is meant where that is not said."""
    if "system_capacity" in found and "queue_capacity" not in found:
        places, servers = found["system_capacity"], found.get("servers")
        if _places(places) is None:
            del found["system_capacity"]
        elif isinstance(places, int) and isinstance(servers, int) and places >= servers:
            form.origins[(*path, "queue_capacity")] = (*form.renamed(path), "system_capacity")
            found["queue_capacity"] = found.pop("system_capacity") - servers
    if "capacity" in found and "queue_capacity" not in found:
        form.origins[(*path, "queue_capacity")] = (*form.renamed(path), "capacity")
        if _places(found.pop("capacity")) is not None:
            form.note((*path, "queue_capacity"), "model.which_capacity")


def _calendar(name: str, found: dict[str, Any], form: NativeForm) -> None:
    given = found.get("calendar")
    if no_hours(given):
        found.pop("calendar", None)
    elif isinstance(given, dict | list):
        put_calendar(name, given, (*form.renamed(("stations", name, "calendar")),), form)
        found["calendar"] = name


def put_calendar(name: str, given: object, where: Path, form: NativeForm) -> None:
    """Put opening hours into the native form."""
    told, origins = hours(given, form.native.get("time_unit"))
    form.native["calendars"][name] = told
    form.origins[("calendars", name)] = where
    for inner, outer in origins.items():
        form.origins[("calendars", name, *inner)] = (*where, *outer)


def priority_of(entry: Mapping[str, Any]) -> float:
    """Return the priority number of a class; one that cannot be read is refused later."""
    given = entry.get("priority")
    return float(given) if isinstance(given, int | float) and abs(given) < MOST_PRIORITY else 0.0


def _settle_lines(
    stations: Mapping[str, dict[str, Any]], classes: Mapping[str, Mapping[str, Any]], form: NativeForm
) -> None:
    """Settle who is next at each station: by priority as the format says, by order alone, or with interruption."""
    served = {name: node for name, node in stations.items() if node.get("kind", "station") in ("station", "delay")}
    preempting = form.native.pop("preempting", False)
    common = form.native.pop("discipline", None)
    numbers = {priority_of(one) for one in classes.values()}
    in_order = []
    for name, node in served.items():
        told = node.pop("discipline", common)
        word = words(told) if isinstance(told, str) else told
        if word in _BY_ORDER:
            in_order.append(name)
        elif word in _PREEMPTING:
            node["preempt"] = "resume"
        elif word is not None and word not in _BY_PRIORITY:
            options = [_BY_ORDER[0], _BY_PRIORITY[0], _PREEMPTING[1]]
            form.note(("stations", name, "discipline"), "model.not_one_of", value=quoted(told)[:80], options=options)
        if preempting and node.get("servers") != "inf" and node.get("kind") != "delay":
            node.setdefault("preempt", "resume")
        if node.get("servers") == "inf":
            node.pop("preempt", None)  # nobody waits, so nobody is interrupted
    if len(numbers) > 1 and in_order and len(in_order) == len(served):
        for one in form.native["classes"].values():
            one["priority"] = 0
    elif len(numbers) > 1:
        for name in in_order:
            told = {"value": quoted(_BY_ORDER[0]), "options": [_BY_PRIORITY[0], _PREEMPTING[1]]}
            form.note(("stations", name, "discipline"), "model.not_one_of", **told)


def _match(
    name: str, node: Mapping[str, Any], classes: Mapping[str, Mapping[str, Any]], form: NativeForm
) -> dict[str, Any]:
    """Bring the sides of a match into one form: a list with class, capacity and what happens when they are full."""
    path: Path = ("stations", name)
    found, written = respelled(node, _MATCH)
    found.pop("servers", None)
    found.pop("discipline", None)
    if _takes_no_time(found.get("service")):
        found.pop("service", None)
    shared = {field: found.pop(field) for field in ("capacity", "on_full") if field in found}
    given = found.pop("inputs", None)
    if given is None:
        given = _sides_elsewhere(found, shared, classes)
    _moved(path, written, form)
    if not isinstance(given, dict | list):
        return {**found, "inputs": {} if given is None else given}
    pairs: list[tuple[str | int, Any]] = list(given.items() if isinstance(given, dict) else enumerate(given))
    sides = []
    for index, (place, side) in enumerate(pairs):
        form.origins[(*path, "inputs", index)] = (*form.renamed(path), written.get("inputs", "inputs"), place)
        sides.append(_side(_entry(place, side), index, shared))
    found["inputs"] = sides or {}
    return found


def _takes_no_time(value: object) -> bool:
    if isinstance(value, dict) and kind_of(value) is None:
        return all(map(_takes_no_time, value.values()))
    inner = distribution(value)
    return inner in (None, 0) or inner == {"dist": "det", "value": 0}


def _sides_elsewhere(found: dict[str, Any], shared: Mapping[str, Any], classes: Mapping[str, Any]) -> Any:
    """Return the sides where no list names them: two fields, the classes that have places, or the only two."""
    for names in _TWO_SIDES:
        if set(names) <= set(found):
            return [found.pop(one) for one in names]
    for value in shared.values():
        if isinstance(value, dict) and len(value) == 2 and set(value) <= set(classes):
            return list(value)
    return list(classes) if len(classes) == 2 else None


def _entry(place: str | int, side: object) -> dict[str, Any]:
    """Return one side as a mapping: a class alone, with its places, or as an entry of its own."""
    if isinstance(place, str):
        return {"class": place, **(side if isinstance(side, dict) else {"capacity": side})}
    if isinstance(side, list) and 1 <= len(side) <= 3:
        return dict(zip(("class", "capacity", "on_full"), side, strict=False))
    return dict(side) if isinstance(side, dict) else {"class": side}


def _side(side: dict[str, Any], index: int, shared: Mapping[str, Any]) -> dict[str, Any]:
    """Return one side; what its node says of all sides, or of its class, counts where it says nothing itself."""
    found, _ = respelled(side, _SIDE)
    if "class" in found:
        found["class"] = name_of(found["class"])
    for field, value in shared.items():
        own = value
        if isinstance(value, dict) and "divert" not in value:
            own = value.get(found.get("class"), value.get("*"))
        elif isinstance(value, list):
            own = value[index] if index < len(value) else None
        if own is not None and field not in found:
            found[field] = own
    if "capacity" in found:
        found["capacity"] = _places(found["capacity"])
    if "on_full" in found:
        found["on_full"] = _word(found["on_full"], _ON_FULL)
    return found
