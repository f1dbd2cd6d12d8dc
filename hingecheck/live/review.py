"""The set that is over, on one plate: its repetitions, the largest tuck, and where it is kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.records import Reason, Verdict
from hingecheck.live.hud import verdict_words
from hingecheck.live.room import DOT, SMALLEST_TEXT_PX, Room, paint_dot
from hingecheck.overlay.colours import DIM, INK, PLATE, Colour
from hingecheck.overlay.sticker import Canvas, Sticker
from hingecheck.overlay.text import BOLD, REGULAR, Typesetter

__all__ = ["OPACITY", "REASON_WORDS", "Review", "Said", "review_plate"]

OPACITY = 0.88
"""Of plates that are read instead of the picture."""

LARGEST, _SHRINK = 1.5, 0.94
"""Against the words that are read while lifting, and the step by which it gets smaller."""

NO_REPS = "No repetition was found"
TOO_CLOSE = "Too close to call"

REASON_WORDS = {
    Reason.NO_PERSON: "nobody seen",
    Reason.VIEW_OBLIQUE: "seen at an angle",
    Reason.VIEW_FRONTAL: "seen from front or back",
    Reason.TOO_SMALL: "too far away",
    Reason.HEAD_CUT: "head out of the picture",
    Reason.FEET_CUT: "feet out of the picture",
    Reason.BACK_HIDDEN: "back hidden",
    Reason.CLOTHING_LOOSE: "loose shirt",
    Reason.LIFTER_LOST: "out of sight for a part",
    Reason.SEVERAL_PEOPLE: "somebody too close",
    Reason.PICTURE_TURNED: "picture on its side",
    Reason.NO_REPS: "no whole rep",
    Reason.NO_DESCENT: "way down not seen",
    Reason.FRAME_RATE_LOW: "too few pictures",
    Reason.LIMB_HIDDEN: "arm, leg or head hidden",
    Reason.NO_SET_UP: "start not seen",
    Reason.TOO_FEW_REPS: "too few reps",
}
"""Why nothing can be told of a repetition, in its row; whole sentences are in `form.messages`."""

_GAP = 1.4
"""Between columns, in sizes of their text."""


class Said(NamedTuple):
    """What was said of a repetition.

    Attributes:
        number: 1 for the first.
        verdict: Whether the pelvis tucked.
        tuck_deg: How far; NaN where unseen.
        why: Why nothing can be told of it, in a few words; empty where that is not known.
    """

    number: int
    verdict: Verdict
    tuck_deg: float
    why: str = ""

    @property
    def words(self) -> tuple[str, Colour]:
        """What is said of it, and its colour; too close to call is not the same as not seen."""
        words, colour = verdict_words(self.verdict, self.tuck_deg)
        if self.verdict is Verdict.UNSURE and not self.counts:
            return TOO_CLOSE, colour
        return (f"{words}: {self.why}" if self.why else words), colour

    @property
    def counts(self) -> bool:
        """Whether its tuck is large enough to be told."""
        perhaps = self.verdict is Verdict.UNSURE and self.tuck_deg >= THRESHOLD_DEG
        return self.verdict is Verdict.YES or perhaps


@dataclass(frozen=True, slots=True)
class Review:
    """What is worth knowing of a set.

    Attributes:
        reps: Its repetitions.
        kept: Where its result is, that it is being written, or why there is none; empty where
            nothing was to be kept.
        cue: What to try in the next one; empty when there is nothing to say.
    """

    reps: tuple[Said, ...]
    kept: str
    cue: str = ""

    @property
    def title(self) -> str:
        """How many repetitions."""
        if not self.reps:
            return NO_REPS
        return "1 rep" if len(self.reps) == 1 else f"{len(self.reps)} reps"

    @property
    def largest(self) -> str:
        """The largest tuck and its repetition, in words; empty where none is large enough."""
        most = max((rep for rep in self.reps if rep.counts), key=_tuck, default=None)
        if most is None:
            return ""
        name = "Tuck perhaps" if most.verdict is Verdict.UNSURE else "Largest tuck"
        return f"{name} {most.tuck_deg:.0f}° in rep {most.number}"


def _tuck(rep: Said) -> float:
    return rep.tuck_deg


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
        *wrapped(review.title, round(1.3 * big_px), BOLD, INK, 3),
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
    words = [rep.words for rep in review.reps]
    widest = max((setter.width_px(said, second, BOLD) for said, _ in words), default=0)
    column = number + round(DOT * second) + widest + round(_GAP * second)
    columns = max((inner + round(_GAP * second)) // column, 1)
    rows = max((height_px - around) // line, 1)
    if rows * columns < len(review.reps) and not last:
        return None
    # As few columns as there must be, and as even as they can be.
    columns = max(min(columns, math.ceil(len(review.reps) / rows)), 1)
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
