"""What the entrance of the desk says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation
from bridgehead.rooms.desk.selectors.editions import answering
from bridgehead.rooms.desk.selectors.notices import unread_count
from bridgehead.rooms.desk.who import firms


@dataclass(frozen=True, slots=True)
class Home:
    """The answer in one sentence, how many policies can be asked about, for which firms somebody asks, what waits."""

    says: str
    policies: int
    firms: Sequence[Organisation]
    unread: int


def home(viewer: Viewer) -> Home:
    """Return what the entrance says to somebody.

    Articles: 51
    """
    count = sum(one.rule.in_force(timezone.localdate()) for one in answering())
    if count:
        says = pgettext("desk", "回答几个问题，就知道哪些政策适合您")
    else:
        says = pgettext("desk", "政策还在核对，核对一条公布一条")
    return Home(says, count, firms(viewer), unread_count(viewer))
