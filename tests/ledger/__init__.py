"""A small world of the ledger for tests: who keeps it, who is asked, and one record of each kind.

Each subject has a module beside this one with ``make(world)``, which adds its records; `made` runs them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.models import Organisation, Person
from tests.ground.world import member, organisation

SUBJECTS = ("duties", "figures", "programmes", "coordination", "supervision", "publication")


@dataclass(frozen=True)
class LedgerWorld:
    """Who is there: the region, its coordination office, two departments, a vertical unit, the congress; and people."""

    region: Organisation
    office: Organisation
    commerce: Organisation
    transport: Organisation
    customs: Organisation
    congress: Organisation
    coordinator: Person
    second_coordinator: Person
    commerce_head: Person
    commerce_officer: Person
    transport_officer: Person
    customs_officer: Person
    congress_clerk: Person
    deputy: Person


def world() -> LedgerWorld:
    """Make the world, through the platform's own actions."""
    with as_system("tests"):
        region = organisation("region", "government", "自治区政府")
        office = organisation("coordination", "coordination", "协调机构", parent=region)
        commerce = organisation("commerce", "department", "商务厅", parent=region)
        transport = organisation("transport", "department", "交通厅", parent=region)
        customs = organisation("customs", "vertical", "海关", parent=region)
        congress = organisation("congress", "congress", "人大常委会")
        return LedgerWorld(
            region,
            office,
            commerce,
            transport,
            customs,
            congress,
            member(office, "coordination", "coordinator", "王协调"),
            member(office, "coordination", "second-coordinator", "李协调"),
            member(commerce, "head", "commerce-head", "赵厅长"),
            member(commerce, "officer", "commerce-officer", "钱经办"),
            member(transport, "officer", "transport-officer", "孙经办"),
            member(customs, "officer", "customs-officer", "周关员"),
            member(congress, "congress_office", "congress-clerk", "吴秘书"),
            member(congress, "deputy", "deputy", "郑代表"),
        )


def seen_as(person: Person) -> Viewer:
    """Return a person as a viewer, with what they may do now."""
    return viewer_of(person)


def made() -> LedgerWorld:
    """Return the world with one record of each kind in it."""
    here = world()
    for subject in SUBJECTS:
        if (Path(__file__).parent / f"{subject}.py").is_file():
            import_module(f"tests.ledger.{subject}").make(here)
    return here
