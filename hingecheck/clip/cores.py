"""How many of the machine's cores this process may keep busy."""

from __future__ import annotations

import os

__all__ = ["cores", "use_cores"]

_most: int | None = None


def cores() -> int:
    """Cores that this process may run on, and was told to use at most."""
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    return allowed if _most is None else min(allowed, _most)


def use_cores(most: int) -> None:
    """Keep this process to so many cores: several may share a machine, one clip each.

    With one core a clip is decoded, looked at and encoded in turn, in one thread, so that
    processes side by side do not take from each other.
    """
    global _most
    if most < 1:
        raise ValueError(f"expected at least one core, got {most}")
    _most = most
