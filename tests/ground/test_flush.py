"""What tests with transactions of their own leave behind: the database as every test finds it."""

from __future__ import annotations

import pytest
from django.db import connection

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import Organisation

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="no other test empties the database of SQLite"),
]


@pytest.mark.parametrize("after", ["none", "another"])
def test_the_organisations_of_the_region_are_there(after: str) -> None:
    with as_system("tests"):
        assert Organisation.objects.filter(code="nm-coord").exists()
