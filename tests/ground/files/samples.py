"""Files made on the spot: sound ones of every kind, and hostile ones built from them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

from openpyxl import Workbook
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

CONTENT_TYPES = "[Content_Types].xml"
WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def archive(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def relations(*lines: tuple[str, str, str]) -> str:
    """Return a part of relationships out of (type, target, mode)."""
    rows = "".join(
        f'<Relationship Id="r{place}" Type="{_RELATIONS}/{kind}" Target="{target}"'
        + (f' TargetMode="{mode}"' if mode else "")
        + "/>"
        for place, (kind, target, mode) in enumerate(lines)
    )
    return f'<?xml version="1.0"?><Relationships xmlns="{_PACKAGE_RELATIONS}">{rows}</Relationships>'


def word_parts(body: str = "<w:p/>", main: str = WORD_MAIN) -> dict[str, str | bytes]:
    """Return the parts of a small Word document."""
    return {
        CONTENT_TYPES: '<?xml version="1.0"?>'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": relations(("officeDocument", "word/document.xml", "")),
        "word/document.xml": f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
    }


def word(body: str = "<w:p/>", main: str = WORD_MAIN, **more: str | bytes) -> bytes:
    return archive(word_parts(body, main) | {name.replace("__", "/"): part for name, part in more.items()})


def workbook(rows: list[list[object]] | None = None) -> bytes:
    book = Workbook()
    for row in rows or [["id", "name"], ["a", "甲"]]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def part(content: bytes, name: str) -> str:
    """Return a part of an archive as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name).decode()


def repacked(content: bytes, changes: Mapping[str, str | bytes]) -> bytes:
    """Return an archive with parts changed or added."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts: dict[str, str | bytes] = {name: packed.read(name) for name in packed.namelist()}
    return archive(parts | dict(changes))


def portable(change: DictionaryObject | None = None, *, compress: bool = False) -> bytes:
    """Return a PDF document of one page; ``change`` goes into its root."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    for key, value in (change or {}).items():
        writer.root_object[NameObject(key)] = writer._add_object(value)
    out = io.BytesIO()
    writer.write(out)
    return in_object_stream(out.getvalue()) if compress else out.getvalue()


def script_action() -> DictionaryObject:
    return DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )


def action(kind: str, **more: str) -> DictionaryObject:
    entries = {NameObject(f"/{key}"): TextStringObject(value) for key, value in more.items()}
    return DictionaryObject({NameObject("/S"): NameObject(kind), **entries})


def in_object_stream(_: bytes) -> bytes:
    """Return a document by hand whose catalogue and script stand only inside a compressed object stream."""
    inner = [b"<< /Type /Catalog /Pages 2 0 R /OpenAction 3 0 R >>", b"<< /Type /Pages /Kids [] /Count 0 >>"]
    inner.append(b"<< /S /J#61vaScript /J#53 (app.alert\\(1\\)) >>")
    offsets, body = [], b""
    for number, item in enumerate(inner, start=1):
        offsets.append(f"{number} {len(body)}")
        body += item + b" "
    head = (" ".join(offsets) + " ").encode()
    packed = zlib.compress(head + body)
    out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
    stream_at = len(out)
    out += b"4 0 obj\n<< /Type /ObjStm /N 3 /First %d /Filter /FlateDecode /Length %d >>\nstream\n" % (
        len(head),
        len(packed),
    )
    out += packed + b"\nendstream\nendobj\n"
    table_at = len(out)
    rows = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, stream_at, 0), (1, table_at, 0)]
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    out += b"5 0 obj\n<< /Type /XRef /Size 6 /W [1 4 2] /Root 1 0 R /Filter /FlateDecode /Length %d >>\nstream\n" % len(
        table
    )
    return out + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % table_at


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\x00" + b"\xff\x00\x00" * 2 for _ in range(2))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def jpeg() -> bytes:
    """Return the segments of a JPEG picture with a scan that holds a stuffed byte and a restart mark."""
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, 2, 2, 1) + b"\x01\x11\x00"
    scan = b"\xff\xda" + struct.pack(">HBBBBBB", 8, 1, 1, 0, 0, 63, 0) + b"\x12\xff\x00\x34\xff\xd0\x56"
    return (
        b"\xff\xd8\xff\xe0"
        + struct.pack(">H", 16)
        + b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        + (frame + scan + b"\xff\xd9")
    )


def lying(content: bytes, name: str, claimed_b: int) -> bytes:
    """Return an archive in which both headers of a member claim another length of its content."""
    out = bytearray(content)
    for signature, size_at, name_at, length_at in ((b"PK\x03\x04", 22, 30, 26), (b"PK\x01\x02", 24, 46, 28)):
        place = -1
        while (place := out.find(signature, place + 1)) >= 0:
            (length,) = struct.unpack_from("<H", out, place + length_at)
            if out[place + name_at : place + name_at + length] == name.encode():
                struct.pack_into("<I", out, place + size_at, claimed_b)
    return bytes(out)
