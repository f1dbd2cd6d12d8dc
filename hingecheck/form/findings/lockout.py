"""Reps that are not finished: hips and knees still bent at the top."""

from __future__ import annotations

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part
from hingecheck.motion.records import Rep

__all__ = ["measure"]

LEFT = Scale(limit=15.0, step=10.0)
"""Trunk-thigh flexion left at the top. A bar on the back leans lifters by 3-8 degrees, knees
stay soft by some 5, and landmarks add 4."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Trunk-thigh flexion at the top of every rep."""

    def read(rep: Rep) -> Reading:
        top = filmed.lockout(rep)
        return Reading(*filmed.mean_at(filmed.angles.trunk_thigh_flexion, top), top)

    return judge_reps(filmed, Code.LOCKOUT_SHORT, (Part.LEGS, Part.TRUNK), LEFT, read)
