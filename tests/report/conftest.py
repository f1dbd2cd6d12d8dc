"""A set of reps as records, without any video."""

from __future__ import annotations

import pytest
from report.sets import SetOfReps, make_analysis, make_result

from hingecheck.form.records import Analysis
from hingecheck.report.schema import Result


@pytest.fixture
def analysis() -> Analysis:
    """Three reps, the last with a clear tuck, the lifter lost for a few frames."""
    return make_analysis(SetOfReps(gap=slice(150, 162)))


@pytest.fixture
def result(analysis: Analysis) -> Result:
    """The record of `analysis`."""
    return make_result(analysis)
