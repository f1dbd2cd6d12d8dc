"""The run's bookkeeping holds in whatever order things happen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from batch.uploads import LITE, Listener

from hingecheck.batch.crew import Event
from hingecheck.batch.ledger import Ledger
from hingecheck.batch.records import Failure, Order, Outcome, Status
from hingecheck.batch.run import ATTEMPTS_EVER, Plan, carry_out
from hingecheck.batch.sources import Source

CLIP = "0123456789abcdef-01234567"


class Scripted:
    """A crew that answers by a script: what it says next, given the orders it has."""

    def __init__(self, size: int, answer: Callable[[list[str]], list[Event]]) -> None:
        self.size = size
        self._orders: list[str] = []
        self._answer = answer

    def start(self, order: Order) -> None:
        self._orders.append(order.source.address)

    def wait(self, timeout_s: float) -> Iterator[Event]:
        orders, self._orders = self._orders, []
        yield from self._answer(orders)

    def __enter__(self) -> Scripted:
        return self

    def __exit__(self, *_: object) -> None: ...


def broken(address: str) -> Outcome:
    return Outcome(address, CLIP, 1, failure=Failure.UNREADABLE, message="no video.", lasting=True)


def test_copy_that_steps_aside_too_late_still_comes_to_its_end(tmp_path: Path) -> None:
    """Its equal's failure was told before the copy's word that it is somebody else's."""

    def answer(orders: list[str]) -> list[Event]:
        if len(orders) == 2:
            first, second = orders
            return [broken(first), Outcome(second, CLIP, 1)]
        return [broken(address) for address in orders]

    sources = [Source(f"/clips/{name}.mp4", 1, "stamp") for name in "ab"]
    listener = Listener()
    with Ledger(tmp_path / "batch.sqlite", anonymous=False) as ledger:
        waiting = ledger.open_sources(sources, "01234567", ATTEMPTS_EVER)
        plan = Plan(waiting, LITE, "01234567", 60.0)
        carry_out(plan, ledger, Scripted(2, answer), tmp_path, listener)
        assert [entry.status for entry in ledger.entries()] == [Status.FAILED] * 2
    assert sorted(end.address for end in listener.ends) == ["/clips/a.mp4", "/clips/b.mp4"]
