"""The room around a simulated lifter: floor, wall, a rack, lights, and soft contact shadows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvista as pv
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from hingecheck.simulate.body import Floats

__all__ = ["ContactShadows", "Gym", "furnish", "random_gym"]

Rgb = tuple[int, int, int]

_FLOOR_HALF_M = 9.0
_TILE_M = 1.0
_WALL_HEIGHT_M = 5.0
_WALL_PX_PER_M = 110


@dataclass(frozen=True, slots=True)
class Gym:
    """A plain room.

    Attributes:
        wall: Upper wall colour, sRGB.
        dado: Lower wall colour, sRGB.
        floor: Rubber floor colour, sRGB.
        wall_distance_m: From the lifter, on every side.
        light_from_deg: Where the key light stands, round from the lifter's front.
        furnished: A rack and dumbbells along the walls.
        seed: Of the floor's speckle.
    """

    wall: Rgb = (214, 212, 206)
    dado: Rgb = (150, 162, 170)
    floor: Rgb = (92, 94, 98)
    wall_distance_m: float = 2.6
    light_from_deg: float = -60.0
    furnished: bool = True
    seed: int = 0


def random_gym(rng: np.random.Generator) -> Gym:
    """Draw a room, light or dark."""

    def grey(low: int, high: int) -> Rgb:
        base = rng.integers(low, high)
        value = np.clip(base + rng.integers(-18, 18, 3), 0, 255)
        return (int(value[0]), int(value[1]), int(value[2]))

    return Gym(
        wall=grey(90, 235),
        dado=grey(60, 200),
        floor=grey(50, 150),
        wall_distance_m=float(rng.uniform(2.2, 4.0)),
        light_from_deg=float(rng.uniform(-180, 180)),
        furnished=bool(rng.random() < 0.6),
        seed=int(rng.integers(1 << 30)),
    )


class ContactShadows:
    """Dark soft blots on the floor under the body and the plates."""

    def __init__(self, plotter: pv.Plotter) -> None:
        blot = pv.Plane(center=(0, 0, 0), i_size=1, j_size=1)
        texture = pv.Texture(_blot())
        self._actors: list[Any] = [
            plotter.add_mesh(blot.copy(), texture=texture, lighting=False, opacity=0.99)
            for _ in range(4)
        ]

    def place(self, vertices_m: Floats, bar_m: Floats) -> None:
        """Follow one frame's body, (vertices, 3), and bar, (3,)."""
        soles = vertices_m[vertices_m[:, 2] < 0.06]
        left, right = soles[soles[:, 1] > 0], soles[soles[:, 1] < 0]
        centre = (vertices_m.min(axis=0) + vertices_m.max(axis=0)) / 2
        length_m = float(np.ptp(vertices_m[:, 0]))
        blots = [
            (left.mean(axis=0), 0.48, 0.22),
            (right.mean(axis=0), 0.48, 0.22),
            (centre, length_m + 0.5, 0.9),
            (bar_m, 0.5, 1.9),
        ]
        for level, (actor, (at, x_m, y_m)) in enumerate(zip(self._actors, blots, strict=True)):
            actor.SetPosition(float(at[0]), float(at[1]), 0.002 + 0.0006 * level)
            actor.SetScale(x_m, y_m, 1.0)


def furnish(plotter: pv.Plotter, gym: Gym) -> ContactShadows:
    """Add the room and its lights to a plotter."""
    plotter.set_background([value / 255 for value in gym.wall])
    floor = pv.Plane(center=(0, 0, 0), i_size=2 * _FLOOR_HALF_M, j_size=2 * _FLOOR_HALF_M)
    plotter.add_mesh(floor, texture=pv.Texture(_floor_image(gym)), lighting=False)
    for quarter in range(4):
        _add_wall(plotter, gym, 90.0 * quarter)
    shadows = ContactShadows(plotter)
    _add_lights(plotter, gym)
    return shadows


def _add_wall(plotter: pv.Plotter, gym: Gym, turn_deg: float) -> None:
    distance_m = gym.wall_distance_m
    corners = [
        [-_FLOOR_HALF_M, distance_m, 0],
        [_FLOOR_HALF_M, distance_m, 0],
        [_FLOOR_HALF_M, distance_m, _WALL_HEIGHT_M],
        [-_FLOOR_HALF_M, distance_m, _WALL_HEIGHT_M],
    ]
    wall = pv.PolyData(np.array(corners, dtype=float), np.array([4, 0, 1, 2, 3]))
    wall.active_texture_coordinates = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=float)
    wall = wall.rotate_z(turn_deg)
    plotter.add_mesh(wall, texture=pv.Texture(_wall_image(gym)), lighting=False, culling="back")


def _wall_image(gym: Gym) -> NDArray[np.uint8]:
    """A wall lit from above over a darker lower half, with a rack and dumbbells out of focus."""
    rows, columns = (int(metres * _WALL_PX_PER_M) for metres in (_WALL_HEIGHT_M, 2 * _FLOOR_HALF_M))
    height_m = np.linspace(_WALL_HEIGHT_M, 0, rows)[:, None]
    along_m = np.linspace(-_FLOOR_HALF_M, _FLOOR_HALF_M, columns)[None, :]
    image = np.where((height_m > 1.25)[:, :, None], gym.wall, gym.dado).astype(float)
    image = np.repeat(image, columns, axis=1)
    image[(height_m[:, 0] > 1.22) & (height_m[:, 0] < 1.27)] = np.array(gym.dado) * 0.6
    if gym.furnished:
        between_m = np.abs((along_m + 0.4) % 2.4 - 1.2)
        posts = (between_m < 0.05) & (height_m < 2.35)
        beam = (np.abs(height_m - 2.3) < 0.05) & np.ones_like(posts)
        shelf = (np.abs(height_m - 0.3) < 0.03) & np.ones_like(posts)
        bells = np.hypot((along_m % 0.34) - 0.17, height_m - 0.42) < 0.1
        for thing, colour in (
            (posts | beam, (62, 66, 74)),
            (shelf, (58, 60, 66)),
            (bells, (44, 46, 52)),
        ):
            image[thing] = 0.3 * image[thing] + 0.7 * np.array(colour)
    image[height_m[:, 0] < 0.1] = 48
    image *= (0.86 + 0.14 * np.clip(height_m / 2.6, 0, 1))[:, :, None]
    image = gaussian_filter(image, (2.0, 2.0, 0))
    pixels: NDArray[np.uint8] = np.clip(image, 0, 255).astype(np.uint8)
    return pixels


def _floor_image(gym: Gym) -> NDArray[np.uint8]:
    """Speckled rubber tiles, darker far from the lifter."""
    rng = np.random.default_rng(gym.seed)
    side = 1800
    image = np.ones((side, side, 3)) * gym.floor
    image *= rng.choice([0.94, 1.0, 1.0, 1.0, 1.08], size=(side, side, 1))
    tile = int(side * _TILE_M / (2 * _FLOOR_HALF_M))
    image[::tile] *= 0.72
    image[:, ::tile] *= 0.72
    y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j] * _FLOOR_HALF_M
    image *= (0.72 + 0.28 * np.exp(-(x**2 + y**2) / 8))[:, :, None]
    return np.clip(image, 0, 255).astype(np.uint8)


def _blot() -> NDArray[np.uint8]:
    y, x = np.mgrid[-1:1:96j, -1:1:96j]
    alpha = np.clip(1 - np.hypot(x, y), 0, 1) ** 1.5 * 115
    image = np.zeros((96, 96, 4), dtype=np.uint8)
    image[..., 3] = alpha
    return image


def _add_lights(plotter: pv.Plotter, gym: Gym) -> None:
    plotter.remove_all_lights()
    around = np.radians(gym.light_from_deg)
    key = (3 * np.cos(around), 3 * np.sin(around), 4.0)
    for position, intensity in (
        (key, 0.55),
        ((0.0, -4.0, 2.5), 0.32),
        ((0.0, 4.0, 2.5), 0.32),
        ((0.3, 0.0, 5.0), 0.3),
    ):
        plotter.add_light(
            pv.Light(
                position=position,
                focal_point=(0, 0, 0.9),
                intensity=intensity,
                light_type="scene light",
            )
        )
