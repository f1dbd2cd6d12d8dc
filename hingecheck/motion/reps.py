"""Repetitions: turning points of trunk-thigh flexion, told apart from everything else.

Standing, shifting the feet, walking up and taking a bar off the rack bend hips and trunk by
far less than a lift does; a pause at the top or the bottom only stretches a turning point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.motion.filters import fill_gaps, smooth
from hingecheck.motion.records import Lift, Rep
from hingecheck.pose.records import FloatArray

__all__ = ["Turn", "find_reps", "turning_points"]

PROMINENCE_DEG = 30.0
"""Least rise and fall of trunk-thigh flexion; science: prominence 25-30 degrees for hinges."""

MIN_PERIOD_S = 0.8
"""Least time from bottom to bottom; kettlebell swings take about 1.3 s."""

SIGNAL_HZ = 3.0
"""Low-pass for finding turns only: a repetition is slower than 1.5 Hz."""

SIGNAL_GAP_S = 0.6
"""A lifter lost for this long (a plate before the face) is still in the same repetition."""

LEAST_BOTTOM_DEG = 40.0
"""A bend that ends above this is bowing to a rack or to the floor, not a lift: the shallowest
lift, a half good morning, reaches 45."""

SETTLED_DEG = 5.0
"""A pause at the bottom is flat: jitter of 1-2 degrees puts its deepest frame anywhere in it, so
the same clip encoded twice gave bottoms 0.35 s apart. The middle of the stretch within this
angle of the deepest frame moved by 0.05 s (docs/method.md)."""

REST_SPEED = 0.1
REST_LEVEL = 0.25
"""A repetition begins where its speed last was under this share of its fastest while less than
this share of its range was used: later standstills are pauses."""

STILL_DEG = 10.0
STILL_S = 0.25
"""A clip that opens at the bottom shows a set-up when the lifter stays within this angle for
this long; otherwise the clip was cut in the middle of a repetition."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turning point of trunk-thigh flexion.

    Attributes:
        frame: Where.
        value_deg: Trunk-thigh flexion there.
        bottom: True for a bottom, False for a top.
    """

    frame: int
    value_deg: float
    bottom: bool


def turning_points(time_s: FloatArray, trunk_thigh_deg: FloatArray) -> list[Turn]:
    """Bottoms and tops in turn, each at least `PROMINENCE_DEG` from the next.

    The first and last frames take part, so a clip that opens at the floor opens with a bottom.

    Args:
        time_s: (frames,) strictly increasing.
        trunk_thigh_deg: (frames,) NaN where missing; unseen stretches hide their turns.
    """
    signal = _signal(time_s, trunk_thigh_deg)
    seen = np.flatnonzero(np.isfinite(signal))
    if not len(seen):
        return []
    turns: list[Turn] = []
    low = high = int(seen[0])
    rising: bool | None = None
    for i in map(int, seen):
        if signal[i] > signal[high]:
            high = i
        if signal[i] < signal[low]:
            low = i
        if rising is not False and signal[i] < signal[high] - PROMINENCE_DEG:
            turns.append(Turn(high, float(signal[high]), bottom=True))
            rising, low = False, i
        elif rising is not True and signal[i] > signal[low] + PROMINENCE_DEG:
            turns.append(Turn(low, float(signal[low]), bottom=False))
            rising, high = True, i
    if rising is True:
        turns.append(Turn(high, float(signal[high]), bottom=True))
    elif rising is False:
        turns.append(Turn(low, float(signal[low]), bottom=False))
    return turns


def find_reps(
    time_s: FloatArray, trunk_thigh_deg: FloatArray, turns: list[Turn], lift: Lift
) -> tuple[Rep, ...]:
    """The whole repetitions among the turning points.

    From the top: top - bottom - top; a descent or ascent cut off by the clip's end is no
    repetition. A deadlift, and any lift whose clip opens in a set-up that is held, goes floor -
    top - floor: bending down to the bar before the first pull and standing up after the last
    are not counted, a bar dropped from the top is.

    Args:
        time_s: (frames,) strictly increasing.
        trunk_thigh_deg: (frames,) NaN where missing.
        turns: From `turning_points`.
        lift: What is lifted.
    """
    signal = _signal(time_s, trunk_thigh_deg)
    turns = _slow_enough(time_s, turns)
    floor = lift is Lift.DEADLIFT or bool(turns and _held(time_s, signal, turns[0]))
    spans = _from_floor(time_s, signal, turns) if floor else []
    if not spans:
        spans = [
            (a.frame, b.frame, c.frame)
            for a, b, c in zip(turns, turns[1:], turns[2:], strict=False)
            if b.bottom and b.value_deg >= LEAST_BOTTOM_DEG
        ]
        floor = False
    reps = []
    for index, (first, middle, last) in enumerate(spans, start=1):
        start = _leaves(time_s, signal, first, middle)
        end = _arrives(time_s, signal, middle, last)
        top, bottom = (middle, last) if floor else (start, _settled(time_s, signal, middle))
        if floor and last == middle:
            bottom = start
        reps.append(Rep(index, start, top, bottom, max(end, bottom), floor))
    return tuple(reps)


def _from_floor(
    time_s: FloatArray, signal: FloatArray, turns: list[Turn]
) -> list[tuple[int, int, int]]:
    """Frames of floor, lockout and floor; a bar never set down ends at its lockout."""
    lockouts = [
        (before.frame, top.frame, after.frame)
        for before, top, after in zip(turns, turns[1:], turns[2:], strict=False)
        if before.bottom and min(before.value_deg, after.value_deg) >= LEAST_BOTTOM_DEG
    ]
    if lockouts and turns[0].frame == lockouts[0][0] and not _held(time_s, signal, turns[0]):
        lockouts = lockouts[1:]
    if not lockouts and len(turns) == 2 and turns[0].bottom and _held(time_s, signal, turns[0]):
        return [(turns[0].frame, turns[1].frame, turns[1].frame)]
    return lockouts


def _signal(time_s: FloatArray, trunk_thigh_deg: FloatArray) -> FloatArray:
    filled = fill_gaps(time_s, trunk_thigh_deg, SIGNAL_GAP_S)
    return smooth(time_s, filled, SIGNAL_HZ)


def _slow_enough(time_s: FloatArray, turns: list[Turn]) -> list[Turn]:
    """Drop the smaller of two bottoms that follow each other too fast, with the top between."""
    kept = list(turns)
    i = 0
    while i + 2 < len(kept):
        a, b = kept[i], kept[i + 2]
        if a.bottom and time_s[b.frame] - time_s[a.frame] < MIN_PERIOD_S:
            del kept[i + 1 : i + 3]
            if b.value_deg > a.value_deg:
                kept[i] = b
        else:
            i += 1
    return kept


def _held(time_s: FloatArray, signal: FloatArray, turn: Turn) -> bool:
    """Whether an opening bottom is a set-up that the lifter holds, not a cut."""
    near = np.abs(time_s - time_s[turn.frame]) < 2.0
    held = near & (np.abs(signal - turn.value_deg) < STILL_DEG)
    return bool(turn.bottom and held.sum() * np.median(np.diff(time_s)) >= STILL_S)


def _settled(time_s: FloatArray, signal: FloatArray, deepest: int) -> int:
    """Frame in the middle of the time spent at the bottom."""
    above = np.flatnonzero(~(signal > signal[deepest] - SETTLED_DEG))
    before, after = above[above < deepest], above[above > deepest]
    first = int(before[-1]) + 1 if len(before) else 0
    last = int(after[0]) - 1 if len(after) else len(signal) - 1
    return int(np.argmin(np.abs(time_s - (time_s[first] + time_s[last]) / 2)))


def _leaves(time_s: FloatArray, signal: FloatArray, start: int, stop: int) -> int:
    """Last frame between two turns at which the first is still held."""
    return start + _still_there(time_s[start : stop + 1], signal[start : stop + 1])


def _arrives(time_s: FloatArray, signal: FloatArray, start: int, stop: int) -> int:
    """First frame between two turns at which the second is reached."""
    stretch = slice(start, stop + 1)
    return stop - _still_there(-time_s[stretch][::-1], signal[stretch][::-1])


def _still_there(time_s: FloatArray, stretch: FloatArray) -> int:
    if len(stretch) < 3:
        return 0
    speed = np.abs(np.gradient(stretch, time_s))
    if not np.isfinite(speed).any():
        return 0
    near = np.abs(stretch - stretch[0]) < REST_LEVEL * abs(stretch[-1] - stretch[0])
    rest = near & (speed < REST_SPEED * np.nanmax(speed))
    return int(np.flatnonzero(rest)[-1]) if rest.any() else 0
