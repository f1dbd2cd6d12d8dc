"""The movements that can be simulated."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Lift"]


class Lift(StrEnum):
    """The movements that can be simulated."""

    RDL = "rdl"
    STIFF_LEG = "stiff_leg"
    DEADLIFT = "deadlift"
    GOOD_MORNING = "good_morning"
    SQUAT = "squat"
    SWING = "swing"
    HINGE = "hinge"
    TOE_TOUCH = "toe_touch"
