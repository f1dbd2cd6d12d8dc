"""Small grey pictures of a clip, a few in all: how the room, the light and the camera are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.records import Track

__all__ = ["Glimpse", "glimpse", "glimpsed"]

LONG_SIDE_PX = 480
"""Straight lines, brightness and shifts of a hundredth of the picture are plain at this size."""

MOST = 6
"""Glimpses of a clip: the room does not change, and a moving camera shows itself in these."""

MARGIN = 0.12
"""Added round the landmarks, in body lengths: flesh, clothes, and plates in the hands."""


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """One small grey picture.

    Attributes:
        frame: Which frame of the clip.
        grey: (height, width) uint8.
        scale: Its pixels per upright source pixel.
    """

    frame: int
    grey: NDArray[np.uint8]
    scale: float

    def body_box(self, track: Track, margin: float = MARGIN) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the lifter in this picture's pixels; empty if unseen."""
        points = track.landmarks_px[self.frame] * self.scale
        if not np.isfinite(points).all():
            return 0.0, 0.0, 0.0, 0.0
        low, high = points.min(axis=0), points.max(axis=0)
        room = margin * float((high - low).max())
        (left, top), (right, bottom) = (low - room).tolist(), (high + room).tolist()
        return left, top, right, bottom


def glimpsed(frames: int) -> frozenset[int]:
    """Which of a clip's frames to keep a glimpse of, spread evenly over it."""
    return frozenset(int(number) for number in np.linspace(0, max(frames - 1, 0), MOST).round())


def glimpse(rgb: NDArray[np.uint8], frame: int, scale: float) -> Glimpse:
    """A small grey copy of a picture.

    Args:
        rgb: (height, width, 3) uint8.
        frame: Its number in the clip.
        scale: Its pixels per upright source pixel.
    """
    import cv2

    grey = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), np.uint8)
    smaller = LONG_SIDE_PX / max(grey.shape)
    if smaller >= 1:
        return Glimpse(frame, grey, scale)
    size = (max(1, round(grey.shape[1] * smaller)), max(1, round(grey.shape[0] * smaller)))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return Glimpse(frame, np.asarray(small, np.uint8), scale * smaller)
