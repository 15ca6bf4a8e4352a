"""The message catalogues: Django reads them all as one, so they must agree."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po

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
