"""Repetitions counted while they happen: a state machine with hysteresis on the hinge's depth."""

from __future__ import annotations

from dataclasses import dataclass

from numpy import isfinite

from hingecheck.motion.reps import (
    LEAST_BOTTOM_DEG,
    MIN_PERIOD_S,
    PROMINENCE_DEG,
    STILL_DEG,
    STILL_S,
)

__all__ = ["CountedRep", "RepMachine"]

LEAVE_DEG = 12.0
"""Depth gained from the top with which a way down has begun; standing sways by a few degrees."""

REST_DEG = 5.0
"""While it is within this of the top the way down has not begun."""

FINISHED = 0.25
"""Share of the way that may be left at the top: soft tops and good mornings stop there."""

AGAIN_DEG = 10.0
"""Depth gained again after `PROMINENCE_DEG` were lost: the lifter turned round short of the top."""

LOST_S = 1.5
"""Unseen for this long, a repetition is given up (`pose.lifter.FORGET_S`)."""


@dataclass(frozen=True, slots=True)
class CountedRep:
    """A repetition in the moment it is counted.

    Attributes:
        start_s: When the way down began.
        bottom_s: When it was deepest.
        end_s: When it was up again.
        top_deg: Trunk-thigh flexion at its start.
        depth_deg: Trunk-thigh flexion at the bottom.
    """

    start_s: float
    bottom_s: float
    end_s: float
    top_deg: float
    depth_deg: float


class RepMachine:
    """Tells ways down, bottoms and tops apart as the depth comes in.

    What counts is what `reps.find_reps` counts: a bottom of at least `LEAST_BOTTOM_DEG`, reached
    by and left for at least `PROMINENCE_DEG`, `MIN_PERIOD_S` after the one before. A lifter first
    seen bent and still is in a set-up, and the pull out of it counts.

    Attributes:
        down: Whether a way down or a bottom is under way.
        start_s: When that began; the last one while up.
        top_deg: Depth from which it began.
        deepest_deg: Largest depth in it.
    """

    def __init__(self) -> None:
        self._counted_s = float("-inf")
        self._rest()

    def _rest(self, top_deg: float = float("nan"), time_s: float = float("nan")) -> None:
        self.down = False
        self.start_s, self.top_deg = time_s, top_deg
        self.deepest_deg, self._bottom_s = top_deg, time_s
        self._highest_deg = float("inf")
        self._seen_s = time_s
        self._left_s = float("-inf")

    def step(self, time_s: float, depth_deg: float) -> CountedRep | None:
        """Take the depth at a later time; returns the repetition that it completes, if any.

        Args:
            time_s: The source's clock.
            depth_deg: Trunk-thigh flexion; NaN while unseen.
        """
        if not isfinite(depth_deg):
            if time_s - self._seen_s > LOST_S:
                self._rest()
            return None
        if not isfinite(self.top_deg):
            self._meet(time_s, depth_deg)
        self._seen_s = time_s
        if self.down and depth_deg > self.deepest_deg - STILL_DEG:
            self._left_s = time_s
        if not self.down:
            self.top_deg = min(self.top_deg, depth_deg)
            if depth_deg - self.top_deg <= REST_DEG:
                self.start_s = time_s
            elif depth_deg - self.top_deg > LEAVE_DEG:
                self.down = True
                self.deepest_deg, self._bottom_s = depth_deg, time_s
                self._highest_deg = float("inf")
            return None
        if depth_deg > self.deepest_deg:
            self.deepest_deg, self._bottom_s = depth_deg, time_s
            self._highest_deg = float("inf")
            return None
        self._highest_deg = min(self._highest_deg, depth_deg)
        return self._finish(time_s, depth_deg)

    def _meet(self, time_s: float, depth_deg: float) -> None:
        """First sight of a lifter: standing, or in a set-up of which the top is yet to be seen."""
        self._rest(depth_deg, time_s)
        if depth_deg >= LEAST_BOTTOM_DEG:
            self.down, self.top_deg = True, 0.0

    def _finish(self, time_s: float, depth_deg: float) -> CountedRep | None:
        travel = self.deepest_deg - self.top_deg
        up = depth_deg <= self.top_deg + max(LEAVE_DEG, FINISHED * travel)
        turned = depth_deg > self._highest_deg + AGAIN_DEG
        fallen = self.deepest_deg - self._highest_deg
        if not up and not (turned and fallen > PROMINENCE_DEG):
            return None
        rep = CountedRep(self.start_s, self._bottom_s, time_s, self.top_deg, self.deepest_deg)
        held = self._left_s - self.start_s >= STILL_S
        self._rest(self._highest_deg, time_s)
        whole = held and rep.depth_deg >= LEAST_BOTTOM_DEG and min(travel, fallen) >= PROMINENCE_DEG
        if not whole or rep.bottom_s - self._counted_s < MIN_PERIOD_S:
            return None
        self._counted_s = rep.bottom_s
        return rep
