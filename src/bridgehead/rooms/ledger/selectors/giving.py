"""What a task can be given for, and who may give, divide and change one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from bridgehead.ground import wording
from bridgehead.ground.access.acting import able_in
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.rooms.ledger.indicators import indicators as known
from bridgehead.rooms.ledger.models import Duty, Part, Task
from bridgehead.rooms.ledger.selectors.duties import answering_on
from bridgehead.rooms.ledger.units import unit_name
from bridgehead.rooms.ledger.who import DECIDE, KEEP

MOST_WHOLES = 200
Whole = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Giving:
    """What a new task is given for, by whom it can be given, and what the form begins with."""

    owners: list[Organisation]
    duty: Duty | None = None
    parent: Task | None = None
    matter: str = ""
    article: int | None = None
    title: str = ""
    lead: str = ""
    joint: str = ""

    @property
    def articles(self) -> tuple[int, ...]:
        """The article it is given for, for its chip."""
        return (self.article,) if self.article else ()


def giving(viewer: Viewer, duty: int, parent: int, matter: str, article: int) -> Giving:
    """Return what a new task is given for; who answers for the duty stands in the form at first."""
    above = visible(Task, viewer).filter(pk=parent).select_related("office").first() if parent else None
    held = visible(Duty, viewer).filter(pk=duty).first() if duty else None
    if above is not None:
        keepers = [one for one in able_in(viewer, KEEP) if one.pk == above.owner_id]
        leads = [one for one in able_in(viewer, DECIDE) if one.pk == above.office_id]
        owners = keepers + [one for one in leads if one not in keepers]
    else:
        owners = able_in(viewer, KEEP)
    if held is None:
        number = article or (above.article if above else None)
        return Giving(owners, None, above, matter, number or None)
    standing = answering_on(held.responsibilities.all(), timezone.localdate())
    lead = next((str(one.office_id) for one in standing if one.part == Part.LEAD), "")
    joint = " ".join(str(one.office_id) for one in standing if one.part in (Part.JOINT, Part.VERTICAL))
    return Giving(owners, held, above, matter, held.article, held.what[:200], lead, joint)


def wholes(viewer: Viewer, duty: int | None, article: int | None, *, but: int | None = None) -> list[Whole]:
    """Return the tasks another one can be made a part of, as choices: open ones of its duty, and parts of these.

    Parameters
    ----------
    viewer : Viewer
        Who gives or changes a task.
    duty, article : int, optional
        What it serves; without a duty, tasks of the article that have none are offered.
    but : int, optional
        The task itself.
    """
    of_it = Q(duty=duty) | Q(parent__duty=duty) if duty else Q(duty=None, article=article)
    rows = visible(Task, viewer).filter(of_it, state=Task.State.OPEN).exclude(pk=but)
    return [whole(one) for one in rows.order_by("due_on", "id").only("title")[:MOST_WHOLES]]


def whole(task: Task) -> Whole:
    """Return a task as an entry of a list: value, title, and its language where that is not the page's."""
    return str(task.pk), task.title, "zh" if language() != "zh" and wording.has_han(task.title) else ""


def may_give(viewer: Viewer) -> bool:
    """Tell whether somebody may give a task that is no part of another."""
    return viewer.grant_for(KEEP, None, to_write=True) is not None


def may_keep(viewer: Viewer, task: Task) -> bool:
    """Tell whether somebody may change a task: whoever gave it, below another task also the lead of that one."""
    if viewer.grant_for(KEEP, task.owner_id, to_write=True) is not None:
        return True
    return task.parent_id is not None and viewer.grant_for(DECIDE, task.owner_id, to_write=True) is not None


def may_divide(viewer: Viewer, task: Task) -> bool:
    """Tell whether somebody may give parts of a task to others."""
    if viewer.grant_for(KEEP, task.owner_id, to_write=True) is not None:
        return True
    return viewer.grant_for(DECIDE, task.office_id, to_write=True) is not None


def indicators() -> list[tuple[str, str]]:
    """Return the indicators of the region as choices, with their units."""
    said = []
    for one in known().listed:
        unit = wording.unit_label(one.unit, language())
        said.append((one.id, f"{one.name} ({unit})" if unit else one.name))
    return said


def units() -> list[tuple[str, str]]:
    """Return the units the indicators of the region are kept in as choices, in the language of the request."""
    found = dict.fromkeys(one.unit for one in known().listed)
    return [(one, unit_name(one)) for one in found]
