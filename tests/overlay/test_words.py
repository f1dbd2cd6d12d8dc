"""Words over the picture say no more than was judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hingecheck.form.findings.butt_wink import NOT_GRADED
from hingecheck.form.messages import advice
from hingecheck.form.records import (
    Analysis,
    Band,
    Code,
    Finding,
    Reason,
    RepCheck,
    Unit,
    Verdict,
)
from hingecheck.overlay.colours import BLUE, GREY, Colour
from hingecheck.overlay.words import caption_at

MakeSquat = Callable[..., Analysis]


def notes_of(analysis: Analysis, first: RepCheck) -> tuple[tuple[str, Colour], ...]:
    """The notes at the bottom of the first rep, judged so."""
    judged = replace(analysis, reps=(first, *analysis.reps[1:]))
    return caption_at(judged, first.rep.bottom).notes


def test_rep_without_tuck_and_rounding_is_held(squat: MakeSquat) -> None:
    analysis = squat()
    assert notes_of(analysis, analysis.reps[0]) == (("Rep 1: held", BLUE),)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_rep_whose_tuck_was_not_judged_is_never_held(squat: MakeSquat, verdict: Verdict) -> None:
    analysis = squat()
    rounding = replace(analysis.reps[0].rounding, verdict=verdict)
    hidden = replace(
        analysis.reps[0], reasons=(Reason.BACK_HIDDEN,), butt_wink=NOT_GRADED, rounding=rounding
    )
    notes = notes_of(analysis, hidden)
    assert notes[0] == (f"Rep 1: can't tell: {advice(Reason.BACK_HIDDEN).problem}", GREY)
    assert not any("held" in words for words, _ in notes)


def finding(code: Code, severity: Band, value: float, unit: Unit = Unit.DEG) -> Finding:
    return Finding(code, severity, 1.0, value, unit, "A cue.")


def test_most_severe_other_finding_is_named_in_a_few_words(squat: MakeSquat) -> None:
    analysis = squat()
    seen = (
        finding(Code.BUTT_WINK, Band.LARGE, 30.0),
        finding(Code.NECK_EXTENSION, Band.SLIGHT, 40.0),
        finding(Code.FAST_DESCENT, Band.CLEAR, 0.62, Unit.S),
    )
    notes = notes_of(analysis, replace(analysis.reps[0], findings=seen))
    assert [words for words, _ in notes] == ["Rep 1: held", "Also: quick on the way down 0.6 s"]


def test_tuck_and_rounding_are_not_said_twice(squat: MakeSquat) -> None:
    analysis = squat()
    seen = (finding(Code.BUTT_WINK, Band.LARGE, 30.0), finding(Code.ROUNDING, Band.CLEAR, 40.0))
    assert len(notes_of(analysis, replace(analysis.reps[0], findings=seen))) == 1


def test_pull_is_told_at_lockout_and_a_descent_at_its_bottom(squat: MakeSquat) -> None:
    analysis = squat()
    first = analysis.reps[0]
    pull = replace(
        first,
        rep=replace(first.rep, top=35, bottom=59, from_floor=True),
        worst=first.rep.start,
        reference=28,
    )
    pulled = replace(analysis, reps=(pull, *analysis.reps[1:]))
    assert caption_at(pulled, 34).notes == ()
    assert caption_at(pulled, 35).notes == (("Rep 1: held", BLUE),)
    descent = replace(
        analysis, reps=(replace(first, rep=replace(pull.rep, top=20)), analysis.reps[1])
    )
    assert caption_at(descent, 58).notes == ()
    assert caption_at(descent, 59).notes != ()


def test_clip_without_reps_names_no_lift(squat: MakeSquat) -> None:
    assert caption_at(replace(squat(), reps=()), 0).title == "No reps found"
