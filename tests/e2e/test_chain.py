"""The whole way in a real browser: the law's text, a duty, a task, its evidence, a figure, the dossier as a paper."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from bridgehead.ground.access.grants import today
from tests.cli.running import environment, free_port, server

pytestmark = pytest.mark.e2e

TRAINS = "37"
TEXT = Path(__file__).resolve().parents[3] / "shared" / "statutes" / "nmg-bridgehead-2023.txt"
PASSWORD = "correct horse battery staple"
PEOPLE = {"coordinator": ("nm-coord", "coordination"), "officer": ("nm-swt", "officer")}
SETTING_UP = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
import django
django.setup()
from datetime import date
from bridgehead.ground import database
database.bring_up_to_date()
from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.models import Organisation
from bridgehead.ground.people.accounts import register_person
from bridgehead.ground.people.memberships import appoint
from bridgehead.ground.people.organisations import adopt_region
from bridgehead.ground.region import current
by = system("test")
adopt_region(by=by, region=current().region)
for login, (code, role) in {PEOPLE!r}.items():
    person = register_person(by=by, login=login, name=login)
    with as_system("test"):
        person.set_password({PASSWORD!r})
        person.save()
        at = Organisation.objects.get(code=code)
    appoint(by=by, person=person.pk, organisation=at.pk, role=role, starts_on=date(2026, 1, 1))
"""
TITLE, CLAIM = "建成新的查验场地并通过验收", "查验场地已经通过验收"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give the address of a server of the shipped region with a coordination officer and one of a department."""
    if not TEXT.is_file():
        pytest.skip("the text of the regulation does not lie beside the project")
    folder = tmp_path_factory.mktemp("chain")
    told = {**environment(), "BRIDGEHEAD_DATA": str(folder)}
    subprocess.run([sys.executable, "-c", SETTING_UP], check=True, env=told)
    port = free_port()
    with server("--port", str(port), "--data", str(folder)):
        yield f"http://127.0.0.1:{port}"


class Somebody:
    """A person at a browser without script."""

    def __init__(self, browser: Any, place: str, login: str) -> None:
        self.context = browser.new_context(java_script_enabled=False, accept_downloads=True)
        self.page, self.place = self.context.new_page(), place
        self.go("/sign-in/")
        self.page.fill("#login", login)
        self.page.fill("#password", PASSWORD)
        self.press()

    def go(self, address: str) -> None:
        """Open a page; it has to be there."""
        answer = self.page.goto(self.place + address)
        assert answer.status == 200, f"{address}: {answer.status}"

    def press(self, button: str = "main button.btn") -> None:
        """Press the first such button; what it does must not be refused."""
        self.page.locator(button).first.click()
        self.page.wait_for_load_state()
        assert not self.page.locator("main .says:visible").count(), self.page.inner_text("main")[:500]

    @property
    def title(self) -> str:
        """What the page answers."""
        return str(self.page.inner_text("h1"))


@pytest.mark.article(6)
@pytest.mark.article(14)
@pytest.mark.article(79)
def test_from_the_text_of_the_law_to_the_paper_of_a_task_that_is_done(browser: Any, place: str, tmp_path: Path) -> None:
    keeper, officer = Somebody(browser, place, "coordinator"), Somebody(browser, place, "officer")
    import_text(keeper)
    duty = take_over(keeper)
    task = give(keeper, duty)
    evidence = hand_in(officer, task, tmp_path)
    decide(keeper, officer, task, evidence)
    read_paper(keeper, task, tmp_path)
    report(officer)
    read_dossier(keeper, tmp_path)
    for one in (keeper, officer):
        one.context.close()


def import_text(keeper: Somebody) -> None:
    """Bring the text of the regulation in, after a look at what would be kept."""
    keeper.go("/statutes/import/")
    keeper.page.set_input_files("#file", TEXT)
    keeper.press()
    keeper.press()
    assert "?version=" in keeper.page.url


def take_over(keeper: Somebody) -> str:
    """Take the duties over; return the address of one of article 14, for which a department answers from then on."""
    keeper.go("/ledger/duties/")
    keeper.press("form:has(#take-work) button.btn")
    keeper.go("/ledger/duties/?article=14")
    keeper.page.locator("td.line a").first.click()
    address = keeper.page.url
    keeper.page.select_option("#answer-body", label=keeper_label(keeper))
    keeper.press("form:has(#answer-body) button.btn")
    assert keeper_label(keeper) in keeper.page.inner_text("main dl.facts")
    return str(address)


def keeper_label(keeper: Somebody) -> str:
    """Return how the department is called in the lists of the forms."""
    return str(keeper.page.locator("option", has_text="商务厅").first.inner_text()).strip()


def give(keeper: Somebody, duty: str) -> str:
    """Give the department a task for the duty; it leads it by itself. Return the address of the task."""
    keeper.page.goto(duty)
    keeper.page.locator("main a.btn").first.click()
    keeper.page.fill("#give-title", TITLE)
    keeper.page.fill("#give-due_on", (today() + timedelta(days=60)).isoformat())
    keeper.press()
    assert keeper.title == TITLE
    assert "完成 0" in keeper.page.inner_text(".lead")
    return keeper.page.url.removeprefix(keeper.place)


def hand_in(officer: Somebody, task: str, folder: Path) -> str:
    """Find the task in the morning, hand in evidence with a file; the officer is offered no decision on it."""
    officer.go("/ledger/board/")
    assert TITLE in officer.page.inner_text("main")
    officer.go(task)
    paper = folder / "acceptance.txt"
    paper.write_text("验收单\n", encoding="utf-8")
    officer.page.fill("#evidence-claim", CLAIM)
    officer.page.fill("#evidence-issuer", "验收单位")
    officer.page.fill("#evidence-dated_on", today().isoformat())
    officer.page.check("[name=completes]")
    officer.page.set_input_files("#evidence-file", paper)
    officer.press("#hand-in button.btn")
    officer.page.locator("table.ev a", has_text=CLAIM).click()
    assert officer.title == CLAIM
    assert not officer.page.get_by_role("button", name="认可", exact=True).count(), "nobody decides on their own"
    return officer.page.url.removeprefix(officer.place)


def decide(keeper: Somebody, officer: Somebody, task: str, evidence: str) -> None:
    """Accept what waits, from the morning; then both see that the task is done."""
    keeper.go("/ledger/")
    assert "1 份证据等你核对" in keeper.title
    keeper.go(evidence)
    keeper.page.get_by_role("button", name="认可", exact=True).click()
    for one in (keeper, officer):
        one.go(task)
        assert one.page.inner_text(".lead").strip() == "已完成"


def read_paper(keeper: Somebody, task: str, folder: Path) -> None:
    """Download the paper of the task and read it as Word would."""
    keeper.go(task)
    with keeper.page.expect_download() as waiting:
        keeper.page.locator("main a[href*='.docx']").first.click()
    file = folder / "task.docx"
    waiting.value.save_as(file)
    document = Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(one.text for one in document.paragraphs), *cells])
    assert TITLE in text
    assert CLAIM in text


def report(officer: Somebody) -> None:
    """Enter how many trains the region had in January, for an indicator of article 14."""
    officer.go("/indicators/cr_express_local/")
    form = "form[action$='#enter']"
    officer.page.fill(f"{form} [name=period]", f"{today().year}-01")
    officer.page.fill(f"{form} [name=value]", TRAINS)
    officer.page.select_option(f"{form} [name=unit]", "trains")
    officer.page.select_option(f"{form} [name=standing]", "reported")
    officer.page.fill(f"{form} [name=source]", "口岸运行月报")
    officer.press(f"{form} button.btn")
    assert TRAINS in officer.page.inner_text("main")


def read_dossier(keeper: Somebody, folder: Path) -> None:
    """Read the whole chain of article 14 on its page and in its paper: duty, task, evidence, figure."""
    keeper.go("/dossiers/14/")
    shown = keeper.page.inner_text("main")
    with keeper.page.expect_download() as waiting:
        keeper.page.locator("main a", has_text=".docx").first.click()
    file = folder / "dossier.docx"
    waiting.value.save_as(file)
    document = Document(str(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    written = "\n".join([*(one.text for one in document.paragraphs), *cells])
    for told in (shown, written):
        assert [word for word in (TITLE, CLAIM, TRAINS, "到发中欧班列") if word not in told] == []
    assert "14" in document.paragraphs[0].text
