"""The set-up coach: an outline to step into, arrows towards it, and a ring that counts down."""

from __future__ import annotations

import math

import cv2
import numpy as np
from scipy.interpolate import CubicSpline

from hingecheck.live.now import step_words
from hingecheck.live.room import Room
from hingecheck.overlay.colours import BLUE, CASING, PALE, Colour
from hingecheck.overlay.layout import Rect
from hingecheck.overlay.sticker import SHIFT, Canvas, Picture, Sticker, around, fixed_point
from hingecheck.pose.records import FloatArray

__all__ = ["Outline", "draw_ring"]

HEIGHT_SHARE = 0.65
"""Share of the picture's height that the outline fills: room above and below for a lifter who comes
nearer, and well above the 0.40 that a check asks for (`hingecheck.form.view`)."""

TALL_MIDDLE = 0.45
"""Middle of the outline in a tall picture, as a share of its height: words stand at its feet."""

LANDMARK_SHARE = 0.93
"""Height from the eyes to the toes, the outermost landmarks of a standing body, as a share of
body height (Drillis and Contini 1966: eyes at 0.936)."""

OFF_CENTRE = 0.16
"""Share of the outline's height by which a body may stand beside it."""

TOO_SMALL, TOO_LARGE = 0.8, 1.22
"""A body this much smaller or larger than the outline: 0.52 and 0.79 of the picture's height."""

OUTLINE = (
    (0.016, 0.0), (-0.004, 0.001), (-0.021, 0.008), (-0.034, 0.018), (-0.041, 0.032),
    (-0.043, 0.061), (-0.027, 0.096), (-0.026, 0.116), (-0.034, 0.146), (-0.054, 0.18),
    (-0.062, 0.212), (-0.06, 0.243), (-0.046, 0.324), (-0.042, 0.367), (-0.046, 0.401),
    (-0.065, 0.446), (-0.07, 0.47), (-0.068, 0.491), (-0.053, 0.533), (-0.052, 0.654),
    (-0.055, 0.691), (-0.071, 0.748), (-0.076, 0.782), (-0.068, 0.901), (-0.069, 0.936),
    (-0.075, 0.978), (-0.07, 0.994), (-0.054, 1.0), (0.064, 0.999), (0.074, 0.993),
    (0.067, 0.987), (0.021, 0.969), (-0.004, 0.953), (-0.016, 0.935), (-0.021, 0.908),
    (-0.004, 0.75), (0.035, 0.623), (0.045, 0.577), (0.046, 0.507), (0.059, 0.426),
    (0.059, 0.366), (0.068, 0.263), (0.054, 0.224), (0.028, 0.177), (0.026, 0.16),
    (0.036, 0.133), (0.059, 0.126), (0.066, 0.12), (0.076, 0.085), (0.069, 0.065),
    (0.067, 0.039), (0.059, 0.022), (0.042, 0.007),
)  # fmt: skip
"""A simulated lifter who stands and faces image right, traced from the side: x from the middle and
y from the crown, in body heights."""

TRACK: Colour = (70, 74, 82)
"""What a ring has still to go."""

_FINE = 6
_OVERSAMPLED = 4
_WIDTH = 0.16
"""Width of the outline against its height, with its rim."""

_ARROW = np.array(
    [(0.5, 0.0), (0.06, 0.42), (0.06, 0.17), (-0.5, 0.17), (-0.5, -0.17), (0.06, -0.17),
     (0.06, -0.42)]
)  # fmt: skip
"""An arrow that points right, one unit long."""

_RIGHT, _LEFT, _UP, _DOWN = ((1, 0), (-1, 0), (0, -1), (0, 1))


class Outline:
    """Draws the figure to step into, and arrows as long as the body is not there.

    Args:
        room: Places and sizes.
    """

    def __init__(self, room: Room) -> None:
        self._height_px = HEIGHT_SHARE * room.height_px
        middle = 0.5 if room.wide else TALL_MIDDLE
        self._centre = np.array([room.width_px / 2, middle * room.height_px])
        self._size_px = room.width_px, room.height_px
        self._arrow_px = 0.13 * room.short_px
        self._thick = max(round(0.006 * room.short_px), 2)
        self._figures = {
            (facing, fits): self._paint(facing, BLUE if fits else PALE)
            for facing in (1, -1)
            for fits in (True, False)
        }

    def draw(self, rgb: Picture, facing: int, landmarks_px: FloatArray) -> None:
        """Draw the figure and the arrows that lead to it, in place.

        Args:
            rgb: The picture.
            facing: Where the figure looks: -1 image left, otherwise right.
            landmarks_px: (33, 2) the body in the picture; NaN where unseen.
        """
        arrows = self._arrows(landmarks_px)
        figure = self._figures[-1 if facing < 0 else 1, arrows == []]
        x, y = self._centre - [figure.width_px / 2, figure.height_px / 2]
        figure.lay(rgb, round(x), round(y))
        for middle, way in arrows or ():
            _draw_arrow(rgb, middle, way, self._arrow_px)

    def words(self, landmarks_px: FloatArray) -> str:
        """How far to step for the arrows to go; empty where only they or nothing is to be said."""
        seen = _box(landmarks_px)
        if seen is None:
            return ""
        low, high = seen
        share = float(high[1] - low[1]) / self._size_px[1]
        size = share / LANDMARK_SHARE / HEIGHT_SHARE
        if TOO_SMALL <= size <= TOO_LARGE:
            return ""
        return step_words(share, self._size_px)

    def _arrows(self, landmarks_px: FloatArray) -> list[tuple[FloatArray, tuple[int, int]]] | None:
        """Where arrows stand and where they point; none for a body in place, None for nobody."""
        seen = _box(landmarks_px)
        if seen is None:
            return None
        low, high = seen
        size = (high[1] - low[1]) / LANDMARK_SHARE / self._height_px
        off = ((low[0] + high[0]) / 2 - self._centre[0]) / self._height_px
        aside = np.array([0.5 * _WIDTH * self._height_px + 0.72 * self._arrow_px, 0.0])
        arrows: list[tuple[FloatArray, tuple[int, int]]] = []
        if abs(off) > OFF_CENTRE:
            side = math.copysign(1.0, off)
            arrows.append((self._centre + side * aside, _LEFT if off > 0 else _RIGHT))
        ways = (_UP, _DOWN) if size < TOO_SMALL else (_DOWN, _UP) if size > TOO_LARGE else ()
        apart = np.array([0.0, 0.3 * self._height_px])
        for sign, way in zip((-1, 1), ways, strict=False):
            arrows.append((self._centre + aside + sign * apart, way))
        return arrows

    def _paint(self, facing: int, colour: Colour) -> Sticker:
        thick, rim = self._thick, 4 * self._thick
        canvas = Canvas(round(_WIDTH * self._height_px) + 2 * rim, round(self._height_px) + 2 * rim)
        points = _closed_curve(np.array(OUTLINE)) * [facing, 1] * self._height_px
        points += [canvas.width_px / 2, rim]
        # Drawn large and made small: OpenCV's smooth lines have beads where they turn.
        large = np.zeros(
            (_OVERSAMPLED * canvas.height_px, _OVERSAMPLED * canvas.width_px), np.uint8
        )
        loop = fixed_point(_OVERSAMPLED * points)
        cv2.polylines(large, [loop], True, 255, _OVERSAMPLED * thick, cv2.LINE_8, SHIFT)
        size = canvas.width_px, canvas.height_px
        line = np.asarray(cv2.resize(large, size, interpolation=cv2.INTER_AREA), np.uint8)
        glow = np.asarray(cv2.GaussianBlur(line, (0, 0), 1.5 * thick), np.uint8)
        canvas.fill(points, colour, 0.1)
        canvas.paint(np.asarray(cv2.GaussianBlur(line, (0, 0), 0.5 * thick), np.uint8), CASING, 0.6)
        canvas.paint(np.asarray(cv2.convertScaleAbs(glow, alpha=1.6), np.uint8), colour, 0.7)
        canvas.paint(line, colour, 0.95)
        return canvas.sticker()


def draw_ring(rgb: Picture, place: Rect, share: float) -> None:
    """A ring in `place` that has gone round by `share`, 0..1, clockwise from the top."""
    side = min(place.width_px, place.height_px)
    thick = max(round(0.13 * side), 2)
    radius = (side - thick) / 2
    centre = np.array([place.x_px + place.width_px / 2, place.y_px + place.height_px / 2])
    for part, colour in ((1.0, TRACK), (min(max(share, 0.0), 1.0), BLUE)):
        turn = 2 * math.pi * part * np.linspace(0.0, 1.0, 90)
        arc = centre + radius * np.stack([np.sin(turn), -np.cos(turn)], axis=1)
        if part > 0:
            cv2.polylines(rgb, [fixed_point(arc)], False, colour, thick, cv2.LINE_AA, SHIFT)


def _draw_arrow(rgb: Picture, middle: FloatArray, way: tuple[int, int], length_px: float) -> None:
    x, y = way
    points = middle + length_px * _ARROW @ np.array([[x, y], [-y, x]])
    rim = max(round(0.035 * length_px), 1)
    region = around(points, 2 * rim, rgb)
    if region is None:
        return
    part, corner = region
    shape = fixed_point(points - corner)
    cv2.polylines(part, [shape], True, CASING, 2 * rim, cv2.LINE_AA, SHIFT)
    cv2.fillPoly(part, [shape], PALE, cv2.LINE_AA, SHIFT)


def _box(landmarks_px: FloatArray) -> tuple[FloatArray, FloatArray] | None:
    """Upper left and lower right corner of a body; None for nobody."""
    seen = landmarks_px[np.isfinite(landmarks_px).all(axis=1)]
    return (seen.min(axis=0), seen.max(axis=0)) if len(seen) else None


def _closed_curve(points: FloatArray) -> FloatArray:
    """A smooth curve through a closed row of points (n, 2)."""
    loop = np.concatenate([points, points[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(loop, axis=0).T))])
    places = np.linspace(0.0, along[-1], _FINE * len(points), endpoint=False)
    curve: FloatArray = CubicSpline(along, loop, bc_type="periodic")(places)
    return curve
