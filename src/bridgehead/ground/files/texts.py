"""Text files: which encoding they are in, and that they are text and no page or script."""

from __future__ import annotations

import re

from bridgehead.ground.files.findings import Findings
from bridgehead.kernel.decoding import guess_encoding

_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF8_MARK = b"\xef\xbb\xbf"
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0e-\x1f]")
_MARKUP = re.compile(r"\s*<(?:!doctype|!--|\?xml|\?php|[a-z][a-z0-9:]*[\s/>])", re.IGNORECASE)


def decode_text(content: bytes) -> str | None:
    """Return the text of a file, None if it is none.

    UTF-8 with or without the mark in front, UTF-16 with it, and GB18030 (and with it GBK and GB2312) are taken. Any
    other encoding would have to be guessed, and a wrong guess changes names without anybody noticing.
    """
    try:
        if content[:2] in _WIDE:
            text = content[2:].decode(_WIDE[content[:2]])
        else:
            text = content.removeprefix(_UTF8_MARK).decode("utf-8")
    except UnicodeDecodeError:
        text = _chinese(content)
    return None if text is None or _NOT_TEXT.search(text) else text


def encoding_of(content: bytes) -> str:
    """Return the likeliest encoding of what `decode_text` does not take, empty if it looks like no text at all."""
    return guess_encoding(content) or ""


def read_plain(text: str, findings: Findings) -> None:
    """Refuse a text that a browser would show as a page, or a system would run."""
    if _MARKUP.match(text):
        findings.note("file.markup")
    elif text.startswith("#!"):
        findings.note("file.executable")


def _chinese(content: bytes) -> str | None:
    if content[:2] in _WIDE or encoding_of(content) != "GBK/GB18030":
        return None
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError:
        return None
