"""A lifter drawn by hand: two reps of a squat as records, without video."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from hingecheck.form.clean_depth import UNKNOWN
from hingecheck.form.records import (
    Analysis,
    Band,
    ButtWink,
    Reason,
    RepCheck,
    Rounding,
    Tempo,
    Verdict,
    ViewCheck,
)
from hingecheck.motion.bar import bar_path
from hingecheck.motion.hamstrings import hamstring_lengths
from hingecheck.motion.records import Angles, Lift, LiftGuess, Rep
from hingecheck.pose.heads import Heads
from hingecheck.pose.landmarks import LANDMARKS, Landmark
from hingecheck.pose.records import FloatArray, Track
from hingecheck.pose.segments import measure_segments
from hingecheck.spine.records import BaselineSource, Estimate, Profile, SpineSeries

FRAMES = 120
FPS = 30.0
STATION = np.linspace(-0.25, 1.05, 53)
HEAD = 0.12
"""Radius of the head, in body lengths."""


def polar(angle_deg: FloatArray, length_px: float) -> FloatArray:
    """Vectors (n, 2) that lean forward (image right) from straight up by an angle."""
    angle = np.radians(angle_deg)
    return length_px * np.stack([np.sin(angle), -np.cos(angle)], axis=1)


def make_analysis(
    width_px: int = 1280,
    height_px: int = 720,
    *,
    tuck_deg: float = 20.0,
    sd_deg: float = 4.0,
    reasons: tuple[Reason, ...] = (),
    gradeable: bool = True,
    facing: int = 1,
) -> Analysis:
    """Two reps of 50 frames, the first held, the second with a tuck at its bottom (frame 85)."""
    frame = np.arange(FRAMES)
    depth = np.where(
        (frame >= 10) & (frame < 110), 0.5 - 0.5 * np.cos((frame - 10) * 2 * np.pi / 50), 0.0
    )
    second = frame >= 60
    lumbar = 12 * depth + np.where(second, tuck_deg * np.clip(depth - 0.6, 0, 1) / 0.4, 0.0)
    trunk, thigh, shank = 45 * depth, 85 * depth, 25 * depth

    body = 0.55 * min(width_px, height_px)
    ankle = np.tile([0.5 * width_px, 0.72 * height_px], (FRAMES, 1))
    knee = ankle + polar(shank, 0.3 * body)
    hip = knee + polar(-thigh, 0.3 * body)
    chord = polar(trunk, 0.34 * body)
    shoulder = hip + chord
    landmarks = np.repeat(hip[:, None], LANDMARKS, axis=1)
    for name, xy in (
        (Landmark.NOSE, shoulder + polar(trunk, 0.12 * body)),
        (Landmark.LEFT_SHOULDER, shoulder),
        (Landmark.LEFT_ELBOW, shoulder - polar(trunk - 20, 0.2 * body)),
        (Landmark.LEFT_WRIST, shoulder - polar(trunk - 60, 0.2 * body)),
        (Landmark.LEFT_KNEE, knee),
        (Landmark.LEFT_ANKLE, ankle),
        (Landmark.LEFT_HEEL, ankle),
        (Landmark.LEFT_FOOT_INDEX, ankle + np.array([0.1 * body, 0.02 * body])),
    ):
        twins = 1 if name is Landmark.NOSE else 2
        landmarks[:, name : name + twins] = xy[:, None]

    behind = 0.22 + 0.002 * lumbar[:, None] * np.sin(np.clip(STATION, 0, 1) * np.pi)
    back = np.stack([chord[:, 1], -chord[:, 0]], axis=1)
    edge = hip[:, None] + STATION[:, None] * chord[:, None] + behind[:, :, None] * back[:, None]
    if facing < 0:
        landmarks[..., 0] = width_px - landmarks[..., 0]
        edge[..., 0] = width_px - edge[..., 0]

    head = np.dstack([landmarks[:, :1], np.full((FRAMES, 1), HEAD * body)])

    def known(value_deg: FloatArray, sd: float = sd_deg) -> Estimate:
        return Estimate(value_deg, np.full(FRAMES, sd))

    zero = np.zeros(FRAMES)
    angles = Angles(
        trunk_inclination=known(trunk),
        pelvic_tilt=known(trunk - 0.6 * lumbar),
        lumbar_flexion=known(lumbar),
        thoracic_flexion=known(zero),
        thigh_inclination=known(thigh),
        shank_inclination=known(shank),
        knee_flexion=known(thigh + shank),
        hip_flexion=known(trunk - 0.6 * lumbar + thigh),
        trunk_thigh_flexion=known(trunk + thigh),
        neck_extension=known(zero),
        view_yaw=known(zero),
    )
    refused = Verdict.NOT_GRADEABLE
    reps = tuple(
        RepCheck(
            rep=Rep(number, 10 + at, 10 + at, 35 + at, 59 + at, from_floor=False),
            gradeable=gradeable,
            reasons=reasons,
            worst=35 + at,
            reference=17 + at,
            butt_wink=ButtWink(
                verdict=verdict if gradeable else refused,
                tuck_deg=tuck,
                ci95_deg=(tuck - 6, tuck + 6),
                posterior_tilt_deg=tuck,
                onset_s=float("nan"),
                onset_descent_pct=float("nan"),
                onset_hip_flexion_deg=float("nan"),
                band=band if gradeable else None,
            ),
            rounding=Rounding(Verdict.NO if gradeable else refused, 12.0, (6.0, 18.0), None),
            measures=(),
            findings=(),
            tempo=Tempo(1.0, 0.0, 1.0),
            clean_depth=UNKNOWN,
        )
        for number, at, verdict, tuck, band in (
            (1, 0, Verdict.NO, 2.0, Band.HELD),
            (2, 50, Verdict.YES, tuck_deg, Band.CLEAR),
        )
    )
    track = Track(
        time_s=frame / FPS,
        landmarks_px=landmarks,
        world_m=np.zeros((FRAMES, LANDMARKS, 3)),
        visibility=np.ones((FRAMES, LANDMARKS)),
        width_px=width_px,
        height_px=height_px,
    )
    return Analysis(
        track=track,
        profile=Profile(
            station=STATION,
            edge_px=edge,
            depth=behind,
            valid=np.ones((FRAMES, len(STATION)), dtype=np.bool_),
            coverage=np.ones(FRAMES),
        ),
        spine=SpineSeries(
            pelvic_tilt=angles.pelvic_tilt,
            lumbar_flexion=angles.lumbar_flexion,
            thoracic_flexion=angles.thoracic_flexion,
            shared_sd_deg=np.full(FRAMES, 3.0),
            baseline_source=BaselineSource.STANDING,
            baseline_s=(0.0, 0.3),
        ),
        angles=angles,
        quality=np.ones(FRAMES),
        view=ViewCheck(facing=facing, yaw_deg=3.0, gradeable=gradeable, reasons=reasons),
        lift=LiftGuess(Lift.SQUAT, 0.9, "auto"),
        reps=reps,
        measures=(),
        findings=(),
        clean_depth=UNKNOWN,
        bar=bar_path(track, measure_segments(track, facing), facing),
        hamstrings=hamstring_lengths(angles),
        warnings=(),
        heads=Heads(head, np.ones(FRAMES, dtype=np.bool_)),
    )


@pytest.fixture
def squat() -> Callable[..., Analysis]:
    """Makes analyses of the hand-drawn lifter."""
    return make_analysis
