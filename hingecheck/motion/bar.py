"""Where the hands, and so a bar in them, are: ahead of mid-foot and above the floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track

__all__ = ["STATURE_CM", "BarPath", "bar_path"]

STATURE_CM = 170.0
"""Assumed where it is not told: grown-ups are between 155 and 190, so that centimetres are right
within some 10 %."""

LEG = 0.491
"""Thigh and shank together in body heights (Drillis and Contini 1966)."""

STRAIGHT_QUANTILE = 0.8
"""A leg is as long in the picture as in the body when it stands straight: taken from the longest
fifth of the frames, the longest ones being landmark noise."""

SD_CM = 4.0
"""One standard deviation of a wrist against a foot in a side view (docs/method.md)."""


@dataclass(frozen=True, slots=True)
class BarPath:
    """The middle of both wrists over a clip, (frames,) each, centimetres; NaN where unseen.

    Attributes:
        forward_cm: Ahead of mid-foot, positive to the front.
        height_cm: Above the floor.
        sd_cm: One standard deviation of either.
    """

    forward_cm: FloatArray
    height_cm: FloatArray
    sd_cm: float


def bar_path(track: Track, facing: int, stature_cm: float = STATURE_CM) -> BarPath:
    """The hands' way beside the feet, in centimetres.

    Mid-foot is half-way between heel and toes. The picture has no scale of its own: the straight
    leg's length gives it, so that all lengths are in proportion to `stature_cm`.

    Args:
        track: Filtered landmarks.
        facing: +1 or -1.
        stature_cm: The lifter's height.
    """
    hip, knee, ankle, heel, toe, wrist = (
        track.plumb(track.middle_px(joint))
        for joint in (
            Landmark.LEFT_HIP,
            Landmark.LEFT_KNEE,
            Landmark.LEFT_ANKLE,
            Landmark.LEFT_HEEL,
            Landmark.LEFT_FOOT_INDEX,
            Landmark.LEFT_WRIST,
        )
    )
    leg_px = np.hypot(*(hip - knee).T) + np.hypot(*(knee - ankle).T)
    known = leg_px[np.isfinite(leg_px)]
    straight_px = float(np.quantile(known, STRAIGHT_QUANTILE)) if len(known) else np.nan
    cm_per_px = stature_cm * LEG / straight_px
    middle = (heel + toe) / 2
    return BarPath(
        forward_cm=np.asarray(facing * (wrist - middle)[:, 0] * cm_per_px),
        height_cm=np.asarray((middle - wrist)[:, 1] * cm_per_px),
        sd_cm=SD_CM,
    )
