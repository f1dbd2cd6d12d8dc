"""Where the hands, and so a bar in them, are: ahead of mid-foot and above the floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import Segments

__all__ = ["STATURE_CM", "BarPath", "bar_path"]

STATURE_CM = 170.0
"""Assumed where it is not told: grown-ups are between 155 and 190, so that centimetres are right
within some 10 %."""

LEG = 0.491
"""Thigh and shank together in body heights (Drillis and Contini 1966)."""

STRAIGHT_QUANTILE = 0.8
"""A leg is as long in the picture as in the body when it stands straight: taken from the longest
fifth of the frames, the longest ones being landmark noise."""

UPRIGHT_DEG = 40.0
"""Feet are looked for while trunk-thigh flexion is below this, and stay where they were meanwhile:
plates hide them when the bar is low, and then MediaPipe guesses."""

HANDS_APART = 0.15
"""Body heights between the wrists in the picture beyond which one of them is not the lifter's."""

SD_CM = 4.0
"""One standard deviation of a wrist against a foot in a side view (docs/findings_accuracy.md)."""


@dataclass(frozen=True, slots=True)
class BarPath:
    """The middle of both wrists over a clip, (frames,) each, centimetres; NaN where unseen.

    Attributes:
        forward_cm: Ahead of mid-foot, positive to the front.
        height_cm: Above the floor.
        sd_cm: One standard deviation of `forward_cm`: the higher above the feet, the more of what
            is not known of the vertical.
        cm_per_px: The picture's scale; NaN where it is not known.
        stature_cm: The body height that it rests on.
    """

    forward_cm: FloatArray
    height_cm: FloatArray
    sd_cm: FloatArray
    cm_per_px: float = np.nan
    stature_cm: float = STATURE_CM


def bar_path(
    track: Track, segments: Segments, facing: int, stature_cm: float = STATURE_CM
) -> BarPath:
    """The hands' way beside the feet, in centimetres.

    Mid-foot is half-way between heel and toes. The picture has no scale of its own: the straight
    leg's length gives it, so that all lengths are in proportion to `stature_cm`.

    Args:
        track: Filtered landmarks.
        segments: Their angles.
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
    left, right = (
        track.landmarks_px[:, joint] for joint in (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
    )
    with np.errstate(invalid="ignore"):
        apart = np.hypot(*(left - right).T) > HANDS_APART / LEG * straight_px
    feet = _standing_feet(track.time_s, (heel + toe) / 2, segments.trunk_thigh_deg)
    ahead = np.where(apart[:, None], np.nan, (wrist - feet) * cm_per_px)
    height_cm = -ahead[:, 1]
    return BarPath(
        forward_cm=np.asarray(facing * ahead[:, 0]),
        height_cm=height_cm,
        sd_cm=np.hypot(SD_CM, height_cm * np.tan(np.radians(track.roll_sd_deg))),
        cm_per_px=cm_per_px,
        stature_cm=stature_cm,
    )


def _standing_feet(
    time_s: FloatArray, feet_px: FloatArray, trunk_thigh_deg: FloatArray
) -> FloatArray:
    """(frames, 2) of mid-foot as seen while upright, drawn straight over what lies between."""
    with np.errstate(invalid="ignore"):
        seen = np.isfinite(feet_px[:, 0]) & (np.abs(trunk_thigh_deg) < UPRIGHT_DEG)
    if not seen.any():
        return feet_px
    return np.stack([np.interp(time_s, time_s[seen], axis[seen]) for axis in feet_px.T], axis=1)
