"""A running server and a real browser, for the tests marked ``e2e``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.running import free_port, server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@dataclass
class Visit:
    """One visit of a browser: the page, and everything it asked for or complained about."""

    page: Any
    base: str
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    received_b: list[int] = field(default_factory=list)

    def go(self, address: str, until: str = "load") -> Any:
        """Open an address of the site; it has to be there."""
        answer = self.page.goto(self.base + address, wait_until=until)
        assert answer.status == 200, f"{address}: {answer.status}"
        return answer

    @property
    def outside(self) -> list[str]:
        """What was asked of another machine than this one."""
        inside = urlsplit(self.base).netloc
        kept = [one for one in self.asked if not one.startswith(("data:", "blob:", "about:"))]
        return [one for one in kept if urlsplit(one).netloc != inside]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a running server."""
    port = free_port()
    with server("--port", str(port), "--data", str(tmp_path_factory.mktemp("e2e"))):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def visit(browser: Any, site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Give a fresh visit; ``@pytest.mark.parametrize("visit", [{...}], indirect=True)`` sets width or colours."""
    wanted = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light", **getattr(request, "param", {})}
    context = browser.new_context(**wanted)
    page = context.new_page()
    made = Visit(page, site)
    page.on("request", lambda one: made.asked.append(one.url))
    page.on("console", lambda one: made.complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: made.complaints.append(str(one)))
    page.on("response", lambda one: made.complaints.append(f"{one.status} {one.url}") if one.status >= 400 else None)
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.on("Network.loadingFinished", lambda one: made.received_b.append(int(one["encodedDataLength"])))
    yield made
    context.close()
