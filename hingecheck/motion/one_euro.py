"""The One-Euro filter: causal smoothing that is calm at rest and quick in motion."""

from __future__ import annotations

import numpy as np

from hingecheck.motion.filters import MAX_GAP_S
from hingecheck.pose.records import FloatArray

__all__ = ["OneEuro"]

SPEED_HZ = 1.0
"""Cutoff of the speed that sets the cutoff; the source's own value."""


class OneEuro:
    """Filters a stream of equally shaped arrays, each element by itself.

    An exponential filter whose cutoff rises with the speed: `rest_hz + per_speed * |speed|`.
    Missing (NaN) elements give NaN and start afresh when they come back after `MAX_GAP_S`.

    Source: Casiez, Roussel and Vogel 2012, doi 10.1145/2207676.2208639.

    Args:
        rest_hz: Cutoff at rest.
        per_speed: Hz gained per unit of the signal and second.
    """

    def __init__(self, rest_hz: float, per_speed: float) -> None:
        self._rest_hz, self._per_speed = rest_hz, per_speed
        self._value = self._speed = self._seen_s = np.empty(0)

    def __call__(self, time_s: float, value: FloatArray) -> FloatArray:
        """The filtered value at a time later than the one before."""
        value = np.asarray(value, dtype=np.float64)
        if self._value.shape != value.shape:
            self._value = np.full(value.shape, np.nan)
            self._speed = np.zeros(value.shape)
            self._seen_s = np.full(value.shape, -np.inf)
        gap_s = time_s - self._seen_s
        here = np.isfinite(value)
        known = here & np.isfinite(self._value) & (gap_s <= MAX_GAP_S)
        fresh = here & ~known
        step_s = np.where(known, gap_s, 1.0)
        speed = np.where(known, (value - self._value) / step_s, 0.0)
        self._speed = np.where(
            known, self._speed + _share(SPEED_HZ, step_s) * (speed - self._speed), self._speed
        )
        self._speed[fresh] = 0.0
        cutoff_hz = self._rest_hz + self._per_speed * np.abs(self._speed)
        moved = self._value + _share(cutoff_hz, step_s) * (value - self._value)
        self._value = np.where(known, moved, np.where(fresh, value, self._value))
        self._seen_s = np.where(here, time_s, self._seen_s)
        return np.where(here, self._value, np.nan)


def _share(cutoff_hz: FloatArray | float, step_s: FloatArray) -> FloatArray:
    """Weight of a new sample in an exponential filter of this cutoff."""
    turn = 2 * np.pi * cutoff_hz * step_s
    return np.asarray(turn / (turn + 1))
