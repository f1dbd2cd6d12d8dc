"""Words over the picture say no more than was judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hingecheck.form.findings.butt_wink import NOT_GRADED
from hingecheck.form.messages import advice
from hingecheck.form.records import Analysis, Reason, RepCheck, Verdict
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
