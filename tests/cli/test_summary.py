"""A result on the terminal says no more than was judged."""

from __future__ import annotations

import io

import pytest
from report.sets import SetOfReps, make_analysis, make_result, without_tuck_verdict
from rich.console import Console

from hingecheck.cli.summary import print_result, was_judged
from hingecheck.form.records import Verdict
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
    assert "? Unsure no 2° (0 to 8) not judged" in text
