"""Where hands, arms and legs are on the way down: what tells one lift from another.

Everything is an angle or a ratio of lengths within one frame, so that neither the size of the
lifter in the picture, nor where they stand, nor which way they face matters.
"""

from __future__ import annotations

import numpy as np

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import measure_segments

__all__ = ["DEPTHS", "lift_features"]

DEPTHS = (0.12, 0.28, 0.44, 0.6, 0.74, 0.88, 1.0)
"""Shares of the way down at which a repetition is looked at: a loaded arm stays plumb at all of
them, an empty one wanders."""


def lift_features(track: Track, facing: int) -> FloatArray:
    """(frames, features) of every frame; NaN where the lifter was not found.

    Lengths in the picture are in trunk lengths (the wrist's height in thigh lengths), lengths
    between world landmarks in shoulder widths or trunk lengths, angles in degrees. Forward is
    positive. Near is the side towards the camera in a side view.

    Args:
        track: Landmarks.
        facing: +1 when the lifter faces image right, -1 left.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.concatenate([_in_picture(track, facing), _in_space(track)], axis=1)


def _in_picture(track: Track, facing: int) -> FloatArray:
    # A lifter who faces image right shows the camera their right side. Forward is positive x.
    xy = track.plumb(track.landmarks_px) * np.array([facing, 1.0])
    near, far = (1, 0) if facing > 0 else (0, 1)

    def middle(left: Landmark) -> FloatArray:
        point: FloatArray = xy[:, left : left + 2].mean(axis=1)
        return point

    shoulder, elbow, wrist, hip, knee, ankle, ear = (
        middle(joint)
        for joint in (
            Landmark.LEFT_SHOULDER,
            Landmark.LEFT_ELBOW,
            Landmark.LEFT_WRIST,
            Landmark.LEFT_HIP,
            Landmark.LEFT_KNEE,
            Landmark.LEFT_ANKLE,
            Landmark.LEFT_EAR,
        )
    )
    little, index = middle(Landmark.LEFT_PINKY), middle(Landmark.LEFT_INDEX)
    hand = (little + index) / 2 - wrist
    palm = np.linalg.norm(
        xy[:, Landmark.LEFT_PINKY : Landmark.LEFT_PINKY + 2]
        - xy[:, Landmark.LEFT_INDEX : Landmark.LEFT_INDEX + 2],
        axis=2,
    ).mean(axis=1)
    trunk = shoulder - hip
    trunk_px = _length(trunk)
    up = trunk / trunk_px[:, None]
    before = np.stack([-up[:, 1], up[:, 0]], axis=1)
    from_hip = wrist - hip
    wrists = xy[:, Landmark.LEFT_WRIST + near] - xy[:, Landmark.LEFT_WRIST + far]
    ankles = xy[:, Landmark.LEFT_ANKLE + near] - xy[:, Landmark.LEFT_ANKLE + far]
    segments = measure_segments(track, facing)
    lengths = [
        _length(wrist - shoulder),
        _length(from_hip),
        _length(elbow - shoulder),
        _length(hand),
        palm,
        (from_hip * up).sum(axis=1),
        (from_hip * before).sum(axis=1),
        (wrist - ankle)[:, 0],
        (wrist - knee)[:, 0],
        (wrist - knee)[:, 1],
        (wrist - ear)[:, 0],
        (wrist - ear)[:, 1],
        wrists[:, 0],
        wrists[:, 1],
        ankles[:, 0],
        ankles[:, 1],
    ]
    angles_deg = [
        segments.trunk_deg,
        segments.thigh_deg,
        segments.shank_deg,
        _bend_deg(elbow - shoulder, wrist - elbow),
        _turn_deg(wrist - elbow, hand),
        _from_plumb_deg(wrist - shoulder),
    ]
    for side in (near, far):
        joints = (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST)
        top, bend, end = (xy[:, joint + side] for joint in joints)
        angles_deg += [_from_plumb_deg(end - top), _bend_deg(bend - top, end - bend)]
    height = (ankle - wrist)[:, 1] / _length(knee - hip)
    return np.stack([*(length / trunk_px for length in lengths), height, *angles_deg], axis=1)


def _in_space(track: Track) -> FloatArray:
    world = track.world_m

    def middle(left: Landmark) -> FloatArray:
        point: FloatArray = world[:, left : left + 2].mean(axis=1)
        return point

    def apart(left: Landmark) -> FloatArray:
        across: FloatArray = world[:, left] - world[:, left + 1]
        return across

    def bend_deg(right: int) -> FloatArray:
        shoulder, elbow, wrist = (
            world[:, joint + right]
            for joint in (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST)
        )
        return _bend_deg(elbow - shoulder, wrist - elbow)

    shoulders_m = _length(apart(Landmark.LEFT_SHOULDER))
    trunk_m = _length(middle(Landmark.LEFT_SHOULDER) - middle(Landmark.LEFT_HIP))
    arm = middle(Landmark.LEFT_WRIST) - middle(Landmark.LEFT_SHOULDER)
    return np.stack(
        [
            _length(apart(Landmark.LEFT_WRIST)) / shoulders_m,
            np.abs(apart(Landmark.LEFT_WRIST)[:, 2]) / shoulders_m,
            _length(apart(Landmark.LEFT_ELBOW)) / shoulders_m,
            _length(apart(Landmark.LEFT_KNEE)) / shoulders_m,
            _length(apart(Landmark.LEFT_ANKLE)) / shoulders_m,
            shoulders_m / trunk_m,
            _length(middle(Landmark.LEFT_WRIST) - middle(Landmark.LEFT_HIP)) / trunk_m,
            arm[:, 1] / trunk_m,
            np.hypot(arm[:, 0], arm[:, 2]) / trunk_m,
            (bend_deg(0) + bend_deg(1)) / 2,
        ],
        axis=1,
    )


def _length(vector: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm(vector, axis=1))


def _bend_deg(one: FloatArray, other: FloatArray) -> FloatArray:
    """Angle between two vectors, 0 where they go the same way."""
    cosine = (one * other).sum(axis=1) / (_length(one) * _length(other))
    return np.asarray(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _turn_deg(one: FloatArray, other: FloatArray) -> FloatArray:
    """Signed angle from one vector to the other."""
    across = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return np.asarray(np.degrees(np.arctan2(across, (one * other).sum(axis=1))))


def _from_plumb_deg(arm: FloatArray) -> FloatArray:
    """Lean of a vector from straight down, forward positive."""
    return np.asarray(np.degrees(np.arctan2(arm[:, 0], arm[:, 1])))
