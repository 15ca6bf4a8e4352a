"""An invented statute in two texts, and how a test imports it."""

from __future__ import annotations

from pathlib import Path

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.models import Organisation
from bridgehead.ground.people.organisations import create_organisation
from bridgehead.rooms.statute.actions import import_statute
from bridgehead.rooms.statute.models import StatuteVersion

FOLDER = Path(__file__).parent
EARLIER = FOLDER / "harbour-2019.txt"
LATER = FOLDER / "harbour-2024.txt"
BY = system("tests")


def keeper() -> Organisation:
    """Return the organisation that imports statutes in tests; made where there is none yet."""
    with as_system("tests"):
        found = Organisation.objects.filter(code="statute-office").first()
    if found is not None:
        return found
    return create_organisation(
        by=BY, code="statute-office", name_zh="协调办公室", name_en="Coordination office", kind="coordination"
    )


def imported(*files: Path) -> list[StatuteVersion]:
    """Import texts, both of the invented statute by default, unless they are there; return their versions."""
    found = []
    for file in files or (EARLIER, LATER):
        with as_system("tests"):
            there = StatuteVersion.objects.filter(file_name=file.name, withdrawn_at=None).first()
        found.append(
            there or import_statute(by=BY, organisation=keeper().pk, content=file.read_bytes(), name=file.name)
        )
    return found
