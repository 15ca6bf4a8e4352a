"""Port models on pages: what they are, variants with every fault at once, runs beside the pages, files, comparison."""

from __future__ import annotations

import csv
import io
import json
import statistics
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pytest
import yaml
from django.test import Client

from bridgehead.engines.simulation.route_stays import port_stay
from bridgehead.ground import region
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Person, Task
from bridgehead.ground.region import Loaded
from bridgehead.ground.tasks.runner import Runner
from bridgehead.jobs import replication_tasks
from bridgehead.jobs.answers import stored_answer
from bridgehead.jobs.port_reports import description_of, make_report
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import load_region
from bridgehead.regions.port_models import ports_with_models
from bridgehead.rooms.gateway import simulated_route_words
from bridgehead.rooms.gateway.actions import save_port_run
from bridgehead.rooms.gateway.models import PortRun
from bridgehead.rooms.gateway.selectors import port_models, port_runs
from tests.ground.world import World, member, world
from tests.rooms.gateway.reading import Page, read
from tests.site.forms import Forms

pytestmark = pytest.mark.django_db

PORT, SMALL = "ganqimaodu", "wuliji"
FORM = f"/ports/{SMALL}/model/variant/"
SHORT = {"replications": "3", "horizon_d": "28", "warmup_d": "7"}
"""A run that is computed in no time."""


@pytest.fixture
def there() -> World:
    return world()


@pytest.fixture
def officer(there: World) -> Person:
    return member(there.office, "officer", name="Li Hua")


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Loaded:
    """The shipped region with a store of its own, in which nothing is computed yet."""
    found = Loaded(load_region(), Store(tmp_path))
    monkeypatch.setattr(region, "_current", found)
    return found


@pytest.fixture
def desk(client: Client, officer: Person, loaded: Loaded) -> Client:
    client.force_login(officer)
    return client


def filled(client: Client, address: str = FORM) -> dict[str, Any]:
    """Return the fields of the form as they stand on the page."""
    return dict(next(form for form in Forms(client.get(address).content.decode()).found if form.get("form") == "save"))


def saved(client: Client, title: str, **changed: str) -> str:
    """Save a variant by its form and return the address of its page."""
    sent = filled(client) | SHORT | {"title": title} | {f"p-{name}": value for name, value in changed.items()}
    answer = client.post(FORM, sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def computed(address: str, client: Client) -> Page:
    """Have what was asked for done as the runner does it, and read the page of a run."""
    while Runner(0).run_one():
        pass
    return read(client, address)


@pytest.mark.article(9)
@pytest.mark.article(10)
@pytest.mark.article(11)
@pytest.mark.article(12)
@pytest.mark.article(13)
@pytest.mark.article(17)
@pytest.mark.article(25)
@pytest.mark.article(49)
def test_the_page_of_a_model_says_what_it_is_and_where_every_figure_comes_from(client: Client) -> None:
    page = read(client, f"/ports/{PORT}/model/")
    given = yaml.safe_load(load_region().port_models[PORT])["parameters"]
    reported = sum(one["standing"] in ("reported", "measured") for one in given.values())
    assert f"{len(given)} 个参数里 {reported} 个有报道" in page.text
    assert "13 个环节" in page.text
    for one in given.values():
        row = page.row(one["label"]["zh"], table_index=-1)
        assert ("假设" in row[2]) == (one["standing"] == "assumption"), row
    assert page.row("货运入境通道")[1].startswith("12")
    assert "入境卡口" in page.drawings
    assert "示意" not in page.h1
    assert client.get(f"/ports/{PORT}/model.yaml").content.decode() == load_region().port_models[PORT]


def test_a_model_of_hardly_any_reports_is_called_illustrative_and_gives_no_advice(client: Client) -> None:
    for port in ports_with_models(load_region()):
        page = read(client, f"/ports/{port}/model/")
        known = port_models.known(region.current(), port)
        assert ("示意" in page.h1) == known.illustrative
        assert ("不能据此决定" in page.text) == known.illustrative
        assert client.get(f"/api/ports/{port}/model").json()["illustrative"] == known.illustrative


def test_the_page_of_a_port_leads_to_its_model_where_it_has_one(client: Client) -> None:
    with_model = set(ports_with_models(load_region()))
    for row in load_region().rows("ports"):
        assert (f"/ports/{row['id']}/model/" in read(client, f"/ports/{row['id']}/").links) == (row["id"] in with_model)
    assert client.get("/ports/hohhot-baita/model/").status_code == 404


def test_anonymous_visitors_see_models_and_no_runs(client: Client, there: World, officer: Person) -> None:
    known = port_models.known(region.current(), SMALL)
    run = {"replications": 3, "seed": 1, "horizon_d": 28.0, "warmup_d": 7.0}
    told = {"organisation": there.office.pk, "port": SMALL, "title": "秘密的运行", "changed": {}}
    record = save_port_run(by=viewer_of(officer), description=known.description, run=run, **told)
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
    sent = filled(desk)
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
    address = saved(desk, "检查快一倍", check="6")
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
    page = computed(address, desk)
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
    first = saved(desk, "一", check="6")
    computed(first, desk)
    second = saved(desk, "二", check="6")
    assert second != first
    assert read(desk, second).h1 == read(desk, first).h1
    with as_system("tests"):
        assert Task.objects.count() == 1, "nothing is computed again"


def test_a_run_is_cancelled_and_goes_on_where_it_was(
    desk: Client, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = saved(desk, "停一停", check="6")
    cancel = next(form for form in Forms(desk.get(address).content.decode()).found if form.get("form") == "cancel")
    assert desk.post(address, cancel).status_code == 302
    assert not Runner(0).run_one()
    page = read(desk, address)
    assert "已取消" in page.text
    with as_system("tests"):
        question = port_runs.question_of(PortRun.objects.get())
    make_report(replace(question, replications=2), loaded.store)
    ran: list[int] = []
    whole = replication_tasks.simulate

    def counted(model: Any, run: Any, **told: Any) -> Any:
        ran.append(run.replication)
        return whole(model, run, **told)

    monkeypatch.setattr(replication_tasks, "simulate", counted)
    again = next(form for form in Forms(page.html).found if form.get("form") == "run")
    assert desk.post(address, again).status_code == 302
    assert "九成在" in computed(address, desk).h1
    assert ran == [2], "replications that were there are not run again"


def test_the_files_of_a_run_hold_the_figures_of_its_page(desk: Client, loaded: Loaded) -> None:
    address = saved(desk, "文件", check="6")
    number = address.rstrip("/").rpartition("/")[2]
    beside = f"/ports/{SMALL}/runs/{number}/results"
    assert desk.get(f"{beside}.csv").status_code == 422, "not computed yet"
    computed(address, desk)
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


def test_two_runs_on_the_same_random_numbers_are_paired_replication_by_replication(desk: Client) -> None:
    slow, fast = saved(desk, "慢", check="12"), saved(desk, "快", check="6")
    computed(slow, desk)
    a, b = (one.rstrip("/").rpartition("/")[2] for one in (slow, fast))
    found = desk.get(f"/api/ports/{SMALL}/runs/compare?a={a}&b={b}").json()
    assert found["paired"] is True
    [row] = [one for one in found["rows"] if one["name"] == "stay_mean_h"]
    values = [
        desk.get(f"/api/ports/{SMALL}/runs/{one}").json()["report"]["replications"]["stay_mean_h"] for one in (a, b)
    ]
    apart = [second - first for first, second in zip(*values, strict=True)]
    half = 4.302652729911275 * statistics.stdev(apart) / 3**0.5  # t of 2 degrees of freedom at 97.5 %
    assert row["difference"] == pytest.approx(statistics.fmean(apart))
    assert row["high"] - row["difference"] == pytest.approx(half)
    page = read(desk, f"/ports/{SMALL}/runs/compare/?a={a}&b={b}")
    assert "同一组随机数" in page.text
    assert "“慢”" in page.h1
    assert "“快”" in page.h1
    english = read(desk, f"/en/ports/{SMALL}/runs/compare/?a={a}&b={b}")
    assert "same random numbers" in english.text


def test_runs_of_other_seeds_are_taken_as_independent_and_the_page_says_so(desk: Client) -> None:
    first = saved(desk, "一", check="6")
    sent = filled(desk) | SHORT | {"title": "二", "seed": "2", "p-check": "6"}
    second = desk.post(FORM, sent)["Location"]
    computed(first, desk)
    a, b = (one.rstrip("/").rpartition("/")[2] for one in (first, second))
    assert desk.get(f"/api/ports/{SMALL}/runs/compare?a={a}&b={b}").json()["paired"] is False
    page = read(desk, f"/ports/{SMALL}/runs/compare/?a={a}&b={b}")
    assert "互不相关" in page.text


def test_a_comparison_names_the_run_that_is_missing(desk: Client) -> None:
    first = saved(desk, "没有算过", check="6")
    page = read(desk, f"/ports/{SMALL}/runs/compare/?a=base&b={first.rstrip('/').rpartition('/')[2]}")
    assert "还有运行没有算过" in page.h1
    assert first in page.links


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
            run={"replications": 3, "seed": 1, "horizon_d": 28.0, "warmup_d": 7.0},
        )


@pytest.fixture(autouse=True)
def _no_tasks_left() -> Iterator[None]:
    yield
    with as_system("tests"):
        assert not Task.objects.filter(state=Task.State.RUNNING).exists()


WAY = "/route/?origin=tavan-tolgoi&destination=tangshan&commodity=coking-coal&tonnes=5000"


@pytest.mark.article(12)
def test_the_stay_of_a_run_stands_in_the_time_of_a_route_for_officers(
    desk: Client, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    heading = "口岸停留用仿真代替"
    before = read(desk, WAY)
    assert "有口岸模型，还没有运行过" in before.text
    assert f"/ports/{PORT}/runs/base/" in before.links
    assert heading not in read(Client(), WAY).text, "runs are for officers"
    shorter = port_runs.base_question(port_models.known(loaded, PORT))
    shorter = replace(shorter, replications=3, horizon_min=35 * 1440.0)
    monkeypatch.setattr(port_runs, "base_question", lambda one: shorter)
    report = make_report(shorter, loaded.store)
    page = read(desk, WAY)
    assert heading in page.text
    assert "还没有运行过" not in page.text
    stay = port_stay(PORT, report, ("booked", "walk_in", "copper", "agv")).hours
    row = page.row("在甘其毛都")
    assert row[2] == f"{stay.mean:.2f}"
    assert row[3] == f"{stay.low:.2f} 至 {stay.high:.2f}"
    tabled, simulated = (float(cell.replace(",", "")) for cell in page.row("全程，小时")[1:3])
    assert simulated - tabled == pytest.approx(stay.mean - float(row[1]), abs=0.02)
    assert "SWD，公路" in page.row("含停留的速度")[0], "the railway passes no simulated port"
    assert page.row("不含停留的速度")[1] == page.row("不含停留的速度")[2]
    assert "3 次重复" in page.text
    english = read(desk, f"/en{WAY}")
    assert "The stay at the port by simulation" in english.text


def test_where_a_model_says_not_what_carries_goods_the_stay_is_that_of_the_main_units_that_leave_served(
    desk: Client, loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    shorter = port_runs.base_question(port_models.known(loaded, PORT))
    shorter = replace(shorter, replications=2, horizon_min=8 * 1440.0, warmup_min=1440.0)
    monkeypatch.setattr(port_runs, "base_question", lambda one: shorter)
    monkeypatch.setattr(simulated_route_words, "freight_classes", lambda model: ())
    stay = make_report(shorter, loaded.store)["whole"]["stay_mean_h"]
    page = read(desk, WAY)
    assert page.row("在甘其毛都")[2] == f"{stay['mean']:.2f}"
    assert "2 次重复，办成后离开口岸的主要单位的平均停留" in page.text
    assert "mean stay of the main units that leave the port served" in read(desk, f"/en{WAY}").text
