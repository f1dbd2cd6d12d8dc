"""What the lifter looks like when up, gathered as they stand: the zero of every angle."""

from __future__ import annotations

from collections import deque

import numpy as np

from hingecheck.pose.lifter import trunk_px
from hingecheck.pose.records import FloatArray, Pose
from hingecheck.spine.estimator import BackView
from hingecheck.spine.model import OwnShape
from hingecheck.spine.standing import (
    LEAST_COVERAGE,
    STANDING_BEND_DEG,
    STANDING_S,
    STANDING_SPEED_DEG_S,
    STANDING_TRUNK_DEG,
    UPRIGHT_BEND_DEG,
    UPRIGHT_STEP_DEG,
    UPRIGHT_TRUNK_DEG,
)

__all__ = ["ShapeWatch"]

KEPT = 90
"""Sightings kept of each kind: three seconds."""

SPEED_S = 0.2

SIZE_SHARE = 0.02
"""How much one sighting moves the trunk length that everything is measured in."""


class ShapeWatch:
    """Gathers relaxed standing, and upright postures where that is not seen.

    Args:
        remembered: The lifter's standing from another day.

    Attributes:
        own: What the lifter looks like when up; None while that is unknown.
        relaxed_s: How long relaxed standing has been seen without a break, at its longest.
    """

    def __init__(self, remembered: OwnShape | None = None) -> None:
        self.own = remembered
        self.relaxed_s = 0.0
        self._relaxed: deque[FloatArray] = deque(maxlen=KEPT)
        self._upright: deque[FloatArray] = deque(maxlen=KEPT)
        self._straightest_deg = float("inf")
        self._since_s = float("nan")
        self._bends: deque[tuple[float, float]] = deque()
        self._size_px = float("nan")
        self._worked = False

    def trunk_px(self, pose: Pose) -> float:
        """Typical length of the trunk, of late."""
        fresh = trunk_px(pose)
        known = np.isfinite(self._size_px)
        self._size_px = self._size_px + SIZE_SHARE * (fresh - self._size_px) if known else fresh
        return self._size_px

    def watch(
        self, time_s: float, features: FloatArray | None, back: BackView, working: bool
    ) -> bool:
        """Take in a picture; returns whether it shows relaxed standing.

        Args:
            time_s: The source's clock.
            features: What the spine model sees of it; None where the back is not seen.
            back: Its view.
            working: Whether a way down or a bottom is under way: between repetitions nobody is
                relaxed.
        """
        trunk_deg = float(back.segments.trunk_deg[0])
        bend_deg = float(back.segments.trunk_thigh_deg[0])
        speed = self._speed(time_s, bend_deg)
        self._worked = self._worked or working
        seen = features is not None and bool(back.profile.coverage[0] > LEAST_COVERAGE)
        low, high = STANDING_TRUNK_DEG
        relaxed = (
            seen
            and not self._worked
            and low < trunk_deg < high
            and abs(bend_deg) < STANDING_BEND_DEG
            and speed < STANDING_SPEED_DEG_S
        )
        if not relaxed:
            self._since_s = float("nan")
        elif not np.isfinite(self._since_s):
            self._since_s = time_s
        if seen and features is not None:
            self._keep(time_s, features, trunk_deg, bend_deg, relaxed)
        return relaxed

    def _speed(self, time_s: float, bend_deg: float) -> float:
        """Degrees a second over the last `SPEED_S`: between two pictures noise alone is fast."""
        self._bends.append((time_s, bend_deg))
        while len(self._bends) > 2 and time_s - self._bends[1][0] >= SPEED_S:
            self._bends.popleft()
        first_s, first_deg = self._bends[0]
        return abs(bend_deg - first_deg) / max(time_s - first_s, SPEED_S)

    def _keep(
        self,
        time_s: float,
        features: FloatArray,
        trunk_deg: float,
        bend_deg: float,
        relaxed: bool,
    ) -> None:
        if relaxed:
            self._relaxed.append(features)
            self.relaxed_s = max(self.relaxed_s, time_s - self._since_s)
            if self.relaxed_s >= STANDING_S:
                self.own = OwnShape(np.median(self._relaxed, axis=0), relaxed=True)
        known = self.own is not None and self.own.relaxed
        up = abs(trunk_deg) < UPRIGHT_TRUNK_DEG and abs(bend_deg) < UPRIGHT_BEND_DEG
        if known or not up:
            return
        if abs(bend_deg) < self._straightest_deg - UPRIGHT_STEP_DEG:
            self._upright.clear()
        self._straightest_deg = min(self._straightest_deg, abs(bend_deg))
        if abs(bend_deg) <= self._straightest_deg + UPRIGHT_STEP_DEG:
            self._upright.append(features)
            self.own = OwnShape(np.median(self._upright, axis=0), relaxed=False)
