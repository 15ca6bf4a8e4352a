"""Memberships, mandates and absences under any sequence of actions, held against a small model written apart.

The model reads ``roles.toml`` itself and keeps plain dictionaries. After every step each person's permissions in each
organisation are those the model gives, an administrator is left, and the journal has told each change.
"""

from __future__ import annotations

import copy
import tomllib
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bridgehead.ground.access import grants
from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.roles import FILE
from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.journal.entries import state
from bridgehead.ground.journal.history import as_it_was
from bridgehead.ground.models import Delegation, JournalEntry, Mandate, Membership, Organisation, Person
from bridgehead.ground.people.accounts import deactivate_person, reactivate_person, register_person
from bridgehead.ground.people.memberships import appoint, end_membership
from bridgehead.ground.people.organisations import close_organisation, create_organisation
from bridgehead.ground.people.standing_in import delegate, give_mandate, withdraw_delegation, withdraw_mandate
from bridgehead.kernel.errors import BridgeheadError

TOLD = tomllib.loads(FILE.read_text(encoding="utf-8"))
ROLES = TOLD["role"]
SCOPE_OF = {"file.store": "files", "import.run": "imports"}
PLATFORM = system("machine")
FIRST = date(2026, 3, 2)
KINDS = {"gov": "government", "dep": "department", "ent1": "enterprise", "ent2": "enterprise", "bro": "broker"}
PEOPLE = tuple("abcdef")
BY = st.sampled_from("aaaabccceeedf")
"""Whoever may do much comes more often."""

SEATS = st.sampled_from(
    [(code, role) for code, kind in KINDS.items() for role in sorted(ROLES) if kind in ROLES[role]["kinds"]] * 4
    + [(code, role) for code in sorted(KINDS) for role in sorted(ROLES)]
)
MODELS = {"organisation": Organisation, "person": Person, "membership": Membership, "mandate": Mandate}
ALLOWED_REFUSALS = ("action.", "membership.", "mandate.", "delegation.", "person.", "organisation.")


done: Counter[str] = Counter()
"""How often each action was done and not refused; a machine that is always refused proves nothing."""


class Model:
    """What ought to hold, in plain terms."""

    def __init__(self) -> None:
        self.day = FIRST
        self.closed: dict[str, date] = {}
        self.active = dict.fromkeys(PEOPLE, True)
        self.memberships: dict[int, dict[str, Any]] = {}
        self.mandates: dict[int, dict[str, Any]] = {}
        self.delegations: dict[int, dict[str, Any]] = {}

    def holds(self, term: dict[str, Any]) -> bool:
        return term["from"] <= self.day and (term["to"] is None or self.day <= term["to"]) and term["gone"] is None

    def open(self, code: str) -> bool:
        return code not in self.closed or self.day < self.closed[code]

    def own(self, person: str) -> list[tuple[str, str]]:
        if not self.active[person]:
            return []
        return [
            (m["at"], m["role"])
            for m in self.memberships.values()
            if m["who"] == person and self.holds(m) and self.open(m["at"])
        ]

    def stood_in(self, person: str) -> list[tuple[str, str]]:
        places = {at for at, _ in self.own(person)}
        found = []
        for d in self.delegations.values():
            m = self.memberships[d["of"]]
            lasting = self.holds(d) and self.holds(m) and self.open(m["at"]) and self.active[m["who"]]
            if lasting and d["to_whom"] == person and m["at"] in places:
                found.append((m["at"], m["role"]))
        return found

    def permissions(self, person: str) -> dict[str, frozenset[str]]:
        """Return what somebody may do in each organisation."""
        held = self.own(person) + self.stood_in(person)
        found: dict[str, set[str]] = {code: set() for code in KINDS}
        for at, role in held:
            for word in ROLES[role]["permissions"]:
                for code in KINDS if word.endswith("*") else (at,):
                    found[code].add(word.removesuffix("*"))
        agents = {at for at, role in held if role in ("broker", "enterprise_admin")}
        for m in self.mandates.values():
            if m["agent"] in agents and self.holds(m) and self.open(m["principal"]):
                found[m["principal"]] |= {
                    p for p in ROLES["broker"]["permissions"] if SCOPE_OF.get(p, p.split(".")[0] + "s") in m["scopes"]
                }
        return {code: frozenset(words) for code, words in found.items()}

    def gives(self, person: str, at: str, role: str) -> bool:
        """Tell whether somebody may give a role there: by a membership of their own."""
        return any(
            role in ROLES[own].get("grants*", ()) or (place == at and role in ROLES[own].get("grants", ()))
            for place, own in self.own(person)
        )

    def administrators(self) -> set[str]:
        return {
            m["who"]
            for m in self.memberships.values()
            if m["role"] == "administrator"
            and m["to"] is None
            and self.holds(m)
            and self.active[m["who"]]
            and m["at"] not in self.closed
        }


class People(RuleBasedStateMachine):
    """The actions on the database and the model side by side."""

    @initialize()
    def begin(self) -> None:
        self.block = transaction.atomic()
        self.block.__enter__()
        self.model = Model()
        self.told: list[tuple[str, int, datetime, dict[str, Any] | None]] = []
        self.entries = 0
        self.once = 0
        type(self).today = FIRST
        with as_system("machine"):
            self.organisations = {
                code: create_organisation(by=PLATFORM, code=f"m-{code}", name_zh=code, kind=kind).pk
                for code, kind in KINDS.items()
            }
            home = dict(zip(PEOPLE, ("gov", "gov", "ent1", "ent1", "bro", "bro"), strict=True))
            self.people = {
                login: register_person(
                    by=PLATFORM, login=f"m-{login}", name=login, organisation=self.organisations[home[login]]
                ).pk
                for login in PEOPLE
            }
        for who, at, role in (
            ("a", "gov", "administrator"),
            ("b", "gov", "officer"),
            ("c", "ent1", "enterprise_admin"),
            ("d", "ent1", "enterprise"),
            ("e", "bro", "enterprise_admin"),
            ("f", "bro", "broker"),
        ):
            made = appoint(
                by=PLATFORM, person=self.people[who], organisation=self.organisations[at], role=role, starts_on=FIRST
            )
            self.model.memberships[made.pk] = {
                "who": who,
                "at": at,
                "role": role,
                "from": FIRST,
                "to": None,
                "gone": None,
            }
        self.note()

    def teardown(self) -> None:
        if not hasattr(self, "block"):
            return
        try:
            self.past_is_kept()
        finally:
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    # What somebody does

    def viewer(self, who: str) -> Any:
        with as_system("machine"):
            return viewer_of(Person.objects.get(pk=self.people[who]))

    def tried(self, name: str, work: Any) -> Any:
        """Do an action; return what it made, or None for a refusal, which must be one of ours and change nothing."""
        before = JournalEntry.objects.count()
        try:
            made = work()
            event(f"{name}: done")
            done[name] += 1
            return made
        except BridgeheadError as refused:
            event(f"{name}: {refused.code}")
            code = refused.code
        assert code.startswith(ALLOWED_REFUSALS), code
        assert JournalEntry.objects.count() == before, "a refused action wrote into the journal"
        return None

    def note(self) -> None:
        """Keep every record as it is now, for the end; count that the journal told each change."""
        with as_system("machine"):
            now = timezone.now()
            for kind, model in {**MODELS, "delegation": Delegation}.items():
                for record in model._default_manager.all():
                    if kind == "organisation" and record.pk not in self.organisations.values():
                        continue
                    if kind == "person" and record.pk not in self.people.values():
                        continue
                    self.told.append((kind, record.pk, now, copy.deepcopy(state(record))))

    @rule(by=BY, who=st.sampled_from(PEOPLE), seat=SEATS, begin=st.integers(0, 4), length=st.none() | st.integers(0, 8))
    def somebody_appoints(self, by: str, who: str, seat: tuple[str, str], begin: int, length: int | None) -> None:
        self.appoint_somebody(by, who, seat, begin, length)

    def appoint_somebody(self, by: str, who: str, seat: tuple[str, str], begin: int, length: int | None) -> None:
        at, role = seat
        start = self.model.day + timedelta(days=begin)
        end = None if length is None else start + timedelta(days=length)
        may = self.model.gives(by, at, role)
        made = self.tried(
            "appoint",
            lambda: appoint(
                by=self.viewer(by),
                person=self.people[who],
                organisation=self.organisations[at],
                role=role,
                starts_on=start,
                ends_on=end,
            ),
        )
        if made is None:
            return
        assert may, f"{by} gave {role} at {at} without being allowed to"
        assert by != who, "a role given to oneself"
        assert KINDS[at] in ROLES[role]["kinds"]
        assert self.model.open(at)
        self.model.memberships[made.pk] = {"who": who, "at": at, "role": role, "from": start, "to": end, "gone": None}
        self.note()

    @precondition(lambda self: len(self.model.memberships) > len(PEOPLE))
    @rule(by=BY, data=st.data(), later=st.none() | st.integers(0, 9))
    def end_one(self, by: str, data: Any, later: int | None) -> None:
        self.end(by, data.draw(st.sampled_from(sorted(self.model.memberships))), later)

    def end(self, by: str, pk: int, later: int | None) -> None:
        known = self.model.memberships[pk]
        on = None if later is None else self.model.day + timedelta(days=later)
        with as_system("machine"):
            version = Membership.objects.get(pk=pk).version
        may = self.model.gives(by, known["at"], known["role"])
        done = self.tried("end", lambda: end_membership(by=self.viewer(by), membership=pk, version=version, on=on))
        if done is None:
            return
        assert may
        assert known["to"] is None or on is None or on <= known["to"], "an end that made a role longer"
        if on is None:
            known["gone"] = self.model.day
        else:
            known["to"] = on
        self.note()

    @rule(
        by=st.sampled_from("cccecab"),
        principal=st.sampled_from(["ent1"] * 5 + sorted(KINDS)),
        agent=st.sampled_from(["bro"] * 5 + sorted(KINDS)),
        scopes=st.sets(st.sampled_from([*TOLD["mandate"]["scopes"] * 3, "accounts"]), max_size=2),
        begin=st.integers(0, 3),
        length=st.integers(-1, 6),
    )
    def mandate(self, by: str, principal: str, agent: str, scopes: set[str], begin: int, length: int) -> None:
        start = self.model.day + timedelta(days=begin)
        end = start + timedelta(days=length)
        may = "mandate.give" in self.model.permissions(by)[principal]
        made = self.tried(
            "mandate",
            lambda: give_mandate(
                by=self.viewer(by),
                principal=self.organisations[principal],
                agent=self.organisations[agent],
                scopes=sorted(scopes),
                starts_on=start,
                ends_on=end,
            ),
        )
        if made is None:
            return
        assert may
        assert principal != agent
        assert scopes
        assert scopes <= set(TOLD["mandate"]["scopes"])
        self.model.mandates[made.pk] = {
            "principal": principal,
            "agent": agent,
            "scopes": set(scopes),
            "from": start,
            "to": end,
            "gone": None,
        }
        self.note()

    @precondition(lambda self: self.model.mandates)
    @rule(by=BY, data=st.data())
    def withdraw(self, by: str, data: Any) -> None:
        pk = data.draw(st.sampled_from(sorted(self.model.mandates)))
        known = self.model.mandates[pk]
        with as_system("machine"):
            version = Mandate.objects.get(pk=pk).version
        may = "mandate.give" in self.model.permissions(by)[known["principal"]]
        if (
            self.tried("withdraw", lambda: withdraw_mandate(by=self.viewer(by), mandate=pk, version=version))
            is not None
        ):
            assert may
            known["gone"] = self.model.day
            self.note()

    @rule(
        data=st.data(),
        other=st.none() | BY,
        to=st.sampled_from(PEOPLE),
        begin=st.integers(0, 2),
        length=st.integers(0, 6),
    )
    def be_away(self, data: Any, other: str | None, to: str, begin: int, length: int) -> None:
        pk = data.draw(st.sampled_from(sorted(self.model.memberships)))
        self.stand_in(pk, other or self.model.memberships[pk]["who"], to, begin, length)

    def stand_in(self, pk: int, by: str, to: str, begin: int, length: int) -> None:
        known = self.model.memberships[pk]
        start = self.model.day + timedelta(days=begin)
        end = start + timedelta(days=length)
        made = self.tried(
            "delegate",
            lambda: delegate(by=self.viewer(by), membership=pk, delegate=self.people[to], starts_on=start, ends_on=end),
        )
        if made is None:
            return
        assert known["who"] == by, "somebody delegated what is not theirs"
        assert to != by
        assert known["role"] not in ("administrator", "auditor")
        self.model.delegations[made.pk] = {"of": pk, "to_whom": to, "from": start, "to": end, "gone": None}
        self.note()

    @precondition(lambda self: self.model.delegations)
    @rule(by=BY, data=st.data())
    def come_back(self, by: str, data: Any) -> None:
        pk = data.draw(st.sampled_from(sorted(self.model.delegations)))
        known = self.model.delegations[pk]
        membership = self.model.memberships[known["of"]]
        with as_system("machine"):
            version = Delegation.objects.get(pk=pk).version
        manages = any(
            "member.manage*" in ROLES[role]["permissions"]
            or (at == membership["at"] and "member.manage" in ROLES[role]["permissions"])
            for at, role in self.model.own(by)
        )
        if (
            self.tried("come_back", lambda: withdraw_delegation(by=self.viewer(by), delegation=pk, version=version))
            is not None
        ):
            assert membership["who"] == by or manages
            known["gone"] = self.model.day
            self.note()

    @rule(by=BY, who=st.sampled_from(PEOPLE), off=st.sampled_from([False, False, True]))
    def switch(self, by: str, who: str, off: bool) -> None:
        act = deactivate_person if off else reactivate_person
        with as_system("machine"):
            version = Person.objects.get(pk=self.people[who]).version
        may = any("account.manage" in words for words in self.model.permissions(by).values())
        if self.tried("switch", lambda: act(by=self.viewer(by), person=self.people[who], version=version)) is not None:
            assert may
            self.model.active[who] = not off
            self.note()

    @precondition(lambda self: self.model.day > FIRST + timedelta(days=8))
    @rule(by=BY, code=st.sampled_from(sorted(KINDS)), later=st.integers(2, 9))
    def close(self, by: str, code: str, later: int) -> None:
        on = self.model.day + timedelta(days=later)
        with as_system("machine"):
            version = Organisation.objects.get(pk=self.organisations[code]).version
        may = any("organisation.create" in words for words in self.model.permissions(by).values())
        done = self.tried(
            "close",
            lambda: close_organisation(
                by=self.viewer(by), organisation=self.organisations[code], version=version, on=on
            ),
        )
        if done is not None:
            assert may
            self.model.closed[code] = on
            self.note()

    @rule(who=st.sampled_from("bcdef"), seat=SEATS)
    def administrator_appoints(self, who: str, seat: tuple[str, str]) -> None:
        self.appoint_somebody("a", who, seat, 0, None)

    @rule(data=st.data(), later=st.none() | st.integers(0, 9))
    def administrator_ends(self, data: Any, later: int | None) -> None:
        others = sorted(
            pk for pk, known in self.model.memberships.items() if known["role"] not in ("enterprise_admin",)
        )
        self.end("a", data.draw(st.sampled_from(others)), later)

    @rule(length=st.integers(0, 6), back=st.booleans())
    def the_enterprise_entrusts(self, length: int, back: bool) -> None:
        """Let the enterprise's administrator mandate the broker, and let a colleague stand in for either of the two."""
        self.mandate("c", "ent1", "bro", {"files", "cases"}, 0, length)
        away, to = ("d", "c") if back else ("c", "d")
        own = [pk for pk, known in self.model.memberships.items() if known["who"] == away and self.model.holds(known)]
        if own:
            self.stand_in(own[0], away, to, 0, length)

    @precondition(lambda self: any(self.model.holds(known) for known in self.model.delegations.values()))
    @rule(data=st.data(), stand_in=st.booleans(), acting=st.booleans())
    def one_of_an_absence_leaves_or_acts(self, data: Any, stand_in: bool, acting: bool) -> None:
        """Let one of the two leave, or the stand-in try to give and take roles."""
        pk = data.draw(st.sampled_from(sorted(p for p, d in self.model.delegations.items() if self.model.holds(d))))
        known = self.model.delegations[pk]
        held = self.model.memberships[known["of"]]
        if acting:
            other = data.draw(st.sampled_from(PEOPLE))
            self.appoint_somebody(known["to_whom"], other, (held["at"], data.draw(SEATS)[1]), 0, None)
            self.end(known["to_whom"], known["of"], None)
            return
        leaving = known["to_whom"] if stand_in else held["who"]
        for one, membership in list(self.model.memberships.items()):
            if membership["who"] == leaving and membership["at"] == held["at"]:
                self.end("a", one, None)

    @rule(days=st.integers(1, 5))
    def days_pass(self, days: int) -> None:
        self.model.day += timedelta(days=days)
        type(self).today = self.model.day

    # What always holds

    @invariant()
    def nobody_holds_more_or_less(self) -> None:
        if not hasattr(self, "model"):
            return
        for who in PEOPLE:
            viewer, expected = self.viewer(who), self.model.permissions(who)
            for code, pk in self.organisations.items():
                held = {p for p in TOLD["permissions"] if viewer.grant_for(p, pk) is not None}
                assert held == expected[code], (who, code, held ^ expected[code])

    @invariant()
    def an_administrator_stays(self) -> None:
        if hasattr(self, "model"):
            assert self.model.administrators()

    def past_is_kept(self) -> None:
        """Ask the journal how every record was, as it was known whenever it was looked at."""
        ever = datetime(2100, 1, 1, tzinfo=UTC)
        with as_system("machine"):
            for kind, pk, at, expected in self.told:
                past = as_it_was(kind, pk, ever, known_at=at)
                assert past is not None, (kind, pk)
                assert past.fields == _plain(expected), (kind, pk, at)


def _plain(fields: dict[str, Any] | None) -> Any:
    import json

    from bridgehead.ground.journal.entries import as_text

    return json.loads(as_text(fields))


@pytest.fixture
def _a_day_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the platform's day be the machine's."""
    monkeypatch.setattr(grants.timezone, "localdate", lambda: People.today)


def _run(examples: int, steps: int, *, derandomize: bool = False) -> None:
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=derandomize,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.article(79)
@pytest.mark.django_db
@pytest.mark.usefixtures("_a_day_of_its_own")
def test_nobody_ever_holds_what_was_not_given() -> None:
    done.clear()
    _run(10, 30, derandomize=True)
    assert sum(done.values()) > 60, done
    assert {"appoint", "end", "mandate", "delegate"} <= set(done), done


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.usefixtures("_a_day_of_its_own")
def test_nobody_ever_holds_what_was_not_given_at_length() -> None:
    _run(20, 40)
