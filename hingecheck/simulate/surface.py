"""Skinned surfaces and how to cut one along a line drawn across its triangles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Surface", "cut", "relaxed"]

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Surface:
    """Triangles that follow bones.

    Attributes:
        vertices_m: Rest vertices, (vertices, 3).
        faces: Triangles as vertex indices, (faces, 3).
        weights: Skinning weights, rows sum to 1, (vertices, bones). Cloth may have some below 0.
    """

    vertices_m: Floats
    faces: Indices
    weights: Floats

    def normals(self) -> Floats:
        """Unit outward normals, area-weighted over the faces around a vertex, (vertices, 3)."""
        corners = self.vertices_m[self.faces]
        area = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normals = np.zeros_like(self.vertices_m)
        for corner in range(3):
            np.add.at(normals, self.faces[:, corner], area)
        length = np.linalg.norm(normals, axis=1, keepdims=True)
        unit: Floats = normals / np.maximum(length, 1e-12)
        return unit


def cut(surface: Surface, field: Floats, carried: Floats) -> tuple[Surface, Floats]:
    """Split the triangles that `field`, (vertices,), changes sign across, exactly at its zero.

    `carried`, (vertices, n), is interpolated onto the new vertices and returned longer.
    """
    inside = field > 0
    corners = surface.faces
    count = inside[corners].sum(axis=1)
    whole = corners[(count == 0) | (count == 3)]
    split = corners[(count == 1) | (count == 2)]
    lone_inside = inside[split].sum(axis=1) == 1
    lone = np.argmax(inside[split] == lone_inside[:, None], axis=1)
    rows = np.arange(len(split))
    a, b, c = (split[rows, (lone + turn) % 3] for turn in range(3))

    edges = np.sort(np.vstack([np.column_stack([a, b]), np.column_stack([a, c])]), axis=1)
    unique, index = np.unique(edges, axis=0, return_inverse=True)
    start, end = unique[:, 0], unique[:, 1]
    at = (field[start] / (field[start] - field[end]))[:, None]

    def extended(values: Floats) -> Floats:
        return np.vstack([values, values[start] + at * (values[end] - values[start])])

    new = len(surface.vertices_m) + index.reshape(2, -1)
    p, q = new[0], new[1]
    parts = [np.column_stack(triangle) for triangle in ((a, p, q), (p, b, c), (p, c, q))]
    return (
        Surface(
            vertices_m=extended(surface.vertices_m),
            faces=np.vstack([whole, *parts]),
            weights=extended(surface.weights),
        ),
        extended(carried),
    )


def relaxed(surface: Surface, region: NDArray[np.bool_], rounds: int) -> Floats:
    """Vertices with `region` smoothed towards its neighbours: a shoe shows no toes."""
    edges = np.vstack(
        [surface.faces[:, [0, 1]], surface.faces[:, [1, 2]], surface.faces[:, [2, 0]]]
    )
    edges = edges[region[edges].all(axis=1)]
    vertices = surface.vertices_m.copy()
    count = np.bincount(edges.ravel(), minlength=len(vertices))[:, None]
    for _ in range(rounds):
        total = np.zeros_like(vertices)
        np.add.at(total, edges[:, 0], vertices[edges[:, 1]])
        np.add.at(total, edges[:, 1], vertices[edges[:, 0]])
        vertices = np.where(count > 0, total / np.maximum(count, 1), vertices)
    return vertices
