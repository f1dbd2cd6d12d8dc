"""Hips shooting up: the knees straighten before the bar leaves the floor."""

from __future__ import annotations

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part, Reason
from hingecheck.motion.records import Rep

__all__ = ["measure"]

HAND_CM = 8.0
"""How far the hands rise until the bar is on its way: more than bending bars give, and twice the
error of a wrist (`motion/bar.py`)."""

GAINED = Scale(limit=8.0, step=8.0)
"""Trunk lean gained meanwhile. Where legs and hips start together the back keeps its lean until
the bar nears the knee; simulated clean pulls gain less than 4 degrees (docs/method.md)."""

SD_DEG = 2.5
"""Of a change of trunk inclination within a second: the landmark's constant error cancels
(docs/method.md)."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Trunk inclination gained from the set-up until the hands have risen by a hand's breadth."""
    trunk_deg = filmed.angles.trunk_inclination.value_deg

    def read(rep: Rep) -> Reading | Reason:
        if not rep.from_floor:
            return Reason.NO_SET_UP
        pull = np.arange(rep.start, rep.top + 1)
        height_cm = filmed.bar.height_cm[pull]
        if not np.isfinite(height_cm).any() or not np.isfinite(trunk_deg[pull]).any():
            return Reason.LIMB_HIDDEN
        with np.errstate(invalid="ignore"):
            risen = np.flatnonzero(height_cm > np.nanmin(height_cm) + HAND_CM)
        off = int(risen[0]) if len(risen) else len(pull) - 1
        gained = np.nanmax(trunk_deg[pull[: off + 1]]) - trunk_deg[rep.start]
        return Reading(float(gained), SD_DEG, int(pull[off]))

    return judge_reps(filmed, Code.HIPS_FIRST, (Part.TRUNK, Part.HANDS), GAINED, read)
