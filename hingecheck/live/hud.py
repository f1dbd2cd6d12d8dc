"""What is read from four metres: the count, the last verdict, and how far the back has tucked."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np

from hingecheck.form.bands import THRESHOLD_DEG, band_of
from hingecheck.form.records import Band, Verdict
from hingecheck.live.records import RepCall
from hingecheck.live.room import DOT, PLATE_OPACITY, Room, paint_dot
from hingecheck.overlay.colours import (
    BLUE,
    DIM,
    GREY,
    INK,
    PALE,
    PLATE,
    Colour,
    change_colour,
    verdict_colour,
)
from hingecheck.overlay.layout import Rect
from hingecheck.overlay.sticker import Canvas, Picture, Sticker
from hingecheck.overlay.text import BOLD, REGULAR, Typesetter

__all__ = ["COUNTER_SHARE", "FULL_DEG", "Counter", "Gauge", "verdict_words"]

COUNTER_SHARE = 0.2
"""Height of the counter's figures against the picture's, where the picture is wide enough."""

FULL_DEG = 30.0
"""Upper end of the gauge: beyond 25 a tuck is large, however far beyond."""

CANNOT_TELL = "Cannot tell"

_WIDEST = (CANNOT_TELL, "Perhaps 88°")
"""The verdicts that need most room."""

_TRIAL_PX = 200
"""Size at which figures are measured."""


def verdict_words(verdict: Verdict, tuck_deg: float) -> tuple[str, Colour]:
    """A repetition's verdict in a word or two, and its colour."""
    if verdict is Verdict.YES:
        band = max(band_of(tuck_deg), Band.SLIGHT, key=list(Band).index)
        return f"Tuck {tuck_deg:.0f}°", verdict_colour(verdict, band)
    if verdict is Verdict.NO:
        return "Held", BLUE
    if verdict is Verdict.UNSURE and tuck_deg >= THRESHOLD_DEG:
        return f"Perhaps {tuck_deg:.0f}°", GREY
    return CANNOT_TELL, GREY


class Counter:
    """The count in huge figures, and below it the last repetition's verdict.

    The plate keeps its size whatever it says.

    Args:
        room: Places and sizes.

    Attributes:
        verdict_px: Size of text at which every verdict keeps to the plate.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        setter = Typesetter()
        ink = np.flatnonzero(setter.coverage("8", _TRIAL_PX, BOLD).any(axis=1))
        tall = (ink[-1] - ink[0] + 1) / _TRIAL_PX
        wide = setter.width_px("88", _TRIAL_PX, BOLD) / _TRIAL_PX
        place, line = room.counter, Typesetter.line_px(room.big_px)
        most, high = place.width_px - 2 * room.pad_px, place.height_px - line - 2.1 * room.pad_px
        high = min(COUNTER_SHARE * room.height_px, high)
        self._size_px = int(min(high / tall, most / wide))
        self._figure_px = math.ceil(tall * self._size_px)
        sizes = range(room.big_px, 1, -1)
        self.verdict_px = next((size for size in sizes if _said_px(setter, size) <= most), 1)
        inner = max(setter.width_px("88", self._size_px, BOLD), _said_px(setter, self.verdict_px))
        self._width_px = inner + 2 * room.pad_px
        self._set_recently = lru_cache(2)(self._set)

    def draw(self, rgb: Picture, reps: int, last: RepCall | None) -> None:
        """Lay the plate into a corner: at the feet in a tall picture, where the head is above."""
        words = ("reps", None) if last is None else verdict_words(last.verdict, last.tuck_deg)
        plate, place = self._set_recently(reps, words), self._room.counter
        low = 0 if self._room.wide else place.height_px - plate.height_px
        plate.lay(rgb, place.x_px, place.y_px + low)

    def _set(self, reps: int, words: tuple[str, Colour | None]) -> Sticker:
        setter, pad = Typesetter(), self._room.pad_px
        line = setter.line_px(self.verdict_px)
        canvas = Canvas(self._width_px, self._figure_px + line + round(2.1 * pad))
        canvas.plate(pad, PLATE, PLATE_OPACITY)
        text, inner = str(reps), self._width_px - 2 * pad
        shrink = min(1.0, inner / setter.width_px(text, self._size_px, BOLD))
        figures = setter.coverage(text, max(int(shrink * self._size_px), 1), BOLD)
        rows = np.flatnonzero(figures.any(axis=1))
        figures = figures[rows[0] : rows[-1] + 1]
        canvas.place(
            figures,
            (canvas.width_px - figures.shape[1]) // 2,
            round(1.4 * pad) + (self._figure_px - figures.shape[0]) // 2,
            INK,
        )
        said, colour = words
        ink = setter.coverage(said, self.verdict_px, BOLD if colour else REGULAR)
        dot = round(DOT * self.verdict_px) if colour else 0
        x = (canvas.width_px - ink.shape[1] - dot) // 2
        y = self._figure_px + round(1.8 * pad)
        canvas.place(ink, x + dot, y, INK if colour else DIM)
        if colour:
            paint_dot(canvas, x, y, self.verdict_px, colour)
        return canvas.sticker()


def _said_px(setter: Typesetter, size_px: int) -> int:
    """Width of the widest verdict with its dot."""
    widest = max(setter.width_px(words, size_px, BOLD) for words in _WIDEST)
    return round(DOT * size_px) + widest


class Gauge:
    """The tuck as a bar from 0 to `FULL_DEG`, with the limit and the uncertainty.

    Args:
        room: Places and sizes.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        pad, label = room.pad_px, room.small_px
        slot_px = max(round(0.055 * room.short_px), 8)
        tall = round(min(0.55 * room.height_px, 0.6 * room.short_px))
        setter = Typesetter()
        labels = setter.width_px("30°", label, BOLD) + pad // 2
        self._width_px = labels + slot_px + 2 * pad
        self._height_px = tall + 2 * pad + Typesetter.line_px(label)
        self._slot = Rect(pad + labels, pad + Typesetter.line_px(label), slot_px, tall - label // 2)
        self._at = (room.width_px - room.margin_px - self._width_px, room.margin_px)
        self._paint_recently = lru_cache(1)(self._paint)

    def draw(self, rgb: Picture, tuck_deg: float, sd_deg: float, limit_deg: float) -> None:
        """Draw the bar in place: a column up to the tuck, its standard error, and the limit.

        A tuck that is NaN leaves the slot empty.
        """
        (x, y), slot = self._at, self._slot
        self._paint_recently(limit_deg).lay(rgb, x, y)
        left, right = x + slot.x_px, x + slot.x_px + slot.width_px
        part = rgb[:, max(left, 0) : right]
        if math.isfinite(tuck_deg):
            foot, top = y + self._y(0.0), y + self._y(tuck_deg)
            part[top:foot] = change_colour(tuck_deg)
            if math.isfinite(sd_deg):
                high, low = y + self._y(tuck_deg + sd_deg), y + self._y(tuck_deg - sd_deg)
                band = part[high:low]
                cv2.addWeighted(band, 0.55, np.full_like(band, PALE[0]), 0.45, 0, dst=band)
            part[top - self._room.hair_px : top + self._room.hair_px] = INK
        level = y + self._y(limit_deg)
        over = slot.width_px // 5
        hair = self._room.hair_px
        rgb[level - hair : level + hair, left - over : right + over] = INK

    def _y(self, tuck_deg: float) -> int:
        """Row of a tuck within the plate."""
        share = min(max(tuck_deg / FULL_DEG, 0.0), 1.0)
        return self._slot.y_px + round((1 - share) * self._slot.height_px)

    def _paint(self, limit_deg: float) -> Sticker:
        room, slot, setter = self._room, self._slot, Typesetter()
        canvas = Canvas(self._width_px, self._height_px)
        canvas.plate(room.pad_px, PLATE, PLATE_OPACITY)
        shape = canvas.blank()
        shape[slot.y_px : slot.y_px + slot.height_px, slot.x_px : slot.x_px + slot.width_px] = 255
        canvas.paint(shape, DIM, 0.25)
        title = setter.coverage("Tuck", room.small_px, REGULAR)
        canvas.place(title, canvas.width_px - room.pad_px - title.shape[1], room.pad_px // 2, DIM)
        for value, weight, colour in (
            (0.0, REGULAR, DIM),
            (FULL_DEG, REGULAR, DIM),
            (limit_deg, BOLD, INK),
        ):
            label = setter.coverage(f"{value:.0f}°", room.small_px, weight)
            x = slot.x_px - room.pad_px // 2 - label.shape[1] - slot.width_px // 8
            canvas.place(label, x, self._y(value) - round(0.66 * room.small_px), colour)
        return canvas.sticker()
