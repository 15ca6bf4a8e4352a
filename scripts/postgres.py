"""A PostgreSQL server for a while, from the system's packages.

Run as ``python scripts/postgres.py [--fast] -- COMMAND ...``: the command finds the server in
``BRIDGEHEAD_DATABASE_URL``. With ``--fast`` nothing is forced to the disk, as tests like it. The server lives in a
temporary folder and listens on a socket in it. Its role may make databases but is no superuser, for row-level security
does not bind superusers.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

ROLE = "bridgehead"
PORT = 5432
START_S = 60


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


def _runs_as() -> str:
    """Return who runs the server: initdb refuses root, so root lets somebody else; empty for whoever runs this."""
    if os.geteuid() != 0:
        return ""
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), "daemon")


class Server:
    """A server in a folder: made once, started, stopped and started again.

    Parameters
    ----------
    folder : Path
        Folder of its data, its log and its socket; short, for the path of a socket holds about a hundred characters.
    fsync : bool
        Whether a commit waits for the disk.
    tcp_port : int
        Port of 127.0.0.1 to listen on, where a password is asked for; 0 for the socket only.
    """

    def __init__(self, folder: Path, *, fsync: bool = True, tcp_port: int = 0) -> None:
        self.folder = folder
        self.fsync = fsync
        self.port = tcp_port or PORT
        self.listens = "127.0.0.1" if tcp_port else ""
        self.data = folder / "data"
        self.log = folder / "log"
        self.bin = programs()
        self.user = _runs_as()

    @property
    def url(self) -> str:
        """The URL of the database ``bridgehead``."""
        return self.url_of(ROLE)

    def url_of(self, database: str, role: str = ROLE) -> str:
        """Return the URL of a database for a role."""
        return f"postgresql://{role}@/{database}?host={self.folder}&port={self.port}"

    @property
    def runs(self) -> bool:
        """Whether it was started and not stopped."""
        return (self.data / "postmaster.pid").exists()

    def make(self) -> None:
        """Make the cluster."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.give(self.folder)
        who = ("-A", "scram-sha-256", "--auth-local=trust", "-U", "postgres")
        self._run("initdb", "-D", str(self.data), *who, "-E", "UTF8", "--locale=C.UTF-8")

    def give(self, path: Path) -> None:
        """Make whoever runs the server the owner of a folder."""
        if self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        told = {
            "unix_socket_directories": self.folder,
            "port": self.port,
            "listen_addresses": self.listens,
            "fsync": "on" if self.fsync else "off",
        }
        if not self.fsync:
            told |= {"synchronous_commit": "off", "full_page_writes": "off"}
        options = " ".join(f"-c {name}={value}" for name, value in told.items())
        self._run("pg_ctl", "-D", str(self.data), "-o", options, "-l", str(self.log), "-t", str(START_S), "-w", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; ``immediate`` as if the power went."""
        self._run("pg_ctl", "-D", str(self.data), "-m", mode, "-w", "stop")

    def sql(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, each for itself."""
        words = [word for statement in statements for word in ("-c", statement)]
        where = ("-h", str(self.folder), "-p", str(self.port), "-U", "postgres", "-d", database)
        self._run("psql", "-q", "-v", "ON_ERROR_STOP=1", *where, *words)

    def _run(self, program: str, *words: str) -> None:
        command = [str(self.bin / program), *words]
        if self.user:
            command = ["runuser", "-u", self.user, "--", *command]
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False, cwd="/", env=environ
        )
        if done.returncode:
            log = self.log.read_text(encoding="utf-8", errors="replace")[-2000:] if self.log.exists() else ""
            raise RuntimeError(f"{program}: {done.stderr}\n{log}")


@contextmanager
def server(*, fsync: bool = True, tcp_port: int = 0) -> Iterator[Server]:
    """Give a running server with an empty database ``bridgehead``; it is stopped and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="bridgehead-pg-"))
    one = Server(folder, fsync=fsync, tcp_port=tcp_port)
    try:
        one.make()
        one.start()
        one.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB", f"CREATE DATABASE {ROLE} OWNER {ROLE}")
        yield one
    finally:
        if one.runs:
            one.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server(*, fsync: bool = True) -> Iterator[str]:
    """Give the URL of the database of a running server."""
    with server(fsync=fsync) as one:
        yield one.url


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    """Run a command with BRIDGEHEAD_DATABASE_URL set; return its exit code."""
    at = arguments.index("--") if "--" in arguments else len(arguments)
    options, command = arguments[:at], arguments[at + 1 :]
    if not command or set(options) - {"--fast"}:
        print(__doc__)
        return 2
    signal.signal(signal.SIGTERM, _end)  # so that the server is stopped then, too
    try:
        with running_server(fsync="--fast" not in options) as url:
            return subprocess.run(command, env={**os.environ, "BRIDGEHEAD_DATABASE_URL": url}, check=False).returncode
    except NoServerError as reason:
        print(f"no PostgreSQL server on this machine: {reason}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
