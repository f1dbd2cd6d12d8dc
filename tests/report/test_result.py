"""An analysis becomes a record that keeps the file contract."""

from __future__ import annotations

import dataclasses
import json
import math
from importlib.resources import files
from pathlib import Path

import jsonschema
import numpy as np
import pytest
from pydantic import ValidationError
from report.sets import SetOfReps, make_analysis, make_result

from hingecheck.form.messages import advice, message
from hingecheck.form.records import Analysis, Band, Code, Finding, Reason, RepCheck, Unit, Verdict
from hingecheck.report.result import (
    PEAK_S,
    build_result,
    read_result,
    tuck_trend,
    useful_cues,
    worst_rep,
    write_result,
)
from hingecheck.report.schema import Result, json_schema
from hingecheck.spine.records import BaselineSource

NAN = float("nan")
SETS = {
    "tuck in the last rep": SetOfReps(),
    "view refused": SetOfReps(view_gradeable=False, view_reasons=(Reason.VIEW_OBLIQUE,)),
    "no reps": SetOfReps(tucks_deg=(), lead_s=4, view_reasons=(Reason.NO_REPS,)),
    "nobody": SetOfReps(tucks_deg=(), lead_s=4, detected=False, view_gradeable=False,
                        view_reasons=(Reason.NO_PERSON,)),
    "one rep lost": SetOfReps(tucks_deg=(3.0, NAN, 20.0)),
}  # fmt: skip


def checks(*tucks_deg: float, sd_deg: float = 3.1) -> tuple[RepCheck, ...]:
    return make_analysis(SetOfReps(tucks_deg=tucks_deg, tuck_sd_deg=sd_deg)).reps


def test_shipped_schema_is_the_model() -> None:
    shipped = (files("hingecheck.report") / "result.schema.json").read_text(encoding="utf-8")
    assert json.loads(shipped) == json_schema()


def test_shipped_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("of", SETS.values(), ids=SETS.keys())
def test_written_result_validates_and_reads_back(of: SetOfReps, tmp_path: Path) -> None:
    result = make_result(make_analysis(of))
    path = tmp_path / "result.json"
    write_result(result, path)
    text = path.read_text(encoding="utf-8")
    assert "NaN" not in text
    assert json.loads(text)["schema"] == "hingecheck.result/1"
    jsonschema.validate(json.loads(text), json_schema())
    assert read_result(path) == result


def test_unknown_field_breaks_the_contract(result: Result) -> None:
    record = json.loads(result.model_dump_json(by_alias=True)) | {"mood": "good"}
    with pytest.raises(ValidationError, match="mood"):
        Result.model_validate(record)
    with pytest.raises(jsonschema.ValidationError, match="mood"):
        jsonschema.validate(record, json_schema())


def test_missing_is_null_and_never_zero() -> None:
    result = make_result(make_analysis(SetOfReps(tucks_deg=(3.0, NAN), gap=slice(185, 260))))
    lost = result.reps[1]
    assert lost.butt_wink.tuck_deg is None
    assert lost.butt_wink.ci95_deg == (None, None)
    assert lost.rounding.limit_deg is None
    assert lost.peak["lumbar_flexion_deg"] is None
    assert result.reps[0].butt_wink.onset_s is None


def test_rounding_says_what_it_was_judged_against(result: Result, tmp_path: Path) -> None:
    assert [rep.rounding.limit_deg for rep in result.reps] == [30.5] * 3
    record = json.loads(result.model_dump_json(by_alias=True))
    for rep in record["reps"]:
        del rep["rounding"]["limit_deg"]
    earlier = tmp_path / "result.json"
    earlier.write_text(json.dumps(record), encoding="utf-8")
    jsonschema.validate(record, json_schema())
    assert read_result(earlier).reps[0].rounding.limit_deg is None


def test_peak_holds_every_angle_with_its_sd(analysis: Analysis, result: Result) -> None:
    names = [f"{name}{end}" for name, _ in analysis.angles.items() for end in ("_deg", "_sd_deg")]
    bottom_s = analysis.track.time_s[analysis.reps[2].rep.bottom]
    around = np.abs(analysis.track.time_s - bottom_s) <= PEAK_S
    assert list(result.reps[2].peak) == names
    assert result.reps[2].peak["lumbar_flexion_deg"] == pytest.approx(
        analysis.angles.lumbar_flexion.value_deg[around].mean(), abs=0.05
    )


def test_summary_counts_all_four_verdicts(result: Result) -> None:
    assert result.summary.reps == 3
    assert result.summary.butt_wink == {
        Verdict.YES: 1,
        Verdict.NO: 2,
        Verdict.UNSURE: 0,
        Verdict.NOT_GRADEABLE: 0,
    }
    assert set(result.summary.rounding) == set(Verdict)


def test_every_reason_named_anywhere_has_its_message() -> None:
    of = SetOfReps(tucks_deg=(3.0, NAN))
    result = make_result(make_analysis(of))
    assert result.view.reasons == []
    assert result.reps[1].reasons == [Reason.LIFTER_LOST]
    assert result.view.messages == {Reason.LIFTER_LOST: message(Reason.LIFTER_LOST)}


def test_baseline_names_the_stored_profile(analysis: Analysis) -> None:
    plain = make_result(analysis)
    assert plain.baseline.source == BaselineSource.STANDING
    assert (plain.baseline.start_s, plain.baseline.end_s) == (0.1, 1.2)
    named = build_result(
        analysis, clip=plain.clip, pose=plain.pose, timing={}, settings={}, profile="ana"
    )
    assert named.baseline.source == "profile:ana"


def test_worst_rep_is_the_largest_gradeable_tuck() -> None:
    assert worst_rep(checks(3, 12, NAN, 9)) == 2
    assert worst_rep(checks(NAN, NAN)) is None
    assert worst_rep(()) is None


def test_trend_of_a_straight_line_is_its_slope() -> None:
    trend = tuck_trend(checks(2, 5, 8, 11))
    assert trend is not None
    assert trend.tuck_deg_per_rep == pytest.approx(3.0)
    assert trend.sd_deg_per_rep == pytest.approx(3.1 / math.sqrt(5), abs=0.01)


def test_trend_weighs_a_tuck_by_all_of_its_uncertainty() -> None:
    """An interval cut off at 0 is narrower than what is not known about a tuck."""
    none, small, large = checks(0, 6, 12)
    assert none.butt_wink.ci95_deg[0] == 0.0
    trend = tuck_trend((none, small, large))
    assert trend is not None
    assert trend.tuck_deg_per_rep == pytest.approx(6.0)
    assert trend.sd_deg_per_rep == pytest.approx(3.1 / math.sqrt(2), abs=0.01)


def test_trend_skips_the_rep_that_was_not_judged_but_keeps_its_place() -> None:
    trend = tuck_trend(checks(2, NAN, 8, 11))
    assert trend is not None
    assert trend.tuck_deg_per_rep == pytest.approx(3.0)


def test_trend_is_less_sure_where_reps_scatter_beyond_their_intervals() -> None:
    trend = tuck_trend(checks(0, 14, 1, 13, sd_deg=1))
    assert trend is not None
    assert trend.sd_deg_per_rep is not None
    assert trend.sd_deg_per_rep > 3 * (1 / math.sqrt(5))


def test_two_reps_make_no_trend() -> None:
    assert tuck_trend(checks(2, NAN, 9)) is None


def test_cues_are_two_the_most_severe_first_then_the_most_frequent() -> None:
    def finding(code: Code, severity: Band, cue: str) -> Finding:
        return Finding(code, severity, 1.0, 10.0, Unit.DEG, cue)

    rare = finding(Code.NECK_EXTENSION, Band.SLIGHT, "Eyes on the floor.")
    often = finding(Code.SQUATTED_HINGE, Band.SLIGHT, "Soften the knees.")
    severe = finding(Code.BUTT_WINK, Band.LARGE, "Stop higher.")
    milder = finding(Code.BUTT_WINK, Band.SLIGHT, "Stop a little higher.")
    first, second, third = checks(1, 2, 3)
    reps = (
        dataclasses.replace(first, findings=(rare, often, milder)),
        dataclasses.replace(second, findings=(often,)),
        dataclasses.replace(third, findings=(severe,)),
    )
    assert useful_cues(reps) == [
        "Stop higher. (Tuck: 10°, rep 3, at 1.0 s.)",
        "Soften the knees. (Knees take over: 10°, rep 1, at 1.0 s.)",
    ]
    assert useful_cues(checks(1, 2)) == []


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_says_what_is_wrong_and_how_to_film_it_better(reason: Reason) -> None:
    problem, remedy = advice(reason)
    assert problem.endswith(".")
    assert remedy.endswith(".")
    assert message(reason) == f"{problem} {remedy}"
    for word in ("injur", "danger", "wrong", "bad ", "error"):
        assert word not in message(reason).lower()
