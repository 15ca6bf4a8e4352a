"""A running server and a real browser, for the tests marked ``e2e``."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bridgehead.ground.pages import Page
from tests.cli.running import environment, free_port, server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@dataclass(frozen=True)
class House:
    """A running server: its address, a session for each audience, and the examples of its pages in each language."""

    base: str
    cookies: Mapping[str, str]
    addresses: Mapping[str, Mapping[str, list[str]]]


@dataclass
class Visit:
    """One visit of a browser: the page, and everything it asked for or complained about."""

    page: Any
    base: str
    house: House
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    received_b: list[int] = field(default_factory=list)

    def go(self, address: str, until: str = "load") -> Any:
        """Open an address of the site; it has to be there."""
        answer = self.page.goto(self.base + address, wait_until=until)
        assert answer.status == 200, f"{address}: {answer.status}"
        return answer

    def enter(self, page: Page, language: str = "zh") -> str:
        """Be somebody admitted to a page; returns the address of its first example."""
        self.be(page.audience)
        return self.house.addresses[page.name][language][0]

    def be(self, audience: str) -> None:
        """Be somebody of an audience; nobody in particular for what is public."""
        context = self.page.context
        context.clear_cookies()
        if audience in self.house.cookies:
            value = self.house.cookies[audience]
            context.add_cookies([{"name": "session", "value": value, "url": self.base, "httpOnly": True}])

    @property
    def outside(self) -> list[str]:
        """What was asked of another machine than this one."""
        inside = urlsplit(self.base).netloc
        kept = [one for one in self.asked if not one.startswith(("data:", "blob:", "about:"))]
        return [one for one in kept if urlsplit(one).netloc != inside]


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Give a running server and people of every audience in it."""
    port, folder = free_port(), tmp_path_factory.mktemp("e2e")
    with server("--port", str(port), "--data", str(folder)):
        told = json.loads(told_by_people(folder))
        yield House(f"http://127.0.0.1:{port}", told["cookies"], told["addresses"])


def told_by_people(folder: Path) -> str:
    """Return what `tests.e2e.people` says of a data folder."""
    command = [sys.executable, "-m", "tests.e2e.people"]
    given = environment(BRIDGEHEAD_DATA=str(folder))
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=given, cwd=root)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def site(house: House) -> str:
    """Give the address of a running server."""
    return house.base


@pytest.fixture
def visit(browser: Any, house: House, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Give a fresh visit; ``@pytest.mark.parametrize("visit", [{...}], indirect=True)`` sets width or colours."""
    wanted = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", **getattr(request, "param", {})}
    context = browser.new_context(**wanted)
    page = context.new_page()
    made = Visit(page, house.base, house)
    page.on("request", lambda one: made.asked.append(one.url))
    page.on("console", lambda one: made.complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: made.complaints.append(str(one)))
    page.on("response", lambda one: made.complaints.append(f"{one.status} {one.url}") if one.status >= 400 else None)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda one: made.received_b.append(int(one["encodedDataLength"])))
    yield made
    context.close()
