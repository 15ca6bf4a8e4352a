"""Made-up news, training, fairs, firms, products and projects abroad, all marked as made up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.viewer import ANONYMOUS, Viewer
from bridgehead.ground.demonstration.people import MARK_EN, MARK_ZH
from bridgehead.ground.demonstration.registry import Stage
from bridgehead.ground.models import Membership, Organisation
from bridgehead.rooms.desk.actions.fairs import FairTold, announce_fair, sign_up_for_fair
from bridgehead.rooms.desk.actions.firm_cards import answer_enquiry, send_enquiry, write_card
from bridgehead.rooms.desk.actions.news import NewsTold, release_news, subscribe, write_news
from bridgehead.rooms.desk.actions.outbound import ProjectTold, answer_checklist, consent_office, register_project
from bridgehead.rooms.desk.actions.outbound_care import plan_visit
from bridgehead.rooms.desk.actions.products import KINDS, ProductTold, list_product
from bridgehead.rooms.desk.actions.service_demonstration import MARKED, hold_training, raise_signal
from bridgehead.rooms.desk.actions.training import SessionTold, announce
from bridgehead.rooms.desk.actions.training_places import sign_up, sign_up_as_partner
from bridgehead.rooms.desk.models import FirmCard, TrainingSession

MARKS = {"zh": MARK_ZH, "en": MARK_EN, "ru": " (пример)", "mn": " (жишээ)"}
SOURCE = "示意，不是真实的来源"
GIST = {
    "zh": "讲要求、材料和常见错误，留时间答疑。",
    "en": "What is required, which papers, common mistakes; with time for questions.",
    "ru": "Требования, документы и частые ошибки; будет время для вопросов.",
    "mn": "Шаардлага, бичиг баримт, түгээмэл алдаа; асуулт хариултад цаг үлдээнэ.",
}
Texts = Mapping[str, Mapping[str, str]]
GIST = {
    "zh": "讲要求、材料和常见错误，留时间答疑。",
    "en": "Requirements, papers and usual mistakes, with time for questions.",
    "ru": "Требования, документы и частые ошибки; будет время для вопросов.",
    "mn": "Шаардлага, бичиг баримт, түгээмэл алдаа; асуулт асуух цагтай.",
}
HALL = {"zh": "国际展览馆", "en": "Exhibition hall", "ru": "Выставочный зал", "mn": "Үзэсгэлэнгийн танхим"}
CHAMBER = {
    "zh": "商会",
    "en": "Chamber of commerce",
    "ru": "Торговая палата",
    "mn": "Худалдааны танхим",
}
PROVIDERS = {
    "finance": {"zh": "某银行", "en": "A bank", "ru": "Банк", "mn": "Банк"},
    "insurance": {"zh": "某保险公司", "en": "An insurer", "ru": "Страховая компания", "mn": "Даатгалын компани"},
    "logistics": {
        "zh": "某班列公司",
        "en": "A train operator",
        "ru": "Оператор поездов",
        "mn": "Галт тэрэгний компани",
    },
    "relief": {
        "zh": "某法律援助中心",
        "en": "A legal aid centre",
        "ru": "Центр юридической помощи",
        "mn": "Хуулийн төв",
    },
}
FOR_WHOM = {
    "zh": "有出口订单的企业",
    "en": "Firms with export orders",
    "ru": "Предприятия с экспортными заказами",
    "mn": "Экспортын захиалгатай аж ахуйн нэгж",
}
DOCUMENTS = {
    "zh": "营业执照\n出口合同",
    "en": "Business licence\nExport contract",
    "ru": "Свидетельство о регистрации\nЭкспортный контракт",
    "mn": "Бизнесийн гэрчилгээ\nЭкспортын гэрээ",
}


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays: the office with two people, and firms with somebody in each."""

    office: Organisation
    officer: Viewer
    head: Viewer
    firms: Mapping[str, tuple[Organisation, Viewer]]


def fill_services(stage: Stage) -> None:
    """Make what is missing; a second time nothing."""
    cast = _cast()
    if cast is None or TrainingSession.objects.filter(MARKED).exists():
        return
    for part in (_subscriptions, _news, _training, _fairs, _cards, _products, _abroad):
        stage.made[part.__name__.strip("_")] += part(stage, cast)


def _cast() -> Cast | None:
    seats = {one.person.login: one for one in Membership.objects.filter(person__demo=True).select_related("person")}
    officer, head = seats.get("demo-case-officer"), seats.get("demo-case-head")
    names = [name for name in ("importer", "exporter", "online") if f"demo-enterprise-admin-{name}" in seats]
    if officer is None or head is None or len(names) < 3:
        return None
    firms = {name: seats[f"demo-enterprise-admin-{name}"] for name in names}
    people = {name: (one.organisation, viewer_of(one.person)) for name, one in firms.items()}
    return Cast(officer.organisation, viewer_of(officer.person), viewer_of(head.person), people)


def _marked(title: Mapping[str, str], **others: Mapping[str, str]) -> Texts:
    """Return texts whose title says in its language that it is made up."""
    return {"title": {code: text + MARKS[code] for code, text in title.items()}, **others}


def _subscriptions(stage: Stage, cast: Cast) -> int:
    for name, goods, country in (("importer", "44", "RU"), ("exporter", "", "MN"), ("online", "51", "")):
        firm, by = cast.firms[name]
        subscribe(by=by, firm=firm.pk, goods=goods, country=country)
    return 3


def _news(stage: Stage, cast: Cast) -> int:
    items = (
        (
            {
                "zh": "原木出口要先登记数量",
                "en": "Log exports are registered first",
                "ru": "Экспорт брёвен сначала регистрируют",
                "mn": "Гуалин экспортыг эхлээд бүртгэнэ",
            },
            {
                "zh": "对方海关要求每批原木在装车前登记数量。\n没有登记的，口岸不放行。",
                "en": "Customs on the other side want each lot of logs registered before it is loaded.",
                "ru": "Таможня требует регистрировать каждую партию брёвен до погрузки.",
                "mn": "Нөгөө талын гааль гуалин ачихаас өмнө багц бүрийг бүртгэхийг шаардаж байна.",
            },
            ("4403", "RU"),
        ),
        (
            {"zh": "羊绒收购季开始", "en": "The season for cashmere begins", "mn": "Ноолуурын улирал эхэллээ"},
            {"zh": "今年的收购从四月底开始，水分标准不变。", "en": "Buying begins at the end of April."},
            ("5102", "MN"),
        ),
        (
            {"zh": "节假日口岸开放安排", "en": "Opening of ports over the holidays"},
            {"zh": "节日期间客运照常，货运停两天。", "en": "Passengers as usual; freight pauses for two days."},
            ("", ""),
        ),
    )
    for title, text, (goods, countries) in items:
        told = NewsTold(_marked(title, text=text), SOURCE, stage.day, stage.day + timedelta(days=60), goods, countries)
        row = write_news(by=cast.officer, owner=cast.office.pk, told=told)
        release_news(by=cast.head, news=row.pk, version=row.version)
    title = {"zh": "通关费用可能调整"}
    draft = NewsTold(_marked(title, text={"zh": "等来源确认。"}), SOURCE, stage.day, stage.day + timedelta(days=30))
    write_news(by=cast.officer, owner=cast.office.pk, told=draft)
    return len(items) + 1


def _training(stage: Stage, cast: Cast) -> int:
    def held(title: Mapping[str, str], days: int, seats: int, language: str, **more: str) -> TrainingSession:
        at = timezone.make_aware(datetime.combine(stage.day + timedelta(days=days), time(9, 30)))
        place = {"zh": "政务服务中心三楼", "en": "Service centre, third floor", "ru": "Центр услуг, 3-й этаж"}
        texts = _marked(title, gist=GIST, **({} if more else {"place": place}))
        told = SessionTold(texts, at, at + timedelta(hours=2, minutes=30), seats, language, **more)
        return announce(by=cast.officer, owner=cast.office.pk, told=told)

    importer, exporter = cast.firms["importer"], cast.firms["exporter"]
    past = held({"zh": "单一窗口报关入门", "en": "First steps in the single window"}, 30, 40, "zh")
    for (firm, by), name in ((importer, "王进口（示意）"), (exporter, "李出口（示意）")):
        sign_up(by=by, session=past.pk, firm=firm.pk, name=name)
    hold_training(by=stage.by, session=past.pk)
    small = held({"zh": "木材进口检疫", "en": "Quarantine of timber", "ru": "Карантин древесины"}, 12, 2, "zh")
    for name in ("王进口（示意）", "赵进口（示意）", "钱进口（示意）"):
        sign_up(by=importer[1], session=small.pk, firm=importer[0].pk, name=name)
    online = held(
        {
            "zh": "中蒙俄贸易单证",
            "en": "Trade documents with Mongolia and Russia",
            "ru": "Торговые документы для Китая и Монголии",
            "mn": "Хятад, Оростой хийх худалдааны бичиг баримт",
        },
        26,
        80,
        "ru",
        link="https://meeting.example/demonstration",
    )
    told = {"name": "Иван Петров (пример)", "firm_name": "ООО Пример", "email": "partner@example.org"}
    sign_up_as_partner(by=ANONYMOUS, session=online.pk, language="ru", **told)
    return 3


def _fairs(stage: Stage, cast: Cast) -> int:
    for title, country, starts, capacity in (
        ({"zh": "乌兰巴托建材展", "en": "Building fair of Ulaanbaatar", "mn": "Барилгын үзэсгэлэн"}, "MN", 45, 1),
        ({"zh": "远东食品展", "en": "Food fair of the Far East", "ru": "Продовольственная выставка"}, "RU", 80, None),
    ):
        told = FairTold(
            texts=_marked(title, place=HALL, organiser=CHAMBER),
            country=country,
            starts_on=stage.day + timedelta(days=starts),
            ends_on=stage.day + timedelta(days=starts + 3),
            deadline=stage.day + timedelta(days=starts - 20),
            source=SOURCE,
            source_on=stage.day,
            capacity=capacity,
        )
        row = announce_fair(by=cast.officer, owner=cast.office.pk, told=told)
        for name in ("importer", "exporter") if capacity else ("exporter",):
            firm, by = cast.firms[name]
            sign_up_for_fair(by=by, fair=row.pk, firm=firm.pk, brings="样品和目录", contact="电话（示意）")
    return 2


def _cards(stage: Stage, cast: Cast) -> int:
    told = {
        "importer": ({"makes": {"zh": "锯材、细木工板", "en": "Sawn timber"}}, "4407", "RU, MN", True),
        "exporter": ({"makes": {"zh": "洋葱、土豆"}, "buys": {"zh": "蜂蜜"}}, "07", "MN, RU", True),
        "online": ({"buys": {"zh": "羊绒制品"}}, "61", "MN", False),
    }
    found: dict[str, FirmCard] = {}
    for name, (texts, goods, countries, public) in told.items():
        firm, by = cast.firms[name]
        kept = {"title": {"zh": firm.name_zh, "en": firm.name_en}, **texts}
        more = {"goods": goods, "countries": countries, "languages": ["zh", "en", "ru"]}
        found[name] = write_card(by=by, firm=firm.pk, version=None, texts=kept, public=public, **more)
    online, by = cast.firms["online"]
    asked = {"by": by, "firm": online.pk, "contact": "电话（示意）"}
    first = send_enquiry(card=found["importer"].pk, text="每月能供多少板材？（示意）", **asked)
    send_enquiry(card=found["exporter"].pk, text="有没有有机洋葱？（示意）", **asked)
    contact = {"text": "每月两车皮。", "contact": "邮箱（示意）"}
    answer_enquiry(by=cast.firms["importer"][1], enquiry=first.pk, version=first.version, accepts=True, **contact)
    return 3


def _products(stage: Stage, cast: Cast) -> int:
    def listed(kind: str, title: Mapping[str, str], **more: object) -> None:
        service = next(service for service, kinds in KINDS.items() if kind in kinds)
        provider = {"provider": PROVIDERS[service]}
        texts = _marked(title, **provider, **(more.pop("texts", None) or {}))  # type: ignore[arg-type]
        told = ProductTold(service, kind, texts, SOURCE, stage.day, standing="estimate", **more)  # type: ignore[arg-type]
        list_product(by=cast.officer, owner=cast.office.pk, told=told)

    listed(
        "loan",
        {"zh": "外贸订单贷", "en": "Loan on export orders", "ru": "Кредит под экспортный заказ"},
        most_cny=Decimal(3_000_000),
        valid_until=stage.day + timedelta(days=200),
        texts={"for_whom": FOR_WHOM, "documents": DOCUMENTS},
    )
    listed("factoring", {"zh": "应收账款融资", "en": "Factoring"}, least_cny=Decimal(100_000))
    listed("small_firms", {"zh": "小微企业统保", "en": "Policy for small firms"}, free=True)
    listed("train", {"zh": "每周班列舱位", "en": "Places on a weekly train", "ru": "Места на еженедельном поезде"})
    listed("legal", {"zh": "追偿法律援助", "en": "Legal aid to recover debts", "ru": "Помощь во взыскании долга"})
    return 5


def _abroad(stage: Stage, cast: Cast) -> int:
    firm, by = cast.firms["importer"]
    told = ProjectTold(
        name=f"南戈壁洗煤厂{MARK_ZH}",
        country="MN",
        place="达兰扎德嘎德",
        people=24,
        contact_there="电话（示意）",
        starts_on=stage.day - timedelta(days=400),
    )
    row = register_project(by=by, firm=firm.pk, told=told)
    answers = {"embassy": ("yes", ""), "person-in-charge": ("yes", ""), "drill": ("no", "下个月补")}
    row = answer_checklist(by=by, project=row.pk, version=row.version, answers=answers)
    row = consent_office(by=by, project=row.pk, version=row.version, office=cast.office.pk)
    planned = stage.day + timedelta(days=20)
    plan_visit(by=cast.officer, project=row.pk, planned_on=planned, purpose="看消防、食堂和应急预案")
    raise_signal(by=stage.by, country="MN", title={"zh": f"有暴风雪{MARK_ZH}", "en": f"Snowstorm{MARK_EN}"})
    return 1
