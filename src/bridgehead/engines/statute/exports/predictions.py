"""What was read, in the form programs that compare readings with gold labels take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bridgehead.engines.statute.model import Actor, Article, Duty, Statute


def prediction(statute: Statute, duties: Sequence[Duty] = (), name: str = "") -> dict[str, Any]:
    """Return one document: title, days, chapters, sections, articles with their paragraphs, duties.

    Parameters
    ----------
    statute : Statute
        What was read.
    duties : sequence of Duty
        Its duties.
    name : str
        Id of the document; by default the name of the file it came from, without its ending.
    """
    effect = statute.effect
    return {
        "doc": name or statute.source.name,
        "title": statute.title,
        "adoption_date": statute.adopted.isoformat() if statute.adopted else None,
        "effective_date": effect.day.isoformat() if effect.day else None,
        "effective_rule": effect.rule,
        "chapters": [{"number": one.number, "title": one.title} for one in statute.chapters],
        "sections": [{"chapter": one.chapter, "number": one.number, "title": one.title} for one in statute.sections],
        "articles": [_article(article) for article in statute.articles],
        "duties": _duties(statute, duties),
    }


def _article(article: Article) -> dict[str, Any]:
    return {
        "number": article.number,
        "chapter": article.chapter,
        "section": article.section,
        "paragraphs": [paragraph.whole.text for paragraph in article.paragraphs],
        "n_items": sum(item.is_counted for paragraph in article.paragraphs for item in paragraph.items),
    }


def _duties(statute: Statute, duties: Sequence[Duty]) -> list[dict[str, Any]]:
    numbers = {article.id: article.number for article in statute.articles}
    places = {one.id: one.number for article in statute.articles for one in article.paragraphs}
    return [
        {
            "article": numbers[duty.article],
            "paragraph": places[duty.paragraph],
            "actors": _names(duty.actors),
            "modality": duty.modality.value,
            "co_actors": _names(duty.co_actors),
            "reporting": duty.reporting,
            "budget": duty.budget,
            "assessment": duty.assessment,
        }
        for duty in duties
    ]


def _names(actors: Sequence[Actor]) -> list[str]:
    return list(dict.fromkeys(actor.name for actor in actors))
