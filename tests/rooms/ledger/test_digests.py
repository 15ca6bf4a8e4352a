"""The digest of what the ledger keeps in its own rows is the name of no file of the store."""

from __future__ import annotations

import pytest

from bridgehead.ground.doctor.of_machine import files_are_there
from bridgehead.ground.files.naming import naming_files
from bridgehead.rooms.ledger.models import Circular, Publication
from tests.ledger import LedgerWorld
from tests.ledger.coordination import a_circular
from tests.ledger.publication import make


@pytest.mark.django_db
def test_the_doctor_misses_no_file_of_a_circular_or_of_a_published_copy(world: LedgerWorld) -> None:
    a_circular(world)
    make(world)
    assert Circular.objects.exists()
    assert Publication.objects.exists()
    assert not {Circular, Publication} & set(naming_files()), "a backup takes no file along for them"
    found = files_are_there(full=True)
    assert (found.severity, found.en) == ("ok", "0 verified")
