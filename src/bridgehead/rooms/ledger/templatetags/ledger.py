"""Template tags of the ledger: the form of a page that belongs to one of its records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.db.models import Model
from django.urls import reverse

from bridgehead.ground import wording
from bridgehead.ground.imports.registry import importer_of
from bridgehead.ground.language import language
from bridgehead.ground.screens.record_forms import FormState
from bridgehead.kernel.source import Qualifier

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


@register.filter
def sign(qualifier: Qualifier | str | None) -> str:
    """Return what stands before a number for how exactly it is stated: ≥, ≤, about, or nothing."""
    return wording.qualifier_sign(qualifier, language())
