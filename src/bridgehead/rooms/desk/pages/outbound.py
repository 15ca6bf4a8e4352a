"""The pages of projects abroad."""

from __future__ import annotations

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.rooms.desk.pages.policies import A_FIRMS_OWN
from bridgehead.rooms.desk.pages.records import NEEDS, of
from bridgehead.rooms.desk.who import ABROAD, CARE

VIEWS = "bridgehead.rooms.desk.views.outbound"

_projects = of("OutboundProject", lambda one: Example({"project": one.pk}))
_cared_for = of("OutboundProject", lambda one: Example({"project": one.pk}), office__isnull=False)

PAGES: tuple[Page, ...] = (
    Page(
        name="desk:outbound",
        path="desk/outbound/",
        view=f"{VIEWS}.outbound",
        title_zh="境外项目",
        title_en="Projects abroad",
        title_ru="Проекты за рубежом",
        title_mn="Гадаад дахь төсөл",
        description_zh="登记企业在境外的项目、人员和联系方式；只有您的企业看得到，除非您让一个单位看。",
        description_en="Register your firm's projects abroad; only your firm sees them, unless you name an office.",
        description_ru="Учёт проектов за рубежом: их видит только ваше предприятие, пока вы не назовёте ведомство.",
        description_mn="Гадаад дахь төслөө бүртгэнэ; та газар нэрлээгүй бол зөвхөн танай байгууллага харна.",
        audience=ABROAD,
        languages=LANGUAGES,
        posts=True,
        articles=(47, 48),
        nav=52,
        without_api=A_FIRMS_OWN,
    ),
    Page(
        name="desk:outbound-project",
        path="desk/outbound/<int:project>/",
        view=f"{VIEWS}.project",
        title_zh="一个境外项目",
        title_en="A project abroad",
        title_ru="Проект за рубежом",
        title_mn="Гадаад дахь нэг төсөл",
        description_zh="安全清单缺什么、收到什么风险提示、巡查发现什么；让哪个单位看。",
        description_en="What the safety checklist lacks, warnings received, what visits found; which office sees it.",
        description_ru="Чего не хватает по безопасности, какие предупреждения пришли, что нашли при посещениях.",
        description_mn="Аюулгүй байдлын жагсаалтад юу дутуу, ямар анхааруулга ирсэн, шалгалтаар юу илэрсэн.",
        audience=ABROAD,
        languages=LANGUAGES,
        posts=True,
        articles=(47, 48),
        without_api=A_FIRMS_OWN,
        needs=NEEDS,
        examples=_projects,
    ),
    Page(
        name="desk:outbound-care",
        path="desk/outbound/care/",
        view=f"{VIEWS}.care",
        title_zh="境外项目关怀",
        title_en="Care for projects abroad",
        description_zh="企业让本单位看的境外项目、要去的巡查、要跟进的事。",
        description_en="The projects abroad firms let your office see, visits to come, what is to be followed up.",
        audience=CARE,
        articles=(47, 48),
        nav=62,
        nav_zh="境外关怀",
        nav_en="Abroad",
        without_api=A_FIRMS_OWN,
    ),
    Page(
        name="desk:outbound-care-project",
        path="desk/outbound/care/<int:project>/",
        view=f"{VIEWS}.care_project",
        title_zh="关怀一个境外项目",
        title_en="Care for a project abroad",
        description_zh="一个境外项目的情况、清单缺项；安排巡查、记下发现和跟进。",
        description_en="One project abroad and what its checklist lacks; plan visits, keep findings and follow-up.",
        audience=CARE,
        posts=True,
        articles=(47, 48),
        without_api=A_FIRMS_OWN,
        needs=NEEDS,
        examples=_cared_for,
    ),
)
DOWNLOADS: tuple[Download, ...] = ()
