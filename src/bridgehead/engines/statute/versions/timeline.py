"""The versions of a statute in time: which one was in force on a day, and one article through all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from bridgehead.engines.statute.model import Article, Statute
from bridgehead.engines.statute.versions.comparison import compare
from bridgehead.engines.statute.versions.model import Change, Comparison, Version


def since_of(statute: Statute) -> tuple[date | None, str]:
    """Return the first day a version is in force and what that rests on; see `Version`.

    Notes
    -----
    An amended text keeps the day the law first came into force, so a later amendment in its head is what counts.
    """
    named, latest = statute.effect.day, statute.last_event
    if named is not None and (latest is None or named >= latest):
        return named, "effect"
    if latest is None:
        return None, "unknown"
    if statute.effect.rule is not None and named is None:
        published = [event.day for event in statute.events if event.kind == "published"]
        # In force on publication: an adoption after the last publication has none named yet.
        if published and max(published) == latest:
            return latest, "publication"
    return latest, "event"


def timeline(versions: Iterable[Statute]) -> tuple[Version, ...]:
    """Return versions by the day from which each is in force, each until the next one is.

    Parameters
    ----------
    versions : iterable of Statute
        Versions of one statute in any order. Those without any day come first, as nothing says when they were.
    """
    dated = [Version(statute, *_first(statute)) for statute in versions]
    dated.sort(key=lambda version: (version.since or date.min, version.statute.last_event or date.min))
    ends = [*(version.since for version in dated[1:]), None]
    return tuple(replace(version, until=end) for version, end in zip(dated, ends, strict=True))


def _first(statute: Statute) -> tuple[date | None, None, str]:
    since, basis = since_of(statute)
    return since, None, basis


def in_force_at(versions: Iterable[Statute], day: date) -> Version | None:
    """Return the version in force on a day, None where the first known one was not in force yet.

    Parameters
    ----------
    versions : iterable of Statute
        Versions of one statute in any order; those without any day are passed over.
    day : date
        The day.
    """
    known = [version for version in timeline(versions) if version.since is not None and version.since <= day]
    return known[-1] if known else None


@dataclass(frozen=True, slots=True)
class Stage:
    """One article, or what it was, in one version.

    Parameters
    ----------
    version : Version
        The version.
    articles : tuple of Article
        None where it is not there, several where it is split.
    changes : tuple of Change
        What became of it since the version before.
    """

    version: Version
    articles: tuple[Article, ...]
    changes: tuple[Change, ...] = field(default=(), repr=False)


def stages(
    versions: Sequence[Version], article: str, at: int = -1, comparisons: Sequence[Comparison] | None = None
) -> tuple[Stage, ...]:
    """Return an article through all versions, followed from one of them backward and forward.

    Parameters
    ----------
    versions : sequence of Version
        As `timeline` gives them.
    article : str
        Id of the article in the version it is followed from.
    at : int, optional
        Which version that is; the last one if not given.
    comparisons : sequence of Comparison, optional
        Each version compared with the next one, where they are at hand already.
    """
    if not versions:
        return ()
    at %= len(versions)
    if comparisons is None:
        comparisons = [compare(one.statute, other.statute) for one, other in pairwise(versions)]
    ids: dict[int, tuple[str, ...]] = {at: (article,)}
    for place in range(at, 0, -1):
        ids[place - 1] = _unique(old for new in ids[place] for old in comparisons[place - 1].old_ids(new))
    for place in range(at, len(versions) - 1):
        ids[place + 1] = _unique(new for old in ids[place] for new in comparisons[place].new_ids(old))
    return tuple(_stage(versions, comparisons, place, ids) for place in range(len(versions)))


def _stage(
    versions: Sequence[Version], comparisons: Sequence[Comparison], place: int, ids: dict[int, tuple[str, ...]]
) -> Stage:
    here = set(ids[place])
    articles = tuple(one for one in versions[place].statute.articles if one.id in here)
    changes: tuple[Change, ...] = ()
    if place:
        before = set(ids[place - 1])
        changes = tuple(
            change
            for change in comparisons[place - 1].articles
            if here.intersection(change.new) or before.intersection(change.old)
        )
    return Stage(versions[place], articles, changes)


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
