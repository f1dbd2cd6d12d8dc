"""Reps that are not finished: hips and knees still bent at the top."""

from __future__ import annotations

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part
from hingecheck.motion.records import Rep

__all__ = ["measure"]

LEFT = Scale(limit=8.0, step=10.0)
"""Trunk-thigh flexion left at the top, from the straightest top of the set: simulated lifters who
finish keep up to 4 as landmarks read it, which see some two thirds of what is left."""

TOP_S = 1.0
"""A rep is counted as over when little is left of its way up; how straight it gets shows within
this time."""

SD_DEG = 3.0
"""Of a difference between two upright postures of one lifter (docs/findings_accuracy.md)."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Trunk-thigh flexion at the top of every rep, from the straightest top of the set.

    Tops are all lockouts, and how the lifter stood before the first rep. A straightest beyond what
    the lift's config allows is not believed: then no rep was finished.
    """
    tops = {rep.index: _straightest(filmed, rep) for rep in filmed.reps}
    depth_deg = [filmed.mean_at(filmed.angles.trunk_thigh_flexion, top)[0] for top in tops.values()]
    if filmed.reps and not filmed.reps[0].from_floor:
        before = filmed.reps[0].start
        depth_deg.append(filmed.mean_at(filmed.angles.trunk_thigh_flexion, before)[0])
    own_deg = float(np.nanmin([*depth_deg, filmed.config.most_top_deg]))

    def read(rep: Rep) -> Reading:
        top = tops[rep.index]
        left_deg = filmed.mean_at(filmed.angles.trunk_thigh_flexion, top)[0] - own_deg
        return Reading(left_deg, SD_DEG, top)

    return judge_reps(filmed, Code.LOCKOUT_SHORT, (Part.LEGS, Part.TRUNK), LEFT, read)


def _straightest(filmed: FilmedSet, rep: Rep) -> int:
    """Frame of the straightest posture about the top of a rep, before the next one begins."""
    top = filmed.lockout(rep)
    until_s = filmed.time_s[top] + TOP_S
    begins = [filmed.time_s[other.start] for other in filmed.reps if other.start > top]
    frames = np.flatnonzero(
        (filmed.time_s >= filmed.time_s[top]) & (filmed.time_s <= min([until_s, *begins]))
    )
    depth_deg = filmed.angles.trunk_thigh_flexion.value_deg[frames]
    return int(frames[np.nanargmin(depth_deg)]) if np.isfinite(depth_deg).any() else top
