"""Pages without a server: addresses as they are copied, the language, and what looking leaves behind."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from bridgehead.cli.get import ask, in_language, parted
from bridgehead.site.wsgi import application
from tests.cli.running import Said, bridgehead


def _get(address: str, folder: Path, *more: str) -> Said:
    return bridgehead("get", address, *more, folder=folder)


@pytest.mark.slow
def test_looking_leaves_nothing_behind_even_where_flows_are_computed(tmp_path: Path) -> None:
    said = _get("/", tmp_path)
    assert said.code == 0, said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("address", "host", "path"),
    [
        ("/ports/", "localhost", "/ports/"),
        ("ports/", "localhost", "/ports/"),
        ("/ports/?q=1#top", "localhost", "/ports/?q=1"),
        ("http://127.0.0.1:8000/ports/?q=1#top", "127.0.0.1:8000", "/ports/?q=1"),
        ("HTTPS://localhost", "localhost", "/"),
        ("http://localhost?q=1", "localhost", "/?q=1"),
        ("http://[::1]:8000/en/", "[::1]:8000", "/en/"),
        ("//evil.example/ports/", "localhost", "//evil.example/ports/"),
        ("", "localhost", "/"),
        ("#", "localhost", "/"),
    ],
)
def test_an_address_is_taken_as_it_is_copied(address: str, host: str, path: str) -> None:
    assert parted(address) == (host, path)


@pytest.mark.parametrize(
    ("address", "english"),
    [
        ("/", "/en/"),
        ("/ports/?q=1", "/en/ports/?q=1"),
        ("/data", "/en/data"),
        ("/nothing/", "/en/nothing/"),
        ("/en/ports/", "/en/ports/"),
        ("/api/tables", "/api/tables?lang=en"),
        ("/api/tables/ports?q=1", "/api/tables/ports?q=1&lang=en"),
        ("/api/tables?lang=zh", "/api/tables?lang=zh"),
        ("/api/tables?lang=", "/api/tables?lang="),
        ("/data/ports.csv", "/data/ports.csv"),
        ("/static/bridgehead/bridgehead.css", "/static/bridgehead/bridgehead.css"),
    ],
)
def test_an_address_in_english(address: str, english: str) -> None:
    assert in_language(address, "en") == english
    assert in_language(address, "zh") == address


def test_an_address_from_a_browser_is_answered(tmp_path: Path) -> None:
    said = _get("http://127.0.0.1:8000/about/#top", tmp_path, "--lang", "en")
    assert said.code == 0
    assert '<html lang="en">' in said.out


def test_another_machine_is_not_asked_and_not_played(tmp_path: Path) -> None:
    said = _get("http://example.com/ports/", tmp_path, "--lang", "en")
    assert said.code == 2
    assert "request.unknown_host" in said.out
    assert "Traceback" not in said.err


@pytest.mark.slow
@pytest.mark.django_db
def test_no_address_gives_a_traceback(tmp_path: Path) -> None:
    said = _get("//[bad/", tmp_path)
    assert said.code == 2
    assert "request.not_found" in said.out
    assert "Traceback" not in said.err
    for address in ("http://[bad/", "?", "//evil.example/ports/", "/%", "/%ff?%ff"):
        host, path = parted(address)
        assert ask(application, path, host)[0] in (200, 301, 400, 404), address


@pytest.mark.slow
def test_a_file_is_the_same_in_every_language(tmp_path: Path) -> None:
    chinese = _get("/data/ports.csv", tmp_path, "--lang", "zh")
    english = _get("/data/ports.csv", tmp_path, "--lang", "en")
    assert english.code == 0
    assert english.out == chinese.out


def test_the_root_of_the_api_leads_to_its_description(tmp_path: Path) -> None:
    said = _get("/api", tmp_path)
    assert said.code == 0
    assert "swagger" in said.out


@pytest.mark.slow
def test_a_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "bridgehead.sqlite3"
    file.parent.mkdir()
    with sqlite3.connect(file) as db:
        db.execute("CREATE TABLE django_migrations (id INTEGER PRIMARY KEY, app TEXT, name TEXT, applied TEXT)")
        db.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('ground', '0099_later', '2031-01-01')")
    db.close()
    before = file.read_bytes()
    for address in ("/ports/", "/api/about"):
        said = bridgehead("get", address, folder=tmp_path, BRIDGEHEAD_DATABASE_URL="")
        assert said.code == 2
        assert "database.newer" in said.err
        assert said.out == ""
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert file.read_bytes() == before
