from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

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
    screen_depth,
    screen_tuck,
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


@pytest.mark.parametrize("hip_deg", [40, 93])
def test_unsure_tuck_without_an_onset_leaves_the_answer_open(hip_deg: float) -> None:
    verdict = judge_depth(depth_of(hip_deg, reached=False), Verdict.UNSURE)
    assert (verdict.limited, verdict.doubt) == (Verdict.UNSURE, Doubt.TUCK_UNCLEAR)


def analysis_of(*reps: tuple[Verdict, float]) -> Any:
    """What the screen reads of an analysis: reps a second long that go down to these depths."""
    time_s = np.arange(10 * len(reps)) / 10
    hip = np.repeat([hip_deg for _, hip_deg in reps], 10).astype(float)
    signal = SimpleNamespace(value_deg=hip, sd_deg=np.full(len(hip), 5.0))
    checks = [
        SimpleNamespace(
            butt_wink=SimpleNamespace(verdict=verdict, onset_s=np.nan),
            rep=SimpleNamespace(bottom=10 * index + 5),
        )
        for index, (verdict, _) in enumerate(reps)
    ]
    return SimpleNamespace(
        reps=checks,
        track=SimpleNamespace(time_s=time_s),
        angles=SimpleNamespace(hip_flexion=signal, knee_flexion=signal),
        bar=SimpleNamespace(height_cm=hip),
    )


@pytest.mark.parametrize(
    ("reps", "hip_deg", "tuck"),
    [
        ([(Verdict.UNSURE, 93)], 93, Verdict.UNSURE),
        ([(Verdict.UNSURE, 93), (Verdict.NO, 80)], 80, Verdict.NO),
        ([(Verdict.NOT_GRADEABLE, 93), (Verdict.NO, 80)], 80, Verdict.NO),
        ([(Verdict.YES, 93)], np.nan, Verdict.YES),
    ],
)
def test_rep_without_a_tuck_speaks_before_an_unsure_one(
    reps: list[tuple[Verdict, float]], hip_deg: float, tuck: Verdict
) -> None:
    analysis = analysis_of(*reps)
    depth = screen_depth(analysis)
    assert depth.hip_flexion_deg == pytest.approx(hip_deg, nan_ok=True)
    assert screen_tuck(analysis, depth) is tuck


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
