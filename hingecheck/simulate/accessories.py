"""Things worn that are no part of the skin: belt, hood, bun, ponytail, the peak of a cap."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy.spatial import cKDTree

from hingecheck.simulate.body import Body, Floats
from hingecheck.simulate.cloth import measure
from hingecheck.simulate.garments import belt_height_m, held_by
from hingecheck.simulate.surface import Surface

__all__ = ["belt", "bun", "hood", "peak", "ponytail"]

_BELT_HEIGHT_M = 0.1
_AROUND = 48
_SQUEEZE_M = 0.003
_STIFFNESS = 0.25


def belt(body: Body, worn_m: Floats, thickness_m: float) -> Surface:
    """A lifting belt over what is worn, flat from edge to edge and stiffer than the back."""
    middle_m = belt_height_m(body)
    low_m, high_m = middle_m - _BELT_HEIGHT_M / 2, middle_m + _BELT_HEIGHT_M / 2
    arms = held_by(body, ("upperarm", "lowerarm", "wrist", "finger", "metacarpal"))
    near = (arms < 0.2) & (np.abs(worn_m[:, 2] - middle_m) < 0.12)
    axis = np.array([worn_m[near, 0].mean(), 0.0])
    girth = measure(worn_m[near], axis, low_m, high_m).rounded()
    # Flat from edge to edge but free to taper, and pulled into soft cloth and skin.
    rows = girth.heights_m - middle_m
    slope = (rows - rows.mean()) @ girth.radius_m / ((rows - rows.mean()) ** 2).sum()
    level = girth.radius_m - 0.8 * slope * rows[:, None]
    radius = 0.4 * level.max(axis=0) + 0.6 * level.mean(axis=0) - _SQUEEZE_M
    turn = np.linspace(0, 2 * np.pi, _AROUND, endpoint=False)
    radius, slope = (
        np.interp(turn, girth.directions, values, period=2 * np.pi)
        for values in (radius, 0.8 * slope)
    )

    def ring(off_m: float, height_m: float) -> Floats:
        out_m = radius + slope * (height_m - middle_m) + off_m
        return np.column_stack(
            [axis[0] + out_m * np.cos(turn), out_m * np.sin(turn), np.full(_AROUND, height_m)]
        )

    rings = [
        ring(off_m, height_m)
        for off_m, height_m in (
            (-0.01, low_m),
            (thickness_m, low_m),
            (thickness_m, low_m + 0.03),
            (thickness_m, high_m - 0.03),
            (thickness_m, high_m),
            (-0.01, high_m),
        )
    ]
    surface = _swept(body, rings, near)
    stiff = (1 - _STIFFNESS) * surface.weights + _STIFFNESS * surface.weights.mean(axis=0)
    return Surface(surface.vertices_m, surface.faces, stiff)


def hood(body: Body, worn_m: Floats, lump_m: float) -> Surface:
    """A hood lying round the neck and on the upper back, thickest behind."""
    neck, size = body.head("neck01"), body.stature_m / 1.75
    shoulders = held_by(body, ("spine01", "clavicle", "shoulder", "neck", "spine02")) > 0.5
    shell = worn_m[shoulders]
    rings = []
    for turn in np.radians(np.linspace(65, 295, 19)):
        outward = np.array([np.cos(turn), np.sin(turn), 0.0])
        behind = float(np.clip(-outward[0], 0.0, 1.0))
        height_m = neck[2] - size * (0.012 + 0.03 * behind)
        beside = np.abs((shell[:, :2] - neck[:2]) @ [-outward[1], outward[0]]) < 0.03
        level = np.abs(shell[:, 2] - height_m) < 0.03
        reach = ((shell - neck) @ outward)[beside & level]
        out_m = float(reach.max()) if len(reach) else 0.07 * size
        out_m = min(out_m, 0.09 * size + 0.06 * size * behind)
        thick_m, tall_m = lump_m * (0.35 + 0.65 * behind), lump_m * (0.6 + 1.1 * behind)
        centre = neck + out_m * outward
        centre[2] = height_m
        around = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        rings.append(
            centre
            + thick_m * np.cos(around)[:, None] * outward
            + tall_m * np.sin(around)[:, None] * np.array([0.0, 0.0, 1.0])
        )
    return _swept(body, _tapered(rings), shoulders)


def bun(body: Body, radius_m: float, high: float) -> Surface:
    """A ball of hair: `high` 0 sits at the back of the head, 1 on its top."""
    skull, crown = _skull(body)
    lean = np.radians(20 + 55 * high)
    direction = np.array([-np.cos(lean), 0.0, np.sin(lean)])
    reach_m = float(((body.vertices_m[skull] - crown) @ direction).max())
    centre = crown + (reach_m + 0.55 * radius_m) * direction
    across = np.linspace(-1, 1, 9)[1:-1]
    rings = [
        centre + radius_m * (0.8 * step * direction + np.sqrt(1 - step**2) * spoke)
        for step in across
        for spoke in [_spokes(direction)]
    ]
    return _swept(body, _tapered(rings), skull)


def ponytail(body: Body, worn_m: Floats, length_m: float, radius_m: float) -> Surface:
    """Hair tied at the back of the head that falls onto the neck and upper back."""
    skull, crown = _skull(body)
    middle = np.abs(worn_m[:, 1]) < 0.05
    middle &= held_by(body, ("head", "neck", "spine", "clavicle")) > 0.5
    tied = crown + np.array([0.0, 0.0, 0.02])
    tied[0] = worn_m[skull & (np.abs(worn_m[:, 2] - tied[2]) < 0.02), 0].min()
    steps = np.linspace(0, 1, 12)
    rings = []
    for step in steps:
        height_m = tied[2] + 0.012 * np.sin(np.pi * min(3 * step, 1)) - length_m * step**1.25
        level = middle & (np.abs(worn_m[:, 2] - height_m) < 0.025)
        back_x = float(worn_m[level, 0].min())
        thick_m = radius_m * np.interp(step, [0, 0.12, 0.45, 1], [0.6, 0.9, 1.0, 0.35])
        free_x = tied[0] - 0.01 - 0.03 * np.sin(np.pi * min(1.6 * step, 1.0))
        x = min(back_x - 0.5 * thick_m, free_x + 0.05 * step)
        rings.append(np.array([x, 0.0, height_m]) + thick_m * _spokes(np.array([-0.25, 0, -1.0])))
    return _swept(body, _tapered(rings), middle)


def peak(body: Body, worn_m: Floats) -> Surface:
    """The stiff peak of a cap, over the forehead."""
    skull, crown = _skull(body)
    eye_m, top_m = float(body.mid("eye")[2]), float(body.vertices_m[:, 2].max())
    height_m = eye_m + 0.42 * (top_m - eye_m)
    level = worn_m[skull & (np.abs(worn_m[:, 2] - height_m) < 0.02)]
    turns = np.radians(np.linspace(-58, 58, 15))
    rings = []
    for off_m in (-0.01, 0.03, 0.068):
        rows = []
        for turn in turns:
            outward = np.array([np.cos(turn), np.sin(turn)])
            reach_m = float(((level[:, :2] - crown[:2]) @ outward).max())
            out_m = reach_m + off_m * np.cos(turn) ** 0.5
            rows.append([*(crown[:2] + out_m * outward), height_m - 0.2 * max(off_m, 0.0)])
        rings.append(np.array(rows))
    return _swept(body, rings, skull, closed=False)


def _skull(body: Body) -> tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], Floats]:
    """Vertices of the head, and the middle of the skull at eye level, (3,)."""
    head = held_by(body, ("head",)) > 0.8
    eye_m = float(body.mid("eye")[2])
    level = body.vertices_m[head & (np.abs(body.vertices_m[:, 2] - eye_m) < 0.02)]
    return head, np.array([(level[:, 0].min() + level[:, 0].max()) / 2, 0.0, eye_m])


def _spokes(along: Floats) -> Floats:
    """Unit vectors all round a direction in the sagittal plane, (12, 3)."""
    unit = along / np.linalg.norm(along)
    side = np.array([0.0, 1.0, 0.0])
    up = np.cross(unit, side)
    around = np.linspace(0, 2 * np.pi, 12, endpoint=False)[:, None]
    spokes: Floats = np.cos(around) * side + np.sin(around) * up
    return spokes


def _tapered(rings: list[Floats]) -> list[Floats]:
    """Rings with a point at either end, so that the sweep is closed."""
    first, last = rings[0].mean(axis=0), rings[-1].mean(axis=0)
    count = len(rings[0])
    return [np.tile(first, (count, 1)), *rings, np.tile(last, (count, 1))]


def _swept(
    body: Body,
    rings: Iterable[Floats],
    carriers: np.ndarray[tuple[int], np.dtype[np.bool_]],
    closed: bool = True,
) -> Surface:
    """Join rings of equally many points; each point moves with the nearest carrying vertices."""
    stacked = np.stack(list(rings))
    levels, around, _ = stacked.shape
    index = np.arange(levels * around).reshape(levels, around)
    following = np.roll(index, -1, axis=1) if closed else index[:, 1:]
    index = index if closed else index[:, :-1]
    a, b, c, d = index[:-1], following[:-1], index[1:], following[1:]
    faces = np.vstack(
        [np.stack([a, b, d], -1).reshape(-1, 3), np.stack([a, d, c], -1).reshape(-1, 3)]
    )
    vertices = stacked.reshape(-1, 3)
    held = np.flatnonzero(carriers)
    distance_m, nearest = cKDTree(body.vertices_m[held]).query(vertices, k=6)
    nearness = 1 / np.maximum(distance_m, 0.005)
    nearness /= nearness.sum(axis=1, keepdims=True)
    weights = np.einsum("vk,vkb->vb", nearness, body.weights[held[nearest]])
    return Surface(vertices, faces, weights)
