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

NEEDED = (Part.LEGS, Part.TRUNK)

TOP_S = 1.0
"""A rep counts as over when little is left of its way up; how straight it gets shows within this
time, and a step back to the rack hardly begins."""

SD_DEG = 3.0
"""Of a difference between two upright postures of one lifter (docs/findings_accuracy.md)."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Trunk-thigh flexion at the top of every rep, from the straightest top of the set.

    Tops are all lockouts, and how the lifter stood before the first rep. A straightest beyond what
    the lift's config allows is not believed: then no rep was finished.
    """
    depth_deg = filmed.angles.trunk_thigh_flexion.value_deg
    seen = [
        rep
        for rep in filmed.reps
        if not any((rep.index, part) in filmed.refused for part in NEEDED)
    ]
    tops = {rep.index: _top_deg(filmed, rep) for rep in seen}
    candidates = [*tops.values(), filmed.config.most_top_deg]
    if seen and not seen[0].from_floor:
        candidates.append(float(depth_deg[seen[0].start]))
    straightest_deg = float(np.nanmin(candidates))

    def read(rep: Rep) -> Reading:
        return Reading(tops[rep.index] - straightest_deg, SD_DEG, filmed.lockout(rep))

    return judge_reps(filmed, Code.LOCKOUT_SHORT, NEEDED, LEFT, read)


def _top_deg(filmed: FilmedSet, rep: Rep) -> float:
    """Trunk-thigh flexion of a pull's lockout, or median from the end of a rep to the next one."""
    if rep.from_floor:
        return filmed.mean_at(filmed.angles.trunk_thigh_flexion, rep.top)[0]
    top_s = filmed.time_s[filmed.lockout(rep)]
    begins = [filmed.time_s[other.start] for other in filmed.reps if other.index > rep.index]
    until_s = max(top_s, min([top_s + TOP_S, *begins]))
    after = (filmed.time_s >= top_s) & (filmed.time_s <= until_s)
    depth_deg = filmed.angles.trunk_thigh_flexion.value_deg[after]
    known = depth_deg[np.isfinite(depth_deg)]
    return float(np.median(known)) if len(known) else float("nan")
