"""Scenarios side by side: run beside the pages by anybody, shown with figures that the files give, too."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from django.test import Client
from django.utils.translation import override

from bridgehead.engines.flows.scenario_comparison import Pair
from bridgehead.ground import region
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import ANONYMOUS, as_system
from bridgehead.ground.models import JournalEntry, Task
from bridgehead.ground.region import Loaded, serving
from bridgehead.ground.tasks.runner import Runner
from bridgehead.jobs.scenario_runs import run_plan
from bridgehead.jobs.store import Store
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.regions.load import load_region
from bridgehead.rooms.gateway import comparison_words
from bridgehead.rooms.gateway.actions import run_scenarios
from bridgehead.rooms.gateway.comparison_figures import measures
from bridgehead.rooms.gateway.selectors import scenario_comparison as selectors
from bridgehead.rooms.gateway.selectors.scenario_comparison import MOST
from tests.ground.world import member, world
from tests.site.forms import Forms

pytestmark = pytest.mark.django_db

CLOSED = "erenhot-closed"
PAGE = f"/scenarios/compare/?scenario={CLOSED}"


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    loaded = Loaded(load_region(), Store(tmp_path_factory.mktemp("results")))
    picked = selectors.chosen(loaded, ANONYMOUS, [CLOSED])
    run_plan(picked.plan, loaded.components, loaded.store, processes=0)
    return loaded


@pytest.fixture
def there(computed: Loaded, monkeypatch: pytest.MonkeyPatch) -> Loaded:
    monkeypatch.setattr(region, "_current", computed)
    return computed


@pytest.fixture
def empty(computed: Loaded, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Loaded:
    loaded = Loaded(computed.region, Store(tmp_path))
    monkeypatch.setattr(region, "_current", loaded)
    return loaded


@pytest.mark.article(8)
@pytest.mark.article(12)
@pytest.mark.article(17)
@pytest.mark.article(19)
def test_a_closure_is_shown_with_who_loses_and_where_freight_goes(there: Loaded, client: Client) -> None:
    zh = client.get(PAGE)
    told = zh.content.decode()
    assert zh.status_code == 200
    assert "二连浩特口岸关闭十天" in told
    assert "受损" in told
    assert re.search(r'class="flow un" stroke-width="[\d.]+" stroke-dasharray', told), "less freight is dashed"
    assert 'class="flow ua"' in told, "more freight is a whole line"
    assert "模型" in told
    en = client.get(f"/en{PAGE}").content.decode()
    assert "costs shippers" in en
    assert "10 days" in en
    [column] = selectors.columns(there, selectors.chosen(there, ANONYMOUS, [CLOSED])) or ()
    found = column.found
    assert (found.base.days, found.scenario.days) == (10, 10)
    closed = [one.tonnes for one in found.scenario.ports if one.port in {"erenhot-rail", "erenhot-road"}]
    assert found.waited_t == pytest.approx(sum(closed)), "nothing passes a closed port but what waits for it"
    assert found.waited_t > found.rerouted_t > 0.0
    assert "等重开再走" in told
    assert "wait for the opening" in en
    assert next(one for one in found.districts if one.district == "152500").ports == "loses"


def test_every_sentence_holds_the_figures_of_its_comparison(there: Loaded) -> None:
    [column] = selectors.columns(there, selectors.chosen(there, ANONYMOUS, [CLOSED])) or ()
    with override("en"):
        moves, cost = comparison_words.findings(there, column.found)
        assert f"{column.found.rerouted_t / 1e6:.3g}\u00a0Mt cross the border at another port" in moves
        [waits] = comparison_words.supposed(there, column.found)
        assert "stands behind the backlog" in waits
        change = column.found.sums.perceived_usd.change / 1e6
        assert f"Shippers pay USD\u00a0{change:.3g}\u00a0million more in 10 days" in cost
        assert f"{column.found.waited_t / 1e6:.3g}\u00a0Mt wait for the opening" in moves
        longest = column.found.waited[0]
        assert comparison_words.wait_words(there, longest).endswith(
            f"{longest.clearing_days:.1f} days after the opening"
        )
        at_once = comparison_words.wait_words(there, replace(longest, clearing_days=0.04))
        assert at_once.endswith("the backlog gone as soon as it opens"), "not 0.0 days"
        rows = {one.name: one for one in measures(column.found)}
        assert rows["rail_share"].pair.scenario < rows["rail_share"].pair.base
        assert rows["demand"].change == "0"


def test_the_headline_says_which_scenarios_it_speaks_of(there: Loaded) -> None:
    [column] = selectors.columns(there, selectors.chosen(there, ANONYMOUS, [CLOSED])) or ()

    def made(cost: float, demand: float) -> selectors.Column:
        sums = replace(column.found.sums, perceived_usd=Pair(1e9, 1e9 + cost), demand_t=Pair(1e6, 1e6 + demand))
        return replace(column, found=replace(column.found, sums=sums))

    with override("en"):
        told = [comparison_words.headline(columns) for columns in (
            [made(-1e7, 0.0), made(-2e7, 0.0)],
            [made(-1e7, 0.0), made(-5e7, -3e5)],
            [made(-4e7, -2e5), made(-5e7, -3e5)],
            [made(-5e7, -3e5)],
            [made(0.0, 0.0), made(0.0, 0.0)],
        )]  # fmt: skip
    saves = f"“{column.seen.line.title}” saves shippers most, USD\u00a0{{}}\u00a0million in 10 days"
    assert told[0] == saves.format(20), "of two with the demand of the base"
    assert told[1].startswith("Of those with the same demand, “")
    assert told[1].endswith("USD\u00a010\u00a0million in 10 days"), "not the 50 of the one that asks for less freight"
    assert told[2] == saves.format(50), "none has the demand of the base"
    assert "USD\u00a050\u00a0million" in told[3]
    assert told[4] == "These scenarios hardly change what shippers pay"


def test_files_give_the_figures_of_the_page(there: Loaded, client: Client) -> None:
    rows = list(
        csv.DictReader(io.StringIO(client.get(PAGE.replace("?", "scenarios.csv?")).content.decode("utf-8-sig")))
    )
    answer = json.loads(client.get(f"/api/scenarios/compare?scenario={CLOSED}").content)
    [scenario] = answer["scenarios"]
    assert (answer["computed"], answer["done"], scenario["standing"]) == (True, 2, "model")
    for one in scenario["measures"]:
        [row] = [row for row in rows if row["measure"] == one["name"]]
        assert float(row["change"]) == one["figure"]["change"]
    assert {row["standing"] for row in rows} == {"model"}
    for language, word in (("zh", "方案对比（模型）"), ("en", "Scenarios compared (model)")):
        memo = client.get(PAGE.replace("?", "scenarios.docx?") + f"&lang={language}")
        document = docx.Document(io.BytesIO(memo.content))
        text = "\n".join(one.text for one in document.paragraphs)
        assert word in text
        assert len(document.tables) == 4


def test_what_was_not_run_is_asked_for_once_and_can_be_cancelled(empty: Loaded, client: Client) -> None:
    page = client.get(PAGE).content.decode()
    assert "还没有算过" in page
    answer = json.loads(client.get(f"/api/scenarios/compare?scenario={CLOSED}").content)
    assert (answer["computed"], answer["done"], answer["total"]) == (False, 0, 2)
    refused = client.get(PAGE.replace("?", "scenarios.csv?"))
    assert "scenario.not_computed" in refused.content.decode()
    [form] = Forms(page).found
    assert client.post(PAGE, form).status_code == 302
    assert client.post(PAGE, {**form, "once": "another-key"}).status_code == 302
    with as_system("tests"):
        task = Task.objects.get(kind="scenario.run")
        entry = JournalEntry.objects.get(record_kind="scenario_run")
    assert (entry.action, entry.record_id) == ("scenario.run", str(task.pk))
    waiting = client.get(PAGE).content.decode()
    assert "正在计算" in waiting
    assert 'http-equiv="refresh"' in waiting, "without a script, too"
    with as_system("tests"):
        Task.objects.update(state=Task.State.RUNNING, done=1, total=2, lease="secret-host 4711")
    running = client.get(PAGE).content.decode()
    assert '<progress value="1" max="2"' in running
    assert "secret-host" not in running, "where it runs is nobody's business"
    assert Forms(waiting).found == [], "who is not signed in cannot cancel what somebody asked for"


def test_who_asked_can_cancel_and_ask_again(empty: Loaded, client: Client) -> None:
    person = member(world().office, "analyst")
    client.force_login(person)
    [form] = [one for one in Forms(client.get(PAGE).content.decode()).found if one.get("form") == "run"]
    client.post(PAGE, form)
    [form] = [one for one in Forms(client.get(PAGE).content.decode()).found if one.get("form") == "cancel"]
    assert client.post(PAGE, form).status_code == 302
    with as_system("tests"):
        assert Task.objects.get(kind="scenario.run").state == Task.State.CANCELLED
    plain = [{"year": 2023, "edits": [{"edit": "demand", "factor": 0.9}]}]
    first = run_scenarios(by=viewer_of(person), ids=["x"], plain=plain, key="scenarios-x")
    assert run_scenarios(by=viewer_of(person), ids=["x"], plain=plain, key="scenarios-x") == first


def test_the_handler_runs_what_the_page_shows(empty: Loaded, client: Client, computed: Loaded) -> None:
    [form] = Forms(client.get(PAGE).content.decode()).found
    client.post(PAGE, form)
    for file in (computed.store.folder or Path()).glob("*.result"):
        (empty.store.folder or Path()).joinpath(file.name).write_bytes(file.read_bytes())
    assert Runner(0).run_one()
    with as_system("tests"):
        task = Task.objects.get(kind="scenario.run")
    assert (task.state, task.result) == (Task.State.DONE, {"runs": 2})
    assert "二连浩特口岸关闭十天" in client.get(PAGE).content.decode()


def test_too_many_and_unknown_scenarios_are_refused(there: Loaded, client: Client) -> None:
    many = "&".join(f"scenario=s{n}" for n in range(9))
    assert "scenario.too_many_compared" in client.get(f"/scenarios/compare/?{many}").content.decode()
    assert client.get("/scenarios/compare/?scenario=nowhere").status_code == 404
    with pytest.raises(BridgeheadError, match=r"scenario\.unknown_scenario"):
        selectors.chosen(there, ANONYMOUS, ["nowhere"])


def test_without_a_scenario_to_look_at_one_is_led_to_the_list(client: Client, second_region: Path) -> None:
    with serving(second_region):
        page = client.get("/scenarios/compare/").content.decode()
    assert "没有选方案" in page
    assert 'class="btn" href="/scenarios/"' in page
    assert "<form" not in page.partition("<main")[2], "there is nothing to compute"


@pytest.mark.parametrize(("language", "said"), [("", f"最多 {MOST} 个"), ("/en", f"{MOST} at most")])
def test_the_list_says_how_many_can_be_compared(client: Client, language: str, said: str) -> None:
    assert said in client.get(f"{language}/scenarios/").content.decode()
