"""Checks of the corridors: ordered places, each joined to the next by a link of the mode it names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import cast

from bridgehead.kernel.errors import Fault
from bridgehead.kernel.tables import Row, Table
from bridgehead.regions.checks.common import finding, readable, sound, word
from bridgehead.regions.checks.network import known_ids
from bridgehead.regions.folder import Folder

_COLUMNS = ("id", "sequence", "place", "mode")
_NAMES = ("name_zh", "name_en")


def corridors_are_counted(folder: Folder) -> Iterator[Fault]:
    """Check that a corridor has at least two places, counted from 1 without a gap, and one name in each language."""
    table = folder.tables["corridors"]
    for id_, rows in _corridors(folder):
        if len(rows) < 2:
            yield finding(table, rows[0], "sequence", "region.corridor_too_short", corridor=id_)
        for number, row in enumerate(rows, start=1):
            if row["sequence"] != number:
                # One gap shifts all numbers after it; saying it once is enough.
                given: dict[str, object] = {"corridor": id_, "value": row["sequence"], "expected": number}
                yield finding(table, row, "sequence", "region.corridor_sequence", "error", **given)
                break
        if table.missing.isdisjoint(_NAMES):
            yield from _other_names(table, id_, rows)


def corridors_follow_links(folder: Folder) -> Iterator[Fault]:
    """Check that a corridor goes from each place to the next over a link of the mode it names, open or not."""
    table = folder.tables["corridors"]
    links = _modes_by_pair(folder)
    known = known_ids(folder)
    for id_, rows in _corridors(folder):
        for before, row in pairwise(rows):
            first, second, mode = word(before, "place"), word(row, "place"), word(row, "mode")
            if not (sound(row, "mode") and first in known and second in known):
                continue
            if row["sequence"] != cast("int", before["sequence"]) + 1:
                # A gap in the count is named by itself; what should stand in it nobody knows.
                continue
            given: dict[str, object] = {"corridor": id_, "first": first, "second": second}
            if not mode:
                yield finding(table, row, "mode", "region.corridor_without_mode", "error", **given)
            elif links is not None and mode not in (modes := links.get(frozenset((first, second)), frozenset())):
                given = {**given, "mode": mode, **({"modes": sorted(modes)} if modes else {})}
                column = "mode" if modes else "place"
                yield finding(table, row, column, "region.corridor_without_link", "error", **given)


def _corridors(folder: Folder) -> Iterator[tuple[str, list[Row]]]:
    """Yield id and rows in order of every corridor whose order can be known."""
    if not readable(folder, "corridors", *_COLUMNS):
        return
    found: dict[str, list[Row]] = defaultdict(list)
    for row in folder.tables["corridors"].rows:
        if not sound(row, "id", "sequence"):
            # Nobody knows where the row belongs, so nothing can be said about the order of any corridor.
            return
        found[row.text("id")].append(row)
    for id_, rows in found.items():
        numbers = [cast("int", row["sequence"]) for row in rows]
        if len(set(numbers)) == len(numbers):
            yield id_, sorted(rows, key=lambda row: cast("int", row["sequence"]))


def _other_names(table: Table, id_: str, rows: list[Row]) -> Iterator[Fault]:
    for row in rows[1:]:
        for column in _NAMES:
            if sound(row, column) and sound(rows[0], column) and row[column] != rows[0][column]:
                yield finding(table, row, column, "region.corridor_name_differs", corridor=id_, first=rows[0].line)


def _modes_by_pair(folder: Folder) -> Mapping[frozenset[str], frozenset[str]] | None:
    """Return the modes that join each pair of places; None where a link could not be read, as it may be the one."""
    if not readable(folder, "links", "from", "to", "mode"):
        return None
    known = known_ids(folder)
    found: dict[frozenset[str], set[str]] = defaultdict(set)
    for row in folder.tables["links"].rows:
        ends = word(row, "from"), word(row, "to")
        if not word(row, "mode") or not known.issuperset(ends):
            return None
        found[frozenset(ends)].add(row.text("mode"))
    return {pair: frozenset(modes) for pair, modes in found.items()}
