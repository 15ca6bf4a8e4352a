"""Tasks of the ledger: cases of the desk that are overdue or were refused become tasks of the office concerned."""

from __future__ import annotations

from bridgehead.ground.actions import Deed
from bridgehead.ground.models import Organisation
from bridgehead.ground.tasks.handlers import Assignment, handler
from bridgehead.rooms.desk.public import OVERDUE, REFUSED, CaseMatter, case_matter
from bridgehead.rooms.ledger.actions.demonstration import MARK
from bridgehead.rooms.ledger.actions.tasks import give_task

TERM, ARTICLE = "5wd", 81
"""How long the office has, and the article it is asked by."""


@handler(OVERDUE, title_zh="把超时办件列为任务", title_en="Make overdue cases tasks of the ledger")
def case_became_overdue(deed: Deed, assignment: Assignment, _: object) -> dict[str, int | None]:
    """Ask the office that has a case to finish it."""
    matter = case_matter(int(assignment.arguments["case"]))
    if matter is None:
        return {"task": None}
    what = f"{matter.service}办件 {matter.number} 自 {matter.overdue_on} 起超过承诺时限。请办结，并说明原因。"
    return _given(deed, matter, f"办结超时办件 {matter.number}（{matter.service}）", what)


@handler(REFUSED, title_zh="把不予办理的办件列为任务", title_en="Make refused cases tasks of the ledger")
def case_was_refused(deed: Deed, assignment: Assignment, _: object) -> dict[str, int | None]:
    """Ask the office that refused a case to look again at what the refusal rests on."""
    matter = case_matter(int(assignment.arguments["case"]))
    if matter is None:
        return {"task": None}
    refused = f"{matter.service}办件 {matter.number} 于 {matter.ended_on} 不予办理，依据：{matter.basis}。"
    what = f"{refused}请复核依据是否成立。"
    return _given(deed, matter, f"复核不予办理的依据：办件 {matter.number}（{matter.service}）", what)


def _given(deed: Deed, matter: CaseMatter, title: str, what: str) -> dict[str, int | None]:
    """Give the task in the name of the coordination office; without one nobody keeps a ledger."""
    keeper = Organisation.objects.filter(kind="coordination", closed_on=None).order_by("-from_region", "id").first()
    if keeper is None:
        return {"task": None}
    about = f"{MARK}case" if matter.demo else f"case:{matter.number}"
    told = {"title": title, "what": what, "term": TERM, "article": ARTICLE, "matter": about}
    return {"task": give_task(by=deed, owner=keeper.pk, lead=matter.office, **told).pk}
