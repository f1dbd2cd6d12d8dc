"""Who lifts, decided while the pictures come: one body, held on to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.lifter import FORGET_S, SPOT, alike, step_cost, trunk_px
from hingecheck.pose.records import FloatArray, Pose

__all__ = ["LifterLock"]

UPRIGHT_DEG, BENT_DEG = 20.0, 35.0
"""Who leans less than the first stands; who leans more than the second hinges."""

BACK_S, BACK_GROWTH = 10.0, 1.15
"""Who stands on the lost one's spot within the first, of their size within the second, is the
same one: the camera stalled, or they looked away. The next in line takes longer to step up."""

SPOT_SHARE = 0.02
"""How much one sighting moves the spot on which the lifter's feet are held to stand."""


class LifterLock:
    """Holds on to one body from picture to picture.

    The largest, most central body is taken, until another of its size bends while it stands: that
    one lifts, unless the first has been `proven` to. While a set runs only a body of the lifter's
    size on the lifter's spot is the lifter: people who walk past are not, and nobody takes a lost
    one's place. Otherwise whoever is unseen for `FORGET_S` may be followed by anybody; a body of
    their size on their spot soon after is themselves come back.

    Args:
        width_px: Width of the source picture.

    Attributes:
        working: Whether a set runs.
        proven: Whether the one held on to has lifted.
        switched: Whether the last picture's choice took somebody else's place.
    """

    def __init__(self, width_px: int) -> None:
        self.working = self.proven = self.switched = False
        self._width_px = width_px
        self._last: Pose | None = None
        self._spot_px = np.full(2, np.nan)

    def choose(self, time_s: float, poses: Sequence[Pose]) -> int | None:
        """Which of a picture's bodies is the lifter; None when they are not in it."""
        last = self._last
        self.switched = False
        lost = last is None or (time_s - last.time_s > FORGET_S and not self.working)
        if last is None or lost:
            best = max(range(len(poses)), key=lambda i: self._worth(poses[i]), default=None)
            if best is None:
                return None
            if last is None or not self._is_back(last, poses[best]):
                self._take(poses[best])
        elif (bent := self._who_bends(last, poses)) is not None:
            best = bent
            self._take(poses[best])
        else:
            near = [i for i, pose in enumerate(poses) if self._is_same(last, pose)]
            if not near:
                return None
            best = min(near, key=lambda i: step_cost(last, poses[i]))
            self._spot_px += SPOT_SHARE * (_feet_px(poses[best]) - self._spot_px)
        self._last = poses[best]
        return best

    def _take(self, pose: Pose) -> None:
        self._spot_px = _feet_px(pose)
        self.switched, self.proven = self._last is not None, False

    def _who_bends(self, last: Pose, poses: Sequence[Pose]) -> int | None:
        """Somebody else who hinges while the one held on to has only stood."""
        if self.proven or _lean_deg(last) > UPRIGHT_DEG:
            return None
        bent = [
            i
            for i, pose in enumerate(poses)
            if _lean_deg(pose) > BENT_DEG
            and alike(trunk_px(last), trunk_px(pose))
            and step_cost(last, pose) >= 1
        ]
        return bent[0] if len(bent) == 1 else None

    def _is_same(self, last: Pose, pose: Pose) -> bool:
        return self._is_on_spot(last, pose) if self.working else step_cost(last, pose) < 1

    def _is_on_spot(self, last: Pose, pose: Pose) -> bool:
        off_px = float(np.hypot(*(_feet_px(pose) - self._spot_px)))
        return off_px < SPOT * trunk_px(last) and alike(trunk_px(last), trunk_px(pose))

    def _is_back(self, last: Pose, pose: Pose) -> bool:
        grown = trunk_px(pose) / max(trunk_px(last), 1e-6)
        soon = pose.time_s - last.time_s < BACK_S
        return soon and 1 / BACK_GROWTH < grown < BACK_GROWTH and self._is_on_spot(last, pose)

    def _worth(self, pose: Pose) -> float:
        off = abs(float(pose.middle_px(Landmark.LEFT_HIP)[0]) / self._width_px - 0.5)
        return trunk_px(pose) ** 2 * (1 - off)


def _feet_px(pose: Pose) -> FloatArray:
    return pose.middle_px(Landmark.LEFT_ANKLE)


def _lean_deg(pose: Pose) -> float:
    """How far the trunk leans from upright, to whichever side."""
    along = pose.middle_px(Landmark.LEFT_SHOULDER) - pose.middle_px(Landmark.LEFT_HIP)
    return float(np.degrees(np.arctan2(abs(along[0]), -along[1])))
