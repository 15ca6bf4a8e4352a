"""Where entries and their tokens are kept and looked up: SQLite (also in memory), and PostgreSQL.

Both keep the entries in ``ground_searchentry`` and the tokens in ``ground_searchindex``: a full-text table of SQLite, a
vector with a GIN index in PostgreSQL. The vectors stand apart from the entries because PostgreSQL uses no GIN index
behind row-level security; whatever is found is joined to the entries, which are behind it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection

from bridgehead.ground.search.matching import name_tokens, postgres_match, postgres_vector, sqlite_match
from bridgehead.ground.search.registry import Document
from bridgehead.ground.search.scope import Condition, Standing
from bridgehead.kernel.bigrams import EDITION, Clause, tokens

LONGEST_TITLE = 300
MOST_NAMES = 20
LONGEST_TEXT = 12_000
"""Characters of a text that are searched: PostgreSQL counts places to 16,383."""
Run = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

COLUMNS = (
    *("kind", "record", "title_zh", "title_en", "text", "page", "kwargs", "query"),
    *("audience", "is_open", "scope", "owner_id", "second_owner_id", "office_id", "person_id", "edition"),
)
_CHANGED = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[2:])
_PUT = (
    f"INSERT INTO ground_searchentry ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))}) "
    f"ON CONFLICT (kind, record) DO UPDATE SET {_CHANGED} RETURNING id"
)
SQLITE_INDEX = (
    "CREATE VIRTUAL TABLE ground_searchindex USING fts5(names, text, tokenize = 'ascii', prefix = '1')",
    # An entry that goes, goes with its tokens, whoever removes it.
    "CREATE TRIGGER ground_searchentry_gone AFTER DELETE ON ground_searchentry "
    "BEGIN DELETE FROM ground_searchindex WHERE rowid = old.id; END",
)
POSTGRES_INDEX = (
    # What a phrase is compared with stands in the row itself where it can, and is quick to unpack.
    "CREATE TABLE ground_searchindex (entry_id bigint PRIMARY KEY, names tsvector NOT NULL, vector tsvector NOT NULL) "
    "WITH (toast_tuple_target = 8160)",
    "ALTER TABLE ground_searchindex ALTER COLUMN vector SET STORAGE MAIN",
    "DO $$ BEGIN ALTER TABLE ground_searchindex ALTER COLUMN vector SET COMPRESSION lz4; "
    "EXCEPTION WHEN feature_not_supported THEN NULL; END $$",
    "CREATE FUNCTION ground_searchentry_gone() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN DELETE FROM ground_searchindex WHERE entry_id = old.id; RETURN NULL; END $$",
    "CREATE TRIGGER ground_searchentry_gone AFTER DELETE ON ground_searchentry "
    "FOR EACH ROW EXECUTE FUNCTION ground_searchentry_gone()",
    # A short list of what is not merged yet, for every search reads it whole.
    *(
        f"CREATE INDEX ground_searchindex_{column} ON ground_searchindex USING gin ({column}) "
        "WITH (gin_pending_list_limit = 256)"
        for column in ("names", "vector")
    ),
)
_NARROW = ("id", "kind", "audience", "is_open", "scope", "owner_id", "second_owner_id", "office_id", "person_id")
_MEMORY = (
    f"CREATE TABLE ground_searchentry (id integer PRIMARY KEY AUTOINCREMENT, {', '.join(COLUMNS)}, "
    "UNIQUE (kind, record))",
    f"CREATE INDEX search_entries_narrow ON ground_searchentry ({', '.join(_NARROW)})",
    *SQLITE_INDEX,
)


def entry_of(kind: str, audience: str, document: Document, standing: Standing) -> tuple[Any, ...]:
    """Return the values of the columns of a document's entry."""
    return (
        kind,
        document.record,
        *(_kept(name, LONGEST_TITLE) for name in (document.title_zh, document.title_en)),
        _kept(document.text, LONGEST_TEXT),
        document.page,
        json.dumps(dict(document.kwargs), ensure_ascii=False),
        document.query,
        document.audience or audience,
        standing.is_open,
        standing.scope,
        *standing.owners,
        standing.office,
        standing.person,
        EDITION,
    )


def _kept(text: str, longest: int) -> str:
    """Return a text as far as it is searched, without the character that PostgreSQL takes in no text."""
    return text[:longest].replace("\x00", " ")


def _tokens_of(document: Document) -> tuple[list[str], list[str]]:
    names = (document.title_zh, document.title_en, *document.names[:MOST_NAMES])
    return name_tokens(name[:LONGEST_TITLE] for name in names), list(tokens(document.text[:LONGEST_TEXT]))


class Shelf:
    """Entries with their tokens in one database."""

    order = ""

    def __init__(self, run: Run) -> None:
        self.run = run

    def put(self, kind: str, audience: str, documents: Iterable[tuple[Document, Standing]]) -> None:
        """Add documents of a kind, or change their entries where they have one."""
        for document, standing in documents:
            self.put_one(entry_of(kind, audience, document, standing), *_tokens_of(document))

    def put_one(self, entry: tuple[Any, ...], names: list[str], text: list[str]) -> None:
        """Write one entry and its tokens in place of what stands there."""
        raise NotImplementedError

    def remove(self, kind: str, records: Sequence[str]) -> None:
        """Remove entries with their tokens."""
        marks = ", ".join(["%s"] * len(records))
        if records:
            self.run(f"DELETE FROM ground_searchentry WHERE kind = %s AND record IN ({marks})", (kind, *records))

    def counts(self, clauses: Sequence[Clause], may: Condition, most: int, kind: str = "") -> dict[str, int]:
        """Return how many entries of each kind are found, counting `most` of them at most."""
        found, values = self.found(clauses, may, names_only=False, kind=kind)
        inner = f"SELECT e.kind {found} {self.order} LIMIT {most}"
        rows = self.run(f"SELECT kind, count(*) FROM ({inner}) AS few GROUP BY kind", values)
        return dict(rows)  # type: ignore[arg-type]

    def ranked(
        self, clauses: Sequence[Clause], may: Condition, most: int, *, names_only: bool = False, kind: str = ""
    ) -> list[tuple[int, str, float]]:
        """Return id, kind and rank (more is better) of `most` entries found: in SQLite of the newest."""
        raise NotImplementedError

    def found(
        self, clauses: Sequence[Clause], may: Condition, *, names_only: bool, kind: str
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the part of a statement from ``FROM`` on that leaves the entries found, with its values."""
        raise NotImplementedError

    def entries(self, ids: Sequence[int], may: Condition) -> list[tuple[Any, ...]]:
        """Return id, kind, record, titles, text, page, its values and query of entries."""
        if not ids:
            return []
        condition, values = may
        return self.run(
            "SELECT e.id, e.kind, e.record, e.title_zh, e.title_en, e.text, e.page, e.kwargs, e.query "
            f"FROM ground_searchentry e WHERE e.id IN ({', '.join(['%s'] * len(ids))}) AND {condition}",
            (*ids, *values),
        )


class SqliteShelf(Shelf):
    """Entries in SQLite, their tokens in a full-text table (FTS5)."""

    order = "ORDER BY ground_searchindex.rowid DESC"

    def put_one(self, entry: tuple[Any, ...], names: list[str], text: list[str]) -> None:
        """Write one entry and its tokens in place of what stands there."""
        id_ = self.run(_PUT, entry)[0][0]
        self.run("DELETE FROM ground_searchindex WHERE rowid = %s", (id_,))
        self.run(
            "INSERT INTO ground_searchindex (rowid, names, text) VALUES (%s, %s, %s)",
            (id_, " ".join(names), " ".join(text)),
        )

    def ranked(
        self, clauses: Sequence[Clause], may: Condition, most: int, *, names_only: bool = False, kind: str = ""
    ) -> list[tuple[int, str, float]]:
        """Return id, kind and rank (more is better) of `most` entries found: in SQLite of the newest."""
        found, values = self.found(clauses, may, names_only=names_only, kind=kind)
        return self.run(  # type: ignore[return-value]
            f"SELECT e.id, e.kind, -bm25(ground_searchindex, 4.0, 1.0) {found} {self.order} LIMIT {most}",
            values,
        )

    def found(
        self, clauses: Sequence[Clause], may: Condition, *, names_only: bool, kind: str
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the part of a statement from ``FROM`` on that leaves the entries found, with its values."""
        condition, values = may
        said = (
            "FROM ground_searchindex JOIN ground_searchentry e INDEXED BY search_entries_narrow "
            "ON e.id = ground_searchindex.rowid "
            f"WHERE ground_searchindex MATCH %s AND {condition}" + (" AND e.kind = %s" if kind else "")
        )
        return said, (sqlite_match(clauses, names_only), *values, *((kind,) if kind else ()))


class PostgresShelf(Shelf):
    """Entries in PostgreSQL, their tokens as vectors."""

    def put_one(self, entry: tuple[Any, ...], names: list[str], text: list[str]) -> None:
        """Write one entry and its tokens, in one statement."""
        self.run(
            f"WITH entry AS ({_PUT}) INSERT INTO ground_searchindex (entry_id, names, vector) "
            "SELECT id, %s::tsvector, %s::tsvector FROM entry "
            "ON CONFLICT (entry_id) DO UPDATE SET names = excluded.names, vector = excluded.vector",
            (*entry, postgres_vector(names), postgres_vector(names, text)),
        )

    def ranked(
        self, clauses: Sequence[Clause], may: Condition, most: int, *, names_only: bool = False, kind: str = ""
    ) -> list[tuple[int, str, float]]:
        """Return id, kind and rank (more is better) of `most` entries found: in SQLite of the newest."""
        found, values = self.found(clauses, may, names_only=names_only, kind=kind)
        few = f"SELECT e.id, e.kind, i.vector {found} LIMIT {most}"
        return self.run(  # type: ignore[return-value]
            f"SELECT id, kind, ts_rank(vector, %s::tsquery) FROM ({few}) AS few",
            (postgres_match(clauses), *values),
        )

    def found(
        self, clauses: Sequence[Clause], may: Condition, *, names_only: bool, kind: str
    ) -> tuple[str, tuple[Any, ...]]:
        """Return the part of a statement from ``FROM`` on that leaves the entries found, with its values."""
        condition, values = may
        said = (
            "FROM ground_searchindex i JOIN ground_searchentry e ON e.id = i.entry_id "
            f"WHERE i.{'names' if names_only else 'vector'} @@ %s::tsquery AND {condition}"
            + (" AND e.kind = %s" if kind else "")
        )
        return said, (postgres_match(clauses), *values, *((kind,) if kind else ()))


def database_shelf() -> Shelf:
    """Return the entries of the database in use."""

    def run(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall()) if cursor.description else []

    return PostgresShelf(run) if connection.vendor == "postgresql" else SqliteShelf(run)


def memory_shelf() -> Shelf:
    """Return an empty shelf in memory, for as long as somebody holds it."""
    held = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    one_at_a_time = threading.Lock()

    def run(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        with one_at_a_time:
            return held.execute(statement.replace("%s", "?"), values).fetchall()

    for statement in _MEMORY:
        run(statement, ())
    return SqliteShelf(run)
