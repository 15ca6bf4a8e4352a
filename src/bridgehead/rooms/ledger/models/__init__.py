"""What the ledger keeps in the database, by subject."""

from bridgehead.rooms.ledger.models.duties import Duty, Responsibility
from bridgehead.rooms.ledger.models.evidence import Evidence
from bridgehead.rooms.ledger.models.parts import KEPT, Part
from bridgehead.rooms.ledger.models.publication import PublicAnswer, Publication, PublicQuestion
from bridgehead.rooms.ledger.models.tasks import (
    FOREVER,
    ClosedPeriod,
    Escalation,
    Milestone,
    Spell,
    Target,
    Task,
    TaskPart,
)

__all__ = [
    "FOREVER",
    "KEPT",
    "ClosedPeriod",
    "Duty",
    "Escalation",
    "Evidence",
    "Milestone",
    "Part",
    "PublicAnswer",
    "PublicQuestion",
    "Publication",
    "Responsibility",
    "Spell",
    "Target",
    "Task",
    "TaskPart",
]
