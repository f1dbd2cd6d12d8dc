"""Clips that show flaws of form: whole sets of lifters no training has seen, with their truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np

from hingecheck.simulate.body import random_physique
from hingecheck.simulate.cast import random_scene, random_set
from hingecheck.simulate.evaluate.filming import cast_path, film_cast
from hingecheck.simulate.evaluate.processes import in_processes
from hingecheck.simulate.flaws import FATIGUED_REPS, Fatigue, Flaws, random_flaws
from hingecheck.simulate.motion import Motion, move
from hingecheck.simulate.plan import Fault, Lift
from hingecheck.simulate.quality import random_quality
from hingecheck.simulate.render import Scene

__all__ = ["DEVELOPMENT_SEED", "HELD_OUT_SEED", "LOOKED_AT", "FlawedClip", "film_flawed"]

HELD_OUT_SEED = 3_000_000
"""From here on for reporting."""
LOOKED_AT = 80
"""So many of the first of those have since been looked at, to mend what they showed; the page is of
the ones after them."""
DEVELOPMENT_SEED = 1_100_000
"""From here on for looking and for choosing thresholds."""

_LIFTS = tuple(Lift)
_BACKS = (Fault.BUTT_WINK, Fault.ROUNDED, Fault.OVEREXTENDED)
_MOST_YAW_DEG = 12.0
_REPS = 3
_SWINGS = 5
_LONGEST_S = 16.0
_DRAWS = 12


@dataclass(frozen=True, slots=True)
class FlawedClip:
    """One clip of a set with random flaws.

    Attributes:
        name: What its files are called: its seed.
        seed: All that it is drawn from.
        lift: What is lifted.
        fault: What the back does wrong; nothing in every other clip.
    """

    name: str
    seed: int
    lift: Lift
    fault: Fault

    @classmethod
    def number(cls, index: int, first_seed: int) -> FlawedClip:
        """The clip of this number, 0 for the first."""
        row, column = divmod(index, len(_LIFTS))
        fault = _BACKS[(row // 2 + column) % len(_BACKS)]
        seed = first_seed + index
        clean = (row + column) % 2 == 0
        return cls(str(seed), seed, _LIFTS[column], Fault.NONE if clean else fault)

    def film(self, folder: Path) -> Path:
        """Film it into `folder` unless it is there; returns the clip's path."""
        clip = folder / f"{self.name}.mp4"
        if cast_path(clip).exists():
            return clip
        rng = np.random.default_rng([self.seed, 23])
        yaw_deg, physique = float(rng.uniform(-_MOST_YAW_DEG, _MOST_YAW_DEG)), random_physique(rng)
        scene = random_scene(rng, self.lift, yaw_deg, physique)
        motion = self._set(rng, scene)
        film_cast(clip, self.seed, physique, scene, motion, random_quality(rng))
        return clip

    def _set(self, rng: np.random.Generator, scene: Scene) -> Motion:
        """A set of at most 16 s, or the shortest of a dozen, at the pace it was drawn with."""
        reps = _SWINGS if self.lift is Lift.SWING else _REPS
        flaws = random_flaws(rng, self.lift, reps=reps)
        shortest: Motion | None = None
        for _ in range(_DRAWS):
            motion = _play(rng, scene, self.lift, self.fault, flaws, reps)
            if shortest is None or motion.time_s[-1] < shortest.time_s[-1]:
                shortest = motion
            if shortest.time_s[-1] <= _LONGEST_S:
                break
        assert shortest is not None
        return shortest


def film_flawed(folder: Path, clips: Sequence[FlawedClip], workers: int) -> Iterator[str]:
    """Film the clips that are not yet there; yields a line about each of them."""
    folder.mkdir(parents=True, exist_ok=True)
    yield from in_processes(partial(_film, folder), clips, workers)


def _film(folder: Path, clip: FlawedClip) -> str:
    begun = perf_counter()
    clip.film(folder)
    return f"{clip.name} {clip.lift} {clip.fault}: film {perf_counter() - begun:.0f} s"


def _play(
    rng: np.random.Generator, scene: Scene, lift: Lift, fault: Fault, flaws: Flaws, reps: int
) -> Motion:
    plan = random_set(rng, scene, lift, fault, flaws=flaws).plan
    if plan.flaws.fatigue != Fatigue():
        reps = FATIGUED_REPS
    return move(replace(plan, reps=reps), scene.lifter, rng)
