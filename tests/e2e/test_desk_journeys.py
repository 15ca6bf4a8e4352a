"""What people come to the desk for, driven in a real browser: each journey in at most 15 actions beyond typing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import docx
import pytest

from bridgehead.ground.access.grants import today
from tests.cli.running import COMMAND, environment, free_port, server

pytestmark = pytest.mark.e2e

MOST_ACTIONS = 15
PASSWORD = "correct horse battery staple"
PEOPLE = {"city-officer": ("150700", "officer")}
"""Officers the demonstration does not have, with where they work and as what."""
SETTING_UP = f"""
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
import django
django.setup()
from datetime import date
from bridgehead.ground.access.viewer import as_system, system
from bridgehead.ground.models import Organisation
from bridgehead.ground.people.accounts import register_person
from bridgehead.ground.people.memberships import appoint
by = system("test")
for login, (code, role) in {PEOPLE!r}.items():
    person = register_person(by=by, login=login, name=login)
    with as_system("test"):
        person.set_password({PASSWORD!r})
        person.save()
        at = Organisation.objects.get(code=code)
    appoint(by=by, person=person.pk, organisation=at.pk, role=role, starts_on=date(2026, 1, 1))
"""
ANSWERS = {
    "enterprise.kind": "company",
    "vat.taxpayer_kind": "small_scale",
    "vat.filing_period": "quarter",
    "vat.period_sales_cny": "285000",
    "industry.restricted_or_prohibited": "no",
    "enterprise.confirmed_by_league_city": "no",
    "enterprise.registered_in_cbec_zone": "no",
    "cit.taxable_income_cny": "640000",
    "staff.average": "26",
    "assets.average_cny": "4300000",
    "industry.encouraged_west": "no",
    "location.western_region": "yes",
    "revenue.encouraged_share": "0",
}
"""What a small trading company can answer; anything else it does not know."""
LETTING_IT_BEGIN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "bridgehead.site.settings"
import django
django.setup()
from datetime import timedelta
from django.utils import timezone
from bridgehead.ground.access.viewer import as_system
from bridgehead.rooms.desk.models import TrainingSession
with as_system("test"):
    row = TrainingSession.objects.get(pk=sys.argv[1])
    back = row.ends_at - timezone.now() + timedelta(minutes=10)
    row.starts_at, row.ends_at = row.starts_at - back, row.ends_at - back
    row.save()
"""
UNMARKED_HAN = """
main => {
    const read = main.cloneNode(true)
    read.querySelectorAll('[lang]:not([lang="ru"])').forEach(one => one.remove())
    return read.textContent.match(/\\p{Script=Han}+/gu) || []
}
"""
"""What stands in Chinese on a page without saying that it is."""


class Place(NamedTuple):
    """A server with the demonstration in it: its address, the common password of its people, the way to its data."""

    address: str
    password: str
    told: dict[str, str]

    def runs(self, program: str, *given: str) -> None:
        """Run a program beside the server, with its data."""
        asked: Any = {"env": self.told, "capture_output": True, "text": True, "timeout": 300}
        done = subprocess.run([sys.executable, "-c", program, *given], check=False, **asked)
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Give a server with the demonstration in it."""
    folder, port = tmp_path_factory.mktemp("journeys"), free_port()
    told = {**environment(), "BRIDGEHEAD_DATA": str(folder)}
    with server("--port", str(port), "--data", str(folder)):
        asked: Any = {"env": told, "capture_output": True, "text": True, "timeout": 300}
        done = subprocess.run([*COMMAND, "demo-data"], check=True, **asked)
        password = re.search(r"demo-[0-9a-f]{4}(?:-[0-9a-f]{4}){3}", done.stdout)
        assert password, done.stdout
        made = Place(f"http://127.0.0.1:{port}", password[0], told)
        made.runs(SETTING_UP)
        yield made


class Journey:
    """Somebody at a browser; every click, choice and address counts, typing does not."""

    def __init__(self, browser: Any, place: Place) -> None:
        self.browser, self.place = browser, place
        self.actions = 0
        self.page: Any = None

    def comes(self, login: str = "", width: int = 1280) -> Journey:
        """Begin at a browser of one's own, signed in where a login is given; signing in is no part of the journey."""
        self.page = self.browser.new_context(viewport={"width": width, "height": 900}).new_page()
        self.page.on("response", lambda one: one.status < 500 or pytest.fail(f"{one.status} {one.url}"))
        if login:
            self.page.goto(f"{self.place.address}/sign-in/")
            self.page.fill("#login", login)
            self.page.fill("#password", PASSWORD if login in PEOPLE else self.place.password)
            self.page.click("main button.btn")
            self.page.wait_for_load_state()
        return self

    def goes(self, address: str) -> None:
        """Open an address; it has to be there."""
        self.actions += 1
        answer = self.page.goto(self.place.address + address)
        assert answer.status == 200, f"{address}: {answer.status}"

    def clicks(self, what: str) -> None:
        """Click what a selector names."""
        self.actions += 1
        self.page.locator(what).first.click()
        self.page.wait_for_load_state()

    def chooses(self, what: str) -> None:
        """Tick or choose something; like typing it is an answer, not a step on the way."""
        self.page.locator(what).first.check(force=True)

    def types(self, what: str, text: str) -> None:
        """Type a text into a field."""
        self.page.locator(what).first.fill(text)

    def moves(self, name: str, **given: str) -> None:
        """Make a move of a case: unfold it where it is folded, fill in what it needs, send it."""
        form = f'form:has(button:text-is("{name}"))'
        if not self.page.locator(form).first.is_visible():
            self.clicks(f'summary:text-is("{name}")')
        for field, said in given.items():
            where = self.page.locator(f'{form} [name="{field}"]').first
            if field == "papers":
                where.set_input_files({"name": said, "mimeType": "text/plain", "buffer": "合同编号 2026-17\n".encode()})
            elif where.evaluate("one => one.tagName") == "SELECT":
                where.select_option(index=1)
            else:
                where.fill(said)
        self.clicks(f'{form} button:text-is("{name}")')

    def lodges(self, service: str, title: str, **given: str) -> None:
        """Ask for a service."""
        self.goes(f"/services/{service}/")
        for field, said in {"title": title, **given}.items():
            where = self.page.locator(f'form.intake [name="{field}"]').first
            if where.get_attribute("type") == "radio":
                self.chooses(f'form.intake [name="{field}"][value="{said}"]')
            elif where.evaluate("one => one.tagName") == "SELECT":
                where.select_option(said)
            else:
                where.fill(said)
        self.clicks("form.intake button.btn:not(.plain)")

    @property
    def says(self) -> str:
        """The heading of the page."""
        return str(self.page.locator("h1").first.inner_text())

    def ends(self) -> None:
        """Hold the journey to its length."""
        assert self.actions <= MOST_ACTIONS, self.actions


@pytest.fixture
def journey(browser: Any, place: Place) -> Journey:
    return Journey(browser, place)


def answers(one: Journey) -> bool:
    """Answer the questions of a step as the company can; returns whether there were any."""
    names = one.page.eval_on_selector_all('#questions [name^="a:"]', "all => [...new Set(all.map(one => one.name))]")
    for name in names:
        said = ANSWERS.get(name.removeprefix("a:"), "")
        if one.page.locator(f'[name="{name}"]').first.get_attribute("type") == "radio":
            one.chooses(f'[name="{name}"][value="{said or "?"}"]')
        elif said:
            one.types(f'[name="{name}"]', said)
    if names:
        one.clicks("#questions button.btn")
    return bool(names)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_small_firm_finds_its_policies_and_keeps_the_answer(journey: Journey, width: int) -> None:
    journey.comes("demo-enterprise-admin-online", width).goes("/policies/find/")
    steps = 0
    while answers(journey) and steps < 10:
        steps += 1
    assert "适用" in journey.says
    assert journey.page.locator(".outcome .amount").first.inner_text().startswith("按它应缴")
    journey.clicks('form:has(input[value="keep"]) button')
    assert re.search(r"的答复：\d+ 项政策适用", journey.says)
    assert "按当时的版本重算，结果一样" in journey.page.locator("main").inner_text()
    journey.ends()


def test_an_officer_publishes_a_change_that_holds_next_month(journey: Journey) -> None:
    code, month = "cn-cit-small-low-profit", today() + timedelta(days=31)
    journey.comes("demo-officer").goes("/policies/")
    journey.clicks(f'a[href$="/policies/{code}/"]')
    journey.clicks(f'a[href$="/desk/policies/{code}/"]')
    rule = journey.page.locator('[name="rule"]').input_value()
    assert "value: 300\n" in rule
    journey.types('[name="rule"]', rule.replace("value: 300\n", "value: 200\n"))
    journey.types('[name="holds_from"]', str(month))
    journey.types('[name="change"]', "人数上限从 300 改为 200")
    journey.clicks("main form button.btn")
    journey.types('#work [name="compared_with"]', "公告原文，网站公布的文本")
    journey.types('#work [name="expires_on"]', str(today() + timedelta(days=180)))
    journey.clicks("#work form button.btn")
    journey.comes("demo-head").goes("/desk/policies/")
    journey.clicks(f'a[href$="/policies/{code}/"]')
    journey.clicks("#work form button.btn")
    assert f"{month.year}" in journey.page.locator("main b").first.inner_text()
    journey.ends()
    assert staff_limit(journey, today()) == "300"
    assert staff_limit(journey, month) == "200"


def staff_limit(journey: Journey, on: date) -> str:
    """Return the most staff a policy allows, as a visitor who asks about a day is told."""
    journey.comes()
    home = f"{journey.place.address}/policies/find/"
    journey.page.goto(f"{home}?as_of={on}")
    token = journey.page.locator('[name="csrfmiddlewaretoken"]').first.input_value()
    form = {"as_of": str(on), "a:staff.average": "1000", "csrfmiddlewaretoken": token}
    answer = journey.page.request.post(home, form=form, headers={"Referer": home})
    found = re.search(r"1,000 人，要求不超过 (\d+) 人", answer.text())
    assert found, answer.status
    return found[1]


def test_relief_waits_for_papers_without_its_clock_running(journey: Journey) -> None:
    title = "蒙古国买家收货不付款"
    journey.comes("demo-enterprise-admin-online").lodges(
        "relief",
        title,
        trouble="buyer_default",
        trouble_on=str(today() - timedelta(days=9)),
        district="150700",
        loss_amount="120000",
        trouble_told="收货以后不付款，已催三次。",
    )
    journey.comes("city-officer").goes("/desk/queue/")
    journey.clicks(f'a:text-is("{title}")')
    journey.moves("请企业补充证据", reason="请补合同和催款函")
    journey.comes("demo-enterprise-admin-online").goes("/desk/cases/")
    assert "等您补充" in journey.says
    journey.clicks(f'a:text-is("{title}")')
    journey.moves("补充证据", papers="contract.txt")
    journey.comes("city-officer").goes("/desk/queue/")
    journey.clicks(f'a:text-is("{title}")')
    journey.moves("给出建议", answer="向承保机构报损，并申请仲裁；联系人见附件。")
    journey.comes("demo-enterprise-admin-online").goes("/desk/cases/?state=ended")
    journey.clicks(f'a:text-is("{title}")')
    assert "向承保机构报损" in journey.page.locator("main").inner_text()
    journey.ends()


def test_a_small_firm_asks_for_export_credit_insurance(journey: Journey) -> None:
    title = "申领免费保单"
    journey.comes("demo-enterprise-admin-online").lodges(
        "export_credit_insurance", title, free_policy="yes", export_value="80000", payment_terms="open_account"
    )
    journey.comes("demo-case-officer").goes("/desk/queue/")
    journey.clicks(f'a:text-is("{title}")')
    journey.moves("开始核对")
    journey.moves("登记免费保单", decision="承保，限额见保单", date=str(today() + timedelta(days=365)))
    journey.comes("demo-enterprise-admin-online").goes("/desk/cases/?state=ended")
    journey.clicks(f'a:text-is("{title}")')
    assert "承保，限额见保单" in journey.page.locator("main").inner_text()
    journey.ends()


def test_an_investor_sees_which_office_is_late(journey: Journey) -> None:
    journey.comes("demo-enterprise-admin-exporter").goes("/desk/cases/")
    journey.clicks('a:text-is("肉类加工厂（示意）")')
    text = journey.page.locator("main").inner_text()
    assert "超时" in text
    stages = journey.page.locator("section", has=journey.page.get_by_role("heading", name="每一步"))
    late = stages.get_by_role("listitem").filter(has_text="选址供地").inner_text()
    assert "超时" in late
    assert "自然资源厅" in late, "the office that was late is named"
    journey.ends()


def test_a_question_is_answered_and_published(journey: Journey) -> None:
    title, answer = "小微企业怎么缴企业所得税", "按实际税负 5% 缴 3 万元，见政策库。"
    journey.comes("demo-enterprise-admin-online").lodges(
        "policy_question", title, topic="subsidy", question="利润六十万元，要缴多少？", may_publish="yes"
    )
    journey.comes("demo-case-officer").goes("/desk/queue/")
    journey.clicks(f'a:text-is("{title}")')
    journey.moves("开始起草答复")
    journey.moves("送审", answer=answer)
    journey.comes("demo-case-head").goes("/desk/queue/")
    journey.clicks(f'a:text-is("{title}")')
    journey.moves("审定并答复")
    journey.comes("demo-case-officer").goes("/desk/public-answers/")
    journey.clicks(f'a:text-is("{title}")')
    assert answer in journey.page.locator("main").inner_text(), "what was answered is read beside the form"
    asked = "小型微利企业年利润六十万元，企业所得税缴多少？"
    for field, said in {
        "policies": "cn-cit-small-low-profit",
        "expires_on": str(today() + timedelta(days=180)),
        "question_zh": asked,
        "answer_zh": "按 5% 的实际税负缴 3 万元。\n条件见所依据的政策。",
    }.items():
        journey.types(f'main form [name="{field}"]', said)
    journey.clicks('main form button:text-is("保存草稿")')
    assert not journey.page.locator('main button:text-is("发布")').count(), "who wrote it does not release it"
    journey.comes("demo-case-head").goes("/desk/public-answers/")
    journey.clicks(f'a:text-is("{asked}")')
    journey.clicks('main button:text-is("发布")')
    assert "已公开" in journey.page.locator("main").inner_text()
    journey.ends()
    everybody_reads(journey, asked)
    told_who_asked(journey, title, asked)


def everybody_reads(journey: Journey, asked: str) -> None:
    """Be anybody who looks for an answer, then a firm about to ask the same."""
    reader = Journey(journey.browser, journey.place)
    reader.comes().goes("/services/answers/")
    reader.types('[name="q"]', "小型微利 所得税")
    reader.clicks('main form[role="search"] button')
    reader.clicks(f'main a:text-is("{asked}")')
    text = reader.page.locator("main").inner_text()
    assert "按 5% 的实际税负缴 3 万元" in text
    assert "跨境电商公司" not in text, "nobody reads who asked"
    reader.comes("demo-enterprise-admin-importer", 390).goes("/services/policy_question/")
    reader.types('[name="about"]', "利润六十万元的小型微利企业缴多少企业所得税")
    reader.clicks("form:has(#about) button")
    assert "可能已经有答复" in reader.page.locator('section[role="status"]').inner_text()
    reader.clicks(f'section[role="status"] a:text-is("{asked}")')
    assert reader.says == asked
    reader.ends()


def told_who_asked(journey: Journey, title: str, asked: str) -> None:
    """Be the firm that asked: it has its own answer, and was told that others read it too."""
    asker = Journey(journey.browser, journey.place)
    asker.comes("demo-enterprise-admin-online").goes("/desk/cases/?state=ended")
    asker.clicks(f'a:text-is("{title}")')
    assert "按实际税负 5%" in asker.page.locator("main").inner_text()
    asker.goes("/desk/notices/")
    assert asked in asker.page.locator("main").inner_text()
    asker.ends()


def test_a_partner_signs_up_for_training_in_russian(journey: Journey, tmp_path: Path) -> None:
    title, name = "Торговые документы для Китая и Монголии (пример)", "Ольга Смирнова"
    journey.comes().goes("/ru/training/")
    assert re.fullmatch(r"Впереди \d+ заняти[ея]", journey.says)
    in_russian(journey, "Обучение")
    journey.clicks(f'main a:text-is("{title}")')
    in_russian(journey, title)
    session = journey.page.url.rstrip("/").rpartition("/")[2]
    assert journey.page.locator('main [name="language"]').input_value() == "ru"
    for field, said in {"name": name, "firm_name": "ООО «Сибирский лес»", "email": "olga@example.org"}.items():
        journey.types(f'main form [name="{field}"]', said)
    journey.clicks('main form button:text-is("Записаться")')
    in_russian(journey, title)
    assert journey.says == "Место за вами. Запишите номер и код"
    number, code = journey.page.locator("dl.facts b").all_inner_texts()
    journey.clicks('main a:text-is("Проверить запись")')
    looks_up(journey, number, code)
    assert journey.says == f"Место за вами: {title}"
    in_russian(journey, "Проверить запись")
    journey.place.runs(LETTING_IT_BEGIN, session)
    journey.comes("demo-case-officer").goes("/desk/training/")
    journey.clicks(f'main a[href$="/desk/training/{session}/"]')
    journey.chooses(f'tr:has-text("{name}") [name="attended"]')
    journey.clicks('main button:text-is("记下出席，发证明")')
    journey.comes(width=390).goes("/ru/training/places/")
    looks_up(journey, number, code)
    certificate = journey.page.locator("dl.facts code").inner_text()
    with journey.page.expect_download() as sent:
        journey.clicks('main button:has-text(".docx")')
    sent.value.save_as(tmp_path / "certificate.docx")
    paper = docx.Document(tmp_path / "certificate.docx")
    told = {row.cells[0].text: row.cells[1].text for row in paper.tables[0].rows}
    assert paper.paragraphs[0].text == "Свидетельство об обучении"
    assert (told["Имя"], told["Занятие"], told["Номер свидетельства"]) == (name, title, certificate)
    assert not re.search("[\u4e00-\u9fff]", " ".join([*told, *told.values(), *(one.text for one in paper.paragraphs)]))
    journey.goes(f"/ru/training/certificate/?number={certificate}")
    journey.clicks('main form button:text-is("Проверить")')
    assert journey.says == "Такое свидетельство есть"
    assert name in journey.page.locator("main").inner_text()
    in_russian(journey, "Проверить свидетельство")
    journey.ends()


def looks_up(journey: Journey, number: str, code: str) -> None:
    """Look up a place in training by what its holder wrote down."""
    journey.types('main form [name="number"]', number)
    journey.types('main form [name="password"]', code)
    journey.clicks('main form button:text-is("Проверить")')


def in_russian(journey: Journey, title: str) -> None:
    """Hold a page to being Russian: its title, its language, and no Chinese that does not say it is Chinese."""
    assert journey.page.locator("html").get_attribute("lang") == "ru"
    assert title in journey.page.title()
    assert journey.page.locator("main").evaluate(UNMARKED_HAN) == []
