"""Organs: everything each of them owes, in every statute that was imported."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from bridgehead.engines.statute.successors import Succession, chain_of, formers_of
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.organs import organisations_of
from bridgehead.rooms.statute.models import Bearer, DutyRow
from bridgehead.rooms.statute.selectors.duties import (
    MODALITIES,
    DutyLine,
    kind_word,
    lines,
    modality_word,
    organ_word,
    part_word,
)
from bridgehead.rooms.statute.selectors.matrix import KINDS
from bridgehead.rooms.statute.selectors.statutes import Law, shown_versions


@dataclass(frozen=True, slots=True)
class OrganLine:
    """One organ in the list: what kind it is, how many duties it bears and takes part in, in how many statutes."""

    organ: str
    bears: int
    takes_part: int
    statutes: int

    @property
    def label(self) -> str:
        """Its name in the language of the request."""
        return organ_word(self.organ)


@dataclass(frozen=True, slots=True)
class OrganGroup:
    """The organs of one kind."""

    kind: str
    word: str
    organs: Sequence[OrganLine]


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of an organ: the duty, and what the organ does in it."""

    line: DutyLine
    part: str


@dataclass(frozen=True, slots=True)
class OwedIn:
    """What an organ owes in one statute."""

    law: Law
    duties: Sequence[Owed]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another organ, and whether it has a page: a statute names it as it holds today."""

    organ: str
    has_page: bool

    @property
    def label(self) -> str:
        """Its name in the language of the request."""
        return organ_word(self.organ)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """Who took over the tasks of an organ that is no more, and by which decision."""

    successors: Sequence[Neighbour]
    step: Succession


@dataclass(frozen=True, slots=True)
class Organ:
    """The page of an organ: what it owes by statute, who bears it in the region, and under which names it stands.

    ``taken_over`` says who took its tasks over, step after step, where it is no more; ``before`` names the organs whose
    tasks it took over and that statutes still name.
    """

    organ: str
    kind: str
    names: Sequence[str]
    owed: Sequence[OwedIn]
    duties: int
    counts: Sequence[tuple[str, int]]
    deadlines: int
    flags: Sequence[tuple[str, int]]
    organisations: Sequence[Organisation]
    taken_over: Sequence[TakenOver]
    before: Sequence[Neighbour]

    @property
    def label(self) -> str:
        """Its name in the language of the request."""
        return organ_word(self.organ)


def organs(viewer: Viewer) -> list[OrganGroup]:
    """Return every organ that owes something in a statute as it holds today, by kind, those who owe most first."""
    held = visible(Bearer, viewer).filter(duty__statute__in=shown_versions(viewer))
    part = Q(part=Bearer.Part.CO_ACTOR)
    rows = (
        held.order_by()
        .values("organ", "kind")
        .annotate(
            bears=Count("duty", filter=~part, distinct=True),
            takes_part=Count("duty", filter=part, distinct=True),
            statutes=Count("duty__statute__work", distinct=True),
        )
    )
    groups: dict[str, list[OrganLine]] = {}
    for row in rows:
        line = OrganLine(row["organ"], row["bears"], row["takes_part"], row["statutes"])
        groups.setdefault(row["kind"], []).append(line)
    return [
        OrganGroup(kind, kind_word(kind), sorted(groups[kind], key=lambda one: (-one.bears, one.organ)))
        for kind in KINDS
        if kind in groups
    ]


def organ_page(viewer: Viewer, organ: str) -> Organ:
    """Return everything an organ owes.

    Raises
    ------
    BridgeheadError
        ``statute.no_such_organ`` if no statute that was imported names it.
    """
    shown = shown_versions(viewer)
    rows = visible(DutyRow, viewer).filter(statute__in=shown, bearers__organ=organ).distinct()
    found = lines(rows.prefetch_related("bearers"))
    if not found:
        raise BridgeheadError("statute.no_such_organ", {"organ": organ[:60]})
    mine = {line.row.pk: one for line in found for one in line.row.bearers.all() if one.organ == organ}
    owed: dict[int, list[Owed]] = {}
    for line in found:
        owed.setdefault(line.row.statute_id, []).append(Owed(line, part_word(mine[line.row.pk].part)))
    counted = {one: sum(line.row.modality == one for line in found) for one in MODALITIES}
    flagged = {flag: sum(flag in line.flags for line in found) for line in found for flag in line.flags}
    codes = organisations_of(current().region, organ)
    steps, formers = chain_of(organ), formers_of(organ)
    named = _named(viewer, shown, {*formers, *(one for step in steps for one in step.successors)})
    return Organ(
        organ=organ,
        kind=kind_word(next(iter(mine.values())).kind),
        names=sorted({one.name for one in mine.values()} - {organ}),
        owed=[OwedIn(law, owed[pk]) for pk, law in shown.items() if pk in owed],
        duties=len(found),
        counts=[(modality_word(one), count) for one, count in counted.items() if count],
        deadlines=sum(bool(line.row.deadline or line.row.frequency) for line in found),
        flags=list(flagged.items()),
        organisations=list(visible(Organisation, viewer).filter(code__in=codes, closed_on=None)) if codes else (),
        taken_over=[TakenOver([Neighbour(one, one in named) for one in step.successors], step) for step in steps],
        before=[Neighbour(one, True) for one in formers if one in named],
    )


def _named(viewer: Viewer, shown: Iterable[int], organs: Collection[str]) -> set[str]:
    """Return those of some organs that a statute names as it holds today."""
    if not organs:
        return set()
    held = visible(Bearer, viewer).filter(organ__in=organs, duty__statute__in=shown)
    return set(held.values_list("organ", flat=True))
