"""``bridgehead statute``: reading, duties, comparing and exporting texts, in both languages and with bad input."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import pytest

from bridgehead.cli.statute_words import id_words
from bridgehead.engines.statute.exports.akn import from_akn
from tests.cli.running import Said, bridgehead, inside
from tests.engines.statute.ferries import LAW, TEXTS

CHANGED = LAW.replace("渡轮经营者不得超载。", "渡轮经营者不得超载、超速。")
OTHER = """# 白水县养蜂规定

2020年1月1日 白水县人民政府公布

第一条 养蜂人应当登记蜂箱。
第二条 蜂箱之间可以种植油菜。
第三条 本规定自公布之日起施行。
"""
KINDS = {"akn": "ferry.akn.xml", "jsonld": "ferry.jsonld", "csv": "ferry.csv", "docx": "ferry.docx"}


@pytest.fixture
def ferry(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.md"
    path.write_text(LAW, encoding="utf-8")
    return path


def _refused(said: Said, code: str) -> None:
    assert said.code == 2, said
    assert code in said.err
    assert "Traceback" not in said.out + said.err


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "3 章，2 节，5 条，6 款，3 项，2 目"), ("en", "chapters 3, sections 2")]
)
def test_read_shows_structure_and_counts(ferry: Path, lang: str, words: str) -> None:
    said = inside("statute", "read", str(ferry), "--lang", lang)
    assert said.code == 0, said
    for part in ("青山市渡轮管理条例", "2019-05-06", "2019-08-01", "码头", words):
        assert part in said.out


def test_read_as_json_counts_and_places_without_the_text(ferry: Path) -> None:
    told = json.loads(inside("statute", "read", str(ferry), "--json").out)
    one = told["documents"][0]
    assert told["refused"] == []
    assert (one["doc"], one["counts"]["articles"], one["effect"]["day"]) == ("ferry", 5, "2019-08-01")
    article = one["articles"][1]
    assert LAW[article["start"] : article["end"]].startswith("第二条 市人民政府")
    assert "渡轮经营者" not in json.dumps(told, ensure_ascii=False)


def test_every_warning_is_told_with_its_line(tmp_path: Path) -> None:
    gap = tmp_path / "gap.txt"
    gap.write_text(LAW.replace("第四条", "第六条"), encoding="utf-8")
    told = json.loads(inside("statute", "read", str(gap), "--json", "--lang", "en").out)["documents"][0]
    line = 1 + next(at for at, words in enumerate(LAW.splitlines()) if words.startswith("第四条"))
    assert ("statute.article_gap", line) in {(one["code"], one["line"]) for one in told["warnings"]}
    said = inside("statute", "read", str(gap), "--lang", "en")
    assert said.code == 0
    assert all(one["code"] in said.out for one in told["warnings"])


def test_one_bad_file_is_told_and_the_others_go_on(ferry: Path, tmp_path: Path) -> None:
    bad = tmp_path / "story.txt"
    bad.write_text("从前有一座山。\n", encoding="utf-8")
    out = tmp_path / "out.json"
    missing = tmp_path / "none.txt"
    said = inside("statute", "read", str(bad), str(ferry), str(missing), "--predictions", str(out), "--lang", "zh")
    _refused(said, "statute.no_articles")
    assert "statute.file_not_readable" in said.err
    assert "1 份文档" in said.out
    assert list(json.loads(out.read_text(encoding="utf-8"))["docs"]) == ["ferry"]
    told = json.loads(inside("statute", "read", str(bad), str(ferry), "--json").out)
    assert [one["doc"] for one in told["documents"]] == ["ferry"]
    assert told["refused"][0]["error"]["code"] == "statute.no_articles"


def test_two_files_that_would_be_one_document(ferry: Path, tmp_path: Path) -> None:
    twin = tmp_path / "ferry.txt"
    twin.write_text(OTHER, encoding="utf-8")
    out = tmp_path / "out.json"
    _refused(inside("statute", "read", str(ferry), str(twin), "--predictions", str(out)), "statute.same_document")
    assert json.loads(out.read_text(encoding="utf-8"))["docs"]["ferry"]["title"] == "青山市渡轮管理条例"


def test_predictions_hold_duties_and_replace_what_was_there_whole(ferry: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("old", encoding="utf-8")
    told = json.loads(inside("statute", "read", str(ferry), "--predictions", str(out), "--json").out)
    document = json.loads(out.read_text(encoding="utf-8"))["docs"]["ferry"]
    assert told["documents"][0]["counts"]["duties"] == len(document["duties"]) > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ferry.md", "out.json"]
    assert out.stat().st_mode & 0o777 == 0o666 & ~_mask()


def _mask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_predictions_are_never_written_over_a_text_or_into_nowhere(ferry: Path, tmp_path: Path) -> None:
    _refused(inside("statute", "read", str(ferry), "--predictions", str(ferry)), "statute.output_is_input")
    assert ferry.read_text(encoding="utf-8") == LAW
    nowhere = tmp_path / "no" / "out.json"
    _refused(inside("statute", "read", str(ferry), "--predictions", str(nowhere)), "statute.output_not_written")
    _refused(inside("statute", "read", str(ferry), "--predictions", str(tmp_path)), "statute.output_exists")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ferry.md"]


def test_duties_by_article(ferry: Path) -> None:
    said = inside("statute", "duties", str(ferry), "--lang", "zh")
    assert said.code == 0, said
    for part in ("第二条 1", "市人民政府", "不得", "未经人工确认"):
        assert part in said.out
    assert "not confirmed" in inside("statute", "duties", str(ferry), "--lang", "en").out


def test_duties_as_json_and_csv(ferry: Path) -> None:
    told = json.loads(inside("statute", "duties", str(ferry), "--json").out)
    first = told["duties"][0]
    assert told["standing"] == "derived"
    assert LAW[first["evidence"]["start"] : first["evidence"]["end"]] == first["evidence"]["text"]
    assert LAW.splitlines()[first["line"] - 1].startswith("第二条")
    rows = list(csv.DictReader(io.StringIO(inside("statute", "duties", str(ferry), "--csv", "--lang", "en").out)))
    assert len(rows) == len(told["duties"])
    assert rows[0]["modality"] == "must"
    assert inside("statute", "duties", str(ferry), "--csv", "--json").code == 2


def test_diff_marks_the_words(ferry: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.md"
    new.write_text(CHANGED, encoding="utf-8")
    said = inside("statute", "diff", str(ferry), str(new), "--lang", "zh")
    assert said.code == 0, said
    assert "第2条第2款" in said.out
    assert "{+、超速+}" in said.out
    assert "1 处改动" in said.out
    told = json.loads(inside("statute", "diff", str(ferry), str(new), "--json").out)
    assert told["same_law"] is True
    assert [(one["kind"], one["old"]) for one in told["edits"]] == [("changed", ["art_2__para_2"])]
    assert (
        inside("statute", "diff", str(ferry), str(ferry), "--lang", "en").out.splitlines()[-1].startswith("0 changes")
    )


@pytest.mark.parametrize(("lang", "words"), [("zh", "两部不同的法"), ("en", "two different laws")])
def test_diff_of_two_laws_says_so(ferry: Path, tmp_path: Path, lang: str, words: str) -> None:
    other = tmp_path / "bees.md"
    other.write_text(OTHER, encoding="utf-8")
    said = inside("statute", "diff", str(ferry), str(other), "--lang", lang)
    assert said.code == 2
    assert words in said.out
    assert json.loads(inside("statute", "diff", str(ferry), str(other), "--json").out)["same_law"] is False


def test_export_writes_each_form_once(ferry: Path, tmp_path: Path) -> None:
    for kind, name in KINDS.items():
        said = bridgehead("statute", "export", str(ferry), f"--{kind}", "--lang", "en", folder=tmp_path)
        assert said.code == 0, said
        assert name in said.out
    assert from_akn((tmp_path / KINDS["akn"]).read_bytes()).statute.title == "青山市渡轮管理条例"
    assert json.loads((tmp_path / KINDS["jsonld"]).read_bytes())["@type"] == "Legislation"
    assert (tmp_path / KINDS["csv"]).read_bytes().startswith(b"\xef\xbb\xbfduty,")
    assert (tmp_path / KINDS["docx"]).read_bytes().startswith(b"PK")


def test_export_overwrites_only_when_told(ferry: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("mine", encoding="utf-8")
    _refused(inside("statute", "export", str(ferry), "--csv", "-o", str(out)), "statute.output_exists")
    assert out.read_text(encoding="utf-8") == "mine"
    assert inside("statute", "export", str(ferry), "--csv", "-o", str(out), "--overwrite").code == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    _refused(
        inside("statute", "export", str(ferry), "--csv", "-o", str(ferry), "--overwrite"), "statute.output_is_input"
    )
    assert ferry.read_text(encoding="utf-8") == LAW


def test_export_wants_one_form(ferry: Path) -> None:
    for forms in ((), ("--akn", "--csv")):
        assert inside("statute", "export", str(ferry), *forms).code == 2


@pytest.mark.parametrize("command", [("read",), ("duties",), ("export", "--akn")])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", b"An Act to amend the Ferries Act 1990.\n"])
def test_what_is_no_statute_is_refused(tmp_path: Path, command: tuple[str, ...], content: bytes) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(content)
    said = inside("statute", command[0], str(path), *command[1:], "--lang", "en")
    _refused(said, "statute.")
    assert [one.name for one in tmp_path.iterdir()] == ["odd.txt"]


def test_ids_in_words() -> None:
    assert id_words("art_16_1__para_2__item_3", "zh") == "第16条之1第2款第3项"
    assert id_words("chp_2__sec_1", "en") == "ch. 2 sec. 1"
    assert id_words("odd", "en") == "odd"


@pytest.mark.skipif(not TEXTS, reason="the shared statute texts are not beside this checkout")
def test_all_stored_statutes_at_once(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    said = bridgehead("statute", "read", *map(str, TEXTS), "--predictions", str(out))
    assert said.code == 0, said.err
    assert len(json.loads(out.read_text(encoding="utf-8"))["docs"]) == len(TEXTS)
