"""The latest repetition, kept for good: its pictures, and what was known at each of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from hingecheck.live.playback import Playback
from hingecheck.live.records import LiveState, Picture, RepCall
from hingecheck.live.ring import Ring, Strip

__all__ = ["Cut", "LastRep"]

KEPT_S = 20.0
"""Pictures kept whatever happens: the slowest repetition."""

AROUND_S = 1.0
"""Kept before and after a repetition."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A repetition cut out of what went by.

    Attributes:
        call: The repetition.
        pictures: From shortly before it until shortly after it.
        known: What was known at each of them, by its time.
    """

    call: RepCall
    pictures: Strip
    known: Mapping[float, LiveState]

    def play(self, now_s: float) -> Playback:
        """It again from now on, its largest tuck held."""
        return Playback(self.pictures, self.call.worst_s, now_s)


class LastRep:
    """Sees every picture and cuts out the repetition that was counted last."""

    def __init__(self) -> None:
        self._ring = Ring(KEPT_S)
        self._states: deque[LiveState] = deque()
        self._call: RepCall | None = None
        self._cut: Cut | None = None

    def see(self, rgb: Picture, state: LiveState) -> None:
        """Take in a picture and what is known of it."""
        self._ring.add(rgb, state.time_s)
        if self._states and state.time_s <= self._states[-1].time_s:
            self._states.clear()
        self._states.append(state)
        while self._states[0].time_s < state.time_s - KEPT_S:
            self._states.popleft()
        call = state.last
        if call is None:
            return
        if self._call is None or self._call.bottom_s != call.bottom_s:
            self._cut = None
        self._call = call
        if self._cut is None and state.time_s > call.end_s + AROUND_S:
            self._cut = self._cut_out(call)

    def cut(self) -> Cut | None:
        """It, as far as it has come, with the check's verdict once that is there."""
        if self._call is None:
            return None
        return replace(self._cut or self._cut_out(self._call), call=self._call)

    def _cut_out(self, call: RepCall) -> Cut:
        start_s, end_s = call.start_s - AROUND_S, call.end_s + AROUND_S
        known = {state.time_s: state for state in self._states if start_s <= state.time_s <= end_s}
        return Cut(call, self._ring.cut(start_s, end_s), known)
