"""Headers, static files, the description of the API, and what it says about its errors."""

from __future__ import annotations

import gzip
import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from bridgehead.site import assets
from bridgehead.site.api import api
from tests.site.reading import Reading

pytestmark = pytest.mark.django_db

ADDRESSES = ["/data/", "/en/data/", "/api/tables", "/api/docs", "/nothing/", "/data/ports.csv", "/static/nothing"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_forbids_other_machines_and_inline_script(address: str, client: Client) -> None:
    response = client.get(address)
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    for directive in ("script-src", "style-src", "connect-src", "form-action"):
        assert policy[directive] == "'self'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert not response.cookies


def test_pages_are_compressed_and_answered_with_unchanged(client: Client) -> None:
    plain = client.get("/data/")
    packed = client.get("/data/", headers={"accept-encoding": "gzip"})
    assert packed["Content-Encoding"] == "gzip"
    assert len(packed.content) < len(plain.content) / 2
    assert gzip.decompress(packed.content) == plain.content
    again = client.get("/data/", headers={"if-none-match": plain["ETag"]})
    assert again.status_code == 304


def test_a_static_file_is_named_by_its_content_and_kept_for_good(client: Client) -> None:
    address = staticfiles_storage.url("bridgehead/bridgehead.css")
    assert re.fullmatch(r"/static/bridgehead/bridgehead\.css\?v=[0-9a-f]{16}", address)
    named = client.get(address, headers={"accept-encoding": "gzip"})
    assert "immutable" in named["Cache-Control"]
    assert named["Content-Encoding"] == "gzip"
    assert named["Content-Type"].startswith("text/css")
    plain = client.get(address.partition("?")[0])
    assert plain["Cache-Control"] == "no-cache"
    assert gzip.decompress(named.content) == plain.content
    again = client.get(address, headers={"if-none-match": named["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    stale = client.get(address.partition("?")[0] + "?v=0000000000000000")
    assert "immutable" not in stale["Cache-Control"]


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../settings.py", "/etc/passwd", "bridgehead", "bridgehead/", "a\x00b", "x" * 5000]
)
def test_only_files_of_the_apps_are_static(name: str) -> None:
    assert assets.asset(name) is None


def test_everything_a_page_fetches_is_here(client: Client) -> None:
    for address in ("/data/", "/data/ports/", "/api/docs"):
        for fetched in Reading(client.get(address).content.decode()).fetched:
            assert client.get(fetched).status_code == 200, fetched


def test_search_in_a_table_exchanges_the_rows_only(client: Client) -> None:
    whole = client.get("/data/ports/?q=rail")
    part = client.get("/data/ports/?q=rail", headers={"hx-request": "true"})
    assert b"<html" in whole.content
    assert b"<html" not in part.content
    assert part.content.strip().startswith(b'<div id="rows">')
    assert part.content.strip() in whole.content
    assert "HX-Request" in part["Vary"]


def test_the_description_of_the_api_names_language_and_errors() -> None:
    schema = api.get_openapi_schema()
    assert schema["openapi"].startswith("3.")
    assert schema["paths"]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            assert method == "get", f"{path}: nothing here changes anything"
            assert operation["description"], path
            assert operation["summary"], path
            assert [p["name"] for p in operation["parameters"]].count("lang") == 1, path
            for status in ("404", "422", "500"):
                content = operation["responses"][status]["content"]["application/json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Error"}, path
    names = [op["operationId"] for operations in schema["paths"].values() for op in operations.values()]
    assert len(set(names)) == len(names)


def test_the_page_of_the_api_fetches_nothing_from_elsewhere(client: Client) -> None:
    html = client.get("/api/docs").content.decode()
    assert Reading(html).fetched
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", html)


def test_numbers_in_json_are_finite_and_chinese_is_readable(client: Client) -> None:
    body = client.get("/api/tables").content.decode()
    assert "\\u" not in body
    assert "NaN" not in body
