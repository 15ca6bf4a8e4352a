"""What the desk room can be searched for."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils import timezone

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.rooms.desk.models import Fair, FirmCard, NewsItem, Policy, PolicyEdition, TrainingSession
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


def _news(record: NewsItem) -> Document | None:
    """Return an item of news by its words in every language; one that was withdrawn is not found any more."""
    if not record.is_open:
        return None
    titles = record.texts.get("title", {})
    return Document(
        record=str(record.pk),
        title_zh=titles.get("zh", ""),
        title_en=titles.get("en", ""),
        names=tuple(titles.values()),
        text="\n".join((*record.texts.get("text", {}).values(), record.source)),
        page="desk:news-item",
        kwargs={"news": record.pk},
    )


def _expired(viewer: Viewer) -> list[QuerySet[NewsItem]]:
    """Return the question for news that is over: it is found as news by nobody."""
    return [NewsItem.objects.filter(expires_on__lt=timezone.localdate()).values("pk")]


def _session(record: TrainingSession) -> Document | None:
    titles = record.texts.get("title", {})
    return Document(
        record=str(record.pk),
        title_zh=titles.get("zh", ""),
        title_en=titles.get("en", ""),
        names=tuple(titles.values()),
        text="\n".join(record.texts.get("gist", {}).values()),
        page="desk:training-session",
        kwargs={"session": record.pk},
    )


def _fair(record: Fair) -> Document | None:
    titles = record.texts.get("title", {})
    said = [text for kind in ("gist", "place", "organiser") for text in record.texts.get(kind, {}).values()]
    return Document(
        record=str(record.pk),
        title_zh=titles.get("zh", ""),
        title_en=titles.get("en", ""),
        names=tuple(titles.values()),
        text="\n".join(said),
        page="desk:fair",
        kwargs={"fair": record.pk},
    )


def _card(record: FirmCard) -> Document | None:
    """Return what a firm says of itself; only its own people find it while it is not public."""
    titles = record.texts.get("title", {})
    said = [text for kind in ("makes", "buys", "gist") for text in record.texts.get(kind, {}).values()]
    return Document(
        record=str(record.pk),
        title_zh=titles.get("zh", ""),
        title_en=titles.get("en", ""),
        names=tuple(titles.values()),
        text="\n".join(said),
        page="desk:card",
        kwargs={"card": record.pk},
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
    register(
        Searchable(
            kind=NewsItem.RECORD,
            title_zh="资讯",
            title_en="Trade news",
            model=NewsItem,
            document=_news,
            rows=lambda: NewsItem.objects.filter(is_open=True),
            kept_back=_expired,
            order=46,
        )
    )
    register(
        Searchable(
            kind=TrainingSession.RECORD,
            title_zh="培训",
            title_en="Training",
            model=TrainingSession,
            document=_session,
            order=47,
        )
    )
    register(Searchable(kind=Fair.RECORD, title_zh="展会", title_en="Fairs", model=Fair, document=_fair, order=48))
    register(
        Searchable(
            kind=FirmCard.RECORD, title_zh="企业名片", title_en="Firms", model=FirmCard, document=_card, order=49
        )
    )
