"""What to change in front of a camera that is looking: short, of this moment, and to be done."""

from __future__ import annotations

from math import isfinite

from hingecheck.form.messages import advice
from hingecheck.form.records import Check, Reason, SetupCheck, State
from hingecheck.form.setup import WANTED_SHARE, distance_m
from hingecheck.form.setup_words import Remark, degrees, metres, say

__all__ = ["STEP_IN", "now", "step_words"]

STEP_IN = "Step into the picture."

_DO = {
    Check.LIGHT: "Put on more light, or stand nearer to it.",
    Check.STILL: "Put the camera on something firm: it moves.",
    Check.CLOTHING: "Tuck your shirt in: it hangs over the hollow of your back.",
    Check.ALONE: "Be alone in the picture: turn the camera, or ask others to step aside.",
    Check.FRAME_RATE: "Set the camera to 30 pictures a second: too few come.",
}


def now(check: SetupCheck, size_px: tuple[int, int]) -> str:
    """What to do about a check that is not as it should be.

    Args:
        check: What was found; its state is BLOCKS or IMPROVE.
        size_px: Width and height of the upright picture.
    """
    match check.code:
        case Check.SIDE_ON if not isfinite(check.value):
            return "Stand side on to the camera."
        case Check.SIDE_ON:
            turn = "away from" if check.value > 0 else "towards"
            return f"Turn {degrees(check.value, 5)} {turn} the camera."
        case Check.WHOLE_BODY:
            return _whole_body(check)
        case Check.DISTANCE:
            return step_words(check.value, size_px)
        case Check.LIGHT if check.sentence == say(Remark.FLAT):
            return "Wear a shirt unlike what is behind you, or put on more light."
        case Check.LEVEL if check.state is State.BLOCKS:
            return "Turn the camera upright."
        case Check.LEVEL:
            way = "clockwise" if check.value > 0 else "counter-clockwise"
            return f"Turn the camera {degrees(check.value, 1)} {way}, seen from behind it."
        case _:
            return _DO[check.code]


def _whole_body(check: SetupCheck) -> str:
    if not isfinite(check.value):
        return STEP_IN
    if check.sentence == say(Remark.LOST):
        return "Clear the space between the camera and you."
    head, feet = (
        check.sentence == say(remark) or advice(reason).problem in check.sentence
        for remark, reason in (
            (Remark.HEAD_NEAR_EDGE, Reason.HEAD_CUT),
            (Remark.FEET_NEAR_EDGE, Reason.FEET_CUT),
        )
    )
    if head and feet:
        return "Step back: head and feet are out of the picture."
    if head:
        return "Tilt the camera up, or step back: your head is out of the picture."
    return "Tilt the camera down, or step back: your feet are out of the picture."


def step_words(share: float, size_px: tuple[int, int]) -> str:
    """How far to step to fill the picture well.

    Args:
        share: What the lifter's landmarks fill of its height, above 0.
        size_px: Width and height of the upright picture.
    """
    step_m = distance_m(size_px, WANTED_SHARE) - distance_m(size_px, share)
    return f"Step back {metres(step_m)}." if step_m > 0 else f"Come closer by {metres(step_m)}."
