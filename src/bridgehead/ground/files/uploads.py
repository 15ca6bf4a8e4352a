"""Files on their way in: cut off at the limit while they arrive, read whole once they are there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from bridgehead.ground.files.kinds import Kind, inspect, plain_name
from bridgehead.ground.files.store import MEGABYTE_B, FileStore, too_large
from bridgehead.kernel.errors import BridgeheadError

_CUT_OFF = "files_cut_off"


def file_store() -> FileStore:
    """Return the store of the data folder, with the limit of the settings."""
    return FileStore(settings.BRIDGEHEAD_DATA / "files", round(settings.BRIDGEHEAD_FILE_MB * MEGABYTE_B))


class UpToTheLimit(FileUploadHandler):
    """Lets the bytes of a file through until they are too many; the rest is read from the line and dropped.

    So the other fields of the form arrive, and the form can be shown again with what was filled in.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self.size_b = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a piece on, or give the file up."""
        self.size_b += len(raw_data)
        if self.size_b > file_store().largest_b:
            assert self.request is not None
            vars(self.request).setdefault(_CUT_OFF, set()).add(self.field_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind."""


def chosen(request: HttpRequest, field: str) -> bool:
    """Tell whether a file came with a form, even one that was cut off."""
    return field in request.FILES or field in vars(request).get(_CUT_OFF, ())


def uploaded(request: HttpRequest, field: str) -> tuple[bytes, str, str]:
    """Return content, name and declared type of a file of a form.

    Raises
    ------
    BridgeheadError
        ``file.none_chosen`` or ``file.too_large``.
    """
    sent = request.FILES.get(field)
    if field in vars(request).get(_CUT_OFF, ()):
        raise too_large(file_store().largest_b)
    if sent is None:
        raise BridgeheadError("file.none_chosen")
    with sent:
        return sent.read(), sent.name or "", sent.content_type or ""


@dataclass(frozen=True)
class Received:
    """A file that has been checked and lies in the store; `receive` makes them."""

    name: str
    kind: Kind
    sha256: str
    size_b: int


def receive(
    content: bytes, name: str, declared: str = "", *, taken: Iterable[str] = (), as_table: bool = False
) -> Received:
    """Check a file and put it into the store, before any transaction begins: neither may keep others waiting.

    Parameters
    ----------
    content, name, declared
        The bytes, the name and the media type as they were sent.
    taken : iterable of str
        Names of the kinds wanted; all by default.
    as_table : bool
        Whether a workbook is going to be read, and not only kept.

    Raises
    ------
    BridgeheadError
        Whatever `bridgehead.ground.files.kinds.inspect` and the store find.
    """
    plain = plain_name(name)
    if len(content) > file_store().largest_b:
        raise too_large(file_store().largest_b)
    kind = inspect(content, plain, declared, taken=taken, as_table=as_table)
    kept = file_store().put([content])
    return Received(plain, kind, kept.sha256, kept.size_b)
