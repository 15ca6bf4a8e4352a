"""The database an operator names by URL: PostgreSQL where one is given, SQLite in the data folder where none is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bridgehead.kernel.errors import BridgeheadError, Fault, Place

VARIABLE = "BRIDGEHEAD_DATABASE_URL"
SCHEMES = ("postgresql", "postgres")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
OPTIONS = (
    *("host", "port", "connect_timeout", "passfile", "target_session_attrs", "channel_binding"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl"),
)
SYNCHRONOUS = ("full", "normal")

CONNECT_TIMEOUT_S = 5
LONGEST_STATEMENT_MS = 60_000
LONGEST_LOCK_MS = 20_000
# A server that lost its power says nothing; without these a thread would wait for it for two hours.
ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000}

_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})|%00")


def database(url: str, folder: Path, synchronous: str = "full") -> dict[str, Any]:
    """Return Django's settings of the database.

    Parameters
    ----------
    url : str
        ``postgresql://user:password@host:port/name?sslmode=require``; a ``host`` that begins with ``/`` in the query is
        the folder of a socket. Empty for SQLite.
    folder : Path
        The data folder, where the file of SQLite lies.
    synchronous : str
        How SQLite writes: ``full`` outlives a power cut, ``normal`` may lose the last moments before it.

    Raises
    ------
    BridgeheadError
        ``database.bad_url`` for everything that is wrong with the URL, ``database.no_driver``,
        ``database.bad_synchronous``.
    """
    if not url.strip():
        return _sqlite(folder, synchronous)
    address = parsed(url)
    _need_driver()
    return _postgresql(address)


@dataclass(frozen=True)
class Address:
    """What a URL says: text as it is meant, no longer escaped; empty where the URL leaves it to PostgreSQL's library.

    Parameters
    ----------
    name : str
        Name of the database.
    user, password, host, port : str
        Whom to ask for it and as whom; ``host`` may be the folder of a socket.
    options : mapping
        Further parameters of the connection.
    """

    name: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def parsed(url: str) -> Address:
    """Return what a URL says.

    Raises
    ------
    BridgeheadError
        ``database.bad_url``, one fault for each part that is wrong; the password is never repeated.
    """
    scheme, mark, rest = url.strip().partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path, _, query = rest[len(authority) :].partition("?")
    faults = [] if mark and scheme.lower() in SCHEMES else [_fault("scheme", scheme if mark else "", SCHEMES)]
    if "@" in rest[len(authority) :]:
        # What follows is a piece of the password, and naming it would give it away.
        raise BridgeheadError.of([*faults, _fault("password")])
    user, _, password = authority.rpartition("@")[0].partition(":")
    host, port = _host_and_port(authority.rpartition("@")[2])
    asked = list(_options(query))
    options = dict(asked)
    faults += _faults_of_place(host, port, options)
    faults += [_fault(part) for part, text in (("user", user), ("password", password)) if not _escaped_well(text)]
    name = path.removeprefix("/")
    if not name or "/" in name or "#" in name or not _escaped_well(name):
        faults.append(_fault("name", name))
    faults += _faults_of_options(asked)
    if faults:
        raise BridgeheadError.of(faults)
    meant = {key: unquote(value) for key, value in options.items()}
    return Address(
        name=unquote(name),
        user=unquote(user),
        password=unquote(password),
        host=meant.pop("host", "") or unquote(host),
        port=meant.pop("port", "") or port,
        options=meant,
    )


def _host_and_port(text: str) -> tuple[str, str]:
    """Part host and port; an address of version 6 stands in brackets."""
    if text.startswith("["):
        host, end, after = text[1:].partition("]")
        return (host, after.removeprefix(":")) if end else (text, "")
    host, _, port = text.partition(":")
    return host, port


def _options(query: str) -> Iterator[tuple[str, str]]:
    for word in filter(None, query.split("&")):
        key, _, value = word.partition("=")
        yield key, value


def _faults_of_place(host: str, port: str, options: Mapping[str, str]) -> Iterator[Fault]:
    if not _escaped_well(host) or "[" in host or (host and "host" in options):
        yield _fault("host", host)
    if port and (not _is_port(port) or "port" in options):
        yield _fault("port", port)


def _faults_of_options(asked: list[tuple[str, str]]) -> Iterator[Fault]:
    keys = [key for key, _ in asked]
    for key, value in asked:
        if key not in OPTIONS:
            yield _fault("option", key, OPTIONS)
        elif not value or not _escaped_well(value) or keys.count(key) > 1:
            yield _fault(key, value)
        elif key == "sslmode" and value not in SSL_MODES:
            yield _fault(key, value, SSL_MODES)
        elif (key == "port" and not _is_port(value)) or (key == "connect_timeout" and not _is_number(value, 3600)):
            yield _fault(key, value)


def _is_port(text: str) -> bool:
    return _is_number(text, 65535)


def _is_number(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and 0 < int(text) <= most


def _escaped_well(text: str) -> bool:
    if _BAD_ESCAPE.search(text):
        return False
    try:
        unquote(text, errors="strict")
    except UnicodeDecodeError:
        return False
    return True


def _fault(part: str, given: str = "", known: tuple[str, ...] = ()) -> Fault:
    told: dict[str, object] = {"part": part, "given": given}
    return Fault("database.bad_url", told | ({"known": list(known)} if known else {}), Place(field=VARIABLE))


def _need_driver() -> None:
    try:
        import psycopg  # noqa: F401 - without its C library the import fails, which looking for it would not tell
    except ImportError as reason:
        raise BridgeheadError("database.no_driver", {"reason": str(reason)}) from reason


def _postgresql(address: Address) -> dict[str, Any]:
    options: dict[str, Any] = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "application_name": "bridgehead",
        "options": f"-c statement_timeout={LONGEST_STATEMENT_MS} -c lock_timeout={LONGEST_LOCK_MS}",
        # The statements of an action are few and always the same: planned once, they take a fifth less time.
        # Those with long lists of values are not: see bridgehead.ground.plans.
        "server_side_binding": True,
        "prepare_threshold": 5,
        **ALIVE,
        **address.options,
    }
    options["connect_timeout"] = int(options["connect_timeout"])
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        # Every thread of the server keeps one connection, looked at before each request: that is the whole pool.
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _sqlite(folder: Path, synchronous: str) -> dict[str, Any]:
    if synchronous not in SYNCHRONOUS:
        told = {"given": synchronous, "known": list(SYNCHRONOUS)}
        raise BridgeheadError("database.bad_synchronous", told, Place(field="BRIDGEHEAD_SQLITE_SYNCHRONOUS"))
    pragmas = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous.upper()}; PRAGMA foreign_keys=ON;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "bridgehead.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": pragmas},
    }
