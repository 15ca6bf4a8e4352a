"""The digest of what the ledger keeps in its own rows is the name of no file of the store."""

from __future__ import annotations

import pytest

from bridgehead.ground.doctor.of_machine import files_are_there
from bridgehead.ground.files.naming import naming_files
from bridgehead.rooms.ledger.checks import what_was_issued_says_what_it_said
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


@pytest.mark.django_db
def test_the_doctor_sees_what_was_issued_and_changed_past_the_platform(world: LedgerWorld) -> None:
    a_circular(world)
    make(world)
    sound = what_was_issued_says_what_it_said(full=True)
    assert (sound.severity, sound.en) == ("ok", "2 agree with their digests")
    said, copy = Circular.objects.get(), Publication.objects.get()
    other = {"period": "2020-01", "number": said.number + 1, "content": {}}  # an issued one takes no change
    forged = Circular.objects.create(
        **{one.attname: getattr(said, one.attname) for one in said._meta.fields if one.name != "id"} | other
    )
    Publication.objects.update(content={**copy.content, "zh": {**copy.content["zh"], "title": "别的"}})
    found = what_was_issued_says_what_it_said(full=False)
    named = f"circular {forged.pk}, publication {copy.pk}"
    assert (found.severity, found.en) == ("error", f"2 do not say what they said ({named})")
