"""Where garments and hair lie on a body, and how far each stands off it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hingecheck.simulate.body import Body, Floats
from hingecheck.simulate.cloth import Drape, Tube, folds, measure, ramp
from hingecheck.simulate.surface import Indices, Surface

__all__ = [
    "belt_height_m",
    "hair_inside",
    "hang_hair",
    "hang_shirt",
    "hang_shorts",
    "hat_inside",
    "held_by",
    "hem_height_m",
    "settling",
    "shirt_inside",
    "shoes_inside",
    "shorts_inside",
    "soles_inside",
    "waist_m",
]

_SHOE_TOP_M = 0.01
_SOLE_M = 0.014
# Cloth rests on the shoulders: this share of its ease is left there.
_EASE_ON_SHOULDERS = 0.35
# Whoever leans forward has the cloth lying on the back and its slack under the belly.
_EASE_ON_BACK = 0.45
# Cloth this far off follows one share more; nearly half its distance is gone at 45 degrees of
# lumbar flexion. No more than the second figure counts.
_SETTLING_M, _FULLY_SETTLING_M = 0.045, 0.06
_CLOSE_M = 0.003
_HEM_BAND_M = 0.055
# Share of the cloth's distance from the skin that a tight belt leaves.
_LEFT_UNDER_BELT = 0.2


def held_by(body: Body, prefixes: tuple[str, ...]) -> Floats:
    """How much of each vertex is held by bones whose names start so, (vertices,)."""
    bones = [i for i, name in enumerate(body.bone_names) if name.startswith(prefixes)]
    share: Floats = body.weights[:, bones].sum(axis=1)
    return share


def waist_m(body: Body) -> float:
    """Height of the waistband, at the level of the navel."""
    return float(
        body.head("spine05")[2] + 0.8 * (body.head("spine03")[2] - body.head("spine05")[2])
    )


def belt_height_m(body: Body) -> float:
    """Height of a lifting belt's middle."""
    return waist_m(body) + 0.015


def hem_height_m(body: Body, hem: float) -> float:
    """Height of a shirt's hem: -1 under the chest, 0 at the waistband, 1 under the buttock."""
    waistband_m = waist_m(body) - 0.02
    if hem < 0:
        return waistband_m - hem * (float(body.head("spine01")[2]) - 0.04 - waistband_m)
    trunk = (np.abs(body.vertices_m[:, 1]) < 0.012) & (
        held_by(body, ("root", "pelvis", "spine", "upperleg")) > 0.9
    )
    crotch_m = float(body.vertices_m[trunk, 2].min())
    return waistband_m + hem * (crotch_m + 0.015 - waistband_m)


def shirt_inside(body: Body, sleeve: float, hem: float, collar_up_m: float = 0.0) -> Floats:
    """Signed metres inside the shirt, (vertices,); the other garments likewise.

    `sleeve` is 0 at the shoulder, 1 at the elbow and 2 at the wrist.
    """
    x, height = body.vertices_m[:, 0], body.vertices_m[:, 2]
    neck, clavicle = body.head("neck01"), body.head("clavicle.L")
    size = body.stature_m / 1.75
    # A round neckline, lower in front, that leaves the shoulders covered.
    beside_m = np.maximum(np.abs(body.vertices_m[:, 1]) - 0.05 * size, 0.0)
    collar_m = clavicle[2] + 0.5 * (neck[2] - clavicle[2]) - 0.45 * (x - neck[0]) + 3.0 * beside_m
    inside = np.minimum(height - hem_height_m(body, hem), collar_m + collar_up_m - height)
    for side in ("L", "R"):
        shoulder, elbow, wrist = (
            body.head(f"{name}.{side}") for name in ("upperarm01", "lowerarm01", "wrist")
        )
        upper = held_by(body, (f"upperarm01.{side}", f"upperarm02.{side}"))
        lower = held_by(body, (f"lowerarm01.{side}", f"lowerarm02.{side}"))
        down_upper = np.minimum(_along(body, shoulder, elbow), 1.0)
        down_lower = np.clip(_along(body, elbow, wrist), 0.0, 1.0)
        down = np.where(lower > 0.5, 1 + down_lower, down_upper)
        hem_m = (sleeve - down) * np.linalg.norm(elbow - shoulder)
        inside = np.where((upper > 0.35) | (lower > 0.5), hem_m, inside)
    return np.where(
        held_by(body, ("wrist", "finger", "metacarpal", "head", "eye")) > 0.5, -1, inside
    )


def shorts_inside(body: Body, leg: float) -> Floats:
    """Signed metres inside shorts or leggings; `leg` is 0 at the hip, 1 at the ankle."""
    height = body.vertices_m[:, 2]
    inside = np.minimum(waist_m(body) - height, height - _leg_hem_m(body, leg))
    lower = held_by(body, ("root", "pelvis", "spine", "upperleg", "lowerleg"))
    return np.where(lower > 0.5, inside, -1.0)


def shoes_inside(body: Body) -> Floats:
    """Signed metres inside the shoes."""
    top_m = float(body.mid("foot")[2]) + _SHOE_TOP_M
    lower = held_by(body, ("foot", "toe", "lowerleg"))
    return np.where(lower > 0.5, top_m - body.vertices_m[:, 2], -1.0)


def soles_inside(body: Body, shoes: Floats) -> Floats:
    """Signed metres inside the soles of the shoes."""
    height = body.vertices_m[:, 2]
    return np.where(shoes > 0, height.min() + _SOLE_M - height, -1.0)


def hair_inside(body: Body, length_m: float = 0.0) -> Floats:
    """Scalp above a line that climbs from the nape over the ear to the forehead.

    With a `length_m` the hair goes on down the back from the nape.
    """
    line = _head_line_m(
        body, (-1.0, -0.35, -0.2, 0.2, 0.4, 1.0), (-0.6, -0.4, 0.05, 0.15, 0.4, 0.6)
    )
    inside = body.vertices_m[:, 2] - line
    scalp = np.where(held_by(body, ("head", "neck03", "neck02")) > 0.5, inside, -1.0)
    if length_m <= 0:
        return scalp
    neck, ear_x = body.head("neck01"), float(body.head("head")[0])
    across_m = 0.085 * body.stature_m / 1.75 - np.abs(body.vertices_m[:, 1])
    behind_m = ear_x - 0.015 - body.vertices_m[:, 0]
    down_m = body.vertices_m[:, 2] - (neck[2] + 0.06 - length_m)
    trunk = held_by(body, ("head", "neck", "spine", "clavicle", "shoulder")) > 0.6
    lock = np.minimum(np.minimum(across_m, behind_m), down_m)
    return np.maximum(scalp, np.where(trunk, lock, -1.0))


def hat_inside(body: Body) -> Floats:
    """Head above a line from the forehead to low on the back of the head."""
    line = _head_line_m(body, (-1.0, 0.0, 1.0), (0.05, 0.22, 0.42))
    inside = body.vertices_m[:, 2] - line
    return np.where(held_by(body, ("head",)) > 0.5, inside, -1.0)


def hang_shirt(
    body: Body,
    under_m: Floats,
    hem: float,
    drape: Drape,
    sleeve_m: float,
    belted: bool,
    rng: np.random.Generator,
) -> Floats:
    """Where each vertex goes when the shirt is on, (vertices, 3); `under_m` wears the shorts.

    `belted` cloth is drawn in where a lifting belt goes over it.
    """
    height = under_m[:, 2]
    normals = Surface(under_m, body.faces, body.weights).normals()
    hem_m, shoulder_m = hem_height_m(body, hem), float(body.mid("upperarm01")[2])
    hip_m = float(body.mid("upperleg01")[2])
    arm = held_by(body, ("upperarm", "lowerarm"))
    loose = _EASE_ON_SHOULDERS + (1 - _EASE_ON_SHOULDERS) * ramp(
        shoulder_m - height, 0.0, 0.6 * (shoulder_m - waist_m(body))
    )
    lift_m = drape.ease_m * loose
    lift_m = lift_m + ramp(arm, 0.5, 1.0) * (sleeve_m - lift_m)
    lifted = under_m + lift_m[:, None] * normals
    if drape.bridge <= 0:
        return lifted

    trunk = (arm < 0.3) & (held_by(body, ("wrist", "finger", "metacarpal", "lowerleg")) < 0.3)
    axis = np.array([under_m[trunk & (np.abs(height - waist_m(body)) < 0.05), 0].mean(), 0.0])
    low_m = min(hem_m, hip_m - 0.04) - 0.015
    skin = measure(_spread(under_m, body.faces, trunk), axis, low_m, shoulder_m + 0.04)
    tube = _shirt_tube(skin, drape, hem_m, hip_m, shoulder_m, rng)
    if belted:
        off_m = np.abs(tube.heights_m - belt_height_m(body))[:, None]
        free = _LEFT_UNDER_BELT + (1 - _LEFT_UNDER_BELT) * ramp(off_m, 0.045, 0.1)
        tube = replace(tube, radius_m=skin.radius_m + free * (tube.radius_m - skin.radius_m))
    close = under_m + min(drape.ease_m, _CLOSE_M) * normals
    share = (ramp(shoulder_m - height, 0.0, 0.13) * (1 - ramp(arm, 0.05, 0.4)))[:, None]
    return lifted + share * (tube.around(close) - lifted)


def _shirt_tube(
    skin: Tube,
    drape: Drape,
    hem_m: float,
    hip_m: float,
    shoulder_m: float,
    rng: np.random.Generator,
) -> Tube:
    height, back = skin.heights_m[:, None], ramp(-np.cos(skin.directions), -0.2, 0.4)
    girded = skin.rounded()
    base = skin.radius_m + min(0.4 + drape.bridge, 1.0) * (girded.radius_m - skin.radius_m)
    bridged = base + drape.bridge * (girded.spanned().radius_m - base)
    hung = base + drape.hang * (girded.hung().radius_m - base)
    radius = bridged + (1 - back) * np.maximum(hung - bridged, 0.0)
    below = ramp(shoulder_m - height, 0.05, 0.25)
    ease = _EASE_ON_SHOULDERS + (1 - _EASE_ON_SHOULDERS) * below
    radius = radius + drape.ease_m * ease * (1 - (1 - _EASE_ON_BACK) * back)
    radius = radius + drape.fold_m * below * folds(skin, rng)
    roll_m = hip_m + drape.bunch_at * (shoulder_m - hip_m)
    slant_m = 0.02 * np.sin(skin.directions + rng.uniform(0, 2 * np.pi))
    radius = radius + drape.bunch_m * back * np.exp(-(((height - roll_m - slant_m) / 0.03) ** 2))
    if drape.cinched:
        loose = ramp(height - hem_m, 0.6 * _HEM_BAND_M, 1.8 * _HEM_BAND_M)
        blouse_m = (
            0.5
            * drape.ease_m
            * (1 - 0.5 * back)
            * np.exp(-(((height - hem_m) / _HEM_BAND_M - 2) ** 2))
        )
        radius = base + 0.007 + loose * (radius + blouse_m - base - 0.007)
    return Tube(skin.axis_m, skin.low_m, np.maximum(radius, skin.radius_m + 0.25 * drape.ease_m))


def settling(body: Body, under_m: Floats, worn_m: Floats) -> tuple[Floats, Floats]:
    """How much more than the loins themselves the cloth over them bends with the back.

    Returns a share per vertex, of the difference to what thorax and pelvis alone would carry,
    and the thorax's part in that, both (vertices,). What is held by two bones on either side
    of a bend stands off its outside, so cloth weighted the other way comes nearer to what
    is under it as the back rounds, in proportion to its distance, and leaves it as it arches.
    """
    height = body.vertices_m[:, 2]
    pelvis_m, thorax_m = float(body.head("spine05")[2]), float(body.head("spine01")[2])
    behind = ramp(float(body.head("spine03")[0]) + 0.02 - body.vertices_m[:, 0], -0.02, 0.06)
    limbs = held_by(body, ("upperarm", "lowerarm", "wrist", "finger", "metacarpal", "upperleg"))
    near = ramp(height, pelvis_m - 0.03, pelvis_m + 0.05) * ramp(
        thorax_m + 0.05 - height, 0.0, 0.08
    )
    off_m = np.linalg.norm(worn_m - under_m, axis=1)
    share = np.minimum(off_m, _FULLY_SETTLING_M) / _SETTLING_M
    share *= near * behind * (1 - ramp(limbs, 0.05, 0.3))
    return share, ramp(height, pelvis_m - 0.02, thorax_m + 0.02)


def hang_shorts(body: Body, leg: float, drape: Drape, rng: np.random.Generator) -> Floats:
    """Where each vertex goes when the shorts are on, (vertices, 3).

    Loose legs fall from the buttock and widen by the drape's ease down to their hem.
    """
    bare = body.vertices_m
    height, normals = bare[:, 2], Surface(bare, body.faces, body.weights).normals()
    waistband_m, hem_m = waist_m(body), _leg_hem_m(body, leg)
    hip_m = float(body.mid("upperleg01")[2])
    widened = ramp(waistband_m - 0.04 - height, 0.0, max(waistband_m - 0.04 - hip_m, 0.05))
    tight_m = min(drape.ease_m, 0.003)
    lifted = bare + (tight_m + (min(drape.ease_m, 0.008) - tight_m) * widened)[:, None] * normals
    if drape.bridge <= 0:
        return lifted

    leg_bones = ("root", "pelvis", "spine", "upperleg", "lowerleg")
    lower = (held_by(body, leg_bones) > 0.5) & (height < waistband_m + 0.05)
    worn = lifted.copy()
    for side, outward in (("L", 1.0), ("R", -1.0)):
        names = ("foot", "lowerleg01", "upperleg01")
        line = np.array([body.head(f"{name}.{side}") for name in names])
        straight = bare.copy()
        for axis in (0, 1):
            straight[:, axis] -= np.interp(height, line[:, 2], line[:, axis])
        own = lower & (outward * bare[:, 1] > -0.005)
        skin = measure(_spread(straight, body.faces, own), np.zeros(2), hem_m - 0.02, waistband_m)
        rows = skin.heights_m[:, None]
        hung = skin.radius_m + drape.bridge * (skin.hung().radius_m - skin.radius_m)
        flare = 0.35 + 0.65 * ramp(hip_m - rows, -0.03, hip_m - hem_m)
        free = ramp(waistband_m - rows, 0.03, 0.12)
        fall = hung + drape.ease_m * flare + drape.fold_m * folds(skin, rng)
        radius = skin.radius_m + free * (fall - skin.radius_m)
        tube = Tube(skin.axis_m, skin.low_m, np.maximum(radius, skin.radius_m))
        share = own * ramp(outward * bare[:, 1], 0.0, 0.035)
        worn += share[:, None] * (tube.around(straight) - straight)
    return worn


def hang_hair(body: Body, under_m: Floats, hair_m: float) -> Floats:
    """Long hair that falls from the back of the head to the shoulder blades, (vertices, 3)."""
    normals = Surface(under_m, body.faces, body.weights).normals()
    lifted = under_m + hair_m * normals
    held = held_by(body, ("head", "neck", "spine", "clavicle", "shoulder")) > 0.6
    held &= np.abs(under_m[:, 1]) < 0.1
    widest_m = float(body.mid("eye")[2])
    low_m = float(body.head("spine01")[2]) - 0.05
    axis = body.head("neck01")[:2]
    skin = measure(_spread(under_m, body.faces, held), axis, low_m, widest_m + 0.03)
    taut = skin.spanned().radius_m
    tube = Tube(axis, low_m, skin.radius_m + 0.75 * (taut - skin.radius_m) + hair_m)
    share = ramp(widest_m - under_m[:, 2], -0.02, 0.04)[:, None]
    return lifted + share * (tube.around(lifted) - lifted)


def _spread(points_m: Floats, faces: Indices, chosen: NDArray[np.bool_]) -> Floats:
    """Chosen vertices with the middles of their triangles and edges, (points, 3)."""
    corners = points_m[faces[chosen[faces].all(axis=1)]]
    rolled = np.roll(corners, 1, axis=1)
    parts = [points_m[chosen], corners.mean(axis=1), ((corners + rolled) / 2).reshape(-1, 3)]
    return np.vstack(parts)


def _head_line_m(body: Body, front: tuple[float, ...], share: tuple[float, ...]) -> Floats:
    """A line round the head: height per vertex, by how far in front of the ears it is.

    `share` counts from the eyes (0) to the top of the head (1).
    """
    eye, top_m = body.mid("eye"), float(body.vertices_m[:, 2].max())
    ear_x = float(body.head("head")[0])
    at = np.clip((body.vertices_m[:, 0] - ear_x) / (eye[0] - ear_x), -1.0, 1.0)
    line: Floats = eye[2] + (top_m - eye[2]) * np.interp(at, front, share)
    return line


def _leg_hem_m(body: Body, leg: float) -> float:
    hip_m, ankle_m = float(body.mid("upperleg01")[2]), float(body.mid("foot")[2])
    return hip_m - leg * (hip_m - ankle_m)


def _along(body: Body, start: Floats, end: Floats) -> Floats:
    span = end - start
    fraction: Floats = (body.vertices_m - start) @ span / (span @ span)
    return fraction
