"""Keep a long clip's memory flat: big pictures go back to the system when they are done with."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["return_big_blocks"]

M_MMAP_THRESHOLD = -3
"""glibc's `mallopt` parameter (malloc.h)."""

BIG_BLOCK_BYTES = 1 << 20
"""A picture is bigger than this, nearly everything else smaller."""


def return_big_blocks() -> None:
    """Have glibc map blocks of a megabyte and more by themselves, for the whole process.

    Left alone, glibc raises that limit to the largest block it has seen freed, and then keeps
    freed pictures in as many heaps as there are threads: drawing a 1080p clip held 1.5 GB where
    0.6 are in use. Does nothing where the C library is another one.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(M_MMAP_THRESHOLD, BIG_BLOCK_BYTES)
