"""What flaws make of a plan and of each of its repetitions, solved on the lifter's own limbs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hingecheck.simulate.anatomy import Posture, pose
from hingecheck.simulate.beats import Beat, Effort, at_the_bottom, beat_angles
from hingecheck.simulate.body import Floats
from hingecheck.simulate.flaws import FATIGUED_REPS, Fatigue, Flaws
from hingecheck.simulate.floor import (
    bar_height_m,
    crossing,
    from_the_floor,
    on_the_floor,
    tilted_to_the_floor,
)
from hingecheck.simulate.lifter import Equipment, Grip, Lifter
from hingecheck.simulate.plan import MOST_LUMBAR_DEG, Fault, Lift, Plan, pelvic_tilt_at

__all__ = ["bottom_depth", "hips_first_path", "tired", "top_depth", "with_flaws"]

# Hips that shoot up have started low: this share of the lean is room made in the set-up.
_LOW_HIPS_SHARE = 0.6
# Shoulders do not go below the hips, nor knees straighter than a soft stand.
_MOST_TRUNK_DEG = 97.0
_LEAST_KNEE_DEG = 8.0
_PATH_STEPS = 6
# Arms that hold a load further out than this would be a front raise, and nobody sits back on
# shanks that lean further back to balance it; with bent knees at the floor less so.
_MOST_ARM_DEG, _LEAST_SHANK_DEG, _LEAST_SHANK_AT_FLOOR_DEG = 45.0, -15.0, -6.0
# Who stands so without any drift leans a little further.
_SHANK_STEP_DEG = 3.0
_ARM_ROUNDS = 3
# A heavy load that cannot be held further out than this drifts no further than clean ones.
_LEAST_DRIFT_M = 0.08
# Of arms about 0.65 m long.
_DEG_PER_M = 90.0
# Where a tired tuck begins, of the way down.
_TIRED_TUCK_DEPTH = 0.7
# Least of a repetition between its bottom and a short top, or it is none.
_LEAST_RANGE_DEG = 40.0
_CLEAR_OF_FLOOR_M = 0.03
# Radius of dumbbells and kettlebells with their handle.
_BELL_M = 0.2
_STRAIGHTEST_REACH_TILT_DEG = 82.0
_DEPTH_STEP = 0.002


def with_flaws(plan: Plan, lifter: Lifter, flaws: Flaws, plate_radius_m: float) -> Plan:
    """Bend a plan to flaws; its record of them holds what this lifter's limbs allow.

    A deadlift's set-up is put on the floor. A flaw that the lift or the lifter has no room for
    is left out: a repetition has 40 degrees of trunk-thigh flexion, and a bar that drifts does
    so by 8 cm.
    """
    drawn, asked = plan, flaws
    if flaws.neck_extension_deg > 0:
        plan = replace(plan, neck_extension_deg=flaws.neck_extension_deg)
    plan, flaws = _with_room_to_tire(plan, flaws)
    if flaws.knee_flexion_deg > 0:
        plan = replace(plan, knee_flexion_deg=flaws.knee_flexion_deg)
    if flaws.trunk_inclination_deg > 0:
        tilt_deg = pelvic_tilt_at(
            flaws.trunk_inclination_deg, plan.lumbar_flexion_deg, plan.thoracic_flexion_deg
        )
        plan = replace(plan, pelvic_tilt_deg=tilt_deg)
    if plan.lift is Lift.DEADLIFT:
        plan, flaws = _set_up(plan, lifter, flaws, plate_radius_m)
    elif flaws.knee_flexion_deg > 0:
        plan = _above_the_floor(plan, lifter, plate_radius_m)
    if flaws.bar_drift_m > 0 and plan.lift is not Lift.DEADLIFT:
        plan = _drifted(plan, lifter, flaws.bar_drift_m)
    if flaws.bar_drift_m > 0:
        drift_m = _drift_m(plan, lifter)
        if drift_m < _LEAST_DRIFT_M:
            hanging = replace(asked, bar_drift_m=0.0)
            return with_flaws(drawn, lifter, hanging, plate_radius_m)
        flaws = replace(flaws, bar_drift_m=drift_m)
    if flaws.trunk_inclination_deg > 0:
        trunk_deg = at_the_bottom(plan, lifter).trunk_inclination_deg
        flaws = replace(flaws, trunk_inclination_deg=trunk_deg)
    return replace(plan, flaws=_with_room_to_move(plan, lifter, flaws))


def tired(plan: Plan, lifter: Lifter, effort: Effort, index: int) -> Effort:
    """A repetition's effort with what fatigue has added by then, `index` counting from 0."""
    fatigue = plan.flaws.fatigue
    if index == 0 or (fatigue.tuck_deg == 0 and fatigue.lumbar_deg == 0):
        return effort
    worn = replace(
        effort,
        tuck_deg=effort.tuck_deg + index * fatigue.tuck_deg,
        tired_deg=index * fatigue.lumbar_deg,
    )
    if plan.lift is not Lift.DEADLIFT:
        return worn
    rested_m = bar_height_m(plan, lifter, effort)

    def above_m(tilt_deg: float) -> float:
        return bar_height_m(plan, lifter, replace(worn, floor_tilt_deg=tilt_deg)) - rested_m

    return replace(worn, floor_tilt_deg=crossing(above_m, -40, 40))


def bottom_depth(plan: Plan, lifter: Lifter, effort: Effort, index: int) -> float:
    """Depth at which a repetition turns round."""
    flaws = plan.flaws
    less_deg = index * flaws.fatigue.depth_deg
    if index == flaws.shallow_rep:
        less_deg += flaws.depth_varies_deg
    if less_deg == 0:
        return effort.deepest
    wanted_deg = _trunk_thigh_deg(at_the_bottom(plan, lifter, effort)) - less_deg

    def room_deg(depth: float) -> float:
        beat = Beat(depth, effort, arm_deg=plan.arm_bottom_deg)
        return wanted_deg - _trunk_thigh_deg(pose(lifter, beat_angles(plan, lifter, beat)))

    return crossing(room_deg, 0, effort.deepest, xtol=_DEPTH_STEP)


def top_depth(plan: Plan, lifter: Lifter, effort: Effort, index: int) -> float:
    """Depth at which a repetition stops rising: 0 but for a short lockout."""
    flaws = plan.flaws
    if flaws.lockout_short_deg == 0 or index < flaws.short_from:
        return 0.0
    wanted_deg = _standing_deg(plan, lifter) + flaws.lockout_short_deg

    def room_deg(depth: float) -> float:
        beat = Beat(depth, effort, locked=True, arm_deg=plan.arm_top_deg)
        return wanted_deg - _trunk_thigh_deg(pose(lifter, beat_angles(plan, lifter, beat)))

    return crossing(room_deg, 0, effort.deepest, xtol=_DEPTH_STEP)


def hips_first_path(plan: Plan, lifter: Lifter, effort: Effort) -> tuple[Floats, Floats]:
    """How hips rise while the plates stay: added trunk lean and lost knee flexion, (steps,) each.

    The lean ends where the knees are all but straight.
    """
    leans = np.linspace(0, plan.flaws.hips_first_deg, _PATH_STEPS)
    lost = [0.0]
    on_floor_m = bar_height_m(plan, lifter, effort)
    for lean_deg in leans[1:]:

        def under_m(unbent_deg: float, lean_deg: float = float(lean_deg)) -> float:
            return on_floor_m - _hips_up_m(plan, lifter, effort, lean_deg, unbent_deg)

        lost.append(crossing(under_m, lost[-1], plan.knee_flexion_deg - _LEAST_KNEE_DEG))
    return leans, np.array(lost)


def _hips_up_m(
    plan: Plan, lifter: Lifter, effort: Effort, lean_deg: float, unbent_deg: float
) -> float:
    """Height of the bar with the hips risen so far."""
    beat = Beat(
        effort.deepest,
        effort,
        arm_deg=plan.arm_bottom_deg,
        hips_first_deg=lean_deg,
        unbent_deg=unbent_deg,
    )
    return float(pose(lifter, beat_angles(plan, lifter, beat)).bar_m[2])


def _with_room_to_tire(plan: Plan, flaws: Flaws) -> tuple[Plan, Flaws]:
    """Fatigue that suits the back's fault, and a back that starts with room for it."""
    tires = flaws.fatigue
    if tires.tuck_deg > 0 and plan.fault in (Fault.ROUNDED, Fault.OVEREXTENDED):
        # A back that is out of shape all the way down tires all the way down.
        tires = Fatigue(lumbar_deg=tires.tuck_deg)
    if tires.tuck_deg > 0 and plan.fault is Fault.NONE:
        plan = replace(plan, fault=Fault.BUTT_WINK, tuck_depth=_TIRED_TUCK_DEPTH)
    added_deg = (FATIGUED_REPS - 1) * (tires.tuck_deg + tires.lumbar_deg)
    if added_deg > 0:
        most_deg = MOST_LUMBAR_DEG - added_deg
        clean_deg = min(plan.lumbar_flexion_deg, most_deg)
        tuck_deg = min(plan.tuck_deg, most_deg - clean_deg)
        plan = replace(plan, lumbar_flexion_deg=clean_deg, tuck_deg=tuck_deg)
    return plan, replace(flaws, fatigue=tires)


def _set_up(plan: Plan, lifter: Lifter, flaws: Flaws, plate_radius_m: float) -> tuple[Plan, Flaws]:
    """A deadlift's start on the floor: knees nearly straight, hips low, or as usual."""
    lowered_deg = _LOW_HIPS_SHARE * flaws.hips_first_deg
    plan = replace(plan, pelvic_tilt_deg=plan.pelvic_tilt_deg - lowered_deg)
    rounds = _ARM_ROUNDS if flaws.bar_drift_m > 0 else 1
    for _ in range(rounds):
        if flaws.bar_drift_m > 0:
            plan = _drifted(plan, lifter, flaws.bar_drift_m)
        if flaws.knee_flexion_deg > 0:
            plan = _stiff_on_the_floor(plan, lifter, flaws.knee_flexion_deg, plate_radius_m)
        else:
            plan = on_the_floor(plan, lifter, plate_radius_m)
    if flaws.knee_flexion_deg > 0:
        flaws = replace(flaws, knee_flexion_deg=plan.knee_flexion_deg)
    if flaws.hips_first_deg > 0:
        flaws = replace(flaws, hips_first_deg=_possible_lean_deg(plan, lifter, flaws))
    return plan, flaws


def _stiff_on_the_floor(plan: Plan, lifter: Lifter, knee_deg: float, plate_radius_m: float) -> Plan:
    """Knees as straight as asked for; who cannot reach the floor so bends them until they do."""
    furthest = replace(plan, knee_flexion_deg=knee_deg, pelvic_tilt_deg=_STRAIGHTEST_REACH_TILT_DEG)
    if bar_height_m(furthest, lifter) > plate_radius_m:
        return from_the_floor(furthest, lifter, plate_radius_m)
    return tilted_to_the_floor(furthest, lifter, plate_radius_m)


def _possible_lean_deg(plan: Plan, lifter: Lifter, flaws: Flaws) -> float:
    """Lean of hips that rise first, until the trunk is level or the knees are straight."""
    posture = at_the_bottom(plan, lifter)
    on_floor_m = float(posture.bar_m[2])
    straightened_deg = plan.knee_flexion_deg - _LEAST_KNEE_DEG
    effort = Effort(plan.tuck_deg)

    def above_m(lean_deg: float) -> float:
        return _hips_up_m(plan, lifter, effort, lean_deg, straightened_deg) - on_floor_m

    most_deg = min(flaws.hips_first_deg, _MOST_TRUNK_DEG - posture.trunk_inclination_deg)
    return crossing(above_m, 0, max(most_deg, 0.0))


def _above_the_floor(plan: Plan, lifter: Lifter, plate_radius_m: float) -> Plan:
    """Bent knees bring a hanging load low: stay so upright that it clears the floor."""
    if lifter.grip not in (Grip.HANGING, Grip.BESIDE) or lifter.equipment is Equipment.NONE:
        return plan
    load_m = plate_radius_m if lifter.equipment is Equipment.BARBELL else _BELL_M
    raised = tilted_to_the_floor(plan, lifter, load_m + _CLEAR_OF_FLOOR_M)
    tilt_deg = min(plan.pelvic_tilt_deg, raised.pelvic_tilt_deg)
    return replace(plan, pelvic_tilt_deg=tilt_deg)


def _drifted(plan: Plan, lifter: Lifter, drift_m: float) -> Plan:
    """Turn hanging arms forward until the load is so much further ahead, or balance is lost."""
    hanging = at_the_bottom(replace(plan, arm_bottom_deg=0.0), lifter)
    from_floor = plan.lift is Lift.DEADLIFT
    least_shank_deg = _LEAST_SHANK_AT_FLOOR_DEG if from_floor else _LEAST_SHANK_DEG
    least_shank_deg = min(least_shank_deg, hanging.shank_inclination_deg - _SHANK_STEP_DEG)

    def room_deg(arm_deg: float) -> float:
        posture = at_the_bottom(replace(plan, arm_bottom_deg=arm_deg), lifter)
        missing_m = drift_m - (_wrist_x_m(lifter, posture) - _wrist_x_m(lifter, hanging))
        return min(_DEG_PER_M * missing_m, posture.shank_inclination_deg - least_shank_deg)

    return replace(plan, arm_bottom_deg=crossing(room_deg, 0, _MOST_ARM_DEG))


def _drift_m(plan: Plan, lifter: Lifter) -> float:
    """How much further ahead the turned arms hold the load than hanging ones."""
    hanging = at_the_bottom(replace(plan, arm_bottom_deg=0.0), lifter)
    return _wrist_x_m(lifter, at_the_bottom(plan, lifter)) - _wrist_x_m(lifter, hanging)


def _wrist_x_m(lifter: Lifter, posture: Posture) -> float:
    return float(lifter.body.middle(posture.joints_m, "wrist")[0])


def _with_room_to_move(plan: Plan, lifter: Lifter, flaws: Flaws) -> Flaws:
    """Flaws of depth that leave a repetition between the bottom and the top."""
    range_deg = _trunk_thigh_deg(at_the_bottom(plan, lifter)) - _standing_deg(plan, lifter)
    room_deg = range_deg - _LEAST_RANGE_DEG
    if flaws.lockout_short_deg > room_deg:
        flaws = replace(flaws, lockout_short_deg=0.0)
    room_deg -= flaws.lockout_short_deg
    if flaws.depth_varies_deg > room_deg:
        flaws = replace(flaws, depth_varies_deg=0.0)
    room_deg -= flaws.depth_varies_deg
    if (FATIGUED_REPS - 1) * flaws.fatigue.depth_deg > room_deg:
        flaws = replace(flaws, fatigue=replace(flaws.fatigue, depth_deg=0.0))
    return flaws


def _standing_deg(plan: Plan, lifter: Lifter) -> float:
    """Trunk-thigh flexion of relaxed standing, which the contract counts from."""
    relaxed = Beat(0.0, Effort(0.0), set_up=0.0, arm_deg=plan.arm_rest_deg)
    return _trunk_thigh_deg(pose(lifter, beat_angles(plan, lifter, relaxed)))


def _trunk_thigh_deg(posture: Posture) -> float:
    return posture.trunk_inclination_deg + posture.thigh_inclination_deg
