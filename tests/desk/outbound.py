"""Projects abroad for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Organisation, Person
from bridgehead.rooms.desk.actions.outbound import ProjectTold, consent_office, register_project
from bridgehead.rooms.desk.actions.outbound_care import plan_visit
from bridgehead.rooms.desk.models import OutboundProject
from tests.desk.services import ServiceWorld
from tests.ledger import seen_as

DAY = timedelta(days=1)


def project_told(**changed: Any) -> ProjectTold:
    """Return what a firm says of a project abroad."""
    kept = {
        "name": "南戈壁洗煤厂",
        "country": "MN",
        "place": "达兰扎德嘎德",
        "people": 24,
        "contact_there": "巴图 976-1",
        "starts_on": today() - 100 * DAY,
    }
    return ProjectTold(**{**kept, **changed})


def registered(person: Person, firm: Organisation, **told: Any) -> OutboundProject:
    """Return a project a firm registered."""
    return register_project(by=seen_as(person), firm=firm.pk, told=project_told(**told))


def shown_to(person: Person, row: OutboundProject, office: Organisation | None) -> OutboundProject:
    """Let an office see a project, or none."""
    at = office.pk if office else None
    return consent_office(by=seen_as(person), project=row.pk, version=row.version, office=at)


def make(world: ServiceWorld) -> None:
    """Register a project, let the office see it and plan a visit."""
    row = shown_to(world.trader, registered(world.trader, world.firm), world.office)
    told = {"planned_on": today() + 9 * DAY, "purpose": "看消防和食堂"}
    plan_visit(by=seen_as(world.officer), project=row.pk, **told)
