"""Decisions and problems in the dossier of an article, in the morning of somebody, and in the search."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.region import current
from bridgehead.ground.search.find import find
from bridgehead.rooms.ledger.actions.problems import ProblemTold, ask_to_close, open_problem
from bridgehead.rooms.ledger.dossier import Asked, Section, sections
from bridgehead.rooms.ledger.matters import Asking, matters
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import a_decision, a_problem, an_inquiry

pytestmark = pytest.mark.django_db
SeenBy = Callable[..., Any]


def dossier(viewer: Viewer, articles: tuple[int, ...], year: int) -> dict[tuple[int, str], Section]:
    """Return the sections of decisions and problems by article and key."""
    asked = Asked(viewer, articles, year, min(today(), date(year, 12, 31)))
    found = sections(asked)
    return {
        (at, one.key): one for at, listed in found.items() for one in listed if one.key in ("decisions", "problems")
    }


@pytest.mark.article(14)
def test_the_dossier_says_what_was_decided_and_what_is_wrong_this_year_and_before(
    world: LedgerWorld, seen_by: SeenBy
) -> None:
    decision, problem = a_decision(world), a_problem(world)
    year = today().year
    before = ProblemTold(title="去年的问题", due_on=date(year - 1, 6, 30), articles=(14,))
    open_problem(
        by=seen_as(world.coordinator),
        organisation=world.office.pk,
        office=world.transport.pk,
        origin="report",
        told=before,
        found_on=date(year - 1, 3, 1),
    )
    for articles in ((14, 64), tuple(range(1, 87))):  # few are asked for by number, many all at once
        found = seen_by(world.coordinator, dossier, articles, year)
        decided = found[14, "decisions"]
        assert [one.cells[0] for one in decided.lines] == [decision.text]
        assert (decided.before, decided.gap) == ([], "")
        wrong = found[14, "problems"]
        assert [one.cells[0] for one in wrong.lines] == ["去年的问题", problem.title]
        assert [one.late for one in wrong.lines] == [True, False]
        assert [one.cells[0] for one in wrong.before] == ["去年的问题"]
        assert found[64, "problems"].lines == []
        assert found[64, "decisions"].gap
        assert len(found) == 2 * len(articles)
    mine = seen_by(world.commerce_officer, dossier, (14,), year)[14, "problems"]
    assert [one.cells[0] for one in mine.lines] == [problem.title]


def test_the_morning_says_what_waits_for_whom(world: LedgerWorld, seen_by: SeenBy) -> None:
    decision, problem, inquiry = a_decision(world), a_problem(world), an_inquiry(world)

    def waiting(viewer: Viewer) -> set[str]:
        found = matters(Asking(viewer, tuple(sorted(viewer.organisations)), today()))
        return {one.address for one in found if one.address.startswith(("/decisions", "/problems", "/requests"))}

    at = f"/problems/{problem.pk}/"
    assert seen_by(world.coordinator, waiting) == {f"/decisions/{decision.pk}/"}
    assert seen_by(world.commerce_officer, waiting) == {at, f"/requests/{inquiry.pk}/"}
    ask_to_close(by=seen_as(world.commerce_officer), problem=problem.pk, version=problem.version, result="已更换")
    assert seen_by(world.commerce_officer, waiting) == {f"/requests/{inquiry.pk}/"}
    assert at in seen_by(world.coordinator, waiting)


def test_the_search_finds_a_problem_for_whom_it_concerns(world: LedgerWorld, seen_by: SeenBy) -> None:
    problem = a_problem(world, title="查验设备老化", days=3)

    def addresses(viewer: Viewer) -> list[str]:
        found = find(current(), viewer, "查验设备老化", "problem", 1)
        return [str(one.record) for group in found.groups for one in group.hits]

    assert seen_by(world.commerce_officer, addresses) == [str(problem.pk)]
    assert seen_by(world.transport_officer, addresses) == []
