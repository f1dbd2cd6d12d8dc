"""Lumbar flexion held through the deep part of a rep, against the lift's usual range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import angles_of, sway

from hingecheck.form.filmed import DEEP_SD
from hingecheck.form.findings.rounding import NOT_GRADED, measure_rounding
from hingecheck.form.lifts import LIFTS
from hingecheck.form.records import Band, Verdict
from hingecheck.motion.records import Angles, Lift, Rep
from hingecheck.spine.records import Estimate

LIMITS_PULL = LIFTS[Lift.DEADLIFT]
USUAL = LIMITS_PULL.rounding_deg
REP = Rep(1, start=30, top=30, bottom=75, end=120, from_floor=False)
DEADLIFT = Rep(1, start=30, top=60, bottom=120, end=120, from_floor=True)


def held(lumbar_deg: float, sd_deg: float = 3.0) -> Angles:
    """A rep down to 100 degrees with a back that reaches `lumbar_deg` half-way and keeps it,
    known to `sd_deg` over the deep part."""
    _, depth = sway([(0, 0), (1, 0), (2.5, 100), (4, 0), (5, 0)])
    lumbar = lumbar_deg * np.clip(depth / 50, 0, 1)
    angles = angles_of({"trunk_thigh_flexion": depth, "lumbar_flexion": lumbar})
    return replace(angles, lumbar_flexion=Estimate(lumbar, np.full(len(depth), sd_deg / DEEP_SD)))


def deadlifted(pulled_deg: float, lowered_deg: float) -> Angles:
    """A second's pull from the floor, and two seconds down again with another back."""
    time_s, depth = sway([(0, 100), (1, 100), (2, 0), (4, 100)])
    lumbar = np.where(time_s <= 2.0, pulled_deg, lowered_deg)
    return angles_of({"trunk_thigh_flexion": depth, "lumbar_flexion": lumbar})


@given(lumbar_deg=st.floats(-20, 80), sd_deg=st.floats(0.5, 12))
@settings(deadline=None)
def test_flexion_at_depth_and_its_interval(lumbar_deg: float, sd_deg: float) -> None:
    found = measure_rounding(held(lumbar_deg, sd_deg), REP, LIMITS_PULL)
    assert found.lumbar_flexion_deg == pytest.approx(lumbar_deg, abs=1e-6)
    low, high = found.ci95_deg
    assert (low, high) == pytest.approx((lumbar_deg - 1.96 * sd_deg, lumbar_deg + 1.96 * sd_deg))
    if found.verdict is Verdict.YES:
        assert low > USUAL
        assert found.band is not Band.HELD


@pytest.mark.parametrize(
    ("beyond_deg", "sd_deg", "verdict"),
    [
        (20.0, 3.0, Verdict.YES),
        (7.0, 3.0, Verdict.YES),
        (-7.0, 3.0, Verdict.NO),
        (-30.0, 3.0, Verdict.NO),
        (20.0, 11.0, Verdict.UNSURE),
        (-20.0, 11.0, Verdict.UNSURE),
    ],
)
def test_verdict_by_interval_against_the_usual_range(
    beyond_deg: float, sd_deg: float, verdict: Verdict
) -> None:
    assert measure_rounding(held(USUAL + beyond_deg, sd_deg), REP, LIMITS_PULL).verdict is verdict


def test_rounding_is_unsure_when_interval_straddles_threshold() -> None:
    for beyond_deg in (-5.0, 0.0, 5.0):
        found = measure_rounding(held(USUAL + beyond_deg), REP, LIMITS_PULL)
        assert found.ci95_deg[0] < USUAL < found.ci95_deg[1]
        assert found.verdict is Verdict.UNSURE


@pytest.mark.parametrize(
    ("beyond_deg", "band"),
    [
        (-40, Band.HELD),
        (-0.1, Band.HELD),
        (0.1, Band.SLIGHT),
        (7.1, Band.CLEAR),
        (17.1, Band.LARGE),
    ],
)
def test_band_begins_where_the_usual_range_ends(beyond_deg: float, band: Band) -> None:
    assert measure_rounding(held(USUAL + beyond_deg), REP, LIMITS_PULL).band is band


def test_only_the_deepest_quarter_counts() -> None:
    angles = held(0.0)
    depth = angles.trunk_thigh_flexion.value_deg
    growing = replace(angles, lumbar_flexion=Estimate(0.4 * depth, np.full(len(depth), 3.0)))
    found = measure_rounding(growing, REP, LIMITS_PULL)
    assert found.lumbar_flexion_deg == pytest.approx(0.4 * np.median(depth[depth >= 75.0]))


@given(lumbar_deg=st.floats(-20, 80), tuck_deg=st.floats(0, 40))
@settings(deadline=None)
def test_from_the_top_what_the_tuck_adds_is_no_rounding(lumbar_deg: float, tuck_deg: float) -> None:
    tucked = measure_rounding(held(lumbar_deg), REP, LIMITS_PULL, tuck_deg)
    assert tucked.lumbar_flexion_deg == pytest.approx(lumbar_deg - tuck_deg, abs=1e-6)
    before_it = measure_rounding(held(lumbar_deg - tuck_deg), REP, LIMITS_PULL)
    assert tucked.ci95_deg == pytest.approx(before_it.ci95_deg, abs=1e-6)


def test_back_that_is_past_the_usual_range_only_by_its_tuck_is_not_rounded() -> None:
    back = held(USUAL + 10)
    assert measure_rounding(back, REP, LIMITS_PULL).verdict is Verdict.YES
    tucked = measure_rounding(back, REP, LIMITS_PULL, tuck_deg=20.0)
    assert (tucked.verdict, tucked.band) == (Verdict.NO, Band.HELD)


def test_back_that_may_be_past_the_usual_range_by_an_unmeasured_tuck_is_unsure() -> None:
    for beyond_deg, verdict in ((-20.0, Verdict.NO), (20.0, Verdict.UNSURE), (45.0, Verdict.YES)):
        found = measure_rounding(held(USUAL + beyond_deg), REP, LIMITS_PULL, tuck_deg=np.nan)
        assert found.lumbar_flexion_deg == pytest.approx(USUAL + beyond_deg)
        assert found.verdict is verdict


def test_from_the_floor_only_the_pull_counts() -> None:
    found = measure_rounding(deadlifted(10.0, lowered_deg=60.0), DEADLIFT, LIMITS_PULL)
    assert found.lumbar_flexion_deg == 10.0
    assert found.verdict is Verdict.NO


def test_from_the_floor_a_tuck_on_the_way_down_leaves_the_pull_as_it_was() -> None:
    back = deadlifted(USUAL + 10, lowered_deg=USUAL + 30)
    found = measure_rounding(back, DEADLIFT, LIMITS_PULL, tuck_deg=20.0)
    assert found.verdict is Verdict.YES
    assert found == measure_rounding(back, DEADLIFT, LIMITS_PULL)


def test_the_same_back_is_judged_by_its_lift() -> None:
    back = held(31.2, sd_deg=0.2)
    rdl = measure_rounding(back, REP, LIFTS[Lift.RDL])
    deadlift = measure_rounding(back, REP, LIFTS[Lift.DEADLIFT])
    assert (rdl.verdict, rdl.limit_deg) == (Verdict.YES, 30.5)
    assert (deadlift.verdict, deadlift.limit_deg) == (Verdict.NO, 32.0)


@pytest.mark.parametrize("left", [0, 1, 2])
def test_fewer_than_three_deep_frames_are_not_graded(left: int) -> None:
    angles = held(40.0)
    lumbar = np.full(len(angles.lumbar_flexion.value_deg), np.nan)
    lumbar[75 : 75 + left] = 40.0
    hidden = replace(angles, lumbar_flexion=Estimate(lumbar, np.full(len(lumbar), 3.0)))
    assert measure_rounding(hidden, REP, LIMITS_PULL) == NOT_GRADED
