"""A back more extended than in standing: in the hinge, and at lockout."""

from __future__ import annotations

import numpy as np

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part, Reason
from hingecheck.motion.records import Rep

__all__ = ["measure", "measure_lockout"]

EXTENSION = Scale(limit=THRESHOLD_DEG, step=7.0)
"""Lumbar extension from own standing that is told: a neutral hinge flexes the lumbar spine by some
10 degrees, so that one more extended than standing is far from it; the margin is the one below
which nothing is claimed, the steps are those of the spine's bands (`form/bands.py`)."""

UPRIGHT_SD = 0.6
"""Standard deviation at lockout, as a share of a single frame's: backs are estimated best when
upright (95 % of 81 simulated development reps lay within 1.05 of a frame's)."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Median lumbar extension from own standing over the deep part of every rep."""

    def read(rep: Rep) -> Reading | Reason:
        flexion, sd = filmed.deep_median(rep, filmed.angles.lumbar_flexion)
        if not np.isfinite(flexion):
            return Reason.BACK_HIDDEN
        return Reading(-flexion, sd, filmed.lowest(rep))

    return judge_reps(filmed, Code.OVER_EXTENSION, (Part.BACK,), EXTENSION, read)


def measure_lockout(filmed: FilmedSet) -> list[Measure]:
    """Lumbar extension at lockout, against relaxed standing where the clip shows that.

    Both are upright postures of one body, so that the part of the model's error that all frames
    share cancels; without standing to compare with, all of it counts.
    """
    lumbar = filmed.angles.lumbar_flexion
    shared = np.broadcast_to(filmed.shared_sd_deg, lumbar.sd_deg.shape)
    standing = filmed.standing & np.isfinite(lumbar.value_deg)
    zero = float(np.median(lumbar.value_deg[standing])) if standing.any() else 0.0

    def read(rep: Rep) -> Reading | Reason:
        top = filmed.lockout(rep)
        flexion, sd = filmed.mean_at(lumbar, top)
        if not np.isfinite(flexion):
            return Reason.BACK_HIDDEN
        if standing.any():
            sd = float(np.sqrt(max(sd**2 - float(np.nan_to_num(shared[top])) ** 2, 0.0)))
        return Reading(zero - flexion, UPRIGHT_SD * sd, top)

    return judge_reps(filmed, Code.OVER_EXTENSION_LOCKOUT, (Part.BACK,), EXTENSION, read)
