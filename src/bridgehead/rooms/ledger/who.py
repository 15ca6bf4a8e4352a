"""Whom somebody may act for in the ledger, and which bodies can be asked to do something."""

from __future__ import annotations

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.ground.models import Organisation, Person
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.region import DISCIPLINE

READ = "ledger.read"
KEEP = "ledger.keep"
"""Give tasks, take over duties, call meetings, keep problems, escalate: what the coordination office does."""
HASTEN = "ledger.hasten"
"""Take a rung of the ladder before the term of the one before has run: what the head of a body decides."""
HAND_IN = "evidence.hand_in"
DECIDE = "evidence.decide"
ENTER = "figure.enter"
RUN = "programme.keep"
SUPERVISE = "supervision.keep"
ANSWER = "supervision.answer"
PUBLISH = "ledger.publish"
SCOPE = "duties"
"""The scope of the records of the ledger: see `bridgehead.rooms.ledger.models.parts`."""


def wholly(viewer: Viewer) -> bool:
    """Tell whether somebody sees the records of every public body, so that what is not there was not recorded."""
    return viewer.wholly(SCOPE) or any("public_bodies" in grant.meaning.sees for grant in viewer.grants)


def sees_all_of(viewer: Viewer, organisation: int) -> bool:
    """Tell whether somebody sees all that an organisation owes: to who sees a part of it no other part is denied."""
    return viewer.wholly(SCOPE) or organisation in viewer.offices_in(SCOPE) or bool(viewer.public_bodies)


def bodies(viewer: Viewer) -> list[Organisation]:
    """Return the public bodies that can be asked to do something, in the order of their codes."""
    rows = visible(Organisation, viewer).filter(kind__in=sorted(roles().public_kinds), closed_on__isnull=True)
    return list(rows)


def discipline_bodies(viewer: Viewer) -> list[Organisation]:
    """Return the discipline bodies the register has, in the order of their codes."""
    return list(visible(Organisation, viewer).filter(kind=DISCIPLINE, closed_on__isnull=True))


def body_of(viewer: Viewer, pk: int | None, field: str) -> Organisation:
    """Return a public body by its number.

    Raises
    ------
    BridgeheadError
        ``ledger.unknown_body`` with the field where there is none of it that is open.
    """
    rows = visible(Organisation, viewer).filter(kind__in=sorted(roles().public_kinds), closed_on__isnull=True)
    found = rows.filter(pk=pk).first() if pk else None
    if found is None:
        raise BridgeheadError("ledger.unknown_body", {"body": pk or ""}, Place(field=field))
    return found


def name_of(person_id: int | None, known: dict[int, str]) -> str:
    """Return the name of a person among those that were read, empty where there is none."""
    return known.get(person_id, "") if person_id is not None else ""


def names_of(ids: set[int | None]) -> dict[int, str]:
    """Return the names of the people the running viewer may see, by number."""
    wanted = {one for one in ids if one is not None}
    return dict(visible(Person).filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def named(body: Organisation | None) -> str:
    """Return the name of an organisation in the language of the request."""
    return body.name(language()) if body is not None else ""


def sees_every_body(viewer: Viewer) -> bool:
    """Tell whether somebody sees the records of every public body, so that what they do not find is not there."""
    every = viewer.public_bodies
    return viewer.wholly("duties") or (bool(every) and every <= viewer.owners_in("duties"))
