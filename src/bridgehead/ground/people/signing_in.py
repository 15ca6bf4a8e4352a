"""Signing in by login and password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import verify_password
from django.http import HttpRequest

from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.models import Person
from bridgehead.ground.people.accounts import renew_hash


class ByLogin(BaseBackend):
    """Lets in whoever knows the password of an active account; takes as long for a login nobody has."""

    def authenticate(self, request: HttpRequest | None, login: str = "", password: str = "", **_: Any) -> Person | None:
        """Return the person, or None."""
        with as_system("signing in"):
            person = Person.objects.filter(login__iexact=login.strip()).first()
        if person is None:
            Person().set_password(password)
            return None
        # Django's own check would save a new hash by itself, as somebody who sees no account yet.
        known, outdated = verify_password(password, person.password)
        if not known or not person.is_active:
            return None
        return renew_hash(by=system("sign-in"), person=person.pk, password=password) if outdated else person

    def get_user(self, user_id: int) -> Person | None:
        """Return the person of a session, or None once they may not sign in any more."""
        with as_system("reading the session"):
            return Person.objects.filter(pk=user_id, is_active=True).first()
