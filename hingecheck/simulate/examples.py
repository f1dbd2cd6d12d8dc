"""Training examples: single frames of simulated lifters as the real MediaPipe sees them.

A lifter is filmed in a few postures by one camera: standing relaxed, in frames of a set, in
postures whose pelvis and spine are free of each other and of the depth of the hinge, upright
under the load, and down one descent.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.landmarker import Landmarker
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.models import PoseModel, find_bundle
from hingecheck.pose.records import Pose
from hingecheck.simulate.anatomy import Posture, TrueAngles, pose
from hingecheck.simulate.cast import random_posture, random_scene, random_set
from hingecheck.simulate.lifter import Lifter
from hingecheck.simulate.motion import Fault, Lift, Motion
from hingecheck.simulate.plan import TRUNK_PER_LUMBAR
from hingecheck.simulate.quality import degrade, random_quality
from hingecheck.simulate.render import Renderer, Scene
from hingecheck.simulate.truth import angles_of
from hingecheck.spine.profile import STATIONS, sample_outline

__all__ = [
    "DESCENT",
    "FRAMES",
    "FREE",
    "SET",
    "STANDING",
    "TRUTHS",
    "UPRIGHT",
    "ExampleMaker",
    "Examples",
    "descent_of",
]

TRUTHS = (
    "pelvic_tilt_deg",
    "lumbar_flexion_deg",
    "thoracic_flexion_deg",
    "trunk_inclination_deg",
    "thigh_inclination_deg",
    "shank_inclination_deg",
)

STANDING, SET, FREE, UPRIGHT, DESCENT = range(5)
FRAMES = {STANDING: 3, SET: 5, FREE: 4, UPRIGHT: 2, DESCENT: 7}
"""How many of each kind, in this order."""

DESCENT_DEPTHS = (0.12, 0.28, 0.44, 0.6, 0.74, 0.88, 1.0)
"""Shares of the way down at which a descent is looked at."""

_LONG_SIDE_PX = 960
"""As in a check (`pipeline.LOOK_PX`)."""

_MODELS = (PoseModel.FULL, PoseModel.LITE, PoseModel.HEAVY)
_MODEL_SHARES = (0.7, 0.18, 0.12)
"""How often each looks: the default most, the others enough not to be strangers."""

_STANDING_SD_DEG = 1.5
"""Nobody stands twice alike."""

_MOST_OFF = 0.15
"""Hips further than this share of the body's height from the lifter's are somebody else's."""

_WINK_SHARE = 0.4
"""Descents that end in a butt wink for sure; the others have any fault."""

_UPRIGHT_DEG = 6.0
"""Bend of hips and knees, above the straightest, that still counts as upright; runtime allows the
same (`spine.standing.UPRIGHT_STEP_DEG`)."""

_SIDE_YAW_SD_DEG, _OBLIQUE_YAW_DEG, _OBLIQUE_SHARE = 8.0, 35.0, 0.25
"""Most film from the side as well as they can, some do not."""

# Beginners film deadlifts, squats and hinges with a bar most.
_LIFT_SHARES = {
    Lift.RDL: 0.17,
    Lift.STIFF_LEG: 0.1,
    Lift.DEADLIFT: 0.2,
    Lift.GOOD_MORNING: 0.14,
    Lift.SQUAT: 0.16,
    Lift.SWING: 0.06,
    Lift.HINGE: 0.1,
    Lift.TOE_TOUCH: 0.07,
}


@dataclass(frozen=True, slots=True)
class Examples:
    """Frames of one lifter, each looked at plainly and in the mirror.

    Attributes:
        truth: (frames, 6) see `TRUTHS`.
        kind: (frames,) standing, from a set, free, upright or from a descent, as in `FRAMES`.
        landmarks_px: (frames, 2, 33, 2) NaN where nobody was found.
        world_m: (frames, 2, 33, 3).
        visibility: (frames, 2, 33).
        outline: (frames, 2, 2, stations, 3) see `spine.profile.sample_outline`.
        about: (n,) what the lifter was: seed, lift, model, facing, yaw, clothing and so on.
    """

    truth: NDArray[np.float32]
    kind: NDArray[np.int8]
    landmarks_px: NDArray[np.float32]
    world_m: NDArray[np.float32]
    visibility: NDArray[np.float32]
    outline: NDArray[np.float32]
    about: dict[str, float | str]


class ExampleMaker:
    """Films random lifters; a context manager, since it holds MediaPipe's models."""

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        self._landmarkers = {
            model: self._stack.enter_context(Landmarker(find_bundle(model), people=3, video=False))
            for model in _MODELS
        }
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def make(self, seed: int) -> Examples:
        """The examples of the lifter that a seed stands for."""
        rng = np.random.default_rng([seed, 20])
        lift = Lift(rng.choice(list(_LIFT_SHARES), p=list(_LIFT_SHARES.values())))
        scene = random_scene(rng, lift, _random_yaw_deg(rng))
        motion = random_set(rng, scene, lift, Fault(rng.choice(list(Fault))))
        model = _MODELS[rng.choice(len(_MODELS), p=_MODEL_SHARES)]
        quality = random_quality(rng)
        frames = [_standing(rng, scene.lifter) for _ in range(FRAMES[STANDING])]
        frames += _frames_of(rng, motion)
        frames += [random_posture(rng, scene, lift) for _ in range(FRAMES[FREE])]
        # Another stream, so that more of one kind does not change what is drawn for the others.
        more = np.random.default_rng([seed, 22])
        fault = Fault.BUTT_WINK if more.random() < _WINK_SHARE else Fault(more.choice(list(Fault)))
        other = random_set(more, scene, lift, fault)
        descent, tuck_deg = descent_of(more, other)
        others = [*_upright(more, other, scene.lifter), *descent]
        streams = [rng] * len(frames) + [more] * len(others)
        postures = [pose(scene.lifter, angles) for angles in frames + others]
        with Renderer(scene) as renderer:
            looks = [
                look
                for posture, stream in zip(postures, streams, strict=True)
                for look in self._looks(
                    degrade(renderer.draw(posture), quality, stream), scene, posture, model
                )
            ]
        outlines = [None if look is None else sample_outline(look) for look in looks]
        truths = [angles_of(posture) for posture in postures]
        return Examples(
            truth=np.array([[truth[name] for name in TRUTHS] for truth in truths], np.float32),
            kind=np.repeat(np.array(list(FRAMES), np.int8), list(FRAMES.values())),
            landmarks_px=_stack([None if p is None else p.landmarks_px for p in looks], (33, 2)),
            world_m=_stack([None if p is None else p.world_m for p in looks], (33, 3)),
            visibility=_stack([None if p is None else p.visibility for p in looks], (33,)),
            outline=_stack(outlines, (2, len(STATIONS), 3)),
            about={
                "seed": seed,
                "lift": lift.value,
                "fault": motion.plan.fault.value,
                "descent_fault": fault.value,
                "descent_tuck_deg": tuck_deg,
                "model": model.value,
                **_about(scene),
            },
        )

    def _looks(
        self, image: NDArray[np.uint8], scene: Scene, posture: Posture, model: PoseModel
    ) -> list[Pose | None]:
        """The lifter as MediaPipe sees them plainly and in the mirror."""
        scale = min(1.0, _LONG_SIDE_PX / max(image.shape[:2]))
        if scale < 1:
            size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
            image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        hip_m = scene.lifter.body.middle(posture.joints_m, "upperleg01")
        hip_px = scene.camera.project(hip_m[None])[0]
        landmarker = self._landmarkers[model]
        return [
            _lifter(landmarker.detect(image, 0.0, scale, mirrored=mirrored), hip_px)
            for mirrored in (False, True)
        ]


def _about(scene: Scene) -> dict[str, float | str]:
    camera = scene.camera
    return {
        "facing": camera.facing,
        "yaw_deg": camera.yaw_deg,
        "roll_deg": camera.roll_deg,
        "height_m": camera.height_m,
        "width_px": camera.width_px,
        "height_px": camera.height_px,
        "clothing": scene.outfit.clothing.value,
        "belt": float(scene.outfit.belt),
        "equipment": scene.lifter.equipment.value,
        "stature_m": scene.lifter.body.stature_m,
        "lumbar_zero_deg": scene.lifter.standing.lumbar_flexion_deg,
    }


def _stack(values: list[NDArray[np.float32] | None], shape: tuple[int, ...]) -> NDArray[np.float32]:
    missing = np.full(shape, np.nan, np.float32)
    return np.stack([missing if v is None else v for v in values]).reshape(-1, 2, *shape)


def _random_yaw_deg(rng: np.random.Generator) -> float:
    if rng.random() < _OBLIQUE_SHARE:
        return float(rng.uniform(-_OBLIQUE_YAW_DEG, _OBLIQUE_YAW_DEG))
    return float(rng.normal(0, _SIDE_YAW_SD_DEG))


def _standing(rng: np.random.Generator, lifter: Lifter) -> TrueAngles:
    pelvis, lumbar, thoracic, knee = rng.normal(0, _STANDING_SD_DEG, 4)
    return TrueAngles(
        pelvic_tilt_deg=float(pelvis),
        lumbar_flexion_deg=float(lumbar),
        thoracic_flexion_deg=float(thoracic),
        knee_flexion_deg=max(0.0, lifter.standing.knee_flexion_deg + float(knee)),
        neck_extension_deg=float(rng.normal(0, 8)),
    )


def _frames_of(rng: np.random.Generator, motion: Motion) -> list[TrueAngles]:
    """Frames of a set, the deeper the likelier."""
    tilt = np.array([frame.pelvic_tilt_deg for frame in motion.frames])
    weight = 0.1 + np.clip(tilt, 0, None) / max(float(tilt.max()), 1.0)
    chosen = rng.choice(len(tilt), FRAMES[SET], replace=False, p=weight / weight.sum())
    return [motion.frames[i] for i in chosen]


def _upright(rng: np.random.Generator, motion: Motion, lifter: Lifter) -> list[TrueAngles]:
    """Frames between repetitions, in the posture of the load."""
    under_load = motion.time_s > motion.relaxed_until_s
    bent_deg = np.array(
        [
            abs(frame.pelvic_tilt_deg) + frame.knee_flexion_deg - lifter.standing.knee_flexion_deg
            for frame in motion.frames
        ]
    )
    bent_deg[~under_load] = np.inf
    chosen = rng.choice(np.flatnonzero(bent_deg <= bent_deg.min() + _UPRIGHT_DEG), FRAMES[UPRIGHT])
    return [motion.frames[i] for i in chosen]


def descent_of(rng: np.random.Generator, motion: Motion) -> tuple[list[TrueAngles], float]:
    """Frames of one way down, and the tuck at its end, degrees; 0 where the fault is another."""
    plan = motion.plan
    rep = motion.reps[rng.integers(len(motion.reps))]
    low_s = rep.end_s if plan.lift is Lift.DEADLIFT else rep.bottom_s
    fold = np.array(
        [
            frame.pelvic_tilt_deg
            + TRUNK_PER_LUMBAR * frame.lumbar_flexion_deg
            + frame.knee_flexion_deg
            for frame in motion.frames
        ]
    )
    low = int(np.searchsorted(motion.time_s, low_s - 1e-6))
    way = np.arange(max(0, low - round(1.4 * plan.descent_s * plan.fps)), low + 1)
    top = way[int(np.argmin(fold[way]))]
    share = (fold[top : low + 1] - fold[top]) / (fold[low] - fold[top])
    share[-1] = 1.0
    chosen = [top + int(np.argmax(share >= min(d, share.max()))) for d in DESCENT_DEPTHS[:-1]]
    chosen.append(low)
    winks = plan.fault is Fault.BUTT_WINK
    return [motion.frames[i] for i in chosen], rep.tuck_deg if winks else 0.0


def _lifter(poses: list[Pose], hip_px: NDArray[np.float64]) -> Pose | None:
    """The body whose hips are where the lifter's are, rather than a bystander's."""

    def off(pose: Pose) -> float:
        height = float(np.ptp(pose.landmarks_px[:, 1]))
        return float(np.hypot(*(pose.middle_px(Landmark.LEFT_HIP) - hip_px))) / max(height, 1.0)

    found = min(poses, key=off, default=None)
    return None if found is None or off(found) > _MOST_OFF else found
