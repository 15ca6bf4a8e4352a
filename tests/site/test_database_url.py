"""The URL of the database: what it says is what PostgreSQL's own library reads, and what is wrong is told at once."""

from __future__ import annotations

import builtins
import string
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bridgehead.kernel.errors import BridgeheadError, sentence
from bridgehead.site.database_url import LONGEST_LOCK_MS, LONGEST_STATEMENT_MS, OPTIONS, SSL_MODES, database, parsed
from tests.cli.running import bridgehead

FOLDER = Path("data")
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
hosts = st.one_of(
    st.sampled_from(["db.example.org", "192.0.2.7", "::1", "localhost"]), words.map(lambda folder: f"/run/{folder}")
)
ports = st.integers(1, 65535).map(str)
further = st.fixed_dictionaries(
    {},
    optional={
        "sslmode": st.sampled_from(SSL_MODES),
        "sslrootcert": words,
        "passfile": words,
        "connect_timeout": st.integers(1, 3600).map(str),
        "target_session_attrs": st.just("read-write"),
    },
)


def _written(name: str, user: str, password: str, host: str, port: str, options: dict[str, str]) -> str:
    who = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    if host.startswith("/"):
        options = {"host": host, **({"port": port} if port else {}), **options}
        place = ""
    else:
        place = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    query = "&".join(f"{key}={quote(value, safe='/')}" for key, value in options.items())
    return f"postgresql://{who}{'@' if who else ''}{place}/{quote(name, safe='')}{'?' if query else ''}{query}"


@given(words, words, st.one_of(st.just(""), words), hosts, st.one_of(st.just(""), ports), further)
def test_it_says_what_the_library_of_postgresql_reads(
    name: str, user: str, password: str, host: str, port: str, options: dict[str, str]
) -> None:
    conninfo = pytest.importorskip("psycopg.conninfo")
    assume("/" not in name)
    url = _written(name, user, password, host, port, options)
    found = parsed(url)
    told = {"dbname": found.name, "user": found.user, "password": found.password, "host": found.host}
    told |= {"port": found.port, **found.options}
    assert {key: value for key, value in told.items() if value} == conninfo.conninfo_to_dict(url)


@given(st.text(max_size=60), st.text(max_size=60))
@example("postgresql", "//[::1/x")
@example("postgresql", "//u@h:٣/x")
@example("postgresql", "//u@h/x%ff")
@example("postgresql", "//u@h/x%00")
def test_anything_is_read_or_refused_by_one_code(scheme: str, rest: str) -> None:
    codes = set()
    try:
        assert parsed(f"{scheme}:{rest}").name
    except BridgeheadError as error:
        codes = {fault.code for fault in error.faults}
    assert codes <= {"database.bad_url"}


WRONG = {
    "scheme": ("mysql", "postgresql"),
    "host": ("%zz", "db"),
    "port": ("99999", "5432"),
    "name": ("", "freight"),
    "sslmode": ("sslmode=maybe", "sslmode=require"),
    "option": ("shoe_size=44", "passfile=x"),
    "connect_timeout": ("connect_timeout=soon", "connect_timeout=3"),
}


@given(st.sets(st.sampled_from(sorted(WRONG))))
def test_all_that_is_wrong_is_told_at_once(wrong: set[str]) -> None:
    put = {part: words[part not in wrong] for part, words in WRONG.items()}
    url = (
        f"{put['scheme']}://clerk:secret@{put['host']}:{put['port']}/{put['name']}"
        f"?{put['sslmode']}&{put['option']}&{put['connect_timeout']}"
    )
    if not wrong:
        assert parsed(url).name == "freight"
        return
    with pytest.raises(BridgeheadError) as caught:
        parsed(url)
    assert {fault.parameters["part"] for fault in caught.value.faults} == wrong
    for fault in caught.value.faults:
        assert "{" not in sentence(fault, "zh").message + sentence(fault, "zh").cure


@pytest.mark.parametrize(
    ("url", "part"),
    [
        ("freight://db/x", "scheme"),
        ("sqlite:///x.sqlite3", "scheme"),
        ("postgresql://db", "name"),
        ("postgresql://db/a/b", "name"),
        ("postgresql://db/a#b", "name"),
        ("postgresql://db:x/a", "port"),
        ("postgresql://db:0/a", "port"),
        ("postgresql://::1/a", "port"),
        ("postgresql://[::1/a", "host"),
        ("postgresql://[::1]x/a", "port"),
        ("postgresql://db/a?host=/run", "host"),
        ("postgresql://db:1/a?port=2", "port"),
        ("postgresql://u%e4@db/a", "user"),
        ("postgresql://u:%@db/a", "password"),
        ("postgresql://db/a?sslmode=", "sslmode"),
        ("postgresql://db/a?sslmode=require&sslmode=allow", "sslmode"),
        ("postgresql://db/a?options=-c%20x", "option"),
    ],
)
def test_what_is_wrong_is_named(url: str, part: str) -> None:
    with pytest.raises(BridgeheadError) as caught:
        parsed(url)
    assert {fault.parameters["part"] for fault in caught.value.faults} == {part}
    assert {fault.place.field for fault in caught.value.faults} == {"BRIDGEHEAD_DATABASE_URL"}


@given(st.text(string.ascii_letters + "/?#@%:", min_size=4, max_size=30))
def test_no_refusal_gives_the_password_away(password: str) -> None:
    told = ""
    try:
        parsed(f"postgresql://clerk:qX7{password}Zk9@db.example.org/freight")
    except BridgeheadError as error:
        told = " ".join(f"{sentence(fault, 'en')} {fault.parameters}" for fault in error.faults)
    assert "hidden" not in repr(parsed("postgresql://clerk:hidden@db/freight"))
    assert "qX7" not in told
    assert "Zk9" not in told


def test_the_connection_is_set_for_its_work() -> None:
    pytest.importorskip("psycopg")
    put = database("postgresql://clerk@/freight?host=/run/pg&connect_timeout=9&sslmode=disable", FOLDER)
    assert (put["NAME"], put["USER"], put["PASSWORD"], put["HOST"], put["PORT"]) == (
        "freight",
        "clerk",
        "",
        "/run/pg",
        "",
    )
    assert put["CONN_HEALTH_CHECKS"]
    assert put["OPTIONS"]["connect_timeout"] == 9
    assert put["OPTIONS"]["sslmode"] == "disable"
    assert f"statement_timeout={LONGEST_STATEMENT_MS}" in put["OPTIONS"]["options"]
    assert f"lock_timeout={LONGEST_LOCK_MS}" in put["OPTIONS"]["options"]
    assert "options" not in OPTIONS, "the limits are ours"


@pytest.mark.parametrize("url", ["", " ", "\n"])
def test_no_url_is_sqlite_in_the_data_folder(url: str) -> None:
    for synchronous in ("full", "normal"):
        put = database(url, FOLDER, synchronous)
        assert put["NAME"] == FOLDER / "bridgehead.sqlite3"
        assert f"synchronous={synchronous.upper()};" in put["OPTIONS"]["init_command"]
    with pytest.raises(BridgeheadError) as caught:
        database(url, FOLDER, "off")
    assert caught.value.code == "database.bad_synchronous"


def test_a_driver_that_is_not_installed_is_told_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **more: Any) -> Any:
        if name == "psycopg":
            raise ImportError("no pq wrapper available")
        return real(name, *args, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(BridgeheadError) as caught:
        database("postgresql://db/a", FOLDER)
    assert caught.value.code == "database.no_driver"
    assert "bridgehead[postgres]" in sentence(caught.value.faults[0], "zh").cure


def test_the_command_line_tells_all_of_it_and_no_password(tmp_path: Path) -> None:
    for command in (("run", "--port", "8123", "--data", str(tmp_path)), ("get", "/about/")):
        said = bridgehead(*command, BRIDGEHEAD_DATABASE_URL="mysql://clerk:hidden@db:x/?a=b")
        assert said.code == 2
        assert "4 faults" in said.err
        assert "hidden" not in said.err + said.out
        assert "Traceback" not in said.err
