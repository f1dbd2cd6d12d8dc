"""Held-out clips: whole sets of lifters that no training has seen, on disk with their truth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from hingecheck.simulate.body import random_physique
from hingecheck.simulate.cast import random_scene, random_set
from hingecheck.simulate.evaluate.filming import cast_path, film_cast
from hingecheck.simulate.evaluate.records import FIRST_SEED, clip_name
from hingecheck.simulate.motion import Motion, move
from hingecheck.simulate.plan import Fault, Lift
from hingecheck.simulate.quality import random_quality
from hingecheck.simulate.render import Scene

__all__ = ["CELLS", "HeldOut"]

_LIFTS, _FAULTS = tuple(Lift), tuple(Fault)

CELLS = tuple(
    (_LIFTS[index % len(_LIFTS)], _FAULTS[(index + index // len(_LIFTS)) % len(_FAULTS)])
    for index in range(len(_LIFTS) * len(_FAULTS))
)
"""Every lift with every fault, mixed: clip after clip takes the next one."""

_LONGEST_S = 10.0
_REPS = 2
_SWINGS = 3


@dataclass(frozen=True, slots=True)
class HeldOut:
    """One clip of the held-out cast.

    Attributes:
        name: What its files are called.
        seed: All that it is drawn from.
        lift: What is lifted.
        fault: What the back does wrong.
    """

    name: str
    seed: int
    lift: Lift
    fault: Fault

    @classmethod
    def number(cls, index: int) -> HeldOut:
        """The clip of this number, 0 for the first."""
        return cls(clip_name(index), FIRST_SEED + index, *CELLS[index % len(CELLS)])

    def film(self, folder: Path) -> Path:
        """Film it into `folder` unless it is there; returns the clip's path."""
        clip = folder / f"{self.name}.mp4"
        if cast_path(clip).exists():
            return clip
        rng = np.random.default_rng([self.seed, 21])
        yaw_deg, physique = _random_yaw_deg(rng), random_physique(rng)
        scene = random_scene(rng, self.lift, yaw_deg, physique)
        motion = _short_set(rng, scene, self.lift, self.fault)
        film_cast(clip, self.seed, physique, scene, motion, random_quality(rng))
        return clip


def _random_yaw_deg(rng: np.random.Generator) -> float:
    low_deg, high_deg = ((0, 12), (12, 25), (25, 50))[rng.choice(3, p=[0.7, 0.2, 0.1])]
    return float(rng.choice([-1, 1]) * rng.uniform(low_deg, high_deg))


def _short_set(rng: np.random.Generator, scene: Scene, lift: Lift, fault: Fault) -> Motion:
    """A set of two repetitions, or of one where two take too long."""
    plan = random_set(rng, scene, lift, fault).plan
    most = _SWINGS if lift is Lift.SWING else _REPS
    plan = replace(plan, reps=min(plan.reps, most))
    motion = move(plan, scene.lifter, rng)
    if motion.time_s[-1] > _LONGEST_S:
        motion = move(replace(plan, reps=1), scene.lifter, rng)
    return motion
