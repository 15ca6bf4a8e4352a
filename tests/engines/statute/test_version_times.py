"""Versions in time: which is in force on a day, and an article through all of them."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from bridgehead.engines.statute.model import Statute
from bridgehead.engines.statute.versions import Kind, in_force_at, stages, timeline
from tests.engines.statute.drafts import Article, Draft, Paragraph, invented, sentence


@pytest.fixture
def versions() -> list[Statute]:
    """Return three versions: as adopted, with an article put in by a later amendment, and with one split."""
    draft = invented(random.Random(4))
    first = draft.read()
    draft.head += "\n\n2022年7月1日 湖滨市第一届人民代表大会第九次会议修正"
    draft.chapters[0].articles.insert(2, Article(paragraphs=[Paragraph(text=sentence(random.Random(1)) * 2)]))
    second = draft.read()
    draft.head += "\n\n2024年2月3日 湖滨市第二届人民代表大会第一次会议修订"
    draft.chapters[-1].articles[-1].paragraphs[0].text = "本条例自2024年5月1日起施行。"
    _split(draft)
    return [first, second, draft.read()]


def _split(draft: Draft) -> None:
    articles = draft.chapters[0].articles
    at = next(at for at, article in enumerate(articles) if at > 3 and len(article.paragraphs) > 1)
    articles.insert(at + 1, Article(paragraphs=articles[at].paragraphs[1:]))
    articles[at].paragraphs = articles[at].paragraphs[:1]


def test_a_version_is_in_force_until_the_next_one_is(versions: list[Statute]) -> None:
    known = timeline(reversed(versions))
    assert [version.statute for version in known] == versions
    assert [(version.since, version.basis) for version in known] == [
        (date(2021, 6, 1), "effect"),
        (date(2022, 7, 1), "event"),
        (date(2024, 5, 1), "effect"),
    ]
    assert [version.until for version in known] == [date(2022, 7, 1), date(2024, 5, 1), None]


def test_the_version_in_force_on_a_day(versions: list[Statute]) -> None:
    assert in_force_at(versions, date(2021, 5, 31)) is None
    for day, expected in ((date(2021, 6, 1), 0), (date(2022, 7, 1), 1), (date(2024, 4, 30), 1), (date(2030, 1, 1), 2)):
        version = in_force_at(versions, day)
        assert version is not None
        assert version.statute is versions[expected]
    version = in_force_at(versions, date(2022, 7, 1) - timedelta(days=1))
    assert version is not None
    assert version.statute is versions[0]


def test_an_article_through_the_versions(versions: list[Statute]) -> None:
    known = timeline(versions)
    inserted = stages(known, "art_3", at=1)
    assert [len(stage.articles) for stage in inserted] == [0, 1, 1]
    assert [change.kind for change in inserted[1].changes] == [Kind.NEW]
    followed = stages(known, "art_20")
    assert [stage.articles[0].id for stage in followed] == ["art_18", "art_19", "art_20"]
    assert [[change.kind for change in stage.changes] for stage in followed] == [
        [],
        [Kind.RENUMBERED],
        [Kind.RENUMBERED],
    ]


def test_a_split_article_has_two_in_the_later_version(versions: list[Statute]) -> None:
    known = timeline(versions)
    split = next(
        article.id for article in versions[1].articles if len(stages(known, article.id, at=1)[2].articles) == 2
    )
    assert [change.kind for change in stages(known, split, at=1)[2].changes] == [Kind.SPLIT]


def test_a_statute_without_any_day_is_in_force_on_none() -> None:
    draft = invented(random.Random(4))
    draft.head = ""
    draft.chapters[-1].articles[-1].paragraphs[0].text = "本条例由渡口管理处负责解释，遇有疑问的以名册为准。"
    statute = draft.read()
    assert [(version.since, version.basis) for version in timeline([statute])] == [(None, "unknown")]
    assert in_force_at([statute], date(2030, 1, 1)) is None
