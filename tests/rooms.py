"""Rooms drawn line by line, held askew by a known angle, with somebody standing in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from stick import Posture, landmarks_of, track_of

from hingecheck.pose.glimpse import Glimpse, glimpse
from hingecheck.pose.records import Track

SIZE_PX = (640, 480)
POSTS_PX = (40, 90, 150, 470, 540, 600)
SHELVES_PX = (60, 130, 220, 400)


def room(
    roll_deg: float = 0.0,
    *,
    posts: Sequence[int] = POSTS_PX,
    shelves: Sequence[int] = SHELVES_PX,
    slope_deg: float = 0.0,
    shift_px: float = 0.0,
    level: float = 1.0,
    contrast: float = 1.0,
) -> NDArray[np.uint8]:
    """(480, 640, 3) posts and shelves, and one dark lifter in the middle.

    Args:
        roll_deg: Clockwise turn of the content.
        posts: Where the uprights are.
        shelves: Where the levels are.
        slope_deg: Clockwise lean of the shelves alone: a wall seen at an angle.
        shift_px: The camera has moved this far.
        level: Brightness of everything.
        contrast: Distance of everything from grey.
    """
    picture = np.full((SIZE_PX[1], SIZE_PX[0]), 200, np.uint8)
    # Boards on the wall: corners for the flow to hold on to.
    for number, x in enumerate(range(20, 620, 45)):
        cv2.circle(picture, (x, 20 + 37 * number % 440), 5 + number % 4, 120, -1, cv2.LINE_AA)
    for x in posts:
        cv2.line(picture, (x, 0), (x, SIZE_PX[1]), 40, 6, cv2.LINE_AA)
    rise = round(np.tan(np.radians(slope_deg)) * SIZE_PX[0])
    for y in shelves:
        cv2.line(picture, (0, y), (SIZE_PX[0], y + rise), 90, 6, cv2.LINE_AA)
    cv2.rectangle(picture, (290, 110), (350, 440), 25, -1)
    turn = cv2.getRotationMatrix2D((SIZE_PX[0] / 2, SIZE_PX[1] / 2), -roll_deg, 1.0)
    turn[0, 2] += shift_px
    picture = cv2.warpAffine(picture, turn, SIZE_PX, borderMode=cv2.BORDER_REFLECT)
    grey = np.clip(level * (128 + contrast * (picture.astype(float) - 128)), 0, 255)
    return np.repeat(grey.astype(np.uint8)[..., None], 3, axis=2)


def standing(frames: int, roll_deg: float = 0.0, lean_deg: float = 3.0) -> Track:
    """Somebody who stands in the middle of it, leaning as people do, held askew with the room."""
    posture = Posture(trunk_deg=lean_deg, thigh_deg=-lean_deg, shank_deg=lean_deg)
    xy = landmarks_of(posture, height_px=330.0, ankle_px=(310.0, 425.0))
    level = track_of(np.repeat(xy, frames, axis=0), size_px=SIZE_PX)
    # Seen by a level camera, what is drawn would be turned back: so turn the other way.
    askew = replace(level, roll_deg=-roll_deg)
    return replace(level, landmarks_px=askew.plumb(level.landmarks_px))


def glimpses(pictures: Sequence[NDArray[np.uint8]]) -> list[Glimpse]:
    return [glimpse(rgb, frame, 1.0) for frame, rgb in enumerate(pictures)]
