"""Which classes of a port's model are the freight that is asked about: told by the model, else to be chosen."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from bridgehead.ground import region
from bridgehead.ground.region import Loaded
from bridgehead.rooms.gateway import port_agreement_words as said
from bridgehead.rooms.gateway.selectors import port_models
from tests.rooms.gateway.port_runs import forms
from tests.rooms.gateway.reading import Page, read

pytestmark = pytest.mark.django_db


def ticked(page: Page, *names: str) -> list[str]:
    return [name for name in names if f'name="class" value="{name}" checked' in page.html]


ROAD = ("truck_out", "produce_out", "truck_in", "car", "bus")


@pytest.mark.parametrize(
    ("query", "meant"),
    [("", ["truck_in"]), ("?direction=import", ["truck_in"]), ("?direction=export", ["truck_out", "produce_out"])],
)
def test_trucks_of_the_direction_are_meant_and_neither_cars_nor_buses(
    desk: Client, loaded: Loaded, query: str, meant: list[str]
) -> None:
    page = read(desk, f"/ports/erenhot-road/agreement/{query}")
    assert ticked(page, *ROAD) == meant
    assert "run" in forms(page)
    assert desk.get(f"/api/ports/erenhot-road/agreement{query}").json()["classes"] == meant


def test_where_the_model_does_not_tell_a_choice_comes_before_the_run(desk: Client, loaded: Loaded) -> None:
    at = "/ports/ganqimaodu/agreement/"
    asked = f"{at}?direction=export"
    sent = read(desk, asked, 422)
    assert "run" not in forms(sent), "nothing to start before somebody chose"
    assert "checked" not in sent.html
    assert 'id="class-says"' in sent.html
    assert "还没有选" in sent.text
    assert "is not told" in read(desk, f"/en{asked}", 422).text
    answer = desk.get("/api/ports/ganqimaodu/agreement?direction=export").json()
    assert (answer["key"], answer["refused"]["code"]) == (None, "planning.no_freight_classes")
    assert desk.get("/ports/ganqimaodu/agreement.csv?direction=export").status_code == 422
    chosen = read(desk, f"{at}?direction=export&class=copper")
    assert "run" in forms(chosen)


def test_classes_of_the_other_direction_are_pointed_out(desk: Client, loaded: Loaded) -> None:
    at = "/ports/erenhot-road/agreement/?direction=export&class=truck_in&class=truck_out"
    assert "勾选的入境货车不是出口方向的" in read(desk, at).text
    assert "Ticked, but not of the direction" in read(desk, f"/en{at}").text
    assert "不是出口方向的" not in read(desk, at.replace("class=truck_in&", "")).text


@pytest.mark.parametrize(
    ("classes", "chinese", "english"),
    [(["truck_in"], "送来 182 辆货车", "send 182 trucks a day"), ([], "送来 182 个单位", "send 182 units a day")],
)
def test_what_comes_a_day_is_counted_by_its_measure_word(classes: list[str], chinese: str, english: str) -> None:
    one = {"load_per_day": 182.0, "reckoned_min": 400.0, "simulated_min": {"mean": 400.0, "low": 394.0, "high": 406.0},
           "difference_min": 0.0, "tolerated_min": 4.0, "agrees": True}  # fmt: skip
    answer = {"classes": classes, "reached": True, "stands_still": False, "rounds": [one]}
    model = port_models.known(region.current(), "erenhot-road").model
    assert chinese in said.headline(model, answer).replace("\u202f", " ").replace("\u00a0", " ")
    with translation.override("en"):
        assert english in said.headline(model, answer).replace("\u00a0", " ")


def test_a_stay_that_is_known_badly_is_said_to_be() -> None:
    def doubt(half: float) -> str:
        stay = {"mean": 100.0, "low": 100.0 - half, "high": 100.0 + half}
        return said.doubt({"rounds": [{"simulated_min": stay}]})

    assert doubt(4.0) == ""
    assert "±30" in doubt(30.0)
    with translation.override("en"):
        assert "only within ±30" in doubt(30.0)
    assert said.doubt({"rounds": [{"simulated_min": {"mean": None, "low": None, "high": None}}]}) == ""
