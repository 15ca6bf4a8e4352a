"""What other rooms may know of the statute room: the only module they import.

A room shows the chips of the articles it serves with ``{% chips page.articles %}``, which needs nothing from here; it
adds to an article's page by registering a panel of the kind ``article`` in ``bridgehead.ground.panels``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.language import language, speak
from bridgehead.ground.region import current
from bridgehead.regions.statute import statute_of
from bridgehead.rooms.statute.models import DutyRow, Provision
from bridgehead.rooms.statute.selectors import articles as selectors
from bridgehead.rooms.statute.selectors.duties import counting, modality_word, organ_word
from bridgehead.rooms.statute.selectors.statutes import Law, laws, regulation_law


def regulation_title() -> str:
    """Return the title of the region's regulation in the language of the request, empty where it has none."""
    found = selectors.regulation()
    return str(found["title"]) if found else ""


def title(article: int) -> str:
    """Return the short title of an article in the language of the request, empty where the region has none."""
    found = selectors.statute().articles.get(article)
    return found.title(language()) if found else ""


def address(article: int) -> str:
    """Return the address of an article's page, empty where the region has no such article."""
    return reverse("statute:article", args=[article]) if article in selectors.statute().articles else ""


def titles(articles: Iterable[int]) -> tuple[tuple[int, str, str], ...]:
    """Return number, short title and address of those articles that the region has."""
    return tuple((number, title(number), address(number)) for number in articles if title(number))


def gist(article: int) -> str:
    """Return what an article asks, in our own words and the language of the request; empty where there is none."""
    found = selectors.statute().articles.get(article)
    return found.gist(language()) if found else ""


def article_numbers() -> tuple[int, ...]:
    """Return the numbers of the articles of the region's regulation, in order."""
    return tuple(sorted(selectors.statute().articles))


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision somebody can rest a decision on.

    Attributes
    ----------
    id : str
        ``regulation:45`` for an article of the region's regulation, ``7:art_3`` for one of an imported law.
    title : str
        Title of the statute.
    label : str
        Which provision of it, with its short title where the region has one.
    page : str
        The address of its page, empty where it has none.
    """

    id: str
    title: str
    label: str
    page: str


_REGULATION = "regulation"


def provision(viewer: Viewer, id: str) -> Basis | None:
    """Return the provision of an id, None where there is none of it that holds today."""
    source, _, name = id.partition(":")
    if source == _REGULATION:
        return _article(int(name)) if name.isascii() and name.isdigit() and len(name) < 6 else None
    law = next((one.law for one in laws(viewer) if str(one.law.work.pk) == source), None)
    if law is None or law.in_force is None:
        return None
    row = visible(Provision, viewer).filter(statute=law.in_force, eid=name).first()
    return _provision(law, row) if row is not None else None


def provisions(viewer: Viewer) -> list[Basis]:
    """Return the provisions that can be chosen: the articles of the regulation, then those of imported laws in force.

    Where the text of the regulation itself was imported, its articles stand there once, as the region's table has them.
    """
    found = [one for number in article_numbers() if (one := _article(number)) is not None]
    held = {one.law.in_force.pk: one.law for one in laws(viewer) if one.law.in_force is not None}
    held = {pk: law for pk, law in held.items() if not (law.work.is_regulation and found)}
    rows = visible(Provision, viewer).filter(statute__in=held).defer("text") if held else ()
    return found + [_provision(held[row.statute_id], row) for row in rows]


def _article(number: int) -> Basis | None:
    found = selectors.statute().articles.get(number)
    if found is None:
        return None
    label = speak(language(), f"第 {number} 条　{found.title_zh}", f"Art. {number}: {found.title_en}")
    return Basis(f"{_REGULATION}:{number}", regulation_title(), label, address(number))


def _provision(law: Law, row: Provision) -> Basis:
    page = reverse("statute:statute", args=[law.work.pk])
    return Basis(f"{law.work.pk}:{row.eid}", law.work.title, row.label, f"{page}#{row.eid}")


@dataclass(frozen=True, slots=True)
class HeldDuty:
    """A duty of a statute as other rooms know it.

    Attributes
    ----------
    work, statute : int
        The law, and the text of it that holds today.
    title : str
        Title of the law.
    eid, anchor : str
        The stable id of the duty in its law, and that of its words.
    article : int or None
        Number of its article where the law is the region's own regulation.
    label, what : str
        Where it stands, and what is to be done.
    modality : str
        How strongly it asks.
    organs : tuple of (organ, part)
        Who bears it, with the parts ``actor``, ``co_actor`` and ``lead``.
    deadline, frequency : str
        In the words of the text.
    to_review : bool
        Whether it waits for a person.
    page : str
        The address of its page.
    """

    work: int
    statute: int
    title: str
    eid: str
    anchor: str
    article: int | None
    label: str
    what: str
    modality: str
    organs: tuple[tuple[str, str], ...]
    deadline: str
    frequency: str
    to_review: bool
    page: str


def held_laws(viewer: Viewer) -> list[tuple[int, str]]:
    """Return number and title of the laws that hold today, the region's own regulation first."""
    return [(one.law.work.pk, one.law.work.title) for one in laws(viewer) if one.law.in_force is not None]


def held_duties(viewer: Viewer, work: int | None = None) -> list[HeldDuty]:
    """Return the duties of a law as it holds today, without what a person says is none.

    Parameters
    ----------
    viewer : Viewer
        Who reads.
    work : int, optional
        The law; by default the region's own regulation. There are none where its text was not imported.
    """
    if work is None:
        law = regulation_law(viewer)
    else:
        law = next((one.law for one in laws(viewer) if one.law.work.pk == work), None)
    if law is None:
        return []
    rows = counting(viewer).filter(statute=law.shown).prefetch_related("bearers")
    return [_held(law, row) for row in rows]


def _held(law: Law, row: DutyRow) -> HeldDuty:
    number = row.article_eid.removeprefix("art_")
    known = law.work.is_regulation and number.isdigit() and int(number) in statute_of(current().region).articles
    return HeldDuty(
        law.work.pk,
        law.shown.pk,
        law.work.title,
        row.eid,
        row.anchor,
        int(number) if known else None,
        row.label,
        row.what,
        row.modality,
        tuple((one.organ, one.part) for one in row.bearers.all()),
        row.deadline,
        row.frequency,
        row.to_review,
        reverse("statute:duty", args=[row.pk]),
    )


def modality(name: str) -> str:
    """Return the word for a modality in the language of the request."""
    return modality_word(name)


def organ(name: str) -> str:
    """Return the name of an organ in the language of the request."""
    return organ_word(name)
