"""What an import would do, worked out before anything is stored: which law it is, what is odd in it, what changes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bridgehead.engines.statute.versions import Comparison, compare
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.regions.statute import fingerprint, fingerprints_of
from bridgehead.rooms.statute.models import StatuteVersion, Work
from bridgehead.rooms.statute.parsing import Reading, begins_on, latest_first, read_text, reading_of

IMPORT = "statute.import"
LEAST_AGREEING = 0.8
"""Share of the region's articles a text must have, word for word, to be taken for its regulation."""
_STATE_OF_TEXT = re.compile(r"[（(][^（）()]*(?:修正|修订|修改|草案|征求意见|审议|送审|文本)[^（）()]*[）)]$")


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many articles of the region's regulation a text has word for word, of how many."""

    agreeing: int
    total: int
    differing: tuple[int, ...] = ()

    @property
    def is_regulation(self) -> bool:
        """Whether it is the region's regulation, or a version of it."""
        return self.total > 0 and self.agreeing >= LEAST_AGREEING * self.total


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an import would do.

    Attributes
    ----------
    content, name
        The bytes and the name of the file.
    reading : Reading
        What is read in it.
    work : Work or None
        The law it is a version of; None for a new one.
    same : StatuteVersion or None
        The very same text, where it was imported before.
    previous : StatuteVersion or None
        The version it is compared with.
    comparison : Comparison or None
        What is different from it.
    agreement : Agreement
        With the region's own regulation.
    namesake : Work or None
        Another law of the same title; `likeness` says how much of its words they share, per cent.
    """

    content: bytes
    name: str
    reading: Reading
    work: Work | None
    same: StatuteVersion | None
    previous: StatuteVersion | None
    comparison: Comparison | None
    agreement: Agreement
    namesake: Work | None = None
    likeness: int = 0

    @property
    def state(self) -> str:
        """What a preview shows, for an import that must not do anything else."""
        law = self.work.pk if self.work else "new"
        return f"{self.reading.statute.source.sha256[:16]}.{law}.{self.previous.pk if self.previous else 0}"

    @property
    def is_earlier(self) -> bool:
        """Whether the text is the earlier one of the two that were compared."""
        return self.comparison is not None and self.comparison.old is self.reading.statute


def propose(viewer: Viewer, content: bytes, name: str, work: str = "") -> Proposal:
    """Return what importing a text would do; nothing is stored.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    content, name
        The bytes and the name of the file.
    work : str
        Id of the law it is a version of, ``new`` for a law of its own, empty to find out.

    Raises
    ------
    BridgeheadError
        What the reader refuses; ``statute.no_such_statute_here`` for an unknown law; ``statute.other_law`` where the
        law named is another one; ``statute.kept_by_other`` where another organisation keeps it.
    """
    reading = read_text(content, name)
    agreement = agreement_of(reading)
    everywhere = visible(StatuteVersion, viewer).filter(withdrawn_at=None)
    same = everywhere.filter(sha256=reading.statute.source.sha256).select_related("work").first()
    if same is not None:
        return Proposal(content, name, reading, same.work, same, None, None, agreement)
    found = _named(viewer, work) if work not in ("", "new") else None
    if not work:
        found = recognised(viewer, reading, agreement)
    if found is not None:
        _refuse_if_kept_by_other(viewer, found)
    previous = _beside(list(everywhere.filter(work=found)), begins_on(reading.statute)) if found else None
    comparison = _compared(previous, reading) if previous else None
    if found is not None and previous is None and work:
        _refuse_other_law(viewer, found, reading)
    if comparison is not None and not comparison.same_law:
        likeness = round(100 * comparison.likeness.text)
        if work and found is not None:
            raise _other_law(found, likeness)
        return Proposal(content, name, reading, None, None, None, None, agreement, namesake=found, likeness=likeness)
    return Proposal(content, name, reading, found, None, previous, comparison, agreement)


def _refuse_if_kept_by_other(viewer: Viewer, work: Work) -> None:
    """Refuse a text of a law another organisation keeps: it would hold for everybody at once."""
    if viewer.system or viewer.grant_for(IMPORT, work.owner_id, to_write=True) is not None:
        return
    given = {"title": work.title, "organisation": work.owner.name(language())}
    raise BridgeheadError("statute.kept_by_other", given, Place(field="work"))


def _refuse_other_law(viewer: Viewer, work: Work, reading: Reading) -> None:
    """Refuse a text of another law under the number of one all of whose texts were withdrawn."""
    last = visible(StatuteVersion, viewer).filter(work=work).order_by("-withdrawn_at").first()
    comparison = _compared(last, reading) if last is not None else None
    if comparison is not None and not comparison.same_law:
        raise _other_law(work, round(100 * comparison.likeness.text))


def _other_law(work: Work, likeness: int) -> BridgeheadError:
    return BridgeheadError("statute.other_law", {"title": work.title, "likeness": likeness}, Place(field="work"))


def _beside(versions: Sequence[StatuteVersion], day: date | None) -> StatuteVersion | None:
    """Return the version a new one is compared with: the last before it, else the first behind it."""
    ordered = latest_first(versions)
    if day is None:
        return next(iter(ordered), None)
    earlier = [one for one in ordered if one.begins_on is None or one.begins_on <= day]
    return next(iter(earlier), ordered[-1] if ordered else None)


def _compared(other: StatuteVersion, reading: Reading) -> Comparison:
    """Compare a text with a version that is there, the earlier of the two first."""
    day = begins_on(reading.statute)
    later = other.begins_on is not None and day is not None and other.begins_on > day
    there, new = reading_of(other).statute, reading.statute
    return compare(new, there) if later else compare(there, new)


def plain_title(title: str) -> str:
    """Return a title without the bracket that says which state of the text it is, and without blanks."""
    return _STATE_OF_TEXT.sub("", re.sub(r"\s+", "", title))


def agreement_of(reading: Reading) -> Agreement:
    """Hold a text against the fingerprints of the region's regulation."""
    wanted = fingerprints_of(current().region)
    found = {
        article.number: fingerprint(one.whole.text for one in article.paragraphs)
        for article in reading.statute.articles
        if not article.suffix
    }
    differing = tuple(number for number, one in wanted.items() if found.get(number) != one)
    return Agreement(len(wanted) - len(differing), len(wanted), differing)


def _named(viewer: Viewer, work: str) -> Work:
    pk = int(work) if work.isascii() and work.isdigit() and len(work) < 18 else 0
    found = visible(Work, viewer).filter(pk=pk).first()
    if found is None:
        raise BridgeheadError("statute.no_such_statute_here", {"id": work}, Place(field="work"))
    return found


def recognised(viewer: Viewer, reading: Reading, agreement: Agreement) -> Work | None:
    """Return the law a text is a version of: the region's own by its fingerprints, another by its title."""
    works = list(visible(Work, viewer))
    if agreement.is_regulation:
        own = next((one for one in works if one.is_regulation), None)
        if own is not None:
            return own
    title = plain_title(reading.statute.title)
    standing = visible(StatuteVersion, viewer).filter(withdrawn_at=None).values_list("title", "work_id")
    # A law goes by the title of each of its texts: an amendment may give it another.
    called = {work for given, work in standing if title and plain_title(given) == title}
    return next((one for one in works if title and (plain_title(one.title) == title or one.pk in called)), None)
