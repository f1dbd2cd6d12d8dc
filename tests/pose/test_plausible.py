"""What no body can be is not the lifter; what a lifter can be stays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import Posture, landmarks_of, mirrored, track_of

from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.plausible import is_plausible, only_plausible
from hingecheck.pose.records import FloatArray

HINGING = Posture(trunk_deg=np.linspace(0, 80, 40), thigh_deg=np.linspace(0, 20, 40))
AT = slice(10, 15)
LEGS = [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE, Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]
SHANKS = LEGS[2:]
HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]
SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]


def legs_taken_for_a_rack(xy: FloatArray) -> None:
    xy[AT, LEGS] = xy[AT, HIPS + HIPS] + 0.3 * (xy[AT, LEGS] - xy[AT, HIPS + HIPS])


def trunk_thrown_back(xy: FloatArray) -> None:
    trunk = xy[AT, SHOULDERS] - xy[AT, HIPS]
    xy[AT, SHOULDERS] = xy[AT, HIPS] + trunk * (-1, 1)
    xy[AT, LEGS[:2], 0] += 0.6 * np.abs(xy[AT, HIPS, 1] - xy[AT, LEGS[:2], 1])


def knees_bent_backwards(xy: FloatArray) -> None:
    xy[AT, LEGS[:2], 0] -= 0.4 * np.abs(xy[AT, HIPS, 1] - xy[AT, LEGS[:2], 1])


@pytest.mark.parametrize(
    "mistake", [legs_taken_for_a_rack, trunk_thrown_back, knees_bent_backwards]
)
def test_frames_that_show_no_body_are_lost_and_no_others(mistake) -> None:
    xy = landmarks_of(Posture(trunk_deg=np.linspace(20, 80, 40), thigh_deg=np.full(40, 10.0)))
    mistake(xy)
    lost = np.zeros(40, dtype=bool)
    lost[AT] = True
    track = only_plausible(track_of(xy), 1)
    np.testing.assert_array_equal(track.detected, ~lost)
    assert np.isnan(track.world_m[lost]).all()
    assert np.isnan(track.visibility[lost]).all()
    mirror = mirrored(track_of(xy))
    np.testing.assert_array_equal(is_plausible(mirror, -1), ~lost)


@given(
    trunk_deg=st.floats(-10, 110),
    thigh_deg=st.floats(-10, 100),
    shank_deg=st.floats(-10, 40),
)
def test_every_posture_of_a_lift_stays(
    trunk_deg: float, thigh_deg: float, shank_deg: float
) -> None:
    standing_up = (np.linspace(0, deg, 12) for deg in (trunk_deg, thigh_deg, shank_deg))
    assert is_plausible(track_of(landmarks_of(Posture(*standing_up))), 1).all()


def test_one_limb_behind_a_plate_is_no_reason_to_lose_the_lifter() -> None:
    xy = landmarks_of(HINGING)
    xy[AT, SHANKS] = xy[AT, LEGS[:2]] + 0.4 * (xy[AT, SHANKS] - xy[AT, LEGS[:2]])
    assert is_plausible(track_of(xy), 1).all()


def test_nobody_stays_nobody() -> None:
    nobody = track_of(np.full((5, 33, 2), np.nan))
    assert not is_plausible(nobody, 1).any()
    assert not only_plausible(nobody, 1).detected.any()
