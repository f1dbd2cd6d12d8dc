"""Every answer is told with its number and its limit, and no doubt is told as a finding."""

from __future__ import annotations

from typing import Any

import pytest
from report.sets import SetOfReps, make_analysis, make_result, measure, with_measures

from hingecheck.form.messages import advice
from hingecheck.form.records import Band, Code, Measure, Reason, Unit, Verdict
from hingecheck.report.answers import (
    also_seen,
    answers,
    cue_place,
    drift_sentences,
    finding_sentence,
    seen_sentence,
    too_few_to_drift,
)
from hingecheck.report.schema import Result

YES, NO = Verdict.YES, Verdict.NO
QUICK: dict[str, Any] = {"value": 0.62, "ci95": (0.46, 0.78), "unit": Unit.S, "limit": 1.0}


def result_with(*measures: Measure, tucks_deg: tuple[float, ...] = (3.0, 4.0, 18.0)) -> Result:
    return make_result(with_measures(make_analysis(SetOfReps(tucks_deg=tucks_deg)), *measures))


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (measure(Code.NECK_EXTENSION, 2, YES), "Chin up: 48° (38 to 58), usual up to 30°"),
        (
            measure(Code.FAST_DESCENT, 2, YES, **QUICK),
            "Quick on the way down: 0.6 s (0.5 to 0.8), usual from 1.0 s",
        ),
        (
            measure(Code.BAR_DRIFT, 2, YES, unit=Unit.CM, limit=12.5),
            "Bar drifts forward: 48 cm (38 to 58), usual up to 12.5 cm",
        ),
    ],
)
def test_finding_is_told_with_number_interval_and_limit(told: Measure, sentence: str) -> None:
    rep = result_with(told).reps[1]
    assert finding_sentence(rep.findings[0], rep.measures) == sentence


def test_also_seen_names_each_kind_once_and_leaves_the_back_to_the_headline() -> None:
    result = result_with(
        measure(Code.FAST_DESCENT, 3, YES, **QUICK, band=Band.SLIGHT),
        measure(Code.NECK_EXTENSION, 1, YES),
        measure(Code.NECK_EXTENSION, 2, YES, value=52.0),
    )
    assert "butt_wink" in [finding.code for finding in result.reps[2].findings]
    seen = also_seen(result)
    assert (
        seen_sentence(seen) == "Also seen: chin up (reps 1 and 2), quick on the way down (rep 3)."
    )
    assert (seen[0].most_rep, seen[0].numbers) == (2, "52° (38 to 58), usual up to 30°")


def test_doubts_and_refusals_are_never_seen() -> None:
    result = result_with(
        measure(Code.NECK_EXTENSION, 1, Verdict.UNSURE),
        measure(Code.BAR_DRIFT, 1, Verdict.NOT_GRADEABLE, reason=Reason.LIMB_HIDDEN),
    )
    assert seen_sentence(also_seen(result)) is None


@pytest.mark.parametrize("code", list(Code))
def test_every_question_is_explained(code: Code) -> None:
    result = result_with(measure(code, 1, NO))
    row = answers(result.reps[0].measures)[-1]
    assert row.question.endswith("?")
    assert row.meaning.startswith("How ")
    assert row.text == "No"
    if code is Code.HINGED_SQUAT:
        assert row.value == "the trunk leans 48° more than the thighs (38 more to 58 more)"
        assert row.limit == "usual up to 30° more"
    else:
        assert row.value == "48° (38 to 58)"
        assert row.limit.endswith(" 30°")


def test_answer_that_was_not_given_says_why() -> None:
    refused = measure(Code.BAR_DRIFT, 1, Verdict.NOT_GRADEABLE, reason=Reason.LIMB_HIDDEN)
    row = answers(result_with(refused).reps[0].measures)[-1]
    assert row.text == f"Not judged: {advice(Reason.LIMB_HIDDEN).problem}"
    assert (row.value, row.limit) == ("", "")


def test_drift_is_told_only_where_the_set_says_yes() -> None:
    grown = measure(Code.FATIGUE_TUCK, None, YES, value=12.0, ci95=(8.4, 15.6))
    steady = measure(Code.FATIGUE_DEPTH, None, NO)
    told = drift_sentences(result_with(grown, steady))
    assert told == ["Over the set the tuck grew by 12° (8 to 16)."]
    assert drift_sentences(result_with(steady)) == []


def test_too_few_reps_are_named_once_and_not_beside_a_drift_or_a_single_rep() -> None:
    few = [
        measure(code, None, Verdict.NOT_GRADEABLE, reason=Reason.TOO_FEW_REPS)
        for code in (Code.FATIGUE_TUCK, Code.FATIGUE_DEPTH)
    ]
    assert too_few_to_drift(result_with(*few))
    assert not too_few_to_drift(result_with(*few, tucks_deg=(3.0,)))
    assert not too_few_to_drift(result_with(few[0], measure(Code.FATIGUE_DEPTH, None, YES)))
    assert not too_few_to_drift(result_with(measure(Code.FATIGUE_TUCK, None, NO)))


def test_cue_leads_to_the_moment_it_speaks_of() -> None:
    result = result_with(
        measure(Code.NECK_EXTENSION, 1, YES, band=Band.SLIGHT, time_s=3.0),
        measure(Code.NECK_EXTENSION, 2, YES, band=Band.LARGE, time_s=6.0),
        measure(Code.FATIGUE_TUCK, None, YES, band=Band.LARGE),
    )
    chin, drift = result.summary.cues
    assert cue_place(result, drift) is None, "the drift is the set's"
    place = cue_place(result, chin)
    assert place is not None
    words, rep, finding = place
    assert chin.startswith(f"{words} (Chin up: 48°, rep 2, at 6.0 s")
    assert (rep.index, finding.time_s) == (2, 6.0)


def test_rounding_and_arch_say_which_of_them_has_the_late_tuck() -> None:
    told = result_with(measure(Code.ROUNDING, 1, NO), measure(Code.OVER_EXTENSION, 1, NO))
    rounding, arch = (row.meaning for row in answers(told.reps[0].measures)[-2:])
    assert "before what a late tuck adds, counted from standing" in rounding
    assert "what a late tuck adds included" in arch


def test_fold_is_told_without_signs() -> None:
    told = measure(Code.HINGED_SQUAT, 1, YES, value=-4.0, ci95=(-9.0, 20.0), limit=-10.0)
    rep = result_with(told).reps[0]
    assert finding_sentence(rep.findings[0], rep.measures) == (
        "Trunk folds over: the trunk leans 4° less than the thighs (9 less to 20 more),"
        " usual up to 10° less"
    )


def test_meanings_say_what_a_number_counts_from_and_how_rough_it_is() -> None:
    told = result_with(measure(Code.LOCKOUT_SHORT, 1, NO), measure(Code.NECK_EXTENSION, 1, NO))
    lockout, chin = (row.meaning for row in answers(told.reps[0].measures)[-2:])
    assert lockout.endswith("more than at your straightest top.")
    assert chin.endswith("A rough question: heads are seen to about 30°.")


def test_answer_beside_its_limit_shows_on_which_side() -> None:
    near = measure(Code.BUTT_WINK, 1, NO, value=0.0, ci95=(0.0, 7.6), limit=8.0)
    assert answers(result_with(near).reps[0].measures)[-1].value == "0° (0 to 7.6)"
