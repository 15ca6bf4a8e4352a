"""What the tests of the ground share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bridgehead.ground.access.viewer import as_system


@pytest.fixture
def _looking_at_rows() -> Iterator[None]:
    """Let a test look at every row itself; each request and action still reads as whoever sent it."""
    with as_system("tests"):
        yield


@pytest.fixture
def _own_folder(settings: Any, tmp_path: Path) -> None:
    """Keep the files of a test in a folder of its own."""
    settings.BRIDGEHEAD_DATA = tmp_path
