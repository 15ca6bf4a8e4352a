"""What the tests of imported statutes share: an office that imports, somebody in it, the invented statute."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.test import Client

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.models import Organisation, Person
from bridgehead.rooms.statute.models import StatuteVersion
from tests.ground.world import member
from tests.statutes import EARLIER, LATER, imported, keeper


@dataclass(frozen=True)
class Office:
    """The coordination office and somebody who works there."""

    organisation: Organisation
    person: Person

    @property
    def viewer(self) -> Viewer:
        """The person as a viewer, with what they may do now."""
        return viewer_of(self.person)

    def client(self) -> Client:
        """Return a browser in which the person is signed in."""
        client = Client()
        client.force_login(self.person)
        return client


@pytest.fixture
def office(db: None) -> Office:
    """Return the coordination office."""
    at = keeper()
    return Office(at, member(at, "coordination", login="coordinator", name="王协调"))


@pytest.fixture
def earlier(office: Office) -> StatuteVersion:
    """Return the first text of the invented statute, imported."""
    with as_system("tests"):
        return imported(EARLIER)[0]


@pytest.fixture
def later(earlier: StatuteVersion) -> StatuteVersion:
    """Return the second text of the invented statute, imported."""
    with as_system("tests"):
        return imported(LATER)[0]
