"""Meetings, decisions and problems as search finds them."""

from __future__ import annotations

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.rooms.ledger.models import Decision, Meeting, Problem
from bridgehead.rooms.ledger.who import READ


def _meeting(record: Meeting) -> Document:
    return Document(
        record=str(record.pk),
        title_zh=record.title,
        title_en="",
        text="\n".join(filter(None, (*record.agenda, record.place, record.chair))),
        page="ledger:meeting",
        kwargs={"meeting": record.pk},
    )


def _decision(record: Decision) -> Document:
    return Document(
        record=str(record.pk),
        title_zh=record.text.splitlines()[0][:120],
        title_en="",
        text=record.text,
        page="ledger:decision",
        kwargs={"decision": record.pk},
    )


def _problem(record: Problem) -> Document:
    return Document(
        record=str(record.pk),
        title_zh=record.title,
        title_en="",
        names=(record.finding,) if record.finding else (),
        text="\n".join(filter(None, (record.what, record.place, record.measures, record.result))),
        page="ledger:problem",
        kwargs={"problem": record.pk},
    )


def register_coordination() -> None:
    """Register meetings, decisions and problems."""
    kinds = (
        ("meeting", "会议", "Meetings", Meeting, _meeting, 50),
        ("decision", "议定事项", "Decisions", Decision, _decision, 52),
        ("problem", "问题清单", "Problems", Problem, _problem, 54),
    )
    for kind, zh, en, model, document, order in kinds:
        register(
            Searchable(kind=kind, title_zh=zh, title_en=en, model=model, document=document, audience=READ, order=order)
        )
