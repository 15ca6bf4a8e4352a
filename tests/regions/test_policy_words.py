"""The words on policies: each language in its own script, questions that end as such, short enough, none twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from bridgehead.cli.desk_words import Words
from bridgehead.kernel.tables import Row
from bridgehead.regions.load import SHIPPED_REGION, load_region

LANGUAGES = ("zh", "en", "ru", "mn")
HAN, LATIN, CYRILLIC = re.compile(r"[\u3400-\u9fff]"), re.compile(r"[A-Za-z]"), re.compile(r"[\u0400-\u04ff]")
OFFICIAL_NAME = re.compile(r"\([\u3400-\u9fff]+\)|«[\u3400-\u9fff]+»")
"""What stands on a trader's own papers may be named as it stands there."""
LETTERS = {
    "ru": re.compile(r"[А-Яа-яЁё]"),
    "mn": re.compile(r"[А-Яа-яЁёӨөҮү]"),
}
CODES = {"FOB", "RCEP", "B2B", "HWC-YT", "CC", "CTH", "CTSH", "HS", "RVC40", "Sinosure"}
"""Latin words that all languages write so: terms of trade, rules of origin, codes, a company's name."""
LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*")
PLACEHOLDER = re.compile(r"[{}<>]|%[sd(]|TODO|FIXME|XXX|\?\?|？？|…", re.IGNORECASE)
QUESTION_MARKS = {"zh": "？", "en": "?", "ru": "?", "mn": "?"}
FACTS_MADE = date(2026, 11, 23)
"""The day the policies were written down: what had ended by then is called past."""
SAID = {
    "other-region": {"zh": "外地政策", "en": "another region", "ru": "другого региона", "mn": "Өөр бүс нутгийн"},
    "past": {
        "zh": "到期|历史政策",
        "en": "Ended on|Historical",
        "ru": "Срок истёк|Историческая",
        "mn": "дууссан|Түүхэн",
    },
    "negative": {"zh": "不是优惠", "en": "Not a benefit", "ru": "не льгота", "mn": "Хөнгөлөлт биш"},
    "ceiling": {"zh": "是上限", "en": "A ceiling", "ru": "предел", "mn": "дээд хязгаар"},
}
LONGEST = {
    "name": {"zh": 24, "en": 80, "ru": 80, "mn": 80},
    "question": {"zh": 80, "en": 200, "ru": 200, "mn": 200},
    "help": dict.fromkeys(LANGUAGES, 200),
    "title": {"zh": 40, "en": 100, "ru": 100, "mn": 100},
    "gist": {"zh": 120, "en": 320, "ru": 320, "mn": 320},
    "apply": {"zh": 80, "en": 200, "ru": 200, "mn": 200},
    "issuer": {"zh": 80, "en": 200, "ru": 200, "mn": 200},
}


def rows(table: str) -> tuple[Row, ...]:
    return load_region().rows(table)


def said(language: str) -> Iterator[tuple[str, str, str]]:
    """Go through everything said in a language: where, which kind of words, and the words."""
    for table in ("policy_words", "policy_titles", "policy_terms"):
        for row in rows(table):
            for column in row:
                kind, _, ending = column.rpartition("_")
                if ending == language and kind in LONGEST and row.text(column):
                    yield f"{table}.csv:{row.line} {column}", kind, row.text(column)


def test_the_words_are_there() -> None:
    assert len(rows("policy_titles")) >= 50
    for language in LANGUAGES:
        assert len(list(said(language))) > 700


def test_chinese_and_english_are_in_their_scripts() -> None:
    for where, _, text in said("zh"):
        assert HAN.search(text), (where, text)
        assert not CYRILLIC.search(text), (where, text)
        assert set(LATIN_WORD.findall(text)) <= CODES, (where, text)
    for where, _, text in said("en"):
        assert LATIN.search(text) or "%" in text, (where, text)
        assert not CYRILLIC.search(text), (where, text)
        assert not HAN.search(text), (where, text)


@pytest.mark.parametrize("language", ["ru", "mn"])
def test_russian_and_mongolian_are_in_their_scripts(language: str) -> None:
    for where, _, text in said(language):
        bare = OFFICIAL_NAME.sub("", text)
        assert CYRILLIC.search(bare), (where, text)
        assert not HAN.search(bare), (where, text)
        assert not [one for one in CYRILLIC.findall(bare) if not LETTERS[language].match(one)], (where, text)
        assert set(LATIN_WORD.findall(bare)) <= CODES, (where, text)
        mixed = re.search(r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]", bare)
        assert not mixed, (where, text)


def test_mongolian_is_mongolian() -> None:
    """Nearly every question with its help has a letter that Russian lacks, and so has every gist."""
    asked = [row.several(("question_mn", "help_mn")) for row in rows("policy_words") if row.text("question_mn")]
    without = [words for words in asked if not re.search("[ӨөҮү]", " ".join(words))]
    assert len(without) <= len(asked) / 20, without
    assert [row.line for row in rows("policy_titles") if not re.search("[ӨөҮү]", row.text("gist_mn"))] == []
    for table, column in (("policy_words", "question"), ("policy_titles", "gist")):
        for row in rows(table):
            assert not row.text(f"{column}_mn") or row.text(f"{column}_mn") != row.text(f"{column}_ru"), row.line


def test_bad_news_caps_and_what_does_not_apply_are_said_first() -> None:
    """Whoever reads only the first sentence must not take a past, foreign or restricting policy for an offer."""
    policies = load_region().policies()
    gists = {row.text("policy"): row for row in rows("policy_titles")}
    met = Counter[str]()
    for policy in policies:
        ends = policy.valid_to
        wanted = [
            kind
            for kind, holds in (
                ("other-region", policy.scope == "other-region"),
                ("past", ends is not None and ends < FACTS_MADE),
                (policy.benefit.kind, policy.benefit.kind in SAID),
            )
            if holds
        ]
        met.update(wanted)
        for language in LANGUAGES:
            gist = gists[policy.id].text(f"gist_{language}")
            start = gist[: 60 if language == "zh" else 160]
            for kind in wanted:
                assert re.search(SAID[kind][language], start), (policy.id, kind, gist)
            if "past" in wanted:
                assert str(ends.year) in start, (policy.id, gist)
    assert all(met[kind] for kind in SAID)


def test_documents_are_cited_in_chinese() -> None:
    for row in rows("policy_titles"):
        assert HAN.search(row.text("doc_no_zh")), row.line


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_are_questions(language: str) -> None:
    mark = QUESTION_MARKS[language]
    for row in rows("policy_words"):
        question = row.text(f"question_{language}")
        if not question:
            continue
        assert question.endswith(mark), (row.line, question)
        assert question.count(mark) == 1, (row.line, question)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_short_and_finished(language: str) -> None:
    for where, kind, text in said(language):
        assert len(text) <= LONGEST[kind][language], (where, len(text), text)
        assert not PLACEHOLDER.search(text), (where, text)
        assert "  " not in text, (where, text)
        if kind in ("help", "gist", "apply"):
            assert text[-1] in ".。", (where, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_name_stands_for_two_things(language: str) -> None:
    facts = [row.text(f"name_{language}") for row in rows("policy_words") if not row.text("value")]
    questions = [row.text(f"question_{language}") for row in rows("policy_words") if not row.text("value")]
    values = [(row.text("fact"), row.text(f"name_{language}")) for row in rows("policy_words") if row.text("value")]
    terms = [(row.text("list"), row.text(f"name_{language}")) for row in rows("policy_terms")]
    titles = [row.text(f"title_{language}") for row in rows("policy_titles")]
    for told in (facts, questions, values, terms, titles):
        assert [one for one, count in Counter(told).items() if count > 1] == []


def test_a_percentage_is_asked_for_as_such() -> None:
    """Whoever types per cent is told so with a number, and only whoever is asked for a share."""
    for row in rows("policy_words"):
        if row.text("value"):
            continue
        assert (row.text("unit") == "share") == (row.text("asked_as") == "percent"), row.line
        if row.text("asked_as"):
            assert "百分之几" in row.text("question_zh"), row.line
            assert "per cent" in row.text("question_en"), row.line
            assert re.search("процент", row.text("question_ru")), row.line
            assert re.search("хув", row.text("question_mn")), row.line
            for language in LANGUAGES:
                assert re.search("[0-9]", row.text(f"help_{language}")), row.line


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("cny", {"zh": "元", "en": "CNY", "ru": "юан", "mn": "юан"}),
        ("usd", {"zh": "美元", "en": "US dollars", "ru": "доллар", "mn": "доллар"}),
        ("months", {"zh": "月", "en": "months", "ru": "месяц", "mn": "сар"}),
        ("km", {"zh": "公里", "en": "kilometres", "ru": "километр", "mn": "километр"}),
    ],
)
def test_the_question_names_the_unit_or_the_name_does(unit: str, words: dict[str, str]) -> None:
    asked = [row for row in rows("policy_words") if row.text("unit") == unit]
    assert asked
    for row in asked:
        for language, word in words.items():
            told = row.text(f"question_{language}") + row.text(f"help_{language}")
            assert word in told, (row.line, language, told)


def test_a_rate_that_is_asked_for_in_per_cent_is_told_in_per_cent() -> None:
    """Types do not say so: the layoff rate is a plain number, and 0.055 people would be nonsense."""
    words = Words.beside(SHIPPED_REGION / "policies.yaml", load_region().policies().facts, "en")
    assert words.value("staff.layoff_rate", Decimal("0.055")) == "5.5%"
    assert words.value("revenue.encouraged_share", Decimal("0.6")) == "60%"
    assert words.value("staff.average", Decimal("300")) == "300"
