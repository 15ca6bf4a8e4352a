"""What supervision adds to the dossier of an article: its cases and inspections, this year beside the last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext

from bridgehead.ground import wording
from bridgehead.ground.access.gate import visible
from bridgehead.ground.language import language
from bridgehead.rooms.ledger.dossier import Asked, Line, Section
from bridgehead.rooms.ledger.models import Finding, SupervisionCase
from bridgehead.rooms.ledger.selectors.as_of import standing_on
from bridgehead.rooms.ledger.selectors.inspections import FindingLine, finding_lines
from bridgehead.rooms.ledger.selectors.supervision_lines import CaseLine, case_answer, case_lines

NOTHING = "—"


def supervision_section(asked: Asked) -> Mapping[int, Section]:
    """Return the cases and findings of each article: those that ran in a year, and those of the year before.

    Articles: 83
    """
    now: dict[int, list[Line]] = {number: [] for number in asked.articles}
    before: dict[int, list[Line]] = {number: [] for number in asked.articles}
    for year, lines, on in ((asked.year, now, asked.on), (asked.year - 1, before, date(asked.year - 1, 12, 31))):
        first, last = date(year, 1, 1), min(date(year, 12, 31), on)
        ran = Q(opened_on__lte=last) & (Q(closed_on=None) | Q(closed_on__gte=first))
        cases = visible(SupervisionCase, asked.viewer).filter(ran).select_related("owner", "office")
        for case in case_lines(asked.viewer, last, cases):
            _put(lines, case.case.articles, _case_line(case))
        found = visible(Finding, asked.viewer).filter(standing_on(last), found_on__gte=first, article__in=lines)
        for finding in finding_lines(asked.viewer, list(found.select_related("office")), last):
            _put(lines, [finding.finding.article], _finding_line(finding))
    return {number: _section(number, now[number], before[number], asked.most) for number in asked.articles}


def _put(lines: dict[int, list[Line]], articles: list[int], line: Line) -> None:
    for number in articles:
        if number in lines:
            lines[number].append(line)


def _case_line(one: CaseLine) -> Line:
    cells = (
        one.case.title,
        one.template,
        one.by or NOTHING,
        wording.day(one.due, language()) if one.due else NOTHING,
        case_answer(one),
    )
    return Line(cells, reverse("ledger:supervision-case", args=[one.case.pk]), one.late_wd > 0)


def _finding_line(one: FindingLine) -> Line:
    due = one.mending.due_on if one.mending else None
    cells = (
        one.finding.text[:80],
        pgettext("supervision", "检查发现"),
        one.body or NOTHING,
        wording.day(due, language()) if due else NOTHING,
        one.state,
    )
    return Line(cells, reverse("ledger:finding", args=[one.finding.pk]), one.late)


def _section(number: int, now: list[Line], before: list[Line], most: int) -> Section:
    gap = "" if now else pgettext("supervision", "这一年没有对这一条的监督或者检查记录。")
    return Section(
        key="supervision",
        title=pgettext("supervision", "监督"),
        heads=(
            pgettext("supervision", "事项"),
            pgettext("supervision", "种类"),
            pgettext("supervision", "由谁办"),
            pgettext("supervision", "到期"),
            pgettext("supervision", "情况"),
        ),
        lines=now[:most],
        before=before[:most],
        gap=gap,
        more=max(0, len(now) - most),
        more_before=max(0, len(before) - most),
    )
