"""What the public sees: copies of dossiers that are open, and what those who publish see of all copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.wording import day
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.rooms.ledger.models import PublicAnswer, Publication, PublicQuestion
from bridgehead.rooms.ledger.selectors.publication_copy import Copy, copy_of
from bridgehead.rooms.statute.public import regulation_title, title

MOST_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class Published:
    """A public copy as it is shown."""

    record: Publication
    copy: Copy


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that was published: the question in the office's words, the body that answers, and the answer."""

    record: PublicAnswer
    kind: str
    body: str
    about: str

    @property
    def articles(self) -> tuple[int, ...]:
        """The number of its article, for the chip."""
        return (self.record.article,) if self.record.article else ()


@dataclass(frozen=True, slots=True)
class PublicList:
    """What the region publishes: the answer in one sentence, of which regulation, copies by article, and answers."""

    says: str
    regulation: str
    copies: Sequence[Published]
    answers: Sequence[Answered]


@dataclass(frozen=True, slots=True)
class PublicArticle:
    """The copies of an article that are shown, one of each body that published the year; other years; answers."""

    shown: Sequence[Published]
    other_years: Sequence[int]
    answers: Sequence[Answered]

    @property
    def year(self) -> int:
        """The year they are of."""
        return self.shown[0].record.year

    @property
    def article(self) -> int:
        """The number of the article."""
        return self.shown[0].record.article

    @property
    def title(self) -> str:
        """The short title of the article."""
        return self.shown[0].copy.title

    @property
    def articles(self) -> tuple[int, ...]:
        """The number of its article, for the chip."""
        return (self.article,)


def kind_word(kind: str) -> str:
    """Return what a question of the public is called."""
    words = {"question": _("提问"), "suggestion": _("建议"), "complaint": _("投诉")}
    return words.get(kind, kind)


def public_list(viewer: Viewer) -> PublicList:
    """Return the newest open copy of each article by each body, in order, and the answers that were published.

    Articles: 7
    """
    newest: dict[tuple[int, int], Publication] = {}
    for one in visible(Publication, viewer).filter(is_open=True).order_by("article", "-year", "-published_on", "-id"):
        newest.setdefault((one.article, one.owner_id), one)
    copies = [_published(one) for one in newest.values()]
    return PublicList(_says(copies), regulation_title(), copies, public_answers(viewer))


def public_article(viewer: Viewer, article: int, year: str = "") -> PublicArticle:
    """Return the open copies of an article, of a year or of the newest one: each body that published has its own.

    Raises
    ------
    BridgeheadError
        ``publication.no_such_copy`` where nothing of it is public.

    Articles: 7
    """
    rows = list(
        visible(Publication, viewer).filter(article=article, is_open=True).order_by("-year", "-published_on", "-id")
    )
    shown = [one for one in rows if str(one.year) == (year or str(rows[0].year))]
    if not shown:
        raise BridgeheadError("publication.no_such_copy", {"article": article}, Place(field="article"))
    others = sorted({one.year for one in rows} - {shown[0].year}, reverse=True)
    return PublicArticle([_published(one) for one in shown], others, public_answers(viewer, article))


def public_answers(viewer: Viewer, article: int | None = None) -> list[Answered]:
    """Return the answers that are public, the newest first; of an article, or all."""
    rows = visible(PublicAnswer, viewer).filter(is_open=True)
    if article is not None:
        rows = rows.filter(article=article)
    return [answered(one) for one in rows.order_by("-published_on", "-id")[:MOST_ANSWERS]]


def answered(one: PublicAnswer) -> Answered:
    """Return an answer as it is shown."""
    body = speak(language(), one.body_zh, one.body_en or one.body_zh)
    return Answered(one, kind_word(one.kind), body, title(one.article) if one.article else "")


def published_answer(viewer: Viewer, question: PublicQuestion) -> PublicAnswer | None:
    """Return the answer of a question that is public now; None where there is none."""
    return visible(PublicAnswer, viewer).filter(question=question, withdrawn_on=None).order_by("-id").first()


def copies_of(viewer: Viewer, article: int) -> list[Publication]:
    """Return every copy of an article that somebody may see, withdrawn ones with their reason, the newest first."""
    return list(visible(Publication, viewer).filter(article=article).select_related("owner").defer("content"))


def open_copies(viewer: Viewer, article: int | None = None) -> dict[int, date]:
    """Return when the newest open copy of an article, or of each, was published."""
    rows = visible(Publication, viewer).filter(is_open=True).order_by("published_on", "id")
    if article is not None:
        rows = rows.filter(article=article)
    return dict(rows.values_list("article", "published_on"))


def _published(one: Publication) -> Published:
    return Published(one, copy_of(one.content, language()))


def _says(copies: Sequence[Published]) -> str:
    if not copies:
        return _("还没有公开任何条文的落实情况")
    count = len({one.record.article for one in copies})
    newest = max(one.record.published_on for one in copies)
    said = ngettext("公开了 %(n)d 条的落实情况", "公开了 %(n)d 条的落实情况", count) % {"n": count}
    return said + _("，最近一次在 %(day)s") % {"day": day(newest, language())}
