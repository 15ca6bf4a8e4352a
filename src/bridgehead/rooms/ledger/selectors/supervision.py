"""Supervision as a whole: open cases with the late ones first, inspections, and faults that are not mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import npgettext, pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.rooms.ledger.models import Finding, Inspection, Opinion, Rectification, SupervisionCase
from bridgehead.rooms.ledger.selectors.as_of import as_said_on, end_of, ended_by, findings_on, mending_on, standing_on
from bridgehead.rooms.ledger.selectors.supervision_lines import CaseLine, OpinionLine, case_lines, opinion_lines

MOST_CASES = 500
MOST_CLOSED = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """The supervision somebody sees on a day: open cases with the late ones first, closed ones, inspections, faults."""

    on: date
    answer: str
    running: Sequence[CaseLine]
    closed: Sequence[CaseLine]
    opinions: Sequence[OpinionLine]
    inspections: Sequence[tuple[Inspection, int, int]]
    more: int

    @property
    def late(self) -> int:
        """How many open cases are late."""
        return sum(one.late_wd > 0 for one in self.running)


def overview(viewer: Viewer, on: date, article: int | None = None, owes: int | None = None) -> Overview:
    """Return the supervision somebody sees as it stood on a day.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    on : date
        The day.
    article : int, optional
        Only what is about this article.
    owes : int, optional
        Only open cases whose next step this organisation owes.

    Articles: 83
    """
    rows = visible(SupervisionCase, viewer).filter(opened_on__lte=on).select_related("owner", "office").order_by("-id")
    every = list(rows[: MOST_CASES + 1])
    listed = [one for one in every[:MOST_CASES] if article is None or article in one.articles]
    lines = case_lines(viewer, on, listed)
    running = [one for one in lines if not one.closed]
    if owes is not None:
        running = [one for one in running if owes == one.by_id]
    closed = sorted((one for one in lines if one.closed), key=lambda one: one.case.closed_on or on, reverse=True)
    inspected = [
        one
        for one in visible(Inspection, viewer).filter(starts_on__lte=on).select_related("owner", "office")[:MOST_CASES]
        if article is None or article in one.articles
    ]
    faults = _faults(viewer, [one.pk for one in inspected], on)
    issued = visible(Opinion, viewer).filter(issued_on__lte=on).select_related("owner", "office", "file")
    opinions = opinion_lines(issued.exclude(state=Opinion.State.ACCEPTED, decided_at__lt=end_of(on)), on)
    return Overview(
        on=on,
        answer=_answer(running, sum(left for _all, left in faults.values())),
        running=running,
        closed=closed[:MOST_CLOSED],
        opinions=sorted(opinions, key=lambda one: (one.opinion.due_on or date.max, one.opinion.pk)),
        inspections=[(ended_by(one, on), *faults.get(one.pk, (0, 0))) for one in inspected],
        more=max(0, len(every) - MOST_CASES),
    )


def _faults(viewer: Viewer, inspections: Sequence[int], on: date) -> dict[int, tuple[int, int]]:
    """Return of each inspection how many faults were found by a day, and how many were neither mended nor handed on."""
    rows = visible(Rectification, viewer).filter(finding__inspection__in=inspections, finding__found_on__lte=on)
    end = end_of(on)
    found: dict[int, tuple[int, int]] = {}
    told = rows.values_list("finding__inspection_id", "state", "decided_at", "handed_on")
    for inspection, state, decided, handed_on in told:
        every, left = found.get(inspection, (0, 0))
        mended = state == Rectification.State.ACCEPTED and decided is not None and decided < end
        passed = handed_on is not None and handed_on <= on
        found[inspection] = (every + 1, left + (not (mended or passed)))
    return found


def _answer(running: Sequence[CaseLine], unmended: int) -> str:
    """Return the one sentence that says how supervision stands."""
    late = sum(one.late_wd > 0 for one in running)
    if not running and not unmended:
        return pgettext("supervision", "没有在办的监督")
    said = []
    if late:
        said.append(npgettext("supervision", "%(n)s 件监督已经逾期", "%(n)s 件监督已经逾期", late) % {"n": late})
    if rest := len(running) - late:
        said.append(npgettext("supervision", "%(n)s 件监督按期在办", "%(n)s 件监督按期在办", rest) % {"n": rest})
    if unmended:
        said.append(
            npgettext("supervision", "%(n)s 个检查发现没有整改完", "%(n)s 个检查发现没有整改完", unmended)
            % {"n": unmended}
        )
    return pgettext("supervision", "，").join(said)


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A fault of an inspection that is not mended.

    Attributes
    ----------
    id : int
        The finding; other subjects name it ``finding 7``.
    inspection, text, severity : str
        The inspection it belongs to, what was found, how grave it is.
    article : int
        The article it is about.
    organisation : int
        The body that answers for it.
    found_on, due_on : date
        When it was found, and by when it is to be mended.
    state : str
        How far its mending is: one of `Rectification.State`.
    """

    id: int
    inspection: str
    text: str
    severity: str
    article: int
    organisation: int
    found_on: date
    due_on: date
    state: str

    @property
    def matter(self) -> str:
        """The name other subjects keep it by."""
        return f"finding {self.id}"


def findings_open(viewer: Viewer, on: date | None = None) -> list[OpenFinding]:
    """Return the faults that are still to be mended on a day, today by default, what is due first standing first.

    Articles: 83
    """
    rows = visible(Finding, viewer).filter(conforming=False).select_related("rectification")
    if on is not None and on < timezone.localdate():
        left = _open_then(rows, on)
    else:
        rows = rows.filter(withdrawn_on=None, rectification__handed_on=None)
        rows = rows.exclude(rectification__state=Rectification.State.ACCEPTED)
        left = [(one, one.rectification) for one in rows]
    return [
        OpenFinding(
            one.pk,
            one.matter,
            one.text,
            one.severity,
            one.article,
            int(one.office_id or 0),
            one.found_on,
            mending.due_on,
            mending.state,
        )
        for one, mending in sorted(left, key=lambda pair: (pair[1].due_on, pair[0].pk))
    ]


def _open_then(rows: QuerySet[Finding], on: date) -> list[tuple[Finding, Rectification]]:
    """Return the faults that were to be mended at the end of a day, and their mending, as both were known then."""
    found = findings_on(list(rows.filter(standing_on(on))), on)
    mendings = [mending_on(one, on) for one in as_said_on([one.rectification for one in found], on)]
    return [
        (one, mending)
        for one, mending in zip(found, mendings, strict=True)
        if mending.handed_on is None and mending.state != Rectification.State.ACCEPTED
    ]
