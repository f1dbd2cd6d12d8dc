"""The kettlebell swing: a fast hinge with the bell between the legs."""

from __future__ import annotations

from hingecheck.form.lifts.config import EVERY_LIFT, LiftConfig
from hingecheck.form.records import Code

__all__ = ["CONFIG"]

CONFIG = LiftConfig(
    # About 26 degrees of lumbar flexion (McGill and Marshall 2012) over some 120 between trunk
    # and thigh in untrained swings; less when held.
    rhythm=0.15,
    rhythm_sd=0.08,
    # Half-way between squat lifts (25.1 +- 8.2) and stoop lifts (35.9 +- 10.1) of a box
    # (von Arx 2021, doi 10.3389/fbioe.2021.769117).
    rounding_deg=30.5,
    findings=(*EVERY_LIFT, Code.SQUATTED_HINGE),
    # Swings bend the knees by 30-50 degrees; more is a squat that lifts the bell.
    most_knee_deg=65.0,
)
