"""Random lifters, rooms and cameras: the population a model is trained and tested on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hingecheck.simulate.body import Physique, build_body, random_physique
from hingecheck.simulate.gym import random_gym
from hingecheck.simulate.lifter import Grip, Lifter, Standing
from hingecheck.simulate.motion import Fault, Lift, Motion, from_the_floor, move, random_plan
from hingecheck.simulate.outfit import random_outfit
from hingecheck.simulate.render import Barbell, Camera, Scene

__all__ = ["random_camera", "random_lifter", "random_scene", "random_set"]

_RACKED_LIFTS = (Lift.SQUAT, Lift.GOOD_MORNING)
_FULL_PLATE_M = 0.225
# Larger plates on a racked bar hide the whole head from a camera at the side.
_RACKED_PLATE_M = 0.16


def random_lifter(rng: np.random.Generator, lift: Lift, physique: Physique) -> Lifter:
    """Draw how somebody of this physique stands, grips and is set up for `lift`."""
    racked = lift in _RACKED_LIFTS
    body = build_body(physique)
    size = body.stature_m / 1.75
    return Lifter(
        body=body,
        standing=_random_standing(rng),
        stance_half_width_m=size
        * float(rng.uniform(0.16, 0.24) if racked else rng.uniform(0.1, 0.17)),
        toe_out_deg=float(rng.uniform(10, 28) if racked else rng.uniform(0, 15)),
        grip=Grip.RACKED if racked else Grip.HANGING,
        grip_half_width_m=size
        * float(rng.uniform(0.3, 0.42) if racked else rng.uniform(0.22, 0.28)),
        bar_mass_ratio=float(rng.uniform(0.25, 1.1)),
    )


def _random_standing(rng: np.random.Generator) -> Standing:
    """Draw a relaxed posture: backs differ by 5 to 8 degrees, but everyone stands upright."""
    lumbar_deg = float(np.clip(rng.normal(-5, 6), -18, 8))
    thoracic_deg = float(np.clip(rng.normal(3, 6), -10, 16))
    return Standing(
        pelvic_tilt_deg=float(rng.normal(1.5, 2.5)) - 0.65 * lumbar_deg - 0.3 * thoracic_deg,
        lumbar_flexion_deg=lumbar_deg,
        thoracic_flexion_deg=thoracic_deg,
        knee_flexion_deg=float(rng.uniform(2, 8)),
        neck_extension_deg=0.6 * thoracic_deg + float(rng.normal(0, 4)),
    )


def random_camera(rng: np.random.Generator, yaw_deg: float = 0.0) -> Camera:
    """Draw a phone position that keeps the whole lifter in the frame."""
    distance_m = float(rng.uniform(3.2, 4.6))
    aim_m = float(rng.uniform(0.82, 0.9))
    seen_m = float(rng.uniform(2.1, 2.6))
    return Camera(
        facing=int(rng.choice([-1, 1])),
        yaw_deg=yaw_deg,
        distance_m=distance_m,
        height_m=float(rng.uniform(0.6, 1.3)),
        aim_height_m=aim_m,
        view_angle_deg=float(np.degrees(2 * np.arctan(seen_m / 2 / distance_m))),
        width_px=640,
        height_px=480,
    )


def random_scene(
    rng: np.random.Generator, lift: Lift, yaw_deg: float = 0.0, physique: Physique | None = None
) -> Scene:
    """Draw everything a clip of `lift` shows; `physique` fixes the body."""
    physique = physique or random_physique(rng)
    lifter = random_lifter(rng, lift, physique)
    colour = rng.integers(20, 190, 3)
    barbell = Barbell(
        plate_radius_m=float(rng.choice([0.12, 0.16, 0.2, _FULL_PLATE_M])),
        plate_colour=(int(colour[0]), int(colour[1]), int(colour[2])),
    )
    if lift is Lift.DEADLIFT:
        barbell = replace(barbell, plate_radius_m=_FULL_PLATE_M)
    elif lift in _RACKED_LIFTS:
        barbell = replace(barbell, plate_radius_m=min(barbell.plate_radius_m, _RACKED_PLATE_M))
    return Scene(
        lifter=lifter,
        outfit=random_outfit(rng, bare_chest=physique.gender < 0.5 and rng.random() < 0.2),
        camera=random_camera(rng, yaw_deg),
        barbell=barbell,
        gym=random_gym(rng),
    )


def random_set(
    rng: np.random.Generator, scene: Scene, lift: Lift, fault: Fault, tuck_deg: float = 0.0
) -> Motion:
    """Draw and play a set that suits the scene."""
    plan = random_plan(rng, lift, fault, tuck_deg)
    if lift is Lift.DEADLIFT:
        plan = from_the_floor(plan, scene.lifter, scene.barbell.plate_radius_m)
    return move(plan, scene.lifter, rng)
