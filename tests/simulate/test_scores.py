from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hingecheck.pose.records import FloatArray
from hingecheck.simulate.evaluate.metrics import (
    Metrics,
    compare,
    measure,
    pair_reps,
    plain,
    score_reps,
)
from hingecheck.simulate.evaluate.page import write_page
from hingecheck.simulate.evaluate.records import Case, Checked, FoundRep, TrueRep, Truth
from hingecheck.simulate.evaluate.scores import (
    QUANTITIES,
    FrameScore,
    average_clips,
    deep_lumbar_deg,
    match_reps,
    onset_error,
    score_frames,
    size_error,
    verdict_shares,
)
from hingecheck.simulate.evaluate.targets import Target, targets

NAN = float("nan")
FRAMES = 60
TRUE_REP = TrueRep(start_s=0.5, end_s=1.5, tuck_deg=16.0, onset_s=0.8, deep_lumbar_deg=12.0)
FOUND_REP = FoundRep(
    start_s=0.6,
    end_s=1.5,
    gradeable=True,
    reasons=(),
    wink="yes",
    tuck_deg=18.0,
    tuck_ci95_deg=(11.0, 25.0),
    onset_s=0.9,
    rounding="no",
    lumbar_deg=10.0,
)


def a_case(error_deg: float = 2.0, **changes: object) -> Case:
    """A clip of 2 s that leans by 0 to 59 degrees, every estimate off by the same."""
    time_s = np.arange(FRAMES) / 30
    angle: dict[str, FloatArray] = {name: np.linspace(0, 50, FRAMES) for name in QUANTITIES}
    truth = Truth(
        name="1000000",
        lift="rdl",
        fault="butt_wink",
        clothing="tight",
        equipment="barbell",
        build="average",
        yaw_deg=5.0,
        time_s=time_s,
        trunk_deg=np.arange(FRAMES, dtype=float),
        angle_deg=angle,
        reps=(TRUE_REP,),
    )
    checked = Checked(
        estimator="by hand",
        gradeable=True,
        reasons=(),
        lift="rdl",
        standing_seen=True,
        seconds=3.0,
        time_s=time_s,
        detected=np.ones(FRAMES, dtype=bool),
        value_deg={name: values + error_deg for name, values in angle.items()},
        sd_deg={name: np.full(FRAMES, 2.0) for name in QUANTITIES},
        reps=(FOUND_REP,),
    )
    of_truth = {key: value for key, value in changes.items() if hasattr(truth, key)}
    of_check = {key: value for key, value in changes.items() if key not in of_truth}
    return Case(
        replace(truth, **of_truth),  # type: ignore[arg-type]
        replace(checked, **of_check),  # type: ignore[arg-type]
    )


def metrics_of(*cases: Case) -> Metrics:
    return measure(cases, {"full": cases}, {"by hand": cases})


def test_a_constant_error_is_all_bias_and_leaves_the_correlation() -> None:
    true = np.linspace(0, 40, 20)
    score = score_frames(true, true - 3.0, np.full(20, 2.0))
    assert score is not None
    assert score.frames == 20
    assert [score.mae_deg, score.bias_deg] == pytest.approx([3.0, -3.0])
    assert score.correlation == pytest.approx(1)


def test_coverage_counts_the_frames_within_each_interval() -> None:
    true = np.zeros(20)
    value = np.repeat([0.6, 1.2, 1.6, 1.9, 2.1], 4)
    score = score_frames(true, value, np.ones(20))
    assert score is not None
    assert score.coverage == pytest.approx((0.2, 0.4, 0.6, 0.8))
    assert np.isnan(score.correlation)


def test_missing_frames_are_skipped_and_too_few_give_no_score() -> None:
    true, sd = np.arange(20.0), np.ones(20)
    some = np.where(np.arange(20) < 10, true + 1, np.nan)
    few = np.where(np.arange(20) < 9, true + 1, np.nan)
    score = score_frames(true, some, sd)
    assert score is not None
    assert score.frames == 10
    assert score_frames(true, few, sd) is None


def test_every_clip_counts_the_same_however_long() -> None:
    clips = [
        FrameScore(1000, 2.0, 2.0, 0.9, (0.5, 0.8, 0.9, 1.0)),
        FrameScore(10, 6.0, -4.0, NAN, (0.1, 0.2, 0.3, 0.4)),
    ]
    accuracy = average_clips(clips)
    assert accuracy is not None
    assert (accuracy.clips, accuracy.frames) == (2, 1010)
    assert (accuracy.mae_deg, accuracy.bias_deg) == (4.0, -1.0)
    assert [accuracy.mae_se_deg, accuracy.bias_se_deg] == pytest.approx([2.0, 3.0])
    assert accuracy.correlation == 0.9
    assert accuracy.coverage == pytest.approx((0.3, 0.5, 0.6, 0.7))
    assert average_clips([]) is None


@pytest.mark.parametrize(
    ("found", "pairs"),
    [
        ([(0.0, 2.0), (3.0, 5.0)], [(0, 0), (1, 1)]),
        ([(3.2, 5.1)], [(1, 0)]),
        ([(0.0, 5.0)], [(0, 0)]),
        ([(2.1, 2.9)], []),
        ([(1.5, 3.5), (0.1, 2.0), (3.0, 4.8)], [(0, 1), (1, 2)]),
        ([], []),
    ],
)
def test_reps_are_matched_by_their_overlap(
    found: list[tuple[float, float]], pairs: list[tuple[int, int]]
) -> None:
    assert match_reps([(0.0, 2.0), (3.0, 5.0)], found) == pairs


def test_verdict_shares_leave_out_what_is_not_gradeable() -> None:
    shares = verdict_shares(["yes", "yes", "no", "unsure", "not_gradeable"])
    assert shares is not None
    assert (shares.reps, shares.yes, shares.no, shares.unsure) == (4, 0.5, 0.25, 0.25)
    assert verdict_shares(["not_gradeable"]) is None


def test_size_error_skips_reps_without_a_size() -> None:
    error = size_error([10, 0, 20], [14, 2, NAN], [(9, 19), (1, 5), (NAN, NAN)])
    assert error is not None
    assert (error.reps, error.mae_deg, error.bias_deg, error.coverage95) == (2, 3.0, 3.0, 0.5)
    assert size_error([10], [NAN], [(NAN, NAN)]) is None


def test_onset_error_is_told_in_milliseconds_late_positive() -> None:
    error = onset_error([1.0, 2.0, 3.0, NAN], [1.1, 2.3, 2.9, 4.0])
    assert error is not None
    assert error.reps == 3
    assert [error.median_ms, error.bias_ms] == pytest.approx([100.0, 100.0])
    assert onset_error([1.0], [NAN]) is None


def test_deep_lumbar_flexion_takes_the_tuck_off_but_not_from_the_floor() -> None:
    depth = np.array([0.0, 50, 100, 50, 0])
    lumbar = np.array([0.0, 10, 30, 10, 0])
    assert deep_lumbar_deg(depth, lumbar, 12.0, from_floor=False) == 18.0
    pull = np.array([100.0, 90, 10, 90, 100])
    rounder_down = np.array([20.0, 20, 0, 40, 40])
    assert deep_lumbar_deg(pull, rounder_down, 12.0, from_floor=True) == 20.0


def test_a_check_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    checked = a_case(detected=np.arange(FRAMES) > 5, reasons=("too_small",)).checked
    checked.write(tmp_path / "1000000.full.contour.npz")
    back = Checked.read(tmp_path / "1000000.full.contour.npz")
    assert (back.reps, back.reasons) == (checked.reps, checked.reasons)
    assert back.detected.tolist() == checked.detected.tolist()
    for name in QUANTITIES:
        assert back.value_deg[name] == pytest.approx(checked.value_deg[name], abs=1e-4)
    assert [path.name for path in tmp_path.iterdir()] == ["1000000.full.contour.npz"]


def test_only_found_frames_that_truly_lean_are_compared() -> None:
    detected = np.ones(FRAMES, dtype=bool)
    detected[50:] = False
    compared = compare(a_case(detected=detected))["pelvic_tilt"]
    assert [len(part) for part in compared] == [29, 29, 29]
    assert compared[1] - compared[0] == pytest.approx(np.full(29, 2.0))


def test_judged_frames_lie_inside_reps_that_get_a_verdict() -> None:
    judged = compare(a_case(), judged=True)["pelvic_tilt"][0]
    # From 0.6 to 1.5 s, of which the trunk leans by more than 20 degrees from frame 21 on.
    assert len(judged) == 45 - 21 + 1
    refused = replace(FOUND_REP, gradeable=False)
    assert len(compare(a_case(), judged=False)["pelvic_tilt"][0]) == 39
    for reps in ((refused,), ()):
        case = a_case()
        case = Case(case.truth, replace(case.checked, reps=reps))
        assert len(compare(case, judged=True)["pelvic_tilt"][0]) == 0


def test_a_clip_that_starts_late_is_compared_by_its_clock() -> None:
    case = a_case(0.0)
    late = replace(
        case.checked,
        time_s=case.checked.time_s[10:],
        detected=case.checked.detected[10:],
        value_deg={name: value[10:] for name, value in case.checked.value_deg.items()},
        sd_deg={name: value[10:] for name, value in case.checked.sd_deg.items()},
    )
    true, value, _ = compare(Case(case.truth, late))["lumbar_flexion"]
    assert value == pytest.approx(true)


def test_a_rep_that_is_not_gradeable_scores_nothing() -> None:
    refused = replace(FOUND_REP, gradeable=False, wink="not_gradeable", rounding="not_gradeable")
    case = a_case()
    scores = score_reps(pair_reps([case, Case(case.truth, replace(case.checked, reps=(refused,)))]))
    assert scores.wink is not None
    assert scores.wink.reps == 1
    assert scores.tuck is not None
    assert scores.tuck.reps == 1


def test_a_rounded_rep_called_a_wink_is_a_false_call_but_not_a_neutral_one() -> None:
    case = a_case(fault="rounded")
    truth = replace(case.truth, reps=(replace(TRUE_REP, tuck_deg=0.0, onset_s=NAN),))
    scores = score_reps(pair_reps([Case(truth, case.checked)]))
    assert scores.wink_none is not None
    assert (scores.wink_none.reps, scores.wink_none.yes) == (1, 1.0)
    assert (scores.wink_neutral, scores.wink, scores.onset) == (None, None, None)
    assert scores.tuck is not None
    assert scores.tuck.bias_deg == 18.0


def test_metrics_tell_side_views_from_oblique_ones_and_refused_clips_from_both() -> None:
    metrics = metrics_of(
        a_case(2.0),
        a_case(5.0, yaw_deg=18.0),
        a_case(40.0, yaw_deg=30.0, gradeable=False, reasons=("view_oblique",)),
    )
    side, oblique = (metrics.frames["yaw"][band]["pelvic_tilt"] for band in ("0-12", "12-25"))
    assert side is not None
    assert oblique is not None
    assert [side.mae_deg, oblique.mae_deg] == pytest.approx([2.0, 5.0])
    assert metrics.refused == {"0-12": 0.0, "12-25": 0.0, "beyond 25": 1.0}
    assert metrics.clip_reasons == {"view_oblique": pytest.approx(1 / 3)}
    assert metrics.count_exact == 1.0
    assert metrics.tuck_bands["14-20"] is not None
    assert metrics.tuck_bands["14-20"].reps == 2


@pytest.mark.parametrize(
    ("target", "met"),
    [
        (Target("error", 4.0, 4.0, False, "deg"), True),
        (Target("error", 4.1, 4.0, False, "deg"), False),
        (Target("found", 0.95, 0.95, True, "%"), True),
        (Target("found", 0.9, 0.95, True, "%"), False),
        (Target("found", NAN, 0.95, True, "%"), None),
    ],
)
def test_a_target_is_met_at_its_limit_and_open_without_a_measurement(
    target: Target, met: bool | None
) -> None:
    assert target.met is met


def test_bias_is_held_against_its_target_only_in_groups_of_three_clips() -> None:
    squats = [a_case(9.0, lift="squat")] * 2
    listed = {t.what: t.value for t in targets(metrics_of(*[a_case(1.0)] * 3, *squats), 1.7)}
    assert listed["pelvic tilt, largest bias by lift (rdl)"] == pytest.approx(1)


def test_what_was_not_measured_is_null_in_the_numbers_and_a_dash_on_the_page() -> None:
    metrics = metrics_of(a_case(gradeable=False, reasons=("too_small",)))
    assert plain(metrics)["count_exact"] is None
    assert "| tuck per rep, MAE | - | at most 4.0 deg | - |" in write_page(metrics, "accuracy")


def test_the_page_says_what_the_metrics_say() -> None:
    page = write_page(metrics_of(a_case(2.0)), "accuracy")
    assert "| pelvic tilt, MAE, side view | 2.0 deg | at most 4.0 deg | yes |" in page
    assert "| butt wink of 14 deg or more, found | 100 % | at least 95 % | yes |" in page
    assert "images/accuracy_scatter.png" in page
