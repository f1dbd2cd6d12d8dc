"""The set's drawing shows every rep that has a number, where its number is."""

from __future__ import annotations

from report.sets import SetOfReps, make_analysis, make_result, measure, with_measures

from hingecheck.form.records import Code, Reason, Verdict
from hingecheck.report.trend_plot import TrendPlot, depth_deg, plot_trends

NAN = float("nan")


def plots(of: SetOfReps) -> dict[str, TrendPlot]:
    analysis = make_analysis(of)
    return {plot.name: plot for plot in plot_trends(analysis, make_result(analysis))}


def test_larger_tucks_are_drawn_higher_with_their_interval() -> None:
    dots = plots(SetOfReps(tucks_deg=(3.0, 9.0, 18.0)))["Tuck"].dots
    heights = [dot.y for dot in dots]
    assert heights == sorted(heights, reverse=True)
    assert all(dot.high_y < dot.y < dot.low_y for dot in dots)
    assert dots[2].label == "Rep 3: 18° (12 to 24)"


def test_limit_lies_between_the_reps_it_parts() -> None:
    plot = plots(SetOfReps(tucks_deg=(3.0, 18.0)))["Tuck"]
    assert plot.limit_y is not None
    assert plot.dots[1].y < plot.limit_y < plot.dots[0].y


def test_rep_that_was_not_judged_leaves_a_gap() -> None:
    drawn = plots(SetOfReps(tucks_deg=(3.0, NAN, 18.0)))
    assert len(drawn["Tuck"].dots) == len(drawn["Lumbar flexion"].dots) == 2
    assert [index for _, index in drawn["Tuck"].reps] == [1, 2, 3]
    assert drawn["Tuck"].dots[1].x == drawn["Depth"].dots[2].x


def test_refused_view_draws_depth_alone() -> None:
    of = SetOfReps(view_gradeable=False, view_reasons=(Reason.VIEW_OBLIQUE,))
    assert list(plots(of)) == ["Depth"]


def test_one_rep_is_no_set() -> None:
    assert plots(SetOfReps(tucks_deg=(3.0,))) == {}
    assert plots(SetOfReps(tucks_deg=())) == {}


def test_many_reps_keep_their_numbers_apart() -> None:
    plot = plots(SetOfReps(tucks_deg=(3.0,) * 25))["Tuck"]
    assert len(plot.dots) == 25
    assert len(plot.reps) <= 10


def test_depth_is_unknown_where_limbs_were_not_judged() -> None:
    refused = measure(Code.LOCKOUT_SHORT, 1, Verdict.NOT_GRADEABLE, reason=Reason.VIEW_OBLIQUE)
    depths = depth_deg(with_measures(make_analysis(SetOfReps()), refused))
    assert depths[1] is None
    assert depths[2] is not None


def test_depth_that_is_refused_is_not_drawn() -> None:
    refused = measure(Code.LOCKOUT_SHORT, 1, Verdict.NOT_GRADEABLE, reason=Reason.VIEW_OBLIQUE)
    analysis = with_measures(make_analysis(SetOfReps()), refused)
    drawn = {plot.name: plot for plot in plot_trends(analysis, make_result(analysis))}
    assert [dot.label[:5] for dot in drawn["Depth"].dots] == ["Rep 2", "Rep 3"]
