"""Between inspections and the list of problems: faults that are not on the list, and the problem a fault became."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.urls import reverse
from django.utils import timezone

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.models import Finding, Problem
from bridgehead.rooms.ledger.selectors.problems_then import stood_on
from bridgehead.rooms.ledger.selectors.supervision import OpenFinding, findings_open

_NAME = re.compile(r"finding (\d{1,18})")
SEVERITIES: Mapping[str, str] = {"minor": "ordinary", "serious": "serious", "grave": "grave"}
"""How grave a problem is, by how grave the fault is that it came from."""
LONGEST_TITLE = 100


def findings_unlisted(viewer: Viewer, on: date | None = None) -> list[OpenFinding]:
    """Return the faults that were not mended and on no list of problems on a day, today by default, first due first.

    Articles: 79, 83
    """
    open_ = findings_open(viewer, on)
    problems = visible(Problem, viewer).filter(finding__in=[one.matter for one in open_])
    if on is not None and on < timezone.localdate():
        problems = stood_on(viewer, problems, on)
    listed = set(problems.values_list("finding", flat=True))
    return [one for one in open_ if one.matter not in listed]


def as_problem(viewer: Viewer, finding: int) -> dict[str, str]:
    """Return what the form of a problem begins with where it comes from a fault; nothing where there is none."""
    one = next((one for one in findings_open(viewer) if one.id == finding), None)
    if one is None:
        return {}
    return {
        "title": one.text.replace("\n", " ")[:LONGEST_TITLE],
        "what": one.text,
        "severity": SEVERITIES.get(one.severity, "ordinary"),
        "office": str(one.organisation or ""),
        "origin": Problem.Origin.INSPECTION.value,
        "finding": one.matter,
        "articles": str(one.article),
        "found_on": one.found_on.isoformat(),
        "due_on": one.due_on.isoformat(),
    }


def finding_address(viewer: Viewer, name: str) -> str:
    """Return the page of the fault a problem came from; empty where it names none that somebody may see."""
    found = _NAME.fullmatch(name)
    if found is None or not visible(Finding, viewer).filter(pk=int(found[1])).exists():
        return ""
    return reverse("ledger:finding", args=[int(found[1])])


def problem_of(viewer: Viewer, finding: int) -> Problem | None:
    """Return the problem a fault became, None where it is on no list that somebody may see."""
    return visible(Problem, viewer).filter(finding=f"finding {finding}").first()
