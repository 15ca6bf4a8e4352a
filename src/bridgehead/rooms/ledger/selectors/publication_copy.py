"""The copy of a dossier that the public sees: sections somebody chose, without addresses, names of persons or files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer, as_system
from bridgehead.ground.language import OF_EVERY_PAGE, django_code
from bridgehead.ground.models import Organisation, Person
from bridgehead.kernel.hashing import content_hash
from bridgehead.rooms.ledger.dossier import Line, Section
from bridgehead.rooms.ledger.selectors.dossiers import When, dossier_of

MOST = 60
"""Lines of a section in a public copy; it says how many more there are."""
EVIDENCE = "evidence"
_SHORTEST_NAME = 2
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_FILE = re.compile(r"[^\s/\\，。；、]+\.(?:pdf|docx?|xlsx?|pptx?|ofd|wps|csv|txt|jpe?g|png|zip)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Copy:
    """A public copy in one of the languages.

    Attributes
    ----------
    title, gist, says : str
        Short title of the article, what it asks in our own words, and the answer in one sentence; the last is empty
        where not every section is public.
    by : str
        The body that publishes it.
    sections : sequence of Section
        What was chosen.
    """

    title: str
    gist: str
    says: str
    by: str
    sections: Sequence[Section]


def whole_copy(viewer: Viewer, owner: Organisation, article: int, asked: When) -> dict[str, Any]:
    """Return what the public would see of a dossier if all of it were chosen, in both languages, as JSON types.

    Parameters
    ----------
    viewer : Viewer
        Who publishes it: what they may not see is not in it.
    owner : Organisation
        The body it is published by.
    article : int
        The article.
    asked : When
        The year.

    Articles: 7
    """
    names = _names()
    found: dict[str, Any] = {}
    for code in OF_EVERY_PAGE:
        with override(django_code(code)):
            dossier = dossier_of(viewer, article, asked, MOST)
            found[code] = {
                "title": dossier.title,
                "gist": dossier.gist,
                "says": dossier.says,
                "by": owner.name(code),
                "sections": [_said(one, names) for one in dossier.sections],
            }
    return found


def only(content: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    """Return a copy with the sections that were chosen.

    The sentence that sums the dossier up counts every section; it is left out unless all of them were chosen.
    """
    chosen = set(keys)
    found = {}
    for code, said in content.items():
        sections = [one for one in said["sections"] if one["key"] in chosen]
        says = said["says"] if len(sections) == len(said["sections"]) else ""
        found[code] = {**said, "says": says, "sections": sections}
    return found


def choosable(content: Mapping[str, Any], code: str) -> list[tuple[str, str]]:
    """Return key and title of the sections that can be chosen, in a language."""
    return [(one["key"], one["title"]) for one in content[code]["sections"]]


def digest_of(content: Mapping[str, Any]) -> str:
    """Return the digest of what a public copy says, by which a preview is known again, whoever publishes it."""
    return content_hash({code: {key: said[key] for key in said if key != "by"} for code, said in content.items()})


def copy_of(content: Mapping[str, Any], code: str) -> Copy:
    """Return a frozen copy as it is shown in a language."""
    said = content.get(code) or content["zh"]
    return Copy(said["title"], said["gist"], said["says"], said["by"], [_section(one) for one in said["sections"]])


def _said(section: Section, names: re.Pattern[str] | None) -> dict[str, Any]:
    kept = [at for at in range(len(section.heads)) if at not in section.private]
    evidence = section.key == EVIDENCE
    return {
        "key": section.key,
        "title": section.title,
        "heads": [section.heads[at] for at in kept],
        "numbers": [kept.index(at) for at in section.numbers if at in kept],
        "lines": [_line(one, kept, names, evidence) for one in section.lines],
        "before": [_line(one, kept, names, evidence) for one in section.before],
        "gap": section.gap,
        "more": section.more,
        "more_before": section.more_before,
    }


def _line(line: Line, kept: Sequence[int], names: re.Pattern[str] | None, evidence: bool) -> dict[str, Any]:
    cells = [line.cells[at] if at < len(line.cells) else "" for at in kept]
    if evidence:
        cells = [_FILE.sub(_("（文件不公开）"), _LINK.sub(_("（链接不公开）"), cell)) for cell in cells]
    if names is not None:
        cells = [names.sub(_("（姓名不公开）"), cell) for cell in cells]
    return {"cells": cells, "standing": line.standing}


def _names() -> re.Pattern[str] | None:
    """Return what finds the name of anybody the platform knows, longest first; None where it knows nobody."""
    with as_system("keeping names of persons out of a public copy"):
        told = set(visible(Person).values_list("name", flat=True))
    names = sorted(
        (one.strip() for one in told if len(one.strip()) >= _SHORTEST_NAME), key=lambda one: (-len(one), one)
    )
    if not names:
        return None
    return re.compile("|".join(rf"\b{re.escape(one)}\b" if one.isascii() else re.escape(one) for one in names))


def _section(said: Mapping[str, Any]) -> Section:
    return Section(
        said["key"],
        said["title"],
        tuple(said["heads"]),
        [Line(tuple(one["cells"]), standing=one["standing"]) for one in said["lines"]],
        [Line(tuple(one["cells"]), standing=one["standing"]) for one in said["before"]],
        said["gap"],
        said["more"],
        tuple(said["numbers"]),
        said["more_before"],
    )
