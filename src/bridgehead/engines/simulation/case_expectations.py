"""What a case says a right engine finds: each value read by itself, so that one nobody can judge spoils no other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bridgehead.engines.simulation.case_metrics import Asked, asked
from bridgehead.engines.simulation.case_spelling import name_of, respelled
from bridgehead.engines.simulation.metrics import in_unit
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.noting import Flaw, Notes, Path, UnfitError, near_and_known, path_text
from bridgehead.engines.simulation.quantities import between, mapping, number, one_of, text
from bridgehead.kernel.errors import Fault

_OTHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "metric": ("figure", "measure"),
    "value": ("exact", "expected"),
    "rel_tol": ("rtol", "rel_tolerance"),
    "abs_tol": ("atol", "abs_tolerance"),
    "node": ("station",),
    "class": ("unit_class",),
    "q": ("p", "quantile", "level"),
}
LARGEST_TOLERANCE = 10.0


@dataclass(frozen=True, slots=True)
class Expected:
    """A known answer.

    Parameters
    ----------
    metric : str
        Its name in the case.
    value : float
        The answer, times in minutes and rates per minute; nan where it cannot be read.
    rel_tol : float
        By which share of the value the estimate may miss it.
    node, unit_class : str, optional
        Of which node and class, in the names of the case.
    q : float, optional
        Of which quantile.
    abs_tol : float
        By how much the estimate may miss it if that is more.
    meant : Asked, optional
        What the engine is asked, where it calls it otherwise.
    faults : tuple of Fault
        Why it cannot be judged.
    """

    metric: str
    value: float
    rel_tol: float
    node: str | None = None
    unit_class: str | None = None
    q: float | None = None
    abs_tol: float = 0.0
    meant: Asked | None = None
    faults: tuple[Fault, ...] = ()

    @property
    def asked(self) -> Asked:
        """What the engine is asked."""
        return self.meant or Asked(self.metric, self.node, self.unit_class, self.q)

    @property
    def tolerance(self) -> float:
        """By how much the estimate may miss the value."""
        return max(self.rel_tol * abs(self.value), self.abs_tol)


@dataclass(frozen=True, slots=True)
class Subject:
    """What expected values are about.

    Parameters
    ----------
    model : Model or None
        The model, None where it cannot be run; then only the form of the values is looked at.
    unit_min : float
        Minutes in the time unit of the case.
    inner : mapping
        Names of nodes in the case to those in the model, where they differ.
    """

    model: Model | None
    unit_min: float = 1.0
    inner: Mapping[str, str] | None = None


def read_expected(given: object, subject: Subject, notes: Notes, path: Path) -> Iterator[Expected]:
    """Yield the values of a case, those with faults too; one alone needs no list around it."""
    if isinstance(given, dict):
        yield _one(given, subject, notes, path)
    elif isinstance(given, list):
        for index, entry in enumerate(given):
            yield _one(entry, subject, notes, (*path, index))
    elif given is not None:
        notes.note(path, "model.not_list", value=str(given)[:80])


def _one(entry: object, subject: Subject, notes: Notes, path: Path) -> Expected:
    """Return one value; what is wrong with it is noted and kept with it."""
    own = Notes(notes.file, notes.lines)
    try:
        told, written = respelled(mapping(entry), _OTHER_WORDS)
    except UnfitError as error:
        own.note_flaws(path, error)
        notes.faults += own.faults
        return Expected("?", math.nan, math.nan, faults=own.errors)
    for name in told.keys() - _OTHER_WORDS.keys():
        own.caution((*path, written[name]), "model.unknown_field", **near_and_known(name, tuple(_OTHER_WORDS)))
    found, flaws = _fields(told, subject.model)
    meant = None
    if not flaws and subject.model is not None:
        try:
            meant = _meant(found, subject)
        except UnfitError as error:
            flaws += error.flaws
    for flaw in flaws:
        first = written.get(str(flaw.path[0]), flaw.path[0])
        where = (*path, first, *flaw.path[1:])
        own.note(where, flaw.code, **{**flaw.parameters, "field": path_text(where)})
    notes.faults += own.faults
    return _expected(found, told, meant, subject.unit_min, own.errors)


def _fields(told: Mapping[str, Any], model: Model | None) -> tuple[dict[str, Any], list[Flaw]]:
    """Return what can be read of the fields, and what is wrong with the others."""
    reads: dict[str, Callable[[object], Any]] = {
        "metric": text,
        "value": number,
        "rel_tol": lambda value: between(value, 0.0, LARGEST_TOLERANCE),
        "abs_tol": lambda value: between(value, 0.0, math.inf),
        "node": lambda value: text(name_of(value)),
        "class": lambda value: text(name_of(value)),
        "q": lambda value: between(value, 0.0, 1.0),
    }
    found: dict[str, Any] = {}
    flaws: list[Flaw] = []
    for name, read in reads.items():
        value = told.get(name)
        if value is None or (name in ("node", "class") and value == "*"):
            continue
        try:
            found[name] = read(value)
        except UnfitError as error:
            flaws += error.inside(name)
    wrong = {flaw.path[0] for flaw in flaws}
    for name in ("metric", "value"):
        if name not in found and name not in wrong:
            flaws.append(Flaw((name,), "model.missing", {"name": name}))
    if not {"rel_tol", "abs_tol"} & (found.keys() | wrong):
        flaws.append(Flaw(("rel_tol",), "model.missing", {"name": "rel_tol"}))
    if model is not None and "class" in found:
        try:
            one_of(found["class"], tuple(one.id for one in model.classes))
        except UnfitError as error:
            flaws += error.inside("class")
    return found, flaws


def _meant(found: Mapping[str, Any], subject: Subject) -> Asked | None:
    """Return what the engine is asked for, None where it is just what is told."""
    assert subject.model is not None
    inner = subject.inner or {}
    node = found.get("node")
    if node is not None:
        outer = {name: told for told, name in inner.items()}
        try:
            one_of(node, tuple(outer.get(one.id, one.id) for one in subject.model.nodes))
        except UnfitError as error:
            raise UnfitError.of(error.inside("node")) from None
    told = Asked(found["metric"], inner.get(node, node) if node else None, found.get("class"), found.get("q"))
    return asked(told, subject.model)


def _expected(
    found: Mapping[str, Any], told: Mapping[str, Any], meant: Asked | None, unit_min: float, faults: tuple[Fault, ...]
) -> Expected:
    factor = in_unit(meant.metric if meant else str(found.get("metric")), unit_min)
    metric, node, unit_class, q = (found.get(name) for name in ("metric", "node", "class", "q"))
    return Expected(
        metric=str(metric or told.get("metric", "?"))[:80],
        value=found.get("value", math.nan) / factor,
        rel_tol=found.get("rel_tol", 0.0 if "abs_tol" in found else math.nan),
        node=node,
        unit_class=unit_class,
        q=q,
        abs_tol=found.get("abs_tol", 0.0) / factor,
        meant=None if meant is None or meant == Asked(str(metric), node, unit_class, q) else meant,
        faults=faults,
    )
