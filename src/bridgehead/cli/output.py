"""What every command's output has in common: it takes any text, and whatever goes wrong is told in one message."""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Sequence
from typing import TextIO

EXIT_FAULT_OF_OURS = 1


def prepare(arguments: Sequence[str]) -> None:
    """Make the output take any text: what its encoding lacks is spelled out.

    Raises
    ------
    OSError
        If standard output is closed; a server goes without.
    """
    closed = sys.stdout is None
    for name in ("stdout", "stderr"):
        stream: TextIO | None = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open as long as the process
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if closed and "run" not in arguments[:1]:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def finish() -> None:
    """Write what is still held back, while an error can still be told.

    Raises
    ------
    OSError
        If it cannot be written; nothing is tried again when the interpreter ends.
    """
    try:
        sys.stdout.flush()
    except OSError as reason:
        _give_up_output()
        if reason.errno != errno.EPIPE:  # a reader that had enough is no error
            raise


def _give_up_output() -> None:
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        try:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())
        except (OSError, ValueError):
            return  # no file of the system: nothing is flushed when the interpreter ends


def tell(error: Exception, arguments: Sequence[str]) -> int:
    """Print an error and return the exit code; with ``--json`` it is JSON on standard output.

    ``BRIDGEHEAD_DEBUG=1`` shows the traceback of what was not foreseen.
    """
    from bridgehead.cli import terminal
    from bridgehead.kernel.errors import BridgeheadError, visible

    as_json, code = "--json" in arguments, terminal.EXIT_REFUSED
    if isinstance(error, BridgeheadError):
        found = error
    elif isinstance(error, OSError) and error.filename is None and error.errno in _OUTPUT:
        found = BridgeheadError("server.output_failed", {"reason": error.strerror or str(error)})
        as_json = False
    elif usage := terminal.usage_fault(error):
        found = usage
    else:
        if os.environ.get("BRIDGEHEAD_DEBUG") == "1":
            raise error
        command = " ".join(("bridgehead", *arguments))
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        found = BridgeheadError("server.internal", {"command": visible(command, 120), "reason": reason})
        code = EXIT_FAULT_OF_OURS
    try:
        terminal.print_error(found, terminal.language_of(arguments, os.environ), as_json)
        finish()
    except OSError:
        _give_up_output()
        return terminal.EXIT_REFUSED
    return code


_OUTPUT = (errno.EBADF, errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT)
"""What the system says when a stream takes no more; an error of a file names the file."""
