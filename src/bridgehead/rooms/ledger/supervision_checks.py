"""What the doctor looks at in supervision: the region's procedures, and whether each case says what follows."""

from __future__ import annotations

from datetime import date

from bridgehead.ground.doctor.finding import Found, check
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import CaseEvent, CaseExtension, SupervisionCase
from bridgehead.rooms.ledger.procedures import clocks, course_of, templates


@check("supervision", "监督程序和期限", "Procedures and terms of supervision")
def supervision_says_what_follows(full: bool) -> Found:
    """Read the region's procedures and clocks, and count the open cases whose next step is not what follows."""
    try:
        known = {(one.id, step["step"]) for one in templates(date.max) for step in one.steps}
        lost = [one for one in clocks() if (one.template, one.step) not in known]
    except BridgeheadError as wrong:
        return Found(
            "error",
            f"监督程序读不通：{wrong.code}",
            f"The procedures of supervision cannot be read: {wrong.code}",
            "改正地区的 supervision_templates.csv。",
            "Correct supervision_templates.csv of the region.",
        )
    rows = list(SupervisionCase.objects.filter(state=SupervisionCase.State.OPEN))
    events = list(CaseEvent.objects.filter(case__in=rows).order_by("id"))
    longer = list(CaseExtension.objects.filter(case__in=rows).order_by("id"))
    off = 0
    for case in rows:
        own = [one for one in events if one.case_id == case.pk]
        waits = course_of(case, own, [one for one in longer if one.case_id == case.pk], date.max).waits
        due = waits.due.day if waits and waits.due else None
        off += waits is None or (case.waits, case.due_on) != (waits.step.id, due)
    if not off and not lost:
        return Found("ok", f"{len(rows)} 件在办的监督", f"{len(rows)} open cases of supervision")
    return Found(
        "warning",
        f"{off} 件监督的下一步或者期限与记录对不上，{len(lost)} 个期限对不上程序",
        f"{off} cases say another next step or term than follows, {len(lost)} clocks fit no procedure",
        "期限对不上的，多半是放假安排公布了：记下一步时会改正。期限表改地区的 supervision_clocks.csv。",
        "A term that differs is mostly a holiday announced since; the next step sets it right. "
        "Clocks are corrected in supervision_clocks.csv of the region.",
    )
