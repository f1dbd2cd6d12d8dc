"""People in the background of a simulated clip, as flat cut-outs."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from hingecheck.simulate.anatomy import TrueAngles, pose
from hingecheck.simulate.body import Body, Floats
from hingecheck.simulate.lifter import Equipment, Grip, Lifter
from hingecheck.simulate.rotations import yaw
from hingecheck.simulate.surface import Surface

__all__ = ["draw_bystander"]

_DOT_PX = 2
_SKIN = np.array([(224, 178, 150), (196, 142, 110), (141, 92, 64), (92, 60, 44)])


def draw_bystander(lifter: Lifter, rng: np.random.Generator, px_per_m: float) -> NDArray[np.uint8]:
    """Somebody of the lifter's build in other clothes and another posture.

    Returns RGBA, (rows, columns, 4), cropped to the figure; its feet touch the last row.
    """
    body = lifter.body
    idle = replace(
        lifter,
        equipment=Equipment.NONE,
        grip=Grip(rng.choice([Grip.BESIDE, Grip.HIPS, Grip.CROSSED])),
        bar_mass_ratio=0.0,
    )
    posture = pose(idle, _random_angles(rng))
    skin = posture.skin(Surface(body.vertices_m, body.faces, body.weights))
    corners = (skin @ yaw(float(rng.uniform(-180, 180))).T)[body.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    light = np.clip(0.62 - 0.3 * normal[:, 1] + 0.25 * normal[:, 2], 0.2, 1.1)
    colours = np.clip(_clothes(body, rng)[body.faces[:, 0]] * light[:, None], 0, 255)
    seen = normal[:, 1] < 0.1
    return _splat(corners.mean(axis=1)[seen], colours[seen], px_per_m * rng.uniform(0.92, 1.04))


def _random_angles(rng: np.random.Generator) -> TrueAngles:
    lean = float(rng.choice([0.0, 0.0, 0.15, 0.6])) * float(rng.random())
    return TrueAngles(
        pelvic_tilt_deg=60 * lean,
        lumbar_flexion_deg=20 * lean,
        knee_flexion_deg=5 + float(rng.choice([0.0, 60.0])) * lean,
        neck_extension_deg=float(rng.normal(0, 8)),
    )


def _clothes(body: Body, rng: np.random.Generator) -> Floats:
    """Colour of every vertex by the bone that holds it most, (vertices, 3)."""
    skin = _SKIN[int(rng.integers(len(_SKIN)))].astype(float)
    shirt, trousers, hair, shoes = rng.uniform(15, 240, (4, 3)) * rng.uniform(0.3, 1, (4, 1))
    long_legs = rng.random() < 0.5
    by_prefix = {
        ("root", "pelvis", "spine05", "upperleg"): trousers,
        ("lowerleg",): trousers if long_legs else skin,
        ("spine", "clavicle", "shoulder", "breast", "upperarm01"): shirt,
        ("foot", "toe"): shoes,
    }
    bones = np.tile(skin, (len(body.bone_names), 1))
    for index, name in enumerate(body.bone_names):
        for prefixes, colour in by_prefix.items():
            if name.startswith(prefixes):
                bones[index] = colour
                break
    colours: Floats = bones[body.weights.argmax(axis=1)]
    eye = body.mid("eye")
    scalp = (body.vertices_m[:, 2] > eye[2] + 0.05) | (
        (body.vertices_m[:, 2] > eye[2] - 0.05) & (body.vertices_m[:, 0] < eye[0] - 0.1)
    )
    colours[scalp] = 0.4 * hair
    return colours


def _splat(points_m: Floats, colours: Floats, px_per_m: float) -> NDArray[np.uint8]:
    """Dots far to near on a canvas seen along +y, then closed and softened."""
    order = np.argsort(-points_m[:, 1])
    points, shades = points_m[order], colours[order]
    low, high = points.min(axis=0), points.max(axis=0)
    border = 2 * _DOT_PX + 2
    columns = round((high[0] - low[0]) * px_per_m) + 2 * border
    rows = round((high[2] - low[2]) * px_per_m) + 2 * border
    x = np.round((points[:, 0] - low[0]) * px_per_m).astype(int) + border
    y = np.round((high[2] - points[:, 2]) * px_per_m).astype(int) + border
    image = np.zeros((rows, columns, 4), dtype=np.float32)
    dots = np.column_stack([shades, np.full(len(shades), 255.0)])
    for down in range(-_DOT_PX, _DOT_PX + 1):
        for along in range(-_DOT_PX, _DOT_PX + 1):
            image[y + down, x + along] = dots
    # Weighting colours by cover keeps the empty surroundings from darkening the edge.
    soft = cv2.GaussianBlur(image, (0, 0), 1.6)
    cover = np.maximum(soft[:, :, 3:], 1.0)
    inside = cv2.morphologyEx(image[:, :, 3], cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    edge = cv2.GaussianBlur(inside, (0, 0), 1.0)
    painted = np.dstack([np.clip(soft[:, :, :3] * 255 / cover, 0, 255), edge])
    figure: NDArray[np.uint8] = painted.astype(np.uint8)
    return figure[: rows - border + _DOT_PX]
