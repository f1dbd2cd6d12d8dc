"""Whether the picture can carry a form check, asked again and again before a set."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor, Future
from typing import NamedTuple

from hingecheck.follow import Look
from hingecheck.form.records import SetupCheck, State
from hingecheck.live.watcher import Seen
from hingecheck.pose.glimpse import Glimpse
from hingecheck.preview import judge_setup

__all__ = ["SetupWatch"]

BACK_S = 2.0
"""How far it looks back."""

EVERY_S = 1.0
"""How often it looks."""


class _Kept(NamedTuple):
    time_s: float
    looks: list[Look]
    room: Glimpse | None


class SetupWatch:
    """Looks back on the last seconds every second, beside the work.

    Args:
        pool: Where the looking is done.
        fps: Pictures a second of the camera; NaN where unknown.

    Attributes:
        checks: What it last found; empty before the first look.
    """

    def __init__(self, pool: Executor, fps: float) -> None:
        self.checks: tuple[SetupCheck, ...] = ()
        self._pool, self._fps = pool, fps
        self._recent: deque[_Kept] = deque()
        self._pending: Future[tuple[SetupCheck, ...]] | None = None
        self._looked_s = float("-inf")

    @property
    def blocked(self) -> bool:
        """Whether something has to change first; so too before the first look."""
        return not self.checks or any(check.state is State.BLOCKS for check in self.checks)

    @property
    def says(self) -> tuple[str, ...]:
        """What to change, what blocks first."""
        return tuple(
            check.sentence
            for state in (State.BLOCKS, State.IMPROVE)
            for check in self.checks
            if check.state is state
        )

    def look(self, seen: Seen) -> None:
        """Take in a picture."""
        now_s = seen.frame.time_s
        self._recent.append(_Kept(now_s, seen.looks, seen.room))
        while self._recent[0].time_s < now_s - BACK_S:
            self._recent.popleft()
        if self._pending is not None and self._pending.done():
            self.checks, self._pending = self._pending.result(), None
        if self._pending is not None or now_s - self._looked_s < EVERY_S:
            return
        self._looked_s = now_s
        height_px, width_px = seen.frame.rgb.shape[:2]
        rooms = [
            Glimpse(frame, kept.room.grey, kept.room.scale)
            for frame, kept in enumerate(self._recent)
            if kept.room is not None
        ]
        self._pending = self._pool.submit(
            judge_setup,
            [kept.time_s for kept in self._recent],
            [kept.looks for kept in self._recent],
            rooms,
            (width_px, height_px),
            self._fps,
        )
