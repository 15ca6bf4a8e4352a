"""Filters of the services: texts by language, names of languages, how things stand."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from bridgehead.ground.language import NAMES, html_code, language
from bridgehead.ground.templatetags.bridgehead import han
from bridgehead.rooms.desk.actions.fairs import LIMITS as OF_FAIRS
from bridgehead.rooms.desk.actions.firm_cards import LIMITS as OF_CARDS
from bridgehead.rooms.desk.actions.news import LIMITS as OF_NEWS
from bridgehead.rooms.desk.actions.products import LIMITS as OF_PRODUCTS
from bridgehead.rooms.desk.actions.training import LIMITS as OF_TRAINING
from bridgehead.rooms.desk.models import FairEntry, PatrolVisit, TrainingPlace
from bridgehead.rooms.desk.selectors import news, outbound, promotion
from bridgehead.rooms.desk.selectors.training import state_word
from bridgehead.rooms.desk.texts import said

register = template.Library()
TextField = tuple[str, str, int | None, int]
"""A kind of text in a form: its name, what it is called, how many lines, how long it may be."""


@register.filter
def utc_offset(at: datetime) -> str:
    """Return by how much the time of the region differs from universal time then: ``UTC+8``."""
    minutes = round((timezone.localtime(at).utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


@register.filter
def titled(record: object) -> str:
    """Return the title of a record with texts by language."""
    return said(record.texts, "title")  # type: ignore[attr-defined]


@register.filter
def tongue(code: str) -> SafeString:
    """Return the name of a language in itself, marked as such on a page in another one."""
    if code == language():
        return format_html("{}", NAMES[code][1])
    return format_html('<span lang="{}">{}</span>', html_code(code), NAMES[code][1])


@register.filter
def joined(kind: str, code: str) -> str:
    """Return the name of the field of a text in a language: ``title_ru``."""
    return f"{kind}_{code}"


@register.filter
def place_word(place: TrainingPlace) -> str:
    """Return how a place in training stands."""
    return state_word(place)


@register.filter
def news_word(item: news.Item) -> str:
    """Return how far an item of news is."""
    return news.state_word(item)


@register.filter
def paragraphs(text: str) -> SafeString:
    """Return a text of several lines as paragraphs, each marked with its language."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return format_html_join("\n", "<p>{}</p>", ((han(line),) for line in lines))


@register.filter
def entry_word(entry: FairEntry) -> str:
    """Return how a firm's entry for a fair stands."""
    return promotion.entry_word(entry)


@register.filter
def visit_word(visit: PatrolVisit) -> str:
    """Return how far a visit to a project abroad is."""
    return outbound.visit_word(visit)


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
def card_texts() -> list[TextField]:
    """Return the texts of what a firm says of itself for its form."""
    return [
        ("title", pgettext("promotion", "企业名称"), None, OF_CARDS["title"]),
        ("makes", pgettext("promotion", "做什么"), 2, OF_CARDS["makes"]),
        ("buys", pgettext("promotion", "买什么"), 2, OF_CARDS["buys"]),
        ("gist", pgettext("promotion", "介绍"), 3, OF_CARDS["gist"]),
    ]


@register.simple_tag
def product_texts() -> list[TextField]:
    """Return the texts of a product for its form."""
    return [
        ("title", pgettext("product", "产品名称"), None, OF_PRODUCTS["title"]),
        ("provider", pgettext("product", "办理机构"), None, OF_PRODUCTS["provider"]),
        ("rate", pgettext("product", "利率或费率，照来源写"), None, OF_PRODUCTS["rate"]),
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
def training_texts() -> list[TextField]:
    """Return the texts of a session for its form."""
    return [
        ("title", pgettext("training", "题目"), None, OF_TRAINING["title"]),
        ("gist", pgettext("training", "讲什么"), 4, OF_TRAINING["gist"]),
        ("place", pgettext("training", "地点"), None, OF_TRAINING["place"]),
    ]
