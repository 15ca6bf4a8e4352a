"""One shape of errors everywhere, whatever is asked."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django.db.transaction import TransactionManagementError
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.ground import region as region_in_use
from bridgehead.ground.wording import has_han
from bridgehead.kernel.errors import BridgeheadError, Fault, Place
from bridgehead.site import errors
from tests.site.admitted import admit
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


def test_a_wrong_host_is_told_how_to_add_it_and_fills_no_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    for address in ("/api/tables?lang=en", "/en/data/"):
        response = client.get(address, headers={"host": "evil.example"})
        assert response.status_code == 400
        assert b"request.unknown_host" in response.content
        assert b"BRIDGEHEAD_HOSTS" in response.content
        assert b"evil.example" in response.content
    assert caplog.records == []


def test_host_names_may_stand_apart() -> None:
    code = "from bridgehead.site import settings; print(settings.ALLOWED_HOSTS[3:])"
    given = {**os.environ, "BRIDGEHEAD_HOSTS": "a.example, b.example ,,"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=given)
    assert done.stdout.strip() == "['a.example', 'b.example']"


@pytest.mark.parametrize("lang", ["xx", "", "EN", "zh-hans", "\x00"])
def test_an_operation_knows_the_languages_of_the_screen_and_no_other(lang: str, client: Client) -> None:
    response = client.get("/api/tables", {"lang": lang})
    assert response.status_code == 422
    error = _shape(response.json())
    assert error["place"]["field"] == "lang"
    assert error["parameters"]["allowed"] == ["zh", "en", "ru", "mn"]


def test_head_is_answered_by_operations_too(client: Client) -> None:
    for path, status in (("/api/tables", 200), ("/api/tables/nothing", 404), ("/api/nothing", 404), ("/api/docs", 200)):
        response = client.head(path)
        assert response.status_code == status, path
        assert response.content == b""
        assert response["Content-Type"] == client.get(path)["Content-Type"]
    assert client.post("/api/tables").status_code == 405


def test_the_root_of_the_api_leads_to_its_description(client: Client) -> None:
    for path in ("/api", "/api/"):
        assert client.get(path)["Location"] == "/api/docs"


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


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("database disk image is malformed", "database.damaged"),
        ("no such table: ground_regionedition", "database.damaged"),
        ("database or disk is full", "database.full"),
        ("attempt to write a readonly database", "database.read_only"),
        ("unable to open database file", "database.unavailable"),
    ],
)
def test_a_database_that_fails_is_told_as_such(
    said: str, code: str, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: object) -> None:
        raise OperationalError(said) from sqlite3.DatabaseError()

    monkeypatch.setattr("bridgehead.rooms.gateway.selectors.tables.in_use", fails)
    page = client.get("/about/")
    assert page.status_code == 503
    assert said not in page.content.decode()
    response = client.get("/api/about")
    assert response.status_code == 503
    error = _shape(response.json())
    assert error["code"] == code
    assert error["parameters"] == {}
    assert "{" not in error["message"] + error["cure"]
    assert said not in response.content.decode()
    assert "sqlite" not in response.content.decode()
    assert said in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        DatabaseError("Save with update_fields did not affect any rows."),
        TransactionManagementError("An error occurred in the current transaction."),
        IntegrityError("NOT NULL constraint failed: ground_person.name"),
    ],
)
def test_what_is_asked_wrongly_of_a_sound_database_is_a_fault_of_the_program(
    wrong: Exception, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: object) -> None:
        raise wrong

    monkeypatch.setattr("bridgehead.rooms.gateway.selectors.tables.in_use", fails)
    client.raise_request_exception = False
    response = client.get("/api/about")
    assert response.status_code == 500
    assert _shape(response.json())["code"] == "server.internal"
    assert str(wrong) not in response.content.decode()
    assert "Traceback" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "where", ["bridgehead.site.middleware.viewer_of", "django.contrib.sessions.backends.db.SessionStore.load"]
)
def test_a_database_that_is_away_is_told_to_whoever_is_signed_in_too(
    where: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise OperationalError("the connection is closed") from sqlite3.OperationalError()

    admit(client, "signed-in")
    client.raise_request_exception = False
    assert client.get("/account/").status_code == 200
    monkeypatch.setattr(where, fails)
    for path in ("/about/", "/account/", "/api/about"):
        response = client.get(path)
        assert response.status_code == 503, path
        assert b"database.unavailable" in response.content
        assert b"the connection is closed" not in response.content
    monkeypatch.undo()
    assert client.get("/account/").status_code == 200


@pytest.mark.django_db
def test_a_session_that_cannot_be_kept_is_told_as_the_database_that_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **kwargs: object) -> None:
        raise OperationalError("the connection is closed") from sqlite3.OperationalError()

    admit(client, "signed-in")
    client.raise_request_exception = False
    monkeypatch.setattr("django.contrib.sessions.middleware.SessionMiddleware.process_response", fails)
    response = client.get("/about/")
    assert response.status_code == 503
    assert b"database.unavailable" in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/organisations/%00", "/journal/?who=%00&action=%00&record=%00"])
def test_what_no_database_keeps_as_text_is_no_fault_of_the_program(path: str, client: Client) -> None:
    admit(client, "signed-in")
    client.raise_request_exception = False
    assert client.get(path).status_code < 500


def test_browsers_are_told_to_come_back_encrypted_where_the_platform_is(client: Client, settings: Any) -> None:
    assert "Strict-Transport-Security" not in client.get("/about/", secure=True)
    settings.SECURE_HSTS_SECONDS = 60
    assert client.get("/about/", secure=True)["Strict-Transport-Security"] == "max-age=60"
    assert "Strict-Transport-Security" not in client.get("/about/")


def test_a_database_that_is_held_is_told_as_such_and_not_where_it_lies(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*args: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("bridgehead.rooms.gateway.selectors.tables.in_use", fails)
    response = client.get("/api/about")
    assert response.status_code == 503
    assert _shape(response.json())["code"] == "database.locked"

    def newer(*args: object) -> None:
        raise BridgeheadError("database.newer", {"file": "/srv/secret/bridgehead.sqlite3", "migrations": ["ground.9"]})

    monkeypatch.setattr("bridgehead.rooms.gateway.selectors.tables.in_use", newer)
    for path in ("/about/", "/api/about"):
        response = client.get(path)
        assert response.status_code == 500
        assert b"database.newer" in response.content
        assert b"secret" not in response.content
    assert "/srv/secret/bridgehead.sqlite3" in caplog.text


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
    assert errors.status_of("gateway.unknown_port") == 404
    assert errors.status_of("statute.unknown_article") == 404
    assert errors.status_of("database.locked") == 503
    assert errors.status_of("database.unavailable") == 503
    assert [errors.status_of(f"file.{reason}") for reason in ("disk_full", "folder_read_only", "not_kept")] == [503] * 3
    for code in (
        *("parameter.missing", "parameter.unknown_quantity", "parameter.no_exchange_rate", "schema.unreadable"),
        *("published.unknown_metric", "region.unknown_id", "network.unknown_link", "flows.unreadable"),
        *("statute.no_such_article", "server.port_in_use"),
    ):
        assert errors.status_of(code) == 500, code


def test_all_faults_of_an_error_are_on_the_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*args: object) -> None:
        places = (Place("ports.csv", 14, "lat"), Place("links.csv", 3, "from"))
        raise BridgeheadError.of([Fault("table.missing_file", {"file": place.file}, place) for place in places])

    monkeypatch.setattr("bridgehead.rooms.gateway.selectors.tables.in_use", fails)
    html = client.get("/en/about/").content.decode()
    assert "ports.csv:14:lat" in html
    assert "links.csv:3:from" in html
    assert len(_shape(client.get("/api/about").json())["faults"]) == 2
