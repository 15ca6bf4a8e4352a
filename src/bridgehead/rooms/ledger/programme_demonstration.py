"""The demonstration of programmes: a few of different kinds with stages, parties, money and items, all marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bridgehead.engines.programmes.kinds import Field, Kind
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.demonstration.people import MARK_EN, MARK_ZH
from bridgehead.ground.demonstration.registry import Stage
from bridgehead.ground.files.uploads import receive
from bridgehead.rooms.ledger.actions.demonstration import PROGRAMME_MARK
from bridgehead.rooms.ledger.actions.programmes import Said, open_programme
from bridgehead.rooms.ledger.actions.programmes_money import enter_money
from bridgehead.rooms.ledger.actions.programmes_parts import add_item, add_party
from bridgehead.rooms.ledger.actions.programmes_stages import accept_stage, propose_stage, return_stage
from bridgehead.rooms.ledger.demonstration import DAY, PAPER, World
from bridgehead.rooms.ledger.models import Programme
from bridgehead.rooms.ledger.programme_kinds import kinds
from bridgehead.rooms.ledger.who import RUN

SOURCE = f"编造的材料，不作任何依据{MARK_ZH}"


@dataclass(frozen=True, slots=True)
class Move:
    """A move to a stage so many days from today, and what becomes of it."""

    stage: str
    on: int
    evidence: str
    became: str = "accepted"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of this year, of a paper so many days from today."""

    kind: str
    amount: str
    on: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item, so many days from today."""

    title: str
    on: int
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One programme: its kind, who leads it, since when it is at its first stage, and what happened to it.

    A number among ``fields`` is a day, so many from today.
    """

    key: str
    kind: str
    lead: str
    names: tuple[str, str]
    began: int
    stage: str = ""
    next_step: str
    due: int
    fields: Mapping[str, str | int]
    parent: str = ""
    moves: tuple[Move, ...] = ()
    parties: tuple[tuple[str, str], ...] = ()
    money: tuple[Money, ...] = ()
    items: tuple[Item, ...] = ()


PROGRAMMES = (
    Shown(
        key="link-road",
        kind="transport-construction",
        lead="port",
        names=("联检楼连接线改造", "Rebuilding of the link to the inspection hall"),
        began=-420,
        next_step="组织中期检查",
        due=20,
        fields={"works": "road", "length_km": "6.4", "investment": "52000000", "invested": "18500000"},
        moves=(
            Move("feasibility", -360, "可研报告批复"),
            Move("design", -240, "初步设计批复"),
            Move("tender", -150, "招标公告"),
            Move("construction", -90, "施工许可"),
        ),
        parties=(("contractor", "某路桥公司"), ("operator", "某口岸运营公司")),
        money=(
            Money("appropriation", "30000000", -85),
            Money("special_bond", "20000000", -80),
            Money("commitment", "41000000", -60),
            Money("payment", "18500000", -10),
        ),
    ),
    Shown(
        key="link-bridge",
        kind="transport-construction",
        lead="port",
        parent="link-road",
        names=("连接线上的跨渠小桥", "Small bridge on the link"),
        began=-200,
        next_step="调整概算",
        due=9,
        fields={"works": "road", "investment": "5000000", "invested": "0"},
        moves=(Move("feasibility", -160, "可研报告批复"), Move("design", -100, "初步设计批复")),
        money=(Money("appropriation", "5000000", -70), Money("commitment", "6200000", -15)),
    ),
    Shown(
        key="fair",
        kind="exhibition",
        lead="department",
        names=("向北开放商品展", "Northern goods fair"),
        began=-150,
        next_step="核对签约清单",
        due=5,
        fields={"edition": "8", "opens_on": -30, "exhibitors": "120", "foreign_exhibitors": "45", "visitors": "18000"},
        moves=(
            Move("invited", -120, "邀请函和参展名单"),
            Move("held", -30, "展会总结"),
            Move("deals-filed", -4, "签约清单", "waits"),
        ),
        parties=(("foreign_partner", "某国工商会"),),
        money=(Money("appropriation", "3000000", -140), Money("payment", "2650000", -20)),
        items=(
            Item(
                "肉类采购",
                -29,
                {"counterparty": "某食品公司", "signed_value": "8000000", "fulfilled_value": "2000000"}
                | {"trade_or_investment": "trade"},
            ),
            Item(
                "加工厂投资",
                -28,
                {"counterparty": "某矿业公司", "signed_value": "60000000", "fulfilled_value": "0"}
                | {"trade_or_investment": "investment"},
            ),
        ),
    ),
    Shown(
        key="council",
        kind="foreign-mechanism",
        lead="department",
        names=("口岸联系会晤机制", "Contact council of two ports"),
        began=-700,
        stage="first-meeting",
        next_step="商定下次会晤的议题",
        due=35,
        fields={"foreign_body": "某国口岸管理局", "country_name": "蒙古国", "rhythm": "half-year", "meetings_due": "2"},
        moves=(Move("regular", -120, "第二次会晤纪要"),),
        items=(
            Item("第二次会晤", -120, {"place": "口岸会晤室", "level": "department", "agreed": "5", "carried_out": "3"}),
        ),
    ),
    Shown(
        key="site",
        kind="port-function",
        lead="port-2",
        names=("进境粮食指定监管场地", "Designated site for grain"),
        began=-80,
        next_step="补齐环评材料再报",
        due=12,
        fields={"function": "designated-site", "approving_body": "海关总署", "capacity_day": "60"},
        moves=(Move("applied", -8, "申报材料", "returned"),),
    ),
)
"""The programmes; their names, parties, items and sources are marked. A region without a kind has none of it."""


def demonstrate(stage: Stage, world: World) -> None:
    """Enter the programmes that are missing, each with its story."""
    there = {one.code: one for one in Programme.objects.filter(code__startswith=PROGRAMME_MARK)}
    for one in PROGRAMMES:
        declared = kinds().get(one.kind)
        known = there.get(PROGRAMME_MARK + one.key)
        if known is not None or declared is None or not _fits(one, declared):
            continue
        record = _open(stage, world, one, declared, there.get(PROGRAMME_MARK + one.parent))
        there[record.code] = record
        _story(stage, world, one, record)


def _fits(one: Shown, declared: Kind) -> bool:
    """Tell whether the kind of this region has the stages and records the fields of a programme of ours."""
    stages = {move.stage for move in one.moves} | ({one.stage} if one.stage else set())
    return (
        stages <= set(declared.places)
        and _takes(declared.fields, one.fields)
        and all(_takes(declared.item_fields, item.fields) for item in one.items)
    )


def _takes(fields: tuple[Field, ...], told: Mapping[str, object]) -> bool:
    return {one.id for one in fields if one.required} <= set(told) <= {one.id for one in fields}


def _open(stage: Stage, world: World, one: Shown, declared: Kind, parent: Programme | None) -> Programme:
    days = {name: (stage.day + value * DAY).isoformat() for name, value in one.fields.items() if isinstance(value, int)}
    said = Said(
        name_zh=one.names[0] + MARK_ZH,
        name_en=one.names[1] + MARK_EN,
        office=world.bodies[one.lead].pk,
        parent=parent.pk if parent else None,
        next_step=one.next_step,
        next_due_on=stage.day + one.due * DAY,
        source=SOURCE,
        source_on=stage.day + one.began * DAY,
        fields={name: str(value) for name, value in one.fields.items()} | days,
    )
    stage.made["programme"] += 1
    return open_programme(
        by=stage.by,
        organisation=world.office.pk,
        kind=declared.id,
        said=said,
        code=PROGRAMME_MARK + one.key,
        stage=one.stage,
        stage_on=stage.day + one.began * DAY,
    )


def _story(stage: Stage, world: World, one: Shown, record: Programme) -> None:
    """Let what happened to a programme happen: parties, money, items, and moves from stage to stage."""
    told = {"by": stage.by, "programme": record.pk}
    for role, name in one.parties:
        add_party(**told, role=role, name=name + MARK_ZH)
        stage.made["programme_party"] += 1
    for entry in one.money:
        money = {"kind": entry.kind, "amount": entry.amount, "year": stage.day.year, "source": SOURCE}
        enter_money(**told, **money, on=stage.day + entry.on * DAY)
        stage.made["programme_money"] += 1
    for item in one.items:
        on = stage.day + item.on * DAY
        add_item(**told, title=item.title + MARK_ZH, on=on, source=SOURCE, fields=item.fields)
        stage.made["programme_item"] += 1
    for move in one.moves:
        _moved(stage, world, record, move)
        record.refresh_from_db()


def _moved(stage: Stage, world: World, record: Programme, told: Move) -> None:
    """Propose a move in the name of the body that leads the programme; somebody else decides, or it waits."""
    stage.made["programme_stage"] += 1
    move = propose_stage(
        by=_hand(stage, world, record),
        programme=record.pk,
        version=record.version,
        stage=told.stage,
        on=stage.day + told.on * DAY,
        evidence=told.evidence + MARK_ZH,
        file=receive(PAPER.encode(), "demonstration.txt") if told.became == "waits" else None,
    )
    if told.became == "accepted":
        accept_stage(by=world.coordinator, move=move.pk, version=move.version)
    elif told.became == "returned":
        comment = f"缺环评批复，请补齐{MARK_ZH}"
        return_stage(by=world.coordinator, move=move.pk, version=move.version, comment=comment)


def _hand(stage: Stage, world: World, record: Programme) -> Viewer:
    """Return who keeps a programme in the body that leads it, the platform where nobody of the demonstration does."""
    for viewer in world.hands.values():
        if viewer.grant_for(RUN, record.office_id, to_write=True):
            return viewer
    return stage.by
