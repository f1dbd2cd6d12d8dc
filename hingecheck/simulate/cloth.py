"""Cloth that hangs round a trunk or a thigh: it spans hollows, folds, and stands off the skin."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter, map_coordinates

__all__ = ["Drape", "Tube", "folds", "measure", "ramp"]

Floats = NDArray[np.float64]

_COLUMNS = 64
_ROW_M = 0.015
# Lines that hold a hollow bridged; steeper than these the cloth stands off instead.
_SLOPES = np.linspace(-1.3, 1.3, 53)


@dataclass(frozen=True, slots=True)
class Drape:
    """How a garment hangs.

    Attributes:
        ease_m: Distance from the skin where nothing holds the cloth.
        bridge: Share of the hollows at the back that the cloth spans, 0 to 1.
        hang: Share of the way the front falls straight down from chest or belly, 0 to 1.
        fold_m: Depth of the folds, one standard deviation.
        bunch_m: Height of a roll of cloth across the small of the back.
        bunch_at: Where the roll lies, from 0 at the hip joints to 1 at the shoulder joints.
        cinched: The hem is held against the body and the cloth blouses over it.
    """

    ease_m: float = 0.004
    bridge: float = 0.0
    hang: float = 0.0
    fold_m: float = 0.0
    bunch_m: float = 0.0
    bunch_at: float = 0.35
    cinched: bool = False


@dataclass(frozen=True, slots=True)
class Tube:
    """Distance of a surface from a vertical axis, over height and direction.

    Attributes:
        axis_m: Where the axis stands, x and y, (2,).
        low_m: Height of the first row; rows are 15 mm apart.
        radius_m: (rows, columns); columns go from straight ahead to the left and round.
    """

    axis_m: Floats
    low_m: float
    radius_m: Floats

    @property
    def heights_m(self) -> Floats:
        """Height of every row, (rows,)."""
        heights: Floats = self.low_m + _ROW_M * np.arange(len(self.radius_m), dtype=np.float64)
        return heights

    @property
    def directions(self) -> Floats:
        """Radians of every column, 0 ahead, growing to the left, (columns,)."""
        turn: Floats = np.arange(_COLUMNS, dtype=np.float64) * (2 * np.pi / _COLUMNS)
        return turn

    def rounded(self) -> Tube:
        """Every level drawn taut like a string round it: no spinal furrow, no cleft."""
        gap = self.directions[:, None] - self.directions
        support = (self.radius_m[:, :, None] * np.cos(gap)).max(axis=1)
        facing = np.where(np.cos(gap) > 0.2, np.cos(gap), np.nan)
        return replace(self, radius_m=np.nanmin(support[:, None, :] / facing, axis=2))

    def spanned(self) -> Tube:
        """Every column drawn taut from apex to apex: the upper convex envelope over height."""
        height = self.heights_m - self.low_m
        lines = self.radius_m[None] - (_SLOPES[:, None] * height)[:, :, None]
        offset = lines.max(axis=1)
        taut = (offset[:, None, :] + (_SLOPES[:, None] * height)[:, :, None]).min(axis=0)
        return replace(self, radius_m=taut)

    def hung(self) -> Tube:
        """Every column falling straight down from its widest point above."""
        return replace(self, radius_m=np.maximum.accumulate(self.radius_m[::-1], axis=0)[::-1])

    def at(self, points_m: Floats) -> Floats:
        """Radius at the height and direction of points, (points, 3) to (points,)."""
        offset = points_m[:, :2] - self.axis_m
        column = np.arctan2(offset[:, 1], offset[:, 0]) * (_COLUMNS / (2 * np.pi)) % _COLUMNS
        row = (points_m[:, 2] - self.low_m) / _ROW_M
        closed = np.column_stack([self.radius_m, self.radius_m[:, :1]])
        radius: Floats = map_coordinates(closed, [row, column], order=1, mode="nearest")
        return radius

    def around(self, points_m: Floats) -> Floats:
        """Points with those inside the tube drawn out to it, (points, 3)."""
        offset = points_m[:, :2] - self.axis_m
        own = np.maximum(np.linalg.norm(offset, axis=1), 1e-3)
        wanted = np.maximum(self.at(points_m), own)
        moved = points_m.copy()
        moved[:, :2] = self.axis_m + offset * (wanted / own)[:, None]
        return moved


def measure(points_m: Floats, axis_m: Floats, low_m: float, high_m: float) -> Tube:
    """The tube of a surface given by points spread over it, (points, 3)."""
    offset = points_m[:, :2] - axis_m
    rows = max(int(np.ceil((high_m - low_m) / _ROW_M)) + 1, 2)
    row = np.rint((points_m[:, 2] - low_m) / _ROW_M).astype(int)
    turn = np.arctan2(offset[:, 1], offset[:, 0]) * (_COLUMNS / (2 * np.pi))
    column = np.rint(turn).astype(int) % _COLUMNS
    there = (row >= 0) & (row < rows)
    radius = np.linalg.norm(offset[there], axis=1)
    count, total = np.zeros((rows, _COLUMNS)), np.zeros((rows, _COLUMNS))
    np.add.at(count, (row[there], column[there]), 1.0)
    np.add.at(total, (row[there], column[there]), radius)
    # A narrow blur keeps the shape where there are points; a wide one fills what has none.
    narrow, wide = (_blurred(count, s) for s in (0.7, 4.0))
    filled = _blurred(total, 4.0) / np.maximum(wide, 1e-9)
    near = np.clip(narrow / 0.05, 0, 1)
    shape = near * _blurred(total, 0.7) / np.maximum(narrow, 1e-9) + (1 - near) * filled
    return Tube(axis_m=axis_m, low_m=low_m, radius_m=shape)


def folds(tube: Tube, rng: np.random.Generator) -> Floats:
    """Smooth folds of unit spread, mostly slanting across the tube, (rows, columns)."""
    waves = np.zeros_like(tube.radius_m)
    for _ in range(6):
        length_m = rng.uniform(0.08, 0.3)
        around = int(rng.integers(-4, 5))
        waves += rng.normal() * np.sin(
            2 * np.pi * tube.heights_m[:, None] / length_m
            + around * tube.directions
            + rng.uniform(0, 2 * np.pi)
        )
    unit: Floats = waves / max(float(waves.std()), 1e-6)
    return unit


def ramp(values: Floats, zero: float, one: float) -> Floats:
    """Smooth step from 0 at `zero` to 1 at `one`."""
    t = np.clip((values - zero) / (one - zero), 0.0, 1.0)
    stepped: Floats = t * t * (3 - 2 * t)
    return stepped


def _blurred(grid: Floats, cells: float) -> Floats:
    smooth: Floats = gaussian_filter(grid, cells, mode=("nearest", "wrap"))
    return smooth
