"""The link of the first administrator, and the key that signs sessions, as the command line makes them."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.cli.running import bridgehead, environment, fetch, free_port, server

FORM = {
    "login": "odval",
    "name": "Odval",
    "email": "",
    "new": "four unrelated plain words",
    "again": "four unrelated plain words",
}


class Visitor:
    """Somebody with a browser that keeps cookies and sends forms."""

    def __init__(self) -> None:
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def send(self, address: str, fields: dict[str, str], form: str, **headers: str) -> tuple[int, str]:
        """Open the page of a form, fill it in and send it; gives status and address at the end."""
        try:
            html = self.opener.open(form).read().decode()
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
            body = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": token[1] if token else ""}).encode()
            answer = self.opener.open(urllib.request.Request(address, body, headers))
            return answer.status, answer.url
        except urllib.error.HTTPError as refused:
            return refused.code, refused.url


@pytest.mark.slow
def test_every_start_without_an_administrator_prints_a_link_and_the_last_one_is_good(tmp_path: Path) -> None:
    port, data = free_port(), tmp_path / "data"
    base = f"http://127.0.0.1:{port}"
    with server("--port", str(port), "--data", str(data)) as (process, _):
        assert process.stdout is not None
        first = process.stdout.readline().rpartition(" ")[2].strip()
        said = bridgehead("admin-link", "--data", str(data), "--address", f"{base}/")
        assert said.code == 0, said.err
        second = said.out.strip()
        assert second.startswith(f"{base}/en/first-administrator/?link=")
        assert second != first
        kept = (data / "first-administrator.json").read_text()
        assert set(json.loads(kept)) == {"sha256", "until"}
        assert second.partition("link=")[2] not in kept
        assert stat.S_IMODE((data / "first-administrator.json").stat().st_mode) == 0o600
        assert fetch(first)[0] == 422
        assert fetch(second)[0] == 200
        action = f"{base}/en/first-administrator/"
        mistyped = {**FORM, "link": second.partition("link=")[2], "again": "differs"}
        assert Visitor().send(action, mistyped, second)[0] == 422
        sent = Visitor().send(action, {**mistyped, "again": FORM["new"]}, second)
        assert sent == (200, f"{base}/en/account/")
        assert fetch(second)[0] == 422
        assert not (data / "first-administrator.json").exists()
        refused = bridgehead("admin-link", "--data", str(data))
        assert refused.code == 2
        assert "person.administrator_there" in refused.err
        visitor = Visitor()
        known = {"login": "odval", "password": FORM["new"]}
        assert visitor.send(f"{base}/en/sign-in/", known, f"{base}/en/sign-in/")[0] == 200
        assert visitor.opener.open(f"{base}/en/account/").status == 200
    with server("--port", str(port), "--data", str(data)) as (process, _):
        assert visitor.opener.open(f"{base}/en/account/").status == 200, "sessions outlive a restart: the key is kept"
        process.terminate()
        out, _ = process.communicate(timeout=20)
        assert "first-administrator" not in out


@pytest.mark.slow
def test_two_claims_at_once_make_one_administrator(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    port, data = free_port(), tmp_path / "data"
    base = f"http://127.0.0.1:{port}"
    with server("--port", str(port), "--data", str(data)) as (process, _):
        assert process.stdout is not None
        link = process.stdout.readline().rpartition(" ")[2].strip()
        secret = link.partition("link=")[2]

        def claim(number: int) -> tuple[int, str]:
            fields = {**FORM, "login": f"odval-{number}", "link": secret}
            return Visitor().send(f"{base}/en/first-administrator/", fields, link)

        with ThreadPoolExecutor(4) as together:
            ends = sorted(status for status, _ in together.map(claim, range(4)))
        assert ends == [200, 422, 422, 422]


def test_the_key_is_made_once_and_nobody_else_reads_it(tmp_path: Path) -> None:
    script = "import sys, pathlib; from bridgehead.cli import run; run.make_secret_key(pathlib.Path(sys.argv[1]))"
    command = [sys.executable, "-c", script, str(tmp_path)]
    subprocess.run(command, check=True, env=environment())
    file = tmp_path / "secret.key"
    key = file.read_text()
    assert len(key.strip()) >= 64
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    subprocess.run(command, check=True, env=environment())
    assert file.read_text() == key
    assert [one.name for one in tmp_path.iterdir()] == ["secret.key"]
    other = tmp_path / "other"
    other.mkdir()
    subprocess.run([*command[:-1], str(other)], check=True, env=environment(BRIDGEHEAD_SECRET_KEY="x" * 50))
    assert os.listdir(other) == [], "the operator's own key is not written down"


@pytest.mark.slow
def test_settings_that_make_no_sense_are_told_before_anybody_comes(tmp_path: Path) -> None:
    for name, value, code in (
        ("BRIDGEHEAD_SECOND_FACTOR", "emperor", "server.unknown_role"),
        ("BRIDGEHEAD_TRUSTED_PROXY", "proxy", "server.bad_proxy"),
        ("BRIDGEHEAD_MAIL_URL", "smtp://user:secret@", "mail.bad_server"),
        ("BRIDGEHEAD_LIMITS_URL", "nonsense://", "server.bad_limits"),
        ("BRIDGEHEAD_OIDC_ISSUER", "https://id.example", "server.provider_incomplete"),
    ):
        said = bridgehead("run", "--port", str(free_port()), "--data", str(tmp_path / "data"), **{name: value})
        assert said.code == 2, said
        assert code in said.err
        assert "secret@" not in said.err


@pytest.mark.slow
def test_behind_a_proxy_that_speaks_tls_forms_are_taken_and_cookies_are_for_tls_only(tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    more = {"BRIDGEHEAD_HTTPS": "on", "BRIDGEHEAD_TRUSTED_PROXY": "127.0.0.1", "BRIDGEHEAD_HOSTS": "b.example"}
    through = {"Host": "b.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.4"}
    with server("--port", str(port), "--data", str(tmp_path / "data"), **more):
        first = urllib.request.urlopen(urllib.request.Request(f"{base}/en/sign-in/", headers=through))
        cookie = first.headers["Set-Cookie"]
        assert cookie.startswith("__Host-csrf=")
        assert "Secure" in cookie
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', first.read().decode())
        assert token is not None
        fields = {"csrfmiddlewaretoken": token[1], "login": "nobody", "password": "x"}
        sent = {**through, "Cookie": cookie.partition(";")[0], "Origin": "https://b.example"}
        status = 0
        try:
            urllib.request.urlopen(
                urllib.request.Request(f"{base}/en/sign-in/", urllib.parse.urlencode(fields).encode(), sent)
            )
        except urllib.error.HTTPError as refused:
            status = refused.code
        assert status == 422, "the form was taken, and nobody is called so"
