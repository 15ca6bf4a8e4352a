"""What programmes are found by in the search over everything."""

from __future__ import annotations

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.rooms.ledger.models import Programme
from bridgehead.rooms.ledger.plan_lines import plan_line
from bridgehead.rooms.ledger.programme_kinds import kinds
from bridgehead.rooms.ledger.who import READ


def register_programmes() -> None:
    """Register programmes for the search."""
    register(
        Searchable(
            kind="programme",
            title_zh="项目",
            title_en="Programmes",
            model=Programme,
            document=_document,
            audience=READ,
            order=34,
        )
    )


def _document(record: Programme) -> Document | None:
    """Return a programme as it is found: by its names and code, its kind, what comes next, and its own words."""
    kind = kinds().get(record.kind)
    names = (kind.name_zh, kind.name_en) if kind else ()
    words = (value for value in record.fields.values() if isinstance(value, str))
    return Document(
        record=str(record.pk),
        title_zh=record.name_zh,
        title_en=record.name_en,
        names=(record.code,),
        text="\n".join(filter(None, (*names, record.next_step, *_plan(record), record.source, *words))),
        page="ledger:programme",
        kwargs={"programme": record.pk},
    )


def _plan(record: Programme) -> list[str]:
    found = plan_line(record.plan_line)
    return [found.text(name) for name in ("plan_zh", "plan_en", "title_zh", "title_en")] if found else []
