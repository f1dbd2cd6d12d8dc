"""What drifts over a set: tuck, lumbar flexion and depth, rep by rep."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.stats import t as student

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge, not_graded
from hingecheck.form.records import Code, Measure, Part, Reason
from hingecheck.motion.records import Rep
from hingecheck.spine.records import Estimate

__all__ = ["drift", "measure_depth", "measure_lumbar", "measure_tuck"]

LEAST_REPS = 4
"""Two points always lie on a line, three nearly; from four on the scatter about it is known."""

DRIFT = Scale(limit=THRESHOLD_DEG, step=7.0)
"""Change from the first to the last rep that is told: the bands of the spine (`form/bands.py`)."""

LEAST_SD_DEG = 1.5
"""Scatter of one rep's angle about its neighbours' that is always assumed: a few lucky reps on a
line do not make it certain."""


def drift(values: Mapping[int, float]) -> tuple[float, float]:
    """Change from the first to the last known rep along the least-squares line, with its error.

    The scatter about the line gives the error, with Student's factor for few reps in place of a
    normal distribution's.

    Args:
        values: Degrees by rep index; at least `LEAST_REPS` of them known, the others NaN.
    """
    index = np.array([rep for rep, value in values.items() if np.isfinite(value)], dtype=float)
    value = np.array([value for value in values.values() if np.isfinite(value)])
    centred = index - index.mean()
    spread = float(np.sum(centred**2))
    slope = float(np.sum(centred * value)) / spread
    free = len(value) - 2
    residual = value - value.mean() - slope * centred
    scatter = max(float(np.sqrt(np.sum(residual**2) / free)), LEAST_SD_DEG)
    factor = float(student.ppf(0.975, free)) / 1.96
    reps = float(np.ptp(index))
    return reps * slope, reps * factor * scatter / np.sqrt(spread)


def measure_tuck(filmed: FilmedSet) -> list[Measure]:
    """How the tuck grows over the set."""
    tucks = {rep.index: filmed.winks[rep.index].tuck_deg for rep in filmed.reps}
    return [_judged(filmed, Code.FATIGUE_TUCK, tucks)]


def measure_lumbar(filmed: FilmedSet) -> list[Measure]:
    """How lumbar flexion at the bottom grows over the set."""
    lumbar = filmed.angles.lumbar_flexion
    values = {rep.index: _at_bottom(filmed, rep, Part.BACK, lumbar) for rep in filmed.reps}
    return [_judged(filmed, Code.FATIGUE_LUMBAR, values)]


def measure_depth(filmed: FilmedSet) -> list[Measure]:
    """How much depth is lost over the set."""
    depth = filmed.angles.trunk_thigh_flexion
    values = {rep.index: -_at_bottom(filmed, rep, Part.TRUNK, depth) for rep in filmed.reps}
    return [_judged(filmed, Code.FATIGUE_DEPTH, values)]


def _at_bottom(filmed: FilmedSet, rep: Rep, part: Part, angle: Estimate) -> float:
    if (rep.index, part) in filmed.refused:
        return float("nan")
    return filmed.mean_at(angle, filmed.lowest(rep))[0]


def _judged(filmed: FilmedSet, code: Code, values: Mapping[int, float]) -> Measure:
    reps = filmed.reps
    time_s = float(filmed.time_s[filmed.lowest(reps[-1])]) if reps else float("nan")
    if np.isfinite(list(values.values())).sum() < LEAST_REPS:
        return not_graded(code, None, Reason.TOO_FEW_REPS, DRIFT, time_s)
    change, sd = drift(values)
    return judge(code, None, Reading(change, sd, filmed.lowest(reps[-1])), DRIFT, time_s)
