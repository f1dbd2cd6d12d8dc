"""The One-Euro filter: calm at rest, quick in motion, honest about holes."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from hingecheck.motion.one_euro import OneEuro
from hingecheck.pose.records import FloatArray

FPS = 30.0


def filtered(signal: FloatArray, rest_hz: float = 2.0, per_speed: float = 0.05) -> FloatArray:
    keep = OneEuro(rest_hz, per_speed)
    return np.array([float(keep(i / FPS, np.array([x]))[0]) for i, x in enumerate(signal)])


def test_noise_at_rest_is_halved() -> None:
    noise = np.random.default_rng(3).normal(0.0, 2.0, 600)
    assert filtered(noise).std() < 1.0


def test_descent_of_eighty_degrees_a_second_lags_by_less_than_two_frames() -> None:
    time_s = np.arange(60) / FPS
    behind_deg = 80 * time_s - filtered(80 * time_s)
    assert 0 < behind_deg[-1] < 80 * 2 / FPS


def test_slower_cutoff_would_lag_more() -> None:
    ramp = 80 * np.arange(60) / FPS
    assert filtered(ramp, per_speed=0.0)[-1] < filtered(ramp)[-1] - 2


@given(level=st.floats(-180, 180), step=st.integers(1, 20))
def test_steady_signal_stays_and_its_holes_stay_holes(level: float, step: int) -> None:
    signal = np.full(40, level)
    signal[::step] = np.nan
    out = filtered(signal)
    np.testing.assert_array_equal(np.isnan(out), np.isnan(signal))
    np.testing.assert_allclose(out[np.isfinite(out)], level, atol=1e-9)


def test_what_comes_back_after_a_long_hole_starts_afresh() -> None:
    signal = np.concatenate([np.zeros(10), np.full(15, np.nan), np.full(10, 90.0)])
    assert filtered(signal)[25] == 90.0


def test_elements_are_filtered_each_by_itself() -> None:
    keep = OneEuro(2.0, 0.05)
    keep(0.0, np.array([0.0, 5.0]))
    out = keep(1 / FPS, np.array([np.nan, 5.0]))
    assert np.isnan(out[0])
    assert out[1] == 5.0
