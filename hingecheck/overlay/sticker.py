"""Bitmaps with transparency, painted once and laid onto many pictures."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hingecheck.overlay.colours import Colour
from hingecheck.pose.records import FloatArray

__all__ = ["SHIFT", "Canvas", "Picture", "Sticker", "around", "fixed_point", "gapless"]

Picture = NDArray[np.uint8]
"""(height, width, 3) RGB, or (height, width) coverage 0..255."""

SHIFT = 4
"""Fractional bits of the coordinates handed to OpenCV's line drawing."""

_FAR_PX = 30_000.0
"""Coordinates are clamped here: OpenCV's fixed-point lines overflow beyond 2**15 pixels."""


def fixed_point(xy_px: FloatArray) -> NDArray[np.int32]:
    """Finite points (..., 2) in pixels as OpenCV's fixed-point integers."""
    scaled = np.clip(xy_px, -_FAR_PX, _FAR_PX) * (1 << SHIFT)
    return np.rint(scaled).astype(np.int32)


def around(
    xy_px: FloatArray, border_px: int, rgb: Picture
) -> tuple[Picture, NDArray[np.int64]] | None:
    """The part of a picture around points, and its upper left corner; None if outside."""
    height, width = rgb.shape[:2]
    low = np.clip(np.floor(xy_px.min(axis=0)) - border_px, 0, [width, height]).astype(np.int64)
    high = np.clip(np.ceil(xy_px.max(axis=0)) + border_px, 0, [width, height]).astype(np.int64)
    if (high <= low).any():
        return None
    return rgb[low[1] : high[1], low[0] : high[0]], low


def gapless(known: NDArray[np.bool_]) -> list[slice]:
    """Gapless runs of at least two trues in (n,)."""
    steps = np.diff(np.concatenate([[0], known.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    return [slice(a, b) for a, b in zip(starts, stops, strict=True) if b - a >= 2]


@dataclass(frozen=True, slots=True)
class Sticker:
    """A bitmap ready to be laid onto a picture.

    Attributes:
        light: (height, width, 3) colour already multiplied by its coverage.
        keep: (height, width, 3) how much of the picture shines through, 0..255.
    """

    light: Picture
    keep: Picture

    @property
    def width_px(self) -> int:
        """Width of the bitmap."""
        return int(self.light.shape[1])

    @property
    def height_px(self) -> int:
        """Height of the bitmap."""
        return int(self.light.shape[0])

    def lay(self, rgb: Picture, x_px: int, y_px: int) -> None:
        """Blend into `rgb` with the top left corner at (x, y); what lies outside is cut off."""
        left, top = max(x_px, 0), max(y_px, 0)
        right = min(x_px + self.width_px, rgb.shape[1])
        bottom = min(y_px + self.height_px, rgb.shape[0])
        if right <= left or bottom <= top:
            return
        part = rgb[top:bottom, left:right]
        inside = np.s_[top - y_px : bottom - y_px, left - x_px : right - x_px]
        cv2.multiply(part, self.keep[inside], dst=part, scale=1 / 255)
        cv2.add(part, self.light[inside], dst=part)


class Canvas:
    """Where a sticker is painted, coverage by coverage.

    Args:
        width_px: Width of the bitmap.
        height_px: Height of the bitmap.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self.width_px = max(width_px, 1)
        self.height_px = max(height_px, 1)
        self._light = np.zeros((self.height_px, self.width_px, 3), dtype=np.float32)
        self._cover = np.zeros((self.height_px, self.width_px, 1), dtype=np.float32)

    def blank(self) -> Picture:
        """An empty coverage of the canvas' size, to draw a shape into."""
        return np.zeros((self.height_px, self.width_px), dtype=np.uint8)

    def paint(self, coverage: Picture, colour: Colour | FloatArray, opacity: float = 1.0) -> None:
        """Lay colour over what is there, as far as `coverage` reaches.

        `colour` is one for all, or (width, 3): one for each column of pixels.
        """
        self._blend(np.s_[:, :], coverage, np.asarray(colour, dtype=np.float32), opacity)

    def _blend(
        self,
        part: tuple[slice, slice],
        coverage: Picture,
        colour: NDArray[np.float32],
        opacity: float,
    ) -> None:
        share = coverage[..., None] * np.float32(opacity / 255)
        self._light[part] += share * (colour - self._light[part])
        self._cover[part] += share * (1 - self._cover[part])

    def plate(self, radius_px: int, colour: Colour, opacity: float) -> None:
        """Fill the canvas with a rectangle whose corners are round."""
        radius = max(min(radius_px, self.width_px // 2 - 1, self.height_px // 2 - 1), 0)
        shape = self.blank()
        inner = np.array(
            [
                [radius, radius],
                [self.width_px - 1 - radius, radius],
                [self.width_px - 1 - radius, self.height_px - 1 - radius],
                [radius, self.height_px - 1 - radius],
            ],
            dtype=np.int32,
        )
        cv2.fillConvexPoly(shape, inner, 255)
        if radius:
            cv2.polylines(shape, [inner], True, 255, 2 * radius + 1, cv2.LINE_AA)
        self.paint(shape, colour, opacity)

    def line(
        self,
        points_px: FloatArray,
        colour: Colour,
        thickness_px: int,
        opacity: float = 1.0,
    ) -> None:
        """Draw one polyline (n, 2) of finite points."""
        shape = self.blank()
        cv2.polylines(shape, [fixed_point(points_px)], False, 255, thickness_px, cv2.LINE_AA, SHIFT)
        self.paint(shape, colour, opacity)

    def fill(self, points_px: FloatArray, colour: Colour, opacity: float) -> None:
        """Fill one polygon (n, 2) of finite points."""
        shape = self.blank()
        cv2.fillPoly(shape, [fixed_point(points_px)], 255, cv2.LINE_AA, SHIFT)
        self.paint(shape, colour, opacity)

    def place(self, coverage: Picture, x_px: int, y_px: int, colour: Colour | FloatArray) -> None:
        """Paint a smaller coverage with its top left corner at (x, y), cut at the canvas.

        `colour` is one for all, or (coverage's width, 3).
        """
        left, top = max(x_px, 0), max(y_px, 0)
        right = min(x_px + coverage.shape[1], self.width_px)
        bottom = min(y_px + coverage.shape[0], self.height_px)
        if right <= left or bottom <= top:
            return
        inside = coverage[top - y_px : bottom - y_px, left - x_px : right - x_px]
        part = np.s_[top:bottom, left:right]
        ink = np.asarray(colour, dtype=np.float32)
        self._blend(part, inside, ink if ink.ndim == 1 else ink[left - x_px : right - x_px], 1.0)

    def sticker(self) -> Sticker:
        """The canvas as it is now."""
        keep = np.repeat(255 - self._cover * 255, 3, axis=2)
        return Sticker(
            light=np.rint(self._light).astype(np.uint8),
            keep=np.rint(keep).astype(np.uint8),
        )
