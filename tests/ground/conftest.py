"""What the tests of the ground share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bridgehead.ground.access.viewer import as_system


@pytest.fixture
def _looking_at_rows() -> Iterator[None]:
    """Let a test look at every row itself; each request and action still reads as whoever sent it."""
    with as_system("tests"):
        yield
