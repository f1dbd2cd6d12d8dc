"""The room around a simulated lifter: floor, walls, mirror, lights, and soft contact shadows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pyvista as pv
from numpy.typing import NDArray

from hingecheck.simulate.body import Floats
from hingecheck.simulate.walls import WALL_HEIGHT_M, WALL_WIDTH_M, Backdrop, paint_wall

__all__ = ["Backdrop", "ContactShadows", "Gym", "furnish", "random_gym"]

Image = NDArray[np.uint8]
Rgb = tuple[int, int, int]

_FLOOR_HALF_M = 9.0
_FLOOR_PX = 1024
_SIDE_WALLS_BEYOND_M = 1.8
_TILE_M = 1.0


@dataclass(frozen=True, slots=True)
class Gym:
    """A room, or a place outdoors.

    Attributes:
        wall: Upper wall colour, sRGB.
        dado: Lower wall colour, sRGB.
        floor: Floor colour, sRGB.
        wall_distance_m: From the lifter to the wall on either side of them; the walls ahead and
            behind are farther.
        light_from_deg: Where the key light stands, round from the lifter's front.
        furnished: A rack and dumbbells along the walls.
        seed: Of everything drawn at random in the room.
        backdrop: What the walls are made of.
        clutter: How many machines, posters, boxes and the like stand or hang at the walls.
        windows: How many bright windows.
        bystanders: How many people stand at the walls.
        mirror: The walls have an opening through which `Renderer` shows the lifter reflected.
        blur_m: How far out of focus the walls are, as a length on the wall.
        room_light: Brightness of the walls and the floor; 1 is as painted.
        light: Brightness of the lamps that light the lifter.
        hardness: 0 even light from all sides, 1 nearly all of it from the key light.
        light_height_m: Height of the key light.
        echo: Colours of the lifter that things in the room may repeat.
    """

    wall: Rgb = (214, 212, 206)
    dado: Rgb = (150, 162, 170)
    floor: Rgb = (92, 94, 98)
    wall_distance_m: float = 2.6
    light_from_deg: float = -60.0
    furnished: bool = True
    seed: int = 0
    backdrop: Backdrop = Backdrop.TWO_TONE
    clutter: int = 0
    windows: int = 0
    bystanders: int = 0
    mirror: bool = False
    blur_m: float = 0.02
    room_light: float = 1.0
    light: float = 1.0
    hardness: float = 0.3
    light_height_m: float = 4.0
    echo: tuple[Rgb, ...] = ()


def random_gym(rng: np.random.Generator, echo: tuple[Rgb, ...] = ()) -> Gym:
    """Draw a room: bare or cluttered, bright or dim, now and then in the lifter's own colours."""

    def paint(low: int, high: int) -> Rgb:
        if echo and rng.random() < 0.12:
            base = np.array(echo[int(rng.integers(len(echo)))])
            value = np.clip(base + rng.integers(-16, 17, 3), 0, 255)
        else:
            tint = rng.normal(0, 1, 3) * rng.choice([4.0, 12.0, 45.0], p=[0.4, 0.4, 0.2])
            value = np.clip(rng.integers(low, high) + tint, 0, 255)
        return (int(value[0]), int(value[1]), int(value[2]))

    backdrop = Backdrop(rng.choice(list(Backdrop), p=[0.24, 0.26, 0.12, 0.24, 0.14]))
    bare = backdrop is Backdrop.CYCLORAMA
    outdoor = backdrop is Backdrop.OUTDOOR
    green = outdoor and rng.random() < 0.6
    crowd = 0 if bare else int(rng.choice([0, 1, 2, 3], p=[0.72, 0.14, 0.09, 0.05]))
    return Gym(
        wall=paint(45, 250),
        dado=paint(30, 230),
        floor=(70, int(rng.integers(85, 125)), 52) if green else paint(35, 200),
        wall_distance_m=float(rng.uniform(3.0, 7.0) if outdoor else rng.uniform(1.2, 5.0)),
        light_from_deg=float(rng.uniform(-180, 180)),
        furnished=not (bare or outdoor) and bool(rng.random() < 0.35),
        seed=int(rng.integers(1 << 30)),
        backdrop=backdrop,
        clutter=0 if bare else int(rng.choice([0, 4, 12, 28], p=[0.3, 0.25, 0.25, 0.2])),
        windows=0 if bare or outdoor else int(rng.choice([0, 1, 3], p=[0.7, 0.2, 0.1])),
        bystanders=crowd,
        mirror=not (bare or outdoor) and bool(rng.random() < 0.12),
        blur_m=float(rng.choice([0.0, 0.006, 0.015, 0.03])),
        room_light=float(rng.uniform(0.7, 1.25)),
        light=float(rng.uniform(0.85, 1.5)),
        hardness=float(rng.uniform(0.0, 0.85)),
        light_height_m=float(rng.uniform(1.5, 4.5)),
        echo=echo,
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

    def place(self, vertices_m: Floats, load_m: Floats, load_width_m: float) -> None:
        """Follow one frame's body, (vertices, 3), and load, (3,); a width of 0 is no load."""
        soles = vertices_m[vertices_m[:, 2] < 0.06]
        left, right = soles[soles[:, 1] > 0], soles[soles[:, 1] < 0]
        centre = (vertices_m.min(axis=0) + vertices_m.max(axis=0)) / 2
        length_m = float(np.ptp(vertices_m[:, 0]))
        blots = [
            (left.mean(axis=0), 0.48, 0.22),
            (right.mean(axis=0), 0.48, 0.22),
            (centre, length_m + 0.5, 0.9),
            (load_m, min(0.5, load_width_m), load_width_m),
        ]
        for level, (actor, (at, x_m, y_m)) in enumerate(zip(self._actors, blots, strict=True)):
            actor.SetPosition(float(at[0]), float(at[1]), 0.002 + 0.0006 * level)
            actor.SetScale(x_m, y_m, 1.0)


def furnish(plotter: pv.Plotter, gym: Gym, figures: Sequence[Image] = ()) -> ContactShadows:
    """Add the room and its lights to a plotter; `figures` are RGBA cut-outs at the walls."""
    wall = paint_wall(gym, figures)
    sky = wall[0, :, :3].mean(axis=0) / 255
    plotter.set_background(sky.tolist())
    floor = pv.Plane(center=(0, 0, 0), i_size=2 * _FLOOR_HALF_M, j_size=2 * _FLOOR_HALF_M)
    plotter.add_mesh(floor, texture=_texture(_floor_image(gym)), lighting=False)
    texture = _texture(wall)
    texture.wrap = pv.Texture.WrapType.MIRRORED_REPEAT
    for quarter in range(4):
        beyond_m = _SIDE_WALLS_BEYOND_M * (quarter % 2)
        _add_wall(plotter, gym.wall_distance_m + beyond_m, 90.0 * quarter, texture)
    shadows = ContactShadows(plotter)
    _add_lights(plotter, gym)
    return shadows


def _texture(image: Image) -> pv.Texture:
    texture = pv.Texture(image)
    texture.interpolate = True
    return texture


def _add_wall(plotter: pv.Plotter, distance_m: float, turn_deg: float, texture: pv.Texture) -> None:
    corners = [
        [-_FLOOR_HALF_M, distance_m, 0],
        [_FLOOR_HALF_M, distance_m, 0],
        [_FLOOR_HALF_M, distance_m, WALL_HEIGHT_M],
        [-_FLOOR_HALF_M, distance_m, WALL_HEIGHT_M],
    ]
    wall = pv.PolyData(np.array(corners, dtype=float), np.array([4, 0, 1, 2, 3]))
    # The walls beside the lifter show another stretch of the same painting.
    middle = 0.5 if turn_deg % 180 == 0 else 1.4
    reach = _FLOOR_HALF_M / WALL_WIDTH_M
    low, high = middle - reach, middle + reach
    wall.active_texture_coordinates = np.array([[low, 0], [high, 0], [high, 1], [low, 1]])
    wall = wall.rotate_z(turn_deg)
    plotter.add_mesh(wall, texture=texture, lighting=False, culling="back")


def _floor_image(gym: Gym) -> Image:
    """Speckled tiles, lawn, or a seamless studio floor; lit around the lifter."""
    rng = np.random.default_rng(gym.seed)
    bare, outdoor = gym.backdrop is Backdrop.CYCLORAMA, gym.backdrop is Backdrop.OUTDOOR
    image = np.empty((_FLOOR_PX, _FLOOR_PX, 3), dtype=np.uint8)
    image[:] = gym.floor
    if not bare:
        tile = round(_FLOOR_PX * _TILE_M * float(rng.choice([0.5, 1.0, 2.0])) / (2 * _FLOOR_HALF_M))
        joint = tuple(int(0.72 * value) for value in gym.floor)
        if not outdoor and rng.random() < 0.7:
            image[::tile] = joint
            if rng.random() < 0.6:
                image[:, ::tile] = joint
        if not outdoor and rng.random() < 0.3:
            _lay_platform(image, rng)
    coarse = rng.normal(1, 0.0 if bare else 0.05, (_FLOOR_PX // 8, _FLOOR_PX // 8))
    y, x = np.mgrid[-1 : 1 : _FLOOR_PX // 8 * 1j, -1 : 1 : _FLOOR_PX // 8 * 1j] * _FLOOR_HALF_M
    if not bare:
        coarse *= 0.76 + 0.24 * np.exp(-(x**2 + y**2) / 8)
    size = (_FLOOR_PX, _FLOOR_PX)
    shade = cv2.resize((coarse * gym.room_light).astype(np.float32), size)
    if not bare:
        grain = float(rng.choice([0.02, 0.06, 0.12]))
        shade = cv2.multiply(shade, 1 + grain * (rng.random(size, dtype=np.float32) - 0.5))
    return np.asarray(cv2.multiply(image, cv2.merge([shade] * 3), dtype=cv2.CV_8U), dtype=np.uint8)


def _lay_platform(image: Image, rng: np.random.Generator) -> None:
    """A lifting platform or a mat under the lifter, in place."""
    px_per_m = _FLOOR_PX / (2 * _FLOOR_HALF_M)
    half_x, half_y = (round(float(rng.uniform(0.6, 1.4)) * px_per_m) for _ in range(2))
    middle = _FLOOR_PX // 2
    across, along = slice(middle - half_y, middle + half_y), slice(middle - half_x, middle + half_x)
    image[across, along] = rng.choice([(176, 138, 92), (52, 54, 58), (120, 60, 52), (70, 92, 140)])


def _blot() -> NDArray[np.uint8]:
    y, x = np.mgrid[-1:1:96j, -1:1:96j]
    alpha = np.clip(1 - np.hypot(x, y), 0, 1) ** 1.5 * 115
    image = np.zeros((96, 96, 4), dtype=np.uint8)
    image[..., 3] = alpha
    return image


def _add_lights(plotter: pv.Plotter, gym: Gym) -> None:
    plotter.remove_all_lights()
    around = np.radians(gym.light_from_deg)
    key = (3 * np.cos(around), 3 * np.sin(around), gym.light_height_m)
    fill = 0.44 - 0.38 * gym.hardness
    for position, intensity in (
        (key, 0.4 + 0.5 * gym.hardness),
        ((0.0, -4.0, 2.5), fill),
        ((0.0, 4.0, 2.5), fill),
        ((0.3, 0.0, 5.0), 0.3),
    ):
        plotter.add_light(
            pv.Light(
                position=position,
                focal_point=(0, 0, 0.9),
                intensity=gym.light * intensity,
                light_type="scene light",
            )
        )
