"""The bar drifting away from mid-foot."""

from __future__ import annotations

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part, Reason, Unit
from hingecheck.motion.records import Rep

__all__ = ["measure"]

FORWARD = Scale(limit=12.0, step=8.0, unit=Unit.CM)
"""Hands ahead of mid-foot that are told: a hanging bar is balanced over mid-foot, and a hand's
breadth more is clear of what a wrist is known to (`motion/bar.py`)."""

STEADY_S = 0.2
"""A wrist jumps for a frame; a bar does not."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """How far ahead of mid-foot the hands get in every rep, as a running mean."""
    step_s = float(np.median(np.diff(filmed.time_s))) if len(filmed.time_s) > 1 else STEADY_S
    width = max(1, round(STEADY_S / step_s))

    def read(rep: Rep) -> Reading | Reason:
        first, last = min(rep.start, rep.top), max(rep.bottom, rep.end)
        forward = filmed.bar.forward_cm[first : last + 1]
        known = np.flatnonzero(np.isfinite(forward))
        if len(known) < width:
            return Reason.LIMB_HIDDEN
        filled = np.interp(np.arange(len(forward)), known, forward[known])
        steady = np.convolve(filled, np.ones(width) / width, mode="valid")
        furthest = int(np.argmax(steady))
        frame = first + furthest + (width - 1) // 2
        sd_cm = filmed.bar.sd_cm[first + known[np.argmin(np.abs(first + known - frame))]]
        return Reading(float(steady[furthest]), float(sd_cm), frame)

    return judge_reps(filmed, Code.BAR_DRIFT, (Part.HANDS, Part.LEGS), FORWARD, read)
