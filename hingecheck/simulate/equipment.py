"""What is lifted, as meshes: a loaded bar, a pair of dumbbells, a kettlebell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyvista as pv

from hingecheck.simulate.anatomy import Posture
from hingecheck.simulate.body import Floats
from hingecheck.simulate.lifter import Equipment, Grip, Lifter
from hingecheck.simulate.rotations import pitch, yaw

__all__ = [
    "Barbell",
    "Bell",
    "Part",
    "equipment_parts",
    "random_barbell",
    "random_bell",
    "shadow_width_m",
]

Rgb = tuple[int, int, int]

FULL_PLATE_M = 0.225
_STEEL: Rgb = (176, 178, 182)
_HUB: Rgb = (120, 122, 126)
_SLEEVE_START_M = 0.57
_PLATE_GAP_M = 0.004
_HANDLE_RADIUS_M = 0.016
_SHADOW_WIDTH_M = {
    Equipment.BARBELL: 1.9,
    Equipment.DUMBBELLS: 0.9,
    Equipment.KETTLEBELL: 0.35,
    Equipment.GOBLET: 0.35,
    Equipment.NONE: 0.0,
}
# The sets seen in gyms: black rubber and iron above all, then the colours of the competition.
_PLATE_COLOURS: tuple[Rgb, ...] = (
    (34, 35, 38),
    (44, 46, 50),
    (72, 74, 78),
    (150, 34, 36),
    (34, 62, 140),
    (190, 160, 36),
    (38, 104, 62),
)


@dataclass(frozen=True, slots=True)
class Barbell:
    """A bar with plates on either end.

    Attributes:
        plate_radius_m: 0.225 is a full-size plate.
        plate_colour: sRGB.
        plate_centre_m: Distance of the inner plate's middle from the bar's middle.
        plate_thickness_m: 0.025 is a calibrated iron plate, 0.08 a heavy bumper.
        plates: How many on either end.
        ring_colour: Of a ring on the plate's face, sRGB; None leaves it plain.
        sleeve_end_m: Distance of the bar's end from its middle.
    """

    plate_radius_m: float = 0.16
    plate_colour: Rgb = (44, 46, 50)
    plate_centre_m: float = 0.72
    plate_thickness_m: float = 0.045
    plates: int = 1
    ring_colour: Rgb | None = None
    sleeve_end_m: float = 0.87


@dataclass(frozen=True, slots=True)
class Bell:
    """A kettlebell, or each of a pair of dumbbells.

    Attributes:
        radius_m: Of the kettlebell's ball or the dumbbell's heads.
        colour: sRGB.
        sides: Of a dumbbell's heads; 6 is a hexagon, many are round.
    """

    radius_m: float = 0.1
    colour: Rgb = (44, 46, 50)
    sides: int = 6


@dataclass(frozen=True, slots=True)
class Part:
    """A piece in one colour.

    Attributes:
        mesh: Around the palm that holds it, or the middle of two palms.
        colour: sRGB.
        shine: Specular strength.
        side: +1 left palm, -1 right palm, 0 the middle.
    """

    mesh: pv.PolyData
    colour: Rgb
    shine: float
    side: int = 0

    def placed(self, lifter: Lifter, posture: Posture) -> Floats:
        """Where the piece is in a posture, as a (4, 4) transform."""
        placed = np.eye(4)
        placed[:3, 3] = posture.bar_m
        placed[1, 3] += self.side * lifter.grip_half_width_m
        if lifter.grip is Grip.CHEST:
            placed[:3, :3] = posture.transforms[lifter.body.bone("spine01"), :, :3]
        elif lifter.grip is Grip.SWINGING:
            arm = posture.bar_m - lifter.body.middle(posture.joints_m, "upperarm01")
            placed[:3, :3] = pitch(float(np.degrees(np.arctan2(-arm[0], -arm[2]))))
        return placed


def equipment_parts(lifter: Lifter, barbell: Barbell, bell: Bell) -> list[Part]:
    """The pieces of whatever the lifter holds, one for each colour; none for empty hands."""
    return _joined(_pieces(lifter, barbell, bell))


def _pieces(lifter: Lifter, barbell: Barbell, bell: Bell) -> list[Part]:
    match lifter.equipment:
        case Equipment.BARBELL:
            return _barbell(barbell)
        case Equipment.DUMBBELLS:
            along = yaw(0.0) if lifter.grip is Grip.BESIDE else yaw(90.0)
            return [part for side in (-1, 1) for part in _dumbbell(bell, along, side)]
        case Equipment.KETTLEBELL | Equipment.GOBLET:
            return _kettlebell(bell)
        case Equipment.NONE:
            return []


def _joined(pieces: list[Part]) -> list[Part]:
    """Pieces that look alike and move together as one."""
    alike: dict[tuple[Rgb, float, int], list[pv.PolyData]] = {}
    for piece in pieces:
        alike.setdefault((piece.colour, piece.shine, piece.side), []).append(piece.mesh)
    return [Part(pv.merge(meshes), *look) for look, meshes in alike.items()]


def shadow_width_m(equipment: Equipment) -> float:
    """How wide the floor under the load is darkened."""
    return _SHADOW_WIDTH_M[equipment]


def random_barbell(rng: np.random.Generator, *, full_size: bool, racked: bool) -> Barbell:
    """Draw plates; on the back 70 % are small, since larger ones hide shoulder and head."""
    large = 0.3 if racked else 0.65
    if full_size:
        radius_m = FULL_PLATE_M
    elif rng.random() < large:
        radius_m = float(rng.choice([0.16, 0.185, 0.2, FULL_PLATE_M]))
    else:
        radius_m = float(rng.uniform(0.12, 0.16))
    thickness_m = float(rng.uniform(0.05, 0.085) if rng.random() < 0.5 else rng.uniform(0.02, 0.04))
    plates = int(rng.integers(1, 4))
    return Barbell(
        plate_radius_m=radius_m,
        plate_colour=_plate_colour(rng),
        plate_centre_m=float(rng.uniform(0.6, 0.66)) + thickness_m / 2,
        plate_thickness_m=thickness_m,
        plates=plates,
        ring_colour=_any_colour(rng) if rng.random() < 0.2 else None,
        sleeve_end_m=float(rng.uniform(0.92, 1.08)),
    )


def random_bell(rng: np.random.Generator) -> Bell:
    """Draw a bell of 8 to 32 kg."""
    colour = _any_colour(rng) if rng.random() < 0.25 else _plate_colour(rng)
    return Bell(
        radius_m=float(rng.uniform(0.075, 0.115)), colour=colour, sides=int(rng.choice([6, 32]))
    )


def _plate_colour(rng: np.random.Generator) -> Rgb:
    shares = np.array([4, 4, 2, 1, 1, 1, 1]) / 14
    base = _PLATE_COLOURS[int(rng.choice(len(_PLATE_COLOURS), p=shares))]
    shade = rng.uniform(0.8, 1.25)
    return (int(base[0] * shade), int(base[1] * shade), int(base[2] * shade))


def _any_colour(rng: np.random.Generator) -> Rgb:
    colour = rng.integers(20, 230, 3)
    return (int(colour[0]), int(colour[1]), int(colour[2]))


def _disc(radius_m: float, thickness_m: float, centre_m: float, sides: int = 64) -> pv.PolyData:
    return pv.Cylinder(
        center=(0, centre_m, 0),
        direction=(0, 1, 0),
        radius=radius_m,
        height=thickness_m,
        resolution=sides,
    )


def _barbell(barbell: Barbell) -> list[Part]:
    radius_m, thickness_m = barbell.plate_radius_m, barbell.plate_thickness_m
    parts = [Part(_disc(0.014, 2 * _SLEEVE_START_M, 0.0), _STEEL, 0.4)]
    colour = barbell.plate_colour
    inset = (int(0.75 * colour[0]), int(0.75 * colour[1]), int(0.75 * colour[2]))
    for side in (-1, 1):
        sleeve_m = barbell.sleeve_end_m - _SLEEVE_START_M
        parts.append(
            Part(_disc(0.025, sleeve_m, side * (_SLEEVE_START_M + sleeve_m / 2)), _STEEL, 0.3)
        )
        for plate in range(barbell.plates):
            centre_m = side * (barbell.plate_centre_m + plate * (thickness_m + _PLATE_GAP_M))
            parts.append(Part(_disc(radius_m, thickness_m, centre_m), colour, 0.1))
            parts.append(Part(_disc(0.72 * radius_m, thickness_m + 0.004, centre_m), inset, 0.1))
            if barbell.ring_colour is not None:
                ring_m = thickness_m + 0.006
                parts.append(
                    Part(_disc(0.6 * radius_m, ring_m, centre_m), barbell.ring_colour, 0.1)
                )
                parts.append(Part(_disc(0.48 * radius_m, ring_m + 0.002, centre_m), inset, 0.1))
            parts.append(Part(_disc(0.3 * radius_m, thickness_m + 0.01, centre_m), _HUB, 0.2))
    return parts


def _dumbbell(bell: Bell, turn: Floats, side: int) -> list[Part]:
    """Two heads on a handle; the handle lies along x before `turn`, (3, 3)."""
    length_m = 0.9 * bell.radius_m
    pieces = [(_disc(_HANDLE_RADIUS_M, 0.16, 0.0), _STEEL, 0.4)]
    for end in (-1, 1):
        head = _disc(bell.radius_m, length_m, end * (0.065 + length_m / 2), bell.sides)
        pieces.append((head, bell.colour, 0.1))
    along = np.eye(4)
    along[:3, :3] = turn @ yaw(-90.0)
    return [Part(mesh.transform(along, inplace=False), c, shine, side) for mesh, c, shine in pieces]


def _kettlebell(bell: Bell) -> list[Part]:
    """A ball under a handle that lies along y."""
    ball_z = -(bell.radius_m + 0.055)
    ball = pv.Sphere(radius=bell.radius_m, center=(0, 0, ball_z))
    foot_y, foot_z = 0.6 * bell.radius_m, ball_z + 0.75 * bell.radius_m
    bend = np.array(
        [
            [0, -foot_y, foot_z],
            [0, -0.068, -0.025],
            [0, -0.045, 0],
            [0, 0, 0.004],
            [0, 0.045, 0],
            [0, 0.068, -0.025],
            [0, foot_y, foot_z],
        ]
    )
    handle = pv.Spline(bend, 40).tube(radius=_HANDLE_RADIUS_M)
    return [Part(ball, bell.colour, 0.15), Part(handle, bell.colour, 0.2)]
