"""The roles as data: ``roles.toml`` read once and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bridgehead.ground.language import LANGUAGES, speak

FILE = Path(__file__).with_name("roles.toml")
SEES = ("own", "office", "offices", "public_bodies")


@dataclass(frozen=True, slots=True)
class Word:
    """The name of a role, scope or kind of organisation in every language."""

    zh: str
    en: str
    ru: str
    mn: str

    def in_language(self, code: str) -> str:
        """Return the name in one of the languages."""
        return speak(code, self.zh, self.en, self.ru, self.mn)


@dataclass(frozen=True, slots=True)
class Role:
    """One role; see ``roles.toml`` for the meaning of the fields."""

    name: str
    word: Word
    kinds: frozenset[str]
    permissions: frozenset[str]
    everywhere: frozenset[str]
    sees: frozenset[str]
    wholly: frozenset[str]
    grants: frozenset[str]
    grants_everywhere: frozenset[str]
    read_only: bool


@dataclass(frozen=True, slots=True)
class Roles:
    """Everything ``roles.toml`` says."""

    roles: Mapping[str, Role]
    scopes: Mapping[str, Word]
    mandate_scopes: tuple[str, ...]
    kinds: Mapping[str, Word]
    public_kinds: frozenset[str]
    permissions: frozenset[str]
    meanings: Mapping[str, Word]


@cache
def roles() -> Roles:
    """Return the roles; ValueError if the file names something it does not define."""
    with FILE.open("rb") as stream:
        told = tomllib.load(stream)
    found = {name: _role(name, entry) for name, entry in told["role"].items()}
    scopes = {name: _word(entry) for name, entry in told["scopes"].items()}
    kinds = {name: _word(entry) for name, entry in told["kinds"].items()}
    for role in found.values():
        unknown = (
            (role.kinds - kinds.keys())
            | (role.sees - set(SEES))
            | (role.wholly - scopes.keys())
            | ((role.grants | role.grants_everywhere) - found.keys())
        )
        if unknown:
            raise ValueError(f"role {role.name}: unknown {', '.join(sorted(unknown))}")
        if role.grants and "member.manage" not in role.permissions:
            raise ValueError(f"role {role.name}: gives roles without the permission member.manage")
    return Roles(
        roles=found,
        scopes=scopes,
        mandate_scopes=tuple(told["mandate"]["scopes"]),
        kinds=kinds,
        public_kinds=frozenset(name for name, entry in told["kinds"].items() if entry["public"]),
        permissions=frozenset().union(*(role.permissions for role in found.values())),
        meanings={name: _word(entry) for name, entry in told["permissions"].items()},
    )


def _word(entry: Mapping[str, object]) -> Word:
    return Word(*(str(entry[code]) for code in LANGUAGES))


def _role(name: str, entry: Mapping[str, object]) -> Role:
    def words(key: str) -> frozenset[str]:
        return frozenset(entry.get(key, ()))  # type: ignore[call-overload, no-any-return]

    said = words("permissions")
    return Role(
        name=name,
        word=_word(entry),
        kinds=words("kinds"),
        permissions=frozenset(permission.removesuffix("*") for permission in said),
        everywhere=frozenset(permission[:-1] for permission in said if permission.endswith("*")),
        sees=words("sees"),
        wholly=words("wholly"),
        grants=words("grants") | words("grants*"),
        grants_everywhere=words("grants*"),
        read_only=bool(entry.get("read_only", False)),
    )
