"""What the commands of ``bridgehead statute`` read and write: texts in, whole files out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridgehead.kernel.errors import BridgeheadError, Fault, Place, sentence

if TYPE_CHECKING:
    from bridgehead.engines.statute.model import Anomaly, Duty, Statute
    from bridgehead.engines.statute.versions import Change, Comparison
    from bridgehead.engines.statute.versions.model import Piece

ENDINGS = {"akn": ".akn.xml", "jsonld": ".jsonld", "csv": ".csv", "docx": ".docx"}


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file.

    Of one without end, as a device may be, only so much is read as it takes to see that it is too large.

    Raises
    ------
    BridgeheadError
        ``statute.file_not_readable`` or ``statute.too_large``.
    """
    from bridgehead.engines.statute.decode import LARGEST_ARCHIVE_B, LARGEST_TEXT_B

    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_ARCHIVE_B + 1)
            size_b = max(len(content), os.fstat(stream.fileno()).st_size)
    except OSError as reason:
        told = {"file": str(path), "reason": reason.strerror or str(reason)}
        raise BridgeheadError("statute.file_not_readable", told, Place(file=path.name)) from reason
    if len(content) > LARGEST_ARCHIVE_B:
        limit_b = LARGEST_ARCHIVE_B if content.startswith(b"PK") else LARGEST_TEXT_B
        sizes = {"size_mb": -(-size_b // 1_000_000), "limit_mb": round(limit_b / 1_000_000)}
        raise BridgeheadError("statute.too_large", {"name": path.stem, **sizes}, Place(file=path.name))
    return content


def read_file(path: Path) -> Statute:
    """Read a file as a statute.

    Raises
    ------
    BridgeheadError
        Where the file cannot be read, or is no text of a statute.
    """
    from bridgehead.engines.statute.decode import source_of
    from bridgehead.engines.statute.reader import read

    return read(source_of(read_bytes(path), path.name))


def read_files(paths: Sequence[Path]) -> list[Statute]:
    """Read files as statutes.

    Raises
    ------
    BridgeheadError
        Everything that is wrong with any of them.
    """
    statutes: list[Statute] = []
    faults: list[Fault] = []
    for path in paths:
        try:
            statutes.append(read_file(path))
        except BridgeheadError as error:
            faults += error.faults
    if faults:
        raise BridgeheadError.of(faults)
    return statutes


class DutyReader:
    """Reads duties by the shipped rules and the organs of a region, which are loaded once.

    Parameters
    ----------
    region : Path, optional
        Folder of the region; the one the platform ships with by default.
    """

    def __init__(self, region: Path | None) -> None:
        from bridgehead.engines.statute.rules import shipped
        from bridgehead.regions.load import load_region
        from bridgehead.regions.organs import gazetteer_of

        self.rules = shipped()
        self.gazetteer = gazetteer_of(load_region(region))

    def duties(self, statute: Statute) -> tuple[Duty, ...]:
        """Return the duties of a statute."""
        from bridgehead.engines.statute.duties import duties_of

        return duties_of(statute, self.rules, self.gazetteer)


def write_whole(path: Path, chunks: Iterable[bytes], *, overwrite: bool) -> None:
    """Write a file, whole or not at all.

    Raises
    ------
    BridgeheadError
        ``statute.output_exists`` where it is there and may not be overwritten; ``statute.output_not_written``.
    """
    refuse_existing(path, overwrite=overwrite)
    part = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as out:
            part = out.name
            for chunk in chunks:
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        _take_usual_rights(part)
        if overwrite:
            os.replace(part, path)
        else:
            _put_new(part, path)
    except OSError as reason:
        told = {"file": str(path), "reason": reason.strerror or str(reason)}
        raise BridgeheadError("statute.output_not_written", told) from reason
    finally:
        if part:
            Path(part).unlink(missing_ok=True)


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Refuse a file that is there, unless it may be overwritten.

    Raises
    ------
    BridgeheadError
        ``statute.output_exists``.
    """
    if path.is_dir() or (not overwrite and (path.exists() or path.is_symlink())):
        raise BridgeheadError("statute.output_exists", {"file": str(path)})


def _put_new(part: str, path: Path) -> None:
    """Give a file its name, unless somebody took that name meanwhile."""
    try:
        os.link(part, path)
    except FileExistsError as taken:
        raise BridgeheadError("statute.output_exists", {"file": str(path)}) from taken
    except OSError:  # a file system without links
        os.replace(part, path)


def _take_usual_rights(part: str) -> None:
    mask = os.umask(0)
    os.umask(mask)
    os.chmod(part, 0o666 & ~mask)


def exported(kind: str, statute: Statute, duties: Sequence[Duty], language: str) -> bytes:
    """Return a statute, or its register, in one of the forms of `ENDINGS`."""
    if kind == "akn":
        from bridgehead.engines.statute.exports.akn import to_akn

        return to_akn(statute, duties)
    if kind == "jsonld":
        from bridgehead.engines.statute.exports.json_ld import to_json_ld

        return to_json_ld(statute)
    from bridgehead.engines.statute.exports.register import rows_of, to_csv

    rows = rows_of(statute, duties, language)
    if kind == "csv":
        return to_csv(rows, language)
    from bridgehead.render.docx_register import docx_register, head_of

    return docx_register(head_of(statute), rows, language)


def warning_of(anomaly: Anomaly, name: str) -> Fault:
    """Return an anomaly as a warning with its place."""
    return Fault(anomaly.code, dict(anomaly.parameters), Place(file=name, row=anomaly.line), "warning")


def structure_json(path: Path, statute: Statute, language: str) -> dict[str, Any]:
    """Return what was read of a file in JSON types: structure, counts, every warning; no text."""
    effect = statute.effect
    return {
        "file": str(path),
        "doc": statute.source.name,
        "title": statute.title,
        "sha256": statute.source.sha256,
        "encoding": statute.source.encoding,
        "kind": statute.source.kind,
        "style": statute.style,
        "events": [{"day": one.day.isoformat(), "kind": one.kind, "what": one.what} for one in statute.events],
        "effect": {"day": effect.day.isoformat() if effect.day else None, "rule": effect.rule},
        "counts": counts_of(statute),
        "chapters": [{"id": one.id, "number": one.number, "title": one.title} for one in statute.chapters],
        "sections": [{"id": one.id, "number": one.number, "title": one.title} for one in statute.sections],
        "articles": [
            {
                "id": one.id,
                "label": one.label,
                "chapter": one.chapter,
                "section": one.section,
                "paragraphs": len(one.paragraphs),
                "items": sum(len(paragraph.items) for paragraph in one.paragraphs),
                "start": one.span.start,
                "end": one.span.end,
            }
            for one in statute.articles
        ],
        "warnings": [_warning_json(one, path.name, language) for one in statute.anomalies],
    }


def counts_of(statute: Statute) -> dict[str, int]:
    """Return how many provisions of each kind there are."""
    paragraphs = [paragraph for article in statute.articles for paragraph in article.paragraphs]
    items = [item for paragraph in paragraphs for item in paragraph.items]
    return {
        "chapters": len(statute.chapters),
        "sections": len(statute.sections),
        "articles": len(statute.articles),
        "paragraphs": len(paragraphs),
        "items": len(items),
        "subitems": sum(len(item.subitems) for item in items),
        "appendices": len(statute.appendices),
        "warnings": len(statute.anomalies),
    }


def _warning_json(anomaly: Anomaly, name: str, language: str) -> dict[str, Any]:
    words = sentence(warning_of(anomaly, name), language)
    return {"code": anomaly.code, "line": anomaly.line, "message": words.message, "cure": words.cure}


def duty_json(statute: Statute, duty: Duty, words: tuple[str, str]) -> dict[str, Any]:
    """Return a duty in JSON types; offsets are characters of the text."""
    from dataclasses import asdict

    told = {name: value for name, value in asdict(duty).items() if name not in ("action", "evidence")}
    for name, span, own in (("action", duty.action, words[0]), ("evidence", duty.evidence, words[1])):
        told[name] = {"text": own, "start": span.start, "end": span.end}
    told["modality"] = duty.modality.value
    told["successors"] = _successors_json(duty)
    told["line"] = statute.source.line_of(duty.evidence.start)
    return told


def _successors_json(duty: Duty) -> list[dict[str, Any]]:
    """Return who took over the tasks of organs that are no more, with the decisions."""
    from bridgehead.engines.statute.successors import chain_of

    organs = dict.fromkeys(actor.organ for actor in (*duty.actors, *duty.co_actors))
    return [
        {
            "former": step.former,
            "successors": list(step.successors),
            "since": step.since.isoformat(),
            "basis": step.basis,
            "note": step.note,
        }
        for organ in organs
        for step in chain_of(organ)
    ]


def comparison_json(found: Comparison) -> dict[str, Any]:
    """Return a comparison in JSON types."""
    likeness = found.likeness
    return {
        "same_law": found.same_law,
        "likeness": {
            "title": round(likeness.title, 3),
            "text": round(likeness.text, 3),
            "reasons": [{"code": one.code, "value": one.value} for one in likeness.reasons],
        },
        "old": {"doc": found.old.source.name, "title": found.old.title},
        "new": {"doc": found.new.source.name, "title": found.new.title},
        "title": _pieces_json(found.title),
        "edits": [_change_json(change, deep=False) for change in found.edits],
        "headings": [_change_json(change) for change in found.headings],
        "articles": [_change_json(change) for change in found.articles],
        "appendices": [_change_json(change) for change in found.appendices],
    }


def _change_json(change: Change, *, deep: bool = True) -> dict[str, Any]:
    told: dict[str, Any] = {
        "level": change.level.value,
        "kind": change.kind.value,
        "old": list(change.old),
        "new": list(change.new),
        "likeness": round(change.likeness, 3),
    }
    if change.touched or change.follows:
        told["pieces"] = _pieces_json(change.pieces)
    if deep and change.parts:
        told["parts"] = [_change_json(part) for part in change.parts]
    return told


def _pieces_json(pieces: Sequence[Piece]) -> list[dict[str, str]]:
    return [{"mark": one.mark.value, "text": one.text, "cause": one.cause.value} for one in pieces]
