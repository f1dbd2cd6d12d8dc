"""Whether the picture can carry a form check, asked again and again before a set."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Executor, Future
from typing import NamedTuple

from hingecheck.follow import Look
from hingecheck.form.records import SetupCheck, State
from hingecheck.live.now import now
from hingecheck.live.watcher import Seen
from hingecheck.pose.glimpse import Glimpse
from hingecheck.preview import judge_setup

__all__ = ["SetupWatch"]

BACK_S = 2.0
"""How far it looks back."""

LEAST_S = 0.5
"""Nothing is found in less: after a set it begins with a single picture."""

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
        self._size_px = (0, 0)

    @property
    def blocked(self) -> bool:
        """Whether something has to change first; so too before the first look."""
        return not self.checks or any(check.state is State.BLOCKS for check in self.checks)

    @property
    def says(self) -> tuple[str, ...]:
        """What to do, for what blocks first."""
        return tuple(
            now(check, self._size_px)
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
            # One that failed changes nothing: the next is a second away.
            if self._pending.exception() is None:
                self.checks = self._pending.result()
            self._pending = None
        fresh = now_s - self._recent[0].time_s < LEAST_S
        if self._pending is not None or fresh or now_s - self._looked_s < EVERY_S:
            return
        self._looked_s = now_s
        height_px, width_px = seen.frame.rgb.shape[:2]
        self._size_px = width_px, height_px
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
