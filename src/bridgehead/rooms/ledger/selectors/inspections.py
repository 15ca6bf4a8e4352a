"""One law inspection: articles and questions, samples, findings by article, and how faults are mended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import npgettext, pgettext

from bridgehead.ground import wording
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Finding, Inspection, Lot, Question, Rectification, Sample
from bridgehead.rooms.ledger.pools import kinds
from bridgehead.rooms.ledger.selectors.as_of import ended_by, findings_on, mending_on, standing_on
from bridgehead.rooms.ledger.who import KEEP, SUPERVISE, name_of, named, names_of
from bridgehead.rooms.statute.public import title

_WAITING = (Rectification.State.OPEN, Rectification.State.RETURNED)


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding with who answers for it and how far its mending is.

    ``mending`` is None where it is in order, and for those who may not see it.
    """

    finding: Finding
    body: str
    severity: str
    mending: Rectification | None
    state: str
    late: bool
    author: str
    handed_in_by: str
    decided_by: str

    @property
    def articles(self) -> tuple[int]:
        """The article it is about, for its chip."""
        return (self.finding.article,)

    @property
    def to_mend(self) -> bool:
        """Whether something is still to be done about it here: what was handed on is done elsewhere."""
        if self.mending is None or self.mending.handed_on is not None:
            return False
        return self.mending.state != Rectification.State.ACCEPTED


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """An article that is looked at, with its questions and what was found."""

    article: int
    title: str
    questions: Sequence[Question]
    findings: Sequence[FindingLine]

    @property
    def only(self) -> tuple[int]:
        """The article by itself, for its chip."""
        return (self.article,)


@dataclass(frozen=True, slots=True)
class LotLine:
    """A draw by lot: from what, by which seed, how many of how many."""

    lot: Lot
    kind: str
    drawn: int

    @property
    def of(self) -> int:
        """How many it was drawn from."""
        return len(self.lot.pool)


@dataclass(frozen=True, slots=True)
class InspectionPage:
    """Everything about an inspection on a day.

    ``unlisted`` is how many places are visited later, which who is inspected is not told before.
    """

    inspection: Inspection
    on: date
    answer: str
    owner: str
    inspected: str
    parts: Sequence[ArticlePart]
    samples: Sequence[Sample]
    lots: Sequence[LotLine]
    unlisted: int
    may_keep: bool

    @property
    def ended(self) -> str:
        """How it ended and when, in words; empty while it goes on."""
        return ending_words(self.inspection)

    @property
    def findings(self) -> list[FindingLine]:
        """Every finding, by article."""
        return [one for part in self.parts for one in part.findings]

    @property
    def faults(self) -> list[FindingLine]:
        """The findings that are faults."""
        return [one for one in self.findings if not one.finding.conforming]

    @property
    def questions(self) -> list[Question]:
        """Every question, by article."""
        return [one for part in self.parts for one in part.questions]


def severity_word(severity: str) -> str:
    """Return the word for how grave a fault is."""
    return {
        "": "",
        "minor": pgettext("supervision", "一般"),
        "serious": pgettext("supervision", "较重"),
        "grave": pgettext("supervision", "严重"),
    }[severity]


def mending_word(state: str) -> str:
    """Return the word for how far the mending of a fault is."""
    return {
        "open": pgettext("supervision", "待整改"),
        "handed_in": pgettext("supervision", "待核对"),
        "accepted": pgettext("supervision", "已整改"),
        "returned": pgettext("supervision", "已退回"),
    }[state]


def endings() -> list[tuple[str, str]]:
    """Return the ways an inspection ends as choices."""
    return [
        ("adopted", pgettext("supervision", "报告已通过；没有整改完的继续整改")),
        ("settled", pgettext("supervision", "问题都已整改，或已转入问题清单")),
    ]


def ending_words(inspection: Inspection) -> str:
    """Return how an inspection ended and when; empty while it goes on."""
    if inspection.closed_on is None:
        return ""
    said = {
        "adopted": pgettext("supervision", "%(day)s 结束：报告已通过"),
        "settled": pgettext("supervision", "%(day)s 结束：问题都已整改或转出"),
    }[inspection.closed_how]
    return said % {"day": wording.day(inspection.closed_on, language())}


def _stands(mending: Rectification | None) -> str:
    """Return how far the mending of a finding is, in words."""
    if mending is None:
        return pgettext("supervision", "符合")
    if mending.handed_on is not None and mending.state != Rectification.State.ACCEPTED:
        return pgettext("supervision", "已转入问题清单")
    return mending_word(mending.state)


def finding_lines(viewer: Viewer, findings: Sequence[Finding], on: date) -> list[FindingLine]:
    """Return findings as pages show them on a day."""
    mendings = {
        one.finding_id: mending_on(one, on)
        for one in visible(Rectification, viewer).filter(finding__in=findings).select_related("file")
    }
    ids = {one.author_id for one in (*findings, *mendings.values())} | {one.decided_by for one in mendings.values()}
    people = names_of(ids)
    found = []
    for one in findings:
        mending = mendings.get(one.pk)
        waits = mending is not None and mending.handed_on is None and mending.state in _WAITING
        found.append(
            FindingLine(
                finding=one,
                body=named(one.office),
                severity=severity_word(one.severity),
                mending=mending,
                state=_stands(mending),
                late=bool(mending and waits and mending.due_on < on),
                author=name_of(one.author_id, people),
                handed_in_by=name_of(mending.author_id, people) if mending else "",
                decided_by=name_of(mending.decided_by, people) if mending else "",
            )
        )
    return found


def inspection_page(viewer: Viewer, inspection: int, on: date) -> InspectionPage:
    """Return everything about an inspection as it stood on a day.

    Raises
    ------
    BridgeheadError
        ``supervision.no_such_inspection``.

    Articles: 83
    """
    rows = visible(Inspection, viewer).select_related("owner", "office", "case")
    record = rows.filter(pk=inspection).first()
    if record is None:
        raise BridgeheadError("supervision.no_such_inspection")
    record = ended_by(record, on)
    questions = list(visible(Question, viewer).filter(inspection=record))
    found = visible(Finding, viewer).filter(standing_on(on), inspection=record)
    parts = ("office", "sample", "question", "file")
    findings = finding_lines(viewer, findings_on(list(found.select_related(*parts)), on), on)
    every = visible(Sample, viewer).filter(inspection=record).exclude(lot__drawn_on__gt=on).select_related("lot")
    samples, later = _told(viewer, record, list(every), on)
    drawn_later = {one.lot_id for one in later}
    lots = [
        one
        for one in visible(Lot, viewer).filter(inspection=record, drawn_on__lte=on)
        if one.pk not in drawn_later  # who has the seed and what was drawn from can draw again
    ]
    words = dict(kinds())
    return InspectionPage(
        inspection=record,
        on=on,
        answer=_answer(record, findings, on),
        owner=named(record.owner),
        inspected=named(record.office),
        parts=[
            ArticlePart(
                number,
                title(number),
                [one for one in questions if one.article == number],
                [one for one in findings if one.finding.article == number],
            )
            for number in record.articles
        ],
        samples=samples,
        lots=[LotLine(one, words.get(one.kind, one.kind), sum(it.lot_id == one.pk for it in samples)) for one in lots],
        unlisted=len(later),
        may_keep=keeps(viewer, record.owner_id),
    )


def _told(
    viewer: Viewer, inspection: Inspection, samples: Sequence[Sample], on: date
) -> tuple[list[Sample], list[Sample]]:
    """Return the samples somebody is told of, and those they are not: nobody is told before that they are visited.

    Who inspects sees all of them. The others see one from the day of its visit on, and one without a day after the
    inspection.
    """
    if viewer.system or any(one.organisation_id == inspection.owner_id for one in viewer.grants):
        return list(samples), []
    later = [one for one in samples if (one.visit_on or inspection.ends_on) > on]
    return [one for one in samples if one not in later], later


def keeps(viewer: Viewer, organisation: int) -> bool:
    """Tell whether somebody keeps the inspections of an organisation."""
    return any(viewer.grant_for(one, organisation, to_write=True) for one in (SUPERVISE, KEEP))


def _answer(inspection: Inspection, findings: Sequence[FindingLine], on: date) -> str:
    """Return the one sentence that says how an inspection stands."""
    faults = [one for one in findings if not one.finding.conforming]
    if not findings:
        return (
            pgettext("supervision", "还没有检查发现")
            if inspection.starts_on <= on
            else pgettext("supervision", "检查还没有开始")
        )
    if not faults:
        return npgettext("supervision", "检查了 %(n)s 处，都符合", "检查了 %(n)s 处，都符合", len(findings)) % {
            "n": len(findings)
        }
    said = [npgettext("supervision", "发现 %(n)s 个问题", "发现 %(n)s 个问题", len(faults)) % {"n": len(faults)}]
    left = sum(one.to_mend for one in faults)
    late = sum(one.late for one in faults)
    if not left:
        said.append(pgettext("supervision", "都已整改"))
    else:
        said.append(npgettext("supervision", "%(n)s 个没有整改完", "%(n)s 个没有整改完", left) % {"n": left})
    if late:
        said.append(npgettext("supervision", "其中 %(n)s 个逾期", "其中 %(n)s 个逾期", late) % {"n": late})
    return pgettext("supervision", "，").join(said)


def finding_page(viewer: Viewer, finding: int, on: date) -> FindingLine:
    """Return one finding as it stood on a day, with its question and its sample where somebody may see them.

    Raises
    ------
    BridgeheadError
        ``supervision.no_such_finding``.

    Articles: 83
    """
    rows = visible(Finding, viewer).filter(found_on__lte=on).select_related("owner", "office", "file")
    record = rows.filter(pk=finding).first()
    if record is None:
        raise BridgeheadError("supervision.no_such_finding")
    record.question = visible(Question, viewer).filter(pk=record.question_id).first() if record.question_id else None
    record.sample = visible(Sample, viewer).filter(pk=record.sample_id).first() if record.sample_id else None
    return finding_lines(viewer, findings_on([record], on), on)[0]
