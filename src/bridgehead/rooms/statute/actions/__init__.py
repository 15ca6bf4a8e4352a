"""Actions of the statute room."""

from bridgehead.rooms.statute.actions.answers import (
    REVIEW,
    answer_duty,
    reject_duty,
    withdraw_answer,
)
from bridgehead.rooms.statute.actions.texts import (
    IMPORT,
    checked_note,
    date_version,
    import_statute,
    reread_version,
    withdraw_version,
)

__all__ = (
    "IMPORT",
    "REVIEW",
    "answer_duty",
    "checked_note",
    "date_version",
    "import_statute",
    "reject_duty",
    "reread_version",
    "withdraw_answer",
    "withdraw_version",
)
