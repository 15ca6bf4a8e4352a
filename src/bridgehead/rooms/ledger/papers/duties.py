"""The list of responsibilities, and one duty, as papers."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Text, docx_paper
from bridgehead.rooms.ledger.papers.common import day_word, percent_word, standing_note
from bridgehead.rooms.ledger.selectors.duties import DutyLine, duty_page, register
from bridgehead.rooms.ledger.who import wholly
from bridgehead.rooms.ledger.wording import seen_only

WIDTHS_CM = (2.2, 1.6, 7.6, 4.0, 5.0, 2.4, 2.4)


def responsibilities(viewer: Viewer, on: date | None = None) -> bytes:
    """Return the list of responsibilities on a day, today by default, as a Word document.

    Articles: 6
    """
    found = register(viewer, on=on)
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
        standing_note(found.on, whole=whole),
    )
    return docx_paper(Paper(_("责任清单"), blocks, language(), landscape=True))


def duty_paper(viewer: Viewer, duty: int, on: date | None = None) -> bytes:
    """Return one duty on a day, today by default, as a Word document: who answers for it, and the tasks it became.

    Articles: 6
    """
    page = duty_page(viewer, duty, on)
    row = page.line.row
    facts = [
        (pgettext("ledger", "出处"), f"{row.title} {row.label}"),
        (_("要求"), page.line.modality),
        (_("状态"), page.line.state),
        (_("期限"), row.deadline or row.frequency or "—"),
    ]
    blocks: list[Block] = [Grid((_("事项"), _("内容")), facts, (4, 12)), Heading(_("责任单位"), 2)]
    answering = [(one.name, one.part, day_word(one.row.from_on), "—") for one in page.line.answering]
    answering += [
        (one.name, one.part, day_word(one.row.from_on), day_word(one.row.until_on))
        for one in (*page.past, *page.coming)
    ]
    heads = (pgettext("form", "单位"), _("分工"), _("从"), _("到"))
    blocks.append(Grid(heads, answering, (7, 4, 3, 3)) if answering else Text(_("未定")))
    blocks.append(Heading(pgettext("ledger", "任务"), 2))
    tasks = [
        (one.task.title, one.office, day_word(one.due_on), one.when or "—", percent_word(one.share))
        for one in page.tasks
    ]
    told = (_("任务"), _("牵头单位"), _("到期日"), _("状态"), _("完成份额"))
    blocks.append(Grid(told, tasks, (6, 3.4, 2.6, 3, 2), numbers=(4,)) if tasks else Text(_("还没有布置任务。")))
    blocks.append(standing_note(page.on))
    return docx_paper(Paper(row.what[:60], blocks, language()))


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
