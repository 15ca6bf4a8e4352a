"""Training sessions for tests."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from bridgehead.ground.access.viewer import ANONYMOUS, as_system
from bridgehead.rooms.desk.actions.training import SessionTold, announce, record_attendance
from bridgehead.rooms.desk.actions.training_places import Taken, sign_up, sign_up_as_partner
from bridgehead.rooms.desk.models import TrainingPlace, TrainingSession
from tests.desk.services import ServiceWorld
from tests.ledger import seen_as

TEXTS = {
    "title": {"zh": "木材进口检疫", "en": "Quarantine of timber", "ru": "Карантин древесины"},
    "gist": {"zh": "讲新的检疫要求", "en": "The new requirements"},
    "place": {"zh": "口岸会议室", "en": "Meeting room at the port"},
}
LINK = "https://meet.example.org/secret-room"


def session_told(*, days: int = 10, seats: int = 2, **changed: object) -> SessionTold:
    """Return what an office says of a session."""
    at: datetime = timezone.now() + timedelta(days=days)
    kept = {"texts": TEXTS, "starts_at": at, "ends_at": at + timedelta(hours=3), "seats": seats, "link": LINK}
    return SessionTold(**{**kept, **changed})  # type: ignore[arg-type]


def announced(world: ServiceWorld, **told: object) -> TrainingSession:
    """Return a session the office announced."""
    return announce(by=seen_as(world.officer), owner=world.office.pk, told=session_told(**told))  # type: ignore[arg-type]


def by_firm(world: ServiceWorld, row: TrainingSession, name: str = "冯外贸") -> TrainingPlace:
    """Return a place of the firm."""
    return sign_up(by=seen_as(world.trader), session=row.pk, firm=world.firm.pk, name=name)


def by_partner(row: TrainingSession, email: str = "ivan@example.org", name: str = "Иван Петров") -> Taken:
    """Return the place of a partner without an account."""
    told = {"name": name, "firm_name": "ООО Сибирский лес", "email": email, "language": "ru"}
    return sign_up_as_partner(by=ANONYMOUS, session=row.pk, **told)


def begun(row: TrainingSession) -> TrainingSession:
    """Let a session have begun, as time would."""
    with as_system("tests"):
        TrainingSession.objects.filter(pk=row.pk).update(starts_at=timezone.now() - timedelta(hours=1))
        return TrainingSession.objects.get(pk=row.pk)


def make(world: ServiceWorld) -> None:
    """Announce two sessions; one was held and somebody of the firm attended it."""
    announced(world)
    row = announced(world, days=3)
    place = by_firm(world, row)
    by_partner(row)
    row = begun(row)
    record_attendance(by=seen_as(world.officer), session=row.pk, version=row.version, attended=[place.pk])
