"""The dossier of an article (条款落实情况): what it asks, what was done this year and last, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.kernel.errors import BridgeheadError, Place
from bridgehead.regions.statute import Chapter, Statute, statute_of
from bridgehead.rooms.ledger.dossier import Asked, Section, sections
from bridgehead.rooms.ledger.selectors.dossier_counts import NOTHING, Counted, counted
from bridgehead.rooms.statute.public import address, article_numbers, gist, title

FIGURES = "figures"
YEARS = 5
"""So many years back where the regulation does not say since when it holds."""
MOST = 200
"""Lines of a section in the dossier of one article."""
MOST_IN_ALL = 10
"""Lines of a section of each article in the report on all of them."""


@dataclass(frozen=True, slots=True)
class When:
    """The year a dossier is about, and the day as of which it speaks.

    Attributes
    ----------
    year : int
        The year; the one before stands beside it.
    on : date
        Today, or the last day of a year that is over.
    over : bool
        Whether the year is over.
    years : tuple of int
        Which can be asked for, the newest first.
    """

    year: int
    on: date
    over: bool
    years: tuple[int, ...]

    @property
    def before(self) -> int:
        """The year beside it."""
        return self.year - 1


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: in which section, and one sentence."""

    key: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the ledger knows of an article, as far as somebody may see it.

    Attributes
    ----------
    article : int
        Its number.
    title, gist, page : str
        Its short title, what it asks in our own words, and the address of its page.
    says : str
        The answer in one sentence.
    numbers : Counted
        The numbers the answer rests on.
    sections : sequence of Section
        The chain, in order.
    gaps : sequence of Gap
        What is missing, collected.
    """

    article: int
    title: str
    gist: str
    page: str
    says: str
    numbers: Counted
    sections: Sequence[Section]
    gaps: Sequence[Gap]

    @property
    def articles(self) -> tuple[int, ...]:
        """Its number, for the chip."""
        return (self.article,)


@dataclass(frozen=True, slots=True)
class ChapterPart:
    """The dossiers of the articles of a chapter."""

    number: int
    title: str
    dossiers: Sequence[Dossier]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole regulation as one report: the answer, and the dossiers by chapter."""

    when: When
    says: str
    chapters: Sequence[ChapterPart]

    @property
    def dossiers(self) -> Sequence[Dossier]:
        """Every dossier in order."""
        return [one for part in self.chapters for one in part.dossiers]


def when(asked: str = "") -> When:
    """Return the year somebody asks for; the running one by default.

    Raises
    ------
    BridgeheadError
        ``request.bad_filter`` with the years there are.
    """
    now = today()
    about = current().region.settings.statute
    first = about.in_force.year if about is not None and about.in_force is not None else now.year - YEARS
    years = tuple(range(now.year, min(first, now.year) - 1, -1))
    if not asked:
        return When(now.year, now, False, years)
    if asked not in {str(one) for one in years}:
        raise BridgeheadError("request.bad_filter", {"value": asked, "allowed": list(years)}, Place(field="year"))
    year = int(asked)
    over = year < now.year
    return When(year, date(year, 12, 31) if over else now, over, years)


def dossier_of(viewer: Viewer, article: int, asked: When, most: int = MOST) -> Dossier:
    """Return the dossier of an article.

    Raises
    ------
    BridgeheadError
        ``dossier.no_such_article``.

    Articles: 6, 79, 85
    """
    if article not in article_numbers():
        raise BridgeheadError("dossier.no_such_article", {"article": article}, Place(field="article"))
    found = sections(Asked(viewer, (article,), asked.year, asked.on, most))[article]
    return _dossier(article, counted(viewer, asked.year, asked.on, (article,)).get(article, NOTHING), found)


def report_of(viewer: Viewer, asked: When, most: int = MOST_IN_ALL) -> Report:
    """Return the dossiers of every article, read in one pass.

    Articles: 6, 79, 85
    """
    articles = article_numbers()
    numbers = counted(viewer, asked.year, asked.on)
    found = sections(Asked(viewer, articles, asked.year, asked.on, most))
    all_of_them = {number: _dossier(number, numbers.get(number, NOTHING), found[number]) for number in articles}
    return Report(asked, says_of_all(articles, numbers), _by_chapter(all_of_them))


def says_of_all(articles: Sequence[int], numbers: Mapping[int, Counted]) -> str:
    """Return the answer on several articles in one sentence: how many have tasks, and how many are late."""
    if not articles:
        return _("没有符合的条文")
    tasked = sum(1 for one in articles if numbers.get(one, NOTHING).tasks)
    late = sum(1 for one in articles if numbers.get(one, NOTHING).late)
    if not tasked:
        return ngettext("%(n)d 条都还没有任务", "%(n)d 条都还没有任务", len(articles)) % {"n": len(articles)}
    told = {"n": len(articles), "tasked": tasked}
    first = ngettext("%(n)d 条里 %(tasked)d 条有任务", "%(n)d 条里 %(tasked)d 条有任务", len(articles)) % told
    return first + _comma() + (_("%(n)d 条有逾期") % {"n": late} if late else _("没有逾期的"))


def says_of(article: int, numbers: Counted, found: Sequence[Section]) -> str:
    """Return the answer on an article in one sentence."""
    parts = [_of_duties(numbers), *_of_tasks(numbers)]
    figures = next((one for one in found if one.key == FIGURES), None)
    if figures is not None:
        count = figures.count
        parts.append(ngettext("%(n)d 个数据", "%(n)d 个数据", count) % {"n": count} if count else _("没有数据"))
    return _("第 %(article)d 条：") % {"article": article} + _comma().join(parts)


def _of_duties(numbers: Counted) -> str:
    if not numbers.duties:
        return _("台账里还没有职责")
    said = ngettext("%(n)d 项职责", "%(n)d 项职责", numbers.duties) % {"n": numbers.duties}
    if not numbers.tasked:
        return said + _comma() + pgettext("duties", "都没有任务")
    if numbers.tasked == numbers.duties:
        return said + _comma() + pgettext("duties", "都有任务")
    return said + _comma() + _("%(n)d 项有任务") % {"n": numbers.tasked}


def _of_tasks(numbers: Counted) -> list[str]:
    if not numbers.tasks:
        return []
    said = (
        [ngettext("%(n)d 项任务", "%(n)d 项任务", numbers.tasks) % {"n": numbers.tasks}] if not numbers.duties else []
    )
    if numbers.late:
        said.append(ngettext("%(n)d 项任务逾期", "%(n)d 项任务逾期", numbers.late) % {"n": numbers.late})
    elif numbers.owed:
        said.append(_("没有逾期"))
    else:
        said.append(pgettext("tasks", "都已完成"))
    return said


def _comma() -> str:
    return speak(language(), "，", ", ")


def _dossier(article: int, numbers: Counted, found: Sequence[Section]) -> Dossier:
    return Dossier(
        article,
        title(article),
        gist(article),
        address(article),
        says_of(article, numbers, found),
        numbers,
        found,
        [Gap(one.key, one.title, one.gap) for one in found if one.gap],
    )


def _by_chapter(dossiers: Mapping[int, Dossier]) -> list[ChapterPart]:
    known = structure()
    parts = []
    for chapter in known.chapters:
        inside = [dossiers[one.number] for one in known.in_chapter(chapter.number) if one.number in dossiers]
        if inside:
            parts.append(ChapterPart(chapter.number, chapter.title(language()), inside))
    return parts


def structure() -> Statute:
    """Return chapters and articles of the region's regulation."""
    loaded = current()
    found: Statute = loaded.remember("ledger.structure", lambda: statute_of(loaded.region))
    return found


def chapters() -> tuple[Chapter, ...]:
    """Return the chapters of the region's regulation."""
    return structure().chapters
