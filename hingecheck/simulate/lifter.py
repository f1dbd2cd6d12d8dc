"""A lifter: a body with its own way of standing, and its own stance and grip."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hingecheck.simulate.body import Body

__all__ = ["Grip", "Lifter", "Standing"]


class Grip(StrEnum):
    """Where the bar is held."""

    HANGING = "hanging"
    RACKED = "racked"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lifter stands when relaxed, against the mesh at rest; truth is counted from here.

    Attributes:
        pelvic_tilt_deg: Anterior positive.
        lumbar_flexion_deg: Flexed positive; negative is a deeper lordosis.
        thoracic_flexion_deg: Flexed positive: a rounder upper back.
        knee_flexion_deg: Softness of the knees.
        neck_extension_deg: Head back positive.
    """

    pelvic_tilt_deg: float = 0.0
    lumbar_flexion_deg: float = 0.0
    thoracic_flexion_deg: float = 0.0
    knee_flexion_deg: float = 4.0
    neck_extension_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Lifter:
    """A body with its own way of standing and gripping.

    Attributes:
        body: The mesh.
        standing: Relaxed posture.
        stance_half_width_m: Ankle's distance from the midline.
        toe_out_deg: Feet turned outward.
        grip: Bar in hanging arms or on the upper back.
        grip_half_width_m: Wrist's distance from the midline.
        bar_mass_ratio: Barbell mass over body mass; it shifts the balance.
    """

    body: Body
    standing: Standing = field(default_factory=Standing)
    stance_half_width_m: float = 0.13
    toe_out_deg: float = 8.0
    grip: Grip = Grip.HANGING
    grip_half_width_m: float = 0.24
    bar_mass_ratio: float = 0.6
