"""A screen in plain words: what was found, what follows, and how it changes over time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from hingecheck.form.judge import interval_of
from hingecheck.form.messages import Advice, advice
from hingecheck.form.records import Verdict
from hingecheck.form.screen import USUAL_HIP_DEG, Doubt
from hingecheck.report.screen_schema import ScreenResult, SideResult
from hingecheck.report.words import Headline, Status, number, with_interval
from hingecheck.store.history import Entry

__all__ = [
    "NOT_MEDICAL",
    "day",
    "depth_text",
    "progress_sentence",
    "screen_advice",
    "screen_headline",
    "side_sentence",
    "sides_sentence",
]

NOT_MEDICAL = "This is not medical advice."

_STATUS = {
    Verdict.YES: Status.CHANGED,
    Verdict.NO: Status.HELD,
    Verdict.UNSURE: Status.UNSURE,
    Verdict.NOT_GRADEABLE: Status.NOT_GRADEABLE,
}

_DOUBT = {
    Doubt.KNEES_BENT: Advice(
        "Your knees were bent, and bent knees let the hips fold further.",
        "Keep them nearly straight all the way down.",
    ),
    Doubt.NOT_DEEP: Advice(
        "You came back up before your pelvis turned, so how deep you could go is not in the clip.",
        "Go on down, slowly, until you feel the lower back take over.",
    ),
    Doubt.TUCK_UNCLEAR: Advice(
        "Whether your pelvis turned at the bottom is too close to call.",
        "Go down slowly until you feel the lower back take over, stay there for a second, and wear"
        " close-fitting clothes.",
    ),
}

_UNTOLD = Advice(
    "The clip shows no whole descent in which the pelvis could be followed.",
    "Stand tall for two seconds, hinge slowly as far as you can with nearly straight knees, and"
    " stand up again.",
)


def screen_headline(screen: ScreenResult) -> Headline:
    """The screen in one breath, of its first side."""
    side = screen.sides[0]
    status = _STATUS[side.limited]
    if side.hip_flexion_deg is None:
        return Headline("Could not tell how deep you hinge cleanly.", (), status)
    value = f"{number(side.hip_flexion_deg)}°"
    if side.tuck_unclear:
        title = f"You hinged to {value}; whether the pelvis tucked there is too close to call."
    elif not side.reached:
        title = f"You hinged to {value} of hip flexion without a tuck."
    else:
        title = f"Your clean hinge ends at {value} of hip flexion."
    return Headline(title, tuple(_meaning(side, screen)), status)


def _meaning(side: SideResult, screen: ScreenResult) -> list[str]:
    low, high = side.ci95_deg
    sentences = [f"The 95 % interval is {number(low)} to {number(high)}°."]
    if side.reached:
        sentences.append("From there the pelvis turns back and the lower back does the rest.")
    if side.reached and side.tuck is Verdict.UNSURE:
        sentences.append("Whether it did is close to call: take this as the likeliest place.")
    limit = f"{screen.limit_deg:g}°"
    if side.limited is Verdict.NO:
        sentences.append(
            f"That is past {limit}, where a hinge on straight knees counts as free:"
            " nothing needs doing."
        )
    elif side.limited is Verdict.YES:
        sentences.append(
            f"A full forward bend usually has {number(USUAL_HIP_DEG)}° at the hips, and below"
            f" {limit} there is room to gain."
        )
    elif side.doubt is None:
        sentences.append(f"The interval reaches across {limit}, so it is too close to call.")
    if side.limited is Verdict.UNSURE and screen.drills:
        sentences.append("The drills are mild and worth a try; the next screen tells.")
    return sentences


def screen_advice(screen: ScreenResult) -> list[Advice]:
    """What to film or do otherwise next time, each thing once."""
    found: list[Advice] = []
    for side in screen.sides:
        found += [advice(reason) for reason in side.reasons]
        if side.doubt is not None:
            found.append(_DOUBT[side.doubt])
        if side.hip_flexion_deg is None and not side.reasons:
            found.append(_UNTOLD)
    return list(dict.fromkeys(found))


def depth_text(side: SideResult | Entry) -> str:
    """A clean depth with its interval: "47° (33 to 61)", "at least 71° (58 to 84)".

    Where a tuck is too close to call that is said instead: neither an end nor an "at least".
    """
    if side.hip_flexion_deg is None or side.sd_deg is None:
        return "could not tell"
    text = with_interval(side.hip_flexion_deg, interval_of(side.hip_flexion_deg, side.sd_deg))
    if side.tuck_unclear:
        return f"{text}, tuck too close to call"
    return text if side.reached else f"at least {text}"


def side_sentence(side: SideResult) -> str:
    """One side with its numbers."""
    text = f"{side.near_side.capitalize()} side to the camera: {depth_text(side)}"
    if side.hip_flexion_deg is None:
        return f"{text}."
    if side.knee_flexion_deg is not None:
        text += f", knees bent by {number(side.knee_flexion_deg)}°"
    if side.bar_height_cm is not None:
        text += f", hands {number(side.bar_height_cm)} cm above the floor"
    return f"{text}."


def sides_sentence(screen: ScreenResult) -> str | None:
    """What two films from both sides say of a difference; None with one."""
    if len(screen.sides) < 2:
        return None
    hedge = "A side view sees both hips together, so a difference between the films is small"
    hedge += " evidence of one between the hips."
    if screen.difference is None:
        return f"The two films cannot be compared: not both show where a tuck begins. {hedge}"
    value = screen.difference.right_minus_left_deg
    low, high = screen.difference.ci95_deg
    if low <= 0 <= high:
        return (
            f"The two films agree: {number(abs(value))}° apart, within what two measurements"
            f" differ by. {hedge}"
        )
    more = "right" if value > 0 else "left"
    return f"The film from the {more} reads {number(abs(value))}° deeper. {hedge}"


def progress_sentence(history: Sequence[Entry]) -> str | None:
    """The course of the clean depth, and whether it changed by more than its uncertainty.

    None before there is a second date. Both measurements count with their whole standard
    deviation, though part of it is the lifter's own and cancels: a change is claimed late.
    """
    measured = [entry for entry in history if entry.reached]
    if len({entry.date for entry in measured}) < 2:
        return None
    first = [entry for entry in measured if entry.date == measured[0].date]
    last = [entry for entry in measured if entry.date == measured[-1].date]
    before, before_sd = _together(first)
    after, after_sd = _together(last)
    change = after - before
    low, high = interval_of(change, float(np.hypot(before_sd, after_sd)))
    text = f"Clean depth {number(before)}° on {day(first[0].date)}, {number(after)}° on"
    text += f" {day(last[0].date)}: "
    size = f"{number(abs(change))}°"
    if low > 0:
        return f"{text}{size} deeper, clear of the uncertainty ({number(low)} to {number(high)})."
    if high < 0:
        return f"{text}{size} less, clear of the uncertainty ({number(low)} to {number(high)})."
    more = "deeper" if change > 0 else "less"
    return f"{text}{size} {more}, within what two measurements can differ by."


def day(date: dt.date) -> str:
    """A date for people: "3 Nov 2026"."""
    return f"{date.day} {date:%b %Y}"


def _together(entries: Sequence[Entry]) -> tuple[float, float]:
    """Mean of one day's clips, and their usual standard deviation: errors of a day go together."""
    values = [entry.hip_flexion_deg for entry in entries]
    return float(np.mean(values)), float(np.mean([entry.sd_deg for entry in entries]))
