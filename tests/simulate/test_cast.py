"""Random scenes and sets: every lift with every fault, whoever lifts."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np
import pytest

from hingecheck.simulate.anatomy import pose
from hingecheck.simulate.cast import random_posture, random_scene, random_set
from hingecheck.simulate.lifter import Grip
from hingecheck.simulate.plan import RACKED_LIFTS, Fault, Lift

TABLE = [
    (10 * row + column, lift, fault)
    for row, lift in enumerate(Lift)
    for column, fault in enumerate(Fault)
]


@pytest.mark.parametrize(("seed", "lift", "fault"), TABLE)
def test_every_lift_with_every_fault_can_be_played(seed, lift, fault) -> None:
    rng = np.random.default_rng(seed)
    scene = random_scene(rng, lift)
    motion = random_set(rng, scene, lift, fault)
    assert (motion.plan.lift, motion.plan.fault) == (lift, fault)
    assert len(motion.frames) == len(motion.time_s) > 30
    assert len(motion.reps) == motion.plan.reps >= 2
    bottom = motion.frames[np.searchsorted(motion.time_s, motion.reps[0].bottom_s - 1e-6)]
    for angles in (motion.frames[0], bottom, random_posture(rng, scene, lift)):
        posture = pose(scene.lifter, angles)
        assert np.isfinite(astuple(angles)).all()
        assert np.isfinite(posture.transforms).all()
        assert posture.bar_m[2] > 0
    assert (scene.lifter.grip is Grip.RACKED) <= (lift in RACKED_LIFTS)


def test_deadlifts_begin_on_their_plates() -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        scene = random_scene(rng, Lift.DEADLIFT)
        motion = random_set(rng, scene, Lift.DEADLIFT, Fault.ROUNDED)
        start = round(motion.reps[0].start_s * motion.plan.fps)
        height_m = pose(scene.lifter, motion.frames[start]).bar_m[2]
        assert height_m == pytest.approx(scene.barbell.plate_radius_m, abs=0.03)


def test_same_seed_draws_the_same_lifter_in_the_same_place() -> None:
    first, again, other = (random_scene(np.random.default_rng(s), Lift.SQUAT) for s in (4, 4, 5))
    for part in ("outfit", "camera", "barbell", "gym"):
        assert getattr(first, part) == getattr(again, part)
    np.testing.assert_array_equal(first.lifter.body.vertices_m, again.lifter.body.vertices_m)
    assert first.camera != other.camera
    assert first.lifter.body.stature_m != other.lifter.body.stature_m
