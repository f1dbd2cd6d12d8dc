"""In set-up the words are short, of this moment, and say what to do."""

from __future__ import annotations

from math import nan

import pytest

from hingecheck.form.messages import message
from hingecheck.form.records import Check, Reason, SetupCheck, State
from hingecheck.form.setup_words import Remark, refusal, say
from hingecheck.live.now import STEP_IN, now, step_words

SIZE_PX = (1280, 720)

CASES = [
    (Check.SIDE_ON, 34.0, "", "Turn 35 degrees away from the camera."),
    (Check.SIDE_ON, -21.0, "", "Turn 20 degrees towards the camera."),
    (Check.WHOLE_BODY, nan, message(Reason.NO_PERSON), STEP_IN),
    (Check.WHOLE_BODY, 0.4, message(Reason.HEAD_CUT), "Tilt the camera up, or step back"),
    (Check.WHOLE_BODY, 0.4, message(Reason.FEET_CUT), "Tilt the camera down, or step back"),
    (Check.WHOLE_BODY, 0.1, say(Remark.HEAD_NEAR_EDGE), "Tilt the camera up"),
    (Check.WHOLE_BODY, 0.1, say(Remark.LOST), "Clear the space"),
    (Check.DISTANCE, 0.92, "", "Step back a metre."),
    (Check.DISTANCE, 0.4, "", "Come closer by"),
    (Check.LIGHT, 0.2, say(Remark.DARK), "Put on more light"),
    (Check.LIGHT, 0.6, say(Remark.FLAT), "Wear a shirt unlike"),
    (Check.STILL, 0.1, "", "Put the camera on something firm"),
    (Check.LEVEL, 4.0, "", "Turn the camera 4 degrees clockwise"),
    (Check.CLOTHING, 3.0, "", "Tuck your shirt in"),
    (Check.ALONE, 0.5, "", "Be alone in the picture"),
    (Check.FRAME_RATE, 12.0, "", "Set the camera to 30"),
]


@pytest.mark.parametrize(("code", "value", "sentence", "told"), CASES)
def test_every_finding_says_what_to_do(code: Check, value: float, sentence: str, told: str) -> None:
    words = now(SetupCheck(code, State.IMPROVE, value, sentence), SIZE_PX)
    assert words.startswith(told)
    assert len(words) <= 75


@pytest.mark.parametrize("code", list(Check))
def test_nothing_is_said_of_a_film_or_of_what_was(code: Check) -> None:
    unknown = () if code in (Check.DISTANCE, Check.LEVEL) else (nan,)
    for value in (*unknown, 0.2, 30.0):
        for state in (State.BLOCKS, State.IMPROVE):
            words = now(SetupCheck(code, state, value, refusal(Reason.HEAD_CUT)), SIZE_PX).lower()
            assert not any(word in words for word in ("film", "clip", " was ", "were", "found"))


def test_both_ends_cut_off_ask_to_step_back() -> None:
    both = f"{message(Reason.HEAD_CUT)} {message(Reason.FEET_CUT)}"
    assert now(SetupCheck(Check.WHOLE_BODY, State.BLOCKS, 0.5, both), SIZE_PX).startswith(
        "Step back"
    )


def test_steps_grow_with_what_is_amiss() -> None:
    assert [step_words(share, SIZE_PX) for share in (0.8, 0.5, 0.3)] == [
        "Step back half a metre.",
        "Come closer by a metre.",
        "Come closer by four metres.",
    ]
