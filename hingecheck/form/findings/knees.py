"""A hinge that turns into a squat, and a squat or a pull that turns into a hinge."""

from __future__ import annotations

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps
from hingecheck.form.records import Code, Measure, Part
from hingecheck.motion.records import Rep

__all__ = ["measure_hinged_squat", "measure_squatted_hinge"]

STEP_DEG = 15.0
"""Between slight, clear and large: two standard deviations of a knee angle in a true side view
(Cosoli 2026, handle 11389/91575: 6.4 degrees in squats)."""

FOLD_SD_DEG = 12.0
"""Of trunk less thigh inclination: a hip landmark that is off tilts both, in opposite directions
(simulated lifters, docs/method.md)."""


def measure_squatted_hinge(filmed: FilmedSet) -> list[Measure]:
    """Knee flexion at the bottom of a hinge, against the most that is usual in the lift."""

    def read(rep: Rep) -> Reading:
        bottom = filmed.lowest(rep)
        return Reading(*filmed.mean_at(filmed.angles.knee_flexion, bottom), bottom)

    scale = Scale(filmed.config.most_knee_deg, STEP_DEG)
    return judge_reps(filmed, Code.SQUATTED_HINGE, (Part.LEGS,), scale, read)


def measure_hinged_squat(filmed: FilmedSet) -> list[Measure]:
    """How much further the trunk leans than the thigh at the bottom, against the lift's most.

    A deep squat folds knees and hips, so that the thigh lies lower than the trunk; the stiffer
    the legs, the more of the depth has to come from the trunk.
    """
    trunk, thigh = filmed.angles.trunk_inclination, filmed.angles.thigh_inclination

    def read(rep: Rep) -> Reading:
        bottom = filmed.lowest(rep)
        trunk_deg, thigh_deg = (filmed.mean_at(angle, bottom)[0] for angle in (trunk, thigh))
        return Reading(trunk_deg - thigh_deg, FOLD_SD_DEG, bottom)

    scale = Scale(filmed.config.most_fold_deg, STEP_DEG)
    return judge_reps(filmed, Code.HINGED_SQUAT, (Part.LEGS, Part.TRUNK), scale, read)
