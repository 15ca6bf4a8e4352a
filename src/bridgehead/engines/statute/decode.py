"""Bytes of a file to a source: encodings, markdown, web pages, .docx; refusals for what is no text."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath

from bridgehead.engines.statute.docx import is_docx, text_of_docx
from bridgehead.engines.statute.model import Anomaly, Source
from bridgehead.engines.statute.webpage import is_webpage
from bridgehead.kernel.decoding import guess_encoding
from bridgehead.kernel.errors import BridgeheadError, Place

LARGEST_TEXT_B = 2 * 1024 * 1024
"""Bytes of text; the longest statutes have about 0.5 MB."""
LARGEST_PAGE_B = 10 * 1024 * 1024
"""Bytes of a web page, most of which are no words of the text."""
MOST_LINES = 50_000
"""Lines of text; the longest statutes have about 5,000."""
LARGEST_ARCHIVE_B = 20 * 1024 * 1024

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_KINDS = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Word 97-2003 (.doc)"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG\r\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM\x36", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"RIFF", "RIFF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "RAR"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"MZ\x90", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3", "SQLite"),
    (b"AT&TFORM", "DjVu"),
    (b"%!PS", "PostScript"),
)
_ZIPS = ((b"word/", "docx"), (b"xl/", "XLSX"), (b"ppt/", "PPTX"), (b"mimetypeapplication/vnd.oasis", "OpenDocument"))
_CHINESE = ("gbk", "gb18030", "big5", "big5hkscs", "cp950")
_SHOWN = {"gb18030": "GB18030", "gbk": "GBK", "big5": "Big5", "big5hkscs": "Big5-HKSCS", "cp950": "CP950"}
_CONTROL = re.compile(r"[\x00-\x06\x08\x0e-\x19\x1b\x7f]")
_PROSE = re.compile(r"[\u4e00-\u9fff\u3000-\u303f\uff00-\uff60\s0-9]")
_SUFFIXES = (".md", ".markdown", ".txt", ".text", ".docx", ".html", ".htm", ".doc", ".pdf")


def source_of(data: bytes, file_name: str) -> Source:
    """Return the text of a file as it came in.

    Parameters
    ----------
    data : bytes
        The file.
    file_name : str
        Its name; the name of the document is this without its ending.

    Raises
    ------
    BridgeheadError
        Where the file is empty, too large, of another kind than text, markdown, web page or .docx, or damaged.
    """
    name = _name_of(file_name)
    place = Place(file=file_name or None)
    if not data.strip():
        raise BridgeheadError("statute.empty", {"name": name}, place)
    if data.startswith(b"PK\x03\x04"):
        return _source_of_archive(data, name, place)
    if kind := _other_kind(data):
        raise BridgeheadError("statute.wrong_kind", {"name": name, "found": kind}, place)
    if len(data) > LARGEST_PAGE_B:
        raise _too_large(len(data), LARGEST_PAGE_B, name, place)
    mark, encoding, text = _decoded(data, name, place)
    if not text.strip("\ufeff\u200b \t\r\n\u3000"):
        raise BridgeheadError("statute.empty", {"name": name}, place)
    if _CONTROL.search(text) and ("\x00" in text or len(_CONTROL.findall(text)) > max(8, len(text) // 200)):
        raise BridgeheadError("statute.not_text", {"name": name}, place)
    anomalies: tuple[Anomaly, ...] = ()
    if encoding != "utf-8":
        shown = _SHOWN.get(encoding, encoding.upper())
        anomalies = (Anomaly("statute.converted", 1, None, (("encoding", shown),)),)
    kind = _kind_of(text, file_name)
    if kind != "html" and len(data) > LARGEST_TEXT_B:
        raise _too_large(len(data), LARGEST_TEXT_B, name, place)
    _refuse_too_many_lines(text, name, place)
    return Source(name, text, encoding, mark, kind, hashlib.sha256(data).hexdigest(), anomalies)


def source_of_text(text: str, name: str = "") -> Source:
    """Return a text that was pasted as a source.

    Raises
    ------
    BridgeheadError
        As for a file of it.
    """
    try:
        data = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise BridgeheadError(
            "statute.undecodable", {"name": name, "line": text.count("\n", 0, error.start) + 1}
        ) from error
    return source_of(data, name)


def _name_of(file_name: str) -> str:
    path = PurePosixPath(file_name.replace("\\", "/"))
    return path.stem if path.suffix.lower() in _SUFFIXES else path.name


def _too_large(size_b: int, limit_b: int, name: str, place: Place) -> BridgeheadError:
    sizes = {"size_mb": -(-size_b // 1_000_000), "limit_mb": round(limit_b / 1_000_000)}
    return BridgeheadError("statute.too_large", {"name": name, **sizes}, place)


def _refuse_too_many_lines(text: str, name: str, place: Place) -> None:
    count = max(text.count("\n"), text.count("\r")) if len(text) > MOST_LINES else 0
    if count > MOST_LINES:
        raise BridgeheadError("statute.too_many_lines", {"name": name, "count": count, "limit": MOST_LINES}, place)


def _source_of_archive(data: bytes, name: str, place: Place) -> Source:
    if not is_docx(data):
        kind = next((kind for sign, kind in _ZIPS if sign in data[:4096] or sign in data[-65536:]), "ZIP")
        kind = "ZIP" if kind == "docx" else kind
        raise BridgeheadError("statute.wrong_kind", {"name": name, "found": kind}, place)
    if len(data) > LARGEST_ARCHIVE_B:
        raise _too_large(len(data), LARGEST_ARCHIVE_B, name, place)
    text, anomalies = text_of_docx(data, name, place)
    if not text.strip():
        raise BridgeheadError("statute.empty", {"name": name}, place)
    if len(text) > LARGEST_TEXT_B:
        raise _too_large(len(text), LARGEST_TEXT_B, name, place)
    _refuse_too_many_lines(text, name, place)
    return Source(name, text, "utf-8", b"", "docx", hashlib.sha256(data).hexdigest(), anomalies)


def _other_kind(data: bytes) -> str:
    """Return the name of a kind of file that is no text, empty for text."""
    for sign, kind in _KINDS:
        if data.startswith(sign):
            if kind.startswith("Word") and b"E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P" in data:
                return "Word, encrypted"
            return kind
    head = data[:1024]
    if head.lstrip().startswith(b"%PDF-") or (b"%PDF-" in head and b"\x00" in data[:65536]):
        return "PDF"
    return "MP4" if data[4:8] == b"ftyp" else ""


def _decoded(data: bytes, name: str, place: Place) -> tuple[bytes, str, str]:
    """Return byte order mark, codec and text; the codec turns the text back into the bytes."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _strictly(data[len(mark) :], encoding)
            if text is None:
                raise _undecodable(data, name, place)
            return mark, encoding, text
    text = _strictly(data, "utf-8")
    if text is not None and "\x00" not in text:
        return b"", "utf-8", text
    for encoding in ("utf-16-le", "utf-16-be"):
        if (wide := _strictly(data, encoding)) is not None and _is_prose(wide):
            return b"", encoding, wide
    guess = guess_encoding(data)
    if guess is not None and guess.startswith(("GB", "Big5")):
        codecs = _CHINESE if guess.startswith("GB") else (*_CHINESE[2:], *_CHINESE[:2])
        for encoding in codecs:
            if (text := _strictly(data, encoding)) is not None:
                return b"", encoding, text
    raise _undecodable(data, name, place)


def _undecodable(data: bytes, name: str, place: Place) -> BridgeheadError:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if guess_encoding(data) is None and b"\x00" in data:
            return BridgeheadError("statute.not_text", {"name": name}, place)
        line = data.count(b"\n", 0, error.start) + 1
        return BridgeheadError("statute.undecodable", {"name": name, "line": line}, place)
    return BridgeheadError("statute.not_text", {"name": name}, place)


def _strictly(data: bytes, encoding: str) -> str | None:
    """Return the text where it decodes and encodes to the same bytes again."""
    try:
        text = data.decode(encoding)
        return text if encoding == "utf-8" or text.encode(encoding) == data else None
    except UnicodeError:
        return None


def _is_prose(text: str) -> bool:
    """Whether bytes read as wide characters are Chinese prose."""
    sample = text[:4000]
    return len(_PROSE.findall(sample)) >= 0.8 * len(sample) and any("\u4e00" <= mark <= "\u9fff" for mark in sample)


def _kind_of(text: str, file_name: str) -> str:
    if is_webpage(text):
        return "html"
    if file_name.lower().endswith((".md", ".markdown")) or "<!-- INFO END -->" in text[:20_000]:
        return "markdown"
    return "markdown" if text.lstrip()[:2] == "# " else "text"
