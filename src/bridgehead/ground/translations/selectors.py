"""What is known of the translations: how many words, who signed which and when, and what changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import Error

from bridgehead.ground.language import NAMES, REVIEWED_BY_NAME, html_code
from bridgehead.ground.models import TranslationSignature
from bridgehead.ground.translations.words import digest_of, words_of

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Change:
    """One text that is other than what was signed: empty where there is or was none."""

    key: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Translation:
    """The words of one language and their signatures, the newest first."""

    language: str
    words: int
    digest: str
    signatures: tuple[TranslationSignature, ...]
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """The name of the language in itself."""
        return NAMES[self.language][1]

    @property
    def lang(self) -> str:
        """The value of the HTML attribute ``lang``."""
        return html_code(self.language)

    @property
    def reviewed(self) -> bool:
        """Whether somebody signed the words as they are now."""
        return any(one.digest == self.digest for one in self.signatures)

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes a page shows."""
        return self.changes[:MOST_SHOWN]

    def as_json(self) -> dict[str, Any]:
        """Return the translation as JSON types."""
        return {
            "language": self.language,
            "words": self.words,
            "digest": self.digest,
            "reviewed": self.reviewed,
            "signatures": [
                {"reader": one.reader, "signed_at": one.signed_at, "digest": one.digest} for one in self.signatures
            ],
            "changed_since": [{"text": one.key, "was": one.was, "now": one.now} for one in self.changes],
        }


def translations() -> tuple[Translation, ...]:
    """Return the translations that have to be signed."""
    return tuple(_translation(language) for language in REVIEWED_BY_NAME)


def _translation(language: str) -> Translation:
    signatures = tuple(TranslationSignature.objects.filter(language=language).defer("words"))
    digest, now = digest_of(language), words_of(language)
    changes: tuple[Change, ...] = ()
    if signatures and signatures[0].digest != digest:
        changes = _changes(signatures[0].words, now)
    return Translation(language, len(now), digest, signatures, changes)


def _changes(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[Change, ...]:
    pairs = ((key, was.get(key, ""), now.get(key, "")) for key in sorted(was.keys() | now.keys()))
    return tuple(Change(key, before, after) for key, before, after in pairs if before != after)


def unreviewed(language: str) -> bool:
    """Tell whether nobody has signed the words of a language as they are now; True where that cannot be known."""
    if language not in REVIEWED_BY_NAME:
        return False
    try:
        return not TranslationSignature.objects.filter(language=language, digest=digest_of(language)).exists()
    except Error:  # the page that says so is drawn without the database
        return True
