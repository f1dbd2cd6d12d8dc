"""Frames whose landmarks no body can take: the model has lost the lifter and does not say so."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.facing import signed_yaw
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import measure_segments

__all__ = ["is_plausible", "only_plausible"]

SHORT_TRUNK, SHORTER_TRUNK = 0.75, 0.66
SHORT_THIGH, SHORTER_LEG = 0.7, 0.6
"""Length in the picture over the clip's upper quarter, in a side view. Bones keep theirs, and a
trunk flexes to 0.78 at most. Plates make one limb alone read 0.5 to 0.7 in real deadlifts, so that
two have to be short at once; where the model takes a rack for the legs both read 0.2 to 0.4 for
seconds (docs/method.md)."""

BACKWARD_TRUNK_DEG, FORWARD_THIGH_DEG = -15.0, 20.0
"""Nobody leans back this far with the knees this far forward and stays on their feet."""

BENT_BACK_KNEE_DEG = -30.0
"""Knees over-extend by 10 degrees, and landmarks scatter by 5."""


def is_plausible(track: Track, facing: int) -> NDArray[np.bool_]:
    """(frames,) whether a body can look like this; False where nobody was found.

    Args:
        track: Landmarks as seen.
        facing: +1 or -1.
    """
    if not track.detected.any():
        return track.detected
    segments = measure_segments(track, facing)
    trunk = _share(track, Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP)
    thigh = _share(track, Landmark.LEFT_HIP, Landmark.LEFT_KNEE)
    shank = _share(track, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE)
    # What is turned towards the camera looks as much shorter.
    turned = np.cos(np.radians(min(90.0, abs(float(np.nanmedian(signed_yaw(track)))))))
    falling = (segments.trunk_deg < BACKWARD_TRUNK_DEG) & (segments.thigh_deg > FORWARD_THIGH_DEG)
    folded = (trunk < SHORT_TRUNK * turned) & (thigh < SHORT_THIGH * turned)
    legless = (thigh < SHORTER_LEG * turned) & (shank < SHORTER_LEG * turned)
    buried = (trunk < SHORTER_TRUNK * turned) & (segments.trunk_deg < 0)
    bent_back = segments.knee_flexion_deg < BENT_BACK_KNEE_DEG
    return np.asarray(track.detected & ~(falling | folded | legless | buried | bent_back))


def only_plausible(track: Track, facing: int) -> Track:
    """The track without the lifter in frames that show no possible body."""
    lost = ~is_plausible(track, facing)
    return replace(
        track,
        landmarks_px=_without(track.landmarks_px, lost),
        world_m=_without(track.world_m, lost),
        visibility=_without(track.visibility, lost),
    )


def _share(track: Track, one: Landmark, other: Landmark) -> FloatArray:
    """(frames,) length of a limb over that of the clip's upper quarter; NaN where unseen."""
    along = track.middle_px(one) - track.middle_px(other)
    length = np.hypot(along[:, 0], along[:, 1])
    return np.asarray(length / np.nanpercentile(length, 75))


def _without(values: FloatArray, lost: NDArray[np.bool_]) -> FloatArray:
    kept = values.copy()
    kept[lost] = np.nan
    return kept
