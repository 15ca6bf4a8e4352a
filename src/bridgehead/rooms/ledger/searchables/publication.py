"""What of publications can be searched for: questions of the public, by those who may see them."""

from __future__ import annotations

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.rooms.ledger.models import PublicQuestion
from bridgehead.rooms.ledger.who import READ


def _question(record: PublicQuestion) -> Document:
    """Return a question: by its number and text, never by how to reach who asked."""
    return Document(
        record=str(record.pk),
        title_zh=f"{record.number} {record.text[:60]}",
        title_en="",
        names=(record.number,),
        text="\n".join(filter(None, (record.text, record.earlier, record.answer, record.refusal))),
        page="ledger:question",
        kwargs={"question": record.pk},
    )


def register_questions() -> None:
    """Register questions of the public."""
    register(
        Searchable(
            kind="public_question",
            title_zh="公众来件",
            title_en="Questions of the public",
            model=PublicQuestion,
            document=_question,
            audience=READ,
            order=68,
        )
    )
