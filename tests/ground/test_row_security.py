"""What a connection to PostgreSQL is told of who reads: always in time, and again when a rollback took it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bridgehead.ground.access.row_security import Teller
from bridgehead.ground.access.viewer import ANONYMOUS, Viewer, system, viewing
from bridgehead.ground.models import Person
from bridgehead.ground.people.accounts import register_person

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is told nothing: the gate stands alone there"),
]


class _UndoneError(Exception):
    """Undoes a transaction."""


@pytest.fixture
def viewers() -> list[Viewer]:
    """Give one who sees nobody, two who see themselves, and the platform twice."""
    made = [register_person(by=system("tests"), login=login, name=login) for login in ("first", "second")]
    return [ANONYMOUS, *(Viewer(person_id=one.pk, name=one.name) for one in made), system("one"), system("another")]


def _seen() -> set[str]:
    return set(Person.objects.values_list("login", flat=True))


def _due(viewer: Viewer) -> set[str]:
    return {"first", "second"} if viewer.system else {"first", "second"} & {viewer.name}


STEP = st.tuples(st.sampled_from(["read", "read", "enter", "leave", "undo", "fail"]), st.integers(0, 4))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=[("read", 2), ("enter", 0), ("enter", 0), ("read", 1), ("undo", 1), ("read", 1)])
@example(steps=[("read", 2), ("enter", 0), ("read", 1), ("undo", 1), ("enter", 1), ("read", 1)])
@given(steps=st.lists(STEP, min_size=5, max_size=30))
def test_a_statement_never_runs_as_somebody_else(viewers: list[Viewer], steps: list[tuple[str, int]]) -> None:
    """Whatever transactions and savepoints are begun, kept, undone or broken between two statements."""
    held: list[Any] = []
    for step, at in [*steps, *[("undo", 0)] * 4, ("read", 0), ("read", 1)]:
        with viewing(viewers[at]):
            if step == "read":
                assert _seen() == _due(viewers[at])
            elif step == "enter" and len(held) < 4:
                held.append(transaction.atomic())
                held[-1].__enter__()
            elif step == "leave" and held:
                held.pop().__exit__(None, None, None)
            elif step == "undo" and held:
                held.pop().__exit__(_UndoneError, _UndoneError(), None)
            elif step == "fail" and held:
                with pytest.raises(DataError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT 1/0")


def test_who_reads_is_told_once_in_a_transaction_and_not_before_every_statement(viewers: list[Viewer]) -> None:
    told: list[str] = []
    with viewing(viewers[2]):
        _seen()
    with viewing(viewers[1]), transaction.atomic(), _noted(told):
        for at in (1, 3, 4, 3, 1, 1):
            with viewing(viewers[at]):
                assert _seen() == _due(viewers[at])
    assert told == ["first", "one", "first"]


@contextmanager
def _noted(told: list[str]) -> Iterator[None]:
    real = Teller.tell

    def tell(teller: Teller, viewer: Viewer) -> None:
        told.append(viewer.name)
        real(teller, viewer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Teller, "tell", tell)
        yield
