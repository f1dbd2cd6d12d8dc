"""Smoothing without lag on the clip's real clock, with its holes left as holes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import clock

from hingecheck.motion.filters import CUTOFF_HZ, MAX_GAP_S, fill_gaps, hampel, smooth
from hingecheck.pose.records import FloatArray


def uneven_clock(length_s: float, seed: int = 0, fps: float = 30.0) -> FloatArray:
    """Steps between half and one and a half frames, as phones record."""
    rng = np.random.default_rng(seed)
    steps = rng.uniform(0.5, 1.5, round(length_s * fps)) / fps
    return np.concatenate([[0.0], np.cumsum(steps)])


def hinging(time_s: FloatArray) -> FloatArray:
    """Hip angle of a lifter who takes three seconds a repetition."""
    return 45 - 45 * np.cos(2 * np.pi * time_s / 3)


@pytest.mark.parametrize(("missing", "left_nan"), [(1, 0), (6, 0), (7, 7), (20, 20)])
def test_holes_longer_than_a_quarter_second_stay_holes(missing: int, left_nan: int) -> None:
    time_s = clock(120)
    signal = hinging(time_s)
    signal[40 : 40 + missing] = np.nan
    assert ((missing + 1) / 30 > MAX_GAP_S) == (left_nan > 0)
    assert np.isnan(fill_gaps(time_s, signal)).sum() == left_nan
    assert np.isnan(smooth(time_s, signal)).sum() == left_nan


def test_holes_at_both_ends_stay_holes() -> None:
    time_s = clock(120)
    signal = hinging(time_s)
    signal[:2] = signal[-3:] = np.nan
    found = smooth(time_s, signal)
    assert np.flatnonzero(np.isnan(found)).tolist() == [0, 1, 117, 118, 119]


def test_hole_is_measured_in_seconds_not_in_frames() -> None:
    signal = hinging(clock(120))
    signal[40:46] = np.nan
    assert np.isnan(fill_gaps(clock(120, 30.0), signal)).sum() == 0
    assert np.isnan(fill_gaps(clock(120, 10.0), signal)).sum() == 6
    assert np.isnan(fill_gaps(clock(120, 10.0), signal, max_gap_s=1.0)).sum() == 0


def test_hole_is_bridged_in_a_straight_line_over_real_time() -> None:
    time_s = np.array([0.0, 0.1, 0.12, 0.2, 0.3])
    signal = np.array([0.0, 10.0, np.nan, 20.0, 30.0])
    assert fill_gaps(time_s, signal)[2] == pytest.approx(12.0)


@pytest.mark.parametrize("filtered", [fill_gaps, hampel, smooth])
def test_nothing_in_gives_nothing_out(filtered) -> None:
    assert np.isnan(filtered(clock(30), np.full(30, np.nan))).all()
    assert filtered(np.zeros(0), np.zeros(0)).shape == (0,)


@pytest.mark.parametrize("filtered", [fill_gaps, hampel, smooth])
def test_the_signal_given_is_left_as_it_was(filtered) -> None:
    signal = hinging(clock(60))
    signal[20:23], signal[40] = np.nan, 300.0
    before = signal.copy()
    filtered(clock(60), signal)
    np.testing.assert_array_equal(signal, before)


@pytest.mark.parametrize("spike", [-80.0, 25.0, 400.0])
def test_hampel_removes_a_spike_and_leaves_the_rest(spike: float) -> None:
    time_s = clock(120)
    signal = hinging(time_s)
    spiked = signal.copy()
    spiked[50] += spike
    found = hampel(time_s, spiked)
    assert found[50] == pytest.approx(signal[50], abs=6)
    np.testing.assert_array_equal(np.delete(found, 50), np.delete(signal, 50))


def test_hampel_removes_spikes_two_frames_wide() -> None:
    time_s = clock(120)
    spiked = hinging(time_s)
    spiked[50:52] += 60
    assert np.abs(hampel(time_s, spiked) - hinging(time_s)).max() < 8


def test_hampel_leaves_nan_where_it_was() -> None:
    signal = hinging(clock(60))
    signal[[5, 30, 31]] = np.nan
    assert np.flatnonzero(np.isnan(hampel(clock(60), signal))).tolist() == [5, 30, 31]


@given(period_s=st.floats(1.2, 6.0), size=st.floats(5, 120), fps=st.sampled_from([24.0, 30, 60]))
@settings(deadline=None)
def test_no_lag(period_s: float, size: float, fps: float) -> None:
    time_s = clock(round(8 * fps), fps)
    signal = size * np.sin(2 * np.pi * time_s / period_s)
    assert np.abs(smooth(time_s, signal) - signal).max() < 0.02 * size


def test_no_lag_under_noise() -> None:
    time_s = clock(600, 60.0)
    clean = hinging(time_s)
    noisy = clean + np.random.default_rng(1).normal(0, 4, 600)
    found = smooth(time_s, noisy)
    lags = range(-10, 11)
    off = [np.std(found[20 + lag : 580 + lag] - clean[20:580]) for lag in lags]
    assert lags[int(np.argmin(off))] == 0
    assert np.std(found - clean) < 0.55 * 4


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 1000), frames=st.integers(60, 200))
def test_time_reversed_signal_is_smoothed_to_the_reversed_result(seed: int, frames: int) -> None:
    time_s = clock(frames)
    noisy = hinging(time_s) + np.random.default_rng(seed).normal(0, 3, frames)
    noisy[30:33] = np.nan
    forward = smooth(time_s, noisy)
    backward = smooth(time_s[-1] - time_s[::-1], noisy[::-1])[::-1]
    np.testing.assert_allclose(backward, forward, atol=0.05)


@given(
    shift=st.floats(-1e3, 1e3),
    gain=st.floats(-5, 5).filter(lambda g: abs(g) > 0.1),
    start_s=st.floats(0, 100),
)
@settings(deadline=None, max_examples=40)
def test_shift_gain_and_clock_start_pass_through(shift: float, gain: float, start_s: float) -> None:
    time_s = clock(90)
    noisy = hinging(time_s) + np.random.default_rng(3).normal(0, 3, 90)
    found = smooth(time_s + start_s, shift + gain * noisy)
    np.testing.assert_allclose(found, shift + gain * smooth(time_s, noisy), atol=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_uneven_clock_is_kept(seed: int) -> None:
    time_s = uneven_clock(9.0, seed)
    found = smooth(time_s, hinging(time_s))
    assert found.shape == time_s.shape
    assert np.abs(found - hinging(time_s)).max() < 0.5


def test_uneven_clock_taken_for_an_even_one_would_be_seen() -> None:
    time_s = uneven_clock(9.0, 4)
    even = np.linspace(0, time_s[-1], len(time_s))
    assert np.abs(hinging(even) - hinging(time_s)).max() > 5


def test_cutoff_is_where_amplitude_falls_by_three_decibels() -> None:
    time_s = clock(960, 240.0)
    for hz, share in ((CUTOFF_HZ, 0.707), (1.0, 1.0), (20.0, 0.01)):
        passed = smooth(time_s, np.sin(2 * np.pi * hz * time_s))[240:720]
        assert np.abs(passed).max() == pytest.approx(share, abs=0.015)


def test_stretches_between_long_holes_do_not_know_of_each_other() -> None:
    time_s = clock(120)
    signal = hinging(time_s)
    signal[50:70] = np.nan
    before = smooth(time_s, signal)
    signal[70:] += 500
    moved = smooth(time_s, signal)
    np.testing.assert_array_equal(moved[:50], before[:50])
    np.testing.assert_allclose(moved[70:], before[70:] + 500)


def test_rate_too_low_for_the_pass_band_is_left_alone() -> None:
    time_s = clock(40, 8.0)
    np.testing.assert_array_equal(smooth(time_s, hinging(time_s)), hinging(time_s))


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5])
def test_very_short_clips_come_back_finite(frames: int) -> None:
    time_s = clock(frames)
    np.testing.assert_allclose(smooth(time_s, hinging(time_s)), hinging(time_s), atol=1.0)
