"""Where things go in the live picture, and words on a plate that fit the place they are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from hingecheck.overlay.colours import INK, PLATE, Colour
from hingecheck.overlay.layout import Rect
from hingecheck.overlay.sticker import Canvas, Sticker
from hingecheck.overlay.text import BOLD, ELLIPSIS, Typesetter

__all__ = [
    "DOT",
    "PLATE_OPACITY",
    "SMALLEST_TEXT_PX",
    "Line",
    "Room",
    "Row",
    "fit",
    "paint_dot",
    "sign",
]

PLATE_OPACITY = 0.68
SMALLEST_TEXT_PX = 10

BIG, SECOND, MARK, SMALL = 0.075, 0.045, 0.032, 0.027
"""Sizes of text as shares of the short side. On a laptop's screen, 19 cm high, the capitals of the
big ones are a centimetre: 9 minutes of arc at 4 m, where a good eye reads 5."""

DOT = 0.8
"""Width of a dot and the gap after it, in sizes of the text that follows."""

TALL = 0.9
"""Width against height below which a column beside the lifter would be too narrow for words."""

SHRINK = tuple(1 - 0.08 * step for step in range(9))
"""Sizes tried, as shares of the wished one, until words fit; then they are cut."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words that may wrap.

    Attributes:
        text: What they say.
        size_px: Their size where there is room for it.
        weight: Of the face.
        dot: Colour of a dot before them; None for none.
    """

    text: str
    size_px: int
    weight: int = BOLD
    dot: Colour | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """Places and sizes in a picture.

    A wide picture has a column left of the lifter for the counter and for words; a tall one a band
    at the feet, which hides less of a lift than one at the head would.

    Attributes:
        width_px: Width of the picture.
        height_px: Height of the picture.
        short_px: Its shorter side.
        margin_px: Safe distance from the picture's edge.
        pad_px: Distance of text from its plate's edge.
        hair_px: Thinnest line.
        big_px: Text that is read from where one lifts.
        second_px: Text that is read on the way to the screen.
        mark_px: Text that says what is switched on.
        small_px: Text for who sits in front of it.
        foot_px: Top of the lowest line, which is kept for marks, speed and quality.
        counter: The count, in its upper left corner, or lower left in a tall picture.
        coach: What to do now.
        remark: What to do beside a running count.
        toast: What has just happened, beside all of these.
        aside: The same during a set, beside the lifter rather than over them.
        middle: What stands over a picture that is not looked at, beside a toast.
    """

    width_px: int
    height_px: int
    short_px: int
    margin_px: int
    pad_px: int
    hair_px: int
    big_px: int
    second_px: int
    mark_px: int
    small_px: int
    foot_px: int
    counter: Rect
    coach: Rect
    remark: Rect
    toast: Rect
    aside: Rect
    middle: Rect

    @property
    def wide(self) -> bool:
        """Whether words stand beside the lifter, rather than at their feet."""
        return _is_wide(self.width_px, self.height_px)

    @classmethod
    def plan(cls, width_px: int, height_px: int) -> Room:
        """Lay out a picture."""
        short = min(width_px, height_px)
        margin = max(round(0.022 * short), 2)
        small = max(round(SMALL * short), SMALLEST_TEXT_PX)
        full, top = width_px - 2 * margin, margin
        wide = _is_wide(width_px, height_px)
        pad = max(round(0.02 * short), 3)
        mark = max(round(MARK * short), SMALLEST_TEXT_PX)
        foot = height_px - 2 * margin - Typesetter.line_px(mark) - pad
        counter_px, toast_px = round(0.4 * width_px), round(0.17 * short)
        aside_px = round(0.13 * short)
        if wide:
            column = round(0.33 * width_px)
            coach = Rect(margin, top, column, round(0.66 * (foot - top)))
            middle_y = top + round(0.42 * (foot - top))
            counter = Rect(margin, top, counter_px, middle_y - top - pad)
            aside = Rect(margin, middle_y, column, aside_px)
            said_y = middle_y + aside_px + pad
            remark = Rect(margin, said_y, column, foot - said_y)
            left = margin + column + pad
            toast = Rect(left, foot - toast_px, width_px - margin - left, toast_px)
        else:
            band, high = round(0.17 * height_px), round(0.25 * height_px)
            coach = Rect(margin, foot - band, full, band)
            counter = Rect(margin, foot - high, counter_px, high)
            left = margin + counter_px + pad
            remark = Rect(left, foot - band, width_px - margin - left, band)
            aside_px = min(aside_px, high - band - pad)
            aside = Rect(left, remark.y_px - pad - aside_px, remark.width_px, aside_px)
            toast = Rect(margin, counter.y_px - pad - toast_px, full, toast_px)
        inset = round((0.14 if wide else 0.05) * width_px)
        middle = Rect(inset, top, width_px - 2 * inset, toast.y_px - pad - top)
        return cls(
            width_px=width_px,
            height_px=height_px,
            short_px=short,
            margin_px=margin,
            pad_px=pad,
            hair_px=max(round(short / 500), 1),
            big_px=max(round(BIG * short), SMALLEST_TEXT_PX),
            second_px=max(round(SECOND * short), SMALLEST_TEXT_PX),
            mark_px=mark,
            small_px=small,
            foot_px=foot,
            counter=counter,
            coach=coach,
            remark=remark,
            toast=toast,
            aside=aside,
            middle=middle,
        )


def _is_wide(width_px: int, height_px: int) -> bool:
    return width_px >= TALL * height_px


def sign(
    lines: tuple[Line, ...],
    width_px: int,
    height_px: int,
    pad_px: int,
    *,
    left_px: int = 0,
    top_px: int = 0,
) -> Sticker:
    """Words on a plate that is no larger than they need.

    Words wrap, shrink where they would not fit, and are cut where they still do not.

    Args:
        lines: What to say, from top to bottom.
        width_px: Widest plate.
        height_px: Highest plate.
        pad_px: Between text and the plate's edge.
        left_px: Kept free on the plate's left, for a drawing.
        top_px: Kept free at the plate's top, for a drawing.
    """
    # A setter remembers what it set for good, and a long session says a lot.
    setter = Typesetter()
    rows = fit(setter, lines, width_px - 2 * pad_px - left_px, height_px - 2 * pad_px - top_px)
    drawn = [setter.coverage(row.text, row.size_px, row.weight) for row in rows]
    widest = max(ink.shape[1] + row.indent_px for ink, row in zip(drawn, rows, strict=True))
    height = sum(ink.shape[0] for ink in drawn)
    canvas = Canvas(min(widest + left_px + 2 * pad_px, width_px), height + top_px + 2 * pad_px)
    canvas.plate(pad_px, PLATE, PLATE_OPACITY)
    x, y = pad_px + left_px, pad_px + top_px
    for row, ink in zip(rows, drawn, strict=True):
        canvas.place(ink, x + row.indent_px, y, INK)
        if row.dot is not None:
            paint_dot(canvas, x, y, row.size_px, row.dot)
        y += ink.shape[0]
    return canvas.sticker()


def paint_dot(canvas: Canvas, x_px: int, y_px: int, size_px: int, colour: Colour) -> None:
    """A dot, `DOT` of the text's size wide with its gap, before text whose corner is (x, y)."""
    shape = np.zeros((size_px, size_px), np.uint8)
    centre = round(0.3 * size_px), round(0.66 * size_px)
    cv2.circle(shape, centre, round(0.24 * size_px), 255, -1, cv2.LINE_AA)
    canvas.place(shape, x_px, y_px, colour)


class Row(NamedTuple):
    """One line of text as it is set.

    Attributes:
        text: What it says.
        size_px: Its size.
        weight: Of the face.
        dot: Colour of the dot before it; None for none.
        indent_px: Free on its left, for a dot there or above.
    """

    text: str
    size_px: int
    weight: int
    dot: Colour | None
    indent_px: int


def fit(setter: Typesetter, lines: tuple[Line, ...], width_px: int, height_px: int) -> list[Row]:
    """Wrap lines into a place, smaller where they or a word would not fit, cut where that is vain.

    Args:
        setter: Measures the text.
        lines: What to say, from top to bottom; not empty.
        width_px: Room for text.
        height_px: Room for text.
    """
    words = sum(len(line.text.split()) for line in lines)
    rows: list[Row] = []
    for share in SHRINK:
        rows = [row for line in lines for row in _wrapped(setter, line, share, width_px)]
        unbroken = sum(len(row.text.split()) for row in rows) == words
        if unbroken and _height_px(setter, rows) <= height_px:
            break
    return (
        rows if _height_px(setter, rows) <= height_px else _cut(setter, rows, width_px, height_px)
    )


def _height_px(setter: Typesetter, rows: list[Row]) -> int:
    return sum(setter.line_px(row.size_px) for row in rows)


def _wrapped(setter: Typesetter, line: Line, share: float, width_px: int) -> list[Row]:
    size = max(round(share * line.size_px), SMALLEST_TEXT_PX)
    indent = 0 if line.dot is None else round(DOT * size)
    texts = setter.wrap(line.text, size, line.weight, max(width_px - indent, 1), len(line.text))
    return [
        Row(text, size, line.weight, None if k else line.dot, indent)
        for k, text in enumerate(texts)
    ]


def _cut(setter: Typesetter, rows: list[Row], width_px: int, height_px: int) -> list[Row]:
    """As many rows as fit, at least one; an ellipsis says that there were more."""
    bottoms = np.cumsum([setter.line_px(row.size_px) for row in rows])
    kept = rows[: max(int(np.searchsorted(bottoms, height_px, side="right")), 1)]
    last, text = kept[-1], kept[-1].text
    while text and (
        setter.width_px(text + ELLIPSIS, last.size_px, last.weight) + last.indent_px > width_px
    ):
        text = text[:-1].rstrip()
    return [*kept[:-1], last._replace(text=text + ELLIPSIS)]
