"""Repetitions of a lift as true joint angles over time, clean or with a fault."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hingecheck.simulate.anatomy import TrueAngles
from hingecheck.simulate.beats import Beat, Effort, beat_angles, ease, fault_share, knee_share
from hingecheck.simulate.body import Floats
from hingecheck.simulate.floor import bar_height_m, from_the_floor
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.performance import bottom_depth, hips_first_path, tired, top_depth
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
# Hips that rise first are up after this share of the pull, and the bar leaves a little before.
_HIPS_UP, _BAR_LEAVES = 0.38, 0.27


@dataclass(frozen=True, slots=True)
class RepTruth:
    """One repetition as it was made.

    Attributes:
        start_s: Leaves the top (deadlift from the floor: the pull begins, whatever rises first).
        bottom_s: Deepest (deadlift: when the pull begins).
        end_s: As high as it gets (deadlift: back on the floor).
        tuck_deg: Lumbar flexion the fault added at the bottom; negative: extension. A butt wink
            that a shallow repetition does not reach adds nothing.
        onset_s: When the fault began to add it, in the descent; NaN without one.
        tired_deg: Lumbar flexion that fatigue added to the whole hinge.
    """

    start_s: float
    bottom_s: float
    end_s: float
    tuck_deg: float
    onset_s: float
    tired_deg: float = 0.0


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


def move(plan: Plan, lifter: Lifter, rng: np.random.Generator) -> Motion:
    """Play a plan: the same plan, lifter and generator state give the same motion."""
    from_floor = plan.lift is Lift.DEADLIFT
    # Plates on the floor leave no room to go deeper or rounder in one rep than in another.
    spread = 0.0 if from_floor else plan.rep_spread
    lead = _SWING_LEAD if plan.lift is Lift.SWING else 0.0
    descent_s = plan.flaws.fast_descent_s or plan.descent_s
    reel = _Reel(plan)
    reps: list[RepTruth] = []
    relaxed_until_s = 0.0
    for index in range(plan.reps):
        rested = Effort(
            tuck_deg=plan.tuck_deg * (1 + 2 * spread * rng.normal()),
            deepest=1 + spread * rng.normal(),
        )
        tempo = 1 + 2 * plan.rep_spread * rng.normal()
        effort = tired(plan, lifter, rested, index)
        low = bottom_depth(plan, lifter, effort, index)
        top = top_depth(plan, lifter, effort, index)
        rest = low if from_floor else 0.0
        if not reps:
            relaxed_until_s = reel.open(rest, effort)
        begin, above = reel.seconds, reel.beats[-1].depth
        if from_floor:
            reel.pull(_PULL_SLOWNESS * plan.ascent_s * tempo, top, lifter)
            reel.hold(plan.pause_top_s)
            above = top
        descent = reel.seconds + lead * descent_s * tempo
        # Put down, the bar is where the next pull begins.
        landing = tired(plan, lifter, rested, index + 1) if from_floor else effort
        reel.sink(descent_s * tempo, low, landing, wait=lead)
        ended = landed = reel.seconds
        if not from_floor:
            reel.hold(plan.pause_bottom_s)
            ended = reel.rise(plan.ascent_s * tempo, top, early=lead)
        reps.append(
            RepTruth(
                start_s=begin if from_floor else descent,
                bottom_s=begin if from_floor else landed,
                end_s=ended,
                tuck_deg=_tuck_deg(plan, effort, low),
                onset_s=_onset_s(plan, effort, (above, low), descent, landed),
                tired_deg=effort.tired_deg,
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
        angles = beat_angles(plan, lifter, beat)
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


class _Reel:
    """A set frame by frame, written by holding still and by travelling."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.beats: list[Beat] = []

    @property
    def seconds(self) -> float:
        """When the last frame so far is shown."""
        return (len(self.beats) - 1) / self._plan.fps

    def open(self, depth: float, effort: Effort) -> float:
        """Stand relaxed if planned, set up, and wait at `depth`; returns the relaxed seconds."""
        plan = self._plan
        arm_deg = plan.arm_rest_deg if depth == 0 else plan.arm_bottom_deg
        relaxed_s = 0.0
        if plan.relaxed_s > 0:
            self._hold(Beat(0.0, effort, 0.0, arm_deg=plan.arm_rest_deg), plan.relaxed_s)
            relaxed_s = self.seconds
            self._travel(_SET_UP_S, replace(self.beats[-1], set_up=1.0))
            if depth > 0:
                self._travel(plan.descent_s, replace(self.beats[-1], depth=depth, arm_deg=arm_deg))
        self._hold(Beat(depth, effort, arm_deg=arm_deg), plan.standing_s)
        return relaxed_s

    def hold(self, length_s: float) -> None:
        self._hold(self.beats[-1], length_s)

    def sink(self, length_s: float, low: float, effort: Effort, wait: float = 0.0) -> None:
        """Go down to `low`; the hips fold after a `wait`, a share of the time."""
        arm_deg = self._plan.arm_bottom_deg
        start = replace(self.beats[-1], effort=effort)
        end = replace(start, depth=low, arm_deg=arm_deg)
        self._travel(length_s, end, from_beat=start, depth_between=(wait, 1.0))

    def pull(self, length_s: float, top: float, lifter: Lifter) -> None:
        """Rise from the floor, the hips first if that is planned."""
        plan, start = self._plan, replace(self.beats[-1], locked=True)
        if plan.flaws.hips_first_deg == 0:
            self.rise(length_s, top)
            return
        leans, lost = hips_first_path(plan, lifter, start.effort)
        count = max(4, round(length_s * plan.fps))
        elapsed = np.arange(1, count + 1) / count
        hips_up = ease(np.clip(elapsed / _HIPS_UP, 0, 1))
        risen = ease(np.clip((elapsed - _BAR_LEAVES) / (1 - _BAR_LEAVES), 0, 1))
        for up, share in zip(hips_up, risen, strict=True):
            left = 1 - float(share)
            lean_deg, leaning = float(up) * leans[-1], knee_share(plan.lift, left)
            self.beats.append(
                replace(
                    start,
                    depth=top + (start.depth - top) * left,
                    arm_deg=plan.arm_top_deg + (start.arm_deg - plan.arm_top_deg) * left,
                    hips_first_deg=leaning * float(lean_deg),
                    unbent_deg=leaning * float(np.interp(lean_deg, leans, lost)),
                )
            )

    def rise(self, length_s: float, top: float = 0.0, early: float = 0.0) -> float:
        """Stand up to `top`; returns when the hips are through, `early` by a share."""
        start = replace(self.beats[-1], locked=True)
        end = replace(start, depth=top, arm_deg=self._plan.arm_top_deg)
        self._travel(length_s, end, from_beat=start, depth_between=(0.0, 1.0 - early))
        return self.seconds - early * length_s

    def lower_arms(self, length_s: float) -> None:
        self._travel(length_s, replace(self.beats[-1], arm_deg=self._plan.arm_rest_deg))

    def _hold(self, beat: Beat, length_s: float) -> None:
        self.beats += [beat] * max(1, round(length_s * self._plan.fps))

    def _travel(
        self,
        length_s: float,
        end: Beat,
        from_beat: Beat | None = None,
        depth_between: tuple[float, float] = (0.0, 1.0),
    ) -> None:
        start = from_beat or self.beats[-1]
        count = max(4, round(length_s * self._plan.fps))
        elapsed = np.arange(1, count + 1) / count
        first, last = depth_between
        eased = ease(elapsed)
        eased_depth = ease(np.clip((elapsed - first) / (last - first), 0, 1))
        for share, depth_share in zip(eased, eased_depth, strict=True):
            self.beats.append(
                replace(
                    end,
                    depth=float(start.depth + (end.depth - start.depth) * depth_share),
                    set_up=float(start.set_up + (end.set_up - start.set_up) * share),
                    arm_deg=float(start.arm_deg + (end.arm_deg - start.arm_deg) * share),
                )
            )


def _tuck_deg(plan: Plan, effort: Effort, low: float) -> float:
    if plan.fault is not Fault.BUTT_WINK or low == effort.deepest:
        return effort.tuck_deg
    return effort.tuck_deg * fault_share(plan, low, effort.deepest)


def _onset_s(
    plan: Plan, effort: Effort, between: tuple[float, float], descent_s: float, landed_s: float
) -> float:
    """When the descent from one depth to another reaches the one where the fault begins."""
    top, low = between
    at_depth = plan.tuck_depth if plan.fault is Fault.BUTT_WINK else 0.0
    if plan.fault is Fault.NONE or effort.tuck_deg == 0 or at_depth >= low:
        return float("nan")
    grid = np.linspace(0, 1, 2001)
    share = float(np.interp((at_depth - top) / (low - top), ease(grid), grid))
    return descent_s + share * (landed_s - descent_s)


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


def _sway(time_s: Floats, rng: np.random.Generator) -> Floats:
    waves = np.zeros_like(time_s)
    for _ in range(3):
        period_s, phase = rng.uniform(*_SWAY_PERIOD_S), rng.uniform(0, 2 * np.pi)
        waves += rng.normal(0, _SWAY_DEG / np.sqrt(1.5)) * np.sin(
            2 * np.pi * time_s / period_s + phase
        )
    return waves
