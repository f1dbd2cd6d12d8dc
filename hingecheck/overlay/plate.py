"""Captions set on a translucent plate in a corner, or on a band where the back is not judged."""

from __future__ import annotations

from functools import lru_cache

import cv2

from hingecheck.form.records import Analysis
from hingecheck.overlay.colours import INK, PLATE, Colour
from hingecheck.overlay.layout import Layout, freest
from hingecheck.overlay.sticker import Canvas, Picture, Sticker
from hingecheck.overlay.text import BOLD, REGULAR, Typesetter
from hingecheck.overlay.words import Caption, caption_at, captions
from hingecheck.pose.records import FloatArray

__all__ = ["Plates"]

_OPACITY = 0.68
_BAND: Colour = (58, 60, 65)
"""Ground of the band that says why nothing is judged."""
_KEPT = 8
"""Captions kept as bitmaps; a long set has hundreds, and a film shows them in order."""
_MOST_LINES = 6
_HEIGHT_SHARE = 0.3
"""A caption may take this share of the picture's height."""


class Plates:
    """Lays the caption of any frame of one analysis.

    Args:
        analysis: The clip's analysis.
        layout: Sizes.
        body_px: (n, points, 2) where the body passes, to stay clear of.
        setter: Sets the text.
    """

    def __init__(
        self, analysis: Analysis, layout: Layout, body_px: FloatArray, setter: Typesetter
    ) -> None:
        self._analysis = analysis
        self._layout = layout
        self._setter = setter
        self._band = not analysis.view.gradeable
        self._set_recently = lru_cache(_KEPT)(self._set)
        width = height = 0
        for caption in captions(analysis):
            sticker = self._set(caption)
            width, height = max(width, sticker.width_px), max(height, sticker.height_px)
        places = layout.corners(width, height)
        self._place = freest(places, body_px, 0.12 * layout.short_px)
        self._right = self._place.x_px + width > layout.width_px - layout.margin_px - 1
        self._low = places.index(self._place) >= 2

    def draw(self, rgb: Picture, frame: int) -> None:
        """Lay a frame's caption."""
        self._lay(rgb, caption_at(self._analysis, frame))

    def _lay(self, rgb: Picture, caption: Caption) -> None:
        sticker, place = self._set_recently(caption), self._place
        x = place.x_px + (place.width_px - sticker.width_px if self._right else 0)
        y = place.y_px + (place.height_px - sticker.height_px if self._low else 0)
        sticker.lay(rgb, x, y)

    def _set(self, caption: Caption) -> Sticker:
        layout, setter = self._layout, self._setter
        size, pad = layout.text_px, layout.pad_px
        full = layout.width_px - 2 * layout.margin_px
        landscape = layout.width_px > layout.height_px
        widest = round(full * (0.5 if landscape else 1.0 if self._band else 0.8))
        inner = max(widest - 2 * pad, size)
        step = setter.line_px(size)
        room = max(int((_HEIGHT_SHARE * layout.height_px - 2 * pad) / step), 2)
        left = min(room, _MOST_LINES)

        rows: list[tuple[str, int, Colour | None]] = []
        for row in setter.wrap(caption.title, size, BOLD, inner, 2):
            rows.append((row, BOLD, None))
        dot = round(0.9 * size)
        for words, colour in caption.notes:
            if len(rows) == left:
                break
            lines = setter.wrap(words, size, REGULAR, inner - dot, left - len(rows))
            rows += [(line, REGULAR, colour if k == 0 else None) for k, line in enumerate(lines)]
        return self._paint(rows, widest if self._band else None, dot, step)

    def _paint(
        self,
        rows: list[tuple[str, int, Colour | None]],
        width_px: int | None,
        dot: int,
        step: int,
    ) -> Sticker:
        layout, setter = self._layout, self._setter
        size, pad = layout.text_px, layout.pad_px
        indents = [0 if weight == BOLD else dot for _, weight, _ in rows]
        coverages = [setter.coverage(text, size, weight) for text, weight, _ in rows]
        widest = max(
            coverage.shape[1] + indent for coverage, indent in zip(coverages, indents, strict=True)
        )
        canvas = Canvas(
            width_px if width_px is not None else widest + 2 * pad, step * len(rows) + 2 * pad
        )
        canvas.plate(pad, _BAND if self._band else PLATE, _OPACITY)
        for k, (coverage, (_, _, colour)) in enumerate(zip(coverages, rows, strict=True)):
            y = pad + k * step
            canvas.place(coverage, pad + indents[k], y, INK)
            if colour is not None:
                mark = canvas.blank()
                centre = (pad + round(0.3 * size), y + round(0.66 * size))
                cv2.circle(mark, centre, round(0.24 * size), 255, -1, cv2.LINE_AA)
                canvas.paint(mark, colour)
        return canvas.sticker()
