"""The chin lifted in the hinge: a craned neck."""

from __future__ import annotations

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part
from hingecheck.motion.records import Rep

__all__ = ["measure"]

EXTENSION = Scale(limit=30.0, step=15.0)
"""Extension of the head on the trunk, from own standing. No table is published for lifts; with the
eyes on the floor a few metres ahead a trunk lean of 65 takes 10 to 20 degrees of the neck."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Median neck extension over the deep part of every rep, from own standing."""

    def read(rep: Rep) -> Reading:
        value, sd = filmed.deep_median(rep, filmed.angles.neck_extension, sd_share=1.0)
        return Reading(value, sd, filmed.lowest(rep))

    return judge_reps(filmed, Code.NECK_EXTENSION, (Part.HEAD,), EXTENSION, read)
