"""The deadlift from the floor, conventional and sumo: from the set-up to lockout and back."""

from __future__ import annotations

from hingecheck.form.lifts.config import EVERY_LIFT, LiftConfig
from hingecheck.form.records import Code, Zero

__all__ = ["CONFIG"]

CONFIG = LiftConfig(
    # 22 degrees from lockout to the start over some 130 between trunk and thigh (Bengtsson 2022,
    # doi 10.26603/001c.37859).
    rhythm=0.16,
    rhythm_sd=0.06,
    # Good deadlifts start from 20 degrees of flexion at L2-S2 and up to 33 over T11-S2 (Bengtsson
    # 2022): only what exceeds nearly all of them is called rounded.
    rounding_deg=32.0,
    findings=(*EVERY_LIFT, Code.HINGED_SQUAT, Code.HIPS_FIRST, Code.BAR_DRIFT),
    baseline=Zero.SET_UP,
    # Pulls start from 65-85 degrees of knee flexion, the trunk leaning 30 further than the thigh.
    most_fold_deg=40.0,
)
