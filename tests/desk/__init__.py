"""Records of the desk beside those of the ledger, for the tests that look at every page.

Each subject has a module beside this one with ``make(world)``, which adds its records; `made` runs them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from bridgehead.ground.models import Membership, Organisation, Person
from tests.ground.world import member, organisation
from tests.ledger import LedgerWorld

SUBJECTS = ("policies", "cases", "services")


@dataclass(frozen=True)
class DeskWorld:
    """The bodies of the ledger, a firm with somebody in it, and another firm."""

    ledger: LedgerWorld
    firm: Organisation
    rival: Organisation
    trader: Person
    competitor: Person


def made(here: LedgerWorld, trader: Person) -> DeskWorld:
    """Return the world with one record of each kind of the desk in it; the firm is that of a person there is."""
    firm = Membership.objects.select_related("organisation").get(person=trader).organisation
    rival = organisation("desk-rival", "enterprise", "边城商贸", office=here.transport)
    world = DeskWorld(here, firm, rival, trader, member(rival, "enterprise_admin", "desk-competitor"))
    for subject in SUBJECTS:
        if (Path(__file__).parent / f"{subject}.py").is_file():
            make = getattr(import_module(f"tests.desk.{subject}"), "make", None)
            if make is not None:
                make(world)
    return world
