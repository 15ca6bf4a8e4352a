"""Whether a port may be staffed: judged by its model as it comes with the region, never by the what-if of a run."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import docx
import pytest
from django.test import Client

from bridgehead.engines.simulation.model import Figure
from bridgehead.engines.simulation.reading import read_model
from bridgehead.engines.simulation.staffing.evidence import FEWEST_REPORTED, is_illustrative, reported_figures
from bridgehead.ground import region
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Person
from bridgehead.jobs.port_reports import description_of
from bridgehead.rooms.gateway.models import PortRun
from bridgehead.rooms.gateway.selectors import port_models
from tests.ground.world import World
from tests.rooms.gateway.port_runs import address, computed, done, operation, saved_run, saved_variant
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

LEAST, ILLUSTRATIVE = "manzhouli-rail", "ceke"
"""A port of which just enough is reported, and one of which something is, but too little."""
BOTH = pytest.mark.parametrize(
    ("what", "query"),
    [
        ("lanes", "lane=machine_scan&least=1&most=2"),
        ("staffing", "promise=p90 wait at machine_scan <= 1 h&at=machine_scan&more=1&budget=20"),
    ],
)


def reported(port: str) -> tuple[Figure, ...]:
    return reported_figures(port_models.known(region.current(), port).model)


def what_if(client: Client, port: str, changed: Mapping[str, Any]) -> PortRun:
    """Save a run of a port by its form, with other values of some figures."""
    saved_variant(client, port, "如果", **{name: str(value) for name, value in changed.items()})
    with as_system("tests"):
        return PortRun.objects.get()


def cells(document: Any) -> Iterator[list[str]]:
    for grid in document.tables:
        for row in grid.rows:
            yield [cell.text for cell in row.cells]


@BOTH
def test_a_what_if_on_a_reported_figure_is_answered(desk: Client, loaded: region.Loaded, what: str, query: str) -> None:
    assert len(reported(LEAST)) == FEWEST_REPORTED
    figure = reported(LEAST)[0]
    record = what_if(desk, LEAST, {figure.id: 2})
    assert is_illustrative(read_model(description_of(record.description))), "by its own figures it would be refused"
    page = computed(desk, address(record, what, query))
    assert "不给" not in page.h1
    found = desk.get(operation(record, what, query)).json()
    assert found["refused"] is None
    assert found["sentence"] in page.text
    assert found["curve" if what == "lanes" else "advice"]["standing"] == "model"
    label = figure.label["zh"]
    assert f"本次改动的参数是假设：{label}（{figure.value:g} → 2 分" in page.text
    english = read(desk, f"/en{address(record, what, query)}").text
    assert f"What this run changes is assumed: {figure.label['en']} ({figure.value:g} → 2 min)." in english
    for ending in ("csv", "json"):
        beside = f"{address(record, what).rstrip('/')}.{ending}?{query}"
        assert desk.get(beside).status_code == 200, beside


@BOTH
def test_a_run_that_changes_nothing_assumes_nothing(desk: Client, loaded: region.Loaded, what: str, query: str) -> None:
    record = what_if(desk, LEAST, {})
    assert "本次改动的参数" not in computed(desk, address(record, what, query)).text


def test_the_paper_of_a_what_if_calls_what_it_changes_an_assumption(desk: Client, loaded: region.Loaded) -> None:
    figure = reported(LEAST)[0]
    record = what_if(desk, LEAST, {figure.id: 2})
    done(desk, address(record))  # whoever saves a what-if has it run
    document = docx.Document(io.BytesIO(desk.get(f"{address(record)}results.docx").content))
    assert not [one.text for one in document.paragraphs if one.text.startswith("示意")]
    rows = [row for row in cells(document) if row[0] == figure.label["zh"]]
    assert [row[3] for row in rows if len(row) == 6] == ["假设"]


@pytest.mark.parametrize("what", ["lanes", "staffing"])
def test_a_what_if_on_an_illustrative_port_is_told_what_is_missing_of_the_port(
    desk: Client, loaded: region.Loaded, what: str
) -> None:
    known = reported(ILLUSTRATIVE)
    assert 0 < len(known) < FEWEST_REPORTED
    record = what_if(desk, ILLUSTRATIVE, {known[0].id: 2})
    page = read(desk, address(record, what))
    assert f"只有 {len(known)} 个数值有实测或报道" in page.text
    assert known[0].label["zh"] not in page.text, "it is reported of the port, whatever the run assumes"
    refused = desk.get(operation(record, what)).json()["refused"]
    assert refused["code"] == "staffing.illustrative"
    assert not {one.id for one in known} & set(refused["parameters"]["missing"])


@pytest.mark.parametrize("what", ["lanes", "staffing"])
def test_no_run_makes_a_port_better_known_than_it_is(
    desk: Client, there: World, officer: Person, loaded: region.Loaded, what: str
) -> None:
    shipped = port_models.known(region.current(), ILLUSTRATIVE)
    figures = {
        name: {**one, "standing": "reported", "source": "me", "date": "2025-01-01"}
        for name, one in shipped.description["parameters"].items()
    }
    assert not is_illustrative(read_model({**shipped.description, "parameters": figures}))
    record = saved_run(there, officer, ILLUSTRATIVE, parameters=figures)
    page = read(desk, address(record, what))
    assert "不给" in page.h1
    assert desk.get(operation(record, what)).json()["refused"]["code"] == "staffing.illustrative"
    for ending in ("csv", "json"):
        answer = desk.get(f"{address(record, what).rstrip('/')}.{ending}")
        assert answer.status_code == 422
        assert "有实测或报道" in answer.content.decode()
