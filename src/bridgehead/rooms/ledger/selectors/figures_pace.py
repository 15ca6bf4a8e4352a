"""The pace board: how far each target of a year is, against what the year has usually brought by then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from bridgehead.engines.indicators.pace import EVEN, Pace, PaceStatus, Pattern, pace, usual
from bridgehead.ground import wording
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.kernel.periods import Frequency
from bridgehead.rooms.ledger.indicators import Definition, indicators
from bridgehead.rooms.ledger.models import Task
from bridgehead.rooms.ledger.selectors.figures import Reckoned, Reckoner
from bridgehead.rooms.ledger.selectors.figures_goals import Goal, accepted_of, goals_of_tasks, goals_of_the_table

YEARS_BACK = 5
"""Over how many years before the year of a target its usual course is seen."""
NO_FIGURE, NONE_SEEN, LEVEL = "no_figure", "none_seen", "level"
_FIRST = (
    *(PaceStatus.FAR_BEHIND.value, PaceStatus.BEHIND.value, NO_FIGURE, NONE_SEEN, LEVEL),
    *(PaceStatus.ON_PACE.value, PaceStatus.AHEAD.value, PaceStatus.REACHED.value),
)
"""What stands first: who must act, then who must report, then what goes well."""


@dataclass(frozen=True, slots=True)
class PaceLine:
    """One target with how far it is.

    Attributes
    ----------
    goal : Goal
        What is to be reached.
    definition : Definition
        Its indicator.
    done : Reckoned or None
        What the year has brought, None where nothing was reported.
    pace : Pace or None
        The pace, None without a figure, for a target that is no amount, and where none can be told.
    pattern : Pattern
        The usual course it was held against.
    share : float or None
        Share of the target that is done.
    status : str
        A word of `PaceStatus`, ``no_figure``, ``none_seen`` where the reader does not see every figure there may be,
        or ``level`` for what does not add up over the year.
    body : str
        Who reports it.
    """

    goal: Goal
    definition: Definition
    done: Reckoned | None
    pace: Pace | None
    pattern: Pattern
    share: float | None
    status: str
    body: str

    @property
    def name(self) -> str:
        """The name of its indicator."""
        return self.definition.name

    @property
    def status_words(self) -> str:
        """The status in the language of the request."""
        return status_words(self.status)

    @property
    def late(self) -> bool:
        """Whether somebody must act: it is far behind."""
        return self.status == PaceStatus.FAR_BEHIND

    @property
    def through(self) -> date | None:
        """The last day its figure covers."""
        return self.done.period.last if self.done else None

    @property
    def pattern_words(self) -> str:
        """What the share of the year is: of the years it was seen in, or an even spread."""
        if self.pace is None:
            return ""
        told = {"share": wording.percent(self.pace.usual, language()), "years": self._seen_in}
        if self.goal.span is not None:
            if not self.pattern.years:
                return _("从交办到到期平均分摊应到 %(share)s（没有往年分期的数）") % told
            return _("按往年（%(years)s）的节奏，从交办到到期应到 %(share)s") % told
        if not self.pattern.years:
            return _("按全年平均分摊应到 %(share)s（没有往年分期的数）") % told
        return _("往年（%(years)s）到此时 %(share)s") % told

    @property
    def _seen_in(self) -> str:
        """The years the usual course was seen in, and what it is guessed from where no months are known."""
        years = self.pattern.years
        said = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}" if years else ""
        return said + {4: _("，各季的数在季内平摊"), 2: _("，各半年的数在半年内平摊")}.get(self.pattern.parts, "")

    @property
    def address(self) -> str:
        """The page of the indicator."""
        return reverse("ledger:indicator", args=[self.definition.id])

    @property
    def said(self) -> str:
        """What is done of the target, against what the year usually has by then, in one line."""
        if self.done is None:
            if self.goal.target:
                return _("还没有认可的证据")
            unseen = self.status == NONE_SEEN
            return _("没有你能看到的数；别的机构报没报，这里不说") if unseen else _("没有查到这一年的数")
        done = (
            _("完成 %(share)s") % {"share": wording.percent(self.share, language())} if self.share is not None else ""
        )
        return _("，").join(filter(None, (self.done.when, done, self.pattern_words)))

    @property
    def projected(self) -> str:
        """What the year comes to if the rest of it is as usual; empty where it cannot be told or is over."""
        if self.pace is None or self.done is None or self.pace.usual >= 1:
            return ""
        whole = round(self.pace.projected + float(self.goal.baseline), 1)
        amount, _unit = wording.spelt(whole, self.definition.unit, language())
        words = _("照此到期约 %(amount)s") if self.goal.span else _("照此全年约 %(amount)s")
        return words % {"amount": amount}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the board is filtered by; nothing of it asks for everything."""

    year: int | None = None
    article: int | None = None
    body: str = ""
    five_type: str = ""


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class Board:
    """The board of a year.

    Attributes
    ----------
    year : int or None
        The year, None in a region without any target.
    on : date
        The day as of which it speaks.
    known_on : date
        By when what it says was known.
    lines : tuple of PaceLine
        Targets, those first about which somebody must act.
    years : tuple of int
        Years that have targets, the latest first.
    bodies : tuple of (str, str)
        Codes and names of the organisations that report.
    five_types : tuple of (str, str)
        Kinds of port, as the table has them and in the language of the request.
    asked : Asked
        What it was filtered by.
    """

    year: int | None
    on: date
    known_on: date
    lines: tuple[PaceLine, ...]
    years: tuple[int, ...]
    bodies: tuple[tuple[str, str], ...] = ()
    five_types: tuple[tuple[str, str], ...] = ()
    asked: Asked = EVERYTHING

    @property
    def headline(self) -> str:
        """The answer in one sentence."""
        if not self.lines:
            return _("没有这样的目标")
        return _lead(self.lines)

    def count(self, *statuses: str) -> int:
        """Return how many targets stand so."""
        return sum(1 for one in self.lines if one.status in statuses)


def status_words(status: str) -> str:
    """Return the word of a status in the language of the request."""
    words = {
        PaceStatus.REACHED.value: pgettext("ledger figures", "已达到"),
        PaceStatus.AHEAD.value: pgettext("ledger figures", "超前"),
        PaceStatus.ON_PACE.value: pgettext("ledger figures", "正常"),
        PaceStatus.BEHIND.value: pgettext("ledger figures", "落后"),
        PaceStatus.FAR_BEHIND.value: pgettext("ledger figures", "远远落后"),
        NO_FIGURE: pgettext("ledger figures", "没有数据"),
        NONE_SEEN: pgettext("ledger figures", "没有你能看到的数"),
        LEVEL: pgettext("ledger figures", "未达到"),
    }
    return words[status]


def pace_board(viewer: Viewer, on: date, asked: Asked = Asked(), known_on: date | None = None) -> Board:
    """Return how far the targets of a year are as of a day.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    on : date
        The day: figures of periods that ended by then count.
    asked : Asked
        Which targets; without a year the latest that has any by the day.
    known_on : date, optional
        By when figures must have been reported, published or accepted; the same day without one.

    Articles: 5, 79, 81
    """
    known = indicators()
    years = _years(viewer)
    year = asked.year or next((one for one in years if one <= on.year), years[-1] if years else None)
    if year is None:
        return Board(None, on, known_on or on, (), ())
    known_by = known_on or on
    goals = [*goals_of_the_table(year, known_by), *goals_of_tasks(viewer, year, min(on, known_by))]
    defined = [(one, definition) for one in goals if (definition := known.latest(one.indicator)) is not None]
    bodies = bodies_named(viewer, (found[-1] for found in known.history.values()))
    lines = paced(viewer, [(one, of) for one, of in defined if _fits(of, asked)], year, on, known_by, bodies=bodies)
    reporting = sorted({definition.body for _, definition in defined if definition.body})
    named = tuple((code, bodies.get(code, code)) for code in reporting)
    types = {one.five_type_zh: one.five_type for one in known.listed if one.five_type_zh}
    return Board(year, on, known_by, lines, years, named, tuple(types.items()), asked)


def paced(
    viewer: Viewer,
    goals: Iterable[tuple[Goal, Definition]],
    year: int,
    on: date,
    known_on: date,
    *,
    bodies: Mapping[str, str],
) -> tuple[PaceLine, ...]:
    """Return goals of a year with how far they are, all read at once, in the order of who must act."""
    listed = list(goals)
    ids = {one.indicator for one, _definition in listed}
    reckoner = Reckoner.of(viewer, ids, range(year - YEARS_BACK, year + 1), known_on=known_on)
    patterns = {id: pattern_of(reckoner, id, year) for id in ids}
    end = min(on, date(year, 12, 31))
    handed = accepted_of(viewer, [goal for goal, _definition in listed], on, known_on)

    def done(goal: Goal) -> Reckoned | None:
        return handed.get(goal.target) if goal.target else reckoner.to_date(goal.indicator, year, end)

    lines = [
        line_of(goal, of, done(goal), patterns[goal.indicator], bodies, wholly=reckoner.wholly) for goal, of in listed
    ]
    return tuple(sorted(lines, key=_order))


def line_of(
    goal: Goal,
    definition: Definition,
    done: Reckoned | None,
    pattern: Pattern,
    bodies: Mapping[str, str],
    *,
    wholly: bool,
) -> PaceLine:
    """Return one goal with how far it is; `wholly` tells that the reader sees every figure there may be.

    Who sees the target of a task sees its evidence, too.
    """
    body = goal.office or bodies.get(definition.body, definition.source_body)
    if done is None or done.value is None:
        nothing = NO_FIGURE if wholly or goal.target else NONE_SEEN
        return PaceLine(goal, definition, None, None, pattern, None, nothing, body)
    reached, whole = float(done.value - goal.baseline), float(goal.goal - goal.baseline)
    share = reached / whole if whole else None
    if definition.adds and definition.direction != "down" and whole > 0:
        try:
            found = pace(reached, whole, done.period.last, pattern, span=goal.span)
        except BridgeheadError:  # usually nothing is there by then, so no pace can be told
            return PaceLine(goal, definition, done, None, pattern, share, LEVEL, body)
        return PaceLine(goal, definition, done, found, pattern, share, found.status.value, body)
    met = done.value <= goal.goal if definition.direction == "down" else done.value >= goal.goal
    status = PaceStatus.REACHED.value if met else LEVEL
    return PaceLine(goal, definition, done, None, pattern, share, status, body)


def pattern_of(reckoner: Reckoner, indicator: str, year: int) -> Pattern:
    """Return the usual course of a year of an indicator from the years before of which every part is known.

    The parts are months, or the quarters or half-years by which it is reported.
    """
    definition = reckoner.known.latest(indicator)
    if definition is None or definition.least is Frequency.YEAR:
        return EVEN
    length = Frequency.MONTH if definition.least is Frequency.DAY else definition.least
    seen: dict[int, list[float]] = {}
    for before in range(year - YEARS_BACK, year):
        parts = reckoner.by_part(indicator, before, length)
        told = [float(one) for one in parts if one is not None]
        if len(told) == len(parts):
            seen[before] = told
    try:
        return usual(seen)
    except BridgeheadError:  # a part below zero: corrections were booked into it
        return EVEN


def _years(viewer: Viewer) -> tuple[int, ...]:
    found = {one.year for one in indicators().targets}
    tasks = visible(Task, viewer).filter(targets__isnull=False, state=Task.State.OPEN)
    found |= {day.year for day in tasks.dates("due_on", "year")}
    return tuple(sorted(found, reverse=True))


def _fits(definition: Definition, asked: Asked) -> bool:
    return (
        (asked.article is None or asked.article in definition.articles)
        and (not asked.body or asked.body == definition.body)
        and (not asked.five_type or asked.five_type == definition.five_type_zh)
    )


def bodies_named(viewer: Viewer, definitions: Iterable[Definition]) -> dict[str, str]:
    """Return the names of the organisations that report some indicators, by code."""
    codes = {one.body for one in definitions if one.body}
    rows = visible(Organisation, viewer).filter(code__in=sorted(codes))
    return {code: speak(language(), zh, en) for code, zh, en in rows.values_list("code", "name_zh", "name_en")}


def _order(line: PaceLine) -> tuple[int, float, str]:
    ratio = line.pace.ratio if line.pace else (line.share or 0.0)
    return _FIRST.index(line.status), ratio, line.definition.id


def _lead(lines: tuple[PaceLine, ...]) -> str:
    """Return what stands out among targets, in one sentence."""
    count = {status: sum(1 for one in lines if one.status == status) for status in _FIRST}
    phrases = []
    if far := count[PaceStatus.FAR_BEHIND.value]:
        phrases.append(ngettext("%(n)s 项远远落后", "%(n)s 项远远落后", far) % {"n": far})
    if behind := count[PaceStatus.BEHIND.value]:
        phrases.append(ngettext("%(n)s 项落后", "%(n)s 项落后", behind) % {"n": behind})
    if gap := count[NO_FIGURE]:
        phrases.append(ngettext("%(n)s 项没有数据", "%(n)s 项没有数据", gap) % {"n": gap})
    if unseen := count[NONE_SEEN]:
        phrases.append(ngettext("%(n)s 项没有你能看到的数", "%(n)s 项没有你能看到的数", unseen) % {"n": unseen})
    good = count[PaceStatus.ON_PACE.value] + count[PaceStatus.AHEAD.value]
    if good:
        phrases.append(ngettext("%(n)s 项跟得上", "%(n)s 项跟得上", good) % {"n": good})
    if reached := count[PaceStatus.REACHED.value]:
        phrases.append(ngettext("%(n)s 项已达到", "%(n)s 项已达到", reached) % {"n": reached})
    if level := count[LEVEL]:
        phrases.append(ngettext("%(n)s 项还没有达到", "%(n)s 项还没有达到", level) % {"n": level})
    whole = ngettext("%(n)s 项目标：", "%(n)s 项目标：", len(lines)) % {"n": len(lines)}
    return whole + _("，").join(phrases)
