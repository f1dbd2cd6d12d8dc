"""What the hamstrings did once the pelvis tucked: lower without the stretch."""

from __future__ import annotations

import numpy as np

from hingecheck.form.judge import Z95
from hingecheck.form.records import Analysis, RepCheck
from hingecheck.motion.hamstrings import Belly, MuscleLength, hamstring_length
from hingecheck.motion.records import Lift
from hingecheck.report.schema import HamstringResult, RepResult, Result
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
    ends = [(one.onset, one.bottom, _own_sd(analysis, check, one)) for one in three]
    told = [(onset, low, sd) for onset, low, sd in ends if None not in (onset, low, sd)]
    if not told:
        return None
    onset, bottom, sd = np.mean(np.array(told, dtype=np.float64), axis=0)
    change_pct = 100 * float(bottom - onset)
    error_pct = 100 * Z95 * float(sd)
    if not abs(change_pct) > error_pct:
        return None
    told_pct = f"{'+' if change_pct > 0 else ''}{number(change_pct)} %"
    does = "still lengthen" if change_pct > 0 else "stop lengthening"
    return f"From there down your hamstrings {does}: {told_pct}{_meanwhile(result, rep)}."


def _own_sd(analysis: Analysis, check: RepCheck, one: HamstringResult) -> float | None:
    """Standard deviation of a belly's length at the bottom that other frames do not share.

    The frames of a clip share as much of the pelvis's error as of the lower back's: both come
    from one outline and one zero. Thigh and knee err anew, all of it counts.
    """
    if one.bottom_sd is None:
        return None
    angles, bottom = analysis.angles, check.rep.bottom
    pelvis, lumbar = angles.pelvic_tilt, angles.lumbar_flexion
    shared_deg = np.broadcast_to(analysis.spine.shared_sd_deg, lumbar.sd_deg.shape)[bottom]
    share = min(float(shared_deg / lumbar.sd_deg[bottom]), 1.0)
    hip_deg, knee_deg = angles.hip_flexion.value_deg[bottom], angles.knee_flexion.value_deg[bottom]
    ends = [hamstring_length(one.belly, hip_deg + step, knee_deg) for step in (-0.5, 0.5)]
    common = float(ends[1] - ends[0]) * share * float(pelvis.sd_deg[bottom])
    return float(np.sqrt(max(one.bottom_sd**2 - common**2, 0.0)))


def _meanwhile(result: Result, rep: RepResult) -> str:
    high, low = rep.clean_depth.bar_height_cm, rep.bar_height_bottom_cm
    if high is None or low is None or high - low < LEAST_DROP_CM:
        return ""
    what = "the bar drops" if result.lift.name in WITH_BAR else "your hands drop"
    return f" while {what} {number(high - low)} cm"
