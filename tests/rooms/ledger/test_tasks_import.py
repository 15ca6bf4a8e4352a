"""Tasks out of a spreadsheet: known by their codes, the same again changes nothing, what is wrong has its cell."""

from __future__ import annotations

import pytest

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.imports.actions import apply_import, propose_import
from bridgehead.ground.imports.preview import TRIED_TOGETHER, kept_faults
from bridgehead.ground.imports.registry import importer_of
from bridgehead.ground.imports.templates import write_csv
from bridgehead.ground.models import ImportRun, JournalEntry, Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.actions.tasks import end_task
from bridgehead.rooms.ledger.models import Task
from tests.ledger import LedgerWorld, seen_as

SOONER, DUE, LATER = "2031-03-05", "2031-03-12", "2031-06-04"
COLUMNS = ("code", "title", "what", "lead", "due_on", "period", "article", "parent", "joint", "supervised")


def row(code: str, **told: str) -> tuple[str, ...]:
    kept = {"code": code, "title": f"任务{code}", "lead": "commerce", "due_on": DUE} | told
    return tuple(kept.get(name, "") for name in COLUMNS)


def proposed(world: LedgerWorld, *rows: tuple[str, ...], by: Person | None = None) -> ImportRun:
    content = write_csv(importer_of("ledger_tasks").schema, list(rows))
    viewer = seen_as(by or world.coordinator)
    return propose_import(by=viewer, kind="ledger_tasks", organisation=world.office.pk, content=content, name="t.csv")


def applied(world: LedgerWorld, *rows: tuple[str, ...]) -> tuple[int, int, int, int]:
    run = proposed(world, *rows)
    assert run.state == "previewed", faults(run)
    apply_import(by=seen_as(world.coordinator), run=run.pk)
    return run.new, run.changed, run.unchanged, run.refused


def faults(run: ImportRun) -> list[tuple[str, int | None, str | None]]:
    return [(fault.code, fault.place.row, fault.place.column) for fault in kept_faults(run.preview["faults"])]


FIRST = (
    row("甲-1", what="建成并验收", article="14", joint="customs;transport", period="2031"),
    row("甲-2", parent="甲-1", lead="transport", due_on=SOONER),
    row("乙", supervised="transport"),
)


@pytest.mark.article(6)
def test_a_table_gives_tasks_and_once_more_changes_nothing(world: LedgerWorld) -> None:
    assert applied(world, *FIRST) == (3, 0, 0, 0)
    with as_system("tests"):
        above, below, other = Task.objects.order_by("pk")
        assert (above.matter, above.office, above.article, above.period) == ("import:甲-1", world.commerce, 14, "2031")
        assert {(one.office, one.part) for one in above.parts.all()} == {
            (world.customs, "vertical"),
            (world.transport, "joint"),
        }
        assert (below.parent, below.article, str(below.due_on)) == (above, 14, SOONER)
        assert [one.part for one in other.parts.all()] == ["supervised"]
        entries = JournalEntry.objects.filter(record_kind="ledger_task").count()
    assert applied(world, *FIRST) == (0, 0, 3, 0), "the same again"
    with as_system("tests"):
        assert JournalEntry.objects.filter(record_kind="ledger_task").count() == entries


def test_what_differs_is_changed_with_its_reason(world: LedgerWorld) -> None:
    applied(world, *FIRST)
    moved = row("甲-2", parent="", lead="commerce", due_on=DUE)
    other = row("乙", joint="transport", title="改名")
    assert applied(world, FIRST[0], moved, other) == (0, 2, 1, 0)
    with as_system("tests"):
        below, task = Task.objects.get(matter="import:甲-2"), Task.objects.get(matter="import:乙")
        assert (below.parent, below.office, str(below.due_on)) == (None, world.commerce, DUE)
        assert [(one.part, task.title) for one in task.parts.filter(left_on=None)] == [("joint", "改名")]
        entry = JournalEntry.objects.filter(record_kind="ledger_task", record_id=str(below.pk)).latest("id")
    assert "t.csv" in entry.reason


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([row("1", lead="nobody", joint="customs;nowhere")],
         [("import.unknown_organisation", 3, "lead"), ("import.unknown_organisation", 3, "joint")]),
        ([row("1", lead="")], [("table.empty_cell", 3, "lead")]),
        ([row("1", due_on="soon")], [("table.bad_date", 3, "due_on")]),
        ([row("1", due_on="2001-01-01")], [("ledger.due_before_given", 3, "due_on")]),
        ([row("1", period="soon")], [("period.unreadable", 3, "period")]),
        ([row("1", parent="1")], [("task.cycle", 3, "parent")]),
        ([row("1", parent="2"), row("2", parent="1")],
         [("import.unknown_parent", 3, "parent"), ("import.unknown_parent", 4, "parent")]),
        ([row("1"), row("1")], [("table.duplicate_key", 4, "code")]),
        ([row("1" * 51)], [("form.text_too_long", 3, "code")]),
        ([row("1", supervised="customs")], [("ledger.vertical_supervised", 3, "supervised")]),
        ([row("1", joint="commerce")], [("ledger.part_doubled", 3, "joint")]),
        ([row("1"), row("2", parent="1", due_on=LATER)],
         [("ledger.subtask_after_parent", 4, "due_on")]),
    ],
)  # fmt: skip
def test_what_is_wrong_has_its_cell(
    world: LedgerWorld, rows: list[tuple[str, ...]], told: list[tuple[str, int, str | None]]
) -> None:
    run = proposed(world, *rows)
    assert faults(run) == told
    assert run.state == "refused"
    with as_system("tests"):
        assert not Task.objects.exists()


def test_existing_tasks_refuse_what_no_task_can_be(world: LedgerWorld) -> None:
    applied(world, *FIRST)
    circle = proposed(world, row("甲-1", what="建成并验收", parent="甲-2", due_on=SOONER, joint="customs;transport"))
    assert faults(circle) == [("task.cycle", 3, "parent")]
    fixed = proposed(world, row("乙", article="15", supervised="transport"))
    assert faults(fixed) == [("import.cannot_change", 3, "article")]
    doubled = proposed(world, row("乙", lead="transport", supervised="transport"))
    assert faults(doubled) == [("ledger.part_doubled", 3, "supervised")]
    with as_system("tests"):
        task = Task.objects.get(matter="import:乙")
    end_task(by=seen_as(world.coordinator), task=task.pk, version=task.version, reason="不做了")
    ended = proposed(world, row("乙", title="改名", supervised="transport"))
    assert [code for code, _row, _column in faults(ended)] == ["ledger.task_ended"]


def test_parts_far_below_their_task_are_tried_with_it(world: LedgerWorld) -> None:
    run = proposed(world, row("top"), *(row(str(n)) for n in range(TRIED_TOGETHER)), row("last", parent="top"))
    assert (run.state, run.new) == ("previewed", TRIED_TOGETHER + 2)


def test_only_who_keeps_the_ledger_imports(world: LedgerWorld) -> None:
    with pytest.raises(BridgeheadError, match=r"action.not_allowed"):
        proposed(world, row("1"), by=world.commerce_head)


def test_what_no_code_is_of_hides_nothing_else_that_is_wrong_with_a_row(world: LedgerWorld) -> None:
    told = {"lead": "nobody", "joint": "customs;no-one", "parent": "nowhere", "article": "99", "period": "last May"}
    found = faults(proposed(world, row("a", title="长" * 300, due_on="2020-01-02", **told)))
    assert sorted(found, key=lambda one: (str(one[2]), one[0])) == [
        ("coordination.unknown_article", 3, "article"),
        ("ledger.due_before_given", 3, "due_on"),
        ("import.unknown_organisation", 3, "joint"),
        ("import.unknown_organisation", 3, "lead"),
        ("import.unknown_parent", 3, "parent"),
        ("period.unreadable", 3, "period"),
        ("form.text_too_long", 3, "title"),
    ]
    assert not Task.objects.exists()


def test_no_task_is_for_an_article_the_regulation_does_not_have(world: LedgerWorld) -> None:
    assert faults(proposed(world, row("a", article="99"))) == [("coordination.unknown_article", 3, "article")]
    assert faults(proposed(world, row("a", article="86"))) == []
