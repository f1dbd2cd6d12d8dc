"""A lifter: a body with its own way of standing, its own stance and grip, and what it holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from hingecheck.simulate.body import Body

__all__ = ["Equipment", "Grip", "Lifter", "Standing"]

_SUMO_TOE_OUT_DEG = 30.0


class Grip(StrEnum):
    """Where the hands are."""

    HANGING = "hanging"
    """Straight arms with one load in front of the legs."""
    BESIDE = "beside"
    """Straight arms at the sides, with a load each or empty."""
    SWINGING = "swinging"
    """Straight arms with both hands on one load that swings between the legs."""
    RACKED = "racked"
    """On a bar across the upper back."""
    CHEST = "chest"
    """Bent arms with one load in front of the chest."""
    HIPS = "hips"
    """Empty, on the hips."""
    CROSSED = "crossed"
    """Empty, arms crossed on the chest."""


class Equipment(StrEnum):
    """What is lifted."""

    BARBELL = "barbell"
    DUMBBELLS = "dumbbells"
    KETTLEBELL = "kettlebell"
    GOBLET = "goblet"
    NONE = "none"


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
        equipment: What is lifted.
        grip: Where the hands are.
        grip_half_width_m: Palm's distance from the midline.
        shelf: Height of a racked bar, 0 at the shoulder joints and 1 at the neck; below about
            0.1 the bar lies low on the shoulder blades.
        bar_mass_ratio: Load over body mass; it shifts the balance.
    """

    body: Body
    standing: Standing = field(default_factory=Standing)
    stance_half_width_m: float = 0.13
    toe_out_deg: float = 8.0
    equipment: Equipment = Equipment.BARBELL
    grip: Grip = Grip.HANGING
    grip_half_width_m: float = 0.24
    shelf: float = 0.3
    bar_mass_ratio: float = 0.6

    @property
    def sumo(self) -> bool:
        """A wide stance with the feet turned out and the load between the knees."""
        return self.grip is Grip.HANGING and self.toe_out_deg >= _SUMO_TOE_OUT_DEG
