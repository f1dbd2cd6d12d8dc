"""When the lifter stands: what the zero of all spine angles is taken from, or estimated with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.records import FloatArray
from hingecheck.spine.estimator import BackView

__all__ = ["relaxed_standing", "upright"]

STANDING_TRUNK_DEG = (-5.0, 10.0)
STANDING_BEND_DEG = 20.0
STANDING_SPEED_DEG_S = 15.0
STANDING_S = 0.4
"""Relaxed standing: trunk upright but not leaning back as lifters do at lockout (landmarks see
upright people at -2 degrees), hips and knees nearly straight, nothing moving for this long."""

WORKING_BEND_DEG = 40.0
"""From the first to the last frame whose trunk-thigh flexion exceeds this the lifter works: between
two repetitions nobody is relaxed. A bottom above it is no lift (`motion.reps`)."""

LEAST_COVERAGE = 0.8
"""Share of the lumbar window that must be seen in frames that speak for all others."""

UPRIGHT_TRUNK_DEG = 15.0
UPRIGHT_BEND_DEG = 30.0
UPRIGHT_STEP_DEG = 6.0
"""Upright under a load: lockouts lean back, a bar on the back leans forward, knees stay soft. Of
such frames those count whose hips are within this of the straightest."""


def upright(back: BackView) -> NDArray[np.bool_]:
    """(frames,) where the lifter is up, between repetitions or before them, the back in view.

    A weaker witness than `relaxed_standing`: it tells the body's shape, not its zero.
    """
    seg = back.segments
    with np.errstate(invalid="ignore"):
        up = (
            (np.abs(seg.trunk_deg) < UPRIGHT_TRUNK_DEG)
            & (np.abs(seg.trunk_thigh_deg) < UPRIGHT_BEND_DEG)
            & (back.profile.coverage > LEAST_COVERAGE)
        )
        bend_deg = np.abs(seg.trunk_thigh_deg)
        return np.asarray(up & (bend_deg <= bend_deg[up].min(initial=np.inf) + UPRIGHT_STEP_DEG))


def relaxed_standing(back: BackView) -> NDArray[np.bool_]:
    """(frames,) where the lifter stands relaxed before or after the set, the back in view."""
    seg, t = back.segments, back.track.time_s
    if len(t) < 3:
        return np.zeros(len(t), dtype=bool)
    low, high = STANDING_TRUNK_DEG
    with np.errstate(invalid="ignore"):
        posture = (
            (seg.trunk_deg > low)
            & (seg.trunk_deg < high)
            & (np.abs(seg.trunk_thigh_deg) < STANDING_BEND_DEG)
            & (np.abs(np.gradient(seg.trunk_thigh_deg, t)) < STANDING_SPEED_DEG_S)
            & (back.profile.coverage > LEAST_COVERAGE)
            & ~_working(seg.trunk_thigh_deg)
        )
    # A stretch counts only if it lasts; erosion and dilation by the same time do that.
    size = max(1, round(STANDING_S / float(np.median(np.diff(t)))))
    kernel = np.ones(size)
    full = np.convolve(posture, kernel, mode="valid") >= size
    lasting = np.convolve(full, kernel, mode="full") > 0
    return np.asarray(lasting[: len(t)], dtype=bool)


def _working(trunk_thigh_deg: FloatArray) -> NDArray[np.bool_]:
    """(frames,) from the first hinge to the last."""
    bent = np.flatnonzero(np.abs(np.nan_to_num(trunk_thigh_deg)) > WORKING_BEND_DEG)
    working = np.zeros(len(trunk_thigh_deg), dtype=bool)
    if len(bent):
        working[bent[0] : bent[-1] + 1] = True
    return working
