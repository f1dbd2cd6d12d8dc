"""Stick lifters: landmarks, tracks and signals built from angles that are known."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hingecheck.motion.records import Angles
from hingecheck.pose.landmarks import LANDMARKS, Landmark
from hingecheck.pose.records import BodyMask, FloatArray, Pose, Track
from hingecheck.pose.segments import measure_segments
from hingecheck.spine.estimator import BackView
from hingecheck.spine.profile import LUMBAR_WINDOW, STATIONS
from hingecheck.spine.records import Estimate, Profile

SAMPLES = Path(__file__).resolve().parents[1] / "sample_videos"

SHANK, THIGH, TRUNK, UPPER_ARM, FOREARM, HEAD = 0.246, 0.245, 0.288, 0.186, 0.146, 0.10
"""Segment lengths in body heights (Drillis and Contini 1966)."""

SIZE_PX = (1280, 720)
FPS = 30.0

J = Landmark


class Posture(NamedTuple):
    """Segment angles in the contract's signs, one value each or one per frame.

    Attributes:
        arm_deg: Upper arm and forearm from hanging straight down, forward positive.
    """

    trunk_deg: FloatArray | float = 0.0
    thigh_deg: FloatArray | float = 0.0
    shank_deg: FloatArray | float = 0.0
    arm_deg: FloatArray | float = 0.0


STANDING = Posture()


def landmarks_of(
    posture: Posture,
    *,
    facing: int = 1,
    height_px: float = 500.0,
    ankle_px: tuple[float, float] = (640.0, 650.0),
) -> FloatArray:
    """(frames, 33, 2) of a lifter in side view, left and right sides in one place."""
    trunk, thigh, shank, arm = np.broadcast_arrays(*map(np.atleast_1d, posture))

    def up(angle_deg: FloatArray, length: float) -> FloatArray:
        lean = np.radians(angle_deg)
        along = np.stack([facing * np.sin(lean), -np.cos(lean)], axis=-1)
        return length * height_px * along

    ankle = np.broadcast_to(np.asarray(ankle_px, dtype=np.float64), (len(trunk), 2))
    knee = ankle + up(shank, SHANK)
    hip = knee + up(-thigh, THIGH)
    shoulder = hip + up(trunk, TRUNK)
    ear = shoulder + up(trunk, HEAD)
    elbow = shoulder - up(-arm, UPPER_ARM)
    wrist = elbow - up(-arm, FOREARM)
    ahead, below = np.array([facing * height_px, 0.0]), np.array([0.0, height_px])
    xy = np.zeros((len(trunk), LANDMARKS, 2))
    for left, point in (
        (J.LEFT_EAR, ear),
        (J.LEFT_SHOULDER, shoulder),
        (J.LEFT_ELBOW, elbow),
        (J.LEFT_WRIST, wrist),
        (J.LEFT_PINKY, wrist),
        (J.LEFT_INDEX, wrist),
        (J.LEFT_THUMB, wrist),
        (J.LEFT_HIP, hip),
        (J.LEFT_KNEE, knee),
        (J.LEFT_ANKLE, ankle),
        (J.LEFT_HEEL, ankle + 0.03 * below - 0.02 * ahead),
        (J.LEFT_FOOT_INDEX, ankle + 0.03 * below + 0.10 * ahead),
        (J.MOUTH_LEFT, ear + 0.05 * ahead),
    ):
        xy[:, left] = xy[:, left + 1] = point
    xy[:, [J.NOSE, *range(J.LEFT_EYE_INNER, J.LEFT_EAR)]] = (ear + 0.06 * ahead)[:, None]
    return xy


def clock(frames: int, fps: float = FPS) -> FloatArray:
    return np.arange(frames) / fps


def track_of(
    landmarks_px: FloatArray,
    time_s: FloatArray | None = None,
    *,
    yaw_deg: float = 0.0,
    size_px: tuple[int, int] = SIZE_PX,
) -> Track:
    """A track whose hip and shoulder lines are turned by `yaw_deg` out of the view's depth."""
    frames = len(landmarks_px)
    turn = np.radians(yaw_deg)
    across = 0.15 * np.array([np.sin(turn), 0.0, np.cos(turn)])
    world = np.zeros((frames, LANDMARKS, 3))
    for left in (J.LEFT_HIP, J.LEFT_SHOULDER):
        world[:, left], world[:, left + 1] = across, -across
    missing = ~np.isfinite(landmarks_px[:, J.LEFT_HIP, 0])
    world[missing] = np.nan
    visibility = np.where(missing[:, None], np.nan, np.full((frames, LANDMARKS), 0.99))
    times = clock(frames) if time_s is None else time_s
    return Track(times, landmarks_px, world, visibility, *size_px)


def pose_of(landmarks_px: FloatArray, time_s: float = 0.0, mask: BodyMask | None = None) -> Pose:
    """One body in one frame, landmarks (33, 2)."""
    return Pose(
        time_s=time_s,
        landmarks_px=landmarks_px.astype(np.float32),
        world_m=np.zeros((LANDMARKS, 3), dtype=np.float32),
        visibility=np.ones(LANDMARKS, dtype=np.float32),
        mask=mask,
        mirrored=False,
    )


def mirrored(track: Track) -> Track:
    """The same clip seen in a mirror, left and right landmarks exchanged as MediaPipe would."""
    order = list(range(LANDMARKS))
    for landmark in Landmark:
        if "LEFT" in landmark.name:
            twin = Landmark[landmark.name.replace("LEFT", "RIGHT")]
            order[landmark], order[twin] = twin, landmark
    flip = np.array([-1.0, 1.0])
    return replace(
        track,
        landmarks_px=track.landmarks_px[:, order] * flip + [track.width_px, 0.0],
        world_m=track.world_m[:, order] * [-1.0, 1.0, 1.0],
    )


def profile_of(frames: int, turn_deg: FloatArray | float = -40.0, *, seen: float = 1.0) -> Profile:
    """A back that bends by `turn_deg` half-way between sacrum and thoracolumbar junction.

    Args:
        frames: Number of frames.
        turn_deg: Contour turn, one value or one per frame.
        seen: Share of the stations that show the back, from below.
    """
    half = np.tan(np.radians(np.broadcast_to(turn_deg, frames) / 2))[:, None]
    depth = 0.2 + np.where(STATIONS < 0.35, half, -half) * (STATIONS - 0.35)
    low, high = LUMBAR_WINDOW
    window = np.abs(STATIONS - (low + high) / 2) < (high - low) / 2 + 1e-9
    shown = np.arange(len(STATIONS)) < round(seen * len(STATIONS))
    valid = np.broadcast_to(shown, depth.shape)
    return Profile(
        station=STATIONS,
        edge_px=np.zeros((*depth.shape, 2)),
        depth=depth,
        valid=valid,
        coverage=valid[:, window].mean(axis=1),
    )


def back_of(track: Track, profile: Profile | None = None, facing: int = 1) -> BackView:
    segments = measure_segments(track, facing)
    profile = profile or profile_of(len(track.time_s))
    return BackView(track, segments, profile, profile, facing)


def sway(knots: Sequence[tuple[float, float]], fps: float = FPS) -> tuple[FloatArray, FloatArray]:
    """Times and a signal that eases from knot to knot, (time_s, deg) each; equal knots hold."""
    at, value = np.array(knots, dtype=np.float64).T
    time_s = clock(round(at[-1] * fps) + 1, fps)
    leg = np.clip(np.searchsorted(at, time_s, side="right") - 1, 0, len(at) - 2)
    share = np.clip((time_s - at[leg]) / (at[leg + 1] - at[leg]), 0.0, 1.0)
    return time_s, value[leg] + (value[leg + 1] - value[leg]) * (1 - np.cos(np.pi * share)) / 2


def angles_of(columns: dict[str, FloatArray], sd_deg: float = 3.0) -> Angles:
    """Angles of a clip by the contract's names; those not given are zero."""
    frames = len(next(iter(columns.values())))

    def known(name: str) -> Estimate:
        value = columns.get(name, np.zeros(frames))
        return Estimate(value, np.where(np.isfinite(value), sd_deg, np.nan))

    return Angles(**{name: known(name) for name in Angles.__slots__})


def true_set(name: str) -> tuple[FloatArray, dict[str, FloatArray]]:
    """Times and true angles, by the contract's names, of a clip in sample_videos."""
    with (SAMPLES / f"{name}_truth.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {key: np.array([float(row[key]) for row in rows]) for key in rows[0]}
    time_s = columns.pop("time_s")
    del columns["frame"]
    return time_s, {key.removesuffix("_deg"): value for key, value in columns.items()}


def standing_back(trunk_deg: FloatArray | float, frames: int = 60, seen: float = 1.0) -> BackView:
    """The back of somebody who leans by `trunk_deg`, a share `seen` of it valid."""
    xy = landmarks_of(Posture(np.broadcast_to(trunk_deg, frames)))
    return back_of(track_of(xy), profile_of(frames, seen=seen))
