"""Cases of supervision, opinions, inspections and findings, as they can be found."""

from __future__ import annotations

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.rooms.ledger.models import Finding, Inspection, Opinion, SupervisionCase
from bridgehead.rooms.ledger.who import READ


def _case(record: SupervisionCase) -> Document:
    return Document(
        record=str(record.pk),
        title_zh=record.title,
        title_en="",
        text="\n".join((record.template_zh, record.template_en)),
        page="ledger:supervision-case",
        kwargs={"case": record.pk},
    )


def _opinion(record: Opinion) -> Document:
    return Document(
        record=str(record.pk),
        title_zh=f"{record.matter} · {record.text}"[:120],
        title_en="",
        text="\n".join(filter(None, (record.text, record.answer))),
        page="ledger:opinion",
        kwargs={"opinion": record.pk},
    )


def _inspection(record: Inspection) -> Document:
    return Document(
        record=str(record.pk),
        title_zh=record.title,
        title_en="",
        text="\n".join(filter(None, (record.plan, record.suggestions, *record.group))),
        page="ledger:inspection",
        kwargs={"inspection": record.pk},
    )


def _finding(record: Finding) -> Document:
    return Document(
        record=str(record.pk),
        title_zh=f"{record.matter} · {record.text}"[:120],
        title_en="",
        text=record.text,
        page="ledger:finding",
        kwargs={"finding": record.pk},
    )


def register_supervision() -> None:
    """Register what supervision can be searched for."""
    kinds = (
        ("supervision_case", "监督", "Supervision", SupervisionCase, _case),
        ("supervision_opinion", "审议意见", "Opinions", Opinion, _opinion),
        ("inspection", "执法检查", "Inspections", Inspection, _inspection),
        ("inspection_finding", "检查发现", "Findings", Finding, _finding),
    )
    for order, (kind, zh, en, model, document) in enumerate(kinds, 60):
        register(
            Searchable(kind=kind, title_zh=zh, title_en=en, model=model, document=document, audience=READ, order=order)
        )
