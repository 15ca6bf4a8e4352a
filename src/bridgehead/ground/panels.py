"""Panels: what one room shows about a thing on the page of another, without the two importing each other.

A room registers its panels in ``AppConfig.ready``; the page of the thing asks for them by kind and id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bridgehead.ground.language import speak

KINDS = ("article", "port", "place", "corridor", "commodity", "organisation")

Selector = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A registered panel: for which kind of thing, under which title, from which selector, in which template."""

    kind: str
    title_zh: str
    title_en: str
    selector: Selector
    template: str
    order: int = 100

    def title(self, language: str) -> str:
        """Return the title in one of the languages."""
        return speak(language, self.title_zh, self.title_en)


@dataclass(frozen=True, slots=True)
class Filled:
    """A panel with what its selector found about one thing."""

    panel: Panel
    context: Mapping[str, Any]


_registered: list[Panel] = []


def register(kind: str, title_zh: str, title_en: str, selector: Selector, template: str, *, order: int = 100) -> None:
    """Register a panel; registering the same one twice changes nothing.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    title_zh, title_en : str
        Title of the panel.
    selector : callable
        Takes the id of the thing as text and returns the context of the template, or None to show no panel. Like
        every selector it shows what the running viewer may see; see `bridgehead.ground.access.gate`.
    template : str
        Name of the template, which sees the context under its own keys.
    order : int
        Lower numbers stand higher.

    Raises
    ------
    ValueError
        If the kind is unknown.
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known are {', '.join(KINDS)}")
    panel = Panel(kind, title_zh, title_en, selector, template, order)
    if panel not in _registered:
        _registered.append(panel)


def panels_for(kind: str, subject: str | int) -> tuple[Filled, ...]:
    """Return the panels that have something to say about one thing, in order."""
    wanted = sorted((panel for panel in _registered if panel.kind == kind), key=lambda p: (p.order, p.title_en))
    filled = ((panel, panel.selector(str(subject))) for panel in wanted)
    return tuple(Filled(panel, context) for panel, context in filled if context is not None)
