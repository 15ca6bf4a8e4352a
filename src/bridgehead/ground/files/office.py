"""Word documents and Excel workbooks: which of the two it is, and nothing in them that runs or reaches out."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from bridgehead.ground.files.archives import Reader, read_archive
from bridgehead.ground.files.findings import Findings
from bridgehead.ground.files.weights import PartScale, TooHeavy, Weights

_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.ms-word.document.macroenabled.main+xml": "docx",
    "application/vnd.ms-excel.sheet.macroenabled.main+xml": "xlsx",
}
_TYPES = "[Content_Types].xml"
_ROOT = "_rels/.rels"
_STYLES = "xl/styles.xml"
_OFFICE_DOCUMENT = "/officedocument"

_BY_TYPE = (
    ("file.macros", re.compile(r"macroenabled|vbaproject|vbadata|ms-office\.vba|macrosheet|dialogsheet")),
    ("file.activex", re.compile(r"activex")),
    ("file.embedded_object", re.compile(r"oleobject|officedocument\.package|vnd\.ms-package|x-ole")),
    ("file.external_link", re.compile(r"externallink|querytable|\.connections\+xml")),
)
_BY_NAME = (
    ("file.macros", re.compile(r"vba(project|data)[^/]*$|/macrosheets/|/dialogsheets/")),
    ("file.activex", re.compile(r"/activex/")),
    (
        "file.embedded_object",
        re.compile(r"/embeddings/|oleobject[^/]*$|\.(exe|dll|scr|js|vbs|bat|cmd|ps1|html?|jar|lnk)$"),
    ),
    ("file.external_link", re.compile(r"/externallinks/|/querytables/|/connections\.xml$")),
)
_BY_RELATION = {
    "vbaproject": "file.macros",
    "xlmacrosheet": "file.macros",
    "xlintlmacrosheet": "file.macros",
    "control": "file.activex",
    "activexcontrolbinary": "file.activex",
    "oleobject": "file.embedded_object",
    "package": "file.embedded_object",
    "afchunk": "file.embedded_object",
    "attachedtemplate": "file.external_link",
    "externallink": "file.external_link",
    "externallinkpath": "file.external_link",
    "frame": "file.external_link",
    "subdocument": "file.external_link",
}
_BY_HEAD = (b"MZ", b"\x7fELF", b"\xd0\xcf\x11\xe0", b"%PDF", b"\xca\xfe\xba\xbe", b"#!")
_PLAIN_ADDRESS = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
_REACHING_FIELD = re.compile(
    r"\b(DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT)\b|\bQUOTE(\s+\d+)+|^\s*(LINK|EMBED)\b", re.IGNORECASE
)


@dataclass
class _Package:
    """What the parts of a package say of each other."""

    findings: Findings
    defaults: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, str] = field(default_factory=dict)
    main: str = ""
    weights: Weights | None = None
    """What is counted, None where nobody is going to read the workbook as a table."""
    mains: set[str] = field(default_factory=set)
    """Parts that were declared as a main one, be it among other things."""

    def type_of(self, part: str) -> str:
        """Return the declared type of a part, in small letters."""
        ending = part.rpartition(".")[2].lower()
        return self.overrides.get(f"/{part}".lower(), self.defaults.get(ending, ""))


def read_office(content: bytes, findings: Findings, *, weighed: bool = False) -> str:
    """Return ``docx`` or ``xlsx``, or an empty text for another kind of archive; what is wrong goes into the findings.

    Members are inflated under the limits of `archives`; every XML part must be well formed and without a document
    type, so that no entity can unfold or read anything; hyperlinks to the web and to mail are the only references
    outward. A workbook that is going to be read as a table is ``weighed`` on the way and refused beyond the limits of
    `weights`.
    """
    package = _Package(findings, weights=Weights() if weighed else None)
    try:
        heads = read_archive(content, findings, lambda name: _reader(package, name))
        _check_pieces(package)
    except TooHeavy as reason:
        findings.note("file.workbook_too_heavy", what=reason.what, limit=reason.limit)
        return "xlsx"
    kind = _MAIN.get(package.type_of(package.main), "") if package.main else ""
    if not heads or _TYPES not in heads:
        return kind
    for part, head in heads.items():
        for code, pattern in _BY_TYPE:
            if pattern.search(package.type_of(part)):
                findings.note(code, part)
        for code, pattern in _BY_NAME:
            if pattern.search(f"/{part}".lower()):
                findings.note(code, part)
        if head.startswith(_BY_HEAD):
            findings.note("file.embedded_object", part)
    return kind


def _check_pieces(package: _Package) -> None:
    """Refuse parts that are read as a whole, and are too large for it."""
    if package.weights is not None:
        for part in package.weights.in_parts:
            if part in (_TYPES, _STYLES) or part.endswith(".rels") or part.lower() in package.mains:
                package.weights.check_piece(part)


def _one_after_the_other(first: Callable[..., None], second: Callable[..., None] | None) -> Callable[..., None]:
    if second is None:
        return first

    def both(*told: Any) -> None:
        first(*told)
        second(*told)

    return both


class _Part:
    """One XML part, parsed as it is inflated.

    What its name says nothing of, is parsed if it is to be weighed: whoever reads the workbook may take it for XML.
    """

    def __init__(self, package: _Package, name: str) -> None:
        self.package, self.name = package, name
        self.named_xml = _is_named_xml(name)
        self.broken = False
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.instruction: list[str] | None = None
        if name == _TYPES:
            self.parser.StartElementHandler = self.content_type
        elif name.endswith(".rels"):
            self.parser.StartElementHandler = self.relationship
        elif name.lower().startswith("word/"):
            self.parser.StartElementHandler = self.word
            self.parser.EndElementHandler = self.word_end
        self.scale = PartScale(package.weights, name) if package.weights is not None else None
        if self.scale is not None:
            self.parser.StartElementHandler = _one_after_the_other(self.scale.start, self.parser.StartElementHandler)
            self.parser.EndElementHandler = _one_after_the_other(self.scale.end, self.parser.EndElementHandler)

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes, or none at the end; after the first fault the rest passes by."""
        if self.broken:
            return
        try:
            self.parser.Parse(chunk, not chunk)
        except _Doctype:
            self.broken = True
            self.package.findings.note("file.document_type", self.name)
        except (expat.ExpatError, ValueError, LookupError):
            self.broken = True
            if self.named_xml:
                self.package.findings.note("file.damaged_content", self.name)
        if self.scale is not None:
            self.scale.judge(len(chunk), self.parser.CurrentByteIndex)

    def doctype(self, *_: object) -> None:
        """Refuse a document type, with which entities come in."""
        raise _Doctype

    def content_type(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Remember the type of an ending or of a part."""
        declared = attributes.get("ContentType", "").strip().lower()
        if tag.endswith(" Default"):
            self.package.defaults[attributes.get("Extension", "").lower()] = declared
        elif tag.endswith(" Override"):
            part = attributes.get("PartName", "").lower()
            self.package.overrides[part] = declared
            if declared in _MAIN:
                self.package.mains.add(part.lstrip("/"))

    def relationship(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note a relationship to what runs or lies outside; remember the main part."""
        if not tag.endswith(" Relationship"):
            return
        relation = attributes.get("Type", "").rpartition("/")[2].lower()
        target = attributes.get("Target", "")
        if relation in _BY_RELATION:
            self.package.findings.note(_BY_RELATION[relation], self.name)
        if attributes.get("TargetMode", "").lower() == "external":
            harmless = relation == "hyperlink" and _PLAIN_ADDRESS.match(target)
            if not harmless:
                self.package.findings.note("file.external_link", self.name)
        elif self.name == _ROOT and attributes.get("Type", "").lower().endswith(_OFFICE_DOCUMENT):
            self.package.main = posixpath.normpath(posixpath.join("/", target)).lstrip("/")

    def word(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Look at field instructions: some fetch other files or start programs."""
        local = tag.rpartition(" ")[2]
        if local == "fldSimple":
            for name, value in attributes.items():
                if name.rpartition(" ")[2] == "instr":
                    self.check(value)
        elif local == "instrText":
            if self.instruction is None:
                self.instruction = []
            self.parser.CharacterDataHandler = self.instruction.append

    def word_end(self, tag: str) -> None:
        """Judge an instruction when its paragraph ends: it may be cut into many runs."""
        local = tag.rpartition(" ")[2]
        if local == "instrText":
            self.parser.CharacterDataHandler = None
        elif local == "p" and self.instruction is not None:
            self.check("".join(self.instruction))
            self.instruction = None

    def check(self, instruction: str) -> None:
        """Note an instruction that reaches outside the document."""
        if _REACHING_FIELD.search(instruction):
            self.package.findings.note("file.external_link", self.name)


class _Doctype(Exception):  # noqa: N818 - caught where it is raised
    """A part declares a document type."""


def _reader(package: _Package, name: str) -> Reader | None:
    return _Part(package, name).feed if package.weights is not None or _is_named_xml(name) else None


def _is_named_xml(name: str) -> bool:
    return name == _TYPES or name.lower().endswith((".xml", ".rels", ".vml"))
