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
    """Run the command line; a foreseeable error ends with one message and exit code 2, never with a traceback.

    Everything is imported inside, so that ctrl-C ends quietly from the first moment on.
    """
    try:
        from bridgehead.cli.commands import app

        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        import os

        from bridgehead.cli import terminal
        from bridgehead.kernel.errors import BridgeheadError

        if not isinstance(error, BridgeheadError):
            raise
        terminal.print_error(error, terminal.language_of(sys.argv[1:], os.environ), "--json" in sys.argv)
        sys.exit(terminal.EXIT_REFUSED)
