"""Cases where others meet them: the search, the page of an office, the doctor and its cure, the demonstration."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.demonstration.registry import fill, wipe
from bridgehead.ground.doctor.checks import examine
from bridgehead.ground.models import Person
from bridgehead.ground.region import current
from bridgehead.rooms.desk.actions.case_moves import hand_over, tick_case
from bridgehead.rooms.desk.checks import amiss
from bridgehead.rooms.desk.models import Case, CaseDraft, CaseEvent, CaseFile, Turn
from bridgehead.rooms.desk.selectors.services import measured_times
from tests.desk.cases import CaseWorld, Now, answered, lodged, moved
from tests.ground.world import member
from tests.ledger import seen_as

pytestmark = pytest.mark.django_db


def found(client: Client, who: Person | None, words: str) -> bool:
    client.logout()
    if who is not None:
        client.force_login(who)
    return "/desk/cases/" in str(client.get(f"/api/search?q={words}").json())


def test_a_case_is_found_by_those_who_see_it(there: CaseWorld, client: Client) -> None:
    case = lodged(there, title="羊绒出口退税")
    for words in ("羊绒出口", case.number):
        who = {one.login: found(client, one, words) for one in (there.trader, there.officer, there.competitor)}
        assert who == {"trader": True, "officer": True, "competitor": False}, words
        assert not found(client, there.financier, words)
        assert not found(client, None, words)
    told = {"case": case.pk, "version": case.version, "office": there.finance.pk}
    hand_over(by=seen_as(there.officer), reason="归口", **told)
    assert found(client, there.financier, "羊绒出口")


def test_the_page_of_an_office_tells_its_own_people_what_waits(there: CaseWorld, client: Client, now: Now) -> None:
    lodged(there)
    now.set("2026-03-09 09:30")
    lodged(there)
    for who, sees in ((there.officer, True), (member(there.region, "head"), True), (there.financier, False)):
        client.force_login(who)
        html = client.get("/organisations/nm-swt/").content.decode()
        assert ("没办完的 2 件，已超时 1 件" in html) == sees, who.login


def test_the_doctor_finds_a_case_that_was_changed_past_the_platform_and_its_cure_mends_it(
    there: CaseWorld, now: Now
) -> None:
    case = lodged(there)
    with as_system("tests"):
        assert amiss(Case.objects.all(), timezone.now()) == []
        Case.objects.update(state="drafting", due_at=None)
        assert amiss(Case.objects.all(), timezone.now()) == [case.pk]
        told = {one.name: one for one in examine()}
        assert (told["cases"].severity, told["case_clocks"].severity) == ("error", "ok")
        assert "desk restate" in told["cases"].cure("zh")
        tick_case(by=system("tests"), case=case.pk)
        assert amiss(Case.objects.all(), timezone.now()) == []
    now.set("2026-03-09 09:30")
    told = {one.name: one for one in examine()}
    assert (told["cases"].severity, told["case_clocks"].severity) == ("ok", "warning")


def test_a_case_whose_machine_lost_a_state_is_told_and_hinders_nobody(
    there: CaseWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = moved(lodged(there), there.officer, "draft")
    with as_system("tests"):
        CaseEvent.objects.filter(case=case, move="draft").update(move="no_such_move")
        assert amiss(Case.objects.all(), timezone.now()) == [case.pk]


def test_the_demonstration_shows_every_service_in_every_kind_of_state_and_goes_again() -> None:
    region = current().region
    with as_system("tests"):
        fill(region)
        rows = Case.objects.filter(owner__demo=True)
        assert {row["id"] for row in region.rows("services")} == set(rows.values_list("service", flat=True))
        assert set(rows.values_list("turn", flat=True)) == set(Turn.values)
        assert rows.filter(overdue_at__isnull=False, ended_at=None).exists()
        assert rows.filter(outcome="refused", basis__isnull=False).exists()
        assert rows.filter(urgent=True, ended_at=None).count() == 1
        assert all(one.title.endswith("（示意）") for one in rows)
        times = measured_times().values()
        assert any(one.enough for one, _ in times)
        assert not all(one.enough for one, _ in times)
        assert all(made_up for _, made_up in times)
        assert amiss(rows, timezone.now()) == []
        count = rows.count()
        assert fill(region).made["case"] == 0
        assert rows.count() == count
        wipe(region)
        for model in (Case, CaseEvent, CaseFile, CaseDraft):
            assert not model.objects.exists(), model


def test_wiping_the_demonstration_leaves_real_cases(there: CaseWorld) -> None:
    case = answered(there, lodged(there))
    with as_system("tests"):
        fill(current().region, beside_real_data=True)
        wipe(current().region)
        assert list(Case.objects.values_list("pk", flat=True)) == [case.pk]
