"""The entrance of the desk."""

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Page

VIEWS = "bridgehead.rooms.desk.views"

PAGES: tuple[Page, ...] = (
    Page(
        name="desk:home",
        path="desk/",
        view=f"{VIEWS}.home.home",
        title_zh="企业服务",
        title_en="Services to traders",
        description_zh="哪些政策适合您的企业，可以申请什么服务，正在办的事到了哪一步。",
        description_en="Which policies fit your firm, which services you can ask for, and how far your cases are.",
        audience="public",
        languages=LANGUAGES,
        title_ru="Услуги участникам торговли",
        title_mn="Худалдаа эрхлэгчдэд үзүүлэх үйлчилгээ",
        description_ru="Какие меры подходят предприятию, какие услуги можно запросить и на каком этапе обращения.",
        description_mn="Танай байгууллагад ямар бодлого тохирох, ямар үйлчилгээ авах, хүсэлт хаана явааг харна.",
        articles=(51,),
        nav=10,
        nav_zh="首页",
        nav_en="Home",
        nav_ru="Главная",
        nav_mn="Нүүр",
        api="/desk",
    ),
)
DOWNLOADS: tuple[Download, ...] = ()
