"""The processes that are killed: a server of journalled actions, and a runner of the tasks they leave.

``python -m proofs.kill_platform serve PORT`` and ``python -m proofs.kill_platform work``; both say ``ready``.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from proofs.platform import start_django

COUNTERS = 4
SERVER_THREADS, RUNNER_THREADS = 2, 4
ACT, EFFECT = "proof.act", "proof.effect"


def counter(kind: str, number: int) -> str:
    """Return the code of the record that counts what was done with a number."""
    return f"{kind}-{number % COUNTERS}"


def register() -> Callable[..., Any]:
    """Declare the action and the handler of the task it leaves; return the action."""
    from bridgehead.ground.actions import Deed, action
    from bridgehead.ground.models import Organisation
    from bridgehead.ground.tasks.handlers import Assignment, Work, handler

    def count(deed: Deed, kind: str, number: int) -> None:
        code = counter(kind, number)
        record = deed.lock(Organisation, Organisation.objects.values_list("pk", flat=True).get(code=code))
        deed.change(record, name_en=str(int(record.name_en) + 1))
        deed.note(kind, number)

    @action(ACT)
    def act(deed: Deed, *, number: int) -> None:
        count(deed, ACT, number)
        deed.enqueue(EFFECT, {"number": number}, key=f"proof-{number}")

    def compute(work: Work) -> int:
        number = int(work.arguments["number"])
        steps = 20 if number % 25 == 0 else 1  # now and then one that takes long
        for step in range(steps):
            time.sleep(0.01)
            work.progress(step + 1, steps)
        return number

    @handler(EFFECT, title_zh="证明", title_en="Proof", compute=compute)
    def effect(deed: Deed, assignment: Assignment, number: int) -> int:
        count(deed, EFFECT, number)
        return number

    return act


def application(act: Callable[..., Any]) -> Callable[..., Iterable[bytes]]:
    """Return a WSGI application that does one action a request and acknowledges it when it is committed."""
    from bridgehead.ground.access.viewer import system
    from bridgehead.kernel.errors import BridgeheadError

    by = system("proof")

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        number = int(parse_qs(environ["QUERY_STRING"])["number"][0])
        try:
            act(by=by, number=number, once=f"proof-{number}")
            status, body = "200 OK", b"done"
        except BridgeheadError as refused:
            status = "409 Conflict" if refused.code == "action.repeated" else "503 Service Unavailable"
            body = refused.code.encode()
        start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    return answer


def main(arguments: list[str]) -> None:
    """Serve or work until killed or told to end."""
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    start_django(os.environ["BRIDGEHEAD_DATABASE_URL"], Path(os.environ["BRIDGEHEAD_DATA"]))
    act = register()
    from bridgehead.ground.tasks.background import background

    with background(SERVER_THREADS if arguments[0] == "serve" else RUNNER_THREADS):
        if arguments[0] == "serve":
            import waitress

            logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a queue is what load is

            server = waitress.create_server(application(act), host="127.0.0.1", port=int(arguments[1]), threads=8)
            threading.Thread(target=server.run, daemon=True).start()
        print("ready", flush=True)
        while not ended.wait(0.1):
            pass


if __name__ == "__main__":
    main(sys.argv[1:])
