"""Results of selectors kept for the region in service: computed once, dropped with the region."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded

P = ParamSpec("P")
T = TypeVar("T")


def kept(function: Callable[Concatenate[Loaded, P], T]) -> Callable[Concatenate[Loaded, P], T]:
    """Keep what a selector returns, for the region in service, its arguments and the language of the page.

    Only for selectors whose arguments come from the region itself (ids of its ports, its years): what a visitor may
    type freely would fill the memory.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def wrapper(loaded: Loaded, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (name, args, tuple(sorted(kwargs.items())), language())
        found: T = loaded.remember(key, lambda: function(loaded, *args, **kwargs))
        return found

    return wrapper
