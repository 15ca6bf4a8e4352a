"""Files are handed in by those who may, seen by those who may, and reads by officials are told to their owner."""

from __future__ import annotations

import pytest

from bridgehead.ground.files.actions import store_file, withdraw_file
from bridgehead.ground.files.selectors import files_of, give_out
from bridgehead.ground.files.uploads import file_store, receive
from bridgehead.ground.models import JournalEntry, StoredFile
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.files import samples
from tests.ground.people import member, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_folder")]


def code_of(call: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(BridgeheadError) as caught:
        call(*args, **kwargs)  # type: ignore[operator]
    return caught.value.code


def test_a_file_is_kept_journalled_and_given_back() -> None:
    at = organisation("e1")
    anna = member("anna", at, "enterprise")
    kept = store_file(by=anna, owner=at.pk, file=receive(samples.png(), "..\\图.png", "image/png"), note=" 照片 ")
    assert (kept.name, kept.kind, kept.note, kept.uploaded_by) == ("图.png", "png", "照片", anna.person_id)
    record, content = give_out(anna, kept.pk)
    assert record.pk == kept.pk
    assert content == samples.png()
    entry = JournalEntry.objects.get(action="file.store")
    assert entry.owner_id == at.pk
    assert kept.sha256 in entry.after
    assert not JournalEntry.objects.filter(action="read.record").exists()


def test_the_same_content_twice_is_two_files_and_one_content() -> None:
    at = organisation("e1")
    anna = member("anna", at, "enterprise")
    for name in ("a.png", "b.png"):
        store_file(by=anna, owner=at.pk, file=receive(samples.png(), name))
    assert files_of(anna).count() == 2
    assert len(list(file_store().names())) == 1


def test_a_refused_file_is_not_in_the_store() -> None:
    assert code_of(receive, samples.png(), "a.pdf") == "file.type_mismatch"
    assert code_of(receive, b"x" * 20_000_001, "a.txt") == "file.too_large"
    assert list(file_store().names()) == []


def test_others_neither_see_a_file_nor_store_or_withdraw_for_its_owner() -> None:
    at, other = organisation("e1"), organisation("e2")
    anna, ben = member("anna", at, "enterprise"), member("ben", other, "enterprise_admin")
    kept = store_file(by=anna, owner=at.pk, file=receive(samples.png(), "a.png"))
    assert not files_of(ben).exists()
    assert code_of(give_out, ben, kept.pk) == "file.no_such_file"
    assert code_of(withdraw_file, by=ben, file=kept.pk, version=1) == "action.no_such_record"
    assert code_of(store_file, by=ben, owner=at.pk, file=receive(samples.png(), "a.png")) == "action.not_allowed"


def test_the_office_sees_only_what_it_was_handed_and_its_reads_are_told() -> None:
    office = organisation("o1", "department")
    at = organisation("e1", office=office.pk)
    anna, olga = member("anna", at, "enterprise"), member("olga", office, "officer")
    secret = store_file(by=anna, owner=at.pk, file=receive(samples.png(), "a.png"))
    shown = store_file(by=anna, owner=at.pk, file=receive(samples.png(), "b.png"), to_office=True)
    assert list(files_of(olga)) == [shown]
    assert code_of(give_out, olga, secret.pk) == "file.no_such_file"
    give_out(olga, shown.pk)
    read = JournalEntry.objects.get(action="read.record")
    assert (read.record_kind, read.record_id, read.owner_id) == ("file", str(shown.pk), at.pk)
    assert read.actor_id == olga.person_id


def test_a_withdrawn_file_is_listed_and_not_given_out() -> None:
    at = organisation("e1")
    anna = member("anna", at, "enterprise")
    kept = store_file(by=anna, owner=at.pk, file=receive(samples.png(), "a.png"))
    withdraw_file(by=anna, file=kept.pk, version=1, reason="错了")
    assert code_of(give_out, anna, kept.pk) == "file.withdrawn"
    assert code_of(withdraw_file, by=anna, file=kept.pk, version=2) == "file.withdrawn"
    assert code_of(withdraw_file, by=anna, file=kept.pk, version=1) == "action.changed_meanwhile"
    assert files_of(anna).get().withdrawn_at is not None
    assert file_store().verify(kept.sha256) == len(samples.png())


def test_a_file_gone_bad_on_the_disk_is_never_given_out() -> None:
    at = organisation("e1")
    anna = member("anna", at, "enterprise")
    kept = store_file(by=anna, owner=at.pk, file=receive(samples.png(), "a.png"))
    path = file_store().path(kept.sha256)
    path.chmod(0o600)
    path.write_bytes(samples.png(3, 3))
    assert code_of(give_out, anna, kept.pk) == "file.damaged"
    assert StoredFile.objects.count() == 1


def test_too_long_a_note_is_refused() -> None:
    at = organisation("e1")
    anna = member("anna", at, "enterprise")
    file = receive(samples.png(), "a.png")
    assert code_of(store_file, by=anna, owner=at.pk, file=file, note="x" * 501) == "file.note_too_long"
