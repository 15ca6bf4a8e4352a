"""Which statements PostgreSQL keeps a plan of."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from bridgehead.ground.models import Organisation
from bridgehead.ground.plans import MANY

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite plans a statement each time"),
]
OFTEN = 12


def _kept(values: int) -> list[str]:
    """Return the statements over organisations with so many values that have a plan."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        told = [statement for (statement,) in cursor.fetchall()]
    return [one for one in told if "ground_organisation" in one and one.count("$") == values]


@pytest.mark.parametrize(("values", "kept"), [(1, True), (MANY, True), (MANY + 1, False), (10 * MANY, False)])
def test_a_statement_with_a_long_list_is_planned_each_time(values: int, kept: bool) -> None:
    """What a kept plan makes of a long list is slow; a short statement is planned once."""
    for first in range(OFTEN):
        assert not list(Organisation.objects.filter(pk__in=[-first - one for one in range(1, values + 1)]))
    assert bool(_kept(values)) == kept
    assert connection.connection.prepare_threshold == 5  # what comes next is as before


@pytest.mark.parametrize("values", [1, MANY + 1])
def test_a_cursor_whose_connection_was_closed_says_so_as_the_database_does(values: int) -> None:
    """That is what a fault of the database is made of."""
    with connection.cursor() as cursor:
        connection.close()
        with pytest.raises(DatabaseError, match="closed"):
            cursor.execute(f"SELECT 1 IN ({', '.join(['%s'] * values)})", list(range(values)))


def test_what_fails_leaves_the_next_statements_planned_as_before() -> None:
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(f"SELECT nothing_like_it IN ({', '.join(['%s'] * 50)})", list(range(50)))
    assert connection.connection.prepare_threshold == 5
