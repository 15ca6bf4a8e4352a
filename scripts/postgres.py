"""A PostgreSQL server for a while, from the system's packages: `python scripts/postgres.py -- COMMAND ...`.

The server lives in a temporary folder and listens on a socket in it. Its role may make databases but is no superuser,
for row-level security does not bind superusers.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROLE = "bridgehead"
PORT = 5432


class NoServerError(Exception):
    """No PostgreSQL server is installed on this machine."""


def programs() -> Path:
    """Return the folder of initdb and pg_ctl, the newest version there is; `NoServerError` if there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    if found:
        return found[-1].parent
    named = shutil.which("initdb")
    if named is None:
        raise NoServerError("install the package postgresql")
    return Path(named).resolve().parent


class Server:
    """A server in a folder: started, stopped, started again."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self.folder = folder
        self.fsync = fsync
        self.data = folder / "data"
        self.bin = programs()
        # initdb refuses root, so root lets somebody else run it.
        self.user = "postgres" if os.geteuid() == 0 else ""

    @property
    def url(self) -> str:
        """The URL of the database ``bridgehead``."""
        return f"postgresql://{ROLE}@/bridgehead?host={self.folder}&port={PORT}"

    def make(self) -> None:
        """Make the cluster."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        self._run("initdb", "-D", str(self.data), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "postgres")

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [
            f"-k {self.folder}",
            f"-p {PORT}",
            "-c listen_addresses=",
            f"-c fsync={'on' if self.fsync else 'off'}",
        ]
        if not self.fsync:
            options += ["-c synchronous_commit=off", "-c full_page_writes=off"]
        self._run(
            "pg_ctl", "-D", str(self.data), "-o", " ".join(options), "-l", str(self.folder / "log"), "-w", "start"
        )

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; ``immediate`` as if the power went."""
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def sql(self, *statements: str) -> None:
        """Run statements as the superuser."""
        words = [word for statement in statements for word in ("-c", statement)]
        self._run("psql", "-q", "-h", str(self.folder), "-p", str(PORT), "-U", "postgres", "-d", "postgres", *words)

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.bin / program), *words]
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, cwd="/"
        )
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")


@contextmanager
def server(*, fsync: bool = True) -> Iterator[Server]:
    """Give a running server with an empty database ``bridgehead``; it is stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="bridgehead-pg-"))
    one = Server(folder, fsync=fsync)
    try:
        one.make()
        one.start()
        one.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB", f"CREATE DATABASE {ROLE} OWNER {ROLE}")
        yield one
    finally:
        if (one.data / "postmaster.pid").exists():
            one.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server(*, fsync: bool = True) -> Iterator[str]:
    """Give the URL of the database of a running server."""
    with server(fsync=fsync) as one:
        yield one.url


def main(arguments: list[str]) -> int:
    """Run a command with BRIDGEHEAD_DATABASE_URL set; return its exit code."""
    words = [word for word in arguments if word != "--"]
    if not words:
        print(__doc__)
        return 2
    with running_server(fsync=False) as url:
        return subprocess.run(words, env={**os.environ, "BRIDGEHEAD_DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
