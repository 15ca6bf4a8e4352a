"""Imported statutes: which there are, and which of their versions holds on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.statute.models import DutyRow, StatuteVersion, Work
from bridgehead.rooms.statute.parsing import latest_first


@dataclass(frozen=True, slots=True)
class Law:
    """A law with its versions that were not withdrawn, the latest first, and the one that is shown.

    Attributes
    ----------
    work : Work
        The law.
    versions : tuple of StatuteVersion
        Its versions, the latest first.
    shown : StatuteVersion
        The one asked for; by default the one that holds today.
    in_force : StatuteVersion or None
        The one that holds today, as far as the dates in the texts tell.
    day : date or None
        The day it was asked for, if it was.
    """

    work: Work
    versions: tuple[StatuteVersion, ...]
    shown: StatuteVersion
    in_force: StatuteVersion | None
    day: date | None = None

    @property
    def others(self) -> tuple[StatuteVersion, ...]:
        """The versions that are not shown."""
        return tuple(one for one in self.versions if one != self.shown)


@dataclass(frozen=True, slots=True)
class Listed:
    """One law in the list, with the duties of the text that is shown and those that wait for a person."""

    law: Law
    duties: int
    to_review: int


def holding(versions: Sequence[StatuteVersion], day: date) -> StatuteVersion | None:
    """Return the version that holds on a day; None before the first of them.

    Parameters
    ----------
    versions : sequence of StatuteVersion
        Those of one law, the latest first.
    day : date
        The day.
    """
    return next((one for one in versions if one.begins_on is not None and one.begins_on <= day), None)


def laws(viewer: Viewer) -> list[Listed]:
    """Return the imported laws with the version of each that holds today, the region's own first."""
    found: dict[int, list[StatuteVersion]] = {}
    for version in _standing(viewer):
        found.setdefault(version.work_id, []).append(version)
    listed = []
    for work in visible(Work, viewer).filter(pk__in=found):
        law = _law(work, found[work.pk])
        listed.append(Listed(law, law.shown.counted, law.shown.waiting))  # type: ignore[attr-defined]
    return listed


def law_of(viewer: Viewer, work: int, version: str = "", day: str = "") -> Law:
    """Return a law with the version asked for, the one that held on a day, or the one that holds today.

    Raises
    ------
    BridgeheadError
        ``statute.no_such_statute_here``; ``statute.no_such_version``; ``statute.not_in_force_yet`` for a day before
        the first version; ``form.not_a_date``.
    """
    found = visible(Work, viewer).filter(pk=work).first()
    versions = list(_standing(viewer).filter(work=found)) if found else []
    if found is None or not versions:
        raise BridgeheadError("statute.no_such_statute_here", {"id": work})
    if version:
        shown = next((one for one in versions if str(one.pk) == version), None)
        if shown is None:
            raise BridgeheadError("statute.no_such_version", {"id": version}, Place(field="version"))
        return _law(found, versions, shown)
    if day:
        asked = _day(day)
        shown = holding(latest_first(versions), asked)
        if shown is None:
            first = min((one.begins_on for one in versions if one.begins_on), default=None)
            given = {"title": found.title, "day": day, "first": first.isoformat() if first else "—"}
            raise BridgeheadError("statute.not_in_force_yet", given, Place(field="day"))
        return _law(found, versions, shown, asked)
    return _law(found, versions)


def regulation_law(viewer: Viewer) -> Law | None:
    """Return the region's own regulation if its text was imported."""
    work = visible(Work, viewer).filter(is_regulation=True).first()
    versions = list(_standing(viewer).filter(work=work)) if work else []
    return _law(work, versions) if work and versions else None


def shown_versions(viewer: Viewer) -> dict[int, Law]:
    """Return the laws by the id of the version that holds today: those whose duties count."""
    return {one.law.shown.pk: one.law for one in laws(viewer)}


def _standing(viewer: Viewer) -> QuerySet[StatuteVersion]:
    """Return the versions that were not withdrawn, with the duties that count and those that wait for a person."""
    rejected = Q(duty_rows__standing=DutyRow.Standing.REJECTED)
    return (
        visible(StatuteVersion, viewer)
        .filter(withdrawn_at=None)
        .annotate(
            counted=Count("duty_rows", filter=~rejected),
            waiting=Count("duty_rows", filter=Q(duty_rows__to_review=True)),
        )
    )


def _law(
    work: Work, versions: Sequence[StatuteVersion], shown: StatuteVersion | None = None, day: date | None = None
) -> Law:
    ordered = latest_first(versions)
    in_force = holding(ordered, timezone.localdate())
    return Law(work, ordered, shown or in_force or _soonest(ordered), in_force, day)


def _soonest(ordered: Sequence[StatuteVersion]) -> StatuteVersion:
    """Return what is shown of a law none of whose texts holds today: the first to come, else the newest."""
    dated = [one for one in ordered if one.begins_on is not None]
    return dated[-1] if dated else ordered[0]


def _day(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BridgeheadError("form.not_a_date", {"value": given}, Place(field="day")) from None
