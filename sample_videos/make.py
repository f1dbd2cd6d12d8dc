"""Render the sample clips again: `python sample_videos/make.py` (needs the `simulate` extra)."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from hingecheck.simulate.body import Physique, build_body
from hingecheck.simulate.equipment import FULL_PLATE_M
from hingecheck.simulate.film import simulate_clip
from hingecheck.simulate.gym import Gym
from hingecheck.simulate.lifter import Grip, Lifter, Standing
from hingecheck.simulate.motion import Fault, Lift, Plan, from_the_floor, move
from hingecheck.simulate.outfit import Clothing, HairStyle, Outfit
from hingecheck.simulate.render import Barbell, Camera, Scene
from hingecheck.simulate.tidy import tidy_camera, tidy_outfit


@dataclass(frozen=True, slots=True)
class Person:
    """A body, how it stands, and what it wears."""

    physique: Physique
    standing: Standing
    outfit: Outfit = field(default_factory=Outfit)


@dataclass(frozen=True, slots=True)
class Sample:
    """One clip.

    Attributes:
        person: Who lifts.
        plan: What they do.
        camera: From where; None takes the tidy one from `yaw_deg`.
        facing: +1 the lifter faces image right, -1 image left.
        yaw_deg: How far the tidy camera stands from the true side view.
        barbell: What they lift.
        racked: Whether the bar lies across the upper back.
        gym: Where.
        stance_half_width_m: Ankle's distance from the midline.
        toe_out_deg: Feet turned outward.
    """

    person: Person
    plan: Plan
    camera: Camera | None = None
    facing: int = 1
    yaw_deg: float = 0.0
    barbell: Barbell = field(default_factory=Barbell)
    racked: bool = False
    gym: Gym = field(default_factory=Gym)
    stance_half_width_m: float = 0.13
    toe_out_deg: float = 8.0


SLIM = Person(
    Physique(
        gender=0.05,
        muscle=0.85,
        weight=0.5,
        height=0.36,
        local={"buttocks-volume-incr": 0.35, "torso-muscle-dorsi-incr": 0.3},
    ),
    Standing(pelvic_tilt_deg=4, lumbar_flexion_deg=-7, thoracic_flexion_deg=3),
)
SLIM_IN_GREEN = replace(
    SLIM, outfit=replace(tidy_outfit(Clothing.REGULAR), shirt=(58, 108, 82), shorts=(40, 46, 60))
)
SOLID = Person(
    Physique(gender=0.08, age=0.75, muscle=0.9, weight=0.72, height=0.42),
    Standing(pelvic_tilt_deg=3, lumbar_flexion_deg=-5, thoracic_flexion_deg=5),
    replace(
        tidy_outfit(Clothing.REGULAR),
        skin=(120, 80, 58),
        hair=(28, 24, 22),
        hair_m=0.004,
        shirt=(150, 62, 56),
        shorts=(40, 42, 48),
    ),
)
ATHLETE = Person(
    Physique(
        gender=0.95,
        muscle=0.75,
        weight=0.42,
        height=0.34,
        local={"buttocks-volume-incr": 0.4},
    ),
    Standing(pelvic_tilt_deg=5, lumbar_flexion_deg=-8, thoracic_flexion_deg=2),
    replace(
        tidy_outfit(Clothing.TIGHT),
        skin=(225, 176, 148),
        hair=(92, 62, 38),
        hair_style=HairStyle.BUN,
        hair_length_m=0.065,
        shirt=(116, 82, 134),
        shorts=(38, 42, 54),
        leg=0.7,
        legs=replace(tidy_outfit().legs, ease_m=0.002, bridge=0.0),
    ),
)

RDL = Plan(lift=Lift.RDL, reps=3, pause_top_s=0.5)
DEADLIFT = Plan(
    lift=Lift.DEADLIFT,
    fault=Fault.ROUNDED,
    reps=2,
    tuck_deg=22,
    tuck_depth=0.35,
    pelvic_tilt_deg=52,
    lumbar_flexion_deg=12,
    thoracic_flexion_deg=6,
    neck_extension_deg=30,
    descent_s=1.3,
    ascent_s=1.0,
    pause_top_s=0.4,
    standing_s=0.9,
)
GOOD_MORNING = Plan(
    lift=Lift.GOOD_MORNING,
    reps=2,
    pelvic_tilt_deg=52,
    top_pelvic_tilt_deg=5,
    lumbar_flexion_deg=10,
    knee_flexion_deg=24,
    neck_extension_deg=18,
    pause_top_s=0.4,
)
SQUAT = Plan(
    lift=Lift.SQUAT,
    fault=Fault.BUTT_WINK,
    reps=2,
    tuck_deg=20,
    tuck_depth=0.7,
    pelvis_share=0.8,
    pelvic_tilt_deg=28,
    top_pelvic_tilt_deg=5,
    lumbar_flexion_deg=14,
    knee_flexion_deg=116,
    neck_extension_deg=8,
    descent_s=1.7,
    ascent_s=1.2,
    pause_top_s=0.4,
)
# Small enough to leave the shoulder in sight.
ON_THE_BACK = Barbell(plate_radius_m=0.135, plate_colour=(38, 40, 44), ring_colour=(150, 152, 156))
WARM = Gym(wall=(204, 197, 184), dado=(156, 141, 126), seed=4)
COOL = Gym(wall=(188, 196, 202), dado=(120, 134, 140), seed=9, light_from_deg=60)
FIRST_CAMERA = Camera(
    width_px=720, height_px=960, distance_m=4.0, view_angle_deg=30.5, aim_height_m=0.9
)

SAMPLES = {
    "rdl_neutral": Sample(SLIM, RDL, FIRST_CAMERA),
    "rdl_butt_wink": Sample(
        SLIM,
        replace(RDL, fault=Fault.BUTT_WINK, tuck_deg=21, tuck_depth=0.74, pelvis_share=0.75),
        FIRST_CAMERA,
    ),
    "deadlift_rounded": Sample(
        SOLID,
        DEADLIFT,
        barbell=Barbell(
            plate_radius_m=FULL_PLATE_M, plate_colour=(34, 62, 140), ring_colour=(190, 190, 188)
        ),
        gym=replace(COOL, light_from_deg=-60),
    ),
    "good_morning": Sample(
        SLIM_IN_GREEN, GOOD_MORNING, barbell=ON_THE_BACK, racked=True, gym=WARM, toe_out_deg=12
    ),
    "squat_butt_wink": Sample(
        ATHLETE,
        SQUAT,
        facing=-1,
        barbell=ON_THE_BACK,
        racked=True,
        gym=COOL,
        stance_half_width_m=0.19,
        toe_out_deg=20,
    ),
    "rdl_oblique": Sample(ATHLETE, replace(RDL, reps=2), yaw_deg=40, gym=WARM),
}


def scene_of(sample: Sample) -> Scene:
    """The lifter in place, dressed, loaded and in view."""
    lifter = Lifter(
        build_body(sample.person.physique),
        standing=sample.person.standing,
        grip=Grip.RACKED if sample.racked else Grip.HANGING,
        grip_half_width_m=0.36 if sample.racked else 0.24,
        stance_half_width_m=sample.stance_half_width_m,
        toe_out_deg=sample.toe_out_deg,
    )
    camera = sample.camera or tidy_camera(lifter.body, sample.facing, sample.yaw_deg)
    return Scene(lifter, sample.person.outfit, camera, barbell=sample.barbell, gym=sample.gym)


def main() -> None:
    """Parse the command line and render."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder")
    parser.add_argument(
        "--only", choices=sorted(SAMPLES), nargs="+", default=list(SAMPLES), help="some of them"
    )
    parser.add_argument("--seed", type=int, default=7, help="of the small differences between reps")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.only:
        scene, plan = scene_of(SAMPLES[name]), SAMPLES[name].plan
        if plan.lift is Lift.DEADLIFT:
            plan = from_the_floor(plan, scene.lifter, scene.barbell.plate_radius_m)
        motion = move(plan, scene.lifter, np.random.default_rng(arguments.seed))
        simulate_clip(scene, motion, arguments.out / f"{name}.mp4", crf=22)


if __name__ == "__main__":
    main()
