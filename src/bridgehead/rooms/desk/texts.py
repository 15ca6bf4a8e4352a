"""Texts an office writes in up to four languages: kept by kind and language, read in that of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bridgehead.ground.actions import Deed
from bridgehead.ground.language import LANGUAGES, SOURCE_LANGUAGE, named
from bridgehead.ground.screens.record_forms import Sent
from bridgehead.ground.told import fitting, needed

Texts = Mapping[str, Mapping[str, str]]
"""Kind of text to language to what it says."""
TextField = tuple[str, str, int | None, int]
"""A kind of text in a form: its name, what it is called, how many lines, how long it may be."""


def said(texts: Texts, kind: str) -> str:
    """Return a text in the language of the request; in English, then Chinese, where it has none in it."""
    return named({f"{kind}_{code}": text for code, text in texts.get(kind, {}).items()}, kind)


def checked(deed: Deed, texts: Texts, limits: Mapping[str, int], must: Iterable[str] = ("title",)) -> dict[str, object]:
    """Return texts as they are kept, noting in the field ``title_zh`` what is missing there or too long.

    Parameters
    ----------
    deed : Deed
        The action.
    texts : mapping
        What was written.
    limits : mapping
        The kinds of texts there are, and how long each may be.
    must : iterable of str
        Kinds that must be there in Chinese.
    """
    kept: dict[str, object] = {}
    for kind, most in limits.items():
        by_language = {}
        for code in LANGUAGES:
            field, text = f"{kind}_{code}", texts.get(kind, {}).get(code, "")
            wanted = code == SOURCE_LANGUAGE and kind in must
            told = needed(deed, text, field, most) if wanted else fitting(deed, text, field, most)
            if told:
                by_language[code] = told
        if by_language:
            kept[kind] = by_language
    return kept


def fields(kinds: Iterable[str]) -> list[str]:
    """Return the names of the fields of texts in a form."""
    return [f"{kind}_{code}" for kind in kinds for code in LANGUAGES]


def values(texts: Texts, kinds: Iterable[str]) -> dict[str, str]:
    """Return what a form of texts is filled in with."""
    return {f"{kind}_{code}": texts.get(kind, {}).get(code, "") for kind in kinds for code in LANGUAGES}


def sent_texts(sent: Sent, kinds: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the texts of a form that was sent."""
    return {kind: {code: sent.text(f"{kind}_{code}") for code in LANGUAGES} for kind in kinds}
