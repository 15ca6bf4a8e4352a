"""Made-up cases of every service in every kind of state: on their way, paused, late, refused, ended in time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta

from django.utils import timezone

from bridgehead.engines.cases.machine import SOUGHT, Kind, Machine, Move, Need, Outcome, Role
from bridgehead.engines.cases.services import Field, FieldType, Service
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.demonstration.people import MARK_ZH, give_password
from bridgehead.ground.demonstration.registry import Stage
from bridgehead.ground.models import Organisation, Person
from bridgehead.ground.people.memberships import enrol
from bridgehead.ground.region import current
from bridgehead.rooms.desk.actions.demonstration import Step, Story, tell_case
from bridgehead.rooms.desk.actions.replies import MAY_PUBLISH, ReplyTold, may_become_public, release_reply, write_reply
from bridgehead.rooms.desk.courses import answers_of
from bridgehead.rooms.desk.logistics import routes_for
from bridgehead.rooms.desk.models import Case, Policy
from bridgehead.rooms.desk.selectors.case_routes import KEPT, has_routes
from bridgehead.rooms.desk.services import DISTRICT, clock_of, registered, services

OFFICE = "nm-swt"
"""The office most services belong to: an officer and a head of the demonstration work there."""
BASIS = "第 45 条"
AREA = "150700"
TITLES: Mapping[str, str] = {
    "policy_question": "参展样品运回怎么通关",
    "trade_news": "投稿：蒙古国羊绒行情",
    "promotion": "申请参加进出口商品展",
    "training": "报名原产地规则培训",
    "logistics_request": "两个四十尺柜运往乌兰巴托",
    "trade_finance": "出口订单备货资金",
    "export_credit_insurance": "申领小微企业免费保单",
    "export_credit_claim": "买家拖欠货款索赔",
    "relief": "买家违约，货物滞留口岸",
    "complaint": "办理超过承诺时限",
    "approval": "食品经营许可",
    "investment_project": "肉类加工厂",
    "outbound_consultation": "境外仓库的安全问题",
}
ENDED: Mapping[str, int] = {"policy_question": 8, "training": 6, "relief": 5}
"""How many ended in time, or nearly, of each service: enough to measure some of them, and not enough for others."""
GIVEN: Mapping[Need, str] = {
    Need.REASON: "请补充企业规模和合同",
    Need.ANSWER: "按现行规定办理，详见政策库",
    Need.BASIS: BASIS,
    Need.PAPERS: "contract.txt",
    Need.DECISION: "同意",
    Need.AMOUNT: "100000",
    Need.OFFER: "某运输公司，15 天",
    Need.BODY: "某银行",
}
"""What moves come with; their dates are the days they are made on."""
ANSWERED_YES = (MAY_PUBLISH, "free_policy")
SLOW_PROJECT = "investment_project"
REPLY = {
    "question": {
        "zh": f"参展样品运回到哪里办通关{MARK_ZH}",
        "en": "Where are samples cleared on their way back from a fair? (made up)",
    },
    "answer": {
        "zh": "向办理出口的海关申报，网上可以办；材料和时限以海关公布的为准。",
        "en": "With the customs office of the export, online as well; papers and deadlines are those it publishes.",
    },
}
TO_COME = ("news_expires", "ready_on")
"""Fields with a day to come; the others tell of one that was."""
SOON = timedelta(days=45)
REPLY_HOLDS = timedelta(days=180)
STEP_MIN = 55
MOST_STEPS = 8


def fill_cases(stage: Stage) -> None:
    """Make the cases, and people at the office most of them lie with; a second time nothing."""
    firms = list(Organisation.objects.filter(demo=True, kind="enterprise", closed_on=None).order_by("code"))
    if not firms or Case.objects.filter(owner__demo=True).exists():
        return
    _people(stage)
    now = timezone.now()
    stories = [
        one for number, service in enumerate(services().values()) for one in _stories(service, firms, number, now)
    ]
    for story in stories:
        tell_case(by=stage.by, story=story)
        stage.made["case"] += 1
    _publish_one(stage)


def _publish_one(stage: Stage) -> None:
    """Make one of the answered questions public: worded by the officer, released by the head."""
    people = {one.login: one for one in Person.objects.filter(login__in=("demo-case-officer", "demo-case-head"))}
    asked = next((one for one in Case.objects.filter(owner__demo=True) if may_become_public(one)), None)
    if asked is None or len(people) < len(("officer", "head")):
        return
    about = Policy.objects.filter(is_open=True).values_list("code", flat=True).first()
    told = ReplyTold(REPLY, stage.day + REPLY_HOLDS, about or "")
    row = write_reply(by=viewer_of(people["demo-case-officer"]), case=asked.pk, told=told)
    release_reply(by=viewer_of(people["demo-case-head"]), reply=row.pk, version=row.version)
    stage.made["public_reply"] += 1


def _people(stage: Stage) -> None:
    office = registered(OFFICE)
    for role, word in (("officer", "办件经办人"), ("head", "办件负责人")):
        login = f"demo-case-{role}"
        if office is None or Person.objects.filter(login=login).exists():
            continue
        made = enrol(by=stage.by, organisation=office.pk, login=login, name=f"{word}{MARK_ZH}", role=role, demo=True)
        stage.made["person"] += 1
        stage.made["membership"] += 1
        if stage.password:
            give_password(by=stage.by, person=made.person.pk, password=stage.password)


def _stories(service: Service, firms: Sequence[Organisation], number: int, now: datetime) -> list[Story]:
    """Return the cases of one service: one on its way, one that waits, one refused or late, and those that ended."""
    if registered(service.owner) is None:
        return []
    firm, machine, answers = firms[number % len(firms)], service.machine, answers_of(service, _form(service))
    waits = _way(machine, answers, lambda move: machine.by_id[move.to].kind is Kind.PAUSE)
    refused = _way(machine, answers, lambda move: machine.by_id[move.to].outcome is Outcome.REFUSED)
    done = _way(machine, answers, lambda move: machine.by_id[move.to].outcome in SOUGHT)
    found = [_story(service, firm, _morning(now, number % 3 + 1), done[:1] if number % 2 else ())]
    if number % 3 == 0:
        found.append(_story(service, firms[-1], _morning(now, 3), waits))
    if number % 4 == 1:
        found.append(_story(service, firms[0], _morning(now, 9), refused))
    if number % 5 == 3:
        found.append(_story(service, firm, _morning(now, 45)))
    if service.urgent_field:
        found.append(_story(service, firms[0], _morning(now, 7), done[:1], urgent=True))
    if service.id == SLOW_PROJECT:  # its third step has taken longer than was promised
        found.append(_story(service, firms[0], _morning(now, 80), done[:2]))
    for at in range(ENDED.get(service.id, 1 if number % 2 else 0)):
        begun = _morning(now, 20 + 7 * at)
        found.append(_story(service, firms[at % len(firms)], begun, done, slow=at % 4 == 3, rating=4 + at % 2))
    return found


def _form(service: Service) -> dict[str, object]:
    """Return what is filled into the form of a service: all that must be."""
    return {one.id: _value(service, one) for one in service.fields if one.required and one.type is not FieldType.FILE}


def _way(machine: Machine, answers: Mapping[str, str], arrives: Callable[[Move], bool]) -> list[Move]:
    """Return the shortest way of moves to where one arrives, by people of the office and the firm, for some answers."""
    waiting: list[tuple[str, list[Move]]] = [(machine.states[0].id, [])]
    seen = {machine.states[0].id}
    while waiting:
        state, way = waiting.pop(0)
        for move in machine.moves_from(state):
            if Role.CLOCK in move.who or machine.by_id[move.to].outcome is Outcome.WITHDRAWN:
                continue
            if move.missing_answer(answers) is not None:
                continue
            if arrives(move):
                return [*way, move]
            if move.to not in seen and machine.by_id[move.to].kind is not Kind.ENDED and len(way) < MOST_STEPS:
                seen.add(move.to)
                waiting.append((move.to, [*way, move]))
    return []


def _story(
    service: Service,
    firm: Organisation,
    begun: datetime,
    way: Sequence[Move] = (),
    *,
    slow: bool = False,
    urgent: bool = False,
    rating: int | None = None,
) -> Story:
    """Return a case that took the moves of a way, one after the other in the working time of its office."""
    form = _form(service)
    form |= {service.urgent_field: True} if urgent else {}
    form |= _consignment() if has_routes(service) else {}
    clock, at, steps = clock_of(service.owner), begun, []
    for move in way:
        at = clock.add(at, STEP_MIN * (12 if slow else 1))
        if at > timezone.now():  # after a holiday the office has not come to it yet
            break
        by = next(role for role in (Role.TRADER, Role.HEAD, Role.OFFICER) if role in move.who)
        given: dict[str, object] = {need.value: GIVEN.get(need, str(at.date())) for need in sorted(move.needs)}
        if Need.OFFER in move.needs:
            offered = [one.kept(at.date()) for one in routes_for(form).routes[: 1 if by is Role.TRADER else 3]]
            given |= {KEPT: offered} if offered else {}
        steps.append(Step(at, move.id, by, given))
    title = f"{TITLES.get(service.id, service.name.zh)}{MARK_ZH}"
    ended = 0 < len(steps) == len(way) and service.machine.by_id[way[-1].to].kind is Kind.ENDED
    return Story(firm, service.id, title, form, begun, steps, rating if ended else None)


def _value(service: Service, field: Field) -> object:
    """Return what stands in a field; of a choice the first that leaves the case with the owner of the service."""
    match field.type:
        case FieldType.CHOICE:
            return next(one.id for one in field.choices if (field.id, one.id) not in service.routes)
        case FieldType.DATE:
            return str(timezone.localdate() + (SOON if field.id in TO_COME else -SOON))
        case FieldType.MONEY | FieldType.NUMBER:
            return "1000"
        case FieldType.COUNTRY:
            return "MN"
        case FieldType.YES_NO:
            return field.id in ANSWERED_YES
        case FieldType.PLACE:
            return AREA if field.id == DISTRICT else current().region.rows("places")[0].text("name_zh")
        case _:
            return f"{field.name.zh}{MARK_ZH}"


def _consignment() -> dict[str, object]:
    """Return the ends and the goods of the region's largest flow, none where it has no demand."""
    region, demand = current().region, current().components.demand
    if not demand:
        return {}
    flow = max(demand, key=lambda one: one.tonnes)
    ids = {"from_place": flow.origin, "to_place": flow.destination, "goods_name": flow.commodity}
    return {field: region.name(id, "zh") for field, id in ids.items()}


def _morning(now: datetime, days_ago: int) -> datetime:
    """Return nine o'clock of a day in the region."""
    day = timezone.localdate(now) - timedelta(days=days_ago)
    return datetime.combine(day, time(9), timezone.get_current_timezone())
