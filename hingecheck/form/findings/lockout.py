"""Reps that are not finished: hips and knees still bent at the top."""

from __future__ import annotations

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part
from hingecheck.motion.records import Rep

__all__ = ["measure"]

STEP_DEG = 10.0

SD_DEG = 4.0
"""Of trunk-thigh flexion in upright people, whose landmarks scatter less than in the hinge
(docs/method.md)."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Trunk-thigh flexion at the top of every rep."""

    def read(rep: Rep) -> Reading:
        top = filmed.lockout(rep)
        seen_deg, _ = filmed.mean_at(filmed.angles.trunk_thigh_flexion, top)
        return Reading(seen_deg, SD_DEG, top)

    scale = Scale(filmed.config.most_top_deg, STEP_DEG)
    return judge_reps(filmed, Code.LOCKOUT_SHORT, (Part.LEGS, Part.TRUNK), scale, read)
