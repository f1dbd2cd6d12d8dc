"""Calm lines along the limbs on the camera's side of the body."""

from __future__ import annotations

import cv2
import numpy as np

from hingecheck.form.records import Analysis
from hingecheck.overlay.colours import CASING, PALE
from hingecheck.overlay.sticker import SHIFT, Picture, around, fixed_point
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray

__all__ = ["Limbs", "draw_limbs", "near_limbs"]

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
        leg, arm = near_limbs(analysis.view.facing)
        self._leg_px = track.landmarks_px[:, leg] * scale
        self._arm_px = track.landmarks_px[:, arm] * scale
        self._short_px = min(width_px, height_px)

    def draw(self, rgb: Picture, frame: int) -> None:
        """Blend leg and arm into the picture; bones with an unseen end are left out."""
        draw_limbs(rgb, self._leg_px[frame], self._arm_px[frame], self._short_px)


def near_limbs(facing: int) -> tuple[list[int], list[int]]:
    """Landmarks along the leg and the arm on the camera's side of a lifter who faces +1 or -1."""
    right = 1 if facing > 0 else 0
    return [name + right for name in _LEG], [name + right for name in _ARM]


def draw_limbs(rgb: Picture, leg_px: FloatArray, arm_px: FloatArray, short_px: float) -> None:
    """Blend a leg and an arm, (joints, 2) each, into the picture.

    Bones with an unseen end are left out. Lines are as thick as in a picture whose short side is
    `short_px`.
    """
    rim = max(round(short_px * 0.0014), 1)
    leg, arm = max(round(short_px * 0.0042), 1), max(round(short_px * 0.0028), 1)
    bones = [(pair, leg) for pair in _bones(leg_px)] + [(pair, arm) for pair in _bones(arm_px)]
    if not bones:
        return
    region = around(np.concatenate([pair for pair, _ in bones]), leg + 2 * rim + 2, rgb)
    if region is None:
        return
    part, corner = region
    layer = part.copy()
    for widen, colour in ((2 * rim, CASING), (0, PALE)):
        for thick in (arm, leg):
            lines = [fixed_point(pair - corner) for pair, wide in bones if wide == thick]
            cv2.polylines(layer, lines, False, colour, thick + widen, cv2.LINE_AA, SHIFT)
    cv2.addWeighted(layer, _OPACITY, part, 1 - _OPACITY, 0, dst=part)


def _bones(joints_px: FloatArray) -> list[FloatArray]:
    """Neighbouring joints (2, 2) of a chain, both seen."""
    seen = np.isfinite(joints_px.sum(axis=1))
    return [joints_px[k : k + 2] for k in range(len(joints_px) - 1) if seen[k] and seen[k + 1]]
