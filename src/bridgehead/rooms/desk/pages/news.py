"""The pages of trade news."""

from __future__ import annotations

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.rooms.desk.pages.policies import A_FIRMS_OWN
from bridgehead.rooms.desk.pages.records import NEEDS, of
from bridgehead.rooms.desk.who import ASK, OFFER

VIEWS = "bridgehead.rooms.desk.views.news"
DESK = "bridgehead.rooms.desk.views.news_desk"

_items = of("NewsItem", lambda one: Example({"news": one.pk}), is_open=True)

PAGES: tuple[Page, ...] = (
    Page(
        name="desk:news",
        path="news/",
        view=f"{VIEWS}.news",
        title_zh="外贸资讯",
        title_en="Trade news",
        title_ru="Новости торговли",
        title_mn="Худалдааны мэдээ",
        description_zh="现在有效的外贸资讯，按商品和国家看；每条写明来源、日期和管到哪天；可以订阅。",
        description_en="Current trade news by goods and country, each with source, date and end; subscribe to it.",
        description_ru="Действующие новости торговли по товарам и странам, с источником и сроком; есть подписка.",
        description_mn="Хүчинтэй мэдээг бараа, улсаар үзнэ; бүрд эх сурвалж, огноо, хугацаа бий; захиалж болно.",
        audience="public",
        languages=LANGUAGES,
        articles=(51,),
        nav=42,
        nav_zh="资讯",
        nav_en="News",
        nav_ru="Новости",
        nav_mn="Мэдээ",
        api="/news",
        examples=lambda region: (Example(), Example({}, "goods=44&country=RU")),
    ),
    Page(
        name="desk:news-item",
        path="news/<int:news>/",
        view=f"{VIEWS}.item",
        title_zh="一条资讯",
        title_en="An item of news",
        title_ru="Новость",
        title_mn="Нэг мэдээ",
        description_zh="一条外贸资讯的全文、来源和有效期。",
        description_en="An item of trade news in full, with its source and until when it holds.",
        description_ru="Полный текст новости, источник и срок действия.",
        description_mn="Мэдээний бүтэн эх, эх сурвалж, хүчинтэй хугацаа.",
        audience="public",
        languages=LANGUAGES,
        articles=(51,),
        api="/news/{news}",
        needs=NEEDS,
        examples=_items,
    ),
    Page(
        name="desk:subscriptions",
        path="desk/subscriptions/",
        view=f"{VIEWS}.subscribed",
        title_zh="资讯订阅",
        title_en="News your firm subscribed to",
        title_ru="Подписка на новости",
        title_mn="Мэдээний захиалга",
        description_zh="按商品和国家订阅资讯，一发布就通知您。",
        description_en="Subscribe to news by goods and country and be told as soon as it is released.",
        description_ru="Подпишитесь на новости по товарам и странам: о новой публикации придёт уведомление.",
        description_mn="Бараа, улсаар мэдээ захиалбал гармагц мэдэгдэнэ.",
        audience=ASK,
        languages=LANGUAGES,
        posts=True,
        articles=(51,),
        without_api=A_FIRMS_OWN,
    ),
    Page(
        name="desk:news-desk",
        path="desk/news/",
        view=f"{DESK}.desk",
        title_zh="编写资讯",
        title_en="News you write",
        description_zh="本单位的资讯：草稿、等发布的、正在有效的、过期和撤回的。",
        description_en="The news of your office: drafts, what waits for its release, what is current, what is over.",
        audience=OFFER,
        articles=(51,),
        without_api=A_FORM,
    ),
    Page(
        name="desk:news-new",
        path="desk/news/new/",
        view=f"{DESK}.new",
        title_zh="写一条资讯",
        title_en="Write an item",
        description_zh="写一条资讯：四种语言、商品、国家、来源、管到哪天；由另一个人发布。",
        description_en="Write an item: languages, goods, countries, source, its end; somebody else releases it.",
        audience=OFFER,
        posts=True,
        articles=(51,),
        without_api=A_FORM,
    ),
    Page(
        name="desk:news-keep",
        path="desk/news/<int:news>/",
        view=f"{DESK}.keep",
        title_zh="办一条资讯",
        title_en="Release an item",
        description_zh="改草稿、发布、退回、撤回。",
        description_en="Change a draft, release it, send it back, withdraw it.",
        audience=OFFER,
        posts=True,
        articles=(51,),
        without_api=A_FORM,
        needs=NEEDS,
        examples=_items,
    ),
)
DOWNLOADS: tuple[Download, ...] = (
    Download(
        name="news-feed",
        path="news.atom",
        view=f"{VIEWS}.news_atom",
        audience="public",
        languages=LANGUAGES,
        examples=lambda region: (Example(), Example({}, "goods=44")),
    ),
)
