"""From the bytes of a text to its provisions, duties and references, read by the rules and the region's organs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.duties import duties_of, organ_of
from bridgehead.engines.statute.edition import rules_edition
from bridgehead.engines.statute.gazetteer import Gazetteer
from bridgehead.engines.statute.model import Duty, Reference, Statute
from bridgehead.engines.statute.reader import read
from bridgehead.engines.statute.references import references_of
from bridgehead.engines.statute.rules import shipped
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.region import current
from bridgehead.regions.load import Region
from bridgehead.regions.organs import edition_of, gazetteer_of
from bridgehead.rooms.statute.models import StatuteVersion

KEPT = 32
"""Readings kept in memory: those of the statutes people are looking at."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the engine reads in a text."""

    statute: Statute
    duties: tuple[Duty, ...]
    references: tuple[Reference, ...]


def read_text(content: bytes, name: str) -> Reading:
    """Read the bytes of a file.

    Raises
    ------
    BridgeheadError
        ``statute.*`` for what is no text of a statute.
    """
    statute = read(source_of(content, name))
    return Reading(statute, duties_of(statute, shipped(), gazetteer()), references_of(statute))


def gazetteer() -> Gazetteer:
    """Return the organs duties are read by: the national ones with those of the region before them."""
    loaded = current()
    found: Gazetteer = loaded.remember("statute.gazetteer", lambda: gazetteer_of(loaded.region))
    return found


def organ_named(name: str) -> tuple[str, str, bool]:
    """Return the name under which a body somebody names is counted, its kind, and whether the gazetteer knows it."""
    return organ_of(name, shipped(), gazetteer())


def edition() -> str:
    """Return the edition of the rules and organs duties are read by: a hash of all they say."""
    loaded = current()
    found: str = loaded.remember("statute.edition", lambda: _edition(loaded.region))
    return found


def reading_of(version: StatuteVersion) -> Reading:
    """Return the reading of a version; its text comes from the store of files.

    Raises
    ------
    BridgeheadError
        ``file.missing`` or ``file.damaged``.
    """
    return _reading(version.sha256, version.file_name, edition())


def _edition(region: Region) -> str:
    return hashlib.sha256(f"{rules_edition()} {edition_of(region)}".encode()).hexdigest()


@lru_cache(maxsize=KEPT)
def _reading(sha256: str, name: str, _edition: str) -> Reading:
    return read_text(file_store().open_whole(sha256), name)


def begins_on(statute: Statute) -> date | None:
    """Return from when a text holds: the day it names, or its last amendment where that is later."""
    days = [day for day in (statute.effect.day, statute.last_event) if day is not None]
    return max(days, default=None)


def latest_first(versions: Iterable[StatuteVersion]) -> tuple[StatuteVersion, ...]:
    """Return versions by the day they begin, the latest first, those without one behind them, the newest first."""
    return tuple(sorted(versions, key=lambda one: (one.begins_on or date.min, one.pk), reverse=True))
