"""The message catalogues: Django reads them all as one, so they must agree."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

SPOKEN = {"gettext": None, "_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3)}
SOURCE = Path(__file__).parents[2] / "src" / "bridgehead"


def test_a_text_has_one_translation_in_all_rooms_or_a_context_that_tells_them_apart() -> None:
    said: dict[tuple[str | None, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    files = sorted(SOURCE.rglob("django.po"))
    assert len(files) >= 4
    for file in files:
        with file.open("rb") as handle:
            for message in read_po(handle):
                if message.id:
                    said[message.context, str(message.id)][str(message.string)].add(str(file.relative_to(SOURCE)))
    assert {key: dict(found) for key, found in said.items() if len(found) > 1} == {}


def test_every_text_the_program_says_has_an_english_one() -> None:
    known = set()
    for file in SOURCE.rglob("django.po"):
        with file.open("rb") as handle:
            known |= {(one.context, one.id[0] if isinstance(one.id, tuple) else one.id) for one in read_po(handle)}
    missing = []
    for file in sorted(SOURCE.rglob("*.py")):
        with file.open("rb") as handle:
            for _line, said, _comments, context in extract("python", handle, keywords=SPOKEN):
                text = said[0] if isinstance(said, tuple) else said
                if text and (context, text) not in known:
                    missing.append((str(file.relative_to(SOURCE)), context, text))
    assert missing == []
