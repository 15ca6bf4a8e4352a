"""Every word of a language that traders read, by where it stands: what a reader signs."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from django.apps import apps

from bridgehead.ground import pages, wording, words
from bridgehead.ground.access.roles import roles
from bridgehead.ground.files.kinds import kinds
from bridgehead.ground.language import REVIEWED_BY_NAME, django_code
from bridgehead.ground.region import current
from bridgehead.kernel.errors import messages
from bridgehead.kernel.hashing import content_hash
from bridgehead.kernel.source import Standing

CATALOGUE = "django.mo"

Words = Mapping[str, str]
_sources: dict[str, Callable[[str], Words]] = {}


def words_from(place: str, give: Callable[[str], Words]) -> None:
    """Let a room tell words of its own beside the catalogues: of its tables, by a key and in a language.

    Parameters
    ----------
    place : str
        Where they stand, the beginning of their keys: ``desk services``.
    give : callable
        Gives the words in a language by their keys; nothing for a language it has none in.
    """
    _sources[place] = give


@cache
def words_of(language: str) -> Words:
    """Return every word in a language by where it stands; in English and Chinese what of it is not in a catalogue."""
    found: dict[str, str] = {}
    for place, give in _sources.items():
        found |= {f"{place} · {key}": text for key, text in give(language).items() if text}
    return dict(sorted(found.items()))


@cache
def digest_of(language: str) -> str:
    """Return the digest of the words in a language, by which a signature says what was signed."""
    return content_hash(words_of(language))


def _folders() -> Iterator[tuple[str, Path]]:
    for app in apps.get_app_configs():
        if app.name.startswith("bridgehead."):
            yield app.name.rpartition(".")[2], Path(app.path) / "locale"


def _catalogues(language: str) -> Words:
    """Return the messages of the catalogues by their Chinese text, that of a context with it."""
    found = {}
    for room, folder in _folders():
        file = folder / django_code(language) / "LC_MESSAGES" / CATALOGUE
        if not file.is_file():
            continue
        with file.open("rb") as stream:
            told = gettext.GNUTranslations(stream)._catalog  # type: ignore[attr-defined]
        for said, text in told.items():
            message, form = said if isinstance(said, tuple) else (said, 0)
            context, _, plain = message.rpartition("\x04")
            key = f"{room} · {plain}" + (f" [{context}]" if context else "") + (f" ({form + 1})" if form else "")
            found |= {key: text} if message else {}
    return found


def _errors(language: str) -> Words:
    told = messages(language).items()
    return {f"{code} {part}": text for code, entry in told for part, text in entry.items()}


def _titles(language: str) -> Words:
    found = {}
    for page in pages.pages():
        if language in page.languages:
            found[f"{page.name} title"] = page.title(language)
            found[f"{page.name} description"] = page.description(language)
            found[f"{page.name} nav"] = getattr(page, f"nav_{language}")
    for room in pages.rooms():
        found[f"{room.name} short"] = getattr(room, f"short_{language}")
        found[f"{room.name} title"] = getattr(room, f"title_{language}")
    return found


def _roles(language: str) -> Words:
    told = roles()
    named = {f"role {name}": role.word for name, role in told.roles.items()}
    for kind, group in (("scope", told.scopes), ("kind", told.kinds), ("permission", told.meanings)):
        named |= {f"{kind} {name}": word for name, word in group.items()}
    return {name: word.in_language(language) for name, word in named.items()}


def _standings(language: str) -> Words:
    meanings = {f"{one} meaning": wording.standing_meaning(one, language) for one in Standing}
    return {str(one): wording.standing_label(one, language) for one in Standing} | meanings


def _tables(language: str) -> Words:
    """Return the words of the region's tables that are in four languages, by table, key and column."""
    found = {}
    for name, table in current().region.tables.items():
        columns = [one.name for one in table.schema.columns]
        own = [column for column in columns if column.endswith(f"_{language}")]
        if not any(column.endswith(f"_{REVIEWED_BY_NAME[0]}") for column in columns):
            continue
        keys = [one.name for one in table.schema.columns if one.key]
        for row in table.rows:
            at = " ".join(filter(None, row.several(keys)))
            found |= {f"{name} {at} {column.rpartition('_')[0]}": row.text(column) for column in own}
    return found


words_from("message", _catalogues)
words_from("error", _errors)
words_from("page", _titles)
words_from("roles", _roles)
words_from("kind of file", lambda language: {name: kind.title(language) for name, kind in kinds().items()})
words_from("standing", _standings)
words_from("country", words.countries)
words_from("table", _tables)
