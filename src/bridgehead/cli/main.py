"""The command ``bridgehead``."""

from __future__ import annotations

import sys
from typing import Any


def __getattr__(name: str) -> Any:
    """Give `app`, the commands as typer knows them, to whoever asks for it here."""
    if name == "app":
        from bridgehead.cli.commands import app

        return app
    raise AttributeError(name)


def main() -> None:
    """Run the command line; whatever goes wrong ends with one message and an exit code, never with a traceback.

    A foreseeable error has exit code 2, a fault of the program 1; ``BRIDGEHEAD_DEBUG=1`` shows where the latter is.
    Everything is imported inside, so that ctrl-C ends quietly from the first moment on.
    """
    try:
        from bridgehead.cli import output

        output.prepare(sys.argv[1:])
        try:
            _run(sys.argv[1:])
        finally:
            output.finish()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        from bridgehead.cli import output

        sys.exit(output.tell(error, sys.argv[1:]))


def _run(arguments: list[str]) -> None:
    from bridgehead.cli.commands import app

    if "--json" not in arguments:
        app()
        return
    # Whoever reads JSON gets the faults of the command line itself in the one shape of errors, too.
    code = app(standalone_mode=False)
    sys.exit(code if isinstance(code, int) else 0)
