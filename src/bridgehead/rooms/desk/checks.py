"""What the doctor looks at in the desk room.

Cases that do not stand as their events say, clocks nobody looks at, policies and answers changed past the platform.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from bridgehead.ground.doctor.finding import Found, as_written, check
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.hashing import content_hash
from bridgehead.rooms.desk.courses import differing, stand
from bridgehead.rooms.desk.models import Case, PolicyAnswer, PolicyEdition

SAMPLE = 50
"""Cases that are worked out anew where not all of them are asked for."""
PATIENCE = timedelta(minutes=30)
"""So long after its moment the clock of a case may look at it."""


def amiss(cases: Iterable[Case], now: datetime) -> list[int]:
    """Return the cases whose columns are not what follows from their events.

    A case the clock has to look at is as it was until then, which is nothing to be mended.
    """
    wrong = []
    for one in cases:
        if one.wakes_at is not None and one.wakes_at <= now:
            continue
        try:
            _, told = stand(one, now)
        except BridgeheadError:
            wrong.append(one.pk)
            continue
        if differing(one, told):
            wrong.append(one.pk)
    return wrong


@check("cases", "办件的推算", "What the desk derives")
def cases_stand_as_their_events_say(full: bool) -> Found:
    """Work the columns of cases out anew, of a sample or of all, and compare them with what is kept."""
    rows = Case.objects.select_related("office")
    looked_at = rows.order_by("pk") if full else rows.order_by("-pk")[:SAMPLE]
    wrong = amiss(looked_at, timezone.now())
    count = len(looked_at)
    if not wrong:
        return Found("ok", f"重新推算 {count} 件办件，与所存一致", f"{count} cases worked out anew agree")
    some = ", ".join(str(one) for one in wrong[:5])
    return Found(
        "error",
        f"{len(wrong)} 件办件的状态或时限与经过不符（编号 {some}）",
        f"{len(wrong)} cases do not stand as their events say (ids {some})",
        "运行 bridgehead desk restate，按经过重新推算；若再出现，请保留日志并报告。",
        "Run bridgehead desk restate, which works them out anew; if it comes back, keep the journal and report it.",
    )


@check("case_clocks", "办件的时钟", "Clocks of cases")
def clocks_are_looked_at(full: bool) -> Found:
    """Count the cases whose clock had something to do and was not looked at."""
    late = Case.objects.filter(wakes_at__lt=timezone.now() - PATIENCE).count()
    if not late:
        return Found("ok", "到点的办件都处理过了", "every case was looked at when its moment came")
    return Found(
        "warning",
        f"{late} 件办件到了点还没有处理：超时没有记下，等过头的没有终止",
        f"{late} cases wait for their clock: late ones are not recorded, pauses that ran out not ended",
        "看后台任务是不是在运行；运行 bridgehead desk restate 可以马上处理。",
        "See whether background tasks run; bridgehead desk restate does it at once.",
    )


@check("policies_told", "政策版本与保存的答复", "Editions of policies and kept answers")
def policies_say_what_they_said(full: bool) -> Found:
    """Compare editions of policies and the answers kept of them with the digests taken when they were written."""
    newest = None if full else SAMPLE
    rows = [one for model in (PolicyEdition, PolicyAnswer) for one in model.objects.order_by("-pk")[:newest]]
    changed = [f"{one.RECORD} {one.pk}" for one in rows if _digest(one) != one.sha256]
    return as_written(len(rows), changed)


def _digest(one: PolicyEdition | PolicyAnswer) -> str:
    return content_hash({column: getattr(one, column) for column in one.DIGEST_OF})
