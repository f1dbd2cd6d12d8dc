"""How a dataset spreads, as small drawings: bars whose lengths and places are all that is here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from hingecheck.batch.totals import Spread, Totals, counted
from hingecheck.form.records import Reason
from hingecheck.motion.records import Lift
from hingecheck.report.words import Status, lift_name, number

__all__ = ["WHY", "Bar", "Ridges", "draw_reasons", "draw_shares", "draw_spread"]

WIDTH, MARGIN = 300.0, 4.0
RIDGE, LABEL, AXIS = 34.0, 18.0, 18.0
"""Heights: of a histogram, of the words above it, of the numbers below all of them."""

LEAST = 1.0
"""Height of a bin that is not empty: one rep among thousands is still seen."""

WHY = {
    Reason.NO_PERSON: "nobody found",
    Reason.VIEW_OBLIQUE: "seen at an angle",
    Reason.VIEW_FRONTAL: "seen from the front or behind",
    Reason.TOO_SMALL: "small in the picture",
    Reason.HEAD_CUT: "head out of the picture",
    Reason.FEET_CUT: "feet out of the picture",
    Reason.BACK_HIDDEN: "back hidden",
    Reason.CLOTHING_LOOSE: "loose clothing",
    Reason.LIFTER_LOST: "out of sight at times",
    Reason.SEVERAL_PEOPLE: "somebody else close by",
    Reason.PICTURE_TURNED: "picture on its side",
    Reason.NO_REPS: "no whole rep",
    Reason.NO_DESCENT: "way down not in the clip",
    Reason.FRAME_RATE_LOW: "too few pictures per second",
    Reason.LIMB_HIDDEN: "arm, leg or head hidden",
    Reason.NO_SET_UP: "set-up not in the clip",
    Reason.TOO_FEW_REPS: "too few reps",
}
"""Reasons in a word or two, for a table; `form/messages.py` has the sentences."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a drawing of its own, 100 wide.

    Attributes:
        label: What it counts.
        count: How many.
        parts: Of which each begins at a place and has a width and a colour.
    """

    label: str
    count: str
    parts: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True, slots=True)
class Ridges:
    """One histogram per lift, above each other on one scale.

    Attributes:
        name: What is counted.
        meaning: In words.
        width: Of the view box.
        height: Of the view box.
        rows: Per lift: where its words stand, the words, and its bins as x, y, width, height.
        ticks: Numbers below: where, and what they say.
        limit_x: From where a value counts; None without such a line.
        foot_y: Down to where the lines go.
        told: The drawing in words.
    """

    name: str
    meaning: str
    width: float
    height: float
    rows: tuple[tuple[float, str, tuple[tuple[float, float, float, float], ...]], ...]
    ticks: tuple[tuple[float, str], ...]
    limit_x: float | None
    foot_y: float
    told: str


def draw_shares(totals: Totals) -> list[Bar]:
    """How clips and reps ended; nothing where there are none."""
    named = (("Clips", totals.statuses), ("Reps", totals.reps))
    return [
        _stacked(name, [(statuses[status], status.value) for status in Status])
        for name, statuses in named
        if any(statuses.values())
    ]


def draw_reasons(reasons: Iterable[tuple[Reason, int]]) -> list[Bar]:
    """Why clips were not judged, the most frequent first; lengths are relative to it."""
    order = list(Reason)
    ranked = sorted(reasons, key=lambda entry: (-entry[1], order.index(entry[0])))
    return [
        Bar(_sentence(WHY[reason]), counted(count), ((0.0, 100 * count / ranked[0][1], "none"),))
        for reason, count in ranked
    ]


def draw_spread(
    spread: Spread, name: str, meaning: str, ticks_deg: Sequence[float], limit_deg: float | None
) -> Ridges:
    """A histogram per lift, each as high as its own fullest bin.

    Args:
        spread: The counts.
        name: What is counted.
        meaning: In words.
        ticks_deg: Where numbers stand below.
        limit_deg: Where a line is drawn.
    """
    room = (WIDTH - 2 * MARGIN) / spread.bins

    def across(value_deg: float) -> float:
        return MARGIN + room * (value_deg - spread.first_deg) / spread.step_deg

    lifts = [lift for lift in Lift if lift in spread.counts]
    rows, told = [], []
    for k, lift in enumerate(lifts):
        count = spread.counts[lift]
        base, most = (k + 1) * (LABEL + RIDGE), max(count.values())
        heights = {place: max(LEAST, RIDGE * count[place] / most) for place in sorted(count)}
        bins = tuple(
            (MARGIN + room * place + 0.5, base - height, room - 1, height)
            for place, height in heights.items()
        )
        reps = count.total()
        words = f"{lift_name(lift)}, {counted(reps)} {'rep' if reps == 1 else 'reps'}"
        rows.append((base - RIDGE - 5, words, bins))
        told.append(f"{words}, half of them below {number(_median_deg(spread, lift))}°")
    foot = len(lifts) * (LABEL + RIDGE)
    return Ridges(
        name=name,
        meaning=meaning,
        width=WIDTH,
        height=foot + AXIS,
        rows=tuple(rows),
        ticks=tuple((across(tick), f"{number(tick)}°") for tick in ticks_deg),
        limit_x=None if limit_deg is None else across(limit_deg),
        foot_y=foot,
        told="; ".join(told),
    )


def _median_deg(spread: Spread, lift: Lift) -> float:
    """Upper end of the bin below or in which half of the reps lie."""
    count = spread.counts[lift]
    places = sorted(count)
    sums = accumulate(count[place] for place in places)
    half = next(
        place for place, so_far in zip(places, sums, strict=True) if 2 * so_far >= count.total()
    )
    return spread.first_deg + spread.step_deg * (half + 1)


def _stacked(name: str, counts: Sequence[tuple[int, str]]) -> Bar:
    total = sum(count for count, _ in counts)
    ends = list(accumulate(100 * count / total for count, _ in counts))
    parts = [
        (end - 100 * count / total, 100 * count / total, colour)
        for end, (count, colour) in zip(ends, counts, strict=True)
        if count
    ]
    return Bar(name, counted(total), tuple(parts))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
