"""Law inspections: samples anybody can draw again, faults that are somebody's, evidence decided on by others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Person, StoredFile
from bridgehead.kernel.errors import BridgeheadError, messages
from bridgehead.rooms.ledger.actions.inspections import (
    ask_question,
    draw_samples,
    plan_inspection,
    record_finding,
)
from bridgehead.rooms.ledger.actions.programmes import end_programme
from bridgehead.rooms.ledger.actions.rectifications import decide_mending, hand_in_mending
from bridgehead.rooms.ledger.models import Finding, Inspection, Rectification, Sample
from bridgehead.rooms.ledger.selectors.inspections import inspection_page
from bridgehead.rooms.ledger.selectors.supervision import findings_open
from bridgehead.rooms.ledger.selectors.supervision_due import supervision_due
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.programmes import opened
from tests.ledger.supervision import planned
from tests.rooms.ledger.test_supervision_pages import fields

pytestmark = pytest.mark.django_db
BEGAN = date(2026, 6, 1)
Read = Callable[..., Any]


def codes(refused: pytest.ExceptionInfo[BridgeheadError]) -> set[str]:
    found = {one.code for one in refused.value.faults}
    assert found <= set(messages("zh")), "a refusal without a sentence"
    return found


def fault(world: LedgerWorld, inspection: Inspection, by: Person, **more: Any) -> Finding:
    given: dict[str, Any] = {
        "article": 6,
        "found_on": BEGAN,
        "text": "没有会商记录。",
        "conforming": False,
        "severity": "serious",
        "office": world.commerce.pk,
        "measure": "建立记录",
        "due_on": date(2026, 9, 1),
    }
    return record_finding(by=seen_as(by), inspection=inspection.pk, **{**given, **more})


def mending(finding: Finding) -> Rectification:
    with as_system("tests"):
        return Rectification.objects.get(finding=finding)


def house(world: LedgerWorld) -> Inspection:
    """Return an inspection the coordination office makes in its own house."""
    return plan_inspection(
        by=seen_as(world.coordinator),
        organisation=world.office.pk,
        office=world.office.pk,
        title="自查",
        articles=[6],
        group=["王协调"],
        starts_on=BEGAN,
        ends_on=BEGAN,
    )


def test_what_is_wrong_with_a_plan_is_told_at_once(world: LedgerWorld) -> None:
    with pytest.raises(BridgeheadError) as refused:
        plan_inspection(
            by=seen_as(world.congress_clerk),
            organisation=world.congress.pk,
            office=None,
            title="",
            articles=[87],
            group=[" "],
            starts_on=BEGAN,
            ends_on=BEGAN - timedelta(days=1),
        )
    assert codes(refused) == {
        "ledger.unknown_body",
        "form.missing",
        "supervision.unknown_article",
        "supervision.ends_before",
    }
    with pytest.raises(BridgeheadError) as refused:
        plan_inspection(
            by=seen_as(world.commerce_head),
            organisation=world.commerce.pk,
            office=world.commerce.pk,
            title="自查",
            articles=[6],
            group=["赵"],
            starts_on=BEGAN,
            ends_on=BEGAN,
        )
    assert codes(refused) == {"action.not_allowed"}


@pytest.mark.article(83)
def test_a_sample_is_drawn_so_that_anybody_can_draw_it_again(world: LedgerWorld) -> None:
    inspection, clerk = planned(world, BEGAN), seen_as(world.congress_clerk)
    lot = draw_samples(by=clerk, inspection=inspection.pk, kind="body", seed="摇号 07", wanted=2)
    among = [one for one, *_names in lot.pool]
    codes_drawn = sorted(among, key=lambda one: sha256(f"摇号 07:{one}".encode()).hexdigest())
    with as_system("tests"):
        assert [one.drawn_id for one in Sample.objects.filter(lot=lot).order_by("id")] == codes_drawn[:2]
    assert {"region", "coordination", "commerce", "transport", "customs"} <= set(among)
    assert "congress" not in among
    with pytest.raises(BridgeheadError) as refused:  # until one likes what comes out
        draw_samples(by=clerk, inspection=inspection.pk, kind="body", seed="再来", wanted=2)
    assert codes(refused) == {"supervision.drawn_before"}
    with pytest.raises(BridgeheadError) as refused:
        draw_samples(by=clerk, inspection=inspection.pk, kind="cloud", seed=" ", wanted=0)
    assert codes(refused) == {"form.no_such_choice", "form.missing", "supervision.draw_count"}
    with pytest.raises(BridgeheadError) as refused:
        draw_samples(by=clerk, inspection=inspection.pk, kind="task", seed="一", wanted=1)
    assert codes(refused) == {"supervision.empty_pool"}


@pytest.mark.article(83)
def test_samples_are_drawn_from_programmes_that_go_on(world: LedgerWorld) -> None:
    fair, ended = opened(world, name_zh="洽谈会"), opened(world)
    told = {"programme": ended.pk, "version": ended.version, "state": "stopped", "why": "停办"}
    end_programme(by=seen_as(world.commerce_officer), **told)
    inspection, clerk = planned(world, BEGAN), seen_as(world.congress_clerk)
    lot = draw_samples(by=clerk, inspection=inspection.pk, kind="programme", seed="一", wanted=9)
    assert lot.pool == [[fair.code, "洽谈会", fair.name_en]]
    with as_system("tests"):
        drawn = Sample.objects.get(lot=lot)
    assert (drawn.drawn_id, drawn.name, drawn.name_en) == (fair.code, "洽谈会", fair.name_en)


@pytest.mark.article(83)
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"office": None}, {"supervision.finding_unowned"}),
        ({"office": 10**9}, {"ledger.unknown_body"}),
        ({"severity": "", "measure": " ", "due_on": None}, {"form.missing"}),
        ({"severity": "awful", "article": 7}, {"form.no_such_choice", "supervision.article_not_chosen"}),
        ({"due_on": BEGAN - timedelta(days=1)}, {"supervision.due_before"}),
        ({"found_on": BEGAN - timedelta(days=1)}, {"supervision.before_inspection"}),
        ({"found_on": date(2999, 1, 1)}, {"supervision.not_yet", "supervision.due_before"}),
        ({"sample": 5, "question": 5, "text": ""}, {"form.no_such_choice", "form.missing"}),
        ({"conforming": True}, {"supervision.conforming_with_fault"}),
    ],
)
def test_a_finding_that_nobody_can_act_on_is_refused(
    world: LedgerWorld, change: dict[str, Any], expected: set[str]
) -> None:
    with pytest.raises(BridgeheadError) as refused:
        fault(world, planned(world, BEGAN), world.congress_clerk, **change)
    assert codes(refused) == expected


@pytest.mark.article(83)
def test_a_fault_is_mended_by_its_body_and_decided_by_who_inspects(world: LedgerWorld, seen_by: Read) -> None:
    inspection = planned(world, BEGAN)
    found = fault(world, inspection, world.congress_clerk)
    fits = {"conforming": True, "office": None, "severity": "", "measure": "", "due_on": None}
    fault(world, inspection, world.congress_clerk, text="已报告。", article=83, **fits)
    open_ones = seen_by(world.deputy, findings_open)
    assert [(one.matter, one.organisation, one.due_on) for one in open_ones] == [
        (f"finding {found.pk}", world.commerce.pk, date(2026, 9, 1))
    ]
    late = seen_by(world.deputy, inspection_page, inspection.pk, date(2026, 9, 2))
    assert late.answer == "发现 1 个问题，1 个没有整改完，其中 1 个逾期"
    officer, clerk, record = seen_as(world.commerce_officer), seen_as(world.congress_clerk), mending(found)
    with pytest.raises(BridgeheadError) as refused:
        decide_mending(by=clerk, rectification=record.pk, accepted=True)
    assert codes(refused) == {"supervision.nothing_handed_in"}
    with pytest.raises(BridgeheadError) as refused:
        hand_in_mending(by=seen_as(world.transport_officer), rectification=record.pk, evidence="不是我的")
    assert codes(refused) == {"action.no_such_record"}, "what another body mends is not even seen"
    hand_in_mending(by=officer, rectification=record.pk, evidence="已建立。")
    with pytest.raises(BridgeheadError) as refused:
        decide_mending(by=clerk, rectification=record.pk, accepted=False)
    assert codes(refused) == {"form.missing"}
    decide_mending(by=clerk, rectification=record.pk, accepted=False, why="没有附上记录")
    assert supervision_due_of(seen_by, world) == ["整改检查发现的问题"]
    hand_in_mending(by=officer, rectification=record.pk, evidence="记录附上。")
    decide_mending(by=clerk, rectification=record.pk, accepted=True)
    assert seen_by(world.deputy, findings_open) == []
    assert supervision_due_of(seen_by, world) == []
    now = seen_by(world.deputy, inspection_page, inspection.pk, timezone.localdate())
    assert now.answer == "发现 1 个问题，都已整改"


def supervision_due_of(seen_by: Read, world: LedgerWorld) -> list[str]:
    owed = seen_by(world.commerce_officer, supervision_due, [world.commerce.pk], timezone.localdate())
    return [one.what for one in owed]


def test_nobody_accepts_their_own_evidence_in_their_own_house(world: LedgerWorld) -> None:
    record = mending(fault(world, house(world), world.coordinator, office=world.office.pk))
    hand_in_mending(by=seen_as(world.coordinator), rectification=record.pk, evidence="已办。")
    with pytest.raises(BridgeheadError) as refused:
        decide_mending(by=seen_as(world.coordinator), rectification=record.pk, accepted=True)
    assert codes(refused) == {"supervision.own_evidence"}
    assert decide_mending(by=seen_as(world.second_coordinator), rectification=record.pk, accepted=True)


def test_a_question_is_about_an_article_that_is_looked_at(world: LedgerWorld) -> None:
    with pytest.raises(BridgeheadError) as refused:
        ask_question(by=seen_as(world.congress_clerk), inspection=planned(world, BEGAN).pk, article=7, text="")
    assert codes(refused) == {"supervision.article_not_chosen", "form.missing"}


def test_evidence_comes_with_a_file_that_both_sides_can_read(
    world: LedgerWorld, browser: Callable[[Person], Client]
) -> None:
    found = fault(world, planned(world, BEGAN), world.congress_clerk)
    client, page = browser(world.commerce_officer), f"/inspections/findings/{found.pk}/"
    sent = fields(client.get(page).content.decode(), "hand_in")
    photo = SimpleUploadedFile("record.txt", "会商记录".encode(), "text/plain")
    refused = client.post(page, {**sent, "evidence": "", "file": photo})
    assert refused.status_code == 422
    sent = fields(refused.content.decode(), "hand_in")
    photo = SimpleUploadedFile("record.txt", "会商记录".encode(), "text/plain")
    assert client.post(page, {**sent, "evidence": "已建立。", "file": photo}).status_code == 302
    with as_system("tests"):
        stored = StoredFile.objects.get()
    for person, status in ((world.congress_clerk, 200), (world.commerce_officer, 200), (world.customs_officer, 404)):
        assert browser(person).get(f"/files/{stored.pk}").status_code == status
    shown = browser(world.congress_clerk).get(page).content.decode()
    assert "record.txt" in shown
    assert 'name="form" value="decide"' in shown
    assert timezone.localdate().isoformat() in shown
