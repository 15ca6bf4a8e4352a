"""The page, the operation and the file of the validation report: what they say of a report made up for the purpose."""

from __future__ import annotations

import csv
import io
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from django.test import Client

from bridgehead.engines.flows import validation as engine
from bridgehead.engines.flows.train_goods import TrainGoods
from bridgehead.engines.flows.validation import ConstantLine, Line, Validation
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Task
from bridgehead.ground.region import Loaded, current, serving
from bridgehead.ground.tasks.runner import Runner
from bridgehead.jobs import model_validation
from bridgehead.jobs.processes import Call, Check, Progress
from tests.ground.world import member, world
from tests.rooms.gateway.reading import read, table
from tests.site.forms import Forms

pytestmark = pytest.mark.django_db

PAGE = "/flows/validation/"

SOURCE = "A newspaper: ports of the year; https://example.org/ports"
PLAIN = Line(
    engine.TARGET, "mandula", "", 2023, "t", 5_284_000.0, 5_500_000.0, 4_800_000.0, None, "", "reported", "exact",
    SOURCE, "2024-01-04", "2023-01-01", "2023-12-31", "",
)  # fmt: skip
LINES = (
    PLAIN,
    replace(PLAIN, subject="ganqimaodu", reported=38e6, modelled=37e6, naive=34e6, qualifier="at_least"),
    replace(PLAIN, kind=engine.MODE, subject="region", key="rail", reported=35.8e6, modelled=33.8e6, naive=36e6,
            period_to="2023-12-08"),
    replace(PLAIN, kind=engine.TRAINS, subject="erenhot-rail", key="cre-containers", unit="trains", reported=3294.0,
            modelled=400.0, naive=2700.0),
    replace(PLAIN, kind=engine.CHANGE, year=2024, reported=7_010_000.0, modelled=5_600_000.0, naive=4_900_000.0,
            before=4_300_000.0, before_standing="derived"),
    replace(PLAIN, kind=engine.LEFT_OUT, modelled=5_284_000.0, naive=5_200_000.0),
)  # fmt: skip
REPORT = Validation(
    2023,
    (
        ConstantLine("mandula", ("mandula",), -15.0, 15.0, -4.56, False),
        ConstantLine("erenhot", ("erenhot-rail", "erenhot-road"), -15.0, 15.0, 15.0, True),
    ),
    LINES, {"mandula": 4.8e6}, {"mandula": 5.5e6}, (250.0, 0.2), True, 27, 1e-7, {2024: 1.1375}, {}, "ab" * 32,
    (TrainGoods("cre-containers", 8e6, 0.5e6, 1000.0, 8295.0),),
)  # fmt: skip


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(current().remembered, "gateway.validation", REPORT)


@pytest.mark.article(8)
@pytest.mark.article(11)
@pytest.mark.usefixtures("known")
def test_the_answer_counts_what_was_not_used_and_names_the_worst(client: Client) -> None:
    page, english = read(client, "/flows/validation/"), read(client, "/en/flows/validation/")
    # Of mode, trains, change and left out, the model is nearer in the last two; errors 6, 88, 20 and 0 per cent.
    assert page.h1 == "四项没有用过的报告，模型比不用模型的猜测更近的有 2 项，误差的中位数 20%"
    assert english.h1.startswith("Four reports were not used to calibrate: the model is nearer")
    assert "二连浩特铁路（各口岸的中欧班列，−88%）" in page.text
    assert "largest miss is Mandula (+4%)" in english.text


@pytest.mark.article(12)
@pytest.mark.usefixtures("known")
def test_every_line_has_report_model_and_signed_error(client: Client) -> None:
    page = read(client, "/flows/validation/")
    cells = {row[0].split()[0]: [" ".join(cell.split()) for cell in row] for row in page.tables[0][1:]}
    assert cells["满都拉"][1:4] == ["528", "550", "+22+4%"]
    assert cells["甘其毛都公路"][1].startswith("≥")
    assert cells["甘其毛都公路"][3] == "−100−3%"
    assert "模型更近" in cells["满都拉"][4]
    shown = page.text
    assert "基准年同期 430（推算）" in shown
    assert "至 12 月 8 日" in shown
    assert "碰到界限" in shown
    assert "一共报告 8,295 列" in shown
    assert "全部上火车也只有 8,000 列" in shown
    assert "+15" in shown
    for row in table("background_traffic"):
        assert row["reason_zh"] in shown
    assert "没有写背景运量" not in shown


@pytest.mark.usefixtures("known")
def test_the_operation_and_the_file_say_the_same(client: Client) -> None:
    body = client.get("/api/validation").json()
    assert body["computed"]
    assert [one["kind"] for one in body["lines"]] == [one.kind for one in LINES]
    trains = next(one for one in body["lines"] if one["kind"] == "trains")
    assert (trains["reported"]["value"], trains["modelled"]["value"], trains["error"]) == (3294, 400, -2894)
    assert trains["modelled"]["standing"] == "model"
    assert trains["reported"]["source"] == SOURCE
    assert [one["at_bound"] for one in body["constants"]] == [False, True]
    assert body["growth"] == {"2024": 1.1375}
    file = client.get("/flows/validation.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert [row["kind"] for row in rows] == [one.kind for one in LINES]
    assert [float(row["error"]) for row in rows] == [one.error for one in LINES]
    assert {row["modelled_standing"] for row in rows} == {"model"}


@pytest.mark.usefixtures("loaded")
def test_before_it_is_computed_there_are_only_heads(client: Client) -> None:
    assert read(client, PAGE).h1 == "模型还没有与报告对照过"
    body = client.get("/api/validation").json()
    assert (body["computed"], body["lines"]) == (False, [])
    assert len(client.get("/flows/validation.csv").content.decode().splitlines()) == 1


@pytest.mark.usefixtures("loaded")
def test_anybody_asks_for_the_report_once_and_sees_how_far_it_is(client: Client) -> None:
    [form] = Forms(client.get(PAGE).content.decode()).found
    assert client.post(PAGE, form).status_code == 302
    assert client.post(PAGE, {**form, "once": "another-key"}).status_code == 302
    with as_system("tests"):
        task = Task.objects.get(kind="validation.run")
        entry = JournalEntry.objects.get(record_kind="validation_run")
    assert (entry.action, entry.record_id) == ("validation.run", str(task.pk))
    waiting = client.get(PAGE).content.decode()
    assert 'http-equiv="refresh"' in waiting, "without a script, too"
    assert 'hx-select="#validation"' in waiting
    assert Forms(waiting).found == [], "who is not signed in cannot cancel what somebody asked for"
    with as_system("tests"):
        Task.objects.update(state=Task.State.RUNNING, done=3, total=11, lease="secret-host 4711")
    running = client.get(PAGE).content.decode()
    assert '<progress value="3" max="11"' in running
    assert "secret-host" not in running


@pytest.mark.usefixtures("loaded")
def test_who_asked_for_the_report_can_cancel_and_ask_again(client: Client) -> None:
    client.force_login(member(world().office, "analyst"))
    for count in (1, 2):
        asked = {one["form"]: one for one in Forms(client.get(PAGE).content.decode()).found if "form" in one}
        client.post(PAGE, asked["run"])
        asked = {one["form"]: one for one in Forms(client.get(PAGE).content.decode()).found if "form" in one}
        assert client.post(PAGE, asked["cancel"]).status_code == 302
        with as_system("tests"):
            states = Task.objects.filter(kind="validation.run").values_list("state", flat=True)
            assert list(states) == [Task.State.CANCELLED] * count


def test_the_handler_keeps_the_report_that_the_page_shows(
    client: Client, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_all(calls: list[Call], *, processes: int, progress: Progress, check: Check) -> list[Validation]:
        [call] = calls
        assert processes == 1, "not in the process that serves pages"
        assert call.arguments[0] is loaded.region.network()
        assert pickle.dumps(call), "it goes to another process"
        progress(11, 11)
        check()
        return [REPORT]

    monkeypatch.setattr(model_validation, "run_all", run_all)
    [form] = Forms(client.get(PAGE).content.decode()).found
    client.post(PAGE, form)
    assert Runner(0).run_one()
    with as_system("tests"):
        task = Task.objects.get(kind="validation.run")
    assert (task.state, task.result, task.total) == (Task.State.DONE, {"lines": len(LINES)}, 11)
    assert read(client, PAGE).h1.startswith("四项没有用过的报告")


@pytest.mark.parametrize("address", ["/flows/validation/", "/en/flows/validation/"])
def test_a_region_with_nothing_to_calibrate_says_what_is_missing(
    client: Client, second_region: Path, address: str
) -> None:
    with serving(second_region):
        page = read(client, address)
        assert page.h1 in {"这个地区的表里没有可以标定的东西", "The tables of this region give nothing to calibrate on"}
        assert any(link.endswith("/data/calibration/") for link in page.links)
        assert "没有写背景运量" in page.text or "No background traffic" in page.text
