"""Two texts of one statute side by side: what became of each provision, and of each duty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import pgettext

from bridgehead.engines.statute.model import Duty, Statute
from bridgehead.engines.statute.versions import (
    Change,
    Comparison,
    DutyChange,
    Kind,
    Mark,
    Piece,
    compare,
    compare_duties,
)
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.statute.models import StatuteVersion
from bridgehead.rooms.statute.parsing import reading_of
from bridgehead.rooms.statute.selectors.duties import DutyLine, article_word, field_word
from bridgehead.rooms.statute.selectors.exporting import with_answers
from bridgehead.rooms.statute.selectors.reading import duties_of_version
from bridgehead.rooms.statute.selectors.statutes import Law, law_of

AROUND = 40
"""Characters of unchanged words kept on either side of a change."""
_TOUCHED = tuple(kind for kind in Kind if kind is not Kind.KEPT)


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of a change: ``equal``, ``insert``, ``delete``, or ``gap`` for unchanged words left out."""

    mark: str
    text: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What became of one article, in words."""

    kind: str
    word: str
    old: str
    new: str
    old_ids: Sequence[str]
    new_ids: Sequence[str]
    words: Sequence[Words]
    follows: bool

    @property
    def id(self) -> str:
        """Its id on the page."""
        return (*self.new_ids, *self.old_ids)[0]


@dataclass(frozen=True, slots=True)
class DutyPair:
    """What became of one duty: as it was and as it is, and what differs."""

    word: str
    old: DutyLine | None
    new: DutyLine | None
    fields: Sequence[str]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two texts compared."""

    law: Law
    old: StatuteVersion
    new: StatuteVersion
    comparison: Comparison
    counts: Sequence[tuple[str, int]]
    headings: Sequence[ChangeLine]
    changes: Sequence[ChangeLine]
    renumbered: Sequence[ChangeLine]
    duties: Sequence[DutyPair]
    duty_counts: Sequence[tuple[str, int]]
    kept_duties: int


def kind_word(kind: Kind) -> str:
    """Return what became of a provision, in words."""
    return {
        Kind.KEPT: pgettext("statute change", "未变"),
        Kind.RENUMBERED: pgettext("statute change", "只改条号"),
        Kind.CHANGED: pgettext("statute change", "修改"),
        Kind.MOVED: pgettext("statute change", "移动"),
        Kind.MOVED_AND_CHANGED: pgettext("statute change", "移动并修改"),
        Kind.SPLIT: pgettext("statute change", "拆分"),
        Kind.MERGED: pgettext("statute change", "合并"),
        Kind.NEW: pgettext("statute change", "新增"),
        Kind.REPEALED: pgettext("statute change", "废止"),
    }[kind]


def counted(comparison: Comparison) -> list[tuple[str, int]]:
    """Return how many articles became what, in words."""
    kinds = Counter(change.kind for change in comparison.articles)
    return [(kind_word(kind), kinds[kind]) for kind in Kind if kinds[kind]]


def compared(viewer: Viewer, work: int, old: str = "", new: str = "") -> Compared | Law:
    """Return two texts of a law compared; the law alone where it has one text only.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    work : int
        The law.
    old, new : str
        Ids of the two texts; by default the latest, in force or to come, and the one before it.

    Raises
    ------
    BridgeheadError
        ``statute.no_such_statute_here``, ``statute.no_such_version``.
    """
    law = law_of(viewer, work)
    if len(law.versions) < 2:
        return law
    later = _version(law, new, "new") if new else law.versions[0]
    earlier = _version(law, old, "old") if old else (*law.versions[law.versions.index(later) + 1 :], law.versions[0])[0]
    comparison = compare(reading_of(earlier).statute, reading_of(later).statute)
    before, after, changes = (), (), ()
    if comparison.same_law:
        before, after = duties_of_version(viewer, earlier), duties_of_version(viewer, later)
        changes = compare_duties(_duties(earlier, before), _duties(later, after), comparison)
    duty_kinds = Counter(change.kind for change in changes)
    lines = _lines(comparison.articles, comparison)
    return Compared(
        law=law,
        old=earlier,
        new=later,
        comparison=comparison,
        counts=counted(comparison),
        headings=_lines(comparison.headings, comparison),
        changes=[one for one in lines if one.kind != Kind.RENUMBERED],
        renumbered=[one for one in lines if one.kind == Kind.RENUMBERED],
        duties=_pairs(before, after, changes),
        duty_counts=[(kind_word(kind), duty_kinds[kind]) for kind in Kind if duty_kinds[kind]],
        kept_duties=duty_kinds[Kind.KEPT],
    )


def _version(law: Law, asked: str, field: str) -> StatuteVersion:
    found = next((one for one in law.versions if str(one.pk) == asked), None)
    if found is None:
        raise BridgeheadError("statute.no_such_version", {"id": asked}, Place(field=field))
    return found


def _lines(changes: Sequence[Change], comparison: Comparison) -> list[ChangeLine]:
    old, new = _labels(comparison.old), _labels(comparison.new)
    return [
        ChangeLine(
            kind=change.kind.value,
            word=kind_word(change.kind),
            old=_mark().join(old.get(one, one) for one in change.old),
            new=_mark().join(new.get(one, one) for one in change.new),
            old_ids=change.old,
            new_ids=change.new,
            words=list(_words(change.pieces)),
            follows=change.follows,
        )
        for change in changes
        if change.kind in _TOUCHED
    ]


def _mark() -> str:
    return speak(language(), "、", ", ")


def _labels(statute: Statute) -> dict[str, str]:
    said = language()
    chapters = {
        one.id: speak(said, f"第{one.number}章 {one.title or ''}", f"Chapter {one.number} {one.title or ''}")
        for one in statute.chapters
    }
    sections = {
        one.id: speak(said, f"第{one.number}节 {one.title or ''}", f"Section {one.number} {one.title or ''}")
        for one in statute.sections
    }
    return {**chapters, **sections, **{one.id: article_word(one.id, one.label) for one in statute.articles}}


def _words(pieces: Sequence[Piece]) -> Iterator[Words]:
    """Give the words of a change; long stretches that did not change are shortened."""
    for at, piece in enumerate(pieces):
        text = piece.text
        if piece.mark is not Mark.EQUAL or len(text) <= 2 * AROUND + 10:
            yield Words(piece.mark.value, text)
            continue
        before, after = at > 0, at < len(pieces) - 1
        if before:
            yield Words("equal", text[:AROUND])
        if before or after:
            yield Words("gap", "……")
        if after:
            yield Words("equal", text[-AROUND:])
        if not (before or after):
            yield Words("equal", text)


def _duties(version: StatuteVersion, lines: Sequence[DutyLine]) -> list[Duty]:
    return with_answers(version, (line.row for line in lines))


def _pairs(before: Sequence[DutyLine], after: Sequence[DutyLine], changes: Sequence[DutyChange]) -> list[DutyPair]:
    """Return what became of the duties that are not the same as before."""
    old = {line.row.eid: line for line in before}
    new = {line.row.eid: line for line in after}
    return [
        DutyPair(
            kind_word(change.kind),
            old.get(change.old or ""),
            new.get(change.new or ""),
            [field_word(field) for field in change.fields],
        )
        for change in changes
        if change.kind not in (Kind.KEPT, Kind.RENUMBERED)
    ]
