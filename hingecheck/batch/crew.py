"""Who carries out orders: processes of this machine, or a Dask cluster."""

from __future__ import annotations

import queue
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Protocol, Self

from hingecheck.batch.attempt import attempt
from hingecheck.batch.hand import Hand
from hingecheck.batch.records import Order, Outcome

__all__ = ["Crew", "Event", "LocalCrew", "Told", "drained", "workplace"]


@dataclass(frozen=True, slots=True)
class Told:
    """How far a clip has come.

    Attributes:
        address: The clip's.
        stage: What is being done.
        share: Of that stage, 0..1.
    """

    address: str
    stage: str
    share: float


Event = Told | Outcome


class Crew(Protocol):
    """Carries out orders side by side; a context manager, whose end stops whatever runs."""

    @property
    def size(self) -> int:
        """How many orders are worth having under way."""

    def start(self, order: Order) -> None:
        """Take an order on; its outcome comes from `wait` once."""

    def wait(self, timeout_s: float) -> Iterator[Event]:
        """What has happened since; waits for something to, no longer than this.

        Raises:
            OutputError: The crew is gone.
        """

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class LocalCrew:
    """So many worker processes on this machine, one clip and one core each.

    Args:
        size: How many.
        work: Folder for results until they take their place; on the same file system.
    """

    def __init__(self, size: int, work: Path) -> None:
        self._size, self._work = size, work
        self._orders: SimpleQueue[Order | None] = SimpleQueue()
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._hands = [Hand() for _ in range(size)]
        self._threads = [
            threading.Thread(target=self._work_on, args=(hand,), name="hand", daemon=True)
            for hand in self._hands
        ]

    @property
    def size(self) -> int:
        """Number of worker processes."""
        return self._size

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for _ in self._hands:
            self._orders.put(None)
        for hand in self._hands:
            hand.kill()

    def start(self, order: Order) -> None:
        """Hand an order to the first worker that is free."""
        self._orders.put(order)

    def wait(self, timeout_s: float) -> Iterator[Event]:
        """What has happened since."""
        yield from drained(self._events, timeout_s)

    def _work_on(self, hand: Hand) -> None:
        while (order := self._orders.get()) is not None:
            address = order.source.address
            folder = Path(tempfile.mkdtemp(dir=self._work))

            def tell(stage: str, share: float, address: str = address) -> None:
                self._events.put(Told(address, stage, share))

            self._events.put(attempt(order, hand, folder, tell))


def drained(events: SimpleQueue[Event], timeout_s: float) -> Iterator[Event]:
    """Everything in a queue, waiting for the first no longer than this."""
    with suppress(queue.Empty):
        yield events.get(timeout=timeout_s)
        while True:
            yield events.get_nowait()


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """A folder inside the output for what is not finished, emptied before and after."""
    work = out / ".work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
