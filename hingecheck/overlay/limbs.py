"""Calm lines along the limbs on the camera's side of the body."""

from __future__ import annotations

import cv2
import numpy as np

from hingecheck.form.records import Analysis
from hingecheck.overlay.colours import CASING, PALE
from hingecheck.overlay.sticker import SHIFT, Picture, around, fixed_point
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray

__all__ = ["Limbs"]

_OPACITY = 0.55

_LEG = (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, Landmark.LEFT_FOOT_INDEX)
_ARM = (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST)


class Limbs:
    """Draws the limbs of any frame of one analysis.

    A lifter who faces image right shows the camera their right side.

    Args:
        analysis: The clip's analysis.
        width_px: Width of the pictures to draw on.
        height_px: Height of the pictures to draw on.
    """

    def __init__(self, analysis: Analysis, width_px: int, height_px: int) -> None:
        track = analysis.track
        scale = np.array([width_px / track.width_px, height_px / track.height_px])
        right = 1 if analysis.view.facing > 0 else 0
        self._leg_px = track.landmarks_px[:, [name + right for name in _LEG]] * scale
        self._arm_px = track.landmarks_px[:, [name + right for name in _ARM]] * scale
        short = min(width_px, height_px)
        self._rim = max(round(short * 0.0014), 1)
        self._leg = max(round(short * 0.0042), 1)
        self._arm = max(round(short * 0.0028), 1)

    def draw(self, rgb: Picture, frame: int) -> None:
        """Blend leg and arm into the picture; bones with an unseen end are left out."""
        bones = [(pair, self._leg) for pair in _bones(self._leg_px[frame])]
        bones += [(pair, self._arm) for pair in _bones(self._arm_px[frame])]
        if not bones:
            return
        ends = np.concatenate([pair for pair, _ in bones])
        border = self._leg + 2 * self._rim + 2
        region = around(ends, border, rgb)
        if region is None:
            return
        part, corner = region
        layer = part.copy()
        for widen, colour in ((2 * self._rim, CASING), (0, PALE)):
            for thick in (self._arm, self._leg):
                lines = [fixed_point(pair - corner) for pair, wide in bones if wide == thick]
                cv2.polylines(layer, lines, False, colour, thick + widen, cv2.LINE_AA, SHIFT)
        cv2.addWeighted(layer, _OPACITY, part, 1 - _OPACITY, 0, dst=part)


def _bones(joints_px: FloatArray) -> list[FloatArray]:
    """Neighbouring joints (2, 2) of a chain, both seen."""
    seen = np.isfinite(joints_px.sum(axis=1))
    return [joints_px[k : k + 2] for k in range(len(joints_px) - 1) if seen[k] and seen[k + 1]]
