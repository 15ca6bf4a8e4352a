"""The page that compares two texts: every change of the invented statute, and none besides."""

from __future__ import annotations

import pytest
from django.test import Client

from bridgehead.ground.access.viewer import as_system
from bridgehead.rooms.statute.actions import answer_duty, reject_duty
from bridgehead.rooms.statute.models import DutyRow, StatuteVersion
from tests.rooms.statute.conftest import Office

pytestmark = pytest.mark.django_db


def test_every_change_is_found_and_none_invented(
    later: StatuteVersion, earlier: StatuteVersion, client: Client
) -> None:
    told = client.get(f"/api/statutes/{later.work_id}/compare").json()
    assert told["same_law"] is True
    assert (told["old"], told["new"]) == (earlier.pk, later.pk)
    changed = {(one["kind"], tuple(one["old"]), tuple(one["new"])) for one in told["changes"]}
    real = {one for one in changed if one[0] != "renumbered"}
    assert real == {
        ("changed", ("art_3",), ("art_3",)),
        ("new", (), ("art_5",)),
        ("changed", ("art_5",), ("art_6",)),
        ("changed", ("art_6",), ("art_7",)),
    }
    moved = {(one[1], one[2]) for one in changed if one[0] == "renumbered"}
    assert moved == {((f"art_{n}",), (f"art_{n + 1}",)) for n in (7, 8, 9, 10, 11)}
    words = next(one["words"] for one in told["changes"] if one["new"] == ["art_6"])
    changed = [(one["mark"], one["text"]) for one in words if one["mark"] in ("insert", "delete")]
    assert changed == [("delete", "三月"), ("insert", "一月")], "whole words"


def test_what_became_of_the_duties_is_told(later: StatuteVersion, client: Client) -> None:
    told = client.get(f"/api/statutes/{later.work_id}/compare").json()["duties"]
    new = [one for one in told if one["old"] is None]
    assert new
    assert all(one["new"].startswith("art_5__") for one in new)
    deadline = next(one for one in told if one["old"] and one["old"].startswith("art_5__"))
    assert deadline["new"].startswith("art_6__")
    assert "期限" in deadline["differs"]
    html = client.get(f"/statutes/{later.work_id}/compare/").content.decode()
    assert "<ins>" in html
    assert "<del>" in html


def test_what_people_answered_is_what_is_compared(office: Office, later: StatuteVersion, client: Client) -> None:
    def told() -> list[dict]:
        return client.get(f"/api/statutes/{later.work_id}/compare").json()["duties"]

    with as_system("tests"):
        row = DutyRow.objects.get(statute=later, article_eid="art_6")
    at = {"by": office.viewer, "duty": row.pk, "organisation": office.organisation.pk}
    answer_duty(**at, bearers=[{"organ": "港务局", "name": "港务局", "part": "actor"}])
    pair = next(one for one in told() if one["new"] == row.eid)
    assert "由谁承担" in pair["differs"]
    reject_duty(**at, comment="说的是目的")
    found = told()
    assert row.eid not in {one["new"] for one in found}
    assert any(one["old"].startswith("art_5__") and one["new"] is None for one in found if one["old"])


def test_one_text_alone_is_said_to_be_alone(earlier: StatuteVersion, client: Client) -> None:
    assert "只有一个文本" in client.get(f"/statutes/{earlier.work_id}/compare/").content.decode()


def test_unknown_texts_are_told(later: StatuteVersion, client: Client) -> None:
    assert client.get(f"/statutes/{later.work_id}/compare/?old=999").status_code == 404
    assert client.get("/statutes/999/compare/").status_code == 404
