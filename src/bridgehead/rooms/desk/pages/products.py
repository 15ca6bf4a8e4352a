"""The pages of trade finance and export credit insurance."""

from __future__ import annotations

from bridgehead.ground.language import LANGUAGES
from bridgehead.ground.pages import Download, Example, Page
from bridgehead.ground.screens.declared.accounts import A_FORM
from bridgehead.rooms.desk.pages.records import NEEDS, of
from bridgehead.rooms.desk.who import OFFER

VIEWS = "bridgehead.rooms.desk.views.products"

_products = of("Product", lambda one: Example({"product": one.pk}), is_open=True)

PAGES: tuple[Page, ...] = (
    Page(
        name="desk:finance",
        path="finance/",
        view=f"{VIEWS}.finance",
        title_zh="贸易融资",
        title_en="Trade finance",
        title_ru="Торговое финансирование",
        title_mn="Худалдааны санхүүжилт",
        description_zh="可以申请的贸易融资产品：谁办、多少钱、利率费率是怎么说的、要什么材料、来源和日期。",
        description_en="Trade finance you can apply for: who offers it, amounts, the rate as told, papers, source.",
        description_ru="Доступное торговое финансирование: кто даёт, суммы, ставка со слов источника, документы.",
        description_mn="Хүсэлт гаргаж болох санхүүжилт: хэн олгох, дүн, хэлсэн хүү, бичиг баримт, эх сурвалж.",
        audience="public",
        languages=LANGUAGES,
        articles=(51, 76),
        api="/finance",
    ),
    Page(
        name="desk:insurance",
        path="insurance/",
        view=f"{VIEWS}.insurance",
        title_zh="出口信用保险",
        title_en="Export credit insurance",
        title_ru="Страхование экспортных кредитов",
        title_mn="Экспортын зээлийн даатгал",
        description_zh="可以申请的出口信保产品，包括小微企业的免费保单：保多少、谁能办、来源和日期。",
        description_en="Export credit insurance you can apply for, free policies for small firms too, with source.",
        description_ru="Доступное страхование экспортных кредитов, в том числе бесплатное для малых предприятий.",
        description_mn="Экспортын зээлийн даатгал, жижиг байгууллагын үнэгүй даатгал ч бий; эх сурвалжтай.",
        audience="public",
        languages=LANGUAGES,
        articles=(51, 76),
        api="/insurance",
    ),
    Page(
        name="desk:product",
        path="products/<int:product>/",
        view=f"{VIEWS}.product",
        title_zh="一个融资或信保产品",
        title_en="A product of finance or insurance",
        title_ru="Продукт финансирования или страхования",
        title_mn="Санхүүжилт, даатгалын бүтээгдэхүүн",
        description_zh="一个产品给谁、多少钱、利率费率、材料、怎么申请；没有查到的写明没有查到。",
        description_en="Whom a product is for, amounts, rate, papers, how to apply; what was not found says so.",
        description_ru="Для кого продукт, суммы, ставка, документы, как обратиться; чего не нашли, так и сказано.",
        description_mn="Хэнд, ямар дүнгээр, хүү, бичиг баримт, хэрхэн авах; олдоогүйг олдсонгүй гэж бичнэ.",
        audience="public",
        languages=LANGUAGES,
        articles=(51, 76),
        api="/products/{product}",
        needs=NEEDS,
        examples=_products,
    ),
    Page(
        name="desk:products-desk",
        path="desk/products/",
        view=f"{VIEWS}.desk",
        title_zh="融资和信保产品",
        title_en="Products you list",
        description_zh="本单位登记的贸易融资和出口信保产品。",
        description_en="The products of finance and insurance your office lists.",
        audience=OFFER,
        articles=(51,),
        without_api=A_FORM,
    ),
    Page(
        name="desk:product-new",
        path="desk/products/new/",
        view=f"{VIEWS}.new",
        title_zh="登记产品",
        title_en="List a product",
        description_zh="登记一个产品：谁办、金额、利率费率怎么说的、来源和日期；不知道的空着。",
        description_en="List a product: who offers it, amounts, the rate as told, source; leave empty what is unknown.",
        audience=OFFER,
        posts=True,
        articles=(51, 76),
        without_api=A_FORM,
    ),
    Page(
        name="desk:product-keep",
        path="desk/products/<int:product>/",
        view=f"{VIEWS}.keep",
        title_zh="办一个产品",
        title_en="Keep a product",
        description_zh="修改一个产品，或者撤下。",
        description_en="Change a product, or take it off the list.",
        audience=OFFER,
        posts=True,
        articles=(51, 76),
        without_api=A_FORM,
        needs=NEEDS,
        examples=_products,
    ),
)
DOWNLOADS: tuple[Download, ...] = ()
