"""Scenarios to look at: those that come with the region, and those somebody may see of what was saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.engines.network.applied import Applied
from bridgehead.engines.network.scenario_reading import scenario_from_plain
from bridgehead.engines.network.scenarios import apply
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.kept import kept
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import Loaded
from bridgehead.ground.words import count
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.regions.scenarios import Shipped, shipped_scenarios
from bridgehead.rooms.gateway import prose
from bridgehead.rooms.gateway.models import Scenario


@dataclass(frozen=True, slots=True)
class Line:
    """A scenario in a list.

    ``standing``, ``source`` and ``source_date`` are those of a scenario of the region's tables; ``by``, ``owner`` and
    ``at`` tell who saved one, for whom and when, of those that were saved.
    """

    id: str
    title: str
    reason: str
    year: int
    edits: int
    standing: Standing | None = None
    source: str = ""
    source_date: str = ""
    by: str = ""
    owner: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """One scenario with what it comes to on the present tables, or with what keeps it from being made on them.

    ``plain`` is the scenario as written. ``record`` is the saved one, None for those of the region. ``stale`` says that
    the tables are no longer those it was saved on; ``later`` is the scenario that stands in its place.
    """

    line: Line
    plain: Mapping[str, object]
    applied: Applied | None
    faults: tuple[Fault, ...] = ()
    record: Scenario | None = None
    stale: bool = False
    later: Scenario | None = None


def shipped(loaded: Loaded) -> tuple[Line, ...]:
    """Return the scenarios that come with the region, in their order."""
    return tuple(_shipped_line(one) for one in _shipped(loaded))


def saved(viewer: Viewer) -> list[Line]:
    """Return the saved scenarios somebody may see, newest first; none that was withdrawn or superseded."""
    rows = visible(Scenario, viewer).filter(withdrawn_at=None, superseded_by=None).select_related("owner")
    return [_saved_line(one) for one in rows]


def seen(loaded: Loaded, viewer: Viewer, id_: str) -> Seen:
    """Return one scenario by its id in the region's tables, or by the number it was saved under.

    Raises
    ------
    BridgeheadError
        ``scenario.unknown_scenario`` for one that is not there or may not be seen.
    """
    for one in _shipped(loaded):
        if one.id == id_:
            return Seen(_shipped_line(one), one.plain, _made(loaded, id_))
    record = _record(viewer, id_)
    if record is None:
        raise BridgeheadError("scenario.unknown_scenario", {"scenario": id_}, Place(field="scenario"))
    plain = {"year": record.base_year, "edits": record.edits}
    later = visible(Scenario, viewer).filter(supersedes=record).first()
    stale = record.base_hash != loaded.components.content_hash
    try:
        applied, faults = _apply(loaded, plain), ()
    except BridgeheadError as error:  # the tables have changed since, and it says something of what is gone
        applied, faults = None, error.faults
    return Seen(_saved_line(record), plain, applied, faults, record, stale, later)


def statement(loaded: Loaded, mine: int) -> str:
    """Return how many scenarios there are, as a sentence."""
    there = len(_shipped(loaded))
    if not there and not mine:
        return _("还没有方案")
    if not mine:
        told = ngettext("%(n)s 个方案可以看", "%(n)s 个方案可以看", there)
        return prose.tidy(told % {"n": count(there)})
    told = ngettext(
        "%(n)s 个方案可以看，其中 %(mine)s 个是保存的", "%(n)s 个方案可以看，其中 %(mine)s 个是保存的", there + mine
    )
    return prose.tidy(told % {"n": count(there + mine), "mine": count(mine)})


def _record(viewer: Viewer, id_: str) -> Scenario | None:
    if not (id_.isascii() and id_.isdigit() and len(id_) < 19):
        return None
    return visible(Scenario, viewer).select_related("owner", "supersedes").filter(pk=int(id_)).first()


def _shipped(loaded: Loaded) -> tuple[Shipped, ...]:
    found: tuple[Shipped, ...] = loaded.remember("gateway.scenarios", lambda: shipped_scenarios(loaded.region))
    return found


@kept
def _made(loaded: Loaded, id_: str) -> Applied:
    return _apply(loaded, next(one.plain for one in _shipped(loaded) if one.id == id_))


def _apply(loaded: Loaded, plain: Mapping[str, object]) -> Applied:
    return apply(scenario_from_plain(plain, loaded.components), loaded.components)


def _shipped_line(one: Shipped) -> Line:
    year, edits = one.plain["year"], one.plain["edits"]
    assert isinstance(year, int)
    assert isinstance(edits, list)
    return Line(
        id=one.id,
        title=speak(language(), one.name_zh, one.name_en),
        reason=speak(language(), one.reason_zh, one.reason_en),
        year=year,
        edits=len(edits),
        standing=standing_of(one.standing),
        source=one.source,
        source_date=one.source_date,
    )


def _saved_line(record: Scenario) -> Line:
    return Line(
        id=str(record.pk),
        title=record.title,
        reason=record.reason,
        year=record.base_year,
        edits=len(record.edits),
        by=record.saved_by_name,
        owner=record.owner.name(language()),
        at=record.saved_at,
    )
