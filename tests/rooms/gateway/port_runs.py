"""Runs of port models as an officer has them: saved, asked for on their pages, done as the runner does them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.test import Client

from bridgehead.ground import region
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.models import Person
from bridgehead.ground.tasks.runner import Runner
from bridgehead.rooms.gateway.actions import save_port_run
from bridgehead.rooms.gateway.models import PortRun
from bridgehead.rooms.gateway.selectors import port_models
from tests.ground.world import World
from tests.rooms.gateway.reading import Page, read
from tests.site.forms import Forms

SHORT = {"replications": 3, "seed": 1, "horizon_d": 28.0, "warmup_d": 7.0}
"""A run that is computed in no time."""


def saved_run(
    there: World, officer: Person, port: str, run: Mapping[str, float] = SHORT, title: str = "四周", **described: Any
) -> PortRun:
    """Save a run of a port's model as it stands, or described otherwise in parts."""
    return save_port_run(
        by=viewer_of(officer),
        organisation=there.office.pk,
        port=port,
        title=title,
        changed={},
        description={**port_models.known(region.current(), port).description, **described},
        run=run,
    )


def saved_variant(client: Client, port: str, title: str, *, seed: int = 1, **changed: str) -> str:
    """Save a short run of a port's model with other figures by its form, and return the address of its page."""
    at = f"/ports/{port}/model/variant/"
    run = {name: f"{value:g}" for name, value in (SHORT | {"seed": seed}).items()}
    sent = form(client, at, "save") | run | {"title": title} | {f"p-{name}": value for name, value in changed.items()}
    answer = client.post(at, sent)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def address(record: PortRun, what: str = "", query: str = "") -> str:
    """Return the address of the page of a run, or of a page where something is asked of it."""
    at = f"/ports/{record.port}/runs/{record.pk}/" + (f"{what}/" if what else "")
    return at + (f"?{query}" if query else "")


def operation(record: PortRun, what: str, query: str = "") -> str:
    """Return the address of the operation that answers what a page asks of a run."""
    return f"/api/ports/{record.port}/runs/{record.pk}/{what}?{query}"


def number_of(at: str) -> str:
    """Return the number of the run whose page has this address."""
    return at.rstrip("/").rpartition("/")[2]


def form(client: Client, at: str, name: str) -> dict[str, Any]:
    """Return the fields of a form as they stand on a page."""
    return dict(forms(read(client, at))[name])


def forms(page: Page) -> dict[str, dict[str, Any]]:
    """Return the forms of a page by their names."""
    return {one["form"]: one for one in Forms(page.html).found if "form" in one}


def ask(client: Client, at: str) -> None:
    """Ask for what a page offers to compute."""
    assert client.post(at, form(client, at, "run")).status_code == 302


def done(client: Client, at: str) -> Page:
    """Have what was asked for done as the runner does it, and read the page."""
    while Runner(0).run_one():
        pass
    return read(client, at)


def computed(client: Client, at: str) -> Page:
    """Ask for what a page offers to compute, have it done, and read the page."""
    ask(client, at)
    return done(client, at)
