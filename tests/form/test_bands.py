"""Thresholds in one place, and nothing claimed below eight degrees."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hingecheck.form.bands import THRESHOLD_DEG, band_of
from hingecheck.form.lifts import LIFTS
from hingecheck.form.messages import advice
from hingecheck.form.records import Band, Reason
from hingecheck.motion.records import Lift


@pytest.mark.parametrize(
    ("departure_deg", "band"),
    [
        (-10.0, Band.HELD),
        (0.0, Band.HELD),
        (7.99, Band.HELD),
        (8.0, Band.SLIGHT),
        (14.99, Band.SLIGHT),
        (15.0, Band.CLEAR),
        (24.99, Band.CLEAR),
        (25.0, Band.LARGE),
        (180.0, Band.LARGE),
    ],
)
def test_bands(departure_deg: float, band: Band) -> None:
    assert band_of(departure_deg) is band


@given(st.floats(-100, 100), st.floats(-100, 100))
def test_a_larger_departure_is_never_a_smaller_band(one: float, other: float) -> None:
    order = list(Band)
    low, high = sorted((one, other))
    assert order.index(band_of(low)) <= order.index(band_of(high))


def test_claims_begin_at_eight_degrees() -> None:
    assert THRESHOLD_DEG == 8.0


@pytest.mark.parametrize("lift", Lift)
def test_every_lift_has_its_limits(lift: Lift) -> None:
    limits = LIFTS[lift]
    assert 0.1 <= limits.rhythm <= 0.2
    assert 0 < limits.rhythm_sd < limits.rhythm
    assert 25 <= limits.rounding_deg <= 40


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_said_in_sentences_with_a_remedy(reason: Reason) -> None:
    for said in advice(reason):
        assert said[0].isupper()
        assert said.endswith(".")
        assert "_" not in said
