"""Checks of the words on policies: whatever is asked of a trader or told to one is worded in all languages, and whole.

They rest on policies that can be read, so they run on a region without errors. A region may do without the tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bridgehead.engines.eligibility.policies import PolicySet
from bridgehead.kernel.errors import Fault
from bridgehead.kernel.tables import Row, Table
from bridgehead.regions.checks.common import finding
from bridgehead.regions.folder import Folder
from bridgehead.regions.policies import policies_of

LANGUAGES = ("zh", "en", "ru", "mn")
WORDS, TITLES, TERMS = "policy_words", "policy_titles", "policy_terms"
PARTS_OF_A_SHARE = ("share", "number")
"""Types of facts that may be asked for in per cent."""
UNFINISHED = re.compile(r"\{.*?\}|<.*?>|%\(\w+\)s|%[sd]|\b(?:TODO|FIXME|TBD|XXX+)\b|[?？]{2,}")


def facts_have_words(folder: Folder) -> Iterator[Fault]:
    """Check that every fact, option and text a condition names has its words, and that no other value has any."""
    table = folder.tables[WORDS]
    if not table.present:
        return
    policies = _policies(folder)
    values = _values(policies)
    wanted = {(fact, value) for fact, several in values.items() for value in ("", *several)}
    named = {row.several(("fact", "value")): row for row in table.rows}
    yield from _missing(table, "fact", (" = ".join(filter(None, one)) for one in sorted(wanted - named.keys())))
    for one, row in named.items():
        if one not in wanted:
            yield finding(table, row, "value", "region.policy_words_unknown", id=" = ".join(one))
        elif row["asked_as"] and (kind := policies.facts.facts[one[0]].type.kind) not in PARTS_OF_A_SHARE:
            yield finding(table, row, "asked_as", "region.policy_words_percent", fact=one[0], type=kind)


def policies_have_titles(folder: Folder) -> Iterator[Fault]:
    """Check that every policy has its title and gist, and that no other one has any."""
    table = folder.tables[TITLES]
    if not table.present:
        return
    policies = _policies(folder).policies
    named = {row.text("policy"): row for row in table.rows}
    yield from _missing(table, "policy", (id for id in policies if id not in named))
    for id, row in named.items():
        if id not in policies:
            yield finding(table, row, "policy", "region.policy_words_unknown", id=id)


def terms_of_policies_have_names(folder: Folder) -> Iterator[Fault]:
    """Check that groups and units of questions, and kinds, measures, scopes and subjects of policies are named."""
    table = folder.tables[TERMS]
    if not table.present:
        return
    asked = folder.tables[WORDS].rows
    wanted = {(name, row.text(name)) for row in asked for name in ("group", "unit")}
    for one in _policies(folder):
        wanted |= {("kind", one.benefit.kind), ("measure", one.benefit.measure)}
        wanted |= {("scope", one.scope), ("subject", one.subject)}
    named = {(row.text("list"), row.text("id")) for row in table.rows}
    yield from _missing(table, "id", (f"{list}: {id}" for list, id in sorted(wanted - named) if id))


def words_on_policies_are_whole(folder: Folder) -> Iterator[Fault]:
    """Check that a fact has its question, that what is said in one language is said in all, and nothing unfinished."""
    for name, parts in ((WORDS, ("question", "help")), (TITLES, ("apply",))):
        table = folder.tables[name]
        for row in table.rows:
            for part in parts:
                yield from _partial(table, row, part, needed=part == "question" and not row.text("value"))
    for name in (WORDS, TITLES, TERMS):
        table = folder.tables[name]
        for row in table.rows:
            for column in row:
                if column.endswith(LANGUAGES) and (found := UNFINISHED.search(row.text(column))):
                    yield finding(table, row, column, "region.policy_words_unfinished", part=found[0])


def _partial(table: Table, row: Row, part: str, *, needed: bool) -> Iterator[Fault]:
    """Name the languages in which a part is empty, where it is needed or another language has it."""
    empty = [language for language in LANGUAGES if not row.text(f"{part}_{language}")]
    if needed or len(empty) < len(LANGUAGES):
        for language in empty:
            id = row.text(table.schema.key[0])
            yield finding(table, row, f"{part}_{language}", "region.policy_words_partial", id=id, language=language)


def _missing(table: Table, column: str, ids: Iterable[str]) -> Iterator[Fault]:
    for id in ids:
        yield finding(table, None, column, "region.policy_words_missing", id=id)


def _values(policies: PolicySet) -> dict[str, set[str]]:
    """Return the values of each fact that need words: the options of a choice, the texts conditions compare with."""
    found = {fact.id: set(fact.type.options) for fact in policies.facts.facts.values()}
    for policy in policies:
        for _, leaf in policy.leaves():
            if policies.facts.facts[leaf.fact].type.kind == "text":
                found[leaf.fact] |= {str(value) for value in leaf.thresholds}
    return found


def _policies(folder: Folder) -> PolicySet:
    return policies_of(folder.policies, folder.files).sound()
