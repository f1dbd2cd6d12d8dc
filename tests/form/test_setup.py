"""The set-up check: each fault of the picture gives its own instruction, and a clean one none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from stick import Posture, back_of, landmarks_of, mirrored, profile_of, track_of

from hingecheck.form.records import Check, Reason, SetupCheck, State
from hingecheck.form.setup import check_setup, verdict
from hingecheck.form.setup_words import degrees, metres
from hingecheck.form.view import check_view
from hingecheck.pose.company import ALONE, Company
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.records import Track
from hingecheck.pose.roll import Roll
from hingecheck.pose.scene import Scene

FRAMES = 60
GOOD_SCENE = Scene(bright=0.8, contrast=0.7, shift=0.0, roll=Roll(0.0))


def standing(yaw_deg: float = 0.0, height_px: float = 500.0, lean_deg: float = 3.0) -> Track:
    """Somebody who stands and does not lift, facing image right, 720 pixels of picture."""
    xy = landmarks_of(Posture(np.full(FRAMES, lean_deg)), height_px=height_px)
    return track_of(xy, yaw_deg=yaw_deg)


def checked(
    track: Track | None = None,
    *,
    facing: int = 1,
    turn_deg: float = -40.0,
    scene: Scene = GOOD_SCENE,
    company: Company = ALONE,
    fps: float = 30.0,
) -> dict[Check, SetupCheck]:
    track = standing() if track is None else track
    back = back_of(track, profile_of(FRAMES, turn_deg), facing)
    view = check_view(track, back, facing, (), company, fps)
    return {check.code: check for check in check_setup(track, back, scene, company, view, fps)}


def test_lifter_who_only_stands_is_ready_to_be_filmed() -> None:
    checks = checked()
    assert list(checks) == list(Check)
    assert {check.state for check in checks.values()} == {State.OK}
    assert verdict(checks.values()) == (State.OK, "Ready to film.")


@pytest.mark.parametrize(
    ("yaw_deg", "flip", "state", "where"),
    [
        (20.0, False, State.IMPROVE, "20 degrees round you towards your back (to your right"),
        (-20.0, False, State.IMPROVE, "20 degrees round you towards your front (to your left"),
        (20.0, True, State.IMPROVE, "20 degrees round you towards your back (to your left"),
        (-20.0, True, State.IMPROVE, "20 degrees round you towards your front (to your right"),
        (40.0, False, State.BLOCKS, "40 degrees round you towards your back (to your right"),
        (-70.0, True, State.BLOCKS, "70 degrees round you towards your front (to your right"),
    ],
)
def test_turned_view_says_which_way_the_camera_goes(
    yaw_deg: float, flip: bool, state: State, where: str
) -> None:
    track = mirrored(standing(yaw_deg)) if flip else standing(yaw_deg)
    side = checked(track, facing=-1 if flip else 1)[Check.SIDE_ON]
    assert side.state is state
    assert where in side.sentence
    assert side.value == pytest.approx(yaw_deg)


def test_clothing_is_not_judged_from_an_angle() -> None:
    assert checked(standing(40.0), turn_deg=-2.0)[Check.CLOTHING].state is State.UNKNOWN


@pytest.mark.parametrize(
    ("height_px", "state", "instruction"),
    [
        (250.0, State.BLOCKS, "Step closer to the camera by about three and a half metres"),
        (370.0, State.IMPROVE, "Step closer to the camera by about one and a half metres"),
        (500.0, State.OK, "You fill enough of the picture."),
        (705.0, State.IMPROVE, "Step back about a metre"),
    ],
)
def test_distance_is_told_in_metres(height_px: float, state: State, instruction: str) -> None:
    xy = landmarks_of(Posture(np.full(FRAMES, 3.0)), height_px=height_px, ankle_px=(640, 695))
    distance = checked(track_of(xy))[Check.DISTANCE]
    assert distance.state is state
    assert instruction in distance.sentence


@pytest.mark.parametrize(
    ("shift_px", "words"), [((0.0, 90.0), "Your feet are not"), ((0.0, -420.0), "Your head leaves")]
)
def test_cut_off_head_or_feet_block(shift_px: tuple[float, float], words: str) -> None:
    track = standing()
    cut = replace(track, landmarks_px=track.landmarks_px + np.array(shift_px))
    body = checked(cut)[Check.WHOLE_BODY]
    assert body.state is State.BLOCKS
    assert body.value == 1.0
    assert body.sentence.startswith(words)


def test_feet_cut_off_now_and_then_are_mentioned() -> None:
    track = standing()
    track.landmarks_px[:6, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE], 1] += 90.0
    body = checked(track)[Check.WHOLE_BODY]
    assert body.state is State.IMPROVE
    assert "feet" in body.sentence


def test_lifter_lost_in_between_is_mentioned_and_one_who_walks_in_is_not() -> None:
    lost, late = standing(), standing()
    lost.landmarks_px[20:40] = np.nan
    late.landmarks_px[:20] = np.nan
    assert checked(lost)[Check.WHOLE_BODY].state is State.IMPROVE
    assert checked(late)[Check.WHOLE_BODY].state is State.OK


@pytest.mark.parametrize(
    ("code", "scene", "words"),
    [
        (Check.LIGHT, replace(GOOD_SCENE, bright=0.2, contrast=0.2), "It is dark"),
        (Check.LIGHT, replace(GOOD_SCENE, contrast=0.1), "You hardly stand out"),
        (Check.STILL, replace(GOOD_SCENE, shift=0.05), "The camera moves."),
        (Check.LEVEL, replace(GOOD_SCENE, roll=Roll(5.2)), "about 5 degrees clockwise"),
        (Check.LEVEL, replace(GOOD_SCENE, roll=Roll(-5.2)), "about 5 degrees counter-clockwise"),
    ],
)
def test_picture_that_could_be_better_is_told_how(code: Check, scene: Scene, words: str) -> None:
    checks = checked(scene=scene)
    assert checks[code].state is State.IMPROVE
    assert words in checks[code].sentence
    assert verdict(checks.values()) == (State.IMPROVE, "Almost: one thing to change.")


def test_what_the_room_does_not_tell_is_unknown_and_stands_in_nobodys_way() -> None:
    nan = float("nan")
    checks = checked(scene=Scene(nan, nan, nan, Roll(nan)), fps=nan)
    unknown = {code for code, check in checks.items() if check.state is State.UNKNOWN}
    assert unknown == {Check.LIGHT, Check.STILL, Check.LEVEL, Check.FRAME_RATE}
    assert verdict(checks.values())[0] is State.OK


def test_shirt_over_the_hollow_blocks_and_a_lifter_who_bends_leaves_it_unknown() -> None:
    assert checked(turn_deg=-3.0)[Check.CLOTHING].state is State.BLOCKS
    assert checked(standing(lean_deg=30.0))[Check.CLOTHING].state is State.UNKNOWN


@pytest.mark.parametrize(
    ("company", "state"),
    [
        (Company(beside=0.1, overlapping=0.1), State.OK),
        (Company(beside=0.9, overlapping=0.0), State.IMPROVE),
        (Company(beside=0.9, overlapping=0.3), State.BLOCKS),
    ],
)
def test_others_matter_by_how_close_they_stand(company: Company, state: State) -> None:
    assert checked(company=company)[Check.ALONE].state is state


@pytest.mark.parametrize(
    ("fps", "state"), [(6.0, State.BLOCKS), (15.0, State.IMPROVE), (23.976, State.OK)]
)
def test_frame_rate_is_the_cameras_and_not_that_of_the_pictures_looked_at(
    fps: float, state: State
) -> None:
    assert checked(fps=fps)[Check.FRAME_RATE].state is state


def test_nobody_in_the_picture_blocks_and_leaves_the_rest_to_be_seen() -> None:
    track = standing()
    track.landmarks_px[:] = np.nan
    checks = checked(track)
    assert next(iter(checks)) is Check.WHOLE_BODY
    assert set(checks) == set(Check)
    assert checks[Check.WHOLE_BODY].state is State.BLOCKS
    assert checks[Check.FRAME_RATE].state is State.OK
    assert {check.state for check in checks.values()} == {State.BLOCKS, State.OK, State.UNKNOWN}


def test_every_refusal_of_the_view_blocks_the_set_up() -> None:
    def refused(change: Callable[[Track], Track]) -> None:
        track = change(standing())
        back = back_of(track, profile_of(FRAMES, -40.0))
        view = check_view(track, back, 1, ())
        assert set(view.reasons) - {Reason.NO_REPS}
        assert verdict(check_setup(track, back, GOOD_SCENE, ALONE, view, 30.0))[0] is State.BLOCKS

    refused(lambda track: replace(track, landmarks_px=track.landmarks_px[..., ::-1].copy()))
    refused(lambda track: standing(yaw_deg=30.0))
    refused(lambda track: standing(height_px=200.0))


def test_several_things_to_change_are_counted() -> None:
    checks = checked(standing(yaw_deg=40.0, height_px=250.0))
    assert verdict(checks.values())[1] == "Not yet: 2 things to change before filming."


def test_distances_and_angles_are_said_in_steps_people_can_take() -> None:
    assert [metres(length) for length in (0.1, -0.6, 1.1, 1.4, 2.0, 6.6)] == [
        "half a metre",
        "half a metre",
        "a metre",
        "one and a half metres",
        "two metres",
        "six and a half metres",
    ]
    assert [degrees(angle, 5) for angle in (1.0, -18.0, 43.0)] == [
        "5 degrees",
        "20 degrees",
        "45 degrees",
    ]
    assert degrees(0.7, 1) == "1 degree"
