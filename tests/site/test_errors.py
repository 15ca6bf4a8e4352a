"""One shape of errors everywhere, whatever is asked."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.ground import region as region_in_use
from bridgehead.ground.wording import has_han
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.site import errors
from tests.site.reading import Reading

pytestmark = pytest.mark.django_db

HOSTILE_PATHS = [
    "/" + "a" * 20_000,
    "/data/" + "a" * 5_000 + "/",
    "/data/../../etc/passwd",
    "/data/%2e%2e/%2e%2e/etc/passwd",
    "/data/..%2f..%2fetc%2fpasswd.csv",
    "/data/%00/",
    "/data/ports%00.csv",
    "/static/%00",
    "/static/../settings.py",
    "/static/%2e%2e/settings.py",
    "/static//etc/passwd",
    "/data/ports'%20OR%201=1--/",
    "/data/🚂/",
    "/data/口岸/",
    "/%ff%fe/",
    "/data/%ed%a0%80/",
    "/articles/" + "9" * 5_000 + "/",
    "/en/en/",
    "/en",
    "/api/tables/..%2f..%2fregion.toml",
    "/api/" + "x" * 20_000,
    "/api//tables",
    "/data/ports.csv/",
    "/data/region.toml",
    "/data/PORTS/",
]
HOSTILE_QUERIES = [
    "q=" + "a" * 201,
    "q=" + "%F0%9F%9A%82" * 300,
    "page=0",
    "page=-1",
    "page=" + "9" * 5_000,
    "page=%D9%A3",
    "page=1e3",
    "page=",
    "sort=%00",
    "sort='; DROP TABLE ports;--",
    "sort=--id",
]


def _shape(body: Any) -> dict[str, Any]:
    """Return the error of an answer after looking at its shape."""
    assert set(body) == {"error"}
    error: dict[str, Any] = body["error"]
    assert set(error) == {"code", "message", "cure", "place", "parameters", "faults"}
    assert set(error["place"]) == {"file", "row", "column", "field"}
    assert error["faults"]
    for fault in error["faults"]:
        assert set(fault) == {"code", "severity", "message", "cure", "place", "parameters"}
        assert fault["message"]
        assert fault["cure"]
        assert "{" not in fault["message"] + fault["cure"], "a hole without a value"
    return error


@pytest.mark.parametrize("path", HOSTILE_PATHS, ids=lambda path: path[:40])
def test_hostile_paths_are_refused_in_shape(path: str, client: Client) -> None:
    response = client.get(path)
    assert 300 <= response.status_code < 500
    if response.status_code < 400:
        assert not response["Location"].startswith(("//", "http")), "a redirect off the site"
        return
    if path.startswith("/api/"):
        error = _shape(response.json())
        assert len(error["message"]) < 600
    else:
        reading = Reading(response.content.decode())
        assert reading.faults == []
    assert len(response.content) < 20_000, "the answer grows with what was asked"


@pytest.mark.parametrize("path", ["//evil.example", "//evil.example/", "/\\evil.example", "/data//evil.example"])
def test_no_path_sends_the_visitor_off_the_site(path: str, client: Client) -> None:
    response = client.get("/", PATH_INFO=path)
    assert response.status_code in (301, 404)
    assert not response.get("Location", "/").startswith(("//", "/\\", "http"))


@pytest.mark.parametrize("query", HOSTILE_QUERIES, ids=lambda query: query[:30])
def test_hostile_queries_are_refused_in_shape(query: str, client: Client) -> None:
    page = client.get(f"/data/ports/?{query}")
    operation = client.get(f"/api/tables/ports?{query}")
    assert page.status_code in (404, 422)
    assert operation.status_code in (404, 422)
    assert Reading(page.content.decode()).faults == []
    assert _shape(operation.json())["place"]["field"] in ("q", "page", "sort")


@given(q=st.text(max_size=250), sort=st.text(max_size=20))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_breaks_search_and_tables(q: str, sort: str, client: Client) -> None:
    try:
        f"{q}{sort}".encode()
    except UnicodeEncodeError:
        return
    for path in ("/en/data/ports/", "/en/search/", "/api/search", "/api/tables/ports"):
        response = client.get(path, {"q": q, "sort": sort})
        assert response.status_code in (200, 404, 422)
        if not path.startswith("/api") and not has_han(q + sort):
            assert Reading(response.content.decode()).faults == []


def test_what_somebody_typed_never_becomes_part_of_the_page(client: Client) -> None:
    for path in ("/search/", "/data/ports/", "/en/search/"):
        html = client.get(path, {"q": "<script>alert(1)</script>\"'"}).content.decode()
        assert "<script>alert" not in html
    html = client.get("/<img src=x>/").content.decode()
    assert "<img src=x>" not in html


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("path", ["/data/", "/api/tables", "/data/ports.csv", "/static/bridgehead/bridgehead.css"])
def test_other_methods_are_refused_with_the_methods_that_work(method: str, path: str, client: Client) -> None:
    response = getattr(client, method)(path, data="{}", content_type="application/json")
    assert response.status_code == 405
    assert "GET" in response["Allow"]
    if path.startswith("/api"):
        error = _shape(response.json())
        assert error["code"] == "request.method_not_allowed"
        assert error["parameters"]["method"] == method.upper()
    else:
        assert "request.method_not_allowed" in response.content.decode()


def test_head_is_answered_without_a_body(client: Client) -> None:
    response = client.head("/data/")
    assert response.status_code == 200
    assert response.content == b""


def test_sentences_follow_the_language(client: Client) -> None:
    zh = _shape(client.get("/api/nothing-here").json())
    en = _shape(client.get("/api/nothing-here?lang=en").json())
    assert zh["code"] == en["code"] == "request.not_found"
    assert has_han(zh["message"] + zh["cure"])
    assert not has_han(en["message"] + en["cure"])
    assert 'lang="en"' in client.get("/en/nothing-here/").content.decode()
    assert 'lang="zh-CN"' in client.get("/nothing-here/").content.decode()


def test_an_unknown_language_is_the_source_language(client: Client) -> None:
    assert has_han(client.get("/api/nothing-here?lang=xx").json()["error"]["message"])


def test_a_wrong_host_is_refused_in_shape(client: Client) -> None:
    response = client.get("/api/tables", headers={"host": "evil.example"})
    assert response.status_code == 400
    _shape(response.json())


def test_an_unforeseen_fault_is_worded_and_logged_and_not_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: object) -> None:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("bridgehead.rooms.gateway.selectors.tables.in_use", fails)
    client.raise_request_exception = False
    for path in ("/about/", "/api/about"):
        response = client.get(path)
        assert response.status_code == 500
        assert b"secret" not in response.content
        assert b"server.internal" in response.content
        assert "Content-Security-Policy" in response
    assert "a secret of the inside" in caplog.text


def test_a_database_that_fails_is_told_as_such(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: object) -> None:
        raise OperationalError("database disk image is malformed") from sqlite3.DatabaseError()

    monkeypatch.setattr("bridgehead.rooms.gateway.selectors.tables.in_use", fails)
    assert client.get("/about/").status_code == 503
    response = client.get("/api/about")
    assert response.status_code == 503
    assert _shape(response.json())["code"] == "database.unavailable"


def test_a_region_that_cannot_be_loaded_is_told_on_a_bare_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(region_in_use, "_current", None)
    monkeypatch.setattr(region_in_use.settings, "BRIDGEHEAD_REGION", tmp_path / "nowhere")
    response = client.get("/en/data/")
    assert response.status_code == 500
    reading = Reading(response.content.decode())
    assert reading.faults == []
    api = client.get("/api/tables")
    assert api.status_code == 500
    assert _shape(api.json())["code"] in response.content.decode()


def test_status_follows_whose_fault_it_is() -> None:
    assert errors.status_of("route.unknown_place") == 404
    assert errors.status_of("statute.no_such_statute") == 404
    assert errors.status_of("route.same_place") == 422
    assert errors.status_of("table.unknown_id") == 500
    assert errors.status_of("region.bad_toml") == 500
    assert errors.status_of("database.newer") == 500
    assert errors.status_of("request.too_long") == 422


def test_all_faults_of_an_error_are_on_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> None:
        places = (Place("ports.csv", 14, "lat"), Place("links.csv", 3, "from"))
        raise BridgeheadError.of([Fault("table.missing_file", {"file": place.file}, place) for place in places])

    monkeypatch.setattr("bridgehead.rooms.gateway.selectors.tables.in_use", fails)
    html = client.get("/en/about/").content.decode()
    assert "ports.csv:14:lat" in html
    assert "links.csv:3:from" in html
    assert len(_shape(client.get("/api/about").json())["faults"]) == 2
