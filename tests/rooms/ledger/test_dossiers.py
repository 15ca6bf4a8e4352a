"""The dossier of an article: one sentence that is right, the chain with its gaps, the same on page, paper and API."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from docx import Document

from bridgehead.ground.access.grants import today
from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.uploads import receive
from bridgehead.ground.models import Person
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.rooms.ledger import dossier as registry
from bridgehead.rooms.ledger.actions.duties import set_responsibility
from bridgehead.rooms.ledger.actions.evidence import Told, accept_evidence, draft_evidence
from bridgehead.rooms.ledger.actions.tasks import give_task
from bridgehead.rooms.ledger.dossier import Asked, Line, Section
from bridgehead.rooms.ledger.models import Duty, Evidence, Spell, Task
from bridgehead.rooms.ledger.selectors.dossier_counts import Counted
from bridgehead.rooms.ledger.selectors.dossier_index import index_of
from bridgehead.rooms.ledger.selectors.dossier_panel import article_panel
from bridgehead.rooms.ledger.selectors.dossiers import dossier_of, report_of, says_of, says_of_all, when
from tests.ledger import LedgerWorld, seen_as

pytestmark = [pytest.mark.article(6), pytest.mark.article(79)]
ARTICLE = 14
DAY = timedelta(days=1)
LAST_YEAR = today().year - 1


def a_duty(world: LedgerWorld, eid: str, what: str, article: int = ARTICLE) -> Duty:
    """Write a duty down as if it had been taken over at the beginning of last year."""
    with as_system("tests"):
        return Duty.objects.create(
            owner=world.office,
            work=1,
            statute=1,
            title="条例",
            eid=eid,
            anchor=eid,
            article=article,
            label=f"第 {article} 条",
            modality="must",
            what=what,
            organs=[],
            taken_over_at=f"{LAST_YEAR}-01-05T00:00:00Z",
        )


def a_task(world: LedgerWorld, title: str, **told: Any) -> Task:
    kept = {"owner": world.office.pk, "lead": world.commerce.pk, "article": ARTICLE, "due_on": today() + 30 * DAY}
    return give_task(by=seen_as(world.coordinator), title=title, **(kept | told))


def prove(world: LedgerWorld, task: Task, claim: str, *, accept: bool = True) -> Evidence:
    told = Told(claim, "商务厅", today(), completes=True)
    given = draft_evidence(
        by=seen_as(world.commerce_officer),
        task=task.pk,
        organisation=world.commerce.pk,
        told=told,
        file=receive("验收单".encode(), "report.txt"),
        hand_in=True,
    )
    if accept:
        accept_evidence(by=seen_as(world.coordinator), evidence=given.pk, version=given.version)
    return given


@pytest.fixture
def chain(world: LedgerWorld) -> LedgerWorld:
    """Article 14 with two duties, one without a task; a task that is late, one done last year, one done now."""
    duty = a_duty(world, "art_14-1", "设立查验场地")
    a_duty(world, "art_14-2", "公布查验时间")
    set_responsibility(
        by=seen_as(world.coordinator), duty=duty.pk, organisation=world.commerce.pk, part="lead", from_on=today()
    )
    a_task(world, "开通新的查验场地", duty=duty.pk, given_on=today() - 40 * DAY, due_on=today() - 12 * DAY)
    prove(world, a_task(world, "改造旧的查验场地"), "改造已经验收")
    prove(world, a_task(world, "更新设备"), "设备已经到货", accept=False)
    old = a_task(world, "选定场地", given_on=date(LAST_YEAR, 2, 1), due_on=date(LAST_YEAR, 6, 1))
    given = prove(world, old, "选址已经批复")
    with as_system("tests"):  # as if it had been accepted in time
        day = date(LAST_YEAR, 5, 20)
        Evidence.objects.filter(pk=given.pk).update(accepted_on=day, dated_on=day)
        Task.objects.filter(pk=old.pk).update(done_on=day)
        Spell.objects.filter(task=old).delete()
        kept = {"task": old, "owner": world.office, "office": world.commerce, "article": ARTICLE, "due_on": old.due_on}
        Spell.objects.create(**kept, from_on=old.given_on, until_on=day, owed=True, share=0)
        Spell.objects.create(**kept, from_on=day, owed=False, share=1)
    return world


@pytest.fixture
def only_first() -> Iterator[None]:
    """Let only the first three sections be registered, whatever other subjects add."""
    kept = dict(registry._registered)
    for key in set(kept) - {"duties", "tasks", "evidence"}:
        del registry._registered[key]
    yield
    registry._registered.clear()
    registry._registered.update(kept)


def cells(lines: Any) -> list[str]:
    return [one.cells[0] for one in lines]


@pytest.mark.usefixtures("only_first")
def test_the_dossier_says_what_is_there_and_what_is_missing(chain: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    found = seen_by(chain.coordinator, dossier_of, ARTICLE, when())
    assert found.says == "第 14 条：2 项职责，1 项有任务，1 项任务逾期"
    duties, tasks, evidence = found.sections
    assert cells(duties.lines) == ["设立查验场地", "公布查验时间"]
    assert [one.cells[3] for one in duties.lines] == ["商务厅", ""]
    assert duties.gap == "1 项没有牵头单位"
    assert [(one.cells[0], one.cells[4], one.late) for one in tasks.lines] == [
        ("开通新的查验场地", "逾期", True),
        ("更新设备", "待核对", False),
        ("改造旧的查验场地", "办结", False),
    ]
    assert cells(tasks.before) == ["选定场地"]
    assert (cells(evidence.lines), cells(evidence.before)) == (["改造已经验收"], ["选址已经批复"])
    assert [one.key for one in found.gaps] == ["duties"]
    assert found.numbers == Counted(duties=2, tasked=1, owed=2, late=1, done=1, evidenced=1)


@pytest.mark.usefixtures("only_first")
def test_a_year_that_is_over_speaks_as_of_its_last_day(chain: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    asked = when(str(LAST_YEAR))
    assert (asked.on, asked.over, asked.before) == (date(LAST_YEAR, 12, 31), True, LAST_YEAR - 1)
    found = seen_by(chain.coordinator, dossier_of, ARTICLE, asked)
    assert (cells(found.sections[1].lines), cells(found.sections[2].lines)) == (["选定场地"], ["选址已经批复"])
    assert found.numbers.late == 0
    for year in ("1900", str(today().year + 1), "x"):
        with pytest.raises(BridgeheadError) as refused:
            when(year)
        assert refused.value.code == "request.bad_filter"


@pytest.mark.usefixtures("only_first")
def test_a_department_sees_its_own_and_is_told_so(chain: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    other = browser(chain.transport_officer).get(f"/dossiers/{ARTICLE}/").content.decode()
    assert "开通新的查验场地" not in other
    assert "不是全部单位的记录" in other
    task = a_task(chain, "联合查验", joint=[chain.customs.pk])
    told = Told("联合查验已经开始", "海关", today())
    given = draft_evidence(
        by=seen_as(chain.customs_officer),
        task=task.pk,
        organisation=chain.customs.pk,
        told=told,
        file=receive("纪要".encode(), "minutes.txt"),
        hand_in=True,
    )
    accept_evidence(by=seen_as(chain.coordinator), evidence=given.pk, version=given.version)
    joint = browser(chain.customs_officer).get(f"/dossiers/{ARTICLE}/").context["seen"]
    assert cells(joint.sections[2].lines) == ["联合查验已经开始"], "a body that joins in sees what it handed in"
    whole = browser(chain.coordinator).get(f"/dossiers/{ARTICLE}/").content.decode()
    assert "开通新的查验场地" in whole
    assert "不是全部单位的记录" not in whole


@pytest.mark.parametrize(
    ("numbers", "figures", "says"),
    [
        (Counted(duties=3, tasked=2, owed=2, late=1), 0, "第 14 条：3 项职责，2 项有任务，1 项任务逾期，没有数据"),
        (Counted(duties=1, tasked=1, owed=1), 4, "第 14 条：1 项职责，都有任务，没有逾期，4 个数据"),
        (Counted(duties=2), None, "第 14 条：2 项职责，都没有任务"),
        (Counted(done=2), None, "第 14 条：台账里还没有职责，2 项任务，都已完成"),
        (Counted(), 0, "第 14 条：台账里还没有职责，没有数据"),
    ],
)
def test_the_answer_in_one_sentence(numbers: Counted, figures: int | None, says: str) -> None:
    lines = [Line((str(number),), standing="reported") for number in range(figures or 0)]
    lines.append(Line(("an indicator nothing was reported on",)))
    found = [] if figures is None else [Section("figures", "数据", ("指标",), lines)]
    assert says_of(14, numbers, found) == says


def test_the_answer_on_all_articles() -> None:
    numbers = {1: Counted(owed=2, late=1), 2: Counted(done=1), 3: Counted(duties=4)}
    assert says_of_all([1, 2, 3, 4], numbers) == "4 条里 2 条有任务，1 条有逾期"
    assert says_of_all([2, 3], numbers) == "2 条里 1 条有任务，没有逾期的"
    assert says_of_all([3, 4], numbers) == "2 条都还没有任务"


@pytest.mark.usefixtures("only_first")
def test_the_list_narrows_by_chapter_and_by_gaps(chain: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    whole = seen_by(chain.coordinator, index_of, when())
    assert whole.says == "86 条里 1 条有任务，1 条有逾期"
    row = next(one for one in whole.rows if one.article == ARTICLE)
    chapter = next(group.number for group in whole.groups if row in group.rows)
    assert [gap.key for gap in row.gaps] == ["duties"]
    one = seen_by(chain.coordinator, index_of, when(), str(chapter))
    assert {row.article for row in one.rows} < {row.article for row in whole.rows}
    registry._registered.pop("duties")
    registry._registered.pop("evidence")
    gaps = seen_by(chain.coordinator, index_of, when(), str(chapter), only_gaps=True)
    assert ARTICLE not in {row.article for row in gaps.rows}
    with pytest.raises(BridgeheadError):
        seen_by(chain.coordinator, index_of, when(), "99")


def test_sections_come_in_order_and_cap_their_lines(chain: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    found = seen_by(chain.coordinator, report_of, when(), 1)
    assert len(found.dossiers) == 86
    article = next(one for one in found.dossiers if one.article == ARTICLE)
    tasks = next(one for one in article.sections if one.key == "tasks")
    assert (cells(tasks.lines), tasks.more) == (["开通新的查验场地"], 2)
    assert [one.key for one in article.sections][:3] == ["duties", "tasks", "evidence"]
    assert [len(part.dossiers) for part in found.chapters] == [
        len(group.rows) for group in seen_by(chain.coordinator, index_of, when()).groups
    ]


FIGURES = [
    ["过货量", "1,234（报告）", "1,111（报告）", "期间：至十月", "期间：全年"],
    ["班列", "没有数据", "没有记录", "—", "—"],
    ["通关", "没有记录", "9（报告）", "—", "期间：全年"],
]


def probe(asked: Asked) -> Mapping[int, Section]:
    """Give a section with a figure, to see it on page and paper."""
    now = [Line(("过货量", "1,234", "至十月"), standing="reported"), Line(("班列", "没有数据", "—"))]
    before = [Line(("过货量", "1,111", "全年"), standing="reported"), Line(("通关", "9", "全年"), standing="reported")]
    heads, here = ("指标", "数值", "期间"), ARTICLE
    return {
        number: Section(
            "figures", "数据", heads, now if number == here else [], before if number == here else [], "没有数据"
        )
        for number in asked.articles
    }


@pytest.fixture
def with_probe(only_first: None) -> None:
    registry.register("figures", 40, probe)


@pytest.mark.usefixtures("with_probe")
def test_page_paper_and_operation_say_the_same(chain: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    client = browser(chain.coordinator)
    page = client.get(f"/dossiers/{ARTICLE}/")
    told = page.content.decode()
    paper = Document(io.BytesIO(client.get(f"/dossiers/{ARTICLE}.docx").content))
    said = "\n".join(one.text for one in paper.paragraphs)
    seen = page.context["seen"]
    api = json.loads(client.get(f"/api/dossiers/{ARTICLE}").content)
    assert seen.says in told
    assert seen.says in said
    assert api["answer"] == seen.says
    assert "没有记录，不等于没有做" in said
    grids = [[[cell.text for cell in row.cells] for row in table.rows] for table in paper.tables]
    expected, year = [], when().year
    for section in seen.sections:
        assert section.title in told
        assert section.title in said
        if section.key == "figures":
            expected.append(
                [["指标", f"{year} 年", f"{year - 1} 年", f"{year} 年说明", f"{year - 1} 年说明"], *FIGURES]
            )
        elif section.lines or section.before:
            rows = [["年", *section.heads]]
            for of, lines in ((year, section.lines), (year - 1, section.before)):
                none = ["没有记录", *[""] * (len(section.heads) - 1)]
                given = [[cell or "—" for cell in line.cells] for line in lines] or [none]
                rows += [[str(of), *cells] for cells in given]
            expected.append(rows)
        for line in (*section.lines, *section.before):
            assert all(cell in told for cell in line.cells)
    assert grids == expected
    assert [[line["cells"] for line in one["lines"]] for one in api["sections"]] == [
        [list(line.cells) for line in one.lines] for one in seen.sections
    ]
    right = paper.tables[-1].rows[1].cells[1].paragraphs[0].alignment
    assert right is not None
    assert right.name == "RIGHT"


@pytest.mark.usefixtures("with_probe")
@pytest.mark.article(85)
def test_the_whole_regulation_is_one_paper(chain: LedgerWorld, browser: Callable[[Person], Client]) -> None:
    client = browser(chain.coordinator)
    paper = Document(io.BytesIO(client.get("/dossiers/report.docx").content))
    heads = [(one.style.name, one.text) for one in paper.paragraphs if one.style.name.startswith("Heading")]
    assert sum(style == "Heading 2" for style, _ in heads) == 86
    chapters = sum(style == "Heading 1" for style, _ in heads)
    assert paper.element.xml.count('<w:br w:type="page"/>') == chapters > 1
    table = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert len(table) == 87
    assert table[ARTICLE][0] == str(ARTICLE)
    assert table[ARTICLE][2:7] == ["2", "2", "1", "1", "1"]
    english = Document(io.BytesIO(client.get(f"/dossiers/{ARTICLE}.docx?lang=en").content))
    assert english.paragraphs[0].text.rpartition(": ")[2].isascii()


def test_the_page_of_an_article_leads_to_its_dossier(chain: LedgerWorld, seen_by: Callable[..., Any]) -> None:
    def panel(viewer: Any) -> Any:
        return article_panel(str(ARTICLE))

    found = seen_by(chain.coordinator, panel)
    assert (found["says"], found["late"]) == ("第 14 条：2 项职责，1 项有任务，1 项任务逾期", 1)
    with as_system("tests"):
        person = Person.objects.create(login="nobody-yet", name="某人", created_at="2026-01-01T00:00:00Z")
    assert seen_by(person, panel) is None
