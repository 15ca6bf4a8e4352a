"""Checks of the statute tables and of the trace, as far as they need no page and no program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bridgehead.kernel.errors import Fault, Place
from bridgehead.regions.checks.common import finding, readable, sound
from bridgehead.regions.folder import TRACE_FILE, Folder

STATUSES = ("done", "partial", "planned", "declaratory")
NEEDED: Mapping[str, tuple[str, ...]] = {
    "done": ("tests",),
    "partial": ("missing",),
    "planned": ("room",),
    "declaratory": ("reason",),
}
"""What an entry of each status must say besides."""


def articles_are_complete(folder: Folder) -> Iterator[Fault]:
    """Check that the statute tables have each article of the regulation, and none beyond the last."""
    statute = folder.settings.statute
    if statute is None:
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
    if statute is None or not readable(folder, "orgs", "articles"):
        return
    for row in table.rows:
        for number in row["articles"] if isinstance(row["articles"], tuple) else ():
            if isinstance(number, int) and number > statute.articles:
                yield finding(table, row, "articles", "statute.no_such_article", value=number, last=statute.articles)
                break


def trace_is_sound(folder: Folder) -> Iterator[Fault]:
    """Check that the trace has an entry of known status for every article, with what that status demands."""
    articles = folder.trace.get("article")
    statute = folder.settings.statute
    if statute is None or not folder.trace:
        return
    if not isinstance(articles, Mapping):
        yield _trace_fault("trace.no_articles", None)
        return
    gaps = [number for number in range(1, statute.articles + 1) if str(number) not in articles]
    if gaps:
        yield _trace_fault("trace.articles_missing", None, articles=gaps)
    features = folder.trace.get("feature", {})
    for number, entry in articles.items():
        name = f"article.{number}"
        if not (number.isdigit() and 1 <= int(number) <= statute.articles):
            yield _trace_fault("trace.no_such_article", name, value=number, last=statute.articles)
        elif not isinstance(entry, Mapping):
            yield _trace_fault("trace.bad_entry", name, value=number)
        else:
            yield from _entry_faults(name, number, entry, features if isinstance(features, Mapping) else {})


def _entry_faults(name: str, number: str, entry: Mapping[str, Any], features: Mapping[str, Any]) -> Iterator[Fault]:
    status = entry.get("status")
    if status not in STATUSES:
        yield _trace_fault("trace.bad_status", name, article=number, value=status, allowed=STATUSES)
        return
    for key in NEEDED[status]:
        if not entry.get(key):
            yield _trace_fault("trace.entry_lacks", name, article=number, status=status, key=key)
    listed = entry.get("features", [])
    if not isinstance(listed, list) or not all(isinstance(feature, str) for feature in listed):
        yield _trace_fault("trace.bad_entry", name, value=number)
        return
    for feature in listed:
        if feature not in features:
            yield _trace_fault("trace.unknown_feature", name, article=number, value=feature)


def _trace_fault(code: str, name: str | None, **parameters: object) -> Fault:
    return Fault(code, parameters, Place(TRACE_FILE, column=name))
