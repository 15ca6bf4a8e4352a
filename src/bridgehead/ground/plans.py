"""Which statements PostgreSQL plans once, and which each time they are sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

MANY = 40
"""Values a statement may have and still be planned once; an action's statements, a row written whole among them, have
no more."""


def plan_with_its_values(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Send a statement with long lists of values so that PostgreSQL knows them when it plans.

    A plan kept for any values walks such a list for each row of the table; one made for these values looks a row's up
    in a hash table. Among 40,000 rows and 150 organisations that is 80 ms or 1 ms, and planning takes half of one.
    """
    raw = context["connection"].connection
    if many or params is None or len(params) <= MANY or raw is None:  # None where it was closed under the cursor
        return execute(sql, params, many, context)
    kept, raw.prepare_threshold = raw.prepare_threshold, None
    try:
        return execute(sql, params, many, context)
    finally:
        raw.prepare_threshold = kept


def plan(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Let a new connection to PostgreSQL plan so; does nothing for SQLite."""
    if connection.vendor == "postgresql" and plan_with_its_values not in connection.execute_wrappers:
        connection.execute_wrappers.append(plan_with_its_values)
