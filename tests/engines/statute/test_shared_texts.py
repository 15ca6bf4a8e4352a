"""The shared texts and their labels: structure as labelled, nothing lost, the known faults said, damage survived."""

from __future__ import annotations

import hashlib
import json
import random
import re
from functools import cache
from pathlib import Path

import pytest

from bridgehead.engines.statute.decode import source_of, source_of_text
from bridgehead.engines.statute.model import Statute
from bridgehead.engines.statute.reader import read
from tests.engines.statute.damage import DAMAGES, WRAPS
from tests.engines.statute.test_reader import assert_lossless

SHARED = Path(__file__).resolve().parents[3].parent / "shared" / "statutes"
GOLD = SHARED / "gold" / "structure.json"
pytestmark = pytest.mark.skipif(not GOLD.is_file(), reason="the shared statute texts are not beside this checkout")

FAULTS = {
    "zj-private-enterprise-2020": {"lost_heading"},
    "sd-bigdata-2021": {"no_effective_clause"},
    "cn-foreign-investment-2019": {"spilled_event"},
    "cn-port-opening-1985": {"han_numbering"},
    "sh-trade-centre-2012": {"no_adoption_date"},
    "yantai-business-env-2021": {"no_chapters"},
    "nmg-bridgehead-2023": {"bookmarks"},
    # Lists of these two lost the labels of their first items.
    "sd-ftz-2020": {"item_disorder"},
    "sz-ai-industry-2022": {"item_disorder"},
}
BLANK = re.compile(r"[\s\u3000\u200b\ufeff]+")


@cache
def gold() -> dict[str, dict]:
    return json.loads(GOLD.read_text(encoding="utf-8"))["docs"]


def files() -> list[Path]:
    return [path for path in sorted(SHARED.glob("*")) if path.suffix in (".md", ".txt") and path.stem in gold()]


def fingerprint(text: str) -> str:
    return hashlib.sha1(BLANK.sub("", text).encode()).hexdigest()[:12]


def differences(statute: Statute, label: dict) -> list[str]:
    """Return what differs from the label, paragraphs and items left aside."""
    wrong = [
        name
        for name, found, wanted in (
            ("title", statute.title, BLANK.sub("", label["title"])),
            ("adopted", statute.adopted and statute.adopted.isoformat(), label["adoption_date"]),
            ("last event", statute.last_event and statute.last_event.isoformat(), label["last_event_date"]),
            ("effective", statute.effect.day and statute.effect.day.isoformat(), label["effective_date"]),
            ("rule", statute.effect.rule, label["effective_rule"]),
            ("chapters", [(one.number, one.title) for one in statute.chapters],
             [(one["number"], one["title"]) for one in label["chapters"]]),
            ("sections", len(statute.sections), label["n_sections"]),
        )
        if found != wanted
    ]  # fmt: skip
    found = [(one.number, one.chapter, one.section, fingerprint(one.text)) for one in statute.articles]
    wanted = [(one["number"], one["chapter"], one["section"], one["text_sha"]) for one in label["articles"]]
    return [*wrong, *(f"article {have} for {want}" for have, want in zip(found, wanted, strict=False) if have != want)]


def counted(statute: Statute) -> tuple[int, int, int]:
    paragraphs = [paragraph for article in statute.articles for paragraph in article.paragraphs]
    items = sum(item.is_counted for paragraph in paragraphs for item in paragraph.items)
    return len(statute.articles), len(paragraphs), items


def test_the_stored_texts_are_read_as_labelled_and_their_faults_said() -> None:
    assert len(files()) == 21
    for path in files():
        data = path.read_bytes()
        statute = read(source_of(data, path.name))
        label = gold()[path.stem]
        assert statute.source.bytes == data
        assert_lossless(statute)
        assert differences(statute, label) == [], path.stem
        assert counted(statute) == (label["n_articles"], label["n_paragraphs"], label["n_items"]), path.stem
        assert {found.code.removeprefix("statute.") for found in statute.anomalies} == FAULTS.get(path.stem, set())


def plain_lines(path: Path) -> list[str]:
    """Return the lines of a stored text as a word processor would have them."""
    lines = [line.strip().lstrip("# ").strip() for line in path.read_text(encoding="utf-8").split("\n")]
    mark = next((at for at, line in enumerate(lines) if "INFO END" in line), None)
    if mark is None:
        return []
    events = [line for line in lines[1:mark] if line]
    body = [line for line in lines[mark + 1 :] if line and line != "会议通过）"]
    return [lines[0], *(["（" + "　".join(events) + "）"] if events else []), *body]


@pytest.mark.parametrize("name", [name for name in DAMAGES if name != "half_width_brackets"])
def test_damage_changes_nothing(name: str) -> None:
    wrong = []
    for path in files():
        lines = plain_lines(path)
        if lines:
            statute = read(source_of_text("\n".join(DAMAGES[name](lines, random.Random(path.stem))), path.stem))
            label = gold()[path.stem]
            same = counted(statute) == (label["n_articles"], label["n_paragraphs"], label["n_items"])
            wrong += [path.stem] * (not same or bool(differences(statute, label)))
    assert wrong == []


@pytest.mark.parametrize("name", list(WRAPS))
def test_wrapped_texts_keep_every_article(name: str) -> None:
    for path in files():
        lines = plain_lines(path)
        if lines:
            statute = read(source_of_text("\n".join(WRAPS[name](lines, random.Random(1))), path.stem))
            assert differences(statute, gold()[path.stem]) == [], path.stem
