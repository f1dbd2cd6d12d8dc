"""One moment of a set: how deep, in which repetition, and the true angles that makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hingecheck.simulate.anatomy import Posture, TrueAngles, pose
from hingecheck.simulate.body import Floats
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.plan import Fault, Lift, Plan

__all__ = ["Beat", "Effort", "at_the_bottom", "beat_angles", "ease", "fault_share", "knee_share"]

# Depth above which the body straightens into its lockout.
_LOCKOUT_DEPTH = 0.3
# Depth by which a tired back has its shape.
_TIRED_DEPTH = 0.35
# Trunk lean per degree of lumbar flexion: leaning back by the spine alone leaves the pelvis.
_LEAN_PER_LUMBAR = 0.65


@dataclass(frozen=True, slots=True)
class Effort:
    """What one repetition has of its own.

    Attributes:
        tuck_deg: Of the planned fault.
        deepest: Depth of its bottom, 1 as planned, before a flaw makes it shallower.
        tired_deg: Lumbar flexion that fatigue adds to the whole hinge.
        floor_tilt_deg: Pelvic tilt at the bottom that keeps tired plates on the floor.
    """

    tuck_deg: float
    deepest: float = 1.0
    tired_deg: float = 0.0
    floor_tilt_deg: float = 0.0


@dataclass(frozen=True, slots=True)
class Beat:
    """One frame of a set.

    Attributes:
        depth: 0 standing, 1 the planned bottom.
        effort: The repetition it belongs to.
        set_up: 0 relaxed, 1 in the posture of the load.
        locked: Whether standing straight means a lockout: not before the first repetition.
        arm_deg: Straight arms, forward from the plumb line.
        hips_first_deg: Trunk lean of hips that rise before the bar.
        unbent_deg: Knee flexion that they have lost by that.
    """

    depth: float
    effort: Effort
    set_up: float = 1.0
    locked: bool = False
    arm_deg: float = 0.0
    hips_first_deg: float = 0.0
    unbent_deg: float = 0.0


def beat_angles(plan: Plan, lifter: Lifter, beat: Beat) -> TrueAngles:
    """The driving angles of one moment, before the body sways."""
    depth, effort, set_up = beat.depth, beat.effort, beat.set_up
    added = effort.tuck_deg * fault_share(plan, depth, effort.deepest)
    tired = effort.tired_deg * float(ease(min(depth / _TIRED_DEPTH, 1.0)))
    arch_deg = lean_deg = 0.0
    if beat.locked and depth < _LOCKOUT_DEPTH:
        straight = float(ease(1 - depth / _LOCKOUT_DEPTH))
        arch_deg = straight * plan.lockout_extension_deg
        lean_deg = straight * plan.lockout_lean_deg

    def between(top_deg: float, bottom_deg: float, share: float) -> float:
        return set_up * top_deg + share * (bottom_deg - set_up * top_deg)

    soft = lifter.standing.knee_flexion_deg
    clean_tilt_deg = between(plan.top_pelvic_tilt_deg, plan.pelvic_tilt_deg, depth)
    clean_lumbar_deg = between(
        plan.top_lumbar_flexion_deg, plan.lumbar_flexion_deg, depth**plan.lumbar_rhythm
    )
    return TrueAngles(
        pelvic_tilt_deg=clean_tilt_deg
        - plan.pelvis_share * added
        + _LEAN_PER_LUMBAR * arch_deg
        - lean_deg
        - plan.pelvis_share * tired
        + effort.floor_tilt_deg * depth
        + beat.hips_first_deg,
        lumbar_flexion_deg=clean_lumbar_deg + added - arch_deg + tired,
        thoracic_flexion_deg=between(
            plan.top_thoracic_flexion_deg, plan.thoracic_flexion_deg, depth
        ),
        knee_flexion_deg=soft
        + (plan.knee_flexion_deg - soft) * knee_share(plan.lift, depth)
        - beat.unbent_deg,
        neck_extension_deg=plan.neck_extension_deg * depth,
        arm_raise_deg=beat.arm_deg,
    )


def at_the_bottom(plan: Plan, lifter: Lifter, effort: Effort | None = None) -> Posture:
    """A plan's bottom, in its first repetition or another."""
    effort = effort or Effort(plan.tuck_deg)
    beat = Beat(effort.deepest, effort, arm_deg=plan.arm_bottom_deg)
    return pose(lifter, beat_angles(plan, lifter, beat))


def fault_share(plan: Plan, depth: float, deepest: float) -> float:
    """How much of a repetition's tuck is there at a depth: all of it at its deepest."""
    if plan.fault is Fault.NONE:
        return 0.0
    if plan.fault is Fault.BUTT_WINK:
        late = max((depth - plan.tuck_depth) / (deepest - plan.tuck_depth), 0.0)
        return float(late**2 * (3 - late) / 2)
    return float(ease(min(depth / plan.tuck_depth, 1.0)))


def knee_share(lift: Lift, depth: float) -> float:
    """How far the knees have bent at a depth: early in a hinge, late on the way to the floor."""
    if lift is Lift.SQUAT:
        return depth
    if lift is Lift.DEADLIFT:
        return float(depth**1.6)
    return float(1 - (1 - min(depth, 1.0)) ** 1.4)


def ease(fraction: float | Floats) -> Floats:
    """Minimum-jerk travel from 0 to 1."""
    t = np.asarray(fraction, dtype=np.float64)
    eased: Floats = t**3 * (10 - 15 * t + 6 * t**2)
    return eased
