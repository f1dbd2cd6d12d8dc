"""How fast a live check is, how late, and whether its memory stays flat."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

__all__ = ["Bench", "MemoryWatch", "measure"]

EVERY_S = 1.0
STATM = Path("/proc/self/statm")


class MemoryWatch:
    """Resident memory of this process, every second; a context manager.

    Attributes:
        resident_mb: What was seen; empty where the system does not tell (it does on Linux).
    """

    def __init__(self) -> None:
        self.resident_mb: list[float] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    def __enter__(self) -> Self:
        if STATM.exists():
            self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        page_mb = os.sysconf("SC_PAGE_SIZE") / 2**20
        while not self._stop.wait(EVERY_S):
            self.resident_mb.append(int(STATM.read_text().split()[1]) * page_mb)


@dataclass(frozen=True, slots=True)
class Bench:
    """What `hingecheck live --bench` prints.

    Attributes:
        seconds: How long it ran.
        fps: Pictures judged and drawn per second over all of it.
        slowest_10_s_fps: The same in its slowest ten seconds.
        latency_p50_ms: From a picture's arrival to the drawn overlay, median.
        latency_p95_ms: 95th percentile.
        dropped: Pictures skipped.
        quality: What was looked with at the end.
        memory_mb: Resident at the end; None where the system does not tell.
        memory_growth_mb_a_minute: Slope over the second half.
        python: Version.
        cores: What this process may use.
    """

    seconds: float
    fps: float
    slowest_10_s_fps: float
    latency_p50_ms: float
    latency_p95_ms: float
    dropped: int
    quality: str
    memory_mb: float | None
    memory_growth_mb_a_minute: float | None
    python: str
    cores: int


def measure(
    shown_s: Sequence[float],
    latencies_ms: Sequence[float],
    dropped: int,
    quality: str,
    resident_mb: Sequence[float],
) -> Bench:
    """Figures of a run.

    Args:
        shown_s: `time.perf_counter()` when each picture was shown, at least two.
        latencies_ms: From each picture's arrival until then.
        dropped: Pictures skipped.
        quality: What was looked with at the end.
        resident_mb: Memory every `EVERY_S`.
    """
    at_s = np.array(shown_s) - shown_s[0]
    windows = np.arange(0.0, max(at_s[-1] - 10.0, 0.0) + 1e-9, 1.0)
    counts = np.searchsorted(at_s, windows + 10.0) - np.searchsorted(at_s, windows)
    span_s = min(10.0, float(at_s[-1]))
    late = np.array(resident_mb[len(resident_mb) // 2 :])
    minutes = np.arange(len(late)) * EVERY_S / 60
    slope = float(np.polyfit(minutes, late, 1)[0]) if len(late) > 1 else None
    p50, p95 = np.percentile(latencies_ms, [50, 95])
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return Bench(
        seconds=round(float(at_s[-1]), 1),
        fps=round((len(at_s) - 1) / float(at_s[-1]), 2),
        slowest_10_s_fps=round(float(counts.min()) / span_s, 2),
        latency_p50_ms=round(float(p50), 1),
        latency_p95_ms=round(float(p95), 1),
        dropped=dropped,
        quality=quality,
        memory_mb=round(resident_mb[-1], 1) if resident_mb else None,
        memory_growth_mb_a_minute=None if slope is None else round(slope, 2),
        python=sys.version.split()[0],
        cores=cores or 1,
    )
