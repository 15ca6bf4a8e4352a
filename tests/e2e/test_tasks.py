"""Background work in a real browser: the page follows a task by itself, and a button cancels it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bridgehead.ground.tasks.lease import new_lease
from tests.cli.running import environment, free_port, server

pytestmark = pytest.mark.e2e

PASSWORD = "correct horse battery staple"
SETTING_UP = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from bridgehead.ground import database
database.bring_up_to_date()
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import system
from bridgehead.ground.actions import action
from bridgehead.ground.people.accounts import claim_administration
admin = claim_administration(by=system("test"), login="admin", name="管理员", password={PASSWORD!r})

@action("test.enqueue")
def enqueue(deed):
    deed.enqueue("other.work")

enqueue(by=viewer_of(admin))
"""


@dataclass(frozen=True)
class Place:
    """A running server with one administrator who asked for one task."""

    base: str
    folder: Path

    def write(self, **fields: object) -> None:
        """Write into the row of the task, as a runner elsewhere would."""
        with closing(sqlite3.connect(self.folder / "bridgehead.sqlite3", timeout=20)) as db, db:
            names = ", ".join(f"{name} = ?" for name in fields)
            db.execute(f"UPDATE ground_task SET {names} WHERE kind = 'other.work'", tuple(fields.values()))

    def read(self, name: str) -> object:
        """Read a field of the task."""
        with closing(sqlite3.connect(self.folder / "bridgehead.sqlite3", timeout=20)) as db:
            return db.execute(f"SELECT {name} FROM ground_task WHERE kind = 'other.work'").fetchone()[0]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("tasks")
    told = {**environment(), "BRIDGEHEAD_DATA": str(folder)}
    subprocess.run([sys.executable, "-c", SETTING_UP], check=True, env=told)
    port = free_port()
    with server("--port", str(port), "--data", str(folder)):
        yield Place(f"http://127.0.0.1:{port}", folder)


def test_the_page_follows_a_task_and_cancels_it_at_phone_width(browser: Any, place: Place) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page, complaints = context.new_page(), []
    page.on("console", lambda one: complaints.append(one.text) if one.type in ("error", "warning") else None)
    page.on("pageerror", lambda one: complaints.append(str(one)))
    page.goto(f"{place.base}/sign-in/")
    page.fill("#login", "admin")
    page.fill("#password", PASSWORD)
    page.click("main button.btn")
    page.goto(f"{place.base}/tasks/")
    assert page.inner_text("h1") == "1 项在等"

    now = "2026-01-01 00:00:00"
    place.write(state="running", lease=new_lease(), lease_until="2099-01-01 00:00:00", started_at=now, done=1, total=4)
    page.wait_for_selector("progress[value='1'][max='4']", timeout=15_000)
    assert page.inner_text("h1") == "正在做 1 项，还有 0 项在等"
    place.write(done=3)
    page.wait_for_selector("progress[value='3']", timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth") == 390

    page.get_by_role("button", name="取消").click()
    page.wait_for_load_state()
    assert place.read("cancel_wanted") == 1
    assert "正在取消" in page.inner_text("#tasks")
    place.write(state="cancelled", lease="", lease_until=None, finished_at="2026-01-01 00:00:00")
    page.wait_for_selector("#tasks:not([hx-trigger])", timeout=15_000)
    assert page.get_by_role("button", name="重试").count() == 1
    assert not complaints
    context.close()
