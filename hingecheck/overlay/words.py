"""What the overlay says in words: the lift, the rep, and its verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hingecheck.form.cues import phrase, with_unit
from hingecheck.form.messages import advice, message
from hingecheck.form.records import Analysis, Band, Code, RepCheck, Verdict
from hingecheck.motion.records import Lift
from hingecheck.overlay.baseline import judged_on_the_pull
from hingecheck.overlay.colours import BLUE, GREY, PALE, Colour, verdict_colour

__all__ = ["Caption", "caption_at", "captions"]

LAST_CALL_S = 1.5
"""A verdict that would come with the clip's last pictures is told this long before the end."""

_VERDICTS = (Code.BUTT_WINK, Code.ROUNDING)
"""What the notes say anyway."""

LIFTS = {
    Lift.DEADLIFT: "Deadlift",
    Lift.RDL: "Romanian deadlift",
    Lift.GOOD_MORNING: "Good morning",
    Lift.SQUAT: "Squat",
    Lift.SWING: "Kettlebell swing",
    Lift.HINGE: "Hip hinge",
}


@dataclass(frozen=True, slots=True)
class Caption:
    """Words over the picture.

    Attributes:
        title: Lift and count.
        notes: Verdicts as (words, colour of the dot before them).
    """

    title: str
    notes: tuple[tuple[str, Colour], ...]


def caption_at(analysis: Analysis, frame: int) -> Caption:
    """The words of a frame: the rep under way, and the verdict of the last bottom passed."""
    started = [check for check in analysis.reps if check.rep.start <= frame]
    judged = [check for check in analysis.reps if _told_from(analysis, check) <= frame]
    return _caption(analysis, started[-1] if started else None, judged[-1] if judged else None)


def _told_from(analysis: Analysis, check: RepCheck) -> int:
    """First frame that tells a rep's verdict: its bottom, or earlier where the clip ends there.

    A rep that is judged on its pull from the floor is told at lockout, when that is over.
    """
    time_s, rep = analysis.track.time_s, check.rep
    over = rep.top if judged_on_the_pull(check) else rep.bottom
    last_call = int(np.searchsorted(time_s, time_s[-1] - LAST_CALL_S))
    return max(rep.start, min(over, last_call))


def captions(analysis: Analysis) -> set[Caption]:
    """Every caption that `caption_at` can give."""
    turns = {0}
    for check in analysis.reps:
        turns |= {check.rep.start, _told_from(analysis, check)}
    return {caption_at(analysis, turn) for turn in turns}


def _caption(analysis: Analysis, under_way: RepCheck | None, judged: RepCheck | None) -> Caption:
    lift, count = LIFTS[analysis.lift.name], len(analysis.reps)
    if under_way is not None:
        title = f"{lift}  ·  Rep {under_way.rep.index} of {count}"
    elif count:
        title = f"{lift}  ·  {count} {'rep' if count == 1 else 'reps'}"
    else:
        title = "No reps found"
    if not analysis.view.gradeable:
        reasons = tuple((message(reason), GREY) for reason in analysis.view.reasons)
        return Caption(f"{title}  ·  Back not judged", reasons)
    if judged is None:
        return Caption(title, ())
    return Caption(title, (*_verdict_notes(judged), *_other_note(judged)))


def _other_note(check: RepCheck) -> tuple[tuple[str, Colour], ...]:
    """What else was seen in a rep: the most severe of it, in a few words."""
    others = [finding for finding in check.findings if finding.code not in _VERDICTS]
    if not others:
        return ()
    severity = list(Band)
    most = max(others, key=lambda finding: severity.index(finding.severity))
    name = phrase(most.code).name
    words = f"Also: {name[:1].lower()}{name[1:]} {with_unit(most.value, most.unit)}"
    return ((words, PALE),)


def _verdict_notes(check: RepCheck) -> tuple[tuple[str, Colour], ...]:
    """A rep's verdicts: the tuck always, rounding where it was found or cannot be told."""
    name = f"Rep {check.rep.index}"
    wink, rounding = check.butt_wink, check.rounding
    why = f": {advice(check.reasons[0]).problem}" if check.reasons else ""
    if not check.gradeable:
        return ((f"{name}: can't tell{why}", GREY),)
    notes: list[tuple[str, Colour]] = []
    if wink.verdict is Verdict.NOT_GRADEABLE:
        notes.append((f"{name}: can't tell{why}", GREY))
    elif wink.verdict is Verdict.YES:
        size = f"{wink.band.value} " if wink.band is not None else ""
        words = f"{name}: {size}tuck{_degrees(wink.tuck_deg)}"
        notes.append((words, verdict_colour(wink.verdict, wink.band)))
    elif wink.verdict is Verdict.UNSURE:
        notes.append((f"{name}: can't tell{_interval(wink.ci95_deg)}", GREY))
    elif rounding.verdict is Verdict.NO:
        notes.append((f"{name}: held", BLUE))
    if rounding.verdict is Verdict.YES:
        lead = "Rounded" if notes else f"{name}: rounded"
        words = f"{lead}{_degrees(rounding.lumbar_flexion_deg)}"
        notes.append((words, verdict_colour(rounding.verdict, rounding.band)))
    elif rounding.verdict is not Verdict.NO:
        lead = (
            "Rounded or not: can't tell" if notes else f"{name}: can't tell if the back is rounded"
        )
        notes.append((lead, GREY))
    return tuple(notes)


def _degrees(value_deg: float) -> str:
    return f" {value_deg:.0f}°" if math.isfinite(value_deg) else ""


def _interval(ci95_deg: tuple[float, float]) -> str:
    low, high = ci95_deg
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f": tuck between {max(low, 0.0):.0f}° and {max(high, 0.0):.0f}°"
