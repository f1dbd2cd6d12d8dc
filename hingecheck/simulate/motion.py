"""Repetitions of a lift as true joint angles over time, clean or with a fault.

Rhythm: most of the lean comes from the pelvis and a little lumbar flexion spreads over the
whole descent. A butt wink adds lumbar flexion late, while the pelvis stops and turns back.
A rounded back flexes at the start and stays so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from hingecheck.simulate.anatomy import TrueAngles, pose
from hingecheck.simulate.body import Floats
from hingecheck.simulate.lifter import Grip, Lifter

__all__ = ["Fault", "Lift", "Motion", "Plan", "RepTruth", "from_the_floor", "move", "random_plan"]

# Share of a tuck that turns the pelvis back; the rest brings the thorax forward.
# 13 of 20 degrees at a fixed trunk lean; a lifter who also stops leaning has more.
_PELVIS_SHARE_OF_TUCK = (0.65, 0.9)
# Slow wander of a living body, degrees.
_SWAY_DEG = 0.35
_SWAY_PERIOD_S = (0.9, 3.5)
# A pull from the floor takes longer than standing up from the same plan's hinge.
_PULL_SLOWNESS = 1.3


class Lift(StrEnum):
    """The lifts that can be simulated."""

    RDL = "rdl"
    DEADLIFT = "deadlift"
    GOOD_MORNING = "good_morning"
    SQUAT = "squat"


class Fault(StrEnum):
    """What the back does wrong."""

    NONE = "none"
    BUTT_WINK = "butt_wink"
    ROUNDED = "rounded"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a set is performed, before it is played.

    Attributes:
        lift: Which lift.
        fault: Which fault, if any.
        reps: How many repetitions.
        tuck_deg: Lumbar flexion the fault adds to the clean rhythm at the bottom.
        tuck_depth: Butt wink: depth (0 standing, 1 bottom) where it starts. Rounded: depth by
            which the back has rounded.
        pelvis_share: How much of the tuck turns the pelvis back.
        pelvic_tilt_deg: Clean anterior tilt at the bottom.
        top_pelvic_tilt_deg: Tilt at the top; a bar on the back asks for a little lean.
        lumbar_flexion_deg: Clean lumbar flexion at the bottom.
        thoracic_flexion_deg: At the bottom.
        knee_flexion_deg: At the bottom.
        neck_extension_deg: At the bottom.
        lumbar_rhythm: Exponent of lumbar flexion over depth; below 1 is early, above 1 late.
        descent_s: Length of a descent.
        ascent_s: Length of an ascent.
        pause_bottom_s: Rest at the bottom.
        pause_top_s: Rest between repetitions.
        standing_s: Quiet standing before the first repetition (deadlift: at the floor).
        rep_spread: Relative spread of depth, tuck and tempo from one repetition to the next.
        fps: Frames per second.
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
    thoracic_flexion_deg: float = 2.0
    knee_flexion_deg: float = 26.0
    neck_extension_deg: float = 14.0
    lumbar_rhythm: float = 1.0
    descent_s: float = 1.6
    ascent_s: float = 1.1
    pause_bottom_s: float = 0.15
    pause_top_s: float = 0.5
    standing_s: float = 1.0
    rep_spread: float = 0.03
    fps: float = 30.0


@dataclass(frozen=True, slots=True)
class RepTruth:
    """One repetition as it was made.

    Attributes:
        start_s: Leaves standing (deadlift from the floor: leaves the floor).
        bottom_s: Deepest (deadlift: when the pull begins).
        end_s: Stands again (deadlift: back on the floor).
        tuck_deg: Lumbar flexion the fault added at the bottom.
        onset_s: When the fault began to add it, in the descent; NaN without a fault.
    """

    start_s: float
    bottom_s: float
    end_s: float
    tuck_deg: float
    onset_s: float


@dataclass(frozen=True, slots=True)
class Motion:
    """A played set.

    Attributes:
        plan: What was asked for.
        time_s: Frame times, (frames,).
        frames: The driving angles of every frame.
        reps: The repetitions.
    """

    plan: Plan
    time_s: Floats
    frames: tuple[TrueAngles, ...]
    reps: tuple[RepTruth, ...]


_RACKED_LIFTS = (Lift.SQUAT, Lift.GOOD_MORNING)
# Clean bottoms per lift: mean and spread of pelvis, lumbar, thoracic and knee, degrees.
# Lumbar: RDL like good morning; squat 13 (women) to 26 (men) in McKean 2010
# (doi 10.1519/JSC.0b013e3181e2e166); deadlift start about 20 in the lower lumbar spine in
# Bengtsson 2022 (doi 10.26603/001c.37859).
_BOTTOMS: dict[Lift, tuple[tuple[float, float], ...]] = {
    Lift.RDL: ((61, 5), (11, 2.5), (2, 3), (26, 6)),
    Lift.DEADLIFT: ((57, 4), (17, 4), (3, 4), (65, 8)),
    Lift.GOOD_MORNING: ((56, 6), (12, 3), (1, 3), (24, 6)),
    Lift.SQUAT: ((33, 5), (12, 4), (-1, 3), (112, 8)),
}


def random_plan(rng: np.random.Generator, lift: Lift, fault: Fault, tuck_deg: float = 0.0) -> Plan:
    """Draw a set of `lift`; depth, rhythm and tempo vary, the fault is as asked."""
    pelvis, lumbar, thoracic, knee = (rng.normal(mean, sd) for mean, sd in _BOTTOMS[lift])
    late = rng.uniform(0.65, 0.82) if fault is Fault.BUTT_WINK else rng.uniform(0.2, 0.45)
    return Plan(
        lift=lift,
        fault=fault,
        reps=int(rng.integers(2, 4)),
        tuck_deg=tuck_deg if fault is not Fault.NONE else 0.0,
        tuck_depth=float(late),
        pelvis_share=float(rng.uniform(*_PELVIS_SHARE_OF_TUCK)),
        pelvic_tilt_deg=float(pelvis),
        top_pelvic_tilt_deg=float(rng.uniform(3, 8)) if lift in _RACKED_LIFTS else 0.0,
        lumbar_flexion_deg=float(max(lumbar, 3.0)),
        thoracic_flexion_deg=float(thoracic),
        knee_flexion_deg=float(max(knee, 10.0)),
        neck_extension_deg=float(rng.uniform(0, 28)),
        lumbar_rhythm=float(rng.uniform(0.75, 1.2)),
        descent_s=float(rng.uniform(1.1, 2.1)),
        ascent_s=float(rng.uniform(0.8, 1.4)),
        pause_bottom_s=float(rng.uniform(0.05, 0.35)),
        pause_top_s=float(rng.uniform(0.3, 0.8)),
        standing_s=float(rng.uniform(0.7, 1.3)),
    )


def from_the_floor(plan: Plan, lifter: Lifter, plate_radius_m: float) -> Plan:
    """Bend the knees at the bottom until the plates of a hanging bar touch the floor.

    A lifter who cannot get there with knees between 10 and 125 degrees raises ValueError.
    """
    if lifter.grip is not Grip.HANGING:
        raise ValueError("from_the_floor needs a bar in hanging arms, got a racked bar")
    low, high = 10.0, 125.0

    def height_m(knee_deg: float) -> float:
        bent = replace(plan, knee_flexion_deg=knee_deg)
        angles = _angles(bent, lifter, 1.0, _Effort(plan.tuck_deg))
        return float(pose(lifter, angles).bar_m[2]) - plate_radius_m

    if height_m(low) < 0 or height_m(high) > 0:
        raise ValueError(
            f"bar height {height_m(low):.2f} to {height_m(high):.2f} m above the floor does not "
            "include 0: change the plan's pelvic tilt"
        )
    while high - low > 0.05:
        middle = (low + high) / 2
        low, high = (middle, high) if height_m(middle) > 0 else (low, middle)
    return replace(plan, knee_flexion_deg=(low + high) / 2)


def move(plan: Plan, lifter: Lifter, rng: np.random.Generator) -> Motion:
    """Play a plan: the same plan, lifter and generator state give the same motion."""
    from_floor = plan.lift is Lift.DEADLIFT
    # Plates on the floor leave no room to go deeper or rounder in one rep than in another.
    spread = 0.0 if from_floor else plan.rep_spread
    reel = _Reel(plan.fps)
    reps: list[RepTruth] = []
    for _ in range(plan.reps):
        effort = _Effort(
            tuck_deg=plan.tuck_deg * (1 + 2 * spread * rng.normal()),
            deepest=1 + spread * rng.normal(),
        )
        tempo = 1 + 2 * plan.rep_spread * rng.normal()
        low = effort.deepest
        rest = low if from_floor else 0.0
        if not reps:
            reel.hold(rest, plan.standing_s, effort)
        begin = reel.seconds
        if from_floor:
            reel.travel(low, 0.0, _PULL_SLOWNESS * plan.ascent_s * tempo, effort)
            reel.hold(0.0, plan.pause_top_s, effort)
        descent = reel.seconds
        reel.travel(0.0, low, plan.descent_s * tempo, effort)
        landed = reel.seconds
        if not from_floor:
            reel.hold(low, plan.pause_bottom_s, effort)
            reel.travel(low, 0.0, plan.ascent_s * tempo, effort)
        reps.append(
            RepTruth(
                start_s=begin,
                bottom_s=begin if from_floor else landed,
                end_s=reel.seconds,
                tuck_deg=effort.tuck_deg,
                onset_s=_onset_s(plan, effort, descent, landed),
            )
        )
        reel.hold(rest, plan.pause_top_s, effort)
    time_s = np.arange(len(reel.frames)) / plan.fps
    pelvis_sway, lumbar_sway = _sway(time_s, rng), _sway(time_s, rng)
    frames = []
    for (depth, effort), pelvis, lumbar in zip(reel.frames, pelvis_sway, lumbar_sway, strict=True):
        angles = _angles(plan, lifter, depth, effort)
        frames.append(
            replace(
                angles,
                pelvic_tilt_deg=angles.pelvic_tilt_deg + float(pelvis),
                lumbar_flexion_deg=angles.lumbar_flexion_deg + float(lumbar),
            )
        )
    return Motion(plan=plan, time_s=time_s, frames=tuple(frames), reps=tuple(reps))


@dataclass(frozen=True, slots=True)
class _Effort:
    """One repetition's own tuck and depth (1 is the planned bottom)."""

    tuck_deg: float
    deepest: float = 1.0


class _Reel:
    """Depth and effort frame by frame, written by holding still and by travelling."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self.frames: list[tuple[float, _Effort]] = []

    @property
    def seconds(self) -> float:
        return len(self.frames) / self._fps

    def hold(self, depth: float, length_s: float, effort: _Effort) -> None:
        self.frames += [(depth, effort)] * max(1, round(length_s * self._fps))

    def travel(self, start: float, end: float, length_s: float, effort: _Effort) -> None:
        count = max(4, round(length_s * self._fps))
        eased = _ease(np.arange(1, count + 1) / count)
        self.frames += [(float(start + (end - start) * share), effort) for share in eased]


def _onset_s(plan: Plan, effort: _Effort, descent_s: float, landed_s: float) -> float:
    if plan.fault is Fault.NONE:
        return float("nan")
    at_depth = plan.tuck_depth if plan.fault is Fault.BUTT_WINK else 0.0
    grid = np.linspace(0, 1, 2001)
    share = float(np.interp(at_depth / effort.deepest, _ease(grid), grid))
    return descent_s + share * (landed_s - descent_s)


def _angles(plan: Plan, lifter: Lifter, depth: float, effort: _Effort) -> TrueAngles:
    added = effort.tuck_deg * _fault_share(plan, depth, effort.deepest)
    clean_tilt_deg = plan.top_pelvic_tilt_deg + depth * (
        plan.pelvic_tilt_deg - plan.top_pelvic_tilt_deg
    )
    soft = lifter.standing.knee_flexion_deg
    return TrueAngles(
        pelvic_tilt_deg=clean_tilt_deg - plan.pelvis_share * added,
        lumbar_flexion_deg=plan.lumbar_flexion_deg * depth**plan.lumbar_rhythm + added,
        thoracic_flexion_deg=plan.thoracic_flexion_deg * depth,
        knee_flexion_deg=soft + (plan.knee_flexion_deg - soft) * _knee_share(plan.lift, depth),
        neck_extension_deg=plan.neck_extension_deg * depth,
    )


def _fault_share(plan: Plan, depth: float, deepest: float) -> float:
    """How much of a repetition's tuck is there at a depth: all of it at its deepest."""
    if plan.fault is Fault.NONE:
        return 0.0
    if plan.fault is Fault.ROUNDED:
        return float(_ease(min(depth / plan.tuck_depth, 1.0)))
    late = max((depth - plan.tuck_depth) / (deepest - plan.tuck_depth), 0.0)
    return float(late**2 * (3 - late) / 2)


def _knee_share(lift: Lift, depth: float) -> float:
    """How far the knees have bent at a depth: early in a hinge, late on the way to the floor."""
    if lift is Lift.SQUAT:
        return depth
    if lift is Lift.DEADLIFT:
        return float(depth**1.6)
    return float(1 - (1 - min(depth, 1.0)) ** 1.4)


def _ease(fraction: float | Floats) -> Floats:
    """Minimum-jerk travel from 0 to 1."""
    t = np.asarray(fraction, dtype=np.float64)
    eased: Floats = t**3 * (10 - 15 * t + 6 * t**2)
    return eased


def _sway(time_s: Floats, rng: np.random.Generator) -> Floats:
    waves = np.zeros_like(time_s)
    for _ in range(3):
        period_s, phase = rng.uniform(*_SWAY_PERIOD_S), rng.uniform(0, 2 * np.pi)
        waves += rng.normal(0, _SWAY_DEG / np.sqrt(1.5)) * np.sin(
            2 * np.pi * time_s / period_s + phase
        )
    return waves
