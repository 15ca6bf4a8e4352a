"""Signing in with an identity provider (OpenID Connect): it says who somebody is, never what they may do.

Nobody is created. A person is known by the provider's id of them (``subject``); one without such an id is found once by
an e-mail address the provider has verified, if exactly one active person has it, and keeps the id from then on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError

CLOCKS_APART_S = 60
LONGEST_SUBJECT = 255


@action("person.link_subject")
def link_subject(deed: Deed, *, person: int, subject: str) -> Person:
    """Let a person be known by the provider's id from now on."""
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})
    return deed.change(deed.lock(Person, person), subject=subject)


class ByProvider(OIDCAuthenticationBackend):  # type: ignore[misc]
    """Lets in whom the provider vouches for, if the platform knows them.

    Beside signature and nonce, which the library checks, a token has to be of this issuer, for this client and of now.
    """

    def authenticate(self, request: Any, **kwargs: Any) -> Person | None:
        """Return the person, or None for a request that is no answer of the provider.

        Raises
        ------
        BridgeheadError
            ``person.provider_refused`` if the answer cannot be trusted, ``person.provider_unreachable``,
            ``person.provider_unknown`` if the platform knows nobody of that id or address.
        """
        if "nonce" not in kwargs:
            return None
        try:
            found: Person | None = super().authenticate(request, **kwargs)
        except (jwt.PyJWTError, SuspiciousOperation, KeyError, TypeError, ValueError, AttributeError) as reason:
            if isinstance(reason, requests.RequestException):  # its error of JSON is a ValueError, too
                raise _unreachable(reason) from reason
            raise BridgeheadError("person.provider_refused", {"reason": type(reason).__name__}) from reason
        except requests.RequestException as reason:
            raise _unreachable(reason) from reason
        return found

    def verify_token(self, token: str, **kwargs: Any) -> dict[str, Any]:
        """Return what a token says, once everything about it is right."""
        if not kwargs.get("nonce"):
            raise SuspiciousOperation("a token without a nonce to hold it against")
        payload: dict[str, Any] = super().verify_token(token, **kwargs)
        return payload

    def get_payload_data(self, token: str, key: Any) -> dict[str, Any]:
        """Return what a token says, once signature, issuer, audience and time are right."""
        if jwt.get_unverified_header(token).get("alg") != self.OIDC_RP_SIGN_ALGO:
            raise SuspiciousOperation("the token is signed in another way than agreed")
        return jwt.decode(
            token,
            key,
            algorithms=[self.OIDC_RP_SIGN_ALGO],
            audience=self.OIDC_RP_CLIENT_ID,
            issuer=settings.OIDC_ISSUER,
            leeway=CLOCKS_APART_S,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )

    def get_or_create_user(self, access_token: str, id_token: str, payload: Mapping[str, Any]) -> Person:
        """Return the person the token is about; nobody is created."""
        told = self.get_userinfo(access_token, id_token, payload)
        if told.get("sub") != payload["sub"]:
            raise SuspiciousOperation("the token and the account are of two people")
        subject = f"{payload['iss']}#{payload['sub']}"
        if len(subject) > LONGEST_SUBJECT:
            subject = hashlib.sha256(subject.encode()).hexdigest()
        with as_system("signing in"):
            known: Person | None = Person.objects.filter(subject=subject).first()
            if known is None:
                known = _by_address(told)
        if known is None or not known.is_active:
            raise BridgeheadError("person.provider_unknown")
        if known.subject != subject:
            return link_subject(by=system("sign-in"), person=known.pk, subject=subject)
        return known

    def get_user(self, user_id: int) -> Person | None:
        """Return the person of a session, or None once they may not sign in any more."""
        with as_system("reading the session"):
            return Person.objects.filter(pk=user_id, is_active=True).first()


def _by_address(told: Mapping[str, Any]) -> Person | None:
    """Return the one active person, not known by another id, with the address the provider has verified."""
    address = told.get("email")
    if told.get("email_verified") is not True or not isinstance(address, str) or not address:
        return None
    rows = list(Person.objects.filter(email__iexact=address, is_active=True)[:2])
    return rows[0] if len(rows) == 1 and rows[0].subject is None else None


def _unreachable(reason: Exception) -> BridgeheadError:
    return BridgeheadError("person.provider_unreachable", {"reason": type(reason).__name__})
