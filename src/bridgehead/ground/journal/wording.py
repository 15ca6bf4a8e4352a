"""The journal in words: actions, kinds of records, fields and values as people read them."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.roles import roles
from bridgehead.ground.language import language, speak
from bridgehead.ground.models import JournalEntry, Organisation, Person

_FILE = Path(__file__).with_name("words.csv")
_ORGANISATIONS = ("parent_id", "office_id", "organisation_id", "principal_id", "agent_id")
_PEOPLE = (
    *("person_id", "delegator_id", "delegate_id"),
    *("asked_by", "applied_by", "uploaded_by", "imported_by", "decided_by"),
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
LONGEST_VALUE = 80


@cache
def _words() -> Mapping[tuple[str, str], tuple[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as stream:
        return {(row["kind"], row["word"]): (row["zh"], row["en"]) for row in csv.DictReader(stream)}


def word(kind: str, name: str) -> str:
    """Return the word for an action, record or field in the running language; the bare name where there is none."""
    entry = _words().get((kind, name))
    return speak(language(), *entry) if entry else name


def known(kind: str) -> tuple[str, ...]:
    """Return the names of a kind that have words."""
    return tuple(name for found, name in _words() if found == kind)


class Names:
    """Names of organisations and people for numbers in entries; only of those the viewer may see."""

    def __init__(self, entries: Iterable[JournalEntry], values: Iterable[Mapping[str, Any]] = ()) -> None:
        values = list(values)
        wanted = {number for entry in entries for number in (entry.on_behalf_of, entry.owner_id)}
        wanted |= {fields.get(name) for fields in values for name in _ORGANISATIONS}
        found = visible(Organisation).filter(pk__in=[number for number in wanted if isinstance(number, int)])
        self._names = {record.pk: record.name(language()) for record in found}
        people = {fields.get(name) for fields in values for name in _PEOPLE}
        people = {number for number in people if isinstance(number, int)}
        self._people = dict(visible(Person).filter(pk__in=people).values_list("pk", "name")) if people else {}

    def organisation(self, number: int | None) -> str:
        """Return the name of an organisation, or that it is one the viewer may not see."""
        if number is None:
            return ""
        return self._names.get(number) or speak(language(), f"机构 {number}", f"organisation {number}")

    def value(self, field: str, value: Any) -> str:
        """Return the value of a field as people read it."""
        if value is None or value == "":
            return "—"
        if isinstance(value, bool):
            return speak(language(), *(("是", "yes") if value else ("否", "no")))
        if field in _ORGANISATIONS and isinstance(value, int):
            return self.organisation(value)
        if field in _PEOPLE and value in self._people:
            return self._people[value]
        if isinstance(value, str) and _MOMENT.fullmatch(value):
            return f"{localtime(datetime.fromisoformat(value)):%Y-%m-%d %H:%M:%S}"
        if field == "role" and value in roles().roles:
            return roles().roles[value].word.in_language(language())
        if field == "scopes" and isinstance(value, list):
            scopes = roles().scopes
            named = [scopes[one].in_language(language()) if one in scopes else str(one) for one in value]
            return speak(language(), "、", ", ").join(named)
        if field == "kind" and value in roles().kinds:
            return roles().kinds[value].in_language(language())
        text = str(value)
        return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"
