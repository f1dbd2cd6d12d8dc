"""What a reason code means to the person who filmed, and how to film it better."""

from __future__ import annotations

from typing import NamedTuple

from hingecheck.form.records import Reason

__all__ = ["Advice", "advice", "message"]


class Advice(NamedTuple):
    """Two plain sentences about the picture, never about the person.

    Attributes:
        problem: What the picture does not show.
        remedy: What to do with camera, clothing or surroundings next time.
    """

    problem: str
    remedy: str


_CATALOGUE: dict[Reason, Advice] = {
    Reason.NO_PERSON: Advice(
        "Nobody was found in the picture.",
        "Film in even light, with your whole body in the frame.",
    ),
    Reason.VIEW_OBLIQUE: Advice(
        "The camera sees you at an angle, and at an angle a straight back can look round.",
        "Put the camera straight to your side, at hip height, about three metres away.",
    ),
    Reason.VIEW_FRONTAL: Advice(
        "The camera sees you from the front or from behind, where the line of your back is hidden.",
        "Put the camera straight to your side, at hip height, about three metres away.",
    ),
    Reason.TOO_SMALL: Advice(
        "You are small in the picture, so the line of your back is only a few pixels fine.",
        "Move the camera closer until you fill more than half of the picture's height.",
    ),
    Reason.HEAD_CUT: Advice(
        "Your head leaves the picture.",
        "Step the camera back or tilt it up until there is a hand's width of room above you.",
    ),
    Reason.FEET_CUT: Advice(
        "Your feet are not in the picture.",
        "Step the camera back or tilt it down until the floor under your feet is visible.",
    ),
    Reason.BACK_HIDDEN: Advice(
        "Something in front of you hides the line of your lower back.",
        "Film from the side where no plate, rack or bench stands between the camera and your back.",
    ),
    Reason.CLOTHING_LOOSE: Advice(
        "Loose clothing hangs over the hollow of your lower back, so its edge is not your back's.",
        "Tuck the shirt in, or wear something close-fitting.",
    ),
    Reason.LIFTER_LOST: Advice(
        "You were out of sight for part of the movement.",
        "Keep the space between camera and you free, and your whole body in frame all the way.",
    ),
    Reason.SEVERAL_PEOPLE: Advice(
        "Somebody else is close to you in the picture, and the two of you may be mixed up.",
        "Film when nobody stands beside you, or turn the camera so that only you are in frame.",
    ),
    Reason.PICTURE_TURNED: Advice(
        "The picture lies on its side or stands on its head.",
        "Turn the clip upright in your phone's editor and check it again.",
    ),
    Reason.NO_REPS: Advice(
        "No whole rep was found: from standing to the bottom and back, or from the floor to"
        " standing.",
        "Start filming before the first rep, and keep filming until the last one is over.",
    ),
    Reason.NO_DESCENT: Advice(
        "The bar's way down is not in the clip, so a tuck on the way down cannot be seen.",
        "Lower the bar under control and keep filming until it has settled.",
    ),
    Reason.FRAME_RATE_LOW: Advice(
        "There are too few pictures per second to follow the movement.",
        "Film at 30 pictures per second or more, fast lifts such as swings at 60.",
    ),
    Reason.LIMB_HIDDEN: Advice(
        "An arm, a leg or the head is hidden or points at the camera for part of the movement.",
        "Film from the side where nothing stands between the camera and you.",
    ),
    Reason.NO_SET_UP: Advice(
        "The pull from the floor is not in the clip.",
        "Start filming before you take hold of the bar.",
    ),
    Reason.TOO_FEW_REPS: Advice(
        "There are too few reps to compare with each other.",
        "Film a set of four or more.",
    ),
}


def advice(reason: Reason) -> Advice:
    """What a reason means and what to do about it."""
    return _CATALOGUE[reason]


def message(reason: Reason) -> str:
    """Both sentences of a reason as one text, as `result.json` carries it."""
    return " ".join(_CATALOGUE[reason])
