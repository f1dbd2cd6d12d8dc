"""What is usual in each lift, one typed file per lift."""

from __future__ import annotations

from hingecheck.form.lifts import deadlift, good_morning, hinge, rdl, squat, swing
from hingecheck.form.lifts.config import LiftConfig
from hingecheck.motion.records import Lift

__all__ = ["LIFTS", "LiftConfig"]

LIFTS: dict[Lift, LiftConfig] = {
    Lift.DEADLIFT: deadlift.CONFIG,
    Lift.RDL: rdl.CONFIG,
    Lift.GOOD_MORNING: good_morning.CONFIG,
    Lift.SQUAT: squat.CONFIG,
    Lift.SWING: swing.CONFIG,
    Lift.HINGE: hinge.CONFIG,
}
"""By lift."""
