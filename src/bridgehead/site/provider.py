"""Settings of an identity provider (OpenID Connect) from the environment, for those who sign in with one.

``BRIDGEHEAD_OIDC_ISSUER``         the provider as its tokens name it, such as ``https://id.example``
``BRIDGEHEAD_OIDC_CLIENT_ID``      what the provider calls the platform
``BRIDGEHEAD_OIDC_CLIENT_SECRET``  the secret they share; it stays in the environment
``BRIDGEHEAD_OIDC_AUTHORIZE_URL``, ``_TOKEN_URL``, ``_USERINFO_URL``, ``_KEYS_URL``  the provider's four addresses
``BRIDGEHEAD_OIDC_NAME``           what the button says; the host of the issuer by default
``BRIDGEHEAD_OIDC_SECOND_FACTOR``  ``on`` where the provider itself asks for a second factor
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from bridgehead.kernel.errors import BridgeheadError

PREFIX = "BRIDGEHEAD_OIDC_"
NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "AUTHORIZE_URL", "TOKEN_URL", "USERINFO_URL", "KEYS_URL")
ADDRESSES = ("ISSUER", "AUTHORIZE_URL", "TOKEN_URL", "USERINFO_URL", "KEYS_URL")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def provider(environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the settings of the provider; empty if the operator names none.

    Raises
    ------
    BridgeheadError
        ``server.provider_incomplete`` if some are missing, ``server.provider_address`` for an address that is not
        reached over TLS, ``server.provider_not_installed`` without the extra ``oidc``.
    """
    told = {name: environment.get(PREFIX + name, "").strip() for name in NEEDED}
    missing = [PREFIX + name for name, value in told.items() if not value]
    if len(missing) == len(NEEDED):
        return {}
    if missing:
        raise BridgeheadError("server.provider_incomplete", {"missing": missing})
    for name in ADDRESSES:
        parts = urlsplit(told[name])
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise BridgeheadError("server.provider_address", {"setting": PREFIX + name, "value": told[name]})
    if find_spec("mozilla_django_oidc") is None:
        raise BridgeheadError("server.provider_not_installed")
    return {
        "OIDC_ISSUER": told["ISSUER"],
        "OIDC_NAME": environment.get(PREFIX + "NAME", "").strip() or urlsplit(told["ISSUER"]).hostname,
        "OIDC_SECOND_FACTOR": environment.get(PREFIX + "SECOND_FACTOR", "") == "on",
        "OIDC_RP_CLIENT_ID": told["CLIENT_ID"],
        "OIDC_RP_CLIENT_SECRET": told["CLIENT_SECRET"],
        "OIDC_OP_AUTHORIZATION_ENDPOINT": told["AUTHORIZE_URL"],
        "OIDC_OP_TOKEN_ENDPOINT": told["TOKEN_URL"],
        "OIDC_OP_USER_ENDPOINT": told["USERINFO_URL"],
        "OIDC_OP_JWKS_ENDPOINT": told["KEYS_URL"],
        "OIDC_RP_SIGN_ALGO": "RS256",
        "OIDC_RP_SCOPES": "openid email",
        "OIDC_USE_NONCE": True,
        "OIDC_USE_PKCE": True,
        "OIDC_CREATE_USER": False,
        "OIDC_TIMEOUT": 10,
    }
