"""Pages of a port's runs say what a reader has to know: overloads, failures, preparation, which run is which."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime

import docx
import pytest
from django.test import Client

from bridgehead.engines.simulation.loads import station_loads
from bridgehead.ground import region
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Person, Task
from bridgehead.ground.region import Loaded
from bridgehead.jobs.port_reports import description_of
from bridgehead.rooms.gateway.models import PortRun
from bridgehead.rooms.gateway.selectors import port_models
from tests.ground.world import World
from tests.rooms.gateway.port_runs import address, done, number_of, saved_run, saved_variant
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

SMALL = "wuliji"
COMPARE = f"/ports/{SMALL}/runs/compare/"


def _overloaded(record: PortRun, language: str) -> dict[str, float]:
    """Return the stations of a saved run that have more to do than they can, by name, with their loads."""
    from bridgehead.engines.simulation.reading import read_model

    model = read_model(description_of(record.description))
    labels = {node.id: node.label[language] for node in model.nodes}
    return {labels[one.node]: one.load for one in station_loads(model) if one.load >= 1.0}


def test_a_variant_that_overloads_a_station_says_so_before_and_after_it_is_computed(desk: Client) -> None:
    at = saved_variant(desk, SMALL, "挤", check="200")
    with as_system("tests"):
        record = PortRun.objects.get()
    chinese, english = _overloaded(record, "zh"), _overloaded(record, "en")
    assert chinese
    for page in (read(desk, at), done(desk, at)):
        said = re.findall(r"“[^”]+”的负荷[^。]*。", page.text)
        for name, load in chinese.items():
            assert any(f"“{name}”" in one and f"{load:.3g}" in one for one in said), (name, load, said)
        assert "stations." not in page.text
    assert all(f"“{name}”" in read(desk, f"/en{at}").text for name in english)
    for language, names, word in (("zh", chinese, "的负荷"), ("en", english, "load of")):
        paper = docx.Document(io.BytesIO(desk.get(f"{at}results.docx?lang={language}").content))
        told = [one.text for one in paper.paragraphs if word in one.text]
        assert all(any(f"“{name}”" in one for one in told) for name in names), told


def test_a_run_that_overloads_nothing_warns_of_nothing(desk: Client) -> None:
    assert not port_models.known(region.current(), SMALL).warnings
    assert "的负荷" not in done(desk, saved_variant(desk, SMALL, "松")).text


def test_a_run_that_failed_says_so_in_its_heading_and_why_below(desk: Client) -> None:
    at = saved_variant(desk, SMALL, "坏")
    with as_system("tests"):
        fault = {"code": "jobs.process_died", "parameters": {}, "place": {}, "severity": "error"}
        Task.objects.update(state=Task.State.FAILED, fault=[fault], finished_at=datetime.now(UTC))
    page = read(desk, at)
    assert page.h1 == "这次运行没有算成"
    assert page.text.count("进程") == 1, "the reason stands there once"
    assert page.text.index("没有算成") < page.text.index("进程") < page.text.index("3 次重复")
    assert read(desk, f"/en{at}").h1 == "This run failed"


def test_only_until_something_is_done_a_run_says_that_the_engine_is_prepared(desk: Client) -> None:
    at = saved_variant(desk, SMALL, "准备")
    assert "准备仿真引擎" in read(desk, at).text
    assert "prepares the simulation engine" in read(desk, f"/en{at}").text
    with as_system("tests"):
        Task.objects.update(state=Task.State.RUNNING, done=1, total=3, started_at=datetime.now(UTC))
    assert "准备仿真引擎" not in read(desk, at).text
    with as_system("tests"):
        Task.objects.update(state=Task.State.WAITING)


def test_the_form_of_withdrawal_says_that_a_reason_may_stay_empty(desk: Client, there: World, officer: Person) -> None:
    html = read(desk, address(saved_run(there, officer, SMALL))).html
    assert "records.css" in html
    assert re.search(r'id="withdraw-reason-hint">可以不填', html)


def test_a_variant_of_a_run_says_which_run_it_begins_with(desk: Client, there: World, officer: Person) -> None:
    record = saved_run(there, officer, SMALL, title="夏季")
    page = read(desk, f"/ports/{SMALL}/model/variant/?from={record.pk}")
    assert "从运行“夏季”" in "".join(page.text.split())
    assert address(record) in page.links
    assert "现状的参数开始" in read(desk, f"/ports/{SMALL}/model/variant/").text
    assert "“夏季”" in "".join(read(desk, f"/en/ports/{SMALL}/model/variant/?from={record.pk}").text.split())


def _options(html: str, name: str) -> list[tuple[str, str, bool]]:
    """Return value and words of the options of a choice, and whether each is chosen."""
    select = re.search(rf'<select id="{name}".*?</select>', html, re.S)
    assert select
    found = re.findall(r'<option value="([^"]*)"( selected)?>([^<]*)<', select.group())
    return [(value, said, bool(chosen)) for value, chosen, said in found]


def test_runs_of_the_same_title_can_be_told_apart_where_two_are_chosen(
    desk: Client, there: World, officer: Person, loaded: Loaded
) -> None:
    for _ in range(2):
        saved_run(there, officer, SMALL, title="同名")
    listed = _options(read(desk, COMPARE).html, "a")
    assert len({said for _, said, _ in listed}) == len(listed) == 3
    assert ("base", "现状") in [(value, said) for value, said, _ in listed]
    at = saved_variant(desk, SMALL, "同名", check="6")
    others = _options(done(desk, at).html, "a")
    assert len({said for _, said, _ in others}) == len(others) == 3


def test_a_run_is_not_compared_with_itself(desk: Client, there: World, officer: Person) -> None:
    done(desk, at := saved_variant(desk, SMALL, "一"))
    number = number_of(at)
    for one in ("base", number):
        page = read(desk, f"{COMPARE}?a={one}&b={one}")
        assert page.h1 == "要比较，请选两次不同的运行"
        assert "(base)" not in page.text
        a, b = ([value for value, _, on in _options(page.html, name) if on] for name in ("a", "b"))
        assert a == [one]
        assert b not in ([], a), "another one is offered"
    assert read(desk, f"/en{COMPARE}?a=base&b=base").h1 == "Choose two different runs to compare"


def test_where_no_two_runs_were_chosen_two_different_ones_are_offered(
    desk: Client, there: World, officer: Person
) -> None:
    assert "没有可以和现状比的" in read(desk, COMPARE).text
    saved_run(there, officer, SMALL)
    page = read(desk, COMPARE)
    assert "选两次运行来比" in page.h1, "nothing was asked for, so nothing is missing"
    chosen = [[value for value, _, on in _options(page.html, name) if on] for name in ("a", "b")]
    assert all(len(one) == 1 for one in chosen)
    assert chosen[0] != chosen[1]
