"""What falls on the days of the calendar, from every subject of the ledger: each registers what it knows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer

KINDS = (
    "meeting",
    "decision",
    "request",
    "problem",
    "supervision",
    "inspection",
    "question",
    "programme",
    "figure",
    "milestone",
    "task",
    "recurring",
)
"""Kinds of things, in the order in which they stand on a day; what there may be thousands of stands last."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One thing in the calendar: what is due on a day, by whom, and where it stands; ``at`` where it has an hour."""

    on: date
    title: str
    who: str
    address: str = ""
    articles: tuple[int, ...] = ()
    kind: str = "task"
    note: str = ""
    at: datetime | None = None

    @property
    def word(self) -> str:
        """What its kind is called."""
        return kind_word(self.kind)


@dataclass(frozen=True, slots=True)
class Between:
    """Who asks, for which days, the last one counted in, and how many of each subject at most."""

    viewer: Viewer
    first: date
    last: date
    most: int = 500

    @property
    def days(self) -> tuple[date, date]:
        """The days as a range of the database."""
        return self.first, self.last


@dataclass(frozen=True, slots=True)
class Fallen:
    """What falls on some days, in order, and whether a subject had more than were asked for."""

    things: Sequence[Coming]
    cut: bool


Builder = Callable[[Between], Iterable[Coming]]
"""Gives what falls on the days asked for that somebody sees, the first ones, one more than ``most`` where there are."""

_registered: dict[str, tuple[str, Builder]] = {}


def register(key: str, kind: str, build: Builder) -> None:
    """Register what a subject says falls on days, and of which kind it is; registering it again replaces it."""
    _registered[key] = (kind, build)


def falling(asked: Between, kinds: Collection[str] = KINDS) -> Fallen:
    """Return everything of some kinds that falls on some days; of other kinds nothing is read."""
    found: list[Coming] = []
    cut = False
    for kind, build in _registered.values():
        if kind in kinds:
            given = sorted(build(asked), key=place)
            cut |= len(given) > asked.most
            found += given[: asked.most]
    return Fallen(sorted(found, key=place), cut)


def place(one: Coming) -> tuple[date, int, str, str]:
    """Return by what the things of the calendar are put in order."""
    return (one.on, KINDS.index(one.kind), one.at.isoformat() if one.at else "", one.title)


def kind_word(kind: str) -> str:
    """Return what a kind of things of the calendar is called."""
    words = {
        "meeting": pgettext("calendar", "会议"),
        "decision": pgettext("calendar", "议定事项"),
        "request": pgettext("calendar", "征询答复"),
        "problem": pgettext("calendar", "问题整改"),
        "supervision": pgettext("calendar", "监督"),
        "inspection": pgettext("calendar", "检查"),
        "question": pgettext("calendar", "公众来件"),
        "programme": pgettext("calendar", "项目"),
        "figure": pgettext("calendar", "报数"),
        "milestone": pgettext("calendar", "节点"),
        "task": pgettext("calendar", "任务"),
        "recurring": pgettext("calendar", "定期事项"),
    }
    return words[kind]
