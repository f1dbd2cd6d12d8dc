"""Flexion that is there when the hinge starts and is held through it: rounding."""

from __future__ import annotations

import numpy as np

from hingecheck.form.bands import THRESHOLD_DEG, band_of
from hingecheck.form.filmed import DEEP, DEEP_SD, FilmedSet
from hingecheck.form.judge import Reading, Scale, judge_reps, verdict_of
from hingecheck.form.lifts import LiftConfig
from hingecheck.form.records import Code, Measure, Part, Reason, Rounding, Unit, Verdict
from hingecheck.motion.records import Angles, Rep

__all__ = ["NOT_GRADED", "measure", "measure_rounding", "measure_thoracic"]

LEAST_FRAMES = 3

MOST_TUCK_DEG = 30.0
"""What a tuck that could not be measured may have added: simulated winks have 10 to 30 degrees
(`simulate.plan`)."""

NOT_GRADED = Rounding(Verdict.NOT_GRADEABLE, np.nan, (np.nan, np.nan), None)


def measure_rounding(
    angles: Angles, rep: Rep, limits: LiftConfig, tuck_deg: float = 0.0
) -> Rounding:
    """Median lumbar flexion over the deep part of a rep against what the lift usually shows.

    From the floor the pull is looked at, before any descent. From the top, what a tuck adds
    late in the descent is taken off: what remains was there when the hinge started. A tuck that
    could not be measured may be any usual one, and the interval reaches down by as much. The
    median averages little of the model's error away, see `filmed.DEEP_SD`.

    Args:
        angles: Filtered angles.
        rep: The rep.
        limits: What is usual in its lift.
        tuck_deg: What a tuck adds in those frames (`butt_wink.late_excess`); 0 where there is
            none, NaN where none was measured.
    """
    during = slice(rep.start, (rep.top if rep.from_floor else rep.end) + 1)
    depth = angles.trunk_thigh_flexion.value_deg[during]
    lumbar = angles.lumbar_flexion.value_deg[during]
    sd = angles.lumbar_flexion.sd_deg[during]
    with np.errstate(invalid="ignore"):
        deep = (depth >= DEEP * np.nanmax(depth)) & np.isfinite(lumbar)
    if deep.sum() < LEAST_FRAMES:
        return NOT_GRADED
    late = 0.0 if rep.from_floor else tuck_deg
    unknown = MOST_TUCK_DEG if np.isnan(late) else 0.0
    value, spread = (
        float(np.median(lumbar[deep]) - np.nan_to_num(late)),
        DEEP_SD * float(np.median(sd[deep])),
    )
    interval = (value - unknown - 1.96 * spread, value + 1.96 * spread)
    # The threshold is where the first band of a departure begins.
    departure = value - limits.rounding_deg + THRESHOLD_DEG
    verdict = verdict_of(interval, limits.rounding_deg)
    return Rounding(verdict, value, interval, band_of(departure), limits.rounding_deg)


UPPER = Scale(limit=20.0, step=10.0)
"""Thoracic flexion from own standing that is told. Nothing is published for lifts; simulated backs
that keep their shape scatter by 5 degrees about 2, rounded ones have 15-35 (`simulate.plan`)."""


def measure(filmed: FilmedSet) -> list[Measure]:
    """The verdict on the lumbar spine of every rep, in the terms that all findings share."""
    measures = []
    for rep in filmed.reps:
        rounded = filmed.roundings[rep.index]
        measures.append(
            Measure(
                code=Code.ROUNDING,
                rep=rep.index,
                verdict=rounded.verdict,
                value=rounded.lumbar_flexion_deg,
                ci95=rounded.ci95_deg,
                unit=Unit.DEG,
                limit=rounded.limit_deg,
                time_s=float(filmed.time_s[filmed.lowest(rep)]),
                band=rounded.band,
                reason=rounded.reason,
            )
        )
    return measures


def measure_thoracic(filmed: FilmedSet) -> list[Measure]:
    """Median thoracic flexion from own standing over the deep part of every rep."""

    def read(rep: Rep) -> Reading | Reason:
        value, sd = filmed.deep_median(rep, filmed.angles.thoracic_flexion)
        return Reading(value, sd, filmed.lowest(rep)) if np.isfinite(value) else Reason.BACK_HIDDEN

    return judge_reps(filmed, Code.THORACIC_ROUNDING, (Part.BACK,), UPPER, read)
