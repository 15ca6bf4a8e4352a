"""The case format of queueing systems with known answers: each case a model, a run and what a right engine finds.

A case says its model in its own words (lists of nodes, hours inside a station); they are turned into the native form
and read as such, with the paths of faults turned back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bridgehead.engines.simulation.case_words import native_form
from bridgehead.engines.simulation.description import UNITS
from bridgehead.engines.simulation.documents import read_document
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.noting import Flaw, Notes, Path, UnfitError
from bridgehead.engines.simulation.quantities import (
    Setting,
    between,
    listed,
    mapping,
    number,
    one_of,
    text,
    time_min,
    to_minutes,
    whole,
)
from bridgehead.engines.simulation.reading import model_of
from bridgehead.kernel.errors import BridgeheadError, Place

SCHEMA = "bridgehead-queue-case/1"
TIMES = frozenset({"wait_mean", "wait_quantile", "sojourn_mean", "sojourn_quantile", "sojourn_p95", "wait_total_mean"})
"""Metrics that are times; `value` is in minutes."""
RATES = frozenset({"throughput"})
"""Metrics that are per time; `value` is per minute."""
MOST_REPLICATIONS = 100_000


@dataclass(frozen=True, slots=True)
class CaseRun:
    """How long a case is run, from when on it counts, and how often."""

    warmup_min: float
    horizon_min: float
    replications: int


@dataclass(frozen=True, slots=True)
class Expected:
    """A known answer.

    Parameters
    ----------
    metric : str
        Its name in the format.
    value : float
        The answer, times in minutes and rates per minute.
    rel_tol : float
        By which share of the value the estimate may miss it.
    node, unit_class : str, optional
        Of which node and class.
    q : float, optional
        Of which quantile.
    """

    metric: str
    value: float
    rel_tol: float
    node: str | None = None
    unit_class: str | None = None
    q: float | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One system with known answers; `told` is the entry as it stands, `unit_min` the length of its unit of time."""

    id: str
    title: str
    source: str
    model: Model
    run: CaseRun
    expect: tuple[Expected, ...]
    unit_min: float = 1.0
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All cases of a file, and its other sections as they stand; performance models are cases without answers."""

    title: str
    cases: tuple[Case, ...]
    performance: tuple[Case, ...] = ()
    coverage: Mapping[str, Any] = field(default_factory=dict)
    common_random_numbers: Mapping[str, Any] = field(default_factory=dict)


def read_cases(source: str | bytes | Mapping[str, Any], *, name: str = "cases.json") -> CaseFile:
    """Return the cases of a file.

    Parameters
    ----------
    source : str, bytes or mapping
        The file's text, JSON or YAML, or what was read of it.
    name : str
        Name of the file, for the places of faults.

    Raises
    ------
    BridgeheadError
        With every fault of every case; paths such as ``cases[3].model.nodes[0].servers``.
    """
    raw, notes = read_document(source, name)
    if not isinstance(raw, dict):
        raise BridgeheadError("model.no_description", {}, Place(name))
    if raw.get("schema", SCHEMA) != SCHEMA:
        notes.note(("schema",), "model.not_one_of", value=str(raw["schema"]), options=[SCHEMA])
    reader = _Reader(notes)
    cases = reader.section(raw, "cases")
    if not cases and not notes.errors:
        notes.note(("cases",), "model.missing", name="cases")
    performance = reader.section(raw, "performance")
    notes.raise_errors()
    sections = {one: raw[one] for one in ("coverage", "common_random_numbers") if isinstance(raw.get(one), dict)}
    return CaseFile(str(raw.get("title", "")), cases, performance, **sections)


class _Reader:
    """Reads case after case and notes what is wrong with each."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes

    def section(self, raw: Mapping[str, Any], section: str) -> tuple[Case, ...]:
        """Return the cases of a section of the file."""
        try:
            entries = listed(raw.get(section) or [])
        except UnfitError as error:
            self.notes.note_flaws((section,), error)
            return ()
        found: dict[str, Case] = {}
        for index, entry in enumerate(entries):
            case = self._case(entry, (section, index))
            if case is not None and case.id in found:
                self.notes.note((section, index, "id"), "model.named_twice", name=case.id)
            elif case is not None:
                found[case.id] = case
        return tuple(found.values())

    def _case(self, entry: object, path: Path) -> Case | None:
        try:
            told = mapping(entry)
            for needed in ("id", "model", "run"):
                if needed not in told:
                    raise UnfitError("model.missing", needed, name=needed)
            given = mapping(told["model"])
        except UnfitError as error:
            self.notes.note_flaws(path, error)
            return None
        unit = given.get("time_unit", "min")
        if unit not in UNITS:
            unit = "min"  # the model's reader says that it is none
        run = self._run(told["run"], Setting(unit), (*path, "run"))
        model = self._model(given, run, (*path, "model"))
        expect = self._expect(told.get("expect") or [], model, unit, (*path, "expect"))
        if run is None:
            return None
        name, title, source = (str(told.get(one, "")) for one in ("id", "title", "source"))
        return Case(name, title, source, model, run, expect, to_minutes(1.0, unit), told)

    def _model(self, given: dict[str, Any], run: CaseRun | None, path: Path) -> Model:
        form = native_form(given)
        if run is not None:
            times = {"warmup": f"{run.warmup_min!r} min", "horizon": f"{run.horizon_min!r} min"}
            form.native["run"] = {**times, "replications": run.replications}
        notes = Notes(self.notes.file, self.notes.lines, lambda inner: (*path, *form.renamed(inner)))
        for inner, code, told in form.flaws:
            notes.note(inner, code, **told)
        model = model_of(form.native, notes)
        self.notes.faults += [fault for fault in notes.faults if fault not in self.notes.faults]
        return model

    def _run(self, given: object, setting: Setting, path: Path) -> CaseRun | None:
        found: dict[str, Any] = {}
        reads: dict[str, Callable[[object], Any]] = {
            "warmup": lambda value: time_min(value, setting),
            "horizon": lambda value: time_min(value, setting),
            "replications": lambda value: whole(value, 1, MOST_REPLICATIONS),
        }
        told = given if isinstance(given, dict) else {}
        for name, read in reads.items():
            try:
                if name not in told:
                    raise UnfitError("model.missing", name=name)
                found[name] = read(told[name])
            except UnfitError as error:
                self.notes.note_flaws((*path, name), error)
        if len(found) < len(reads):
            return None
        if found["horizon"] <= found["warmup"]:
            self.notes.note((*path, "horizon"), "model.horizon_before_warmup")
        return CaseRun(found["warmup"], found["horizon"], found["replications"])

    def _expect(self, given: object, model: Model, unit: str, path: Path) -> tuple[Expected, ...]:
        found = []
        try:
            entries = listed(given)
        except UnfitError as error:
            self.notes.note_flaws(path, error)
            return ()
        for index, entry in enumerate(entries):
            try:
                found.append(_expected(mapping(entry), model, unit))
            except UnfitError as error:
                self.notes.note_flaws((*path, index), error)
        return tuple(found)


def _expected(entry: dict[str, Any], model: Model, unit: str) -> Expected:
    reads: dict[str, Callable[[object], Any]] = {
        "metric": text,
        "value": number,
        "rel_tol": lambda value: between(value, 0.0, 10.0),
    }
    optional: dict[str, Callable[[object], Any]] = {
        "node": lambda value: one_of(value, tuple(node.id for node in model.nodes)),
        "class": lambda value: one_of(value, tuple(one.id for one in model.classes)),
        "q": lambda value: between(value, 0.0, 1.0),
    }
    found: dict[str, Any] = {}
    flaws: list[Flaw] = []
    for name, read in (reads | optional).items():
        try:
            if entry.get(name) is not None:
                found[name] = read(entry[name])
            elif name in reads:
                raise UnfitError("model.missing", name=name)
        except UnfitError as error:
            flaws += error.inside(name)
    if flaws:
        raise UnfitError.of(flaws)
    value = found["value"]
    if found["metric"] in TIMES:
        value = to_minutes(value, unit)
    elif found["metric"] in RATES:
        value = value / to_minutes(1.0, unit)
    return Expected(found["metric"], value, found["rel_tol"], found.get("node"), found.get("class"), found.get("q"))
