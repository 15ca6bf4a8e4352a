"""Audiences: who may open a page, a file or an operation at all. What they see there is the gate's matter."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from ninja.decorators import decorate_view

from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import Viewer
from bridgehead.kernel.errors import BridgeheadError

PUBLIC = "public"
SIGNED_IN = "signed-in"


def known_audience(name: str) -> str:
    """Return the name of an audience; ValueError if there is none of it."""
    if name not in (PUBLIC, SIGNED_IN) and name not in roles().permissions:
        raise ValueError(f"unknown audience {name!r}: public, signed-in or a permission of roles.toml")
    return name


def admits(viewer: Viewer, audience: str) -> bool:
    """Tell whether a viewer belongs to an audience."""
    if audience == PUBLIC:
        return True
    if audience == SIGNED_IN:
        return viewer.signed_in
    return viewer.may(audience)


def admit(viewer: Viewer, audience: str) -> None:
    """Let a viewer in.

    Raises
    ------
    BridgeheadError
        ``request.sign_in_first`` for a visitor nobody knows, ``request.not_allowed`` for anybody else.
    """
    if admits(viewer, audience):
        return
    raise BridgeheadError("request.not_allowed" if viewer.signed_in else "request.sign_in_first")


def audience(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare the audience of an operation of the API; stands below the line of the router."""
    known_audience(name)

    def behind(run: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(run)
        def call(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            admit(request.viewer, name)  # type: ignore[attr-defined]
            return run(request, *args, **kwargs)

        return call

    def declare(operation: Callable[..., Any]) -> Callable[..., Any]:
        operation.audience = name  # type: ignore[attr-defined]
        behind_it: Callable[..., Any] = decorate_view(behind)(operation)
        return behind_it

    return declare
