"""What the hamstrings did is told only beyond its own error, and only where there is a tuck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from report.sets import SetOfReps, make_analysis, make_result

from hingecheck.form.records import Analysis
from hingecheck.motion.records import Lift
from hingecheck.report.hamstrings import hamstring_sentence, mean_length


def tucked(change: float, shared_sd_deg: float, lift: Lift = Lift.RDL) -> Analysis:
    """A tucked rep whose hamstrings change by so much of their standing length from its onset."""
    analysis = make_analysis(SetOfReps(tucks_deg=(18.0,)))
    check = analysis.reps[0]
    bottom, onset = check.rep.bottom, round(check.butt_wink.onset_s * 30)
    way = np.clip((np.arange(analysis.frames) - onset - 3) / (bottom - onset - 6), 0.0, 1.0)
    lengths = {
        belly: replace(length, ratio=1.1 + change * way, sd=np.full(analysis.frames, 0.02))
        for belly, length in analysis.hamstrings.items()
    }
    return replace(
        analysis,
        hamstrings=lengths,
        spine=replace(analysis.spine, shared_sd_deg=np.full(analysis.frames, shared_sd_deg)),
        lift=replace(analysis.lift, name=lift),
    )


def sentence(analysis: Analysis) -> str | None:
    result = make_result(analysis)
    return hamstring_sentence(analysis, result, analysis.reps[0], result.reps[0])


@pytest.mark.parametrize(
    ("change", "lift", "told"),
    [
        (-0.05, Lift.RDL, "stop lengthening: \N{MINUS SIGN}5 % while the bar drops 4 cm."),
        (-0.05, Lift.SWING, "stop lengthening: \N{MINUS SIGN}5 % while your hands drop 4 cm."),
        (0.05, Lift.RDL, "still lengthen: +5 % while the bar drops 4 cm."),
    ],
)
def test_change_from_the_onset_down_is_told_as_it_is(change: float, lift: Lift, told: str) -> None:
    assert sentence(tucked(change, 5.0, lift)) == f"From there down your hamstrings {told}"


def test_change_within_its_own_error_is_not_told() -> None:
    assert sentence(tucked(-0.01, 5.0)) is None
    assert sentence(tucked(-0.036, 5.0)) is not None
    assert sentence(tucked(-0.036, 0.0)) is None, "nothing of the error is shared"


def test_rep_without_tuck_says_nothing_of_it() -> None:
    analysis = make_analysis(SetOfReps(tucks_deg=(3.0,)))
    assert sentence(analysis) is None


def test_mean_length_is_of_the_bellies_that_cross_the_hip() -> None:
    analysis = make_analysis(SetOfReps(tucks_deg=(3.0,)))
    bottom = analysis.reps[0].rep.bottom
    ratios = {belly: float(one.ratio[bottom]) for belly, one in analysis.hamstrings.items()}
    knee_only = ratios.pop("bfsh")
    mean = float(mean_length(analysis).ratio[bottom])
    assert min(ratios.values()) <= mean <= max(ratios.values())
    assert knee_only < 1 < mean


def test_error_of_a_change_is_never_nothing_however_much_the_lower_back_shares() -> None:
    assert sentence(tucked(-0.02, 50.0)) is None, "thigh and knee err in any case"
    analysis = tucked(-0.036, 5.0)
    spread = analysis.angles.lumbar_flexion
    unsure = replace(spread, sd_deg=4 * spread.sd_deg)
    little = replace(analysis, angles=replace(analysis.angles, lumbar_flexion=unsure))
    assert sentence(analysis) is not None
    assert sentence(little) is None, "a smaller share of the lower back's is one of the pelvis's"
