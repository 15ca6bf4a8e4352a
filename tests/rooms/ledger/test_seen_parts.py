"""Whoever sees a part of the records is told so: no list says of all of them that there is none."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.safestring import mark_safe
from docx import Document

from bridgehead.ground.access.grants import today
from bridgehead.ground.models import Person
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.templatetags.ledger import seen_only
from tests.ledger import LedgerWorld, seen_as
from tests.ledger.coordination import DAY, a_problem

pytestmark = [pytest.mark.django_db, pytest.mark.article(6)]
Browser = Callable[[Person], Client]
PART = "（只限您能看到的记录）"
NOTE = "只含生成它的人能看到的记录"


@pytest.fixture
def owing(world: LedgerWorld) -> LedgerWorld:
    """A task commerce owes, and a problem it has to mend."""
    kept = {"owner": world.office.pk, "lead": world.commerce.pk, "article": 14, "due_on": today() + 30 * DAY}
    give_task(by=seen_as(world.coordinator), title="开通新的查验场地", **kept)
    a_problem(world)
    return world


def heading(page: Any) -> str:
    told: str = page.content.decode()
    return " ".join(told.split("<h1>", 1)[1].split("</h1>", 1)[0].split())


def paper(sent: Any) -> str:
    return "\n".join(one.text for one in Document(io.BytesIO(sent.content)).paragraphs)


@pytest.mark.article(79)
def test_the_page_and_paper_of_an_organisation_deny_only_what_their_reader_may_see(
    owing: LedgerWorld, browser: Browser
) -> None:
    address, file = (reverse(name, args=["commerce"]) for name in ("ledger:body", "files:ledger-body"))
    other = browser(owing.transport_officer).get(address)
    assert heading(other) == f"商务厅：没有欠着的任务{PART}"
    assert other.content.decode().count(PART) == 3
    for person in (owing.coordinator, owing.deputy, owing.commerce_head):
        page = browser(person).get(address)
        assert heading(page) == "商务厅：1 项没有完成，0 项已过期", person
        assert PART not in page.content.decode()
    told = paper(browser(owing.transport_officer).get(file))
    assert f"没有。{PART}" in told
    assert NOTE in told
    whole = paper(browser(owing.coordinator).get(file))
    assert PART not in whole
    assert NOTE not in whole


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/ledger/board/", "没有欠着的任务"),
        ("/problems/", "没有待整改的问题"),
        ("/requests/", "还没有征询"),
        ("/programmes/", "还没有登记项目"),
        ("/supervision/", "没有在办的监督"),
        ("/dossiers/", "86 条都还没有任务"),
        ("/dossiers/14/", "第 14 条：台账里还没有职责，没有数据"),
    ],
)
def test_a_list_of_a_part_says_so(owing: LedgerWorld, browser: Browser, address: str, says: str) -> None:
    assert heading(browser(owing.customs_officer).get(address)) == says + PART
    assert PART not in heading(browser(owing.coordinator).get(address))


@pytest.mark.parametrize("name", ["files:ledger-responsibilities", "files:problems-docx"])
def test_a_paper_of_a_part_says_so(owing: LedgerWorld, browser: Browser, name: str) -> None:
    assert PART in paper(browser(owing.customs_officer).get(reverse(name)))
    assert PART not in paper(browser(owing.coordinator).get(reverse(name)))


def test_a_name_in_another_language_stays_marked_and_nothing_of_it_is_read_as_markup(
    owing: LedgerWorld, browser: Browser
) -> None:
    address = "/en" + reverse("ledger:body", args=["commerce"])
    page = heading(browser(owing.transport_officer).get(address))
    assert page == '<span lang="zh">商务厅</span>: No tasks are owed (in the records you may see)'
    assert seen_only("<b>", whole=False) == "&lt;b&gt;（只限您能看到的记录）"
    assert seen_only(mark_safe(" <b>3</b> "), whole=True) == "<b>3</b>"
