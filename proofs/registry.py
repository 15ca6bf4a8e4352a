"""The register of proofs and the shape of what they find.

A proof is a module of this package with a ``PROOF``. It is run against one database at a time, in a folder of its own,
from a seed it prints, and returns rows of figures and everything it found wrong. Nothing has to be entered elsewhere.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

Figures = dict[str, float | str]
DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Option:
    """A number a proof can be told on the command line: ``--rounds 50``.

    Attributes
    ----------
    name : str
        Name on the command line; proofs may share one if they mean the same by it.
    full, smoke : int
        Its value in a full run, and in the quick run that only shows that everything still works.
    help : str
        What it counts.
    """

    name: str
    full: int
    smoke: int
    help: str


@dataclass(frozen=True)
class Asked:
    """What a proof is asked to do.

    Attributes
    ----------
    database : str
        ``sqlite`` or ``postgresql``.
    folder : Path
        An empty folder of its own, removed afterwards unless something was wrong.
    seed : int
        Where its chances start from.
    smoke : bool
        Whether this is the quick run.
    options : mapping of str to int
        The values of its options.
    """

    database: str
    folder: Path
    seed: int
    smoke: bool
    options: Mapping[str, int]


@dataclass
class Outcome:
    """What a proof found.

    Attributes
    ----------
    rows : list of dict
        Figures, one row of the table each, in column order.
    faults : list of str
        Everything that is not as promised, one sentence each; empty when the proof holds.
    """

    rows: list[Figures] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Proof:
    """One promise that is tried.

    Attributes
    ----------
    name : str
        Short name, used on the command line.
    title : str
        What is promised, in one line.
    run : callable
        Tries it.
    databases : tuple of str
        The databases it speaks of.
    options : tuple of Option
        Its sizes.
    """

    name: str
    title: str
    run: Callable[[Asked], Outcome]
    databases: tuple[str, ...] = DATABASES
    options: tuple[Option, ...] = ()


def proofs() -> tuple[Proof, ...]:
    """Return all proofs, by name; ValueError if two have the same one."""
    import proofs as package

    names = [module.name for module in pkgutil.iter_modules(package.__path__) if module.name != "__main__"]
    modules = [import_module(f"proofs.{name}") for name in names]
    found = sorted((m.PROOF for m in modules if hasattr(m, "PROOF")), key=lambda proof: proof.name)
    if len({proof.name for proof in found}) != len(found):
        raise ValueError("two proofs with the same name")
    return tuple(found)


def table(rows: Sequence[Figures]) -> str:
    """Return rows of figures as a Markdown table; rows need not have the same columns."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *([_shown(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(names))]
    lines = [
        "| " + " | ".join(value.rjust(width) for value, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 1) + ":" for width in widths) + "|")
    return "\n".join(lines)


def _shown(value: float | str) -> str:
    if isinstance(value, str):
        return value
    if float(value).is_integer():
        return f"{int(value):,}"
    return f"{value:,.3f}" if abs(value) < 10 else f"{value:,.1f}"
