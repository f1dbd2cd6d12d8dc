"""Clothes, skin and hair painted on a body, region by region."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hingecheck.simulate import accessories, garments
from hingecheck.simulate.body import Body, Floats
from hingecheck.simulate.cloth import ramp
from hingecheck.simulate.clothing import Clothing, HairStyle, Hat, Outfit, Pattern, Rgb
from hingecheck.simulate.surface import Surface, cut, relaxed
from hingecheck.simulate.wardrobe import random_outfit

__all__ = [
    "Clothing",
    "Dressed",
    "HairStyle",
    "Hat",
    "Outfit",
    "Pattern",
    "dress",
    "random_outfit",
]

_SHOE_M = 0.009
# Skin and cloth this far inside an outer garment are never seen; nearer its hem they are.
_HIDDEN_M = 0.08
_HEM_CLEARED_M = 0.03
_BELT_M = 0.011
_HOOD_COLLAR_M = 0.03
_RIBBED_M = 0.055


@dataclass(frozen=True, slots=True)
class Dressed:
    """A body's surface with clothes, shoes and hair on, and a colour for each vertex.

    Attributes:
        surface: Cut along every hem, so that each piece ends in a clean line.
        colours: sRGB, (vertices, 3).
    """

    surface: Surface
    colours: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Layer:
    """Something worn over the layers before it.

    Attributes:
        inside_m: Signed metres inside its hem, (vertices,).
        worn_m: Where each vertex of the skin goes, (vertices, 3).
        colour: Its colour.
        hides_m: How far inside it the layers below are left out.
        accents: Fields, (vertices,), positive where another colour is, with that colour.
        settling: What `garments.settling` says of it, (vertices, 2).
    """

    inside_m: Floats
    worn_m: Floats
    colour: Rgb
    hides_m: float = 0.0
    accents: tuple[tuple[Floats, Rgb], ...] = ()
    settling: Floats | None = None


def dress(body: Body, outfit: Outfit) -> Dressed:
    """Put an outfit on: cut the skin along the hems, then move and paint each piece."""
    rng = np.random.default_rng(outfit.seed)
    layers = _layers(body, outfit, rng)
    bare = np.empty((len(body.vertices_m), 3))
    bare[:] = outfit.skin
    _paint_face(body, outfit, bare)
    visible = _sewn(body, layers, bare)
    visible += _extras(body, outfit, _outermost(body, layers))

    vertices, faces, weights, colours = [], [], [], []
    filled = 0
    for surface, colour in visible:
        vertices.append(surface.vertices_m)
        faces.append(surface.faces + filled)
        weights.append(surface.weights)
        colours.append(np.broadcast_to(colour, surface.vertices_m.shape))
        filled += len(surface.vertices_m)
    whole = np.vstack(vertices)
    whole[:, 2] = np.maximum(whole[:, 2], body.vertices_m[:, 2].min())
    return Dressed(
        surface=Surface(whole, np.vstack(faces), np.vstack(weights)),
        colours=np.clip(np.vstack(colours), 0, 255).astype(np.uint8),
    )


def _layers(body: Body, outfit: Outfit, rng: np.random.Generator) -> list[_Layer]:
    """What is worn, from the skin outwards; the first layer is the skin itself."""
    shoes = garments.shoes_inside(body)
    skin = Surface(body.vertices_m, body.faces, body.weights)
    skin = replace(skin, vertices_m=relaxed(skin, shoes > 0, rounds=6))
    normals = skin.normals()
    everywhere = np.ones(len(shoes))
    shod_m = skin.vertices_m + _SHOE_M * normals
    shorts = garments.shorts_inside(body, outfit.leg)
    layers = [
        _Layer(everywhere, skin.vertices_m, outfit.skin),
        _Layer(shoes, shod_m, outfit.shoes),
        _Layer(garments.soles_inside(body, shoes), shod_m, outfit.sole),
        _Layer(
            shorts,
            garments.hang_shorts(body, outfit.leg, outfit.legs, rng),
            outfit.shorts,
            hides_m=_HIDDEN_M,
        ),
    ]
    if outfit.clothing is not Clothing.SKIN:
        layers.append(_shirt(body, outfit, _outermost(body, layers), rng))
    flowing = outfit.hair_style is HairStyle.LONG
    length_m = outfit.hair_length_m if flowing else 0.0
    under_m = _outermost(body, layers)
    combed_m = (
        garments.hang_hair(body, under_m, outfit.hair_m)
        if flowing
        else under_m + outfit.hair_m * normals
    )
    layers.append(_Layer(garments.hair_inside(body, length_m), combed_m, outfit.hair))
    if outfit.hat is not Hat.NONE:
        stands_off_m = outfit.hair_m + (0.008 if outfit.hat is Hat.BEANIE else 0.004)
        hat_m = under_m + stands_off_m * normals
        layers.append(_Layer(garments.hat_inside(body), hat_m, outfit.hat_colour))
    return layers


def _shirt(body: Body, outfit: Outfit, under_m: Floats, rng: np.random.Generator) -> _Layer:
    collar_m = _HOOD_COLLAR_M if outfit.clothing is Clothing.HOODIE else 0.0
    inside = garments.shirt_inside(body, outfit.sleeve, outfit.hem, collar_m)
    worn_m = garments.hang_shirt(
        body, under_m, outfit.hem, outfit.drape, outfit.sleeve_m, outfit.belt, rng
    )
    accents = _accents(body, outfit)
    if outfit.clothing is Clothing.HOODIE:
        darker = (np.array(outfit.shirt) * 0.8).astype(int)
        ribbed: Rgb = (int(darker[0]), int(darker[1]), int(darker[2]))
        accents = ((_RIBBED_M - inside, ribbed), *accents)
    settling = np.column_stack(garments.settling(body, under_m, worn_m))
    return _Layer(inside, worn_m, outfit.shirt, _HIDDEN_M, accents, settling)


def _accents(body: Body, outfit: Outfit) -> tuple[tuple[Floats, Rgb], ...]:
    """The shirt's second colour as a field that is positive where it is."""
    y, height = body.vertices_m[:, 1], body.vertices_m[:, 2]
    chest_m, shoulder_m = float(body.head("spine01")[2]), float(body.mid("upperarm01")[2])
    arm = garments.held_by(body, ("upperarm", "lowerarm"))
    match outfit.pattern:
        case Pattern.PLAIN:
            return ()
        case Pattern.STRIPE:
            where = 0.035 - np.abs(height - (chest_m - 0.05))
        case Pattern.STRIPES:
            where = np.cos((height - chest_m) * (2 * np.pi / 0.12)) * 0.02
        case Pattern.YOKE:
            where = height - (shoulder_m - 0.12)
        case Pattern.SLEEVES:
            where = (arm - 0.5) * 0.1
        case Pattern.PRINT:
            across, up = y / 0.1, (height - chest_m) / 0.09
            where = np.where(arm < 0.2, 1 - np.maximum(np.abs(across), np.abs(up)), -1) * 0.08
    return ((where, outfit.accent),)


def _outermost(body: Body, layers: list[_Layer]) -> Floats:
    """Where the outside of everything worn is, by vertex of the skin, (vertices, 3).

    It falls off beyond each hem, so that what lies over a hem clears it.
    """
    outside = body.vertices_m
    for layer in layers:
        worn = ramp(layer.inside_m, -_HEM_CLEARED_M, 0.0)[:, None]
        outside = outside + worn * (layer.worn_m - outside)
    return outside


def _sewn(body: Body, layers: list[_Layer], bare: Floats) -> list[tuple[Surface, Floats]]:
    """Every piece of every layer that can be seen, with its colours, (vertices, 3)."""
    hems = [layer.inside_m for layer in layers[1:]]
    seams = [where for layer in layers for where, _ in layer.accents]
    lines = len(hems) + len(seams)
    still = np.zeros((len(bare), 2))
    places = [
        np.column_stack([layer.worn_m, still if layer.settling is None else layer.settling])
        for layer in layers
    ]
    carried = np.column_stack([*hems, *seams, bare, *places])
    surface = Surface(body.vertices_m, body.faces, body.weights)
    for line in range(lines):
        surface, carried = cut(surface, carried[:, line].copy(), carried)
    inside = carried[:, :lines][surface.faces].mean(axis=1)
    deepest = carried[:, : len(hems)][surface.faces].min(axis=1)
    bare = carried[:, lines : lines + 3]
    places = np.split(carried[:, lines + 3 :], len(layers), axis=1)

    pieces: list[tuple[Surface, Floats]] = []
    seam = len(hems)
    for index, layer in enumerate(layers):
        drawn = inside[:, index - 1] > 0 if index else np.ones(len(inside), dtype=bool)
        for outer in range(index + 1, len(layers)):
            field_m = deepest if layers[outer].hides_m > 0 else inside
            drawn = drawn & (field_m[:, outer - 1] <= layers[outer].hides_m)
        paints: list[tuple[NDArray[np.bool_], Floats]] = []
        for _, colour in layer.accents:
            here = drawn & (inside[:, seam] > 0)
            paints.append((here, np.array(colour, dtype=np.float64)))
            drawn = drawn & ~here
            seam += 1
        paints.append((drawn, np.array(layer.colour, dtype=np.float64)))
        for chosen, colour_rgb in paints:
            used, corners = np.unique(surface.faces[chosen], return_inverse=True)
            if len(used) == 0:
                continue
            worn_m, settling = places[index][used, :3], places[index][used, 3:]
            weights = _settled(body, surface.weights[used], settling)
            piece = Surface(worn_m, corners.reshape(-1, 3), weights)
            pieces.append((piece, bare[used] if index == 0 else colour_rgb))
    return pieces


def _settled(body: Body, weights: Floats, settling: Floats) -> Floats:
    share, thorax = settling.T
    settled: Floats = weights * (1 + share)[:, None]
    settled[:, body.bone("spine01")] -= share * thorax
    settled[:, body.bone("spine05")] -= share * (1 - thorax)
    return settled


def _extras(body: Body, outfit: Outfit, outside_m: Floats) -> list[tuple[Surface, Floats]]:
    extras: list[tuple[Surface, Rgb]] = []
    if outfit.clothing is Clothing.HOODIE:
        extras.append((accessories.hood(body, outside_m, outfit.hood_m), outfit.shirt))
    if outfit.belt:
        extras.append((accessories.belt(body, outside_m, _BELT_M), outfit.belt_colour))
    if outfit.hat is Hat.CAP:
        extras.append((accessories.peak(body, outside_m), outfit.hat_colour))
    if outfit.hair_style is HairStyle.BUN:
        high = 0.0 if outfit.hat is not Hat.NONE else 0.6
        extras.append((accessories.bun(body, outfit.hair_length_m / 2, high), outfit.hair))
    elif outfit.hair_style is HairStyle.PONYTAIL:
        tail = accessories.ponytail(body, outside_m, outfit.hair_length_m, 0.022)
        extras.append((tail, outfit.hair))
    return [(surface, np.array(colour, dtype=np.float64)) for surface, colour in extras]


def _paint_face(body: Body, outfit: Outfit, colours: Floats) -> None:
    front = body.vertices_m[:, 0]
    for side in ("L", "R"):
        eye = body.head(f"eye.{side}")
        ball = garments.held_by(body, (f"eye.{side}",)) > 0.5
        colours[ball] = (236, 234, 230)
        colours[ball & (front > front[ball].max() - 0.006)] = (52, 38, 30)
        offset = (body.vertices_m - eye)[:, 1:] / [0.022, 0.006] - [0, 3.6]
        brow = (np.linalg.norm(offset, axis=1) < 1) & (front > eye[0])
        colours[brow & (garments.held_by(body, ("head",)) > 0.5)] = outfit.hair
