"""Pixels to metres in the laboratory's axes, and frames to an even clock."""

from __future__ import annotations

import numpy as np
import pytest
from export.filmed import Filmed
from hypothesis import given
from hypothesis import strategies as st
from stick import SHANK, THIGH, TRUNK

from hingecheck.errors import NothingSeen
from hingecheck.export.lab import even_clock, in_lab, lab_metres, resample
from hingecheck.motion.filters import MAX_GAP_S
from hingecheck.pose.landmarks import TWINS, Landmark

J = Landmark
STATURE_M = 1.7
FIRST, BOTTOM = 0, 60


def test_segments_have_their_length_for_a_body_of_170_cm(motion) -> None:
    metres = lab_metres(motion)
    for low, high, share in (
        (J.RIGHT_ANKLE, J.RIGHT_KNEE, SHANK),
        (J.RIGHT_KNEE, J.RIGHT_HIP, THIGH),
        (J.RIGHT_HIP, J.RIGHT_SHOULDER, TRUNK),
    ):
        length = np.linalg.norm((metres[:, high] - metres[:, low])[:, :2], axis=1)
        np.testing.assert_allclose(length, share * STATURE_M, atol=1e-4)


def test_axes_point_forward_up_and_to_the_right(motion) -> None:
    metres = lab_metres(motion)
    assert metres[BOTTOM, J.RIGHT_SHOULDER, 0] > 0.2
    assert metres[FIRST, J.RIGHT_SHOULDER, 1] > 1.2
    np.testing.assert_allclose(metres[:, J.RIGHT_HIP, 2], 0.15, atol=1e-6)
    np.testing.assert_allclose(metres[:, J.LEFT_HIP, 2], -0.15, atol=1e-6)
    np.testing.assert_array_equal(metres[:, J.NOSE, 2], 0.0)


def test_origin_is_on_the_floor_under_the_standing_feet(motion) -> None:
    metres = lab_metres(motion)
    feet = metres[FIRST, [J.LEFT_HEEL, J.RIGHT_HEEL, J.LEFT_FOOT_INDEX, J.RIGHT_FOOT_INDEX]]
    np.testing.assert_allclose(feet[:, :2].mean(axis=0), 0.0, atol=1e-6)


def test_hands_stand_where_the_frame_table_has_them(motion) -> None:
    hands = lab_metres(motion)[:, [J.LEFT_WRIST, J.RIGHT_WRIST]].mean(axis=1) * 100
    np.testing.assert_allclose(hands[:, 0], motion.column("bar_forward_cm"), atol=0.06)
    np.testing.assert_allclose(hands[:, 1], motion.column("bar_height_cm"), atol=0.06)


@pytest.mark.parametrize("roll_deg", [-8.0, 5.0])
def test_known_roll_of_the_camera_is_taken_out(film, motion, roll_deg: float) -> None:
    askew = lab_metres(film(Filmed(roll_deg=roll_deg)))
    np.testing.assert_allclose(askew, lab_metres(motion), atol=1e-4)


def test_mirrored_clip_gives_the_same_movement_with_left_and_right_exchanged(film, motion) -> None:
    mirrored = lab_metres(film(Filmed(in_mirror=True)))
    np.testing.assert_allclose(mirrored[:, TWINS], lab_metres(motion) * [1.0, 1.0, -1.0], atol=1e-4)


def test_nobody_seen_is_said(film) -> None:
    with pytest.raises(NothingSeen, match="nobody's legs are seen"):
        in_lab(film(Filmed(unseen=slice(None))))


def test_even_frames_keep_their_own_clock() -> None:
    stamps = np.round(np.arange(300) * 1001 / 30000, 3)
    clock = even_clock(stamps)
    assert not clock.resampled
    assert clock.rate_hz == pytest.approx(29.97, abs=1e-3)
    np.testing.assert_allclose(clock.time_s, stamps, atol=0.002)


@given(
    rate_hz=st.sampled_from([24.0, 30000 / 1001, 60.0, 119.88, 120.0, 239.76, 240.0]),
    start_s=st.floats(0.0, 1.0),
    frames=st.integers(20, 3000),
    in_milliseconds=st.sampled_from([np.round, np.floor]),
)
def test_even_clip_stays_even_in_milliseconds_at_every_rate(
    rate_hz: float, start_s: float, frames: int, in_milliseconds
) -> None:
    exact_s = start_s + np.arange(frames) / rate_hz
    stamps = in_milliseconds(exact_s * 1000) / 1000
    clock = even_clock(stamps)
    assert not clock.resampled
    np.testing.assert_allclose(clock.time_s, stamps, atol=0.001)


@given(
    rate_hz=st.sampled_from([30.0, 120.0, 239.76, 240.0]),
    dropped=st.integers(1, 898),
    digits=st.sampled_from([3, 6]),
)
def test_one_dropped_picture_makes_a_clip_uneven(rate_hz: float, dropped: int, digits: int) -> None:
    stamps = np.round(np.delete(np.arange(900) / rate_hz, dropped), digits)
    assert even_clock(stamps).resampled


def test_even_clip_of_an_hour_stays_even_at_no_cameras_rate() -> None:
    stamps = np.arange(100_000) / 29.9995
    clock = even_clock(stamps)
    assert not clock.resampled
    np.testing.assert_allclose(clock.time_s, stamps, atol=1e-6)


@pytest.mark.parametrize("jitter_s", [0.0, 0.004])
def test_dropped_frames_give_an_even_clock_of_the_cameras_rate(jitter_s: float) -> None:
    jitter = np.random.default_rng(7).uniform(-jitter_s, jitter_s, 90)
    jitter[[0, -1]] = 0.0
    stamps = np.delete(np.arange(90) / 30 + jitter, [20, 21, 40, 41, 43, 50, 60, 62])
    clock = even_clock(stamps)
    assert clock.resampled
    assert clock.rate_hz == 30.0
    np.testing.assert_allclose(clock.time_s, np.arange(90) / 30, atol=1e-9)


def test_rows_are_frames_where_the_clip_is_even(motion, lab) -> None:
    np.testing.assert_allclose(lab.clock.time_s, motion.seen.track.time_s, atol=1e-9)
    np.testing.assert_array_equal(lab.markers_m, lab_metres(motion))
    np.testing.assert_array_equal(lab.angles["hip_flexion_deg"], motion.column("hip_flexion_deg"))


def test_uneven_clip_moves_as_the_even_one(film, lab) -> None:
    stamps = np.delete(np.arange(121) / 30, [7, 31, 32, 58, 90])
    uneven = in_lab(film(Filmed(time_s=stamps)))
    assert uneven.clock.resampled
    np.testing.assert_allclose(uneven.markers_m, lab.markers_m, atol=0.005)
    for name in ("pelvic_tilt_deg", "knee_flexion_deg"):
        np.testing.assert_allclose(uneven.angles[name], lab.angles[name], atol=0.5)


def test_short_hole_is_bridged_and_a_long_one_stays(film, lab) -> None:
    short = in_lab(film(Filmed(unseen=slice(40, 45))))
    np.testing.assert_allclose(short.markers_m, lab.markers_m, atol=0.01)
    long = in_lab(film(Filmed(unseen=slice(40, 49))))
    assert np.isnan(long.markers_m[40:49]).all()
    assert np.isfinite(np.delete(long.markers_m, np.s_[40:49], axis=0)).all()


@given(
    seen=st.lists(st.booleans(), min_size=20, max_size=60),
    rate_hz=st.sampled_from([12.5, 24.0, 30.0, 60.0]),
)
def test_nothing_is_invented_beyond_a_quarter_second(seen: list[bool], rate_hz: float) -> None:
    time_s = np.arange(len(seen)) / 30
    signal = np.where(seen, np.sin(time_s), np.nan)
    at_s = np.arange(0, time_s[-1], 1 / rate_hz)
    out = resample(time_s, signal, at_s)
    known_s = time_s[np.isfinite(signal)]
    for tick_s, value in zip(at_s, out, strict=True):
        before, after = known_s[known_s <= tick_s], known_s[known_s >= tick_s]
        if not len(before) or not len(after) or after[0] - before[-1] > MAX_GAP_S:
            assert np.isnan(value)
        else:
            assert value == pytest.approx(np.sin(tick_s), abs=0.02)
