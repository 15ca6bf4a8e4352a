"""What the dossier of an article says of decisions and problems: this year beside the year before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.language import language
from bridgehead.ground.wording import day, number, percent
from bridgehead.rooms.ledger.dossier import Asked, Line, Section
from bridgehead.rooms.ledger.models import Decision, DecisionPart, Problem, ProblemStep
from bridgehead.rooms.ledger.models import articles as article_column
from bridgehead.rooms.ledger.selectors.as_of import as_said_on
from bridgehead.rooms.ledger.selectors.coordination import as_participant, taking_part, today
from bridgehead.rooms.ledger.selectors.meetings import DecisionLine, decision_lines
from bridgehead.rooms.ledger.selectors.problems import ProblemLine, line_of
from bridgehead.rooms.ledger.selectors.problems_then import stood_on

FEW = 8
"""So many articles are asked for by number; more are read all at once."""

M = TypeVar("M", bound=Model)
R = TypeVar("R")


def decision_sections(asked: Asked) -> Mapping[int, Section]:
    """Return what was decided on each article in the year and in the year before.

    Articles: 5
    """
    mine = taking_part(asked.viewer, Decision, (DecisionPart, "decision"))
    by_year = {}
    with as_participant():
        for year, first, last in _spans(asked):
            rows = _on_articles(Decision.objects.filter(mine, decided_on__gte=first, decided_on__lte=last), asked)
            lines = decision_lines(rows.order_by("-decided_on", "number", "id"), last)
            by_year[year] = _by_article(lines, lambda one: one.articles)
    heads = (
        pgettext("coordination", "议定事项"),
        pgettext("coordination", "责任单位"),
        pgettext("coordination", "期限"),
        pgettext("coordination", "进展"),
    )
    title, gap = pgettext("coordination", "议定事项"), _("这一年没有会议议定过这一条的事。")
    return _sections(asked, by_year, _decision, ("decisions", title, heads, gap, (3,)))


def problem_sections(asked: Asked) -> Mapping[int, Section]:
    """Return the problems of each article that ran in the year, and in the year before.

    Articles: 5, 79
    """
    by_year = {}
    for year, first, last in _spans(asked):
        lines = [line_of(one, last) for one in _problems(asked, first, last)]
        by_year[year] = _by_article(lines, lambda one: one.articles)
    heads = (
        pgettext("coordination", "问题"),
        pgettext("coordination", "责任单位"),
        pgettext("coordination", "整改期限"),
        pgettext("coordination", "状态"),
        pgettext("coordination", "逾期（工作日）"),
    )
    title, gap = pgettext("dossier", "问题"), _("这一年的问题清单里没有这一条的问题。")
    return _sections(asked, by_year, _problem, ("problems", title, heads, gap, (4,)))


def _spans(asked: Asked) -> list[tuple[int, date, date]]:
    """Return both years with their first day and the day as of which each speaks."""
    both = ((asked.year, asked.on), (asked.year - 1, date(asked.year - 1, 12, 31)))
    return [(year, date(year, 1, 1), last) for year, last in both]


def _problems(asked: Asked, first: date, last: date) -> list[Problem]:
    """Return the problems that were on the list at some time of a year, as they stood on its last day."""
    rows = _on_articles(visible(Problem, asked.viewer).filter(found_on__lte=last), asked).select_related("office")
    if last >= today():
        return list(rows.filter(Q(closed_on=None) | Q(closed_on__gte=first)).order_by("due_on", "id"))
    steps = visible(ProblemStep, asked.viewer).filter(problem=OuterRef("pk"), on__lte=last)
    closings = steps.filter(kind=ProblemStep.Kind.CLOSED).order_by("-id")
    rows = stood_on(asked.viewer, rows, last).annotate(closed_then=Subquery(closings.values("on")[:1]))
    over = Q(then=ProblemStep.Kind.CLOSED, closed_then__lt=first)
    return as_said_on(rows.exclude(over).order_by("due_then", "id"), last)


def _on_articles(rows: QuerySet[M], asked: Asked) -> QuerySet[M]:
    """Return the records that serve the articles asked for, or any where many are asked for."""
    if len(asked.articles) > FEW:
        return rows.exclude(articles="")
    told = Q(pk__in=())
    for one in asked.articles:
        told |= Q(articles__contains=article_column.sought(one))
    return rows.filter(told)


def _by_article(lines: Iterable[R], of: Callable[[R], tuple[int, ...]]) -> dict[int, list[R]]:
    found: dict[int, list[R]] = defaultdict(list)
    for line in lines:
        for one in of(line):
            found[one].append(line)
    return found


def _sections(
    asked: Asked, by_year: Mapping[int, Mapping[int, Sequence[Any]]], write: Callable[[Any], Line], told: Any
) -> Mapping[int, Section]:
    key, title, heads, gap, numbers = told
    found = {}
    for article in asked.articles:
        now, before = (by_year[year].get(article, []) for year in (asked.year, asked.year - 1))
        found[article] = Section(
            key=key,
            title=title,
            heads=heads,
            lines=[write(one) for one in now[: asked.most]],
            before=[write(one) for one in before[: asked.most]],
            gap="" if now else gap,
            more=max(0, len(now) - asked.most),
            numbers=numbers,
            more_before=max(0, len(before) - asked.most),
        )
    return found


def _decision(one: DecisionLine) -> Line:
    record = one.record
    progress = percent(one.share, language()) if one.share is not None else one.state
    cells = (record.text, one.office, day(record.due_on, language()), progress)
    return Line(cells, reverse("ledger:decision", args=[record.pk]), late=bool(one.late_wd))


def _problem(one: ProblemLine) -> Line:
    record = one.record
    late = number(one.late_wd, language()) if one.late_wd else "—"
    cells = (record.title, one.office, day(one.due_on, language()), one.state, late)
    return Line(cells, reverse("ledger:problem", args=[record.pk]), late=bool(one.late_wd))
