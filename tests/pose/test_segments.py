"""Segment angles: the contract's zeros and signs, whatever the place, size and direction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stick import Posture, landmarks_of, mirrored, track_of

from hingecheck.pose.facing import facing
from hingecheck.pose.landmarks import Landmark
from hingecheck.pose.segments import measure_segments, segment_inclination

postures = st.builds(
    Posture, st.floats(-30, 120), st.floats(-10, 110), st.floats(-20, 45), st.floats(0, 90)
)


@pytest.mark.parametrize(
    ("high_px", "facing_right_deg"),
    [
        ((0, -100), 0.0),
        ((100, -100), 45.0),
        ((100, 0), 90.0),
        ((100, 100), 135.0),
        ((-100, -100), -45.0),
        ((57.735, -100), 30.0),
    ],
)
def test_segment_inclination_is_zero_upright_and_positive_forward(high_px, facing_right_deg):
    low, high = np.zeros((1, 2)), np.array([high_px], dtype=float)
    assert segment_inclination(low, high, 1)[0] == pytest.approx(facing_right_deg, abs=1e-3)
    assert segment_inclination(low, high, -1)[0] == pytest.approx(-facing_right_deg, abs=1e-3)


def test_missing_point_gives_nan_and_only_there() -> None:
    low, high = np.zeros((4, 2)), np.tile([0.0, -1.0], (4, 1))
    low[1, 0] = high[2, 1] = np.nan
    assert np.isnan(segment_inclination(low, high, 1)).tolist() == [False, True, True, False]


def test_lost_frames_are_nan_in_every_angle() -> None:
    xy = landmarks_of(Posture(np.linspace(0, 60, 10)))
    xy[4:6] = np.nan
    segments = measure_segments(track_of(xy), 1)
    for angle in (
        segments.trunk_deg,
        segments.thigh_deg,
        segments.shank_deg,
        segments.neck_deg,
        segments.knee_flexion_deg,
        segments.trunk_thigh_deg,
    ):
        assert np.flatnonzero(np.isnan(angle)).tolist() == [4, 5]


@given(
    posture=postures,
    side=st.sampled_from([1, -1]),
    height_px=st.floats(50, 2000),
    ankle_px=st.tuples(st.floats(-2000, 2000), st.floats(-2000, 2000)),
)
def test_angles_are_those_posed_at_any_place_size_and_direction(
    posture: Posture, side: int, height_px: float, ankle_px: tuple[float, float]
) -> None:
    xy = landmarks_of(posture, facing=side, height_px=height_px, ankle_px=ankle_px)
    segments = measure_segments(track_of(xy), side)
    assert segments.trunk_deg[0] == pytest.approx(posture.trunk_deg, abs=1e-6)
    assert segments.thigh_deg[0] == pytest.approx(posture.thigh_deg, abs=1e-6)
    assert segments.shank_deg[0] == pytest.approx(posture.shank_deg, abs=1e-6)
    assert segments.neck_deg[0] == pytest.approx(0.0, abs=1e-6)
    bend = posture.thigh_deg + posture.shank_deg
    assert segments.knee_flexion_deg[0] == pytest.approx(bend, abs=1e-6)
    fold = posture.trunk_deg + posture.thigh_deg
    assert segments.trunk_thigh_deg[0] == pytest.approx(fold, abs=1e-6)


@given(posture=postures)
def test_mirrored_lifter_has_the_same_angles(posture: Posture) -> None:
    track = track_of(landmarks_of(posture))
    here, there = measure_segments(track, 1), measure_segments(mirrored(track), -1)
    for name in ("trunk_deg", "thigh_deg", "shank_deg", "neck_deg"):
        assert getattr(there, name) == pytest.approx(getattr(here, name), abs=1e-6)


def test_facing_found_from_the_picture_gives_positive_forward_lean_on_both_sides() -> None:
    for side in (1, -1):
        track = track_of(landmarks_of(Posture(np.linspace(0, 70, 20)), facing=side))
        trunk = measure_segments(track, facing(track)).trunk_deg
        np.testing.assert_allclose(trunk, np.linspace(0, 70, 20), atol=1e-9)


def test_looking_up_is_positive() -> None:
    xy = landmarks_of(Posture(60.0))
    xy[:, [Landmark.LEFT_EAR, Landmark.RIGHT_EAR], 1] -= 20
    assert measure_segments(track_of(xy), 1).neck_deg[0] > 5


def test_left_and_right_jitter_that_is_opposite_cancels() -> None:
    xy = landmarks_of(Posture(30.0, 20.0, 10.0))
    xy[:, Landmark.LEFT_HIP] += [6, -4]
    xy[:, Landmark.RIGHT_HIP] -= [6, -4]
    segments = measure_segments(track_of(xy), 1)
    assert segments.trunk_deg[0] == pytest.approx(30.0, abs=1e-9)
    assert segments.thigh_deg[0] == pytest.approx(20.0, abs=1e-9)


@given(posture=postures, roll_deg=st.floats(-15, 15), facing_=st.sampled_from([1, -1]))
def test_camera_held_askew_by_a_known_angle_changes_no_angle(posture, roll_deg, facing_) -> None:
    level = track_of(landmarks_of(posture, facing=facing_))
    turn = np.radians(roll_deg)
    clockwise = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    middle = np.array([level.width_px, level.height_px]) / 2
    xy = (level.landmarks_px - middle) @ clockwise + middle
    askew = measure_segments(replace(level, landmarks_px=xy, roll_deg=roll_deg), facing_)
    true = measure_segments(level, facing_)
    for angle in ("trunk_deg", "thigh_deg", "shank_deg", "neck_deg"):
        off = getattr(askew, angle) - getattr(true, angle)
        assert np.abs((off + 180) % 360 - 180) == pytest.approx(0.0, abs=1e-6)
