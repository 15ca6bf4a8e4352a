"""Anchors: links of the chain carried out of the house, so that even the whole chain cannot be written anew unseen.

An anchor is one line of JSON. The platform keeps its own in ``anchors.jsonl`` of the data folder; whoever takes a copy
out of the house (on paper, in another office) can hold the journal against it for good.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from bridgehead.ground.access.viewer import as_system
from bridgehead.ground.journal.entries import moment
from bridgehead.ground.models import JournalHead
from bridgehead.kernel.chain import GENESIS, Anchor
from bridgehead.kernel.errors import BridgeheadError, Fault, Place


def own_file() -> Path:
    """Return the platform's own file of anchors."""
    folder: Path = settings.BRIDGEHEAD_DATA
    return folder / "anchors.jsonl"


def head() -> Anchor:
    """Return the end of the chain."""
    with as_system("reading the head of the journal"):
        found = JournalHead.objects.get(pk=1)
    return Anchor(found.position, found.chain or GENESIS)


def line(anchor: Anchor) -> str:
    """Return an anchor as it is exported."""
    told = {"journal": "bridgehead", "position": anchor.position, "chain": anchor.chain, "at": moment(timezone.now())}
    return json.dumps(told)


def export(file: Path | None = None) -> Anchor:
    """Append the end of the chain to a file of anchors, the platform's own by default, and return it.

    Raises
    ------
    BridgeheadError
        ``journal.anchor_not_written``.
    """
    anchor = head()
    file = file or own_file()
    try:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(line(anchor) + "\n")
    except OSError as reason:
        raise BridgeheadError(
            "journal.anchor_not_written", {"file": str(file), "reason": reason.strerror or str(reason)}
        ) from reason
    return anchor


def read(files: Iterable[Path]) -> tuple[Anchor, ...]:
    """Return the anchors in files; every line that is none is named.

    Raises
    ------
    BridgeheadError
        ``journal.bad_anchor`` for each such line, or ``journal.no_anchor_file``.
    """
    found: list[Anchor] = []
    faults: list[Fault] = []
    for file in files:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as reason:
            faults.append(Fault("journal.no_anchor_file", {"file": str(file), "reason": str(reason)}))
            continue
        for row, text in enumerate(lines, 1):
            if not text.strip():
                continue
            try:
                told = json.loads(text)
                anchor = Anchor(int(told["position"]), str(told["chain"]))
            except (ValueError, KeyError, TypeError):
                faults.append(Fault("journal.bad_anchor", {"line": text}, Place(file=file.name, row=row)))
                continue
            if anchor.position:
                found.append(anchor)
    if faults:
        raise BridgeheadError.of(faults)
    return tuple(found)
