"""What is usual in a lift, and what is asked of it: the type that every lift's file fills in."""

from __future__ import annotations

from dataclasses import dataclass

from hingecheck.form.records import Code, Zero

__all__ = ["EVERY_LIFT", "LiftConfig"]


@dataclass(frozen=True, slots=True)
class LiftConfig:
    """One lift's limits, each with its source in the lift's file.

    Attributes:
        rhythm: Lumbar flexion per degree of trunk-thigh flexion in a neutral descent.
        rhythm_sd: How much lifters differ in it.
        rounding_deg: Lumbar flexion from own standing, at depth, beyond which a back is called
            rounded.
        findings: What is asked of every rep and set.
        baseline: From where the lifter's own rhythm is continued.
        most_knee_deg: Knee flexion at the bottom beyond which a hinge has become a squat.
        most_fold_deg: Trunk inclination less thigh inclination at the bottom, beyond which a squat
            or a pull has become a stiff-legged hinge.
        most_top_deg: Trunk-thigh flexion with which a finished rep may stand, as landmarks read it:
            simulated and real people stand between -13 and 9.
        least_descent_s: A descent shorter than this is dropped, not lowered.
    """

    rhythm: float
    rhythm_sd: float
    rounding_deg: float
    findings: tuple[Code, ...]
    baseline: Zero = Zero.TOP
    most_knee_deg: float = float("inf")
    most_fold_deg: float = float("inf")
    most_top_deg: float = 3.0
    least_descent_s: float = 0.0


EVERY_LIFT = (
    Code.BUTT_WINK,
    Code.ROUNDING,
    Code.THORACIC_ROUNDING,
    Code.OVER_EXTENSION,
    Code.OVER_EXTENSION_LOCKOUT,
    Code.NECK_EXTENSION,
    Code.LOCKOUT_SHORT,
    Code.FATIGUE_TUCK,
    Code.FATIGUE_LUMBAR,
    Code.FATIGUE_DEPTH,
)
"""What any hinge can show."""
