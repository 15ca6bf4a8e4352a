"""Filters of the desk: names of facts."""

from __future__ import annotations

from django import template
from django.utils.translation import pgettext

from bridgehead.ground.language import NAMES, named
from bridgehead.rooms.desk.explaining import fact_words
from bridgehead.rooms.desk.models import PolicyClaim, PolicyEdition
from bridgehead.rooms.desk.selectors import replies
from bridgehead.rooms.desk.selectors.library import days_left, word_of

register = template.Library()


@register.filter
def fact_name(fact: str) -> str:
    """Return what a fact is called."""
    return fact_words(fact).name


@register.filter
def said(edition: PolicyEdition, kind: str) -> str:
    """Return a text of an edition: its ``title``, ``gist``, ``apply``, ``issuer`` or ``number``."""
    return word_of(edition, kind)


@register.filter
def edition_state(edition: PolicyEdition) -> str:
    """Return how far an edition is."""
    words = {
        PolicyEdition.State.DRAFT: pgettext("desk edition", "草稿"),
        PolicyEdition.State.CHECKED: pgettext("desk edition", "已核对，等批准"),
        PolicyEdition.State.PUBLISHED: pgettext("desk edition", "已公布"),
        PolicyEdition.State.DROPPED: pgettext("desk edition", "已放弃"),
    }
    return words[PolicyEdition.State(edition.state)]


@register.filter(name="named")
def named_filter(record: object) -> str:
    """Return the name of a record in the language of the page."""
    return named(record)


@register.filter
def language_name(code: str) -> str:
    """Return the name of a language in itself."""
    return NAMES[code][1]


@register.filter(name="days_left")
def days_left_filter(edition: PolicyEdition) -> int:
    """Return how many days the check of an edition still holds, negative where it is over."""
    return days_left(edition) or 0


@register.filter
def reply_word(reply: replies.Reply) -> str:
    """Return how far a public reply is."""
    return replies.state_word(reply)


@register.filter
def claim_word(state: str) -> str:
    """Return how a firm stands to a policy."""
    words = {
        PolicyClaim.State.TOLD: pgettext("desk claim", "已告诉您"),
        PolicyClaim.State.APPLIED: pgettext("desk claim", "已申请"),
        PolicyClaim.State.RECEIVED: pgettext("desk claim", "已享受"),
        PolicyClaim.State.UNWANTED: pgettext("desk claim", "不需要"),
    }
    return words[PolicyClaim.State(state)]
