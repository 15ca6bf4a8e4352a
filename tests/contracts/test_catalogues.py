"""The message catalogues: Django reads them all as one, so they must agree; traders' words are in four languages."""

from __future__ import annotations

import csv
import re
import string
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.template import Engine
from django.template.base import Node, Template
from django.template.loader import get_template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from scripts.messages import compile_catalogue

from bridgehead.ground.language import LANGUAGES, REVIEWED_BY_NAME, SOURCE_LANGUAGE
from bridgehead.kernel.errors import messages

SPOKEN = {"gettext": None, "_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
SOURCE = Path(__file__).parents[2] / "src" / "bridgehead"
EXTENT = tomllib.loads((SOURCE / "ground" / "translations" / "extent.toml").read_text(encoding="utf-8"))
TRANSLATED = [code for code in LANGUAGES if code != SOURCE_LANGUAGE]
HOLE = re.compile(r"%\([a-z_]+\)s")

Key = tuple[str | None, str]


def _key(message: Message) -> Key:
    return (message.context, message.id[0] if isinstance(message.id, tuple) else str(message.id))


@cache
def _catalogues(language: str) -> tuple[tuple[str, tuple[Message, ...]], ...]:
    """Return the messages of every catalogue of a language by its place."""
    found = []
    for file in sorted(SOURCE.rglob(f"locale/{language}/LC_MESSAGES/django.po")):
        with file.open("rb") as handle:
            found.append((str(file.relative_to(SOURCE)), tuple(one for one in read_po(handle) if one.id)))
    return tuple(found)


def _known(language: str) -> set[Key]:
    return {_key(one) for _, said in _catalogues(language) for one in said}


def _of_traders(path: Path) -> bool:
    place = path.relative_to(SOURCE).as_posix()
    inside = any(place.startswith(f"{folder}/") for folder in EXTENT["words"]["folders"])
    return inside and not any(fnmatch(place, pattern) for pattern in EXTENT["words"]["of_officers"])


def _said_in_code(path: Path) -> Iterator[Key]:
    with path.open("rb") as handle:
        for _line, said, _comments, context in extract("python", handle, keywords=SPOKEN):
            text = said[0] if isinstance(said, tuple) else said
            if text:
                yield context, text


def _context(node: Node) -> str | None:
    told = getattr(node, "message_context", None)
    return str(told.var) if told is not None else None


def _said_in_template(path: Path) -> Iterator[Key]:
    engine: Engine = get_template("base.html").template.engine
    template = Template(path.read_text(encoding="utf-8"), engine=engine)
    for node in template.nodelist.get_nodes_by_type(TranslateNode):
        yield _context(node), str(node.filter_expression.var.literal)
    for node in template.nodelist.get_nodes_by_type(BlockTranslateNode):
        yield _context(node), node.render_token_list(node.singular)[0]


@cache
def _said_to_traders() -> dict[Key, str]:
    """Return what templates and code say on pages of four languages, each with a place where it stands."""
    found: dict[Key, str] = {}
    for path in sorted(SOURCE.rglob("*")):
        if not _of_traders(path):
            continue
        if path.suffix == ".py":
            found |= dict.fromkeys(_said_in_code(path), path.name)
        elif path.suffix in (".html", ".txt") and "templates" in path.parts:
            found |= dict.fromkeys(_said_in_template(path), path.name)
    return found


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_text_has_one_translation_in_all_rooms_or_a_context_that_tells_them_apart(language: str) -> None:
    said: dict[Key, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    files = _catalogues(language)
    assert len(files) >= 2
    for place, found in files:
        for message in found:
            said[_key(message)][str(message.string)].add(place)
    assert {key: dict(found) for key, found in said.items() if len(found) > 1} == {}


def test_every_text_the_program_says_has_an_english_one() -> None:
    known = _known("en")
    missing = []
    for file in sorted(SOURCE.rglob("*.py")):
        for key in _said_in_code(file):
            if key not in known:
                missing.append((str(file.relative_to(SOURCE)), *key))
    assert missing == []


def test_there_are_texts_for_traders_to_look_at() -> None:
    said = _said_to_traders()
    assert len(said) > 200
    assert said[None, "跳到正文"] == "base.html"
    assert (None, "链的末端：第 %(p)s 位，<code>%(c)s…</code>") not in said, "only officers read the journal"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_a_trader_reads_has_a_translation(language: str) -> None:
    known = _known(language)
    assert [(key, place) for key, place in _said_to_traders().items() if key not in known] == []


@pytest.mark.parametrize("language", REVIEWED_BY_NAME)
def test_no_translation_is_left_over(language: str) -> None:
    assert _known(language) - set(_said_to_traders()) == set()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_holes_of_its_text(language: str) -> None:
    wrong = []
    for place, said in _catalogues(language):
        for message in said:
            texts = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in texts:
                left, due = set(HOLE.findall(str(text))), set(HOLE.findall(_key(message)[1]))
                if left != due and not (language == "en" and left < due):  # “once”, “no port”
                    wrong.append((place, _key(message)[1], text))
    assert not wrong


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogues_are_those_of_the_sources(language: str) -> None:
    """``make messages`` was run after the last change."""
    for place, _said in _catalogues(language):
        source = SOURCE / place
        assert source.with_suffix(".mo").read_bytes() == compile_catalogue(source), place


@pytest.mark.parametrize("language", REVIEWED_BY_NAME)
def test_a_translation_is_written_in_the_letters_of_its_language(language: str) -> None:
    """No Chinese is left, no Latin letter stands inside a Cyrillic word, and Mongolian has its own ө and ү."""
    mixed = re.compile(r"[a-zA-Z][\u0400-\u04ff]|[\u0400-\u04ff][a-zA-Z]")
    texts = [str(text) for _, said in _catalogues(language) for one in said for text in one.string]
    texts += [text for entry in messages(language).values() for text in entry.values()]
    assert not [text for text in texts if re.search(r"[\u4e00-\u9fff\u3000-\u303f]", text)]
    assert not [text for text in texts if mixed.search(HOLE.sub("", re.sub(r"\{\w+\}", "", text)))]
    own = sum(text.count("ө") + text.count("ү") for text in texts)
    assert (own > 100) == (language == "mn")


def test_a_term_is_said_in_every_language_and_listed_once() -> None:
    with (SOURCE / "ground" / "translations" / "terms.csv").open(encoding="utf-8", newline="") as stream:
        terms = list(csv.DictReader(stream))
    assert len(terms) > 30
    for term in terms:
        assert set(term) == set(LANGUAGES)
        assert all(word == word.strip() != "" for word in term.values()), term
    for language in ("zh", "en"):
        assert len({term[language] for term in terms}) == len(terms)


@pytest.mark.parametrize("language", REVIEWED_BY_NAME)
def test_every_error_a_trader_meets_has_its_sentences(language: str) -> None:
    told, source = messages(language), messages(SOURCE_LANGUAGE)
    errors = EXTENT["errors"]
    due = {code for code in source if code in errors["codes"] or code.partition(".")[0] in errors["areas"]}
    assert len(due) > 150
    assert set(told) == due
    for code in sorted(due):
        wordings = {name for name in source[code] if name.partition("_")[2] not in errors["of_operators"]}
        assert set(told[code]) == wordings, code
        holes = [
            {hole for name in wordings for _, hole, _, _ in string.Formatter().parse(one[code][name]) if hole}
            for one in (told, source)
        ]
        assert holes[0] == holes[1], code
        assert {told[code][name][-1] for name in wordings} <= set(".}?"), code
