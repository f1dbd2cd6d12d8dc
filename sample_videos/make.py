"""Render the sample clips again: `python sample_videos/make.py` (needs the `simulate` extra)."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from hingecheck.simulate.body import Physique, build_body
from hingecheck.simulate.film import simulate_clip
from hingecheck.simulate.lifter import Lifter, Standing
from hingecheck.simulate.motion import Fault, Lift, Plan, move
from hingecheck.simulate.render import Camera, Scene

PHYSIQUE = Physique(
    gender=0.05,
    muscle=0.85,
    weight=0.5,
    height=0.36,
    local={"buttocks-volume-incr": 0.35, "torso-muscle-dorsi-incr": 0.3},
)
STANDING = Standing(pelvic_tilt_deg=4, lumbar_flexion_deg=-7, thoracic_flexion_deg=3)
CAMERA = Camera(width_px=720, height_px=960, distance_m=4.0, view_angle_deg=30.5, aim_height_m=0.9)
NEUTRAL = Plan(lift=Lift.RDL, reps=3, pause_top_s=0.5)
WINK = replace(NEUTRAL, fault=Fault.BUTT_WINK, tuck_deg=21, tuck_depth=0.74, pelvis_share=0.75)
SAMPLES = {"rdl_neutral": NEUTRAL, "rdl_butt_wink": WINK}


def main() -> None:
    """Parse the command line and render."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder")
    parser.add_argument("--only", choices=sorted(SAMPLES), help="one sample instead of all")
    parser.add_argument("--seed", type=int, default=7, help="of the small differences between reps")
    arguments = parser.parse_args()
    lifter = Lifter(build_body(PHYSIQUE), standing=STANDING)
    scene = Scene(lifter, camera=CAMERA)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, plan in SAMPLES.items():
        if arguments.only in (None, name):
            motion = move(plan, lifter, np.random.default_rng(arguments.seed))
            simulate_clip(scene, motion, arguments.out / f"{name}.mp4", crf=22)


if __name__ == "__main__":
    main()
