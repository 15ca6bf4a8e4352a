"""What the doctor looks at in the ledger room."""

from __future__ import annotations

import hashlib

from django.utils import timezone

from bridgehead.ground.doctor.finding import Found, as_written, check
from bridgehead.ground.journal.clock import beginning
from bridgehead.ground.journal.entries import as_text
from bridgehead.rooms.ledger import supervision_checks  # noqa: F401 - it declares checks
from bridgehead.rooms.ledger.actions.terms import unsettled
from bridgehead.rooms.ledger.models import Circular, Evidence, Publication, Task
from bridgehead.rooms.ledger.region import calendar
from bridgehead.rooms.ledger.selectors.publication_copy import digest_of
from bridgehead.rooms.ledger.spells import amiss

SAMPLE = 100
"""Trees of tasks that are worked out anew where not all of them are asked for."""
WAITS_WD = 10
"""Working days after which evidence waits too long for a decision."""


@check("ledger", "台账的推算", "What the ledger derives")
def tasks_stand_as_their_evidence_says(full: bool) -> Found:
    """Work shares, ends and spells of tasks out anew, of a sample or of all, and compare them with what is kept."""
    roots = Task.objects.filter(parent=None).values_list("pk", flat=True)
    wanted = list(roots.order_by("pk") if full else roots.order_by("?")[:SAMPLE])
    wrong = amiss(wanted, timezone.localdate())
    if not wrong:
        return Found("ok", f"重新推算 {len(wanted)} 项任务，与所存一致", f"{len(wanted)} tasks worked out anew agree")
    some = ", ".join(str(one) for one in wrong[:5])
    return Found(
        "error",
        f"{len(wrong)} 项任务的完成份额或状态与证据不符（编号 {some}）",
        f"{len(wrong)} tasks do not stand as their evidence says (ids {some})",
        "运行 bridgehead ledger restate，从今天起重新推算；若再出现，请保留日志并报告。",
        "Run bridgehead ledger restate, which works them out anew from today on; if it comes back, keep the journal"
        " and report it.",
    )


@check("ledger_leads", "任务的牵头单位", "Leads of tasks")
def leads_are_open(full: bool) -> Found:
    """Count the tasks that are owed by organisations that were closed."""
    owed = Task.objects.filter(state=Task.State.OPEN, done_on=None)
    closed = owed.filter(office__closed_on__isnull=False).count()
    if not closed:
        return Found("ok", f"{owed.count()} 项未完成任务都有牵头单位", f"{owed.count()} open tasks have leads")
    return Found(
        "warning",
        f"{closed} 项未完成任务的牵头单位已经关闭",
        f"{closed} open tasks are led by organisations that were closed",
        "在这些任务的页面上换一个牵头单位，或者终止任务。",
        "Give these tasks another lead on their pages, or end them.",
    )


@check("evidence", "等人核对的证据", "Evidence that waits")
def evidence_is_decided_in_time(full: bool) -> Found:
    """Count the evidence that was handed in and has waited too long for a decision."""
    since = beginning(calendar().add(timezone.localdate(), -WAITS_WD))
    handed_in = Evidence.objects.filter(state=Evidence.State.HANDED_IN)
    late = handed_in.filter(handed_in_at__lt=since).count()
    if not late:
        return Found("ok", f"{handed_in.count()} 份证据等人核对", f"{handed_in.count()} pieces of evidence wait")
    return Found(
        "warning",
        f"{late} 份证据等了 {WAITS_WD} 个工作日以上还没有人核对",
        f"{late} pieces of evidence have waited for more than {WAITS_WD} working days",
        "请布置任务的单位核对：认可，或者写明理由退回。",
        "Ask the body that gave the tasks to accept them, or to return them with a reason.",
    )


@check("terms", "暂定的期限", "Provisional terms")
def terms_are_counted_by_announced_days(full: bool) -> Found:
    """Count what is owed by a day that was counted before the days off of its year were announced."""
    found = unsettled()
    if not found:
        return Found("ok", "期限都按已公布的放假安排计算", "terms are counted by the days off that are announced")
    return Found(
        "warning",
        f"{len(found)} 个期限是在放假安排公布以前算的",
        f"{len(found)} terms were counted before the days off they span were announced",
        "运行 bridgehead ledger restate，按已公布的安排重算。",
        "Run bridgehead ledger restate, which counts them again.",
    )


@check("issued", "发出的通报和公开的文本", "Issued circulars and published copies")
def what_was_issued_says_what_it_said(full: bool) -> Found:
    """Compare circulars and published copies with the digests that were journalled with them; the newest, or all."""
    newest = None if full else SAMPLE
    circulars, copies = (model.objects.order_by("-pk")[:newest] for model in (Circular, Publication))
    changed = [f"{one.RECORD} {one.pk}" for one in circulars if _digest(one) != one.sha256]
    changed += [f"{one.RECORD} {one.pk}" for one in copies if digest_of(one.content) != one.sha256]
    return as_written(len(circulars) + len(copies), changed)


def _digest(circular: Circular) -> str:
    return hashlib.sha256(as_text(circular.content).encode()).hexdigest()
