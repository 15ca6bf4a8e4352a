"""What these tests look up for themselves is seen; actions and requests have viewers of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.models import Organisation
from tests.ground.people import member, organisation


@pytest.fixture(autouse=True)
def _all_is_seen() -> Iterator[None]:
    """Look as the platform, which row-level security lets see every row."""
    with as_system("tests"):
        yield


@pytest.fixture
def seat() -> Organisation:
    return organisation("region", "government")


@pytest.fixture
def admin(seat: Organisation) -> Viewer:
    return member("admin", seat, "administrator")
