"""Results of selectors kept for the region in service: computed once, dropped with the region."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from bridgehead.ground.language import language
from bridgehead.ground.region import Loaded

MOST_RECENT = 128

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


def recent(loaded: Loaded, name: str, key: Hashable, compute: Callable[[], T]) -> T:
    """Return a result kept among those asked for last: for what depends on a visitor's question.

    Parameters
    ----------
    loaded : Loaded
        The region in service, with which the results are dropped.
    name : str
        What kind of result.
    key : hashable
        The question; the language of the page is added.
    compute : callable
        Gives the result if it is not kept.
    """
    kept_here: OrderedDict[Hashable, T] = loaded.remember(("recent", name), OrderedDict)
    whole = (key, language())
    found = kept_here.get(whole)
    if found is not None:
        # Another thread may just have dropped it.
        with suppress(KeyError):
            kept_here.move_to_end(whole)
        return found
    found = compute()
    kept_here[whole] = found
    while len(kept_here) > MOST_RECENT:
        with suppress(KeyError):
            kept_here.popitem(last=False)
    return found
