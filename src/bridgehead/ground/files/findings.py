"""What is found wrong with one file: each code once, with the places in it that show it."""

from __future__ import annotations

from collections.abc import Iterator

from bridgehead.kernel.errors import Fault, Place

MOST_PARTS = 5
"""Places named per code; whoever mends a file needs to know where, not every where."""


class Findings:
    """The faults of one file on the way through its checks."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._found: dict[str, dict[str, object]] = {}
        self._parts: dict[str, list[str]] = {}

    def note(self, code: str, part: str = "", /, **parameters: object) -> None:
        """Note a fault; the first parameters of a code stay, the places of all are gathered."""
        self._found.setdefault(code, parameters)
        parts = self._parts.setdefault(code, [])
        if part and part not in parts and len(parts) < MOST_PARTS:
            parts.append(part)

    def __bool__(self) -> bool:
        """Tell whether anything was found."""
        return bool(self._found)

    def __contains__(self, code: str) -> bool:
        """Tell whether a code was found."""
        return code in self._found

    def __iter__(self) -> Iterator[Fault]:
        """Go through the faults in the order they were found."""
        for code, parameters in self._found.items():
            parts = {"parts": self._parts[code]} if self._parts[code] else {}
            yield Fault(code, {**parameters, **parts}, Place(self.name))
