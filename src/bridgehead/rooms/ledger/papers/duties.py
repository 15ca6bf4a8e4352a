"""The list of responsibilities as a paper."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.render.docx_paper import Grid, Paper, Text, docx_paper
from bridgehead.rooms.ledger.papers.common import standing_note
from bridgehead.rooms.ledger.selectors.duties import DutyLine, register
from bridgehead.rooms.ledger.who import wholly
from bridgehead.rooms.ledger.wording import seen_only

WIDTHS_CM = (2.2, 1.6, 7.6, 4.0, 5.0, 2.4, 2.4)


def responsibilities(viewer: Viewer) -> bytes:
    """Return the list of responsibilities as a Word document.

    Articles: 6
    """
    found = register(viewer)
    on = timezone.localdate()
    heads = (_("条款"), _("要求"), _("做什么"), _("牵头单位"), _("配合单位"), _("期限"), _("任务（完成/共）"))
    said = _("共 %(total)s 项职责，%(lead)s 项没有牵头单位，%(task)s 项没有布置任务。") % {
        "total": found.total,
        "lead": found.without_lead,
        "task": found.without_task,
    }
    whole = wholly(viewer)
    said = seen_only(said, whole=whole)
    blocks = (
        Text(said, bold=True),
        Grid(heads, [_row(one) for one in found.lines], WIDTHS_CM),
        standing_note(on, whole=whole),
    )
    return docx_paper(Paper(_("责任清单"), blocks, language(), landscape=True))


def _row(one: DutyLine) -> tuple[str, ...]:
    mark = speak(language(), "、", ", ")
    return (
        one.row.label,
        one.modality,
        one.row.what,
        one.lead.name if one.lead else _("未定"),
        mark.join(f"{other.name}（{other.part}）" for other in one.joint) or "—",
        one.row.deadline or one.row.frequency or "—",
        f"{one.done}/{one.tasks}",
    )
