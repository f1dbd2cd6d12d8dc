"""Reps that are not finished: hips and knees still bent at the top."""

from __future__ import annotations

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part
from hingecheck.motion.records import Rep

__all__ = ["measure"]

LEFT = Scale(limit=8.0, step=10.0)
"""Trunk-thigh flexion left at the top, from the lifter's own straightest. Simulated
lifters who finish read up to 4; landmarks see some two thirds of what is left."""

STRAIGHTEST = 5.0
"""Percentile of the clip's trunk-thigh flexion that counts as the lifter's straightest."""

MOST_STRAIGHTEST_DEG = 3.0
"""Landmarks read standing people between -13 and 9 degrees. A clip that never gets straighter than
this may show no standing at all, so that a straightest beyond it is not believed."""

SD_DEG = 3.0
"""Of a difference between two upright postures of one lifter (docs/findings_accuracy.md)."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Trunk-thigh flexion at the top of every rep, from the straightest that the clip shows."""
    depth_deg = filmed.angles.trunk_thigh_flexion.value_deg
    known = depth_deg[np.isfinite(depth_deg)]
    straightest_deg = (
        min(float(np.percentile(known, STRAIGHTEST)), MOST_STRAIGHTEST_DEG)
        if len(known)
        else np.nan
    )

    def read(rep: Rep) -> Reading:
        top = filmed.lockout(rep)
        left_deg = filmed.mean_at(filmed.angles.trunk_thigh_flexion, top)[0] - straightest_deg
        return Reading(left_deg, SD_DEG, top)

    return judge_reps(filmed, Code.LOCKOUT_SHORT, (Part.LEGS, Part.TRUNK), LEFT, read)
