"""The last repetition again, at half speed, with its worst moment held; asked, it never waits."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from hingecheck.live.records import Picture

__all__ = ["HOLD_S", "SPEED", "Playback", "Shown"]

SPEED = 0.5
HOLD_S = 1.5
"""How long the worst moment stands: to look up, find the back, and read a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A picture of a playback.

    Attributes:
        time_s: When it was taken, on the source's clock.
        rgb: The source's picture.
        worst: Whether it is the worst moment, held.
    """

    time_s: float
    rgb: Picture
    worst: bool


class Playback:
    """Says which picture of a repetition is due; the next one is fetched when its time comes.

    Args:
        pictures: (time_s, rgb) in order of time, at least one, on the source's clock.
        worst_s: When it was at its worst, on the same clock; NaN to hold nothing.
        now_s: The present, on any clock that runs evenly.
    """

    def __init__(
        self, pictures: Iterable[tuple[float, Picture]], worst_s: float, now_s: float
    ) -> None:
        self._coming = iter(pictures)
        self._next = next(self._coming, None)
        self._now: tuple[float, Picture] | None = None
        self._worst_s = worst_s
        self._held_until_s = -math.inf
        self._began_s = now_s
        self._first_s = 0.0 if self._next is None else self._next[0]

    def at(self, now_s: float) -> Shown | None:
        """The picture to show now; None when the playback is over.

        However late one asks, no call passes over the worst moment.

        Args:
            now_s: The present, never before the one given last.
        """
        if now_s < self._held_until_s and self._now is not None:
            return Shown(*self._now, worst=True)
        while self._next is not None and self._next[0] <= self._due_s(now_s):
            self._now = self._next
            self._next = next(self._coming, None)
            last = self._next is None
            if self._worst_s <= self._now[0] or (last and math.isfinite(self._worst_s)):
                return self._hold(self._now, now_s)
            if last:
                return Shown(*self._now, worst=False)
        if self._next is None or self._now is None:
            return None
        return Shown(*self._now, worst=False)

    def _due_s(self, now_s: float) -> float:
        """The source's time that is to be seen now."""
        return self._first_s + SPEED * (now_s - self._began_s)

    def _hold(self, picture: tuple[float, Picture], now_s: float) -> Shown:
        """Stop here, and go on from here afterwards."""
        self._worst_s = math.nan
        self._held_until_s = now_s + HOLD_S
        self._first_s, self._began_s = picture[0], self._held_until_s
        return Shown(*picture, worst=True)
