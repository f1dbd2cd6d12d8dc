"""What the spine model sees of a frame: the body's outline and landmarks in the trunk's own frame.

The trunk's frame has its origin at the mid hip, its first axis along the hip-shoulder chord, its
second forward, and the chord as its unit of length. Nothing in it depends on which way the
lifter faces, on where they stand in the picture, or on the picture's size.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import Segments
from hingecheck.spine.contour import contour_tangent_deg
from hingecheck.spine.records import Profile

__all__ = ["LANDMARK_FEATURES", "spine_features"]

_PAIRS = (
    Landmark.LEFT_EAR,
    Landmark.LEFT_ELBOW,
    Landmark.LEFT_WRIST,
    Landmark.LEFT_KNEE,
    Landmark.LEFT_ANKLE,
    Landmark.LEFT_HEEL,
    Landmark.LEFT_FOOT_INDEX,
)
_TURNED = (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE)

_WINDOWS = (
    (-0.25, -0.05),
    (-0.05, 0.15),
    (0.10, 0.30),
    (0.25, 0.45),
    (0.40, 0.60),
    (0.55, 0.75),
    (0.75, 0.95),
)
"""Stretches of the chord whose tangent is given outright, and their share of valid samples."""

# Inputs of about one: a lean, and half the width of a body.
_ANGLE_UNIT_DEG, _WIDTH_UNIT_M = 45.0, 0.1

LANDMARK_FEATURES = 4 + 2 * (len(_PAIRS) + 1) + 2 * len(_TURNED) + 4
"""The first so many features come from landmarks alone, the others from the outline."""


def spine_features(
    track: Track, segments: Segments, dorsal: Profile, ventral: Profile, facing: int
) -> FloatArray:
    """(frames, features) what a frame shows, NaN in frames without the lifter.

    Args:
        track: Landmarks.
        segments: Their angles.
        dorsal: The back's edge.
        ventral: The edge on the other side of the chord.
        facing: +1 when the lifter faces image right.
    """
    hip, shoulder = track.middle_px(Landmark.LEFT_HIP), track.middle_px(Landmark.LEFT_SHOULDER)
    chord = shoulder - hip
    length = np.hypot(chord[:, 0], chord[:, 1])
    length = np.where(length > 0, length, np.nan)[:, None]
    up = chord / length
    forward = facing * np.stack([-up[:, 1], up[:, 0]], axis=1)

    def in_trunk(vector_px: FloatArray) -> list[FloatArray]:
        return [(vector_px * axis).sum(axis=1, keepdims=True) / length for axis in (up, forward)]

    columns: list[FloatArray] = []
    for angle in (segments.trunk_deg, segments.thigh_deg, segments.shank_deg, segments.neck_deg):
        columns.append(angle[:, None] / _ANGLE_UNIT_DEG)
    for pair in _PAIRS:
        columns += in_trunk(track.middle_px(pair) - hip)
    columns += in_trunk(track.landmarks_px[:, Landmark.NOSE] - hip)
    # The side nearer to the camera is the right one of a lifter who faces image right.
    near, far = (1, 0) if facing > 0 else (0, 1)
    for pair in _TURNED:
        columns += in_trunk(track.landmarks_px[:, pair + near] - track.landmarks_px[:, pair + far])
    for pair in _TURNED[:2]:
        across = track.world_m[:, pair + near] - track.world_m[:, pair + far]
        columns += [facing * across[:, :1] / _WIDTH_UNIT_M, across[:, 2:] / _WIDTH_UNIT_M]
    whole = _filled(dorsal)
    columns += [whole.depth, _filled(ventral).depth[:, ::2]]
    # The back recedes from the chord towards the shoulder as it turns forward.
    lean = -np.stack([contour_tangent_deg(whole, window) for window in _WINDOWS], axis=1)
    columns += [lean / _ANGLE_UNIT_DEG, (lean + segments.trunk_deg[:, None]) / _ANGLE_UNIT_DEG]
    columns.append(np.stack([_seen(dorsal, window) for window in _WINDOWS], axis=1))
    columns.append(ventral.valid.mean(axis=1, keepdims=True))
    values = np.concatenate([np.asarray(column, dtype=np.float64) for column in columns], axis=1)
    values[~track.detected | ~dorsal.valid.any(axis=1)] = np.nan
    return np.asarray(values)


def _filled(profile: Profile) -> Profile:
    """The profile with what is hidden drawn straight between its neighbours, all of it valid."""
    depth = np.zeros(profile.depth.shape)
    for row, (value, good) in enumerate(zip(profile.depth, profile.valid, strict=True)):
        if good.any():
            depth[row] = np.interp(profile.station, profile.station[good], value[good])
    return replace(profile, depth=depth, valid=np.ones_like(profile.valid))


def _seen(profile: Profile, window: tuple[float, float]) -> FloatArray:
    """(frames,) share of a window's samples that show the back."""
    low, high = window
    inside = (profile.station >= low - 1e-9) & (profile.station <= high + 1e-9)
    return np.asarray(profile.valid[:, inside].mean(axis=1))
