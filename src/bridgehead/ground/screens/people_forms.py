"""The forms of the pages of people and organisations: which are offered to whom, and the action behind each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.models import Organisation, Person
from bridgehead.ground.people import selectors
from bridgehead.ground.people.accounts import deactivate_person, reactivate_person
from bridgehead.ground.people.memberships import appoint, end_membership, enrol
from bridgehead.ground.people.organisations import close_organisation, create_organisation, edit_organisation
from bridgehead.ground.people.recovery import correct_email, may_correct
from bridgehead.ground.people.second_factor import clear_second_factor, with_devices
from bridgehead.ground.people.standing_in import delegate, give_mandate, withdraw_delegation, withdraw_mandate
from bridgehead.ground.screens.record_forms import Offer, Sent

LONGEST_REASON = 1000
_EDITED = ("name_zh", "name_en", "uscc", "parent", "office")


def _empty(*names: str, **given: str) -> dict[str, str]:
    return {**dict.fromkeys(names, ""), **given}


def _text(value: object) -> str:
    return "" if value is None else str(value)


def create(viewer: Viewer) -> Offer:
    """Return the form that registers an organisation."""

    def do(sent: Sent) -> None:
        values = {
            "code": sent.text("code", needed=True),
            "kind": sent.text("kind", needed=True),
            "name_zh": sent.text("name_zh"),
            "name_en": sent.text("name_en"),
            "uscc": sent.text("uscc"),
        }
        above = {"parent": sent.number("parent"), "office": sent.number("office")}
        sent.check()
        create_organisation(by=viewer, once=sent.once, **values, **above)  # type: ignore[arg-type]

    return Offer("create", do, _empty("code", "kind", "name_zh", "name_en", "uscc", "parent", "office"))


def of_organisation(viewer: Viewer, record: Organisation) -> Iterator[Offer]:
    """Give the forms that edit and close an organisation."""

    def edit(sent: Sent) -> None:
        version = sent.version
        moves = viewer.may("organisation.create", record.pk)
        parent = sent.number("parent") if moves else record.parent_id
        office = sent.number("office") if moves else record.office_id
        sent.check()
        edit_organisation(
            by=viewer,
            once=sent.once,
            organisation=record.pk,
            version=version,
            name_zh=sent.text("name_zh") if not record.from_region else record.name_zh,
            name_en=sent.text("name_en") if not record.from_region else record.name_en,
            parent=parent if not record.from_region else record.parent_id,
            office=office,
            uscc=sent.text("uscc"),
        )

    def close(sent: Sent) -> None:
        on, version = sent.day("on", needed=True), sent.version
        sent.check()
        assert on is not None
        reason = sent.text("reason")[:LONGEST_REASON]
        close_organisation(by=viewer, once=sent.once, organisation=record.pk, version=version, on=on, reason=reason)

    if viewer.may("organisation.edit", record.pk):
        values = {
            name: _text(getattr(record, f"{name}_id" if name in ("parent", "office") else name)) for name in _EDITED
        }
        yield Offer("edit", edit, values, record.version)
    if viewer.may("organisation.create", record.pk):
        yield Offer("close", close, _empty("reason", on=today().isoformat()), record.version)


def of_members(viewer: Viewer, record: Organisation) -> Iterator[Offer]:
    """Give the forms that register, appoint and end, and those that switch accounts off and on."""

    def new(sent: Sent) -> None:
        words = {name: sent.text(name) for name in ("login", "name", "email", "language", "role")}
        begin, end = sent.day("starts_on"), sent.day("ends_on")
        sent.check()
        enrol(by=viewer, once=sent.once, organisation=record.pk, starts_on=begin, ends_on=end, **words)

    def known(sent: Sent) -> None:
        login = sent.text("login", needed=True)
        person = selectors.person_by_login(login) if login else None
        if login and person is None:
            sent.refuse("person.no_such_login", "login", login=login)
        begin, end = sent.day("starts_on"), sent.day("ends_on")
        sent.check()
        assert person is not None
        role = sent.text("role")
        appoint(
            by=viewer, once=sent.once, person=person.pk, organisation=record.pk, role=role, starts_on=begin, ends_on=end
        )

    if selectors.roles_to_give(record) and viewer.may("member.manage", record.pk):
        yield Offer("enrol", new, _empty("login", "name", "email", "role", "starts_on", "ends_on", language="zh"))
        yield Offer("appoint", known, _empty("login", "role", "starts_on", "ends_on"))
    listed = selectors.members(record)
    for one in listed:
        if one.may_end:
            yield _end(viewer, one.record.pk, one.record.version)
    if viewer.may("account.manage"):
        for person in {one.person.pk: one.person for one in listed}.values():
            if person.pk != viewer.person_id:
                yield _switch(viewer, person)
    yield from _recovery(viewer, {one.person.pk: one.person for one in listed if one.term.lasting})


def _end(viewer: Viewer, membership: int, version: int) -> Offer:
    def do(sent: Sent) -> None:
        on, seen = sent.day("on"), sent.version
        sent.check()
        reason = sent.text("reason")[:LONGEST_REASON]
        end_membership(by=viewer, once=sent.once, membership=membership, version=seen, on=on, reason=reason)

    return Offer(f"end-{membership}", do, _empty("on", "reason"), version)


def _switch(viewer: Viewer, person: Person) -> Offer:
    act = deactivate_person if person.is_active else reactivate_person

    def do(sent: Sent) -> None:
        act(by=viewer, once=sent.once, person=person.pk, version=sent.version, reason=sent.text("reason")[:1000])

    return Offer(f"{'off' if person.is_active else 'on'}-{person.pk}", do, _empty("reason"), person.version)


def _recovery(viewer: Viewer, people: Mapping[int, Person]) -> Iterator[Offer]:
    """Give the forms for members who cannot get in by themselves: their e-mail address, their second factor."""
    writes = viewer.grant_for("account.manage", None, to_write=True) is not None
    secured = with_devices(people) if writes else frozenset()
    for person in people.values():
        if may_correct(viewer, person):
            yield _email(viewer, person)
        if person.pk in secured and person.pk != viewer.person_id:
            yield _factor(viewer, person)


def _email(viewer: Viewer, person: Person) -> Offer:
    def do(sent: Sent) -> None:
        version, email = sent.version, sent.text("email", needed=True)
        sent.check()
        reason = sent.text("reason")[:LONGEST_REASON]
        told = {"version": version, "email": email, "address": sent.address, "reason": reason}
        correct_email(by=viewer, once=sent.once, person=person.pk, **told)

    return Offer(f"email-{person.pk}", do, _empty("reason", email=person.email), person.version)


def _factor(viewer: Viewer, person: Person) -> Offer:
    def do(sent: Sent) -> None:
        reason = sent.text("reason")[:LONGEST_REASON]
        clear_second_factor(by=viewer, once=sent.once, person=person.pk, address=sent.address, reason=reason)

    return Offer(f"factor-{person.pk}", do, _empty("reason"))


def of_mandates(viewer: Viewer, record: Organisation) -> Iterator[Offer]:
    """Give the forms that give and withdraw mandates."""

    def give(sent: Sent) -> None:
        agent, end = sent.number("agent", needed=True), sent.day("ends_on", needed=True)
        begin = sent.day("starts_on")
        sent.check()
        assert agent is not None
        assert end is not None
        give_mandate(
            by=viewer,
            once=sent.once,
            principal=record.pk,
            agent=agent,
            scopes=sent.texts("scopes"),
            starts_on=begin,
            ends_on=end,
            note=sent.text("note"),
        )

    if viewer.grant_for("mandate.give", record.pk, to_write=True) is not None:
        yield Offer("give", give, _empty("agent", "scopes", "starts_on", "ends_on", "note"))
    for line in selectors.mandates(record)[0]:
        if line.may_withdraw:
            yield _withdraw(viewer, "mandate", line.record.pk, line.record.version)


def of_absences(viewer: Viewer, record: Organisation) -> Iterable[Offer]:
    """Give the forms that let a colleague stand in and end that."""

    def give(sent: Sent) -> None:
        membership, colleague = sent.number("membership", needed=True), sent.number("delegate", needed=True)
        begin, end = sent.day("starts_on"), sent.day("ends_on", needed=True)
        sent.check()
        assert membership is not None
        assert colleague is not None
        assert end is not None
        delegate(
            by=viewer,
            once=sent.once,
            membership=membership,
            delegate=colleague,
            starts_on=begin,
            ends_on=end,
            note=sent.text("note"),
        )

    if viewer.may("delegation.give", record.pk) and selectors.own_memberships(record):
        yield Offer("give", give, _empty("membership", "delegate", "starts_on", "ends_on", "note"))
    for line in selectors.absences(record):
        if line.may_withdraw:
            yield _withdraw(viewer, "delegation", line.record.pk, line.record.version)


def _withdraw(viewer: Viewer, kind: str, pk: int, version: int) -> Offer:
    def do(sent: Sent) -> None:
        reason = sent.text("reason")[:LONGEST_REASON]
        if kind == "mandate":
            withdraw_mandate(by=viewer, once=sent.once, mandate=pk, version=sent.version, reason=reason)
        else:
            withdraw_delegation(by=viewer, once=sent.once, delegation=pk, version=sent.version, reason=reason)

    return Offer(f"withdraw-{pk}", do, _empty("reason"), version)
