"""Bodies of pages, drawn once for a question."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from bridgehead.ground.kept import recent
from bridgehead.ground.region import Loaded


def body_of(
    request: HttpRequest, loaded: Loaded, name: str, key: Hashable, context: Callable[[], dict[str, object]]
) -> SafeString:
    """Return the body of a page, kept among the most recent ones: it changes with the region and the question only.

    What other rooms add (panels) stays outside of it.
    """

    def draw() -> SafeString:
        return render_to_string(f"gateway/{name}_body.html", context(), request)

    return recent(loaded, f"body {name}", key, draw)
