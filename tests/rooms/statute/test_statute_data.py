"""The structure of the shipped regulation: complete, in our own words, in both languages, and true to its text."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from bridgehead.regions.load import load_region
from bridgehead.regions.statute import Fingerprint, fingerprint, fingerprints_of, normalised, statute_of

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "statutes"
TEXT = SHARED / "nmg-bridgehead-2023.txt"
LABELS = SHARED / "gold" / "nmg-bridgehead-2023.json"
HAN = re.compile(r"[\u3400-\u9fff]")

needs_text = pytest.mark.skipif(not TEXT.is_file(), reason="the shared statute texts are not beside this checkout")
needs_labels = pytest.mark.skipif(not LABELS.is_file(), reason="the shared labels are not beside this checkout")


@cache
def statute():
    return statute_of(load_region())


def numeral(text: str) -> int:
    """Return the value of a Chinese numeral below one hundred."""
    digits = {mark: value for value, mark in enumerate("零一二三四五六七八九")}
    tens, ten, ones = text.rpartition("十")
    return (digits[tens] if tens else 1) * 10 * bool(ten) + (digits[ones] if ones else 0)


def articles_of_text(text: str) -> dict[int, list[str]]:
    """Split a plain text into articles and their paragraphs; enough for the one shared text, no reader for others."""
    found: dict[int, list[str]] = {}
    current: list[str] | None = None
    for line in text.splitlines():
        bare = re.sub(r"^\[bookmark:[^\]]*\]", "", line.strip())
        label = re.match(r"第([一二三四五六七八九十]+)(章|条)\s*", bare)
        if label and label[2] == "章":
            current = None
        elif label:
            current = found.setdefault(numeral(label[1]), [])
            current.append(bare[label.end() :])
        elif bare and current is not None:
            current.append(bare)
    return found


@needs_text
def test_fingerprints_are_those_of_the_published_text():
    text = articles_of_text(TEXT.read_text(encoding="utf-8"))
    assert {number: fingerprint(paragraphs) for number, paragraphs in text.items()} == fingerprints_of(load_region())


@needs_text
def test_chapters_are_those_of_the_published_text():
    heads = re.findall(r"^第([一二三四五六七八九十]+)章(.+)$", TEXT.read_text(encoding="utf-8"), re.MULTILINE)
    assert {numeral(n): normalised(title) for n, title in heads} == {c.number: c.title_zh for c in statute().chapters}
    text = TEXT.read_text(encoding="utf-8")
    starts = {numeral(n): text.index(f"第{n}章") for n, _ in heads}
    for number, article in statute().articles.items():
        at = re.search(rf"^(?:\[bookmark:[^\]]*\])?第{chinese(number)}条", text, re.MULTILINE).start()
        assert max(chapter for chapter, start in starts.items() if start < at) == article.chapter


def chinese(number: int) -> str:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    return head + (digits[ones] if ones else "")


def test_a_fingerprint_does_not_depend_on_how_a_text_was_typed():
    plain = ["口岸每年评价一次，分五个方面。", "结果在30日内公开。"]
    typed = ["口岸每年\u200b评价一次,分五个方面.\ufeff", "\u3000\u3000结果在３０日内公开。"]
    assert fingerprint(plain) == fingerprint(typed) == Fingerprint(2, 22, fingerprint(plain).sha256)
    assert fingerprint(["口岸每年评价两次，分五个方面。", plain[1]]).sha256 != fingerprint(plain).sha256
    assert fingerprint(["".join(plain)]).paragraphs == 1


def test_every_article_is_told_in_both_languages():
    for article in statute().articles.values():
        for zh, en in ((article.title_zh, article.title_en), (article.gist_zh, article.gist_en)):
            assert HAN.search(zh), article.number
            assert en, article.number
            assert not HAN.search(en), article.number
        for zh_list, en_list in ((article.actors_zh, article.actors_en), (article.systems_zh, article.systems_en)):
            assert len(zh_list) == len(en_list), article.number
            assert len(set(zh_list)) == len(zh_list), article.number
            assert not any(HAN.search(word) for word in en_list), article.number
        assert bool(article.deadline_zh) == bool(article.deadline_en)
    for chapter in statute().chapters:
        assert chapter.gist_zh
        assert not HAN.search(chapter.title_en + chapter.gist_en)


def test_gists_are_short_and_no_two_are_alike():
    gists = [article.gist_zh for article in statute().articles.values()]
    assert len(set(gists)) == len(gists)
    for article in statute().articles.values():
        assert 1 <= len(re.findall(r"[。！？]", article.gist_zh)) <= 4, article.number
        assert len(article.gist_zh) <= 150, article.number
        assert len(article.gist_en) <= 480, article.number


@needs_labels
def test_modalities_and_number_of_bodies_agree_with_the_labels():
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    modalities: dict[int, set[str]] = {}
    bodies: dict[int, set[str]] = {}
    opened: dict[int, bool] = {}
    for paragraph in labels["paragraphs"]:
        number = paragraph["article"]
        duties = paragraph["duties"]
        modalities.setdefault(number, set()).update(duty["modality"] for duty in duties)
        bodies.setdefault(number, set()).update(actor for duty in duties for actor in duty["actors"])
        opened[number] = opened.get(number, False) or any(duty["open_list"] for duty in duties)
    for number, article in statute().articles.items():
        assert set(article.modalities) == (modalities[number] or {"none"}), number
        assert len(article.actors_zh) == len(bodies[number]), number
        assert article.actors_open == opened[number], number


def test_search_finds_by_word_by_number_and_in_either_language():
    found = statute().find
    assert found("第 9 条")[0].number == 9
    assert found("ARTICLE 51")[0].number == 51
    assert found("８６")[0].number == 86
    assert (
        {article.number for article in found("单一窗口")}
        == {article.number for article in found("single window")}
        == {49}
    )
    customs = {number for number, article in statute().articles.items() if "海关" in article.actors_zh}
    assert customs <= {article.number for article in found("海关")}
    assert found("口岸 铁路")
    assert len(found("")) == len(found("   ")) == len(statute().articles)
    assert found("zzzz") == ()
