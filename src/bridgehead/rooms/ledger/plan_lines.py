"""Lines of the five-year plan as the region's table has them, in the language of the request."""

from __future__ import annotations

from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.kernel.tables import Row


def plan_line(id: str) -> Row | None:
    """Return a line of a plan, None for none or for one the region no longer has."""
    return current().region.find("plan_lines", id) if id else None


def plan_line_name(id: str) -> str:
    """Return what a line of a plan says; its id where the region no longer has it."""
    found = plan_line(id)
    return speak(language(), found.text("title_zh"), found.text("title_en")) if found else id


def plan_lines() -> list[tuple[str, str]]:
    """Return the lines of plans to choose from, each with the plan it stands in."""
    return [
        (
            row.text("id"),
            f"{speak(language(), row.text('plan_zh'), row.text('plan_en'))} · {plan_line_name(row.text('id'))}",
        )
        for row in current().region.rows("plan_lines")
    ]
