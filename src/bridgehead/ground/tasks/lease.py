"""Leases: who holds a task, written so that another process of the same computer can tell whether the holder lives.

A lease is ``host:computer:pid:started:number``. ``computer`` stands for this boot of this computer and the space its
process ids are from, so that only processes that can look at each other do; ``started`` tells a process from a later
one with the same id.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_SPACE = Path("/proc/self/ns/pid")


@cache
def computer() -> str:
    """Return twelve letters for this boot of this computer and the space of its process ids."""
    told = [socket.gethostname()]
    try:
        told += [_BOOT.read_text(encoding="ascii").strip(), os.readlink(_SPACE)]
    except OSError:
        told.append(f"{os.name}")  # a system without /proc: the name of the host has to do
    return hashlib.sha256("|".join(told).encode()).hexdigest()[:12]


def started(pid: int) -> str:
    """Return when a process started, as its system counts it; ``0`` where that is not told, nothing if it is gone."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "" if _BOOT.exists() else _signalled(pid)
    except OSError:
        return "0"
    # The name of the program stands in brackets and may hold anything; state is the first field behind it.
    fields = told.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]


def _signalled(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except OSError:
        return "0"
    return "0"


def new_lease() -> str:
    """Return a lease nobody else has, held by this process."""
    host = "".join(letter if letter.isalnum() or letter in "-." else "-" for letter in socket.gethostname()[:40])
    pid = os.getpid()
    return f"{host}:{computer()}:{pid}:{started(pid)}:{secrets.token_hex(8)}"


def holder(lease: str) -> str:
    """Return host and process id of a lease, for people."""
    host, _, rest = lease.partition(":")
    return f"{host} · {rest.split(':')[1]}" if rest.count(":") >= 3 else lease


def is_dead(lease: str) -> bool:
    """Tell whether the holder of a lease ran on this computer and runs no more; of others nothing is known."""
    parts = lease.split(":")
    if len(parts) != 5 or parts[1] != computer() or not parts[2].isdigit():
        return False
    return started(int(parts[2])) != parts[3]
