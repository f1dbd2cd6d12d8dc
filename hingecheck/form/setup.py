"""The set-up check: whether this picture can carry a form check, and what to change if not.

What blocks is decided in `form/view.py` alone; here each of its refusals gets a direction and a
distance, and what could be better is said before it refuses anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import copysign, isnan, nan, radians, tan

import numpy as np

from hingecheck.form.records import Check, Reason, SetupCheck, State, ViewCheck
from hingecheck.form.setup_words import Remark, degrees, metres, refusal, say
from hingecheck.form.view import CUT_SHARE, LEAST_SEEN, height_share, hollow_turn_deg, outside
from hingecheck.pose.company import Company
from hingecheck.pose.facing import signed_yaw
from hingecheck.pose.records import Track
from hingecheck.pose.scene import Scene
from hingecheck.spine.estimator import BackView

__all__ = ["WANTED_SHARE", "check_setup", "distance_m", "verdict"]

TURNED_DEG = 18.0
"""Yaw from which the camera is better moved. The spine's interval widens from 12 on, but the yaw
itself is known to some 5 degrees only (docs/method.md): nobody shall be sent round for nothing."""

FAR_SHARE, NEAR_SHARE, WANTED_SHARE = 0.50, 0.88, 0.65
"""Share of the picture's height that a standing lifter's landmarks fill: below the first the
outline is coarse, above the second arms or a bar leave the picture, the third is aimed at."""

SEEN_M = 1.6
"""From heel to nose, of a stature of 1.72 m."""

LONG_VIEW_DEG = 67.0
"""Field of view along a phone picture's long side: a 26 mm lens on 36 mm of film sees 69, less
what video leaves off at the edges."""

CUT_AT_TIMES = 0.03
"""Share of the pictures without head or feet that is worth a word."""

DARK, FLAT = 0.28, 0.25
"""Grey that the brightest twentieth round the lifter reaches, and its distance from the darkest;
real gym clips have 0.46-0.99 and 0.43-0.92."""

MOVING = 0.015
"""Shift of the room between two pictures, in picture heights; tripods stay below 0.002."""

LEANING_DEG = 3.0
"""Roll from which levelling the camera is worth the trouble; it is allowed for in any case."""

COMPANY_SHARE = 0.2
"""Share of the pictures with somebody else in view that is worth a word."""

FEW_FPS = 24.0
"""Slower, the onset of a tuck falls between two pictures (docs/filming.md)."""


def check_setup(
    track: Track, back: BackView, scene: Scene, company: Company, view: ViewCheck, fps: float
) -> tuple[SetupCheck, ...]:
    """Look at everything a form check needs of the picture; repetitions are not needed.

    Args:
        track: Landmarks as seen.
        back: Filtered landmarks and the dorsal profile.
        scene: Light, stillness and roll.
        company: Who else is in view.
        view: What `form.view.check_view` refuses.
        fps: Pictures a second of the camera; NaN where unknown.
    """
    rate = _frame_rate(view, fps)
    if Reason.NO_PERSON in view.reasons:
        waiting = say(Remark.NOBODY_TO_JUDGE)
        others = (code for code in Check if code not in (Check.WHOLE_BODY, Check.FRAME_RATE))
        nobody = SetupCheck(Check.WHOLE_BODY, State.BLOCKS, nan, refusal(Reason.NO_PERSON))
        return (
            nobody,
            *(SetupCheck(code, State.UNKNOWN, nan, waiting) for code in others),
            rate,
        )
    return (
        _side_on(track, view),
        _whole_body(track),
        _distance(track, view),
        _light(scene),
        _still(scene),
        _level(scene, view),
        _clothing(back, view),
        _alone(company, view),
        rate,
    )


def verdict(checks: Iterable[SetupCheck]) -> tuple[State, str]:
    """The worst state, unknown ones aside, and what it means in one line."""
    states = [check.state for check in checks]
    blocking, better = states.count(State.BLOCKS), states.count(State.IMPROVE)
    if blocking:
        return State.BLOCKS, f"Not yet: {_things(blocking)} to change before filming."
    if better:
        return State.IMPROVE, f"Almost: {_things(better)} to change."
    return State.OK, "Ready to film."


def _things(count: int) -> str:
    return "one thing" if count == 1 else f"{count} things"


def _side_on(track: Track, view: ViewCheck) -> SetupCheck:
    turned = float(np.nanmedian(signed_yaw(track)[track.detected])) * view.facing
    yaw_deg = copysign(view.yaw_deg, turned)
    refused = _turned(view)
    if refused is None and abs(yaw_deg) < TURNED_DEG:
        return SetupCheck(Check.SIDE_ON, State.OK, yaw_deg, say(Remark.SIDE_ON))
    # A lifter who faces image right has the image's left on their right as they face the camera.
    to_back = yaw_deg > 0
    instruction = say(
        Remark.TURNED_TO_FRONT if to_back else Remark.TURNED_TO_BACK,
        degrees=degrees(yaw_deg, 5),
        side="right" if to_back == (view.facing > 0) else "left",
    )
    if refused is not None:
        sentence = refusal(refused, instruction)
        return SetupCheck(Check.SIDE_ON, State.BLOCKS, yaw_deg, sentence)
    return SetupCheck(Check.SIDE_ON, State.IMPROVE, yaw_deg, instruction)


def _turned(view: ViewCheck) -> Reason | None:
    """Why the view is not from the side."""
    sides = (Reason.VIEW_FRONTAL, Reason.VIEW_OBLIQUE)
    return next((reason for reason in sides if reason in view.reasons), None)


def _whole_body(track: Track) -> SetupCheck:
    head, feet = (float(cut[track.detected].mean()) for cut in outside(track))
    cut = max(head, feet)
    blocking = [
        refusal(reason)
        for share, reason in ((head, Reason.HEAD_CUT), (feet, Reason.FEET_CUT))
        if share > CUT_SHARE
    ]
    if blocking:
        return SetupCheck(Check.WHOLE_BODY, State.BLOCKS, cut, " ".join(blocking))
    here = np.flatnonzero(track.detected)
    if track.detected[here[0] : here[-1] + 1].mean() < LEAST_SEEN:
        return SetupCheck(Check.WHOLE_BODY, State.IMPROVE, cut, say(Remark.LOST))
    if cut > CUT_AT_TIMES:
        remark = Remark.HEAD_NEAR_EDGE if head > feet else Remark.FEET_NEAR_EDGE
        return SetupCheck(Check.WHOLE_BODY, State.IMPROVE, cut, say(remark))
    return SetupCheck(Check.WHOLE_BODY, State.OK, cut, say(Remark.WHOLE_BODY))


def _distance(track: Track, view: ViewCheck) -> SetupCheck:
    share = height_share(track)
    size_px = track.width_px, track.height_px
    step = metres(distance_m(size_px, WANTED_SHARE) - distance_m(size_px, share))
    if Reason.TOO_SMALL in view.reasons:
        sentence = refusal(Reason.TOO_SMALL, say(Remark.FAR, metres=step))
        return SetupCheck(Check.DISTANCE, State.BLOCKS, share, sentence)
    if share < FAR_SHARE:
        sentence = say(Remark.FAR, metres=step)
    elif share > NEAR_SHARE:
        sentence = say(Remark.NEAR, metres=step)
    else:
        return SetupCheck(Check.DISTANCE, State.OK, share, say(Remark.DISTANCE))
    return SetupCheck(Check.DISTANCE, State.IMPROVE, share, sentence)


def distance_m(size_px: tuple[int, int], share: float) -> float:
    """How far from a phone camera a standing lifter fills a share of the picture's height.

    Args:
        size_px: Width and height of the upright picture.
        share: What the landmarks of the lifter fill of its height.
    """
    focal_px = max(size_px) / (2 * tan(radians(LONG_VIEW_DEG / 2)))
    return SEEN_M * focal_px / (share * size_px[1])


def _light(scene: Scene) -> SetupCheck:
    if isnan(scene.bright):
        return SetupCheck(Check.LIGHT, State.UNKNOWN, nan, say(Remark.LIGHT_UNKNOWN))
    for value, least, remark in (
        (scene.bright, DARK, Remark.DARK),
        (scene.contrast, FLAT, Remark.FLAT),
    ):
        if value < least:
            return SetupCheck(Check.LIGHT, State.IMPROVE, scene.bright, say(remark))
    return SetupCheck(Check.LIGHT, State.OK, scene.bright, say(Remark.LIT))


def _still(scene: Scene) -> SetupCheck:
    if isnan(scene.shift):
        return SetupCheck(Check.STILL, State.UNKNOWN, nan, say(Remark.STILL_UNKNOWN))
    if scene.shift > MOVING:
        return SetupCheck(Check.STILL, State.IMPROVE, scene.shift, say(Remark.MOVING))
    return SetupCheck(Check.STILL, State.OK, scene.shift, say(Remark.STILL))


def _level(scene: Scene, view: ViewCheck) -> SetupCheck:
    roll_deg = scene.roll.deg
    if Reason.PICTURE_TURNED in view.reasons:
        return SetupCheck(Check.LEVEL, State.BLOCKS, roll_deg, refusal(Reason.PICTURE_TURNED))
    if isnan(roll_deg):
        return SetupCheck(Check.LEVEL, State.UNKNOWN, nan, say(Remark.LEVEL_UNKNOWN))
    if abs(roll_deg) < LEANING_DEG:
        return SetupCheck(Check.LEVEL, State.OK, roll_deg, say(Remark.LEVEL))
    # Content that leans clockwise comes from a camera turned the other way.
    remark = Remark.LEANS_CLOCKWISE if roll_deg > 0 else Remark.LEANS_COUNTER
    sentence = say(remark, degrees=degrees(roll_deg, 1))
    return SetupCheck(Check.LEVEL, State.IMPROVE, roll_deg, sentence)


def _clothing(back: BackView, view: ViewCheck) -> SetupCheck:
    if _turned(view) is not None:
        return SetupCheck(Check.CLOTHING, State.UNKNOWN, nan, say(Remark.CLOTHING_TURNED))
    turn_deg = hollow_turn_deg(back)
    if Reason.CLOTHING_LOOSE in view.reasons:
        return SetupCheck(Check.CLOTHING, State.BLOCKS, turn_deg, refusal(Reason.CLOTHING_LOOSE))
    if isnan(turn_deg):
        return SetupCheck(Check.CLOTHING, State.UNKNOWN, nan, say(Remark.CLOTHING_UNKNOWN))
    return SetupCheck(Check.CLOTHING, State.OK, turn_deg, say(Remark.CLOSE_FITTING))


def _alone(company: Company, view: ViewCheck) -> SetupCheck:
    if Reason.SEVERAL_PEOPLE in view.reasons:
        sentence = refusal(Reason.SEVERAL_PEOPLE)
        return SetupCheck(Check.ALONE, State.BLOCKS, company.beside, sentence)
    if company.beside >= COMPANY_SHARE:
        return SetupCheck(Check.ALONE, State.IMPROVE, company.beside, say(Remark.COMPANY))
    return SetupCheck(Check.ALONE, State.OK, company.beside, say(Remark.ALONE))


def _frame_rate(view: ViewCheck, fps: float) -> SetupCheck:
    if Reason.FRAME_RATE_LOW in view.reasons:
        return SetupCheck(Check.FRAME_RATE, State.BLOCKS, fps, refusal(Reason.FRAME_RATE_LOW))
    if isnan(fps):
        return SetupCheck(Check.FRAME_RATE, State.UNKNOWN, nan, say(Remark.RATE_UNKNOWN))
    # 23.976 is what cameras call 24.
    few = fps < FEW_FPS - 0.1
    sentence = say(Remark.FEW_PICTURES if few else Remark.SMOOTH, rate=f"{fps:.0f}")
    return SetupCheck(Check.FRAME_RATE, State.IMPROVE if few else State.OK, fps, sentence)
