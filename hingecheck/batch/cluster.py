"""A batch on a Dask cluster: the same attempts, on machines that share only the addresses."""

from __future__ import annotations

import gc
import logging
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Self

from hingecheck import __version__
from hingecheck.batch.addresses import name_of
from hingecheck.batch.attempt import attempt
from hingecheck.batch.crew import Event, Told, drained
from hingecheck.batch.hand import Hand
from hingecheck.batch.records import Failure, Order, Outcome
from hingecheck.errors import OutputError, UsageError, reason_of

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["DaskCrew", "quiet_dask", "start_cluster"]

CONNECT_S = 10.0
QUEUED = 2
"""Orders under way for each thread of the cluster: one that runs, one on its way there."""

CLOSE_S = 5.0
"""Given to a cluster of our own to close; what is left of it then ends with the program."""

LOOPBACK = "127.0.0.1:0"
_NO_PAGES: dict[str, list[str]] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}

TOPIC = "hingecheck"

IN_PROCESS = "inproc"
"""How Dask's addresses of workers in this very process begin."""


@dataclass(frozen=True, slots=True)
class Packed:
    """An outcome with its result's files, as it comes back over the network.

    Attributes:
        outcome: What came of the attempt.
        files: Content by file name; empty where there is no result.
    """

    outcome: Outcome
    files: dict[str, bytes]


class DaskCrew:
    """Every worker of a Dask cluster, as they come and go.

    Lost workers' orders are given to others, as often as the cluster's `allowed-failures` says.

    Args:
        client: The connection; closed in the end, with its cluster where that was started for it.
        work: Folder for results until they take their place.

    Raises:
        UsageError: The workers have no hingecheck, or another version.
    """

    def __init__(self, client: Client, work: Path) -> None:
        self._client, self._work = client, work
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._running: dict[str, Future] = {}
        self._size = 1
        self._check_versions()

    @property
    def size(self) -> int:
        """Orders worth having under way; as many as the cluster's threads, and some on the way."""
        return self._size

    def __enter__(self) -> Self:
        with _connected():
            self._client.subscribe_topic(TOPIC, self._hear)
        self._count()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            self._client.cancel(list(self._running.values()), force=True)
        for hand in list(_hands.values()):
            hand.kill()
        with suppress(Exception):
            self._client.close(timeout=CLOSE_S)
        if self._client.cluster is not None:
            with suppress(Exception):
                self._client.cluster.close(timeout=CLOSE_S)

    def start(self, order: Order) -> None:
        """Submit an order; Dask chooses the worker."""
        with _connected():
            future = self._client.submit(_carry_out, order, __version__, pure=False)
        self._running[order.source.address] = future
        future.add_done_callback(lambda done: self._events.put(self._ended(order, done)))

    def wait(self, timeout_s: float) -> Iterator[Event]:
        """What has happened since.

        Raises:
            OutputError: The scheduler is gone.
        """
        self._count()
        for event in drained(self._events, timeout_s):
            if isinstance(event, Outcome) and event.failure is not None:
                # A scheduler that is lost takes every order with it: its failure, not theirs.
                self._count()
            yield event

    def _count(self) -> None:
        with _connected():
            if self._client.status != "running":
                raise ConnectionError(self._client.status)
            self._size = max(1, QUEUED * sum(self._client.nthreads().values()))

    def _check_versions(self) -> None:
        try:
            there = self._client.run(_version)
        except Exception as error:
            raise UsageError(
                f"the cluster's workers cannot run hingecheck ({_one_line(error)})."
                f" Install hingecheck {__version__} on them."
            ) from error
        other = sorted({version for version in there.values() if version != __version__})
        if other:
            raise UsageError(
                f"the cluster's workers have {_other_version(', '.join(other), __version__)}"
            )

    def _hear(self, event: tuple[float, Any]) -> None:
        _, (address, stage, share) = event
        self._events.put(Told(address, stage, share))

    def _ended(self, order: Order, future: Future) -> Outcome:
        """Whatever came of an order; called in a thread of the client's, where nothing may rise."""
        address = order.source.address
        self._running.pop(address, None)
        try:
            return self._unpacked(_packed(future))
        except _NoRoom as trouble:
            message = f"{self._work.parent}: cannot be written ({trouble})."
            return Outcome(address, failure=Failure.INTERNAL, message=message, hopeless=True)
        except _WorkersLost as loss:
            message = f"{_name(order)}: the workers that checked it were lost ({loss})."
            return Outcome(address, failure=Failure.LOST, message=message, lasting=loss.again)
        except Exception as error:
            what = type(error).__name__
            if not order.settings.anonymous:
                what = f"{what}: {_one_line(error)}"
            message = (
                f"{_name(order)}: its worker could not carry it out ({what})."
                f" Every worker needs hingecheck {__version__}."
            )
            return Outcome(address, failure=Failure.INTERNAL, message=message)

    def _unpacked(self, packed: Packed) -> Outcome:
        if not packed.files:
            return packed.outcome
        try:
            folder = Path(tempfile.mkdtemp(dir=self._work)) / "result"
            folder.mkdir()
            for name, content in packed.files.items():
                (folder / name).write_bytes(content)
        except OSError as error:
            raise _NoRoom(reason_of(error)) from error
        return replace(packed.outcome, folder=folder)


class _WorkersLost(Exception):
    """An order took its workers with it, or was forgotten by the scheduler.

    Attributes:
        again: Whether that has happened as often as the cluster allows.
    """

    def __init__(self, what: str, *, again: bool) -> None:
        super().__init__(what)
        self.again = again


class _NoRoom(Exception):
    """A result cannot be written where the run writes."""


def _packed(future: Future) -> Packed:
    """What an order's worker sent back.

    Raises:
        _WorkersLost: No worker came to its end.
        Exception: Whatever was raised there.
    """
    from distributed import KilledWorker

    if future.cancelled():
        raise _WorkersLost("forgotten", again=False)
    try:
        packed: Packed = future.result()
    except KilledWorker as error:
        raise _WorkersLost(type(error).__name__, again=True) from error
    return packed


@contextmanager
def _connected() -> Iterator[None]:
    """Turn whatever a lost connection raises into our error."""
    try:
        yield
    except Exception as error:
        raise OutputError(
            "the Dask scheduler is gone. What is done is kept; run it again when it is back."
        ) from error


def start_cluster(address: str, workers: int) -> Client:
    """Connect to a scheduler, or start one here for `local`.

    Args:
        address: `local`, or a scheduler's address such as `tcp://10.0.0.5:8786`.
        workers: Processes of a local cluster.

    Raises:
        UsageError: Dask is not installed, or the scheduler does not answer.
    """
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError(
            "--cluster needs the batch extra. pip install 'hingecheck[batch]'"
        ) from None
    try:
        if address == "local":
            # Each worker's clips are checked in a process of their own as it is. Dask opens ports
            # for pages in any case: nobody but this machine reaches them, and nothing is there.
            with dask.config.set(_NO_PAGES):
                cluster = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    processes=False,
                    memory_limit=None,
                    dashboard_address=LOOPBACK,
                    worker_dashboard_address=LOOPBACK,
                    silence_logs=False,
                )
            return Client(cluster)
        return Client(address, timeout=CONNECT_S)
    except Exception as error:
        why = _one_line(error)
    # A client that reached nobody closes when it is collected. That must not happen while another
    # one starts, which holds the lock that closing waits for.
    gc.collect()
    raise UsageError(
        f"--cluster {address}: no Dask scheduler answers there ({why})."
        " Start one with `dask scheduler`, or use --cluster local."
    )


def quiet_dask() -> None:
    """Keep Dask's own log off the terminal: what matters of it comes as one of our errors."""
    import distributed  # noqa: F401

    for name in ("asyncio", *logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("asyncio", "distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _other_version(found: str, expected: str) -> str:
    return f"hingecheck {found}, expected {expected}. Install the same version everywhere."


_hands: dict[int, Hand] = {}
"""The process of each of a worker's threads, by the thread's identity."""


def _carry_out(order: Order, version: str) -> Packed:
    """What a Dask worker does with an order: each of its threads keeps a process of its own.

    Args:
        order: The order.
        version: Of the run's hingecheck, which this worker's may not be if it joined later.
    """
    from distributed import get_worker

    worker = get_worker()
    if version != __version__:
        return _not_here(order, f"its worker has {_other_version(__version__, version)}")
    try:
        folder = Path(tempfile.mkdtemp(prefix="hingecheck-", dir=worker.local_directory))
    except OSError as error:
        return _not_here(order, f"a worker's disk cannot be written ({reason_of(error)}).")
    hand = _hands.setdefault(threading.get_ident(), Hand())

    def tell(stage: str, share: float) -> None:
        worker.log_event(TOPIC, (order.source.address, stage, share))

    try:
        outcome = attempt(order, hand, folder, tell, lambda clip: True)
        if outcome.hopeless and not worker.address.startswith(IN_PROCESS):
            # The next clip may come to a worker with a disk and models of its own.
            host = "a worker" if order.settings.anonymous else socket.gethostname()
            outcome = replace(outcome, hopeless=False, message=f"on {host}: {outcome.message}")
        files = {}
        if outcome.folder is not None:
            files = {file.name: file.read_bytes() for file in sorted(outcome.folder.iterdir())}
        return Packed(replace(outcome, folder=None), files)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_here(order: Order, why: str) -> Packed:
    """An attempt that this worker cannot make."""
    message = f"{_name(order)}: {why}"
    return Packed(Outcome(order.source.address, failure=Failure.INTERNAL, message=message), {})


def _name(order: Order) -> str:
    return "the clip" if order.settings.anonymous else name_of(order.source.address)


def _version() -> str:
    return __version__
