"""How much is asked of the machine: pose model and picture size, less where it cannot keep up."""

from __future__ import annotations

from dataclasses import dataclass

from hingecheck.pose.models import PoseModel

__all__ = ["LEAST_FPS", "Quality", "QualityWatch"]

LEAST_FPS = 25.0
"""Pictures judged per second below which less is asked."""

SLOW_S = 3.0
"""For so long, so that a hiccup changes nothing."""

SETTLE_S = 2.0
"""After a change: the new model is being loaded."""


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
    """Steps down the ladder while too few pictures are judged; never up, which would flicker.

    Args:
        model: Where to begin.
        source_fps: Pictures a second that come; a slow camera is no slow machine.

    Attributes:
        now: What is asked at present.
    """

    def __init__(self, model: PoseModel, source_fps: float) -> None:
        self.now = next(step for step in LADDER if step.model is model)
        # NaN compares false: a camera that does not say is taken to give 30.
        self._wanted_fps = 0.9 * source_fps if source_fps < LEAST_FPS / 0.9 else LEAST_FPS
        self._slow_since_s: float | None = None
        self._wait_until_s = 0.0

    def judge(self, now_s: float, fps: float) -> bool:
        """Take in the rate at a moment; returns whether `now` has changed."""
        if now_s < self._wait_until_s or fps >= self._wanted_fps:
            self._slow_since_s = None
            return False
        if self._slow_since_s is None:
            self._slow_since_s = now_s
        below = LADDER[LADDER.index(self.now) + 1 :]
        if now_s - self._slow_since_s < SLOW_S or not below:
            return False
        self.now, self._slow_since_s = below[0], None
        self._wait_until_s = now_s + SETTLE_S
        return True
