"""Every error code the program can raise has a sentence and a cure in Chinese and English, and none is left over.

What is said in Russian and Mongolian, too, is held against its extent by ``tests/contracts/test_catalogues.py``.
"""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bridgehead.kernel.errors import Fault, Place, languages, messages, sentence

SOURCE = Path(__file__).parents[2] / "src" / "bridgehead"
CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+")
HOLE = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
HAN = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]")
RAISERS = frozenset(("BridgeheadError", "Fault", "CellFault", "finding", "fault", "_failed", "_fault", "note"))
FILE_ENDINGS = (".toml", ".csv", ".sqlite3", ".json", ".html", ".css", ".js", ".svg", ".py", ".txt")


@cache
def constants() -> dict[str, set[str]]:
    """Return every dotted lower-case string of the source with the files it stands in."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
                found.setdefault(node.value, set()).add(str(path.relative_to(SOURCE)))
    return found


@cache
def raised() -> dict[str, set[str]]:
    """Return the codes that stand as an argument of something that raises or notes a fault."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name not in RAISERS:
                continue
            for argument in node.args:
                for part in ast.walk(argument):
                    if (
                        isinstance(part, ast.Constant)
                        and isinstance(part.value, str)
                        and CODE.fullmatch(part.value)
                        and not part.value.endswith(FILE_ENDINGS)
                    ):
                        found.setdefault(part.value, set()).add(str(path.relative_to(SOURCE)))
    return found


def areas() -> set[str]:
    return {code.partition(".")[0] for code in messages("zh")}


def test_there_are_codes_to_look_at() -> None:
    assert len(raised()) > 60
    assert {"table.bad_number", "region.demand_without_path"} <= set(raised())


def test_both_languages_have_the_same_codes() -> None:
    assert languages()[:2] == ("zh", "en")
    assert set(messages("zh")) == set(messages("en"))


def test_every_raised_code_has_sentences() -> None:
    missing = {code: files for code, files in raised().items() if code not in messages("zh")}
    assert not missing


def test_every_string_that_looks_like_a_code_is_one() -> None:
    known = areas()
    doubtful = {
        code: files
        for code, files in constants().items()
        if code.partition(".")[0] in known
        and code not in messages("zh")
        and not code.endswith(FILE_ENDINGS)
        # Rooms and pages have dotted names of other things, such as caches.
        and any(file.startswith(("kernel/", "regions/", "engines/", "jobs/", "cli/")) for file in files)
    }
    assert not doubtful


def test_no_sentence_is_left_over() -> None:
    assert not set(messages("zh")) - set(constants())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_are_whole(language: str) -> None:
    for code, entry in messages(language).items():
        assert CODE.fullmatch(code), code
        assert set(entry) >= {"message", "cure"}, code
        for name, text in entry.items():
            assert name.split("_")[0] in {"message", "cure"}, (code, name)
            assert text.strip() == text, (code, name)
            assert text, (code, name)
            assert text[-1] in ".。?？}", (code, name, text)
            assert (HAN.search(text) is None) == (language == "en"), (code, name, text)


def test_both_languages_have_the_same_wordings_and_holes() -> None:
    for code, chinese in messages("zh").items():
        english = messages("en")[code]
        assert set(chinese) == set(english), code
        holes = [{hole for text in entry.values() for hole in HOLE.findall(text)} for entry in (chinese, english)]
        assert holes[0] == holes[1], code


def test_an_english_sentence_of_the_ledger_reads_right_for_one_and_for_many() -> None:
    """A count that may be one stands behind what it counts: “parts: 1”, not “1 parts are”."""
    before_words = re.compile(r"\{(?:count|days|hours)\} [a-z]")
    said = {code for code, files in constants().items() if any(file.startswith("rooms/ledger/") for file in files)}
    counted = {
        (code, text)
        for code in said & set(messages("en"))
        for text in messages("en")[code].values()
        if set(HOLE.findall(text)) & {"count", "days", "hours"}
    }
    assert counted, "there are such sentences"
    assert not {(code, text) for code, text in counted if before_words.search(text)}


def test_a_given_parameter_chooses_its_wording() -> None:
    plain = Fault("table.unknown_id", {"value": "hohhott", "tables": ["places.csv"]}, Place("links.csv", 3, "to"))
    near = Fault(plain.code, {**plain.parameters, "near": "hohhot"}, plain.place)
    assert "hohhot”" not in sentence(plain, "en").cure
    assert "“hohhot”" in sentence(near, "en").cure
    assert "“hohhot”" in sentence(near, "zh").cure
