"""Template tags of the gateway room: figures in table cells, short sources, words of the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from bridgehead.ground import wording, words
from bridgehead.ground.language import language
from bridgehead.ground.templatetags.bridgehead import han, mass_in_column, missing, standing, written
from bridgehead.kernel.source import Figure
from bridgehead.rooms.gateway import prose as sentences_of
from bridgehead.rooms.gateway.selectors import modelled

register = template.Library()

LONGEST_SOURCE = 34


@register.filter
def word(value: str | None, kind: str) -> SafeString:
    """Return a word of the tables in the language of the page: ``{{ port.mode|word:"mode" }}``."""
    return han(words.word(kind, value))


@register.filter
def plain_word(value: str | None, kind: str) -> str:
    """Return a word of the tables without markup, for an attribute: ``aria-label="{{ kind|plain_word:"mode" }}"``."""
    return words.word(kind, value)


@register.filter
def country(value: str | None) -> str:
    """Return the name of a country by its code."""
    return words.country(value)


@register.simple_tag
def amount(value: Figure | None) -> SafeString:
    """Return the number of a figure with its qualifier, without unit; freight in 万吨 or Mt."""
    if value is None or value.value is None:
        return missing()
    return format_html('<span class="n nowrap">{}</span>', wording.amount(value, language()))


@register.simple_tag
def amount_unit(value: Figure) -> str:
    """Return the unit that goes with `amount`."""
    return wording.amount_unit(value, language())


@register.simple_tag
def until(value: Figure) -> str:
    """Return the period of a figure where it is not a whole year: 至 11 月 20 日."""
    return wording.period(value.period_from, value.period_to, language())


@register.simple_tag
def signed_mass(value_t: float | None) -> SafeString:
    """Return a difference in tonnes with its sign, in 万吨 or Mt."""
    if value_t is None:
        return missing()
    shown = mass_in_column(value_t)
    return format_html("{}", shown if value_t <= 0 or shown == "0" or shown.startswith("<") else f"+{shown}")


@register.simple_tag
def signed_percent(share: float | None) -> SafeString:
    """Return a relative difference with its sign."""
    if share is None:
        return missing()
    shown = wording.percent(share, language())
    return format_html("{}", shown if share <= 0 or shown == "0%" else f"+{shown}")


def publisher(title: str) -> str:
    """Return who published a source: what stands before the first colon of its title, shortened."""
    said = title.split(": ", maxsplit=1)[0].split("：", maxsplit=1)[0].strip()
    if len(said) <= LONGEST_SOURCE:
        return said
    cut = said[: LONGEST_SOURCE - 1]
    whole_words = cut.rpartition(" ")[0]
    return f"{(whole_words if len(whole_words) > LONGEST_SOURCE // 2 else cut).rstrip(' ,;')}…"


def _hint(*parts: str) -> str:
    """Return the words of a tooltip; Chinese ones are left to the Chinese pages, for a tooltip has no language mark."""
    shown = (part for part in parts if part and (language() == "zh" or not wording.has_han(part)))
    return " · ".join(shown)


@register.simple_tag
def source_short(source: str | None, date: str | None = "", note: str | None = "") -> SafeString:
    """Return publisher and date of a source for a cell of a table; the full title stands in the tooltip."""
    found = wording.references(source or "")
    parts = [_source(one, note or "") for one in found[:1]]
    if date:
        parts.append(format_html('<span class="src n nowrap">{}</span>', date))
    if len(found) > 1:
        parts.append(_more_sources(found[1:]))
    return format_html_join(" ", "{}", ((part,) for part in parts))


def _source(one: wording.Reference, note: str = "") -> SafeString:
    said = han(publisher(written(one.title) or one.host))
    hint = _hint(one.title, note)
    if not one.link:
        return format_html('<span class="src" title="{}">{}</span>', hint, said)
    return format_html('<a class="src" href="{}" rel="noreferrer external" title="{}">{}</a>', one.link, hint, said)


def _more_sources(others: Sequence[wording.Reference]) -> SafeString:
    """Return the further sources of a figure, folded: how many, and on a click each with its address."""
    count = len(others)
    said = ngettext("另有 %(n)s 个来源", "另有 %(n)s 个来源", count) % {"n": count}
    listed = format_html_join("", "<li>{}</li>", ((_source(one),) for one in others))
    return format_html('<details class="more"><summary>{}</summary><ul>{}</ul></details>', said, listed)


@register.simple_tag
def source_of(value: Figure) -> SafeString:
    """Return publisher and date of a figure's source, as `source_short` does."""
    return source_short(value.source, value.source_date, value.note)


@register.simple_tag
def stands(value: Figure) -> SafeString:
    """Return the mark and word of a figure's standing; the word of the facts is the tooltip where it says more."""
    return standing(value.standing)


@register.filter
def small_percent(share: float) -> str:
    """Return a share in percent; one above nothing never reads 0 %."""
    return modelled.share_words(share)


@register.simple_tag(takes_context=True)
def query(context: Mapping[str, Any], **changes: Any) -> str:
    """Return the query string of the page with some parameters changed; empty values drop out.

    The page gives the ones in force as ``in_force``.
    """
    values = {**context.get("in_force", {}), **changes}
    return "?" + urlencode({key: value for key, value in values.items() if value})


@register.simple_tag
def sort_state(sort: str, key: str, down: str = "") -> dict[str, str]:
    """Return how a column is sorted and what a click on its head asks for.

    ``down`` tells whether the largest comes first when the column is chosen.
    """
    if sort.removeprefix("-") != key:
        return {"aria": "", "arrow": "", "next": key}
    falling = bool(down) != sort.startswith("-")
    return {
        "aria": "descending" if falling else "ascending",
        "arrow": "↓" if falling else "↑",
        "next": key if sort.startswith("-") else f"-{key}",
    }


@register.filter
def join_words(items: Any) -> SafeString:
    """Return several words joined as the language joins them."""
    return han(sentences_of.listed(str(item) for item in items or ()))


@register.filter
def join_goods(items: Any) -> SafeString:
    """Return kinds of goods as a cell lists them."""
    return han(sentences_of.goods(str(item) for item in items or ()))


@register.filter
def join_sentences(sentences: Any) -> SafeString:
    """Return sentences one after the other; English ones are parted by a blank."""
    return han(sentences_of.joined(sentences or ()))


@register.simple_tag
def signed_percent_points(value_pct: float | None) -> SafeString:
    """Return a growth in percent with its sign, as published."""
    if value_pct is None:
        return missing()
    shown = wording.number(value_pct, language())
    return format_html("{}%", shown if value_pct <= 0 else f"+{shown}")


@register.filter
def of_one_point(series: Any) -> list[Any]:
    """Return the series of which a single figure is known; they share a table."""
    return [one for one in series if len(one.points) == 1]


@register.filter
def of_several_points(series: Any) -> list[Any]:
    """Return the series of which more than one figure is known; each has a table of its own."""
    return [one for one in series if len(one.points) > 1]


@register.filter
def capfirst_word(text: Any) -> SafeString:
    """Return a word with its first letter large, markup of the language kept."""
    said = str(text)
    return han(said[:1].upper() + said[1:]) if "<" not in said else text


@register.simple_tag
def place_name(word: str | None) -> str:
    """Return the name of the place a visitor named by id or name; what names nothing stands as it was typed."""
    from bridgehead.ground.region import current
    from bridgehead.rooms.gateway.selectors import names, route_question

    if not word:
        return ""
    loaded = current()
    id_ = route_question.place_id(loaded, word)
    return names.name(loaded, id_) if id_ in loaded.components.countries else word


@register.simple_tag
def place_names(words_typed: str | None) -> str:
    """Return the names of several places parted by commas."""
    return ", ".join(place_name(word.strip()) for word in (words_typed or "").split(",") if word.strip())


@register.filter
def cost_words(cost_key: str) -> str:
    """Return words that find the first row of the costs table a parameter rests on: class and metric."""
    parts = cost_key.split(" ; ", maxsplit=1)[0].split("|")
    return " ".join(parts[i] for i in (1, 3) if i < len(parts))
