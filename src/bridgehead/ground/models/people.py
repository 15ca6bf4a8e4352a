"""People, organisations, and who may act for whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from bridgehead.ground.access.visibility import Visibility
from bridgehead.ground.language import named


class Organisation(models.Model):
    """A body the platform knows: governments, departments, enterprises, brokers, carriers, the congress, the public.

    ``code`` is the id of the region's table or one the platform gave; ``reports_to`` is a second body above it, where
    it reports past its parent; ``office`` is the public body in whose books an enterprise is kept.
    """

    RECORD: ClassVar = "organisation"
    VISIBILITY: ClassVar = Visibility("directory", owners=("id",), public="is_public")

    code = models.CharField(max_length=64, unique=True)
    name_zh = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=32)
    level = models.CharField(max_length=32, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    reports_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="reporting")
    office = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    uscc = models.CharField(max_length=18, unique=True, null=True, blank=True)
    is_public = models.BooleanField(default=False)
    from_region = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """In the order of their codes; nobody is their own parent."""

        ordering = ("code",)
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="no_organisation_is_its_own_parent"),
        ]

    def __str__(self) -> str:
        return self.name_zh

    def name(self, language: str) -> str:
        """Return the name in a language; another one where it is missing."""
        return named(self, "name", language)

    @property
    def owner_id(self) -> int:
        """The organisation whose data this is: itself."""
        return int(self.pk)


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their login."""

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return a person by login, whatever the case of its letters."""
        return self.get(login__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do hangs on their memberships, never on the person.

    ``subject`` is the id an identity provider knows them by; ``sign_outs`` counts how often they had every session end.
    ``home`` is the organisation that registered them and keeps their account; None for those the platform keeps.
    """

    RECORD: ClassVar = "person"
    VISIBILITY: ClassVar = Visibility("accounts", owners=("home_id",), offices=(), persons=("id",))
    LEFT_OUT: ClassVar = ("password", "last_login")

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=8, default="zh")
    is_active = models.BooleanField(default=True)
    subject = models.CharField(max_length=255, unique=True, null=True, blank=True)
    home = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="people")
    demo = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    sign_outs = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[Any] = PersonManager()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        """Logins differ by more than the case of their letters."""

        constraints: ClassVar = [
            models.UniqueConstraint(models.functions.Lower("login"), name="logins_differ_in_more_than_case"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.login})"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what a session is held against: another password or one more "sign out everywhere" ends it."""
        signed = f"{self.password}:{self.sign_outs}"
        return salted_hmac("bridgehead.session", signed, secret=secret, algorithm="sha256").hexdigest()

    @property
    def owner_id(self) -> int | None:
        """The organisation whose data this is."""
        return None if self.home_id is None else int(self.home_id)


class Membership(models.Model):
    """A role of a person in an organisation, from a day on and, where stated, to a day (inclusive).

    One that was taken back holds no more from the day it was, whatever its last day says.
    """

    RECORD: ClassVar = "membership"
    VISIBILITY: ClassVar = Visibility("accounts", owners=("organisation_id",), offices=(), persons=("person_id",))

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=32)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    withdrawn_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """One open membership a person, organisation and role."""

        ordering = ("organisation_id", "role", "person_id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("person", "organisation", "role"),
                condition=Q(ends_on__isnull=True, withdrawn_on__isnull=True),
                name="one_open_membership_a_role",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="membership_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.organisation_id}"

    @property
    def owner_id(self) -> int:
        """The organisation whose data this is."""
        return int(self.organisation_id)


class Mandate(models.Model):
    """An enterprise lets a broker act for it in stated scopes, up to a stated day (inclusive)."""

    RECORD: ClassVar = "mandate"
    VISIBILITY: ClassVar = Visibility("accounts", owners=("principal_id", "agent_id"), offices=())

    principal = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey(Organisation, models.PROTECT, related_name="mandates_held")
    scopes = models.JSONField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Nobody mandates themselves; a mandate ends."""

        ordering = ("-ends_on", "id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(principal=F("agent")), name="nobody_mandates_themselves"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="mandate_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.principal_id} -> {self.agent_id} ({self.ends_on})"

    @property
    def owner_id(self) -> int:
        """The organisation whose data this is."""
        return int(self.principal_id)


class Delegation(models.Model):
    """Somebody stands in for a colleague's membership during an absence (days inclusive)."""

    RECORD: ClassVar = "delegation"
    VISIBILITY: ClassVar = Visibility(
        "accounts", owners=("organisation_id",), offices=(), persons=("delegate_id", "delegator_id")
    )

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="delegations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    delegator = models.ForeignKey(Person, models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="delegations_held")
    starts_on = models.DateField()
    ends_on = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        """Nobody stands in for themselves; an absence ends."""

        ordering = ("-ends_on", "id")
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(delegator=F("delegate")), name="nobody_stands_in_for_themselves"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.delegator_id} -> {self.delegate_id} ({self.ends_on})"

    @property
    def owner_id(self) -> int:
        """The organisation whose data this is."""
        return int(self.organisation_id)
