"""Versions of a statute: their differences, which id became which, what that means for duties, and points in time."""

from bridgehead.engines.statute.versions.comparison import compare
from bridgehead.engines.statute.versions.duties import compare_duties
from bridgehead.engines.statute.versions.likeness import amends, likeness, plain_title
from bridgehead.engines.statute.versions.model import (
    Cause,
    Change,
    Comparison,
    DutyChange,
    Kind,
    Level,
    Likeness,
    Mark,
    Piece,
    Reason,
    Version,
    new_text,
    old_text,
)
from bridgehead.engines.statute.versions.timeline import Stage, in_force_at, since_of, stages, timeline

__all__ = [
    "Cause",
    "Change",
    "Comparison",
    "DutyChange",
    "Kind",
    "Level",
    "Likeness",
    "Mark",
    "Piece",
    "Reason",
    "Stage",
    "Version",
    "amends",
    "compare",
    "compare_duties",
    "in_force_at",
    "likeness",
    "new_text",
    "old_text",
    "plain_title",
    "since_of",
    "stages",
    "timeline",
]
