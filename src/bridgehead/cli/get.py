"""``bridgehead get``: one page without a server."""

from __future__ import annotations

import io
import re
import sys
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, unquote_to_bytes

import typer

from bridgehead.cli.terminal import (
    DataFolder,
    Language,
    RegionFolder,
    print_results_not_kept,
    say,
    start_django,
    uncollected,
)

_LONGEST_CHAIN = 5


def ask(application: Any, address: str, host: str = "localhost") -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of a WSGI application's answer to GET.

    Parameters
    ----------
    application : WSGI application
    address : str
        Path with an optional query string; non-ASCII letters may stand as they are.
    host : str
        Name by which the platform is asked; one it does not answer to is refused as from a browser.
    """
    raw, _, query = address.partition("?")
    path = unquote_to_bytes(raw.encode("utf-8", "surrogateescape")).decode("latin-1")
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query.encode("utf-8", "surrogateescape").decode("latin-1"),
        "HTTP_HOST": host,
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


def parted(address: str) -> tuple[str, str]:
    """Return host and path with query of an address as it is copied from a browser; its fragment stays behind."""
    whole = re.fullmatch(r"https?://([^/?#]*)([^#]*)(?:#.*)?", address, re.IGNORECASE | re.DOTALL)
    host, path = whole.groups() if whole else ("localhost", address.partition("#")[0])
    return host, path if path.startswith("/") else f"/{path}"


def in_language(address: str, language: str) -> str:
    """Return the address in a language: ``/ru`` before a page, ``lang=ru`` behind an operation.

    Files are the same in every language, and a language that the address names itself stays.
    """
    from django.urls import Resolver404, resolve

    from bridgehead.ground.language import SOURCE_LANGUAGE, language_of

    path, _, query = address.partition("?")
    if (
        language == SOURCE_LANGUAGE
        or language_of(path) != SOURCE_LANGUAGE
        or "lang" in parse_qs(query, keep_blank_values=True)
    ):
        return address
    if path == "/api" or path.startswith("/api/"):
        return address + ("&" if query else "?") + f"lang={language}"
    try:
        if path.startswith("/static/") or resolve(unquote(path)).namespace == "files":
            return address
    except Resolver404:  # the page that says so has a language, too
        pass
    return f"/{language}{address}"


def get(
    path: Annotated[
        str, typer.Argument(help=say("页面或接口的地址，如 /ports/", "address of a page or operation, such as /ports/"))
    ],
    lang: Language = None,
    data: DataFolder = None,
    region: RegionFolder = None,
) -> None:
    """Print a page or an API answer without a server."""
    start_django()
    assert lang is not None
    host, address = parted(path)
    with uncollected():
        from bridgehead.ground.region import current
        from bridgehead.site.wsgi import application

        loaded = current()  # a half-broken region is told as a list of faults and not as a page
        address = in_language(address, lang)
        for _ in range(_LONGEST_CHAIN):
            status, headers, body = ask(application, address, host)
            if status not in (301, 302, 307, 308):
                break
            address = headers["Location"]
    sys.stdout.buffer.write(body)
    if body and not body.endswith(b"\n"):
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()
    print_results_not_kept(loaded.store, lang)
    if status >= 400:
        raise typer.Exit(1 if status >= 500 else 2)
