"""Pages of programmes: they answer whom they are for, say the answer, and keep what was typed; files; the import."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bridgehead.ground.imports.actions import apply_import, propose_import
from bridgehead.ground.imports.preview import kept_faults
from bridgehead.ground.imports.registry import importer_of
from bridgehead.ground.imports.templates import write_csv
from bridgehead.ground.models import ImportRun, Person
from bridgehead.ground.region import current
from bridgehead.ground.search.find import find
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger.importers.programmes import pairs
from bridgehead.rooms.ledger.models import Programme, StageMove
from bridgehead.rooms.ledger.programme_kinds import called, kinds
from bridgehead.rooms.ledger.selectors.programmes_elsewhere import of_organisation, of_place
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.programmes import make, opened, paid

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


@pytest.fixture
def filled(world: LedgerWorld) -> LedgerWorld:
    make(world)
    return world


def addresses() -> list[str]:
    pk = Programme.objects.get(code="expo-1").pk
    return [
        *(reverse("ledger:programmes"), reverse("ledger:programme-kind", args=["exhibition"])),
        reverse("ledger:programme", args=[pk]),
        *(
            reverse("files:programmes-csv"),
            reverse("files:programmes-docx"),
            reverse("files:programme-docx", args=[pk]),
        ),
        reverse("files:programme-kind-docx", args=["exhibition"]),
        *("/api/programmes", "/api/programmes/kinds/exhibition", f"/api/programmes/{pk}"),
    ]


def test_pages_answer_whom_they_are_for(filled: LedgerWorld, browser: Browser) -> None:
    paid(filled, Programme.objects.get(), "payment", "200")
    head, stranger, visitor = browser(filled.commerce_head), browser(filled.customs_officer), Client()
    for address in addresses():
        assert head.get(address).status_code == 200, address
        assert visitor.get(address).status_code in (302, 401, 403), address
    pk = Programme.objects.get().pk
    assert stranger.get(reverse("ledger:programme", args=[pk])).status_code == 404
    assert "还没有登记项目" in stranger.get(reverse("ledger:programmes")).content.decode()
    page = head.get(reverse("ledger:programmes")).content.decode()
    assert "<h1>1 个项目在进行，1 个超预算（只限您能看到的记录）</h1>" in page
    page = head.get(reverse("ledger:programme", args=[pk])).content.decode()
    for word in ('<p class="alarm">超预算：', "蒙古国工商会", "肉类采购", "接受这个阶段", "通常"):
        assert word in page, word


def test_the_register_leads_to_every_kind_with_how_many_there_are(filled: LedgerWorld, browser: Browser) -> None:
    opened(filled, "investment-lead")
    client = browser(filled.commerce_head)
    page = client.get(reverse("ledger:programmes")).content.decode()
    listed = re.search(r'<ul class="kinds">(.*?)</ul>', page, re.S)
    assert listed
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a> <span class="fine">(\d+)</span>', listed[1])
    assert [one[:2] for one in links] == [
        (reverse("ledger:programme-kind", args=[id]), called(kind)) for id, kind in kinds().items()
    ]
    assert {name: many for _, name, many in links if many != "0"} == {
        called(kinds()["exhibition"]): "1",
        called(kinds()["investment-lead"]): "1",
    }
    for address, name, _ in (links[0], links[-1]):
        assert name in client.get(address).content.decode()


def test_papers_say_what_the_page_says_in_both_languages(filled: LedgerWorld, browser: Browser) -> None:
    import docx

    head = browser(filled.commerce_head)
    for address in addresses()[4:7]:
        for language in ("zh", "en"):
            document = docx.Document(BytesIO(head.get(f"{address}?lang={language}").content))
            cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
            words = cells | {one.text for one in document.paragraphs}
            assert ("Northern Opening Fair" if language == "en" else "向北开放洽谈会") in words, address


def test_a_form_keeps_what_was_typed_and_tells_every_fault(filled: LedgerWorld, browser: Browser) -> None:
    officer = browser(filled.commerce_officer)
    address = reverse("ledger:new-programme", args=["exhibition"])
    assert officer.get(address).status_code == 200
    told: dict[str, Any] = {"form": "open", "once": "k" * 12, "name_zh": "草稿名", "field-edition": "x"}
    answer = officer.post(address, told | {"articles": "9-", "parent": "nobody"})
    assert answer.status_code == 422
    told |= {"field-edition": "7", "field-opens_on": "2026-05-01", "source": "纪要", "source_on": "2026-01-05"}
    told |= {"next_step": "发函", "next_due_on": "2199-01-05"}
    answer = officer.post(address, told | {"source": "", "once": "m" * 12})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="草稿名"' in page
    assert page.count('aria-invalid="true"') == 1
    answer = officer.post(address, told | {"once": "n" * 12})
    made = Programme.objects.exclude(code="expo-1").get()
    assert (answer.status_code, made.name_zh, made.fields["edition"]) == (302, "草稿名", 7)
    address = reverse("ledger:edit-programme", args=[made.pk])
    told = {"form": "change", "version": "1", "name_zh": "定名", "articles": "30", "office": str(made.office_id)} | {
        name: value for name, value in told.items() if name.startswith(("field", "source", "next"))
    }
    assert officer.post(address, told | {"once": "p" * 12}).status_code == 302
    assert officer.post(address, told | {"once": "q" * 12, "name_zh": "迟到的"}).status_code == 409
    made.refresh_from_db()
    assert (made.name_zh, made.articles) == ("定名", [30])
    assert browser(filled.deputy).get(address).status_code in (403, 404)


def test_forms_of_a_programme_do_what_they_say(filled: LedgerWorld, browser: Browser) -> None:
    record = Programme.objects.get()
    address = reverse("ledger:programme", args=[record.pk])
    head, officer = browser(filled.commerce_head), browser(filled.commerce_officer)
    move = StageMove.objects.get()
    decide = {"form": "decide", "version": move.version, "verdict": "accept", "once": "a" * 12}
    assert head.post(address, decide).status_code == 302
    record.refresh_from_db()
    assert record.stage == "invited"
    today = record.stage_on.isoformat()
    money = {"form": "money", "once": "b" * 12, "kind": "payment", "amount": "5,000", "year": "2026", "on": today}
    answer = officer.post(address, money)
    assert answer.status_code == 422
    assert 'value="5,000"' in answer.content.decode()
    assert officer.post(address, money | {"source": "凭证", "once": "c" * 12}).status_code == 302
    entry = record.money.get(kind="payment")
    wrong = {"form": "correct", "entry": entry.pk, "entry_version": entry.version, "note": "重复", "once": "d" * 12}
    assert officer.post(address, wrong).status_code == 302
    step = {"form": "step", "version": record.version, "next_step": "开幕", "next_due_on": today, "once": "e" * 12}
    assert officer.post(address, step).status_code == 302
    item = record.items.get()
    fields = {f"field-{name}": value for name, value in item.fields.items()} | {"field-fulfilled_value": "999"}
    change = {"form": "change_item", "item": item.pk, "version": "1", "title": "肉类", "on": today, "source": "册"}
    assert officer.post(f"{address}?item={item.pk}", change | fields | {"once": "f" * 12}).status_code == 302
    party = record.parties.get()
    gone = {"form": "let_go", "party": party.pk, "party_version": party.version, "once": "g" * 12}
    assert officer.post(address, gone).status_code == 302
    record.refresh_from_db()
    item.refresh_from_db()
    assert (record.next_step, item.fields["fulfilled_value"], record.money.count()) == ("开幕", "999", 3)
    stop = {"form": "end", "version": record.version, "state": "stopped", "reason": "停办", "once": "h" * 12}
    assert officer.post(address, stop).status_code == 302
    page = officer.get(address).content.decode()
    assert ">已停止<" in page
    assert "停办" in page


def test_other_pages_and_the_search_know_programmes(filled: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    opened(filled, place="ganqimaodu")

    def panels(viewer: Any) -> list[int]:
        found = (of_organisation("commerce"), of_place("ganqimaodu"), of_place("erenhot"))
        return [len(one["lines"]) if one else 0 for one in found]

    assert seen_by(filled.commerce_officer, panels) == [2, 1, 0]
    assert seen_by(filled.customs_officer, panels) == [0, 0, 0]

    def hits(viewer: Any) -> int:
        return find(current(), viewer, "洽谈会", "", 1, among=("programme",)).found

    assert seen_by(filled.commerce_officer, hits) == 2
    assert seen_by(filled.customs_officer, hits) == 0


def sheet(*rows: dict[str, str]) -> bytes:
    schema = importer_of("programmes").schema
    return write_csv(schema, [[row.get(name, "") for name in schema.names] for row in rows])


def proposed(world: LedgerWorld, *rows: dict[str, str]) -> ImportRun:
    viewer, told = seen_as(world.commerce_officer), {"name": "p.csv", "declared": "text/csv"}
    return propose_import(by=viewer, kind="programmes", organisation=world.commerce.pk, content=sheet(*rows), **told)


@pytest.fixture
def _own_store(tmp_path: Path, settings: Any) -> None:
    settings.BRIDGEHEAD_DATA = tmp_path


ROW = {
    **{"next_step": "封关验收", "next_due_on": "2199-06-30"},
    **{"code": "zone-1", "kind": "bonded-zone", "name_zh": "综保区", "source": "批文", "source_on": "2026-01-05"},
    "fields": "zone_type=comprehensive; area_km2=1,2.50; trade_year=10; trade_goal=20",
}


@pytest.mark.usefixtures("_own_store")
def test_a_spreadsheet_of_programmes_is_taken_in_and_again_changes_nothing(world: LedgerWorld) -> None:
    run = proposed(world, ROW, ROW | {"code": "zone-2", "office": "transport", "place": "甘其毛都"})
    assert (run.new, run.refused) == (2, 0)
    apply_import(by=seen_as(world.commerce_officer), run=run.pk)
    first, second = Programme.objects.order_by("code")
    assert (first.fields["area_km2"], first.articles, second.office) == ("12.50", [15, 25, 27, 28], world.transport)
    again = proposed(world, ROW, ROW | {"code": "zone-2", "office": "transport", "place": "甘其毛都", "name_zh": "新"})
    assert (again.new, again.changed, again.unchanged) == (0, 1, 1)


@pytest.mark.usefixtures("_own_store")
def test_what_no_code_is_of_hides_nothing_else_that_is_wrong_with_a_row(world: LedgerWorld) -> None:
    told = {"office": "nobody", "parent": "nowhere", "next_due_on": "2020-01-01", "plan_line": "no-such-line"}
    found = kept_faults(proposed(world, ROW | told | {"place": "Atlantis", "fields": "zone_type"}).preview["faults"])
    assert {(fault.code, fault.place.column) for fault in found} == {
        ("import.unknown_organisation", "office"),
        ("programme.unknown_parent", "parent"),
        ("programme.due_before_today", "next_due_on"),
        ("programme.unknown_plan_line", "plan_line"),
        ("programme.unknown_place", "place"),
        ("programme.bad_pairs", "fields"),
    }
    assert not Programme.objects.exists()


@pytest.mark.usefixtures("_own_store")
@pytest.mark.parametrize(
    ("told", "code", "column"),
    [
        ({"office": "nobody"}, "import.unknown_organisation", "office"),
        ({"kind": "dream"}, "programme.unknown_kind", "kind"),
        ({"place": "Atlantis"}, "programme.unknown_place", "place"),
        ({"parent": "nobody"}, "programme.unknown_parent", "parent"),
        ({"articles": "99"}, "programme.unknown_article", "articles"),
        ({"fields": "zone_type"}, "programme.bad_pairs", "fields"),
        (
            {"fields": ROW["fields"].replace("1,2.50", "x")},
            "programme.field_not_a_number",
            "fields",
        ),
        ({"source_on": "2999-01-01"}, "programme.day_to_come", "source_on"),
        ({"next_step": ""}, "form.missing", "next_step"),
        ({"next_due_on": "2020-01-01"}, "programme.due_before_today", "next_due_on"),
        ({"plan_line": "no-such-line"}, "programme.unknown_plan_line", "plan_line"),
    ],
)
def test_a_bad_row_is_refused_at_its_column(world: LedgerWorld, told: dict[str, str], code: str, column: str) -> None:
    run = proposed(world, ROW | {"code": "good"}, ROW | told)
    found = [(fault.code, fault.place.row, fault.place.column) for fault in kept_faults(run.preview["faults"])]
    assert found == [(code, 4, column)]


def test_pairs_of_a_cell_are_told_apart() -> None:
    assert pairs("a=1; b = x=y；c=甲;乙\nd=2;") == {"a": "1", "b": "x=y", "c": "甲;乙", "d": "2"}
    with pytest.raises(BridgeheadError) as caught:
        pairs("just words")
    assert caught.value.code == "programme.bad_pairs"
