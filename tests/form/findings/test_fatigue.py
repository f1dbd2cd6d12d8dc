"""What drifts over a set: found where it does, and never in three reps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from form.findings.simulated import asked, simulated
from hypothesis import given
from hypothesis import strategies as st

from hingecheck.form.findings.fatigue import drift
from hingecheck.form.records import Code, Reason, Verdict
from hingecheck.simulate.flaws import Fatigue, Flaws
from hingecheck.simulate.plan import Lift


@pytest.mark.parametrize(
    ("code", "fatigue"),
    [
        (Code.FATIGUE_LUMBAR, Fatigue(lumbar_deg=5.0)),
        (Code.FATIGUE_DEPTH, Fatigue(depth_deg=6.0)),
        (Code.FATIGUE_TUCK, Fatigue(tuck_deg=5.0)),
    ],
)
def test_fatigue_is_told_in_its_own_terms(code: Code, fatigue: Fatigue) -> None:
    tired = simulated(Lift.RDL, 0, Flaws(fatigue=fatigue), reps=5)
    (answer,) = asked(code, tired)
    assert answer.verdict is Verdict.YES
    assert answer.rep is None
    (fresh,) = asked(code, simulated(Lift.RDL, 0, reps=5))
    assert fresh.verdict is not Verdict.YES


def test_three_reps_are_too_few() -> None:
    tired = simulated(Lift.RDL, 0, Flaws(fatigue=Fatigue(depth_deg=6.0)), reps=5)
    few = replace(tired, reps=tired.reps[:3])
    (answer,) = asked(Code.FATIGUE_DEPTH, few)
    assert answer.reason is Reason.TOO_FEW_REPS


@given(
    slope=st.floats(-5, 5),
    start=st.floats(-30, 60),
    reps=st.integers(4, 12),
    shift=st.integers(0, 5),
)
def test_line_without_scatter_is_recovered(
    slope: float, start: float, reps: int, shift: int
) -> None:
    values = {rep + shift: start + slope * rep for rep in range(reps)}
    change, sd = drift(values)
    assert change == pytest.approx(slope * (reps - 1), abs=1e-6)
    assert sd > 0


def test_missing_rep_keeps_its_place() -> None:
    values = {1: 0.0, 2: 2.0, 3: np.nan, 4: 6.0, 5: 8.0}
    change, _ = drift(values)
    assert change == pytest.approx(8.0)


def test_reps_that_were_not_judged_are_not_reached_by_the_line() -> None:
    change, _ = drift({1: np.nan, 2: np.nan, 3: 0.0, 4: 3.0, 5: 6.0, 6: 9.0, 7: np.nan})
    assert change == pytest.approx(9.0)


def test_scatter_widens_the_error() -> None:
    steady = {rep: 2.0 * rep for rep in range(6)}
    wild = {rep: 2.0 * rep + 6 * (-1) ** rep for rep in range(6)}
    assert drift(wild)[1] > 2 * drift(steady)[1]
