"""Flaws of form beside the back: what a set shows of them, and how large they usually are."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from hingecheck.simulate.lifts import Lift

__all__ = ["FATIGUED_REPS", "Fatigue", "Flaws", "random_flaws"]

FATIGUED_REPS = 5
"""A set in which fatigue shows has so many repetitions."""

# Sizes are what coaches correct on sight, from just visible to plain; degrees unless named.
_SQUATTED_KNEE_DEG, _SQUATTED_TRUNK_DEG = (55.0, 85.0), (42.0, 62.0)
_HINGED_KNEE_DEG, _HINGED_TRUNK_DEG = (50.0, 75.0), (60.0, 80.0)
_HINGED_SET_UP_KNEE_DEG = (10.0, 30.0)
_HIPS_FIRST_DEG = (12.0, 30.0)
_NECK_DEG = (30.0, 60.0)
_DRIFT_M = (0.1, 0.25)
_SHORT_DEG = (15.0, 35.0)
_SHALLOWER_DEG = (15.0, 35.0)
_FAST_S = (0.35, 0.7)
_TIRED_DEG = (10.0, 20.0)

_HINGES = (Lift.RDL, Lift.STIFF_LEG, Lift.GOOD_MORNING, Lift.SWING, Lift.HINGE)
_HANGING = (Lift.RDL, Lift.STIFF_LEG, Lift.DEADLIFT)


@dataclass(frozen=True, slots=True)
class Fatigue:
    """What changes from one repetition to the next, degrees a repetition.

    Attributes:
        tuck_deg: More butt wink at the bottom.
        lumbar_deg: More lumbar flexion in the whole hinge.
        depth_deg: Less trunk-thigh flexion at the bottom.
    """

    tuck_deg: float = 0.0
    lumbar_deg: float = 0.0
    depth_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Flaws:
    """Flaws of a set, each 0 where there is none.

    Attributes:
        knee_flexion_deg: Knee flexion at the bottom where it is a flaw: a squatted hinge, a
            hinged squat, or the set-up of a deadlift with nearly straight knees.
        trunk_inclination_deg: Trunk inclination that goes with such knees; a deadlift's follows
            from the plates on the floor.
        hips_first_deg: Trunk lean a pull from the floor adds while the plates stay there.
        neck_extension_deg: Neck extension at the bottom, chin up.
        bar_drift_m: How much further in front of the feet than in a clean repetition a hanging
            load is at the bottom.
        lockout_short_deg: Trunk-thigh flexion that is left at the top, from own standing.
        short_from: First repetition, from 0, with such a top.
        depth_varies_deg: Trunk-thigh flexion that one repetition's bottom lacks.
        shallow_rep: Which repetition, from 0.
        fast_descent_s: Length of a dropped descent.
        fatigue: What changes from one repetition to the next.
    """

    knee_flexion_deg: float = 0.0
    trunk_inclination_deg: float = 0.0
    hips_first_deg: float = 0.0
    neck_extension_deg: float = 0.0
    bar_drift_m: float = 0.0
    lockout_short_deg: float = 0.0
    short_from: int = 0
    depth_varies_deg: float = 0.0
    shallow_rep: int = 0
    fast_descent_s: float = 0.0
    fatigue: Fatigue = field(default_factory=Fatigue)


def random_flaws(rng: np.random.Generator, lift: Lift, share: float = 0.35, reps: int = 3) -> Flaws:
    """Draw flaws for a set of `reps`: each that `lift` can have comes with a chance of `share`."""
    flaws = _with_legs(rng, lift, share)
    if rng.random() < share:
        flaws = replace(flaws, neck_extension_deg=float(rng.uniform(*_NECK_DEG)))
    if lift in _HANGING and rng.random() < share:
        flaws = replace(flaws, bar_drift_m=float(rng.uniform(*_DRIFT_M)))
    if rng.random() < share:
        every = rng.random() < 0.5
        flaws = replace(
            flaws,
            lockout_short_deg=float(rng.uniform(*_SHORT_DEG)),
            short_from=0 if every else int(rng.integers(1, max(reps, 2))),
        )
    if lift is not Lift.DEADLIFT and rng.random() < share:
        flaws = replace(
            flaws,
            depth_varies_deg=float(rng.uniform(*_SHALLOWER_DEG)),
            shallow_rep=int(rng.integers(reps)),
        )
    if lift is not Lift.SWING and rng.random() < share:
        flaws = replace(flaws, fast_descent_s=float(rng.uniform(*_FAST_S)))
    if rng.random() < share:
        flaws = replace(flaws, fatigue=_random_fatigue(rng, lift))
    return flaws


def _with_legs(rng: np.random.Generator, lift: Lift, share: float) -> Flaws:
    knees, hips = rng.random() < share, rng.random() < share
    if lift is Lift.DEADLIFT:
        # Knees that are straight at the start cannot straighten first.
        if hips and (not knees or rng.random() < 0.5):
            return Flaws(hips_first_deg=float(rng.uniform(*_HIPS_FIRST_DEG)))
        knee_deg = float(rng.uniform(*_HINGED_SET_UP_KNEE_DEG))
        return Flaws(knee_flexion_deg=knee_deg) if knees else Flaws()
    if knees and lift is Lift.SQUAT:
        knee, trunk = rng.uniform(*_HINGED_KNEE_DEG), rng.uniform(*_HINGED_TRUNK_DEG)
    elif knees and lift in _HINGES:
        knee, trunk = rng.uniform(*_SQUATTED_KNEE_DEG), rng.uniform(*_SQUATTED_TRUNK_DEG)
    else:
        return Flaws()
    return Flaws(knee_flexion_deg=float(knee), trunk_inclination_deg=float(trunk))


def _random_fatigue(rng: np.random.Generator, lift: Lift) -> Fatigue:
    step_deg = float(rng.uniform(*_TIRED_DEG)) / (FATIGUED_REPS - 1)
    kinds = 2 if lift is Lift.DEADLIFT else 3
    match int(rng.integers(kinds)):
        case 0:
            return Fatigue(tuck_deg=step_deg)
        case 1:
            return Fatigue(lumbar_deg=step_deg)
        case _:
            return Fatigue(depth_deg=step_deg)
