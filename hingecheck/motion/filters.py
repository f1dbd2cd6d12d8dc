"""Zero-lag smoothing of signals on a real, uneven clock with gaps."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import median_filter
from scipy.signal import butter, sosfiltfilt

from hingecheck.pose.records import FloatArray

__all__ = ["CUTOFF_HZ", "MAX_GAP_S", "fill_gaps", "hampel", "smooth"]

CUTOFF_HZ = 6.0
"""Low-pass for controlled lifts, 4-6 Hz in use (Winter 2009, Biomechanics and Motor Control of
Human Movement, ch. 2); a swing or a jerk would need more."""

MAX_GAP_S = 0.25
"""Longer holes stay holes: half a descent could hide in them."""

HAMPEL_S = 0.35
HAMPEL_SIGMAS = 4.0
"""Hampel 1974: a sample this many robust deviations from its running median is an outlier."""

HAMPEL_FLOOR = 0.025
"""Least deviation, as a share of the signal's range. A rising signal is its own running median, so
that only noise gives it a spread; a clean turn of one second's period leaves it by 8 % of the
range and is no outlier."""


def fill_gaps(time_s: FloatArray, signal: FloatArray, max_gap_s: float = MAX_GAP_S) -> FloatArray:
    """Interpolate over holes of at most `max_gap_s`; longer ones, and the ends, stay NaN.

    Args:
        time_s: (frames,) strictly increasing.
        signal: (frames,) with NaN where missing.
    """
    good = np.isfinite(signal)
    if good.all() or good.sum() < 2:
        return signal.copy()
    filled = np.interp(time_s, time_s[good], signal[good])
    at = np.flatnonzero(good)
    after = np.searchsorted(at, np.arange(len(signal)))
    inside = (after > 0) & (after < len(at))
    gap = np.full(len(signal), np.inf)
    gap[inside] = time_s[at[after[inside]]] - time_s[at[after[inside] - 1]]
    return np.where(good | (gap <= max_gap_s), filled, np.nan)


def hampel(time_s: FloatArray, signal: FloatArray, window_s: float = HAMPEL_S) -> FloatArray:
    """Replace outliers by the running median; NaN in gives NaN out."""
    good = np.isfinite(signal)
    if good.sum() < 5:
        return signal.copy()
    step = float(np.median(np.diff(time_s)))
    size = max(3, 2 * round(window_s / step / 2) + 1)
    x = signal[good]
    middle = median_filter(x, size=size, mode="nearest")
    spread = 1.4826 * median_filter(np.abs(x - middle), size=size, mode="nearest")
    # Percentiles, so that the outliers themselves do not stretch the range.
    floor = HAMPEL_FLOOR * float(np.ptp(np.percentile(x, [1, 99])))
    wild = np.abs(x - middle) > HAMPEL_SIGMAS * np.maximum(spread, floor + 1e-12)
    out = signal.copy()
    out[good] = np.where(wild, middle, x)
    return out


def smooth(time_s: FloatArray, signal: FloatArray, cutoff_hz: float = CUTOFF_HZ) -> FloatArray:
    """Fourth-order zero-lag Butterworth on real timestamps, after a Hampel filter.

    Stretches between long gaps are filtered by themselves, resampled to an even clock and back.
    A stretch too short or too slow to hold the pass band is returned with outliers removed.

    Args:
        time_s: (frames,) strictly increasing.
        signal: (frames,) with NaN where missing; holes up to `MAX_GAP_S` are bridged.
        cutoff_hz: Minus-three-decibel frequency of the two passes together.
    """
    filled = fill_gaps(time_s, hampel(time_s, signal))
    out = np.full(len(signal), np.nan)
    for start, stop in _runs(np.isfinite(filled)):
        t, x = time_s[start:stop], filled[start:stop]
        out[start:stop] = _butterworth(t, x, cutoff_hz)
    return out


def _butterworth(t: FloatArray, x: FloatArray, cutoff_hz: float) -> FloatArray:
    if len(t) < 4:
        return x
    step = float(np.median(np.diff(t)))
    # Two passes of a second-order filter lower the corner by (sqrt(2) - 1)^(1/4) (Winter 2009).
    corner = cutoff_hz / (np.sqrt(2) - 1) ** 0.25
    if corner >= 0.45 / step:
        return x
    even = np.arange(t[0], t[-1] + step / 2, step)
    sos = butter(2, corner, fs=1 / step, output="sos")
    pad = min(len(even) - 1, round(1.0 / step))
    y = sosfiltfilt(sos, np.interp(even, t, x), padtype="odd", padlen=pad)
    return np.asarray(np.interp(t, even, y))


def _runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """Start and stop of every unbroken stretch of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(np.int8)))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
