"""Checks of the journal: sound, sealed, anchored, in step with the clock."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from bridgehead.ground.doctor.finding import OK, Found, check
from bridgehead.ground.journal import anchors
from bridgehead.ground.journal.seal import LOOKBACK
from bridgehead.ground.journal.verify import verify
from bridgehead.ground.models import JournalEntry, JournalHead, JournalSeal
from bridgehead.kernel.errors import BridgeheadError

LONGEST_UNSEALED = timedelta(minutes=1)
LONGEST_UNANCHORED = timedelta(days=30)


@check("journal", "日志", "Journal")
def journal_sound(full: bool) -> Found:
    """Hold the journal against its chain: all of it, or its end."""
    if full:
        file = anchors.own_file()
        report = verify(anchors.read([file]) if file.is_file() else ())
        if report.sound:
            return Found("ok", f"{report.entries} 条全部核对", f"all {report.entries} entries verified")
        wrong = len(report.findings)
    else:
        head = JournalHead.objects.get(pk=1)
        last = JournalSeal.objects.order_by("-position").first()
        if (last is None and head.position == 0) or (
            last and (last.position, last.chain) == (head.position, head.chain)
        ):
            return Found("ok", f"链的末端在第 {head.position} 位", f"the chain ends at position {head.position}")
        wrong = 1
    return Found(
        "error",
        f"{wrong} 处与链不符",
        f"{wrong} places do not fit the chain",
        "运行 bridgehead journal verify 看是哪几条，保留现场，查明是谁动过数据库。",
        "Run bridgehead journal verify to see which, keep everything as it is, find out who touched the database.",
    )


@check("clock", "时钟", "Clock")
def clock_goes_forward(full: bool) -> Found:
    """See whether the clock is behind the journal."""
    latest = JournalHead.objects.values_list("latest_at", flat=True).first()
    if latest is None or timezone.now() >= latest - timedelta(seconds=5):
        return OK
    return Found(
        "error",
        f"时钟比日志晚：日志到 {latest:%Y-%m-%d %H:%M:%S}",
        f"the clock is behind the journal, which is at {latest:%Y-%m-%d %H:%M:%S}",
        "校准时钟；如果以前的时钟错了，运行 bridgehead journal accept-clock。",
        "Set the clock right; if the earlier one was wrong, run bridgehead journal accept-clock.",
    )


@check("sealing", "封存", "Sealing")
def sealing_goes_on(full: bool) -> Found:
    """See whether entries wait for their seal longer than sealing ever takes."""
    newest = JournalSeal.objects.order_by("-entry_id").values_list("entry_id", flat=True).first() or 0
    end = JournalEntry.objects.filter(pk__gt=newest - LOOKBACK, recorded_at__lt=timezone.now() - LONGEST_UNSEALED)
    waiting = end.exclude(pk__in=JournalSeal.objects.filter(entry_id__gt=newest - LOOKBACK).values("entry_id"))
    count = waiting.count()
    if not count:
        return OK
    oldest = waiting.order_by("id")[0]
    return Found(
        "warning",
        f"{count} 条还没有封存，从第 {oldest.pk} 条起，记于 {oldest.recorded_at:%Y-%m-%d %H:%M}",
        f"{count} entries are not sealed, from {oldest.pk} on, of {oldest.recorded_at:%Y-%m-%d %H:%M}",
        "平台没有运行时，运行 bridgehead journal anchor；运行着就看服务器的输出。"
        "仍然如此，就运行 bridgehead journal verify。",
        "While it does not run, bridgehead journal anchor seals; while it does, see what the server printed."
        " If they stay, run bridgehead journal verify.",
    )


@check("anchor", "锚点", "Anchor")
def anchored_lately(full: bool) -> Found:
    """See whether the end of the chain was exported lately, so that it could not be written anew unseen."""
    file = anchors.own_file()
    try:
        known = anchors.read([file]) if file.is_file() else ()
    except BridgeheadError as trouble:
        return Found(
            "error",
            f"anchors.jsonl 有 {len(trouble.faults)} 行读不了",
            f"{len(trouble.faults)} lines of anchors.jsonl cannot be read",
            "运行 bridgehead journal verify 看是哪几行，用平台以外保存的那份替换。",
            "Run bridgehead journal verify to see which, and put back the copy kept outside the platform.",
        )
    position = max((one.position for one in known), default=0)
    since = JournalSeal.objects.filter(position__gt=position).order_by("position").first()
    if since is None or timezone.now() - since.sealed_at < LONGEST_UNANCHORED:
        return Found("ok", f"锚定到第 {position} 位", f"anchored up to position {position}")
    return Found(
        "warning",
        f"{since.sealed_at:%Y-%m-%d} 以来的日志没有锚点",
        f"nothing is anchored since {since.sealed_at:%Y-%m-%d}",
        "运行 bridgehead journal anchor，把 anchors.jsonl 抄送到平台以外保存。",
        "Run bridgehead journal anchor and keep a copy of anchors.jsonl outside the platform.",
    )
