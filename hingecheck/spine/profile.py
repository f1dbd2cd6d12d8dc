"""The dorsal profile: the back's edge in the soft mask, to a fraction of a pixel.

Rays leave the hip-shoulder chord at right angles on both sides; where the mask first falls
through one half lies the body's edge. Both sides are kept while a clip is read, and the dorsal
one is taken once the clip's facing is known.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray, Pose, Track
from hingecheck.spine.records import Outline, Profile

__all__ = ["LUMBAR_WINDOW", "STATIONS", "dorsal_profile", "sample_outline", "stack_outlines"]

STATIONS: FloatArray = np.linspace(-0.25, 1.05, 53)
"""Fractions of the hip-shoulder chord: from below the gluteal apex to the armpit, 0.025 apart."""

REACH = 0.55
"""Rays end this many chord lengths from the chord: a deep trunk with a heavy seat is 0.45."""

STEP_PX = 1.0
"""Ray sampling, mask pixels: the mask was enlarged from 256, so one pixel oversamples it."""

SOFT_LIMIT = 0.10
"""An edge wider than this share of the chord is no edge (hair, blur, a bar's shadow)."""

JUMP_LIMIT = 0.035
"""A sample further than this (chord lengths) from the running median of its neighbours is an
arm, a bar or another person; the lumbar hollow bends less than that within the window."""

JUMP_WINDOW = 7
ARM_CLEARANCE = 0.09
"""Chord lengths round the bones of the arm that count as arm: half an upper arm's thickness."""

BLOCK = 2048
"""Frames judged at once: bounds the memory that a long clip needs."""

LUMBAR_WINDOW = (0.0, 0.6)
"""Stations that a verdict on the lumbar spine needs to see: hip joint to about T12 (joint
heights of a mean body, design of the simulated anatomy: T12-L1 at 0.21 of 0.45 m)."""


def sample_outline(pose: Pose) -> NDArray[np.float32]:
    """Edges on both sides of one pose's chord.

    Returns:
        (2, stations, 3) float32: x, y in source pixels and the edge's softness in source
        pixels; NaN where the ray starts outside the body or meets no edge within the mask.
    """
    out = np.full((2, len(STATIONS), 3), np.nan, dtype=np.float32)
    if pose.mask is None:
        return out
    hip = pose.mask.from_source(pose.middle_px(Landmark.LEFT_HIP))
    shoulder = pose.mask.from_source(pose.middle_px(Landmark.LEFT_SHOULDER))
    chord = shoulder - hip
    length = float(np.hypot(*chord))
    if not np.isfinite(length) or length < 8:
        return out
    normal = np.array([chord[1], -chord[0]]) / length
    start = hip + STATIONS[:, None] * chord
    distance = np.arange(0.0, REACH * length, STEP_PX)
    # Side 0 first: image left of an upright body whose chord points up the picture.
    direction = np.stack([normal, -normal])
    xy = start[None, :, None, :] + direction[:, None, None, :] * distance[None, None, :, None]
    grid = xy.astype(np.float32).reshape(2 * len(STATIONS), len(distance), 2)
    value = np.asarray(
        cv2.remap(
            pose.mask.values,
            np.ascontiguousarray(grid[..., 0]),
            np.ascontiguousarray(grid[..., 1]),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
        )
    ).reshape(2, len(STATIONS), len(distance))
    # Beyond the mask nothing is known: a back cut off by the picture has no edge there.
    height, width = pose.mask.values.shape
    known = ((xy >= 0) & (xy <= (width - 1, height - 1))).all(axis=3)
    outside = (value < 0.5) & known
    first = outside.argmax(axis=2)
    before = np.take_along_axis(known, np.maximum(first - 1, 0)[..., None], axis=2)[..., 0]
    met = outside.any(axis=2) & (first > 0) & before
    side, station = np.nonzero(met)
    at = first[side, station]
    inner, outer = value[side, station, at - 1], value[side, station, at]
    fraction = (inner - 0.5) / (inner - outer)
    along = (at - 1 + fraction) * STEP_PX
    edge = start[station] + direction[side] * along[:, None]
    out[side, station, :2] = pose.mask.to_source(edge)
    # Width over which a linear edge of this steepness would fall from one to zero.
    ahead = np.minimum(at + 1, len(distance) - 1)
    behind = np.maximum(at - 2, 0)
    steep = (value[side, station, behind] - value[side, station, ahead]) / (
        (ahead - behind) * STEP_PX
    )
    out[side, station, 2] = 1 / np.maximum(steep, 1e-3) / pose.mask.scale
    return out


def stack_outlines(samples: list[NDArray[np.float32]]) -> Outline:
    """Outlines of single frames, (2, stations, 3) each, as one record over the clip."""
    empty = np.empty((0, 2, len(STATIONS), 3), dtype=np.float32)
    stack = np.stack(samples) if samples else empty
    return Outline(station=STATIONS, edge_px=stack[..., :2], softness_px=stack[..., 2])


def dorsal_profile(outline: Outline, track: Track, facing: int) -> Profile:
    """The back's side of an outline, each sample judged.

    Args:
        outline: Both sides of every frame.
        track: The same frames' landmarks.
        facing: +1 when the lifter faces image right: the back is then on the left side.
    """
    side = 0 if facing > 0 else 1
    edge = outline.edge_px[:, side].astype(np.float64)
    depth = np.full(edge.shape[:2], np.nan)
    valid = np.zeros(edge.shape[:2], dtype=bool)
    for first in range(0, len(edge), BLOCK):
        block = slice(first, first + BLOCK)
        depth[block], valid[block] = _judge(
            outline.station,
            edge[block],
            outline.softness_px[block, side],
            track.landmarks_px[block].astype(np.float64),
            1 if side == 0 else -1,
        )
    low, high = LUMBAR_WINDOW
    window = (outline.station >= low - 1e-9) & (outline.station <= high + 1e-9)
    coverage = valid[:, window].mean(axis=1) if len(valid) else np.zeros(0)
    return Profile(
        station=outline.station, edge_px=edge, depth=depth, valid=valid, coverage=coverage
    )


def _judge(
    station: FloatArray,
    edge: FloatArray,
    softness_px: FloatArray,
    landmarks_px: FloatArray,
    sign: int,
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Depth behind the chord in chord lengths, and validity, (frames, stations) each."""
    hip = landmarks_px[:, Landmark.LEFT_HIP : Landmark.LEFT_HIP + 2].mean(axis=1)
    shoulder = landmarks_px[:, Landmark.LEFT_SHOULDER : Landmark.LEFT_SHOULDER + 2].mean(axis=1)
    chord = shoulder - hip
    length = np.hypot(chord[:, 0], chord[:, 1])
    length = np.where(length > 0, length, np.nan)
    dorsal = sign * np.stack([chord[:, 1], -chord[:, 0]], axis=1) / length[:, None]
    start = hip[:, None] + station[None, :, None] * chord[:, None]
    depth = ((edge - start) * dorsal[:, None]).sum(axis=2) / length[:, None]
    valid = np.isfinite(depth) & (softness_px < SOFT_LIMIT * length[:, None])
    valid &= ~_jumps(np.where(valid, depth, np.nan))
    valid &= ~_near_arm(edge, start, landmarks_px, length, dorsal)
    return depth, valid


def _jumps(depth: FloatArray) -> NDArray[np.bool_]:
    """(frames, stations) samples that leave the running median of their neighbours."""
    half = JUMP_WINDOW // 2
    padded = np.pad(depth, ((0, 0), (half, half)), mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, JUMP_WINDOW, axis=1)
    with np.errstate(all="ignore"):
        filled = np.where(np.isfinite(windows).any(axis=2, keepdims=True), windows, 0.0)
        middle = np.nanmedian(filled, axis=2) if len(depth) else depth
    jump: NDArray[np.bool_] = np.abs(depth - middle) > JUMP_LIMIT
    return jump


def _near_arm(
    edge: FloatArray,
    start: FloatArray,
    landmarks_px: FloatArray,
    length: FloatArray,
    dorsal: FloatArray,
) -> NDArray[np.bool_]:
    """(frames, stations) samples whose edge is an arm held behind the chord.

    Only the part of an arm that lies dorsal of the chord can hide the back; the upper arm's
    first third is the shoulder itself and belongs to it.
    """
    near = np.zeros(edge.shape[:2], dtype=bool)
    for shoulder, elbow, wrist in (
        (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
        (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
    ):
        joints = landmarks_px[:, [shoulder, elbow, wrist]]
        upper = joints[:, 0] + (joints[:, 1] - joints[:, 0]) / 3
        for a, b in ((upper, joints[:, 1]), (joints[:, 1], joints[:, 2])):
            bone = b - a
            span = np.maximum((bone**2).sum(axis=1), 1e-9)
            t = np.clip(((edge - a[:, None]) * bone[:, None]).sum(axis=2) / span[:, None], 0, 1)
            nearest = a[:, None] + t[..., None] * bone[:, None]
            gap = np.hypot(*np.moveaxis(edge - nearest, 2, 0))
            behind = ((nearest - start) * dorsal[:, None]).sum(axis=2) > 0
            near |= (gap < ARM_CLEARANCE * length[:, None]) & behind
    return near
