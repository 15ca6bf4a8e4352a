"""Files of forms that were refused: kept for a day for whoever sent them, so that nobody has to choose them again.

The content lies in the store already, where no record names it. The form that comes back carries a signed word for it,
bound to the person; sent again with that word, the form has its file. What no record names after a day is removed.
"""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass

from django.core import signing
from django.db import connection

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.files.kinds import kinds
from bridgehead.ground.files.naming import naming_files
from bridgehead.ground.files.uploads import Received, file_store
from bridgehead.kernel.errors import BridgeheadError

LIFE_S = 24 * 3600
EVERY_S = 3600.0
"""How often a process that works in the background removes what was kept long enough."""
_SALT = "bridgehead.kept-file"
_log = logging.getLogger("bridgehead.files")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that a form has still: its name, its length, and the word the form sends it with."""

    name: str
    size_b: int
    word: str


def keep(file: Received, person: int | None) -> KeptFile:
    """Keep a file for a day for the person who sent it."""
    forget_old()
    file_store().await_name(file.sha256)
    told = [person, file.name, file.kind.name, file.sha256, file.size_b]
    return KeptFile(file.name, file.size_b, signing.dumps(told, salt=_SALT, compress=True))


def kept(word: str, person: int | None) -> Received:
    """Return the file a form still had.

    Raises
    ------
    BridgeheadError
        ``file.kept_no_longer`` after a day, and for a word that is not ours or somebody else's.
    """
    try:
        whose, name, kind, sha256, size_b = signing.loads(word, salt=_SALT, max_age=LIFE_S)
    except (signing.BadSignature, ValueError):
        raise BridgeheadError("file.kept_no_longer") from None
    if person is None or whose != person or kind not in kinds() or not file_store().renew(sha256):
        raise BridgeheadError("file.kept_no_longer")
    return Received(name, kinds()[kind], sha256, size_b)


def forget_old(now: float | None = None) -> int:
    """Remove the files that were kept for a day and that no record names; return how many it were."""
    store, removed = file_store(), 0
    old = (time.time() if now is None else now) - LIFE_S
    for sha256 in store.awaiting(old):
        named = _named(sha256)
        gone = not named and store.remove(sha256, old)
        removed += gone
        if named or gone:
            store.await_no_more(sha256, old)
    return removed


def _named(sha256: str) -> bool:
    with as_system("looking for records that name a file"):
        return any(model._base_manager.filter(sha256=sha256).exists() for model in naming_files())


class Tidier(threading.Thread):
    """Removes what was kept long enough, every hour while the process lives."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        super().__init__(name="tidier of kept files", daemon=True)
        self.every_s = every_s
        self.ended = threading.Event()

    def run(self) -> None:
        """Go on until told to end; trouble with disk or database is for the next hour."""
        while not self.ended.is_set():
            try:
                forget_old()
            except Exception as reason:
                _log.warning("files that were kept for a form wait to be removed: %s", reason)
            with suppress(Exception):
                connection.close()
            self.ended.wait(self.every_s)

    def end(self) -> None:
        """Begin nothing more."""
        self.ended.set()
