"""Filters of the services: texts by language, names of languages, how things stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from bridgehead.ground import wording
from bridgehead.ground.language import NAMES, html_code, language
from bridgehead.ground.pages import Page, page_named
from bridgehead.ground.templatetags.bridgehead import marked
from bridgehead.rooms.desk.actions.firm_cards import LIMITS as OF_CARDS
from bridgehead.rooms.desk.models import FairEntry, PatrolVisit, TrainingPlace
from bridgehead.rooms.desk.selectors import news, outbound, promotion
from bridgehead.rooms.desk.selectors.products import CATALOGUES as OF_PRODUCTS
from bridgehead.rooms.desk.selectors.training import state_word
from bridgehead.rooms.desk.services import service_name, service_of, services
from bridgehead.rooms.desk.texts import TextField, said

register = template.Library()


@register.filter
def utc_offset(at: datetime) -> str:
    """Return by how much the time of the region differs from universal time then: ``UTC+8``."""
    minutes = round((timezone.localtime(at).utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


CATALOGUES: Mapping[str, str] = {
    "policy_question": "desk:policies",
    "trade_news": "desk:news",
    "promotion": "desk:promotion",
    "training": "desk:training",
    **OF_PRODUCTS,
    "outbound": "desk:outbound",
}
"""The page with what there is of a kind of service, beside the form by which it is asked for."""


@register.filter
def asked_for_under(kind: str) -> str:
    """Return the first service of a kind in the region, empty where it has none."""
    return next((one.id for one in services().values() if one.kind == kind), "")


@register.filter
def service_called(id: str) -> str:
    """Return the name of a service."""
    return service_name(service_of(id))


@register.filter
def catalogue_of(kind: str) -> Page | None:
    """Return the page with what there is of a kind of service."""
    return page_named(CATALOGUES[kind]) if kind in CATALOGUES else None


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
def html_lang(code: str) -> str:
    """Return the value of the HTML attribute ``lang`` of a language."""
    return html_code(code)


@register.filter
def heading(text: str) -> str:
    """Return a record's own words for the title of its page, where they are in the page's language."""
    return f"{text} · " if text and not wording.foreign(text, language()) else ""


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
    return format_html_join("\n", "<p>{}</p>", ((marked(line),) for line in lines))


@register.filter
def entry_word(entry: FairEntry) -> str:
    """Return how a firm's entry for a fair stands."""
    return promotion.entry_word(entry)


@register.filter
def visit_word(visit: PatrolVisit) -> str:
    """Return how far a visit to a project abroad is."""
    return outbound.visit_word(visit)


@register.simple_tag
def card_texts() -> list[TextField]:
    """Return the texts of what a firm says of itself for its form."""
    return [
        ("title", pgettext("promotion", "企业名称"), None, OF_CARDS["title"]),
        ("makes", pgettext("promotion", "做什么"), 2, OF_CARDS["makes"]),
        ("buys", pgettext("promotion", "买什么"), 2, OF_CARDS["buys"]),
        ("gist", pgettext("promotion", "介绍"), 3, OF_CARDS["gist"]),
    ]
