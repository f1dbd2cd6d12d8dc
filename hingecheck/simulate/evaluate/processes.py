"""Clips side by side, a process each, at low priority."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

__all__ = ["in_processes"]

_Job = TypeVar("_Job")


def in_processes(do: Callable[[_Job], str], jobs: Sequence[_Job], workers: int) -> Iterator[str]:
    """Do jobs side by side at low priority; yields what each says, as they get done."""
    # Two renderers and two networks side by side want one thread each.
    for name in ("OMP_NUM_THREADS", "LP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, _start) as pool:
        yield from pool.imap_unordered(do, jobs)


def _start() -> None:
    os.nice(5)
