"""The page of the loop of flows and simulation: what is asked, how far it is, what came out, with the difference."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from bridgehead.ground import region
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Task
from bridgehead.ground.region import Loaded
from bridgehead.ground.tasks.runner import Runner
from bridgehead.jobs import port_agreements as job
from bridgehead.rooms.gateway import port_agreement_words as said
from bridgehead.rooms.gateway.selectors import port_agreements as selectors
from tests.ground.world import World, member
from tests.rooms.gateway.port_runs import ask, computed, done, form, forms, number_of, saved_variant
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

PORT, WITHOUT = "shiwei", "wuliji"


def short_run(client: Client, port: str = PORT) -> str:
    """Save a run of a port that is computed in no time, and return its number."""
    at = saved_variant(client, port, "短")
    with as_system("tests"):
        Task.objects.all().delete()  # the run itself is not what is looked at here
    return number_of(at)


def address(run: str, port: str = PORT, more: str = "") -> str:
    return f"/ports/{port}/agreement/?run={run}{more}"


@pytest.mark.article(9)
@pytest.mark.article(12)
@pytest.mark.article(25)
def test_the_loop_is_run_beside_the_page_and_the_difference_is_shown(desk: Client, loaded: Loaded) -> None:
    at = address(short_run(desk))
    before = read(desk, at)
    assert "求一致" in before.h1
    assert "货车" in before.text
    ask(desk, at)
    with as_system("tests"):
        task = Task.objects.get(kind="port_agreement.run")
        entry = JournalEntry.objects.get(record_kind="port_agreement_task")
    assert (entry.action, entry.actor_name, entry.record_id) == ("port_agreement.run", "Li Hua", str(task.pk))
    waiting = read(desk, at)
    assert "正在求一致" in waiting.h1
    assert "hx-get" in waiting.html
    assert "http-equiv" in waiting.html, "without a script the page asks again by itself"
    page = done(desk, at)
    with as_system("tests"):
        task.refresh_from_db()
    assert task.state == Task.State.DONE
    assert task.done == task.total > 0
    found = json.loads(desk.get(at.replace("agreement/?", "agreement.json?")).content)
    last = found["rounds"][-1]
    assert page.h1.startswith("一致" if found["reached"] else "没有一致")
    for number, one in enumerate(found["rounds"], 1):
        row = page.row(str(number))
        assert row[1] == said.load_words(one["load_per_day"])
        assert row[6] == ("一致" if one["agrees"] else "还没有")
    assert page.row("货流每天送来")[1] == said.load_words(last["load_per_day"])
    assert "模型结果，不是观测" in page.text
    assert "每轮相差多少" in page.drawings
    assert "停留随负荷怎样变" in page.drawings
    english = read(desk, f"/en{at}")
    assert "agree" in english.h1
    assert "no observation" in english.text
    assert "小时" not in english.text


def test_the_files_and_the_operation_hold_what_the_page_shows(desk: Client, loaded: Loaded) -> None:
    run = short_run(desk)
    at = address(run)
    files = at.replace("agreement/?", "agreement.{}?")
    assert desk.get(files.format("csv")).status_code == 422, "not computed yet"
    answer = desk.get(f"/api/ports/{PORT}/agreement?run={run}").json()
    assert (answer["possible"], answer["complete"], answer["answer"]) == (True, None, None)
    page = computed(desk, at)
    answer = desk.get(f"/api/ports/{PORT}/agreement?run={run}").json()
    assert answer["complete"] is True
    assert answer["sentence"].replace(" ", "") == page.h1.replace(" ", "")
    found = json.loads(desk.get(files.format("json")).content)
    assert found["rounds"] == answer["answer"]["rounds"]
    assert found["key"] == answer["key"]
    rows = list(csv.DictReader(io.StringIO(desk.get(files.format("csv")).content.decode("utf-8-sig"))))
    assert {row["standing"] for row in rows} == {"model"}
    rounds = [row for row in rows if row["part"] == "round"]
    assert [float(row["difference_min"]) for row in rounds] == [one["difference_min"] for one in found["rounds"]]
    assert [float(row["load_per_day"]) for row in rows if row["part"] == "curve"] == [
        one["load_per_day"] for one in found["curve"]
    ]


def test_rounds_so_far_are_shown_while_it_runs_and_it_can_be_cancelled(desk: Client, loaded: Loaded) -> None:
    at = address(short_run(desk))
    ask(desk, at)
    question = selectors.LoopQuestion.of_plain(_arguments())
    stay = {"mean": 30.0, "low": 28.0, "high": 32.0}
    one = {"load_per_day": 12.0, "reckoned_min": 41.0, "simulated_min": stay, "difference_min": -11.0,
           "tolerated_min": 2.0, "agrees": False}  # fmt: skip
    job.keep_answer(question.key(loaded.components), {"complete": False, "rounds": [one]}, loaded.store)
    with as_system("tests"):
        Task.objects.update(state=Task.State.RUNNING, done=21, total=24, lease="secret-host 4711")
    page = read(desk, at)
    assert '<progress value="21" max="24"' in page.html
    assert page.row("1")[4] == "−11 分"
    assert "到现在的各轮" in page.text
    with as_system("tests"):
        Task.objects.update(state=Task.State.WAITING, lease="")
    assert desk.post(at, form(desk, at, "cancel")).status_code == 302
    assert not Runner(0).run_one()
    assert "已取消" in read(desk, at).text
    assert "一致：" in computed(desk, at).h1


def _arguments() -> dict[str, Any]:
    with as_system("tests"):
        found: dict[str, Any] = Task.objects.get(kind="port_agreement.run").arguments
        return found


def test_classes_direction_and_tolerance_make_another_question(desk: Client, loaded: Loaded) -> None:
    at = address(short_run(desk, "erenhot-rail"), "erenhot-rail", "&class=bulk_train&class=cre_in&tolerance=0.05")
    page = read(desk, at)
    for shown, id_ in (("宽轨散货列车", "bulk_train"), ("返程班列", "cre_in"), ("去程班列", "cre_out")):
        assert shown in page.text
        ticked = f'value="{id_}" checked' in page.html
        assert ticked == (id_ != "cre_out"), id_
    assert 'value="train_1435"' not in page.html, "what is only made up there cannot be sent more of"
    assert 'value="0.05" selected' in page.html
    ask(desk, at)
    arguments = _arguments()
    assert arguments["classes"] == ["bulk_train", "cre_in"]
    assert (arguments["direction"], arguments["tolerance"]) == ("import", 0.05)


def test_all_classes_ticked_are_the_question_on_the_whole_model(desk: Client, loaded: Loaded) -> None:
    keys = {desk.get(f"/api/ports/shiwei/agreement?{query}").json()["key"] for query in ("", "class=truck")}
    assert len(keys) == 1, "there is only one class"
    every = "class=truck_out&class=truck_in&class=bus"
    road = {query: desk.get(f"/api/ports/manzhouli-road/agreement?{query}").json()["key"]
            for query in ("", "class=truck_in", every, "class=bus&class=truck_in&class=truck_out")}  # fmt: skip
    assert road[""] == road["class=truck_in"] != road[every] == road["class=bus&class=truck_in&class=truck_out"]


def test_a_port_whose_border_link_has_no_capacity_says_so_and_offers_nothing(desk: Client, loaded: Loaded) -> None:
    page = read(desk, f"/ports/{WITHOUT}/agreement/")
    assert "没有写能力" in page.text
    assert "run" not in forms(page)
    assert desk.get(f"/api/ports/{WITHOUT}/agreement").json()["possible"] is False
    others = {link for link in page.links if link.endswith("/agreement/") and WITHOUT not in link}
    assert others == {f"/ports/{port}/agreement/" for port in selectors.queued_directions(loaded)}


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("direction=sideways", 404),
        ("class=ship", 404),
        ("run=999999", 404),
        ("tolerance=much", 422),
        ("tolerance=7", 422),
    ],
)
def test_what_cannot_be_asked_is_refused(desk: Client, query: str, status: int) -> None:
    assert desk.get(f"/ports/{PORT}/agreement/?{query}").status_code == status
    assert desk.get(f"/api/ports/{PORT}/agreement?{query}").status_code == status


def test_only_officers_see_the_loop(client: Client, there: World, loaded: Loaded) -> None:
    closed = [f"/ports/{PORT}/agreement/", f"/ports/{PORT}/agreement.csv", f"/ports/{PORT}/agreement.json"]
    for at in closed:
        assert client.get(at).status_code in (302, 401, 403), at
    client.force_login(member(there.alpha, "enterprise"))
    for at in closed:
        assert client.get(at).status_code == 403, at


def test_a_loop_that_stands_still_says_why() -> None:
    one = {"load_per_day": 13.5, "reckoned_min": 400.0, "simulated_min": {"mean": 395.0, "low": 394.0, "high": 396.0},
           "difference_min": -5.0, "tolerated_min": 1.0, "agrees": False}  # fmt: skip
    model = selectors.port_models.known(region.current(), "erenhot-rail").model
    answer = {"classes": [], "reached": False, "stands_still": True, "rounds": [one, one]}
    assert said.headline(model, answer).startswith("没有一致")
    assert "列车" in said.headline(model, answer)
    assert "下降" in said.why_not(answer)
    assert "轮数用完了" in said.why_not(answer | {"stands_still": False})
