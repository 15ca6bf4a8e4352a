"""Duties of two versions: what people said about one can be carried over to its successor."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.gazetteer import shipped as shipped_gazetteer
from bridgehead.engines.statute.model import Actor, Duty, Modality, Span, Statute, Term
from bridgehead.engines.statute.rules import shipped as shipped_rules
from bridgehead.engines.statute.versions import DutyChange, Kind, compare, compare_duties
from tests.engines.statute.drafts import SHARED, Article, Chapter, Draft, Paragraph, drafted, needs_statutes, stored

MODALS = {"应当": Modality.MUST, "不得": Modality.MUST_NOT, "可以": Modality.MAY}
SENTENCE = re.compile(r"(?P<who>[^。，]{2,12}?)(?P<modal>应当|不得|可以)(?P<what>[^。]+)。")
TEXTS = (
    "水务部门应当在三十日内检查盐田水闸，并公布结果。",
    "商务部门可以委托第三方翻译钟楼时刻表。",
    "林业部门不得拆除果园篱笆。船主应当登记竹筏编号，保管渡口缆绳。",
    "教育部门应当每年培训风筝教师，留存完整记录。",
    "违反本条例第三条规定的，街道办事处应当责令改正并记入名册。",
    "气象部门应当公布风车叶片的试验办法，方便居民出行。",
)


def draft(*texts: str) -> Draft:
    chapter = Chapter(title="总则", articles=[Article(paragraphs=[Paragraph(text=text)]) for text in texts])
    made = Draft("湖滨市风筝促进条例", "2020年1月1日 湖滨市第一届人民代表大会第一次会议通过", [chapter])
    made.adopt()
    return made


def duties(statute: Statute) -> list[Duty]:
    """Read the plainest duties there are: organ, modal word, action, one per sentence."""
    text = statute.source.text
    found: list[Duty] = []
    for article in statute.articles:
        for paragraph in article.paragraphs:
            for number, match in enumerate(SENTENCE.finditer(text, paragraph.span.start, paragraph.span.end), 1):
                who = re.sub(r"^第\S+条\s*", "", match["who"])
                days = re.search(r"([一二三四五六七八九十]+)日内", match["what"])
                deadline = Term(days[0], "deadline", Span(0, 0), None, "日") if days else None
                found.append(
                    Duty(
                        f"{paragraph.id}__duty_{number}",
                        article.id,
                        paragraph.id,
                        MODALS[match["modal"]],
                        (Actor(who, who),),
                        action=Span(match.start("modal"), match.end()),
                        evidence=Span(match.end("who") - len(who), match.end()),
                        deadline=deadline,
                    )
                )
    return found


def changes(one: Draft, other: Statute | None, old: Statute) -> tuple[DutyChange, ...]:
    new = other or one.read()
    return compare_duties(duties(old), duties(new), compare(old, new))


def test_duties_of_the_same_text_are_kept() -> None:
    made = draft(*TEXTS)
    old = made.read()
    found = changes(made, None, old)
    assert len(found) == 7
    assert {change.kind for change in found} == {Kind.KEPT}
    assert all(change.old == change.new and not change.fields for change in found)


def test_duties_behind_an_inserted_article_get_new_ids_only() -> None:
    made = draft(*TEXTS)
    old = made.read()
    made.chapters[0].articles.insert(1, Article(paragraphs=[Paragraph(text="民政部门应当照看鸽舍，减少夜间噪声。")]))
    found = changes(made, None, old)
    assert Counter(change.kind for change in found) == {Kind.KEPT: 1, Kind.NEW: 1, Kind.RENUMBERED: 6}
    successor = {change.old: change.new for change in found if change.old}
    # The one with a cross reference is the same duty though the number in it follows.
    assert successor["art_5__para_1__duty_1"] == "art_6__para_1__duty_1"
    assert all(not change.fields for change in found)


def test_what_changed_of_a_duty_is_named() -> None:
    made = draft(*TEXTS)
    old = made.read()
    articles = made.chapters[0].articles
    articles[0].paragraphs[0].text = "水务部门应当在二十日内检查盐田水闸，并公布结果。"
    articles[1].paragraphs[0].text = "商务部门应当委托第三方翻译钟楼时刻表。"
    articles[3].paragraphs[0].text = "体育部门应当每年培训风筝教师，留存完整记录。"
    found = {change.old: change for change in changes(made, None, old) if change.kind is not Kind.KEPT}
    assert {id_: (change.kind, change.fields) for id_, change in found.items()} == {
        "art_1__para_1__duty_1": (Kind.CHANGED, ("action", "deadline")),
        "art_2__para_1__duty_1": (Kind.CHANGED, ("modality", "action")),
        "art_4__para_1__duty_1": (Kind.CHANGED, ("actors",)),
    }


def test_a_duty_that_moved_a_duty_gone_and_a_new_one() -> None:
    made = draft(*TEXTS)
    old = made.read()
    articles = made.chapters[0].articles
    articles[5].paragraphs.append(Paragraph(text="船主应当登记竹筏编号，保管渡口缆绳。"))
    articles[2].paragraphs[0].text = "林业部门不得拆除果园篱笆。"
    del articles[1]
    articles.append(Article(paragraphs=[Paragraph(text="档案部门应当收购石磨作坊的铜器花纹图册。")]))
    found = changes(made, None, old)
    by_kind = {change.kind: change for change in found if change.kind in (Kind.MOVED, Kind.NEW, Kind.REPEALED)}
    assert (by_kind[Kind.MOVED].old, by_kind[Kind.MOVED].new) == ("art_3__para_1__duty_2", "art_5__para_2__duty_1")
    assert by_kind[Kind.REPEALED].old == "art_2__para_1__duty_1"
    assert by_kind[Kind.NEW].new == "art_6__para_1__duty_1"
    assert Counter(change.kind for change in found)[Kind.REPEALED] == 1


def test_flags_and_organs_beside_are_compared_too() -> None:
    made = draft(*TEXTS)
    old = made.read()
    before = duties(old)
    after = [replace(before[0], reporting=True, co_actors=(Actor("船主", "船主"),), open_list=True), *before[1:]]
    found = compare_duties(before, after, compare(old, old))
    assert found[0].fields == ("co_actors", "open_list", "reporting")
    assert {change.kind for change in found[1:]} == {Kind.KEPT}


def test_every_duty_is_told_of_once() -> None:
    made = draft(*TEXTS)
    old = made.read()
    made.chapters[0].articles.reverse()
    new = made.read()
    found = compare_duties(duties(old), duties(new), compare(old, new))
    assert sorted(change.old for change in found if change.old) == sorted(duty.id for duty in duties(old))
    assert sorted(change.new for change in found if change.new) == sorted(duty.id for duty in duties(new))


def test_another_law_takes_over_no_duty() -> None:
    one, other = draft(*TEXTS), draft(*(text.replace("部门", "局") for text in TEXTS[:2]))
    other.title = "河东市鸽舍管理规定"
    old, new = one.read(), other.read()
    found = compare_duties(duties(old), duties(new), compare(old, new))
    assert {change.kind for change in found} == {Kind.NEW, Kind.REPEALED}


@needs_statutes
@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_the_duties_of_a_stored_statute_find_their_successors(path: Path) -> None:
    made = drafted(stored(path))
    old = made.read()
    rules, gazetteer = shipped_rules(), shipped_gazetteer()
    before = duties_of(old, rules, gazetteer)
    inserted = Article(paragraphs=[Paragraph(text="渡口管理处应当在十五日内测绘蜂箱迁移路线，便于过往船只辨认。")])
    made.chapters[0].articles.insert(1, inserted)
    new = made.read()
    after = duties_of(new, rules, gazetteer)
    found = compare_duties(before, after, compare(old, new))
    assert [change.new for change in found if change.kind is Kind.NEW] == ["art_2__para_1__duty_1"]
    assert {change.kind for change in found} <= {Kind.KEPT, Kind.RENUMBERED, Kind.NEW}
    kept = {change.old: change.new for change in found if change.old}
    assert len(kept) == len(before)
    assert [kept[duty.id] for duty in before] == [duty.id for duty in after if duty.article != inserted.id]
