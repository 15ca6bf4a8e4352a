"""Actions for somebody who cannot get in by themselves: the e-mail address of their account put right by others."""

from __future__ import annotations

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Membership, Person
from bridgehead.ground.people.accounts import is_address, told_by_mail
from bridgehead.ground.people.memberships import lasting_on, may_give
from bridgehead.ground.people.standing_in import manages
from bridgehead.kernel.errors import BridgeheadError


def may_correct(viewer: Viewer, person: Person) -> bool:
    """Tell whether somebody may put right the e-mail address of another's account.

    Whoever reads the mail of an account can have a new password sent. So nobody does it but those who manage every
    account, and those who manage the members of the organisation that keeps it and could give every role it holds.
    """
    if viewer.system:
        return True
    if viewer.person_id is None or viewer.person_id == person.pk:
        return False
    if "account.manage" in viewer.everywhere:
        return True
    if person.home_id is None or not manages(viewer, person.home_id):
        return False
    with as_system("looking at the roles of an account"):
        held = list(
            Membership.objects.filter(lasting_on(today()), person=person).values_list("organisation_id", "role")
        )
    return all(may_give(viewer, at, role) for at, role in held)


@action("person.correct_email", permission="member.manage")
def correct_email(deed: Deed, *, person: int, version: int, email: str, address: str = "") -> Person:
    """Put right the e-mail address of somebody else's account; the old address is told.

    ``address`` is the platform's own, for the link in that mail.

    Raises
    ------
    BridgeheadError
        ``person.not_for_oneself``, ``action.not_allowed``, ``person.bad_email``.
    """
    found = deed.lock(Person, person, version)
    if found.pk == deed.by.person_id:
        raise BridgeheadError("person.not_for_oneself")
    if not may_correct(deed.by, found):
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": deed.permission})
    email = email.strip()
    if not email or not is_address(email):
        deed.refuse("person.bad_email", {"email": email[:80]}, "email")
    deed.check()
    if found.email and email != found.email:
        deed.enqueue("mail.send", told_by_mail("address_changed", found.pk, address, found.email))
    return deed.change(found, email=email)
