"""The two languages of the screen: Chinese is the source, English complete."""

from __future__ import annotations

from django.utils.translation import get_language

LANGUAGES = ("zh", "en")
SOURCE_LANGUAGE = "zh"
_DJANGO = {"zh": "zh-hans", "en": "en"}
_HTML = {"zh": "zh-CN", "en": "en"}


def language() -> str:
    """Return the language of the running request: ``zh`` or ``en``."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def known(code: str) -> str:
    """Return ``zh`` or ``en`` for any language code or locale name; the source language for others.

    A locale such as ``en_US.UTF-8`` or ``C`` is English, one that starts with ``zh`` Chinese.
    """
    code = code.lower()
    return "en" if code.startswith("en") else SOURCE_LANGUAGE


def django_code(code: str) -> str:
    """Return Django's name of a language."""
    return _DJANGO[code]


def html_code(code: str) -> str:
    """Return the value of the HTML attribute ``lang`` of a language."""
    return _HTML[code]


def speak(code: str, zh: str, en: str) -> str:
    """Return the words of the language: ``en`` or, for every other code, the Chinese."""
    return (en or zh) if code == "en" else zh
