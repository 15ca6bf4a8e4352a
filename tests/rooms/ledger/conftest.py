"""What the tests of the ledger share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client

from bridgehead.ground.access.viewer import as_system, viewing
from bridgehead.ground.models import Person
from tests.ledger import LedgerWorld, seen_as
from tests.ledger import world as make_world


@pytest.fixture(autouse=True)
def _all_is_seen() -> Iterator[None]:
    """Look as the platform at what tests look up for themselves; actions and requests have viewers of their own."""
    with as_system("tests"):
        yield


@pytest.fixture
def world(db: None) -> LedgerWorld:
    """Return the coordination office, the bodies it asks, and people in them."""
    return make_world()


@pytest.fixture
def seen_by() -> Callable[..., Any]:
    """Read as somebody: ``seen_by(person, selector, ...)`` gives what the selector gives them."""

    def read(person: Person, selector: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        viewer = seen_as(person)
        with viewing(viewer):
            return selector(viewer, *args, **kwargs)

    return read


@pytest.fixture
def browser() -> Callable[[Person], Client]:
    """Return a browser in which a person is signed in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in
