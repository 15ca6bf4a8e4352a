"""``bridgehead statute``: reading, duties, comparing and exporting texts, in both languages and with bad input."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from bridgehead.cli.statute_words import id_words
from bridgehead.engines.statute.exports.akn import from_akn
from bridgehead.engines.statute.numerals import han
from tests.cli.running import COMMAND, Said, bridgehead, environment, inside
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
    assert "3 个文件里有 2 个读不了" in said.err
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


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_diff_fits_a_terminal_of_80_columns(tmp_path: Path, lang: str) -> None:
    long = "渡轮经营者应当在码头公布班次、票价、载客人数、救生设备的数目和停放的地方，并说明停航的原因。"
    sides = (LAW, LAW.replace("渡轮经营者不得超载。", f"渡轮经营者不得超载。\n{long}{long}"))
    for name, text in zip(("old.md", "new.md"), sides, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    said = bridgehead("statute", "diff", "old.md", "new.md", "--lang", lang, folder=tmp_path, COLUMNS="80")
    assert said.code == 0, said
    lines = said.out.splitlines()
    assert max(map(cell_len, lines)) <= 80
    assert all(line == line.rstrip() for line in lines)
    assert lines[0] == "青山市渡轮管理条例"
    assert lines[1].startswith("- old")
    assert f"{{+{long}{long}+}}" in "".join(line.strip() for line in lines)


def test_diff_tells_renumbered_references_and_moved_provisions_apart_from_changed_words(tmp_path: Path) -> None:
    base = [
        "渡轮应当靠岸。",
        "违反本条例第一条的，由码头主任责令改正，并在三十日内公布。",
        "船长可以停航。",
        "纸船应当登记颜色。",
    ]
    later = ["灯塔应当每晚点亮。", base[0], base[1].replace("第一条", "第二条").replace("三十日", "十五日"), *base[2:]]
    for name, articles in (("old.md", base), ("new.md", later)):
        body = "\n".join(f"第{han(at)}条 {words}" for at, words in enumerate(articles, 1))
        (tmp_path / name).write_text(f"# 青山市渡轮条例\n\n{body}\n", encoding="utf-8")
    said = inside("statute", "diff", str(tmp_path / "old.md"), str(tmp_path / "new.md"), "--lang", "zh")
    assert "第一条→第二条" in said.out
    assert "[-三十日-]{+十五日+}" in said.out
    assert "[-第一条-]" not in said.out
    assert "{+灯塔应当每晚点亮。+}" in said.out


def test_diff_tells_what_is_wrong_with_both_files(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    told = json.loads(inside("statute", "diff", str(tmp_path / "none.txt"), str(empty), "--json").out)
    assert [one["code"] for one in told["error"]["faults"]] == ["statute.file_not_readable", "statute.empty"]
    said = inside("statute", "diff", str(tmp_path / "none.txt"), str(tmp_path), "--lang", "en")
    _refused(said, "statute.file_not_readable")
    assert "none.txt" in said.err
    assert "directory" in said.err


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


@pytest.mark.parametrize("command", ["read", "duties", "import"])
def test_a_file_without_end_is_refused_in_time(command: str, tmp_path: Path) -> None:
    said = bridgehead("statute", command, "/dev/zero", "--lang", "en", folder=tmp_path)
    _refused(said, "statute.too_large")


def test_commands_run_with_standard_input_closed(ferry: Path) -> None:
    for command in ("read", "duties"):
        words = [*COMMAND, "statute", command, str(ferry)]
        done = subprocess.run(
            words, preexec_fn=lambda: os.close(0), capture_output=True, env=environment(), check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_has_help_in_both_languages(lang: str) -> None:
    locale = "zh_CN.UTF-8" if lang == "zh" else "C.UTF-8"
    script = (
        "import json, typer; from bridgehead.cli.commands import app; group = typer.main.get_command(app)"
        ".commands['statute']; print(json.dumps({name: [one.help, *(getattr(p, 'help', '') or '' for p in one.params)]"
        " for name, one in group.commands.items()}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, env={**environment(), "LANG": locale}
    )
    told = json.loads(done.stdout)
    assert set(told) == {"read", "duties", "diff", "export", "import", "list", "reread", "withdraw"}
    for name, helps in told.items():
        for words in helps:
            is_han = any("\u4e00" <= mark <= "\u9fff" for mark in words)
            assert words, name
            assert is_han == (lang == "zh") or words == "Show this message and exit.", (name, words)


@pytest.mark.slow
def test_texts_of_the_database_are_listed_read_anew_and_withdrawn(ferry: Path, tmp_path: Path) -> None:
    def said(*arguments: str) -> Said:
        return bridgehead("statute", *arguments, "--lang", "en", folder=tmp_path)

    def told(*arguments: str) -> dict[str, Any]:
        return json.loads(said(*arguments, "--json").out)  # type: ignore[no-any-return]

    assert "No text has been imported" in said("list").out
    id = str(told("import", str(ferry))["version"])
    assert [(str(one["version"]), one["rules_current"]) for one in told("list")["texts"]] == [(id, True)]
    assert "青山市渡轮管理条例" in said("list").out
    assert said("reread", "--outdated").out.strip() == "Nothing to do."
    again = said("reread", id, "999")
    _refused(again, "statute.no_such_version")
    assert f"read anew  {id}  青山市渡轮管理条例" in again.out
    for wrong in (("reread",), ("reread", id, "--outdated"), ("withdraw", id), ("withdraw", "--reason", "twice")):
        assert said(*wrong).code == 2
    assert [str(one["version"]) for one in told("withdraw", id, "--reason", "the wrong file")["texts"]] == [id]
    assert told("list") == {"texts": []}
    gone = told("withdraw", id, "--reason", "again")
    assert gone["refused"][0]["error"]["code"] == "statute.no_such_version"
    assert said("import", str(ferry)).code == 0, "a text that was withdrawn can be imported again"
    assert bridgehead("journal", "verify", folder=tmp_path).code == 0


def test_ids_in_words() -> None:
    assert id_words("art_16_1__para_2__item_3", "zh") == "第16条之1第2款第3项"
    assert id_words("chp_2__sec_1", "en") == "ch. 2 sec. 1"
    assert id_words("odd", "en") == "odd"
    assert id_words("part_2__subpart_1__chp_3", "zh") == "第2编第1分编第3章"


def test_read_shows_chapters_of_one_number_in_their_parts(tmp_path: Path) -> None:
    path = tmp_path / "parts.txt"
    lines = ["青山市旧货条例", "第一编 店", "第一章 旧书", "第一条 店主应当登记旧书。", "第二条 店主应当擦净旧书。"]
    lines += ["第二编 摊", "第一章 旧报", "第三条 摊主应当登记旧报。"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    shown = [line.split() for line in inside("statute", "read", str(path), "--lang", "zh").out.splitlines()]
    assert ["第1编第1章", "旧书", "第一条—第二条"] in shown
    assert ["第2编第1章", "旧报", "第三条"] in shown


@pytest.mark.skipif(not TEXTS, reason="the shared statute texts are not beside this checkout")
def test_all_stored_statutes_at_once(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    said = bridgehead("statute", "read", *map(str, TEXTS), "--predictions", str(out))
    assert said.code == 0, said.err
    assert len(json.loads(out.read_text(encoding="utf-8"))["docs"]) == len(TEXTS)
