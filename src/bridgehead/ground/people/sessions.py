"""Actions of signing in and out; none changes a record but the one that ends every session."""

from __future__ import annotations

from bridgehead.ground.actions import Deed, action
from bridgehead.ground.models import Person
from bridgehead.ground.people.accounts import digest_of
from bridgehead.kernel.errors import BridgeheadError

PASSWORD, PROVIDER, LINK = "password", "provider", "link"


@action("session.begin")
def begin_session(deed: Deed, *, person: int, how: str, address: str, second_factor: bool = False) -> None:
    """Note that somebody signed in."""
    _only_the_platform(deed)
    deed.note("person", person, told={"how": how, "address": address, "second_factor": second_factor})


@action("session.refuse")
def refuse_session(
    deed: Deed, *, person: int | None, typed: str, how: str, address: str, second_factor: bool = False
) -> None:
    """Note that somebody was not let in.

    What was typed as the login of nobody is kept as a keyed digest only: it may be a password in the wrong field.
    """
    _only_the_platform(deed)
    told = {"how": how, "address": address, "second_factor": second_factor}
    if person is None:
        told["login_digest"] = digest_of(typed)
    deed.note("person", person if person is not None else "unknown", told=told)


@action("session.end")
def end_session(deed: Deed) -> None:
    """Note that somebody signed out."""
    if deed.by.person_id is not None:
        deed.note("person", deed.by.person_id)


@action("session.end_everywhere")
def end_every_session(deed: Deed) -> Person:
    """Let no session of one's own go on, wherever it was begun."""
    if deed.by.person_id is None:
        raise BridgeheadError("action.not_signed_in")
    person = deed.lock(Person, deed.by.person_id)
    return deed.change(person, sign_outs=person.sign_outs + 1)


def _only_the_platform(deed: Deed) -> None:
    if not deed.by.system:
        raise BridgeheadError("action.not_allowed", {"action": deed.action, "permission": "system"})
