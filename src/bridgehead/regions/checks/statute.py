"""Checks of the statute tables and of the trace, as far as they need no page and no program."""

from __future__ import annotations

from collections.abc import Iterator

from bridgehead.kernel.errors import Fault
from bridgehead.regions.checks.common import finding, readable, sound, word
from bridgehead.regions.folder import Folder
from bridgehead.regions.trace_file import read_trace


def articles_are_complete(folder: Folder) -> Iterator[Fault]:
    """Check that the statute tables have each article of the regulation, and none beyond the last."""
    statute = folder.settings.statute
    if statute is None or not statute.articles:
        return
    for name in ("statute/articles", "statute/fingerprints"):
        table = folder.tables[name]
        if not table.present or not readable(folder, name, "article"):
            continue
        if any(not sound(row, "article") for row in table.rows):
            continue
        found = {row["article"]: row for row in table.rows}
        gaps = [number for number in range(1, statute.articles + 1) if number not in found]
        if gaps:
            yield finding(table, None, "article", "statute.articles_missing", articles=gaps)
        for number, row in found.items():
            if isinstance(number, int) and number > statute.articles:
                yield finding(table, row, "article", "statute.no_such_article", value=number, last=statute.articles)


def organisations_name_articles(folder: Folder) -> Iterator[Fault]:
    """Check that organisations name articles that exist."""
    statute = folder.settings.statute
    table = folder.tables["orgs"]
    if statute is None or not statute.articles or not readable(folder, "orgs", "articles"):
        return
    for row in table.rows:
        for number in row["articles"] if isinstance(row["articles"], tuple) else ():
            if isinstance(number, int) and number > statute.articles:
                yield finding(table, row, "articles", "statute.no_such_article", value=number, last=statute.articles)
                break


def organisations_stand_in_a_tree(folder: Folder) -> Iterator[Fault]:
    """Check that no organisation stands above itself, by its parent or by whom it reports to."""
    if not readable(folder, "orgs", "id", "parent"):
        return
    table = folder.tables["orgs"]
    above = {word(row, "id"): {word(row, "parent"), word(row, "reports_to")} - {""} for row in table.rows}
    for row in table.rows:
        waiting, seen = list(above[word(row, "id")]), set()
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                waiting += above.get(at, ())
        if word(row, "id") in seen:
            yield finding(table, row, "parent", "region.organisation_above_itself", value=word(row, "id"))


def trace_is_sound(folder: Folder) -> Iterator[Fault]:
    """Check that the trace has a sound entry for every article of the regulation."""
    statute = folder.settings.statute
    if statute is not None and statute.articles and folder.trace:
        yield from read_trace(folder.trace, range(1, statute.articles + 1))[1]
