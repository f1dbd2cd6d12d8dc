"""Joint and segment angles over a clip, and the repetitions in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from hingecheck.spine.records import Estimate

__all__ = ["Angles", "Lift", "LiftGuess", "Phase", "Rep", "angle_names"]


class Lift(StrEnum):
    """The lifts that are told apart."""

    DEADLIFT = "deadlift"
    RDL = "rdl"
    GOOD_MORNING = "good_morning"
    SQUAT = "squat"
    SWING = "swing"
    HINGE = "hinge"


class Phase(StrEnum):
    """Where in a repetition a frame lies; NONE between repetitions."""

    NONE = ""
    DESCENT = "descent"
    BOTTOM = "bottom"
    ASCENT = "ascent"


@dataclass(frozen=True, slots=True)
class Angles:
    """Every angle of the file contract, filtered; field names are the contract's without `_deg`.

    Signs and zeros: docs/conventions.md. All are sagittal and independent of facing.
    """

    trunk_inclination: Estimate
    pelvic_tilt: Estimate
    lumbar_flexion: Estimate
    thoracic_flexion: Estimate
    thigh_inclination: Estimate
    shank_inclination: Estimate
    knee_flexion: Estimate
    hip_flexion: Estimate
    trunk_thigh_flexion: Estimate
    neck_extension: Estimate
    view_yaw: Estimate

    def items(self) -> Iterator[tuple[str, Estimate]]:
        """Name and estimate of every angle, in the contract's order."""
        for name in angle_names():
            yield name, getattr(self, name)


def angle_names() -> tuple[str, ...]:
    """Name of every angle without `_deg`, in the contract's order."""
    return tuple(field.name for field in fields(Angles))


@dataclass(frozen=True, slots=True)
class Rep:
    """One repetition as frame indices into the clip; `start <= bottom <= end`.

    A repetition starts and ends at the top, but for a deadlift from the floor: that one starts
    at the floor (`from_floor`), `top` is its lockout and `bottom` the floor it returns to.

    Attributes:
        index: 1 for the first.
        start: First frame of the movement.
        top: Frame of the most upright position from which the descent is measured.
        bottom: Deepest frame at the end of the descent.
        end: Last frame of the movement.
        from_floor: Whether it runs floor - lockout - floor.
    """

    index: int
    start: int
    top: int
    bottom: int
    end: int
    from_floor: bool

    def phases(self, frames: int) -> list[tuple[slice, Phase]]:
        """Slices of the clip with their phase, within `frames`."""
        descent = (slice(self.top, self.bottom), Phase.DESCENT)
        bottom = (slice(self.bottom, self.bottom + 1), Phase.BOTTOM)
        ascent = (
            (slice(self.start, self.top), Phase.ASCENT)
            if self.from_floor
            else (slice(self.bottom + 1, min(self.end + 1, frames)), Phase.ASCENT)
        )
        return [descent, bottom, ascent]


@dataclass(frozen=True, slots=True)
class LiftGuess:
    """Which lift the clip shows.

    Attributes:
        name: The lift.
        confidence: 0..1; 1 when the user said so.
        source: "auto" or "user".
    """

    name: Lift
    confidence: float
    source: str


def rep_of_frame(reps: tuple[Rep, ...], frames: int) -> tuple[NDArray[np.int64], list[Phase]]:
    """Rep index (0 for none) and phase of every frame."""
    index = np.zeros(frames, dtype=np.int64)
    phase = [Phase.NONE] * frames
    for rep in reps:
        index[rep.start : rep.end + 1] = rep.index
        for part, name in rep.phases(frames):
            for frame in range(*part.indices(frames)):
                phase[frame] = name
    return index, phase
