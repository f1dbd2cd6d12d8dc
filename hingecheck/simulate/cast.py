"""Random lifters, rooms and cameras: the population a model is trained and tested on."""

from __future__ import annotations

import numpy as np

from hingecheck.simulate.anatomy import TrueAngles
from hingecheck.simulate.body import Body, Physique, build_body, random_physique
from hingecheck.simulate.equipment import random_barbell, random_bell
from hingecheck.simulate.flaws import Flaws
from hingecheck.simulate.floor import on_the_floor
from hingecheck.simulate.free_posture import free_posture
from hingecheck.simulate.gym import random_gym
from hingecheck.simulate.lifter import Equipment, Grip, Lifter, Standing
from hingecheck.simulate.motion import Motion, move
from hingecheck.simulate.outfit import random_outfit
from hingecheck.simulate.performance import with_flaws
from hingecheck.simulate.plan import RACKED_LIFTS, Fault, Lift, random_plan
from hingecheck.simulate.render import Scene
from hingecheck.simulate.viewpoint import random_camera

__all__ = ["random_camera", "random_lifter", "random_posture", "random_scene", "random_set"]

_EQUIPMENT: dict[Lift, dict[Equipment, float]] = {
    Lift.RDL: {Equipment.BARBELL: 0.55, Equipment.DUMBBELLS: 0.25, Equipment.KETTLEBELL: 0.2},
    Lift.STIFF_LEG: {Equipment.BARBELL: 0.55, Equipment.DUMBBELLS: 0.25, Equipment.KETTLEBELL: 0.2},
    Lift.DEADLIFT: {Equipment.BARBELL: 1.0},
    Lift.GOOD_MORNING: {Equipment.BARBELL: 1.0},
    Lift.SQUAT: {Equipment.BARBELL: 0.7, Equipment.GOBLET: 0.18, Equipment.NONE: 0.12},
    Lift.SWING: {Equipment.KETTLEBELL: 1.0},
    Lift.HINGE: {Equipment.NONE: 1.0},
    Lift.TOE_TOUCH: {Equipment.NONE: 1.0},
}
# Load over body mass.
_MASS_RATIOS = {
    Equipment.BARBELL: (0.25, 1.2),
    Equipment.DUMBBELLS: (0.1, 0.6),
    Equipment.KETTLEBELL: (0.1, 0.3),
    Equipment.GOBLET: (0.1, 0.3),
    Equipment.NONE: (0.0, 0.0),
}
_SUMO_SHARE = 0.25
_HANDLE_HALF_WIDTH_M = 0.035
_FLAWLESS = Flaws()


def random_lifter(rng: np.random.Generator, lift: Lift, physique: Physique) -> Lifter:
    """Draw how somebody of this physique stands, grips and is set up for `lift`."""
    body = build_body(physique)
    size = body.stature_m / 1.75
    equipment = _random_equipment(rng, lift)
    grip = _random_grip(rng, lift, equipment)
    sumo = lift is Lift.DEADLIFT and rng.random() < _SUMO_SHARE
    stance_m, toe_out_deg = _random_feet(rng, lift, equipment, sumo)
    return Lifter(
        body=body,
        standing=_random_standing(rng),
        stance_half_width_m=size * stance_m,
        toe_out_deg=toe_out_deg,
        equipment=equipment,
        grip=grip,
        grip_half_width_m=_random_grip_half_width_m(rng, body, equipment, grip, sumo),
        shelf=float(rng.uniform(-0.15, 0.1) if rng.random() < 0.4 else rng.uniform(0.2, 0.45)),
        bar_mass_ratio=float(rng.uniform(*_MASS_RATIOS[equipment])),
    )


def _random_equipment(rng: np.random.Generator, lift: Lift) -> Equipment:
    choices = _EQUIPMENT[lift]
    shares = np.array(list(choices.values()))
    return list(choices)[int(rng.choice(len(shares), p=shares))]


def _random_grip(rng: np.random.Generator, lift: Lift, equipment: Equipment) -> Grip:
    match equipment:
        case Equipment.BARBELL:
            return Grip.RACKED if lift in RACKED_LIFTS else Grip.HANGING
        case Equipment.DUMBBELLS:
            return Grip.BESIDE if rng.random() < 0.5 else Grip.HANGING
        case Equipment.KETTLEBELL:
            return Grip.SWINGING if lift is Lift.SWING else Grip.HANGING
        case Equipment.GOBLET:
            return Grip.CHEST
        case Equipment.NONE:
            aside = 1.0 if lift is Lift.TOE_TOUCH else 0.55
            return (
                Grip.BESIDE if rng.random() < aside else Grip(rng.choice([Grip.HIPS, Grip.CROSSED]))
            )


def _random_feet(
    rng: np.random.Generator, lift: Lift, equipment: Equipment, sumo: bool
) -> tuple[float, float]:
    """Ankle's distance from the midline of somebody of 1.75 m, m, and turn-out, degrees."""
    if sumo:
        return float(rng.uniform(0.28, 0.38)), float(rng.uniform(30, 40))
    if lift in RACKED_LIFTS:
        return float(rng.uniform(0.16, 0.24)), float(rng.uniform(10, 28))
    if equipment is Equipment.KETTLEBELL:
        return float(rng.uniform(0.18, 0.26)), float(rng.uniform(5, 25))
    return float(rng.uniform(0.1, 0.17)), float(rng.uniform(0, 15))


def _random_grip_half_width_m(
    rng: np.random.Generator, body: Body, equipment: Equipment, grip: Grip, sumo: bool
) -> float:
    size = body.stature_m / 1.75
    hip_m = float(body.head("upperleg01.L")[1])
    if grip is Grip.RACKED:
        return size * float(rng.uniform(0.3, 0.42))
    if grip is Grip.BESIDE:
        return hip_m + size * float(rng.uniform(0.13, 0.2))
    if grip is Grip.HIPS:
        return hip_m + 0.05 * size
    if equipment in (Equipment.KETTLEBELL, Equipment.GOBLET):
        return _HANDLE_HALF_WIDTH_M
    if sumo or equipment is Equipment.DUMBBELLS:
        return size * float(rng.uniform(0.16, 0.21))
    return size * float(rng.uniform(0.22, 0.28))


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


def random_scene(
    rng: np.random.Generator, lift: Lift, yaw_deg: float = 0.0, physique: Physique | None = None
) -> Scene:
    """Draw everything a clip of `lift` shows; `physique` fixes the body."""
    physique = physique or random_physique(rng)
    lifter = random_lifter(rng, lift, physique)
    racked = lifter.grip is Grip.RACKED
    outfit = random_outfit(rng, bare_chest=physique.gender < 0.5 and rng.random() < 0.2)
    return Scene(
        lifter=lifter,
        outfit=outfit,
        camera=random_camera(rng, yaw_deg),
        barbell=random_barbell(rng, full_size=lift is Lift.DEADLIFT, racked=racked),
        bell=random_bell(rng),
        gym=random_gym(rng, echo=(outfit.skin, outfit.shirt, outfit.shorts)),
    )


def random_set(
    rng: np.random.Generator,
    scene: Scene,
    lift: Lift,
    fault: Fault,
    tuck_deg: float | None = None,
    flaws: Flaws = _FLAWLESS,
) -> Motion:
    """Draw and play a set that suits the scene; `tuck_deg` None draws the fault's size."""
    plan = random_plan(rng, lift, fault, tuck_deg, scene.lifter)
    plate_radius_m = scene.barbell.plate_radius_m
    if flaws != _FLAWLESS:
        plan = with_flaws(plan, scene.lifter, flaws, plate_radius_m)
    elif lift is Lift.DEADLIFT:
        plan = on_the_floor(plan, scene.lifter, plate_radius_m)
    return move(plan, scene.lifter, rng)


def random_posture(rng: np.random.Generator, scene: Scene, lift: Lift) -> TrueAngles:
    """Draw one posture of `lift` whose spine cannot be guessed from its depth."""
    return free_posture(rng, scene.lifter, lift, scene.barbell.plate_radius_m)
