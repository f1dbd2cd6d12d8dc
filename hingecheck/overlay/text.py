"""Text in OpenCV's built-in TrueType face, which has the degree and the plus-minus sign."""

from __future__ import annotations

import math
import threading

import cv2
import numpy as np

from hingecheck.overlay.colours import Colour
from hingecheck.overlay.sticker import Canvas, Picture, Sticker

__all__ = ["BOLD", "REGULAR", "Typesetter"]

REGULAR = 430
BOLD = 620
"""Weights of the variable face; a little over the usual ones, for light text on video."""

LINE = 1.34
"""Line height in text sizes."""

ELLIPSIS = "…"

JOINTS = "-._/"
"""After these a name may be broken that is longer than a line."""

_FACE_LOCK = threading.Lock()
"""OpenCV 5.0 caches a glyph in the wrong weight when two threads set one face at a time."""


class Typesetter:
    """Sets lines of text and remembers them."""

    def __init__(self) -> None:
        self._face = cv2.FontFace("sans")
        self._coverages: dict[tuple[str, int, int], Picture] = {}
        self._lines: dict[tuple[str, int, int, Colour], Sticker] = {}

    def width_px(self, text: str, size_px: int, weight: int) -> int:
        """Width of the bitmap that `coverage` gives for the same text."""
        with _FACE_LOCK:
            x, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), self._face, size_px, weight)
        return max(x, 0) + width + 1

    @staticmethod
    def line_px(size_px: int) -> int:
        """Distance from one baseline to the next, and the height of one line's bitmap."""
        return math.ceil(size_px * LINE)

    def coverage(self, text: str, size_px: int, weight: int) -> Picture:
        """One line of text as coverage 0..255, `line_px` high."""
        key = (text, size_px, weight)
        known = self._coverages.get(key)
        if known is not None:
            return known
        bitmap = np.zeros(
            (self.line_px(size_px), self.width_px(text, size_px, weight)), dtype=np.uint8
        )
        with _FACE_LOCK:
            cv2.putText(bitmap, text, (0, size_px), 255, self._face, size_px, weight)
        self._coverages[key] = bitmap
        return bitmap

    def line(self, text: str, size_px: int, weight: int, colour: Colour) -> Sticker:
        """One line of text without a plate."""
        key = (text, size_px, weight, colour)
        known = self._lines.get(key)
        if known is not None:
            return known
        coverage = self.coverage(text, size_px, weight)
        canvas = Canvas(coverage.shape[1], coverage.shape[0])
        canvas.paint(coverage, colour)
        sticker = self._lines[key] = canvas.sticker()
        return sticker

    def wrap(self, text: str, size_px: int, weight: int, width_px: int, lines: int) -> list[str]:
        """Break `text` into at most `lines` lines that fit `width_px`; more ends in an ellipsis."""
        rows: list[str] = []
        row = ""
        words = text.split()
        while words:
            longer = f"{row} {words[0]}".strip()
            if self.width_px(longer, size_px, weight) <= width_px:
                row = longer
                words.pop(0)
            elif row:
                rows.append(row)
                row = ""
            else:
                fitting = self._fitting(words[0], size_px, weight, width_px)
                rows.append(words[0][:fitting])
                # Where not even a letter fits, none of the word may be left.
                words[:1] = [words[0][fitting:]] if words[0][fitting:] else []
        if row:
            rows.append(row)
        if len(rows) <= lines:
            return rows
        last = rows[lines - 1]
        while last and self.width_px(last + ELLIPSIS, size_px, weight) > width_px:
            last = last[:-1].rstrip()
        return [*rows[: lines - 1], last + ELLIPSIS]

    def _fitting(self, word: str, size_px: int, weight: int, width_px: int) -> int:
        """How many letters of a word fit the width, at least one; up to a joint if it has one."""
        count = len(word)
        while count > 1 and self.width_px(word[:count], size_px, weight) > width_px:
            count -= 1
        if count < len(word):
            return max(word.rfind(joint, 0, count) for joint in JOINTS) + 1 or count
        return count
