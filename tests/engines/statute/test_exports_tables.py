"""JSON-LD, predictions and the register: what they say, and that a spreadsheet runs nothing of it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bridgehead.engines.statute import gazetteer, rules
from bridgehead.engines.statute.decode import source_of
from bridgehead.engines.statute.duties import duties_of
from bridgehead.engines.statute.exports.json_ld import legislation, to_json_ld
from bridgehead.engines.statute.exports.predictions import prediction
from bridgehead.engines.statute.exports.register import COLUMNS, Row, rows_of, to_csv
from bridgehead.engines.statute.model import Actor, Duty, Modality, Span, Statute
from bridgehead.engines.statute.reader import read
from tests.engines.statute.ferries import SHARED, TEXTS, law


def test_json_ld_says_what_the_text_says_and_no_more() -> None:
    told = legislation(law())
    assert told["@type"] == "Legislation"
    assert told["inLanguage"] == "zh-Hans"
    assert told["legislationDate"] == "2019-05-06"
    assert told["legislationDateVersion"] == told["datePublished"] == "2019-06-01"
    assert told["temporalCoverage"] == "2019-08-01/.."
    assert told["legislationPassedBy"] == [{"@type": "Organization", "name": "青山市人民代表大会常务委员会"}]
    assert [part["name"] for part in told["hasPart"]] == ["第一条", "第二条", "第三条", "第三条之一", "第四条"]
    assert told["hasPart"][1]["text"].splitlines()[1] == "渡轮经营者不得超载。"
    assert "legislationLegalForce" not in told
    assert json.loads(to_json_ld(law())) == told


DAY, TEXT, NUMBER = "Date", "Text", "Integer"
SCHEMA_ORG = {
    "exampleOfWork": ({"Legislation"}, "Legislation"),
    "legislationIdentifier": ({"Legislation"}, TEXT),
    "legislationDate": ({"Legislation"}, DAY),
    "legislationDateVersion": ({"Legislation"}, DAY),
    "legislationPassedBy": ({"Legislation"}, "Organization"),
    "name": ({"Legislation", "LegislationObject", "Organization"}, TEXT),
    "inLanguage": ({"Legislation"}, TEXT),
    "datePublished": ({"Legislation"}, DAY),
    "temporalCoverage": ({"Legislation"}, TEXT),
    "publisher": ({"Legislation"}, "Organization"),
    "encoding": ({"Legislation"}, "LegislationObject"),
    "sha256": ({"LegislationObject"}, TEXT),
    "hasPart": ({"Legislation"}, "Legislation"),
    "position": ({"Legislation"}, NUMBER),
    "text": ({"Legislation"}, TEXT),
}
"""Properties of schema.org, version 29: the classes they may stand on here, and a class or type of their range."""


def _against_the_vocabulary(record: dict[str, Any]) -> None:
    for name, value in record.items():
        if name.startswith("@"):
            continue
        domain, wanted = SCHEMA_ORG[name]
        assert record["@type"] in domain, name
        for one in value if isinstance(value, list) else [value]:
            if wanted is DAY:
                assert date.fromisoformat(one).isoformat() == one
            elif wanted in (TEXT, NUMBER):
                assert isinstance(one, str if wanted is TEXT else int), name
            else:
                assert one["@type"] == wanted, name
                _against_the_vocabulary(one)


@pytest.mark.parametrize("statute", [law(), *(read(source_of(path.read_bytes(), path.name)) for path in TEXTS)])
def test_json_ld_uses_terms_of_schema_org_on_their_classes_and_with_their_ranges(statute: Statute) -> None:
    told = legislation(statute)
    _against_the_vocabulary(told)
    named = [told["@id"], *(part["@id"] for part in told["hasPart"])]
    assert len(set(named)) == len(named)
    assert not any(re.search(r'[\s<>"{}|\\^`]', one) for one in named)


def test_json_ld_of_a_text_without_head_claims_no_day() -> None:
    told = legislation(law("青山市渡轮管理条例\n\n第一条 渡轮应当靠岸。\n第二条 渡轮可以停航。\n", "bare.txt"))
    assert "undated" in told["legislationIdentifier"]
    assert not {"legislationDate", "legislationDateVersion", "temporalCoverage", "legislationPassedBy"} & set(told)


def test_predictions_hold_structure_and_duties() -> None:
    statute = law()
    told = prediction(statute, duties_of(statute, rules.shipped(), gazetteer.shipped()))
    assert told["doc"] == "ferry"
    assert (told["adoption_date"], told["effective_date"], told["effective_rule"]) == ("2019-05-06", "2019-08-01", None)
    third = told["articles"][2]
    assert (third["chapter"], third["section"], third["n_items"], len(third["paragraphs"])) == (2, 1, 3, 1)
    assert "水手证" in third["paragraphs"][0]
    assert {"article": 2, "paragraph": 2, "modality": "must_not"}.items() <= told["duties"][1].items()
    json.dumps(told)


def test_the_register_names_the_chapter_of_the_part_an_article_stands_in() -> None:
    text = (
        "青山市渡轮条例\n第一编 人\n第一章 水手\n第一条 水手应当持证。\n第二编 船\n第一章 渡轮\n第二条 渡轮应当靠岸。\n"
    )
    statute = law(text, "parts.txt")
    rows = rows_of(statute, duties_of(statute, rules.shipped(), gazetteer.shipped()))
    assert [row.chapter for row in rows] == ["第1编第1章 水手", "第2编第1章 渡轮"]


@pytest.mark.skipif(not TEXTS, reason="the shared statute texts are not beside this checkout")
def test_predictions_are_what_the_scorer_reads(tmp_path: Path) -> None:
    found = [read(source_of(path.read_bytes(), path.name)) for path in TEXTS]
    out = tmp_path / "predictions.json"
    out.write_text(json.dumps({"docs": {one.source.name: prediction(one) for one in found}}), encoding="utf-8")
    score = tmp_path / "score.json"
    done = subprocess.run(
        [sys.executable, SHARED / "score.py", out, "--json", score], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    structure = json.loads(score.read_text(encoding="utf-8"))["structure"]
    assert structure["article_text"] >= 0.99
    assert structure["title"] >= 0.95


def _rows(language: str = "zh") -> tuple[Row, ...]:
    statute = law()
    return rows_of(statute, duties_of(statute, rules.shipped(), gazetteer.shipped()), language)


def test_the_register_names_article_actor_and_words() -> None:
    rows = _rows()
    first = rows[0]
    assert (first.article, first.paragraph, first.chapter) == ("第二条", 1, "第1章 总则")
    assert first.modality == "应当"
    assert "市人民政府" in first.actors
    assert "报告" in first.action
    text = law().source.text
    assert text[first.start : first.end] == first.evidence
    assert _rows("en")[0].modality == "must"


def test_the_csv_opens_in_a_spreadsheet_and_nothing_in_it_runs() -> None:
    statute = law()
    paragraph = statute.articles[1].paragraphs[1]
    evil = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "\t=1", "＝1+1")
    actors = [Actor(name, name) for name in evil]
    duties = [
        Duty(f"d{at}", "art_2", paragraph.id, Modality.MUST, (actor,), paragraph.span, paragraph.span)
        for at, actor in enumerate(actors)
    ]
    data = to_csv(rows_of(statute, duties))
    assert data.startswith(b"\xef\xbb\xbf")
    read_back = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert list(read_back[0]) == [zh for zh, _ in COLUMNS.values()]
    assert [row["主体"] for row in read_back] == [f"'{name}" for name in evil]


OLD_NAMES = """青山市旧货条例

2012年3月1日 青山市第二届人民代表大会常务委员会第四次会议通过

第一条 为了管好旧货，制定本条例。

第二条 市工商行政管理部门应当会同质监部门公布旧货名录。

第三条 市商务部门应当公布旧货价格。

第四条 本条例自2012年5月1日起施行。
"""


@pytest.mark.parametrize(
    ("language", "successors", "standing"),
    [
        ("zh", "工商行政管理→市场监督管理（2018-03-17）；质量技术监督→市场监督管理（2018-03-17）", "由规则推导"),
        (
            "en",
            "工商行政管理 → 市场监督管理 (2018-03-17); 质量技术监督 → 市场监督管理 (2018-03-17)",
            "derived by rules",
        ),
    ],
)
def test_the_register_shows_names_as_written_and_who_bears_it_now(
    language: str, successors: str, standing: str
) -> None:
    statute = law(OLD_NAMES, "old.txt")
    first, second = rows_of(statute, duties_of(statute, rules.shipped(), gazetteer.shipped()), language)
    assert first.names.replace("; ", "、") == "市工商行政管理部门、质监部门"
    assert (first.actors, first.successors) == ("工商行政管理", successors)
    assert (second.actors, second.successors) == ("商务", "")
    assert (first.statute, first.version, first.standing) == ("青山市旧货条例", "2012-03-01", standing)


def test_the_register_tells_chapters_of_one_number_apart() -> None:
    text = """青山市旧货条例

第一编 店

第一章 旧书

第一条 店主应当登记旧书。

第二编 摊

第一分编 书摊

第一章 旧报

第二条 摊主应当登记旧报。
"""
    statute = law(text, "parts.txt")
    duties = duties_of(statute, rules.shipped(), gazetteer.shipped())
    assert [row.chapter for row in rows_of(statute, duties)] == ["第1编第1章 旧书", "第2编第1分编第1章 旧报"]
    assert [row.chapter for row in rows_of(statute, duties, "en")] == ["part 1 1 旧书", "part 2 subpart 1 1 旧报"]


def test_whose_answer_it_is_stands_apart_from_doubts() -> None:
    statute = law()
    duty = duties_of(statute, rules.shipped(), gazetteer.shipped())[0]
    answered = [replace(duty, doubts=(code,)) for code in ("confirmed", "corrected", "carried", "unnamed")]
    told = [(row.doubts, row.standing, row.settled) for row in rows_of(statute, answered, "en")]
    assert told == [
        ("", "confirmed by a person", True),
        ("", "corrected by a person", True),
        ("", "answer carried over from an earlier text", False),
        ("nobody is named", "derived by rules", False),
    ]


def test_a_duty_whose_provision_is_gone_still_makes_a_row() -> None:
    duty = Duty("x", "art_99", "art_99__para_1", Modality.MAY, (), Span(0, 4), Span(0, 4), doubts=("new_doubt",))
    row = rows_of(law(), [duty], "en")[0]
    assert (row.article, row.paragraph, row.doubts) == ("art_99", 0, "new_doubt")
