"""The clock of the desk's tests, and the people of the desk."""

from __future__ import annotations

import pytest
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.journal import clock
from tests.desk.cases import CaseWorld, Now, at, case_world
from tests.desk.policies import PolicyWorld, policy_world, published


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Now:
    """Let it be half past nine on a Monday, until a test says otherwise."""
    told = Now(at("2026-03-02 09:30"))
    monkeypatch.setattr(timezone, "now", lambda: told.moment)
    monkeypatch.setattr(clock, "stamp", lambda: told.moment)  # the journal began later, when the tests did
    return told


@pytest.fixture
def there(db: None, now: Now) -> CaseWorld:
    """Make the people and offices of the desk."""
    return case_world()


@pytest.fixture
def world(db: None) -> PolicyWorld:
    """Make those who keep policies and ask about them, and publish one."""
    here = policy_world()
    with as_system("tests"):
        published(here)
    return here
