"""What these tests look up for themselves is seen; actions and requests have viewers of their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridgehead.ground.access.viewer import as_system


@pytest.fixture(autouse=True)
def _all_is_seen() -> Iterator[None]:
    """Look as the platform, which row-level security lets see every row."""
    with as_system("tests"):
        yield
