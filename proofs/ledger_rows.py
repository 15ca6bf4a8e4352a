"""Rows of a ledger as large as a region's after some years, made from a seed and loaded past the actions.

What the actions do is proved by tests; here they would take hours. The rows obey the same rules: spells cover every day
of a task once, nobody decides on their own evidence, who joins in does not lead.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

DAY = timedelta(days=1)
FOREVER = date(9999, 12, 31)
DUTIES = 300
ARTICLES = 86
DAYS_BACK = 1200
CHUNK = 20_000
WORK = 424242
PEOPLE = range(900_000, 900_200)
VERBS = ("建成", "开通", "修订", "组织", "完成", "推进", "核定", "发布")
THINGS = ("查验场地", "联络机制", "实施方案", "数据通道", "换装设施", "服务窗口", "年度报告", "培训计划", "仓储项目")


@dataclass(frozen=True, slots=True)
class SpellRow:
    """How one task stood over a span of days."""

    task: int
    owner: int
    office: int
    parent: int | None
    duty: int | None
    article: int | None
    from_on: date
    until_on: date
    due_on: date
    owed: bool
    done_on: date | None
    met_on: date | None
    share: Decimal


@dataclass(slots=True)
class TaskRow:
    """One task, with what its last spell says."""

    id: int
    owner: int
    office: int
    parent: int | None
    duty: int | None
    article: int | None
    given_on: date
    due_on: date
    state: str = "open"
    ended_on: date | None = None
    done_on: date | None = None
    share: Decimal = Decimal(0)

    @property
    def title(self) -> str:
        """Its title, from its number."""
        return f"{VERBS[self.id % len(VERBS)]}{THINGS[self.id % len(THINGS)]} {self.id}"


@dataclass(slots=True)
class Ledger:
    """Everything that is loaded and counted again afterwards."""

    today: date
    keeper: int
    bodies: Sequence[int]
    verticals: frozenset[int]
    tasks: list[TaskRow] = field(default_factory=list)
    spells: list[SpellRow] = field(default_factory=list)
    parts: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def made(
        cls, keeper: int, bodies: Sequence[int], verticals: Iterable[int], count: int, seed: int, today: date
    ) -> Ledger:
        """Return tasks with their spells; the first bodies lead more of them than the last."""
        chance = random.Random(seed)
        made = cls(today, keeper, bodies, frozenset(verticals))
        weights = [1 / (at + 3) for at in range(len(bodies))]
        leads = chance.choices(bodies, weights, k=count)
        for number, lead in enumerate(leads, 1):
            made._task(number, lead, chance)
        for task in made.tasks:
            for body in chance.sample(bodies, chance.randrange(3)):
                if body != task.office:
                    made.parts.add((task.id, body))
        return made

    def _task(self, number: int, lead: int, chance: random.Random) -> None:
        given = self.today - chance.randrange(DAYS_BACK) * DAY
        due = given + chance.randint(20, 400) * DAY
        above = self.tasks[chance.randrange(len(self.tasks))] if self.tasks and chance.random() < 0.1 else None
        duty = chance.randint(1, DUTIES) if above is None and chance.random() < 0.8 else None
        article = article_of(duty) if duty else chance.choice((None, chance.randint(1, ARTICLES)))
        owner = above.office if above else self.keeper
        task = TaskRow(number, owner, lead, above.id if above else None, duty, article, given, due)
        self.tasks.append(task)
        self._history(task, chance)

    def _history(self, task: TaskRow, chance: random.Random) -> None:
        """Let days pass: terms are moved, evidence is accepted, the lead changes, in the end it is done or ended."""
        old = (self.today - task.given_on).days
        days = sorted(chance.sample(range(1, old + 1), min(old, chance.choice((0, 1, 2, 2, 3, 4)))))
        ends = "" if not days or chance.random() < 0.3 else ("ended" if chance.random() < 0.07 else "done")
        begun = task.given_on
        for at, step in enumerate(days):
            on = task.given_on + step * DAY
            self._spell(task, begun, on, owed=True)
            begun = on
            if at == len(days) - 1 and ends:
                break
            match chance.randrange(5):
                case 0:
                    task.due_on += chance.randint(10, 90) * DAY
                case 1:
                    task.office = chance.choice(self.bodies)
                case _:
                    task.share = min(Decimal("0.95"), task.share + Decimal("0.15"))
        if ends == "done":
            task.done_on, task.share = begun, Decimal(1)
        elif ends == "ended":
            task.state, task.ended_on = "ended", begun
        self._spell(task, begun, FOREVER, owed=not ends)

    def _spell(self, task: TaskRow, begun: date, until: date, *, owed: bool) -> None:
        belongs = (task.id, task.owner, task.office, task.parent, task.duty, task.article)
        stands = (begun, until, task.due_on, owed, task.done_on, task.done_on, task.share)
        self.spells.append(SpellRow(*belongs, *stands))

    def part(self, body: int, *, lead: bool = False) -> str:
        """Return which part a body has in something."""
        return "lead" if lead else "vertical" if body in self.verticals else "joint"

    def evidence(self, count: int, seed: int) -> Iterator[tuple[Any, ...]]:
        """Yield evidence, as many pieces of each task; what completed it first."""
        chance = random.Random(seed + 1)
        states = ("accepted", "handed_in", "returned", "draft", "withdrawn", "taken_back")
        for number in range(count):
            task = self.tasks[number % len(self.tasks)]
            completes = task.done_on is not None and number < len(self.tasks)
            state = "accepted" if completes else chance.choices(states, (95, 1, 1, 1, 1, 1))[0]
            on = (
                task.done_on
                if completes
                else task.given_on + chance.randint(0, (self.today - task.given_on).days) * DAY
            )
            assert on is not None
            author = chance.choice(PEOPLE)
            decided = state in ("accepted", "returned", "taken_back")
            at = datetime.combine(on, time(chance.randrange(1, 9)), UTC)
            yield (
                *(number + 1, task.id, task.owner, task.office, completes),
                *(f"第 {number + 1} 份证据：已经办好", "出具单位", on, "", "", state, author, f"[{author}]"),
                *(None if state == "draft" else at, PEOPLE[0] - 1 if decided else None, at if decided else None),
                "材料不齐" if state == "returned" else "",
                on if state in ("accepted", "taken_back") else None,
                self.today if state == "taken_back" else None,
                1,
            )


EVIDENCE = (
    *("id", "task_id", "owner_id", "office_id", "completes", "claim", "issuer", "dated_on", "unit", "source", "state"),
    *("author_id", "authors", "handed_in_at", "decided_by", "decided_at", "reason", "accepted_on", "taken_back_on"),
    "version",
)
SPELL = (
    *("task_id", "owner_id", "office_id", "parent_id", "duty_id", "article", "from_on", "until_on", "due_on", "owed"),
    *("done_on", "met_on", "share"),
)
TASK = (
    *("id", "owner_id", "office_id", "parent_id", "duty_id", "article", "matter", "title", "what", "period", "weight"),
    *("given_on", "due_on", "term", "provisional", "state", "ended_on", "done_on", "met_on", "share"),
    "version",
)
PART = ("task_id", "owner_id", "office_id", "part", "joined_on", "version")
MILESTONE = ("task_id", "owner_id", "office_id", "title", "due_on", "weight", "version")
ESCALATION = (
    *("task_id", "owner_id", "office_id", "ladder", "rung", "due_on", "taken_on", "to_id", "to_text", "note"),
    *("early_why", "year", "number", "version"),
)
DUTY = (
    *("id", "owner_id", "work", "statute", "title", "eid", "anchor", "article", "label", "modality", "what", "organs"),
    *("deadline", "frequency", "state", "now", "taken_over_at", "is_open", "version"),
)
RESPONSIBILITY = ("duty_id", "owner_id", "office_id", "part", "note", "from_on", "is_open", "version")
SAID = (
    *("recorded_at", "effective_at", "actor_name", "role", "action", "record_kind", "record_id", "owner_id"),
    *("office_id", "before", "after", "reason", "request", "digest"),
)


def article_of(duty: int) -> int:
    """Return the article of a duty; each has three or four."""
    return 1 + duty * ARTICLES // (DUTIES + 1)


def load(made: Ledger, evidence: int, seed: int, ladder: str) -> None:
    """Load everything in the order its foreign keys ask for."""
    owner, begun = made.keeper, made.today - DAYS_BACK * DAY
    _fill("duty", DUTY, (_duty(number, owner, begun) for number in range(1, DUTIES + 1)))
    answering = (
        (number, owner, body, made.part(body, lead=not at), "", begun, True, 1)
        for number in range(1, DUTIES + 1)
        for at, body in enumerate(random.Random(seed + number).sample(made.bodies, 3))
    )
    _fill("responsibility", RESPONSIBILITY, answering)
    _fill("task", TASK, map(_task_values, made.tasks))
    _fill("spell", SPELL, (tuple(getattr(row, name.removesuffix("_id")) for name in SPELL) for row in made.spells))
    known = {task.id: task for task in made.tasks}
    parts = (
        (task, known[task].owner, body, made.part(body), known[task].given_on, 1) for task, body in sorted(made.parts)
    )
    _fill("taskpart", PART, parts)
    points = (
        (task.id, task.owner, task.office, f"节点 {task.id}", task.given_on + (task.due_on - task.given_on) / 2, 1, 1)
        for task in made.tasks[::4]
    )
    _fill("milestone", MILESTONE, points)
    late = [task for task in made.tasks if task.state == "open" and not task.done_on and task.due_on < made.today]
    rung = (ladder, "circular")
    urged = (
        (
            *(task.id, task.owner, task.office, *rung, task.due_on, made.today, task.office, "", "请说明原因"),
            *("", made.today.year, number, 1),
        )
        for number, task in enumerate(late[::3], start=1)
    )
    _fill("escalation", ESCALATION, urged)
    _fill("evidence", EVIDENCE, made.evidence(evidence, seed))
    # A past day is read from the journal; of what it has no entry, such as all this evidence, rows show as they are.
    _fill("journalentry", SAID, map(_said, made.tasks), room="ground")


def _said(task: TaskRow) -> tuple[Any, ...]:
    """Return the entry of the journal that says how a task was given."""
    at = datetime.combine(task.given_on, time(1), UTC)
    names = [name for name in TASK if name not in ("ended_on", "done_on", "met_on")]
    told = dict(zip(TASK, _task_values(task), strict=True))
    after = {name: told[name] for name in names} | {"ended_on": None, "done_on": None, "met_on": None, "share": 0}
    text = json.dumps(after | {"state": "open"}, default=str, ensure_ascii=False)
    who = ("proof", "coordination", "ledger_task.give", "ledger_task", str(task.id), task.owner, task.office)
    return at, at, *who, "null", text, "", "", ""


def _duty(number: int, owner: int, today: date) -> tuple[Any, ...]:
    article = article_of(number)
    label = f"第{article}条"
    return (
        *(number, owner, WORK, WORK, "条例", f"art_{article}__d{number}", f"a{number}", article, label, "must"),
        *(f"职责 {number}：按照分工{THINGS[number % len(THINGS)]}", "[]", "", "", "holds", "{}"),
        *(datetime.combine(today, time(1), UTC), True, 1),
    )


def _task_values(one: TaskRow) -> tuple[Any, ...]:
    return (
        *(one.id, one.owner, one.office, one.parent, one.duty, one.article, "", one.title, "", "", 1),
        *(one.given_on, one.due_on, "", False, one.state, one.ended_on, one.done_on, one.done_on, one.share),
        1,
    )


def _fill(name: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]], room: str = "ledger") -> None:
    """Load rows into a table of the ledger, or of another room, past the models."""
    from django.db import connection, transaction

    table, listed = f"{room}_{name}", ", ".join(f'"{one}"' for one in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table under row-level security takes no COPY; one made for a moment does.
            cursor.execute(f"CREATE TEMP TABLE taken AS SELECT {listed} FROM {table} LIMIT 0")
            connection.ensure_connection()
            with connection.connection.cursor() as raw, raw.copy(f"COPY taken ({listed}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM taken")
            cursor.execute("DROP TABLE taken")
            return
        statement = f"INSERT INTO {table} ({listed}) VALUES ({', '.join(['%s'] * len(columns))})"
        waiting = iter(rows)
        while some := [tuple(map(_stored, row)) for row in islice(waiting, CHUNK)]:
            cursor.executemany(statement, some)


def _stored(value: Any) -> Any:
    """Return a value as Django keeps it in SQLite."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value
