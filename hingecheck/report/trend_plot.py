"""Tuck, lumbar flexion and depth rep by rep, as small drawings: dots, whiskers and labels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.judge import interval_of
from hingecheck.form.records import Analysis, Code, RepCheck, Verdict
from hingecheck.report.schema import Result
from hingecheck.report.words import Status, number, status_of, with_interval
from hingecheck.spine.records import Estimate

__all__ = ["Dot", "TrendPlot", "depth_deg", "plot_trends"]

WIDTH, HEIGHT = 300.0, 150.0
LEFT, RIGHT, TOP, BOTTOM = 36.0, 10.0, 10.0, 22.0

LEAST_REPS = 2
"""One dot shows nothing that its number does not."""

STEPS_DEG = (10, 20, 30, 60, 90)
MOST_LEVELS = 5
MOST_LABELS = 10
"""More rep numbers than this do not fit on a phone."""

AROUND_S = 0.1
"""Values are means over this long before and after, as `peak` in result.json."""

Value = tuple[float | None, tuple[float | None, float | None]]
"""A value with its 95 % interval."""

UNKNOWN: Value = (None, (None, None))


@dataclass(frozen=True, slots=True)
class Dot:
    """One rep, in the drawing's units.

    Attributes:
        x: Across.
        y: Down, of the value.
        low_y: Down, of the interval's lower end.
        high_y: Down, of its upper end.
        status: How the rep ended; `Status.HELD` has the plain colour.
        label: The value in words.
    """

    x: float
    y: float
    low_y: float
    high_y: float
    status: Status
    label: str


@dataclass(frozen=True, slots=True)
class TrendPlot:
    """One quantity over the set.

    Attributes:
        name: What is drawn.
        meaning: What it counts.
        width: Of its view box.
        height: Of its view box.
        left: Where the plot begins.
        right: Where it ends.
        limit_y: Down, from where a value counts; None without such a line.
        dots: The reps that have a value, in order.
        levels: Horizontal lines: where and what they mean, degrees.
        reps: Labels below: where, and the rep's number.
    """

    name: str
    meaning: str
    width: float
    height: float
    left: float
    right: float
    limit_y: float | None
    dots: tuple[Dot, ...]
    levels: tuple[tuple[float, int], ...]
    reps: tuple[tuple[float, int], ...]


def plot_trends(analysis: Analysis, result: Result) -> list[TrendPlot]:
    """Small drawings of what at least two reps have a value for."""
    if len(result.reps) < LEAST_REPS:
        return []
    statuses = [status_of(rep) for rep in result.reps]
    depth = [_depth(analysis, check) for check in analysis.reps]
    lumbar = [
        _at_lowest(analysis, check, analysis.angles.lumbar_flexion) if check.gradeable else UNKNOWN
        for check in analysis.reps
    ]
    tuck: list[Value] = [(rep.butt_wink.tuck_deg, rep.butt_wink.ci95_deg) for rep in result.reps]
    late = f"late bend of the lower back, counts from {number(THRESHOLD_DEG)}°"
    drawn: list[tuple[str, str, list[Value], float | None]] = [
        ("Tuck", late, tuck, THRESHOLD_DEG),
        ("Lumbar flexion", "bend of the lower back at the bottom, tuck included", lumbar, None),
        ("Depth", "bend between trunk and thighs at the bottom", depth, None),
    ]
    indices = [rep.index for rep in result.reps]
    plots = (_plot(indices, statuses, *one) for one in drawn)
    return [plot for plot in plots if len(plot.dots) >= LEAST_REPS]


def depth_deg(analysis: Analysis) -> dict[int, float | None]:
    """How far trunk and thighs have closed at the bottom of every rep, by its index.

    None where the limbs could not be judged.
    """
    return {check.rep.index: _depth(analysis, check)[0] for check in analysis.reps}


def _depth(analysis: Analysis, check: RepCheck) -> Value:
    limbs = next((one for one in check.measures if one.code is Code.LOCKOUT_SHORT), None)
    if limbs is not None and limbs.verdict is Verdict.NOT_GRADEABLE:
        return UNKNOWN
    return _at_lowest(analysis, check, analysis.angles.trunk_thigh_flexion)


def _at_lowest(analysis: Analysis, check: RepCheck, estimate: Estimate) -> Value:
    """Mean about the rep's lowest frame; of a pull from the floor, its set-up."""
    time_s = analysis.track.time_s
    around = np.abs(time_s - time_s[check.worst]) <= AROUND_S
    seen = around & np.isfinite(estimate.value_deg) & np.isfinite(estimate.sd_deg)
    if not seen.any():
        return UNKNOWN
    value_deg = float(estimate.value_deg[seen].mean())
    return value_deg, interval_of(value_deg, float(estimate.sd_deg[seen].mean()))


def _plot(
    indices: Sequence[int],
    statuses: Sequence[Status],
    name: str,
    meaning: str,
    values: Sequence[Value],
    limit_deg: float | None,
) -> TrendPlot:
    known = [
        (k, value, low, high)
        for k, (value, (low, high)) in enumerate(values)
        if value is not None and low is not None and high is not None
    ]
    ends = [0.0, limit_deg or 0.0, *(end for _, _, low, high in known for end in (low, high))]
    step = next((s for s in STEPS_DEG if max(ends) - min(ends) <= MOST_LEVELS * s), STEPS_DEG[-1])
    base, top = math.floor(min(ends) / step), max(math.ceil(max(ends) / step), 1)
    room = (WIDTH - LEFT - RIGHT) / len(indices)

    def across(k: int) -> float:
        return LEFT + room * (k + 0.5)

    def down(value_deg: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (top - value_deg / step) / (top - base)

    every = -(-len(indices) // MOST_LABELS)
    return TrendPlot(
        name=name,
        meaning=meaning,
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        limit_y=None if limit_deg is None else down(limit_deg),
        dots=tuple(
            Dot(
                x=across(k),
                y=down(value),
                low_y=down(low),
                high_y=down(high),
                status=statuses[k],
                label=f"Rep {indices[k]}: {with_interval(value, (low, high), limit=limit_deg)}",
            )
            for k, value, low, high in known
        ),
        levels=tuple((down(level * step), level * step) for level in range(base, top + 1)),
        reps=tuple((across(k), indices[k]) for k in range(0, len(indices), every)),
    )
