"""What a few glimpses tell of the light on the lifter and of how still the camera stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import nan
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.glimpse import Glimpse
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.roll import Roll, find_roll

__all__ = ["Scene", "measure_scene"]

LIGHT_MARGIN = 0.05
"""Added round the landmarks, in body lengths: the outline stands out from what is just behind."""

MOST_CORNERS, CORNER_QUALITY = 200, 0.02
LEAST_CORNERS = 12
"""Fewer corners in the room than this, and its shift is a guess: a plain wall tells nothing."""

ALIKE, LEAST_ALIKE = 0.005, 0.6
"""A camera moves all corners alike: this share of them to within so many picture heights."""


@dataclass(frozen=True, slots=True)
class Scene:
    """The picture apart from the lifter's pose; NaN where nothing tells.

    Attributes:
        bright: 95th percentile of grey in the lifter's box, 0 black to 1 white.
        contrast: The same less the 5th percentile: lifter, clothes and what is close behind.
        shift: Largest move of the room from one glimpse to the next, in picture heights.
        roll: Of the camera.
    """

    bright: float
    contrast: float
    shift: float
    roll: Roll


def measure_scene(glimpses: Sequence[Glimpse], track: Track, facing: int) -> Scene:
    """Measure the picture round one lifter.

    Args:
        glimpses: A few pictures of the clip, in time order.
        track: The lifter, over all frames.
        facing: +1 or -1.
    """
    light = [_light(glimpse, track) for glimpse in glimpses]
    lit = [level for level in light if level is not None]
    dark, bright = np.median(lit, axis=0) / 255.0 if lit else (nan, nan)
    shifts = [_shift(before, after, track) for before, after in pairwise(glimpses)]
    known = [shift for shift in shifts if np.isfinite(shift)]
    return Scene(
        bright=float(bright),
        contrast=float(bright - dark),
        shift=max(known, default=nan),
        # Lines cost the most, and the same ones are in every picture.
        roll=find_roll(glimpses[::2], track, facing),
    )


def _light(glimpse: Glimpse, track: Track) -> FloatArray | None:
    """(2,) 5th and 95th percentile of grey round the lifter; None where they are not seen."""
    height, width = glimpse.grey.shape
    left, top, right, bottom = glimpse.body_box(track, LIGHT_MARGIN)
    rows = slice(max(0, round(top)), min(height, round(bottom)))
    columns = slice(max(0, round(left)), min(width, round(right)))
    box = glimpse.grey[rows, columns]
    return np.percentile(box, [5, 95]) if box.size else None


def _shift(before: Glimpse, after: Glimpse, track: Track) -> float:
    """Median move of the room's corners between two glimpses, in picture heights.

    Lucas-Kanade flow of corners outside the lifter's box; the median leaves passers-by out.
    """
    room = _room(before, track) & _room(after, track)
    corners: Any = cv2.goodFeaturesToTrack(
        before.grey, MOST_CORNERS, CORNER_QUALITY, minDistance=8, mask=room
    )
    if corners is None or len(corners) < LEAST_CORNERS:
        return nan
    moved, found, _ = cv2.calcOpticalFlowPyrLK(before.grey, after.grey, corners, corners.copy())
    kept = found.ravel() == 1
    if kept.sum() < LEAST_CORNERS:
        return nan
    step = (moved - corners).reshape(-1, 2)[kept] / before.grey.shape[0]
    middle = np.median(step, axis=0)
    alike = np.hypot(*(step - middle).T) < ALIKE
    return float(np.hypot(*middle)) if alike.mean() >= LEAST_ALIKE else nan


def _room(glimpse: Glimpse, track: Track) -> NDArray[np.uint8]:
    """(height, width) 255 outside the lifter's box, 0 inside."""
    room = np.full(glimpse.grey.shape, 255, np.uint8)
    left, top, right, bottom = (max(0, round(edge)) for edge in glimpse.body_box(track))
    room[top:bottom, left:right] = 0
    return room
