"""``bridgehead run``: check everything, prepare what is missing, serve."""

from __future__ import annotations

import contextlib
import errno
import gc
import logging
import os
import secrets
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

import bridgehead
from bridgehead.cli.terminal import (
    DataFolder,
    Language,
    RegionFolder,
    console,
    print_results_not_kept,
    say,
    start_django,
    uncollected,
)

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from bridgehead.ground.region import Loaded
    from bridgehead.kernel.errors import BridgeheadError

THREADS = 4
LARGEST_FORM_B = 1024 * 1024
"""What a form may have beside a file; waitress would otherwise buffer a gigabyte."""
KEY_FILE = "secret.key"


def run(
    port: Annotated[int, typer.Option(min=1, max=65535, help=say("端口号", "port to listen on"))] = 8000,
    host: Annotated[
        str,
        typer.Option(
            help=say("监听地址；0.0.0.0 让别的机器也能访问", "address to listen on; 0.0.0.0 lets other machines in")
        ),
    ] = "127.0.0.1",
    data: DataFolder = None,
    region: RegionFolder = None,
    lang: Language = None,
) -> None:
    """Start the platform."""
    assert lang is not None
    stop = Stop()
    if host not in ("127.0.0.1", "localhost", "::1"):
        # Whoever opens the server to other machines cannot know under which names they will call it.
        os.environ.setdefault("BRIDGEHEAD_HOSTS", "*")
    with reserved(host, port) as listening:
        folder = data_folder()
        writable(folder)
        compiled_code_goes_to(folder)
        with alone(folder):
            make_secret_key(folder)
        with uncollected():
            start_django()
            from bridgehead.ground.region import current

            loaded = current()
        stop.obey()
        with alone(folder):
            prepare(loaded, lang)
        stop.obey()
        serve(listening, host, port, loaded, lang)


def data_folder() -> Path:
    """Return the data folder the settings will use, without loading anything else."""
    return Path(os.environ.get("BRIDGEHEAD_DATA") or "data").absolute()


def make_secret_key(folder: Path) -> None:
    """Make the key that signs sessions and links, once, for nobody's eyes but the platform's.

    Raises
    ------
    BridgeheadError
        ``server.data_folder_not_writable``.
    """
    file = folder / KEY_FILE
    if os.environ.get("BRIDGEHEAD_SECRET_KEY") or file.exists():
        return
    try:
        handle, name = tempfile.mkstemp(prefix=".secret-", dir=folder)  # with mode 600
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48) + "\n")
        Path(name).replace(file)
    except OSError as reason:
        raise _not_writable(folder, reason) from reason


def compiled_code_goes_to(folder: Path) -> None:
    """Keep the engines' compiled code in the data folder where the package's own folder takes no files."""
    if not os.access(Path(bridgehead.__file__).parent, os.W_OK):
        os.environ.setdefault("NUMBA_CACHE_DIR", str(folder / "compiled"))


class Stop:
    """Ends the process on SIGTERM as on ctrl-C: what is half-written is removed on the way out.

    An exception raised inside compiled code or a destructor can be lost, so the wish is also remembered.
    """

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._heard)
        sys.unraisablehook = self._lost

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.wanted = True
        raise KeyboardInterrupt

    def _lost(self, what: sys.UnraisableHookArgs) -> None:
        """Pass over an interrupt that was lost in a destructor; tell everything else as ever."""
        if what.exc_type is not KeyboardInterrupt:
            sys.__unraisablehook__(what)

    def obey(self) -> None:
        """End now if somebody asked for it and the exception was lost on the way."""
        if self.wanted:
            raise KeyboardInterrupt


@contextlib.contextmanager
def reserved(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port before any work is done; nobody can connect until it is served.

    Raises
    ------
    BridgeheadError
        ``server.port_in_use``, ``server.port_forbidden`` or ``server.bad_host``.
    """
    from bridgehead.kernel.errors import BridgeheadError

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as reason:
        raise BridgeheadError("server.bad_host", {"host": host}) from reason
    taken = socket.socket(family, kind, protocol)
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(address)
        except OSError as reason:
            codes = {errno.EADDRINUSE: "server.port_in_use", errno.EACCES: "server.port_forbidden"}
            code = codes.get(reason.errno or 0, "server.bad_host")
            raise BridgeheadError(code, {"host": host, "port": port}) from reason
        yield taken
    finally:
        taken.close()


def writable(folder: Path) -> None:
    """Make the data folder and see that a file can be written there.

    Raises
    ------
    BridgeheadError
        ``server.data_folder_not_writable``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=".try-", dir=folder):
            pass
    except OSError as reason:
        raise _not_writable(folder, reason) from reason


def _not_writable(folder: Path, reason: OSError) -> BridgeheadError:
    from bridgehead.kernel.errors import BridgeheadError

    why = reason.strerror or str(reason)
    return BridgeheadError("server.data_folder_not_writable", {"folder": str(folder), "reason": why})


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Prepare the folder one process at a time; the lock goes with the process, however it ends.

    Raises
    ------
    BridgeheadError
        ``server.data_folder_not_writable`` if the folder takes no lock.
    """
    try:
        import fcntl
    except ImportError:  # no such locks on this system; two first starts at once are the operator's care there
        yield
        return
    with contextlib.ExitStack() as held:
        try:
            lock = held.enter_context((folder / ".preparing").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as reason:
            raise _not_writable(folder, reason) from reason
        yield


def prepare(loaded: Loaded, language: str) -> None:
    """Bring the database up to date, compute the reference flows if they are not stored, note the edition."""
    from django.conf import settings
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connections

    from bridgehead.ground import database, editions
    from bridgehead.ground.access.limits import limiter
    from bridgehead.ground.access.viewer import system
    from bridgehead.ground.addresses import networks
    from bridgehead.ground.mail import server_of
    from bridgehead.ground.people.organisations import adopt_region
    from bridgehead.ground.people.second_factor import compulsory_roles

    # What the operator says is looked at before anybody comes.
    compulsory_roles()
    limiter()
    networks(settings.BRIDGEHEAD_TRUSTED_PROXY)
    server_of(settings.BRIDGEHEAD_MAIL_URL)
    try:
        database.bring_up_to_date()
        adopt_region(by=system("bridgehead run"), region=loaded.region)
        with_progress(loaded, language)
        print_results_not_kept(loaded.store, language)
        editions.record(loaded.region)
        SessionStore.clear_expired()
    finally:
        connections.close_all()


def with_progress(loaded: Loaded, language: str) -> None:
    """Read or compute the reference flows; a bar is drawn only while something is computed."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    words = say("首次启动：货流分配到路网", "First start: freight onto the network", language)
    out = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    bar = Progress(*columns, TimeRemainingColumn(), console=out, transient=True)
    task = None

    def tell(done: int, total: int) -> None:
        nonlocal task
        if task is None:
            task = bar.add_task(words, total=total)
            if out.is_terminal:
                bar.start()
            else:  # a log takes one line and no moving bar
                out.print(words)
        bar.update(task, completed=done, total=total)

    try:
        loaded.freight_with_progress(tell)
    finally:
        if bar.live.is_started:
            bar.stop()


def serve(listening: socket.socket, host: str, port: int, loaded: Loaded, language: str) -> None:
    """Serve until a signal ends it; while there is no administrator, say where the first one is made."""
    import waitress

    from bridgehead.ground.files.uploads import file_store
    from bridgehead.ground.tasks.background import background
    from bridgehead.site.wsgi import application

    largest_b = file_store().largest_b + LARGEST_FORM_B
    visited = Visited(application)
    server = waitress.create_server(
        visited,
        sockets=[listening],
        threads=THREADS,
        ident=None,
        max_request_body_size=largest_b,
        clear_untrusted_proxy_headers=False,  # whom to believe about them is the platform's own setting
    )
    shown = {"0.0.0.0": "127.0.0.1", "::": "localhost"}.get(host, host)  # noqa: S104 - compared, not bound
    name = say(loaded.region.name_zh, loaded.region.name_en, language)
    from bridgehead.ground.language import beginning

    with contextlib.suppress(KeyboardInterrupt):
        address = f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"
        print(f"bridgehead · {name} · {address}", flush=True)
        print_first_link(address.removesuffix("/") + beginning(language), language)
        threading.Thread(target=warm, args=(application, loaded, visited.quiet), daemon=True).start()
        with background():
            server.run()
    server.close()
    sys.exit(0)


def print_first_link(address: str, language: str) -> None:
    """Say where the first administrator is made, while there is none; the link is good once, for a day."""
    from django.db import connections

    from bridgehead.ground.people.links import new_claim
    from bridgehead.kernel.errors import BridgeheadError

    try:
        secret = new_claim()
    except BridgeheadError as refused:
        if refused.code != "person.administrator_there":
            raise
        return
    finally:
        connections.close_all()
    words = "第一个管理员（链接 24 小时内有效，只能用一次）：", "First administrator (good once, within 24 hours): "
    print(f"{say(*words, language)}{address}first-administrator/?link={secret}", flush=True)


class Visited:
    """The application, and whether somebody is waiting for it, so that work nobody waits for can stand back."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application
        self.waiting = 0
        self.quiet = threading.Event()
        self.quiet.set()
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a visitor, who is waiting meanwhile."""
        self._count(1)
        try:
            return self.application(environ, start_response)
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        with self._lock:
            self.waiting += more
            (self.quiet.clear if self.waiting else self.quiet.set)()


def warm(application: WSGIApplication, loaded: Loaded, quiet: threading.Event) -> None:
    """Ask for two examples of every public page, so that no visitor waits for templates, kernels and drawings.

    A visitor who is there already goes first, for a second at each address: two threads at once slow each other down.
    Then build anew what of the search index is out of step: after an update, or a backup that was restored.
    """
    from bridgehead.cli.get import ask
    from bridgehead.ground.access.audience import PUBLIC
    from bridgehead.ground.pages import pages

    shown = (page for page in pages() if page.audience == PUBLIC)
    for page in sorted(shown, key=lambda page: page.path != ""):  # the home page first
        with contextlib.suppress(Exception):  # whoever opens that page is told what is wrong with it
            for example in page.addresses(loaded.region)[:2]:
                for code in (one for one in loaded.region.settings.languages if one in page.languages):
                    quiet.wait(timeout=1.0)
                    ask(application, page.address(code, example))
    # What is there now stays: the collector looking through it made a large page wait a tenth of a second now and then.
    gc.collect()
    gc.freeze()
    keep_search_in_step()


def keep_search_in_step() -> None:
    """Build the search index anew where it is not in step with the records; people may work meanwhile."""
    from django.db import connection

    from bridgehead.ground.search.index import catch_up

    try:
        catch_up()
    except Exception:
        # What goes wrong here is no reason to serve nothing; the search finds less until it is mended.
        logging.getLogger("bridgehead.search").exception("the search index could not be built anew")
    finally:
        connection.close()
