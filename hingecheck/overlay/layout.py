"""Where things go: sizes from the picture's short side, words where the body never is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.form.records import Analysis
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray

__all__ = ["Layout", "Rect", "body_points", "freest"]

_SMALLEST_TEXT_PX = 10
_WATCHED_FRAMES = 240
"""Frames looked at to learn where the body goes; more change nothing."""

_BODY = (
    Landmark.NOSE,
    *(Landmark(index) for index in range(Landmark.LEFT_SHOULDER, Landmark.RIGHT_WRIST + 1)),
    *(Landmark(index) for index in range(Landmark.LEFT_HIP, Landmark.RIGHT_FOOT_INDEX + 1)),
)


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of whole pixels.

    Attributes:
        x_px: Left edge.
        y_px: Top edge.
        width_px: Width.
        height_px: Height.
    """

    x_px: int
    y_px: int
    width_px: int
    height_px: int

    def meets_columns_of(self, other: Rect) -> bool:
        """Whether some column of pixels runs through both."""
        return self.x_px < other.x_px + other.width_px and other.x_px < self.x_px + self.width_px

    def distance_px(self, xy_px: FloatArray) -> FloatArray:
        """Distance of points (..., 2) from the rectangle, 0 inside, NaN for NaN."""
        x, y = xy_px[..., 0], xy_px[..., 1]
        beside = np.maximum(np.maximum(self.x_px - x, x - self.x_px - self.width_px), 0.0)
        above = np.maximum(np.maximum(self.y_px - y, y - self.y_px - self.height_px), 0.0)
        return np.hypot(beside, above)


@dataclass(frozen=True, slots=True)
class Layout:
    """Every size that the drawing uses.

    Attributes:
        width_px: Width of the picture.
        height_px: Height of the picture.
        short_px: Its shorter side.
        margin_px: Safe distance from the picture's edge.
        pad_px: Distance of text from its plate's edge.
        text_px: Size of the words.
        small_px: Size of the trace's labels.
        hair_px: Thinnest line.
        panel: Where the trace lies.
    """

    width_px: int
    height_px: int
    short_px: int
    margin_px: int
    pad_px: int
    text_px: int
    small_px: int
    hair_px: int
    panel: Rect

    @classmethod
    def plan(cls, width_px: int, height_px: int, body_px: FloatArray) -> Layout:
        """Lay out a picture in which the body passes the points (n, points, 2)."""
        short = min(width_px, height_px)
        margin = max(round(0.022 * short), 2)
        panel_height = max(round(min(0.17 * height_px, 0.23 * short)), 1)
        full = width_px - 2 * margin
        panel_width = full if width_px <= 1.2 * height_px else min(full, round(1.0 * height_px))
        y = height_px - margin - panel_height
        panel = freest(
            [
                Rect(margin, y, panel_width, panel_height),
                Rect(width_px - margin - panel_width, y, panel_width, panel_height),
            ],
            body_px,
            0.12 * short,
        )
        return cls(
            width_px=width_px,
            height_px=height_px,
            short_px=short,
            margin_px=margin,
            pad_px=max(round(0.016 * short), 2),
            text_px=max(round(0.033 * short), _SMALLEST_TEXT_PX),
            small_px=max(round(0.027 * short), _SMALLEST_TEXT_PX),
            hair_px=max(round(short / 500), 1),
            panel=panel,
        )

    def corners(self, width_px: int, height_px: int) -> list[Rect]:
        """The four corners for a plate of this size, clear of the panel, upper left first."""
        right = self.width_px - self.margin_px - width_px
        low = self.height_px - self.margin_px - height_px
        corners = []
        for y, x in ((y, x) for y in (self.margin_px, low) for x in (self.margin_px, right)):
            corner = Rect(x, y, width_px, height_px)
            if y == low and corner.meets_columns_of(self.panel):
                corner = Rect(x, self.panel.y_px - self.margin_px - height_px, width_px, height_px)
            corners.append(corner)
        return corners


def body_points(analysis: Analysis, width_px: int, height_px: int) -> FloatArray:
    """Where body and back lie over the clip, (n, points, 2) in the picture's pixels.

    Frames without the lifter are left out; n is 0 when there are none.
    """
    track = analysis.track
    seen = np.flatnonzero(track.detected)
    seen = seen[:: max(len(seen) // _WATCHED_FRAMES, 1)]
    scale = np.array([width_px / track.width_px, height_px / track.height_px])
    limbs = track.landmarks_px[seen][:, list(_BODY)]
    back = analysis.profile.edge_px[seen]
    points: FloatArray = np.concatenate([limbs, back], axis=1).astype(np.float64) * scale
    return points


def freest(places: list[Rect], body_px: FloatArray, enough_px: float) -> Rect:
    """The place that the body comes least near, the first of several that are free enough.

    A place's score is the distance that 95 of 100 frames keep, counted up to `enough_px`;
    where the body crosses all of them, the share of its points that are inside decides.
    """
    if len(body_px) == 0:
        return places[0]
    scores = []
    for place in places:
        distance = place.distance_px(body_px)
        nearest = np.min(np.where(np.isfinite(distance), distance, np.inf), axis=1)
        kept = min(float(np.percentile(nearest, 5, method="lower")), enough_px)
        scores.append(kept - float(np.mean(distance <= 0)))
    return places[int(np.argmax(scores))]
