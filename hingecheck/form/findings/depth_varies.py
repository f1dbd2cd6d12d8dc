"""A rep that is shallower than the others of its set."""

from __future__ import annotations

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part, Reason
from hingecheck.motion.records import Rep

__all__ = ["measure"]

LACKING = Scale(limit=8.0, step=8.0)
"""Trunk-thigh flexion that a rep lacks: reps of one steady set scatter by some 3 degrees."""

SD_DEG = 2.5
"""Of a difference between two reps of one lifter in one clip: what landmarks get wrong is the same
in both (docs/method.md)."""


NEEDED = (Part.LEGS, Part.TRUNK)

LEAST_OTHERS = 2
"""Of two reps nobody can say which is the odd one."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Depth of every rep against the median of the others; below three none is the odd one."""
    depth = {
        rep.index: filmed.mean_at(filmed.angles.trunk_thigh_flexion, filmed.lowest(rep))[0]
        for rep in filmed.reps
        if not any((rep.index, part) in filmed.refused for part in NEEDED)
    }

    def read(rep: Rep) -> Reading | Reason:
        others = [value for index, value in depth.items() if index != rep.index]
        if np.isfinite(others).sum() < LEAST_OTHERS:
            return Reason.TOO_FEW_REPS
        lacking = float(np.nanmedian(others)) - depth[rep.index]
        return Reading(lacking, SD_DEG, filmed.lowest(rep))

    return judge_reps(filmed, Code.DEPTH_VARIES, NEEDED, LACKING, read)
