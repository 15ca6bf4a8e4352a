"""A file as whoever opens files found it; the engines open none."""

from __future__ import annotations

from dataclasses import dataclass

from bridgehead.kernel.errors import Fault


@dataclass(frozen=True)
class OpenedFile:
    """The text of a file, or its bytes where it holds none, or the faults that say why there is neither."""

    name: str
    text: str | None = None
    faults: tuple[Fault, ...] = ()
    data: bytes | None = None
    table: str = ""
    """Which of its tables is meant, where it may hold several."""

    @property
    def found(self) -> bool:
        """Whether there is anything to read."""
        return self.text is not None or self.data is not None
