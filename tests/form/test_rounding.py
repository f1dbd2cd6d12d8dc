"""Lumbar flexion held through the deep part of a rep, against the lift's usual range."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stick import angles_of, sway

from hingecheck.form.records import Band, Verdict
from hingecheck.form.rounding import NOT_GRADED, measure_rounding
from hingecheck.form.thresholds import LIMITS
from hingecheck.motion.records import Angles, Lift, Rep
from hingecheck.spine.records import Estimate

LIMITS_PULL = LIMITS[Lift.DEADLIFT]
USUAL = LIMITS_PULL.rounding_deg
REP = Rep(1, start=30, top=30, bottom=75, end=120, from_floor=False)


def held(lumbar_deg: float, sd_deg: float = 3.0) -> Angles:
    """A rep down to 100 degrees with a back that reaches `lumbar_deg` half-way and keeps it."""
    _, depth = sway([(0, 0), (1, 0), (2.5, 100), (4, 0), (5, 0)])
    lumbar = lumbar_deg * np.clip(depth / 50, 0, 1)
    angles = angles_of({"trunk_thigh_flexion": depth, "lumbar_flexion": lumbar})
    return replace(angles, lumbar_flexion=Estimate(lumbar, np.full(len(depth), sd_deg)))


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


def test_the_same_back_is_judged_by_its_lift() -> None:
    back = held(31.2, sd_deg=0.2)
    assert measure_rounding(back, REP, LIMITS[Lift.RDL]).verdict is Verdict.YES
    assert measure_rounding(back, REP, LIMITS[Lift.DEADLIFT]).verdict is Verdict.NO


@pytest.mark.parametrize("left", [0, 1, 2])
def test_fewer_than_three_deep_frames_are_not_graded(left: int) -> None:
    angles = held(40.0)
    lumbar = np.full(len(angles.lumbar_flexion.value_deg), np.nan)
    lumbar[75 : 75 + left] = 40.0
    hidden = replace(angles, lumbar_flexion=Estimate(lumbar, np.full(len(lumbar), 3.0)))
    assert measure_rounding(hidden, REP, LIMITS_PULL) == NOT_GRADED
