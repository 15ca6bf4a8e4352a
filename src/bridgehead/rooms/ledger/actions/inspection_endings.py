"""The end of an inspection: its report adopted, or every fault mended or handed on; and the day of it."""

from __future__ import annotations

from datetime import date

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.rooms.ledger.actions.supervision_parts import (
    LONGEST_LINE,
    not_later,
    refuse_ended,
    require_keeper,
    told,
)
from bridgehead.rooms.ledger.models import Inspection, Problem, Rectification


@action("inspection.end")
def end_inspection(
    deed: Deed, *, inspection: int, how: str, on: date, why: str, version: int | None = None
) -> Inspection:
    """End an inspection on a day, with the reason; from then on it is read only.

    Where its report was adopted, faults go on being mended. Where everything was mended or handed on, what is not
    mended is followed on the list of problems alone.

    Parameters
    ----------
    deed : Deed
        Who ends it.
    inspection : int
        The inspection.
    how : str
        One of `Inspection.Ending`.
    on : date
        The day.
    why : str
        What it rests on, such as the meeting that adopted the report.
    version : int, optional
        Version of the inspection the form was filled in with.

    Raises
    ------
    BridgeheadError
        ``supervision.inspection_ended`` where it was before, ``form.no_such_choice``, ``form.missing``,
        ``supervision.too_long``, ``supervision.not_yet``, ``supervision.before_inspection``,
        ``supervision.found_later`` before the day of its last finding, ``supervision.faults_left`` where some faults
        are neither mended nor on a list of problems; all at once.

    Articles: 83
    """
    record = deed.lock(Inspection, inspection, version)
    require_keeper(deed, record.owner_id)
    refuse_ended(deed, record)
    if how not in Inspection.Ending.values:
        deed.refuse("form.no_such_choice" if how else "form.missing", {"value": how[:40]}, "how")
    not_later(deed, on, "on")
    if on < record.starts_on:
        deed.refuse("supervision.before_inspection", {"on": str(on), "starts": str(record.starts_on)}, "on")
    standing = record.findings.filter(withdrawn_on=None)
    last = standing.order_by("-found_on").values_list("found_on", flat=True).first()
    if last is not None and on < last:
        deed.refuse("supervision.found_later", {"on": str(on), "found": str(last)}, "on")
    reason = told(deed, why, "why", longest=LONGEST_LINE)
    left = list(Rectification.objects.filter(finding__in=standing).exclude(state=Rectification.State.ACCEPTED))
    if how == Inspection.Ending.SETTLED:
        lacking = len(left) - len(_on_a_list(left))
        if lacking:
            deed.refuse("supervision.faults_left", {"count": lacking}, "how")
    deed.reason = reason
    deed.check()
    deed.holds_from(on)
    if how == Inspection.Ending.SETTLED:
        for one in left:
            deed.change(deed.lock(Rectification, one.pk), handed_on=on)
    return deed.change(record, closed_on=on, closed_how=how, closed_why=reason)


def _on_a_list(mendings: list[Rectification]) -> set[str]:
    """Return the faults that stand on a list of problems, whoever keeps that."""
    names = [f"finding {one.finding_id}" for one in mendings]
    with as_system("looking for faults on lists of problems"):
        return set(Problem.objects.filter(finding__in=names).values_list("finding", flat=True))
