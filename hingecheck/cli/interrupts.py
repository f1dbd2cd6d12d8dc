"""Ctrl-C for a command that has something to finish: an end in order, wherever it happens to be."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["endings", "heard"]

SAME_WISH_S = 1.0
"""A second signal this soon is the first one again: shells and wrappers pass on what they get."""


def endings() -> list[signal.Signals]:
    """Signals that ask a command to end: Ctrl-C, a request, and a terminal that was closed.

    Not the last where `nohup` has it ignored, nor on Windows, which has none.
    """
    kinds = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        kinds.append(signal.SIGHUP)
    return kinds


@contextmanager
def heard(first: Callable[[], None], again: Callable[[], None]) -> Iterator[None]:
    """Have Ctrl-C, or another of `endings`, call something instead of raising in the middle of it.

    Args:
        first: Called at the first.
        again: Called when somebody insists.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked_s: list[float] = []

    def hear(number: int, frame: FrameType | None) -> None:
        now_s = time.monotonic()
        if not asked_s:
            asked_s.append(now_s)
            first()
        elif now_s - asked_s[0] > SAME_WISH_S:
            again()

    kinds = endings()
    before = [signal.signal(kind, hear) for kind in kinds]
    try:
        yield
    finally:
        for kind, handler in zip(kinds, before, strict=True):
            signal.signal(kind, handler)
