"""How many pictures a second were judged of late, and how late they were shown."""

from __future__ import annotations

from collections import deque

import numpy as np

__all__ = ["Rate"]

RATE_S = 2.0
"""What counts as of late."""


class Rate:
    """Rate and latency of the last `RATE_S`."""

    def __init__(self) -> None:
        self._moments: deque[tuple[float, float]] = deque()

    def add(self, now_s: float, latency_ms: float) -> None:
        """A picture was shown."""
        self._moments.append((now_s, latency_ms))
        while self._moments[0][0] < now_s - RATE_S:
            self._moments.popleft()

    @property
    def fps(self) -> float:
        """Pictures a second; NaN before the second."""
        if len(self._moments) < 2:
            return float("nan")
        return (len(self._moments) - 1) / (self._moments[-1][0] - self._moments[0][0])

    @property
    def latency_ms(self) -> float:
        """Median; NaN before the first."""
        return float(np.median([late for _, late in self._moments])) if self._moments else np.nan
