"""The operation beside the page of the translations."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from bridgehead.ground.access.audience import audience
from bridgehead.ground.translations import selectors

router = Router(tags=["ground"])


@router.get("/translations", summary="Translations")
@audience("translation.sign")
def list_translations(request: HttpRequest) -> list[dict[str, Any]]:
    """Tell how many texts each translation has, who signed it when, and what changed since the last signature."""
    return [one.as_json() for one in selectors.translations()]
