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
from typing import Protocol, Self

from hingecheck.batch.attempt import attempt
from hingecheck.batch.hand import Hand
from hingecheck.batch.records import Failure, Order, Outcome
from hingecheck.errors import UsageError, reason_of

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

    def __exit__(self, *_: object) -> None: ...


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
        self._claims = _Claims()
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

    def __exit__(self, *_: object) -> None:
        for hand in self._hands:
            self._orders.put(None)
            hand.kill()

    def start(self, order: Order) -> None:
        """Hand an order to the first worker that is free."""
        self._orders.put(order)

    def wait(self, timeout_s: float) -> Iterator[Event]:
        """What has happened since."""
        yield from drained(self._events, timeout_s)

    def _work_on(self, hand: Hand) -> None:
        while (order := self._orders.get()) is not None:
            self._events.put(self._carried_out(order, hand))
            self._claims.release(hand)

    def _carried_out(self, order: Order, hand: Hand) -> Outcome:
        address = order.source.address

        def tell(stage: str, share: float) -> None:
            self._events.put(Told(address, stage, share))

        try:
            folder = Path(tempfile.mkdtemp(dir=self._work))
        except OSError as error:
            what = reason_of(error)
            message = f"{self._work.parent}: cannot be written ({what})."
            return Outcome(address, failure=Failure.INTERNAL, message=message, hopeless=True)
        outcome = attempt(order, hand, folder, tell, lambda clip: self._claims.take(clip, hand))
        if outcome.folder is None:
            shutil.rmtree(folder, ignore_errors=True)
        return outcome


class _Claims:
    """Who is at which clip, so that equal files that come together are checked once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: dict[str, Hand] = {}

    def take(self, clip: str, hand: Hand) -> bool:
        """Claim a clip, unless another hand has."""
        with self._lock:
            return self._taken.setdefault(clip, hand) is hand

    def release(self, hand: Hand) -> None:
        """Let go of what a hand has claimed."""
        with self._lock:
            self._taken = {clip: holder for clip, holder in self._taken.items() if holder != hand}


def drained(events: SimpleQueue[Event], timeout_s: float) -> Iterator[Event]:
    """Everything in a queue, waiting for the first no longer than this."""
    with suppress(queue.Empty):
        yield events.get(timeout=timeout_s)
        while True:
            yield events.get_nowait()


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """A folder inside the output for what is not finished, emptied before and after.

    Raises:
        UsageError: It cannot be made.
    """
    work = out / ".work"
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir()
    except OSError as error:
        what = reason_of(error)
        raise UsageError(f"{work}: cannot be made ({what}). Choose another --out.") from error
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)
