"""``bridgehead ledger``: the board, duties, one task, the calendar and papers, in both languages and with bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from docx import Document

from bridgehead.cli.ledger import coordination_office
from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.models import JournalEntry, Organisation
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.models import Duty, Task
from tests import databases
from tests.cli.running import Said, bridgehead, inside
from tests.ledger import LedgerWorld, duties, world

REPORT = "/dossiers/report.docx"
in_process = pytest.mark.skipif(
    bool(databases.URL), reason="on PostgreSQL a command ends the connection in which the test's transaction lives"
)


@pytest.fixture
def ledger(db: None) -> tuple[LedgerWorld, Task]:
    here = world()
    with as_system("tests"):
        return here, duties.make(here)


@pytest.fixture
def said(tmp_path: Path) -> Any:
    def run(*arguments: object, lang: str = "en") -> Said:
        return inside("ledger", *map(str, arguments), "--lang", lang, BRIDGEHEAD_DATA=str(tmp_path))

    return run


def _refused(said: Said, code: str) -> None:
    assert said.code == 2, said
    assert code in said.err
    assert "Traceback" not in said.out + said.err


@pytest.mark.article(5)
@pytest.mark.article(79)
@in_process
def test_the_board_says_who_owes_what(ledger: tuple[LedgerWorld, Task], said: Any) -> None:
    _world, task = ledger
    assert "2 owed, 2 late" in said("owed").out
    zh = said("owed", lang="zh").out
    assert "欠 2 项，过期 2 项" in zh
    assert "开通新的查验场地" in zh
    assert "商务厅" in zh
    told = json.loads(said("owed", "--organisation", "commerce", "--late", "--json").out)
    assert [(one["id"], one["late"]) for one in told["tasks"]] == [(task.pk, True)]
    before = json.loads(said("owed", "--on", str(task.given_on), "--json").out)
    assert (before["owed"], before["late"]) == (2, 0), "the board of a past day"
    assert json.loads(said("owed", "--article", "80", "--json").out)["owed"] == 0


@in_process
def test_duties_and_one_task(ledger: tuple[LedgerWorld, Task], said: Any) -> None:
    _world, task = ledger
    told = json.loads(said("duties", "--json").out)
    lacking = json.loads(said("duties", "--lacking", "lead", "--json").out)
    assert len(lacking["duties"]) == told["without_lead"] == told["total"] - 1
    assert f"{told['total']} duties" in said("duties").out
    assert json.loads(said("duties", "--on", task.given_on, "--json").out)["total"] == 0, "none was taken over by then"
    with as_system("tests"):
        two = Duty.objects.order_by("pk").values_list("pk", flat=True)[:2]
        Duty.objects.filter(pk__in=list(two)).update(article=14)
    counted = said("duties", "--article", 14).out
    assert counted.startswith("2 duties: "), "what is listed is counted"
    assert f"; {told['total']} in the whole ledger" in counted
    _refused(said("duties", "--article", 999), "dossier.no_such_article")
    _refused(said("owed", "--article", 999), "dossier.no_such_article")
    whole = json.loads(said("task", task.pk, "--json").out)
    assert whole["title"] == task.title
    assert [one["state"] for one in whole["evidence"]] == ["handed_in", "accepted"]
    words = said("task", task.pk, lang="zh").out
    for part in ("开通新的查验场地", "牵头：商务厅", "海关", "等人核对", "通报", "开工"):
        assert part in words, part
    assert "evidence was handed in" in said("task", task.pk, "--on", task.given_on).out, "as it stood then"


@pytest.mark.article(6)
@in_process
def test_duties_are_taken_over_for_the_coordination_body(ledger: tuple[LedgerWorld, Task], said: Any) -> None:
    here, _task = ledger
    assert _task.duty is not None
    work = _task.duty.work
    _refused(said("take-over", "--work", work), "ledger.several_coordination_offices")
    told = json.loads(said("take-over", "--work", work, "--organisation", "nm-coord", "--json").out)
    assert told["organisation"] == "nm-coord"
    assert told["taken"] == told["total"] == Duty.objects.filter(owner=here.office).count() > 0
    again = said("take-over", "--work", work, "--organisation", "nm-coord")
    assert "0 duties taken over" in again.out
    with as_system("tests"):
        entry = JournalEntry.objects.filter(action="ledger_duty.take_over").order_by("id").last()
        assert entry is not None
        assert entry.actor_name == "bridgehead ledger take-over"
        Organisation.objects.filter(kind="coordination").exclude(code="nm-coord").update(kind="party")
    assert "0 duties taken over" in said("take-over", "--work", work).out, "the only one is found"
    with as_system("tests"):
        Organisation.objects.filter(kind="coordination").update(kind="party")
        with pytest.raises(BridgeheadError, match=r"ledger.no_coordination_office"):
            coordination_office()
    _refused(said("take-over", "--work", 999999, "--organisation", "nm-coord"), "ledger.no_duties")


@in_process
def test_what_the_doctor_finds_is_mended(ledger: tuple[LedgerWorld, Task], said: Any) -> None:
    _world, task = ledger
    assert json.loads(said("restate", "--json").out) == {"tasks": 2, "mended": [], "settled": [], "left": []}
    with as_system("tests"):
        Task.objects.filter(pk=task.pk).update(share=1)
    assert "1 of 2 tasks" in said("restate").out
    with as_system("tests"):
        assert Task.objects.get(pk=task.pk).share < 1


@in_process
def test_the_calendar_and_papers_are_written(ledger: tuple[LedgerWorld, Task], said: Any, tmp_path: Path) -> None:
    _world, task = ledger
    month = f"{task.due_on:%Y-%m}"
    assert task.title in said("calendar", "--month", month).out
    assert json.loads(said("calendar", "--month", month, "--json").out)["month"] == month
    ics, paper = tmp_path / "due.ics", tmp_path / "paper.docx"
    assert said("calendar", "--month", month, "--ics", ics).code == 0
    assert ics.read_bytes().count(b"BEGIN:VEVENT") >= 2
    for which in (("task", task.pk), ("body", "commerce"), ("responsibilities",), ("dossier", 14), ("report",)):
        assert said("paper", *which, "-o", paper, "--overwrite", lang="zh").code == 0, which
        assert Document(str(paper)).paragraphs[0].text
        if which[0] in ("dossier", "report"):  # these speak of a year
            continue
        assert said("paper", *which, "--on", task.due_on, "-o", paper, "--overwrite").code == 0, which
        assert f"{task.due_on:%Y}" in Document(str(paper)).paragraphs[-1].text, "it says of which day it speaks"
    _refused(said("paper", "responsibilities", "-o", paper), "statute.output_exists")


@pytest.mark.slow
@pytest.mark.article(6)
@in_process
def test_the_papers_of_dossiers_are_those_of_the_site(
    ledger: tuple[LedgerWorld, Task], said: Any, tmp_path: Path, client: Client
) -> None:
    client.force_login(ledger[0].coordinator)
    paper, year = tmp_path / "dossier.docx", today().year - 1
    of_year = ("--year", year)
    for which, address, of, lang in (
        *((("dossier", 14), "/dossiers/14.docx", of, lang) for of in ((), of_year) for lang in ("zh", "en")),
        (("report",), "/dossiers/report.docx", (), "en"),
        (("report",), "/dossiers/report.docx", of_year, "zh"),
    ):
        told = json.loads(said("paper", *which, *of, "-o", paper, "--overwrite", "--json", lang=lang).out)
        assert told == {"file": str(paper), "size_b": paper.stat().st_size}
        query = {"lang": lang} | ({"year": year} if of else {})
        assert paper.read_bytes() == client.get(address, query).content, (which, of, lang)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("paper", "dossier", "999", "-o", "none.docx"), "dossier.no_such_article"),
        (("paper", "report", "--year", "1900", "-o", "none.docx"), "request.bad_filter"),
        (("owed", "--on", "yesterday"), "form.not_a_date"),
        (("owed", "--organisation", "nobody"), "organisation.no_such_organisation"),
        (("owed", "--article", "0"), "--article"),
        (("duties", "--lacking", "money"), "lead, task, text"),
        (("task", "999999"), "action.no_such_record"),
        (("paper", "body", "nobody", "-o", "none.docx"), "organisation.no_such_organisation"),
        (("paper", "task", "1"), "--out"),
        (("paper", "responsibilities", "-o", "none.txt"), "ledger.paper_not_docx"),
        (("paper", "report", "-o", "none"), "ledger.paper_not_docx"),
        (("calendar", "--month", "2025"), "period.unreadable"),
    ],
)
@in_process
def test_bad_input_is_told(db: None, said: Any, arguments: tuple[str, ...], code: str) -> None:
    _refused(said(*arguments), code)
    assert not any(Path(name).exists() for name in ("none.docx", "none.txt", "none"))


@pytest.mark.slow
def test_from_nothing_in_a_process_of_its_own(tmp_path: Path) -> None:
    empty = bridgehead("ledger", "owed", "--json", folder=tmp_path)
    assert (empty.code, json.loads(empty.out)["owed"]) == (0, 0)
    assert bridgehead("demo-data", folder=tmp_path).code == 0
    shown = bridgehead("ledger", "owed", "--lang", "zh", folder=tmp_path)
    assert "（示意）" in shown.out
