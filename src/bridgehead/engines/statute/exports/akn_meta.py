"""The metadata of an act in Akoma Ntoso: addresses, publication, life cycle, references, and our own analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree import ElementTree as ET

from bridgehead.engines.statute.exports.akn_duties import organs_of, place_of, write_duties
from bridgehead.engines.statute.exports.identity import (
    LANGUAGE,
    expression_of,
    organ_of,
    passed_by,
    published,
    readable,
    work_of,
)
from bridgehead.engines.statute.exports.places import paragraphs_by_id
from bridgehead.engines.statute.exports.xml import child, own_child
from bridgehead.engines.statute.model import Duty, Statute

SOURCE = "#bridgehead"
NO_DAY = "0001-01-01"
"""What stands where the standard wants a day and the text names none."""

_PASSING = frozenset(("adopted", "approved", "published"))
_ROLES = (
    ("actor", "负有职责者", "who is bound"),
    ("coActor", "会同、配合者", "who takes part"),
    ("lead", "牵头者", "who leads"),
    ("author", "制定机关", "who passed it"),
)


@dataclass(frozen=True, slots=True)
class Edition:
    """What the addresses of a document are made of beside the statute itself.

    Parameters
    ----------
    country : str
        Country of the addresses.
    made : date or None
        Day of the manifestation.
    part : str
        ``main`` or an appendix: ``att_1``.
    """

    country: str
    made: date | None
    part: str = "main"


def write_meta(
    meta: ET.Element,
    statute: Statute,
    duties: Sequence[Duty],
    names: Mapping[str, str],
    edition: Edition,
) -> None:
    """Write the metadata of an act, in the order the schema has.

    Parameters
    ----------
    meta : Element
        Where it goes.
    statute : Statute
    duties : sequence of Duty
    names : mapping
        eIds by stable ids.
    edition : Edition
    """
    authors = _authors(statute)
    _write_identification(meta, statute, authors, edition)
    if day := published(statute):
        child(meta, "publication", {"date": day.isoformat(), "name": "公布", "showAs": "公布"})
    _write_lifecycle(meta, statute)
    organs = organs_of(duties)
    _write_references(meta, statute, authors, organs, edition.country)
    proprietary = child(meta, "proprietary", {"source": SOURCE})
    _write_provenance(proprietary, statute)
    write_duties(proprietary, statute, duties, names, organs)


def write_appendix_meta(meta: ET.Element, statute: Statute, edition: Edition) -> None:
    """Write the metadata of an appendix: only its addresses."""
    _write_identification(meta, statute, _authors(statute), edition)


def _authors(statute: Statute) -> dict[str, str]:
    """Return the organs that passed a statute, by their ids; one that is not named where the head names none."""
    named = passed_by(statute) or tuple(
        dict.fromkeys(organ for event in statute.events if event.kind in _PASSING and (organ := organ_of(event)))
    )
    return {f"author_{at}": organ for at, organ in enumerate(named, 1)} or {"author_1": "未载明"}


def _write_identification(meta: ET.Element, statute: Statute, authors: Mapping[str, str], edition: Edition) -> None:
    part, country, made = edition.part, edition.country, edition.made
    identification = child(meta, "identification", {"source": SOURCE})
    work_uri, expression_uri = work_of(statute, country), expression_of(statute, country)
    adopted = statute.adopted.isoformat() if statute.adopted else NO_DAY
    latest = statute.last_event.isoformat() if statute.last_event else NO_DAY
    work = child(identification, "FRBRWork")
    _write_core(work, work_uri, part, (adopted, "adoption" if statute.adopted else "unknown"))
    for author in authors:
        child(work, "FRBRauthor", {"href": f"#{author}", "as": "#author"})
    child(work, "FRBRcountry", {"value": country})
    if part == "main":
        child(work, "FRBRname", {"value": statute.title or statute.source.name or "untitled"})
    expression = child(identification, "FRBRExpression")
    _write_core(expression, expression_uri, part, (latest, "latest event" if statute.last_event else "unknown"))
    for author in authors:
        child(expression, "FRBRauthor", {"href": f"#{author}", "as": "#author"})
    child(expression, "FRBRlanguage", {"language": LANGUAGE})
    manifestation = child(identification, "FRBRManifestation")
    day = (made.isoformat(), "manifestation") if made else (latest, "expression")
    _write_core(manifestation, expression_uri, part, day, ".xml")
    child(manifestation, "FRBRauthor", {"href": SOURCE})
    child(manifestation, "FRBRformat", {"value": "application/akn+xml"})


def _write_core(level: ET.Element, uri: str, part: str, day: tuple[str, str], ending: str = "") -> None:
    child(level, "FRBRthis", {"value": f"{uri}/!{part}{ending}"})
    child(level, "FRBRuri", {"value": f"{uri}{ending}"})
    child(level, "FRBRdate", {"date": day[0], "name": day[1]})


def _write_lifecycle(meta: ET.Element, statute: Statute) -> None:
    """Write the events of the head and the day in force; the latter bounds the one interval there is."""
    if not statute.events and statute.effect.day is None:
        return
    lifecycle = child(meta, "lifecycle", {"source": SOURCE})
    for at, event in enumerate(statute.events, 1):
        kind = "amendment" if event.kind == "amended" else "generation"
        given = {"eId": f"event_{at}", "date": event.day.isoformat(), "type": kind, "source": "#ro1"}
        child(lifecycle, "eventRef", given | {"refersTo": f"#kind_{readable(event.kind)}"})
    if statute.effect.day is None:
        return
    given = {"eId": "event_in_force", "date": statute.effect.day.isoformat(), "type": "generation", "source": "#ro1"}
    child(lifecycle, "eventRef", given | {"refersTo": "#kind_effect"})
    group = child(child(meta, "temporalData", {"source": SOURCE}), "temporalGroup", {"eId": "period_1"})
    child(group, "timeInterval", {"start": "#event_in_force", "refersTo": "#kind_effect"})


def _write_references(
    meta: ET.Element, statute: Statute, authors: Mapping[str, str], organs: Mapping[str, tuple[str, str]], country: str
) -> None:
    references = child(meta, "references", {"source": SOURCE})
    child(
        references, "original", {"eId": "ro1", "href": expression_of(statute, country), "showAs": statute.title or "-"}
    )
    _refer(references, "TLCProcess", "bridgehead", "process/bridgehead", "bridgehead")
    for eid, organ in authors.items():
        _refer(references, "TLCOrganization", eid, f"organization/{country}/{readable(organ)}", organ)
    for eid, zh, en in _ROLES:
        _refer(references, "TLCRole", eid, f"role/{eid}", f"{zh} ({en})")
    for eid, (name, kind) in organs.items():
        # A private party of a norm is whoever stands in that position; an organ is somebody.
        tag, path = ("TLCRole", "role") if kind == "private" else ("TLCOrganization", "organization")
        _refer(references, tag, eid, f"{path}/{country}/{readable(name)}", name)
    kinds = dict.fromkeys(event.kind for event in statute.events)
    for kind in [*kinds, *(["effect"] if statute.effect.day else [])]:
        _refer(references, "TLCEvent", f"kind_{readable(kind)}", f"event/{readable(kind)}", kind)


def _refer(references: ET.Element, tag: str, eid: str, path: str, words: str) -> None:
    child(references, tag, {"eId": eid, "href": f"/akn/ontology/{path}", "showAs": words})


def _write_provenance(proprietary: ET.Element, statute: Statute) -> None:
    source, effect = statute.source, statute.effect
    given = {"name": source.name, "kind": source.kind, "encoding": source.encoding, "sha256": source.sha256}
    own_child(proprietary, "source", given)
    style = {"style": statute.style, "titled": bool(statute.title_span)}
    own_child(proprietary, "reading", style)
    day = effect.day.isoformat() if effect.day else None
    element = own_child(proprietary, "effect", {"day": day, "rule": effect.rule, "article": effect.article})
    if effect.span is None:
        return
    for paragraph in paragraphs_by_id(statute).values():
        place = place_of(paragraph.whole, effect.span)
        if place and paragraph.id.startswith(effect.article):
            element.attrib.update({"paragraph": paragraph.id} | {name: str(value) for name, value in place.items()})
            return
