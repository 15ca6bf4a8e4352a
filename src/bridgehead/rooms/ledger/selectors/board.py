"""The board of duties: who owes what by when on any day, by organisation and by article."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation
from bridgehead.ground.wording import has_han
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.models import Spell, Task
from bridgehead.rooms.ledger.selectors.tasks import TaskLine, lines
from bridgehead.rooms.ledger.selectors.tasks_then import due_within, late_on, spells_on, tasks_on
from bridgehead.rooms.ledger.wording import soon, working_days_late
from bridgehead.rooms.statute.public import title

A_PAGE = 60
AT_ONCE = 500
"""Rows of a table that are read together."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one organisation owes, or what is owed for one article."""

    key: str
    name: str
    owed: int
    late: int
    soon: int
    oldest: date | None


@dataclass(frozen=True, slots=True)
class Filters:
    """What a board is asked for: a day, a body, an article, only what is late, words of the title."""

    on: date
    organisation: int | None = None
    article: int | None = None
    late: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Board:
    """Who owes what on a day."""

    filters: Filters
    today: bool
    owed: int
    late: int
    soon: int
    by_organisation: Sequence[Group]
    by_article: Sequence[Group]
    tasks: Sequence[TaskLine]
    pages: int
    chosen: str = ""
    bodies: Sequence[tuple[str, str, str]] = field(default_factory=tuple)


def day_of(text: str, field: str = "on") -> date:
    """Return the day a board is asked for, today where none is named.

    Raises
    ------
    BridgeheadError
        ``form.not_a_date``.
    """
    if not text.strip():
        return timezone.localdate()
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BridgeheadError("form.not_a_date", {"value": text}, Place(field=field)) from None


def at(day: date) -> str:
    """Return what leads from the page of a past day to another page of that day, nothing where it is today."""
    return "" if day == timezone.localdate() else f"?on={day}"


def owed_on(viewer: Viewer, day: date) -> QuerySet[Spell]:
    """Return what is owed on a day of all that somebody may see."""
    return visible(owed_by_all(day), viewer)


def owed_by_all(day: date) -> QuerySet[Spell]:
    """Return what is owed on a day, whoever sees it."""
    return spells_on(day).filter(owed=True)


def board(viewer: Viewer, filters: Filters) -> Board:
    """Return who owes what on a day: counted by organisation and by article, and one page of the tasks.

    Articles: 5, 6, 79
    """
    day = filters.on
    whole = owed_on(viewer, day)
    by_office = _counted(_of(whole, article=filters.article), "office", day)
    by_article = _counted(_of(whole, organisation=filters.organisation), "article", day)
    wanted = [told for key, told in by_office if filters.organisation in (None, key)]
    offices = {key for key, _ in by_office}
    if filters.article is not None:  # somebody else can be chosen, too
        offices |= set(whole.order_by().values_list("office", flat=True).distinct())
    names = {one.pk: one.name(language()) for one in Organisation.objects.filter(pk__in=offices)}
    owed, late = sum(told.owed for told in wanted), sum(told.late for told in wanted)
    pages = max(1, -(-(late if filters.late else owed) // A_PAGE))
    page = min(max(1, filters.page), pages)
    ids = _wanted(whole, filters)[(page - 1) * A_PAGE : page * A_PAGE]
    return Board(
        Filters(day, filters.organisation, filters.article, filters.late, page),
        day == timezone.localdate(),
        owed,
        late,
        sum(told.soon for told in wanted),
        [Group(str(key), names.get(key, str(key)), *told) for key, told in by_office],
        [Group(str(key or ""), title(key) if key else "", *told) for key, told in by_article],
        stood(ids, day),
        pages,
        names.get(filters.organisation or 0, ""),
        _choices(names),
    )


def _choices(names: Mapping[int, str]) -> list[tuple[str, str, str]]:
    """Return bodies as entries of a list: value, name, and its language where that is not the page's."""
    foreign = language() != "zh"
    found = ((str(key), name, "zh" if foreign and has_han(name) else "") for key, name in names.items())
    return sorted(found, key=lambda one: one[1])


class _Told(NamedTuple):
    """What is owed, late and due soon, and the first day due."""

    owed: int
    late: int
    soon: int
    oldest: date


def _counted(rows: QuerySet[Spell], by: str, day: date) -> list[tuple[Any, _Told]]:
    """Return what is owed, late and due soon by one thing; most late ones first."""
    counted = rows.order_by().values_list(by)
    told = counted.annotate(
        owed_=Count("id"),
        late_=Count("id", filter=late_on(day)),
        soon=Count("id", filter=due_within(day, soon(day))),
        oldest=Min("due_on"),
    )
    found = [(key, _Told(*counts)) for key, *counts in told]
    return sorted(found, key=lambda one: (-one[1].late, -one[1].owed, one[1].oldest, one[0] or 0))


def _of(rows: QuerySet[Spell], *, organisation: int | None = None, article: int | None = None) -> QuerySet[Spell]:
    """Return what is owed by a body and for an article, where these are named."""
    if organisation is not None:
        rows = rows.filter(office=organisation)
    return rows if article is None else rows.filter(article=article)


def _wanted(rows: QuerySet[Spell], filters: Filters) -> QuerySet[Spell, int]:
    """Return the tasks a board is asked for, what is due first before the rest; read from an index alone."""
    rows = _of(rows, organisation=filters.organisation, article=filters.article)
    if filters.late:
        rows = rows.filter(late_on(filters.on))
    return rows.order_by("due_on", "task").values_list("task", flat=True)


def stood(ids: Iterable[int], day: date, *, ladders: bool = True) -> list[TaskLine]:
    """Return tasks as they stood on a day, in the order given; that they may be seen must have been asked."""
    wanted = list(ids)
    with as_system("reading tasks whose spells somebody sees"):
        found = Task.objects.select_related("office").in_bulk(wanted)
        return lines(tasks_on([found[pk] for pk in wanted if pk in found], day), day, ladders=ladders)


def board_rows(viewer: Viewer, filters: Filters) -> Iterator[list[str]]:
    """Yield everything that is owed on a day as rows of a table, what is due first before the rest."""
    told = _wanted(owed_on(viewer, filters.on), filters).iterator(chunk_size=2000)
    while part := list(islice(told, AT_ONCE)):
        for one in stood(part, filters.on, ladders=False):
            late = working_days_late(one.due_on, filters.on) if one.late else 0
            row = one.task
            told_of = (str(row.article or ""), row.office.name_zh, str(row.given_on), str(one.due_on))
            yield [row.title, *told_of, str(late), f"{row.share:f}"]
