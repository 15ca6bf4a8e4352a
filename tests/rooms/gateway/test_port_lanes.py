"""Lanes against stay and lanes for a promise on pages: asked by the address, computed beside them, with intervals."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from bridgehead.engines.simulation.reading import read_model
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Person, Task
from bridgehead.ground.region import Loaded
from bridgehead.ground.tasks.runner import Runner
from bridgehead.rooms.gateway import port_lane_words as words
from bridgehead.rooms.gateway import port_staffing_words as staffing_words
from bridgehead.rooms.gateway.models import PortRun
from bridgehead.rooms.gateway.selectors.port_lanes import LanePlace, counts_between
from tests.engines.simulation.staffed_ports import description
from tests.ground.world import World, member
from tests.rooms.gateway.port_runs import address, ask, computed, done, form, forms, operation, saved_run
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

PORT, ILLUSTRATIVE = "zhuengadabuqi", "wuliji"


@pytest.fixture
def record(there: World, officer: Person, loaded: Loaded) -> PortRun:
    return saved_run(there, officer, PORT)


GATE = "lane=gate_in&least=1&most=5"


@pytest.mark.article(11)
@pytest.mark.article(12)
@pytest.mark.article(13)
@pytest.mark.article(17)
@pytest.mark.article(25)
def test_lanes_against_stay_are_computed_beside_the_page_and_told_with_intervals(desk: Client, record: PortRun) -> None:
    at = address(record, "lanes", GATE)
    assert "1, 2, 3, 4, 5" in read(desk, at).text
    ask(desk, at)
    waiting = read(desk, at)
    assert waiting.h1 == "正在逐个通道数模拟"
    assert "hx-get" in waiting.html
    assert "http-equiv" in waiting.html, "without a script the page asks again by itself"
    page = done(desk, at)
    with as_system("tests"):
        [task] = Task.objects.all()
        entry = JournalEntry.objects.get(record_kind="port_run_task")
    assert (task.kind, task.state, task.done, task.total) == ("port_lanes.run", Task.State.DONE, 15, 15)
    assert (entry.action, entry.actor_name) == ("port_lanes.run", "Li Hua")
    assert page.h1.startswith("入境卡口从 3 条加到 4 条：九成的停留不超过")
    assert "hx-get" not in page.html
    assert "模型结果，不是观测" in page.text
    assert "现有 3 条" in page.drawings
    assert "九成不超过" in page.drawings
    curve = desk.get(operation(record, "lanes", GATE)).json()["curve"]
    assert curve["present"] == 3
    for point in curve["points"]:
        row = next(row for row in page.tables[-1] if row[0].split()[0] == str(point["lanes"]))
        assert ("现有" in row[0]) == (point["lanes"] == 3)
        assert ("队伍一直变长" in " ".join(row)) == point["growing"]
        if not point["growing"]:
            assert "至" in row[2], "every figure has its interval"
    english = read(desk, f"/en{at}")
    assert "with 4 lanes instead of 3: nine in ten are through in" in english.h1
    assert "no observation" in english.text
    assert [head for head in english.tables[-1][0] if not head.strip()[0].isupper()] == []
    with as_system("tests"):
        assert Task.objects.count() == 1, "nothing is computed again for another language"


def test_a_promise_is_drawn_and_judged_without_computing_anew(desk: Client, record: PortRun) -> None:
    computed(desk, address(record, "lanes", GATE))
    page = read(desk, address(record, "lanes", f"{GATE}&within=0.01"))
    assert "没有一种能确定九成的停留不超过" in page.h1
    assert "承诺" in page.drawings
    generous = read(desk, address(record, "lanes", f"{GATE}&within=1000"))
    assert "九成的停留就不超过 41.7 天" in generous.h1
    assert {row[-1] for row in generous.tables[-1] if row[0][0].isdigit()} <= {"守得住", "守不住"}


def test_files_hold_the_whole_figures_of_the_curve(desk: Client, record: PortRun) -> None:
    beside = f"/ports/{PORT}/runs/{record.pk}/lanes"
    assert desk.get(f"{beside}.csv?{GATE}").status_code == 422, "not computed yet"
    computed(desk, address(record, "lanes", GATE))
    curve = json.loads(desk.get(f"{beside}.json?{GATE}").content)
    rows = list(csv.DictReader(io.StringIO(desk.get(f"{beside}.csv?{GATE}").content.decode("utf-8-sig"))))
    assert {row["standing"] for row in rows} == {"model"}
    for point in curve["points"]:
        [row] = [r for r in rows if r["lanes"] == str(point["lanes"]) and r["figure"] == "stay_p90_min"]
        assert float(row["mean"]) == point["stay_p90_min"]["mean"]
        assert float(row["high"]) == point["stay_p90_min"]["high"]


def test_a_computation_of_lanes_is_cancelled_and_goes_on(desk: Client, record: PortRun) -> None:
    at = address(record, "lanes", GATE)
    ask(desk, at)
    assert desk.post(at, form(desk, at, "cancel")).status_code == 302
    assert not Runner(0).run_one()
    page = read(desk, at)
    assert "已取消" in page.text
    assert "从 3 条加到 4 条" in computed(desk, at).h1


def test_every_fault_of_the_address_stands_beside_its_field(desk: Client, record: PortRun) -> None:
    answer = desk.get(address(record, "lanes", "lane=nowhere&least=x&most=99999&within=-1&units=boats"))
    assert answer.status_code == 422
    text = answer.content.decode()
    for name in ("least", "most", "within"):
        assert f'id="ask-{name}-says"' in text, name
    assert 'value="x"' in text, "what was typed stays"
    crossed = desk.get(address(record, "lanes", "lane=gate_in&least=5&most=2"))
    assert crossed.status_code == 422
    assert "通道数从 5 到 2 不成立" in crossed.content.decode()
    assert desk.get(operation(record, "lanes", "least=x")).status_code == 422
    with as_system("tests"):
        assert not Task.objects.exists()


@pytest.mark.parametrize("what", ["lanes", "staffing"])
def test_an_illustrative_port_says_why_it_gives_no_answer(
    desk: Client, there: World, officer: Person, loaded: Loaded, what: str
) -> None:
    run = saved_run(there, officer, ILLUSTRATIVE)
    page = read(desk, address(run, what))
    assert "不给" in page.h1
    assert "示意" in page.text
    assert "只有 0 个数值有实测或报道" in page.text
    assert "run" not in forms(page)
    assert "Illustrative" in read(desk, f"/en{address(run, what)}").text
    found = desk.get(operation(run, what)).json()
    assert found["refused"]["code"] == "staffing.illustrative"
    assert address(run, what) not in read(desk, f"/ports/{ILLUSTRATIVE}/model/").links
    assert desk.get(f"/ports/{ILLUSTRATIVE}/runs/{run.pk}/{what}.csv").status_code == 422


@pytest.mark.article(11)
@pytest.mark.article(12)
@pytest.mark.article(13)
@pytest.mark.article(17)
@pytest.mark.article(25)
def test_the_lanes_that_keep_a_promise_are_found_beside_the_page(desk: Client, record: PortRun) -> None:
    query = "statistic=p90&hours=6&more=1&at=gate_in&at=check&budget=400"
    at = address(record, "staffing", query)
    page = computed(desk, at)
    found = desk.get(operation(record, "staffing", query)).json()
    advice = found["advice"]
    assert found["between"] == {"gate_in": [1, 4], "check": [1, 7]}
    assert advice["outcome"] == "found"
    assert page.h1.startswith("守住“90% 的停留不超过 6 小时”，每周要")
    assert "至少 95% 确定" in page.text
    for lanes, name in (("gate_in", "入境卡口"), ("check", "查验放行")):
        row = page.row(name, table_index=0)
        assert row[2] == str(advice["chosen"]["servers"][lanes])
        less = [one for one in advice["neighbours"] if one["lanes"] == lanes and one["change"] == -1]
        if less and less[0]["why"] != "bound":
            assert page.row(name, table_index=1)[-1].startswith("守不住")
    rows = list(csv.DictReader(io.StringIO(
        desk.get(f"/ports/{PORT}/runs/{record.pk}/staffing.csv?{query}").content.decode("utf-8-sig")
    )))  # fmt: skip
    assert {row["lanes"]: int(row["advised"]) for row in rows} == advice["chosen"]["servers"]
    english = read(desk, f"/en{at}")
    assert "lane-hours a week" in english.h1
    assert "At least 95% sure" in english.text
    assert [head for one in english.tables for head in one[0] if not head.strip()[0].isupper()] == []
    assert ("没办成就离去的" in page.text) == (advice["lost"] is not None)


@pytest.mark.parametrize("page", ["lanes", "staffing"])
def test_a_question_that_names_no_class_says_whose_stay_it_is_about(desk: Client, record: PortRun, page: str) -> None:
    assert "全部货车" in desk.get(address(record, page)).content.decode()
    assert "all trucks" in desk.get(f"/en{address(record, page)}").content.decode()


def test_more_who_leave_unserved_are_said_with_the_clause_that_bounds_them() -> None:
    share = {"share": 0.09, "low": 0.08, "high": 0.1}
    lost = {"chosen": share, "present": {**share, "share": 0.05}, "more": True, "promised": False,
            "clause": "share lost <= 5 %"}  # fmt: skip
    advice = {"lost": lost, "outcome": "found", "complete": True, "not_monotone": [], "chosen": {"growing": []}}
    model = read_model(description())
    with translation.override("en"):
        [said] = staffing_words.remarks(model, advice)
        assert "from 5" in said
        assert said.endswith("add to it: share lost <= 5 %.")
        row = staffing_words.lost_row(advice)
    assert row is not None
    assert row.advised.startswith("9")
    assert "8" in row.advised
    assert staffing_words.lost_row({"lost": {**lost, "promised": True}}) is None
    assert staffing_words.remarks(model, {**advice, "lost": {**lost, "more": False}}) == []


def test_faults_of_a_promise_stand_beside_its_field(desk: Client, record: PortRun) -> None:
    for query, field in (
        ("promise=quickly", "promise"),
        ("hours=soon", "hours"),
        ("more=99", "more"),
        ("budget=1", "budget"),
    ):
        answer = desk.get(address(record, "staffing", query))
        assert answer.status_code == 422, query
        assert f'id="ask-{field}-says"' in answer.content.decode(), query
    assert desk.get(address(record, "staffing", "at=nowhere")).status_code == 422


def test_who_may_not_save_runs_sees_no_lanes(client: Client, there: World, record: PortRun) -> None:
    enterprise = member(there.alpha, "enterprise")
    for what in ("lanes", "staffing"):
        client.logout()
        assert client.get(address(record, what)).status_code in (302, 401, 403)
        client.force_login(enterprise)
        assert client.get(address(record, what)).status_code == 403
        assert client.get(operation(record, what)).status_code == 403


def test_at_most_twelve_numbers_of_lanes_are_tried_with_todays_among_them() -> None:
    assert counts_between(1, 6, 3) == (1, 2, 3, 4, 5, 6)
    for least, most, now in ((1, 500, 60), (40, 80, 60), (2, 90, 2), (5, 30, 99)):
        found = counts_between(least, most, now)
        assert len(found) <= 12
        assert least <= found[0] < found[-1] <= most
        assert (now in found) == (least <= now <= most)


def point(lanes: int, p90: tuple[float, float, float] | None, growing: bool = False) -> dict[str, Any]:
    ninth = None if p90 is None else dict(zip(("low", "mean", "high"), p90, strict=True))
    return {"lanes": lanes, "growing": growing, "failure": None, "stay_p90_min": ninth}


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (
            [point(2, None, True), point(3, (300, 310, 320)), point(4, (200, 210, 220))],
            "开 4 条，九成的停留就不超过 4 小时；现有 3 条，再少就不够。",
        ),
        ([point(3, (230, 239, 250)), point(4, (200, 210, 220))], "再少是否够还分不出"),
        ([point(4, (200, 210, 220))], "更少的没有试"),
        ([point(3, (230, 239, 250)), point(4, (230, 238, 241))], "试了 3 到 4 条，没有一种能确定"),
    ],
)  # fmt: skip
def test_the_sentence_says_which_lanes_surely_hold_the_promise(points: list[dict[str, Any]], said: str) -> None:
    curve = {"present": 3, "points": points}
    assert said in words.lane_sentence(LanePlace("gate", "卡口", 3, 70.0), curve, 4.0)
