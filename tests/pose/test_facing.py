"""Which way the lifter faces, and how far they are turned: once per clip, from all frames."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import Posture, clock, landmarks_of, mirrored, track_of

from hingecheck.pose.facing import facing, signed_yaw
from hingecheck.pose.landmarks import Landmark

HINGING = Posture(trunk_deg=np.linspace(0, 80, 40), thigh_deg=np.linspace(0, 20, 40))
FEET = [
    Landmark.LEFT_HEEL,
    Landmark.RIGHT_HEEL,
    Landmark.LEFT_FOOT_INDEX,
    Landmark.RIGHT_FOOT_INDEX,
]


@pytest.mark.parametrize("side", [1, -1])
def test_toes_nose_and_knees_say_which_way(side: int) -> None:
    assert facing(track_of(landmarks_of(HINGING, facing=side))) == side


@given(
    side=st.sampled_from([1, -1]),
    thigh_deg=st.floats(0, 90),
    shank_deg=st.floats(-5, 35),
    height_px=st.floats(80, 900),
    x_px=st.floats(-500, 1500),
)
def test_facing_holds_anywhere_at_any_size_and_flips_in_a_mirror(
    side: int, thigh_deg: float, shank_deg: float, height_px: float, x_px: float
) -> None:
    xy = landmarks_of(
        Posture(20.0, thigh_deg, shank_deg),
        facing=side,
        height_px=height_px,
        ankle_px=(x_px, 650.0),
    )
    track = track_of(xy)
    assert facing(track) == side
    assert facing(mirrored(track)) == -side


def test_feet_jumping_for_a_third_of_the_clip_do_not_turn_the_lifter_round() -> None:
    xy = landmarks_of(HINGING)
    xy[10:23, FEET, 0] = 2 * xy[10:23, Landmark.LEFT_ANKLE, 0][:, None] - xy[10:23, FEET, 0]
    assert facing(track_of(xy)) == 1


def test_lost_frames_do_not_vote() -> None:
    xy = landmarks_of(HINGING, facing=-1)
    xy[5:35] = np.nan
    assert facing(track_of(xy)) == -1


def test_nobody_faces_right_by_convention() -> None:
    assert facing(track_of(np.full((5, 33, 2), np.nan))) == 1


@pytest.mark.parametrize("yaw_deg", [0.0, 15.0, -25.0, 60.0])
def test_yaw_is_the_turn_of_hip_and_shoulder_lines(yaw_deg: float) -> None:
    yaw = signed_yaw(track_of(landmarks_of(HINGING), yaw_deg=yaw_deg))
    np.testing.assert_allclose(yaw, yaw_deg, atol=1e-9)


def test_yaw_is_the_same_whichever_side_is_nearer_the_camera() -> None:
    track = track_of(landmarks_of(HINGING), yaw_deg=20.0)
    turned_about = replace(track, world_m=-track.world_m)
    np.testing.assert_allclose(signed_yaw(turned_about), signed_yaw(track))


def test_yaw_changes_sign_but_not_size_in_a_mirror() -> None:
    track = track_of(landmarks_of(HINGING), yaw_deg=20.0)
    np.testing.assert_allclose(signed_yaw(mirrored(track)), -signed_yaw(track))


def test_lost_frames_have_no_yaw() -> None:
    xy = landmarks_of(HINGING)
    xy[3:7] = np.nan
    yaw = signed_yaw(track_of(xy, clock(40)))
    assert np.flatnonzero(np.isnan(yaw)).tolist() == [3, 4, 5, 6]
