"""From a number with its uncertainty to an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from hingecheck.form.filmed import FilmedSet
from hingecheck.form.records import Band, Code, Measure, Part, Reason, Unit, Verdict
from hingecheck.motion.records import Rep

__all__ = ["Reading", "Scale", "interval_of", "judge", "judge_reps", "not_graded", "verdict_of"]

Z95 = 1.96
"""Standard errors in half a 95 % interval of a normal distribution."""


def interval_of(value: float, sd: float) -> tuple[float, float]:
    """95 % interval of a value with a normal error."""
    return value - Z95 * sd, value + Z95 * sd


def verdict_of(interval: tuple[float, float], threshold: float) -> Verdict:
    """Yes or no only when the whole interval clears the threshold."""
    low, high = interval
    if not np.isfinite(low + high):
        return Verdict.NOT_GRADEABLE
    if low > threshold:
        return Verdict.YES
    return Verdict.NO if high < threshold else Verdict.UNSURE


class Scale(NamedTuple):
    """Against what a finding holds its values.

    Attributes:
        limit: Where the answer turns.
        step: How far beyond it a departure is no longer slight; twice as far it is large.
        unit: What both count in.
        below: Whether it is values below the limit that are told.
    """

    limit: float
    step: float
    unit: Unit = Unit.DEG
    below: bool = False


class Reading(NamedTuple):
    """What was measured in one rep.

    Attributes:
        value: NaN where nothing was.
        sd: One standard deviation of it.
        frame: The moment to look at.
    """

    value: float
    sd: float
    frame: int


def judge(code: Code, rep: int | None, reading: Reading, scale: Scale, time_s: float) -> Measure:
    """Compare a value with its limit; a missing value is not graded.

    Args:
        code: The question.
        rep: The rep's index; None for the set.
        reading: What was measured.
        scale: The finding's limit.
        time_s: When its frame is shown.
    """
    value, sd, _ = reading
    if not np.isfinite(value + sd):
        return not_graded(code, rep, Reason.LIMB_HIDDEN, scale, time_s)
    low, high = interval_of(value, sd)
    beyond = scale.limit - value if scale.below else value - scale.limit
    verdict = (
        verdict_of((-high, -low), -scale.limit)
        if scale.below
        else verdict_of((low, high), scale.limit)
    )
    size = Band.SLIGHT if beyond < scale.step else Band.CLEAR
    size = Band.LARGE if beyond >= 2 * scale.step else size
    return Measure(
        code=code,
        rep=rep,
        verdict=verdict,
        value=value,
        ci95=(low, high),
        unit=scale.unit,
        limit=scale.limit,
        time_s=time_s,
        band=size if beyond > 0 else Band.HELD,
    )


def judge_reps(
    filmed: FilmedSet,
    code: Code,
    parts: tuple[Part, ...],
    scale: Scale,
    read: Callable[[Rep], Reading | Reason],
) -> list[Measure]:
    """Ask one question of every rep.

    Args:
        filmed: The set.
        code: The question.
        parts: What of the lifter has to be seen for it.
        scale: The finding's limit.
        read: Measures a rep, or says why it cannot.
    """
    measures = []
    for rep in filmed.reps:
        reasons = (filmed.refused.get((rep.index, part)) for part in parts)
        answer = next((reason for reason in reasons if reason is not None), None) or read(rep)
        if isinstance(answer, Reading):
            time_s = float(filmed.time_s[answer.frame])
            measures.append(judge(code, rep.index, answer, scale, time_s))
        else:
            time_s = float(filmed.time_s[filmed.lowest(rep)])
            measures.append(not_graded(code, rep.index, answer, scale, time_s))
    return measures


def not_graded(code: Code, rep: int | None, reason: Reason, scale: Scale, time_s: float) -> Measure:
    """A question that the picture does not answer, and why."""
    return Measure(
        code=code,
        rep=rep,
        verdict=Verdict.NOT_GRADEABLE,
        value=np.nan,
        ci95=(np.nan, np.nan),
        unit=scale.unit,
        limit=scale.limit,
        time_s=time_s,
        band=None,
        reason=reason,
    )
