"""The demonstration of the ledger: a small believable one for the coordination office, marked, made by actions alone.

Other subjects of the room show theirs on the same stage: each has a function ``demonstrate(stage, world)`` and, where
it leaves something behind, one that takes it away, and registers both with `add` when the app is ready::

    add(20, demonstrate, wipe)

Parts are filled in order, after duties, tasks and evidence, with the same bodies and people; `World.tasks` has the
tasks by their key. Like the rest they go by actions alone and mark what they make with `MARK_ZH`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from bridgehead.engines.obligations.escalation import reached
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.demonstration.people import MARK_ZH
from bridgehead.ground.demonstration.registry import Stage
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import Membership, Organisation
from bridgehead.rooms.ledger.actions.demonstration import MARK, remove_demonstration
from bridgehead.rooms.ledger.actions.duties import set_responsibility, take_over
from bridgehead.rooms.ledger.actions.escalation import take_rung
from bridgehead.rooms.ledger.actions.evidence import Told, accept_evidence, draft_evidence, return_evidence
from bridgehead.rooms.ledger.actions.goals import set_milestone
from bridgehead.rooms.ledger.actions.periods import close_period
from bridgehead.rooms.ledger.actions.tasks import end_task, give_task
from bridgehead.rooms.ledger.models import ClosedPeriod, Duty, Evidence, Milestone, Responsibility, Task
from bridgehead.rooms.ledger.region import DISCIPLINE, calendar, ladder_of, rung_words
from bridgehead.rooms.statute.public import article_numbers, held_duties

DAY = timedelta(days=1)
YEARS_CLOSED = 2
"""The year closed is so long past that nobody hands anything in for it."""


@dataclass(frozen=True)
class World:
    """Who is on the stage.

    Attributes
    ----------
    office : Organisation
        The coordination office, which keeps the ledger.
    bodies : mapping
        Who is asked, by a short name: ``department`` and ``port``, where somebody of the demonstration sits, the
        other ports ``port-2`` to ``port-4``, and the unit ``vertical``; where a region has fewer, some are the same.
    coordinator : Viewer
        Who decides on evidence, in the coordination office.
    hands : mapping
        Who hands in evidence, by the short name of their body.
    tasks : dict
        The tasks of the demonstration by their key, once they are there.
    """

    office: Organisation
    bodies: Mapping[str, Organisation]
    coordinator: Viewer
    hands: Mapping[str, Viewer]
    tasks: dict[str, Task] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Given:
    """One task: who leads it, for which article, given and due so many days from today, and who takes part."""

    key: str
    lead: str
    article: int
    given: int
    due: int
    title: str
    what: str = ""
    joint: tuple[str, ...] = ()
    supervised: tuple[str, ...] = ()
    parent: str = ""
    period: bool = False


TASKS = (
    Given("yard", "port-2", 10, -80, -26, "扩建煤炭换装场地", "硬化场地并通过环保验收。", supervised=("port",)),
    Given("hours", "department", 11, -45, -7, "商定延长通关时间的方案", "与对方口岸逐项对表。", ("port",)),
    Given("samples", "vertical", 12, -30, -2, "公布查验抽样的平均时长"),
    Given("signs", "port-3", 10, -40, 0, "换装中蒙俄三种文字的标牌"),
    Given("staff", "port", 11, -20, 3, "补齐夜班查验人员", joint=("vertical",)),
    Given("plan", "department", 14, -25, 8, "报送口岸年度建设计划", period=True),
    Given("stock", "port-4", 16, -30, 6, "清点海关监管场所的库存"),
    Given("notice", "department", 30, -35, 5, "公布招商项目办理指南"),
    Given("road", "port", 14, -90, -12, "修通口岸联检楼连接线"),
    Given("ledger", "department", 31, -15, 12, "建立重点企业服务台账"),
    Given("cold", "port", 17, -10, 15, "提出冷链查验库的选址"),
    Given("talks", "department", 20, -20, 6, "与伙伴地区商定会晤日程"),
    Given("smart", "department", 21, -60, 60, "建设智慧口岸一期", "通道、场站和平台三部分。", ("port", "vertical")),
    Given("smart-gates", "port", 21, -55, 30, "改造智能卡口", parent="smart"),
    Given("smart-yard", "port-2", 21, -55, 45, "场站数据接入平台", parent="smart"),
    Given("fair", "port-4", 38, -5, 90, "筹备口岸商品展"),
    Given("survey", "port-3", 44, -50, 20, "调查边民互市的交易品种"),
    Given("training", "department", 64, -3, 200, "全年外贸业务培训", period=True),
)
"""The tasks; their titles are marked, their articles are those of the region's regulation where it has them."""

PAPER = "本材料为示意，内容是编造的，不作任何依据。\n"

Fill = Callable[[Stage, World], None]
Wipe = Callable[[Stage], None]
_parts: list[tuple[int, Fill, Wipe | None]] = []


def add(order: int, demonstrate: Fill, wipe: Wipe | None = None) -> None:
    """Register what another subject of the room shows; registering the same twice changes nothing.

    Parameters
    ----------
    order : int
        Parts are filled from the lowest on, after duties, tasks and evidence, and taken away from the highest.
    demonstrate : callable
        ``demonstrate(stage, world)`` makes what is missing, through actions, and marks it; a second time it changes
        nothing. It counts what it makes in ``stage.made``.
    wipe : callable, optional
        Takes it away again, before tasks go.
    """
    if (order, demonstrate, wipe) not in _parts:
        _parts.append((order, demonstrate, wipe))
        _parts.sort(key=lambda part: part[0])


def fill(stage: Stage) -> None:
    """Make what is missing."""
    world = world_of(stage)
    if world is None:
        return
    _duties(stage, world)
    _tasks(stage, world)
    _period(stage, world)
    for _order, demonstrate, _wipe in _parts:
        demonstrate(stage, world)


def wipe(stage: Stage) -> None:
    """Take everything away that is marked; what real records rest on is ended instead."""
    for _order, _fill, take_away in reversed(_parts):
        if take_away is not None:
            take_away(stage)
    removed, ended = remove_demonstration(by=stage.by, reason="清除示意数据")
    stage.made["removed"] += removed
    stage.made["closed"] += ended


def world_of(stage: Stage) -> World | None:
    """Return who is on the stage, None where the demonstration's people are not there."""
    rows = Membership.objects.filter(person__demo=True, person__is_active=True, organisation__closed_on=None)
    seats = {one.person.login: one for one in rows.select_related("person", "organisation").order_by("id")}
    wanted = ("demo-coordination", "demo-officer", "demo-port-administration")
    if not all(login in seats for login in wanted):
        return None
    keeper, department, port = (seats[login] for login in wanted)
    return World(
        keeper.organisation,
        _bodies(department.organisation, port.organisation),
        viewer_of(keeper.person),
        {"department": viewer_of(department.person), "port": viewer_of(port.person)},
    )


def _bodies(department: Organisation, port: Organisation) -> dict[str, Organisation]:
    """Return who is asked: made-up bodies before real ones."""
    rows = Organisation.objects.filter(closed_on=None, kind__in=sorted(roles().public_kinds)).order_by("-demo", "id")
    ports = [one for one in rows if one.kind == "port_administration" and one.pk != port.pk] or [port]
    vertical = next((one for one in rows if one.kind == "vertical"), department)
    further = {f"port-{number}": ports[(number - 2) % len(ports)] for number in (2, 3, 4)}
    return {"department": department, "port": port, **further, "vertical": vertical}


def _duties(stage: Stage, world: World) -> None:
    """Take the duties of the regulation over, where it was imported, and say who answers for some."""
    if not held_duties(stage.by):
        return
    stage.made["ledger_duty"] += take_over(by=stage.by, owner=world.office.pk).taken
    if Responsibility.objects.filter(owner=world.office).exists():
        return
    for article in sorted({one.article for one in TASKS}):
        duty = Duty.objects.filter(owner=world.office, article=article).exclude(state=Duty.State.GONE).first()
        if duty is None:
            continue
        for body, part in ((world.bodies["department"], "lead"), (world.bodies["port"], "joint")):
            told = {"duty": duty.pk, "organisation": body.pk, "part": part, "note": MARK_ZH}
            set_responsibility(by=stage.by, **told)  # type: ignore[arg-type]
            stage.made["responsibility"] += 1


def _tasks(stage: Stage, world: World) -> None:
    """Give the tasks that are missing, and to each its story."""
    there = {one.matter: one for one in Task.objects.filter(matter__startswith=MARK)}
    for one in TASKS:
        known = there.get(MARK + one.key)
        if known is not None:
            world.tasks[one.key] = known
            continue
        world.tasks[one.key] = _give(stage, world, one)
        stage.made["ledger_task"] += 1
        if one.key in STORIES:
            STORIES[one.key](stage, world, world.tasks[one.key])
    for key in ("smart", "smart-gates"):
        if MARK + key not in there:
            _one_step(stage, world, key)


def _give(stage: Stage, world: World, one: Given) -> Task:
    duty = Duty.objects.filter(owner=world.office, article=one.article).exclude(state=Duty.State.GONE).first()
    lead = world.bodies[one.lead]
    return give_task(
        by=stage.by,
        owner=world.office.pk,
        lead=lead.pk,
        title=one.title + MARK_ZH,
        what=one.what,
        duty=duty.pk if duty and not one.parent else None,
        article=one.article if one.article in article_numbers() else None,
        parent=world.tasks[one.parent].pk if one.parent else None,
        matter=MARK + one.key,
        period=str(stage.day.year) if one.period else "",
        joint=_others(world, one.joint, (lead,)),
        supervised=_others(world, one.supervised, (lead, *(world.bodies[name] for name in one.joint))),
        given_on=stage.day + one.given * DAY,
        due_on=_due(stage.day + one.due * DAY, stage.day),
    )


def _due(on: date, today: date) -> date:
    """Return a due day; one that is past stays past where it would be moved from a day off to today."""
    return calendar().add(on + DAY, -1) if on < today else on


def _others(world: World, names: Sequence[str], taken: Sequence[Organisation]) -> list[int]:
    """Return bodies by their short names, none of them twice; a vertical unit may stand for another."""
    held = {one.pk for one in taken}
    return [pk for pk in dict.fromkeys(world.bodies[name].pk for name in names) if pk not in held]


def _escalated(stage: Stage, world: World, task: Task) -> None:
    """Take the rungs that are reached, as the office would have done."""
    ladder = ladder_of(task.due_on, task.office.kind == "vertical")
    if ladder is None:
        return
    for one in reached(ladder, task.due_on, stage.day, calendar()):
        if one.rung.after_wd >= 0:
            told = {"note": f"请说明没有按期完成的原因{MARK_ZH}", "early_why": f"示例里一天采取了几级{MARK_ZH}"}
            take_rung(by=stage.by, task=task.pk, rung=one.rung.id, **told, **_addressed(ladder.version, one.rung.id))
            stage.made["escalation"] += 1


def _addressed(ladder: str, rung: str) -> dict[str, int | str]:
    """Return the discipline body a rung is addressed to, in words where the register has none; else nothing."""
    words = rung_words(ladder, rung)
    if words is None or not words.to_discipline:
        return {}
    known = Organisation.objects.filter(kind=DISCIPLINE, closed_on=None).values_list("pk", flat=True).first()
    return {"to": known} if known else {"to_text": f"纪检监察机关{MARK_ZH}"}


def _accepted(stage: Stage, world: World, task: Task) -> None:
    """Hand evidence of the whole task in, and let the coordination office accept it."""
    row = _hand_in(stage, world, task, Told("已经办成", "", stage.day - DAY, completes=True))
    accept_evidence(by=world.coordinator, evidence=row.pk, version=row.version)


def _returned(stage: Stage, world: World, task: Task) -> None:
    row = _hand_in(stage, world, task, Told("台账已经建立", "", stage.day - 2 * DAY, completes=True))
    reason = f"材料里没有企业名单，请补齐{MARK_ZH}"
    return_evidence(by=world.coordinator, evidence=row.pk, version=row.version, reason=reason)


def _drafted(stage: Stage, world: World, task: Task) -> None:
    _hand_in(stage, world, task, Told("选址方案的初稿", "", stage.day), hand_in=False)


def _waiting(stage: Stage, world: World, task: Task) -> None:
    _hand_in(stage, world, task, Told("日程已经商定", "", stage.day - DAY, completes=True))


def _stepped(stage: Stage, world: World, task: Task) -> None:
    for title, due in (("招标完成", -20), ("设备安装", 20), ("联调验收", 55)):
        set_milestone(by=stage.by, task=task.pk, title=title + MARK_ZH, due_on=stage.day + due * DAY)


def _one_step(stage: Stage, world: World, key: str) -> None:
    """Let one step of the big task, and one of its parts, be accepted."""
    task = world.tasks[key]
    first = Milestone.objects.filter(task=task).first()
    told = Told("这一步已经完成", "", stage.day - DAY, milestone=first.pk if first else None, completes=first is None)
    row = _hand_in(stage, world, task, told)
    accept_evidence(by=world.coordinator, evidence=row.pk, version=row.version)


def _ended(stage: Stage, world: World, task: Task) -> None:
    end_task(by=stage.by, task=task.pk, version=task.version, reason=f"并入另一项调查{MARK_ZH}")


STORIES: Mapping[str, Callable[[Stage, World, Task], None]] = {
    "yard": _escalated,
    "notice": _accepted,
    "road": _accepted,
    "ledger": _returned,
    "cold": _drafted,
    "talks": _waiting,
    "smart": _stepped,
    "survey": _ended,
}
"""What became of a task once it was given."""


def _hand_in(stage: Stage, world: World, task: Task, told: Told, *, hand_in: bool = True) -> Evidence:
    """Write evidence down in the name of somebody of the body that leads a task."""
    by = next((world.hands[name] for name, body in world.bodies.items() if body.pk == task.office_id), stage.by)
    issued = Told(f"{told.claim}{MARK_ZH}", task.office.name_zh, *_rest(told))
    stage.made["evidence"] += 1
    return draft_evidence(
        by=by,
        task=task.pk,
        organisation=task.office_id,
        told=issued,
        file=receive(PAPER.encode(), "demonstration.txt"),
        hand_in=hand_in,
    )


def _rest(told: Told) -> tuple[date | None, int | None, int | None, bool]:
    return told.dated_on, told.milestone, told.target, told.completes


def _period(stage: Stage, world: World) -> None:
    """Close the records of a year long past."""
    period = str(stage.day.year - YEARS_CLOSED)
    if ClosedPeriod.objects.filter(owner=world.office, period=period).exists():
        return
    close_period(by=stage.by, owner=world.office.pk, period=period, note=f"资料已经归档{MARK_ZH}")
    stage.made["closed_period"] += 1
