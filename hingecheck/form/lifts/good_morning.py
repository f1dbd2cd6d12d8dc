"""The good morning: a hinge with the bar on the back."""

from __future__ import annotations

from hingecheck.form.lifts.config import EVERY_LIFT, LiftConfig
from hingecheck.form.records import Code

__all__ = ["CONFIG"]

CONFIG = LiftConfig(
    # Beginners reach 25-27 degrees of lumbar flexion over some 100 degrees between trunk and
    # thigh (Vigotsky 2015, peerj 708), and 10-12 when held neutral.
    rhythm=0.13,
    rhythm_sd=0.06,
    # Half-way between squat lifts (25.1 +- 8.2) and stoop lifts (35.9 +- 10.1) of a box
    # (von Arx 2021, doi 10.3389/fbioe.2021.769117).
    rounding_deg=30.5,
    findings=(
        *EVERY_LIFT,
        Code.SQUATTED_HINGE,
        Code.DEPTH_VARIES,
        Code.FAST_DESCENT,
    ),
    # Soft knees are 15-30 degrees; pulls from the floor start from 65-85.
    most_knee_deg=40.0,
    # A bar on the back leans lifters forward and keeps knees soft: a real squat stood at 13.
    most_top_deg=15.0,
    least_descent_s=0.6,
)
