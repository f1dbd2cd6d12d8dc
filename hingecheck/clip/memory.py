"""Keep a long clip's memory flat: big pictures go back to the system when they are done with."""

from __future__ import annotations

import ctypes
import sys

__all__ = ["return_big_blocks"]

M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
"""glibc's `mallopt` parameters (malloc.h)."""

BIG_BLOCK_BYTES = 4 << 20
"""Pictures of 1080p and more are bigger, what is analysed is smaller: a megabyte here costs a
sixth of the analysis in pages that are taken and given back with every picture."""

IDLE_BYTES = 32 << 20
"""Free memory kept at hand; setting the other limit alone would leave it at 128 kB."""


def return_big_blocks() -> None:
    """Have glibc map blocks of full-size pictures by themselves, for the whole process.

    Left alone, glibc raises that limit to the largest block it has seen freed, and then keeps
    freed pictures in as many heaps as there are threads: drawing a 1080p clip held 1.0 GB where
    0.7 do. Does nothing where the C library is another one.
    """
    if sys.platform == "linux":
        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(M_MMAP_THRESHOLD, BIG_BLOCK_BYTES)
            mallopt(M_TRIM_THRESHOLD, IDLE_BYTES)
