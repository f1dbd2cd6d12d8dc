"""Clothes, skin and hair painted on a body, region by region."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hingecheck.simulate.body import Body, Floats
from hingecheck.simulate.surface import Surface, cut, relaxed

__all__ = ["Dressed", "Outfit", "dress", "random_outfit"]

Rgb = tuple[int, int, int]

_SHOE_M = 0.009
_SHOE_TOP_M = 0.01
_SOLE_M = 0.014


@dataclass(frozen=True, slots=True)
class Outfit:
    """Colours (sRGB) and cloth.

    Attributes:
        skin: Skin colour.
        hair: Hair colour.
        shirt: Shirt colour; None leaves the torso bare.
        shorts: Shorts or leggings colour.
        shoes: Colour of the shoes' uppers.
        sole: Colour of their soles.
        sleeve: How far the sleeve reaches down the upper arm, 0 to 1.
        leg: How far the shorts reach from hip to ankle, 0 to 1; 0.4 ends above the knee.
        cloth_m: How far the cloth stands off the skin.
        hair_m: How far the hair stands off the scalp.
    """

    skin: Rgb = (205, 152, 122)
    hair: Rgb = (48, 34, 26)
    shirt: Rgb | None = (38, 94, 130)
    shorts: Rgb = (50, 53, 62)
    shoes: Rgb = (58, 62, 70)
    sole: Rgb = (226, 226, 222)
    sleeve: float = 0.55
    leg: float = 0.4
    cloth_m: float = 0.004
    hair_m: float = 0.012


@dataclass(frozen=True, slots=True)
class Dressed:
    """A body's surface with clothes, shoes and hair on, and a colour for each vertex.

    Attributes:
        surface: Cut along every hem, so that each piece ends in a clean line.
        colours: sRGB, (vertices, 3).
    """

    surface: Surface
    colours: NDArray[np.uint8]


def dress(body: Body, outfit: Outfit) -> Dressed:
    """Put an outfit on: cut the skin along the hems, then lift and paint each piece."""
    layers: list[tuple[Floats, Rgb, float]] = []
    if outfit.shirt is not None:
        layers.append((_shirt(body, outfit.sleeve), outfit.shirt, outfit.cloth_m))
    shoes = _shoes(body)
    layers += [
        (_shorts(body, outfit.leg), outfit.shorts, outfit.cloth_m),
        (_soles(body, shoes), outfit.sole, _SHOE_M),
        (shoes, outfit.shoes, _SHOE_M),
        (_hair(body), outfit.hair, outfit.hair_m),
    ]
    bare = np.empty((len(body.vertices_m), 3))
    bare[:] = outfit.skin
    _paint_face(body, outfit, bare)

    surface = Surface(body.vertices_m, body.faces, body.weights)
    surface = replace(surface, vertices_m=relaxed(surface, shoes > 0, rounds=6))
    carried = np.column_stack([field for field, _, _ in layers] + [surface.normals(), bare])
    for layer in range(len(layers)):
        surface, carried = cut(surface, carried[:, layer].copy(), carried)
    fields = carried[:, : len(layers)]
    normals, bare = carried[:, len(layers) : -3], carried[:, -3:]

    worn = fields[surface.faces].mean(axis=1) > 0
    piece = np.where(worn.any(axis=1), worn.argmax(axis=1), len(layers))
    paints = [(colour, lift_m) for _, colour, lift_m in layers] + [(None, 0.0)]
    vertices, faces, weights, colours = [], [], [], []
    filled = 0
    for index, (colour, lift_m) in enumerate(paints):
        used, corners = np.unique(surface.faces[piece == index], return_inverse=True)
        vertices.append(surface.vertices_m[used] + lift_m * normals[used])
        weights.append(surface.weights[used])
        faces.append(corners.reshape(-1, 3) + filled)
        colours.append(bare[used] if colour is None else np.tile(colour, (len(used), 1)))
        filled += len(used)
    lifted = np.vstack(vertices)
    lifted[:, 2] = np.maximum(lifted[:, 2], body.vertices_m[:, 2].min())
    return Dressed(
        surface=Surface(lifted, np.vstack(faces), np.vstack(weights)),
        colours=np.clip(np.vstack(colours), 0, 255).astype(np.uint8),
    )


def random_outfit(rng: np.random.Generator, bare_chest: bool = False) -> Outfit:
    """Draw colours and cuts; `bare_chest` leaves the shirt off."""
    skins = [(236, 188, 160), (205, 152, 122), (168, 116, 86), (120, 80, 58), (84, 56, 42)]
    hairs = [(28, 24, 22), (48, 34, 26), (92, 62, 38), (170, 138, 90), (120, 118, 116)]

    def cloth() -> Rgb:
        value = rng.integers(25, 225, 3)
        return (int(value[0]), int(value[1]), int(value[2]))

    return Outfit(
        skin=skins[rng.integers(len(skins))],
        hair=hairs[rng.integers(len(hairs))],
        shirt=None if bare_chest else cloth(),
        shorts=cloth(),
        shoes=cloth(),
        sleeve=float(rng.choice([0.0, 0.4, 0.6, 1.0])),
        leg=float(rng.choice([0.25, 0.4, 0.5, 1.0])),
        cloth_m=float(rng.uniform(0.002, 0.012)),
        hair_m=float(rng.uniform(0.004, 0.028)),
    )


def _share(body: Body, prefixes: tuple[str, ...]) -> Floats:
    """How much of each vertex is held by bones whose names start so, (vertices,)."""
    bones = [i for i, name in enumerate(body.bone_names) if name.startswith(prefixes)]
    share: Floats = body.weights[:, bones].sum(axis=1)
    return share


def _waist_m(body: Body) -> float:
    return float(
        body.head("spine05")[2] + 0.8 * (body.head("spine03")[2] - body.head("spine05")[2])
    )


def _along(body: Body, start: Floats, end: Floats) -> Floats:
    span = end - start
    fraction: Floats = (body.vertices_m - start) @ span / (span @ span)
    return fraction


def _shirt(body: Body, sleeve: float) -> Floats:
    """Signed metres inside the shirt, (vertices,); the other garments likewise."""
    x, height = body.vertices_m[:, 0], body.vertices_m[:, 2]
    neck, clavicle = body.head("neck01"), body.head("clavicle.L")
    size = body.stature_m / 1.75
    # A round neckline, lower in front, that leaves the shoulders covered.
    beside_m = np.maximum(np.abs(body.vertices_m[:, 1]) - 0.05 * size, 0.0)
    collar_m = clavicle[2] + 0.5 * (neck[2] - clavicle[2]) - 0.45 * (x - neck[0]) + 3.0 * beside_m
    inside = np.minimum(height - (_waist_m(body) - 0.02), collar_m - height)
    for side in ("L", "R"):
        shoulder, elbow = body.head(f"upperarm01.{side}"), body.head(f"lowerarm01.{side}")
        arm = _share(body, (f"upperarm01.{side}", f"upperarm02.{side}")) > 0.35
        hem_m = (sleeve - _along(body, shoulder, elbow)) * np.linalg.norm(elbow - shoulder)
        inside = np.where(arm, hem_m, inside)
    elsewhere = ("lowerarm", "wrist", "finger", "metacarpal", "head", "eye", "neck03")
    return np.where(_share(body, elsewhere) > 0.5, -1.0, inside)


def _shorts(body: Body, leg: float) -> Floats:
    height = body.vertices_m[:, 2]
    hip_m, ankle_m = body.mid("upperleg01")[2], body.mid("foot")[2]
    inside = np.minimum(_waist_m(body) - height, height - (hip_m - leg * (hip_m - ankle_m)))
    lower = _share(body, ("root", "pelvis", "spine", "upperleg", "lowerleg"))
    return np.where(lower > 0.5, inside, -1.0)


def _shoes(body: Body) -> Floats:
    top_m = float(body.mid("foot")[2]) + _SHOE_TOP_M
    lower = _share(body, ("foot", "toe", "lowerleg"))
    return np.where(lower > 0.5, top_m - body.vertices_m[:, 2], -1.0)


def _soles(body: Body, shoes: Floats) -> Floats:
    height = body.vertices_m[:, 2]
    return np.where(shoes > 0, height.min() + _SOLE_M - height, -1.0)


def _hair(body: Body) -> Floats:
    """Scalp above a line that climbs from the nape over the ear to the forehead."""
    eye, top_m = body.mid("eye"), float(body.vertices_m[:, 2].max())
    x, height = body.vertices_m[:, 0], body.vertices_m[:, 2]
    above_eyes_m = top_m - eye[2]
    ear_x = float(body.head("head")[0])
    front = np.clip((x - ear_x) / (eye[0] - ear_x), -1.0, 1.0)
    line = np.interp(front, [-1.0, -0.35, -0.2, 0.2, 0.4, 1.0], [-0.6, -0.4, 0.05, 0.15, 0.4, 0.6])
    inside = height - (eye[2] + above_eyes_m * line)
    return np.where(_share(body, ("head", "neck03", "neck02")) > 0.5, inside, -1.0)


def _paint_face(body: Body, outfit: Outfit, colours: Floats) -> None:
    front = body.vertices_m[:, 0]
    for side in ("L", "R"):
        eye = body.head(f"eye.{side}")
        ball = _share(body, (f"eye.{side}",)) > 0.5
        colours[ball] = (236, 234, 230)
        colours[ball & (front > front[ball].max() - 0.006)] = (52, 38, 30)
        offset = (body.vertices_m - eye)[:, 1:] / [0.022, 0.006] - [0, 3.6]
        brow = (np.linalg.norm(offset, axis=1) < 1) & (front > eye[0])
        colours[brow & (_share(body, ("head",)) > 0.5)] = outfit.hair
