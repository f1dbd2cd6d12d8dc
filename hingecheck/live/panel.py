"""What is read from a chair: the keys, how fast it runs, and what is switched on."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from hingecheck.live.records import FeedState, LiveState, Stage
from hingecheck.live.review import OPACITY
from hingecheck.live.room import PLATE_OPACITY, SMALLEST_TEXT_PX, Room
from hingecheck.overlay.colours import DIM, INK, PLATE, Colour
from hingecheck.overlay.sticker import SHIFT, Canvas, Picture, Sticker, fixed_point
from hingecheck.overlay.text import BOLD, REGULAR, Typesetter

__all__ = ["KEYS", "Marks", "Panel"]

KEYS = (
    ("space", "start or stop a set"),
    ("c", "stand again: set the zero anew"),
    ("r", "replay the last rep, half speed"),
    ("s", "save the last rep"),
    ("m", "sound on or off"),
    ("f", "full screen"),
    ("?", "these keys"),
    ("q", "quit"),
)
"""What the keys do."""

RECORDING: Colour = (232, 82, 74)
"""The dot of a running recording, red as on every camera."""

REFRESH_S = 0.5
"""Between changes of the figures in the corner: faster ones cannot be read."""

COMING = (FeedState.RUNNING, FeedState.DARK)
"""While pictures come."""

_KEY: Colour = (70, 74, 82)


@dataclass(frozen=True, slots=True)
class Marks:
    """What the person at the keys has switched on.

    Attributes:
        recording: Sets are kept.
        muted: No sounds.
        help: The keys are shown.
    """

    recording: bool = False
    muted: bool = False
    help: bool = False


class Panel:
    """Draws the corner's figures, the marks and the keys.

    Args:
        room: Places and sizes.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._keys: Sticker | None = None
        self._marks = {
            "REC": self._mark("REC", RECORDING),
            "MUTED": self._mark("MUTED", None),
        }
        self._figures: Sticker | None = None
        self._figures_key: tuple[int, bool, str] | None = None

    def draw(self, rgb: Picture, state: LiveState, marks: Marks) -> None:
        """Draw what is switched on, and the figures, in place.

        A recording shows where one is made: while a set runs and pictures come.
        """
        room = self._room
        figures = self._figures_of(state)
        figures.lay(rgb, room.margin_px, room.height_px - room.margin_px - figures.height_px)
        x = room.width_px - room.margin_px
        recording = marks.recording and state.stage is Stage.SET and state.feed in COMING
        for name, shown in (("REC", recording), ("MUTED", marks.muted)):
            if shown:
                x -= self._marks[name].width_px
                y = room.height_px - room.margin_px - self._marks[name].height_px
                self._marks[name].lay(rgb, x, y)
                x -= room.pad_px // 2

    def keys(self) -> Sticker:
        """The keys, for the middle of a picture that is not looked at meanwhile."""
        self._keys = self._keys or self._set_keys()
        return self._keys

    def _figures_of(self, state: LiveState) -> Sticker:
        """Speed and quality as they were at the last half second; none while nothing comes."""
        coming = state.feed in COMING
        key = (math.floor(state.time_s / REFRESH_S), coming, state.quality)
        if self._figures is None or key != self._figures_key:
            fps, latency_ms = (state.fps, state.latency_ms) if coming else (math.nan, math.nan)
            figures = _figure(fps, "fps"), _figure(latency_ms, "ms"), state.quality
            words = " · ".join(figure for figure in figures if figure)
            self._figures, self._figures_key = self._set_figures(words), key
        return self._figures

    def _set_figures(self, words: str) -> Sticker:
        room, setter = self._room, Typesetter()
        full = room.width_px - 2 * room.margin_px
        (words, *_) = setter.wrap(words, room.small_px, REGULAR, full - room.pad_px, 1)
        ink = setter.coverage(words, room.small_px, REGULAR)
        canvas = Canvas(ink.shape[1] + room.pad_px, ink.shape[0])
        canvas.plate(room.pad_px // 2, PLATE, 0.5)
        canvas.place(ink, room.pad_px // 2, 0, DIM)
        return canvas.sticker()

    def _mark(self, text: str, dot: Colour | None) -> Sticker:
        room, setter = self._room, Typesetter()
        size = room.mark_px
        ink = setter.coverage(text, size, BOLD)
        pad = room.pad_px // 2
        indent = round(0.95 * size) if dot else 0
        canvas = Canvas(ink.shape[1] + indent + 4 * pad, ink.shape[0] + 2 * pad)
        canvas.plate(pad, PLATE, PLATE_OPACITY)
        canvas.place(ink, 2 * pad + indent, pad, INK if dot else DIM)
        if dot:
            shape = canvas.blank()
            centre = np.array([2 * pad + 0.34 * size, pad + 0.66 * size])
            radius = round(0.34 * size * (1 << SHIFT))
            cv2.circle(shape, fixed_point(centre).tolist(), radius, 255, -1, cv2.LINE_AA, SHIFT)
            canvas.paint(shape, dot)
        return canvas.sticker()

    def _set_keys(self) -> Sticker:
        """The keys, each on its cap, as large as the picture allows."""
        room, setter = self._room, Typesetter()
        most = room.middle.width_px, room.middle.height_px
        size = round(1.1 * room.second_px)
        while True:
            pad, gap = size, round(0.45 * size)
            cap = max(setter.width_px(key, size, BOLD) for key, _ in KEYS) + size
            text = max(setter.width_px(words, size, REGULAR) for _, words in KEYS)
            step = setter.line_px(size) + gap
            width, height = 2 * pad + cap + size + text, 2 * pad + step * len(KEYS) - gap
            if size <= SMALLEST_TEXT_PX or (width <= most[0] and height <= most[1]):
                break
            size -= 1
        canvas = Canvas(width, height)
        canvas.plate(size // 2, PLATE, OPACITY)
        for row, (key, words) in enumerate(KEYS):
            y = pad + row * step
            ink = setter.coverage(key, size, BOLD)
            shape = Canvas(cap, setter.line_px(size))
            shape.plate(size // 3, _KEY, 1.0)
            mask = 255 - shape.sticker().keep[..., 0]
            canvas.place(mask, pad, y, _KEY)
            canvas.place(ink, pad + (cap - ink.shape[1]) // 2, y, INK)
            canvas.place(setter.coverage(words, size, REGULAR), pad + cap + size, y, INK)
        return canvas.sticker()


def _figure(value: float, unit: str) -> str:
    return f"{value:.0f} {unit}" if math.isfinite(value) else f"\u2013 {unit}"
