"""Template tags of the ledger: the form of a page that belongs to one of its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.db.models import Model
from django.urls import reverse
from django.utils.html import conditional_escape
from django.utils.safestring import mark_safe

from bridgehead.ground import wording
from bridgehead.ground.access.viewer import current_viewer
from bridgehead.ground.imports.registry import importer_of
from bridgehead.ground.language import language
from bridgehead.ground.screens.record_forms import FormState
from bridgehead.kernel.source import Qualifier
from bridgehead.rooms.ledger import wording as wording_of
from bridgehead.rooms.ledger.who import wholly

register = template.Library()


@register.simple_tag
def form_for(forms: Mapping[str, FormState] | None, what: str, record: Model) -> FormState | None:
    """Return the form that does something to one record, None where the page does not offer it."""
    return (forms or {}).get(f"{what}-{record.pk}")


@register.simple_tag(takes_context=True)
def import_address(context: Mapping[str, Any], kind: str) -> str:
    """Return where a kind of table is imported, empty for whoever may not import it."""
    if not importer_of(kind).open_to(context["request"].viewer):
        return ""
    return f"{reverse('ground:imports')}?{urlencode({'kind': kind})}"


@register.filter(is_safe=True)
def seen_only(says: str, whole: bool | None = None) -> str:
    """Return a sentence that says of whose records it speaks; ``whole`` by default if the reader sees those of all."""
    known = wholly(current_viewer()) if whole is None else whole
    return mark_safe(wording_of.seen_only(conditional_escape(says).strip(), whole=known))  # noqa: S308 - escaped


@register.filter
def sign(qualifier: Qualifier | str | None) -> str:
    """Return what stands before a number for how exactly it is stated: ≥, ≤, about, or nothing."""
    return wording.qualifier_sign(qualifier, language())


@register.filter
def in_words_of_page(query: str) -> str:
    """Return the query of the address of a paper, with the language of the page: its own path says none."""
    return "?" + "&".join(filter(None, (query.removeprefix("?"), f"lang={language()}")))
