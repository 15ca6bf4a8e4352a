"""Template tags and filters: figures with their standing, numbers, names in two languages, article chips.

Built into every template (see the settings), so no ``{% load %}`` is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.base import NodeList, Parser, TextNode, Token
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from bridgehead.ground import wording
from bridgehead.ground.language import REVIEWED_BY_NAME, language, speak
from bridgehead.ground.panels import panels_for
from bridgehead.ground.region import current
from bridgehead.ground.screens import labels
from bridgehead.kernel.errors import BridgeheadError, Sentence, sentence
from bridgehead.kernel.source import Standing, standing_of
from bridgehead.regions.statute import statute_of
from bridgehead.render.marks import glyph

register = template.Library()

LONGEST_ADDRESS = 300

_LINE_BREAK = re.compile(r"[ \t]*\n[ \t\n]*")
"""A line break with what indents the lines around it; an ideographic blank is not layout and stays."""


class Tight(template.Node):
    """What stands between ``{% tight %}`` and ``{% endtight %}``."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Return the content; its line breaks went when the template was compiled."""
        return self.nodelist.render(context)


@register.tag
def tight(parser: Parser, token: Token) -> Tight:
    """Drop the line breaks and the indentation of what stands inside.

    A line break between two words is a blank on the page, which between Han characters shows. With this tag a template
    is broken into lines for its reader alone; a blank that is meant is written ``&#32;``.
    """
    nodelist = parser.parse(("endtight",))
    parser.delete_first_token()
    for node in nodelist.get_nodes_by_type(TextNode):
        node.s = _LINE_BREAK.sub("", node.s)
    return Tight(nodelist)


class Labelled(template.Node):
    """What stands between ``{% labelled %}`` and ``{% endlabelled %}``."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        """Return the content, in which the cells of tables bear the heads of their columns."""
        return mark_safe(labels.labelled(self.nodelist.render(context)))  # noqa: S308 - it was rendered above


@register.tag
def labelled(parser: Parser, token: Token) -> Labelled:
    """Tell the cells of each ``table.ev`` inside the head of their column, for screens too narrow for a table."""
    nodelist = parser.parse(("endlabelled",))
    parser.delete_first_token()
    return Labelled(nodelist)


@register.filter(name="number")
def number_filter(value: Any, digits: int | None = None) -> str:
    """Return a number with separated thousands: ``{{ tonnes|number }}``, ``{{ share|number:1 }}``."""
    return wording.number(value, language(), digits)


@register.filter
def mass(value_t: Any) -> str:
    """Return tonnes in 万吨 or Mt, without the unit."""
    return wording.mass(value_t, language())


@register.filter
def mass_in_column(value_t: Any) -> str:
    """Return tonnes for a column, see `bridgehead.ground.wording.mass_in_column`."""
    return wording.mass_in_column(value_t, language())


@register.filter
def mass_with_unit(value_t: Any) -> str:
    """Return tonnes with 万吨 or Mt."""
    return wording.mass_with_unit(value_t, language())


@register.simple_tag
def mass_unit() -> str:
    """Return 万吨 or Mt, for the head of a column."""
    return wording.mass_unit(language())


@register.filter
def percent(share: Any, digits: int = 0) -> str:
    """Return a share (1 = all) in percent."""
    return wording.percent(share, language(), digits)


@register.filter
def hours(value_h: Any) -> str:
    """Return hours, from two days on in days."""
    return wording.hours(value_h, language())


@register.filter
def unit(code: str) -> str:
    """Return the unit of a table in the language of the page."""
    return wording.unit_label(code or "", language())


@register.filter
def with_unit(value: Any, code: str) -> str:
    """Return a number with its unit of a table: ``{{ value|with_unit:unit }}``."""
    return wording.spelt_words(value, code or "", language())


@register.filter
def before_unit(value: Any, code: str) -> str:
    """Return a number as it stands before or below `its_unit`, which is written once for several."""
    return wording.spelt(value, code or "", language())[0]


@register.filter
def its_unit(code: str) -> str:
    """Return the unit that goes with numbers of `before_unit`, for the head of a column."""
    return wording.spelt(None, code or "", language())[1]


@register.filter
def day(value: date | str | None) -> str:
    """Return a date in the language of the page; also a year, or a year and month."""
    return wording.day(value, language())


@register.filter
def han(text: Any) -> SafeString:
    """Return text of the tables, marked as Chinese where it is and the page is not; in a sentence that part alone."""
    shown = "" if text is None else str(text)
    if language() == "zh" or not wording.has_han(shown):
        return conditional_escape(shown)
    return format_html("<span>{}</span>", _runs(shown)) if wording.has_other_words(shown) else _in("zh", shown)


def written(text: str | None) -> str:
    """Return what the page says for a text of the tables: its translation where the region has one."""
    return current().region.translated(text, language()) if text else ""


@register.filter
def prose(text: Any) -> SafeString:
    """Return free text of the tables in the language of the page; what is not translated is marked as what it is."""
    return marked(written(text if isinstance(text, str) else ""))


def _in(code: str, text: str) -> SafeString:
    return format_html('<span lang="{}">{}</span>', code, text) if code else conditional_escape(text)


@register.filter
def marked(text: Any) -> SafeString:
    """Return text that may be in another language than the page, marked as what it most likely is."""
    shown = "" if text is None else str(text)
    if language() in REVIEWED_BY_NAME and wording.has_cyrillic(shown) and wording.has_han(shown):
        # An official name in brackets stands in a sentence of the page: it alone is Chinese.
        return _runs(shown)
    other = wording.foreign(shown, language())
    return _in_other_language(other, shown) if other else conditional_escape(shown)


def _runs(text: str) -> SafeString:
    """Return a text of the page with the names inside it that are Chinese marked."""
    runs = wording.han_runs(text)
    return format_html_join("", "{}", ((_in("zh" if wording.has_han(run) else "", run),) for run in runs))


def _in_other_language(code: str, text: str) -> SafeString:
    """Return text that stands for words of the page: not as the second name, which headings show small."""
    return format_html('<span><span lang="{}">{}</span></span>', code, text)


@register.simple_tag
def missing() -> SafeString:
    """Return the words for a figure that was not found; never 0, never hidden."""
    return format_html('<span class="none">{}</span>', speak(language(), *wording.NOT_FOUND))


def _standing(value: Standing | str | None) -> Standing:
    return value if isinstance(value, Standing) else standing_of(value)


@register.simple_tag
def standing(value: Standing | str | None) -> SafeString:
    """Return the mark and the word of a standing, or of a confidence word of the tables."""
    known = _standing(value)
    code = language()
    return format_html(
        '<span class="st" title="{}">{}{}</span>',
        wording.standing_meaning(known, code),
        mark_safe(glyph(known)),  # noqa: S308 - drawn by render out of an enumeration
        wording.standing_label(known, code),
    )


@register.simple_tag
def standings_legend() -> SafeString:
    """Return the five marks with their words, for the foot of every page."""
    return format_html_join(" ", "{}", ((standing(one),) for one in Standing))


@register.simple_tag
def standings_meanings() -> list[tuple[Standing, str]]:
    """Return the five standings with what each means, for the page about the platform."""
    return [(one, wording.standing_meaning(one, language())) for one in Standing]


@register.inclusion_tag("ground/references.html")
def references(source: str | None) -> Mapping[str, Any]:
    """Return the sources named in a cell as text with links; nothing is fetched until somebody follows one."""
    return {"references": wording.references(source or "")}


@register.simple_tag
def name(zh: str | None, en: str | None, ru: str = "", mn: str = "") -> SafeString:
    """Return a name in the language of the page with the Chinese one small beside it, on a Chinese page the English."""
    first = one_name(zh, en, ru, mn)
    code, other = ("en", en) if language() == "zh" else ("zh", zh)
    if not other or other == speak(language(), zh or en or "", en or "", ru, mn):
        return first
    return format_html('{} <span lang="{}">{}</span>', first, code, other)


@register.simple_tag
def one_name(zh: str | None, en: str | None, ru: str = "", mn: str = "") -> SafeString:
    """Return a name in the language of the page only, marked where there is none in it."""
    code, own = language(), {"zh": zh, "en": en, "ru": ru, "mn": mn}
    shown = speak(code, zh or en or "", en or "", ru, mn) or (zh or "")
    if code in REVIEWED_BY_NAME and not own[code] and shown == en:
        return _in_other_language("en", shown)
    return han(shown)


def _article_numbers() -> frozenset[int]:
    return frozenset(statute_of(current().region).articles)


def _chip(article: int) -> SafeString:
    known = current().remember("ground.article_numbers", _article_numbers)
    try:
        address = reverse("statute:article", args=[article])
    except NoReverseMatch:
        return SafeString("")
    words = speak(language(), f"第 {article} 条", f"Art. {article}", f"ст. {article}", f"{article}-р зүйл")
    return format_html('<a class="chip" href="{}">{}</a>', address, words) if article in known else SafeString("")


@register.simple_tag
def chips(numbers: Iterable[int]) -> SafeString:
    """Return the article chips: links to the articles the region's regulation has; nothing if it has none."""
    loaded, spoken = current(), language()
    # A list shows hundreds of them, and most of their cost is finding the address.
    each = (loaded.remember(f"ground.chip.{spoken}.{one}", partial(_chip, one)) for one in numbers)
    inner = format_html_join(" ", "{}", ((one,) for one in each if one))
    return format_html('<span class="chips">{}</span>', inner) if inner else inner


@register.inclusion_tag("ground/panels.html", takes_context=True)
def panels(context: Mapping[str, Any], kind: str, subject: Any, but: str = "") -> Mapping[str, Any]:
    """Show what the other rooms know about a thing: ``{% panels "port" port.id %}``, but for one template."""
    shown = [one for one in panels_for(kind, subject) if one.panel.template != but]
    return {"panels": shown, "language": language(), "request": context.get("request")}


@register.simple_tag(takes_context=True)
def page_address(context: Mapping[str, Any]) -> str:
    """Return the whole address of the page, without the fields of a form that were left empty; it is printed."""
    request = context["request"]
    asked = urlencode([(key, value) for key, value in request.GET.items() if value])
    whole = request.build_absolute_uri(request.path) + (f"?{asked}" if asked else "")
    return whole[:LONGEST_ADDRESS]


@register.filter
def sentences(error: BridgeheadError) -> list[Sentence]:
    """Return the faults of an error in the words of the page."""
    return [sentence(fault, language()) for fault in error.faults]


@register.filter
def title_of(thing: Any) -> str:
    """Return the title of a page, panel or schema in the language of the page."""
    said: str = thing.title(language())
    return said


@register.filter
def breakable(name: str) -> SafeString:
    """Return the name of a column that may be broken at its low lines."""
    return format_html_join(mark_safe("<wbr>"), "{}", ((part,) for part in re.split(r"(?<=_)", name)))


@register.filter
def description_of(thing: Any) -> str:
    """Return the description of a page, schema or column in the language of the page."""
    said: str = thing.description(language())
    return said


@register.filter
def get(mapping: Mapping[Any, Any], key: Any) -> Any:
    """Return the value under a key that is held by a variable."""
    return mapping.get(key)
