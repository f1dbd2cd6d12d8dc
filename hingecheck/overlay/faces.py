"""Faces made unrecognisable before anything is drawn: heads become a few cells of colour."""

from __future__ import annotations

import cv2
import numpy as np

from hingecheck.form.records import Analysis
from hingecheck.overlay.sticker import SHIFT, Picture, around, fixed_point
from hingecheck.pose.records import FloatArray

__all__ = ["Faces"]

CELLS = 4
"""Across what is hidden of a head: about two are left of a face from ear to ear, three from
forehead to chin."""

WHOLE_CELLS = 12
"""Along the longer side of a picture that is hidden altogether. A head that fills a third of it is
still left four."""

RIM = 1.15
"""The hidden disc fades into the picture outside the head, never inside."""


class Faces:
    """Hides every head of any frame of one analysis.

    Where the lifter's head may be anywhere, the whole picture is hidden. What is hidden is averaged
    over cells as wide as half a face, and cannot be won back from the picture.

    Args:
        analysis: The clip's analysis.
        width_px: Width of the pictures.
        height_px: Height of the pictures.
    """

    def __init__(self, analysis: Analysis, width_px: int, height_px: int) -> None:
        track, heads = analysis.track, analysis.heads
        x, y = width_px / track.width_px, height_px / track.height_px
        self._circles_px = heads.circles_px * np.array([x, y, max(x, y)])
        self._sure = heads.sure

    def hide(self, rgb: Picture, frame: int) -> None:
        """Hide the frame's heads in place."""
        if not self._sure[frame]:
            rgb[:] = _averaged(rgb, max(rgb.shape) / WHOLE_CELLS)
            return
        for circle in self._circles_px[frame]:
            if np.isfinite(circle).all():
                _hide_disc(rgb, circle[:2], float(circle[2]))


def _hide_disc(rgb: Picture, centre_px: FloatArray, radius_px: float) -> None:
    outer_px = RIM * radius_px
    region = around(centre_px[None], round(outer_px), rgb)
    if region is None:
        return
    part, corner = region
    hidden = _averaged(part, 2 * outer_px / CELLS)
    share = np.zeros(part.shape[:2], dtype=np.uint8)
    middle_px = fixed_point(centre_px - corner).tolist()
    steps = max(round(outer_px - radius_px), 1)
    for step in range(steps):
        radius = round((outer_px - step) * (1 << SHIFT))
        level = round(255 * (step + 1) / steps)
        cv2.circle(share, middle_px, radius, level, -1, cv2.LINE_8, SHIFT)
    weight = np.repeat(share[..., None], 3, axis=2)
    blended = cv2.multiply(hidden, weight, scale=1 / 255)
    cv2.add(blended, cv2.multiply(part, 255 - weight, scale=1 / 255), dst=part)


def _averaged(part: Picture, cell_px: float) -> Picture:
    """A picture of cells about this wide, running into each other."""
    height, width = part.shape[:2]
    cells = max(round(width / cell_px), 1), max(round(height / cell_px), 1)
    few = cv2.resize(part, cells, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(few, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
