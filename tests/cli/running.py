"""Starting the command as a user does, in a process of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
import typer

from bridgehead.cli import terminal
from bridgehead.cli.main import main
from bridgehead.regions import load
from bridgehead.regions.load import SHIPPED_REGION, Region, load_region, region_path
from tests.databases import OWN

COMMAND = (sys.executable, "-c", "from bridgehead.cli.main import main; main()")


@dataclass(frozen=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


def environment(**more: str) -> Mapping[str, str]:
    """Return an environment without the settings of whoever runs the tests, but with a database of the test's own.

    ``BRIDGEHEAD_DATABASE_URL=""`` asks for SQLite where the tests run on PostgreSQL.
    """
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("BRIDGEHEAD_", "LC_", "DJANGO_"))}
    if "BRIDGEHEAD_DATABASE_URL" not in more:
        more["BRIDGEHEAD_DATABASE_URL"] = OWN.url()
    return {**kept, "LANG": "C.UTF-8", "COLUMNS": "140", **more}


def bridgehead(*arguments: str, folder: Path | None = None, stdin: str = "", **more: str) -> Said:
    """Run ``bridgehead`` with these arguments; variables of the environment as keywords."""
    done = subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        cwd=folder,
        env=environment(**more),
    )
    return Said(done.returncode, done.stdout, done.stderr)


_command_of = cache(typer.main.get_command)


def _shipped_region_once(path: Path | str | None = None) -> Region:
    return _shipped_region() if region_path(path) == SHIPPED_REGION else load_region(path)


@cache
def _shipped_region() -> Region:
    return load_region(SHIPPED_REGION)


def inside(*arguments: str, **more: str) -> Said:
    """Run a command in this process, which is quicker; for commands that need neither Django nor a signal.

    The commands are put together and the shipped region is loaded once for all; a process of its own shows how.
    """
    out, err = io.StringIO(), io.StringIO()
    given = environment(BRIDGEHEAD_DATABASE_URL="", **more)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "environ", dict(given))
        patch.setattr(sys, "argv", ["bridgehead", *arguments])
        patch.setattr(load, "load_region", _shipped_region_once)
        patch.setattr(typer.main, "get_command", _command_of)
        patch.setattr(terminal, "LANGUAGE", terminal.language_of(arguments, given))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main()
                code: object = 0
            except SystemExit as end:
                code = end.code or 0
    assert isinstance(code, int)
    return Said(code, out.getvalue(), err.getvalue())


def solve_faults(*arguments: str) -> set[tuple[str, str | None, int | None, str | None]]:
    """Return code, file, row and column or field of every fault for which ``flows solve`` is refused."""
    said = inside("flows", "solve", *arguments, "--json")
    assert said.code == 2, said
    found = json.loads(said.out)["error"]["faults"]
    assert all(one["message"] and one["cure"] and "{" not in one["message"] + one["cure"] for one in found)
    places = [(one["code"], one["place"]) for one in found]
    return {(code, at["file"], at["row"], at["column"] or at["field"]) for code, at in places}


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def server(*arguments: str, wait_s: float = 90, **more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run ``bridgehead run`` and give the process and the line it printed once it serves."""
    process = subprocess.Popen(
        [*COMMAND, "run", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=environment(**more),
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            assert process.stderr is not None
            raise AssertionError(process.stderr.read())
        yield process, line
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=30)


def fetch(address: str, wait_s: float = 10) -> tuple[int, bytes]:
    """Return status and body of an address on this machine."""
    until = time.monotonic() + wait_s
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
