"""The dorsal profile on the lifter's back, and the dashed ghost of their own early descent."""

from __future__ import annotations

import math
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from hingecheck.form.records import Analysis
from hingecheck.overlay.baseline import back_colours, ghost_frames
from hingecheck.overlay.colours import CASING, PALE
from hingecheck.overlay.sticker import SHIFT, Picture, around, fixed_point, gapless
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import FloatArray
from hingecheck.spine.profile import LUMBAR_WINDOW

__all__ = ["Back", "draw_profile", "finer", "vagueness"]

_FEWEST_SAMPLES = 8
"""A ghost with fewer samples says nothing about shape."""
_FINE = 3
"""Points drawn per sample of the profile."""
_FADE_STATIONS = 0.18
"""Above the lumbar window the colour gives way to pale over this share of the chord."""
_SHADES = 12
_DASH, _GAP = 3, 2
"""Steps of the ghost's dashes and the gaps between them."""
_STEP_SHARE = 0.0035
_LEAST_STEP_PX = 1.8
"""Length of a step: a share of the picture's short side, but never less than this."""
_GHOST_OPACITY = 0.8
_GHOST_CLEARANCE = 0.011
"""Nearer to the profile than this share of the short side, a dash would only look like dirt."""

_SURE_SD_DEG = 3.0
"""Uncertainty that is drawn as the plain line; a good frame of the spine estimator."""
_VAGUE_SD_DEG = 12.0
"""Uncertainty from which the line grows no wider."""


class Back:
    """Draws the back of any frame of one analysis.

    Args:
        analysis: The clip's analysis.
        width_px: Width of the pictures to draw on.
        height_px: Height of the pictures to draw on.
    """

    def __init__(self, analysis: Analysis, width_px: int, height_px: int) -> None:
        track, profile = analysis.track, analysis.profile
        scale = np.array([width_px / track.width_px, height_px / track.height_px])
        self._short_px = min(width_px, height_px)
        self._edge_px = profile.edge_px * scale
        seen = profile.valid & np.isfinite(self._edge_px).all(axis=2)
        self._shown = seen & track.detected[:, None]
        self._station = profile.station
        self._colour = back_colours(analysis)
        self._vague = vagueness(analysis.angles.lumbar_flexion.sd_deg)

        self._hip = _complex(track.middle_px(Landmark.LEFT_HIP) * scale)
        self._chord = _complex(track.middle_px(Landmark.LEFT_SHOULDER) * scale) - self._hip
        self._dorsal = self._station >= LUMBAR_WINDOW[0]
        usable = (self._shown[:, self._dorsal].sum(axis=1) >= _FEWEST_SAMPLES) & (
            np.abs(self._chord) > 1
        )
        self._ghost = ghost_frames(analysis, usable)
        self._ghost[~np.isfinite(self._chord)] = -1
        step_px = max(_STEP_SHARE * self._short_px, _LEAST_STEP_PX)
        lengths = np.abs(self._chord[usable])
        self._step_chords = step_px / float(np.median(lengths)) if len(lengths) else 1.0
        self._dashes = {int(frame): self._dash(int(frame)) for frame in set(self._ghost) - {-1}}

    def draw(self, rgb: Picture, frame: int) -> None:
        """Ghost first, then the profile with its soft rim of uncertainty."""
        ghost = int(self._ghost[frame])
        runs = [
            (finer(self._edge_px[frame, run]), finer(self._station[run]))
            for run in gapless(self._shown[frame])
        ]
        if ghost not in (-1, frame):
            self._draw_ghost(rgb, frame, self._dashes[ghost], [xy for xy, _ in runs])
        draw_profile(rgb, runs, self._colour[frame], float(self._vague[frame]), self._short_px)

    def _dash(self, frame: int) -> NDArray[np.complex128]:
        """Dashes (n, points) of one frame's profile in its own chord's frame."""
        edge = (_complex(self._edge_px[frame]) - self._hip[frame]) / self._chord[frame]
        period = _DASH + _GAP
        pieces = []
        for run in gapless(self._shown[frame] & self._dorsal):
            local = edge[run]
            along = np.concatenate([[0.0], np.cumsum(np.abs(np.diff(local)))])
            count = int(along[-1] / (self._step_chords * period))
            steps = (np.arange(count)[:, None] * period + np.arange(_DASH + 1)) * self._step_chords
            pieces.append(
                np.interp(steps, along, local.real) + 1j * np.interp(steps, along, local.imag)
            )
        empty = np.empty((0, _DASH + 1), dtype=np.complex128)
        dashes: NDArray[np.complex128] = np.concatenate([empty, *pieces])
        return dashes

    def _draw_ghost(
        self,
        rgb: Picture,
        frame: int,
        dashes: NDArray[np.complex128],
        profile_px: list[FloatArray],
    ) -> None:
        """Draw the dashes that do not run under the profile's own line."""
        placed = self._hip[frame] + dashes * self._chord[frame]
        for line in profile_px:
            away = np.abs(placed.mean(axis=1)[:, None] - _complex(line)).min(axis=1)
            placed = placed[away > _GHOST_CLEARANCE * self._short_px]
        lines = np.stack([placed.real, placed.imag], axis=-1)
        if lines.size == 0:
            return
        thin = max(round(self._short_px / 380), 1)
        region = around(lines.reshape(-1, 2), 3 * thin + 2, rgb)
        if region is None:
            return
        part, corner = region
        layer = part.copy()
        points = list(fixed_point(lines - corner))
        cv2.polylines(layer, points, False, CASING, thin + max(thin, 2), cv2.LINE_AA, SHIFT)
        cv2.polylines(layer, points, False, PALE, thin, cv2.LINE_AA, SHIFT)
        cv2.addWeighted(layer, _GHOST_OPACITY, part, 1 - _GHOST_OPACITY, 0, dst=part)


def draw_profile(
    rgb: Picture,
    runs: list[tuple[FloatArray, FloatArray]],
    lumbar: NDArray[np.uint8],
    vague: float,
    short_px: float,
) -> None:
    """Draw a back in place: a cased line over a soft rim that is wider the less is known.

    Args:
        rgb: The picture.
        runs: Gapless pieces of the profile, hip first: points (n, 2) and their stations (n,).
        lumbar: (3,) colour of the lumbar window; above it the line fades to pale.
        vague: Uncertainty, 0..1, as `vagueness` gives it.
        short_px: Lines are as thick as in a picture with this short side.
    """
    if not runs:
        return
    thick = max(round(short_px * (0.0062 + 0.0038 * vague)), 2)
    rim = max(round(short_px * 0.0017), 1)
    blur_px = short_px * (0.003 + 0.011 * vague)
    region = around(np.concatenate([xy for xy, _ in runs]), round(3 * blur_px) + 2 * thick, rgb)
    if region is None:
        return
    part, corner = region
    lines = [fixed_point(xy - corner) for xy, _ in runs]
    _glow(part, lines, lumbar, thick, blur_px, 0.35 + 0.3 * vague)
    cv2.polylines(part, lines, False, CASING, thick + 2 * rim, cv2.LINE_AA, SHIFT)
    upper = np.asarray(PALE)
    for (_, station), line in zip(runs, lines, strict=True):
        for shade, piece in _shaded(station, line):
            colour = lumbar + (upper - lumbar.astype(np.float64)) * shade
            cv2.polylines(part, [piece], False, colour.tolist(), thick, cv2.LINE_AA, SHIFT)


def finer(samples: FloatArray) -> FloatArray:
    """A smooth curve through one gapless run of samples (n, ...), `_FINE` points per sample.

    Samples are first averaged 1-2-1, which takes out what the mask's grid put in; the curve is
    Catmull and Rom's.
    """
    ends = samples[[0]], samples[[-1]]
    smooth = np.concatenate(
        [ends[0], (samples[:-2] + 2 * samples[1:-1] + samples[2:]) / 4, ends[1]]
    )
    p = np.concatenate([2 * ends[0] - smooth[[1]], smooth, 2 * ends[1] - smooth[[-2]]])
    t = (np.arange(_FINE) / _FINE).reshape(1, -1, *([1] * (samples.ndim - 1)))
    a, b, c, d = (p[k : len(p) - 3 + k, None] for k in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * (b - c) + d - a) * t**3
    )
    return np.concatenate([curve.reshape(-1, *samples.shape[1:]), ends[1]])


def _shaded(station: FloatArray, line: NDArray[np.int32]) -> list[tuple[float, NDArray[np.int32]]]:
    """Pieces of a line by how far its colour has given way to pale, 0..1."""
    share = np.clip((station - LUMBAR_WINDOW[1]) / _FADE_STATIONS, 0.0, 1.0)
    shade = np.rint(share * (_SHADES - 1)).astype(np.int64)
    cuts = [0, *(np.flatnonzero(np.diff(shade)) + 1).tolist(), len(shade)]
    return [(float(shade[a]) / (_SHADES - 1), line[a : b + 1]) for a, b in pairwise(cuts)]


def _glow(
    part: Picture,
    lines: list[NDArray[np.int32]],
    colour: NDArray[np.uint8],
    thick: int,
    blur_px: float,
    opacity: float,
) -> None:
    """Blend a blurred, wider copy of the lines into `part`."""
    mask = np.zeros(part.shape[:2], dtype=np.uint8)
    cv2.polylines(mask, lines, False, 255, thick + round(2 * blur_px), cv2.LINE_AA, SHIFT)
    size = 2 * round(blur_px) + 1
    soft = cv2.blur(cv2.blur(mask, (size, size)), (size, size))
    weight = np.asarray(soft, dtype=np.float32) * np.float32(opacity / 255)
    solid = np.empty_like(part)
    solid[:] = colour
    cv2.blendLinear(solid, part, weight, 1 - weight, dst=part)


def vagueness(sd_deg: FloatArray) -> FloatArray:
    """Uncertainty from 0 (sure) to 1 (vague); unknown is vague."""
    share = np.clip((sd_deg - _SURE_SD_DEG) / (_VAGUE_SD_DEG - _SURE_SD_DEG), 0.0, 1.0)
    known: FloatArray = np.nan_to_num(share, nan=1.0)
    return known


def _complex(xy: FloatArray) -> NDArray[np.complex128]:
    """Points (..., 2) as complex numbers, so that a chord's turn and stretch is one factor."""
    plane: NDArray[np.complex128] = np.where(
        np.isfinite(xy).all(axis=-1), xy[..., 0] + 1j * xy[..., 1], complex(math.nan, math.nan)
    )
    return plane
