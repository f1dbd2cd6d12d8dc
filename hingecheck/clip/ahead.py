"""Run a producer a few items ahead in its own thread."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

__all__ = ["Ahead"]

Item = TypeVar("Item")


class Ahead(Iterator[Item], Generic[Item]):
    """An iterator whose items are made in a background thread, at most `depth` in advance.

    The generator is started, run and closed in that one thread; whatever it raises is raised
    again by `next`. `close` may be called at any time and from an exception handler: it stops
    the generator after its present item and returns once the thread is gone.
    """

    def __init__(self, items: Generator[Item, None, None], depth: int, name: str) -> None:
        self._items = items
        self._ready: queue.Queue[Item | _End] = queue.Queue(maxsize=depth)
        self._stop = threading.Event()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def __next__(self) -> Item:
        if self._ended:
            raise StopIteration
        item = self._ready.get()
        if isinstance(item, _End):
            self._ended = True
            self._thread.join()
            if item.error is not None:
                raise item.error
            raise StopIteration
        return item

    def close(self) -> None:
        """Stop producing and wait for the thread; a second call does nothing."""
        self._ended = True
        self._stop.set()
        # Emptying once is enough: the thread looks at the flag after every put, so at most one
        # more item and the end mark follow, and `depth` >= 2 has room for both.
        with contextlib.suppress(queue.Empty):
            while True:
                self._ready.get_nowait()
        self._thread.join()

    def _run(self) -> None:
        end = _End(None)
        try:
            with contextlib.closing(self._items):
                for item in self._items:
                    self._ready.put(item)
                    if self._stop.is_set():
                        break
        except BaseException as error:
            end = _End(error)
        self._ready.put(end)


class _End:
    """Marks the end of the items, with what ended them."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException | None) -> None:
        self.error = error
