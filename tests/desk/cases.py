"""Who asks for services and who handles them, on a clock the tests set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import Membership, Organisation, Person
from bridgehead.rooms.desk.actions.case_moves import Given, hand_over, move_case
from bridgehead.rooms.desk.actions.case_talk import note, write
from bridgehead.rooms.desk.actions.cases import lodge, save_draft
from bridgehead.rooms.desk.models import Case
from bridgehead.rooms.desk.services import services
from tests.ground.world import BY, member, organisation
from tests.ledger import seen_as

if TYPE_CHECKING:
    from tests.desk import DeskWorld

BEIJING = ZoneInfo("Asia/Shanghai")
BASIS = "regulation:45"
QUESTION = {"topic": "subsidy", "question": "小微企业要交多少税？", "may_publish": "yes"}
CONSIGNMENT = {
    "goods_name": "机械设备",
    "weight_t": "40",
    "packing": "bulk",
    "from_place": "呼和浩特市",
    "to_place": "乌兰巴托",
    "ready_on": "2026-03-09",
    "dangerous": "no",
}
RELIEF = {
    "trouble": "buyer_default",
    "trouble_on": "2026-03-02",
    "district": "150700",
    "loss_amount": "120000",
    "trouble_told": "买家收货后不付款。",
}


@dataclass(frozen=True)
class CaseWorld:
    """The departments that own services, a city that takes in relief, a coordination office, two firms, two brokers."""

    region: Organisation
    commerce: Organisation
    finance: Organisation
    city: Organisation
    coordination: Organisation
    firm: Organisation
    rival: Organisation
    broker: Organisation
    trader: Person
    competitor: Person
    agent: Person
    officer: Person
    second_officer: Person
    head: Person
    financier: Person
    city_officer: Person
    coordinator: Person


def of_region(code: str) -> Organisation:
    """Return an organisation of the region's table."""
    with as_system("tests"):
        return Organisation.objects.get(code=code)


def case_world() -> CaseWorld:
    """Make the world, through the platform's own actions."""
    with as_system("tests"):
        region = of_region("150000")
        commerce = of_region("nm-swt")
        finance = of_region("nm-jrgl")
        city = of_region("150700")
        coordination = of_region("nm-coord")
        firm = organisation("alpha", "enterprise", "甲公司", office=commerce)
        rival = organisation("bravo", "enterprise", "乙公司", office=city)
        broker = organisation("broker", "broker", "报关行")
        return CaseWorld(
            region,
            commerce,
            finance,
            city,
            coordination,
            firm,
            rival,
            broker,
            member(firm, "enterprise_admin", "trader", "冯外贸"),
            member(rival, "enterprise_admin", "competitor", "陈外贸"),
            member(broker, "broker", "agent", "褚代理"),
            member(commerce, "officer", "officer", "钱经办"),
            member(commerce, "officer", "second-officer", "周经办"),
            member(commerce, "head", "head", "赵厅长"),
            member(finance, "officer", "financier", "吴经办"),
            member(city, "officer", "city-officer", "郑经办"),
            member(coordination, "coordination", "coordinator", "王协调"),
        )


def at(text: str) -> datetime:
    """Return a moment of the region, such as ``2026-03-02 09:00``."""
    return datetime.fromisoformat(text).replace(tzinfo=BEIJING)


@dataclass
class Now:
    """The moment it is for the journal, the actions and the pages."""

    moment: datetime

    def set(self, text: str) -> None:
        """Let it be another moment."""
        self.moment = at(text)

    def pass_by(self, **time: int) -> None:
        """Let time pass: ``hours=3``."""
        self.moment += timedelta(**time)


def lodged(world: CaseWorld, by: Person | None = None, **told: Any) -> Case:
    """Lodge a question, or what is told."""
    said = {"service": "policy_question", "form": QUESTION, "title": "小微企业要交多少税", **told}
    return lodge(by=seen_as(by or world.trader), firm=world.firm.pk, **said)


def moved(case: Case, by: Person, move: str, **given: Any) -> Case:
    """Make a move; needs by name, ``files`` for papers, ``routes`` for keys of routes, ``effect`` for what else."""
    more = given.pop("files", ()), given.pop("routes", ()), given.pop("effect", None)
    return move_case(by=seen_as(by), case=case.pk, version=case.version, move=move, given=Given(given, *more))


def answered(world: CaseWorld, case: Case) -> Case:
    """Have a question answered in three moves."""
    case = moved(case, world.officer, "draft")
    case = moved(case, world.officer, "submit", answer="按政策第一条。")
    return moved(case, world.head, "answer", answer="按政策第一条。")


def make(world: DeskWorld) -> Case | None:
    """Lodge a case of the firm that has been talked about, with the office of whoever looks at pages for officers."""
    from tests.site.admitted import ORDINARY, person_with  # which makes this very world

    if not services():  # a region without services
        return None
    by = seen_as(world.trader)
    paper = receive(b"paper\n", "paper.txt", "text/plain")
    told = {"firm": world.firm.pk, "service": "policy_question", "form": QUESTION, "title": "小微企业要交多少税"}
    save_draft(by=by, **told)
    case = lodge(by=by, files={"attachment": paper}, **told)
    write(by=by, case=case.pk, text="比较急")
    note(by=BY, case=case.pk, text="先看政策库")
    office = Membership.objects.get(person=person_with(ORDINARY)).organisation_id
    return hand_over(by=BY, case=case.pk, version=case.version, office=office, reason="归口办理")
