"""A result on the terminal says no more than was judged."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from report.sets import (
    SetOfReps,
    make_analysis,
    make_result,
    measure,
    with_measures,
    without_tuck_verdict,
)
from rich.console import Console

from hingecheck.cli.summary import print_result, was_judged
from hingecheck.form.messages import advice
from hingecheck.form.records import Code, Reason, Verdict
from hingecheck.motion.records import Lift, LiftGuess
from hingecheck.report.schema import Result


def printed(result: Result) -> str:
    """What a terminal of 100 columns would show, in one line."""
    console = Console(file=io.StringIO(), width=100)
    print_result(result, console)
    assert isinstance(console.file, io.StringIO)
    return " ".join(console.file.getvalue().split())


def test_rep_without_tuck_and_rounding_is_held() -> None:
    text = printed(make_result(make_analysis(SetOfReps(tucks_deg=(2.0,)))))
    assert "The rep held." in text
    assert "= Held no 2°" in text


@pytest.mark.parametrize(
    ("rounding", "label"),
    [
        (Verdict.NO, "? Unsure not judged no "),
        (Verdict.UNSURE, "? Unsure not judged unsure "),
        (Verdict.YES, "! Changed not judged slight "),
        (Verdict.NOT_GRADEABLE, "- Not judged not judged not judged"),
    ],
)
def test_rep_whose_tuck_was_not_judged_is_never_held(rounding: Verdict, label: str) -> None:
    result = make_result(without_tuck_verdict(make_analysis(SetOfReps(rounding=rounding))))
    text = printed(result)
    assert text.count(label) == 3
    assert "= Held" not in text
    assert "reps held" not in text
    assert was_judged(result) == (rounding is not Verdict.NOT_GRADEABLE)


def test_rep_whose_rounding_was_not_judged_is_never_held() -> None:
    held = make_result(make_analysis(SetOfReps(tucks_deg=(2.0,))))
    rep = held.reps[0]
    unknown = rep.rounding.model_copy(update={"verdict": Verdict.NOT_GRADEABLE})
    text = printed(held.model_copy(update={"reps": [rep.model_copy(update={"rounding": unknown})]}))
    assert "= Held" not in text
    assert "? Unsure no 2° (0 to 8.1) not judged" in text


def test_short_set_with_findings_fits_a_screen_and_names_each_kind_once() -> None:
    codes = (Code.NECK_EXTENSION, Code.BAR_DRIFT, Code.LOCKOUT_SHORT, Code.SQUATTED_HINGE)
    answers = [measure(code, rep, Verdict.YES) for code in codes for rep in (1, 2, 3)]
    analysis = with_measures(make_analysis(SetOfReps()), *answers)
    console = Console(file=io.StringIO(), width=100)
    print_result(make_result(analysis), console)
    assert isinstance(console.file, io.StringIO)
    lines = console.file.getvalue().splitlines()
    assert len(lines) <= 20
    told = "Also seen: chin up (reps 1, 2 and 3), in rep 1 48° (38 to 58), usual up to 30°."
    assert lines.count(told) == 1
    assert sum(line.startswith("Also seen: ") for line in lines) == 4
    assert any(line.startswith("Clean hinge depth: 71° of hip flexion") for line in lines)


def test_lift_that_was_guessed_is_called_a_guess() -> None:
    analysis = make_analysis(SetOfReps())
    guess = LiftGuess(Lift.SQUAT, 0.4, "auto")
    text = printed(make_result(replace(analysis, lift=guess)))
    assert "Taken for a squat (not sure); tell with --lift." in text


def test_clip_without_reps_says_so_once_and_names_no_lift() -> None:
    text = printed(
        make_result(make_analysis(SetOfReps(tucks_deg=(), view_reasons=(Reason.NO_REPS,))))
    )
    assert text.startswith("rdl_set.mp4: 0 reps No whole hinge was found in this clip.")
    assert text.count("No whole hinge") == 1
    assert advice(Reason.NO_REPS).remedy in text
