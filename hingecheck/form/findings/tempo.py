"""How long the parts of a rep take, and a descent that is dropped instead of lowered."""

from __future__ import annotations

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part, Reason, Tempo, Unit
from hingecheck.motion.records import Rep

__all__ = ["measure", "tempo_of"]

REST_SHARE = 0.05
"""A rep rests at its bottom while it is within this share of its travel from the deepest point."""

SD_S = 0.08
"""Of a rep's length: its ends are found to two pictures at 30 a second."""

STEP_S = 0.3

LEAST_SEEN = 0.8
"""Share of a lowering's frames with an angle from which its length is told."""


def tempo_of(filmed: FilmedSet, rep: Rep) -> Tempo:
    """Seconds of the way down, the rest below and the way up."""
    t, depth = filmed.time_s, filmed.angles.trunk_thigh_flexion.value_deg
    if rep.from_floor:
        return Tempo(_lowering_s(filmed, rep), float("nan"), float(t[rep.top] - t[rep.start]))
    during = np.arange(rep.start, rep.end + 1)
    if not np.isfinite(depth[during]).any():
        return Tempo(np.nan, np.nan, np.nan)
    top, low = np.nanmin(depth[during]), np.nanmax(depth[during])
    with np.errstate(invalid="ignore"):
        resting = during[depth[during] >= low - REST_SHARE * (low - top)]
    first, last = resting[0], resting[-1]
    return Tempo(
        descent_s=float(t[first] - t[rep.start]),
        bottom_s=float(t[last] - t[first]),
        ascent_s=float(t[rep.end] - t[last]),
    )


def _lowering_s(filmed: FilmedSet, rep: Rep) -> float:
    """Seconds from leaving the lockout, however long it was held, to the floor; NaN if not seen."""
    down = np.arange(rep.top, rep.bottom + 1)
    depth = filmed.angles.trunk_thigh_flexion.value_deg[down]
    if np.isfinite(depth).sum() < max(2, LEAST_SEEN * len(down)) or not np.nanstd(depth):
        return float("nan")
    rest = REST_SHARE * (np.nanmax(depth) - np.nanmin(depth))
    with np.errstate(invalid="ignore"):
        standing = np.flatnonzero(depth <= np.nanmin(depth) + rest)
        landed = np.flatnonzero(depth >= np.nanmax(depth) - rest)
    return float(filmed.time_s[down[landed[-1]]] - filmed.time_s[down[standing[-1]]])


def measure(filmed: FilmedSet) -> list[Measure]:
    """Length of every descent, against the shortest that is still controlled in this lift."""

    def read(rep: Rep) -> Reading | Reason:
        descent_s = tempo_of(filmed, rep).descent_s
        return Reading(descent_s, SD_S, rep.top) if np.isfinite(descent_s) else Reason.NO_DESCENT

    scale = Scale(filmed.config.least_descent_s, STEP_S, Unit.S, below=True)
    return judge_reps(filmed, Code.FAST_DESCENT, (Part.TRUNK,), scale, read)
