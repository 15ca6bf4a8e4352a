"""What the desk room can be searched for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from bridgehead.ground.access.audience import SIGNED_IN
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.search.registry import Document, Searchable, register
from bridgehead.rooms.desk.models import (
    Case,
    Fair,
    FirmCard,
    NewsItem,
    OutboundProject,
    Policy,
    PolicyEdition,
    Product,
    PublicReply,
    TrainingSession,
)
from bridgehead.rooms.desk.rules import read_rule
from bridgehead.rooms.desk.selectors.editions import rests_on_withdrawn
from bridgehead.rooms.desk.services import services
from bridgehead.rooms.desk.who import ASK


def _policy(record: Policy) -> Document | None:
    """Return a published policy by the edition that holds and those to come: words in every language, number, issuer.

    The words of both are there, so that it is found on the day the next one begins to hold, when nothing is indexed.
    """
    today = timezone.localdate()
    editions = list(PolicyEdition.objects.filter(policy=record, is_open=True).order_by("holds_from", "number"))
    told = [one for one in editions if one.holds_from <= today][-1:]
    told += [one for one in editions if one.holds_from > today]
    if not told:
        return None
    names, texts = [record.code], []
    for one in told:
        rule = read_rule(one.rule)
        names += [rule.doc_no, *one.words.get("title", {}).values()]
        texts += [text for kind in ("gist", "apply") for text in one.words.get(kind, {}).values()]
        texts += [rule.issuer, rule.source, rule.note]
    titles = told[0].words.get("title", {})
    return Document(
        record=str(record.pk),
        title_zh=titles.get("zh", ""),
        title_en=titles.get("en", ""),
        names=tuple(dict.fromkeys(filter(None, names))),
        text="\n".join(dict.fromkeys(filter(None, texts))),
        page="desk:policy",
        kwargs={"policy": record.code},
    )


def _withdrawn(viewer: Viewer) -> list[QuerySet[Policy]]:
    """Return the question for policies that were withdrawn: nobody finds them among those that can be used."""
    return [Policy.objects.filter(withdrawn_on__lte=timezone.localdate()).values("pk")]


def _reply(record: PublicReply) -> Document | None:
    """Return a public reply by its words in every language; a draft or one that was withdrawn is found by nobody."""
    if not record.is_open:
        return None
    questions = record.texts.get("question", {})
    return Document(
        record=str(record.pk),
        title_zh=questions.get("zh", ""),
        title_en=questions.get("en", ""),
        names=tuple(questions.values()),
        text="\n".join(record.texts.get("answer", {}).values()),
        page="desk:reply",
        kwargs={"reply": record.pk},
    )


def _over(viewer: Viewer) -> list[QuerySet[PublicReply]]:
    """Return the questions for replies that hold no longer, by their end or by a policy's: nobody finds them."""
    over = PublicReply.objects.filter(expires_on__lt=timezone.localdate()).values("pk")
    return [over, PublicReply.objects.filter(rests_on_withdrawn()).values("pk")]


def _news(record: NewsItem) -> Document | None:
    """Return an item of news by its words in every language; one that was withdrawn is not found any more."""
    return _by_texts(record, "desk:news-item", "news", ("text",), record.source) if record.is_open else None


def _expired(viewer: Viewer) -> list[QuerySet[NewsItem]]:
    """Return the question for news that is over: it is found as news by nobody."""
    return [NewsItem.objects.filter(expires_on__lt=timezone.localdate()).values("pk")]


def _session(record: TrainingSession) -> Document | None:
    return _by_texts(record, "desk:training-session", "session", ("gist", "place"))


def _fair(record: Fair) -> Document | None:
    return _by_texts(record, "desk:fair", "fair", ("gist", "place", "organiser"))


def _card(record: FirmCard) -> Document | None:
    """Return what a firm says of itself; only its own people find it while it is not public."""
    return _by_texts(record, "desk:card", "card", ("makes", "buys", "gist"))


def _product(record: Product) -> Document | None:
    """Return a product by its words in every language; one that was taken off the list is not found any more."""
    return _by_texts(record, "desk:product", "product", ("provider", "for_whom")) if record.is_open else None


def _ended(viewer: Viewer) -> list[QuerySet[Product]]:
    """Return the question for products that cannot be had any more."""
    return [Product.objects.filter(valid_until__lt=timezone.localdate()).values("pk")]


def _project(record: OutboundProject) -> Document | None:
    """Return a project abroad for the firm's own people."""
    return Document(
        record=str(record.pk),
        title_zh=record.name,
        title_en="",
        text="\n".join(filter(None, (record.place, record.note))),
        page="desk:outbound-project",
        kwargs={"project": record.pk},
    )


def _case(record: Case) -> Document | None:
    """Return a case for its firm and the office that has it: by its number, its title and its service."""
    service = services().get(record.service)
    return Document(
        record=str(record.pk),
        title_zh=record.title,
        title_en="",
        names=(record.number,),
        text="\n".join((service.name.zh, service.name.en) if service is not None else ()),
        page="desk:case",
        kwargs={"case": record.pk},
    )


def _by_texts(record: Any, page: str, key: str, kinds: tuple[str, ...], more: str = "") -> Document:
    """Return a record with texts by language: its title, and what else it says."""
    titles = record.texts.get("title", {})
    said = [text for kind in kinds for text in record.texts.get(kind, {}).values()]
    return Document(
        record=str(record.pk),
        title_zh=titles.get("zh", ""),
        title_en=titles.get("en", ""),
        names=tuple(titles.values()),
        text="\n".join(filter(None, (*said, more))),
        page=page,
        kwargs={key: record.pk},
    )


_KINDS: tuple[tuple[type[Any], str, str, Callable[[Any], Document | None], dict[str, Any]], ...] = (
    (
        Policy,
        "政策",
        "Policies",
        _policy,
        {"rows": lambda: Policy.objects.exclude(published=None), "kept_back": _withdrawn},
    ),
    (
        NewsItem,
        "资讯",
        "Trade news",
        _news,
        {"rows": lambda: NewsItem.objects.filter(is_open=True), "kept_back": _expired},
    ),
    (
        PublicReply,
        "公开答复",
        "Questions answered",
        _reply,
        {"rows": lambda: PublicReply.objects.filter(is_open=True), "kept_back": _over},
    ),
    (TrainingSession, "培训", "Training", _session, {}),
    (Fair, "展会", "Fairs", _fair, {}),
    (FirmCard, "企业名片", "Firms", _card, {}),
    (Case, "办件", "Cases", _case, {"audience": SIGNED_IN}),
    (OutboundProject, "境外项目", "Projects abroad", _project, {"audience": ASK}),
    (
        Product,
        "产品和服务",
        "Products and services",
        _product,
        {"rows": lambda: Product.objects.filter(is_open=True), "kept_back": _ended},
    ),
)


def register_searchables() -> None:
    """Register every kind of record of the room that can be found."""
    for order, (model, zh, en, document, more) in enumerate(_KINDS, 45):
        one = {"kind": model.RECORD, "title_zh": zh, "title_en": en, "model": model, "document": document}
        register(Searchable(order=order, **one, **more))
