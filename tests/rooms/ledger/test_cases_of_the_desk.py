"""What the desk leaves for the ledger: overdue and refused cases become tasks, once, without their content."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Organisation
from bridgehead.ground.tasks.runner import Runner
from bridgehead.rooms.desk.public import OfficeCounts, case_matter, counts_by_office
from bridgehead.rooms.ledger.models import Task
from tests.desk.cases import BASIS, CaseWorld, Now, answered, lodged, moved
from tests.rooms.desk.conftest import now, there  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def run() -> None:
    """Let the platform do what it has to do now."""
    while Runner().run_one():
        pass


@pytest.mark.article(81)
def test_an_overdue_case_becomes_one_task_of_its_office_that_tells_no_content(
    there: CaseWorld,  # noqa: F811
    now: Now,  # noqa: F811
) -> None:
    case = lodged(there, title="机密的问题")
    now.set("2026-03-05 10:00")
    run()
    now.set("2026-03-12 10:00")
    run()
    with as_system("tests"):
        task = Task.objects.get()
    assert (task.owner_id, task.office_id, task.matter) == (
        there.coordination.pk,
        there.commerce.pk,
        f"case:{case.number}",
    )
    assert case.number in task.title
    assert "2026-03-04" in task.what
    assert task.due_on == date(2026, 3, 12)
    for secret in ("机密", "税", there.firm.name_zh):
        assert secret not in task.title + task.what


@pytest.mark.article(81)
def test_a_refusal_is_to_be_looked_at_again(there: CaseWorld, now: Now) -> None:  # noqa: F811
    moved(lodged(there), there.head, "decline", reason="企业自己的私事", basis=BASIS)
    run()
    with as_system("tests"):
        task = Task.objects.get()
    assert "复核" in task.title
    assert "第 45 条" in task.what
    assert "私事" not in task.what


def test_without_a_coordination_office_nobody_keeps_a_ledger(there: CaseWorld, now: Now) -> None:  # noqa: F811
    with as_system("tests"):
        Organisation.objects.filter(kind="coordination").update(closed_on=date(2026, 1, 1))
    moved(lodged(there), there.head, "decline", reason="不属于", basis=BASIS)
    run()
    with as_system("tests"):
        assert not Task.objects.exists()
    assert case_matter(987654) is None


def test_counts_are_told_by_office_and_period(there: CaseWorld, now: Now, client: Client) -> None:  # noqa: F811
    answered(there, lodged(there))
    moved(lodged(there), there.head, "decline", reason="不属于", basis=BASIS)
    late = lodged(there)
    withdrawn = lodged(there)
    moved(withdrawn, there.trader, "withdraw")
    now.set("2026-03-09 10:00")
    run()
    late.refresh_from_db()
    answered(there, late)
    march = counts_by_office(date(2026, 3, 1), date(2026, 3, 31))
    assert march == {there.commerce.pk: OfficeCounts(there.commerce.pk, 3, 3, 2, 1, 1)}
    assert counts_by_office(date(2026, 3, 5), date(2026, 3, 31), [there.commerce.pk]) == {
        there.commerce.pk: OfficeCounts(there.commerce.pk, 1, 1, 0, 0, 0)
    }
    assert counts_by_office(date(2026, 3, 1), date(2026, 3, 31), [there.city.pk]) == {}
    client.force_login(there.coordinator)
    html = client.get("/ledger/bodies/nm-swt/").content.decode()
    assert "当年答复 3 件，有承诺时限的 3 件里按时 2 件。" in html
    assert "超过承诺时限 1 件，不予办理 1 件。" in html
