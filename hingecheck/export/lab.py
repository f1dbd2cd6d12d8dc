"""A lifter's movement in the laboratory's axes: metres, level, on an even clock.

x points the way the lifter faces, y up, z to the lifter's right: OpenSim's axes. The origin is on
the floor under the middle of the standing feet.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from hingecheck.errors import NothingSeen
from hingecheck.export.motion import Motion
from hingecheck.motion.bar import UPRIGHT_DEG
from hingecheck.motion.filters import MAX_GAP_S
from hingecheck.pose.landmarks import TWINS, Landmark
from hingecheck.pose.records import FloatArray
from hingecheck.report.landmarks import SeenLandmarks

__all__ = ["Clock", "LabMotion", "even_clock", "in_lab", "lab_metres", "resample"]

EVEN = 0.1
"""Share of a frame by which real time stamps may miss an even clock and still be taken for it."""

STAMP_S = 0.001
"""What they may miss it by however short a frame is. Where a file counts in whole milliseconds
(Matroska, WebM), a stamp is rounded by up to half of one, and so are the first and the last,
between which the clock is laid; cut off instead, all are early by less than one. Either way none
is further off than this, a quarter of a frame at 240 pictures a second. A picture that was dropped
there leaves its neighbours a frame further apart, at least one of them about half a frame (2 ms)
off, and still shows."""

CAMERAS_HZ = (15.0, 24.0, 25.0, 30.0, 50.0, 60.0, 100.0, 120.0, 240.0)
"""Rates that cameras are set to; a clip whose frames lie unevenly gets the nearest one."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Evenly spaced times.

    Attributes:
        time_s: (rows,) from the clip's first frame on.
        rate_hz: Rows a second.
        resampled: Whether the clip's frames lie elsewhere.
    """

    time_s: FloatArray
    rate_hz: float
    resampled: bool


@dataclass(frozen=True, slots=True)
class LabMotion:
    """A movement in the laboratory's axes, one row per tick of an even clock.

    Holes of up to a quarter second are bridged; longer ones are NaN.

    Attributes:
        clock: The times.
        markers_m: (rows, 33, 3) x forward, y up, z to the lifter's right.
        angles: `NAME_deg` and `NAME_sd_deg` of every angle, (rows,) each.
    """

    clock: Clock
    markers_m: FloatArray
    angles: dict[str, FloatArray]


def in_lab(motion: Motion) -> LabMotion:
    """The movement in the laboratory's axes.

    Raises:
        NothingSeen: The lifter, or the scale that the legs give, is not seen in the clip.
    """
    time_s = motion.seen.track.time_s
    clock = even_clock(time_s)
    metres = lab_metres(motion)
    if not np.isfinite(metres).any():
        raise NothingSeen(
            f"{motion.name}: nobody's legs are seen in the clip, so there is nothing to measure"
            " in metres. Export another result."
        )
    # Where the frames lie evenly, a row is a frame, whatever its stamp was rounded to.
    at_s = clock.time_s if clock.resampled else time_s
    return LabMotion(
        clock=clock,
        markers_m=resample(time_s, metres, at_s),
        angles={name: resample(time_s, values, at_s) for name, values in motion.angles().items()},
    )


def lab_metres(motion: Motion) -> FloatArray:
    """(frames, 33, 3) landmarks in the laboratory's axes, metres; NaN where not seen.

    Forward and up are the picture's own, levelled and scaled by the straight leg's length
    (`motion.bar`). Depth is not measured: each pair of landmarks stands as far apart as MediaPipe
    guesses, median over the clip, evenly to both sides of the sagittal plane.
    """
    seen = motion.seen
    level_px = seen.track.plumb(seen.track.landmarks_px.astype(np.float64))
    origin_px = _standing_feet_px(level_px, motion.column("trunk_thigh_flexion_deg"))
    ahead_m = (level_px - origin_px) * seen.cm_per_px / 100
    across_m = np.broadcast_to(_half_widths_m(seen), ahead_m.shape[:2])
    depth_m = np.where(np.isfinite(ahead_m[..., 0]), across_m, np.nan)
    return np.stack([seen.facing * ahead_m[..., 0], -ahead_m[..., 1], depth_m], axis=-1)


def even_clock(time_s: FloatArray) -> Clock:
    """The frames' own clock where it is even, else one at the camera rate next to theirs."""
    if len(time_s) < 2:
        return Clock(time_s, 1.0, resampled=False)
    rate_hz = (len(time_s) - 1) / float(time_s[-1] - time_s[0])
    even_s = np.linspace(time_s[0], time_s[-1], len(time_s))
    if np.abs(even_s - time_s).max() <= max(EVEN / rate_hz, STAMP_S):
        return Clock(even_s, round(rate_hz, 3), resampled=False)
    usual_hz = 1 / float(np.median(np.diff(time_s)))
    rate_hz = min(CAMERAS_HZ, key=lambda hz: abs(np.log(hz / usual_hz)))
    rows = int((time_s[-1] - time_s[0]) * rate_hz + EVEN) + 1
    return Clock(time_s[0] + np.arange(rows) / rate_hz, rate_hz, resampled=True)


def resample(time_s: FloatArray, values: FloatArray, at_s: FloatArray) -> FloatArray:
    """Values (frames, ...) at other times, by monotone cubics; holes over `MAX_GAP_S` stay NaN."""
    flat = values.reshape(len(values), -1)
    out = np.full((len(at_s), flat.shape[1]), np.nan)
    for column, signal in enumerate(flat.T):
        good = np.isfinite(signal)
        known_s = time_s[good]
        if len(known_s) < 2:
            out[np.isin(at_s, known_s), column] = signal[good]
            continue
        inside = (at_s >= known_s[0]) & (at_s <= known_s[-1])
        after = np.searchsorted(known_s, at_s[inside])
        before = np.searchsorted(known_s, at_s[inside], side="right") - 1
        inside[inside] = known_s[after] - known_s[before] <= MAX_GAP_S
        out[inside, column] = PchipInterpolator(known_s, signal[good])(at_s[inside])
    return out.reshape(len(at_s), *values.shape[1:])


def _standing_feet_px(level_px: FloatArray, trunk_thigh_deg: FloatArray) -> FloatArray:
    """(2,) middle of the feet while the lifter is upright, or over the clip if never."""
    feet = [
        *(Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL),
        *(Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX),
    ]
    middle_px = level_px[:, feet].mean(axis=1)
    known = np.isfinite(middle_px[:, 0])
    with np.errstate(invalid="ignore"):
        upright = known & (np.abs(trunk_thigh_deg) < UPRIGHT_DEG)
    chosen = upright if upright.any() else known
    if not chosen.any():
        return np.full(2, np.nan)
    return np.asarray(np.median(middle_px[chosen], axis=0))


def _half_widths_m(seen: SeenLandmarks) -> FloatArray:
    """(33,) distance of every landmark to the right of the sagittal plane."""
    away_m = seen.track.world_m[seen.track.detected, :, 2].astype(np.float64)
    if not len(away_m):
        return np.full(len(TWINS), np.nan)
    # Who faces image right shows the camera the right side: nearer is further right.
    right_m = -seen.facing * away_m
    return np.asarray(np.median(right_m - right_m[:, TWINS], axis=0) / 2)
