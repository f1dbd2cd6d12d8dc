"""How fast a live check is, how late, and whether its memory stays flat."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np

from hingecheck.clip.cores import cores
from hingecheck.live.films import Films
from hingecheck.live.take import Take
from hingecheck.pose.records import FloatArray
from hingecheck.spine.model import OwnShape

__all__ = ["Bench", "Rushes", "Usage", "measure"]

EVERY_S = 1.0
STATM = Path("/proc/self/statm")


class Rushes(Films):
    """Films of sets of which no result is made: that is no live work."""

    def deliver(self, folder: Path, take: Take, own: OwnShape | None) -> None:
        """Leave the set at its film."""


class Usage:
    """What this process takes of the machine; a context manager.

    Attributes:
        resident_mb: Memory, every second; empty where the system does not tell (it does on Linux).
        cores: Processor time against time, once left.
    """

    def __init__(self) -> None:
        self.resident_mb: list[float] = []
        self.cores = float("nan")
        self._began = 0.0, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    def __enter__(self) -> Self:
        self._began = time.perf_counter(), time.process_time()
        if STATM.exists():
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        passed_s = time.perf_counter() - self._began[0]
        self.cores = (time.process_time() - self._began[1]) / passed_s
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
        fps: Pictures judged, drawn, recorded and shown per second over all of it.
        slowest_10_s_fps: The same in its slowest ten seconds.
        latency_p50_ms: From the moment a picture of the clip was due, before it was decoded, until
            it or a later one had been shown; median over all pictures, skipped ones too.
        latency_p95_ms: 95th percentile.
        dropped: Pictures skipped.
        looked_with: Share of the pictures by the quality they were looked at with.
        window: Whether there was one.
        cores_used: Processor time of this process against time.
        cores: What it may use.
        load: Processes that wanted a core over the last minute, on the whole machine; None where
            the system does not tell.
        memory_mb: Resident at the end; None where the system does not tell.
        memory_growth_mb_a_minute: Slope over the second half.
        python: Version.
    """

    seconds: float
    fps: float
    slowest_10_s_fps: float
    latency_p50_ms: float
    latency_p95_ms: float
    dropped: int
    looked_with: dict[str, float]
    window: bool
    cores_used: float
    cores: int
    load: float | None
    memory_mb: float | None
    memory_growth_mb_a_minute: float | None
    python: str


def measure(
    taken_s: Sequence[float],
    shown_s: Sequence[float],
    latencies_ms: Sequence[float],
    dropped: int,
    looked_with: Mapping[str, int],
    usage: Usage,
    *,
    window: bool,
) -> Bench:
    """Figures of a run.

    Args:
        taken_s: When each shown picture was taken, on the clip's clock; at least two.
        shown_s: `time.perf_counter()` when it had been shown.
        latencies_ms: From its arrival until then.
        dropped: Pictures skipped.
        looked_with: Pictures by the quality they were looked at with.
        usage: What was taken of the machine.
        window: Whether there was one.
    """
    at_s = np.array(shown_s) - shown_s[0]
    windows = np.arange(0.0, max(at_s[-1] - 10.0, 0.0) + 1e-9, 1.0)
    counts = np.searchsorted(at_s, windows + 10.0) - np.searchsorted(at_s, windows)
    span_s = min(10.0, float(at_s[-1]))
    late = np.array(usage.resident_mb[len(usage.resident_mb) // 2 :])
    minutes = np.arange(len(late)) * EVERY_S / 60
    slope = float(np.polyfit(minutes, late, 1)[0]) if len(late) > 1 else None
    p50, p95 = np.percentile(_since_due_ms(taken_s, shown_s, latencies_ms, dropped), [50, 95])
    return Bench(
        seconds=round(float(at_s[-1]), 1),
        fps=round((len(at_s) - 1) / float(at_s[-1]), 2),
        slowest_10_s_fps=round(float(counts.min()) / span_s, 2),
        latency_p50_ms=round(float(p50), 1),
        latency_p95_ms=round(float(p95), 1),
        dropped=dropped,
        looked_with={name: round(count / len(at_s), 3) for name, count in looked_with.items()},
        window=window,
        cores_used=round(usage.cores, 2),
        cores=cores(),
        load=round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        memory_mb=round(usage.resident_mb[-1], 1) if usage.resident_mb else None,
        memory_growth_mb_a_minute=None if slope is None else round(slope, 2),
        python=sys.version.split()[0],
    )


def _since_due_ms(
    taken_s: Sequence[float],
    shown_s: Sequence[float],
    latencies_ms: Sequence[float],
    dropped: int,
) -> FloatArray:
    """From the moment each picture was due until it, or for a skipped one the next, was shown.

    A replayed clip gives no picture early, so the least late of them tells its clock's zero.
    """
    taken, shown = np.array(taken_s), np.array(shown_s)
    zero_s = float((shown - np.array(latencies_ms) / 1000 - taken).min())
    step_s = (taken[-1] - taken[0]) / (len(taken) - 1 + dropped)
    late: list[float] = []
    for before, now, until in zip(taken[:-1], taken[1:], shown[1:], strict=True):
        steps = max(round((now - before) / step_s), 1)
        due = zero_s + np.linspace(before, now, steps + 1)[1:]
        late.extend(1000 * (until - due))
    return np.array(late)
