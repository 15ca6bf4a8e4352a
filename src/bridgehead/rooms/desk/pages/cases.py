"""The pages of services and cases: directory, form of a service, a firm's cases, one case, an office's queue."""

from __future__ import annotations

from collections.abc import Iterable

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.regions.load import Region
from bridgehead.rooms.desk.pages.records import NEEDS, of
from bridgehead.rooms.desk.who import ASK, HANDLE

VIEWS = "bridgehead.rooms.desk.views"


def _services(region: Region) -> Iterable[Example]:
    return [Example({"service": row.text("id")}) for row in region.rows("services")]


PAGES: tuple[Page, ...] = (
    Page(
        name="desk:services",
        path="services/",
        view=f"{VIEWS}.services.services",
        title_zh="服务目录",
        title_en="Directory of services",
        title_ru="Перечень услуг",
        title_mn="Үйлчилгээний жагсаалт",
        description_zh="每项服务是什么、谁承办、承诺多久、最近一年实际用了多久。",
        description_en="What each service is, who owns it, what is promised and how long it really took.",
        description_ru="Что за услуга, кто её оказывает, какой срок обещан и сколько она занимала на деле.",
        description_mn="Үйлчилгээ бүрийг хэн хариуцах, ямар хугацаа амласан, үнэндээ хэр удсаныг харна.",
        audience="public",
        languages=LANGUAGES,
        articles=(50, 51, 77),
        nav=15,
        nav_zh="服务目录",
        nav_en="Services",
        nav_ru="Услуги",
        nav_mn="Үйлчилгээ",
        api="/services",
    ),
    Page(
        name="desk:service",
        path="services/<id:service>/",
        view=f"{VIEWS}.services.service",
        title_zh="申请服务",
        title_en="Ask for a service",
        title_ru="Запросить услугу",
        title_mn="Үйлчилгээ хүсэх",
        description_zh="一项服务的承诺和实际时限；企业在这里填表、存草稿、提交。",
        description_en="What a service promises and took; firms fill in its form here, keep a draft and lodge it.",
        description_ru="Обещанный и действительный срок услуги; здесь предприятие заполняет и подаёт заявку.",
        description_mn="Үйлчилгээний амласан, бодит хугацаа; аж ахуйн нэгж эндээс хүсэлтээ бөглөж илгээнэ.",
        audience="public",
        languages=LANGUAGES,
        posts=True,
        articles=(50, 51, 53, 54, 77),
        without_api=A_FORM,
        examples=_services,
    ),
    Page(
        name="desk:cases",
        path="desk/cases/",
        view=f"{VIEWS}.cases.cases",
        title_zh="我的办件",
        title_en="My cases",
        title_ru="Мои обращения",
        title_mn="Миний хүсэлтүүд",
        description_zh="您的企业办的事：在谁手里、用了多少时间、什么时候到期、等谁。",
        description_en="What your firm asked for: who has it, time used, when it is due, whom it waits for.",
        description_ru="Обращения вашего предприятия: у кого они, сколько времени прошло, когда срок и кого ждут.",
        description_mn="Танай байгууллагын хүсэлт: хэнд байгаа, хэр хугацаа өнгөрсөн, хэзээ дуусах, хэнийг хүлээж буй.",
        audience=ASK,
        languages=LANGUAGES,
        articles=(50, 51, 77),
        nav=35,
        api="/cases",
        examples=lambda region: (Example(), Example({}, "state=ended")),
    ),
    Page(
        name="desk:case",
        path="desk/cases/<int:case>/",
        view=f"{VIEWS}.cases.case",
        title_zh="一件办件",
        title_en="A case",
        title_ru="Обращение",
        title_mn="Хүсэлт",
        description_zh="一件事的时限、经过和现在能做什么，企业和承办单位看同一页。",
        description_en="The clock of a case, what happened and what can be done now, for firm and office alike.",
        description_ru="Сроки обращения, что произошло и что можно сделать сейчас; одна страница для обеих сторон.",
        description_mn="Хүсэлтийн хугацаа, явц, одоо юу хийж болох; аж ахуйн нэгж, байгууллага нэг хуудсыг харна.",
        audience="signed-in",
        languages=LANGUAGES,
        posts=True,
        articles=(50, 51, 53, 54, 77),
        api="/cases/{case}",
        needs=NEEDS,
        examples=of("Case", lambda one: Example({"case": one.pk})),
    ),
    Page(
        name="desk:queue",
        path="desk/queue/",
        view=f"{VIEWS}.cases.queue",
        title_zh="办件",
        title_en="Cases to handle",
        description_zh="本单位的办件：先列急件，再列超时的，再按到期先后，最后是等申请人的。",
        description_en="The cases of an office: what is urgent, then what is late or due, then what waits for firms.",
        audience=HANDLE,
        articles=(50, 51, 81),
        nav=50,
        api="/queue",
        examples=lambda region: (Example(), Example({}, "state=late"), Example({}, "state=ended")),
    ),
)
DOWNLOADS: tuple[Download, ...] = (
    Download(
        name="case-file",
        path="desk/cases/<int:case>/files/<int:file>",
        view=f"{VIEWS}.cases.file",
        audience="signed-in",
        languages=LANGUAGES,
        examples=of("CaseFile", lambda one: Example({"case": one.case_id, "file": one.pk}), case__isnull=False),
    ),
)
