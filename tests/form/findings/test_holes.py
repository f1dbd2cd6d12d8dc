"""Pictures without a lifter leave holes in every angle: no finding may trip over one."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from form.findings.simulated import simulated
from hypothesis import given, settings
from hypothesis import strategies as st

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.findings import measure_all
from hingecheck.form.findings.tempo import tempo_of
from hingecheck.form.records import Verdict
from hingecheck.motion.bar import BarPath
from hingecheck.motion.records import Angles
from hingecheck.simulate.plan import Lift
from hingecheck.spine.records import Estimate


def with_holes(filmed: FilmedSet, holes: list[tuple[float, float]]) -> FilmedSet:
    """The same set unseen between shares of its length, as a filter leaves it: NaN throughout."""
    share = np.linspace(0, 1, len(filmed.time_s))
    unseen = np.zeros(len(share), dtype=bool)
    for start, length in holes:
        unseen |= (share >= start) & (share <= start + length)

    def holed(values: np.ndarray) -> np.ndarray:
        return np.where(unseen, np.nan, values)

    angles = {
        name: Estimate(holed(one.value_deg), holed(one.sd_deg))
        for name, one in filmed.angles.items()
    }
    bar = {field.name: getattr(filmed.bar, field.name) for field in fields(BarPath)}
    of_frames = {name: holed(values) for name, values in bar.items() if np.ndim(values)}
    return replace(
        filmed,
        angles=Angles(**angles),
        bar=BarPath(**bar | of_frames),
        standing=filmed.standing & ~unseen,
    )


@pytest.mark.parametrize("lift", [Lift.DEADLIFT, Lift.RDL, Lift.SQUAT, Lift.SWING])
@settings(deadline=None)
@given(holes=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 0.6)), max_size=4))
def test_holes_anywhere_give_answers_or_reasons(
    lift: Lift, holes: list[tuple[float, float]]
) -> None:
    filmed = with_holes(simulated(lift, 1), holes)
    for rep in filmed.reps:
        tempo_of(filmed, rep)
    for answer in measure_all(filmed):
        if answer.verdict is Verdict.NOT_GRADEABLE:
            assert answer.reason is not None
        else:
            assert np.isfinite(answer.value)


def test_lowering_that_is_hardly_seen_has_no_length() -> None:
    whole = simulated(Lift.DEADLIFT, 1)
    rep = whole.reps[0]
    share = np.array([rep.top + 2, rep.bottom - 1]) / (len(whole.time_s) - 1)
    holed = with_holes(whole, [(share[0], share[1] - share[0])])
    assert tempo_of(whole, rep).descent_s > 0.5
    assert np.isnan(tempo_of(holed, rep).descent_s)
