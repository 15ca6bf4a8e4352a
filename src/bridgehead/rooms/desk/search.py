"""What the desk room can be searched for."""

from __future__ import annotations

from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.rooms.desk.models import Policy, PolicyEdition
from bridgehead.rooms.desk.rules import read_rule


def _policy(record: Policy) -> Document | None:
    """Return a published policy by the edition published last: its words in every language, its number, its issuer."""
    edition = PolicyEdition.objects.filter(policy=record, number=record.published).first()
    if edition is None:
        return None
    rule = read_rule(edition.rule)
    titles = edition.words.get("title", {})
    said = [text for kind in ("gist", "apply") for text in edition.words.get(kind, {}).values()]
    return Document(
        record=str(record.pk),
        title_zh=titles.get("zh", ""),
        title_en=titles.get("en", ""),
        names=tuple(filter(None, (record.code, rule.doc_no, *titles.values()))),
        text="\n".join(filter(None, (*said, rule.issuer, rule.source, rule.note))),
        page="desk:policy",
        kwargs={"policy": record.code},
    )


def register_searchables() -> None:
    """Register every kind of record of the room that can be found."""
    register(
        Searchable(
            kind=Policy.RECORD,
            title_zh="政策",
            title_en="Policies",
            model=Policy,
            document=_policy,
            rows=lambda: Policy.objects.exclude(published=None),
            order=45,
        )
    )
