"""``bridgehead get``: one page without a server."""

from __future__ import annotations

import io
import sys
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes, urlsplit

import typer

from bridgehead.cli.terminal import DataFolder, Language, RegionFolder, say, start_django

_LONGEST_CHAIN = 5


def ask(application: Any, address: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a WSGI application's answer to GET.

    Parameters
    ----------
    application : WSGI application
    address : str
        Path with an optional query string; non-ASCII letters may stand as they are.
    """
    parts = urlsplit(address)
    path = unquote_to_bytes(parts.path.encode("utf-8", "surrogateescape")).decode("latin-1")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": parts.query.encode("utf-8", "surrogateescape").decode("latin-1"),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": True,
    }
    heard: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        heard.update(status=int(status.split(maxsplit=1)[0]), headers=dict(headers))

    answer = application(environ, start_response)
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return heard["status"], heard["headers"], body


def in_language(address: str, language: str) -> str:
    """Return the address in a language: ``/en`` before a page, ``lang=en`` behind an operation or a file."""
    if language == "zh" or address == "/en" or address.startswith(("/en/", "/static/")):
        return address
    path = urlsplit(address).path
    if path.startswith("/api/"):
        return address + ("&" if "?" in address else "?") + f"lang={language}"
    return f"/{language}{address}"


def get(
    path: Annotated[
        str, typer.Argument(help=say("页面或接口的地址，如 /ports/", "address of a page or operation, such as /ports/"))
    ],
    lang: Language = None,
    data: DataFolder = None,
    region: RegionFolder = None,
) -> None:
    """Print a page or an API answer without a server; exit code 2 for a refusal (4xx), 1 for a fault of ours (5xx)."""
    start_django()
    from bridgehead.ground.region import current
    from bridgehead.site.wsgi import application

    current()  # a half-broken region is told as a list of faults and not as a page
    assert lang is not None
    address = in_language(path if path.startswith("/") else f"/{path}", lang)
    for _ in range(_LONGEST_CHAIN):
        status, headers, body = ask(application, address)
        if status not in (301, 302, 307, 308):
            break
        address = headers["Location"]
    sys.stdout.buffer.write(body)
    if body and not body.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
    if status >= 400:
        raise typer.Exit(1 if status >= 500 else 2)
