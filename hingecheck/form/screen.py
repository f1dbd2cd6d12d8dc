"""The mobility screen: is the clean hinge limited, do both sides agree, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hingecheck.form.clean_depth import UNKNOWN, clean_depth
from hingecheck.form.drills import DRILLS, Drill
from hingecheck.form.judge import interval_of, verdict_of
from hingecheck.form.records import Analysis, CleanDepth, RepCheck, Verdict
from hingecheck.pose.records import FloatArray

__all__ = [
    "LIMITED_HIP_DEG",
    "USUAL_HIP_DEG",
    "DepthVerdict",
    "Doubt",
    "Sides",
    "compare_sides",
    "drills_for",
    "judge_depth",
    "screen_depth",
    "screen_tuck",
]

USUAL_HIP_DEG = 69.4
"""Hip flexion in a full forward bend with straight knees (Esola 1996, Spine 21(1))."""

LIMITED_HIP_DEG = 60.0
"""Clean hinge depth below which it is called limited. Full forward bends have 69 degrees at the hip
(Esola 1996). Straight-leg raises, which reach a little further since the pelvis turns with the leg,
come to 74 degrees in men and to 61 in those whose hamstrings are called short (54 men, "Passive
compliance and length of clinically short hamstring muscles of healthy men"); women have 8 more than
men, and age makes no difference (Youdas 2005, doi 10.2519/jospt.2005.35.4.246)."""

STRAIGHT_KNEE_DEG = 25.0
"""Knee flexion up to which the knees count as nearly straight: stiff-leg hinges bend them by 5 to
20 degrees, and landmarks see that to about 7 (`motion.angles`)."""

AROUND_S = 0.1
"""Angles at a moment are means over this long before and after it (`form.filmed`)."""


class Doubt(StrEnum):
    """Why the screen's movement leaves the answer open."""

    KNEES_BENT = "knees_bent"
    NOT_DEEP = "not_deep"
    TUCK_UNCLEAR = "tuck_unclear"


@dataclass(frozen=True, slots=True)
class DepthVerdict:
    """Whether the clean hinge is limited.

    Attributes:
        limited: Yes and no only when the whole 95 % interval lies on that side of the limit.
        ci95_deg: 95 % interval of the clean depth; NaN where it is unknown.
        doubt: What the movement would have to show for an answer; None where nothing is amiss.
    """

    limited: Verdict
    ci95_deg: tuple[float, float]
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class Sides:
    """Clean depth filmed from the right less that filmed from the left.

    Attributes:
        right_minus_left_deg: The difference.
        ci95_deg: Its 95 % interval.
    """

    right_minus_left_deg: float
    ci95_deg: tuple[float, float]


def screen_depth(analysis: Analysis) -> CleanDepth:
    """The clean hinge depth over all reps of a screen.

    A screen looks for the lifter's end of range, not for a fault, and its movement goes there: the
    likeliest onset counts although whether there was a tuck may be too close to call. Without any
    onset a rep that has no tuck is clean at least down to its bottom; only where there is none does
    the bottom of an unsure one stand for how far the lifter went (`screen_tuck`).
    """
    reps = [(_rep_depth(analysis, check), check.butt_wink.verdict) for check in analysis.reps]
    sure = [depth for depth, verdict in reps if depth.reached or verdict is Verdict.NO]
    depth = clean_depth(sure)
    if np.isfinite(depth.hip_flexion_deg):
        return depth
    return clean_depth([depth for depth, _ in reps])


def screen_tuck(analysis: Analysis, depth: CleanDepth) -> Verdict:
    """How sure it is that the pelvis tucked at the screen's clean depth.

    Where an onset was seen it is the surest answer of any rep. Without one it is no where some rep
    has no tuck, and else unsure: then the depth is not even an "at least".
    """
    verdicts = {check.butt_wink.verdict for check in analysis.reps}
    order = (
        (Verdict.YES, Verdict.UNSURE, Verdict.NO)
        if depth.reached
        else (Verdict.NO, Verdict.UNSURE, Verdict.YES)
    )
    return next((each for each in order if each in verdicts), Verdict.NOT_GRADEABLE)


def judge_depth(depth: CleanDepth, tuck: Verdict | None = None) -> DepthVerdict:
    """Whether a clean hinge depth is limited.

    Bent knees slacken the hamstrings: they can only make a hinge deeper, so a limited one is
    limited all the more, but a deep one says nothing. A hinge without a tuck is clean at least as
    far as it went; where no onset was seen and the tuck is unsure, how far it went tells nothing.

    Args:
        depth: What the screen found.
        tuck: How sure a tuck is (`screen_tuck`); None counts as what `depth.reached` says.
    """
    interval = interval_of(depth.hip_flexion_deg, depth.sd_deg)
    low, high = interval
    if not np.isfinite(low + high):
        return DepthVerdict(Verdict.NOT_GRADEABLE, (np.nan, np.nan), None)
    bent = depth.knee_flexion_deg > STRAIGHT_KNEE_DEG
    unclear = tuck is Verdict.UNSURE and not depth.reached
    deeper = verdict_of(interval, LIMITED_HIP_DEG)
    if deeper is Verdict.YES and not bent and not unclear:
        return DepthVerdict(Verdict.NO, interval, None)
    if deeper is Verdict.NO and depth.reached:
        return DepthVerdict(Verdict.YES, interval, None)
    if bent:
        return DepthVerdict(Verdict.UNSURE, interval, Doubt.KNEES_BENT)
    if unclear:
        return DepthVerdict(Verdict.UNSURE, interval, Doubt.TUCK_UNCLEAR)
    return DepthVerdict(Verdict.UNSURE, interval, None if depth.reached else Doubt.NOT_DEEP)


def drills_for(depth: CleanDepth) -> tuple[Drill, ...]:
    """The drills that suit a clean hinge depth, first to last; empty where nothing needs doing.

    Where the interval reaches across the limit the more likely side decides: the drills are mild,
    and the next screen tells.
    """
    limited = judge_depth(depth).limited
    likely = depth.reached and depth.hip_flexion_deg < LIMITED_HIP_DEG
    return DRILLS if limited is Verdict.YES or (limited is Verdict.UNSURE and likely) else ()


def compare_sides(right: CleanDepth, left: CleanDepth) -> Sides | None:
    """How the two films differ; None unless a tuck began in both.

    A side view sees both hips together, so this is small evidence of a difference between them.
    """
    if not (right.reached and left.reached):
        return None
    value = right.hip_flexion_deg - left.hip_flexion_deg
    interval = interval_of(value, float(np.hypot(right.sd_deg, left.sd_deg)))
    return Sides(value, interval) if np.isfinite(sum(interval)) else None


def _rep_depth(analysis: Analysis, check: RepCheck) -> CleanDepth:
    wink, time_s = check.butt_wink, analysis.track.time_s
    if wink.verdict is Verdict.NOT_GRADEABLE:
        return UNKNOWN
    reached = bool(np.isfinite(wink.onset_s))
    if wink.verdict is Verdict.YES and not reached:
        return UNKNOWN
    frame = int(np.argmin(np.abs(time_s - wink.onset_s))) if reached else check.rep.bottom
    near = np.abs(time_s - time_s[frame]) <= AROUND_S

    def mean(signal: FloatArray) -> float:
        seen = signal[near & np.isfinite(signal)]
        return float(seen.mean()) if len(seen) else np.nan

    hip = analysis.angles.hip_flexion
    return CleanDepth(
        hip_flexion_deg=mean(hip.value_deg),
        sd_deg=mean(hip.sd_deg),
        knee_flexion_deg=mean(analysis.angles.knee_flexion.value_deg),
        bar_height_cm=mean(analysis.bar.height_cm),
        reached=reached,
        time_s=float(time_s[frame]),
    )
