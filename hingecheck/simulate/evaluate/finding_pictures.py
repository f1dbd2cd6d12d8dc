"""A picture for every finding: the same simulated lifter with and without it.

python -m hingecheck.simulate.evaluate.finding_pictures docs/images
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from hingecheck.form.records import Code
from hingecheck.simulate.anatomy import TrueAngles, pose
from hingecheck.simulate.body import Physique
from hingecheck.simulate.cast import random_scene, random_set
from hingecheck.simulate.flaws import Fatigue, Flaws
from hingecheck.simulate.gym import Gym
from hingecheck.simulate.motion import Motion, move
from hingecheck.simulate.outfit import Outfit
from hingecheck.simulate.plan import Fault, Lift
from hingecheck.simulate.render import Camera, Renderer, Scene
from hingecheck.simulate.truth import angles_of

__all__ = ["draw_finding", "main"]

_SIZE_PX = (360, 420)
_SEED = 5
_CLEAN = Flaws()


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is drawn of a finding.

    Attributes:
        lift: In which lift.
        moment: Frame to draw of a set.
        flaws: Flaws of the flawed set.
        fault: Its back's fault.
        size_deg: The fault's size.
    """

    lift: Lift
    moment: Callable[[Motion], int]
    flaws: Flaws = _CLEAN
    fault: Fault = Fault.NONE
    size_deg: float | None = None


def _bottom(motion: Motion) -> int:
    return int(np.argmin(np.abs(motion.time_s - motion.reps[0].bottom_s)))


def _top(motion: Motion) -> int:
    return int(np.argmin(np.abs(motion.time_s - motion.reps[0].end_s)))


def _off_the_floor(motion: Motion) -> int:
    return int(np.argmin(np.abs(motion.time_s - (motion.reps[0].start_s + 0.45))))


_STILLS = {
    Code.BUTT_WINK: _Shown(Lift.RDL, _bottom, fault=Fault.BUTT_WINK, size_deg=28.0),
    Code.ROUNDING: _Shown(Lift.DEADLIFT, _bottom, fault=Fault.ROUNDED, size_deg=35.0),
    Code.OVER_EXTENSION: _Shown(Lift.RDL, _bottom, fault=Fault.OVEREXTENDED, size_deg=20.0),
    Code.SQUATTED_HINGE: _Shown(
        Lift.RDL, _bottom, Flaws(knee_flexion_deg=75, trunk_inclination_deg=48)
    ),
    Code.HINGED_SQUAT: _Shown(
        Lift.SQUAT, _bottom, Flaws(knee_flexion_deg=58, trunk_inclination_deg=76)
    ),
    Code.HIPS_FIRST: _Shown(Lift.DEADLIFT, _off_the_floor, Flaws(hips_first_deg=26)),
    Code.NECK_EXTENSION: _Shown(Lift.RDL, _bottom, Flaws(neck_extension_deg=58)),
    Code.BAR_DRIFT: _Shown(Lift.RDL, _bottom, Flaws(bar_drift_m=0.22)),
    Code.LOCKOUT_SHORT: _Shown(Lift.RDL, _top, Flaws(lockout_short_deg=33)),
}

_SETS = {
    Code.DEPTH_VARIES: _Shown(Lift.RDL, _bottom, Flaws(depth_varies_deg=25, shallow_rep=1)),
    Code.FAST_DESCENT: _Shown(Lift.RDL, _bottom, Flaws(fast_descent_s=0.4)),
    Code.FATIGUE_DEPTH: _Shown(Lift.RDL, _bottom, Flaws(fatigue=Fatigue(depth_deg=5.0))),
}


def main() -> int:
    """Draw them all into a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for code in (*_STILLS, *_SETS):
        path = folder / f"finding_{code}.jpg"
        draw_finding(code, path)
        print(path, flush=True)
    return 0


def draw_finding(code: Code, path: Path) -> None:
    """The same lifter without (left) and with it (right); of a set, its depth over time."""
    if code in _STILLS:
        shown = _STILLS[code]
        pair = [_still(shown, flawed) for flawed in (False, True)]
        picture = np.concatenate(pair, axis=1)
        cv2.imwrite(str(path), picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    else:
        _curves(_SETS[code]).savefig(path)


def _scene(lift: Lift) -> Scene:
    scene = random_scene(np.random.default_rng([_SEED, 1]), lift, physique=Physique())
    width, height = _SIZE_PX
    camera = Camera(width_px=width, height_px=height, distance_m=3.9, view_angle_deg=30.0)
    return replace(scene, camera=camera, outfit=Outfit(), gym=Gym())


def _motion(shown: _Shown, scene: Scene, flawed: bool) -> Motion:
    rng = np.random.default_rng([_SEED, 2])
    fault = shown.fault if flawed else Fault.NONE
    size_deg = shown.size_deg if flawed else None
    flaws = shown.flaws if flawed else _CLEAN
    plan = random_set(rng, scene, shown.lift, fault, size_deg, flaws=flaws).plan
    reps = 5 if flaws.fatigue != Fatigue() else 3
    return move(
        replace(plan, reps=reps, rep_spread=0.01), scene.lifter, np.random.default_rng(_SEED)
    )


def _still(shown: _Shown, flawed: bool) -> NDArray[np.uint8]:
    scene = _scene(shown.lift)
    motion = _motion(shown, scene, flawed)
    with Renderer(scene) as renderer:
        return renderer.draw(pose(scene.lifter, motion.frames[shown.moment(motion)]))


def _curves(shown: _Shown) -> Figure:
    """Trunk-thigh flexion over both sets."""
    scene = _scene(shown.lift)
    figure = Figure(figsize=(7.2, 2.6), dpi=100, layout="constrained")
    for axes, flawed in zip(figure.subplots(1, 2, sharey=True), (False, True), strict=True):
        motion = _motion(shown, scene, flawed)
        depth_deg = [_depth(scene, angles) for angles in motion.frames[::3]]
        axes.plot(motion.time_s[::3], depth_deg, color="#bc4b32" if flawed else "#2a6f97")
        axes.set_xlabel("s")
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("trunk-thigh flexion, degrees")
    return figure


def _depth(scene: Scene, angles: TrueAngles) -> float:
    return angles_of(pose(scene.lifter, angles))["trunk_thigh_flexion_deg"]


if __name__ == "__main__":
    sys.exit(main())
