"""A tuck of known size, put on a known rhythm, against what is measured and claimed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import angles_of, sway, true_set

from hingecheck.form.bands import THRESHOLD_DEG
from hingecheck.form.filmed import mean_about
from hingecheck.form.findings.butt_wink import (
    BOTTOM,
    EARLY,
    LEAST_FRAMES,
    NOT_GRADED,
    fit_rhythms,
    measure_tuck,
)
from hingecheck.form.judge import verdict_of
from hingecheck.form.lifts import LIFTS
from hingecheck.form.records import Band, ButtWink, Verdict
from hingecheck.motion.records import Angles, Lift, Rep
from hingecheck.motion.reps import find_reps, turning_points
from hingecheck.pose.records import FloatArray
from hingecheck.spine.records import Estimate

LIMITS_RDL = LIFTS[Lift.RDL]
DEEP_DEG = 100.0
TUCKS_FROM = 0.70
NOISE_BAND_DEG = 4.0


def true_lumbar(depth_deg: FloatArray, tuck_deg: float, rhythm: float) -> FloatArray:
    """Flexion in step with the hips, and a tuck that grows evenly over the deepest 30 %."""
    late = np.clip((depth_deg / DEEP_DEG - TUCKS_FROM) / (1 - TUCKS_FROM), 0, 1)
    return rhythm * depth_deg + tuck_deg * late


class Set:
    """Three reps of a lifter with a rhythm and a tuck, known exactly.

    `sd_deg` is that of every frame's lumbar flexion, of which `shared_sd_deg` is the same in all.
    """

    def __init__(
        self,
        tuck_deg: float,
        *,
        rhythm: float = LIMITS_RDL.rhythm,
        zero_deg: float = 0.0,
        own_sd_deg: float = 1.0,
        shared_sd_deg: float = 4.0,
        fps: float = 30.0,
        noise_deg: float = 0.0,
    ) -> None:
        knots = [(0.0, 0.0), (1.0, 0.0)]
        for _ in range(3):
            at = knots[-1][0]
            knots += [(at + 1.5, DEEP_DEG), (at + 2.7, 0.0), (at + 3.3, 0.0)]
        self.time_s, depth = sway(knots, fps)
        self.shared_sd_deg = shared_sd_deg
        turns = turning_points(self.time_s, depth)
        self.reps = find_reps(self.time_s, depth, turns, Lift.RDL)
        noise = np.random.default_rng(0).normal(0, noise_deg, len(depth))
        lumbar = zero_deg + true_lumbar(depth, tuck_deg, rhythm) + noise
        known = angles_of(
            {
                "trunk_thigh_flexion": depth,
                "lumbar_flexion": lumbar,
                "pelvic_tilt": 0.8 * depth - 0.66 * lumbar,
                "hip_flexion": depth - 0.66 * lumbar,
            }
        )
        sd = np.full(len(depth), np.hypot(own_sd_deg, shared_sd_deg))
        self.angles = replace(known, lumbar_flexion=Estimate(lumbar, sd))

    @property
    def expected_onset(self) -> list[int]:
        """First frame of every descent whose tuck exceeds the noise band."""
        tuck = self.angles.lumbar_flexion.value_deg - LIMITS_RDL.rhythm * self.depth
        return [
            rep.top + int(np.argmax(tuck[rep.top : rep.bottom + 1] > NOISE_BAND_DEG))
            for rep in self.reps
        ]

    @property
    def depth(self) -> FloatArray:
        return self.angles.trunk_thigh_flexion.value_deg

    def winks(self) -> list[ButtWink]:
        rhythms = fit_rhythms(self.time_s, self.angles, self.reps, LIMITS_RDL)
        return [
            measure_tuck(self.time_s, self.angles, rhythms[r.index], self.shared_sd_deg)
            for r in self.reps
        ]


def at_the_bottom(value_deg: FloatArray, depth_deg: FloatArray, rep: Rep) -> float:
    """Mean over the last 2 % of a rep's way down."""
    descent = slice(rep.top, rep.bottom + 1)
    way = depth_deg[descent] - depth_deg[rep.top]
    return float(value_deg[descent][way >= BOTTOM * way[-1]].mean())


@given(tuck_deg=st.floats(0, 40))
@settings(deadline=None, max_examples=30)
def test_tuck_is_measured_within_a_degree(tuck_deg: float) -> None:
    known = Set(tuck_deg)
    added = true_lumbar(known.depth, tuck_deg, 0.0)
    for wink, rep in zip(known.winks(), known.reps, strict=True):
        assert wink.tuck_deg == pytest.approx(at_the_bottom(added, known.depth, rep), abs=1.0)


@given(zero_deg=st.floats(-30, 30))
@settings(deadline=None, max_examples=20)
def test_lifters_own_zero_does_not_matter(zero_deg: float) -> None:
    for wink in Set(15.0, zero_deg=zero_deg).winks():
        assert wink.tuck_deg == pytest.approx(15.0, abs=1.0)


@pytest.mark.parametrize("rhythm", [0.05, 0.10, 0.16, 0.20])
def test_lifters_own_rhythm_counts_for_more_than_half(rhythm: float) -> None:
    """One rep's slope is shrunk towards the lift's usual one; three of them outweigh it."""
    late_deg = (1 - np.mean(EARLY)) * DEEP_DEG
    unshrunk = (rhythm - LIMITS_RDL.rhythm) * late_deg
    for wink in Set(18.0, rhythm=rhythm).winks():
        assert abs(wink.tuck_deg - 18.0) < max(1.0, 0.5 * abs(unshrunk))


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0])
@pytest.mark.parametrize("tuck_deg", [12.0, 20.0, 35.0])
def test_onset_is_where_the_tuck_leaves_its_noise_band(fps: float, tuck_deg: float) -> None:
    known = Set(tuck_deg, fps=fps)
    for wink, frame in zip(known.winks(), known.expected_onset, strict=True):
        assert wink.onset_s == pytest.approx(known.time_s[frame], abs=2.01 / fps)
        assert wink.onset_descent_pct == pytest.approx(known.depth[frame], abs=6.0)
        at = int(np.argmin(np.abs(known.time_s - wink.onset_s)))
        about = mean_about(known.time_s, known.angles.hip_flexion.value_deg, at)
        assert wink.onset_hip_flexion_deg == about


def test_posterior_tilt_is_how_far_the_pelvis_came_back() -> None:
    known = Set(30.0)
    pelvis = known.angles.pelvic_tilt.value_deg
    for wink, rep in zip(known.winks(), known.reps, strict=True):
        descent = pelvis[rep.top : rep.bottom + 1]
        assert wink.posterior_tilt_deg == pytest.approx(descent.max() - pelvis[rep.bottom], abs=0.5)


def test_true_angles_of_the_sample_clip_give_its_true_tucks_and_onsets() -> None:
    time_s, truth = true_set("rdl_butt_wink")
    depth = truth["trunk_thigh_flexion"]
    angles = angles_of(truth, sd_deg=1.0)
    reps = find_reps(time_s, depth, turning_points(time_s, depth), Lift.RDL)
    rhythms = fit_rhythms(time_s, angles, reps, LIMITS_RDL)
    # The same lifter and set without the tuck.
    added = truth["lumbar_flexion"] - true_set("rdl_neutral")[1]["lumbar_flexion"]
    for rep, onset_s in zip(reps, (1.987, 5.228, 8.4), strict=True):
        wink = measure_tuck(time_s, angles, rhythms[rep.index], 0.0)
        assert wink.tuck_deg == pytest.approx(at_the_bottom(added, depth, rep), abs=1.5)
        assert wink.verdict is Verdict.YES
        assert onset_s <= wink.onset_s <= onset_s + 0.3


def test_true_angles_of_the_neutral_clip_show_no_tuck() -> None:
    time_s, truth = true_set("rdl_neutral")
    depth = truth["trunk_thigh_flexion"]
    angles = angles_of(truth, sd_deg=1.0)
    reps = find_reps(time_s, depth, turning_points(time_s, depth), Lift.RDL)
    rhythms = fit_rhythms(time_s, angles, reps, LIMITS_RDL)
    for rep in reps:
        wink = measure_tuck(time_s, angles, rhythms[rep.index], 0.0)
        assert wink.verdict is Verdict.NO
        assert wink.band is Band.HELD
        assert np.isnan(wink.onset_s)


def test_tuck_is_yes_when_its_whole_interval_clears_the_threshold() -> None:
    for wink in Set(30.0).winks():
        assert wink.ci95_deg[0] > THRESHOLD_DEG
        assert wink.verdict is Verdict.YES


def test_tuck_is_no_when_its_whole_interval_stays_below_the_threshold() -> None:
    for wink in Set(0.0, own_sd_deg=0.5).winks():
        assert wink.ci95_deg[1] < THRESHOLD_DEG
        assert wink.verdict is Verdict.NO


@pytest.mark.parametrize("tuck_deg", [4.0, 8.0, 11.0])
def test_tuck_is_unsure_when_interval_straddles_threshold(tuck_deg: float) -> None:
    for wink in Set(tuck_deg, own_sd_deg=3.0).winks():
        assert wink.ci95_deg[0] < THRESHOLD_DEG < wink.ci95_deg[1]
        assert wink.verdict is Verdict.UNSURE


@given(tuck_deg=st.floats(0, 40), own_sd_deg=st.floats(0, 8), noise_deg=st.floats(0, 2))
@settings(deadline=None, max_examples=60)
def test_nothing_is_claimed_below_eight_degrees(
    tuck_deg: float, own_sd_deg: float, noise_deg: float
) -> None:
    for wink in Set(tuck_deg, own_sd_deg=own_sd_deg, noise_deg=noise_deg).winks():
        low, high = wink.ci95_deg
        assert 0 <= low <= wink.tuck_deg <= high
        if wink.verdict is Verdict.YES:
            assert wink.tuck_deg > low > 8.0
            assert wink.band is not Band.HELD
        if wink.tuck_deg < 8.0:
            assert wink.band is Band.HELD
            assert np.isnan(wink.onset_s)


@given(shared_sd_deg=st.floats(0, 20))
@settings(deadline=None, max_examples=20)
def test_uncertainty_shared_by_all_frames_cancels(shared_sd_deg: float) -> None:
    alone, shared = Set(18.0, shared_sd_deg=0.0), Set(18.0, shared_sd_deg=shared_sd_deg)
    for one, other in zip(alone.winks(), shared.winks(), strict=True):
        assert other.ci95_deg == pytest.approx(one.ci95_deg, abs=1e-6)
        assert other.verdict is one.verdict


def test_more_noise_of_its_own_widens_the_interval() -> None:
    narrow, wide = Set(18.0, own_sd_deg=1.0).winks()[0], Set(18.0, own_sd_deg=4.0).winks()[0]
    assert np.ptp(wide.ci95_deg) > np.ptp(narrow.ci95_deg) + 2


def test_interval_of_no_tuck_begins_at_zero_and_keeps_its_standard_error() -> None:
    wide = Set(0.0, own_sd_deg=5.0).winks()
    for wink in wide:
        assert wink.ci95_deg[0] == 0.0
        assert wink.verdict is Verdict.UNSURE
        assert wink.sd_deg > 5.0
    for wink in Set(30.0, own_sd_deg=2.0).winks():
        assert np.ptp(wink.ci95_deg) == pytest.approx(2 * 1.96 * wink.sd_deg)


def with_lumbar(angles: Angles, value_deg: FloatArray) -> Angles:
    sd = np.where(np.isfinite(value_deg), angles.lumbar_flexion.sd_deg, np.nan)
    return replace(angles, lumbar_flexion=Estimate(value_deg, sd))


def test_frames_whose_shared_uncertainty_is_unknown_are_skipped() -> None:
    known = Set(20.0)
    rhythms = fit_rhythms(known.time_s, known.angles, known.reps, LIMITS_RDL)
    for rep in known.reps:
        shared = np.full(len(known.time_s), known.shared_sd_deg)
        whole = measure_tuck(known.time_s, known.angles, rhythms[rep.index], shared)
        shared[rep.bottom] = np.nan
        holed = measure_tuck(known.time_s, known.angles, rhythms[rep.index], shared)
        assert holed.verdict is whole.verdict is Verdict.YES
        assert holed.ci95_deg == pytest.approx(whole.ci95_deg, abs=1.0)
        shared[:] = np.nan
        nothing = measure_tuck(known.time_s, known.angles, rhythms[rep.index], shared)
        assert nothing == NOT_GRADED


def test_frames_without_a_spine_are_skipped() -> None:
    known = Set(20.0)
    lumbar = known.angles.lumbar_flexion.value_deg.copy()
    lumbar[::3] = np.nan
    known.angles = with_lumbar(known.angles, lumbar)
    for wink in known.winks():
        assert wink.tuck_deg == pytest.approx(20.0, abs=1.5)


def test_rep_whose_early_descent_is_hidden_has_no_rhythm() -> None:
    known = Set(20.0)
    rep = known.reps[1]
    lumbar = known.angles.lumbar_flexion.value_deg.copy()
    lumbar[rep.top : rep.top + 28] = np.nan
    rhythms = fit_rhythms(known.time_s, with_lumbar(known.angles, lumbar), known.reps, LIMITS_RDL)
    assert sorted(rhythms) == [1, 3]


def test_rep_whose_late_descent_is_hidden_is_not_graded() -> None:
    known = Set(20.0)
    rep = known.reps[0]
    lumbar = known.angles.lumbar_flexion.value_deg.copy()
    late = known.depth[rep.top : rep.bottom + 1] >= 60
    lumbar[rep.top + np.flatnonzero(late)[LEAST_FRAMES - 1 :]] = np.nan
    hidden = with_lumbar(known.angles, lumbar)
    rhythms = fit_rhythms(known.time_s, hidden, known.reps, LIMITS_RDL)
    assert measure_tuck(known.time_s, hidden, rhythms[1], 0.0) == NOT_GRADED


def test_rep_without_a_descent_has_no_rhythm_but_where_the_pull_gives_it() -> None:
    known = Set(20.0)
    hinge = known.reps[0]
    dropped = Rep(1, start=hinge.bottom, top=hinge.end, bottom=hinge.bottom, end=hinge.end,
                  from_floor=True)  # fmt: skip
    assert fit_rhythms(known.time_s, known.angles, (dropped,), LIMITS_RDL) == {}
    pulled = fit_rhythms(known.time_s, known.angles, (dropped,), LIFTS[Lift.DEADLIFT])[1]
    wink = measure_tuck(known.time_s, known.angles, pulled, known.shared_sd_deg)
    assert wink.verdict is Verdict.YES
    assert wink.tuck_deg == pytest.approx(20.0, abs=3.0)
    assert known.time_s[hinge.bottom] < wink.onset_s < known.time_s[hinge.end]


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((8.1, 20.0), Verdict.YES),
        ((8.0, 20.0), Verdict.UNSURE),
        ((-3.0, 8.0), Verdict.UNSURE),
        ((-3.0, 7.9), Verdict.NO),
        ((7.0, 9.0), Verdict.UNSURE),
        ((np.nan, np.nan), Verdict.NOT_GRADEABLE),
        ((np.nan, 9.0), Verdict.NOT_GRADEABLE),
    ],
)
def test_verdict_by_interval(interval: tuple[float, float], verdict: Verdict) -> None:
    assert verdict_of(interval, 8.0) is verdict
