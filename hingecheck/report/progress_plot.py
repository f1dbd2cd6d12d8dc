"""The clean hinge depth over time as a drawing: where its dots, whiskers and labels go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from hingecheck.form.judge import interval_of
from hingecheck.form.screen import LIMITED_HIP_DEG
from hingecheck.report.screen_words import day, depth_text
from hingecheck.store.history import Entry

__all__ = ["Dot", "ProgressPlot", "plot_progress"]

WIDTH, HEIGHT = 360.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 38.0, 14.0, 12.0, 26.0

LEAST_SPAN_DAYS = 14.0
"""Shorter histories are drawn as wide: two dots of one day are no trend."""

STEP_DEG = 20
LABELS = 3
"""More dates than this do not fit on a phone."""

APART = 7.0
"""Clips of one day stand beside each other."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One screened clip, in the drawing's units.

    Attributes:
        x: Across.
        y: Down, of the value.
        low_y: Down, of the interval's lower end.
        high_y: Down, of its upper end; without a tuck there is none, and the value stands for it.
        reached: Whether a tuck began there.
        unclear: Whether that is too close to call.
        label: The value in words.
    """

    x: float
    y: float
    low_y: float
    high_y: float
    reached: bool
    unclear: bool
    label: str


@dataclass(frozen=True, slots=True)
class ProgressPlot:
    """The whole drawing.

    Attributes:
        width: Of its view box.
        height: Of its view box.
        left: Where the plot begins.
        right: Where it ends.
        limit_y: Down, of the depth below which a hinge is called limited.
        dots: The clips, by date.
        levels: Horizontal lines: where and what they mean, degrees.
        dates: Labels below: where, and the date.
    """

    width: float
    height: float
    left: float
    right: float
    limit_y: float
    dots: tuple[Dot, ...]
    levels: tuple[tuple[float, int], ...]
    dates: tuple[tuple[float, str], ...]


def plot_progress(history: Sequence[Entry]) -> ProgressPlot | None:
    """Lay out a history; None when it is empty."""
    if not history:
        return None
    intervals = [interval_of(entry.hip_flexion_deg, entry.sd_deg) for entry in history]
    low = min(LIMITED_HIP_DEG - 1, *(low for low, _ in intervals))
    high = max(LIMITED_HIP_DEG + 1, *(high for _, high in intervals))
    first_level, last_level = int(low // STEP_DEG), int(-(-high // STEP_DEG))
    base, top = first_level * STEP_DEG, last_level * STEP_DEG
    days = [float((entry.date - history[0].date).days) for entry in history]
    span = max(days[-1], LEAST_SPAN_DAYS)
    room = WIDTH - LEFT - RIGHT - 4 * APART

    def across(at_day: float) -> float:
        return LEFT + 2 * APART + room * at_day / span

    def down(value_deg: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (top - value_deg) / (top - base)

    dots = []
    for index, (entry, (least, most)) in enumerate(zip(history, intervals, strict=True)):
        same_day = sum(1 for other in days[:index] if other == days[index])
        y = down(entry.hip_flexion_deg)
        dots.append(
            Dot(
                x=across(days[index]) + same_day * APART,
                y=y,
                low_y=down(least),
                high_y=down(most) if entry.reached or entry.tuck_unclear else y,
                reached=entry.reached,
                unclear=entry.tuck_unclear,
                label=f"{day(entry.date)}: {depth_text(entry)}",
            )
        )
    levels = tuple(
        (down(level * STEP_DEG), level * STEP_DEG) for level in range(first_level, last_level + 1)
    )
    return ProgressPlot(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        limit_y=down(LIMITED_HIP_DEG),
        dots=tuple(dots),
        levels=levels,
        dates=tuple((across(at), day(date)) for at, date in _labelled(history, days, span)),
    )


def _labelled(
    history: Sequence[Entry], days: Sequence[float], span: float
) -> list[tuple[float, dt.date]]:
    """Dates that stand far enough apart to be read, the last one always among them."""
    chosen: list[tuple[float, dt.date]] = []
    for at, entry in reversed(list(zip(days, history, strict=True))):
        if all(abs(at - other) >= span / LABELS for other, _ in chosen):
            chosen.append((at, entry.date))
    return chosen[::-1]
