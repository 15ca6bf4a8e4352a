"""People and organisations for tests, made by the platform itself through the actions."""

from __future__ import annotations

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import Viewer, system
from bridgehead.ground.models import Organisation
from bridgehead.ground.people.accounts import register_person
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.organisations import create_organisation

PLATFORM = system("test")


def organisation(code: str, kind: str = "enterprise", **more: object) -> Organisation:
    return create_organisation(by=PLATFORM, code=code, name_zh=f"单位 {code}", kind=kind, **more)  # type: ignore[arg-type]


def member(login: str, at: Organisation, role: str) -> Viewer:
    """Return somebody new with a role, as a viewer."""
    person = register_person(by=PLATFORM, login=login, name=f"人 {login}")
    appoint(by=PLATFORM, person=int(person.pk), organisation=int(at.pk), role=role)
    return viewer_of(person)
