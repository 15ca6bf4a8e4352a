"""Pages of supervision: they show the answer, offer forms to whom they belong, and refuse strangers."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import docx
import pytest
from django.test import Client
from django.utils import timezone

from bridgehead.ground.access.viewer import ANONYMOUS, as_system, viewing
from bridgehead.ground.models import Person
from bridgehead.ground.panels import panels_for
from bridgehead.ground.region import current
from bridgehead.ground.search.find import find
from bridgehead.rooms.ledger.dossier import Asked
from bridgehead.rooms.ledger.models import Finding, Inspection, Opinion, SupervisionCase
from bridgehead.rooms.ledger.selectors.supervision_dossier import supervision_section
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.supervision import make, opened, taken

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


def fields(html: str, form: str) -> dict[str, str]:
    """Return the hidden fields of a form of a page."""
    found = next(one for one in re.findall(r"<form.*?</form>", html, re.S) if f'name="form" value="{form}"' in one)
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found)
    return dict(hidden)


@pytest.mark.article(83)
def test_the_pages_say_how_supervision_stands_and_offer_forms_to_whom_they_belong(
    world: LedgerWorld, browser: Browser
) -> None:
    with as_system("tests"):
        make(world)
        case = SupervisionCase.objects.get(state="open")
        inspection, opinion, fault = Inspection.objects.get(), Opinion.objects.first(), Finding.objects.first()
    assert opinion is not None
    assert fault is not None
    clerk, coordinator, officer = map(browser, (world.congress_clerk, world.coordinator, world.commerce_officer))
    listed = clerk.get("/supervision/").content.decode()
    assert "1 件监督按期在办，1 个检查发现没有整改完" in listed
    assert "开始一项监督" in listed
    assert "开始一项监督" not in coordinator.get("/supervision/").content.decode()
    page = f"/supervision/{case.pk}/"
    assert 'value="extension"' in clerk.get(page).content.decode()
    shown = coordinator.get(page).content.decode()
    assert 'name="form" value="step"' in shown
    assert 'name="form" value="extend"' not in shown, "one request waits already"
    assert 'name="form"' not in browser(world.deputy).get(page).content.decode()
    assert officer.get(page).status_code == 404, "commerce handles an opinion and sees that, not the case"
    assert 'name="form" value="answer"' in officer.get(f"/supervision/opinions/{opinion.pk}/").content.decode()
    mending = officer.get(f"/inspections/findings/{fault.pk}/").content.decode()
    assert "商务厅：待整改" in mending
    assert 'name="form" value="hand_in"' in mending
    assert "发现 1 个问题，1 个没有整改完" in clerk.get(f"/inspections/{inspection.pk}/").content.decode()
    for stranger in (Client(), browser(world.customs_officer)):
        assert stranger.get(page).status_code in (401, 404)
        assert stranger.get(f"/inspections/{inspection.pk}/").status_code in (401, 404)


def test_a_step_sent_by_its_form_is_kept_and_one_refused_keeps_what_was_typed(
    world: LedgerWorld, browser: Browser
) -> None:
    with as_system("tests"):
        case = opened(world, date(2025, 9, 1), "special-report")
        for on in (date(2025, 9, 1), date(2025, 9, 25)):
            case = taken(world, case, on)
    client, page = browser(world.congress_clerk), f"/supervision/{case.pk}/"
    sent = fields(client.get(page).content.decode(), "step")
    given = {"on": "2025-09-30", "summary": "印发三条意见", "opinion_text": ["改进通关", ""], "opinion_due": ["", ""]}
    given["opinion_office"] = [str(world.commerce.pk), str(world.office.pk)]
    refused = client.post(page, {**sent, **given, "on": "2025-09-01"})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "改进通关" in html
    assert "印发三条意见" in html
    assert "之前" in html
    done = client.post(page, {**fields(html, "step"), **given})
    assert done.status_code == 302
    with as_system("tests"):
        case.refresh_from_db()
        assert (case.waits, case.due_on) == ("handling", date(2025, 12, 1))
        assert Opinion.objects.get().office_id == world.commerce.pk
    assert "逾期" in client.get(page).content.decode()


def words(content: bytes) -> str:
    paper = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in paper.paragraphs), *cells])


@pytest.mark.article(83)
def test_papers_say_what_the_pages_say(world: LedgerWorld, browser: Browser) -> None:
    with as_system("tests"):
        make(world)
        case, inspection = SupervisionCase.objects.get(state="closed"), Inspection.objects.get()
    client = browser(world.congress_clerk)
    file = words(client.get(f"/supervision/{case.pk}.docx").content)
    for said in (
        "监督档案：口岸建设整改报告",
        "监督已经结束",
        "满意度测评",
        "全体组成人员",
        "完善通关协作。",
        "梁山县",
    ):
        assert said in file
    report = words(client.get(f"/inspections/{inspection.pk}.docx").content)
    for said in (
        "执法检查报告",
        "郑代表",
        "甲口岸",
        "没有建立部门会商记录。",
        "建立会商记录",
        "2026-11-26 07",
        "商务厅",
    ):
        assert said in report


@pytest.mark.article(83)
def test_the_dossier_reads_once_for_all_articles_and_says_where_nothing_is(
    world: LedgerWorld, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with as_system("tests"):
        make(world)
    viewer = seen_as(world.deputy)
    today = timezone.localdate()
    asked = Asked(viewer, tuple(range(1, 87)), (today - timedelta(days=30)).year, today)
    with viewing(viewer), django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        found = supervision_section(asked)
    assert {one.cells[0] for one in found[83].lines} == {"口岸建设整改报告", "口岸建设专项报告", "已向人大报告。"}
    assert [one.cells[2] for one in found[6].lines] == ["商务厅"]
    assert found[7].gap
    assert not found[83].gap


def test_an_organisation_shows_what_it_has_to_answer_and_search_finds_it(world: LedgerWorld) -> None:
    with as_system("tests"):
        make(world)
    with viewing(seen_as(world.commerce_officer)):
        shown = [one for one in panels_for("organisation", "commerce") if one.panel.title_zh == "监督"]
        assert {one.what for one, _late in shown[0].context["lines"]} == {"答复审议意见", "整改检查发现的问题"}
    with viewing(ANONYMOUS):
        assert [one for one in panels_for("organisation", "commerce") if one.panel.title_zh == "监督"] == []
    for person, most in ((world.deputy, 1), (world.customs_officer, 0)):
        viewer = seen_as(person)
        with viewing(viewer):
            assert find(current(), viewer, "会商记录", "inspection_finding", 1).found == most
