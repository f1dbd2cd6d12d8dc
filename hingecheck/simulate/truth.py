"""What a simulated clip really shows: a csv with the contract's angles and a json about the set."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from hingecheck.simulate.anatomy import Posture
from hingecheck.simulate.flaws import Flaws
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.motion import Lift, Motion
from hingecheck.simulate.render import Camera

__all__ = ["ANGLE_COLUMNS", "PLACE_COLUMNS", "angles_of", "places_of", "write_truth"]

SCHEMA = "hingecheck.truth/1"

# The result contract tells fewer lifts apart.
_CONTRACT_LIFTS = {Lift.STIFF_LEG: Lift.RDL, Lift.TOE_TOUCH: Lift.HINGE}

ANGLE_COLUMNS = (
    "trunk_inclination_deg",
    "pelvic_tilt_deg",
    "lumbar_flexion_deg",
    "thoracic_flexion_deg",
    "thigh_inclination_deg",
    "shank_inclination_deg",
    "knee_flexion_deg",
    "hip_flexion_deg",
    "trunk_thigh_flexion_deg",
    "neck_extension_deg",
)

PLACE_COLUMNS = ("bar_forward_m", "wrist_height_m", "hip_height_m")


def angles_of(posture: Posture) -> dict[str, float]:
    """The contract's angles of one posture, by column name."""
    angles = posture.angles
    return {
        "trunk_inclination_deg": posture.trunk_inclination_deg,
        "pelvic_tilt_deg": angles.pelvic_tilt_deg,
        "lumbar_flexion_deg": angles.lumbar_flexion_deg,
        "thoracic_flexion_deg": angles.thoracic_flexion_deg,
        "thigh_inclination_deg": posture.thigh_inclination_deg,
        "shank_inclination_deg": posture.shank_inclination_deg,
        "knee_flexion_deg": posture.thigh_inclination_deg + posture.shank_inclination_deg,
        "hip_flexion_deg": angles.pelvic_tilt_deg + posture.thigh_inclination_deg,
        "trunk_thigh_flexion_deg": posture.trunk_inclination_deg + posture.thigh_inclination_deg,
        "neck_extension_deg": angles.neck_extension_deg,
    }


def places_of(lifter: Lifter, posture: Posture) -> dict[str, float]:
    """Where hands and hips are in one posture, m, by column name.

    `bar_forward_m` is from the middle of the feet, half-way from heel to toe, to the middle of
    the wrists in the sagittal plane, positive to the front; heights are above the soles.
    """
    body = lifter.body
    wrist_m = body.middle(posture.joints_m, "wrist")
    mid_foot_m = body.mid_foot_m * float(np.cos(np.radians(lifter.toe_out_deg)))
    return {
        "bar_forward_m": float(wrist_m[0]) - mid_foot_m,
        "wrist_height_m": float(wrist_m[2]),
        "hip_height_m": float(body.middle(posture.joints_m, "upperleg01")[2]),
    }


def write_truth(
    stem: Path, motion: Motion, postures: list[Posture], lifter: Lifter, camera: Camera
) -> None:
    """Write `<stem>_truth.csv`, a row per frame, and `<stem>_truth.json` about the set."""
    with stem.with_name(f"{stem.name}_truth.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("frame", "time_s", *ANGLE_COLUMNS, *PLACE_COLUMNS))
        for frame, (time_s, posture) in enumerate(zip(motion.time_s, postures, strict=True)):
            values = angles_of(posture)
            angles = (f"{values[name]:.2f}" for name in ANGLE_COLUMNS)
            places = (f"{value:.4f}" for value in places_of(lifter, posture).values())
            writer.writerow((frame, f"{time_s:.4f}", *angles, *places))
    about = {
        "schema": SCHEMA,
        "lift": str(_CONTRACT_LIFTS.get(motion.plan.lift, motion.plan.lift)),
        "variation": str(motion.plan.lift),
        "fault": str(motion.plan.fault),
        "tuck_deg": round(motion.plan.tuck_deg, 2),
        "lockout_extension_deg": round(motion.plan.lockout_extension_deg, 2),
        "relaxed_until_s": round(motion.relaxed_until_s, 3),
        "onset_s": _seconds(motion.reps[0].onset_s) if motion.reps else None,
        "view_yaw_deg": abs(camera.yaw_deg),
        "facing": camera.facing,
        "fps": motion.plan.fps,
        "flaws": _plain(motion.plan.flaws),
        "reps": [
            {
                "start_s": _seconds(rep.start_s),
                "bottom_s": _seconds(rep.bottom_s),
                "end_s": _seconds(rep.end_s),
                "tuck_deg": round(rep.tuck_deg, 2),
                "onset_s": _seconds(rep.onset_s),
                "tired_deg": round(rep.tired_deg, 2),
            }
            for rep in motion.reps
        ],
    }
    stem.with_name(f"{stem.name}_truth.json").write_text(json.dumps(about, indent=2) + "\n")


def _plain(flaws: Flaws) -> dict[str, Any]:
    """Each flaw's size by name, fatigue's among them."""
    sizes = asdict(flaws)
    fatigue = sizes.pop("fatigue")
    sizes |= {f"fatigue_{name}": size for name, size in fatigue.items()}
    return {name: round(size, 3) for name, size in sizes.items()}


def _seconds(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 3)
