"""What to say to a lifter: one catalogue of names and cues, so that it can be translated.

Cues are short and point outwards, at a wall, the floor, the bar; they describe and coach.
"""

from __future__ import annotations

from typing import NamedTuple

from hingecheck.form.records import Code, Unit

__all__ = ["Phrase", "phrase", "with_unit"]


class Phrase(NamedTuple):
    """A finding in words.

    Attributes:
        name: What it is, as a label.
        question: What was asked, for a table of answers.
        cue: What to try in the next set.
    """

    name: str
    question: str
    cue: str


_CATALOGUE: dict[Code, Phrase] = {
    Code.BUTT_WINK: Phrase(
        "Tuck",
        "Does the pelvis tuck under late in the descent?",
        "Push your hips to the wall behind you and stop when they stop moving back.",
    ),
    Code.ROUNDING: Phrase(
        "Rounded lower back",
        "Is the lower back rounded all the way?",
        "Before you move, show the logo on your chest to the wall in front, and keep it there.",
    ),
    Code.THORACIC_ROUNDING: Phrase(
        "Rounded upper back",
        "Is the upper back rounded?",
        "Bend the bar around your legs before it moves, and keep the bend.",
    ),
    Code.OVER_EXTENSION: Phrase(
        "Arched back",
        "Is the back more arched than in standing?",
        "Zip up a tight jacket from hip to rib before you bend, and leave it zipped.",
    ),
    Code.OVER_EXTENSION_LOCKOUT: Phrase(
        "Leaning back at the top",
        "Does the back arch at the top?",
        "Finish tall: push the floor away until your head is as high as it gets, then stop.",
    ),
    Code.SQUATTED_HINGE: Phrase(
        "Knees take over",
        "Do the knees bend more than a hinge needs?",
        "Keep your shins pointing at the ceiling and let the hips travel to the wall behind you.",
    ),
    Code.HINGED_SQUAT: Phrase(
        "Trunk folds over",
        "Does the trunk fold instead of the knees?",
        "Let hips and knees bend together, and sit down between your heels.",
    ),
    Code.HIPS_FIRST: Phrase(
        "Hips rise first",
        "Do the hips rise before the bar?",
        "Push the floor away, and let the bar and your hips leave it together.",
    ),
    Code.NECK_EXTENSION: Phrase(
        "Chin up",
        "Is the head lifted?",
        "Look at a spot on the floor three metres ahead, and let it come closer as you bend.",
    ),
    Code.BAR_DRIFT: Phrase(
        "Bar drifts forward",
        "Does the bar leave mid-foot?",
        "Paint your thighs and shins with the bar, all the way down and up.",
    ),
    Code.LOCKOUT_SHORT: Phrase(
        "Not finished at the top",
        "Are hips or knees still bent at the top?",
        "Push the floor away until you stand as tall as before the set, then start the next rep.",
    ),
    Code.DEPTH_VARIES: Phrase(
        "Shallower rep",
        "Is the rep shallower than the others?",
        "Pick one spot on your legs and bring your hands to it in every rep.",
    ),
    Code.FAST_DESCENT: Phrase(
        "Quick on the way down",
        "Is the way down dropped?",
        "Take a slow breath's time on the way down: one thousand one, one thousand two.",
    ),
    Code.FATIGUE_TUCK: Phrase(
        "Tuck grows over the set",
        "Does the tuck grow over the set?",
        "End the set one or two reps earlier, while they all look the same.",
    ),
    Code.FATIGUE_LUMBAR: Phrase(
        "Back rounds over the set",
        "Does the back round over the set?",
        "End the set one or two reps earlier, while they all look the same.",
    ),
    Code.FATIGUE_DEPTH: Phrase(
        "Depth shrinks over the set",
        "Does the set get shallower?",
        "Pick one spot on your legs and bring your hands to it in every rep.",
    ),
}

_WRITTEN = {Unit.DEG: (0, "°"), Unit.CM: (0, " cm"), Unit.S: (1, " s")}
"""Decimals and the mark behind a number."""


def phrase(code: Code) -> Phrase:
    """A finding in words."""
    return _CATALOGUE[code]


def with_unit(value: float, unit: Unit) -> str:
    """A number as people read it: "18°", "9 cm", "0.6 s"; true minus sign, no negative zero."""
    digits, mark = _WRITTEN[unit]
    return f"{round(value, digits) + 0.0:.{digits}f}{mark}".replace("-", "\N{MINUS SIGN}")
