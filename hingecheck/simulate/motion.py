"""Repetitions of a lift as true joint angles over time, clean or with a fault."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import brentq

from hingecheck.simulate.anatomy import TrueAngles, pose
from hingecheck.simulate.body import Floats
from hingecheck.simulate.lifter import Grip, Lifter
from hingecheck.simulate.plan import Fault, Lift, Plan, random_plan

__all__ = [
    "Fault",
    "Lift",
    "Motion",
    "Plan",
    "RepTruth",
    "bar_height_m",
    "from_the_floor",
    "move",
    "random_plan",
]

# Slow wander of a living body, degrees.
_SWAY_DEG = 0.35
_SWAY_PERIOD_S = (0.9, 3.5)
# A pull from the floor takes longer than standing up from the same plan's hinge.
_PULL_SLOWNESS = 1.3
_SET_UP_S = 0.6
# A swing's arms fall before the hips fold, and the hips are through before the arms are up.
_SWING_LEAD = 0.3
_SWING_SETTLES_S = 0.7
# Depth above which the body straightens into its lockout.
_LOCKOUT_DEPTH = 0.3
# Trunk lean per degree of lumbar flexion: leaning back by the spine alone leaves the pelvis.
_LEAN_PER_LUMBAR = 0.65
_LOW_KNEE_DEG, _HIGH_KNEE_DEG = 10.0, 125.0
_KNEE_STEP_DEG = 0.05


@dataclass(frozen=True, slots=True)
class RepTruth:
    """One repetition as it was made.

    Attributes:
        start_s: Leaves standing (deadlift from the floor: leaves the floor).
        bottom_s: Deepest (deadlift: when the pull begins).
        end_s: Stands again (deadlift: back on the floor).
        tuck_deg: Lumbar flexion the fault added at the bottom; negative: extension.
        onset_s: When the fault began to add it, in the descent; NaN without one.
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
        relaxed_until_s: The lifter stands relaxed from the start until then; 0 if not at all.
    """

    plan: Plan
    time_s: Floats
    frames: tuple[TrueAngles, ...]
    reps: tuple[RepTruth, ...]
    relaxed_until_s: float = 0.0


def bar_height_m(plan: Plan, lifter: Lifter) -> float:
    """Height of the middle of a hanging bar at the bottom of a plan."""
    angles = _angles(plan, lifter, _Beat(1.0, _Effort(plan.tuck_deg)))
    return float(pose(lifter, angles).bar_m[2])


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


def move(plan: Plan, lifter: Lifter, rng: np.random.Generator) -> Motion:
    """Play a plan: the same plan, lifter and generator state give the same motion."""
    from_floor = plan.lift is Lift.DEADLIFT
    # Plates on the floor leave no room to go deeper or rounder in one rep than in another.
    spread = 0.0 if from_floor else plan.rep_spread
    lead = _SWING_LEAD if plan.lift is Lift.SWING else 0.0
    reel = _Reel(plan)
    reps: list[RepTruth] = []
    relaxed_until_s = 0.0
    for _ in range(plan.reps):
        effort = _Effort(
            tuck_deg=plan.tuck_deg * (1 + 2 * spread * rng.normal()),
            deepest=1 + spread * rng.normal(),
        )
        tempo = 1 + 2 * plan.rep_spread * rng.normal()
        low = effort.deepest
        rest = low if from_floor else 0.0
        if not reps:
            relaxed_until_s = reel.open(rest, effort)
        begin = reel.seconds
        if from_floor:
            reel.rise(_PULL_SLOWNESS * plan.ascent_s * tempo)
            reel.hold(plan.pause_top_s)
        descent = reel.seconds + lead * plan.descent_s * tempo
        reel.sink(plan.descent_s * tempo, low, effort, wait=lead)
        ended = landed = reel.seconds
        if not from_floor:
            reel.hold(plan.pause_bottom_s)
            ended = reel.rise(plan.ascent_s * tempo, early=lead)
        reps.append(
            RepTruth(
                start_s=begin if from_floor else descent,
                bottom_s=begin if from_floor else landed,
                end_s=ended,
                tuck_deg=effort.tuck_deg,
                onset_s=_onset_s(plan, effort, descent, landed),
            )
        )
        reel.hold(plan.pause_top_s)
    if plan.lift is Lift.SWING:
        reel.lower_arms(_SWING_SETTLES_S)
    time_s = np.arange(len(reel.beats)) / plan.fps
    pelvis_sway, lumbar_sway = _sway(time_s, rng), _sway(time_s, rng)
    look, shift = _fidget(plan, time_s, relaxed_until_s, rng)
    frames = []
    for index, beat in enumerate(reel.beats):
        angles = _angles(plan, lifter, beat)
        frames.append(
            replace(
                angles,
                pelvic_tilt_deg=angles.pelvic_tilt_deg + float(pelvis_sway[index] + shift[index]),
                lumbar_flexion_deg=angles.lumbar_flexion_deg
                + float(lumbar_sway[index] - 0.8 * shift[index]),
                knee_flexion_deg=angles.knee_flexion_deg + abs(float(shift[index])),
                neck_extension_deg=angles.neck_extension_deg + float(look[index]),
            )
        )
    return Motion(plan, time_s, tuple(frames), tuple(reps), relaxed_until_s)


@dataclass(frozen=True, slots=True)
class _Effort:
    """One repetition's own tuck and depth (1 is the planned bottom)."""

    tuck_deg: float
    deepest: float = 1.0


@dataclass(frozen=True, slots=True)
class _Beat:
    """One frame of a set.

    Attributes:
        depth: 0 standing, 1 the planned bottom.
        effort: The repetition it belongs to.
        set_up: 0 relaxed, 1 in the posture of the load.
        locked: Whether standing straight means a lockout: not before the first repetition.
        arm_deg: Straight arms, forward from the plumb line.
    """

    depth: float
    effort: _Effort
    set_up: float = 1.0
    locked: bool = False
    arm_deg: float = 0.0


class _Reel:
    """A set frame by frame, written by holding still and by travelling."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.beats: list[_Beat] = []

    @property
    def seconds(self) -> float:
        """When the last frame so far is shown."""
        return (len(self.beats) - 1) / self._plan.fps

    def open(self, depth: float, effort: _Effort) -> float:
        """Stand relaxed if planned, set up, and wait at `depth`; returns the relaxed seconds."""
        plan = self._plan
        arm_deg = plan.arm_rest_deg if depth == 0 else plan.arm_bottom_deg
        relaxed_s = 0.0
        if plan.relaxed_s > 0:
            self._hold(_Beat(0.0, effort, 0.0, arm_deg=plan.arm_rest_deg), plan.relaxed_s)
            relaxed_s = self.seconds
            self._travel(_SET_UP_S, replace(self.beats[-1], set_up=1.0))
            if depth > 0:
                self._travel(plan.descent_s, replace(self.beats[-1], depth=depth, arm_deg=arm_deg))
        self._hold(_Beat(depth, effort, arm_deg=arm_deg), plan.standing_s)
        return relaxed_s

    def hold(self, length_s: float) -> None:
        self._hold(self.beats[-1], length_s)

    def sink(self, length_s: float, low: float, effort: _Effort, wait: float = 0.0) -> None:
        """Go down to `low`; the hips fold after a `wait`, a share of the time."""
        arm_deg = self._plan.arm_bottom_deg
        start = replace(self.beats[-1], effort=effort)
        end = replace(start, depth=low, arm_deg=arm_deg)
        self._travel(length_s, end, from_beat=start, depth_between=(wait, 1.0))

    def rise(self, length_s: float, early: float = 0.0) -> float:
        """Stand up and lock out; returns when the hips are through, `early` by a share."""
        start = replace(self.beats[-1], locked=True)
        end = replace(start, depth=0.0, arm_deg=self._plan.arm_top_deg)
        self._travel(length_s, end, from_beat=start, depth_between=(0.0, 1.0 - early))
        return self.seconds - early * length_s

    def lower_arms(self, length_s: float) -> None:
        self._travel(length_s, replace(self.beats[-1], arm_deg=self._plan.arm_rest_deg))

    def _hold(self, beat: _Beat, length_s: float) -> None:
        self.beats += [beat] * max(1, round(length_s * self._plan.fps))

    def _travel(
        self,
        length_s: float,
        end: _Beat,
        from_beat: _Beat | None = None,
        depth_between: tuple[float, float] = (0.0, 1.0),
    ) -> None:
        start = from_beat or self.beats[-1]
        count = max(4, round(length_s * self._plan.fps))
        elapsed = np.arange(1, count + 1) / count
        first, last = depth_between
        eased = _ease(elapsed)
        eased_depth = _ease(np.clip((elapsed - first) / (last - first), 0, 1))
        for share, depth_share in zip(eased, eased_depth, strict=True):
            self.beats.append(
                replace(
                    end,
                    depth=float(start.depth + (end.depth - start.depth) * depth_share),
                    set_up=float(start.set_up + (end.set_up - start.set_up) * share),
                    arm_deg=float(start.arm_deg + (end.arm_deg - start.arm_deg) * share),
                )
            )


def _onset_s(plan: Plan, effort: _Effort, descent_s: float, landed_s: float) -> float:
    if plan.fault is Fault.NONE or plan.tuck_deg == 0:
        return float("nan")
    at_depth = plan.tuck_depth if plan.fault is Fault.BUTT_WINK else 0.0
    grid = np.linspace(0, 1, 2001)
    share = float(np.interp(at_depth / effort.deepest, _ease(grid), grid))
    return descent_s + share * (landed_s - descent_s)


def _angles(plan: Plan, lifter: Lifter, beat: _Beat) -> TrueAngles:
    depth, effort, set_up = beat.depth, beat.effort, beat.set_up
    added = effort.tuck_deg * _fault_share(plan, depth, effort.deepest)
    arch_deg = lean_deg = 0.0
    if beat.locked and depth < _LOCKOUT_DEPTH:
        straight = float(_ease(1 - depth / _LOCKOUT_DEPTH))
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
        - lean_deg,
        lumbar_flexion_deg=clean_lumbar_deg + added - arch_deg,
        thoracic_flexion_deg=between(
            plan.top_thoracic_flexion_deg, plan.thoracic_flexion_deg, depth
        ),
        knee_flexion_deg=soft + (plan.knee_flexion_deg - soft) * _knee_share(plan.lift, depth),
        neck_extension_deg=plan.neck_extension_deg * depth,
        arm_raise_deg=beat.arm_deg,
    )


def _fault_share(plan: Plan, depth: float, deepest: float) -> float:
    """How much of a repetition's tuck is there at a depth: all of it at its deepest."""
    if plan.fault is Fault.NONE:
        return 0.0
    if plan.fault is Fault.BUTT_WINK:
        late = max((depth - plan.tuck_depth) / (deepest - plan.tuck_depth), 0.0)
        return float(late**2 * (3 - late) / 2)
    return float(_ease(min(depth / plan.tuck_depth, 1.0)))


def _knee_share(lift: Lift, depth: float) -> float:
    """How far the knees have bent at a depth: early in a hinge, late on the way to the floor."""
    if lift is Lift.SQUAT:
        return depth
    if lift is Lift.DEADLIFT:
        return float(depth**1.6)
    return float(1 - (1 - min(depth, 1.0)) ** 1.4)


def _fidget(
    plan: Plan, time_s: Floats, relaxed_until_s: float, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Looking up and down, and weight shifts, while relaxed: degrees of neck and pelvis."""
    still = np.zeros_like(time_s)
    if relaxed_until_s == 0 or (plan.look_deg == 0 and plan.shift_deg == 0):
        return still, still
    among = np.clip(time_s / relaxed_until_s, 0, 1)
    swell = np.sin(np.pi * among) ** 0.5
    waves = [
        np.sin(2 * np.pi * (rng.uniform(0.4, 0.9) * time_s + rng.uniform())) * swell
        for _ in range(2)
    ]
    return plan.look_deg * waves[0], plan.shift_deg * waves[1]


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
