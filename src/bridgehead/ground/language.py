"""The languages of the screen: Chinese is the source, English complete; Russian and Mongolian on traders' pages.

A page says which languages it has (`bridgehead.ground.pages.Page.languages`). Whoever asks for it in another one is led
to the English page, so that code which only a page in Chinese and English reaches never runs in a third language. What
is written in Chinese and English alone is English on a page in Russian or Mongolian.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.utils.translation import get_language, trans_real

LANGUAGES = ("zh", "en", "ru", "mn")
OF_EVERY_PAGE = ("zh", "en")
"""The languages every page has: an officer's page has no more."""
REVIEWED_BY_NAME = ("ru", "mn")
"""The languages whose words count as unreviewed until a named reader has signed them."""
SOURCE_LANGUAGE = "zh"
_DJANGO = {"zh": "zh-hans", "en": "en", "ru": "ru", "mn": "mn"}
_HTML = {"zh": "zh-CN", "en": "en", "ru": "ru", "mn": "mn"}
_LIST_MARK = {"zh": "、"}
NAMES = {"zh": ("中", "中文"), "en": ("EN", "English"), "ru": ("РУ", "Русский"), "mn": ("МН", "Монгол")}
"""The short and the full name of each language in itself."""

# Letters that follow others in the alphabet but not in Unicode: ё after е, ө after о, ү after у.
_ALPHABET = str.maketrans({"ё": "е\uffff", "ө": "о\uffff", "ү": "у\uffff"})


def language() -> str:
    """Return the language of the running request: one of `LANGUAGES`."""
    return known(get_language() or "")


def known(code: str) -> str:
    """Return one of `LANGUAGES` for any language code or locale name; the source language for others.

    A locale such as ``en_US.UTF-8`` is English, ``ru_RU`` Russian.
    """
    start = code.lower().replace("_", "-").partition("-")[0]
    return start if start in LANGUAGES else SOURCE_LANGUAGE


def spoken(code: str, among: Collection[str]) -> str:
    """Return the language itself where it is among those there are, and English where it is not."""
    return code if code in among else "en"


def django_code(code: str) -> str:
    """Return Django's name of a language."""
    return _DJANGO[code]


def html_code(code: str) -> str:
    """Return the value of the HTML attribute ``lang`` of a language."""
    return _HTML[code]


def list_mark(code: str) -> str:
    """Return what stands between the members of a list."""
    return _LIST_MARK.get(code, ", ")


def language_of(path: str) -> str:
    """Return the language of a page's address, which begins with it; the source language has none in front."""
    first = path.removeprefix("/").partition("/")[0]
    return first if first in LANGUAGES and first != SOURCE_LANGUAGE else SOURCE_LANGUAGE


def fall_back_to_english() -> None:
    """Let messages without a Russian or Mongolian translation be English; Django would leave them in Chinese."""
    for code in REVIEWED_BY_NAME:
        trans_real.translation(django_code(code))._fallback = trans_real.translation("en")


def beginning(code: str) -> str:
    """Return how the addresses of pages in a language begin: ``/`` or ``/ru/``."""
    return "/" if code == SOURCE_LANGUAGE else f"/{code}/"


def speak(code: str, zh: str, en: str, ru: str = "", mn: str = "") -> str:
    """Return the words of the language; English where there are none in it, and Chinese where there are none at all."""
    if code == "zh":
        return zh
    return (ru if code == "ru" else mn if code == "mn" else "") or en or zh


def named(row: Any, what: str = "name", code: str | None = None) -> str:
    """Return the words of a record or table row in a language: ``name_ru``, else ``name_en``, else ``name_zh``.

    Parameters
    ----------
    row : mapping or object
        Its columns or attributes are called by a beginning and a language.
    what : str
        That beginning: ``name``, ``title``, ``description`` ...
    code : str, optional
        The language, the one of the running request by default.
    """
    code = code or language()
    order = dict.fromkeys((code, "en", "zh") if code != "zh" else ("zh", "en"))
    return next((words for one in order if (words := _said(row, f"{what}_{one}"))), "")


def _said(row: Any, column: str) -> str:
    if isinstance(row, Mapping):
        return str(row.get(column) or "")
    return str(getattr(row, column, "") or "")


def alphabetical(text: str) -> str:
    """Return a key by which texts in Cyrillic or Latin letters stand in the order of their alphabet."""
    return text.casefold().translate(_ALPHABET)
