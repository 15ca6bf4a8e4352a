"""The dossier of an article, section by section: each subject of the ledger says what it knows of an article.

A section is data, so that the page, the Word document, the API and the public copy say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.ground.access.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a section.

    Attributes
    ----------
    cells : tuple of str
        What it says, a cell for each head of the section.
    address : str
        The page it stands on, empty where it has none.
    late : bool
        Whether somebody must act.
    standing : str
        The standing of its figure in the words of `bridgehead.kernel.source.Standing`, empty without one.
    """

    cells: tuple[str, ...]
    address: str = ""
    late: bool = False
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What a subject knows of an article.

    Attributes
    ----------
    key : str
        Its name: ``duties``, ``tasks``, ``evidence``, ``figures``, ``programmes``, ``problems``, ``supervision``.
    title : str
        In the language of the request.
    heads : tuple of str
        Heads of the columns; those whose index stands in `numbers` hold numbers.
    lines : sequence of Line
        What there is of the year asked for.
    before : sequence of Line
        What there was of the year before, in the same columns.
    gap : str
        One sentence that says what is missing, empty where nothing is.
    more : int
        How many lines more there are than are given.
    numbers : tuple of int
        Columns of numbers, aligned to the right.
    more_before : int
        How many lines more there are of the year before than are given.
    private : tuple of int
        Columns that no public copy shows: names of persons and of files.
    """

    key: str
    title: str
    heads: tuple[str, ...]
    lines: Sequence[Line] = ()
    before: Sequence[Line] = ()
    gap: str = ""
    more: int = 0
    numbers: tuple[int, ...] = ()
    more_before: int = 0
    private: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many records of the year there are; an indicator without a figure is none."""
        return self.more + self._told(self.lines)

    @property
    def count_before(self) -> int:
        """How many records of the year before there are."""
        return self.more_before + self._told(self.before)

    def _told(self, lines: Sequence[Line]) -> int:
        return sum(bool(one.standing) or self.key != "figures" for one in lines)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a dossier is asked for.

    Attributes
    ----------
    viewer : Viewer
        Who reads.
    articles : tuple of int
        For which articles: one, or all for the whole report, so that a builder reads once for all of them.
    year : int
        The year; the one before stands beside it.
    on : date
        The day as of which it speaks: today, or the last day of a year that is over.
    most : int
        How many lines of a section at most.
    """

    viewer: Viewer
    articles: tuple[int, ...]
    year: int
    on: date
    most: int = 200


Builder = Callable[[Asked], Mapping[int, Section]]
"""Gives a section for every article that was asked for; one without anything says so in its gap."""

_registered: dict[str, tuple[int, Builder]] = {}


def register(key: str, order: int, build: Builder) -> None:
    """Register the section of a subject; registering it again replaces it. Lower orders stand higher."""
    _registered[key] = (order, build)


def sections(asked: Asked) -> dict[int, list[Section]]:
    """Return the sections of each article that was asked for, in order."""
    found: dict[int, list[Section]] = {number: [] for number in asked.articles}
    for _, build in sorted(_registered.values(), key=lambda one: one[0]):
        for number, section in build(asked).items():
            found[number].append(section)
    return found


def register_sections() -> None:
    """Register the sections of the subjects of the room, in the order of the chain."""
    from bridgehead.rooms.ledger.figures_elsewhere import section as figures
    from bridgehead.rooms.ledger.selectors import dossier_chain as chain
    from bridgehead.rooms.ledger.selectors.coordination_dossier import decision_sections, problem_sections
    from bridgehead.rooms.ledger.selectors.programmes_elsewhere import dossier_of
    from bridgehead.rooms.ledger.selectors.supervision_dossier import supervision_section

    register(chain.DUTIES, 10, chain.duties_section)
    register(chain.TASKS, 20, chain.tasks_section)
    register(chain.EVIDENCE, 30, chain.evidence_section)
    register("figures", 40, figures)
    register("programmes", 50, dossier_of)
    register("decisions", 65, decision_sections)
    register("problems", 70, problem_sections)
    register("supervision", 80, supervision_section)
