"""Random outfits: what people train in, about as often as they do."""

from __future__ import annotations

import numpy as np

from hingecheck.simulate.cloth import Drape
from hingecheck.simulate.clothing import Clothing, HairStyle, Hat, Outfit, Pattern, Rgb

__all__ = ["random_outfit"]

_SKINS: tuple[Rgb, ...] = (
    (236, 188, 160),
    (205, 152, 122),
    (168, 116, 86),
    (120, 80, 58),
    (84, 56, 42),
)
_HAIRS: tuple[Rgb, ...] = (
    (28, 24, 22),
    (48, 34, 26),
    (92, 62, 38),
    (170, 138, 90),
    (120, 118, 116),
)
# What covered trunks wear in a gym, relative to each other.
_COVERED = {
    Clothing.TIGHT: 28,
    Clothing.REGULAR: 35,
    Clothing.LOOSE: 17,
    Clothing.HOODIE: 8,
}
_BELT_SHARE = 0.15


def random_outfit(rng: np.random.Generator, bare_chest: bool = False) -> Outfit:
    """Draw colours and cuts; `bare_chest` leaves the shirt off, otherwise there is one."""
    kinds = list(_COVERED)
    shares = np.array([_COVERED[kind] for kind in kinds], dtype=np.float64)
    drawn = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
    clothing = Clothing.SKIN if bare_chest else drawn
    drape, hem, sleeve, sleeve_m = _random_shirt(rng, clothing)
    leg, legs = _random_shorts(rng)
    styles = list(HairStyle)
    style = styles[int(rng.choice(len(styles), p=[0.6, 0.12, 0.16, 0.12]))]
    if bare_chest:
        style = HairStyle.SHORT
    hat = list(Hat)[int(rng.choice(3, p=[0.8, 0.13, 0.07]))]
    low_m, high_m = {
        HairStyle.SHORT: (0.0, 0.0),
        HairStyle.BUN: (0.05, 0.085),
        HairStyle.PONYTAIL: (0.14, 0.34),
        HairStyle.LONG: (0.06, 0.22),
    }[style]
    return Outfit(
        clothing=clothing,
        belt=bool(rng.random() < _BELT_SHARE),
        skin=_SKINS[rng.integers(len(_SKINS))],
        hair=_HAIRS[rng.integers(len(_HAIRS))],
        shirt=_random_dye(rng),
        accent=_random_dye(rng),
        pattern=list(Pattern)[int(rng.choice(6, p=[0.45, 0.12, 0.08, 0.1, 0.1, 0.15]))],
        shorts=_random_dye(rng),
        shoes=_random_dye(rng),
        hat_colour=_random_dye(rng),
        belt_colour=_random_leather(rng),
        sleeve=sleeve,
        sleeve_m=sleeve_m,
        hem=hem,
        drape=drape,
        leg=leg,
        legs=legs,
        hood_m=float(rng.uniform(0.018, 0.034)),
        hair_m=float(rng.uniform(0.002, 0.024)),
        hair_style=style,
        hair_length_m=float(rng.uniform(low_m, high_m)),
        hat=hat,
        seed=int(rng.integers(2**31)),
    )


def _random_shirt(
    rng: np.random.Generator, clothing: Clothing
) -> tuple[Drape, float, float, float]:
    """Drape, hem, sleeve length and the sleeve's distance from the arm."""
    bunched = bool(rng.random() < 0.4)
    bunch_at = float(rng.uniform(0.2, 0.5))
    match clothing:
        case Clothing.REGULAR:
            drape = Drape(
                ease_m=float(rng.uniform(0.008, 0.02)),
                bridge=float(rng.uniform(0.2, 0.5)),
                hang=float(rng.uniform(0.1, 0.4)),
                fold_m=float(rng.uniform(0.001, 0.003)),
                bunch_m=bunched * float(rng.uniform(0.003, 0.01)),
                bunch_at=bunch_at,
            )
            sleeve = float(rng.choice([0.0, 0.5, 0.6, 0.7]))
            return drape, float(rng.uniform(0.2, 0.85)), sleeve, float(rng.uniform(0.006, 0.014))
        case Clothing.LOOSE:
            drape = Drape(
                ease_m=float(rng.uniform(0.012, 0.03)),
                bridge=float(rng.uniform(0.25, 0.95)),
                hang=float(rng.uniform(0.3, 0.9)),
                fold_m=float(rng.uniform(0.002, 0.0055)),
                bunch_m=bunched * float(rng.uniform(0.005, 0.022)),
                bunch_at=bunch_at,
            )
            sleeve = float(rng.choice([0.0, 0.7, 0.85, 1.0]))
            return drape, float(rng.uniform(0.1, 0.92)), sleeve, float(rng.uniform(0.014, 0.028))
        case Clothing.HOODIE:
            drape = Drape(
                ease_m=float(rng.uniform(0.015, 0.035)),
                bridge=float(rng.uniform(0.5, 0.95)),
                hang=float(rng.uniform(0.4, 0.9)),
                fold_m=float(rng.uniform(0.002, 0.006)),
                bunch_m=bunched * float(rng.uniform(0.005, 0.02)),
                bunch_at=bunch_at,
                cinched=True,
            )
            sleeve = float(rng.choice([0.6, 1.2, 1.9, 1.95]))
            return drape, float(rng.uniform(0.35, 0.75)), sleeve, float(rng.uniform(0.012, 0.022))
        case _:
            ease_m = float(rng.uniform(0.001, 0.004))
            cropped = bool(rng.random() < 0.2)
            hem = float(rng.uniform(-0.9, -0.3) if cropped else rng.uniform(0.0, 0.6))
            sleeve = 0.0 if cropped else float(rng.choice([0.0, 0.0, 0.5, 0.6, 1.9]))
            return Drape(ease_m=ease_m), hem, sleeve, ease_m


def _random_shorts(rng: np.random.Generator) -> tuple[float, Drape]:
    """Leg length and how the legs hang: leggings, close shorts, loose shorts or wide trousers."""
    kind = rng.random()
    if kind < 0.35:
        ease_m = float(rng.uniform(0.001, 0.004))
        return float(rng.choice([0.2, 0.4, 0.7, 0.97])), Drape(ease_m=ease_m)
    loose = kind > 0.65
    drape = Drape(
        ease_m=float(rng.uniform(0.012, 0.03) if loose else rng.uniform(0.005, 0.012)),
        bridge=float(rng.uniform(0.3, 0.8) if loose else rng.uniform(0.1, 0.4)),
        fold_m=float(rng.uniform(0.001, 0.004) if loose else rng.uniform(0.0, 0.002)),
    )
    return float(rng.choice([0.25, 0.33, 0.4, 0.46, 0.9], p=[0.25, 0.2, 0.25, 0.15, 0.15])), drape


def _random_dye(rng: np.random.Generator) -> Rgb:
    """A cloth's colour: often black, grey or white, else anything."""
    if rng.random() < 0.4:
        grey = int(rng.choice([24, 32, 45, 90, 150, 215]))
        return (grey, grey, min(grey + int(rng.integers(0, 10)), 255))
    value = rng.integers(25, 225, 3)
    return (int(value[0]), int(value[1]), int(value[2]))


def _random_leather(rng: np.random.Generator) -> Rgb:
    return ((30, 27, 26), (46, 36, 30), (92, 62, 40), (56, 20, 20))[int(rng.integers(4))]
