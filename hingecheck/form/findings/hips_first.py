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

SET_UP_S = 1.5
"""How long before the trunk-thigh angle opens the knees may have begun to straighten."""

LEAST_FRAMES = 4

NEEDED = (Part.TRUNK, Part.HANDS, Part.LEGS)

GAINED = Scale(limit=8.0, step=8.0)
"""Trunk lean gained meanwhile. Where legs and hips start together the back keeps its lean until
the bar nears the knee; simulated clean pulls gain less than 4 degrees (docs/method.md)."""

SD_DEG = 2.5
"""Of a change of trunk inclination within a second: the landmark's constant error cancels
(docs/method.md)."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """Trunk inclination gained from the set-up until the hands have risen by a hand's breadth.

    The set-up is the moment of the most bent knees at the floor: when they straighten first, hips
    and trunk trade places without the trunk-thigh angle that reps are found by.
    """
    trunk_deg = filmed.angles.trunk_inclination.value_deg
    thigh_deg = filmed.angles.thigh_inclination.value_deg

    def read(rep: Rep) -> Reading | Reason:
        if not rep.from_floor:
            return Reason.NO_SET_UP
        begin_s = filmed.time_s[rep.start] - SET_UP_S
        pull = np.flatnonzero(filmed.time_s[: rep.top + 1] >= begin_s)
        height_cm = filmed.bar.height_cm[pull]
        known = np.isfinite(trunk_deg[pull] + thigh_deg[pull] + height_cm)
        pull, height_cm = pull[known], height_cm[known]
        if len(pull) < LEAST_FRAMES:
            return Reason.LIMB_HIDDEN
        low = int(np.argmin(height_cm))
        risen = np.flatnonzero(height_cm[low:] > height_cm[low] + HAND_CM)
        if not len(risen):
            return Reason.LIMB_HIDDEN
        off = low + int(risen[0])
        at_floor = pull[: off + 1][height_cm[: off + 1] < height_cm[low] + HAND_CM]
        set_up = int(at_floor[np.argmax(thigh_deg[at_floor])])
        gained = trunk_deg[at_floor[at_floor >= set_up]].max() - trunk_deg[set_up]
        return Reading(float(gained), SD_DEG, int(pull[off]))

    return judge_reps(filmed, Code.HIPS_FIRST, NEEDED, GAINED, read)
