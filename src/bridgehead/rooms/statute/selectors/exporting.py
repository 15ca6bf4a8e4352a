"""A version as a file: the text, or its provisions and duties with what people answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from bridgehead.engines.statute.exports.akn import to_akn
from bridgehead.engines.statute.exports.json_ld import to_json_ld
from bridgehead.engines.statute.exports.register import rows_of, to_csv
from bridgehead.engines.statute.model import Actor, Duty, Modality, Statute, Term
from bridgehead.ground.access.gate import visible
from bridgehead.ground.access.viewer import Viewer
from bridgehead.ground.files.uploads import file_store
from bridgehead.ground.language import language
from bridgehead.kernel.errors import BridgeheadError
from bridgehead.render.docx_register import docx_register, head_of
from bridgehead.rooms.statute.models import Bearer, DutyRow, StatuteVersion
from bridgehead.rooms.statute.parsing import reading_of

TEXT = "text"
"""The file as it was handed in."""
SAID = "said"
"""Kind of a term in a person's words; the text has others, or none."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to send."""

    content: bytes
    name: str
    media_type: str


Writer = Callable[[Statute, "list[Duty]"], bytes]

WRITERS: Mapping[str, tuple[Writer, str]] = {
    "docx": (
        lambda statute, duties: docx_register(head_of(statute), rows_of(statute, duties, language()), language()),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "csv": (lambda statute, duties: to_csv(rows_of(statute, duties, language()), language()), "text/csv"),
    "akn": (to_akn, "application/akn+xml"),
    "jsonld": (lambda statute, duties: to_json_ld(statute), "application/ld+json"),
}
ENDINGS = {"akn": "akn.xml"}


def file_of(viewer: Viewer, version: int, kind: str) -> File:
    """Return a version as a file.

    Parameters
    ----------
    viewer : Viewer
        Who asks.
    version : int
        The version.
    kind : str
        ``docx`` or ``csv`` of its duties, ``akn``, ``jsonld``, or ``text`` for the file as it was handed in.

    Raises
    ------
    BridgeheadError
        ``statute.no_such_version``, ``statute.unknown_export``, ``file.missing`` or ``file.damaged``.
    """
    record = visible(StatuteVersion, viewer).filter(pk=version, withdrawn_at=None).first()
    if record is None:
        raise BridgeheadError("statute.no_such_version", {"id": str(version)})
    if kind == TEXT:
        return File(file_store().open_whole(record.sha256), record.file_name, "application/octet-stream")
    if kind not in WRITERS:
        raise BridgeheadError("statute.unknown_export", {"kind": kind, "allowed": [*WRITERS, TEXT]})
    write, media_type = WRITERS[kind]
    content = write(reading_of(record).statute, answered_duties(viewer, record))
    return File(content, f"{PurePath(record.file_name).stem}.{ENDINGS.get(kind, kind)}", media_type)


def answered_duties(viewer: Viewer, version: StatuteVersion) -> list[Duty]:
    """Return the duties of a version with people's answers laid over what the rules read."""
    return with_answers(version, visible(DutyRow, viewer).filter(statute=version).prefetch_related("bearers"))


def with_answers(version: StatuteVersion, rows: Iterable[DutyRow]) -> list[Duty]:
    """Return the duties read in a version as its rows have them by now; what a person says is none is left out."""
    held = {row.anchor: row for row in rows}
    found = ((duty, held.get(duty.anchor)) for duty in reading_of(version).duties)
    return [_answered(duty, row) for duty, row in found if row is None or row.standing != DutyRow.Standing.REJECTED]


def _answered(duty: Duty, row: DutyRow | None) -> Duty:
    if row is None or row.standing == DutyRow.Standing.READ:
        return duty
    read = {actor.organ: actor for actor in (*duty.actors, *duty.co_actors)}
    parts: dict[str, list[Actor]] = {part: [] for part in Bearer.Part.values}
    for one in row.bearers.all():
        actor = read.get(one.organ) or Actor(one.name, one.organ, one.kind, known=one.known)
        parts[one.part].append(replace(actor, inherited=False))
    return replace(
        duty,
        actors=(*parts["lead"], *parts["actor"]),
        leads=tuple(parts["lead"]),
        co_actors=tuple(parts["co_actor"]),
        open_list=row.open_list,
        modality=Modality(row.modality),
        deadline=_term(duty, duty.deadline, row.deadline),
        frequency=_term(duty, duty.frequency, row.frequency),
        reporting=row.reporting,
        budget=row.budget,
        assessment=row.assessment,
        doubts=(row.standing,),
    )


def _term(duty: Duty, read: Term | None, said: str) -> Term | None:
    """Return a deadline or frequency as it is said now: the one that was read, or a person's words for it."""
    if not said or (read is not None and read.text == said):
        return read if said else None
    return Term(said, SAID, duty.evidence)
