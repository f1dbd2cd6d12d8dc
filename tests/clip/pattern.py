"""A synthetic picture whose every pixel is known, numbered so that a frame can be told again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

PATTERN_FPS = 30
PATTERN_FRAMES = 60
WIDTH_PX, HEIGHT_PX = 320, 192

QUADRANTS = np.array([[[180, 40, 40], [40, 160, 40]], [[40, 40, 180], [170, 160, 40]]], np.uint8)
"""Colour of the top left, top right, bottom left and bottom right quarter."""


def pattern(number: int) -> NDArray[np.uint8]:
    """Four coloured quarters and a strip of eight squares that spell the frame's number."""
    rgb = QUADRANTS.repeat(HEIGHT_PX // 2, axis=0).repeat(WIDTH_PX // 2, axis=1).copy()
    for bit in range(8):
        left = 32 + bit * 32
        rgb[80:112, left : left + 32] = 235 if number >> bit & 1 else 16
    return rgb


def spelled_number(rgb: NDArray[np.uint8]) -> int:
    """The frame's number read back from an upright picture of any size."""
    height, width = rgb.shape[:2]
    row = rgb[round(height * 96 / HEIGHT_PX)].mean(axis=1)
    centres = [round(width * (48 + 32 * bit) / WIDTH_PX) for bit in range(8)]
    return sum(int(row[x] > 125) << bit for bit, x in enumerate(centres))


def quadrant_error(rgb: NDArray[np.uint8]) -> float:
    """Largest difference in level between the four quarters' middles and what was drawn."""
    height, width = rgb.shape[:2]
    seen = rgb[height // 5 :: 3 * height // 5][:2][:, width // 5 :: 3 * width // 5][:, :2]
    return float(np.abs(seen.astype(int) - QUADRANTS).max())
