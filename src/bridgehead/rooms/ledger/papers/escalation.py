"""The paper of a rung of the ladder: reminder, circular, supervision order, notice of interview, hand-over."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Text
from bridgehead.rooms.ledger.models import Escalation, Task
from bridgehead.rooms.ledger.papers.common import day_word, standing_note
from bridgehead.rooms.ledger.region import paper_name, rung_name
from bridgehead.rooms.ledger.selectors.tasks import task_seen
from bridgehead.rooms.ledger.wording import due_word


def rung_paper(viewer: Viewer, task: int, escalation: int) -> Paper:
    """Return the paper of a rung that was taken, for whoever may open its task: as it was on that day.

    Raises
    ------
    BridgeheadError
        ``action.no_such_record``.

    Articles: 5, 79, 85
    """
    record = task_seen(viewer, task)
    with as_system("reading a rung of a task somebody may open"):
        rows = list(record.escalations.select_related("to", "owner"))
        row = next((one for one in rows if one.pk == escalation), None)
        if row is None:
            raise BridgeheadError("action.no_such_record", {"kind": Escalation.RECORD, "id": str(escalation)})
        return _paper(record, row, [one for one in rows if one.due_on == row.due_on and one.pk < row.pk])


def _paper(record: Task, row: Escalation, before: list[Escalation]) -> Paper:
    issuer, kind = row.owner.name(language()), paper_name(row.ladder, row.rung)
    told = {"kind": kind, "year": row.year, "number": row.number}
    blocks: list[Block] = [
        Text(issuer, at_right=True),
        Text(_("%(kind)s〔%(year)s〕%(number)s 号") % told, at_right=True),
        Text(_("主送：%(bodies)s") % {"bodies": row.addressee}),
        Text(_reasons(record, row)),
    ]
    facts = [
        (_("任务"), record.title),
        (_("牵头单位"), record.office.name(language())),
        (_("条款"), str(record.article or "—")),
        (_("布置日期"), day_word(record.given_on)),
        (_("到期日"), day_word(row.due_on)),
        (pgettext("ledger", "期限"), due_word(row.due_on, row.taken_on)),
    ]
    blocks.append(Grid((_("事项"), _("内容")), facts, (4, 12)))
    if record.what:
        blocks += [Heading(pgettext("ledger", "任务要求"), 2), *(Text(one) for one in record.what.splitlines() if one)]
    blocks.append(Heading(pgettext("ledger", "请办"), 2))
    blocks += [Text(one) for one in (row.note or _asked()).splitlines() if one]
    if before:
        blocks.append(Heading(pgettext("ledger", "此前的督促"), 2))
        rows = [(day_word(one.taken_on), rung_name(one.ladder, one.rung), one.note or "—") for one in before]
        blocks.append(Grid((_("日期"), _("级"), _("说明")), rows, (3, 3, 10)))
    if row.early_why:
        said = _("上一级的期限没有满，经负责人决定提前采取：%(why)s") % {"why": row.early_why}
        blocks.append(Text(said))
    blocks += [Text(issuer, at_right=True), Text(day_word(row.taken_on), at_right=True)]
    return Paper(
        _("关于“%(title)s”的%(kind)s") % {"title": record.title, "kind": kind},
        [*blocks, standing_note(row.taken_on)],
        language(),
    )


def _reasons(record: Task, row: Escalation) -> str:
    told = {
        "lead": record.office.name(language()),
        "title": record.title,
        "due": day_word(row.due_on),
        "rung": rung_name(row.ladder, row.rung),
    }
    if row.taken_on <= row.due_on:
        return _("%(lead)s牵头的“%(title)s”将在 %(due)s 到期，现予%(rung)s。") % told
    return _("%(lead)s牵头的“%(title)s”应当在 %(due)s 前完成，至今没有被认可的证据证明完成，现予%(rung)s。") % told


def _asked() -> str:
    return _("请办理并在平台提交证据；不能按期完成的，写明原因和完成的日期。")
