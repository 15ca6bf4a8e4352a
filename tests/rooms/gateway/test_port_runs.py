"""Runs of port models: variants with every fault at once, computed beside the pages, as files, withdrawn."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docx
import pytest
from django.test import Client

from bridgehead.ground import region
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Person, Task
from bridgehead.ground.region import Loaded
from bridgehead.ground.tasks.runner import Runner
from bridgehead.jobs import replication_tasks
from bridgehead.jobs.answers import stored_answer
from bridgehead.jobs.port_reports import description_of, make_report
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.gateway.actions import save_port_run, withdraw_port_run
from bridgehead.rooms.gateway.models import PortRun
from bridgehead.rooms.gateway.selectors import port_models, port_runs
from tests.ground.world import World, member
from tests.rooms.gateway.port_runs import SHORT, computed, done, form, forms, saved_run, saved_variant
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

PORT, SMALL = "ganqimaodu", "wuliji"
FORM = f"/ports/{SMALL}/model/variant/"


@pytest.fixture
def record(there: World, officer: Person, loaded: Loaded) -> PortRun:
    return saved_run(there, officer, SMALL)


@pytest.fixture(autouse=True)
def _no_tasks_left() -> Iterator[None]:
    yield
    with as_system("tests"):
        assert not Task.objects.filter(state=Task.State.RUNNING).exists()


def test_anonymous_visitors_see_models_and_no_runs(client: Client, there: World, officer: Person) -> None:
    record = saved_run(there, officer, SMALL, title="秘密的运行")
    assert "秘密的运行" not in client.get(f"/ports/{SMALL}/model/").content.decode()
    closed = [f"/ports/{SMALL}/runs/base/", f"/ports/{SMALL}/runs/{record.pk}/", FORM, f"/ports/{SMALL}/runs/compare/"]
    for address in closed:
        assert client.get(address).status_code in (302, 401, 403), address
    assert client.get(f"/api/ports/{SMALL}/runs/{record.pk}").status_code == 401
    client.force_login(member(there.alpha, "enterprise"))
    for address in closed:
        assert client.get(address).status_code == 403, address
    client.force_login(member(there.other_office, "officer"))
    assert "秘密的运行" in client.get(f"/ports/{SMALL}/model/").content.decode(), "officers of other bodies see it"
    assert client.get(f"/ports/{SMALL}/runs/{record.pk}/").status_code == 200
    assert client.get(f"/ports/{PORT}/runs/{record.pk}/").status_code == 404, "it is a run of another port"


def test_every_fault_of_the_form_stands_beside_its_field(desk: Client) -> None:
    wrong = {
        "p-lanes_in": "two",
        "p-hours": "25:00-26:00",
        "p-check": "-5",
        "title": "",
        "replications": "1",
        "seed": "1.5",
        "warmup_d": "400",
    }
    sent = form(desk, FORM, "save")
    unknown = {name for name in wrong if name not in sent}
    assert not unknown, sorted(sent)
    answer = desk.post(FORM, sent | wrong)
    assert answer.status_code == 422
    text = answer.content.decode()
    for name, value in wrong.items():
        assert f'id="save-{name}-says"' in text, name
        assert f'value="{value}"' in text, "what was typed stays"
    with as_system("tests"):
        assert not PortRun.objects.exists()
        assert not Task.objects.exists()


@pytest.mark.article(12)
@pytest.mark.article(25)
def test_a_variant_is_run_beside_the_pages_and_answers_in_a_sentence(desk: Client, loaded: Loaded) -> None:
    address = saved_variant(desk, SMALL, "检查快一倍", check="6")
    with as_system("tests"):
        [record] = PortRun.objects.all()
        [task] = Task.objects.all()
        entry = JournalEntry.objects.get(record_kind="port_run")
    assert (record.changed, record.replications, record.horizon_d) == ({"check": 6.0}, 3, 28.0)
    assert description_of(record.description)["parameters"]["check"]["standing"] == "assumption"
    assert (entry.action, entry.actor_name) == ("port_run.save", "Li Hua")
    waiting = read(desk, address)
    assert waiting.h1 == "正在模拟"
    assert "hx-get" in waiting.html
    assert "http-equiv" in waiting.html, "without a script the page asks again by itself"
    page = done(desk, address)
    with as_system("tests"):
        task.refresh_from_db()
    assert (task.state, task.done, task.total) == (Task.State.DONE, 3, 3)
    report = stored_answer(port_runs.question_of(record).key, loaded.store)
    assert report is not None
    stay = report["whole"]["stay_h"]["p90"]["mean"]
    assert page.row("九成的停留不超过")[1] == f"{stay * 60:.3g} 分"
    assert "九成在" in page.h1
    assert "区间" in page.h1
    assert page.row("查验放行")[0] == "查验放行"
    english = read(desk, f"/en{address}")
    assert "nine in ten" in english.h1
    assert "小时" not in english.text


def test_the_same_question_is_answered_from_the_store(desk: Client) -> None:
    first = saved_variant(desk, SMALL, "一", check="6")
    done(desk, first)
    second = saved_variant(desk, SMALL, "二", check="6")
    assert second != first
    assert read(desk, second).h1 == read(desk, first).h1
    with as_system("tests"):
        assert Task.objects.count() == 1, "nothing is computed again"


def test_a_run_is_cancelled_and_goes_on_where_it_was(
    desk: Client, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = saved_variant(desk, SMALL, "停一停", check="6")
    assert desk.post(address, form(desk, address, "cancel")).status_code == 302
    assert not Runner(0).run_one()
    assert "已取消" in read(desk, address).text
    with as_system("tests"):
        question = port_runs.question_of(PortRun.objects.get())
    make_report(replace(question, replications=2), loaded.store)
    ran: list[int] = []
    whole = replication_tasks.simulate

    def counted(model: Any, run: Any, **told: Any) -> Any:
        ran.append(run.replication)
        return whole(model, run, **told)

    monkeypatch.setattr(replication_tasks, "simulate", counted)
    assert "九成在" in computed(desk, address).h1
    assert ran == [2], "replications that were there are not run again"


def test_the_files_of_a_run_hold_the_figures_of_its_page(desk: Client, loaded: Loaded) -> None:
    address = saved_variant(desk, SMALL, "文件", check="6")
    beside = f"{address}results"
    assert desk.get(f"{beside}.csv").status_code == 422, "not computed yet"
    done(desk, address)
    report = json.loads(desk.get(f"{beside}.json").content)
    assert report["variant"]["changed"] == {"check": 6.0}
    rows = list(csv.DictReader(io.StringIO(desk.get(f"{beside}.csv").content.decode("utf-8-sig"))))
    [stay] = [row for row in rows if row["figure"] == "stay_h p90" and row["of"] == "port"]
    assert float(stay["mean"]) == report["whole"]["stay_h"]["p90"]["mean"]
    assert {row["standing"] for row in rows} == {"model"}
    stations = {row["id"] for row in rows if row["of"] == "station"}
    assert stations == {one["id"] for one in report["stations"]}
    for language, word in (("zh", "示意"), ("en", "Illustrative")):
        paper = docx.Document(io.BytesIO(desk.get(f"{beside}.docx?lang={language}").content))
        text = "\n".join(one.text for one in paper.paragraphs)
        assert word in text
        cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        assert any(cell == "6" for cell in cells)


def test_trains_and_wagons_are_shown_apart_on_the_page_of_a_run(desk: Client, loaded: Loaded) -> None:
    at = saved_variant(desk, "erenhot-rail", "短")
    page = done(desk, at)
    assert page.h1.startswith("一半列车在")
    report = json.loads(desk.get(f"{at}results.json").content)
    assert report["whole"]["unit"] == "train"
    by_id = {one["id"]: one for one in report["classes"]}
    rows = {name: page.row(name) for name in ("宽轨散货列车", "准轨重车列", "宽轨重车", "准轨空车列")}
    assert [rows[name][4] for name in rows] == ["解体", "离开口岸", "对位", "解体"]
    assert rows["准轨空车列"][2] == "0 小时"
    told = by_id["train_1435"]["to_departure_mean_h"]["mean"]
    assert rows["准轨重车列"][5].startswith(f"{told:.3g}")
    assert by_id["bulk_wagon"]["to_departure_mean_h"]["mean"] > by_id["bulk_wagon"]["stay_mean_h"]["mean"]
    assert "结果：列车从到达到离开口岸" in page.text
    english = read(desk, f"/en{at}")
    assert english.h1.startswith("Half of the trains")
    assert "taken apart" in english.text


def test_unknown_runs_and_ports_are_refused(desk: Client) -> None:
    for address in (f"/ports/{SMALL}/runs/999999/", "/ports/nowhere/runs/base/", f"/ports/{SMALL}/runs/x/"):
        assert desk.get(address).status_code == 404, address


def test_who_may_not_save_cannot_have_models_run(there: World, loaded: Loaded) -> None:
    known = port_models.known(loaded, SMALL)
    reader = viewer_of(member(there.region, "auditor"))
    with pytest.raises(BridgeheadError, match=r"action\.not_allowed"):
        save_port_run(
            by=reader,
            organisation=there.region.pk,
            port=SMALL,
            title="x",
            changed={},
            description=known.description,
            run=SHORT,
        )


def test_a_saved_run_is_withdrawn_by_its_owner_and_leaves_the_lists(desk: Client, record: PortRun) -> None:
    at = f"/ports/{SMALL}/runs/{record.pk}/"
    assert at in read(desk, f"/ports/{SMALL}/model/").links
    sent = form(desk, at, "withdraw") | {"reason": "参数填错了"}
    assert desk.post(at, sent).status_code == 302
    page = read(desk, at)
    assert "撤回" in page.text
    assert "不再列在口岸的运行里" in page.text
    assert "was withdrawn on" in read(desk, f"/en{at}").text
    assert "withdraw" not in forms(page)
    assert at not in read(desk, f"/ports/{SMALL}/model/").links
    assert desk.get(f"/api/ports/{SMALL}/runs/{record.pk}").json()["withdrawn"] is True
    with as_system("tests"):
        entry = JournalEntry.objects.get(action="port_run.withdraw")
    assert (entry.actor_name, entry.reason) == ("Li Hua", "参数填错了")
    assert desk.post(at, sent).status_code == 409, "the same form a second time does nothing"


def test_a_run_is_withdrawn_once_and_only_for_its_own_organisation(
    client: Client, there: World, officer: Person, record: PortRun
) -> None:
    other = member(there.other_office, "officer")
    with pytest.raises(BridgeheadError, match=r"action\.(not_allowed|no_such_record)"):
        withdraw_port_run(by=viewer_of(other), run=record.pk, version=record.version)
    client.force_login(other)
    page = read(client, f"/ports/{SMALL}/runs/{record.pk}/")
    assert "withdraw" not in forms(page)
    by = viewer_of(officer)
    with pytest.raises(BridgeheadError, match=r"action\.changed_meanwhile"):
        withdraw_port_run(by=by, run=record.pk, version=record.version + 1)
    gone = withdraw_port_run(by=by, run=record.pk, version=record.version)
    with pytest.raises(BridgeheadError, match=r"port_run\.withdrawn"):
        withdraw_port_run(by=by, run=record.pk, version=gone.version)
    assert port_runs.saved(region.current(), by, SMALL) == []
