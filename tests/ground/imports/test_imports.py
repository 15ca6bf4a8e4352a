"""Imports: previewed without doing, applied as a whole or not at all, and the same again changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc

from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.imports import shipped
from bridgehead.ground.imports.actions import apply_import, propose_import, renew_import
from bridgehead.ground.imports.preview import TRIED_TOGETHER, kept_faults
from bridgehead.ground.imports.registry import Importer, importer_of, importers, register
from bridgehead.ground.imports.selectors import places, run_of, runs
from bridgehead.ground.imports.templates import write_csv, write_workbook
from bridgehead.ground.models import ImportRun, JournalEntry, Organisation
from bridgehead.ground.people.organisations import edit_organisation
from bridgehead.kernel.errors import BridgeheadError
from tests.ground.files import samples
from tests.ground.people import PLATFORM, member, organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_own_folder")]


def number(of: int) -> str:
    """Return a sound unified social credit code."""
    body = f"91150000{of:09d}"
    return body + uscc.calc_check_digit(body)


def propose(by: Viewer, at: Organisation, rows: list[tuple[str, ...]], kind: str = "enterprises") -> ImportRun:
    content = write_csv(importer_of(kind).schema, rows)
    return propose_import(by=by, kind=kind, organisation=int(at.pk), content=content, name="t.csv", declared="text/csv")


def counts(run: ImportRun) -> tuple[int, int, int, int]:
    return run.new, run.changed, run.unchanged, run.refused


def faults(run: ImportRun) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.place.row, fault.place.column) for fault in kept_faults(run.preview["faults"])]


def code_of(call: Callable[..., object], **kwargs: object) -> str:
    with pytest.raises(BridgeheadError) as caught:
        call(**kwargs)
    return caught.value.code


def state() -> list[tuple[object, ...]]:
    fields = ("code", "name_zh", "name_en", "kind", "office_id", "uscc", "version")
    return list(Organisation.objects.order_by("code").values_list(*fields))


ROW = (number(1), "甲公司", "Jia", "enterprise", "")


def test_a_preview_does_nothing(admin: Viewer, seat: Organisation) -> None:
    before = state()
    entries = JournalEntry.objects.count()
    run = propose(admin, seat, [ROW])
    assert (run.state, counts(run)) == ("previewed", (1, 0, 0, 0))
    assert state() == before
    assert JournalEntry.objects.count() == entries + 1
    assert JournalEntry.objects.latest("id").action == "import.propose"


def test_an_import_writes_one_entry_a_record_and_the_same_again_changes_nothing(
    admin: Viewer, seat: Organisation
) -> None:
    run = propose(admin, seat, [ROW, (number(2), "乙公司", "", "broker", "region")])
    entries = JournalEntry.objects.count()
    done = apply_import(by=admin, run=run.pk, reason="开户")
    assert (done.state, done.applied_by) == ("applied", admin.person_id)
    new = list(JournalEntry.objects.order_by("id")[entries:])
    assert [entry.action for entry in new] == ["organisation.create", "organisation.create", "import.apply"]
    assert {entry.reason for entry in new} == {"开户"}
    made = Organisation.objects.get(uscc=number(2))
    assert (made.code, made.kind, made.office, made.is_public) == (number(2), "broker", seat, False)
    again = propose(admin, seat, [ROW, (number(2), "乙公司", "", "broker", "region")])
    assert counts(again) == (0, 0, 2, 0)
    before, entries = state(), JournalEntry.objects.count()
    assert apply_import(by=admin, run=again.pk).state == "applied"
    assert state() == before
    assert JournalEntry.objects.count() == entries + 1
    assert code_of(apply_import, by=admin, run=again.pk) == "import.already_applied"


def test_changes_are_shown_field_by_field(admin: Viewer, seat: Organisation) -> None:
    apply_import(by=admin, run=propose(admin, seat, [ROW, (number(2), "乙公司", "Yi", "broker", "")]).pk)
    changed = [
        (number(1).lower(), "甲公司（新）", "", "enterprise", "region"),
        (number(2), "乙公司", "Yi", "broker", ""),
    ]
    run = propose(admin, seat, changed)
    assert counts(run) == (0, 1, 1, 0)
    assert run.preview["lines"] == [
        [
            3,
            [number(1)],
            "changed",
            [["name_zh", "甲公司", "甲公司（新）"], ["name_en", "Jia", ""], ["office", "", "region"]],
        ]
    ]
    apply_import(by=admin, run=run.pk)
    assert Organisation.objects.get(uscc=number(1)).name_zh == "甲公司（新）"


def test_every_fault_of_every_row_is_told_and_nothing_is_applied(admin: Viewer, seat: Organisation) -> None:
    apply_import(by=admin, run=propose(admin, seat, [ROW]).pk)
    organisation("taken")
    rows = [
        ("91150000000000000X", "错号", "long " * 41, "enterprise", "nowhere"),
        ("", "", "", "company", "nowhere"),
        (number(1), "甲公司", "Jia", "broker", ""),
        (number(3), "丙", "", "enterprise", "nowhere"),
        (number(4), "丁", "", "carrier", ""),
        (number(4).lower(), "丁二", "", "carrier", ""),
        (number(5), "长" * 201, "long " * 41, "carrier", ""),
    ]
    run = propose(admin, seat, rows)
    assert run.state == "refused"
    assert counts(run) == (1, 0, 0, 6)
    assert faults(run) == [
        ("organisation.bad_uscc", 3, "uscc"),
        ("import.unknown_organisation", 3, "office"),
        ("table.empty_cell", 4, "uscc"),
        ("table.empty_cell", 4, "name_zh"),
        ("table.not_allowed", 4, "kind"),
        ("import.unknown_organisation", 4, "office"),
        ("import.cannot_change", 5, "kind"),
        ("import.unknown_organisation", 6, "office"),
        ("table.duplicate_key", 8, None),
        ("organisation.name_too_long", 9, "name_zh"),
        ("organisation.name_too_long", 9, "name_en"),
    ]
    before = state()
    assert code_of(apply_import, by=admin, run=run.pk) == "import.has_refused_rows"
    assert state() == before


def test_a_table_without_its_columns_is_refused_row_by_row(admin: Viewer, seat: Organisation) -> None:
    run = propose_import(
        by=admin, kind="enterprises", organisation=int(seat.pk), content=b"uscc,name\n1,2\n", name="t.csv"
    )
    assert run.state == "refused"
    assert run.refused == 1
    assert {code for code, _, _ in faults(run)} == {"table.missing_column", "table.extra_column"}


def test_what_changed_since_the_preview_stops_the_import_and_gives_a_new_one(admin: Viewer, seat: Organisation) -> None:
    apply_import(by=admin, run=propose(admin, seat, [ROW]).pk)
    run = propose(admin, seat, [(number(1), "甲二", "Jia", "enterprise", ""), (number(2), "乙", "", "broker", "")])
    there = Organisation.objects.get(uscc=number(1))
    edit_organisation(
        by=PLATFORM, organisation=there.pk, version=there.version, name_zh="甲三", name_en="Jia", uscc=number(1)
    )
    before = state()
    assert code_of(apply_import, by=admin, run=run.pk, version=run.version) == "import.stale"
    assert state() == before
    renewed = run_of(admin, run.pk)
    assert renewed.state == "stale"
    assert renewed.preview["lines"][0][3] == [["name_zh", "甲三", "甲二"]]
    assert code_of(apply_import, by=admin, run=run.pk, version=run.version) == "action.changed_meanwhile"
    assert apply_import(by=admin, run=run.pk, version=renewed.version).state == "applied"
    assert Organisation.objects.get(uscc=number(1)).name_zh == "甲二"


def test_a_change_of_what_the_table_does_not_speak_of_stops_nothing(admin: Viewer, seat: Organisation) -> None:
    apply_import(by=admin, run=propose(admin, seat, [ROW]).pk)
    run = propose(admin, seat, [(number(1), "甲二", "Jia", "enterprise", "")])
    organisation("elsewhere")
    assert apply_import(by=admin, run=run.pk).state == "applied"


def test_a_row_that_fails_at_the_last_moment_undoes_all_others(admin: Viewer, seat: Organisation) -> None:
    run = propose(admin, seat, [(number(1), "甲", "", "enterprise", ""), (number(2), "乙", "", "enterprise", "region")])
    # The office closes after the preview: nothing that was compared has changed, only what may be referred to.
    Organisation.objects.filter(pk=seat.pk).update(is_public=False)
    before, entries = state(), JournalEntry.objects.count()
    with pytest.raises(BridgeheadError) as caught, transaction.atomic():
        apply_import(by=admin, run=run.pk)
    (fault,) = caught.value.faults
    assert (fault.code, fault.place.row, fault.place.column) == ("import.unknown_organisation", 4, "office")
    assert state() == before
    assert JournalEntry.objects.count() == entries
    assert run_of(admin, run.pk).state == "previewed"


def test_the_same_form_twice_is_one_import(admin: Viewer, seat: Organisation) -> None:
    content = write_csv(importer_of("enterprises").schema, [ROW])
    told: dict[str, Any] = {"by": admin, "kind": "enterprises", "organisation": int(seat.pk), "content": content}
    propose_import(**told, name="t.csv", once="form")
    assert code_of(propose_import, **told, name="t.csv", once="form") == "action.repeated"
    assert runs(admin).count() == 1


def test_only_those_who_may_import_and_only_for_their_own(admin: Viewer, seat: Organisation) -> None:
    enterprise = organisation("e1")
    boss, user = member("boss", enterprise, "enterprise_admin"), member("user", enterprise, "enterprise")
    told: dict[str, Any] = {"content": write_csv(importer_of("members").schema, []), "name": "t.csv"}
    assert code_of(propose_import, by=user, kind="members", organisation=int(enterprise.pk), **told) == (
        "action.not_allowed"
    )
    assert code_of(propose_import, by=boss, kind="members", organisation=int(seat.pk), **told) == "action.not_allowed"
    assert code_of(propose_import, by=boss, kind="enterprises", organisation=int(enterprise.pk), **told) == (
        "action.not_allowed"
    )
    assert code_of(propose_import, by=boss, kind="ships", organisation=int(enterprise.pk), **told) == (
        "import.unknown_kind"
    )
    assert [one.kind for one in importers(boss)] == ["members"]
    assert [one.kind for one in importers(admin)] == ["enterprises", "members"]
    assert list(places(boss)) == [enterprise]
    run = propose(admin, seat, [ROW])
    assert code_of(run_of, viewer=boss, run=run.pk) == "import.no_such_import"
    assert code_of(apply_import, by=boss, run=run.pk) == "import.no_such_import"


def test_a_file_of_another_kind_is_refused_and_nothing_is_kept(admin: Viewer, seat: Organisation) -> None:
    for content, name, code in (
        (samples.portable(), "t.pdf", "file.kind_not_taken_here"),
        (samples.png(), "t.csv", "file.type_mismatch"),
        (b"", "t.csv", "file.empty"),
    ):
        told: dict[str, Any] = {"by": admin, "kind": "enterprises", "organisation": int(seat.pk)}
        assert code in code_of(propose_import, **told, content=content, name=name)
    assert not ImportRun.objects.exists()


def test_a_run_keeps_its_preview_out_of_the_journal(admin: Viewer, seat: Organisation) -> None:
    run = propose(admin, seat, [ROW])
    entry = JournalEntry.objects.get(action="import.propose", record_id=str(run.pk))
    assert "甲公司" not in entry.after
    assert run.sha256 in entry.after


def test_an_import_can_be_compared_anew(admin: Viewer, seat: Organisation) -> None:
    run = propose(admin, seat, [(number(1), "甲", "", "enterprise", "later")])
    assert run.state == "refused"
    organisation("later", "department")
    assert renew_import(by=admin, run=run.pk).state == "stale"
    assert apply_import(by=admin, run=run.pk).state == "applied"
    assert code_of(renew_import, by=admin, run=run.pk) == "import.already_applied"


def test_a_workbook_is_imported_as_the_same_table(admin: Viewer, seat: Organisation) -> None:
    content = write_workbook(importer_of("enterprises").schema, [ROW])
    run = propose_import(by=admin, kind="enterprises", organisation=int(seat.pk), content=content, name="表.xlsx")
    assert counts(run) == (1, 0, 0, 0)
    apply_import(by=admin, run=run.pk)
    assert counts(propose(admin, seat, [ROW])) == (0, 0, 1, 0)


NAME = st.text(alphabet="甲乙丙 abcÄ'\",;|<>&", min_size=1, max_size=12).filter(lambda text: text.strip() != "")
TABLE = st.dictionaries(
    st.integers(0, 9),
    st.tuples(NAME, st.one_of(st.just(""), NAME), st.sampled_from(shipped.KINDS), st.sampled_from(["", "region"])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=TABLE, second=TABLE)
def test_applying_twice_is_applying_once_and_what_was_applied_is_unchanged(
    admin: Viewer, seat: Organisation, first: Any, second: Any
) -> None:
    inside = transaction.atomic()
    inside.__enter__()
    try:
        # A kind cannot be changed by an import, so the second table keeps those of the first.
        second = {at: (*row[:2], first.get(at, row)[2], row[3]) for at, row in second.items()}
        for table in (first, second):
            rows = [(number(at), *row) for at, row in table.items()]
            run = propose(admin, seat, rows)
            assert not faults(run)
            assert run.new + run.changed + run.unchanged == len(rows)
            apply_import(by=admin, run=run.pk)
            after = state()
            again = propose(admin, seat, rows)
            assert counts(again) == (0, 0, len(rows), 0)
            entries = JournalEntry.objects.count()
            apply_import(by=admin, run=again.pk)
            assert state() == after
            assert JournalEntry.objects.count() == entries + 1
            assert JournalEntry.objects.latest("id").action == "import.apply"
    finally:
        transaction.set_rollback(True)
        inside.__exit__(None, None, None)


def test_more_rows_than_are_tried_together_are_previewed_and_applied(admin: Viewer, seat: Organisation) -> None:
    rows = [(number(at), f"公司 {at}", "", "enterprise", "region") for at in range(TRIED_TOGETHER + 20)]
    rows.append((number(999), "末行", "", "enterprise", "nowhere"))
    assert faults(propose(admin, seat, rows)) == [("import.unknown_organisation", len(rows) + 2, "office")]
    run = propose(admin, seat, rows[:-1])
    assert apply_import(by=admin, run=run.pk).new == TRIED_TOGETHER + 20


def test_a_kind_is_registered_once_and_has_a_key() -> None:
    known = importer_of("members")
    assert register(known) is known
    with pytest.raises(ValueError, match="two importers"):
        register(Importer(kind="members", schema=known.schema, permission="x", current=dict, apply=dict))  # type: ignore[arg-type]
