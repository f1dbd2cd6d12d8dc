"""What the hamstrings did once the pelvis tucked: lower without the stretch."""

from __future__ import annotations

import numpy as np

from hingecheck.form.judge import Z95
from hingecheck.form.records import Analysis, RepCheck
from hingecheck.motion.hamstrings import Belly, MuscleLength
from hingecheck.motion.records import Lift
from hingecheck.report.schema import RepResult, Result
from hingecheck.report.words import number

__all__ = ["hamstring_sentence", "mean_length"]

BIARTICULAR = (Belly.BFLH, Belly.SEMIMEM, Belly.SEMITEN)
"""The bellies that start on the pelvis; the fourth does not feel it turn."""

LEAST_DROP_CM = 4.0
"""What a wrist is known to (`motion/bar.py`); a smaller drop is not told."""

WITH_BAR = frozenset({Lift.DEADLIFT, Lift.RDL})
"""Lifts in which the hands hold a bar in front; elsewhere they are called hands."""


def mean_length(analysis: Analysis) -> MuscleLength:
    """Mean length of the three bellies that cross hip and knee, over that in standing.

    They err together, being computed from the same two joints: so does their mean.
    """
    lengths = [analysis.hamstrings[belly] for belly in BIARTICULAR]
    return MuscleLength(
        ratio=np.mean([length.ratio for length in lengths], axis=0),
        sd=np.mean([length.sd for length in lengths], axis=0),
    )


def hamstring_sentence(
    analysis: Analysis, result: Result, check: RepCheck, rep: RepResult
) -> str | None:
    """How the hamstrings' length changed from a tuck's onset to the bottom of the descent.

    None without a tuck, in a rep that was judged on its pull, and where the change is smaller than
    its own 95 % interval: two frames of one rep share most of what the pelvis errs by, and only
    the rest counts.

    Args:
        analysis: Where the shared part of the error comes from.
        result: Names the lift.
        check: The rep as it was judged.
        rep: The same rep's record.
    """
    if check.worst < check.reference:
        return None
    three = [one for one in rep.hamstrings if one.belly in BIARTICULAR]
    ends = [(one.onset, one.bottom, one.bottom_sd) for one in three]
    told = [(onset, low, sd) for onset, low, sd in ends if None not in (onset, low, sd)]
    if not told:
        return None
    onset, bottom, sd = np.mean(np.array(told, dtype=np.float64), axis=0)
    change_pct = 100 * float(bottom - onset)
    error_pct = 100 * Z95 * float(sd) * _own_share(analysis, check)
    if not abs(change_pct) > error_pct:
        return None
    told_pct = f"{'+' if change_pct > 0 else ''}{number(change_pct)} %"
    does = "still lengthen" if change_pct > 0 else "stop lengthening"
    return f"From there down your hamstrings {does}: {told_pct}{_meanwhile(result, rep)}."


def _own_share(analysis: Analysis, check: RepCheck) -> float:
    """Share of the pelvis's standard deviation at the bottom that other frames do not share."""
    pelvis, bottom = analysis.angles.pelvic_tilt, check.rep.bottom
    shared_deg = np.broadcast_to(analysis.spine.shared_sd_deg, pelvis.sd_deg.shape)[bottom]
    common = min(float(shared_deg / pelvis.sd_deg[bottom]), 1.0)
    return float(np.sqrt(1.0 - common**2))


def _meanwhile(result: Result, rep: RepResult) -> str:
    high, low = rep.clean_depth.bar_height_cm, rep.bar_height_bottom_cm
    if high is None or low is None or high - low < LEAST_DROP_CM:
        return ""
    what = "the bar drops" if result.lift.name in WITH_BAR else "your hands drop"
    return f" while {what} {number(high - low)} cm"
