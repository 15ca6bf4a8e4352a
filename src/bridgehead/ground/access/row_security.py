"""Row-level security on PostgreSQL: the second lock behind the gate.

Each owned table has one policy for reading and changing, built from the same `Visibility` as the gate. What the
running viewer sees is told to the connection as settings of its own, before the first statement that needs them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer, current_viewer
from bridgehead.ground.access.visibility import Visibility

SETTING = "bridgehead.viewer"
IDLE, IN_ERROR = 0, 3
"""What libpq calls a connection in no transaction, and in one that failed."""
BACK = "ROLLBACK TO SAVEPOINT"
POLICY = "bridgehead_visible"
ADDING = "bridgehead_adding"

FUNCTIONS = """
CREATE OR REPLACE FUNCTION bridgehead_viewer() RETURNS jsonb LANGUAGE sql STABLE AS
$$ SELECT coalesce(nullif(current_setting('bridgehead.viewer', true), ''), '{}')::jsonb $$;
CREATE OR REPLACE FUNCTION bridgehead_wholly(scope text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce((bridgehead_viewer() -> 'all')::boolean, false)
       OR coalesce(bridgehead_viewer() -> 'wholly' ? scope, false) $$;
CREATE OR REPLACE FUNCTION bridgehead_ids(part text, scope text) RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT coalesce(bridgehead_viewer() -> part ->> scope, bridgehead_viewer() -> part ->> '*', '{}')::bigint[] $$;
CREATE OR REPLACE FUNCTION bridgehead_person() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT (bridgehead_viewer() ->> 'person')::bigint $$;
"""


def policy(declared: Visibility) -> str:
    """Return the condition of the policy of a table; the parts in brackets are worked out once a statement."""
    scope = declared.scope
    parts = [f"(SELECT bridgehead_wholly('{scope}'))"]
    parts += [f"{column} = ANY((SELECT bridgehead_ids('owners', '{scope}'))::bigint[])" for column in declared.owners]
    parts += [f"{column} = ANY((SELECT bridgehead_ids('offices', '{scope}'))::bigint[])" for column in declared.offices]
    parts += [f"{column} = (SELECT bridgehead_person())" for column in declared.persons]
    if declared.public:
        parts.append(declared.public)
    return " OR ".join(parts)


def protect(table: str, declared: Visibility) -> list[str]:
    """Return the statements that put a table under row-level security, its owner included."""
    condition = policy(declared)
    statements = [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
        f'DROP POLICY IF EXISTS {POLICY} ON "{table}"',
        f'DROP POLICY IF EXISTS {ADDING} ON "{table}"',
        f'CREATE POLICY {POLICY} ON "{table}" USING ({condition})',
    ]
    if declared.anybody_adds:
        statements.append(f'CREATE POLICY {ADDING} ON "{table}" FOR INSERT WITH CHECK (true)')
    return statements


def told(viewer: Viewer) -> str:
    """Return what the connection is told about a viewer: JSON with the ids seen in each scope.

    The ids stand there as PostgreSQL writes an array, so that a policy costs no more than reading it.
    """
    if viewer.system:
        return '{"all":true}'
    if not viewer.grants:
        return json.dumps({"person": viewer.person_id}) if viewer.person_id is not None else "{}"
    scopes = roles().scopes
    return json.dumps(
        {
            "person": viewer.person_id,
            "wholly": [scope for scope in scopes if viewer.wholly(scope)],
            "owners": _by_scope({scope: sorted(viewer.owners_in(scope)) for scope in scopes}),
            "offices": _by_scope({scope: sorted(viewer.offices_in(scope)) for scope in scopes}),
        },
        separators=(",", ":"),
    )


def _by_scope(ids: dict[str, list[int]]) -> dict[str, str]:
    """Say what most scopes have in common once, under ``*``; a scope named for itself goes before it."""
    arrays = {scope: "{" + ",".join(map(str, found)) + "}" for scope, found in ids.items()}
    common = Counter(arrays.values()).most_common(1)[0][0]
    return {"*": common, **{scope: array for scope, array in arrays.items() if array != common}}


class Teller:
    """Tells a connection who reads, before a statement is sent, if it has not been told yet.

    A setting made outside a transaction stays. One made inside is lost when the transaction, or the savepoint it was
    made in, is rolled back; it is remembered until one of both can have happened.

    Attributes
    ----------
    lasting : Viewer or None
        Who was told outside any transaction.
    passing : Viewer or None
        Who was told in the transaction that runs.
    """

    def __init__(self, connection: BaseDatabaseWrapper) -> None:
        self.connection = connection
        self.lasting: Viewer | None = None
        self.passing: Viewer | None = None

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Tell the connection and go on with the statement."""
        viewer = current_viewer()
        if str(sql).startswith(BACK):
            self.passing = None
        elif self.connection.connection is not None and not _alike(viewer, self.lasting):  # None: closed meanwhile
            status = self.connection.connection.pgconn.transaction_status
            if status == IDLE:
                self.passing = None
            if status != IN_ERROR and not _alike(viewer, self.passing):
                self.tell(viewer)
        return execute(sql, params, many, context)

    def tell(self, viewer: Viewer) -> None:
        """Make the setting, and remember whether it can be taken back."""
        raw = self.connection.connection
        with self.connection.wrap_database_errors, raw.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, false)", (SETTING, told(viewer)))
        inside = self.connection.in_atomic_block
        self.lasting, self.passing = (None, viewer) if inside else (viewer, None)


def _alike(one: Viewer, other: Viewer | None) -> bool:
    """Tell whether the connection would be told the same of both."""
    return one is other or (other is not None and one.system and other.system)


def tell_now() -> None:
    """Tell the connection who reads before a transaction begins, where the setting lasts."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        return
    # A thread that serves no requests has nobody else to see that the server went away and came back.
    if connection.errors_occurred:
        connection.close_if_unusable_or_obsolete()
    connection.close_if_health_check_failed()
    connection.ensure_connection()
    viewer = current_viewer()
    for one in connection.execute_wrappers:
        if isinstance(one, Teller) and not _alike(viewer, one.lasting):
            one.tell(viewer)


def follow(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let a new connection to PostgreSQL follow the viewer; does nothing for SQLite."""
    if connection.vendor != "postgresql":
        return
    for wrapper in [one for one in connection.execute_wrappers if isinstance(one, Teller)]:
        with suppress(ValueError):
            connection.execute_wrappers.remove(wrapper)
    connection.execute_wrappers.append(Teller(connection))
