"""The set that is over, on one plate: its repetitions, the largest tuck, and where it is kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hingecheck.form.records import Verdict
from hingecheck.live.hud import verdict_words
from hingecheck.live.room import DOT, SMALLEST_TEXT_PX, Room, paint_dot
from hingecheck.overlay.colours import DIM, INK, PLATE, Colour
from hingecheck.overlay.sticker import Canvas, Sticker
from hingecheck.overlay.text import BOLD, REGULAR, Typesetter

__all__ = ["OPACITY", "Review", "Said", "review_plate"]

OPACITY = 0.88
"""Of plates that are read instead of the picture."""

LARGEST, _SHRINK = 1.5, 0.94
"""Against the words that are read while lifting, and the step by which it gets smaller."""

_GAP = 1.4
"""Between columns, in sizes of their text."""


class Said(NamedTuple):
    """What was said of a repetition.

    Attributes:
        number: 1 for the first.
        verdict: Whether the pelvis tucked.
        tuck_deg: How far; NaN where unseen.
    """

    number: int
    verdict: Verdict
    tuck_deg: float


@dataclass(frozen=True, slots=True)
class Review:
    """What is worth knowing of a set.

    Attributes:
        reps: Its repetitions, at least one.
        kept: Where its result is, or that it is being written; empty where nothing is kept.
        cue: What to try in the next one; empty when there is nothing to say.
    """

    reps: tuple[Said, ...]
    kept: str
    cue: str = ""

    @property
    def title(self) -> str:
        """How many repetitions."""
        return "1 rep" if len(self.reps) == 1 else f"{len(self.reps)} reps"

    @property
    def largest(self) -> str:
        """The largest tuck and its repetition, in words."""
        seen = [rep for rep in self.reps if math.isfinite(rep.tuck_deg)]
        if not seen:
            return "No tuck could be measured"
        most = max(seen, key=lambda rep: rep.tuck_deg)
        return f"Largest tuck {most.tuck_deg:.0f}° in rep {most.number}"


class _Text(NamedTuple):
    text: str
    size_px: int
    weight: int
    colour: Colour


def review_plate(review: Review, room: Room) -> Sticker:
    """A plate for `room.middle`, its words as large as all of them may be."""
    place, big = room.middle, LARGEST * room.big_px
    while True:
        plate = _set(review, max(round(big), SMALLEST_TEXT_PX), place.width_px, place.height_px)
        if plate is not None:
            return plate
        big *= _SHRINK


def _set(review: Review, big_px: int, width_px: int, height_px: int) -> Sticker | None:
    """The plate with a title of this size; None where that does not fit and may be smaller."""
    setter, pad = Typesetter(), big_px // 2
    second, small = max(round(0.62 * big_px), SMALLEST_TEXT_PX), max(round(0.45 * big_px), 10)
    inner = width_px - 2 * pad
    last = big_px <= SMALLEST_TEXT_PX

    def wrapped(text: str, size_px: int, weight: int, colour: Colour, lines: int) -> list[_Text]:
        rows = setter.wrap(text, size_px, weight, inner, lines) if text else []
        return [_Text(row, size_px, weight, colour) for row in rows]

    head = [
        *wrapped(review.title, round(1.3 * big_px), BOLD, INK, 1),
        *wrapped(review.largest, second, REGULAR, INK, 2),
    ]
    if len(head) > 2 and not last:
        return None
    foot = [
        *wrapped(review.cue, second, BOLD, INK, 4),
        *wrapped(review.kept, small, REGULAR, DIM, 3),
    ]
    line, gap = setter.line_px(second), round(0.35 * second)
    around = sum(setter.line_px(text.size_px) for text in (*head, *foot)) + 2 * (pad + gap)
    number = setter.width_px(f"{len(review.reps)}", second, REGULAR) + round(0.6 * second)
    words = [verdict_words(rep.verdict, rep.tuck_deg) for rep in review.reps]
    widest = max(setter.width_px(said, second, BOLD) for said, _ in words)
    column = number + round(DOT * second) + widest + round(_GAP * second)
    columns = max((inner + round(_GAP * second)) // column, 1)
    rows = max((height_px - around) // line, 1)
    if rows * columns < len(review.reps) and not last:
        return None
    # As few columns as there must be, and as even as they can be.
    columns = min(columns, math.ceil(len(review.reps) / rows))
    rows = min(rows, math.ceil(len(review.reps) / columns))
    shown = list(zip(review.reps, words, strict=True))[: rows * columns]
    widths = [setter.width_px(text.text, text.size_px, text.weight) for text in (*head, *foot)]
    wide = max(*widths, columns * column - round(_GAP * second))
    high = around + rows * line
    if (wide > inner or high > height_px) and not last:
        return None
    canvas = Canvas(min(wide + 2 * pad, width_px), min(high, height_px))
    canvas.plate(pad // 2, PLATE, OPACITY)
    y = _place(canvas, setter, head, pad, pad) + gap
    for place, (rep, (said, colour)) in enumerate(shown):
        x, top = pad + place // rows * column, y + place % rows * line
        ink = setter.coverage(f"{rep.number}", second, REGULAR)
        canvas.place(ink, x + number - round(0.6 * second) - ink.shape[1], top, DIM)
        paint_dot(canvas, x + number, top, second, colour)
        ink = setter.coverage(said, second, BOLD)
        canvas.place(ink, x + number + round(DOT * second), top, INK)
    _place(canvas, setter, foot, pad, y + rows * line + gap)
    return canvas.sticker()


def _place(canvas: Canvas, setter: Typesetter, texts: Sequence[_Text], x_px: int, y_px: int) -> int:
    """Set lines below each other; returns where they end."""
    for text in texts:
        canvas.place(setter.coverage(text.text, text.size_px, text.weight), x_px, y_px, text.colour)
        y_px += setter.line_px(text.size_px)
    return y_px
