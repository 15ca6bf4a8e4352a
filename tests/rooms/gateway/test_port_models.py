"""Port models on pages: what they are, where their figures come from, which of them only illustrate."""

from __future__ import annotations

import re

import pytest
import yaml
from django.test import Client

from bridgehead.ground import region
from bridgehead.regions.load import load_region
from bridgehead.regions.port_models import ports_with_models
from bridgehead.rooms.gateway.selectors import port_models
from tests.rooms.gateway.reading import read

pytestmark = pytest.mark.django_db

PORT = "ganqimaodu"


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


def test_every_model_is_listed_with_what_is_reported_and_the_first_page_leads_there(client: Client) -> None:
    page = read(client, "/port-models/")
    loaded_region = load_region()
    assert len(ports_with_models(loaded_region)) == sum(link.endswith("/model/") for link in set(page.links))
    listed = client.get("/api/port-models").json()["models"]
    assert [one["group"] for one in listed] == sorted(
        (one["group"] for one in listed), key=["checked", "other", "illustrative"].index
    )
    for one in listed:
        known = port_models.known(region.current(), one["port"])
        assert (one["group"] == "illustrative") == known.illustrative
        assert (one["reported"] < 3) == known.illustrative
    assert {one["port"] for one in listed if one["group"] == "checked"} == {
        "ganqimaodu",
        "erenhot-rail",
        "erenhot-road",
        "manzhouli-rail",
    }
    assert "/port-models/" in read(client, "/").links or "/port-models/" in read(client, "/gateway/").links
    assert "Illustrative" in read(client, "/en/port-models/").text


def test_the_list_of_models_lies_under_the_ports_which_lead_to_it(client: Client) -> None:
    for language in ("", "/en"):
        assert f"{language}/port-models/" in read(client, f"{language}/ports/").links
        html = read(client, f"{language}/port-models/").html
        assert re.search(rf'<a href="{language}/ports/"[^>]*aria-current="true"', html)
