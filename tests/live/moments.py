"""Moments of a live check, made by hand: a stick lifter in an empty room."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import stick
from numpy.typing import NDArray

from hingecheck.form.records import Verdict
from hingecheck.live.records import FeedState, LiveState, RepCall, Stage
from hingecheck.pose.landmarks import LANDMARKS, Landmark
from hingecheck.spine.profile import STATIONS

SIZES_PX = [(1280, 720), (720, 1280), (640, 360), (1920, 1080)]

ROOM_GREY = 96

NOBODY: dict[str, Any] = {
    "landmarks_px": np.full((LANDMARKS, 2), np.nan),
    "back_px": np.full((1, 2), np.nan),
    "facing": 0,
}
"""Fields of a moment in which nobody is seen."""


def room(width_px: int, height_px: int) -> NDArray[np.uint8]:
    """An empty grey room, darker towards the floor."""
    shade = np.linspace(ROOM_GREY + 20, ROOM_GREY - 20, height_px).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(shade[:, None, None], (height_px, width_px, 3)))


def call(verdict: Verdict = Verdict.YES, tuck_deg: float = 14.0, index: int = 3) -> RepCall:
    """A repetition that went down at 10 s and was counted at 12 s."""
    return RepCall(index, 10.0, 11.0, 12.0, 90.0, tuck_deg, 3.0, verdict, 10.8, 11.1)


def moment(
    width_px: int = 1280,
    height_px: int = 720,
    *,
    share: float = 0.65,
    centre: float = 0.5,
    hinge_deg: float = 0.0,
    **changes: Any,
) -> LiveState:
    """A lifter who faces image right in the middle of a set.

    Args:
        width_px: Width of the picture.
        height_px: Height of the picture.
        share: Body height against the picture's height.
        centre: Where the feet are, against the picture's width.
        hinge_deg: Trunk inclination.
        changes: Fields that differ.
    """
    body_px = share * height_px
    (landmarks,) = stick.landmarks_of(
        stick.Posture(trunk_deg=hinge_deg, thigh_deg=0.3 * hinge_deg),
        height_px=body_px,
        ankle_px=(centre * width_px, (0.5 + 0.46 * share) * height_px),
    )
    hip, shoulder = landmarks[Landmark.LEFT_HIP], landmarks[Landmark.LEFT_SHOULDER]
    chord = shoulder - hip
    behind = 0.25 * np.array([chord[1], -chord[0]])
    back = hip + STATIONS[:, None] * chord + behind
    state = LiveState(
        time_s=12.0,
        feed=FeedState.RUNNING,
        stage=Stage.SET,
        says=(),
        facing=1,
        landmarks_px=landmarks,
        back_px=back,
        depth_deg=1.3 * hinge_deg,
        tuck_deg=0.0,
        tuck_sd_deg=3.0,
        limit_deg=8.0,
        reps=8,
        last=None,
        fps=29.4,
        latency_ms=64.0,
        quality=f"full, {width_px}x{height_px}",
    )
    return replace(state, **changes)
