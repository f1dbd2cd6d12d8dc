"""Which way the lifter faces, and how far they are turned out of the side view."""

from __future__ import annotations

import numpy as np

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Track

__all__ = ["facing", "signed_yaw"]


def facing(track: Track) -> int:
    """+1 when the lifter faces image right, -1 left; decided once from all frames.

    Toes lie in front of heels, the nose in front of the ears, and a bent knee in front of the
    line from hip to ankle; each casts a vote the size of its offset in body lengths.
    """
    xy = track.landmarks_px[track.detected]
    if not len(xy):
        return 1
    x = xy[..., 0]
    toes = x[:, [Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX]].mean(axis=1) - x[
        :, [Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL]
    ].mean(axis=1)
    nose = x[:, Landmark.NOSE] - x[:, [Landmark.LEFT_EAR, Landmark.RIGHT_EAR]].mean(axis=1)
    knees = (
        x[:, [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]].mean(axis=1)
        - (
            track.middle_px(Landmark.LEFT_HIP)[track.detected, 0]
            + track.middle_px(Landmark.LEFT_ANKLE)[track.detected, 0]
        )
        / 2
    )
    votes = [float(np.nanmedian(vote)) for vote in (toes, nose, knees)]
    return 1 if sum(votes) >= 0 else -1


def signed_yaw(track: Track) -> FloatArray:
    """(frames,) turn out of the side view in degrees, from the hip and shoulder lines.

    In a true side view both lines point at the camera; their world-landmark direction gives
    the turn, its sign the sense (it cancels noise about zero when averaged; nothing public is
    signed). NaN where the lifter was not found. Single frames are noisy (hip and shoulder
    disagree by 5-10 degrees): judge a clip by its median over time.
    """
    lines = [
        track.world_m[:, Landmark.LEFT_HIP] - track.world_m[:, Landmark.RIGHT_HIP],
        track.world_m[:, Landmark.LEFT_SHOULDER] - track.world_m[:, Landmark.RIGHT_SHOULDER],
    ]
    across = sum((line[:, 0] * np.sign(line[:, 2]) for line in lines), np.zeros(len(track.time_s)))
    along = sum((np.abs(line[:, 2]) for line in lines), np.zeros(len(track.time_s)))
    return np.asarray(np.degrees(np.arctan2(across, along)), dtype=np.float64)
