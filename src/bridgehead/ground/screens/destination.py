"""Where somebody goes after a form: only to a path of this site."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def own_path(address: str, otherwise: str) -> str:
    """Return the address if it is a path of this site, else the other one.

    No address with a host is taken, not even this one: the host of a request is what somebody says it is.
    """
    taken = (
        len(address) <= LONGEST
        and address.startswith("/")
        and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    )
    return address if taken else otherwise
