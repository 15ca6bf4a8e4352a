"""The first three sections of a dossier: duties with who answers for them, tasks with how they stand, evidence.

Each is read once for all articles that are asked for, whatever their number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.language import language, speak
from bridgehead.ground.wording import day, percent, spelt_words
from bridgehead.rooms.ledger.dossier import Asked, Line, Section
from bridgehead.rooms.ledger.models import Duty, Evidence, Part, Responsibility, Spell, Task
from bridgehead.rooms.ledger.selectors.as_of import as_said_on, end_of
from bridgehead.rooms.ledger.selectors.duties_then import duties_on
from bridgehead.rooms.ledger.selectors.tasks_then import A_READ, batched, late_on, titles_on
from bridgehead.rooms.ledger.who import wholly
from bridgehead.rooms.statute.public import held_duties, modality

DUTIES, TASKS, EVIDENCE = "duties", "tasks", "evidence"
FEW = 10
"""Of up to so many articles the tasks are looked for first; of more, all evidence is counted by task."""
HANDED_IN_TWICE = 3
"""The least version of evidence that was handed in, returned, and handed in again."""
AT_MOST_WORDS = 120
"""Characters of what a duty asks; its page has the whole."""


@dataclass(frozen=True, slots=True)
class Span:
    """A year up to the day as of which it speaks."""

    first: date
    on: date


def span(year: int, on: date) -> Span:
    """Return a year up to a day, or the whole of it where it was over by then."""
    return Span(date(year, 1, 1), min(on, date(year, 12, 31)))


def duties_section(asked: Asked) -> Mapping[int, Section]:
    """Return the duties of each article with who answered for them, at the end of both years.

    Articles: 6
    """
    before = date(asked.year - 1, 12, 31)
    by_article = [_duties(asked, on) for on in (asked.on, before)]
    leads = _responsible(asked, {row.pk for found in by_article for rows in found.values() for row in rows})
    in_text = _in_text(asked)
    sections = {}
    for article in asked.articles:
        now, then = (found.get(article, []) for found in by_article)
        sections[article] = Section(
            DUTIES,
            pgettext("dossier", "职责"),
            (
                pgettext("dossier", "做什么"),
                pgettext("dossier", "要求"),
                pgettext("dossier", "条款"),
                pgettext("dossier", "牵头单位"),
                pgettext("dossier", "期限"),
            ),
            [_duty_line(row, leads, asked.on) for row in now[: asked.most]],
            [_duty_line(row, leads, before) for row in then[: asked.most]],
            _duties_gap(now, leads, asked.on, in_text[article]),
            max(0, len(now) - asked.most),
            more_before=max(0, len(then) - asked.most),
        )
    return sections


def tasks_section(asked: Asked) -> Mapping[int, Section]:
    """Return the tasks of each article as they stood at the end of both years, what is late first.

    Articles: 6, 79
    """
    heads = (
        _("任务"),
        pgettext("dossier", "牵头单位"),
        pgettext("dossier", "到期"),
        pgettext("dossier", "进度"),
        pgettext("dossier", "状态"),
    )
    now = _tasks(asked, span(asked.year, asked.on))
    then = _tasks(asked, span(asked.year - 1, asked.on))
    sections = {}
    for article in asked.articles:
        lines, count = now.get(article, ([], 0))
        before, count_before = then.get(article, ([], 0))
        sections[article] = Section(
            TASKS,
            pgettext("dossier", "任务"),
            heads,
            lines,
            before,
            "" if count else _("%(year)d 年没有任务") % {"year": asked.year},
            count - len(lines),
            (3,),
            count_before - len(before),
        )
    return sections


def evidence_section(asked: Asked) -> Mapping[int, Section]:
    """Return the evidence accepted for each article in both years, the newest first.

    Articles: 6, 79
    """
    heads = (
        pgettext("dossier", "证明什么"),
        _("任务"),
        pgettext("dossier", "出具单位"),
        pgettext("dossier", "材料日期"),
        pgettext("dossier", "数值"),
        pgettext("dossier", "认可日期"),
    )
    now, then = _evidence(asked, span(asked.year, asked.on), span(asked.year - 1, asked.on))
    waiting = _waiting(asked, [article for article in asked.articles if article not in now])
    sections = {}
    for article in asked.articles:
        lines, count = now.get(article, ([], 0))
        before, count_before = then.get(article, ([], 0))
        sections[article] = Section(
            EVIDENCE,
            pgettext("dossier", "证据"),
            heads,
            lines,
            before,
            _evidence_gap(asked.year, count, waiting.get(article, 0)),
            count - len(lines),
            (4,),
            count_before - len(before),
        )
    return sections


def page(name: str, record: int) -> str:
    """Return the address of a record's page, empty where the room has no such page."""
    try:
        return reverse(f"ledger:{name}", args=[record])
    except NoReverseMatch:
        return ""


def _duties(asked: Asked, on: date) -> dict[int, list[Duty]]:
    found: dict[int, list[Duty]] = {}
    for row in duties_on(asked.viewer, on, frozenset(asked.articles)):
        assert row.article is not None
        found.setdefault(row.article, []).append(row)
    return found


def _in_text(asked: Asked) -> Counter[int]:
    """Return how many duties the text of today has for each article; a year that is over had its own."""
    if asked.on < timezone.localdate():
        return Counter()
    return Counter(one.article for one in held_duties(asked.viewer) if one.article is not None)


def _responsible(asked: Asked, duties: Collection[int]) -> Mapping[int, list[Responsibility]]:
    rows = visible(Responsibility, asked.viewer).filter(part=Part.LEAD, duty__in=duties)
    found: dict[int, list[Responsibility]] = {}
    for row in rows.select_related("office").order_by("duty", "from_on"):
        found.setdefault(row.duty_id, []).append(row)
    return found


def _lead(row: Duty, leads: Mapping[int, list[Responsibility]], on: date) -> str:
    held = [one for one in leads.get(row.pk, ()) if one.from_on <= on and (one.until_on is None or one.until_on > on)]
    return held[-1].office.name(language()) if held else ""


def _duty_line(row: Duty, leads: Mapping[int, list[Responsibility]], on: date) -> Line:
    what = row.what if len(row.what) <= AT_MOST_WORDS else f"{row.what[: AT_MOST_WORDS - 1]}…"
    return Line((what, modality(row.modality), row.label, _lead(row, leads, on), row.deadline), page("duty", row.pk))


def _duties_gap(rows: list[Duty], leads: Mapping[int, list[Responsibility]], on: date, in_text: int) -> str:
    if not rows and not in_text:
        return _("台账里没有这一条的职责")
    if not rows:
        return ngettext(
            "法规文本里读出 %(n)d 项职责，台账还没有接收", "法规文本里读出 %(n)d 项职责，台账还没有接收", in_text
        ) % {"n": in_text}
    alone = sum(1 for row in rows if not _lead(row, leads, on))
    said = []
    if in_text > len(rows):
        said.append(
            ngettext("还有 %(n)d 项职责没有接收", "还有 %(n)d 项职责没有接收", in_text - len(rows))
            % {"n": in_text - len(rows)}
        )
    if alone:
        said.append(ngettext("%(n)d 项没有牵头单位", "%(n)d 项没有牵头单位", alone) % {"n": alone})
    return speak(language(), "，", ", ").join(said)


def _tasks(asked: Asked, of: Span) -> Mapping[int, tuple[list[Line], int]]:
    counts = Q(owed=True) | Q(share__gte=1, due_on__year=of.on.year) | Q(share__gte=1, done_on__year=of.on.year)
    rows = visible(Spell, asked.viewer).filter(
        counts, article__in=asked.articles, from_on__lte=of.on, until_on__gt=of.on
    )
    late = Case(When(late_on(of.on), owed=True, then=Value(0)), When(owed=True, then=Value(1)), default=Value(2))
    first = _first(rows, asked.most, [late.asc(), F("due_on").asc(), F("task_id").asc()])
    totals = dict(rows.order_by().values_list("article").annotate(n=Count("id")))
    found: dict[int, list[Line]] = {}
    told = first.values_list("article", "task_id", "task__title", *_NAME, "due_on", "share", "owed", "met_on")
    shown = list(told.order_by("article", "rank"))
    then = titles_on({task for _article, task, *_rest in shown}, of.on)
    for article, task, title, zh, en, due, share, owed, met in shown:
        name, lead = then.get(task, title), speak(language(), zh, en)
        line = _task_line(task, name, lead, due=due, share=share, owed=owed, met=met, on=of.on)
        found.setdefault(article, []).append(line)
    return {article: (lines, totals[article]) for article, lines in found.items()}


_NAME = ("office__name_zh", "office__name_en")


def _task_line(
    task: int, title: str, lead: str, *, due: date, share: Decimal, owed: bool, met: date | None, on: date
) -> Line:
    waits = owed and met is not None and met <= due
    late = owed and due < on and not waits
    state = (
        pgettext("task", "待核对")
        if waits
        else pgettext("task", "逾期")
        if late
        else pgettext("task", "在办")
        if owed
        else pgettext("task", "办结")
    )
    code = language()
    return Line((title, lead, day(due, code), percent(float(share), code), state), page("task", task), late)


@dataclass(frozen=True, slots=True)
class Newest:
    """How much evidence of a task was accepted in a year, and the day of the newest."""

    on: date
    task: int
    count: int


def _evidence(asked: Asked, now: Span, then: Span) -> list[Mapping[int, tuple[list[Line], int]]]:
    """Return first lines and number of evidence of each article, in both years.

    The newest of an article lie in as many of its tasks as lines are wanted, those with the newest evidence; so all
    that is read of a million rows is an index, task by task, and the rows of those few tasks.
    """
    counts, wanted = [_counts(now), _counts(then)], frozenset(asked.articles)
    rows = visible(Evidence, asked.viewer).filter(accepted_on__gte=then.first, accepted_on__lte=now.on)
    if len(asked.articles) <= FEW and wholly(asked.viewer):
        rows = rows.filter(task__article__in=asked.articles)
    tasks = (
        rows.order_by()
        .values_list("task")
        .annotate(
            **{f"n{at}": Count("id", filter=one) for at, one in enumerate(counts)},
            **{f"last{at}": Max("accepted_on", filter=one) for at, one in enumerate(counts)},
        )
    )
    article_of = _articles(asked, rows)
    by_year: list[dict[int, list[Newest]]] = [{}, {}]
    for task, *told in tasks:
        article = article_of.get(task)
        for at, found in enumerate(by_year):
            if told[at] and article in wanted:
                found.setdefault(article, []).append(Newest(told[2 + at], task, told[at]))
    spans = zip((now, then), counts, by_year, strict=True)
    return [_newest(rows.filter(one), found, asked.most, of.on) for of, one, found in spans]


def _articles(asked: Asked, rows: QuerySet[Evidence]) -> Mapping[int, int]:
    """Return the article of each task that has one of those asked for.

    A body that joins in sees the evidence it handed in, and not the task: of such tasks the platform tells the article.
    """
    if wholly(asked.viewer):
        tasks = visible(Task, asked.viewer).filter(article__in=asked.articles)
        return dict(tasks.order_by().values_list("id", "article"))
    return _told(rows.order_by().values_list("task", flat=True).distinct(), "article", article__in=asked.articles)


def _told(tasks: Iterable[int], what: str, **only: Any) -> dict[int, Any]:
    """Return one thing of tasks whose evidence the viewer sees."""
    found: dict[int, Any] = {}
    for part in batched(tasks, A_READ):
        with as_system("naming the tasks of evidence somebody sees"):
            found |= dict(Task.objects.filter(pk__in=part, **only).order_by().values_list("id", what))
    return found


def _counts(of: Span) -> Q:
    """Return the filter for evidence that was accepted in a year and still counts at its end."""
    return Q(accepted_on__gte=of.first, accepted_on__lte=of.on) & (Q(taken_back_on=None) | Q(taken_back_on__gt=of.on))


def _newest(
    rows: QuerySet[Evidence], tasks: Mapping[int, list[Newest]], most: int, on: date
) -> Mapping[int, tuple[list[Line], int]]:
    places: dict[int, list[tuple[date, int]]] = {article: [] for article in tasks}
    article_of = {}
    for article, held in tasks.items():
        for one in sorted(held, key=lambda one: (one.on, one.task))[-most:]:
            article_of[one.task] = article
    for part in batched(article_of, A_READ):
        for task, accepted, pk in rows.filter(task__in=part).order_by().values_list("task", "accepted_on", "id"):
            places[article_of[task]].append((accepted, pk))
    first = {article: [pk for _, pk in sorted(held, reverse=True)[:most]] for article, held in places.items()}
    shown: dict[int, Evidence] = {}
    for part in batched([pk for held in first.values() for pk in held], A_READ):
        shown |= {row.pk: row for row in rows.filter(pk__in=part).order_by()}
    titles = _told({row.task_id for row in shown.values()}, "title")
    titles |= titles_on(titles, on)
    return {
        article: ([_evidence_line(shown[pk], titles) for pk in first[article]], sum(one.count for one in held))
        for article, held in tasks.items()
    }


def _evidence_line(row: Evidence, titles: Mapping[int, str]) -> Line:
    code = language()
    figure = "" if row.value is None else spelt_words(row.value, row.unit, code)
    cells = (row.claim, titles[row.task_id], row.issuer, day(row.dated_on, code), figure, day(row.accepted_on, code))
    return Line(cells, page("evidence", row.pk), standing="" if row.value is None else "reported")


def _waiting(asked: Asked, lacking: Sequence[int]) -> Mapping[int, int]:
    """Return how many pieces of evidence wait to be decided on, of the articles that have none that was accepted."""
    if not lacking:
        return {}
    rows = visible(Evidence, asked.viewer)
    past = asked.on < timezone.localdate()
    rows = rows.filter(_handed_in_by(asked.on)) if past else rows.filter(state=Evidence.State.HANDED_IN)
    if wholly(asked.viewer):
        rows = rows.filter(task__article__in=lacking)
        if not past:
            return dict(rows.order_by().values_list("task__article").annotate(n=Count("id")))
    if past:
        counts = Counter(row.task_id for row in as_said_on(rows.order_by(), asked.on) if _waited(row, asked.on))
    else:
        counts = Counter(dict(rows.order_by().values_list("task").annotate(n=Count("id"))))
    found: Counter[int] = Counter()
    for task, article in _told(counts, "article", article__in=lacking).items():
        found[article] += counts[task]
    return found


def _handed_in_by(on: date) -> Q:
    """Return the filter for evidence that may have waited at the end of a day: it was accepted later, or never."""
    twice = Q(version__gte=HANDED_IN_TWICE)
    return (Q(handed_in_at__lt=end_of(on)) | twice) & (Q(accepted_on=None) | Q(accepted_on__gt=on))


def _waited(row: Evidence, on: date) -> bool:
    """Tell whether evidence, as it was on a day, had been handed in by then and not been decided on."""
    return row.state == Evidence.State.HANDED_IN and row.handed_in_at is not None and row.handed_in_at < end_of(on)


def _evidence_gap(year: int, count: int, waiting: int) -> str:
    said = [] if count else [_("%(year)d 年没有已认可的证据") % {"year": year}]
    if waiting and not count:
        said.append(ngettext("%(n)d 份等人核对", "%(n)d 份等人核对", waiting) % {"n": waiting})
    return speak(language(), "，", ", ").join(said)


def _first(rows: QuerySet[Any], most: int, order: Iterable[Any]) -> QuerySet[Any]:
    """Return the first rows of each article."""
    rank = Window(RowNumber(), partition_by=F("article"), order_by=list(order))
    return rows.order_by().annotate(rank=rank).filter(rank__lte=most)
