"""Models in the words of the case format as descriptions in the native form: a case, one of a file, or a bare model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bridgehead.engines.simulation.case_spelling import respelled
from bridgehead.engines.simulation.case_units import unit_of
from bridgehead.engines.simulation.case_words import native_form
from bridgehead.engines.simulation.native_form import NativeForm
from bridgehead.engines.simulation.noting import Notes, Path, UnfitError, near_and_known
from bridgehead.engines.simulation.quantities import Setting, listed, mapping, time_min, whole

SCHEMA = "bridgehead-queue-case/1"
MOST_REPLICATIONS = 100_000
OF_A_CASE: Mapping[str, tuple[str, ...]] = {
    "id": ("name",),
    "model": ("system",),
    "run": ("simulation",),
    "expect": ("expects", "expected", "expectation", "expectations", "answers"),
    "source": (),
    "time_unit": (),
}
SECTIONS = ("cases", "performance")
_OF_A_RUN: Mapping[str, tuple[str, ...]] = {
    "warmup": ("warm_up",),
    "horizon": ("until",),
    "replications": ("runs", "reps"),
}
_REPLICATIONS = 10
_ODD = frozenset({"model.nobody_reaches"})
"""What is wrong with a port that somebody describes, and only odd in a system of a book."""


@dataclass(frozen=True, slots=True)
class CaseRun:
    """How long a case is run, from when on it counts, and how often."""

    warmup_min: float
    horizon_min: float
    replications: int


def is_case(raw: Mapping[str, Any]) -> bool:
    """Say whether a mapping is one case by itself."""
    own = {"cases", "nodes", "stations"}
    return own.isdisjoint(raw) and any(name in raw for name in ("model", *OF_A_CASE["model"]))


def in_native_form(raw: object, notes: Notes, case: str | None = None) -> tuple[object, Notes]:
    """Return a description in the native form, and the notes that put its faults where they stand in the file.

    Parameters
    ----------
    raw : object
        A description in the native form, which is returned as it is; a case; a file of cases; or the model of a case.
    notes : Notes
        Takes what is wrong.
    case : str, optional
        Which case of a file; a file of one needs no name.

    Raises
    ------
    BridgeheadError
        ``model.several_cases`` or ``model.unknown_case`` with the cases there are; the faults of a case without model.
    """
    if not isinstance(raw, dict):
        return raw, notes
    if case is not None or ("cases" in raw and "stations" not in raw):
        path, entry = _chosen(raw, case, notes)
        return _of_case(entry, raw.get("time_unit"), notes, path)
    if is_case(raw):
        return _of_case(raw, None, notes, ())
    if "nodes" not in raw or "stations" in raw:
        return raw, notes
    given = {name: value for name, value in raw.items() if (name, value) != ("schema", SCHEMA)}
    form, own = form_and_notes({**given, "time_unit": unit_of(raw.get("time_unit")).told}, None, notes, ())
    return form.native, own


def _chosen(raw: dict[str, Any], case: str | None, notes: Notes) -> tuple[Path, object]:
    """Return the case that is meant, with its path."""
    there = {name: (path, entry) for path, name, entry in reversed(list(_named(raw, notes)))}
    main = [found for found in there.values() if found[0][:1] != ("performance",)] or list(there.values())
    if case is None and len(main) == 1:
        return main[0]
    if case in there:
        return there[case]
    if case is not None:
        notes.note(("cases",), "model.unknown_case", **near_and_known(case, tuple(there)))
    elif there:
        told = near_and_known("", tuple(there))
        notes.note(("cases",), "model.several_cases", count=len(there), first=min(there), known=told["known"])
    elif not notes.errors:
        notes.note(("cases",), "model.missing", name="cases")
    notes.raise_errors()
    raise AssertionError


def _named(raw: dict[str, Any], notes: Notes) -> Iterator[tuple[Path, str, object]]:
    """Yield path, name and entry of every case."""
    if is_case(raw):
        yield (), name_of_case(raw, ("cases", 0)), raw
        return
    for section in SECTIONS:
        for index, entry in enumerate(entries_of(raw, section, notes)):
            yield (section, index), name_of_case(entry, (section, index)), entry


def entries_of(raw: Mapping[str, Any], section: str, notes: Notes) -> list[Any]:
    """Return the entries of a section of a file; one alone needs no list around it."""
    given = raw.get(section) or []
    try:
        return listed([given] if isinstance(given, dict) and "model" in given else given)
    except UnfitError as error:
        notes.note_flaws((section,), error)
        return []


def name_of_case(entry: object, path: Path) -> str:
    """Return the id of a case, or where it stands if it has none."""
    told = respelled(entry, OF_A_CASE)[0] if isinstance(entry, dict) else {}
    return str(told.get("id") or f"{path[0]}[{path[1]}]")


def _of_case(entry: object, unit: object, notes: Notes, path: Path) -> tuple[object, Notes]:
    """Return the model of a case with the run the case asks for."""
    try:
        told, written = respelled(mapping(entry), OF_A_CASE)
        if "model" not in told:
            raise UnfitError("model.missing", "model", name="model")
        given = mapping(told["model"])
        form, own = _with_run(given, told, written, unit, notes, path)
    except UnfitError as error:
        notes.note_flaws(path, error)
        notes.raise_errors()
        raise
    return form.native, own


def _with_run(  # noqa: PLR0917 - the parts of a case, in its order
    given: dict[str, Any], told: Mapping[str, Any], written: Mapping[str, str], unit: object, notes: Notes, path: Path
) -> tuple[NativeForm, Notes]:
    found = unit_of(given.get("time_unit", told.get("time_unit", unit)))
    run = read_run(told["run"], Setting(found.word), notes, (*path, written["run"])) if "run" in told else None
    return form_and_notes({**given, "time_unit": found.told}, run, notes, (*path, written["model"]))


def form_and_notes(given: Mapping[str, Any], run: CaseRun | None, notes: Notes, path: Path) -> tuple[NativeForm, Notes]:
    """Return the model of a case in the native form, and the notes that put its faults where they stand in the case."""
    form = native_form(given)
    if run is not None:
        times = {"warmup": f"{run.warmup_min!r} min", "horizon": f"{run.horizon_min!r} min"}
        form.native["run"] = {**times, "replications": run.replications}

    def renamed(inner: Path) -> Path:
        outer = (*path, *form.renamed(inner))
        return notes.renamed(outer) if notes.renamed else outer

    own = replace(notes, renamed=renamed, odd=_ODD, broken=set())
    for inner, code, told in form.flaws:
        own.note(inner, code, **told)
    return form, own


def read_run(given: object, setting: Setting, notes: Notes, path: Path) -> CaseRun | None:
    """Return how a case is run, or None with what is wrong noted."""
    reads: dict[str, Callable[[object], Any]] = {
        "warmup": lambda value: time_min(value, setting),
        "horizon": lambda value: time_min(value, setting),
        "replications": lambda value: whole(value, 1, MOST_REPLICATIONS),
    }
    found: dict[str, Any] = {"warmup": 0.0, "replications": _REPLICATIONS}
    told, written = respelled(given, _OF_A_RUN) if isinstance(given, dict) else ({}, {})
    before = len(notes.errors)
    for name, read in _given(told, reads):
        try:
            found[name] = read(told[name])
        except UnfitError as error:
            notes.note_flaws((*path, written[name]), error)
    if told.get("horizon") is None:
        notes.note((*path, "horizon"), "model.missing", name="horizon")
    elif "horizon" in found and found["horizon"] <= found["warmup"]:
        notes.note((*path, written["horizon"]), "model.horizon_before_warmup")
    if len(notes.errors) > before:
        return None
    return CaseRun(found["warmup"], found["horizon"], found["replications"])


def _given(told: Mapping[str, Any], reads: Mapping[str, Any]) -> Iterable[tuple[str, Callable[[object], Any]]]:
    return ((name, read) for name, read in reads.items() if told.get(name) is not None)
