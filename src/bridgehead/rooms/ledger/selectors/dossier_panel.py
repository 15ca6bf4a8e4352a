"""What the ledger shows on the page of an article: how far it is carried out, and the way to its dossier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bridgehead.ground.access.viewer import current_viewer
from bridgehead.rooms.ledger.selectors.dossier_counts import NOTHING, counted
from bridgehead.rooms.ledger.selectors.dossiers import says_of, when
from bridgehead.rooms.ledger.selectors.publication import open_copies
from bridgehead.rooms.ledger.who import READ


def article_panel(subject: str) -> Mapping[str, Any] | None:
    """Return how far an article is carried out for those who read the ledger, and the public copy for everybody."""
    viewer, article = current_viewer(), int(subject)
    public_on = open_copies(viewer, article).get(article)
    if not viewer.may(READ):
        return {"article": article, "public_on": public_on} if public_on else None
    asked = when()
    numbers = counted(viewer, asked.year, asked.on, (article,)).get(article, NOTHING)
    return {"article": article, "public_on": public_on, "says": says_of(article, numbers, ()), "late": numbers.late}
