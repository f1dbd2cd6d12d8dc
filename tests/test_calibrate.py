"""What a clip of standing must show besides standing."""

from __future__ import annotations

import numpy as np
import pytest
from stick import track_of

from hingecheck.calibrate import _arms_hang
from hingecheck.pose.landmarks import LANDMARKS, Landmark

FRAMES = 10


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize(
    ("wrist_y_px", "racked", "hang"),
    [(250.0, 0, True), (250.0, 3, True), (250.0, 7, False), (np.nan, 0, True)],
)
def test_near_hand_must_hang_in_most_frames(
    facing: int, wrist_y_px: float, racked: int, hang: bool
) -> None:
    xy = np.full((FRAMES, LANDMARKS, 2), 160.0)
    near = Landmark.RIGHT_WRIST if facing > 0 else Landmark.LEFT_WRIST
    xy[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1] = 220.0
    xy[:, [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1] = 100.0
    xy[:, [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST], 1] = 100.0
    xy[:, near, 1] = wrist_y_px
    xy[:racked, near, 1] = 105.0
    assert _arms_hang(track_of(xy), facing, np.ones(FRAMES, dtype=bool)) is hang
