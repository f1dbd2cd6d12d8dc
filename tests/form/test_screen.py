from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hingecheck.form.clean_depth import UNKNOWN
from hingecheck.form.drills import DRILLS
from hingecheck.form.records import CleanDepth, Verdict
from hingecheck.form.screen import (
    LIMITED_HIP_DEG,
    Doubt,
    compare_sides,
    drills_for,
    judge_depth,
)


def depth_of(
    hip_deg: float, sd_deg: float = 5.0, knee_deg: float = 10.0, *, reached: bool = True
) -> CleanDepth:
    return CleanDepth(hip_deg, sd_deg, knee_deg, np.nan, reached, 2.0)


@pytest.mark.parametrize(
    ("depth", "limited", "doubt"),
    [
        (depth_of(40), Verdict.YES, None),
        (depth_of(80), Verdict.NO, None),
        (depth_of(55), Verdict.UNSURE, None),
        (depth_of(65), Verdict.UNSURE, None),
        (depth_of(80, reached=False), Verdict.NO, None),
        (depth_of(40, reached=False), Verdict.UNSURE, Doubt.NOT_DEEP),
        (depth_of(80, knee_deg=40), Verdict.UNSURE, Doubt.KNEES_BENT),
        (depth_of(40, knee_deg=40), Verdict.YES, None),
        (UNKNOWN, Verdict.NOT_GRADEABLE, None),
    ],
)
def test_limited_only_when_the_whole_interval_says_so(
    depth: CleanDepth, limited: Verdict, doubt: Doubt | None
) -> None:
    verdict = judge_depth(depth)
    assert (verdict.limited, verdict.doubt) == (limited, doubt)


def test_drills_come_in_order_when_the_hinge_ends_early() -> None:
    assert drills_for(depth_of(40)) == DRILLS
    assert [drill.code for drill in DRILLS] == [
        "soft_tissue",
        "banded_stretch",
        "stiff_leg_deadlift",
    ]


def test_likelier_side_decides_on_drills_where_the_interval_straddles_the_limit() -> None:
    assert drills_for(depth_of(LIMITED_HIP_DEG - 1))
    assert not drills_for(depth_of(LIMITED_HIP_DEG + 1))


@pytest.mark.parametrize("depth", [depth_of(80), depth_of(40, reached=False), UNKNOWN])
def test_nothing_is_to_be_done_without_a_limit_that_was_seen(depth: CleanDepth) -> None:
    assert drills_for(depth) == ()


def test_sides_differ_by_right_less_left_with_both_uncertainties() -> None:
    sides = compare_sides(depth_of(52, 3.0), depth_of(40, 4.0))
    assert sides is not None
    assert sides.right_minus_left_deg == 12
    assert sides.ci95_deg == pytest.approx((12 - 1.96 * 5, 12 + 1.96 * 5))


def test_sides_are_not_compared_unless_both_reached_their_end() -> None:
    right, left = depth_of(52), depth_of(40)
    assert compare_sides(replace(right, reached=False), left) is None
    assert compare_sides(right, UNKNOWN) is None


@pytest.mark.parametrize("drill", DRILLS, ids=lambda drill: drill.code)
def test_every_drill_says_what_for_how_and_how_much(drill) -> None:
    assert 3 <= len(drill.steps) <= 5
    assert drill.purpose.endswith(".")
    assert drill.options
    assert "week" in drill.dose
    assert "doi" in drill.basis
