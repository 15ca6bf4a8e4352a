"""Calls on a Dask cluster that is there already, with progress and cancelling as in local processes.

Dask is an extra and imported only here, when a cluster is used. Its machines need this package in the same version;
whoever is asked to run a call sees to that. A machine that dies is noticed by the scheduler, and what it was at is
begun again by another one.

Source: distributed, https://distributed.dask.org (client, futures, what happens when a worker is lost).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from queue import Empty, SimpleQueue
from typing import Any

from bridgehead.jobs.processes import LOOK_S, Call, Check, Progress
from bridgehead.kernel.errors import BridgeheadError

Finished = Callable[[int, Any], None]

CONNECT_S = 20.0


@contextmanager
def cluster(address: str) -> Iterator[Any]:
    """Connect to the scheduler at an address, such as ``tcp://10.0.0.5:8786``, and yield its client.

    Raises
    ------
    BridgeheadError
        ``jobs.no_dask``, ``jobs.no_scheduler``.
    """
    try:
        import distributed
    except ModuleNotFoundError:
        raise BridgeheadError("jobs.no_dask") from None
    try:
        client = distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BridgeheadError("jobs.no_scheduler", {"address": address, "reason": str(error)}) from error
    with client:
        yield client


def run_on(
    client: Any,
    calls: Sequence[Call],
    *,
    progress: Progress | None = None,
    check: Check | None = None,
    finished: Finished | None = None,
) -> list[Any]:
    """Run calls on a cluster and return their results in the order of the calls.

    Parameters
    ----------
    client : distributed.Client
        From `cluster`.
    calls : sequence of Call
        What to run.
    progress : callable, optional
        Called with (done, total), the calls that are finished and all.
    check : callable, optional
        Called several times a second; what it raises takes back what has not begun and is raised.
    finished : callable, optional
        Called with the number of a call and its result as soon as it is there.

    Raises
    ------
    BridgeheadError
        ``jobs.process_died``, ``jobs.other_engine``, ``jobs.no_scheduler``; what a function raises.
    """
    futures = {client.submit(_call, one, pure=False): at for at, one in enumerate(calls)}
    ended: SimpleQueue[Any] = SimpleQueue()
    for one in futures:
        one.add_done_callback(ended.put)
    results: dict[int, Any] = {}
    try:
        while len(results) < len(calls):
            if check is not None:
                check()
            try:
                one = ended.get(timeout=LOOK_S)
            except Empty:
                continue
            at = futures[one]
            results[at] = _result(one, calls[at], client)
            if finished is not None:
                finished(at, results[at])
            if progress is not None:
                progress(len(results), len(calls))
        return [results[at] for at in range(len(calls))]
    finally:
        client.cancel([one for one, at in futures.items() if at not in results])


def _call(call: Call) -> Any:
    """Run a call on a machine of the cluster."""
    return call.function(*call.arguments, progress=_nothing)


def _nothing(done: int, total: int) -> None:
    pass


def _result(future: Any, call: Call, client: Any) -> Any:
    """Return what a call returned, or raise what went wrong with it."""
    from distributed import KilledWorker

    if future.status == "cancelled":
        where = {"address": client.scheduler.address, "reason": future.status}
        raise BridgeheadError("jobs.no_scheduler", where)
    try:
        return future.result()
    except KilledWorker as error:
        told = {"function": call.function.__name__, "reason": type(error).__name__}
        raise BridgeheadError("jobs.process_died", told) from error
    except ImportError as error:
        raise BridgeheadError("jobs.other_engine", {"wanted": call.function.__module__, "found": str(error)}) from error
