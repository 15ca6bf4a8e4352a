"""One journey in a real browser: link of the first administrator, out, in again, second factor, in with a code."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django_otp.oath import TOTP

from tests.cli.running import free_port, server

pytestmark = pytest.mark.e2e

PASSWORD = "four unrelated plain words"
NEW = "five more unrelated plain words"


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Give the address of a platform that was never started before, and the link it printed."""
    port = free_port()
    with server("--port", str(port), "--data", str(tmp_path / "data")) as (process, _):
        assert process.stdout is not None
        link = process.stdout.readline().rpartition(" ")[2].strip()
        assert link.startswith(f"http://127.0.0.1:{port}/en/first-administrator/?link=")
        yield f"http://127.0.0.1:{port}", link


def code_of(key: str, later_s: int = 0) -> str:
    """Return the code an authenticator app shows."""
    plain = key.replace(" ", "")
    counter = TOTP(base64.b32decode(plain + "=" * (-len(plain) % 8)))
    counter.time = time.time() + later_s
    return f"{counter.token():06d}"


def fill(page: Any, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"main [name={name}]", value)
    page.click("main form button.btn:not(.plain)")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_first_administrator_comes_in_by_the_link_and_with_a_second_factor(
    script: bool, fresh: tuple[str, str], browser: Any
) -> None:
    base, link = fresh
    context = browser.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=script)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.goto(link)
    fill(page, login="odval", name="Odval", email="odval@example.org", new=PASSWORD, again=PASSWORD)
    page.wait_for_url(f"{base}/en/account/")
    assert "Odval" in page.inner_text(".tools")
    assert "administrator" in page.inner_text("main")

    page.click("main form[action$='sign-out/'] button")
    page.wait_for_url(f"{base}/en/sign-out/")
    assert page.inner_text("h1") == "You are signed out"
    page.go_back()
    assert "odval@example.org" not in page.content(), "the page of the account is kept nowhere"

    assert page.goto(link).status == 422, "the link is good once"
    complaints.clear()  # the browser says 422 in the console, which is meant

    page.goto(f"{base}/en/sign-in/?next=/en/data/")
    fill(page, login="odval", password=PASSWORD)
    page.wait_for_url(f"{base}/en/data/")

    page.goto(f"{base}/en/account/second-factor/")
    page.click("main button.btn")
    page.wait_for_selector(".qr svg")
    assert page.locator(".qr svg").bounding_box()["width"] <= 358
    key = page.inner_text("main p code")
    fill(page, code=code_of(key))
    page.wait_for_selector("main ul code")
    codes = page.locator("main ul code").all_inner_texts()
    assert len(codes) == 10
    assert all(re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){2}", code) for code in codes)

    page.goto(f"{base}/en/sign-out/")
    page.click("main button.btn")
    page.goto(f"{base}/en/sign-in/")
    fill(page, login="odval", password=PASSWORD)
    page.wait_for_selector("main [name=code]")
    fill(page, code=code_of(key, 30))  # the code of the present half minute is used up
    page.wait_for_url(f"{base}/en/account/")

    page.goto(f"{base}/en/account/password/")
    fill(page, old=PASSWORD, new=NEW, again=NEW)
    page.wait_for_url("**/account/password/?changed=1")
    assert complaints == []
    context.close()


def test_what_was_typed_is_there_again_after_the_session_ended(fresh: tuple[str, str], browser: Any) -> None:
    base, link = fresh
    context = browser.new_context()
    page = context.new_page()
    page.goto(link)
    fill(page, login="odval", name="Odval", email="", new=PASSWORD, again=PASSWORD)
    page.wait_for_url(f"{base}/en/account/")
    page.fill("main [name=name]", "Odval, who typed for a long time")
    context.clear_cookies(name="session")
    page.click("main form[action$='account/'] button")
    page.wait_for_selector("main [name=password]")
    assert page.inner_text("h1") == "Sign in first"
    fill(page, login="odval", password=PASSWORD)
    page.wait_for_selector(".kept")
    assert page.input_value("main [name=name]") == "Odval, who typed for a long time"
    assert "Odval, who" not in page.inner_text(".tools"), "nothing was sent by itself"
    context.clear_cookies(name="csrf")
    page.fill("main [name=name]", "Odval again")
    page.click("main form[action$='account/'] button")
    page.wait_for_selector(".kept")
    assert page.input_value("main [name=name]") == "Odval again"
    page.click("main form[action$='account/'] button")
    page.wait_for_url("**/account/?saved=1")
    assert "Odval again" in page.inner_text(".tools")
    context.close()
