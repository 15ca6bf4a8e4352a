"""What officers write of news, training, fairs and products, text by text, for their forms."""

from __future__ import annotations

from django import template
from django.utils.translation import pgettext

from bridgehead.rooms.desk.actions.fairs import LIMITS as OF_FAIRS
from bridgehead.rooms.desk.actions.news import LIMITS as OF_NEWS
from bridgehead.rooms.desk.actions.products import LIMITS as OF_PRODUCTS
from bridgehead.rooms.desk.actions.replies import LIMITS as OF_REPLIES
from bridgehead.rooms.desk.actions.training import LIMITS as OF_TRAINING
from bridgehead.rooms.desk.texts import TextField

register = template.Library()


@register.simple_tag
def fair_texts() -> list[TextField]:
    """Return the texts of a fair for its form."""
    return [
        ("title", pgettext("promotion", "展会名称"), None, OF_FAIRS["title"]),
        ("gist", pgettext("promotion", "简介"), 3, OF_FAIRS["gist"]),
        ("place", pgettext("promotion", "地点"), None, OF_FAIRS["place"]),
        ("organiser", pgettext("promotion", "主办方"), None, OF_FAIRS["organiser"]),
        ("cost", pgettext("promotion", "费用"), None, OF_FAIRS["cost"]),
    ]


@register.simple_tag
def product_texts() -> list[TextField]:
    """Return the texts of a product for its form."""
    return [
        ("title", pgettext("product", "产品名称"), None, OF_PRODUCTS["title"]),
        ("provider", pgettext("product", "办理机构"), None, OF_PRODUCTS["provider"]),
        ("rate", pgettext("product", "利率、费率或价格，照来源写"), None, OF_PRODUCTS["rate"]),
        ("for_whom", pgettext("product", "给谁"), 2, OF_PRODUCTS["for_whom"]),
        ("documents", pgettext("product", "要什么材料，一行一样"), 4, OF_PRODUCTS["documents"]),
        ("apply", pgettext("product", "怎么申请"), 2, OF_PRODUCTS["apply"]),
    ]


@register.simple_tag
def news_texts() -> list[TextField]:
    """Return the texts of an item of news for its form."""
    return [
        ("title", pgettext("news", "标题"), None, OF_NEWS["title"]),
        ("text", pgettext("news", "正文"), 8, OF_NEWS["text"]),
    ]


@register.simple_tag
def reply_texts() -> list[TextField]:
    """Return the texts of a public reply for its form."""
    return [
        ("question", pgettext("replies office", "问题"), 2, OF_REPLIES["question"]),
        ("answer", pgettext("replies office", "答复"), 8, OF_REPLIES["answer"]),
    ]


@register.simple_tag
def training_texts() -> list[TextField]:
    """Return the texts of a session for its form."""
    return [
        ("title", pgettext("training", "题目"), None, OF_TRAINING["title"]),
        ("gist", pgettext("training", "讲什么"), 4, OF_TRAINING["gist"]),
        ("place", pgettext("training", "地点"), None, OF_TRAINING["place"]),
    ]
