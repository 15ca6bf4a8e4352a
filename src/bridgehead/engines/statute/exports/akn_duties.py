"""Duties as metadata of an act: each points at its paragraph, with offsets in the clean words of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from bridgehead.engines.statute.exports.places import clean_span, paragraphs_by_id, words_of
from bridgehead.engines.statute.exports.xml import own_child, put
from bridgehead.engines.statute.model import Actor, Duty, Modality, Paragraph, Passage, Span, Statute, Term

_GROUPS = (("actor", "actors"), ("coActor", "co_actors"), ("lead", "leads"))


def organs_of(duties: Sequence[Duty]) -> dict[str, tuple[str, str]]:
    """Return canonical name and kind of every organ the duties name, by ids made of their order."""
    found: dict[str, str] = {}
    for duty in duties:
        for actor in (*duty.actors, *duty.co_actors, *duty.leads):
            found.setdefault(actor.organ or actor.name, actor.kind)
    return {f"organ_{at}": (name, kind) for at, (name, kind) in enumerate(found.items(), 1)}


def write_duties(
    proprietary: ET.Element,
    statute: Statute,
    duties: Sequence[Duty],
    names: Mapping[str, str],
    organs: Mapping[str, tuple[str, str]],
) -> None:
    """Write the duties of a statute.

    Parameters
    ----------
    proprietary : Element
        Where they go.
    statute : Statute
    duties : sequence of Duty
    names : mapping
        eIds of provisions by their stable ids.
    organs : mapping
        Name and kind of the organs by their ids; see `organs_of`.
    """
    if not duties:
        return
    group = own_child(proprietary, "duties", {"standing": "derived", "by": "rules"})
    paragraphs = paragraphs_by_id(statute)
    ids = {name: eid for eid, (name, _) in organs.items()}
    for duty in duties:
        _write_duty(group, statute, duty, (paragraphs, names, ids))


_Known = tuple[Mapping[str, Paragraph], Mapping[str, str], Mapping[str, str]]


def _write_duty(group: ET.Element, statute: Statute, duty: Duty, known: _Known) -> None:
    paragraphs, names, ids = known
    within = names.get(duty.paragraph, duty.paragraph)
    flags = {name: getattr(duty, name) or None for name in ("open_list", "reporting", "budget", "assessment")}
    given = {
        "eId": f"{within}__{duty.id.rpartition('__')[2]}",
        "wId": duty.id,
        "refersTo": f"#{within}",
        "article": duty.article,
        "paragraph": duty.paragraph,
        "modality": duty.modality.value,
        "word": duty.word,
        "confidence": repr(duty.confidence),
        "doubts": " ".join(duty.doubts),
        "anchor": duty.anchor,
    }
    element = own_child(group, "duty", {**given, **flags})
    paragraph = paragraphs.get(duty.paragraph)
    passage = paragraph.whole if paragraph else None
    for role, field in _GROUPS:
        for actor in getattr(duty, field):
            about = {"role": f"#{role}", "refersTo": f"#{ids[actor.organ or actor.name]}", "name": actor.name}
            told = {"organ": actor.organ, "kind": actor.kind, "known": actor.known, "inherited": actor.inherited}
            own_child(element, "actor", {**about, **told, **place_of(passage, actor.span)})
    action, evidence = words_of(statute, duty, dict(paragraphs))
    put(own_child(element, "evidence", place_of(passage, duty.evidence)), evidence)
    put(own_child(element, "action", place_of(passage, duty.action)), action)
    for name, term in (("deadline", duty.deadline), ("frequency", duty.frequency)):
        if term is not None:
            about = {"text": term.text, "kind": term.kind, "unit": term.unit}
            own_child(element, name, {**about, "amount": term.amount, **place_of(passage, term.span)})


def place_of(passage: Passage | None, span: Span | None) -> dict[str, object]:
    """Return where a stretch stands in the clean words of its paragraph; nothing where it stands elsewhere."""
    if passage is None or span is None:
        return {}
    start, end = clean_span(passage, span)
    return {"start": start, "end": end} if start < end else {}


def read_duties(proprietary: ET.Element, statute: Statute, own: str) -> tuple[Duty, ...]:
    """Return the duties `write_duties` wrote, with places in the source of the statute that was read back.

    Parameters
    ----------
    proprietary : Element
        Where they stand.
    statute : Statute
        What was read back.
    own : str
        Namespace of our own elements, in braces.
    """
    paragraphs = paragraphs_by_id(statute)
    return tuple(
        _read_duty(element, paragraphs.get(element.get("paragraph", "")), own)
        for element in proprietary.iter(f"{own}duty")
    )


def _read_duty(element: ET.Element, paragraph: Paragraph | None, own: str) -> Duty:
    passage = paragraph.whole if paragraph else None

    def stretch(name: str) -> Span:
        return span_of(passage, element.find(f"{own}{name}")) or Span(0, 0)

    def actors(role: str) -> tuple[Actor, ...]:
        found = element.findall(f"{own}actor")
        return tuple(_read_actor(passage, one) for one in found if one.get("role") == f"#{role}")

    return Duty(
        id=element.get("wId", ""),
        article=element.get("article", ""),
        paragraph=element.get("paragraph", ""),
        modality=Modality(element.get("modality", "declarative")),
        actors=actors("actor"),
        action=stretch("action"),
        evidence=stretch("evidence"),
        co_actors=actors("coActor"),
        leads=actors("lead"),
        open_list=element.get("open_list") == "true",
        word=element.get("word", ""),
        deadline=_read_term(passage, element.find(f"{own}deadline")),
        frequency=_read_term(passage, element.find(f"{own}frequency")),
        reporting=element.get("reporting") == "true",
        budget=element.get("budget") == "true",
        assessment=element.get("assessment") == "true",
        confidence=float(element.get("confidence", "1")),
        doubts=tuple(element.get("doubts", "").split()),
        anchor=element.get("anchor", ""),
    )


def _read_actor(passage: Passage | None, element: ET.Element) -> Actor:
    return Actor(
        element.get("name", ""),
        element.get("organ", ""),
        element.get("kind", "unknown"),
        span_of(passage, element),
        element.get("known") == "true",
        element.get("inherited") == "true",
    )


def _read_term(passage: Passage | None, element: ET.Element | None) -> Term | None:
    if element is None:
        return None
    amount = element.get("amount")
    return Term(
        element.get("text", ""),
        element.get("kind", ""),
        span_of(passage, element) or Span(0, 0),
        int(amount) if amount else None,
        element.get("unit", ""),
    )


def span_of(passage: Passage | None, element: ET.Element | None) -> Span | None:
    """Return the stretch an element points at, in the source of the statute that was read back."""
    if passage is None or element is None or not (start := element.get("start")):
        return None
    return passage.span(int(start), int(element.get("end", start)))
