"""What a wall behind a simulated lifter looks like: paint, patterns, windows, clutter, people."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hingecheck.simulate.gym import Gym

__all__ = ["WALL_HEIGHT_M", "WALL_PX_PER_M", "WALL_WIDTH_M", "Backdrop", "paint_wall"]

Image = NDArray[np.uint8]
Rgb = tuple[int, int, int]

WALL_WIDTH_M, WALL_HEIGHT_M = 10.0, 5.0
WALL_PX_PER_M = 100
_COLUMNS, _ROWS = round(WALL_WIDTH_M * WALL_PX_PER_M), round(WALL_HEIGHT_M * WALL_PX_PER_M)
_LETTERS = "ABEFGHIKLMNORSTUX 0123456789"


class Backdrop(StrEnum):
    """What the walls are made of."""

    TWO_TONE = "two_tone"
    PLAIN = "plain"
    CYCLORAMA = "cyclorama"
    PATTERN = "pattern"
    OUTDOOR = "outdoor"


class _Painter:
    """A canvas in metres: x from the middle of the wall, z up from the floor."""

    def __init__(self, gym: Gym, rng: np.random.Generator) -> None:
        self.gym, self.rng = gym, rng
        self.image: Image = np.empty((_ROWS, _COLUMNS, 3), dtype=np.uint8)

    def at(self, x_m: float, z_m: float) -> tuple[int, int]:
        return (
            round((x_m + WALL_WIDTH_M / 2) * WALL_PX_PER_M),
            round((WALL_HEIGHT_M - z_m) * WALL_PX_PER_M),
        )

    def box(self, x_m: float, z_m: float, width_m: float, height_m: float, colour: Rgb) -> None:
        cv2.rectangle(
            self.image,
            self.at(x_m, z_m),
            self.at(x_m + width_m, z_m + height_m),
            colour,
            cv2.FILLED,
        )

    def line(
        self, start: tuple[float, float], end: tuple[float, float], width_m: float, colour: Rgb
    ) -> None:
        thickness = max(1, round(width_m * WALL_PX_PER_M))
        cv2.line(self.image, self.at(*start), self.at(*end), colour, thickness, cv2.LINE_AA)

    def disc(self, x_m: float, z_m: float, radius_m: float, colour: Rgb) -> None:
        radius = max(1, round(radius_m * WALL_PX_PER_M))
        cv2.circle(self.image, self.at(x_m, z_m), radius, colour, cv2.FILLED, cv2.LINE_AA)

    def colour(self) -> Rgb:
        """One of the lifter's own colours now and then, else mostly muted ones."""
        rng, echo = self.rng, self.gym.echo
        if echo and rng.random() < 0.3:
            base = np.array(echo[int(rng.integers(len(echo)))]) + rng.integers(-14, 15, 3)
            return _rgb(base)
        grey = rng.uniform(15, 240)
        return _rgb(grey + rng.normal(0, 1, 3) * rng.choice([5.0, 15.0, 60.0], p=[0.45, 0.35, 0.2]))


def paint_wall(gym: Gym, figures: Sequence[Image] = ()) -> Image:
    """A wall of `gym`, RGB or with a mirror RGBA, (5 m, 10 m) at `WALL_PX_PER_M`.

    `figures` are RGBA cut-outs at that scale; they stand in front of everything on the wall.
    """
    painter = _Painter(gym, np.random.default_rng(gym.seed))
    rng = painter.rng
    _paint_ground(painter)
    if gym.furnished:
        _paint_rack(painter)
    for _ in range(gym.windows):
        _paint_window(painter)
    for _ in range(gym.clutter):
        x_m = float(rng.uniform(-WALL_WIDTH_M / 2, WALL_WIDTH_M / 2))
        thing = (_paint_machine, _paint_poster, _paint_crate, _paint_plates, _paint_lines)[
            int(rng.choice(5, p=[0.26, 0.24, 0.22, 0.14, 0.14]))
        ]
        thing(painter, x_m)
    image = _lit(painter.image, gym.room_light, rng)
    for figure in figures:
        _paste(image, figure, rng)
    if gym.blur_m > 0:
        sigma = gym.blur_m * WALL_PX_PER_M
        image = np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)
    return _with_mirror(image, gym) if gym.mirror else image


def _rgb(values: NDArray[np.generic] | Sequence[float]) -> Rgb:
    red, green, blue = np.clip(np.asarray(values, dtype=float), 0, 255)
    return (int(red), int(green), int(blue))


def _paint_ground(painter: _Painter) -> None:
    gym, rng, image = painter.gym, painter.rng, painter.image
    image[:] = gym.wall
    if gym.backdrop is Backdrop.TWO_TONE:
        split_m = float(rng.uniform(0.9, 1.6))
        image[painter.at(0, split_m)[1] :] = gym.dado
        painter.line((-5, split_m), (5, split_m), 0.05, _rgb(0.6 * np.array(gym.dado)))
        painter.box(-5, 0, 10, 0.1, (48, 48, 48))
    elif gym.backdrop is Backdrop.CYCLORAMA:
        # The floor runs up into the wall without an edge.
        height_m = np.linspace(WALL_HEIGHT_M, 0, _ROWS)[:, None]
        share = np.exp(-height_m / 0.35)
        blend = share * np.array(gym.floor) + (1 - share) * np.array(gym.wall)
        image[:] = blend[:, None, :].astype(np.uint8)
    elif gym.backdrop is Backdrop.PATTERN:
        _paint_pattern(painter)
    elif gym.backdrop is Backdrop.OUTDOOR:
        _paint_outdoor(painter)
    else:
        painter.box(-5, 0, 10, float(rng.uniform(0.02, 0.16)), painter.colour())


def _paint_pattern(painter: _Painter) -> None:
    """Bricks, tiles, planks or slats, each piece a shade of its own."""
    gym, rng = painter.gym, painter.rng
    width_m, height_m, stagger = [
        (0.25, 0.09, True),
        (0.3, 0.3, False),
        (0.5, 0.25, True),
        (float(rng.uniform(0.06, 0.25)), WALL_HEIGHT_M, False),
        (WALL_WIDTH_M, float(rng.uniform(0.06, 0.25)), False),
    ][int(rng.integers(5))]
    columns, rows = int(np.ceil(WALL_WIDTH_M / width_m)), int(np.ceil(WALL_HEIGHT_M / height_m))
    shade = rng.normal(1, float(rng.uniform(0.03, 0.2)), (rows, columns, 1))
    pieces = np.clip(shade * np.array(gym.wall), 0, 255).astype(np.uint8)
    size = (round(columns * width_m * WALL_PX_PER_M), round(rows * height_m * WALL_PX_PER_M))
    drawn = cv2.resize(pieces, size, interpolation=cv2.INTER_NEAREST)[:_ROWS, :_COLUMNS]
    painter.image[: drawn.shape[0], : drawn.shape[1]] = drawn
    joint = _rgb(np.array(gym.wall) * float(rng.choice([0.55, 0.75, 1.25])))
    for row in range(rows):
        top = round(row * height_m * WALL_PX_PER_M)
        cv2.line(painter.image, (0, top), (_COLUMNS, top), joint, 1)
        shift = (row % 2) * width_m / 2 if stagger else 0.0
        bottom = round((row + 1) * height_m * WALL_PX_PER_M)
        for column in range(columns):
            left = round((column * width_m + shift) * WALL_PX_PER_M)
            cv2.line(painter.image, (left, top), (left, bottom), joint, 1)


def _paint_outdoor(painter: _Painter) -> None:
    """Sky over trees, hedge and grass, as blotches of green at several scales."""
    rng = painter.rng
    sky = np.linspace(0, 1, _ROWS)[:, None, None] * np.array([50, 35, 10]) + np.array(
        rng.choice([(150, 185, 225), (205, 212, 220), (120, 165, 215)])
    )
    painter.image[:] = np.clip(sky, 0, 255).astype(np.uint8)
    green = np.array([rng.uniform(40, 110), rng.uniform(80, 140), rng.uniform(25, 70)])
    noise = sum(
        cv2.resize(
            rng.random((3 * scale, 6 * scale), dtype=np.float32),
            (_COLUMNS, _ROWS),
            interpolation=cv2.INTER_LINEAR,
        )
        for scale in (4, 14, 40)
    )
    along = rng.random((1, 14), dtype=np.float32)
    top_m = float(rng.uniform(0.8, 3.2)) + 1.5 * cv2.resize(along, (_COLUMNS, 1))[0]
    height_m = np.linspace(WALL_HEIGHT_M, 0, _ROWS)[:, None]
    leaves = height_m < top_m[None, :] + 0.25 * (np.asarray(noise) - 1.5)
    foliage = np.clip((0.35 + 0.45 * np.asarray(noise))[:, :, None] * green, 0, 255)
    painter.image[leaves] = foliage[leaves].astype(np.uint8)
    for _ in range(int(rng.integers(0, 7))):
        x_m, lean_m = rng.uniform(-5, 5), rng.normal(0, 0.1)
        bark = _rgb(np.array([84, 68, 54]) * rng.uniform(0.5, 1.5))
        painter.line((x_m, 0), (x_m + lean_m, 4), float(rng.uniform(0.08, 0.3)), bark)


def _paint_rack(painter: _Painter) -> None:
    rng = painter.rng
    steel = _rgb(rng.uniform(25, 90) + rng.normal(0, 6, 3))
    pitch_m, start_m = float(rng.uniform(1.1, 2.2)), float(rng.uniform(0, 1))
    for x_m in np.arange(-5 + start_m, 5, pitch_m):
        painter.line((x_m, 0), (x_m, 2.35), 0.08, steel)
    painter.line((-5, 2.3), (5, 2.3), 0.09, steel)
    for level_m in rng.choice([0.3, 0.7, 1.1], size=int(rng.integers(1, 3)), replace=False):
        painter.line((-5, level_m), (5, level_m), 0.06, steel)
        for x_m in np.arange(-5, 5, 0.34):
            painter.disc(x_m + 0.17, level_m + 0.12, 0.1, _rgb(44 + rng.normal(0, 8, 3)))


def _paint_window(painter: _Painter) -> None:
    rng = painter.rng
    width_m, height_m = float(rng.uniform(0.8, 3)), float(rng.uniform(0.8, 2.6))
    x_m, z_m = float(rng.uniform(-4.5, 3)), float(rng.uniform(0.1, 1.6))
    glass = _rgb(rng.uniform(200, 255) + np.array([-12, 0, 12]) * rng.random())
    painter.box(x_m, z_m, width_m, height_m, glass)
    bar = painter.colour()
    for share in np.linspace(0, 1, int(rng.integers(2, 5))):
        across = x_m + share * width_m
        painter.line((across, z_m), (across, z_m + height_m), 0.06, bar)
    for share in (0.0, float(rng.uniform(0.4, 0.8)), 1.0):
        level = z_m + share * height_m
        painter.line((x_m, level), (x_m + width_m, level), 0.06, bar)


def _paint_machine(painter: _Painter, x_m: float) -> None:
    """A frame of bars on the floor with pads and a weight stack."""
    rng = painter.rng
    width_m, height_m = float(rng.uniform(0.6, 1.6)), float(rng.uniform(0.9, 2.2))
    frame, pad = painter.colour(), painter.colour()
    for _ in range(int(rng.integers(4, 9))):
        ends = rng.uniform(0, 1, (2, 2)) * [width_m, height_m]
        if rng.random() < 0.6:
            ends[1, int(rng.integers(2))] = ends[0, int(rng.integers(2))]
        (x0, z0), (x1, z1) = ends
        bar_m = float(rng.uniform(0.03, 0.1))
        painter.line((x_m + x0, z0), (x_m + x1, z1), bar_m, frame)
    painter.line((x_m, 0.05), (x_m + width_m, 0.05), 0.1, frame)
    for _ in range(2):
        x, z = rng.uniform(0, width_m), rng.uniform(0.3, height_m)
        painter.line((x_m + x, z), (x_m + x + 0.3, z + rng.normal(0, 0.15)), 0.12, pad)
    stack_m = x_m + float(rng.uniform(0, width_m))
    for z_m in np.arange(0.15, 0.6 * height_m, 0.05):
        painter.line((stack_m, z_m), (stack_m + 0.22, z_m), 0.035, (40, 40, 42))


def _paint_poster(painter: _Painter, x_m: float) -> None:
    rng = painter.rng
    width_m, height_m = float(rng.uniform(0.3, 1.8)), float(rng.uniform(0.3, 1.3))
    z_m = float(rng.uniform(0.7, 2.6))
    painter.box(x_m, z_m, width_m, height_m, painter.colour())
    for _ in range(int(rng.integers(1, 5))):
        x, z = rng.uniform(0, 0.7) * width_m, rng.uniform(0, 0.8) * height_m
        painter.box(x_m + x, z_m + z, 0.3 * width_m, 0.2 * height_m, painter.colour())
    text = "".join(rng.choice(list(_LETTERS), size=8))
    size = width_m * float(rng.uniform(0.4, 0.7))
    cv2.putText(
        painter.image,
        text,
        painter.at(x_m + 0.03, z_m + 0.4 * height_m),
        cv2.FONT_HERSHEY_SIMPLEX,
        size,
        painter.colour(),
        2,
        cv2.LINE_AA,
    )


def _paint_crate(painter: _Painter, x_m: float) -> None:
    """Something boxy on the floor: a plyo box, a bench, a cupboard, a door."""
    rng = painter.rng
    width_m, height_m = float(rng.uniform(0.3, 1.4)), float(rng.choice([0.45, 0.8, 1.3, 2.1]))
    colour = painter.colour()
    painter.box(x_m, 0, width_m, height_m, colour)
    painter.box(
        x_m, 0, width_m * float(rng.uniform(0.1, 0.5)), height_m, _rgb(np.array(colour) * 0.75)
    )
    painter.line((x_m, height_m), (x_m + width_m, height_m), 0.03, _rgb(np.array(colour) * 1.25))


def _paint_plates(painter: _Painter, x_m: float) -> None:
    rng = painter.rng
    for _ in range(int(rng.integers(1, 5))):
        radius_m = float(rng.uniform(0.12, 0.4))
        colour, x = painter.colour(), x_m + float(rng.uniform(-0.6, 0.6))
        z_m = float(rng.choice([radius_m, 0.8, 1.2]))
        painter.disc(x, z_m, radius_m, colour)
        painter.disc(x, z_m, 0.6 * radius_m, _rgb(np.array(colour) * 0.8))
        painter.disc(x, z_m, 0.12 * radius_m, (160, 160, 160))


def _paint_lines(painter: _Painter, x_m: float) -> None:
    """Ropes, cables, pipes: long lines at any angle."""
    rng = painter.rng
    for _ in range(int(rng.integers(1, 4))):
        end = (x_m + float(rng.normal(0, 0.8)), float(rng.uniform(0, 1.5)))
        width_m = float(rng.uniform(0.01, 0.08))
        painter.line((x_m, float(rng.uniform(2, 5))), end, width_m, painter.colour())


def _lit(image: Image, strength: float, rng: np.random.Generator) -> Image:
    """Uneven light: darker towards the floor, a bright pool somewhere, plaster grain."""
    x = np.linspace(-5, 5, _COLUMNS // 10, dtype=np.float32)[None, :]
    z = np.linspace(WALL_HEIGHT_M, 0, _ROWS // 10, dtype=np.float32)[:, None]
    pool = np.exp(-((x - rng.uniform(-4, 4)) ** 2 / 8 + (z - rng.uniform(1, 4)) ** 2 / 3))
    light = 0.86 + 0.14 * np.clip(z / 2.6, 0, 1) + rng.uniform(-0.05, 0.3) * pool
    light = light * strength + rng.normal(0, 0.015, light.shape)
    smooth = cv2.resize(light.astype(np.float32), (_COLUMNS, _ROWS), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.multiply(image, cv2.merge([smooth] * 3), dtype=cv2.CV_8U), dtype=np.uint8)


def _paste(image: Image, figure: Image, rng: np.random.Generator) -> None:
    """Stand a cut-out on the floor somewhere along the wall's middle, in place."""
    rows, columns = figure.shape[:2]
    left = round(float(rng.uniform(0.2, 0.8)) * _COLUMNS - columns / 2)
    there = image[_ROWS - rows :, left : left + columns]
    opacity = figure[:, :, 3:].astype(np.float32) / 255
    there[:] = (opacity * figure[:, :, :3] + (1 - opacity) * there).astype(np.uint8)


def _with_mirror(image: Image, gym: Gym) -> Image:
    """Cut a framed, faintly tinted opening; what is reflected stands behind it."""
    rng = np.random.default_rng(gym.seed + 1)
    half_m, low_m, high_m = rng.uniform(0.8, 3.5), rng.uniform(0.02, 0.5), rng.uniform(1.7, 2.6)
    x_m = float(rng.uniform(-0.8, 0.8))
    painter = _Painter(gym, rng)
    painter.image = image
    painter.box(
        x_m - half_m - 0.05, low_m - 0.05, 2 * half_m + 0.1, high_m - low_m + 0.1, painter.colour()
    )
    painter.box(x_m - half_m, low_m, 2 * half_m, high_m - low_m, (196, 206, 204))
    opaque = np.full((_ROWS, _COLUMNS, 1), 255, dtype=np.uint8)
    (left, bottom), (right, top) = painter.at(x_m - half_m, low_m), painter.at(x_m + half_m, high_m)
    opaque[top:bottom, left:right] = 36
    return np.concatenate([image, opaque], axis=2)
