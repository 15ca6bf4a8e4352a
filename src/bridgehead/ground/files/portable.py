"""PDF documents: nothing that runs, starts, or carries another file, in any revision and in any object stream.

The reading happens in a process of its own with a limit on time and memory: a document made to hang its reader hangs
nobody else. Not only what the cross-reference names is looked at but every object there is, because readers that
mend damaged documents find those too.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

from bridgehead.ground.files.findings import Findings
from bridgehead.ground.files.pictures import check_head

MOST_SECONDS = 20
MOST_OBJECTS = 300_000
MOST_MEMORY_B = 1_500_000_000
SIGNATURE = b"%PDF-"

_OBJECT = re.compile(rb"(?<![0-9])[0-9]{1,10}[\x00\t\n\f\r ]+[0-9]{1,5}[\x00\t\n\f\r ]+obj")
_BEFORE_VALUE = re.compile(rb"(?:[\x00\t\n\f\r ]|%[^\r\n]*[\r\n])*")
_BLANK = b"\x00\t\n\f\r "
_AFTER_END_B = 64
_BY_KEY = {
    "/JS": "file.script",
    "/XFA": "file.script",
    "/EF": "file.embedded_file",
    "/EmbeddedFiles": "file.embedded_file",
    "/RichMediaContent": "file.embedded_file",
}
_BY_WORD = {
    "/JavaScript": "file.script",
    "/Rendition": "file.script",
    "/RichMediaExecute": "file.script",
    "/Launch": "file.launch",
    "/SubmitForm": "file.launch",
    "/ImportData": "file.launch",
    "/GoToR": "file.external_link",
    "/GoToE": "file.embedded_file",
    "/EmbeddedFile": "file.embedded_file",
    "/FileAttachment": "file.embedded_file",
    "/RichMedia": "file.embedded_file",
    "/Movie": "file.embedded_file",
    "/Sound": "file.embedded_file",
}
_WORDS_STAND_AT = ("/S", "/Type", "/Subtype")
_ADDRESS = re.compile(r"(https?://|mailto:|tel:|#|[^:\\]*$)", re.IGNORECASE)


def read_portable(content: bytes, findings: Findings) -> None:
    """Look through a PDF document in a process of its own; what is wrong goes into the findings."""
    _check_end(content, findings)
    check_head(content, findings)
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__],
            input=content,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
            env={**os.environ, "PYTHONWARNINGS": "ignore", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        found = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        found = None
    for code in ["file.too_complicated"] if found is None else found:
        findings.note(code)


def _check_end(content: bytes, findings: Findings) -> None:
    """Note what stands behind the end of the document, or makes it an archive as well."""
    end = content.rfind(b"%%EOF")
    if end < 0:
        findings.note("file.damaged_content")
    elif len(content[end + 5 :].strip(_BLANK)) > _AFTER_END_B or zipfile.is_zipfile(io.BytesIO(content)):
        findings.note("file.mixed")


def examine(content: bytes) -> list[str]:
    """Return the codes of what is wrong with a document, each once."""
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError

    found: dict[str, None] = {}
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            return ["file.encrypted"]
        if "/Pages" not in reader.trailer["/Root"].get_object():
            return ["file.damaged_content"]
    except (RecursionError, MemoryError, LimitReachedError):
        return ["file.too_complicated"]
    except Exception:  # the reader raises whatever its code stumbled over
        return ["file.damaged_content"]
    try:
        for count, item in enumerate(_objects(reader, content)):
            if count > MOST_OBJECTS:
                raise LimitReachedError
            found.update(dict.fromkeys(_judge(item)))
    except (RecursionError, MemoryError, LimitReachedError):
        found["file.too_complicated"] = None
    return list(found)


def _objects(reader: Any, content: bytes) -> Iterator[Any]:
    """Give every object of the file, and those packed into streams, whether anything refers to them or not."""
    yield reader.trailer
    for match in _OBJECT.finditer(content):
        item = _value(reader, content, match.end())
        yield item
        if isinstance(item, dict) and item.get("/Type") == "/ObjStm":
            yield from _packed(reader, item)


def _value(reader: Any, content: bytes, place: int) -> Any:
    """Return the value that stands at a place, None if there is none: a picture may hold what looks like a head."""
    from pypdf.errors import LimitReachedError
    from pypdf.generic import read_object

    stream = io.BytesIO(content)
    before = _BEFORE_VALUE.match(content, place)
    stream.seek(before.end() if before else place)
    try:
        return read_object(stream, reader)
    except (RecursionError, MemoryError, LimitReachedError):
        raise
    except Exception:  # the reader raises whatever its code stumbled over
        return None


def _packed(reader: Any, holder: Any) -> Iterator[Any]:
    """Give the objects of an object stream."""
    data = holder.get_data()
    first = int(holder["/First"])
    numbers = [int(word) for word in data[:first].split()[: 2 * int(holder["/N"])]]
    for offset in numbers[1::2]:
        yield _value(reader, data, first + offset)


def _judge(item: Any) -> Iterator[str]:
    """Give the codes of what stands in an object and directly inside it."""
    waiting = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(list.__iter__(one))
        if not isinstance(one, dict):
            continue
        for key, value in dict.items(one):
            if key in _BY_KEY:
                yield _BY_KEY[key]
            if key in _WORDS_STAND_AT and isinstance(value, str) and value in _BY_WORD:
                yield _BY_WORD[value]
            if key == "/JavaScript":
                yield "file.script"
            if key in ("/OpenAction", "/AA"):
                yield from _judge_start(one.get(key))
            if key == "/URI" and isinstance(value, str | bytes):
                address = value if isinstance(value, str) else value.decode("latin-1")
                if not _ADDRESS.match(address):
                    yield "file.external_link"
            waiting.append(value)


def _judge_start(action: Any) -> Iterator[str]:
    """Give the code of an action that happens by itself and is more than turning to a page."""
    found = action.get_object() if hasattr(action, "get_object") else action
    if not isinstance(found, dict):
        return
    actions = [found] if "/S" in found else [found[key] for key in found]
    for one in actions:
        if isinstance(one, dict) and one.get("/S") not in (None, "/GoTo", "/Named"):
            yield "file.launch"


def main() -> None:
    """Examine the document on the standard input and write the codes as JSON."""
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_B, MOST_MEMORY_B))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import logging

    logging.disable(logging.CRITICAL)
    sys.stdout.write(json.dumps(examine(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
