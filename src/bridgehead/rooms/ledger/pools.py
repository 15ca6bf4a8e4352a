"""What samples of an inspection are drawn from: bodies, tasks, programmes, and what other subjects register."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.models import Programme, Task
from bridgehead.rooms.ledger.who import bodies

Build = Callable[[Viewer], Iterable[tuple[str, str, str]]]
"""Gives id, Chinese and English name of each thing that can be drawn; the last is empty where there is none."""


@dataclass(frozen=True, slots=True)
class Pool:
    """One kind of things samples are drawn from."""

    kind: str
    word: object
    build: Build


_registered: dict[str, Pool] = {}


def register_pool(kind: str, word: object, build: Build) -> None:
    """Register a kind of things that samples are drawn from; registering it again replaces it.

    Parameters
    ----------
    kind : str
        Its name.
    word : str
        What they are called; a lazy translation.
    build : callable
        Takes the viewer and gives id, Chinese name and English name of each.
    """
    _registered[kind] = Pool(kind, word, build)


def kinds() -> list[tuple[str, str]]:
    """Return the kinds with their words, for a form."""
    return [(one.kind, str(one.word)) for one in _registered.values()]


def pool(viewer: Viewer, kind: str) -> list[tuple[str, str, str]] | None:
    """Return id and names of what can be drawn of a kind, None where there is no such kind."""
    found = _registered.get(kind)
    return sorted(found.build(viewer)) if found else None


def _bodies(viewer: Viewer) -> Iterable[tuple[str, str, str]]:
    return [(one.code, one.name_zh, one.name_en) for one in bodies(viewer) if one.kind != "congress"]


def _tasks(viewer: Viewer) -> Iterable[tuple[str, str, str]]:
    rows = visible(Task, viewer).filter(state=Task.State.OPEN).values_list("pk", "title")
    return [(str(pk), title, "") for pk, title in rows]


def _programmes(viewer: Viewer) -> Iterable[tuple[str, str, str]]:
    rows = visible(Programme, viewer).filter(state=Programme.State.RUNNING)
    return rows.order_by().values_list("code", "name_zh", "name_en")


register_pool("body", pgettext_lazy("supervision", "单位"), _bodies)
register_pool("task", pgettext_lazy("supervision", "任务"), _tasks)
register_pool("programme", pgettext_lazy("supervision", "项目"), _programmes)
