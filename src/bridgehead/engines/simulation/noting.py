"""Faults of a description as they are found: each with its path in the file, all kept, none raised before the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.schemas import nearest

Path = tuple[str | int, ...]
_Key = TypeVar("_Key", str, int)
_Given = TypeVar("_Given")
_Found = TypeVar("_Found")
MOST_FAULTS = 500
"""A file with more is another file than was meant; the rest is not listed."""
_MOST_KNOWN = 40


def path_text(path: Path) -> str:
    """Return a path as people write it: ``stations.gate.service.*``, ``cases[3].model.nodes[0]``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text


def near_and_known(name: str, known: Mapping[str, object] | frozenset[str] | tuple[str, ...]) -> dict[str, object]:
    """Return the parameters of a fault about an unknown name: what there is, if anything, and what is nearest."""
    near = nearest(name, known)
    hint: dict[str, object] = {"near": near} if near else {} if known else {"none": True}
    return {"name": name, "known": sorted(known)[:_MOST_KNOWN], **hint}


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a part of a value: where inside it, the code of the fault and its parameters."""

    path: Path
    code: str
    parameters: Mapping[str, object] = field(default_factory=dict)


class UnfitError(ValueError):
    """A value that cannot be read, with all that is wrong with it."""

    def __init__(self, code: str, /, *path: str | int, **parameters: object) -> None:
        super().__init__(code)
        self.flaws: tuple[Flaw, ...] = (Flaw(path, code, parameters),)

    @classmethod
    def of(cls, flaws: Iterable[Flaw]) -> UnfitError:
        """Return one error out of at least one flaw."""
        found = tuple(flaws)
        error = cls(found[0].code)
        error.flaws = found
        return error

    def inside(self, *path: str | int) -> tuple[Flaw, ...]:
        """Return the flaws as those of a value that holds this one at a path."""
        return tuple(Flaw((*path, *flaw.path), flaw.code, flaw.parameters) for flaw in self.flaws)


@dataclass(slots=True)
class Notes:
    """All faults found in one file so far.

    Parameters
    ----------
    file : str
        Name of the file, for the places.
    lines : mapping
        Path to line, where the file has lines.
    renamed : callable, optional
        Turns a path of the native form into that of the file read.
    odd : frozenset of str
        Codes of errors that are only warnings in what is read.
    """

    file: str
    lines: Mapping[Path, int] = field(default_factory=dict)
    renamed: Callable[[Path], Path] | None = None
    odd: frozenset[str] = frozenset()
    faults: list[Fault] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)

    def note(self, path: Path, code: str, /, **parameters: object) -> None:
        """Keep an error; the same one at the same place only once."""
        self.mark(path)
        self._keep(Fault(code, parameters, self.place(path), "warning" if code in self.odd else "error"))

    def caution(self, path: Path, code: str, /, **parameters: object) -> None:
        """Keep a warning."""
        self._keep(Fault(code, parameters, self.place(path), "warning"))

    def _keep(self, fault: Fault) -> None:
        if len(self.faults) < MOST_FAULTS and fault not in self.faults:
            self.faults.append(fault)

    def mark(self, path: Path) -> None:
        """Remember that something is wrong at a path, so that nothing is said that only follows from it."""
        self.broken.update(path[:length] for length in range(len(path) + 1))

    def note_flaws(self, path: Path, error: UnfitError) -> None:
        """Keep what is wrong with the value at a path."""
        for flaw in error.flaws:
            self.note((*path, *flaw.path), flaw.code, **flaw.parameters)

    def faulty(self, *path: str | int) -> bool:
        """Say whether an error was noted at a path or below it."""
        return path in self.broken

    def place(self, path: Path) -> Place:
        """Return the place of a path: the file, the line of the innermost part that has one, and the path."""
        path = self.renamed(path) if self.renamed else path
        line = next((self.lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in self.lines), None)
        return Place(self.file, line, field=path_text(path) or None)

    def written(self, path: Path) -> str:
        """Return how the file calls the last part of a path."""
        return str((self.renamed(path) if self.renamed else path)[-1])

    @property
    def errors(self) -> tuple[Fault, ...]:
        """The faults that are no warnings."""
        return tuple(fault for fault in self.faults if fault.severity == "error")

    @property
    def warnings(self) -> tuple[Fault, ...]:
        """The faults with which the description can still be used."""
        return tuple(fault for fault in self.faults if fault.severity == "warning")

    def raise_errors(self) -> None:
        """Raise everything noted if any of it is an error.

        Raises
        ------
        BridgeheadError
            With every fault, warnings last.
        """
        if self.errors:
            raise BridgeheadError.of(self.faults)


def each_of(entries: Iterable[tuple[_Key, _Given]], read: Callable[[_Given], _Found]) -> dict[_Key, _Found]:
    """Read the entries of a mapping, or of a list by number, and return them in their order.

    Raises
    ------
    UnfitError
        With the flaws of every entry that cannot be read, each inside its entry.
    """
    found: dict[_Key, _Found] = {}
    flaws: list[Flaw] = []
    for key, value in entries:
        try:
            found[key] = read(value)
        except UnfitError as error:
            flaws += error.inside(key)
    if flaws:
        raise UnfitError.of(flaws)
    return found


def all_of(*steps: Callable[[], Any]) -> list[Any]:
    """Take all steps and return what they gave, or raise the faults of all that failed together.

    Raises
    ------
    BridgeheadError
        With every fault of every step.
    """
    found: list[Any] = []
    faults: list[Fault] = []
    for step in steps:
        try:
            found.append(step())
        except BridgeheadError as error:
            faults += error.faults
    if faults:
        raise BridgeheadError.of(faults)
    return found
