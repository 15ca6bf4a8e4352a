"""The notice of a fault to the body that mends it: what was found, the measure, its day, and how it was mended."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.render.docx_paper import Block, Grid, Heading, Paper, Points, Text
from bridgehead.rooms.ledger.models import Finding, Rectification
from bridgehead.rooms.ledger.papers.common import day_word, standing_note
from bridgehead.rooms.ledger.papers.coordination import NONE, articles_word, printed
from bridgehead.rooms.ledger.selectors.inspection_history import corrections
from bridgehead.rooms.ledger.selectors.inspections import FindingLine, finding_page
from bridgehead.rooms.ledger.who import named

WAITING = (Rectification.State.OPEN, Rectification.State.RETURNED)
"""Where a mending waits for the body that owes it."""


def fault_paper(viewer: Viewer, finding: int, on: date) -> Paper:
    """Return the notice of a fault as it stood on a day, for whoever may open its page.

    Raises
    ------
    BridgeheadError
        ``supervision.no_such_finding``; ``supervision.nothing_to_mend`` of a finding that is in order.

    Articles: 83
    """
    seen = finding_page(viewer, finding, on)
    record = seen.finding
    if record.conforming:
        raise BridgeheadError("supervision.nothing_to_mend")
    blocks: list[Block] = [Text(_("主送：%(bodies)s") % {"bodies": seen.body})]
    if record.withdrawn_on is not None:
        said = pgettext("supervision", "这条发现已经撤回")
        blocks.append(Text(f"{said} {day_word(record.withdrawn_on)} {record.withdrawn_why}".rstrip(), bold=True))
    blocks.append(Text(pgettext("supervision", "截至 %(day)s") % {"day": day_word(on)}, fine=True))
    blocks.append(Grid((_("事项"), _("内容")), _facts(seen), (4, 12)))
    blocks += [Heading(pgettext("supervision", "发现了什么"), 2), *_lines(record.text)]
    blocks += _corrected(record, on)
    blocks += [Heading(pgettext("supervision", "怎样整改的"), 2), *_mended(seen)]
    if seen.to_mend and seen.mending and seen.mending.state in WAITING and record.withdrawn_on is None:
        blocks.append(Text(pgettext("supervision", "请在整改期限前整改，并在平台提交整改材料。")))
    blocks += [Text(printed(named(record.owner)), fine=True), standing_note(on)]
    title = pgettext("supervision", "整改通知书：%(title)s") % {"title": record.matter}
    return Paper(title, blocks, language())


def _facts(seen: FindingLine) -> list[tuple[str, str]]:
    record, mending = seen.finding, seen.mending
    state = seen.state + (pgettext("supervision", "，逾期") if seen.late else "")
    if record.withdrawn_on is not None:
        state = pgettext("supervision", "这条发现已经撤回")
    found = [
        (pgettext("supervision", "检查方"), named(record.owner)),
        (pgettext("supervision", "发现日期"), day_word(record.found_on)),
        (pgettext("supervision", "条"), articles_word(seen.articles)),
        (pgettext("supervision", "程度"), seen.severity),
        (pgettext("supervision", "责任单位"), seen.body),
        (pgettext("supervision", "整改措施"), mending.measure if mending else NONE),
        (pgettext("supervision", "整改期限"), day_word(mending.due_on if mending else None)),
        (pgettext("supervision", "状态"), state),
    ]
    if record.sample:
        found.insert(3, (pgettext("supervision", "对象"), f"{record.sample.called} {record.sample.place}".rstrip()))
    if record.question:
        found.insert(3, (pgettext("supervision", "问题"), record.question.text))
    return found


def _corrected(record: Finding, on: date) -> list[Block]:
    """Return what the finding said before it was corrected, when, by whom and why."""
    said = pgettext("supervision", "%(d)s 由 %(who)s 更正：%(why)s")
    rows = [
        f"{was.text}\n{said % {'d': day_word(was.on), 'who': was.by, 'why': was.why}}"
        for was in corrections(record, on)
    ]
    return [Heading(pgettext("supervision", "更正前写的"), 2), Points(rows)] if rows else []


def _mended(seen: FindingLine) -> list[Block]:
    """Return what was handed in, when and by whom, and what the inspection said to it."""
    mending = seen.mending
    if mending is None or mending.handed_in_at is None:
        return [Text(pgettext("supervision", "还没有交"))]
    blocks: list[Block] = [*_lines(mending.evidence)]
    if mending.file:
        blocks.append(Text(pgettext("supervision", "文件：%(name)s") % {"name": mending.file.name}))
    blocks.append(Text(f"{day_word(localdate(mending.handed_in_at))} {seen.handed_in_by}".rstrip(), fine=True))
    if mending.decided_at is not None:
        blocks.append(Text(" ".join(filter(None, (seen.state, mending.reason))), bold=True))
        blocks.append(Text(f"{day_word(localdate(mending.decided_at))} {seen.decided_by}".rstrip(), fine=True))
    return blocks


def _lines(said: str) -> list[Text]:
    return [Text(one) for one in said.splitlines() if one.strip()]
