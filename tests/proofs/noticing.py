"""A platform with a file for its database, where something is wrong that a proof has to notice; tells what it noticed.

``python -m tests.proofs.noticing CASE``, with the data folder in ``BRIDGEHEAD_DATA``: several threads write, and the
database in memory of the other tests knows no waiting.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from proofs.platform import start_django

WRITING_S = 0.6


def sealed_by(kind: str) -> dict[str, Any]:
    """Let two people write while a sealer seals, is dead, or lives and seals nothing."""
    from proofs.sealing import Watched
    from proofs.writers import register, write

    from bridgehead.ground.access.viewer import as_system
    from bridgehead.ground.journal.seal import Sealer
    from bridgehead.ground.models import JournalEntry

    class Dead(Sealer):
        def run(self) -> None:
            """End at once."""

    class Idle(Sealer):
        def run(self) -> None:
            """Wait to be ended."""
            self.ended.wait()

    pks = register(2)
    with Watched({"sealer": Sealer, "dead": Dead, "idle": Idle}[kind]()) as sealing:
        written = write(pks, time.time() + WRITING_S)
    count = sum(map(len, written.versions.values()))
    with as_system("tests"):
        moments = JournalEntry.objects.order_by("-id").values_list("recorded_at", flat=True)[:count]
        span_s = (max(moments) - min(moments)).total_seconds()
    return {"faults": sealing.faults, "refused": written.faults, "count": count, "span s": span_s, **sealing.lag()}


def refused() -> dict[str, Any]:
    """Refuse somebody who writes once."""
    from proofs.writers import register, write

    from bridgehead.ground.people import accounts
    from bridgehead.kernel.errors import BridgeheadError

    real, calls = accounts.edit_profile, []

    def now_and_then(**asked: Any) -> object:
        calls.append(asked)
        if len(calls) == 3:
            raise BridgeheadError("action.conflict", {"action": "tests", "reason": ""})
        return real(**asked)

    vars(accounts)["edit_profile"] = now_and_then
    (pk,) = register(1)
    written = write([pk], time.time() + WRITING_S)
    return {"faults": written.faults, "failed": written.failed, "versions": written.versions[pk], "calls": len(calls)}


if __name__ == "__main__":
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    print(json.dumps(refused() if sys.argv[1] == "refused" else sealed_by(sys.argv[1])))
