"""How often a form may be sent: so often by an address, so often for a login, in a window that moves with the time."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from limits import RateLimitItem, parse
from limits.errors import ConfigurationError
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from bridgehead.ground.addresses import address_of, neighbourhood
from bridgehead.kernel.errors import BridgeheadError

BY_ADDRESS, BY_WHO, BY_BOTH = "address", "who", "both"

# A login is counted for every address together, too, so that many machines cannot try one password each; that count
# is the looser one, so that a stranger cannot so easily keep the owner of a login out.
LIMITS: Mapping[str, Mapping[str, RateLimitItem]] = {
    "sign-in": {BY_BOTH: parse("10 per 15 minutes"), BY_WHO: parse("40 per 15 minutes"), BY_ADDRESS: parse("60/hour")},
    "code": {BY_WHO: parse("10 per 15 minutes"), BY_ADDRESS: parse("60/hour")},
    "number": {BY_BOTH: parse("10 per 15 minutes"), BY_ADDRESS: parse("60/hour")},
    "reset": {BY_WHO: parse("5/hour"), BY_ADDRESS: parse("20/hour")},
    "link": {BY_ADDRESS: parse("30/hour")},
    "form": {BY_ADDRESS: parse("120 per 10 minutes")},
    "question": {BY_ADDRESS: parse("20/day")},
    "sign-up": {BY_ADDRESS: parse("20/day")},
}
"""By form. ``form`` is every form that a visitor nobody knows sends, ``question`` what the public asks, ``sign-up`` how
somebody without an account signs up for something."""

HELD_BY_ADDRESS = ("sign-in", "code", "number", "question", "sign-up")
"""Forms of which an address is held only what is told by `hold`: sign-ins and codes that failed, for a whole office may
sign in behind one; questions and sign-ups that were taken in, for one with a fault is sent again."""

OWN_COUNT = ("ground:sign-in",)
"""Pages whose forms are counted by themselves and not as ``form``."""


@cache
def limiter() -> MovingWindowRateLimiter:
    """Return the counter: of this process, or of the store the operator names for several processes.

    Raises
    ------
    BridgeheadError
        ``server.bad_limits`` if there is no such store.
    """
    try:
        return MovingWindowRateLimiter(storage_from_string(settings.BRIDGEHEAD_LIMITS_URL))
    except (ConfigurationError, NotImplementedError, ValueError) as reason:
        raise BridgeheadError("server.bad_limits", {"reason": type(reason).__name__}) from reason


def spend(form: str, request: HttpRequest, who: str = "") -> None:
    """Count one more try; by address only those that are held, where `HELD_BY_ADDRESS` says so: see `hold`.

    Parameters
    ----------
    form : str
        One of `LIMITS`.
    request : HttpRequest
        Whose address is counted.
    who : str
        The login or e-mail address it is about; kept as a digest only.

    Raises
    ------
    BridgeheadError
        ``request.too_often`` with the seconds to wait.
    """
    counter = limiter()
    wait_s = 0
    for by, limit in LIMITS[form].items():
        if by != BY_ADDRESS and not who:
            continue
        key = _key(form, by, request, who)
        count = counter.test if by == BY_ADDRESS and form in HELD_BY_ADDRESS else counter.hit
        if not count(limit, *key):
            wait_s = max(wait_s, math.ceil(counter.get_window_stats(limit, *key).reset_time - time.time()), 1)
    if wait_s:
        raise BridgeheadError("request.too_often", {"seconds": wait_s})


def hold(form: str, request: HttpRequest) -> None:
    """Hold a try against the address it came from, whoever it was about."""
    if form in HELD_BY_ADDRESS:
        limiter().hit(LIMITS[form][BY_ADDRESS], *_key(form, BY_ADDRESS, request, ""))


def forgive(form: str, request: HttpRequest, who: str) -> None:
    """Forget the tries of somebody from their address: they have shown who they are."""
    for by, limit in LIMITS[form].items():
        if by == BY_BOTH:
            limiter().clear(limit, *_key(form, by, request, who))


def _key(form: str, by: str, request: HttpRequest, who: str) -> tuple[str, ...]:
    """Return under what a try is counted: no address and no login is kept, only digests under a key of the platform."""
    whose, where = _digest(who.strip().casefold()), _digest(neighbourhood(address_of(request)))
    return (form, by, *{BY_ADDRESS: (where,), BY_WHO: (whose,), BY_BOTH: (whose, where)}[by])


def _digest(told: str) -> str:
    return salted_hmac("bridgehead.limits", told, algorithm="sha256").hexdigest()[:32]
