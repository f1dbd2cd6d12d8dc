"""Sets of simulated lifters as the findings see them, every angle true."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.findings import FINDINGS
from hingecheck.form.records import Code, Measure, Part, Reason, Verdict
from hingecheck.motion.records import Angles
from hingecheck.motion.records import Lift as ContractLift
from hingecheck.simulate.anatomy import pose
from hingecheck.simulate.body import Physique
from hingecheck.simulate.cast import random_scene, random_set
from hingecheck.simulate.evaluate.ceiling import true_set
from hingecheck.simulate.flaws import Flaws
from hingecheck.simulate.motion import move
from hingecheck.simulate.plan import Fault, Lift
from hingecheck.simulate.render import Scene
from hingecheck.simulate.truth import angles_of, places_of
from hingecheck.spine.records import Estimate

CLEAN = Flaws()

EVERY = 2
"""Frames are posed at 15 a second: posing is what takes the time."""


@cache
def scene_of(lift: Lift, seed: int) -> Scene:
    return random_scene(np.random.default_rng([seed, 41]), lift, physique=Physique())


@cache
def simulated(
    lift: Lift,
    seed: int,
    flaws: Flaws = CLEAN,
    fault: Fault = Fault.NONE,
    size_deg: float = 0.0,
    reps: int = 3,
) -> FilmedSet:
    """A set with these flaws and a back fault of this size."""
    scene = scene_of(lift, seed)
    rng = np.random.default_rng([seed, 42])
    plan = random_set(rng, scene, lift, fault, size_deg or None, flaws=flaws).plan
    motion = move(replace(plan, reps=reps), scene.lifter, rng)
    rows = []
    for angles in motion.frames[::EVERY]:
        posture = pose(scene.lifter, angles)
        rows.append(angles_of(posture) | places_of(scene.lifter, posture))
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    told = {Lift.STIFF_LEG: "rdl", Lift.TOE_TOUCH: "hinge"}.get(lift, lift.value)
    return true_set({"time_s": motion.time_s[::EVERY], **columns}, ContractLift(told))


def asked(code: Code, filmed: FilmedSet) -> list[Measure]:
    """Answers about the reps, or about the set, in order."""
    return FINDINGS[code](filmed)


def verdicts(code: Code, filmed: FilmedSet) -> set[Verdict]:
    return {measure.verdict for measure in asked(code, filmed)}


def shaken(filmed: FilmedSet, sd_deg: float) -> FilmedSet:
    """The same set with every angle and the hands known this badly."""
    angles = Angles(
        **{
            name: Estimate(estimate.value_deg, np.full(len(filmed.time_s), sd_deg))
            for name, estimate in filmed.angles.items()
        }
    )
    return replace(
        filmed, angles=angles, bar=replace(filmed.bar, sd_cm=np.full(len(filmed.time_s), sd_deg))
    )


def refusing(filmed: FilmedSet, *parts: Part) -> FilmedSet:
    """The same set with parts of the body out of sight."""
    hidden = {(rep.index, part): Reason.LIMB_HIDDEN for rep in filmed.reps for part in parts}
    return replace(filmed, refused=hidden)
