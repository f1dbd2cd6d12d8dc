"""The hinge without a load, and the toe-touch."""

from __future__ import annotations

from hingecheck.form.lifts.config import EVERY_LIFT, LiftConfig
from hingecheck.form.records import Code

__all__ = ["CONFIG"]

CONFIG = LiftConfig(
    # As the good morning's; a little more and more varied, since a full forward bend takes 42
    # degrees of lumbar flexion to 69 of the hips (Esola 1996, Spine 21(1)).
    rhythm=0.15,
    rhythm_sd=0.08,
    # Half-way between squat lifts (25.1 +- 8.2) and stoop lifts (35.9 +- 10.1) of a box
    # (von Arx 2021, doi 10.3389/fbioe.2021.769117).
    rounding_deg=30.5,
    findings=(*EVERY_LIFT, Code.SQUATTED_HINGE, Code.DEPTH_VARIES, Code.FAST_DESCENT),
    # Soft knees are 15-30 degrees.
    most_knee_deg=40.0,
    least_descent_s=0.6,
)
