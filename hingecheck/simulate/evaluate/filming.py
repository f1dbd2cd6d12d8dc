"""A clip on disk with its truth and its cast, complete or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from hingecheck.simulate.body import Physique
from hingecheck.simulate.film import simulate_clip
from hingecheck.simulate.motion import Motion
from hingecheck.simulate.quality import Quality
from hingecheck.simulate.render import Scene

__all__ = ["cast_path", "film_cast"]


def cast_path(clip: Path) -> Path:
    """Where it is written who and what a clip shows: there once the clip is complete."""
    return clip.with_name(f"{clip.stem}_cast.json")


def film_cast(
    clip: Path, seed: int, physique: Physique, scene: Scene, motion: Motion, quality: Quality
) -> None:
    """Film a motion with its truth, and write beside it who and what it shows."""
    simulate_clip(scene, motion, clip, quality=quality)
    # Written last: a clip without it was stopped half-way and is filmed again.
    cast_path(clip).write_text(json.dumps(_about(seed, physique, scene, motion), indent=2) + "\n")


def _about(
    seed: int, physique: Physique, scene: Scene, motion: Motion
) -> dict[str, float | str | bool]:
    camera, outfit = scene.camera, scene.outfit
    return {
        "seed": seed,
        "gender": round(physique.gender, 2),
        "weight": round(physique.weight, 2),
        "muscle": round(physique.muscle, 2),
        "clothing": outfit.clothing.value,
        "belt": outfit.belt,
        "equipment": scene.lifter.equipment.value,
        "grip": scene.lifter.grip.value,
        "yaw_deg": round(camera.yaw_deg, 2),
        "roll_deg": round(camera.roll_deg, 2),
        "camera_height_m": round(camera.height_m, 2),
        "distance_m": round(camera.distance_m, 2),
        "width_px": camera.width_px,
        "height_px": camera.height_px,
        "frames": len(motion.time_s),
        "relaxed_s": round(motion.relaxed_until_s, 2),
    }
