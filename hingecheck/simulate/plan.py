"""How a set is performed: lifts, faults, and what is usual among lifters.

Rhythm: most of the lean comes from the pelvis and a little lumbar flexion spreads over the
whole descent. A butt wink adds lumbar flexion late, while the pelvis stops and turns back.
A rounded back flexes at the start and stays so, an over-extended one arches.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from hingecheck.simulate.flaws import Flaws
from hingecheck.simulate.lifter import Equipment, Grip, Lifter
from hingecheck.simulate.lifts import Lift

__all__ = [
    "MOST_LUMBAR_DEG",
    "OVEREXTENSION_DEG",
    "RACKED_LIFTS",
    "TRUNK_PER_LUMBAR",
    "Fault",
    "Lift",
    "Plan",
    "pelvic_tilt_at",
    "random_plan",
    "usual_bottom",
]

# The hip-shoulder line leans by the pelvis and these shares of lumbar and thoracic flexion,
# and stands a little forward of plumb (fitted to simulated lifters).
TRUNK_PER_LUMBAR, _TRUNK_PER_THORACIC, _STANDING_TRUNK_DEG = 0.68, 0.12, 4.0
# Most anterior tilt in a hinge with straight knees, and what each degree of knee flexion adds.
_MOST_PELVIS_DEG, _PELVIS_PER_KNEE = 76.0, 0.35
MOST_LUMBAR_DEG = 60.0
"""No lumbar spine flexes further."""
OVEREXTENSION_DEG = (8.0, 20.0)
"""How far backs over-extend, least and most."""


class Fault(StrEnum):
    """What the back does wrong."""

    NONE = "none"
    BUTT_WINK = "butt_wink"
    ROUNDED = "rounded"
    OVEREXTENDED = "overextended"


RACKED_LIFTS = (Lift.SQUAT, Lift.GOOD_MORNING)

# Share of a fault that turns the pelvis; the rest turns the thorax. 13 of 20 degrees at a fixed
# trunk lean; a lifter who also stops leaning has more, one who hangs forward less.
_PELVIS_SHARES = {
    Fault.NONE: (0.65, 0.9),
    Fault.BUTT_WINK: (0.65, 0.9),
    Fault.ROUNDED: (0.4, 0.75),
    Fault.OVEREXTENDED: (0.5, 0.8),
}
_USUAL_FAULT_DEG = {
    Fault.NONE: (0.0, 0.0),
    Fault.BUTT_WINK: (10.0, 30.0),
    Fault.ROUNDED: (15.0, 40.0),
    Fault.OVEREXTENDED: OVEREXTENSION_DEG,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How a set is performed, before it is played.

    Attributes:
        lift: Which lift.
        fault: Which fault, if any.
        reps: How many repetitions.
        tuck_deg: Lumbar flexion the fault adds to the clean rhythm at the bottom; negative for
            an over-extended back.
        tuck_depth: Butt wink: depth (0 standing, 1 bottom) where it starts. Rounded and
            over-extended: depth by which the back has its shape.
        pelvis_share: How much of the tuck turns the pelvis back.
        pelvic_tilt_deg: Clean anterior tilt at the bottom.
        top_pelvic_tilt_deg: Tilt at the top; a bar on the back asks for a little lean.
        lumbar_flexion_deg: Clean lumbar flexion at the bottom.
        top_lumbar_flexion_deg: At the top, braced.
        thoracic_flexion_deg: At the bottom.
        top_thoracic_flexion_deg: At the top, braced.
        knee_flexion_deg: At the bottom.
        neck_extension_deg: At the bottom.
        lumbar_rhythm: Exponent of lumbar flexion over depth; below 1 is early, above 1 late.
        descent_s: Length of a descent.
        ascent_s: Length of an ascent.
        pause_bottom_s: Rest at the bottom.
        pause_top_s: Rest between repetitions.
        standing_s: Quiet standing before the first repetition (deadlift: at the floor).
        relaxed_s: Standing relaxed before that, without the posture of the load.
        look_deg: How far the head turns up and down before the first repetition.
        shift_deg: How far weight shifts rock the pelvis before the first repetition.
        lockout_lean_deg: How far the trunk leans back at the top of a repetition.
        lockout_extension_deg: Lumbar extension at the top of a repetition.
        arm_rest_deg: Straight arms, forward from the plumb line, before the first repetition.
        arm_bottom_deg: The same at the bottom.
        arm_top_deg: The same at the top of a repetition.
        rep_spread: Relative spread of depth, tuck and tempo from one repetition to the next.
        fps: Frames per second.
        flaws: Of form; `performance.with_flaws` puts them here and bends the plan to them.
    """

    lift: Lift = Lift.RDL
    fault: Fault = Fault.NONE
    reps: int = 3
    tuck_deg: float = 0.0
    tuck_depth: float = 0.75
    pelvis_share: float = 0.65
    pelvic_tilt_deg: float = 62.0
    top_pelvic_tilt_deg: float = 0.0
    lumbar_flexion_deg: float = 11.0
    top_lumbar_flexion_deg: float = 0.0
    thoracic_flexion_deg: float = 2.0
    top_thoracic_flexion_deg: float = 0.0
    knee_flexion_deg: float = 26.0
    neck_extension_deg: float = 14.0
    lumbar_rhythm: float = 1.0
    descent_s: float = 1.6
    ascent_s: float = 1.1
    pause_bottom_s: float = 0.15
    pause_top_s: float = 0.5
    standing_s: float = 1.0
    relaxed_s: float = 0.0
    look_deg: float = 0.0
    shift_deg: float = 0.0
    lockout_lean_deg: float = 0.0
    lockout_extension_deg: float = 0.0
    arm_rest_deg: float = 0.0
    arm_bottom_deg: float = 0.0
    arm_top_deg: float = 0.0
    rep_spread: float = 0.03
    fps: float = 30.0
    flaws: Flaws = field(default_factory=Flaws)


@dataclass(frozen=True, slots=True)
class _Range:
    """A normal distribution cut off at both ends, in degrees."""

    mean: float
    sd: float
    low: float
    high: float

    def draw(self, rng: np.random.Generator) -> float:
        return float(np.clip(rng.normal(self.mean, self.sd), self.low, self.high))


@dataclass(frozen=True, slots=True)
class Usual:
    """What a lift looks like at its bottom.

    Attributes:
        trunk: Inclination of the hip-shoulder line.
        lumbar: Clean lumbar flexion at the mean trunk inclination.
        knee: Flexion.
    """

    trunk: _Range
    lumbar: _Range
    knee: _Range


# Lumbar: RDL like good morning; squat 13 (women) to 26 (men) in McKean 2010
# (doi 10.1519/JSC.0b013e3181e2e166); deadlift start about 20 in the lower lumbar spine in
# Bengtsson 2022 (doi 10.26603/001c.37859); kettlebell swing about 26 in McGill and Marshall
# 2012; full forward bend 42, 24 to 60 across studies, in Esola 1996 (Spine 21(1)).
_USUAL = {
    Lift.RDL: Usual(_Range(68, 13, 35, 92), _Range(11, 4, 0, 24), _Range(25, 7, 14, 45)),
    Lift.STIFF_LEG: Usual(_Range(74, 13, 38, 98), _Range(12, 4, 0, 25), _Range(12, 5, 5, 20)),
    Lift.DEADLIFT: Usual(_Range(70, 6, 52, 85), _Range(20, 6, 6, 32), _Range(65, 10, 40, 95)),
    Lift.GOOD_MORNING: Usual(_Range(65, 13, 35, 90), _Range(11, 4, 0, 24), _Range(24, 8, 8, 50)),
    Lift.SQUAT: Usual(_Range(42, 8, 22, 62), _Range(19, 5, 7, 32), _Range(108, 15, 70, 132)),
    Lift.SWING: Usual(_Range(66, 10, 42, 88), _Range(18, 6, 4, 32), _Range(38, 10, 18, 62)),
    Lift.HINGE: Usual(_Range(66, 14, 35, 92), _Range(11, 5, -2, 26), _Range(22, 9, 6, 48)),
    Lift.TOE_TOUCH: Usual(_Range(97, 12, 72, 122), _Range(41, 6, 30, 50), _Range(5, 3, 0, 12)),
}
_SUMO = Usual(_Range(56, 7, 38, 72), _Range(17, 5, 4, 30), _Range(80, 10, 50, 105))
_UPRIGHT_SQUAT = Usual(_Range(32, 8, 14, 52), _Range(18, 5, 6, 32), _Range(114, 14, 75, 134))
_NOVICE_LUMBAR = _Range(24, 3, 18, 30)
_NOVICE_SHARE = 0.12
_NOVICE_LIFTS = (Lift.RDL, Lift.STIFF_LEG, Lift.GOOD_MORNING, Lift.HINGE)
_ROUND_UPPER_BACK_SHARE = 0.25


def usual_bottom(lift: Lift, lifter: Lifter | None = None) -> Usual:
    """What a lift's bottom looks like, with this lifter's stance and equipment if given."""
    if lifter is not None and lift is Lift.DEADLIFT and lifter.sumo:
        return _SUMO
    if lifter is not None and lift is Lift.SQUAT and lifter.equipment is not Equipment.BARBELL:
        return _UPRIGHT_SQUAT
    return _USUAL[lift]


def pelvic_tilt_at(trunk_deg: float, lumbar_deg: float, thoracic_deg: float) -> float:
    """Pelvic tilt with which the hip-shoulder line leans by about `trunk_deg`."""
    spine_deg = TRUNK_PER_LUMBAR * lumbar_deg + _TRUNK_PER_THORACIC * thoracic_deg
    return trunk_deg - _STANDING_TRUNK_DEG - spine_deg


def random_plan(
    rng: np.random.Generator,
    lift: Lift,
    fault: Fault,
    tuck_deg: float | None = None,
    lifter: Lifter | None = None,
) -> Plan:
    """Draw a set of `lift`; depth, rhythm and tempo vary, the fault is as asked.

    `tuck_deg` is the fault's size, above 0; None draws it. An over-extended back has 8 to 20
    degrees of it and no lumbar spine flexes beyond 60, so a larger one is cut there.
    """
    usual = usual_bottom(lift, lifter)
    trunk_deg, knee_deg = usual.trunk.draw(rng), usual.knee.draw(rng)
    novice = lift in _NOVICE_LIFTS and rng.random() < _NOVICE_SHARE
    lumbar_deg = (_NOVICE_LUMBAR if novice else usual.lumbar).draw(rng)
    if lift is not Lift.TOE_TOUCH:
        lumbar_deg *= trunk_deg / usual.trunk.mean
    thoracic_deg = float(np.clip(rng.normal(2, 5), -10, 14))
    if rng.random() < _ROUND_UPPER_BACK_SHARE:
        thoracic_deg = float(rng.uniform(15, 35))
    late = rng.uniform(0.6, 0.82) if fault is Fault.BUTT_WINK else rng.uniform(0.1, 0.45)
    size_deg = rng.uniform(*_USUAL_FAULT_DEG[fault]) if tuck_deg is None else tuck_deg
    plan = Plan(
        lift=lift,
        fault=fault,
        reps=int(rng.integers(2, 4)),
        tuck_depth=float(late),
        pelvis_share=float(rng.uniform(*_PELVIS_SHARES[fault])),
        pelvic_tilt_deg=pelvic_tilt_at(trunk_deg, lumbar_deg, thoracic_deg),
        lumbar_flexion_deg=lumbar_deg,
        top_lumbar_flexion_deg=float(np.clip(rng.normal(0, 1.5), -4, 4)),
        thoracic_flexion_deg=thoracic_deg,
        top_thoracic_flexion_deg=0.3 * thoracic_deg + float(rng.normal(-1, 2)),
        knee_flexion_deg=knee_deg,
        neck_extension_deg=float(np.clip(rng.normal(11, 12), -15, 35)),
        lumbar_rhythm=float(rng.uniform(0.7, 1.3)),
        rep_spread=float(rng.uniform(0.01, 0.06)),
    )
    plan = _with_hamstrings(_with_fault(rng, plan, float(size_deg)))
    plan = _with_tempo(rng, plan)
    plan = _with_top(rng, plan, lifter)
    return plan if lifter is None else _with_arms(rng, plan, lifter)


def _with_fault(rng: np.random.Generator, plan: Plan, size_deg: float) -> Plan:
    if plan.fault is Fault.NONE:
        return plan
    if plan.fault is Fault.OVEREXTENDED:
        arch_deg = float(np.clip(size_deg, *OVEREXTENSION_DEG))
        if plan.lift is Lift.DEADLIFT and rng.random() < 0.35:
            lean_deg = float(rng.uniform(4, 10))
            return replace(plan, lockout_extension_deg=arch_deg, lockout_lean_deg=lean_deg)
        return replace(plan, tuck_deg=-arch_deg)
    return replace(plan, tuck_deg=min(size_deg, MOST_LUMBAR_DEG - plan.lumbar_flexion_deg))


def _with_hamstrings(plan: Plan) -> Plan:
    """The plan with no more anterior tilt than the hamstrings allow at its knees."""
    most_deg = _MOST_PELVIS_DEG + _PELVIS_PER_KNEE * plan.knee_flexion_deg
    arched_deg = plan.pelvis_share * max(-plan.tuck_deg, 0.0)
    return replace(plan, pelvic_tilt_deg=min(plan.pelvic_tilt_deg, most_deg - arched_deg))


def _with_tempo(rng: np.random.Generator, plan: Plan) -> Plan:
    if plan.lift is Lift.SWING:
        return replace(
            plan,
            reps=int(rng.integers(3, 6)),
            descent_s=float(rng.uniform(0.5, 0.8)),
            ascent_s=float(rng.uniform(0.45, 0.7)),
            pause_bottom_s=0.0,
            pause_top_s=float(rng.uniform(0.03, 0.2)),
            standing_s=float(rng.uniform(0.3, 1.0)),
        )
    slowness = 1.5 if plan.lift is Lift.TOE_TOUCH else 1.0
    rests = rng.random() < 0.2
    return replace(
        plan,
        descent_s=slowness * float(np.clip(1.6 * np.exp(rng.normal(0, 0.38)), 0.8, 3.5)),
        ascent_s=slowness * float(np.clip(1.15 * np.exp(rng.normal(0, 0.3)), 0.6, 2.5)),
        pause_bottom_s=float(rng.uniform(0.4, 1.5) if rests else rng.uniform(0.03, 0.35)),
        pause_top_s=float(rng.uniform(0.25, 1.2)),
        standing_s=float(rng.uniform(0.5, 1.3)),
    )


def _with_top(rng: np.random.Generator, plan: Plan, lifter: Lifter | None) -> Plan:
    """How the lifter stands before the first repetition and between repetitions."""
    racked = plan.lift in RACKED_LIFTS if lifter is None else lifter.grip is Grip.RACKED
    if racked:
        plan = replace(plan, top_pelvic_tilt_deg=float(rng.uniform(3, 8)))
    elif rng.random() < 0.5 and plan.lockout_lean_deg == 0:
        plan = replace(
            plan,
            lockout_lean_deg=float(rng.uniform(0, 6)),
            lockout_extension_deg=float(rng.uniform(0, 4)),
        )
    opening = rng.random()
    if opening < 0.35:
        plan = replace(plan, relaxed_s=float(rng.uniform(0.5, 2.5)))
    elif opening < 0.6:
        plan = replace(
            plan,
            relaxed_s=float(rng.uniform(0.8, 2.5)),
            look_deg=float(rng.uniform(0, 25)),
            shift_deg=float(rng.uniform(0, 3)),
        )
    return plan


def _with_arms(rng: np.random.Generator, plan: Plan, lifter: Lifter) -> Plan:
    if lifter.grip is Grip.SWINGING:
        return replace(
            plan,
            arm_rest_deg=float(rng.uniform(0, 5)),
            arm_bottom_deg=-float(rng.uniform(25, 42)),
            arm_top_deg=float(rng.uniform(65, 95)),
        )
    if lifter.grip is not Grip.BESIDE or lifter.equipment is not Equipment.NONE:
        return plan
    rest_deg = float(rng.uniform(-4, 8))
    if plan.lift is Lift.SQUAT:
        bottom_deg = float(rng.uniform(55, 95))
    elif plan.lift is Lift.TOE_TOUCH:
        bottom_deg = float(rng.uniform(-12, 6))
    else:
        bottom_deg = float(rng.uniform(-25, 12))
    return replace(plan, arm_rest_deg=rest_deg, arm_bottom_deg=bottom_deg, arm_top_deg=rest_deg)
