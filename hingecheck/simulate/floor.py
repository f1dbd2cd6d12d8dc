"""Plates that stand on the floor: the set-up of a deadlift, solved on the lifter's own limbs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from scipy.optimize import brentq

from hingecheck.simulate.beats import Effort, at_the_bottom
from hingecheck.simulate.lifter import Grip, Lifter
from hingecheck.simulate.plan import Plan

__all__ = ["bar_height_m", "crossing", "from_the_floor", "on_the_floor", "tilted_to_the_floor"]

_LOW_KNEE_DEG, _HIGH_KNEE_DEG = 10.0, 125.0
_KNEE_STEP_DEG = 0.05
_DEADLIFT_KNEE_DEG = (35.0, 88.0)
_SUMO_KNEE_DEG = (45.0, 108.0)
_DEADLIFT_TILT_DEG = (5.0, 90.0)


def bar_height_m(plan: Plan, lifter: Lifter, effort: Effort | None = None) -> float:
    """Height of the middle of a hanging bar at the bottom of a plan."""
    return float(at_the_bottom(plan, lifter, effort).bar_m[2])


def from_the_floor(plan: Plan, lifter: Lifter, plate_radius_m: float) -> Plan:
    """Bend the knees at the bottom until the plates of a hanging bar touch the floor.

    A lifter who cannot get there with knees between 10 and 125 degrees raises ValueError.
    """
    if lifter.grip is not Grip.HANGING:
        raise ValueError(f"from_the_floor needs a bar in hanging arms, got one {lifter.grip}")

    def above_m(knee_deg: float) -> float:
        return bar_height_m(replace(plan, knee_flexion_deg=knee_deg), lifter) - plate_radius_m

    highest_m, lowest_m = above_m(_LOW_KNEE_DEG), above_m(_HIGH_KNEE_DEG)
    if highest_m < 0 or lowest_m > 0:
        raise ValueError(
            f"plates {highest_m:.2f} to {lowest_m:.2f} m above the floor: they do not reach it "
            "with knees from 10 to 125 degrees; change the plan's pelvic tilt"
        )
    knee_deg = brentq(above_m, _LOW_KNEE_DEG, _HIGH_KNEE_DEG, xtol=_KNEE_STEP_DEG)
    return replace(plan, knee_flexion_deg=float(knee_deg))


def on_the_floor(plan: Plan, lifter: Lifter, plate_radius_m: float) -> Plan:
    """A deadlift's start with the plates on the floor and knees as lifters have them.

    Where the limbs do not allow that, the knees go as far as usual and the pelvis does the rest.
    """
    knees_deg = _SUMO_KNEE_DEG if lifter.sumo else _DEADLIFT_KNEE_DEG
    upright, deep = (replace(plan, knee_flexion_deg=knee_deg) for knee_deg in knees_deg)
    too_low = bar_height_m(upright, lifter) < plate_radius_m
    if not too_low and bar_height_m(deep, lifter) < plate_radius_m:
        return from_the_floor(plan, lifter, plate_radius_m)
    return tilted_to_the_floor(upright if too_low else deep, lifter, plate_radius_m)


def tilted_to_the_floor(plan: Plan, lifter: Lifter, plate_radius_m: float) -> Plan:
    """Tilt the pelvis until the plates stand on the floor, or as far as it goes; knees stay."""

    def above_m(tilt_deg: float) -> float:
        return bar_height_m(replace(plan, pelvic_tilt_deg=tilt_deg), lifter) - plate_radius_m

    tilt_deg = crossing(above_m, *_DEADLIFT_TILT_DEG, xtol=0.1)
    return replace(plan, pelvic_tilt_deg=tilt_deg)


def crossing(above: Callable[[float], float], low: float, high: float, xtol: float = 0.1) -> float:
    """Where a falling function crosses 0 between `low` and `high`, or the end next to that."""
    if above(low) < 0:
        return low
    if above(high) > 0:
        return high
    return float(brentq(above, low, high, xtol=xtol))
