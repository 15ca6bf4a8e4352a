"""What the tests of the gateway share: a small world, an officer of it, and a region in which nothing is computed."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from bridgehead.ground import region
from bridgehead.ground.models import Person
from bridgehead.ground.region import Loaded
from bridgehead.jobs.store import Store
from bridgehead.regions.load import load_region
from tests.ground.world import World, member, world


@pytest.fixture
def there(db: None) -> World:
    """Make the offices and enterprises."""
    return world()


@pytest.fixture
def officer(there: World) -> Person:
    """Make an officer of the office."""
    return member(there.office, "officer", name="Li Hua")


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Loaded:
    """Serve the shipped region with a store of its own, in which nothing is computed yet."""
    found = Loaded(load_region(), Store(tmp_path))
    monkeypatch.setattr(region, "_current", found)
    return found


@pytest.fixture
def desk(client: Client, officer: Person, loaded: Loaded) -> Client:
    """Sign the officer in, where nothing is computed yet."""
    client.force_login(officer)
    return client
