"""The journal: append-only, sealed, verified; history and the state on any day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridgehead.ground.access.grants import viewer_of
from bridgehead.ground.access.roles import roles
from bridgehead.ground.access.viewer import ANONYMOUS, as_system, system, viewing
from bridgehead.ground.actions import Deed, action
from bridgehead.ground.journal import anchors, clock
from bridgehead.ground.journal import verify as verifying
from bridgehead.ground.journal.entries import as_text, digest, state
from bridgehead.ground.journal.history import as_it_was, changes, history
from bridgehead.ground.journal.reads import record_read
from bridgehead.ground.journal.resume import accept_clock
from bridgehead.ground.journal.seal import seal_pending
from bridgehead.ground.journal.verify import verify
from bridgehead.ground.journal.wording import Names, known
from bridgehead.ground.models import JournalEntry, JournalHead, Organisation
from bridgehead.ground.people.accounts import register_person
from bridgehead.ground.people.memberships import appoint, end_membership
from bridgehead.ground.people.organisations import close_organisation, edit_organisation
from bridgehead.ground.people.sessions import begin_session
from bridgehead.ground.people.standing_in import give_mandate
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.world import BY, World, member, organisation, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def there() -> World:
    clock.forget()
    return world()


@action("session.begin")
def _signs_in(deed: Deed, *, person: int) -> None:
    deed.note("person", person)


FIELDS = ("name_zh", "name_en", "kind")


@action("organisation.edit")
def _sets(deed: Deed, *, organisation: int, fields: dict[str, str]) -> None:
    deed.change(deed.lock(Organisation, organisation), **fields)


def _count() -> int:
    with as_system("tests"):
        return JournalEntry.objects.count()


@pytest.mark.parametrize("table", ["ground_journalentry", "ground_journalseal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_or_remove(there: World, table: str, statement: str) -> None:
    seal_pending()
    with (
        as_system("tests"),
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(statement.format(table))
    assert verify().sound


def test_sealing_gives_every_entry_one_place_and_is_done_once(there: World) -> None:
    count = _count()
    assert verify().unsealed
    assert seal_pending(batch=3) == count
    assert seal_pending() == 0
    report = verify()
    assert report.sound
    assert (report.entries, report.sealed, report.unsealed) == (count, count, ())


@pytest.mark.article(85)
def test_a_change_behind_its_back_is_found_and_located(there: World) -> None:
    seal_pending()
    with as_system("tests"), transaction.atomic():
        pk = JournalEntry.objects.order_by("id").values_list("id", flat=True)[2]
        with connection.cursor() as c:
            if connection.vendor == "postgresql":
                c.execute("ALTER TABLE ground_journalentry DISABLE TRIGGER USER")
            else:
                c.execute("DROP TRIGGER ground_journalentry_no_UPDATE")
            c.execute("UPDATE ground_journalentry SET reason = 'x' WHERE id = %s", [pk])
        report = verify()
        transaction.set_rollback(True)
    assert [(one.kind, one.entry) for one in report.findings] == [("changed", pk)]


def test_what_is_sealed_while_it_verifies_is_no_finding(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seal_pending()
    rows, batches = verifying._rows, iter(range(10))

    def busy(*told: Any) -> Iterator[Any]:
        for step in (iter(()), rows(*told)):
            yield from step
            organisation(f"meanwhile-{next(batches)}", "department")
            seal_pending()

    monkeypatch.setattr(verifying, "_rows", busy)
    report = verify()
    assert report.sound, report.findings
    assert next(batches) >= 3
    with as_system("tests"):
        JournalHead.objects.update(position=F("position") - 1)
    monkeypatch.setattr(verifying, "_rows", rows)
    assert [one.kind for one in verify().findings] == ["head"]


@pytest.mark.parametrize("time", ["garbage", 5, "", "2026-99-01 00:00:00", "0005-01-01 00:00:00"])
@pytest.mark.parametrize("last", [False, True])
def test_a_seal_whose_time_cannot_be_read_is_a_changed_seal(there: World, time: object, last: bool) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL takes nothing else for a time")
    position = seal_pending() if last else 3
    seal_pending()
    with as_system("tests"), transaction.atomic():
        with connection.cursor() as c:
            c.execute("DROP TRIGGER ground_journalseal_no_UPDATE")
            c.execute("UPDATE ground_journalseal SET sealed_at = %s WHERE position = %s", [time, position])
        report = verify()
        transaction.set_rollback(True)
    assert {(one.kind, one.position) for one in report.findings} == {("seal_changed", position)}


def test_what_begins_or_ends_on_a_day_is_journalled_as_of_that_day(there: World) -> None:
    day = timezone.localdate() + timedelta(days=30)
    close_organisation(by=BY, organisation=there.bravo.pk, version=there.bravo.version, on=day)
    person = register_person(by=BY, login="later", name="后来")
    held = appoint(by=BY, person=person.pk, organisation=there.alpha.pk, role="enterprise", starts_on=day)
    given = give_mandate(
        by=BY,
        principal=there.alpha.pk,
        agent=there.broker.pk,
        scopes=list(roles().mandate_scopes)[:1],
        starts_on=day,
        ends_on=day + timedelta(days=9),
    )
    end_membership(by=BY, membership=held.pk, version=held.version, on=day + timedelta(days=2))
    begins = clock.beginning(day)
    with as_system("tests"):
        for kind, pk in (("membership", held.pk), ("mandate", given.pk)):
            assert as_it_was(kind, pk, begins - timedelta(seconds=1)) is None
            assert as_it_was(kind, pk, begins) is not None
        for at, last in ((begins + timedelta(days=2), None), (begins + timedelta(days=3), day + timedelta(days=2))):
            past = as_it_was("membership", held.pk, at)
            assert past is not None
            assert past.fields is not None
            assert past.fields["ends_on"] == (last.isoformat() if last else None)
        for at, closed in ((begins - timedelta(seconds=1), None), (begins, day.isoformat())):
            past = as_it_was("organisation", there.bravo.pk, at)
            assert past is not None
            assert past.fields is not None
            assert past.fields["closed_on"] == closed


def _written(pk: int, at: datetime) -> None:
    """Write an entry with a number of its own, as a transaction leaves it that began earlier or later."""
    with as_system("tests"):
        entry = JournalEntry.objects.order_by("-id").first()
        assert entry is not None
        entry.pk, entry.recorded_at, entry.once = pk, at, None
        entry.digest = digest(entry)
        entry.save(force_insert=True)


def test_an_entry_committed_late_is_sealed_after_a_long_stop(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with as_system("tests"):
        last = JournalEntry.objects.order_by("-id").values_list("id", flat=True)[0]
    before = timezone.now()
    _written(last + 2, before)
    seal_pending()
    _written(last + 1, before)  # acknowledged, and then the machine stood still for a night
    monkeypatch.setattr(timezone, "now", lambda: before + timedelta(hours=9))
    assert verify().unsealed == (last + 1,)
    assert verify().sound
    assert seal_pending() == 1
    assert verify().sound
    assert verify().unsealed == ()


@pytest.mark.parametrize("states", [timedelta(), timedelta(days=-1), timedelta(days=-3), timedelta(hours=2)])
def test_an_entry_put_far_back_is_found_whatever_time_it_states(
    there: World, monkeypatch: pytest.MonkeyPatch, states: timedelta
) -> None:
    with as_system("tests"):
        last = JournalEntry.objects.order_by("-id").values_list("id", flat=True)[0]
    today = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: today - timedelta(days=1))
    _written(last + 2, today - timedelta(days=1))
    seal_pending()
    monkeypatch.setattr(timezone, "now", lambda: today)
    _written(last + 3, today)
    seal_pending()
    _written(last + 1, today + states)
    assert seal_pending() == 0, "the platform itself gives it no place in the chain"
    assert [(one.kind, one.entry) for one in verify().findings] == [("inserted", last + 1)]


def test_what_is_sealed_while_the_journal_is_verified_is_no_finding(
    there: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_pending()
    read = verifying._read_seals

    def and_go_on(walk: object) -> object:
        seals = read(walk)
        organisation("meanwhile", "department")
        seal_pending()
        return seals

    monkeypatch.setattr(verifying, "_read_seals", and_go_on)
    assert verify().findings == ()


def test_an_anchor_carried_out_is_held_against_the_chain(there: World, tmp_path: Path) -> None:
    seal_pending()
    file = tmp_path / "anchors.jsonl"
    anchor = anchors.export(file)
    assert anchors.read([file]) == (anchor,)
    assert verify((anchor,)).sound
    wrong = type(anchor)(anchor.position, "0" * 64)
    assert [one.kind for one in verify((wrong,)).findings] == ["anchor"]
    beyond = type(anchor)(anchor.position + 5, anchor.chain)
    assert [(one.kind, one.position) for one in verify((beyond,)).findings] == [
        *(("seal_removed", anchor.position + step) for step in (1, 2, 3, 4)),
        ("anchor", beyond.position),
        ("seal_removed", beyond.position),
    ]


def test_every_line_of_a_file_that_is_no_anchor_is_named(tmp_path: Path) -> None:
    file = tmp_path / "anchors.jsonl"
    file.write_text('{"position": 1, "chain": "a"}\nnonsense\n\n{"position": "x"}\n', encoding="utf-8")
    with pytest.raises(BridgeheadError) as told:
        anchors.read([file, tmp_path / "none"])
    assert [(f.code, f.place.row) for f in told.value.faults] == [
        ("journal.bad_anchor", 2),
        ("journal.bad_anchor", 4),
        ("journal.no_anchor_file", None),
    ]


def test_a_clock_set_back_stops_writing_until_it_is_right_again(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    count, real = _count(), timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() - timedelta(hours=1))
    with pytest.raises(BridgeheadError) as told:
        organisation("late", "department")
    assert told.value.code == "clock.set_back"
    assert _count() == count
    monkeypatch.setattr(timezone, "now", lambda: real() - timedelta(seconds=2))
    organisation("within", "department")
    monkeypatch.setattr(timezone, "now", real)
    organisation("right", "department")
    with as_system("tests"):
        times = list(JournalEntry.objects.order_by("id").values_list("recorded_at", flat=True))
    assert times == sorted(times)


def test_an_administrator_may_accept_a_clock_that_is_behind(there: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real = timezone.now
    seal_pending()
    with as_system("tests"):
        JournalHead.objects.update(latest_at=real() + timedelta(days=3650))
    clock.forget()
    with pytest.raises(BridgeheadError):
        organisation("late", "department")
    accept_clock(by=system("operator"))
    organisation("right", "department")
    with as_system("tests"):
        assert JournalEntry.objects.filter(action="clock.accept", actor_name="operator").exists()


@pytest.mark.article(81)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),
            st.dictionaries(st.sampled_from(FIELDS), st.text("甲乙丙丁", min_size=1, max_size=2), min_size=1),
        ),
        min_size=1,
        max_size=8,
    ),
    st.integers(-2, 32),
)
def test_a_record_is_as_it_was_on_any_day(edits: list[tuple[int, dict[str, str]]], asked: int) -> None:
    """Hold it against a list: of what was said of a field and is in effect on a day, the last counts."""
    began = datetime(2026, 3, 1, tzinfo=UTC)
    with transaction.atomic():
        record = organisation(f"as-of-{_count()}", "department", "起")
        in_record = {name: getattr(record, name) for name in FIELDS}
        expected, in_effect = dict(in_record), False
        for day, fields in edits:
            _sets(by=BY, organisation=record.pk, fields=fields, effective_at=began + timedelta(days=day))
            said = {name: value for name, value in fields.items() if in_record[name] != value}
            in_record |= said
            if said and day <= asked:
                expected, in_effect = expected | said, True
        with as_system("tests"):
            past = as_it_was("organisation", record.pk, began + timedelta(days=asked))
            today = as_it_was("organisation", record.pk, timezone.now() + timedelta(seconds=5))
            now = json.loads(as_text(state(type(record).objects.get(pk=record.pk))))
        transaction.set_rollback(True)
    assert (past is not None) == in_effect
    if past is not None:
        assert past.fields is not None
        assert {name: past.fields[name] for name in FIELDS} == expected
    assert today is not None
    assert today.fields == now
    assert {name: now[name] for name in FIELDS} == in_record


def test_a_sign_in_is_no_change_and_no_state_of_a_person(there: World, client: Client) -> None:
    person = member(there.region, "auditor", name="周审计")
    _signs_in(by=viewer_of(person), person=person.pk)
    client.force_login(person)
    day = timezone.localdate()
    with as_system("tests"):
        past = as_it_was("person", person.pk, timezone.now() + timedelta(seconds=5))
    assert past is not None
    assert past.fields is not None
    assert past.fields["name"] == "周审计"
    told = client.get(f"/api/journal/person/{person.pk}?on={day}").json()
    assert told["as_it_was"]["fields"]["name"] == "周审计"
    assert "session.begin" in {one["action"] for one in told["entries"]}
    changed = sum(one["before"] != {} for one in told["entries"])
    assert f"改过 {changed} 次" in client.get(f"/journal/person/{person.pk}/").content.decode()


def test_what_was_known_on_a_day_leaves_out_what_was_said_later(there: World) -> None:
    first = edit_organisation(by=BY, organisation=there.alpha.pk, version=1, name_zh="一")
    with as_system("tests"):
        between = timezone.now()
        edit_organisation(by=BY, organisation=first.pk, version=2, name_zh="二")
        now = timezone.now()
        known_then = as_it_was("organisation", first.pk, now, known_at=between)
        assert known_then is not None
        assert known_then.fields is not None
        assert known_then.fields["name_zh"] == "一"
        assert [c.after for e in history("organisation", first.pk)[1:] for c in changes(e) if c.field == "name_zh"] == [
            "一",
            "二",
        ]


@pytest.mark.article(79)
def test_an_enterprise_sees_which_official_read_its_data(there: World, client: Client) -> None:
    officer, mine, theirs = (
        member(there.office, "officer", name="周经办"),
        member(there.alpha, "enterprise"),
        member(there.bravo, "enterprise"),
    )
    record_read(viewer_of(officer), "organisation", there.alpha.pk, there.alpha.pk, reason="年度核查")
    record_read(viewer_of(mine), "organisation", there.alpha.pk, there.alpha.pk)
    for person, sees in ((mine, True), (theirs, False)):
        with viewing(viewer_of(person)):
            assert JournalEntry.objects.filter(action="read.record").count() == 1 or not sees
        client.force_login(person)
        html = client.get("/journal/?reads=1").content.decode()
        assert ("周经办" in html) == sees
        assert ("年度核查" in html) == sees


@pytest.mark.article(79)
@pytest.mark.parametrize(
    "address", ["/journal/", "/api/journal", "/journal.csv", "/journal/{}/", "/api/journal/{}"], ids=str
)
def test_a_look_at_an_enterprise_through_the_journal_is_noted_once_for_each(
    there: World, client: Client, address: str
) -> None:
    auditor, mine = member(there.region, "auditor", name="周审计"), member(there.alpha, "enterprise")
    address = address.format(f"organisation/{there.alpha.pk}")
    client.force_login(mine)
    assert client.get(address).status_code == 200
    with as_system("tests"):
        assert not JournalEntry.objects.filter(action="read.record").exists()
    client.force_login(auditor)
    assert client.get(address).status_code == 200
    with as_system("tests"):
        owners = sorted(JournalEntry.objects.filter(action="read.record").values_list("owner_id", flat=True))
        enterprises = Organisation.objects.filter(is_public=False).order_by("pk").values_list("pk", flat=True)
        of_one = str(there.alpha.pk) in address
        assert owners == ([there.alpha.pk] if of_one else list(enterprises))
    client.force_login(mine)
    assert "周审计" in client.get("/journal/?reads=1").content.decode()


def test_the_journal_page_and_its_data_and_file_tell_the_same(there: World, client: Client) -> None:
    auditor = member(there.region, "auditor")
    client.force_login(auditor)
    seal_pending()
    count = _count()
    told = client.get("/api/journal").json()
    assert told["total"] == count
    assert told["chain"]["unsealed"] == _count() - count, "the read itself"
    first = told["entries"][0]
    assert first["action"] == "membership.appoint"
    assert client.get("/journal/").content.decode().count('id="entry-') == len(told["entries"])
    assert client.get("/journal.csv").content.decode("utf-8-sig").count("\nx") == 0
    lines = client.get("/journal.csv?action=person.register").content.decode("utf-8-sig").splitlines()
    assert len(lines) > 1
    assert all("person.register" in line for line in lines[1:])
    for query in ("from=2026-13-01", "to=yesterday", "before=x"):
        assert client.get(f"/api/journal?{query}").status_code == 422


def test_every_record_and_field_in_the_journal_has_its_words() -> None:
    from django.apps import apps

    kept = [model for model in apps.get_models() if hasattr(model, "RECORD")]
    assert len(kept) >= 8
    assert {model.RECORD for model in kept} <= set(known("record"))
    left_out = {model: set(getattr(model, "LEFT_OUT", ())) for model in kept}
    fields = {
        field.attname for model in kept for field in model._meta.concrete_fields if field.attname not in left_out[model]
    }
    assert fields <= set(known("field"))


def test_people_and_times_in_an_entry_are_told_as_people_read_them() -> None:
    somebody = register_person(by=BY, login="somebody", name="王明")
    fields = {"asked_by": somebody.pk, "applied_by": 987654, "asked_at": "2026-11-26T04:07:36.970502Z"}
    with as_system("tests"):
        names = Names([], [fields])
    told = {name: names.value(name, value) for name, value in fields.items()}
    assert told == {"asked_by": "王明", "applied_by": "987654", "asked_at": "2026-11-26 12:07:36"}
    with viewing(ANONYMOUS):
        assert Names([], [fields]).value("asked_by", somebody.pk) == str(somebody.pk)


def test_the_platform_is_named_in_the_language_of_the_reader(client: Client) -> None:
    client.force_login(member(organisation("house", "government"), "auditor"))
    begin_session(by=system("sign-in"), person=1, how="password", address="127.0.0.1")
    assert "平台：登录" in client.get("/journal/").content.decode()
    assert "the platform: sign-in" in client.get("/en/journal/").content.decode()


def test_every_action_has_its_words() -> None:
    import gc

    from bridgehead.ground.actions import Action

    # By type: a lazy object asked for its class would be made to work.
    actions = [one for one in gc.get_objects() if type(one) is Action]
    declared = {one.name for one in actions if one.body.__module__.startswith("bridgehead.")}
    assert declared <= set(known("action"))
