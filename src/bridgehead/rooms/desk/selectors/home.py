"""What the entrance of the desk says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from django.utils import timezone
from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.selectors.case_lists import CaseLine, my_cases
from bridgehead.rooms.desk.selectors.editions import answering
from bridgehead.rooms.desk.selectors.news import Item, news
from bridgehead.rooms.desk.selectors.notices import unread_count
from bridgehead.rooms.desk.selectors.training import Session, calendar
from bridgehead.rooms.desk.services import service_name, services
from bridgehead.rooms.desk.who import firms

MOST_CASES, MOST_NEWS, MOST_SESSIONS = 5, 3, 3


@dataclass(frozen=True, slots=True)
class Home:
    """What the entrance says: the answer in one sentence, and what of each thing stands first.

    Attributes
    ----------
    says : str
        How somebody's own cases stand; for whoever has none, what can be asked here.
    policies : int
        How many policies are in force and can be asked about.
    services : sequence of (id, name)
        What can be asked for.
    firms : sequence of Organisation
        For which firms somebody asks.
    cases : sequence of CaseLine
        Their cases that have not ended, those that wait longest first.
    more_cases : bool
        Whether there are more.
    unread : int
        How many notices were not read.
    news, sessions
        The newest news, and the training that comes next.
    """

    says: str
    policies: int
    services: Sequence[tuple[str, str]]
    firms: Sequence[Organisation]
    cases: Sequence[CaseLine]
    more_cases: bool
    unread: int
    news: Sequence[Item]
    sessions: Sequence[Session]


def home(viewer: Viewer) -> Home:
    """Return what the entrance says to somebody.

    Articles: 51
    """
    count = sum(one.rule.in_force(timezone.localdate()) for one in answering())
    able = firms(viewer)
    mine = my_cases(viewer) if able else None
    if mine is not None and mine.lines:
        says = mine.says
    elif count:
        says = pgettext("desk", "回答几个问题，就知道哪些政策适合您")
    else:
        says = pgettext("desk", "政策还在核对，核对一条公布一条")
    coming = (one for _, rows in calendar(viewer).months for one in rows if one.open)
    return Home(
        says=says,
        policies=count,
        services=[(one.id, service_name(one)) for one in services().values()],
        firms=able,
        cases=mine.lines[:MOST_CASES] if mine is not None else (),
        more_cases=mine is not None and (mine.more or len(mine.lines) > MOST_CASES),
        unread=unread_count(viewer),
        news=news().items[:MOST_NEWS],
        sessions=list(islice(coming, MOST_SESSIONS)),
    )
