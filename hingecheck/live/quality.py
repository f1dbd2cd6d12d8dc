"""How much is asked of the machine: pose model and picture size, as much as it keeps up with."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from statistics import median

from hingecheck.pose.models import PoseModel

__all__ = ["LEAST_FPS", "LESS", "MORE", "Quality", "QualityWatch"]

LEAST_FPS = 25.0
"""Pictures judged per second below which less is asked, if more of them come."""

LOST_SHARE = 0.1
"""Share of the pictures that is skipped where the machine is too slow for the camera. A camera
that gives few pictures has none of them skipped."""

RATE_S = 1.0
"""Rates are told over this."""

SLOW_S = 3.0
"""For so long, so that a hiccup changes nothing."""

SETTLE_S = 2.0
"""After a change: the new model is being loaded."""

LESS = "Slower machine: looking with less detail, verdicts are less sure."
MORE = "Looking with more detail again."

TRIES = 2
"""What was too much so often in one session is not asked again."""


@dataclass(frozen=True, slots=True)
class Quality:
    """What is asked.

    Attributes:
        model: The pose model.
        long_px: Long side of the pictures it looks at.
    """

    model: PoseModel
    long_px: int

    def __str__(self) -> str:
        return f"{self.model.value}, {self.long_px} px"


LADDER = (
    Quality(PoseModel.HEAVY, 960),
    Quality(PoseModel.FULL, 960),
    Quality(PoseModel.FULL, 640),
    Quality(PoseModel.LITE, 960),
    Quality(PoseModel.LITE, 640),
    Quality(PoseModel.LITE, 480),
)
"""From most exact to fastest."""


class QualityWatch:
    """Steps down the ladder where the machine skips pictures, and up again after a set.

    Args:
        model: Where to begin, and the most that is asked.

    Attributes:
        now: What is asked at present.
    """

    def __init__(self, model: PoseModel) -> None:
        self.now = next(step for step in LADDER if step.model is model)
        self._most = LADDER.index(self.now)
        self._recent: deque[tuple[float, int, float]] = deque()
        self._since_s = 0.0
        self._was_slow = False
        self._wait_until_s = float("-inf")
        self._lifted = False
        self._left: Counter[Quality] = Counter()

    def judge(
        self, now_s: float, number: int, look_s: float, *, in_set: bool, writing: bool
    ) -> str:
        """Take in a judged picture; returns in words what has changed, empty when nothing has.

        Args:
            now_s: A clock that runs evenly.
            number: The picture's number at the source, skipped ones counted.
            look_s: Seconds that looking at it took.
            in_set: Whether a set runs: nobody is shown more in the middle of one.
            writing: Whether a result is being written, which is work that will pass.
        """
        self._lifted = self._lifted or in_set
        if writing or now_s < self._wait_until_s:
            self._recent.clear()
            self._since_s = now_s
            return ""
        self._recent.append((now_s, number, look_s))
        while now_s - self._recent[0][0] > RATE_S:
            self._recent.popleft()
        slow = self._slow()
        if slow is not self._was_slow or (in_set and not slow):
            self._was_slow, self._since_s = slow, now_s
        if now_s - self._since_s < SLOW_S:
            return ""
        return self._down(now_s) if slow else self._up(now_s)

    def _slow(self) -> bool:
        """Whether the machine, not the camera, keeps pictures few."""
        (first_s, first, _), (last_s, last, _) = self._recent[0], self._recent[-1]
        if last_s - first_s < RATE_S / 2:
            return self._was_slow
        judged = (len(self._recent) - 1) / (last_s - first_s)
        came = (last - first) / (last_s - first_s)
        looking = judged * median(look_s for _, _, look_s in self._recent)
        # A camera whose driver skips what nobody fetches seems slow itself: then the looking,
        # which it has to wait for, fills the time.
        behind = judged < (1 - LOST_SHARE) * came or looking > 1 - LOST_SHARE
        return judged < LEAST_FPS and behind

    def _down(self, now_s: float) -> str:
        below = LADDER[LADDER.index(self.now) + 1 :]
        if not below:
            return ""
        self._left[self.now] += 1
        self._lifted = False
        self._change(below[0], now_s)
        return f"{LESS} Now {self.now}."

    def _up(self, now_s: float) -> str:
        place = LADDER.index(self.now) - 1
        if place < self._most or not self._lifted or self._left[LADDER[place]] >= TRIES:
            return ""
        self._change(LADDER[place], now_s)
        return f"{MORE} Now {self.now}."

    def _change(self, quality: Quality, now_s: float) -> None:
        self.now = quality
        self._was_slow = False
        self._wait_until_s = now_s + SETTLE_S
