"""A batch on a Dask cluster: the same attempts, on machines that share only the addresses."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from hingecheck import __version__
from hingecheck.batch.attempt import attempt
from hingecheck.batch.crew import Event, Told, drained
from hingecheck.batch.hand import Hand
from hingecheck.batch.records import Failure, Order, Outcome
from hingecheck.batch.sources import name_of
from hingecheck.errors import OutputError, UsageError

if TYPE_CHECKING:
    from distributed import Client, Future

__all__ = ["DaskCrew", "start_cluster"]

CONNECT_S = 10.0
QUEUED = 2
"""Orders under way for each thread of the cluster: one that runs, one on its way there."""

TOPIC = "hingecheck"


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
        client: The connection.
        work: Folder for results until they take their place.
    """

    def __init__(self, client: Client, work: Path) -> None:
        self._client, self._work = client, work
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._running: dict[str, Future] = {}
        self._size = 1

    @property
    def size(self) -> int:
        """Orders worth having under way; as many as the cluster's threads, and some on the way."""
        return self._size

    def __enter__(self) -> Self:
        self._check_versions()
        with _connected():
            self._client.subscribe_topic(TOPIC, self._hear)
        self._count()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with suppress(Exception):
            self._client.cancel(list(self._running.values()), force=True)
        with suppress(Exception):
            self._client.close()

    def start(self, order: Order) -> None:
        """Submit an order; Dask chooses the worker."""
        with _connected():
            future = self._client.submit(_carry_out, order, pure=False)
        self._running[order.source.address] = future
        future.add_done_callback(lambda done: self._ended(order, done))

    def wait(self, timeout_s: float) -> Iterator[Event]:
        """What has happened since.

        Raises:
            OutputError: The scheduler is gone.
        """
        self._count()
        yield from drained(self._events, timeout_s)

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
                f"the cluster's workers cannot run hingecheck ({error})."
                f" Install hingecheck {__version__} on them."
            ) from error
        other = sorted({version for version in there.values() if version != __version__})
        if other:
            raise UsageError(
                f"the cluster's workers have hingecheck {', '.join(other)}, expected {__version__}."
                " Install the same version everywhere."
            )

    def _hear(self, event: tuple[float, Any]) -> None:
        _, (address, stage, share) = event
        self._events.put(Told(address, stage, share))

    def _ended(self, order: Order, future: Future) -> None:
        """Called in a thread of the client's, once per order."""
        address = order.source.address
        self._running.pop(address, None)
        name = "the clip" if order.settings.anonymous else name_of(address)
        if future.cancelled():
            return
        error = future.exception()
        if error is not None:
            message = f"{name}: the workers that checked it were lost ({type(error).__name__})."
            self._events.put(Outcome(address, failure=Failure.LOST, message=message))
            return
        packed: Packed = future.result()
        try:
            self._events.put(self._unpacked(packed))
        except OSError as trouble:
            what = (trouble.strerror or str(trouble)).lower()
            message = f"{self._work.parent}: cannot be written ({what})."
            self._events.put(replace(packed.outcome, folder=None, message=message, hopeless=True))

    def _unpacked(self, packed: Packed) -> Outcome:
        if not packed.files:
            return packed.outcome
        folder = Path(tempfile.mkdtemp(dir=self._work)) / "result"
        folder.mkdir()
        for name, content in packed.files.items():
            (folder / name).write_bytes(content)
        return replace(packed.outcome, folder=folder)


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
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError(
            "--cluster needs the batch extra. pip install 'hingecheck[batch]'"
        ) from None
    if address == "local":
        return Client(
            LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None),
        )
    try:
        return Client(address, timeout=CONNECT_S)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--cluster {address}: no Dask scheduler answers there ({error})."
            " Start one with `dask scheduler`, or use --cluster local."
        ) from None


_hands = threading.local()


def _carry_out(order: Order) -> Packed:
    """What a Dask worker does with an order: each of its threads keeps a process of its own."""
    from distributed import get_worker

    worker = get_worker()
    if not hasattr(_hands, "hand"):
        _hands.hand = Hand()
    folder = Path(tempfile.mkdtemp(prefix="hingecheck-", dir=worker.local_directory))

    def tell(stage: str, share: float) -> None:
        worker.log_event(TOPIC, (order.source.address, stage, share))

    try:
        outcome = attempt(order, _hands.hand, folder, tell)
        files = {}
        if outcome.folder is not None:
            files = {file.name: file.read_bytes() for file in sorted(outcome.folder.iterdir())}
        return Packed(replace(outcome, folder=None), files)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _version() -> str:
    return __version__
