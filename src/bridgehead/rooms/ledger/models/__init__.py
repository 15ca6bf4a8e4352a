"""What the ledger keeps in the database, by subject."""

from bridgehead.rooms.ledger.models.circulars import Circular, CircularCopy
from bridgehead.rooms.ledger.models.coordination import Attendance, Decision, DecisionPart, Meeting
from bridgehead.rooms.ledger.models.duties import Duty, Responsibility
from bridgehead.rooms.ledger.models.evidence import Evidence
from bridgehead.rooms.ledger.models.figures import Figure
from bridgehead.rooms.ledger.models.inquiries import Inquiry, Reply
from bridgehead.rooms.ledger.models.inspections import Finding, Inspection, Lot, Question, Rectification, Sample
from bridgehead.rooms.ledger.models.parts import KEPT, Part
from bridgehead.rooms.ledger.models.problems import Problem, ProblemStep
from bridgehead.rooms.ledger.models.programmes import (
    Programme,
    ProgrammeArticle,
    ProgrammeItem,
    ProgrammeMoney,
    ProgrammeParty,
    ProgrammeTotal,
    StageMove,
)
from bridgehead.rooms.ledger.models.publication import PublicAnswer, Publication, PublicQuestion
from bridgehead.rooms.ledger.models.supervision import CaseEvent, CaseExtension, Opinion, SupervisionCase, Vote
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
    "Attendance",
    "CaseEvent",
    "CaseExtension",
    "Circular",
    "CircularCopy",
    "ClosedPeriod",
    "Decision",
    "DecisionPart",
    "Duty",
    "Escalation",
    "Evidence",
    "Figure",
    "Finding",
    "Inquiry",
    "Inspection",
    "Lot",
    "Meeting",
    "Milestone",
    "Opinion",
    "Part",
    "Problem",
    "ProblemStep",
    "Programme",
    "ProgrammeArticle",
    "ProgrammeItem",
    "ProgrammeMoney",
    "ProgrammeParty",
    "ProgrammeTotal",
    "PublicAnswer",
    "PublicQuestion",
    "Publication",
    "Question",
    "Rectification",
    "Reply",
    "Responsibility",
    "Sample",
    "Spell",
    "StageMove",
    "SupervisionCase",
    "Target",
    "Task",
    "TaskPart",
    "Vote",
]
