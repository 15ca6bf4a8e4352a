"""What the ledger room can be searched for."""

from __future__ import annotations

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.rooms.ledger.figures_elsewhere import documents
from bridgehead.rooms.ledger.models import Duty, Evidence, Task
from bridgehead.rooms.ledger.searchables.coordination import register_coordination
from bridgehead.rooms.ledger.searchables.programmes import register_programmes
from bridgehead.rooms.ledger.searchables.publication import register_questions
from bridgehead.rooms.ledger.searchables.supervision import register_supervision
from bridgehead.rooms.ledger.who import READ

UNSEEN = (Evidence.State.DRAFT, Evidence.State.WITHDRAWN)
"""Evidence that nobody but its authors has to do with."""
LONGEST_TITLE = 120


def _article(number: int | None) -> tuple[str, ...]:
    return (f"第 {number} 条", f"article {number}") if number else ()


def _task(record: Task) -> Document | None:
    """Return a task, found by what is to be done, by who leads it and by its article."""
    lead = record.office
    return Document(
        record=str(record.pk),
        title_zh=record.title,
        title_en="",
        text="\n".join(filter(None, (record.what, lead.name_zh, lead.name_en, *_article(record.article)))),
        page="ledger:task",
        kwargs={"ledger_task": record.pk},
    )


def _evidence(record: Evidence) -> Document | None:
    """Return evidence that was handed in, found by its claim and by who issued it."""
    if record.state in UNSEEN:
        return None
    return Document(
        record=str(record.pk),
        title_zh=record.claim[:LONGEST_TITLE],
        title_en="",
        text="\n".join(filter(None, (record.claim[LONGEST_TITLE:], record.issuer, record.source))),
        page="ledger:evidence",
        kwargs={"evidence": record.pk},
    )


def _duty(record: Duty) -> Document | None:
    """Return a duty as the ledger follows it, with its place in the statute."""
    organs = "、".join(name for name, _ in record.organs)
    return Document(
        record=str(record.pk),
        title_zh=f"{record.what[:LONGEST_TITLE]} · {record.label}",
        title_en="",
        text="\n".join(filter(None, (organs, record.deadline, record.frequency, *_article(record.article)))),
        page="ledger:duty",
        kwargs={"ledger_duty": record.pk},
    )


def register_searchables() -> None:
    """Register every kind of record of the room that can be found."""
    register(Searchable(kind="indicator", title_zh="指标", title_en="Indicators", of_region=documents, order=60))
    register_coordination()
    register_programmes()
    register_questions()
    register_supervision()
    register(
        Searchable(
            kind=Task.RECORD,
            title_zh="任务",
            title_en="Tasks of the ledger",
            model=Task,
            document=_task,
            rows=lambda: Task.objects.select_related("office"),
            audience=READ,
            order=50,
        )
    )
    register(
        Searchable(
            kind=Evidence.RECORD,
            title_zh="证据",
            title_en="Evidence",
            model=Evidence,
            document=_evidence,
            rows=lambda: Evidence.objects.exclude(state__in=UNSEEN),
            audience=READ,
            order=52,
        )
    )
    register(
        Searchable(
            kind=Duty.RECORD,
            title_zh="台账里的职责",
            title_en="Duties of the ledger",
            model=Duty,
            document=_duty,
            audience=READ,
            order=54,
        )
    )
