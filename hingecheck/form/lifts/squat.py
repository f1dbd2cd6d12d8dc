"""The squat: bar on the back or in front, goblet, or without a load."""

from __future__ import annotations

from hingecheck.form.lifts.config import EVERY_LIFT, LiftConfig
from hingecheck.form.records import Code

__all__ = ["CONFIG"]

CONFIG = LiftConfig(
    # 13 (women) to 26 (men) degrees of lumbar flexion over some 120 between trunk and thigh
    # (McKean 2010, doi 10.1519/JSC.0b013e3181e2e166).
    rhythm=0.15,
    rhythm_sd=0.06,
    # Half-way between squat lifts (25.1 +- 8.2) and stoop lifts (35.9 +- 10.1) of a box
    # (von Arx 2021, doi 10.3389/fbioe.2021.769117).
    rounding_deg=30.5,
    findings=(*EVERY_LIFT, Code.HINGED_SQUAT, Code.DEPTH_VARIES, Code.FAST_DESCENT),
    # At the bottom of a squat the thigh lies lower than the trunk leans, by 20 degrees and more in
    # simulated clean ones; where it does not the hips did the knees' work.
    most_fold_deg=-10.0,
    # A bar on the back leans lifters forward and keeps knees soft: a real squat stood at 13.
    most_top_deg=15.0,
    least_descent_s=0.5,
)
