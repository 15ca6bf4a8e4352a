"""Whose address a request comes from, and under which address the platform itself is reached."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

from bridgehead.kernel.errors import BridgeheadError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def address_of(request: HttpRequest) -> str:
    """Return the address a request comes from.

    It is that of the connection. Where the connection comes from a proxy the operator trusts, it is the last address
    in ``X-Forwarded-For`` that no such proxy wrote itself; whatever stands before that is what the visitor claims.
    """
    direct = str(request.META.get("REMOTE_ADDR", ""))
    trusted = networks(settings.BRIDGEHEAD_TRUSTED_PROXY)
    if not _within(direct, trusted):
        return direct
    found = direct
    for hop in reversed(str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")):
        try:
            found = str(ipaddress.ip_address(hop.strip()))
        except ValueError:
            return found
        if not _within(found, trusted):
            return found
    return found


def neighbourhood(address: str) -> str:
    """Return what is counted as one visitor: an address, of version 6 the network of a household."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{known}/64", strict=False)) if known.version == 6 else str(known)


def networks(told: str) -> tuple[Network, ...]:
    """Return the networks of a setting, separated by commas.

    Raises
    ------
    BridgeheadError
        ``server.bad_proxy`` for what is none.
    """
    found: list[Network] = []
    for one in filter(None, (part.strip() for part in told.split(","))):
        try:
            found.append(ipaddress.ip_network(one, strict=False))
        except ValueError:
            raise BridgeheadError("server.bad_proxy", {"value": one}) from None
    return tuple(found)


def own_address(request: HttpRequest) -> str:
    """Return the address of the platform for links in mails, without a slash at the end.

    Raises
    ------
    BridgeheadError
        ``server.address_unknown`` where the site answers to every name: the name of a request is then whatever its
        sender wrote, and a link made of it could lead elsewhere.
    """
    if settings.BRIDGEHEAD_ADDRESS:
        return str(settings.BRIDGEHEAD_ADDRESS)
    if "*" in settings.ALLOWED_HOSTS:
        raise BridgeheadError("server.address_unknown")
    return f"{request.scheme}://{request.get_host()}"


def _within(address: str, trusted: Sequence[Network]) -> bool:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in trusted)
