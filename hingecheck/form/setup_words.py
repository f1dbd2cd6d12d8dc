"""What a set-up check says: where the camera goes, in steps and degrees a person can follow."""

from __future__ import annotations

from enum import StrEnum

from hingecheck.form.messages import advice
from hingecheck.form.records import Reason

__all__ = ["Remark", "degrees", "metres", "refusal", "say"]


class Remark(StrEnum):
    """What is fine, what could be better, and what cannot be told; refusals have `Reason`."""

    SIDE_ON = "side_on"
    WHOLE_BODY = "whole_body"
    DISTANCE = "distance"
    LIT = "lit"
    STILL = "still"
    LEVEL = "level"
    CLOSE_FITTING = "close_fitting"
    ALONE = "alone"
    SMOOTH = "smooth"

    NOBODY_TO_JUDGE = "nobody_to_judge"
    TURNED_TO_FRONT = "turned_to_front"
    TURNED_TO_BACK = "turned_to_back"
    LOST = "lost"
    HEAD_NEAR_EDGE = "head_near_edge"
    FEET_NEAR_EDGE = "feet_near_edge"
    FAR = "far"
    NEAR = "near"
    DARK = "dark"
    FLAT = "flat"
    LIGHT_UNKNOWN = "light_unknown"
    MOVING = "moving"
    STILL_UNKNOWN = "still_unknown"
    LEANS_CLOCKWISE = "leans_clockwise"
    LEANS_COUNTER = "leans_counter"
    LEVEL_UNKNOWN = "level_unknown"
    CLOTHING_UNKNOWN = "clothing_unknown"
    CLOTHING_TURNED = "clothing_turned"
    COMPANY = "company"
    FEW_PICTURES = "few_pictures"
    RATE_UNKNOWN = "rate_unknown"


_CATALOGUE: dict[Remark, str] = {
    Remark.SIDE_ON: "The camera sees you from the side.",
    Remark.WHOLE_BODY: "Head and feet are in the picture.",
    Remark.DISTANCE: "You fill enough of the picture.",
    Remark.LIT: "There is enough light on you.",
    Remark.STILL: "The camera stands still.",
    Remark.LEVEL: "The camera is level.",
    Remark.CLOSE_FITTING: "The hollow of your back shows.",
    Remark.ALONE: "Nobody else gets in the way.",
    Remark.SMOOTH: "{rate} pictures per second are enough.",
    Remark.NOBODY_TO_JUDGE: "Not looked at yet: nobody is in the picture.",
    Remark.TURNED_TO_FRONT: (
        "Move the camera about {degrees} round you towards your back (to your {side} as you face"
        " it), or turn yourself {degrees} away from it."
    ),
    Remark.TURNED_TO_BACK: (
        "Move the camera about {degrees} round you towards your front (to your {side} as you face"
        " it), or turn yourself {degrees} towards it."
    ),
    Remark.LOST: (
        "You are lost from sight at times. Keep the space between camera and you free, and your"
        " whole body in frame."
    ),
    Remark.HEAD_NEAR_EDGE: "Your head leaves the picture at times. Tilt the camera up a little.",
    Remark.FEET_NEAR_EDGE: "Your feet leave the picture at times. Tilt the camera down a little.",
    Remark.FAR: "Step closer to the camera by about {metres}, or zoom in.",
    Remark.NEAR: "Step back about {metres}, so that there is room above and below you.",
    Remark.DARK: "It is dark where you stand. Put on more light, or stand nearer to it.",
    Remark.FLAT: (
        "You hardly stand out from what is behind you. Wear a shirt that differs from it, or put on"
        " more light."
    ),
    Remark.LIGHT_UNKNOWN: "The light cannot be told from this picture.",
    Remark.MOVING: "The camera moves. Put it on a tripod, a bench or a box.",
    Remark.STILL_UNKNOWN: "The wall is too plain to tell whether the camera moves.",
    Remark.LEANS_CLOCKWISE: (
        "The picture leans. Turn the camera about {degrees} clockwise, as seen from behind it."
    ),
    Remark.LEANS_COUNTER: (
        "The picture leans. Turn the camera about {degrees} counter-clockwise, as seen from behind"
        " it."
    ),
    Remark.LEVEL_UNKNOWN: "There are too few straight lines to tell whether the camera is level.",
    Remark.CLOTHING_UNKNOWN: (
        "Stand tall and relaxed for two seconds before the first rep: it shows whether your shirt"
        " follows your back."
    ),
    Remark.CLOTHING_TURNED: "Whether your shirt follows your back shows from the side only.",
    Remark.COMPANY: (
        "Several people are in view; the one who lifts was followed. Film when nobody stands near"
        " you, or turn the camera so that only you are in frame."
    ),
    Remark.FEW_PICTURES: (
        "{rate} pictures per second are few. Film at 30 or more, fast lifts such as swings at 60."
    ),
    Remark.RATE_UNKNOWN: "The pictures per second cannot be told from one picture.",
}


def say(remark: Remark, **values: str) -> str:
    """A remark as a sentence, its numbers filled in.

    Args:
        remark: What to say.
        values: What its sentence names in braces, already in words.
    """
    return _CATALOGUE[remark].format(**values)


def refusal(reason: Reason, instruction: str | None = None) -> str:
    """Why nothing could be judged, and what to do: the reason's own remedy unless a better one."""
    problem, usual = advice(reason)
    return f"{problem} {instruction or usual}"


def degrees(angle_deg: float, step_deg: int) -> str:
    """An angle in words, to the nearest step, never zero."""
    rounded = max(step_deg, step_deg * round(abs(angle_deg) / step_deg))
    return "1 degree" if rounded == 1 else f"{rounded} degrees"


def metres(length_m: float) -> str:
    """A distance in words, to the nearest half metre, never zero."""
    whole, half = divmod(max(1, round(2 * abs(length_m))), 2)
    if not whole:
        return "half a metre"
    if half:
        return f"{_COUNT.get(whole, str(whole))} and a half metres"
    return "a metre" if whole == 1 else f"{_COUNT.get(whole, str(whole))} metres"


_COUNT = {1: "one", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
