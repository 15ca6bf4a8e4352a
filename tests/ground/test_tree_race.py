"""Two who move organisations at the same time never form a ring between them."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Organisation
from bridgehead.ground.people import organisations
from bridgehead.ground.people.organisations import edit_organisation
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.people import PLATFORM, organisation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def test_two_moves_at_once_form_no_ring(monkeypatch: pytest.MonkeyPatch) -> None:
    """A below B' and B below A': each is sound alone, and no row is changed by both."""
    tops = {name: organisation(f"t-{name}", "department") for name in ("a", "b")}
    lower = {name: organisation(f"t-{name}-below", "department", parent=int(top.pk)) for name, top in tops.items()}
    both_looked = threading.Barrier(2, timeout=2)
    real = organisations._stands_below

    def looked(*told: Any) -> bool:
        found = real(*told)
        with suppress(threading.BrokenBarrierError):  # whoever has to wait for the other never comes here with it
            both_looked.wait()
        return found

    monkeypatch.setattr(organisations, "_stands_below", looked)
    came_of: dict[str, str] = {}

    def move(name: str, other: str) -> None:
        record = tops[name]
        try:
            edit_organisation(
                by=PLATFORM,
                organisation=int(record.pk),
                version=1,
                name_zh=record.name_zh,
                parent=int(lower[other].pk),
            )
            came_of[name] = "moved"
        except BridgeheadError as refused:
            came_of[name] = refused.code
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(came_of.values()) == ["moved", "organisation.own_parent"]
    with as_system("tests"):
        above = dict(Organisation.objects.values_list("pk", "parent_id"))
    for first in above.values():
        at, steps = first, 0
        while at is not None:
            at, steps = above[at], steps + 1
            assert steps <= len(above), "a ring"
