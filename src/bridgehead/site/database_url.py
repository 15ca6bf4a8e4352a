"""The database an operator names by URL: PostgreSQL where one is given, SQLite in the data folder where none is."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bridgehead.kernel.errors import BridgeheadError, Fault, Place

VARIABLE = "BRIDGEHEAD_DATABASE_URL"
SCHEMES = ("postgresql", "postgres")
OPTIONS = ("host", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout")
SYNCHRONOUS = ("full", "normal")
LONGEST_STATEMENT_MS = 600_000
LONGEST_LOCK_MS = 20_000


def database(url: str, folder: Path, synchronous: str = "full") -> dict[str, Any]:
    """Return Django's settings of the database.

    Parameters
    ----------
    url : str
        ``postgresql://user:password@host:port/name?sslmode=require``; a host that begins with ``/`` in the query is
        the folder of a socket. Empty for SQLite.
    folder : Path
        The data folder, where the file of SQLite lies.
    synchronous : str
        How SQLite writes: ``full`` outlives a power cut, ``normal`` may lose the last moments of it.

    Raises
    ------
    BridgeheadError
        ``database.bad_url`` for everything that is wrong with the URL, ``database.no_driver``,
        ``database.bad_synchronous``.
    """
    if not url:
        return _sqlite(folder, synchronous)
    parts = urlsplit(url)
    faults = _faults(url)
    if faults:
        raise BridgeheadError.of(faults)
    if find_spec("psycopg") is None:
        raise BridgeheadError("database.no_driver")
    asked = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": asked.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": asked.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": int(asked.pop("connect_timeout", "5")),
            "application_name": "bridgehead",
            "options": f"-c statement_timeout={LONGEST_STATEMENT_MS} -c lock_timeout={LONGEST_LOCK_MS}",
            **asked,
        },
    }


def _sqlite(folder: Path, synchronous: str) -> dict[str, Any]:
    if synchronous not in SYNCHRONOUS:
        told: Mapping[str, object] = {"given": synchronous, "known": list(SYNCHRONOUS)}
        raise BridgeheadError("database.bad_synchronous", told, Place(field="BRIDGEHEAD_SQLITE_SYNCHRONOUS"))
    pragmas = f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous.upper()}; PRAGMA foreign_keys=ON;"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": folder / "bridgehead.sqlite3",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10, "init_command": pragmas},
    }


def _faults(url: str) -> list[Fault]:
    """Return everything that is wrong with a URL; its password is never repeated."""
    found: list[str] = []
    try:
        parts = urlsplit(url)
        port_reads = parts.port is None or 0 < parts.port < 65536
        asked = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return [Fault("database.bad_url", {"part": "host:port"}, Place(field=VARIABLE))]
    if parts.scheme not in SCHEMES:
        found.append(f"scheme {parts.scheme}:")
    if not port_reads:
        found.append("port")
    if not parts.path[1:] or "/" in parts.path[1:]:
        found.append("database name")
    found += [f"option {name}" for name, value in asked if name not in OPTIONS or not value]
    number = dict(asked)
    found += [name for name in ("port", "connect_timeout") if name in number and not number[name].isdecimal()]
    if parts.fragment:
        found.append("#")
    return [Fault("database.bad_url", {"part": part}, Place(field=VARIABLE)) for part in found]
