"""The case format of queueing systems with known answers: each case a model, a run and what a right engine finds.

A case says its model in its own words (lists of nodes, hours inside a station); they are turned into the native form
and read as such, with the paths of faults turned back. A case nobody can run, and a value nobody can judge, keep their
faults with them and leave the others alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bridgehead.engines.simulation.case_expectations import Expected, Subject, read_expected
from bridgehead.engines.simulation.case_models import (
    OF_A_CASE,
    SCHEMA,
    CaseRun,
    entries_of,
    form_and_notes,
    is_case,
    name_of_case,
    read_run,
)
from bridgehead.engines.simulation.case_spelling import respelled
from bridgehead.engines.simulation.case_units import unit_of
from bridgehead.engines.simulation.documents import read_document
from bridgehead.engines.simulation.model import Model
from bridgehead.engines.simulation.noting import Notes, Path, UnfitError, near_and_known
from bridgehead.engines.simulation.quantities import Setting, mapping, quoted, to_minutes
from bridgehead.engines.simulation.reading import caution, model_of
from bridgehead.kernel.errors import BridgeheadError, Fault, Place

__all__ = ["SCHEMA", "Case", "CaseFile", "CaseRun", "Expected", "UnreadCase", "read_cases", "read_cases_apart"]


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
class UnreadCase:
    """A case that cannot be run, with the values it expects as far as they can be read, and why."""

    id: str
    expect: tuple[Expected, ...]
    faults: tuple[Fault, ...]
    unit_min: float = 1.0


@dataclass(frozen=True, slots=True)
class CaseFile:
    """All cases of a file, and its other sections as they stand; performance models are cases without answers.

    Parameters
    ----------
    title : str
        What the file says of itself.
    entries : tuple of Case or UnreadCase
        In the order of the file.
    performance : tuple of Case
        The models whose speed is measured.
    coverage, common_random_numbers : mapping
        As they stand.
    faults : tuple of Fault
        Everything that is wrong or odd in the file.
    """

    title: str
    entries: tuple[Case | UnreadCase, ...]
    performance: tuple[Case, ...] = ()
    coverage: Mapping[str, Any] = field(default_factory=dict)
    common_random_numbers: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()

    @property
    def cases(self) -> tuple[Case, ...]:
        """Those that can be run."""
        return tuple(one for one in self.entries if isinstance(one, Case))


def read_cases(source: str | bytes | Mapping[str, Any], *, name: str = "cases.json") -> CaseFile:
    """Return the cases of a file in which nothing is wrong.

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
    found = read_cases_apart(source, name=name)
    if any(fault.severity == "error" for fault in found.faults):
        raise BridgeheadError.of(found.faults)
    return found


def read_cases_apart(source: str | bytes | Mapping[str, Any], *, name: str = "cases.json") -> CaseFile:
    """Return the cases of a file, each with what is wrong with it; one case needs no file around it.

    Raises
    ------
    BridgeheadError
        Where it is no file of cases at all.
    """
    raw, notes = read_document(source, name)
    if not isinstance(raw, dict):
        raise BridgeheadError("model.no_description", {}, Place(name))
    if raw.get("schema", SCHEMA) != SCHEMA:
        notes.note(("schema",), "model.not_one_of", value=quoted(raw["schema"])[:80], options=[SCHEMA])
    given: dict[str, Any] = raw
    if is_case(raw):
        given = {"cases": [raw]}
        notes = replace(notes, renamed=lambda path: path[2:] if path[:2] == ("cases", 0) else path)
    reader = _Reader(notes, given.get("time_unit"))
    entries = reader.section(given, "cases")
    if not entries and not notes.errors:
        notes.note(("cases",), "model.missing", name="cases")
    if not entries:
        notes.raise_errors()
    performance = tuple(one for one in reader.section(given, "performance") if isinstance(one, Case))
    sections = {one: given[one] for one in ("coverage", "common_random_numbers") if isinstance(given.get(one), dict)}
    return CaseFile(str(given.get("title", "")), entries, performance, **sections, faults=tuple(notes.faults))


class _Reader:
    """Reads case after case and notes what is wrong with each."""

    def __init__(self, notes: Notes, unit: object) -> None:
        self.notes = notes
        self.unit = unit

    def section(self, raw: Mapping[str, Any], section: str) -> tuple[Case | UnreadCase, ...]:
        """Return the cases of a section of the file."""
        found: list[Case | UnreadCase] = []
        for index, entry in enumerate(entries_of(raw, section, self.notes)):
            own = Notes(self.notes.file, self.notes.lines, self.notes.renamed)
            try:
                case = self._case(entry, (section, index), own)
            except Exception as reason:  # one odd case must not take the others with it
                told = {"case": f"{section}[{index}]", "reason": f"{type(reason).__name__}: {reason}"}
                own.note((section, index), "simulation.case_stopped", **told)
                values = _expected(entry, Subject(None), own, (section, index))
                case = UnreadCase(told["case"], values, own.errors)
            if case.id in {one.id for one in found}:
                own.caution((section, index, "id"), "model.named_twice", name=case.id)
            self.notes.faults += own.faults
            found.append(case)
        return tuple(found)

    def _case(self, entry: object, path: Path, notes: Notes) -> Case | UnreadCase:
        told, written = _respelled(entry)
        name = name_of_case(entry, path)
        run, model, unit_min = None, None, 1.0
        inner: Mapping[str, str] = {}
        try:
            mapping(entry)
            _caution_near_misses(told, written, notes, path)
            for needed in ("model", "run"):
                if needed not in told:
                    raise UnfitError("model.missing", needed, name=needed)
            given = mapping(told["model"])
            unit = unit_of(given.get("time_unit", told.get("time_unit", self.unit)))
            unit_min = to_minutes(1.0, unit.word)
            run = read_run(told["run"], Setting(unit.word), notes, (*path, written["run"]))
            model, inner = _model({**given, "time_unit": unit.told}, run, notes, (*path, written["model"]))
        except UnfitError as error:
            notes.note_flaws(path, error)
        faults = notes.errors
        whole = not faults and run is not None and model is not None
        expect = _expected(entry, Subject(model if whole else None, unit_min, inner), notes, path)
        if path[0] == "cases" and not expect:  # it would pass whatever the engine finds
            if isinstance(entry, dict) and not told.get("expect"):
                notes.note((*path, written.get("expect", "expect")), "model.missing", name="expect")
            faults, expect = notes.errors, (Expected("?", math.nan, math.nan),)
        if faults or run is None or model is None:
            return UnreadCase(name, expect, faults, unit_min)
        title, source = (str(mapping(entry).get(one, "")) for one in ("title", "source"))
        return Case(name, title, source, model, run, expect, unit_min, mapping(entry))


def _respelled(entry: object) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the fields of an entry in the words of the format, and how each was written."""
    return respelled(entry, OF_A_CASE) if isinstance(entry, dict) else ({}, {})


def _caution_near_misses(told: Mapping[str, Any], written: Mapping[str, str], notes: Notes, path: Path) -> None:
    """Tell of fields that look like a slip of the pen; others are left alone, as files carry more than is read."""
    for name in told.keys() - OF_A_CASE.keys():
        hint = near_and_known(name, tuple(OF_A_CASE))
        if "near" in hint:
            notes.caution((*path, written[name]), "model.unknown_field", **hint)


def _expected(entry: object, about: Subject, notes: Notes, path: Path) -> tuple[Expected, ...]:
    """Return what an entry says a right engine finds."""
    told, written = _respelled(entry)
    return tuple(read_expected(told.get("expect"), about, notes, (*path, written.get("expect", "expect"))))


def _model(given: dict[str, Any], run: CaseRun | None, notes: Notes, path: Path) -> tuple[Model, Mapping[str, str]]:
    """Return the model of a case, and the names of its nodes in the case to those in the model where they differ."""
    form, own = form_and_notes(given, run, notes, path)
    model = model_of(form.native, own)
    if not own.errors:
        caution(model, own)
    return model, form.inner
