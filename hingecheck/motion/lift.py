"""Which lift it is, from where hands, hips and knees are at the bottom."""

from __future__ import annotations

import numpy as np

from hingecheck.motion.records import Lift, LiftGuess
from hingecheck.motion.reps import LEAST_BOTTOM_DEG, Turn
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import Track
from hingecheck.pose.segments import Segments

__all__ = ["guess_lift"]

SQUAT_THIGH_DEG = 60.0
"""Thigh inclination at the bottom: a half squat reaches 60, hinges with soft knees about 30."""

FLOOR_SHANKS = 0.6
"""Wrist above ankle, in shank lengths, with a bar on the floor: plates of 22.5 cm radius put
the wrist 15-20 cm above an ankle whose shank is 40 cm."""

FLOOR_KNEE_DEG = 45.0
"""Straighter knees with the hands this low are a stiff-leg hinge or toe-touch; conventional
deadlifts start from 65-85 degrees of knee flexion."""

RACKED_TRUNKS = 0.55
"""Wrist to shoulder, in trunk lengths, with a bar on the back or in the front rack."""


def guess_lift(track: Track, segments: Segments, turns: list[Turn]) -> LiftGuess:
    """The lift that the clip's bottoms look like together.

    One clip shows one lift, so the median bottom decides and the share of single bottoms that
    agree with it is the confidence. Without a bottom it is `Lift.HINGE`, with none.

    Args:
        track: Filtered landmarks.
        segments: Its segment angles.
        turns: From `reps.turning_points`.
    """
    bottoms = [t.frame for t in turns if t.bottom and t.value_deg >= LEAST_BOTTOM_DEG]
    if not bottoms:
        return LiftGuess(Lift.HINGE, 0.0, "auto")
    signs = np.array([_bottom_signs(track, segments, frame) for frame in bottoms])
    name = _classify(*np.nanmedian(signs, axis=0))
    agreeing = sum(_classify(*row) is name for row in signs) / len(signs)
    return LiftGuess(name, round(agreeing * (0.9 if len(bottoms) > 1 else 0.75), 2), "auto")


def _bottom_signs(
    track: Track, segments: Segments, frame: int
) -> tuple[float, float, float, float]:
    """Wrist from shoulder in trunks, wrist over ankle in shanks, thigh and knee in degrees."""
    wrist, shoulder, hip, knee, ankle = (
        track.middle_px(joint)[frame]
        for joint in (
            Landmark.LEFT_WRIST,
            Landmark.LEFT_SHOULDER,
            Landmark.LEFT_HIP,
            Landmark.LEFT_KNEE,
            Landmark.LEFT_ANKLE,
        )
    )
    trunk = float(np.hypot(*(shoulder - hip)))
    # Plates hide the shank but not the thigh, and both are as long (Drillis and Contini 1966:
    # 0.246 and 0.245 of body height).
    shank = float(np.hypot(*(knee - hip)))
    return (
        float(np.hypot(*(wrist - shoulder))) / trunk,
        float(ankle[1] - wrist[1]) / shank,
        float(segments.thigh_deg[frame]),
        float(segments.knee_flexion_deg[frame]),
    )


def _classify(reach: float, height: float, thigh_deg: float, knee_deg: float) -> Lift:
    deep = thigh_deg >= SQUAT_THIGH_DEG
    if reach < RACKED_TRUNKS:
        return Lift.SQUAT if deep else Lift.GOOD_MORNING
    if height < FLOOR_SHANKS and knee_deg > FLOOR_KNEE_DEG:
        return Lift.DEADLIFT
    return Lift.SQUAT if deep else Lift.RDL
