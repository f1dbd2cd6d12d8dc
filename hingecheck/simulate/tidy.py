"""A lifter filmed the way it should be done: plain room, whole body, from the side."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hingecheck.simulate.body import Body, random_physique
from hingecheck.simulate.cast import random_lifter
from hingecheck.simulate.cloth import Drape
from hingecheck.simulate.clothing import Rgb
from hingecheck.simulate.equipment import random_barbell, random_bell
from hingecheck.simulate.gym import Gym
from hingecheck.simulate.lifter import Grip
from hingecheck.simulate.outfit import Clothing, Hat, Outfit, Pattern, random_outfit
from hingecheck.simulate.plan import Lift
from hingecheck.simulate.render import Camera, Scene

__all__ = ["tidy_camera", "tidy_gym", "tidy_outfit", "tidy_scene"]

# Of somebody of 1.75 m, plates on the floor included; lifters bend further forward than back.
_STATURE_M, _DISTANCE_M, _AIM_HEIGHT_M, _AIM_AHEAD_M = 1.75, 4.3, 0.88, 0.1


@dataclass(frozen=True, slots=True)
class _Cut:
    """How a kind of shirt is cut; fields as in `Outfit`."""

    drape: Drape
    hem: float
    sleeve: float
    sleeve_m: float


_CUTS = {
    Clothing.SKIN: _Cut(Drape(), hem=0.0, sleeve=0.0, sleeve_m=0.004),
    Clothing.TIGHT: _Cut(Drape(ease_m=0.003), hem=0.05, sleeve=0.55, sleeve_m=0.004),
    Clothing.REGULAR: _Cut(
        Drape(ease_m=0.012, bridge=0.3, hang=0.2, fold_m=0.0015),
        hem=0.4,
        sleeve=0.6,
        sleeve_m=0.009,
    ),
    Clothing.LOOSE: _Cut(
        Drape(ease_m=0.022, bridge=0.7, hang=0.6, fold_m=0.0035),
        hem=0.6,
        sleeve=0.8,
        sleeve_m=0.02,
    ),
    Clothing.HOODIE: _Cut(
        Drape(ease_m=0.026, bridge=0.8, hang=0.6, fold_m=0.004, cinched=True),
        hem=0.5,
        sleeve=1.9,
        sleeve_m=0.016,
    ),
}


_PAINTS: tuple[tuple[Rgb, Rgb], ...] = (
    ((200, 199, 194), (140, 152, 160)),
    ((188, 196, 202), (120, 134, 140)),
    ((204, 197, 184), (156, 141, 126)),
    ((190, 198, 189), (126, 141, 124)),
)
_SHIRTS: tuple[Rgb, ...] = (
    (38, 94, 130),
    (142, 58, 54),
    (58, 108, 82),
    (116, 82, 134),
    (186, 142, 58),
    (178, 176, 170),
)
_SHORTS: tuple[Rgb, ...] = ((50, 53, 62), (34, 36, 44), (66, 60, 56), (40, 50, 72))
_SHOES: tuple[Rgb, ...] = ((58, 62, 70), (38, 40, 44), (168, 166, 162))


def tidy_outfit(
    clothing: Clothing = Clothing.TIGHT, rng: np.random.Generator | None = None
) -> Outfit:
    """A plain outfit of one kind with a middling cut; colours and hair are drawn with `rng`."""
    outfit = Outfit()
    if rng is not None:
        outfit = replace(
            random_outfit(rng, bare_chest=clothing is Clothing.SKIN),
            shirt=_SHIRTS[rng.integers(len(_SHIRTS))],
            shorts=_SHORTS[rng.integers(len(_SHORTS))],
            shoes=_SHOES[rng.integers(len(_SHOES))],
        )
    cut = _CUTS[clothing]
    return replace(
        outfit,
        clothing=clothing,
        belt=False,
        pattern=Pattern.PLAIN,
        hat=Hat.NONE,
        leg=0.4,
        legs=Drape(ease_m=0.006, bridge=0.2),
        drape=cut.drape,
        hem=cut.hem,
        sleeve=cut.sleeve,
        sleeve_m=cut.sleeve_m,
    )


def tidy_camera(body: Body, facing: int = 1, yaw_deg: float = 0.0) -> Camera:
    """A 720 x 960 phone at hip height from which the whole lift is seen."""
    size = body.stature_m / _STATURE_M
    return Camera(
        facing=facing,
        yaw_deg=yaw_deg,
        distance_m=_DISTANCE_M * size,
        aim_height_m=_AIM_HEIGHT_M * size,
        aim_side_m=facing * _AIM_AHEAD_M * size * float(np.cos(np.radians(yaw_deg))),
        view_angle_deg=30.5,
        width_px=720,
        height_px=960,
    )


def tidy_gym(rng: np.random.Generator, facing: int = 1) -> Gym:
    """A bright plain room lit from the camera's side; its paint is drawn."""
    wall, dado = _PAINTS[rng.integers(len(_PAINTS))]
    seed = int(rng.integers(1 << 30))
    return Gym(wall=wall, dado=dado, seed=seed, light_from_deg=-60.0 * facing)


def tidy_scene(
    rng: np.random.Generator,
    lift: Lift,
    clothing: Clothing = Clothing.TIGHT,
    yaw_deg: float = 0.0,
) -> Scene:
    """Draw who lifts what; where it is filmed, and from where, is as it should be.

    Only men go without a shirt: `Clothing.SKIN` draws one.
    """
    physique = random_physique(rng)
    if clothing is Clothing.SKIN:
        physique = replace(physique, gender=min(physique.gender, 1 - physique.gender))
    lifter = random_lifter(rng, lift, physique)
    facing = int(rng.choice([-1, 1]))
    return Scene(
        lifter=lifter,
        outfit=tidy_outfit(clothing, rng),
        camera=tidy_camera(lifter.body, facing, yaw_deg),
        barbell=random_barbell(
            rng, full_size=lift is Lift.DEADLIFT, racked=lifter.grip is Grip.RACKED
        ),
        bell=random_bell(rng),
        gym=tidy_gym(rng, facing),
    )
